"""Events: what was reported, apart from what we assume it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplyroutes.cells import format_value
from supplyroutes.dates import FOREVER, ONE_DAY, as_day
from supplyroutes.errors import DataError, Problem, RequestError, UnknownIdError
from supplyroutes.names import Hints, hint, nearest_names
from supplyroutes.rules import Rules
from supplyroutes.schema import Table, table_from_cells, table_schema

if TYPE_CHECKING:
    import pandas as pd


OPENINGS = frozenset({"road_reopened", "bridge_repaired", "border_reopening", "carrier_resumption"})
TELL_OPEN = OPENINGS | {"road_checked"}
"""Kinds that tell of a road that it is open."""


@dataclass(frozen=True, slots=True)
class Report:
    """One row of the events table: see ``supplyroutes/schema/events.csv``.

    Numbers, days and ids that were not told are None, texts are empty, lists are empty tuples.

    Attributes
    ----------
    event
        Stable id of the report.
    start
        First day.
    end
        Last day, inclusive; None: see end_status.
    end_status
        What is known of the end.
    date_precision
        How exact the dates are.
    reported_on
        Day on which the report was published; a month counts as its last day; None: the start.
    end_reported_on
        Day on which the end became known; None: the day after the end.
    incident
        Reports of one incident share this id and count once; None: the event itself.
    ends
        Events that this report ends.
    amends
        Events whose effect this report replaces from its start.
    enforces
        Declarations that this report shows to be enforced.
    kind
        What happened.
    basis
        Whether an effect on roads was reported; only declared; assumed by the coder; or none.
    actor
        Who did it.
    target
        Against whom or what.
    commodity
        What it hits.
    vehicle
        Whose vehicles it hits.
    direction
        Inbound: towards the corridor's destination, into a town, or from u to v of a road.
    scope
        How finely the place is known.
    nodes
        Towns hit.
    edges
        Roads hit, in order.
    corridor
        Corridors that the place lies on.
    region
        Region or country hit, by any name that the towns or ``regions.csv`` give it.
    lat, lon
        Centre of the area hit, in degrees.
    radius_km
        Radius of the area hit, in km.
    spot_known
        True if every road listed is itself blocked; false: one unknown spot on the stretch.
    delay_h
        Delay told, in hours; None: as the impact rule says.
    curfew_h
        Hours of each day without movement told; None: as the impact rule says.
    reading
        The coder's reading of the effect: evidence; no impact follows from it.
    reading_note
        What the reading rests on.
    tankers_low, tankers_best, tankers_high
        Tankers lost: fewest, best estimate, most.
    convoy_size
        Tankers in the convoy.
    killed
        People reported killed.
    status
        A retracted report stays on file and has no effect.
    confidence
        A: several independent or a first-rank source, D: one party's claim.
    text
        What was reported in our own words.
    source
        Title and site, or the word assumption.
    source_url
        Address of the source.
    other_sources
        Further sources.
    conflict_note
        Where sources disagree.
    seed
        True if a report coded in seeds/ tells it.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> _, events = sr.datasets.toy()
    >>> report = events["T1"]
    >>> report.kind, report.edges, str(report.end)
    ('road_closed', ('port--north',), '2025-01-14')
    >>> str(report.end_known_on)
    '2025-01-15'
    """

    event: str
    start: date
    end: date | None
    end_status: str
    date_precision: str
    reported_on: date | None
    end_reported_on: date | None
    incident: str | None
    ends: tuple[str, ...]
    amends: tuple[str, ...]
    enforces: tuple[str, ...]
    kind: str
    basis: str
    actor: str
    target: str
    commodity: str
    vehicle: str
    direction: str
    scope: str
    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    corridor: tuple[str, ...]
    region: str
    lat: float | None
    lon: float | None
    radius_km: float | None
    spot_known: bool
    delay_h: float | None
    curfew_h: float | None
    reading: str | None
    reading_note: str
    tankers_low: int | None
    tankers_best: int | None
    tankers_high: int | None
    convoy_size: int | None
    killed: int | None
    status: str
    confidence: str
    text: str
    source: str
    source_url: str
    other_sources: str
    conflict_note: str
    seed: bool

    @property
    def known_on(self) -> date:
        """The day from which the report was known."""
        return self.reported_on or self.start

    @property
    def end_known_on(self) -> date | None:
        """The day from which the end was known; None if there is no recorded end."""
        if self.end is None:
            return None
        return self.end_reported_on or self.end + ONE_DAY

    def as_known_on(self, day: date) -> Report:
        """Return the report as it stood on `day`: an end not yet known is open.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        report
            The same report if its end was known by then or is not recorded; else a copy without it.
        """
        known = self.end_known_on
        if known is None or known <= day:
            return self
        still_on = self.end is not None and day <= self.end
        status = "open_at_last_report" if still_on else "end_not_found"
        return replace(self, end=None, end_reported_on=None, end_status=status)


class Events:
    """Reports of what happened, and the impact rules that read them; immutable.

    Parameters
    ----------
    reports
        The reports, in any order.
    rules
        The impact rules.

    Raises
    ------
    DataError
        An end lies before its start, two reports share an id, or a report names an event
        that is not there.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> _, events = sr.datasets.toy()
    >>> events
    <Events: 3 reports from 2025-01-10 to 2025-01-13>
    >>> [report.event for report in events.known_by("2025-01-12")]
    ['T1', 'T2']
    >>> len(events.without("T1")), str(events.moving("T1", days=1)["T1"].start)
    (2, '2025-01-11')
    """

    def __init__(self, reports: Iterable[Report], rules: Rules) -> None:
        self._reports = tuple(sorted(reports, key=lambda report: report.event))
        self._rules = rules
        problems = _problems(self._reports)
        if problems:
            raise DataError(problems)

    @classmethod
    def from_table(cls, table: Table, rules: Rules) -> Events:
        """Return the events of a checked `events` table; problems name its rows.

        Parameters
        ----------
        table
            A checked `events` table.
        rules
            The impact rules.

        Returns
        -------
        events
            The events.

        Raises
        ------
        DataError
            A report is not valid by itself, or names an event that it cannot name.
        """
        problems = report_problems(table)
        if problems:
            raise DataError(problems)
        reports = [Report(**row) for row in table.rows()]
        return cls(reports, rules)

    def __iter__(self) -> Iterator[Report]:
        """Yield the reports in order of id."""
        return iter(self._reports)

    def __len__(self) -> int:
        """Return the number of reports."""
        return len(self._reports)

    def __eq__(self, other: object) -> bool:
        """Tell whether two sets of events hold the same reports and rules."""
        if not isinstance(other, Events):
            return NotImplemented
        return self._reports == other._reports and self._rules == other._rules

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return a line that says what these events are."""
        if not self._reports:
            return "<Events: none>"
        first = min(report.start for report in self._reports)
        last = max(report.start for report in self._reports)
        return f"<Events: {len(self)} reports from {first} to {last}>"

    def __getitem__(self, event: str) -> Report:
        """Return the report of that id."""
        if event not in self._by_id:
            raise UnknownIdError("event", event, nearest_names(event, self._by_id))
        return self._by_id[event]

    def __contains__(self, event: object) -> bool:
        """Tell whether there is a report of that id."""
        return event in self._by_id

    @cached_property
    def _by_id(self) -> dict[str, Report]:
        """The reports by id."""
        return {report.event: report for report in self._reports}

    @cached_property
    def cut_on(self) -> dict[str, date]:
        """The first day on which each report that another ends or amends was cut."""
        cut: dict[str, date] = {}
        for report in self._reports:
            if report.status != "retracted":
                for other in (*report.ends, *report.amends):
                    cut[other] = min(report.start, cut.get(other, report.start))
        return cut

    @property
    def rules(self) -> Rules:
        """The impact rules that read these reports."""
        return self._rules

    @property
    def reports(self) -> pd.DataFrame:
        """The reports as a table (index `event`)."""
        import pandas as pd

        names = [entry.name for entry in fields(Report)]
        rows = [[getattr(report, name) for name in names] for report in self._reports]
        return pd.DataFrame(rows, columns=names).set_index("event")

    # --- views and what-ifs: each returns new events ---------------------------------------

    def known_by(self, day: str | date) -> Events:
        """Return the events as they were known on a day.

        Reports published later are out; an end that became known later is open. An end
        without a source of its own is known from the day after it; a report dated to a
        month is known from the month's last day.

        Parameters
        ----------
        day
            The day, as YYYY-MM-DD or `datetime.date`.

        Returns
        -------
        events
            The events known on that day, with the same impact rules.

        Raises
        ------
        RequestError
            The day is not a date.
        """
        when = as_day(day)
        known = [report.as_known_on(when) for report in self if report.known_on <= when]
        return self._of(known)

    def between(self, start: str | date, end: str | date) -> Events:
        """Return the reports whose days touch the days from `start` to `end`.

        The days of a report stop where another report ends or amends it.

        Parameters
        ----------
        start, end
            First and last day, both included.

        Returns
        -------
        events
            Those reports, with the days that they had; one whose end is not known goes on.

        Raises
        ------
        RequestError
            A day is not a date.
        """
        first, last = as_day(start), as_day(end)
        return self._of(
            report
            for report in self
            if report.start <= last
            and (report.end is None or report.end >= first)
            and self.cut_on.get(report.event, FOREVER) > first
        )

    def without(self, *events: str) -> Events:
        """Return the events without the named reports.

        Parameters
        ----------
        *events
            Ids of the reports to leave out.

        Returns
        -------
        events
            The events that are left; their links to the reports left out are let go.

        Raises
        ------
        UnknownIdError
            There is no report of that id.
        """
        gone = {self[event].event for event in events}
        return self._of(report for report in self if report.event not in gone)

    def adding(self, *reports: Report | Mapping[str, Any]) -> Events:
        """Return the events with more reports, given as `Report` or as a dict of columns.

        Parameters
        ----------
        *reports
            The reports to add; a dict needs the columns that ``events.csv`` requires.

        Returns
        -------
        events
            The events, old and new.

        Raises
        ------
        DataError
            A report is not valid, or its id is taken.
        """
        new = [report if isinstance(report, Report) else report_from(report) for report in reports]
        return self._of([*self, *new])

    def moving(
        self,
        event: str,
        *,
        days: int | None = None,
        start: str | date | None = None,
        end: str | date | None = None,
    ) -> Events:
        """Return the events with one report moved: by `days`, or to a new `start` or `end`.

        A report moved by days, or to a new start, keeps its length.

        Parameters
        ----------
        event
            Id of the report.
        days
            Days to move it by, negative for earlier; not together with `start` or `end`.
        start
            Its new first day.
        end
            Its new last day, inclusive.

        Returns
        -------
        events
            The events with that report moved. Its day of publication moves with its start; its end
            counts as recorded, known from the day after it.

        Raises
        ------
        UnknownIdError
            There is no report of that id.
        RequestError
            Nothing was said of where to move it, too much was, or a day is not a date.
        DataError
            The end would lie before the start, or a report would act on one that starts later.
        """
        report = self[event]
        moved = moved_report(report, days=days, start=start, end=end)
        return self._of(moved if old is report else old for old in self)

    def ruled_by(self, rules: Rules) -> Events:
        """Return the same reports read by other impact rules.

        Parameters
        ----------
        rules
            The impact rules.

        Returns
        -------
        events
            The events with these rules.
        """
        return Events(self._reports, rules)

    def _of(self, reports: Iterable[Report]) -> Events:
        """Return events of these reports; links to reports left out are let go."""
        kept = list(reports)
        gone = self._by_id.keys() - {report.event for report in kept}
        return Events((_unlinked(report, gone) for report in kept), self._rules)


def moved_report(
    report: Report,
    *,
    days: int | None = None,
    start: str | date | None = None,
    end: str | date | None = None,
) -> Report:
    """Return a report moved as by `Events.moving`, not yet checked against the others."""
    if days is None and start is None and end is None:
        raise RequestError(f"moving {report.event}: say days, start or end")
    if days is not None and (start is not None or end is not None):
        raise RequestError(f"moving {report.event}: say either days, or start and end")
    try:
        return _shifted(report, days=days, start=start, end=end)
    except OverflowError:
        raise RequestError(f"moving {report.event}: the calendar ends before {days} days") from None


def _shifted(
    report: Report, *, days: int | None, start: str | date | None, end: str | date | None
) -> Report:
    """Return a report moved by days, or to a new start or end."""
    shift = timedelta(days=days or 0)
    if start is not None:
        shift = as_day(start) - report.start
    moved_end = report.end + shift if report.end else None
    if end is not None:
        moved_end = as_day(end)
    return replace(
        report,
        start=report.start + shift,
        end=moved_end,
        end_status="recorded" if moved_end else report.end_status,
        reported_on=report.reported_on + shift if report.reported_on else None,
        end_reported_on=None,
    )


def report_from(values: Mapping[str, Any]) -> Report:
    """Return the report that a dict of columns describes, checked like a row of the file."""
    known = [column.name for column in table_schema("events")]
    file = f"event {values.get('event', '(no id)')}"
    unknown = [
        Problem(file, None, str(name), _unknown_column(str(name), known))
        for name in values
        if name not in known
    ]
    if unknown:
        raise DataError(unknown)
    cells = {
        column.name: _cell(values[column.name], column)
        for column in table_schema("events")
        if column.name in values
    }
    (row,) = table_from_cells([cells], "events", file=file).rows()
    report = Report(**row)
    problems = _own_problems(report)
    if problems:
        raise DataError(problems)
    return report


def _cell(value: Any, column: Any) -> str:
    """Return a value given in Python or TOML as the text of a cell."""
    if isinstance(value, (list, set)):
        value = tuple(value)
    return format_value(value, column)


def _unknown_column(name: str, known: Sequence[str]) -> str:
    """Return the message for a column that events do not have."""
    return f"unknown column{hint(name, known)}"


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
        problems += _own_problems(report)
        problems += _link_problems(report, known, near)
    return problems


def report_problems(table: Table) -> list[Problem]:
    """Return everything that is wrong with an `events` table, a draft included.

    Of rows that could not be read whole nothing more is said than what was wrong.
    """
    told = {problem.row for problem in table.problems}
    rows = [row for row in range(len(table)) if table.problem(row, None, "").row not in told]
    if 1 in told:  # the header: columns are missing
        rows = []
    names = {event: None for event in table.columns["event"] if event is not None}
    reports = {
        row: Report(**{name: values[row] for name, values in table.columns.items()}) for row in rows
    }
    known: dict[str, Report | None] = {**names}
    known.update({report.event: report for report in reports.values()})
    near = Hints()
    return [
        *table.problems,
        *(
            table.problem(row, problem.column, problem.message)
            for row, report in reports.items()
            for problem in (*_own_problems(report), *_link_problems(report, known, near))
        ),
    ]


def _own_problems(report: Report) -> list[Problem]:
    """Return what is wrong with one report by itself."""
    problems = []

    def refuse(column: str, message: str) -> None:
        problems.append(Problem(f"event {report.event}", None, column, message))

    if report.end is not None and report.end < report.start:
        refuse("end", f"{report.end} lies before the start {report.start}")
    area = (report.lat, report.lon, report.radius_km)
    if any(value is not None for value in area) and None in area:
        refuse("radius_km", "an area needs lat, lon and radius_km together")
    if report.scope == "area" and report.radius_km is None:
        refuse("scope", "an area needs lat, lon and radius_km")
    if report.scope == "region" and not (report.region or report.edges):
        refuse("region", "a report of a region names it, as in admin1 of the towns")
    tankers = [
        count
        for count in (report.tankers_low, report.tankers_best, report.tankers_high)
        if count is not None
    ]
    if tankers != sorted(tankers):
        refuse("tankers_best", "low, best and high must not fall")
    return problems


def _link_problems(
    report: Report, known: Mapping[str, Report | None], near: Hints
) -> list[Problem]:
    """Return what is wrong with the events that a report ends, amends or enforces."""
    problems = []
    for column in ("ends", "amends", "enforces"):
        for other in getattr(report, column):
            found = known.get(other)
            if other not in known:
                message = f"no event has the id {other!a}{near(other, known)}"
            elif other == report.event:
                message = "a report cannot name itself"
            elif found is not None and found.start > report.start:
                message = f"{other} starts later, on {found.start}"
            else:
                continue
            problems.append(Problem(f"event {report.event}", None, column, message))
    return problems


def _unlinked(report: Report, gone: set[str]) -> Report:
    """Return the report without links to reports that are no longer there."""
    if gone.isdisjoint((*report.ends, *report.amends, *report.enforces)):
        return report

    def left(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(event for event in ids if event not in gone)

    return replace(
        report,
        ends=left(report.ends),
        amends=left(report.amends),
        enforces=left(report.enforces),
    )
