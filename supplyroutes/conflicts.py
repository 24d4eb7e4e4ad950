"""Reports that contradict each other: one closes a place on a day on which another opens it."""

from __future__ import annotations

import warnings
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, islice

from supplyroutes.commodities import COMMODITIES, covers
from supplyroutes.dates import FOREVER, ONE_DAY
from supplyroutes.errors import SHOWN_PROBLEMS, DataWarning
from supplyroutes.events import Events
from supplyroutes.impacts import carried_by, closures_of
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.reported import OPENINGS, Report

MOST_PAIRS = 1_000
"""A file of reports at random has pairs without end; nobody reads more than these."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two reports of one road: one closes it while the other says that it is open.

    Attributes
    ----------
    closing, opening
        Ids of the two reports.
    place
        Id of the road; the first by id if they share several.
    day
        The first day on which both hold.
    until
        The last; None if neither has an end.
    closed_for
        The commodities for which the closing report closes the road in the state of the day; none
        if it is of passenger vehicles, or only a reading as "cut", which is evidence.
    """

    closing: str
    opening: str
    place: str
    day: date
    until: date | None
    closed_for: tuple[str, ...]

    def __str__(self) -> str:
        """Return the contradiction in words."""
        counts = "the closure counts" if self.closed_for else "no rule closes it to trucks"
        if self.closed_for and self.closed_for != COMMODITIES:
            counts += f" for {self.closed_for[0]}"
        return (
            f"{self.closing} and {self.opening} contradict each other on {self.day}: one closes "
            f"{self.place}, the other opens it; {counts}"
        )

    def holds_on(self, day: date) -> bool:
        """Tell whether both reports hold on a day."""
        return self.day <= day <= (self.until or FOREVER)


def contradictions(network: Network, events: Events) -> tuple[Contradiction, ...]:
    """Return the reports that contradict each other, in order of id.

    One report closes roads (those that its impact rule closes, or all that it names if only its
    reading is "cut"); another, not linked to it by `ends` or `amends`, says on one of the same
    days that one of these roads is open, in the same direction and for the same commodity and
    vehicles or a part of them. Towns, areas and corridors stand for their roads. In the state of
    the day a report that closes wins, for what it closes (`closed_for`); both stay among the
    reports.

    Parameters
    ----------
    network
        The network, which tells the roads of a town, an area or a corridor.
    events
        The events; every place that they name must be there.

    Returns
    -------
    pairs
        One entry a pair, with a road and the days; at most the first 1,000.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.conflicts import contradictions
    >>> network, events = sr.datasets.toy()
    >>> opened = {"event": "X", "kind": "road_reopened", "basis": "reported", "start": "2025-01-11",
    ...           "scope": "point", "nodes": "north", "confidence": "B", "text": "Cars pass.",
    ...           "source": "assumption"}
    >>> (pair,) = contradictions(network, events.adding(opened))
    >>> pair.closing, pair.opening, pair.place, str(pair.day)
    ('T1', 'X', 'port--north', '2025-01-11')
    """
    pairs = islice(_pairs(Gazetteer(network), events), MOST_PAIRS)
    return tuple(sorted(pairs, key=lambda pair: (pair.closing, pair.opening)))


def warn_of_contradictions(network: Network, events: Events) -> None:
    """Warn (`DataWarning`) of reports that contradict each other, the first twenty one by one."""
    pairs = contradictions(network, events)
    lines = [str(pair) for pair in pairs[:SHOWN_PROBLEMS]]
    if len(pairs) > len(lines):
        lines.append(f"... and {len(pairs) - len(lines)} more pairs of reports, or more")
    for told in lines:
        warnings.warn(told, DataWarning, stacklevel=3)


@dataclass(frozen=True, slots=True)
class _Closure:
    """What one report closes, from `start` to `last`; by a rule, or only by its reading."""

    report: Report
    start: date
    last: date
    by_rule: bool


@dataclass(frozen=True, slots=True)
class _Closures:
    """The closures of one arc, commodity and vehicle by first day, and the last of any so far."""

    entries: list[_Closure]
    longest: list[date]

    @classmethod
    def of(cls, entries: list[_Closure]) -> _Closures:
        """Return the closures in order."""
        entries.sort(key=lambda entry: (entry.start, entry.report.event))
        return cls(entries, list(accumulate((entry.last for entry in entries), max)))

    def on(self, start: date, last: date) -> Iterator[_Closure]:
        """Yield the closures that hold on any day from `start` to `last`."""
        place = bisect_right(self.entries, last, key=lambda entry: entry.start) - 1
        while place >= 0 and self.longest[place] >= start:
            if self.entries[place].last >= start:
                yield self.entries[place]
            place -= 1


_Cargo = tuple[str, str]
"""Commodity and vehicle."""


def _pairs(places: Gazetteer, events: Events) -> Iterator[Contradiction]:
    """Yield the pairs, those of one opening together."""
    found: dict[int, dict[_Cargo, list[_Closure]]] = {}
    for closure, arcs in _closures(places, events):
        cargo = (closure.report.commodity, closure.report.vehicle)
        for arc in arcs:
            found.setdefault(arc, {}).setdefault(cargo, []).append(closure)
    closed = {
        arc: {cargo: _Closures.of(entries) for cargo, entries in cargoes.items()}
        for arc, cargoes in found.items()
    }
    for report in events if closed else ():
        opens = report.reading == "open" or (report.reading is None and report.kind in OPENINGS)
        if opens and report.status != "retracted":
            arcs = places.directed(places.stretch(report), report)
            yield from _against(report, sorted(arcs), closed, places)


def _closures(places: Gazetteer, events: Events) -> Iterator[tuple[_Closure, Iterable[int]]]:
    """Yield what reports close, with the arcs: by a rule, else by a reading as "cut"."""
    for report in events:
        if report.status == "retracted" or report.kind in OPENINGS:
            continue
        by_rule = list(closures_of(places, events, report))
        for impact in by_rule:
            yield _Closure(report, impact.start, impact.end - ONE_DAY, by_rule=True), impact.arcs
        if report.reading == "cut" and not by_rule:
            last = min(_last_cut(report), events.cut_on.get(report.event, FOREVER) - ONE_DAY)
            if report.start <= last:
                arcs = places.directed(places.stretch(report), report)
                yield _Closure(report, report.start, last, by_rule=False), arcs


def _last_cut(report: Report) -> date:
    """Return the last day of a reading; one day if its end was not found, for no rule tells."""
    if report.end is None and report.end_status == "end_not_found":
        return report.start
    return report.end or FOREVER


def _against(
    opening: Report,
    arcs: list[int],
    closed: Mapping[int, Mapping[_Cargo, _Closures]],
    places: Gazetteer,
) -> Iterator[Contradiction]:
    """Yield the closures that an opening contradicts, each once."""
    seen = {opening.event, *opening.ends, *opening.amends}
    last = opening.end or opening.start
    for arc in arcs:
        for closure in _of_one_cargo(closed.get(arc, {}), opening, last):
            closing = closure.report
            if closing.event in seen:
                continue
            seen.add(closing.event)
            if opening.event not in closing.amends:
                until = min(closure.last, last)
                yield Contradiction(
                    closing.event,
                    opening.event,
                    places.network.topology.edge_ids[arc // 2],
                    max(closure.start, opening.start),
                    None if until >= FOREVER - ONE_DAY else until,
                    carried_by(closing) if closure.by_rule else (),
                )


def _of_one_cargo(
    cargoes: Mapping[_Cargo, _Closures], opening: Report, last: date
) -> Iterator[_Closure]:
    """Yield the closures on the days of an opening of which one is about a part of the other's."""
    for (commodity, vehicle), closures in cargoes.items():
        if _share(commodity, opening.commodity) and _share(vehicle, opening.vehicle):
            yield from closures.on(opening.start, last)


def _share(one: str, two: str) -> bool:
    """Tell whether two commodities or vehicles are one, or one is a part of the other."""
    return covers(one, two) or covers(two, one)
