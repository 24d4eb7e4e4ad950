"""The network as pandas tables and as a networkx graph."""

from __future__ import annotations

from collections.abc import Mapping
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.core import STATUSES, Tables
from supplyroutes.errors import DataError, Problem
from supplyroutes.schema import format_value, table_from_cells, table_schema

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from supplyroutes.network import Network

OPTIONAL_TABLES = ("supply", "demand", "stocks", "limits", "corridors")


def node_frame(network: Network) -> pd.DataFrame:
    """Return the towns with demand, supply, stock and the state of the day."""
    import pandas as pd

    towns = network.tables.towns
    frame = pd.DataFrame(dict(towns.columns)).set_index("node")
    frame["demand_m3_per_day"] = _summed(network, "demand", "demand_m3_per_day_best")
    frame["supply_m3_per_day"] = _summed(network, "supply", "supply_m3_per_day_best")
    frame["stock_m3"] = _summed(network, "stocks", "stock_m3_best")
    frame["storage_m3"] = _summed(network, "stocks", "storage_m3_best")
    frame["supply_factor"] = list(network.state.supply_factor)
    frame["reports"] = list(network.state.node_reports)
    return frame


def _summed(network: Network, table: str, column: str) -> list[float]:
    """Return a figure summed over the rows of each town."""
    index = network.topology.node_index
    total = [0.0] * len(index)
    columns = getattr(network.tables, table).columns
    for node, value in zip(columns["node"], columns[column], strict=True):
        total[index[node]] += value
    return total


def edge_frame(network: Network) -> pd.DataFrame:
    """Return the roads with truck time and whether a loaded tanker may use them."""
    import pandas as pd

    frame = pd.DataFrame(dict(network.tables.roads.columns)).set_index("edge")
    frame["base_time_h"] = network.base_time_h[::2]
    pairs = zip(network.usable[::2], network.usable[1::2], strict=True)
    frame["usable"] = [bool(one or two) for one, two in pairs]
    return frame


def arc_frame(network: Network) -> pd.DataFrame:
    """Return the directions of roads with the state of the day."""
    import pandas as pd

    topology, state = network.topology, network.state
    arcs = range(len(topology.tail))
    return pd.DataFrame(
        {
            "edge": [topology.edge_ids[arc // 2] for arc in arcs],
            "tail": [topology.node_ids[node] for node in topology.tail],
            "head": [topology.node_ids[node] for node in topology.head],
            "usable": [bool(flag) for flag in network.usable],
            "status": [STATUSES[code] for code in state.status],
            "capacity_factor": list(state.capacity_factor),
            "delay_h": list(state.delay_h),
            "loss_prob": list(state.loss_prob),
            "time_h": network.time_h,
            "last_report": [last[1] if last else None for last in state.last_report],
            "last_report_age_days": [age_days(network, arc) for arc in arcs],
            "reports": list(state.reports),
            "delayed_by": list(state.delayed_by),
            "partial": list(state.partial),
        }
    ).set_index(["edge", "tail", "head"])


def age_days(network: Network, arc: int) -> int | None:
    """Return the days since the last report on an arc; None if there is none."""
    last = network.state.last_report[arc]
    return None if last is None or network.at is None else (network.at - last[0]).days


def to_networkx(network: Network) -> nx.MultiDiGraph[str]:
    """Return the arcs as a networkx MultiDiGraph keyed by road id.

    Nodes carry the columns of the towns table, edges those of the roads table (with ``arc``
    "forward" or "backward") and the state of the day: ``passable``, ``time_h``,
    ``capacity_factor``, ``delay_h``, ``loss_prob``, ``status``, ``reports``. A direction
    that does not exist is absent; a closed or impracticable one stays, ``passable=False``.
    """
    import networkx as nx

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(commodity=network.commodity, at=network.at)
    for row in network.tables.towns.rows():
        graph.add_node(row["node"], **row)
    topology, state = network.topology, network.state
    for edge, row in enumerate(network.tables.roads.rows()):
        for arc, way in ((2 * edge, "forward"), (2 * edge + 1, "backward")):
            if not topology.exists[arc]:
                continue
            graph.add_edge(
                topology.node_ids[topology.tail[arc]],
                topology.node_ids[topology.head[arc]],
                key=row["edge"],
                arc=way,
                passable=bool(network.usable[arc] and state.capacity_factor[arc] > 0),
                time_h=network.time_h[arc],
                capacity_factor=state.capacity_factor[arc],
                delay_h=state.delay_h[arc],
                loss_prob=state.loss_prob[arc],
                status=STATUSES[state.status[arc]],
                reports=state.reports[arc],
                **row,
            )
    graph.graph["tables"] = {
        name: list(getattr(network.tables, name).rows()) for name in OPTIONAL_TABLES
    }
    return graph


def tables_from_networkx(graph: nx.Graph[Any]) -> Tables:
    """Return the input tables of a networkx graph.

    A graph written by `to_networkx` gives back the same tables. Any other graph needs
    ``lat`` and ``lon`` on its nodes and ``length_km`` on its edges; other attributes that
    the schemas know are used, unknown ones are refused. In a directed graph an edge whose
    reverse is absent is a one-way road; a node with ``supply_m3_per_day`` is a source.
    """
    import networkx as nx

    stored = graph.graph.get("tables", {})
    optional = {
        name: table_from_cells(
            [_cells(row, name) for row in stored.get(name, [])], name, file=f"networkx:{name}"
        )
        for name in OPTIONAL_TABLES
    }
    problems: list[Problem] = []
    towns = [
        _node_cells(str(node), dict(data), problems)
        for node, data in sorted(graph.nodes(data=True), key=lambda item: str(item[0]))
    ]
    directed = isinstance(graph, nx.DiGraph)
    roads = _road_cells(graph, problems, directed=directed)
    if problems:
        raise DataError(problems)
    if not stored:
        supply = [_supply_cells(str(node), data) for node, data in graph.nodes(data=True)]
        rows = [row for row in supply if row]
        optional["supply"] = table_from_cells(rows, "supply", file="networkx:nodes")
    return Tables(
        towns=table_from_cells(towns, "towns", file="networkx:nodes"),
        roads=table_from_cells(roads, "roads", file="networkx:edges"),
        **optional,
    )


_STATE_ATTRIBUTES = {
    "arc", "passable", "time_h", "capacity_factor", "delay_h", "loss_prob", "status", "reports"
}  # fmt: skip


def _road_cells(
    graph: nx.Graph[Any], problems: list[Problem], *, directed: bool
) -> list[dict[str, str]]:
    """Return the rows of the roads table; the two directions of a road become one row."""
    rows: dict[str, dict[str, str]] = {}
    pending: dict[tuple[str, str, str], str] = {}
    for place, (u, v, data) in enumerate(graph.edges(data=True)):
        given = {name: value for name, value in data.items() if name not in _STATE_ATTRIBUTES}
        tail, head = str(u), str(v)
        if "edge" in given:  # written by to_networkx: the row says all, once a direction
            rows.setdefault(str(given["edge"]), _cells(given, "roads"))
            continue
        signature = repr(sorted((name, repr(value)) for name, value in given.items()))
        twin = pending.pop((head, tail, signature), None) if directed else None
        if twin is not None:
            rows[twin]["oneway"] = "false"
            continue
        edge = _free_id(f"{tail}--{head}", rows)
        given.update(edge=edge, u=tail, v=head, oneway=directed)
        given.setdefault("source", "networkx graph")
        given.setdefault("confidence", "high")
        rows[edge] = _known_cells(given, "roads", f"edge {place}", problems)
        if directed:
            pending[tail, head, signature] = edge
    return [rows[edge] for edge in sorted(rows)]


def _free_id(wanted: str, taken: Mapping[str, object]) -> str:
    """Return `wanted`, numbered if a parallel road has that id."""
    number, name = 1, wanted
    while name in taken:
        number += 1
        name = f"{wanted}--{number}"
    return name


def _node_cells(node: str, data: dict[str, Any], problems: list[Problem]) -> dict[str, str]:
    """Return the row of the towns table for a node."""
    data.pop("supply_m3_per_day", None)
    row = {"name": node, "source": "networkx graph", "confidence": "high", **data, "node": node}
    return _known_cells(row, "towns", f"node {node}", problems)


def _supply_cells(node: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of the supply table for a node that has a supply."""
    supply = data.get("supply_m3_per_day")
    if not supply:
        return {}
    ends = {f"supply_m3_per_day_{end}": _text(float(supply)) for end in ("low", "best", "high")}
    fixed = {"basis": "assumption", "source": "networkx graph", "confidence": "medium"}
    return {"node": node, **fixed, **ends}


def _known_cells(
    row: Mapping[str, Any], table: str, place: str, problems: list[Problem]
) -> dict[str, str]:
    """Return the cells of a row, noting attributes that the schema does not know."""
    known = {column.name for column in table_schema(table)}
    problems += [
        Problem("networkx", None, name, f"{place} has an attribute that {table} do not know")
        for name in row
        if name not in known
    ]
    return _cells(row, table)


def _cells(row: Mapping[str, Any], table: str) -> dict[str, str]:
    """Return a typed row as text cells."""
    cells = {}
    for column in table_schema(table):
        value = row.get(column.name)
        if isinstance(value, (list, set)):
            value = tuple(value)
        cells[column.name] = (
            _text(value) if isinstance(value, float) else format_value(value, column)
        )
    return cells


def _text(number: float) -> str:
    """Return a number as a cell; what is not finite stays visible to the checker."""
    return repr(number) if isfinite(number) else str(number)
