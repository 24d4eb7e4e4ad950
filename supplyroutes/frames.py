"""The network as pandas tables and as a networkx graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from supplyroutes.cells import format_value
from supplyroutes.core import CLOSED, STATUSES, Tables
from supplyroutes.displays import html
from supplyroutes.errors import DataError, Problem
from supplyroutes.schema import table_from_cells, table_schema

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd

    from supplyroutes.network import Network

UNFIT = "not for loaded tankers"
OPTIONAL_TABLES = ("supply", "demand", "stocks", "limits", "corridors", "regions")


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


def road_states(network: Network) -> list[str | None]:
    """Return the state of each road in its worse direction; None if tankers cannot use it."""
    usable, state = network.usable, network.state
    found: list[str | None] = []
    for edge in range(len(network.topology.edge_ids)):
        codes = [
            CLOSED if state.capacity_factor[arc] == 0 else state.status[arc]
            for arc in (2 * edge, 2 * edge + 1)
            if usable[arc]
        ]
        found.append(STATUSES[max(codes)] if codes else None)
    return found


def network_html(network: Network) -> str:
    """Return roads by state, sources and the largest users as tables for notebooks."""
    import pandas as pd

    lengths = network.tables.roads.columns["length_km"]
    told = pd.DataFrame({"state": road_states(network), "length_km": lengths})
    told["state"] = told["state"].fillna(UNFIT)
    by_state = told.groupby("state").agg(
        roads=("length_km", "size"), length_km=("length_km", "sum")
    )
    order = [state for state in (*STATUSES, UNFIT) if state in by_state.index]
    towns = network.nodes
    supply = towns.loc[
        [network.topology.node_ids[node] for node in network.sources()],
        ["name", "country", "supply_m3_per_day"],
    ]
    users = towns.loc[
        towns["demand_m3_per_day"] > 0, ["name", "population", "demand_m3_per_day", "stock_m3"]
    ]
    return html(
        repr(network)[1:-1],
        ("Roads by their worse direction (.edges, .arcs)", by_state.loc[order]),
        ("Where it comes from (.nodes)", supply),
        ("The largest users (.nodes)", users.nlargest(5, "demand_m3_per_day")),
    )


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

    A graph written by `to_networkx` gives back the same tables; it is refused if it was
    changed so that the two directions of a road no longer tell the same. Any other graph
    needs ``lat`` and ``lon`` on its nodes and ``length_km`` on its edges; other attributes
    that the schemas know are used, unknown ones are refused. In a directed graph an edge
    whose reverse is absent, or differs, is a one-way road; a node with
    ``supply_m3_per_day`` is a source.
    """
    problems: list[Problem] = []
    stored = graph.graph.get("tables", {})
    cells = {name: [_cells(row, name) for row in stored.get(name, [])] for name in OPTIONAL_TABLES}
    nodes = [
        (str(node), dict(data))
        for node, data in sorted(graph.nodes(data=True), key=lambda item: str(item[0]))
    ]
    cells["supply"] += [row for node, data in nodes if (row := _supply_cells(node, data))]
    cells["towns"] = [_node_cells(node, data, problems) for node, data in nodes]
    cells["roads"] = _road_cells(graph, problems)
    tables = {}
    for name, rows in cells.items():
        try:
            tables[name] = table_from_cells(rows, name, file=f"networkx:{name}")
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return Tables(**tables)


_STATE_ATTRIBUTES = {
    "arc", "passable", "time_h", "capacity_factor", "delay_h", "loss_prob", "status", "reports"
}  # fmt: skip
_TOLD_BY_GRAPH = ("u", "v", "oneway")


def _road_cells(graph: nx.Graph[Any], problems: list[Problem]) -> list[dict[str, str]]:
    """Return the rows of the roads table; the two directions of a road become one row."""
    written: dict[str, dict[str, dict[str, str]]] = {}
    plain = []
    for u, v, data in graph.edges(data=True):
        place = f"edge {str(u)!a} to {str(v)!a}"
        if "arc" not in data:
            plain.append((str(u), str(v), _plain_cells(data, place, problems)))
            continue
        given = {name: value for name, value in data.items() if name not in _STATE_ATTRIBUTES}
        row = _known_cells(given, "roads", place, problems)
        ends = (row["u"], row["v"]) if data["arc"] == "forward" else (row["v"], row["u"])
        if ends != (str(u), str(v)):
            problems.append(Problem("networkx", None, "arc", f"{place} is not its road's u and v"))
        written.setdefault(row["edge"], {})[str(data["arc"])] = row
    rows = [_one_row(edge, ways, problems) for edge, ways in written.items()]
    return _with_ids([*rows, *_paired(plain, directed=graph.is_directed())])


def _one_row(
    edge: str, ways: Mapping[str, dict[str, str]], problems: list[Problem]
) -> dict[str, str]:
    """Return the one row that both directions of a road written by `to_networkx` tell."""
    row, *others = ways.values()
    told = {"forward"} if row["oneway"] == "true" else {"forward", "backward"}
    if any(other != row for other in others):
        problems.append(Problem("networkx", None, "arc", f"the directions of {edge!a} differ"))
    elif set(ways) != told:
        message = f"{edge!a} should have the directions {', '.join(sorted(told))}; correct oneway"
        problems.append(Problem("networkx", None, "arc", message))
    return row


def _plain_cells(data: Mapping[str, Any], place: str, problems: list[Problem]) -> dict[str, str]:
    """Return the cells that an edge of any graph tells of its road; not yet its ends."""
    problems += [
        Problem("networkx", None, name, f"{place}: the graph itself tells this; take it out")
        for name in _TOLD_BY_GRAPH
        if name in data
    ]
    row = {"source": "networkx graph", "confidence": "high", **data}
    return _known_cells(row, "roads", place, problems)


def _paired(
    edges: Iterable[tuple[str, str, dict[str, str]]], *, directed: bool
) -> list[dict[str, str]]:
    """Return one row a road: an edge and its equal in the other direction are one road."""
    rows = []
    waiting: dict[tuple[str, ...], list[dict[str, str]]] = {}
    for tail, head, cells in edges:
        twins = waiting.get((head, tail, *cells.values()))
        if twins:
            twins.pop()["oneway"] = "false"
            continue
        row = {**cells, "u": tail, "v": head, "oneway": "true" if directed else "false"}
        rows.append(row)
        if directed:
            waiting.setdefault((tail, head, *cells.values()), []).append(row)
    return rows


def _with_ids(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows with an id each: its own, or its ends, numbered if that is taken."""
    taken = {row["edge"] for row in rows}
    for row in rows:
        if not row["edge"]:
            number, name = 1, f"{row['u']}--{row['v']}"
            while name in taken:
                number += 1
                name = f"{row['u']}--{row['v']}--{number}"
            row["edge"] = name
            taken.add(name)
    return rows


def _node_cells(node: str, data: Mapping[str, Any], problems: list[Problem]) -> dict[str, str]:
    """Return the row of the towns table for a node."""
    told = {name: value for name, value in data.items() if name != "supply_m3_per_day"}
    row = {"name": node, "source": "networkx graph", "confidence": "high", **told, "node": node}
    return _known_cells(row, "towns", f"node {node!a}", problems)


def _supply_cells(node: str, data: Mapping[str, Any]) -> dict[str, str]:
    """Return the row of the supply table for a node that has a supply."""
    supply = data.get("supply_m3_per_day")
    if supply is None or supply == 0:
        return {}
    ends = {f"supply_m3_per_day_{end}": supply for end in ("low", "best", "high")}
    fixed = {"basis": "assumption", "source": "networkx graph", "confidence": "medium"}
    return _cells({"node": node, **fixed, **ends}, "supply")


def _known_cells(
    row: Mapping[str, Any], table: str, place: str, problems: list[Problem]
) -> dict[str, str]:
    """Return the cells of a row, noting attributes that the schema does not know."""
    known = {column.name for column in table_schema(table)}
    problems += [
        Problem("networkx", None, ascii(name)[1:-1], f"{place}: {table} do not know this attribute")
        for name in map(str, row)
        if name not in known
    ]
    return _cells(row, table)


def _cells(row: Mapping[str, Any], table: str) -> dict[str, str]:
    """Return a typed row as text cells."""
    return {
        column.name: format_value(_plain_value(row.get(column.name)), column)
        for column in table_schema(table)
    }


def _plain_value(value: Any) -> Any:
    """Return the value of an attribute as the tables hold it: no list, set or numpy scalar."""
    if isinstance(value, (set, frozenset)):
        return tuple(sorted(value, key=str))
    if isinstance(value, list):
        return tuple(value)
    return value.item() if hasattr(value, "item") else value
