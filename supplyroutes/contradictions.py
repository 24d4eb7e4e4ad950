"""Reports that contradict each other: one closes a place on a day on which another opens it."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from supplyroutes.dates import FOREVER, ONE_DAY, later
from supplyroutes.events import OPENINGS, Events, Report


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two reports of one place: one closes it on a day on which the other says it is open."""

    closing: str
    opening: str
    place: str
    day: date


def contradictions(events: Events) -> tuple[Contradiction, ...]:
    """Return the reports that contradict each other, in order of place and id.

    One report closes a road or corridor (its reading is "cut", or its impact rule closes);
    another, not linked to it by `ends` or `amends`, says on one of the same days that it is
    open. An opening told of a corridor without roads or towns speaks of all its roads. In
    the state of the day the closing report wins; both stay among the reports.

    Parameters
    ----------
    events
        The events.

    Returns
    -------
    pairs
        One entry a pair and place, with the first day on which both hold.
    """
    closing: dict[str, list[tuple[date, date, str]]] = {}
    for report in _standing(events):
        last = _last_closed(report, events)
        if last is not None and report.start <= last:
            for place in {*report.edges, *report.corridor}:
                closing.setdefault(place, []).append((report.start, last, report.event))
    found: list[Contradiction] = []
    for entries in closing.values():
        entries.sort()
    for report in _standing(events):
        if report.reading == "open" or (report.reading is None and report.kind in OPENINGS):
            wide = not (report.edges or report.nodes or report.radius_km)
            for place in report.edges or (report.corridor if wide else ()):
                found += _against(report, place, closing.get(place, []), events)
    return tuple(sorted(found, key=lambda pair: (pair.place, pair.closing, pair.opening)))


def _standing(events: Events) -> Iterator[Report]:
    """Yield the reports that are not retracted."""
    return (report for report in events if report.status != "retracted")


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
    opening: Report, place: str, closing: Sequence[tuple[date, date, str]], events: Events
) -> Iterator[Contradiction]:
    """Yield the closures of a place that an opening contradicts."""
    last = opening.end or opening.start
    here = bisect_right(closing, last, key=lambda entry: entry[0])
    for start, until, event in closing[:here]:
        other = events[event]
        linked = event in (*opening.ends, *opening.amends) or opening.event in other.amends
        if until >= opening.start and event != opening.event and not linked:
            yield Contradiction(event, opening.event, place, max(start, opening.start))
