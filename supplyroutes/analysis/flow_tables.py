"""The tables of a flow: towns, classes, arcs, sources, bottlenecks, assumptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, inf, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.allocation import Shares
from supplyroutes.analysis.bottlenecks import Bottleneck
from supplyroutes.analysis.flow_problem import Need, Problem
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

ASSUMED = ("least_usual_m3_per_day", "near_equal_ratio", "near_equal_weight")
_ROUNDING = 1e-6
"""Less than a hundredth of a litre a day is rounding of the solver."""


@dataclass(frozen=True)
class Solved:
    """A flow in numbers: by arc and source, and what each item receives, in m3 a day."""

    problem: Problem
    shares: Shares
    flow: Sequence[float]
    received: Sequence[float]
    cut: Sequence[Bottleneck]


def tables_of(day: Network, solved: Solved) -> dict[str, Any]:
    """Return the tables and totals of `SupplyFlow`."""
    classes = _classes(day, solved)
    nodes = _nodes(day, solved, classes)
    edges = _edges(day, solved)
    sources = _sources(day, solved)
    inside = nodes[nodes["on_network"]]
    demand = fsum(inside["demand_m3_per_day"])
    delivered = fsum(inside["delivered_m3_per_day"])
    hours = fsum(edges["flow_m3_per_day"] * edges["time_h"])
    return {
        "nodes": nodes,
        "classes": classes,
        "edges": edges,
        "sources": sources,
        "bottlenecks": _bottlenecks(day, solved),
        "demand_m3_per_day": demand,
        "delivered_m3_per_day": delivered,
        "unmet_m3_per_day": fsum(inside["unmet_m3_per_day"]),
        "off_network_m3_per_day": fsum(nodes["demand_m3_per_day"]) - demand,
        "sent_m3_per_day": fsum(sources["sent_m3_per_day"]),
        "lost_m3_per_day": fsum(edges["lost_m3_per_day"]),
        "mean_time_h": hours / delivered if delivered > 0 else nan,
        "assumed": used_assumptions(day, ASSUMED),
    }


def _amount(value: float) -> float:
    """Return an amount; what is but rounding is nothing."""
    return float(value) if value > _ROUNDING else 0.0


def _classes(day: Network, solved: Solved) -> pd.DataFrame:
    """Return demand and delivery of every town and class; within an item all fare the same."""
    import pandas as pd

    got: dict[Need, float] = dict.fromkeys(solved.problem.off_network, 0.0)
    for item, members, amount in zip(
        solved.shares.items, solved.shares.members, solved.received, strict=True
    ):
        rate = amount / item.amount
        for place in members:
            need = solved.problem.needs[place]
            got[need] = need.amount * rate
    needs = sorted(got, key=lambda need: (need.node, need.demand_class))
    ids = day.topology.node_ids
    index = pd.MultiIndex.from_tuples(
        [(ids[need.node], need.demand_class) for need in needs], names=["node", "demand_class"]
    )
    frame = pd.DataFrame(
        {
            "demand_m3_per_day": [need.amount for need in needs],
            "delivered_m3_per_day": [
                need.amount if got[need] > need.amount - _ROUNDING else _amount(got[need])
                for need in needs
            ],
        },
        index=index,
        dtype=float,
    )
    return _with_unmet(frame)


def _with_unmet(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what is missing, and the fill rate where something is used."""
    demand, delivered = frame["demand_m3_per_day"], frame["delivered_m3_per_day"]
    return frame.assign(
        unmet_m3_per_day=demand - delivered, fill_rate=delivered / demand.where(demand > 0)
    )


def _nodes(day: Network, solved: Solved, classes: pd.DataFrame) -> pd.DataFrame:
    """Return demand and delivery of every town."""
    import pandas as pd

    ids = day.topology.node_ids
    index = pd.Index(ids, name="node")
    columns = ["demand_m3_per_day", "delivered_m3_per_day"]
    sums = classes[columns].groupby(level="node").sum().reindex(index, fill_value=0.0)
    frame = _with_unmet(sums)
    off = {ids[need.node] for need in solved.problem.off_network}
    frame.insert(0, "name", list(day.tables.towns.columns["name"]))
    frame["on_network"] = [node not in off for node in ids]
    return frame


def _edges(day: Network, solved: Solved) -> pd.DataFrame:
    """Return flow and capacity of every arc; one that fuel may not use at all has none."""
    import pandas as pd

    top, problem = day.topology, solved.problem
    place = {arc: number for number, arc in enumerate(problem.arcs)}
    names = []
    rows = []
    for arc in range(len(top.tail)):
        ends = (top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
        names.append((top.edge_ids[arc // 2], *ends))
        if arc in place:
            at = place[arc]
            flow, limit = _amount(solved.flow[at]), problem.capacity[at]
            lost = _amount(flow * (1 - problem.keep[at]))
            rows.append((flow, lost, limit, _share(flow, limit), problem.limited_by[at]))
        else:
            rows.append((0.0, 0.0, 0.0, nan, "unusable"))
    index = pd.MultiIndex.from_tuples(names, names=["edge", "tail", "head"])
    columns = ["flow_m3_per_day", "lost_m3_per_day", "capacity_m3_per_day", "used_share",
               "limited_by"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, index=index).assign(time_h=day.time_h)


def _share(amount: float, limit: float) -> float:
    """Return which share of a limit is used: none of an infinite one, missing if it is nothing."""
    if limit == inf:
        return 0.0
    return min(1.0, amount / limit) if limit > 0 else nan


def _sources(day: Network, solved: Solved) -> pd.DataFrame:
    """Return what each source can send and sends."""
    import pandas as pd

    problem = solved.problem
    sent = [_amount(value) for value in solved.flow[len(problem.arcs) :]]
    ids = [day.topology.node_ids[node] for node in problem.sources]
    return pd.DataFrame(
        {
            "name": [day.name(node) for node in ids],
            "limit_m3_per_day": list(problem.supply),
            "sent_m3_per_day": sent,
            "used_share": [
                _share(amount, limit) for amount, limit in zip(sent, problem.supply, strict=True)
            ],
        },
        index=pd.Index(ids, name="node"),
    )


def _bottlenecks(day: Network, solved: Solved) -> pd.DataFrame:
    """Return the cut, with names; what saves most comes first."""
    import pandas as pd

    top, problem = day.topology, solved.problem
    rows = []
    for found in solved.cut:
        if found.arc is not None:
            arc = problem.arcs[found.arc]
            ends = (top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
            place: tuple[str, str, str | None, str] = (found.kind, top.edge_ids[arc // 2], *ends)
        else:
            node = top.node_ids[problem.sources[found.source or 0]]
            place = (found.kind, node, None, node)
        rows.append((*place, found.capacity, round(found.saved, 6)))
    rows.sort(key=lambda row: (-row[-1], row[0], row[1], row[3]))
    columns = ["kind", "id", "tail", "head", "capacity_m3_per_day", "saved_ratio"]
    return pd.DataFrame(rows, columns=columns)
