"""What lies in the tanks of each town, and how much they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum, isfinite

from supplyroutes.commodities import covers
from supplyroutes.errors import RequestError
from supplyroutes.network import Network


@dataclass(frozen=True)
class Tank:
    """Stock at the start and room in all, in m3."""

    stock: float
    storage: float


def tanks_of(network: Network, stock_m3: Mapping[str, float] | None = None) -> dict[int, Tank]:
    """Return the tanks of each town that has any, for the network's commodity.

    Rows of the commodity, of those that it is part of and of its parts count together. A town
    without a row has no tank: it lives from hand to mouth.

    Parameters
    ----------
    network
        The network; the best estimates of its table of stocks are taken.
    stock_m3
        Own stocks by town, in any spelling; they stand instead of those of the table. A stock
        larger than the recorded room shows that there is more room.

    Returns
    -------
    tanks
        By node number.

    Raises
    ------
    UnknownIdError
        There is no such town.
    RequestError
        A stock is not a number from 0 up, or a town is named twice.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.tanks import tanks_of
    >>> network, _ = sr.datasets.toy()
    >>> tanks_of(network, {"East": 900})
    {1: Tank(stock=900.0, storage=900.0)}
    """
    index = network.topology.node_index
    parts: dict[int, list[tuple[float, float]]] = {}
    for row in network.tables.stocks.rows():
        one, other = row["commodity"], network.commodity
        if covers(one, other) or covers(other, one):
            amounts = row["stock_m3_best"], row["storage_m3_best"]
            parts.setdefault(index[row["node"]], []).append(amounts)
    tanks = {
        node: Tank(fsum(stock for stock, _ in rows), fsum(room for _, room in rows))
        for node, rows in sorted(parts.items())
    }
    for node, stock in _own(network, stock_m3 or {}).items():
        tanks[node] = Tank(stock, max(stock, tanks[node].storage if node in tanks else 0.0))
    return tanks


def _own(network: Network, stock_m3: Mapping[str, float]) -> dict[int, float]:
    """Return own stocks by node."""
    own: dict[int, float] = {}
    for name, amount in stock_m3.items():
        node = network.topology.node_index[network.find(name)]
        if not (isfinite(amount) and amount >= 0):
            raise RequestError(f"the stock of {name} is {amount}: a number from 0 up is wanted")
        if node in own:
            raise RequestError(f"the stock of {name} is given twice")
        own[node] = float(amount)
    return own
