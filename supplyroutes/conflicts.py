"""Reports that contradict each other: one closes a place on a day on which another opens it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, islice

from supplyroutes.commodities import covers
from supplyroutes.dates import FOREVER, ONE_DAY, later
from supplyroutes.events import OPENINGS, Events, Report
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer

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
    """

    closing: str
    opening: str
    place: str
    day: date
    until: date | None

    def __str__(self) -> str:
        """Return the contradiction in words."""
        return (
            f"{self.closing} and {self.opening} contradict each other on {self.day}: one closes "
            f"{self.place}, the other opens it; the closure counts"
        )

    def holds_on(self, day: date) -> bool:
        """Tell whether both reports hold on a day."""
        return self.day <= day <= (self.until or FOREVER)


def contradictions(network: Network, events: Events) -> tuple[Contradiction, ...]:
    """Return the reports that contradict each other, in order of id.

    One report closes roads (its reading is "cut", or its impact rule closes); another, not
    linked to it by `ends` or `amends`, says on one of the same days that one of these roads is
    open, in the same direction and for the same commodity or a part of it. Towns, areas and
    corridors stand for their roads. In the state of the day the closing report wins; both stay
    among the reports.

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
    >>> network, events = sr.datasets.toy()
    >>> opened = {"event": "X", "kind": "road_reopened", "basis": "reported", "start": "2025-01-11",
    ...           "scope": "point", "nodes": "north", "confidence": "B", "text": "Cars pass.",
    ...           "source": "assumption"}
    >>> (pair,) = sr.contradictions(network, events.adding(opened))
    >>> pair.closing, pair.opening, pair.place, str(pair.day)
    ('T1', 'X', 'port--north', '2025-01-11')
    """
    pairs = islice(_pairs(Gazetteer(network), events), MOST_PAIRS)
    return tuple(sorted(pairs, key=lambda pair: (pair.closing, pair.opening)))


@dataclass(frozen=True, slots=True)
class _Closures:
    """The closures of one arc by first day, and the last day of any so far."""

    reports: list[tuple[date, date, Report]]
    longest: list[date]

    @classmethod
    def of(cls, reports: list[tuple[date, date, Report]]) -> _Closures:
        """Return the closures in order."""
        reports.sort(key=lambda entry: (entry[0], entry[2].event))
        return cls(reports, list(accumulate((last for _, last, _ in reports), max)))

    def on(self, start: date, last: date) -> Iterator[tuple[date, date, Report]]:
        """Yield the closures that hold on any day from `start` to `last`."""
        place = bisect_right(self.reports, last, key=lambda entry: entry[0]) - 1
        while place >= 0 and self.longest[place] >= start:
            if self.reports[place][1] >= start:
                yield self.reports[place]
            place -= 1


def _pairs(places: Gazetteer, events: Events) -> Iterator[Contradiction]:
    """Yield the pairs, those of one opening together."""
    found: dict[int, list[tuple[date, date, Report]]] = {}
    standing = [report for report in events if report.status != "retracted"]
    for report in standing:
        last = _last_closed(report, events)
        if last is not None and report.start <= last:
            for arc in places.directed(places.stretch(report), report):
                found.setdefault(arc, []).append((report.start, last, report))
    closures = {arc: _Closures.of(reports) for arc, reports in found.items()}
    for report in standing if closures else ():
        if report.reading == "open" or (report.reading is None and report.kind in OPENINGS):
            arcs = places.directed(places.stretch(report), report)
            yield from _against(report, sorted(arcs), closures, places)


def _last_closed(report: Report, events: Events) -> date | None:
    """Return the last day on which a report closes its place; None if it closes nothing."""
    rules = events.rules.matching(report.kind, report.basis, report.scope, report.commodity)
    closes = [
        rule
        for rule in rules
        if rule.phase == "during" and rule.status == "closed" and rule.hits != "supply"
    ]
    if report.kind in OPENINGS or not (closes or report.reading == "cut"):
        return None
    last = report.end or FOREVER
    if report.end is None and report.end_status == "end_not_found":
        days = [rule.duration_days_best for rule in closes]
        last = max((later(report.start, most) for most in days), default=report.start + ONE_DAY)
        last -= ONE_DAY
    cut = events.cut_on.get(report.event)
    return last if cut is None else min(last, cut - ONE_DAY)


def _against(
    opening: Report, arcs: list[int], closures: dict[int, _Closures], places: Gazetteer
) -> Iterator[Contradiction]:
    """Yield the closures that an opening contradicts, each once."""
    seen = {opening.event, *opening.ends, *opening.amends}
    last = opening.end or opening.start
    for arc in arcs:
        for start, until, closing in (
            closures[arc].on(opening.start, last) if arc in closures else ()
        ):
            if closing.event in seen:
                continue
            seen.add(closing.event)
            if opening.event not in closing.amends and _of_one_cargo(closing, opening):
                yield Contradiction(
                    closing.event,
                    opening.event,
                    places.network.topology.edge_ids[arc // 2],
                    max(start, opening.start),
                    None if min(until, last) == FOREVER else min(until, last),
                )


def _of_one_cargo(one: Report, two: Report) -> bool:
    """Tell whether two reports are about one commodity, or one about a part of the other's."""
    return covers(one.commodity, two.commodity) or covers(two.commodity, one.commodity)
