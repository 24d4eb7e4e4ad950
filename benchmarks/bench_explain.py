"""The explanation of one town on the Mali case, beside networkx for the parts that it has.

networkx gives the size of the minimum cut of a strained town and the dominators of a supplied one;
smallest sets of reports to lift and Shapley values it does not have. Answers are checked equal.
"""

from functools import partial

import networkx as nx
from measure import Row, median_ms

import supplyroutes as sr
from supplyroutes.analysis.isolation import free_arcs, passable_arcs
from supplyroutes.network import Network

DAY = "2025-10-15"
STRAINED, SUPPLIED = "bamako", "gao"
MARK_MS, SHARES_MARK_MS = 50, 1000
REPEATS, PEER_REPEATS = 60, 15


def graph_of(network: Network, passes: bytearray, limited: bytearray | None) -> nx.DiGraph:
    """Return the arcs that pass, each with a node of its own; limited ones have capacity 1."""
    top = network.topology
    graph = nx.DiGraph()
    for arc in range(len(top.tail)):
        if passes[arc]:
            limit = {"capacity": 1} if limited and limited[arc] else {}
            graph.add_edge(top.tail[arc], ("arc", arc), **limit)
            graph.add_edge(("arc", arc), top.head[arc])
    graph.add_edges_from(("source", node) for node in network.sources())
    return graph


def peer_cut(network: Network, day: Network) -> int:
    """Return the fewest blocked arcs that cut the strained town from every source."""
    blocked = bytearray(not free for free in free_arcs(day))
    graph = graph_of(network, passable_arcs(network), blocked)
    return int(nx.maximum_flow_value(graph, "source", day.topology.node_index[STRAINED]))


def peer_dominators(day: Network) -> set[str]:
    """Return the roads and towns that every free way to the supplied town must pass."""
    top = day.topology
    before = nx.immediate_dominators(graph_of(day, free_arcs(day), None), "source")
    here = before[top.node_index[SUPPLIED]]
    found = set()
    while here != "source":
        found.add(top.edge_ids[here[1] // 2] if isinstance(here, tuple) else top.node_ids[here])
        here = before[here]
    return found


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at=DAY)
    ask = partial(sr.explain, network, events, at=DAY)
    strained, supplied = ask(to=STRAINED), ask(to=SUPPLIED)
    assert (strained.state, supplied.state) == ("strained", "supplied")
    assert strained.shares_exact
    assert len(strained.cut) == peer_cut(network, day)
    assert set(supplied.must_pass["id"]) == peer_dominators(day)

    cut_ms = median_ms(partial(peer_cut, network, day), repeats=PEER_REPEATS)
    dominators_ms = median_ms(partial(peer_dominators, day), repeats=PEER_REPEATS)
    bare = median_ms(partial(ask, to=STRAINED, with_shares=False), repeats=REPEATS)
    whole = median_ms(partial(ask, to=STRAINED), repeats=REPEATS)
    free = median_ms(partial(ask, to=SUPPLIED), repeats=REPEATS)
    return [
        Row("`explain` of a strained town, without shares", bare,
            "networkx, its minimum cut only", cut_ms, f"< {MARK_MS} ms", bare < MARK_MS),
        Row(f"the same with the exact shares of {len(strained.shares)} reports", whole, "", None,
            f"< {SHARES_MARK_MS} ms", whole < SHARES_MARK_MS),
        Row("`explain` of a supplied town", free, "networkx, its dominators only", dominators_ms,
            f"< {MARK_MS} ms", free < MARK_MS),
    ]  # fmt: skip
