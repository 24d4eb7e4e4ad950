"""A report: one row of the events table, what was known of it when, and how it is moved."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from operator import index

from supplyroutes.dates import ONE_DAY, as_day
from supplyroutes.errors import RequestError

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

    def _repr_html_(self) -> str:
        """Return what the report tells as a table for notebooks."""
        from supplyroutes.displays import fields, html

        told = {name: getattr(self, name) for name in type(self).__slots__}
        shown = {
            name: value
            for name, value in told.items()
            if name not in {"event", "text"} and value not in (None, "", (), False)
        }
        head = f"{self.event}: {self.kind}"
        return html(head, self.text, ("As recorded", fields(shown)), rows=len(told))

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


def unlinked(report: Report, gone: set[str]) -> Report:
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
