"""Disruption: the network as events leave it on a day, and on each day of a span.

State of an arc = (capacity factor, delay, loss probability), identity (1, 0, 0). Reports of
one incident combine by (min, max, max), so a thing told three times counts once; incidents
combine by (min, +, 1 - (1 - p)(1 - q)). The minimum for capacity is an assumption: two
incidents on one road are not taken to compound.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from math import fsum, prod
from typing import TYPE_CHECKING, TypeVar, cast

from supplyroutes.commodities import check_commodity
from supplyroutes.core import OPEN, UNKNOWN, State
from supplyroutes.dates import FOREVER, as_day, days_between
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import Impact, Impacts, Mention, impacts_of
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

LONGEST_SPAN_DAYS = 36_600
_T = TypeVar("_T")


def disrupt(
    network: Network, events: Events, *, at: str | date, commodity: str = "fuel"
) -> Network:
    """Return the network as the events leave it on a day, for a commodity.

    Same type, same ids: a closed road stays as a row with capacity factor 0, and the base
    network is untouched. The order and the grouping of the events do not matter. A road is
    *unknown* from the day on which an effect reported of it runs out by assumption only, until
    another report tells how it stands.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day, as YYYY-MM-DD or `datetime.date`.
    commodity
        Which commodity: events on it or on an ancestor of it apply.

    Returns
    -------
    day
        The disrupted network; ``day.arcs`` shows the state of every direction.

    Raises
    ------
    RequestError
        The day is not a date, or the network is disrupted already.
    DataError
        An event names a place that the network does not have.

    References
    ----------
    .. [1] Open road status codes after the UN SDI-T v2 (Logistics Cluster, 2008).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-10")
    >>> day.arcs.loc[("port--north", "port", "north"), "status"]
    'closed'
    """
    return day_of(network, impacts_on(network, events, commodity), as_day(at), commodity)


def day_of(network: Network, impacts: Impacts, day: date, commodity: str) -> Network:
    """Return the network as impacts leave it on a day: `disrupt` with the reports read already."""
    sweep = Sweep(network, impacts)
    sweep.advance(day)
    return network.asking(commodity, at=day, state=sweep.state())


def timeline(
    network: Network,
    events: Events,
    *,
    start: str | date,
    end: str | date,
    commodity: str = "fuel",
) -> Timeline:
    """Return the disrupted network of every day from `start` to `end`, both included.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    start, end
        First and last day.
    commodity
        Which commodity.

    Returns
    -------
    days
        A `Timeline`: dates to networks that share one topology. Each day equals `disrupt`
        on that day.

    Raises
    ------
    RequestError
        A day is not a date, the end lies before the start, or the network is disrupted
        already.
    DataError
        An event names a place that the network does not have.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-09", end="2025-01-11")
    >>> [str(day) for day in days.dates]
    ['2025-01-09', '2025-01-10', '2025-01-11']
    """
    first, last = as_day(start), as_day(end)
    if last < first:
        raise RequestError(f"the end {last} lies before the start {first}")
    if (last - first).days >= LONGEST_SPAN_DAYS:
        raise RequestError(f"from {first} to {last} is more than 100 years")
    sweep = Sweep(network, impacts_on(network, events, commodity))
    dates = days_between(first, last)
    states: list[State] = []
    for day in dates:
        changed = sweep.advance(day)
        states.append(sweep.state() if changed or not states else states[-1])
    return Timeline(network, commodity, tuple(dates), tuple(states))


class Timeline:
    """The disrupted network day by day; the topology is shared.

    Made by `timeline`. Index it by a day for the network of that day; iterate it for
    (day, network) pairs.

    Parameters
    ----------
    network
        The undisturbed network.
    commodity
        The commodity asked for.
    dates
        The days.
    states
        The state of each day; equal days share one object.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-14")
    >>> days["2025-01-12"]
    <Network 6 towns, 7 roads: fuel on 2025-01-12, 2 closed directions>
    >>> days.frame()[("port--north", "port", "north")].tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0]
    >>> [str(day) for day, _ in days if days.same_as_before(day)]
    ['2025-01-11']
    """

    def __init__(
        self,
        network: Network,
        commodity: str,
        dates: Sequence[date],
        states: Sequence[State],
    ) -> None:
        self.base = network
        self.commodity = commodity
        self.dates = tuple(dates)
        self._states = tuple(states)

    def __len__(self) -> int:
        """Return the number of days."""
        return len(self.dates)

    def __iter__(self) -> Iterator[tuple[date, Network]]:
        """Yield each day and its network."""
        for day in self.dates:
            yield day, self[day]

    def __getitem__(self, day: str | date) -> Network:
        """Return the network of a day."""
        place = self._place(day)
        return self.base.asking(self.commodity, at=self.dates[place], state=self._states[place])

    def _place(self, day: str | date) -> int:
        """Return the place of a day, or raise `RequestError`."""
        when = as_day(day)
        if when not in self._places:
            raise RequestError(f"{when} is not between {self.dates[0]} and {self.dates[-1]}")
        return self._places[when]

    @cached_property
    def _places(self) -> dict[date, int]:
        """The place of each day."""
        return {day: place for place, day in enumerate(self.dates)}

    def same_as_before(self, day: str | date) -> bool:
        """Tell whether nothing changed since the day before.

        Parameters
        ----------
        day
            A day of the timeline.

        Returns
        -------
        same
            True if the day leaves the same state as the one before; never of the first day.

        Raises
        ------
        RequestError
            The day is not a date, or not in the timeline.
        """
        place = self._place(day)
        return place > 0 and self._states[place] is self._states[place - 1]

    def frame(self, quantity: str = "capacity_factor") -> pd.DataFrame:
        """Return dates x arcs: one row a day, one column an arc (edge, tail, head).

        Parameters
        ----------
        quantity
            One of capacity_factor (share left, 0 to 1), delay_h (hours), loss_prob (0 to 1) and
            status (a place in `supplyroutes.core.STATUSES`; 0 is open).

        Returns
        -------
        frame
            Index `date`; column levels edge, tail, head.

        Raises
        ------
        RequestError
            There is no such quantity.
        """
        import pandas as pd

        if quantity not in {"capacity_factor", "delay_h", "loss_prob", "status"}:
            raise RequestError(
                f"no quantity {quantity!a}: capacity_factor, delay_h, loss_prob or status"
            )
        topology = self.base.topology
        columns = pd.MultiIndex.from_tuples(
            [
                (
                    topology.edge_ids[arc // 2],
                    topology.node_ids[topology.tail[arc]],
                    topology.node_ids[topology.head[arc]],
                )
                for arc in range(len(topology.tail))
            ],
            names=["edge", "tail", "head"],
        )
        rows = [getattr(state, quantity) for state in self._states]
        return pd.DataFrame(rows, index=pd.Index(self.dates, name="date"), columns=columns)


def impacts_on(network: Network, events: Events, commodity: str) -> Impacts:
    """Return the impacts on an undisturbed network."""
    if network.at is not None:
        raise RequestError(f"the network is disrupted already ({network.at}): pass the base one")
    return impacts_of(network, events, commodity=check_commodity(commodity))


@dataclass
class Sweep:
    """A day that moves forward over impacts, and the state that they leave."""

    network: Network
    impacts: Impacts
    _steps: list[tuple[date, int, int]] = field(init=False)
    _spoken: dict[str, set[int]] = field(init=False)
    _place: int = 0
    _active: set[int] = field(default_factory=set)
    _last_report: dict[int, tuple[date, str]] = field(default_factory=dict)
    _lapsed: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the days on which something ends, is reported or begins."""
        self._spoken = {}
        for mention in self.impacts.mentions:
            self._spoken.setdefault(mention.report, set()).update(mention.arcs)
        steps = [
            (mention.day, _MENTION, number) for number, mention in enumerate(self.impacts.mentions)
        ]
        for number, impact in enumerate(self.impacts.impacts):
            steps.append((impact.start, _BEGIN, number))
            if impact.end < FOREVER:
                steps.append((impact.end, _END, number))
        self._steps = sorted(steps)

    def advance(self, day: date) -> bool:
        """Move to `day`; tell whether anything changed."""
        before = self._place
        while self._place < len(self._steps) and self._steps[self._place][0] <= day:
            _, step, number = self._steps[self._place]
            self._place += 1
            if step == _MENTION:
                self._note(self.impacts.mentions[number])
            elif step == _BEGIN:
                self._active.add(number)
            else:
                self._active.discard(number)
                self._lapse(self.impacts.impacts[number])
        return self._place > before

    def _note(self, mention: Mention) -> None:
        """Remember the last report on each arc.

        One that tells how the road stands clears what ran out of other reports; a threat or
        another report without effect does not.
        """
        news = (mention.day, mention.report)
        for arc in mention.arcs:
            self._last_report[arc] = max(news, self._last_report.get(arc, news))
            if mention.tells_state and arc in self._lapsed:
                self._lapsed[arc] &= {mention.report}

    def _lapse(self, impact: Impact) -> None:
        """Remember whose impact ran out by assumption on arcs that it spoke of."""
        if impact.assumed_end and not impact.partial:
            for report in impact.reports:
                for arc in self._spoken.get(report, set()).intersection(impact.arcs):
                    self._lapsed.setdefault(arc, set()).add(report)

    def state(self) -> State:
        """Return the state that the active impacts leave, combined by incident."""
        active = [self.impacts.impacts[number] for number in sorted(self._active)]
        building = _Building(len(self.network.topology.tail), len(self.network.topology.node_ids))
        for impact in active:
            if impact.partial:
                building.flag(impact)
            else:
                building.add(impact)
        unknown = [arc for arc, reports in self._lapsed.items() if reports]
        return building.state(self._last_report, unknown)


_END, _MENTION, _BEGIN = range(3)


@dataclass
class _Building:
    """The parts of a state, by arc and node, before they are combined."""

    arc_count: int
    node_count: int
    effects: dict[int, dict[str, tuple[float, float, float]]] = field(default_factory=dict)
    status: dict[int, int] = field(default_factory=dict)
    reports: dict[int, set[str]] = field(default_factory=dict)
    slowed: dict[int, set[str]] = field(default_factory=dict)
    partial: dict[int, set[str]] = field(default_factory=dict)
    supply: dict[int, float] = field(default_factory=dict)
    node_reports: dict[int, set[str]] = field(default_factory=dict)

    def flag(self, impact: Impact) -> None:
        """Note an impact on a part of the commodity: shown, without effect."""
        for arc in impact.arcs:
            self.partial.setdefault(arc, set()).update(impact.reports)

    def add(self, impact: Impact) -> None:
        """Add an impact: within one incident by (min, max, max)."""
        for node in impact.nodes:
            factor = self.supply.get(node, 1.0)
            self.supply[node] = min(factor, impact.capacity_factor)
            self.node_reports.setdefault(node, set()).update(impact.reports)
        restricts = impact.status > UNKNOWN or impact.capacity_factor < 1
        told = self.reports if restricts else self.slowed
        for arc, delay in zip(impact.arcs, impact.delay_h, strict=True):
            by_incident = self.effects.setdefault(arc, {})
            factor, longest, loss = by_incident.get(impact.incident, (1.0, 0.0, 0.0))
            by_incident[impact.incident] = (
                min(factor, impact.capacity_factor),
                max(longest, delay),
                max(loss, impact.loss_prob),
            )
            self.status[arc] = max(self.status.get(arc, OPEN), impact.status)
            if restricts or delay > 0 or impact.loss_prob > 0:
                told.setdefault(arc, set()).update(impact.reports)

    def state(self, last_report: Mapping[int, tuple[date, str]], unknown: Iterable[int]) -> State:
        """Combine the incidents on each arc; sums and products do not depend on their order."""
        state = State.identity(self.arc_count, self.node_count)
        for arc, by_incident in self.effects.items():
            triples = by_incident.values()
            _put(state.capacity_factor, arc, min(factor for factor, _, _ in triples))
            _put(state.delay_h, arc, fsum(delay for _, delay, _ in triples))
            _put(state.loss_prob, arc, 1 - prod(sorted(1 - loss for _, _, loss in triples)))
        for arc in unknown:
            self.status[arc] = max(self.status.get(arc, OPEN), UNKNOWN)
        _put_all(state.status, self.status)
        _put_all(state.last_report, last_report)
        _put_all(state.supply_factor, self.supply)
        _put_names(state.reports, self.reports)
        _put_names(state.delayed_by, self.slowed)
        _put_names(state.partial, self.partial)
        _put_names(state.node_reports, self.node_reports)
        return state


def _put(sequence: Sequence[_T], place: int, value: _T) -> None:
    """Set one entry of a state that is still being built."""
    cast("list[_T]", sequence)[place] = value


def _put_all(sequence: Sequence[_T], values: Mapping[int, _T]) -> None:
    """Set the entries of a state that is still being built."""
    for place, value in values.items():
        _put(sequence, place, value)


def _put_names(sequence: Sequence[tuple[str, ...]], names: Mapping[int, set[str]]) -> None:
    """Set entries to sorted names."""
    _put_all(sequence, {place: tuple(sorted(found)) for place, found in names.items()})
