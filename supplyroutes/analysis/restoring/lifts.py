"""What can be lifted on a day: reports that hinder, or roads, and what each would undo."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import isfinite
from numbers import Real
from typing import Literal, NamedTuple

from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.impacts import Impact
from supplyroutes.names import nearest_names
from supplyroutes.network import Network

Wish = Literal["reports", "roads"] | Mapping[str, float]
Hinders = Callable[[Impact], bool]
"""Whether an impact counts for a measure."""


class Lift(NamedTuple):
    """A report to lift or a road to reopen; `undoes` are the places of its hindrances, as bits."""

    id: str
    kind: str
    days: float
    undoes: int


@dataclass(frozen=True)
class Choices:
    """What may be lifted, in order of id, and the hindrances of the day.

    Attributes
    ----------
    lifts
        What restores something that no other one restores in no more days.
    instead
        The others, each with the lift that undoes at least the same in no more days.
    without_effect
        What was asked for and undoes nothing on the day.
    hindrances
        The impacts in force; `reports` of each are the lifts, any of which undoes it.
    """

    lifts: tuple[Lift, ...]
    instead: Mapping[str, str]
    without_effect: tuple[str, ...]
    hindrances: tuple[Impact, ...]


def choices(
    network: Network, impacts: Sequence[Impact], wish: Wish, known: Iterable[str], hinders: Hinders
) -> Choices:
    """Return what may be lifted of the impacts of a day.

    Parameters
    ----------
    network
        The undisturbed network.
    impacts
        The impacts in force on the day.
    wish
        "reports", "roads", or days by id of a report or a road.
    known
        The ids of all reports.
    hinders
        Whether an impact counts.

    Raises
    ------
    RequestError
        The wish is none of these, or a number of days is not above zero.
    UnknownIdError
        There is no report or road of an id.
    """
    days = _days(network, [*filter(hinders, impacts)], wish, frozenset(known))
    roads = frozenset(days) & frozenset(network.topology.edge_ids)
    pieces = [piece for impact in impacts for piece in _pieces(network, impact, days, roads)]
    undone = dict.fromkeys(sorted(days), 0)
    for place, piece in enumerate(pieces):
        for name in piece.reports if hinders(piece) else ():
            undone[name] |= 1 << place
    acting = [
        Lift(name, "road" if name in roads else "report", days[name], undoes)
        for name, undoes in undone.items()
        if undoes
    ]
    instead = {lift.id: better.id for lift in acting if (better := _better(lift, acting))}
    lifts = tuple(lift for lift in acting if lift.id not in instead)
    kept = {lift.id for lift in lifts}
    return Choices(
        lifts,
        instead,
        # Of a wish in general only what acts was meant.
        ()
        if isinstance(wish, str)
        else tuple(name for name, undoes in undone.items() if not undoes),
        tuple(
            replace(piece, reports=tuple(name for name in piece.reports if name in kept))
            for piece in pieces
        ),
    )


def _days(
    network: Network, counted: Sequence[Impact], wish: Wish, known: frozenset[str]
) -> dict[str, float]:
    """Return the days that each lift takes, by id."""
    if wish == "reports":
        return {report: 1.0 for impact in counted for report in impact.reports}
    if wish == "roads":
        ids, usable = network.topology.edge_ids, network.usable
        return {ids[arc // 2]: 1.0 for impact in counted for arc in impact.arcs if usable[arc]}
    if not isinstance(wish, Mapping):
        raise RequestError(f"no lifts {wish!a}: reports, roads, or days by id")
    roads = network.topology.edge_index
    for name, days in wish.items():
        if name in known and name in roads:
            raise RequestError(f"{name!a} is a report and a road: rename one of them")
        if name not in known and name not in roads:
            kinds = [*known, *roads]
            raise UnknownIdError("report or road", name, nearest_names(name, sorted(kinds)))
        if not (isinstance(days, Real) and isfinite(days) and days > 0):
            raise RequestError(
                f"{name!a}: {days!a} days; the days of a lift are a number above zero"
            )
    return {name: float(days) for name, days in wish.items()}


def _pieces(
    network: Network, impact: Impact, days: Mapping[str, float], roads: frozenset[str]
) -> list[Impact]:
    """Return an impact cut up so that each lift undoes the whole of a piece or nothing of it.

    The reports of a piece are the lifts that undo it. Of a road that may be reopened the arcs
    are a piece of their own.
    """
    edges = network.topology.edge_ids
    reports = tuple(report for report in impact.reports if report in days)
    parts: dict[str, list[int]] = {}
    for place, arc in enumerate(impact.arcs):
        road = edges[arc // 2]
        parts.setdefault(road if road in roads else "", []).append(place)
    if set(parts) <= {""}:
        return [replace(impact, reports=reports)]
    rest = replace(_part(impact, parts.pop("", [])), reports=reports)
    return [
        *([rest] if rest.arcs or rest.nodes else []),
        *(
            replace(_part(impact, places), reports=tuple(sorted({*reports, road})), nodes=())
            for road, places in sorted(parts.items())
        ),
    ]


def _part(impact: Impact, places: Sequence[int]) -> Impact:
    """Return an impact on some of its arcs only."""
    return replace(
        impact,
        arcs=tuple(impact.arcs[place] for place in places),
        delay_h=tuple(impact.delay_h[place] for place in places),
        loss_prob=tuple(impact.loss_prob[place] for place in places),
    )


def _better(lift: Lift, lifts: Sequence[Lift]) -> Lift | None:
    """Return the lift that makes another one needless: it undoes at least the same, no slower.

    Put in its place, it brings every later moment at least as far. Of equals the first by id
    stays. Of several, the one that undoes most; it is not needless itself.
    """
    found = [
        other
        for other in lifts
        if other.id != lift.id and other.undoes & lift.undoes == lift.undoes
        if other.days <= lift.days
        if (other.undoes, other.days) != (lift.undoes, lift.days) or other.id < lift.id
    ]
    return min(
        found, key=lambda other: (-other.undoes.bit_count(), other.days, other.id), default=None
    )
