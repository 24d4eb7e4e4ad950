"""Disruption: the network as events leave it on a day, and on each day of a span.

State of an arc = (capacity factor, delay, loss probability), identity (1, 0, 0). Reports of
one incident combine by (min, max, max), so a thing told three times counts once; incidents
combine by (min, +, 1 - (1 - p)(1 - q)). The minimum for capacity is an assumption: two
incidents on one road are not taken to compound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from supplyroutes.commodities import check_commodity
from supplyroutes.core import STATUSES, State
from supplyroutes.dates import as_day, days_between
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.frames import road_states
from supplyroutes.impacts import Impacts, impacts_of
from supplyroutes.network import Network
from supplyroutes.sweep import Sweep

if TYPE_CHECKING:
    import pandas as pd

LONGEST_SPAN_DAYS = 36_600


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
    ['2025-01-11', '2025-01-14']
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

    def _repr_html_(self) -> str:
        """Return the roads by state on the last days that changed, as a table for notebooks."""
        import pandas as pd

        from supplyroutes.displays import MOST_ROWS, html

        changed = [day for day in self.dates if not self.same_as_before(day)]
        shown = changed[-MOST_ROWS:]
        counts = [Counter(state or "unusable" for state in road_states(self[day])) for day in shown]
        names = [name for name in STATUSES if any(name in count for count in counts)]
        frame = pd.DataFrame(counts, index=pd.Index(shown, name="date"), columns=names)
        return html(
            f"Timeline of {len(self)} days, {self.dates[0]} to {self.dates[-1]}: {self.commodity}; "
            f"{len(changed) - 1} of them differ from the day before",
            (
                "Roads by state where it changed, the last days (.frame())",
                frame.fillna(0).astype(int),
            ),
        )

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
