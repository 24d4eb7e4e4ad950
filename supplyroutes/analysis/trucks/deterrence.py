"""Trucks that stay away: which share of the drivers is willing to run a corridor, day by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.used import used_assumptions
from supplyroutes.core import State
from supplyroutes.dates import as_day, days_between
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.io.tables import data_folder
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.reported import Report
from supplyroutes.schema import Table, read_table

if TYPE_CHECKING:
    import pandas as pd

COUNTRY = "country"
"""A report of this scope bears on every corridor."""


@cache
def fears() -> Table:
    """Return the bundled table of what each kind of report does to drivers."""
    return read_table(data_folder() / "deterrence.csv", "deterrence")


@dataclass(frozen=True)
class Willingness:
    """Which share of the drivers runs each corridor; made by `willingness`.

    Attributes
    ----------
    shares
        Index `date`, one column a corridor: the share that is willing on the evening of the day.
    moves
        Index (`date`, `corridor`, `report`): change of the share by that report. Recovery on
        quiet days is not in it.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.trucks.deterrence import willingness
    >>> network, events = sr.datasets.mali()
    >>> willing = willingness(network, events, start="2025-09-01", end="2025-09-30")
    >>> willing.shares.loc[willing.shares.index[-1], ["ABJ_Z", "NIM_GAO"]].round(2).tolist()
    [0.4, 0.78]
    """

    shares: pd.DataFrame
    moves: pd.DataFrame
    assumed: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """Return the share that is willing on the last day, by corridor.

        Returns
        -------
        shares
            One entry a corridor, from 0 to 1.
        """
        last = self.shares.iloc[-1]
        return {str(corridor): float(share) for corridor, share in last.items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The tables as lists of rows.
        """
        from supplyroutes.analysis.plain import records

        return {name: records(getattr(self, name)) for name in ("shares", "moves", "assumed")}

    def _repr_html_(self) -> str:
        """Return the shares as a table for notebooks."""
        from supplyroutes.displays import html

        dates = self.shares.index
        return html(
            f"Drivers who are willing, {dates[0]} to {dates[-1]}",
            ("Share by corridor on the last days (.shares)", self.shares.tail(7)),
            digits=2,
        )


@dataclass(frozen=True)
class _Drivers:
    """The numbers of the model."""

    fear: Mapping[str, float]
    trust: Mapping[str, float]
    scale: float
    spill: float
    recovery: float
    quiet_days: float

    @classmethod
    def of(cls, network: Network, table: Table) -> _Drivers:
        """Return the best values."""
        rows = list(table.rows())
        known = network.assumptions
        return cls(
            {row["kind"]: row["fear_share_best"] for row in rows},
            {row["kind"]: row["trust_share_best"] for row in rows},
            known["fear_ratio"].best,
            known["fear_spill_share"].best,
            known["fear_recovery_per_day"].best,
            known["fear_quiet_days"].best,
        )

    def moved(self, share: float, kind: str, *, near: bool) -> float:
        """Return the share that is willing after a report; of another corridor it tells less."""
        weight = 1.0 if near else self.spill
        share *= 1 - min(1.0, self.scale * weight * self.fear.get(kind, 0.0))
        return share + (1 - share) * weight * self.trust.get(kind, 0.0)


KEYS = ("fear_ratio", "fear_spill_share", "fear_recovery_per_day", "fear_quiet_days")


def willingness(
    network: Network,
    events: Events,
    *,
    start: str | date,
    end: str | date,
    table: Table | None = None,
) -> Willingness:
    r"""Return which share of the drivers is willing to run each corridor, day by day.

    All are willing before the first day. On the day of a report of kind k that bears on corridor
    c, the share w falls by fear and rises by trust; on other corridors both count by the spill
    share q; fear counts by `fear_ratio` s; after `fear_quiet_days` without anything frightening,
    those who stay away come back at a steady rate:

    .. math:: w \leftarrow w (1 - s q f_k), \quad w \leftarrow w + (1 - w) q t_k, \quad
              w \leftarrow w + r (1 - w)

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The reports; those from before `start` are taken into account from the first on.
    start, end
        First and last day shown.
    table
        Fear and trust by kind of report, a checked table `deterrence`; None for the bundled one.

    Returns
    -------
    willing
        The shares by day and corridor, and which report moved them.

    Raises
    ------
    RequestError
        A day is not a date, or the end lies before the start.
    DataError
        An event names a place that the network does not have.

    Notes
    -----
    Reports of one incident count once, on the day of the first. What is recorded of suspensions,
    strikes and resumed traffic acts by the impact rules; fear is what is not recorded. There is no
    law by which another attack must lower what arrives: drivers who stay away are not burnt.

    References
    ----------
    .. [1] Assumption. The form is that of Bush, R. R., Mosteller, F. (1955), Stochastic Models for
       Learning: each event takes a share of what is left.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.trucks.deterrence import willingness
    >>> network, events = sr.datasets.toy()
    >>> willing = willingness(network, events, start="2025-01-09", end="2025-01-14")
    >>> willing.shares["SOUTH"].round(2).tolist()
    [1.0, 1.0, 1.0, 0.98, 0.98, 0.98]
    """
    import pandas as pd

    first, last = as_day(start), as_day(end)
    if last < first:
        raise RequestError(f"the end {last} lies before the start {first}")
    drivers = _Drivers.of(network, table or fears())
    corridors = tuple(network.tables.corridors.columns["corridor"])
    by_day = _by_day(network, events, drivers, last)
    began = min([first, *by_day])
    shares, calm = dict.fromkeys(corridors, 1.0), dict.fromkeys(corridors, 0)
    rows, moves = [], []
    for day in days_between(began, last):
        for report, touched in by_day.get(day, ()):
            for corridor in corridors:
                before = shares[corridor]
                near = corridor in touched
                shares[corridor] = drivers.moved(before, report.kind, near=near)
                if shares[corridor] != before:
                    moves.append((day, corridor, report.event, shares[corridor] - before))
                if near and drivers.fear.get(report.kind, 0.0) > 0:
                    calm[corridor] = -1
        for corridor in corridors:
            calm[corridor] += 1
            if calm[corridor] > drivers.quiet_days:
                shares[corridor] += drivers.recovery * (1 - shares[corridor])
        if day >= first:
            rows.append((day, *(shares[corridor] for corridor in corridors)))
    return Willingness(
        shares=pd.DataFrame(rows, columns=["date", *corridors]).set_index("date"),
        moves=pd.DataFrame(
            [move for move in moves if move[0] >= first],
            columns=["date", "corridor", "report", "change"],
        ).set_index(["date", "corridor", "report"]),
        assumed=used_assumptions(network, KEYS),
    )


def _by_day(
    network: Network, events: Events, drivers: _Drivers, last: date
) -> dict[date, list[tuple[Report, frozenset[str]]]]:
    """Return by day the reports that move drivers, and the corridors that each bears on.

    Of an incident the first report counts; in the order of the ids within a day.
    """
    places = Gazetteer(network)
    corridors = {
        corridor: frozenset(arc // 2 for arc in arcs)
        for corridor, arcs in places.corridor_arcs.items()
    }
    told = set()
    found: dict[date, list[tuple[Report, frozenset[str]]]] = {}
    moving = {kind for kind in drivers.fear if drivers.fear[kind] or drivers.trust[kind]}
    for report in sorted(events, key=lambda report: (report.start, report.event)):
        incident = report.incident or report.event
        if report.start > last or report.kind not in moving or incident in told:
            continue
        told.add(incident)
        touched = corridors_of(report, places, corridors)
        found.setdefault(report.start, []).append((report, touched))
    return found


def corridors_of(
    report: Report, places: Gazetteer, corridors: Mapping[str, frozenset[int]]
) -> frozenset[str]:
    """Return the corridors that a report bears on: those it names, else those of its roads."""
    if report.scope == COUNTRY:
        return frozenset(corridors)
    if report.corridor:
        return frozenset(report.corridor) & corridors.keys()
    edges = set(places.stretch(report))
    return frozenset(corridor for corridor, roads in corridors.items() if edges & roads)


def deterred(days: Timeline, willing: Willingness) -> Timeline:
    """Return the days with no more traffic on each corridor than drivers are willing to run.

    The capacity factor of a corridor's inbound arcs becomes the smaller one of its own and the
    share that is willing; a road of several corridors has the largest share of them. Like two
    incidents on one road, reports and fear are not taken to compound. Reports stay as they are:
    fear is an assumption, not evidence.

    Parameters
    ----------
    days
        The network day by day.
    willing
        The shares by day and corridor, at least for these days.

    Returns
    -------
    days
        The same days with smaller capacity factors.

    Raises
    ------
    RequestError
        The shares do not cover the days.
    """
    arcs_of = Gazetteer(days.base).corridor_arcs
    table = willing.shares
    missing = [day for day in days.dates if day not in table.index]
    if missing:
        raise RequestError(f"no willing share is known of {missing[0]}")
    columns = list(table.columns)
    shares = dict(zip(table.index, table.to_numpy().tolist(), strict=True))
    states: list[State] = []
    last: tuple[State, Sequence[float]] | None = None
    for day, network in days:
        given = (network.state, shares[day])
        same = last is not None and last[0] is given[0] and last[1] == given[1]
        states.append(states[-1] if same else _lowered(given[0], columns, given[1], arcs_of))
        last = given
    return Timeline(days.base, days.commodity, days.dates, states)


def _lowered(
    state: State,
    corridors: Sequence[str],
    shares: Sequence[float],
    arcs_of: Mapping[str, tuple[int, ...]],
) -> State:
    """Return a state with capacity factors no larger than the shares."""
    most: dict[int, float] = {}
    for corridor, share in zip(corridors, shares, strict=True):
        for arc in arcs_of[corridor]:
            most[arc] = max(most.get(arc, 0.0), share)
    factors = list(state.capacity_factor)
    for arc, share in most.items():
        factors[arc] = min(factors[arc], share)
    return replace(state, capacity_factor=tuple(factors))
