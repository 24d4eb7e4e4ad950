"""States of all towns on a day, with a path or a cut for each: ours beside networkx.

Mali case, 15 October 2025. Both give the state of every town, its best time, a path for a supplied
or strained town, and the cut of a strained or isolated one. Answers are checked equal before
anything is timed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import networkx as nx
from measure import Row, median_ms

import supplyroutes as sr
from supplyroutes.analysis.isolation import STATES, _Reading, free_arcs, passable_arcs
from supplyroutes.network import Network

DAY = "2025-10-15"
MARK_MS = 10
REPEATS, PEER_REPEATS = 200, 40
Graph = nx.DiGraph


@dataclass(frozen=True)
class Answer:
    """What both sides compute: by town its state, best time, path and cut."""

    state: dict[str, str]
    time: dict[str, float]
    path: dict[str, list[str]]
    cut: dict[str, frozenset[tuple[str, str]]]


# --- the peer ------------------------------------------------------------------------------------


def whole_graph(network: Network) -> Graph:
    """Return all arcs of the case as a DiGraph with times (it has no parallel roads)."""
    top, ids = network.topology, network.topology.node_ids
    graph = nx.DiGraph()
    graph.add_nodes_from(ids)
    graph.add_weighted_edges_from(
        (
            (ids[tail], ids[head], time)
            for tail, head, time, there in zip(
                top.tail, top.head, network.time_h, top.exists, strict=True
            )
            if there
        ),
        weight="time",
    )
    assert graph.number_of_edges() == sum(top.exists)
    return graph


def part(graph: Graph, arcs: set[tuple[str, str]]) -> Graph:
    """Return the arcs that pass, as a graph of its own: networkx searches it faster than a view."""
    built = nx.DiGraph()
    built.add_nodes_from(graph)
    built.add_edges_from((u, v, graph[u][v]) for u, v in arcs)
    return built


def view(graph: Graph, arcs: set[tuple[str, str]]) -> Graph:
    """Return the arcs that pass, as a view: nothing is copied."""
    return nx.subgraph_view(graph, filter_edge=lambda u, v: (u, v) in arcs)


@dataclass(frozen=True)
class Peer:
    """What networkx starts from: graphs of the two days, and which arcs pass."""

    today: Graph
    before: Graph
    usable: set[tuple[str, str]]
    passable: set[tuple[str, str]]
    free: set[tuple[str, str]]
    sources: list[str]
    sources_before: list[str]

    def answer(self, how: Callable[[Graph, set[tuple[str, str]]], Graph]) -> Answer:
        """Compute everything with networkx alone."""
        open_ = how(self.today, self.passable)
        free = how(self.today, self.free)
        before = how(self.before, self.usable)
        known, _ = nx.multi_source_dijkstra(before, self.sources_before, weight="time")
        time, path = nx.multi_source_dijkstra(open_, self.sources, weight="time")
        free_time, free_path = nx.multi_source_dijkstra(free, self.sources, weight="time")
        state, paths, cuts = {}, {}, {}
        for node in self.today:
            if node in free_time:
                state[node], paths[node] = "supplied", free_path[node]
            elif node in time:
                state[node], paths[node] = "strained", path[node]
            else:
                state[node] = "isolated" if node in known else "not_on_network"
        for word, graph in (("strained", free), ("isolated", open_)):
            if word not in state.values():
                continue
            for pocket in nx.strongly_connected_components(graph):
                towns = [node for node in pocket if state[node] == word]
                if towns:
                    inside = pocket | nx.ancestors(graph, towns[0])
                    fed = self.fed_outside(before, inside)
                    cut = frozenset((u, v) for u, v in self.usable if v in inside and u in fed)
                    cuts.update(dict.fromkeys(towns, cut))
        return Answer(state, time, paths, cuts)

    def fed_outside(self, before: Graph, inside: set[str]) -> set[str]:
        """Return the towns that sources outside a set feed at baseline without crossing it."""
        sources = set(self.sources_before) - inside
        outside = before.subgraph(set(before) - inside)
        return set(nx.multi_source_dijkstra_path_length(outside, sources)) if sources else set()


def peer_of(network: Network, day: Network) -> Peer:
    """Prepare the graphs: not timed, as our topology is not."""
    top, ids = day.topology, day.topology.node_ids

    def named(flags: bytearray) -> set[tuple[str, str]]:
        return {(ids[top.tail[a]], ids[top.head[a]]) for a, flag in enumerate(flags) if flag}

    return Peer(
        today=whole_graph(day),
        before=whole_graph(network),
        usable=named(passable_arcs(network)),
        passable=named(passable_arcs(day)),
        free=named(free_arcs(day)),
        sources=[ids[node] for node in day.sources()],
        sources_before=[ids[node] for node in network.sources()],
    )


# --- ours ------------------------------------------------------------------------------------


def our_answer(network: Network, day: Network) -> Answer:
    """Return our answers in the words of the peer."""
    reading = _Reading(day, network)
    top, ids = day.topology, day.topology.node_ids
    time, paths, cuts = {}, {}, {}
    for place, node in enumerate(ids):
        if reading.best[2][place] >= 0:
            time[node] = reading.best[0][place]
        arcs = reading.path_arcs[place]
        if reading.states[place] in (0, 1):
            start = top.tail[arcs[0]] if arcs else place
            paths[node] = [ids[start], *(ids[top.head[arc]] for arc in arcs)]
        if reading.states[place] in (1, 2):
            cuts[node] = frozenset(
                (ids[top.tail[a]], ids[top.head[a]]) for a in reading.cuts[place]
            )
    state = {node: STATES[code] for node, code in zip(ids, reading.states, strict=True)}
    return Answer(state, time, paths, cuts)


def check(ours: Answer, theirs: Answer, graph: Graph) -> None:
    """Refuse to time answers that differ."""
    assert ours.state == theirs.state
    assert ours.cut == theirs.cut
    assert ours.time.keys() == theirs.time.keys()
    for node, time in ours.time.items():
        assert abs(time - theirs.time[node]) <= 1e-9
    assert ours.path.keys() == theirs.path.keys()
    for node, path in ours.path.items():  # equal times may have several paths
        mine, other = (nx.path_weight(graph, way, "time") for way in (path, theirs.path[node]))
        assert abs(mine - other) <= 1e-9


def check_day(network: Network, day: Network) -> Peer:
    """Compare our answers of a day with those of networkx; return the peer, ready to be timed."""
    peer = peer_of(network, day)
    ours = our_answer(network, day)
    for how in (part, view):
        check(ours, peer.answer(how), peer.today)
    return peer


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at=DAY)
    peer = check_day(network, day)

    part_ms = median_ms(partial(peer.answer, part), repeats=PEER_REPEATS)
    view_ms = median_ms(partial(peer.answer, view), repeats=PEER_REPEATS)
    anew_ms = median_ms(lambda: peer_of(network, day).answer(part), repeats=PEER_REPEATS)
    kernels = median_ms(partial(_Reading, day, network), repeats=REPEATS)
    tables = median_ms(
        partial(sr.isolation, day, baseline=network, approaches=False), repeats=REPEATS
    )
    whole = median_ms(partial(sr.isolation, day, baseline=network), repeats=REPEATS)
    snapshot = median_ms(partial(sr.disrupt, network, events, at=DAY), repeats=REPEATS // 4)
    mark = f"< {MARK_MS} ms"
    return [
        Row("states, paths, cuts: kernels only", kernels, "networkx, graphs copied", part_ms,
            mark, kernels < MARK_MS),
        Row("the same, networkx by views", kernels, "networkx, subgraph views", view_ms, "", None),
        Row("the same, networkx builds its graphs of the day", kernels, "networkx, from our arrays",
            anew_ms, "", None),
        Row("the same with result tables: `isolation(..., approaches=False)`", tables,
            "networkx, graphs copied (no tables)", part_ms, mark, tables < MARK_MS),
        Row("`isolation(...)` with approaches of every town", whole, "", None, "", None),
        Row("`disrupt(...)`: reports to the state of the day", snapshot, "", None, "", None),
    ]  # fmt: skip
