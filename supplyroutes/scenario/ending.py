"""Reports that end together: what a truce, or the end of a siege of a corridor, leaves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from supplyroutes.dates import ONE_DAY
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.names import name_key, nearest_names
from supplyroutes.network import Network
from supplyroutes.report_checks import report_from
from supplyroutes.reported import Report, moved_report, unlinked
from supplyroutes.scenario.model import Ending
from supplyroutes.schema import table_schema


def fits(ending: Ending, report: Report) -> bool:
    """Tell whether a report is among those that end: of the kinds, actors and corridors named."""
    return (
        (not ending.kinds or report.kind in ending.kinds)
        and (not ending.actors or name_key(report.actor) in set(map(name_key, ending.actors)))
        and (not ending.corridors or not set(ending.corridors).isdisjoint(report.corridor))
    )


def check_ending(ending: Ending, network: Network, reports: Iterable[Report]) -> None:
    """Refuse kinds, actors and corridors that are not there.

    Raises
    ------
    RequestError
        Everything that is named and not there, with the nearest names.
    """
    kinds = next(column.choices for column in table_schema("events") if column.name == "kind")
    actors = sorted({report.actor for report in reports} - {""})
    corridors = network.tables.corridors.columns["corridor"]
    wrong = [
        *_unknown("kind", ending.kinds, kinds),
        *_unknown("actor", ending.actors, actors),
        *_unknown("corridor", ending.corridors, corridors),
    ]
    if wrong:
        raise RequestError("; ".join(wrong))


def _unknown(word: str, asked: Iterable[str], known: Sequence[str]) -> Iterator[str]:
    """Yield a line for each name that is not known; actors may be written in any spelling."""
    there = {name_key(name) for name in known} if word == "actor" else set(known)
    for name in asked:
        if (name_key(name) if word == "actor" else name) not in there:
            near = nearest_names(name, known)
            told = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
            yield f"no report has the {word} {name!a}; {told}"


def ended(reports: Mapping[str, Report], endings: Sequence[Ending]) -> dict[str, Report]:
    """Return reports with those that end together brought to an end.

    Those that began before the day are ended by one report more, so that the days before stay as
    they were, and nothing that they did lingers; those that begin on it or later never happen.

    Parameters
    ----------
    reports
        The reports by id.
    endings
        The ends, each with its day and what it ends.
    """
    those = [
        (ending, [report for report in reports.values() if fits(ending, report)])
        for ending in endings
    ]
    never = {report.event for ending, hit in those for report in hit if report.start >= ending.on}
    left = {name: unlinked(report, never) for name, report in reports.items() if name not in never}
    for number, (ending, hit) in enumerate(those, 1):
        before = sorted({report.event for report in hit} - never)
        if before:
            name = _free(f"WHATIF-END{number}", left)
            left[name] = _end_of(name, ending, before)
    return left


def _free(name: str, taken: Mapping[str, Report]) -> str:
    """Return an id that no report has."""
    while name in taken:
        name += "-"
    return name


def _end_of(name: str, ending: Ending, ends: Sequence[str]) -> Report:
    """Return the report that ends others; by itself it says nothing of any road."""
    told = [*ending.kinds, *ending.actors, *ending.corridors]
    return report_from(
        {
            "event": name,
            "start": ending.on,
            "end_status": "no_end_expected",
            "ends": tuple(ends),
            "kind": "easing_negotiated",
            "basis": "none",
            "scope": "country",
            "confidence": "D",
            "text": f"What-if: reports of {', '.join(told)} end.",
            "source": "assumption: what-if",
        }
    )


def ended_reports(events: Events, endings: Sequence[Ending]) -> dict[str, Report | None]:
    """Return how the reports in force that end together stand after it, by id.

    Parameters
    ----------
    events
        The reports before.
    endings
        The ends.

    Returns
    -------
    ended
        The report with its last day; None for one that never happens.
    """
    found: dict[str, Report | None] = {}
    for ending in sorted(endings, key=lambda ending: ending.on):
        in_force = events.between(ending.on, ending.on)
        for report in events:
            if report.event in found or not fits(ending, report):
                continue
            if report.start >= ending.on:
                found[report.event] = None
            elif report.event in in_force:
                found[report.event] = moved_report(report, end=ending.on - ONE_DAY)
    return found
