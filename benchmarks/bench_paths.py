"""Ten shortest simple paths: ours, compiled and not, beside scipy's Yen and networkx.

A road-like graph is made here: a Delaunay triangulation of random junctions, thinned to 3.2 roads a
junction, with a place in the middle of long roads, lengths stretched at random, both directions.
Twenty random pairs each; the lengths of all paths are checked equal before a row is printed. What
is prepared once for a graph (scipy's matrix, our flat arrays) is not timed.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from math import inf
from statistics import median
from typing import Any

import networkx as nx
import numpy as np
from measure import Row, median_ms
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import minimum_spanning_tree, yen
from scipy.spatial import Delaunay

import supplyroutes as sr
from supplyroutes._kernels.paths import k_shortest
from supplyroutes.analysis.compiling import compiled
from supplyroutes.core import incidence

PATHS, PAIRS, SEED = 10, 20, 7
SIZES = (200, 10_000)
ROADS_PER_JUNCTION = 1.6
MARKS = {10_000: 50}
"""Least ratio of scipy's time to ours, compiled, by nodes."""
MOST_FOR_NETWORKX = 1000
"""It takes seconds a pair on the large graph."""
Find = Callable[[int, int], list[float]]


@dataclass(frozen=True)
class Graph:
    """Arcs there and back, with whole lengths in metres."""

    nodes: int
    tail: np.ndarray
    head: np.ndarray
    length: np.ndarray


def road_like(nodes: int) -> Graph:
    """Make a connected graph with as many nodes, half of them junctions."""
    chance = np.random.default_rng(SEED)
    junctions = nodes // 2
    spots = chance.random((junctions, 2)) * np.sqrt(junctions) * 20
    corners = Delaunay(spots).simplices
    edges = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), axis=1),
        axis=0,
    )
    km = np.linalg.norm(spots[edges[:, 0]] - spots[edges[:, 1]], axis=1)
    tree = minimum_spanning_tree(csr_matrix((km, edges.T), shape=(junctions, junctions))).tocoo()
    code = edges[:, 0] * junctions + edges[:, 1]
    kept = np.isin(
        code, np.minimum(tree.row, tree.col) * junctions + np.maximum(tree.row, tree.col)
    )
    order = np.argsort(np.where(kept, -1, km * (0.5 + chance.random(len(km)))), kind="stable")
    chosen = order[: int(ROADS_PER_JUNCTION * junctions)]
    edges, km = edges[chosen], km[chosen] * (1 + 0.3 * chance.random(len(chosen)))
    longest = np.argsort(-km, kind="stable")[: nodes - junctions]
    places = np.arange(junctions, junctions + len(longest))
    u = np.concatenate([np.delete(edges[:, 0], longest), edges[longest, 0], places])
    v = np.concatenate([np.delete(edges[:, 1], longest), places, edges[longest, 1]])
    metres = np.concatenate([np.delete(km, longest), km[longest] * 0.4, km[longest] * 0.6])
    length = np.rint(metres * 1000)
    nodes = junctions + len(longest)
    both = [np.concatenate(pair) for pair in ((u, v), (v, u), (length, length))]
    return Graph(nodes, *both)


def ours(graph: Graph, *, compile_it: bool) -> Find:
    """Return our search, on arrays or on lists."""
    kernel: Any = compiled(k_shortest) if compile_it else k_shortest
    tail, head = graph.tail.tolist(), graph.head.tolist()
    flat = (*incidence(head, graph.nodes), *incidence(tail, graph.nodes), tail, head)
    ends = (graph.length.tolist(), [1] * len(tail))
    rest: tuple[Any, ...] = ([-1] * len(tail), [0.0])
    if compile_it:
        flat, ends, rest = (tuple(map(np.asarray, part)) for part in (flat, ends, rest))

    def find(source: int, target: int) -> list[float]:
        found = kernel(*flat, *ends, source, target, PATHS, inf, *rest, 1.0, 0)
        return list(found[2])

    return find


def scipy_yen(graph: Graph) -> Find:
    """Return scipy's search."""
    shape = (graph.nodes, graph.nodes)
    matrix = csr_matrix((graph.length, (graph.tail, graph.head)), shape=shape)
    return lambda source, target: yen(matrix, source, target, PATHS, directed=True).tolist()


def networkx_yen(graph: Graph) -> Find:
    """Return networkx's search."""
    web = nx.DiGraph()
    web.add_weighted_edges_from(
        zip(graph.tail.tolist(), graph.head.tolist(), graph.length.tolist(), strict=True)
    )

    def find(source: int, target: int) -> list[float]:
        paths = islice(nx.shortest_simple_paths(web, source, target, weight="weight"), PATHS)
        return [nx.path_weight(web, path, "weight") for path in paths]

    return find


def timed(find: Find, pairs: Sequence[tuple[int, int]]) -> tuple[float, list[list[float]]]:
    """Return the median time over the pairs in ms, and the lengths found."""
    find(*pairs[0])
    times, found = [], []
    for pair in pairs:
        begun = time.perf_counter()
        found.append(find(*pair))
        times.append(1000 * (time.perf_counter() - begun))
    return median(times), found


def rows() -> list[Row]:
    """Time all of them on a small and a large graph."""
    told = []
    for nodes in SIZES:
        graph = road_like(nodes)
        drawn = np.random.default_rng(3).choice(graph.nodes, (PAIRS, 2), replace=False).tolist()
        peers = {"scipy yen": scipy_yen}
        if nodes <= MOST_FOR_NETWORKX:
            peers["networkx"] = networkx_yen
        peer = {name: timed(make(graph), drawn) for name, make in peers.items()}
        modes = {
            "Python": partial(ours, compile_it=False),
            "compiled": partial(ours, compile_it=True),
        }
        for mode, make in modes.items():
            took, found = timed(make(graph), drawn)
            for name, (theirs, lengths) in peer.items():
                assert [sorted(one) for one in lengths] == found, (nodes, mode, name)
                mark = MARKS.get(nodes) if (mode, name) == ("compiled", "scipy yen") else None
                held = None if mark is None else theirs / took >= mark
                title = f"{PATHS} shortest simple paths, {graph.nodes:,} nodes, {mode}"
                told.append(Row(title, took, name, theirs, f">= {mark}x" if mark else "", held))
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    ask = partial(sr.supply_paths, day, to="bamako", baseline=network)
    told.append(Row('`supply_paths(day, to="bamako")` with its tables, Mali case',
                    median_ms(ask, repeats=50), "", None, "", None))  # fmt: skip
    return told
