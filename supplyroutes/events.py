"""Events: what was reported, apart from what we assume it does."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from functools import cached_property
from operator import index
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supplyroutes.dates import FOREVER, ONE_DAY, as_day
from supplyroutes.errors import DataError, Problem, RequestError, UnknownIdError
from supplyroutes.names import Hints, nearest_names
from supplyroutes.rules import Rules
from supplyroutes.schema import Table, checked_row

if TYPE_CHECKING:
    import pandas as pd


OPENINGS = frozenset({"road_reopened", "bridge_repaired", "border_reopening", "carrier_resumption"})
TELL_OPEN = OPENINGS | {"road_checked"}
"""Kinds that tell of a road that it is open."""
GOES_ON = frozenset({"open_at_last_report", "no_end_expected"})
"""What is known of the end of a report that holds until another says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One row of the events table: see ``supplyroutes/schema/events.csv``.

    Numbers, days and ids that were not told are None, texts are empty, lists are empty tuples:
    the defaults of the schema. `Events` checks every report as if it had been read from a file.

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
    retracted_on
        Day on which the retraction was published; None: retracted from the first.
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
    end: date | None = None
    end_status: str = "end_not_found"
    date_precision: str = "day"
    reported_on: date | None = None
    end_reported_on: date | None = None
    incident: str | None = None
    ends: tuple[str, ...] = ()
    amends: tuple[str, ...] = ()
    enforces: tuple[str, ...] = ()
    kind: str
    basis: str
    actor: str = ""
    target: str = ""
    commodity: str = "all"
    vehicle: str = "any"
    direction: str = "both"
    scope: str
    nodes: tuple[str, ...] = ()
    edges: tuple[str, ...] = ()
    corridor: tuple[str, ...] = ()
    region: str = ""
    lat: float | None = None
    lon: float | None = None
    radius_km: float | None = None
    spot_known: bool = False
    delay_h: float | None = None
    curfew_h: float | None = None
    reading: str | None = None
    reading_note: str = ""
    tankers_low: int | None = None
    tankers_best: int | None = None
    tankers_high: int | None = None
    convoy_size: int | None = None
    killed: int | None = None
    status: str = "reported"
    retracted_on: date | None = None
    confidence: str
    text: str
    source: str
    source_url: str = ""
    other_sources: str = ""
    conflict_note: str = ""
    seed: bool = False

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
        """Return the report as it stood on `day`: no end and no retraction not yet known.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        report
            The same report if its end and its retraction were known by then or are not recorded;
            else a copy without them. Until its end is known it goes on: nothing was published.
        """
        report = self
        if self.retracted_on is not None and day < self.retracted_on:
            report = replace(report, status="reported", retracted_on=None)
        known = self.end_known_on
        if known is None or known <= day:
            return report
        status = self.end_status if self.end_status in GOES_ON else "open_at_last_report"
        return replace(report, end=None, end_reported_on=None, end_status=status)


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
        Everything that is wrong with the reports: a value that its column may not hold, an end
        before its start, no place, two reports of one id, or an event that is not there.

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
        self._reports = _in_order(checked_reports(reports))
        self._rules = rules

    @classmethod
    def _made(cls, reports: Iterable[Report], rules: Rules) -> Events:
        """Return the events of reports whose values have been checked already."""
        events = object.__new__(cls)
        events._reports = _in_order(reports)
        events._rules = rules
        return events

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
        return cls._made((Report(**row) for row in table.rows()), rules)

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

    @property
    def cut_on(self) -> Mapping[str, date]:
        """The first day on which each report that another ends or amends was cut."""
        return MappingProxyType(self._cut_on)

    @cached_property
    def _cut_on(self) -> dict[str, date]:
        """The days of `cut_on`."""
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

        Reports published later are out; one whose end became known later goes on, and one that
        was retracted later stands. An end without a source of its own is known from the day
        after it; what is dated to a month is known from the month's last day; a retraction
        without a day counts from the first.

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
            A day is not a date, or the end lies before the start.
        """
        first, last = as_day(start), as_day(end)
        if last < first:
            raise RequestError(f"the end {last} lies before the start {first}")
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
            Everything that is wrong with the new reports, a taken id included.
        """
        return self._of([*self, *checked_reports(reports)])

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
            Nothing was said of where to move it, too much was, a day is not a date, or the days
            are no whole number.
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
        return Events._made(self._reports, rules)

    def _of(self, reports: Iterable[Report]) -> Events:
        """Return events of these reports; links to reports left out are let go."""
        kept = list(reports)
        gone = self._by_id.keys() - {report.event for report in kept}
        return Events._made((_unlinked(report, gone) for report in kept), self._rules)


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
    shift = timedelta(days=_whole_days(report, days or 0))
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
        retracted_on=report.retracted_on + shift if report.retracted_on else None,
        end_reported_on=None,
    )


def _whole_days(report: Report, days: int) -> int:
    """Return days as an int, whatever whole number they are."""
    try:
        return index(days)
    except TypeError:
        raise RequestError(f"moving {report.event}: {days!a} is no whole number of days") from None


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


def _in_order(reports: Iterable[Report]) -> tuple[Report, ...]:
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
