"""Events: what was reported, apart from what we assume it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from supplyroutes.dates import FOREVER, as_day
from supplyroutes.errors import DataError, RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.report_checks import checked_reports, in_order, report_problems
from supplyroutes.reported import Report, moved_report, unlinked
from supplyroutes.rules import Rules
from supplyroutes.schema import Table

if TYPE_CHECKING:
    import pandas as pd


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
        self._reports = in_order(checked_reports(reports))
        self._rules = rules

    @classmethod
    def _made(cls, reports: Iterable[Report], rules: Rules) -> Events:
        """Return the events of reports whose values have been checked already."""
        events = object.__new__(cls)
        events._reports = in_order(reports)
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

    def _repr_html_(self) -> str:
        """Return the latest reports as a table for notebooks."""
        from supplyroutes.displays import html

        latest = self.reports.sort_values("start", ascending=False, kind="stable")
        shown = latest[["start", "end", "kind", "basis", "confidence", "text"]]
        return html(repr(self)[1:-1], ("The latest (.reports; what each does: .rules)", shown))

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
        return Events._made((unlinked(report, gone) for report in kept), self._rules)
