"""What removals cost by networkx: take it out of the graph, search everything anew.

A road that does not pass is absent; parallel roads are parallel edges; a town that is cut off
has no time.
"""

from math import inf

import networkx as nx

import supplyroutes as sr


class Brute:
    """One day as a networkx graph, with demand and people of its towns."""

    def __init__(self, day: sr.Network) -> None:
        whole = day.to_networkx()
        self.graph = nx.MultiDiGraph()
        self.graph.add_nodes_from(whole)
        self.graph.add_edges_from(
            (tail, head, road, {"time_h": row["time_h"]})
            for tail, head, road, row in whole.edges(keys=True, data=True)
            if row["passable"]
        )
        self.sources = {day.topology.node_ids[node] for node in day.sources()}
        self.demand = day.nodes["demand_m3_per_day"].fillna(0).to_dict()
        self.people = day.nodes["population"].fillna(0).to_dict()
        self.corridors = {row["corridor"]: row["edges"] for row in day.tables.corridors.rows()}
        self.before = self.times(self.graph, self.sources)

    def times(self, graph, sources):
        """Best hours from any source to every town that is reached."""
        starts = sources & set(graph)
        return (
            nx.multi_source_dijkstra_path_length(graph, starts, weight="time_h") if starts else {}
        )

    def things(self, of):
        """Ids of what can be removed."""
        roads = {road for _, _, road in self.graph.edges(keys=True)}
        if of == "roads":
            return sorted(roads)
        if of == "corridors":
            return sorted(name for name, edges in self.corridors.items() if roads & set(edges))
        if of == "terminals":
            return sorted(self.sources)
        return sorted(
            town for town in self.graph if self.graph.degree(town) or town in self.sources
        )

    def without(self, of, *names):
        """Best hours once some things are removed."""
        graph, sources = self.graph.copy(), set(self.sources)
        if of == "terminals":
            sources -= set(names)
        elif of == "towns":
            graph.remove_nodes_from(names)
        else:
            gone = {road for name in names for road in self.corridors.get(name, ())}
            gone = set(names) if of == "roads" else gone
            graph.remove_edges_from([arc for arc in self.graph.edges(keys=True) if arc[2] in gone])
        return self.times(graph, sources)

    def wanted(self):
        """Towns that are reached before, and use fuel or have people."""
        return [town for town in self.before if self.demand[town] > 0 or self.people[town] > 0]

    def cost(self, of, *names):
        """Demand x hours later, demand, people and towns cut off."""
        after = self.without(of, *names)
        cut = [town for town in self.wanted() if town not in after]
        late = sum(
            self.demand[town] * (after[town] - self.before[town])
            for town in self.wanted()
            if town in after
        )
        return (
            late,
            sum(self.demand[town] for town in cut),
            sum(self.people[town] for town in cut),
            len(cut),
        )

    def exposure(self, of):
        """By town the hours later of each thing that delays it, and how many cut it off."""
        later = {town: {} for town in self.wanted()}
        cuts = dict.fromkeys(self.wanted(), 0)
        for name in self.things(of):
            after = self.without(of, name)
            for town in self.wanted():
                if town in after:
                    later[town][name] = after[town] - self.before[town]
                else:
                    cuts[town] += 1
        return later, cuts

    def betweenness(self):
        """Demand on every road and through every town: all best paths, by trying every path."""
        on_road = dict.fromkeys(self.things("roads"), 0.0)
        through = dict.fromkeys(self.graph, 0.0)
        from_source = dict.fromkeys(self.sources, 0.0)
        for town in self.before:
            if self.demand[town] == 0:
                continue
            paths = list(self._best_paths(town))
            part = self.demand[town] / len(paths)
            for source, path in paths:
                from_source[source] += part
                for tail, _, road in path:
                    on_road[road] += part
                    through[tail] += part
        return on_road, through, from_source

    def _best_paths(self, town):
        """Every simple path of arcs from a source that takes the best time."""
        for source in self.sources:
            if source == town:
                yield source, []
                continue
            for path in nx.all_simple_edge_paths(self.graph, source, town):
                hours = sum(self.graph.edges[arc]["time_h"] for arc in path)
                if abs(hours - self.before.get(town, inf)) < 1e-9:
                    yield source, path
