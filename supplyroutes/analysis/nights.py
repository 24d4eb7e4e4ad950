"""Where a truck spends its nights: days of so many hours on the road, and waits at borders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

NIGHT_H = 24.0
"""A wait of so many hours moves a truck to the same hour of the next day."""
SLACK_H = 1e-9
"""Hours are compared with this slack, so that a sum of roundings makes no night."""

Place = Literal["town", "road", "border"]


@dataclass(frozen=True)
class Stretch:
    """A leg as the plan sees it: hours moving, hours at a border, and hours of a day to move in."""

    moving_h: float
    border_h: float
    day_h: float


@dataclass(frozen=True)
class Night:
    """A night before the leg is begun (in its first town, or at the border), or on its road."""

    leg: int
    place: Place


def night_stops(stretches: Sequence[Stretch]) -> list[Night]:
    """Return the nights of a trip that starts with a whole day before it.

    A truck stops in the last town from which the next leg would not end within the hours of the
    day. A leg of more hours than a whole day is begun at once and has its nights on the road. Each
    whole 24 h at a border are one night there; hours beyond them are hours of the day.

    >>> day = [Stretch(4, 0, 9), Stretch(6, 0, 9), Stretch(2, 24, 9)]
    >>> [(night.leg, night.place) for night in night_stops(day)]
    [(1, 'town'), (2, 'border')]
    """
    nights: list[Night] = []
    today = 0.0
    for leg, stretch in enumerate(stretches):
        at_border, rest = divmod(stretch.border_h, NIGHT_H)
        most = stretch.day_h + SLACK_H
        needed = stretch.moving_h + rest
        if today > 0 and today + needed > most and (needed <= most or today >= stretch.day_h):
            nights.append(Night(leg, "town"))
            today = 0.0
        nights += [Night(leg, "border")] * int(at_border)
        while today + needed > most:
            nights.append(Night(leg, "road"))
            needed -= stretch.day_h - today
            today = 0.0
        today += needed
    return nights
