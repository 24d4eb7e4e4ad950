"""Supply after each loss of a road, by networkx: the graph is built and searched anew each time."""

from collections.abc import Iterable, Sequence

import networkx as nx

import supplyroutes as sr
from tests.oracles.brute_explanation import arcs, sources


def graph_without(day: sr.Network, lost: Iterable[str]) -> nx.MultiDiGraph:
    """The open directions of the roads that are left, from a node that leads to all sources."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(day.topology.node_ids)
    gone = set(lost)
    hours = day.arcs["time_h"]
    for road, tail, head in arcs(day, free=False):
        if road not in gone:
            graph.add_edge(tail, head, key=road, hours=hours[(road, tail, head)])
    for town in sources(day):
        graph.add_edge("sea", town, key="sea", hours=0.0)
    graph.add_node("sea")
    return graph


def supplied(day: sr.Network, weights: dict[str, float], lost: Iterable[str]) -> float:
    """What is joined to a source when these roads are lost."""
    joined = nx.descendants(graph_without(day, lost), "sea")
    return sum(weights.get(town, 0) for town in joined)


def shares(day: sr.Network, weights: dict[str, float], order: Sequence[str]) -> list[float]:
    """The share supplied after each number of roads lost; 0 where nothing counts."""
    total = sum(weights.values())
    return [
        supplied(day, weights, order[:count]) / total if total else 0.0
        for count in range(len(order) + 1)
    ]


def carried(
    day: sr.Network, weights: dict[str, float], lost: Iterable[str]
) -> dict[str, float] | None:
    """What comes over each road if every town is served on its best way; None if that is open."""
    graph = graph_without(day, lost)
    hours, paths = nx.single_source_dijkstra(graph, "sea", weight="hours")
    into: dict[str, list[str]] = {town: [] for town in hours}
    for tail, town, road, took in graph.edges(keys=True, data="hours"):
        if tail in hours and abs(hours[tail] + took - hours[town]) < 1e-9:
            into[town].append(road)
    if any(len(roads) > 1 for roads in into.values()):
        return None
    loads: dict[str, float] = {}
    for town, path in paths.items():
        for passed in path[2:]:
            road = into[passed][0]
            loads[road] = loads.get(road, 0) + weights.get(town, 0)
    return loads
