"""What arrives without convoys, and what is missing: lone trucks only, where they drive at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from supplyroutes.analysis.flows.flow_problem import recorded_capacities, source_limits
from supplyroutes.analysis.stores.dispatch import Dispatch, Sending
from supplyroutes.analysis.stores.stock_run import Habits, simulate
from supplyroutes.analysis.stores.stock_towns import Towns, towns_of
from supplyroutes.analysis.stores.transit import Escorted, Moved, Roads, UnderWay
from supplyroutes.core import ESCORTED, REFUSED, State
from supplyroutes.disruption import Timeline
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

Place = tuple[str, int]
"""What limits what can be sent: ("source", node) or ("road", edge)."""


@dataclass(frozen=True)
class Base:
    """The days without convoys.

    `missing` is what each town lacks of its use, in m3 by day and town; `spare` what lone trucks
    leave of each limit, in m3 by day.
    """

    towns: Towns
    missing: Array
    spare: Mapping[Place, tuple[float, ...]]


def base_of(days: Timeline, stock_m3: Mapping[str, float] | None) -> Base:
    """Return the days on which lone trucks drive and no convoy does.

    Parameters
    ----------
    days
        The network day by day.
    stock_m3
        Own stocks at the start, as for `stock_levels`.
    """
    import numpy as np

    alone = lone_days(days)
    calm = days[days.dates[0]].undisturbed()
    towns = towns_of(calm, None, stock_m3)
    assumed = calm.assumptions
    habits = Habits(assumed["catch_up_ratio"].best, assumed["reserve_days"].best, None)
    sender = _Noted(Dispatch(calm, allocation="max_min", policy="essential"))
    run = simulate(alone, towns, sender, habits)
    used = np.array(run.used).sum(axis=2)
    return Base(
        towns=towns,
        missing=np.maximum(towns.use.sum(axis=1) - used, 0.0),
        spare=_spare(days, sender.sent),
    )


def lone_days(days: Timeline) -> Timeline:
    """Return the days with no lone truck where only convoys pass: refused, or escorted and thin.

    A road that a convoy has just used, and on which nothing thins traffic, is open to all.
    """
    states: list[State] = []
    last: State | None = None
    for _, day in days:
        if day.state is not last:
            last = day.state
            states.append(_without_lone(last))
        else:
            states.append(states[-1])
    return Timeline(days.base, days.commodity, days.dates, states)


def _without_lone(state: State) -> State:
    """Return a state in which nothing drives where only convoys pass."""
    factors = tuple(
        0.0 if status in {ESCORTED, REFUSED} and factor < 1 else factor
        for status, factor in zip(state.status, state.capacity_factor, strict=True)
    )
    return replace(state, capacity_factor=factors)


class _Noted:
    """Lone trucks as `Dispatch` sends them, with a note of what they take of each limit."""

    def __init__(self, inner: Dispatch) -> None:
        self._inner = inner
        self.sent: list[dict[Place, float]] = []

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day."""
        return self._inner.roads(day)

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what left on every day before the first."""
        return self._inner.usual(calm, ordered)

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:
        """Return that there are no convoys."""
        return self._inner.drove(day, moved, road)

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves, and note it."""
        sending = self._inner.send(day, ordered)
        taken: dict[Place, float] = {}
        for sent in sending.consignments:
            for place in (("source", sent.source), *(("road", arc // 2) for arc in sent.path)):
                taken[place] = taken.get(place, 0.0) + sent.leaves
        self.sent.append(taken)
        return sending


def _spare(days: Timeline, sent: Sequence[Mapping[Place, float]]) -> dict[Place, tuple[float, ...]]:
    """Return what lone trucks leave of sources and of recorded capacities, by day."""
    found: dict[Place, list[float]] = {}
    for taken, (_, day) in zip(sent, days, strict=True):
        limits: dict[Place, float] = {
            ("source", node): 0.0 for node in source_limits(day.undisturbed())
        }
        limits |= {("source", node): amount for node, amount in source_limits(day).items()}
        limits |= {("road", edge): room for edge, (room, _) in recorded_capacities(day).items()}
        for place, limit in limits.items():
            found.setdefault(place, []).append(max(0.0, limit - taken.get(place, 0.0)))
    return {place: tuple(rooms) for place, rooms in sorted(found.items())}
