"""What towns hold and use: stocks, room in tanks and daily use by class, as arrays."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING

from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.flows.allocation import shares_of
from supplyroutes.analysis.flows.flow_problem import problem_of
from supplyroutes.commodities import covers
from supplyroutes.errors import AssumptionWarning, RequestError
from supplyroutes.io.tables import data_folder
from supplyroutes.network import Network
from supplyroutes.schema import Table, read_table

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int64]

MOST_M3 = 100_000_000


@dataclass(frozen=True)
class Tanks:
    """Fuel of each town: `shared` by all its classes, and of each class `alone` (towns x classes).

    In m3.
    """

    shared: Array
    alone: Array

    @property
    def total(self) -> Array:
        """All that each town holds."""
        whole: Array = self.shared + self.alone.sum(axis=1)
        return whole


@dataclass(frozen=True)
class Towns:
    """Towns that use or hold the commodity, in order of their number, as arrays.

    `use` is m3 a day by town and class, `rank` who is served first (0 before 1) in a town.
    `usual` is what towns hold on a normal day, `start` what they hold at the start, `room` the
    tanks.
    """

    nodes: tuple[int, ...]
    on_network: NDArray[np.bool_]
    classes: tuple[str, ...]
    use: Array
    rank: Places
    usual: Tanks
    start: Tanks
    room: Tanks


@cache
def product_users() -> Table:
    """Return the bundled table of products that one class of use alone can burn."""
    return read_table(data_folder() / "product_users.csv", "product_users")


def towns_of(
    network: Network, policy: str | None, stock_m3: Mapping[str, float] | None = None
) -> Towns:
    """Return the towns of an undisturbed network.

    Parameters
    ----------
    network
        The network.
    policy
        Policy of the table of priorities that ranks the classes; None for no ranks.
    stock_m3
        Own stocks by name of the town, in m3: they stand for all its tanks, every class may use
        them, and the tanks hold them at least.

    Raises
    ------
    UnknownIdError
        A town or the policy is not there.
    RequestError
        A stock is not a finite number from 0 up, or is told of one town twice.
    """
    import numpy as np

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", AssumptionWarning)  # the flow tells it
        problem = problem_of(network, None, losses=False)
    whole = replace(problem, needs=tuple(sorted(problem.needs + problem.off_network,
                                                key=lambda need: (need.node, need.demand_class))),
                    off_network=())  # fmt: skip
    shares = shares_of(network, whole, policy)
    own = own_stocks(network, stock_m3 or {})
    kept = _rows(network)
    nodes = sorted({need.node for need in whole.needs} | {row.node for row in kept} | set(own))
    place = {node: number for number, node in enumerate(nodes)}
    classes = tuple(sorted({need.demand_class for need in whole.needs} | set(_single().values())))
    use = np.zeros((len(nodes), len(classes)))
    rank = np.zeros(use.shape, dtype=np.int64)
    for item, members in zip(shares.items, shares.members, strict=True):
        for member in members:
            cell = place[item.node], classes.index(whole.needs[member].demand_class)
            use[cell], rank[cell] = whole.needs[member].amount, item.rank
    usual, room = (_tanks(kept, place, classes, which) for which in ("stock", "storage"))
    top = network.topology
    reach = reached(top.out_start, top.out_arcs, top.head, network.usable, list(problem.sources))
    start, room = _started(usual, room, {place[node]: amount for node, amount in own.items()})
    return Towns(
        nodes=tuple(nodes),
        on_network=np.array([bool(reach[node]) for node in nodes], dtype=bool),
        classes=classes,
        use=use,
        rank=rank,
        usual=usual,
        start=start,
        room=room,
    )


def own_stocks(network: Network, stock_m3: Mapping[str, float]) -> dict[int, float]:
    """Return own stocks by number of the town, or say what is wrong with them."""
    found: dict[int, float] = {}
    for name, amount in stock_m3.items():
        node = network.topology.node_index[network.find(name)]
        if node in found:
            raise RequestError(f"stock of {name}: given twice")
        if not (isfinite(amount) and 0 <= amount <= MOST_M3):
            raise RequestError(f"stock of {name}: {amount} must be a number of m3 from 0 up")
        found[node] = float(amount)
    return found


@dataclass(frozen=True)
class _Kept:
    """One row of the stocks table that counts; `only` is the class that alone can burn it."""

    node: int
    only: str | None
    stock: float
    storage: float


def _single() -> dict[str, str]:
    """Return the class that alone can burn a product, by product."""
    columns = product_users().columns
    return dict(zip(columns["product"], columns["demand_class"], strict=True))


def _rows(network: Network) -> list[_Kept]:
    """Return the stocks of the commodity, of its parts and of what it is a part of."""
    index, single = network.topology.node_index, _single()
    return [
        _Kept(
            index[row["node"]],
            single.get(row["commodity"]),
            row["stock_m3_best"],
            max(row["storage_m3_best"], row["stock_m3_best"]),
        )
        for row in network.tables.stocks.rows()
        if covers(row["commodity"], network.commodity)
        or covers(network.commodity, row["commodity"])
    ]


def _tanks(
    kept: Sequence[_Kept], place: Mapping[int, int], classes: Sequence[str], which: str
) -> Tanks:
    """Return stocks or room as arrays."""
    import numpy as np

    tanks = Tanks(np.zeros(len(place)), np.zeros((len(place), len(classes))))
    for row in kept:
        if row.only is None:
            tanks.shared[place[row.node]] += getattr(row, which)
        else:
            tanks.alone[place[row.node], classes.index(row.only)] += getattr(row, which)
    return tanks


def _started(usual: Tanks, room: Tanks, own: Mapping[int, float]) -> tuple[Tanks, Tanks]:
    """Return the stocks at the start, and the room, with own stocks put in."""
    shared, alone, space = usual.shared.copy(), usual.alone.copy(), room.shared.copy()
    for place, amount in own.items():
        shared[place], alone[place] = amount, 0.0
        space[place] = max(space[place], amount)
    return Tanks(shared, alone), Tanks(space, room.alone)
