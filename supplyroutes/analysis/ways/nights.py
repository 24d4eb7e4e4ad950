"""Where a truck spends its nights: days of so many hours of driving, and waits by the clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Literal

WHOLE_DAY_H = 24.0
DAYLIGHT_H = 12.0
"""Hours after the morning's departure in which a truck drives; more only if its day has more."""
SLACK_H = 1e-9
"""Hours are compared with this slack, so that a sum of roundings makes no night."""

Place = Literal["town", "road", "border"]


@dataclass(frozen=True)
class Stretch:
    """A leg as the plan sees it: hours driving, at a border, held up; and those of a day."""

    drive_h: float
    border_h: float = 0.0
    delay_h: float = 0.0
    day_h: float = 9.0
    curfew_h: float = 0.0

    @property
    def most_h(self) -> float:
        """Hours that a truck drives in a day on this leg, at most."""
        return min(self.day_h, WHOLE_DAY_H - self.curfew_h)

    @property
    def dusk_h(self) -> float:
        """Hours after the start of a day at which driving ends on this leg."""
        return max(self.most_h, min(DAYLIGHT_H, WHOLE_DAY_H - self.curfew_h))


@dataclass(frozen=True)
class Night:
    """A night before the leg is begun (in its first town, or at the border), or on its road."""

    leg: int
    place: Place


def night_stops(stretches: Sequence[Stretch]) -> list[Night]:
    """Return the nights of a trip that starts with a whole day before it.

    A day starts every 24 h after the departure. Waits and delays run by the clock, so they may
    last through a night; those of a leg come before it is driven. Driving uses up the hours of the
    day, and ends at its dusk. A truck stops in the last town from which the next leg would not end
    within the day. A leg of more hours than a whole day is begun at once and has its nights on the
    road. So longer waits and delays never make an earlier arrival.

    >>> day = [Stretch(4), Stretch(6), Stretch(2, border_h=24)]
    >>> [(night.leg, night.place) for night in night_stops(day)]
    [(1, 'town'), (2, 'border')]
    """
    nights: list[Night] = []
    clock = driven = 0.0  # of this day
    for leg, stretch in enumerate(stretches):
        before: Place = "border" if stretch.border_h > 0 else "town"
        clock += stretch.border_h + stretch.delay_h
        waited = int((clock + SLACK_H) // WHOLE_DAY_H)
        nights += [Night(leg, before)] * waited
        if waited:
            clock, driven = max(0.0, clock - waited * WHOLE_DAY_H), 0.0
        most, left = stretch.most_h, stretch.drive_h
        today = max(0.0, min(most - driven, stretch.dusk_h - clock))
        if left > today + SLACK_H and (left <= most + SLACK_H or today <= SLACK_H):
            nights.append(Night(leg, before))
            clock, driven, today = 0.0, 0.0, most
        on_road = max(0, ceil((left - today) / most - SLACK_H))
        nights += [Night(leg, "road")] * on_road
        if on_road:
            left -= today + (on_road - 1) * most
            clock = driven = 0.0
        clock, driven = clock + left, driven + left
    return nights
