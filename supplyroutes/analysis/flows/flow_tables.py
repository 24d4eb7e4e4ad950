"""The tables of a flow: towns, classes, arcs, sources, bottlenecks, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, inf, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.allocation import Shares
from supplyroutes.analysis.flows.bottlenecks import Bottleneck
from supplyroutes.analysis.flows.flow_problem import Need, Problem
from supplyroutes.analysis.flows.flow_products import Terms, cycle_days
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

ASSUMED = (
    "least_usual_m3_per_day", "near_equal_ratio", "near_equal_weight", "driving_day_h",
    "tanker_load_m3",
)  # fmt: skip
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


def tables_of(days: Sequence[Network], terms: Terms, solved: Solved) -> dict[str, Any]:
    """Return the tables and totals of `SupplyFlow`, for the day of each product."""
    day = days[0]
    by_class = _classes(days, solved)
    classes = _with_unmet(_summed(by_class, ["node", "demand_class"]))
    towns = _summed(by_class, ["product", "node"])
    arcs = _edges(days, solved)
    sent = _sources(days, solved)
    edges = _all_edges(days, solved, arcs)
    products = _products(days, solved, towns, (arcs, sent))
    delivered = fsum(products["delivered_m3_per_day"])
    hours = fsum(arcs["flow_m3_per_day"] * arcs["time_h"])
    return {
        "nodes": _nodes(day, solved, towns),
        "classes": classes,
        "edges": edges,
        "sources": _all_sources(day, solved, sent),
        "bottlenecks": _bottlenecks(days, solved),
        "demand_m3_per_day": fsum(products["demand_m3_per_day"]),
        "delivered_m3_per_day": delivered,
        "unmet_m3_per_day": fsum(products["unmet_m3_per_day"]),
        "off_network_m3_per_day": fsum(products["off_network_m3_per_day"]),
        "sent_m3_per_day": fsum(products["sent_m3_per_day"]),
        "lost_m3_per_day": fsum(products["lost_m3_per_day"]),
        "mean_time_h": hours / delivered if delivered > 0 else nan,
        "tankers_in_use": _tankers(days, solved),
        "products": products,
        "product_classes": by_class,
        "product_edges": arcs,
        "product_sources": sent,
        "assumed": _assumed(day, terms, by_class),
    }


def _amount(value: float) -> float:
    """Return an amount; what is but rounding is nothing."""
    return float(value) if value > _ROUNDING else 0.0


def _classes(days: Sequence[Network], solved: Solved) -> pd.DataFrame:
    """Return demand and delivery of every town, class and product.

    Within an item all fare the same.
    """
    import pandas as pd

    problem, ids = solved.problem, days[0].topology.node_ids
    got: dict[Need, float] = dict.fromkeys(problem.off_network, 0.0)
    for item, members, amount in zip(
        solved.shares.items, solved.shares.members, solved.received, strict=True
    ):
        rate = amount / item.amount
        for place in members:
            need = problem.needs[place]
            got[need] = need.amount * rate
    needs = sorted(got, key=lambda need: (need.node % problem.towns, need.demand_class, need.node))
    index = pd.MultiIndex.from_tuples(
        [
            (
                ids[need.node % problem.towns],
                need.demand_class,
                days[need.node // problem.towns].commodity,
            )
            for need in needs
        ],
        names=["node", "demand_class", "product"],
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


def _summed(frame: pd.DataFrame, levels: list[str]) -> pd.DataFrame:
    """Return demand and delivery summed over all but these levels of the index, in their order."""
    columns = ["demand_m3_per_day", "delivered_m3_per_day"]
    return frame[columns].groupby(level=levels, sort=False).sum()


def _with_unmet(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what is missing, and the fill rate where something is used."""
    demand, delivered = frame["demand_m3_per_day"], frame["delivered_m3_per_day"]
    return frame.assign(
        unmet_m3_per_day=demand - delivered, fill_rate=delivered / demand.where(demand > 0)
    )


def _nodes(day: Network, solved: Solved, towns: pd.DataFrame) -> pd.DataFrame:
    """Return demand and delivery of every town, over the products."""
    import pandas as pd

    ids, problem = day.topology.node_ids, solved.problem
    index = pd.Index(ids, name="node")
    sums = _summed(towns, ["node"]).reindex(index, fill_value=0.0)
    frame = _with_unmet(sums)
    off = {ids[need.node % problem.towns] for need in problem.off_network}
    reached = {ids[need.node % problem.towns] for need in problem.needs}
    frame.insert(0, "name", list(day.tables.towns.columns["name"]))
    frame["on_network"] = [node not in off or node in reached for node in ids]
    return frame


def _products(
    days: Sequence[Network],
    solved: Solved,
    towns: pd.DataFrame,
    flows: tuple[pd.DataFrame, pd.DataFrame],
) -> pd.DataFrame:
    """Return the totals of every product, over the towns that it reaches at baseline."""
    import pandas as pd

    problem, ids = solved.problem, days[0].topology.node_ids
    off = {
        (days[need.node // problem.towns].commodity, ids[need.node % problem.towns])
        for need in problem.off_network
    }
    inside = towns[~towns.index.isin(off)]
    arcs, sent = flows
    rows = []
    for day in days:
        name = day.commodity
        whole, part = (of_product(frame, name) for frame in (towns, inside))
        demand, delivered = (fsum(part[f"{key}_m3_per_day"]) for key in ("demand", "delivered"))
        rows.append(
            {
                "product": name,
                "demand_m3_per_day": demand,
                "delivered_m3_per_day": delivered,
                "unmet_m3_per_day": fsum(part["demand_m3_per_day"] - part["delivered_m3_per_day"]),
                "fill_rate": delivered / demand if demand > 0 else nan,
                "off_network_m3_per_day": fsum(whole["demand_m3_per_day"]) - demand,
                "sent_m3_per_day": fsum(of_product(sent, name)["sent_m3_per_day"]),
                "lost_m3_per_day": fsum(of_product(arcs, name)["lost_m3_per_day"]),
            }
        )
    return pd.DataFrame(rows).set_index("product")


def of_product(frame: pd.DataFrame, product: str) -> pd.DataFrame:
    """Return the rows of a product, without its name."""
    rows: pd.DataFrame = frame[frame.index.get_level_values("product") == product]
    return rows.droplevel("product")


# --- roads and sources --------------------------------------------------------------------


def _edges(days: Sequence[Network], solved: Solved) -> pd.DataFrame:
    """Return flow and capacity of every arc for each product; one that it may not use has none."""
    import pandas as pd

    top, problem = days[0].topology, solved.problem
    width = len(problem.arcs) // problem.products
    place = {arc: number for number, arc in enumerate(problem.arcs[:width])}
    names = []
    rows = []
    for number, day in enumerate(days):
        for arc in range(len(top.tail)):
            ends = (top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
            names.append((day.commodity, top.edge_ids[arc // 2], *ends))
            if arc in place:
                at = place[arc] + number * width
                flow, limit = _amount(solved.flow[at]), problem.capacity[at]
                lost = _amount(flow * (1 - problem.keep[at]))
                told = (flow, lost, limit, _share(flow, limit), problem.limited_by[at])
            else:
                told = (0.0, 0.0, 0.0, nan, "unusable")
            rows.append((*told, day.time_h[arc]))
    index = pd.MultiIndex.from_tuples(names, names=["product", "edge", "tail", "head"])
    columns = ["flow_m3_per_day", "lost_m3_per_day", "capacity_m3_per_day", "used_share",
               "limited_by", "time_h"]  # fmt: skip
    return pd.DataFrame(rows, columns=columns, index=index)


def _all_edges(days: Sequence[Network], solved: Solved, arcs: pd.DataFrame) -> pd.DataFrame:
    """Return flow and capacity of every arc over the products."""
    each = [of_product(arcs, day.commodity) for day in days]
    if len(days) == 1:
        return each[0]
    problem = solved.problem
    width = len(problem.arcs) // problem.products
    place = {arc: number for number, arc in enumerate(problem.arcs[:width])}
    held = _held(problem)
    amounts = ["flow_m3_per_day", "lost_m3_per_day"]
    frame = each[0].copy()
    for key in amounts:
        frame[key] = sum(one[key] for one in each)
    rooms, kinds = [], []
    for arc in range(len(frame)):
        columns = (
            [place[arc] + width * number for number in range(len(days))] if arc in place else []
        )
        room = _most_together(problem, held, columns) if columns else 0.0
        found = {problem.limited_by[column] for column in columns} - {"closed"}
        found |= {problem.limits[one].kind for column in columns for one in held.get(column, ())
                  if problem.limits[one].room == room > 0}  # fmt: skip
        kinds.append("" if room == inf else min(found - {""}, default="closed"))
        rooms.append(room)
    kinds = [kind if arc in place else "unusable" for arc, kind in enumerate(kinds)]
    frame["capacity_m3_per_day"], frame["limited_by"] = rooms, kinds
    used = zip(frame["flow_m3_per_day"], rooms, kinds, strict=True)
    frame["used_share"] = [
        nan if kind == "unusable" else _share(flow, room) for flow, room, kind in used
    ]
    hours = sum(one["flow_m3_per_day"] * one["time_h"] for one in each)
    flows = frame["flow_m3_per_day"]
    frame["time_h"] = (hours / flows.where(flows > 0)).fillna(frame["time_h"])
    return frame


def _held(problem: Problem) -> dict[int, list[int]]:
    """Return the limits on sums of products, by arc and source."""
    held: dict[int, list[int]] = {}
    for number, limit in enumerate(problem.limits):
        for place in limit.places if limit.kind != "fleet" else ():
            held.setdefault(place, []).append(number)
    return held


def _most_together(
    problem: Problem, held: Mapping[int, Sequence[int]], columns: Sequence[int]
) -> float:
    """Return the most that all products together can have: each takes what the others left."""
    rooms = (*problem.capacity, *problem.supply)
    taken: dict[int, float] = {}
    for column in columns:
        left = [
            problem.limits[number].room
            - fsum(taken.get(at, 0.0) for at in problem.limits[number].places)
            for number in held.get(column, ())
        ]
        taken[column] = min(rooms[column], *left, inf)
    return fsum(taken.values())


def _share(amount: float, limit: float) -> float:
    """Return which share of a limit is used: none of an infinite one, missing if it is nothing."""
    if limit == inf:
        return 0.0
    return min(1.0, amount / limit) if limit > 0 else nan


def _sources(days: Sequence[Network], solved: Solved) -> pd.DataFrame:
    """Return what each source can send of each product and sends."""
    import pandas as pd

    problem, ids = solved.problem, days[0].topology.node_ids
    sent = [_amount(value) for value in solved.flow[len(problem.arcs) :]]
    index = pd.MultiIndex.from_tuples(
        [(days[node // problem.towns].commodity, ids[node % problem.towns])
         for node in problem.sources],
        names=["product", "node"],
    )  # fmt: skip
    return _sending(days[0], index, problem.supply, sent)


def _sending(
    day: Network, index: pd.Index, limits: Sequence[float], sent: Sequence[float]
) -> pd.DataFrame:
    """Return the table of sources."""
    import pandas as pd

    return pd.DataFrame(
        {
            "name": [day.name(node) for node in index.get_level_values("node")],
            "limit_m3_per_day": list(limits),
            "sent_m3_per_day": list(sent),
            "used_share": [
                _share(amount, limit) for amount, limit in zip(sent, limits, strict=True)
            ],
        },
        index=index,
    )


def _all_sources(day: Network, solved: Solved, by_product: pd.DataFrame) -> pd.DataFrame:
    """Return what each source can send and sends, over the products."""
    import pandas as pd

    problem, held = solved.problem, _held(solved.problem)
    nodes = sorted({node % problem.towns for node in problem.sources})
    columns: dict[int, list[int]] = {node: [] for node in nodes}
    for place, node in enumerate(problem.sources, len(problem.arcs)):
        columns[node % problem.towns].append(place)
    sent = by_product["sent_m3_per_day"].groupby(level="node").sum()
    index = pd.Index([day.topology.node_ids[node] for node in nodes], name="node")
    limits = [_most_together(problem, held, columns[node]) for node in nodes]
    return _sending(day, index, limits, [float(sent[node]) for node in index])


def _tankers(days: Sequence[Network], solved: Solved) -> float:
    """Return how many tankers the flow keeps on the road; missing if they hold nothing."""
    load = days[0].assumptions["tanker_load_m3"].best
    weights = cycle_days(days, solved.problem)
    held = fsum(weight * _amount(flow) for weight, flow in zip(weights, solved.flow, strict=False))
    return held / load if load > 0 else nan


# --- what holds back ----------------------------------------------------------------------


def _bottlenecks(days: Sequence[Network], solved: Solved) -> pd.DataFrame:
    """Return the limits that hold back, with names; what saves most comes first."""
    import pandas as pd

    rows = [_bottleneck(days, solved.problem, found) for found in solved.cut]
    rows.sort(key=lambda row: (-row[5], *(str(cell) for cell in row[:4]), row[6]))
    columns = ["kind", "id", "tail", "head", "capacity_m3_per_day", "saved_ratio", "products"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame if len(days) > 1 else frame.drop(columns="products")


def _bottleneck(
    days: Sequence[Network], problem: Problem, found: Bottleneck
) -> tuple[str, str, str | None, str | None, float, float, tuple[str, ...]]:
    """Return the row of a bottleneck."""
    top, saved = days[0].topology, round(found.saved, 6)
    if found.kind == "fleet":
        return found.kind, found.kind, None, None, nan, saved, tuple(day.commodity for day in days)
    places = (
        problem.limits[found.limit].places
        if found.limit is not None
        else (found.arc if found.arc is not None else len(problem.arcs) + (found.source or 0),)
    )
    if places[0] < len(problem.arcs):
        width = len(problem.arcs) // problem.products
        arc = problem.arcs[places[0]]
        bound = [place // width for place in places]
        tail, head = top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]]
        told: tuple[str, str, str | None, str] = (found.kind, top.edge_ids[arc // 2], tail, head)
    else:
        nodes = [problem.sources[place - len(problem.arcs)] for place in places]
        bound = [node // problem.towns for node in nodes]
        name = top.node_ids[nodes[0] % problem.towns]
        told = (found.kind, name, None, name)
    return *told, found.capacity, saved, tuple(days[number].commodity for number in bound)


def _assumed(day: Network, terms: Terms, by_class: pd.DataFrame) -> pd.DataFrame:
    """Return the assumptions in use, and the shares of products in what the classes use."""
    import pandas as pd

    entries = [day.assumptions[key] for key in ASSUMED]
    rows = [(entry.key, entry.best, entry.unit, entry.reason, entry.source) for entry in entries]
    if terms.shares is not None:
        products = set(by_class.index.get_level_values("product"))
        rows += [
            (f"share.{row['demand_class']}.{row['node']}.{row['product']}", row["share_best"],
             "share", row["reason"], row["source"])
            for row in terms.shares.table.rows()
            if row["product"] in products
        ]  # fmt: skip
    return pd.DataFrame(rows, columns=["key", "value", "unit", "reason", "source"]).set_index("key")
