"""What is wrong with reports: each by itself, and all of them together."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Any

from supplyroutes.errors import DataError, Problem
from supplyroutes.names import Hints
from supplyroutes.reported import Report
from supplyroutes.schema import Table, checked_row


def report_from(values: Mapping[str, Any]) -> Report:
    """Return the report that a dict of columns describes, checked like a row of the file."""
    (report,) = checked_reports([values])
    return report


def checked_reports(given: Iterable[Report | Mapping[str, Any]]) -> list[Report]:
    """Return reports given in Python as they would have been read from a file.

    Raises
    ------
    DataError
        Everything that is wrong with each of them by itself.
    """
    reports, problems = [], []
    for one in given:
        values = _values(one) if isinstance(one, Report) else one
        file = f"event {values.get('event', '(no id)')}"
        row, wrong = checked_row(values, "events", file=file)
        reports.append(Report(**row))
        problems += wrong
        problems += _own_problems(reports[-1], file, {problem.column for problem in wrong})
    if problems:
        raise DataError(problems)
    return reports


def _values(report: Report) -> dict[str, Any]:
    """Return the columns of a report."""
    return {name: getattr(report, name) for name in Report.__slots__}


def in_order(reports: Iterable[Report]) -> tuple[Report, ...]:
    """Return reports in order of id, checked together."""
    found = tuple(sorted(reports, key=lambda report: report.event))
    problems = _problems(found)
    if problems:
        raise DataError(problems)
    return found


def _problems(reports: Sequence[Report]) -> list[Problem]:
    """Return what is wrong with reports taken together."""
    problems = []
    known: dict[str, Report] = {}
    near = Hints()
    for report in reports:
        if report.event in known:
            message = "the id is taken by another report; give each its own"
            problems.append(Problem("events", None, report.event, message))
        known[report.event] = report
    for report in reports:
        problems += _own_problems(report, f"event {report.event}", ())
        problems += _link_problems(report, known, near)
    return problems


def report_problems(table: Table) -> list[Problem]:
    """Return everything that is wrong with an `events` table, a draft included.

    Of what could not be read nothing more is said than that: a row of too few cells is left
    alone, and so is a check that rests on a cell that was refused.
    """
    wrong: dict[int | None, set[str | None]] = {}
    for problem in table.problems:
        wrong.setdefault(problem.row, set()).add(problem.column)
    names = table.columns.items()
    reports = {
        row: Report(**{name: values[row] for name, values in names}) for row in range(len(table))
    }
    known = {report.event: report for report in reversed(reports.values())}  # the first of an id
    problems, near = list(table.problems), Hints()
    header = wrong.get(1, set())
    for row, report in reports.items():
        refused = wrong.get(table.line(row), set()) | header
        if None in refused:
            continue
        own = _own_problems(report, "", refused)
        problems += [
            table.problem(row, problem.column, problem.message)
            for problem in (*own, *_link_problems(report, known, near))
        ]
    return problems


def _own_problems(report: Report, file: str, refused: Container[str | None]) -> list[Problem]:
    """Return what is wrong with one report by itself, but for columns refused already."""
    return [
        Problem(file, None, columns[0], message)
        for columns, message in _faults(report)
        if not any(column in refused for column in columns)
    ]


_AREA = ("radius_km", "lat", "lon")
_TANKERS = ("tankers_best", "tankers_low", "tankers_high")
_ALONG_ROADS = ("edges", "corridor", "nodes")
_PLACES = {
    "point": ("nodes", "edges"),
    "segment": _ALONG_ROADS,
    "border": _ALONG_ROADS,
    "corridor": _ALONG_ROADS,
}
"""Columns that tell the place of a report of each scope that is finer than a region."""


def _faults(report: Report) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield what a report says against itself: columns that it rests on, and a message."""
    days = [day for day in (report.start, report.end) if day is not None]
    if days != sorted(days):
        yield ("end", "start"), f"{report.end} lies before the start {report.start}"
    if report.retracted_on is not None and report.status != "retracted":
        yield ("retracted_on", "status"), f"the report is {report.status}, not retracted"
    area = [getattr(report, column) for column in _AREA]
    if any(value is not None for value in area) and None in area:
        yield _AREA, "an area needs lat, lon and radius_km together"
    if report.scope == "area" and report.radius_km is None:
        yield ("scope", *_AREA), "an area needs lat, lon and radius_km"
    if report.scope == "region" and not (report.region or report.edges):
        yield ("region", "edges"), "a report of a region names it, as in admin1 of the towns"
    places = _PLACES.get(report.scope)
    if places and not any(getattr(report, column) for column in places) and None in area:
        message = (
            f"a report of a {report.scope} names its place: give {', '.join(places)}, or lat, lon "
            "and radius_km; one of no known place has the scope country"
        )
        yield ("scope", *places, *_AREA), message
    if report.kind == "terminal_out" and not report.nodes:
        yield ("nodes", "kind"), "a terminal that is out is a town that fuel comes from: name it"
    tankers = [
        count
        for count in (report.tankers_low, report.tankers_best, report.tankers_high)
        if count is not None
    ]
    if tankers != sorted(tankers):
        yield _TANKERS, "low, best and high must not fall"


def _link_problems(report: Report, known: Mapping[str, Report], near: Hints) -> list[Problem]:
    """Return what is wrong with the events that a report ends, amends or enforces."""
    problems = []
    for column in ("ends", "amends", "enforces"):
        for other in getattr(report, column) or ():
            found = known.get(other)
            if found is None:
                message = f"no event has the id {other!a}{near(other, known)}"
            elif other == report.event:
                message = "a report cannot name itself"
            elif None not in (found.start, report.start) and found.start > report.start:
                message = f"{other} starts later, on {found.start}"
            else:
                continue
            problems.append(Problem(f"event {report.event}", None, column, message))
    return problems
