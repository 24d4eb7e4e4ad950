"""What can flow on a day: arcs with capacity, sources with limits, towns with demand."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf

from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.flows.product_shares import ProductShares
from supplyroutes.commodities import covers
from supplyroutes.errors import AssumptionWarning
from supplyroutes.network import Network

STEP_M3_PER_DAY = 1.0
"""By how much a capacity is raised to see what that saves; a fleet by so many m3."""


@dataclass(frozen=True)
class Need:
    """What one class of one town uses in a day."""

    node: int
    demand_class: str
    amount: float


@dataclass(frozen=True)
class Limit:
    """A limit on a weighted sum: of several products on a road or at a source, of all trucks.

    `places` are arcs by their place in the problem, and after them sources; the kind is border,
    road, usual, closed, source or fleet. Amounts are in m3 a day, those of a fleet in m3.
    """

    kind: str
    places: tuple[int, ...]
    weights: tuple[float, ...]
    room: float

    def used(self, flow: Sequence[float]) -> float:
        """Return how much of it a flow uses."""
        pairs = zip(self.weights, self.places, strict=True)
        return fsum(weight * flow[place] for weight, place in pairs)


@dataclass(frozen=True)
class Problem:
    """One day as numbers; arcs are those that fuel may use at all, closed or not.

    `arcs` holds their numbers in the topology; `keep` the share that arrives, `limited_by` what
    the capacity comes from: border, road, usual, closed, or nothing. `served` tells of every
    node whether a path with capacity leads to it from a source that has fuel.

    Of several `products`, each has all nodes and all arcs once more, one product after the other;
    `limits` bind sums over them.
    """

    nodes: int
    arcs: tuple[int, ...]
    tail: tuple[int, ...]
    head: tuple[int, ...]
    keep: tuple[float, ...]
    hours: tuple[float, ...]
    capacity: tuple[float, ...]
    limited_by: tuple[str, ...]
    sources: tuple[int, ...]
    supply: tuple[float, ...]
    needs: tuple[Need, ...]
    off_network: tuple[Need, ...]
    served: bytes
    products: int = 1
    limits: tuple[Limit, ...] = ()

    @property
    def towns(self) -> int:
        """Number of nodes of one product: those of the network."""
        return self.nodes // self.products


def problem_of(
    day: Network,
    usual: Mapping[int, float] | None,
    *,
    losses: bool,
    shares: ProductShares | None = None,
) -> Problem:
    """Return the problem of a day, for the commodity that it shows.

    Parameters
    ----------
    day
        The network on the day.
    usual
        Usual fuel traffic of each road that has some, in m3 a day; None for the undisturbed
        network, where no road is restricted.
    losses
        Whether trucks are lost on the way.
    shares
        How demand recorded for all fuel is split; None to take it whole.
    """
    top = day.topology
    calm = day.undisturbed()
    arcs = tuple(arc for arc in range(len(top.tail)) if day.usable[arc])
    recorded = recorded_capacities(day)
    limits = [_limit(day, arc, recorded, usual) for arc in arcs]
    capacity = [limit for limit, _ in limits]
    loss = day.state.loss_prob
    supply = source_limits(day)
    sources = tuple(sorted(source_limits(calm)))
    keep = tuple(1 - loss[arc] if losses else 1.0 for arc in arcs)
    giving = [source for source in sources if supply.get(source, 0.0) > 0]
    known = reached(top.out_start, top.out_arcs, top.head, day.usable, list(sources))
    needs = needs_of(day, shares)
    return Problem(
        nodes=len(top.node_ids),
        arcs=arcs,
        tail=tuple(top.tail[arc] for arc in arcs),
        head=tuple(top.head[arc] for arc in arcs),
        keep=keep,
        hours=tuple(day.time_h[arc] for arc in arcs),
        capacity=tuple(capacity),
        limited_by=tuple(reason for _, reason in limits),
        sources=sources,
        supply=tuple(supply.get(source, 0.0) for source in sources),
        needs=tuple(need for need in needs if known[need.node]),
        off_network=tuple(need for need in needs if not known[need.node]),
        served=served_from(day, giving, arcs, [
            share > 0 and room > 0 for share, room in zip(keep, capacity, strict=True)
        ]),
    )  # fmt: skip


def served_from(
    day: Network, giving: Sequence[int], arcs: Sequence[int], passes: Sequence[bool]
) -> bytes:
    """Return of every node whether a path over arcs that pass leads to it from these sources."""
    top = day.topology
    passable = bytearray(len(top.tail))
    for arc, passed in zip(arcs, passes, strict=True):
        passable[arc] = passed
    return bytes(reached(top.out_start, top.out_arcs, top.head, passable, list(giving)))


def recorded_capacities(network: Network) -> dict[int, tuple[float, str]]:
    """Return the recorded capacity of each road that has one, and whether the border limits it.

    A limit counts if it is on the commodity or on all of which it is a part; a limit on a part
    does not bind the whole.
    """
    index = network.topology.edge_index
    roads = network.tables.roads.columns
    found = {
        index[edge]: (capacity, "road")
        for edge, capacity in zip(roads["edge"], roads["capacity_m3_per_day"], strict=True)
        if capacity is not None
    }
    for row in network.tables.limits.rows():
        edge, limit = index[row["edge"]], row["limit_m3_per_day_best"]
        if covers(row["commodity"], network.commodity) and limit < found.get(edge, (inf, ""))[0]:
            found[edge] = (limit, "border")
    return found


def _limit(
    day: Network,
    arc: int,
    recorded: Mapping[int, tuple[float, str]],
    usual: Mapping[int, float] | None,
) -> tuple[float, str]:
    """Return the capacity of an arc in m3 a day, and what it comes from.

    The factor takes its share of the recorded capacity; without one, of the usual fuel traffic
    of the road, counted as `least_usual_m3_per_day` at least.
    """
    factor = day.state.capacity_factor[arc]
    if factor <= 0:
        return 0.0, "closed"
    if arc // 2 in recorded:
        capacity, reason = recorded[arc // 2]
        return factor * capacity, reason
    if factor >= 1 or usual is None:
        return inf, ""
    least = day.assumptions["least_usual_m3_per_day"].best
    return factor * max(usual.get(arc // 2, 0.0), least), "usual"


def source_limits(network: Network) -> dict[int, float]:
    """Return what each source of the commodity can send in a day, in m3."""
    index = network.topology.node_index
    amounts: dict[int, list[float]] = {}
    for row in network.tables.supply.rows():
        if meet(row["commodity"], network.commodity):
            node = index[row["node"]]
            factor = network.state.supply_factor[node]
            amounts.setdefault(node, []).append(row["supply_m3_per_day_best"] * factor)
    return {node: total for node, parts in amounts.items() if (total := fsum(parts)) > 0}


def needs_of(network: Network, shares: ProductShares | None = None) -> list[Need]:
    """Return the best estimate of the demand for the commodity, by town and class, in order.

    What is recorded for a whole of which the commodity is a part is split by the shares; without
    any, or where they have none for it, it is taken whole, with a warning.
    """
    index = network.topology.node_index
    amounts: dict[tuple[int, str], list[float]] = {}
    wider: set[str] = set()
    for row in network.tables.demand.rows():
        if meet(row["commodity"], network.commodity) and row["demand_m3_per_day_best"] > 0:
            key = index[row["node"]], row["demand_class"]
            part = 1.0
            if not covers(network.commodity, row["commodity"]):
                split = None
                if shares is not None:
                    split = shares.part(row["demand_class"], row["node"], network.commodity)
                wider |= {row["commodity"]} if split is None else set()
                part = 1.0 if split is None else split
            if part > 0:
                amounts.setdefault(key, []).append(part * row["demand_m3_per_day_best"])
    if wider:
        warnings.warn(
            f"demand is not recorded for {network.commodity} alone: that for "
            f"{', '.join(sorted(wider))} is taken whole",
            AssumptionWarning,
            stacklevel=2,
        )
    return [Need(node, kind, fsum(amounts[node, kind])) for node, kind in sorted(amounts)]


def meet(one: str, other: str) -> bool:
    """Tell whether one commodity is part of the other."""
    return covers(one, other) or covers(other, one)


def by_node(needs: Sequence[Need]) -> dict[int, float]:
    """Return the demand of each town, over its classes."""
    parts: dict[int, list[float]] = {}
    for need in needs:
        parts.setdefault(need.node, []).append(need.amount)
    return {node: fsum(amounts) for node, amounts in parts.items()}
