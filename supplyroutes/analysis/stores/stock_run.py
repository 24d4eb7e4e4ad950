"""Day after day: towns order, sources send, trucks drive, towns unload and use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from supplyroutes.analysis.stores.dispatch import Sending
from supplyroutes.analysis.stores.rationing import orders, use_and_unload
from supplyroutes.analysis.stores.stock_towns import Towns
from supplyroutes.analysis.stores.transit import Escorted, Moved, Roads, UnderWay, steady
from supplyroutes.disruption import Timeline
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


class Sender(Protocol):
    """Who decides what leaves on a day: `Dispatch`, or what limits it further."""

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day."""

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what left on every day before the first, if nothing was ever blocked."""

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves for these orders, in days of use by number of the town."""

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:
        """Take note of a day's driving and of who is still under way; return what convoys did."""


@dataclass(frozen=True)
class Habits:
    """What towns and drivers do: see `stock_levels`."""

    catch_up_ratio: float
    reserve_days: float
    turn_back_days: float | None


@dataclass
class Run:
    """What happened, in m3: by day and town, by day, town and class, and totals by day.

    `before` is all that is under way at the start.
    """

    before: float = 0.0
    stock: list[Array] = field(default_factory=list)
    arrived: list[Array] = field(default_factory=list)
    used: list[Array] = field(default_factory=list)
    under_way: list[Array] = field(default_factory=list)
    totals: list[tuple[float, float, float, float]] = field(default_factory=list)
    """Sent, lost, returned, and all that is under way in the evening."""


def simulate(days: Timeline, towns: Towns, sender: Sender, habits: Habits) -> Run:
    """Return what happens to the stocks of towns over the days.

    Each day: towns order in the morning, from what they hold and what is due; sources send; all
    trucks drive for a day; what arrives stands at the gate; towns use fuel and unload. The first
    day begins as if nothing had ever been blocked.

    Parameters
    ----------
    days
        The days.
    towns
        The towns.
    sender
        Who decides what leaves.
    habits
        What towns and drivers do.
    """
    import numpy as np

    calm = days[days.dates[0]].undisturbed()
    nodes, run = len(calm.topology.node_ids), Run()
    places = np.array(towns.nodes, dtype=np.int64)
    buying = [
        (place, node)
        for place, node in enumerate(towns.nodes)
        if towns.on_network[place] and towns.use[place].any()
    ]
    usual = sender.usual(calm, {node: 1.0 for _, node in buying})
    road = UnderWay(habits.turn_back_days)
    steady(usual.consignments, sender.roads(calm), road)
    run.before = sum(road.amount)
    lag = np.zeros(nodes)
    lag[list(usual.lag_days)] = list(usual.lag_days.values())
    tanks, gate = towns.start, np.zeros(len(places))
    _, due = road.by_town(nodes)
    for _, day in days:
        wanted = orders(towns, tanks.total, due[places] + gate, lag[places], habits.catch_up_ratio)
        sending = sender.send(day, {node: float(wanted[place]) for place, node in buying})
        lag[list(sending.lag_days)] = list(sending.lag_days.values())
        for consignment in sending.consignments:
            road.send(consignment)
        moved = road.drive(sender.roads(day))
        escorted = sender.drove(day, moved, road)
        before = gate + (_by_node(moved.arrived, nodes) + _by_node(escorted.arrived, nodes))[places]
        evening = use_and_unload(towns, tanks, before, habits.reserve_days)
        tanks, gate = evening.tanks, evening.gate
        under_way, due = road.by_town(nodes)
        convoys = _by_node(escorted.bound, nodes)
        due = due + convoys
        run.stock.append(tanks.total)
        run.arrived.append(before - gate)
        run.used.append(evening.used)
        run.under_way.append((under_way + convoys)[places] + gate)
        sent = sum(consignment.leaves for consignment in sending.consignments)
        bound = sum(road.amount) + float(gate.sum()) + float(convoys.sum())
        run.totals.append(
            (sent + escorted.sent, moved.lost + escorted.lost, sum(moved.returned.values()), bound)
        )
    return run


def _by_node(amounts: Mapping[int, float], nodes: int) -> Array:
    """Return amounts by number of the node as an array."""
    import numpy as np

    found = np.zeros(nodes)
    found[list(amounts)] = list(amounts.values())
    return found
