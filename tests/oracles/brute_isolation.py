"""States, best times and edge-disjoint approaches of towns by plain networkx, from rows.

A closed or missing arc is absent from the graph; parallel roads are parallel edges.
"""

from collections.abc import Callable
from datetime import date
from math import inf
from typing import Any

import networkx as nx

import supplyroutes as sr
from tests.oracles.brute_state import Arc, World, arc_state, lineage, supply_factor


class Brute:
    """The answers of one day, or of the baseline if `day` is None."""

    def __init__(
        self, network: sr.Network, events: sr.Events, day: date | None, commodity: str
    ) -> None:
        self.world = World(network, events, commodity)
        self.tracks = network.view.tracks
        self.share = network.assumptions["strained_capacity_share"].best
        still = {"capacity_factor": 1.0, "delay_h": 0.0, "status": "open"}
        self.state: dict[Arc, dict[str, Any]] = {
            arc: still if day is None else arc_state(self.world, arc, day)
            for arc in self.world.arcs()
        }
        self.sources = {
            row["node"]
            for row in self.world.supply
            if row["commodity"] in lineage(commodity) or commodity in lineage(row["commodity"])
            if row["supply_m3_per_day_best"] > 0
            if day is None or supply_factor(self.world, row["node"], day) > 0
        }

    def drivable(self, arc: Arc) -> bool:
        """Whether a loaded tanker may drive the arc when nothing has happened."""
        road = self.world.roads[arc[0]]
        exists = not road["oneway"] or arc[1] == road["u"]
        good = road["practicability"] >= 6 and road["confidence"] != "low"
        return exists and (good or self.tracks)

    def open(self, arc: Arc) -> bool:
        """Whether anything passes the arc."""
        return self.drivable(arc) and self.state[arc]["capacity_factor"] > 0

    def free(self, arc: Arc) -> bool:
        """Whether lone trucks pass the arc without restriction."""
        state = self.state[arc]
        unrestricted = state["status"] in {"open", "unknown"}
        return self.open(arc) and unrestricted and state["capacity_factor"] >= self.share

    def graph(self, passes: Callable[[Arc], bool]) -> nx.MultiDiGraph:
        """The graph of the arcs that pass, with hours."""
        graph = nx.MultiDiGraph()
        graph.add_nodes_from(self.world.towns)
        for arc in self.world.arcs():
            if passes(arc):
                hours = self.world.base_h(arc[0]) + self.state[arc]["delay_h"]
                graph.add_edge(arc[1], arc[2], key=arc[0], time_h=hours)
        return graph

    def times(self, passes: Callable[[Arc], bool]) -> dict[str, float]:
        """Best hours from any source to every town; infinity if there is no way."""
        graph = self.graph(passes)
        found = dict.fromkeys(self.world.towns, inf)
        for source in self.sources:
            lengths = nx.single_source_dijkstra_path_length(graph, source, weight="time_h")
            for node, hours in lengths.items():
                found[node] = min(found[node], hours)
        return found

    def approaches(self, passes: Callable[[Arc], bool]) -> dict[str, int]:
        """Edge-disjoint paths from the sources: maximum flow with one unit a road."""
        graph = self.graph(passes)
        return {
            node: 0 if node in self.sources else unit_flow(graph, self.sources, node)
            for node in self.world.towns
        }

    def separated(self, cut: set[Arc]) -> set[str]:
        """The towns that no source reaches once the arcs of `cut` are taken out."""
        times = self.times(lambda arc: self.open(arc) and arc not in cut)
        return {node for node, hours in times.items() if hours == inf}


def unit_flow(graph: nx.MultiDiGraph, sources: set[str], target: str) -> int:
    """Maximum flow from the sources with one unit on every arc; parallel arcs add up."""
    simple = nx.DiGraph()
    simple.add_nodes_from(["*", target])
    for tail, head in graph.edges():
        if simple.has_edge(tail, head):
            simple[tail][head]["capacity"] += 1
        else:
            simple.add_edge(tail, head, capacity=1)
    for source in sources:
        simple.add_edge("*", source)  # without a capacity: no limit
    return nx.maximum_flow_value(simple, "*", target) if sources else 0


def town_states(before: Brute, now: Brute) -> dict[str, str]:
    """The state of every town."""
    known, open_, free = before.times(before.open), now.times(now.open), now.times(now.free)
    states = {}
    for node in before.world.towns:
        if free[node] < inf:
            states[node] = "supplied"
        elif open_[node] < inf:
            states[node] = "strained"
        elif known[node] < inf:
            states[node] = "isolated"
        else:
            states[node] = "not_on_network"
    return states
