"""Every road removed alone: ours, compiled and not, beside scipy and networkx by brute force.

The road-like graphs of `bench_paths`, with sources and demand at random. What each road costs is
checked equal for all roads against scipy, which searches the whole graph once a road; networkx is
checked on all roads of the small graph and on every 260th of the large one, and its time there is
that of the roads searched times 260. One search from all sources is the floor: a row tells how
many of them the whole sweep takes. What is prepared once for a graph (matrix, flat arrays) is not
timed; our first search is.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf, isclose
from typing import Any

import networkx as nx
import numpy as np
from bench_paths import road_like
from measure import Row, median_ms
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.removal import each_arc
from supplyroutes.analysis.compiling import as_arrays, compiled
from supplyroutes.core import incidence

SIZES = (200, 10_000)
SOURCES = {200: 5, 10_000: 10}
DEMAND_SHARE = {200: 0.3, 10_000: 0.1}
SEED = 7
EVERY_ROAD = 1_000
"""Up to this many nodes networkx searches without every road."""
STEP = 260
MOST_SEARCHES = 6
MARKS = {
    (200, "Python", "networkx"): 50,
    (10_000, "Python", "networkx"): 600,
    (10_000, "compiled", "scipy"): 2_000,
}
"""Least ratio of the peer's time to ours."""
Costs = list[tuple[float, float]]


@dataclass(frozen=True)
class Case:
    """Roads (u, v, metres) of a graph without parallel ones, sources, and demand of each node."""

    nodes: int
    u: np.ndarray
    v: np.ndarray
    metres: np.ndarray
    sources: list[int]
    demand: np.ndarray

    @cached_property
    def users(self) -> np.ndarray:
        """The nodes with demand; all nodes are joined."""
        return np.flatnonzero(self.demand)


def case_of(size: int) -> Case:
    """Make a graph with sources and demand."""
    graph = road_like(size)
    roads = len(graph.tail) // 2
    chance = np.random.default_rng(SEED)
    sources = np.sort(chance.choice(graph.nodes, SOURCES.get(size, 5), replace=False))
    users = chance.choice(
        graph.nodes, int(DEMAND_SHARE.get(size, 0.3) * graph.nodes), replace=False
    )
    demand = np.zeros(graph.nodes)
    demand[users] = np.rint(chance.lognormal(9, 1.2, len(users)))
    demand[sources] = 0
    ends = graph.tail[:roads], graph.head[:roads], graph.length[:roads]
    return Case(graph.nodes, *ends, sources.tolist(), demand)


# --- ours ------------------------------------------------------------------------------------


def ours(case: Case, *, compile_it: bool) -> Callable[[], Sequence[Any]]:
    """Return our sweep: the first search, then all roads at once."""
    root, roads = case.nodes, 2 * len(case.u)
    more = len(case.sources)
    tail = [*np.column_stack((case.u, case.v)).ravel().tolist(), *[root] * more]
    head = [*np.column_stack((case.v, case.u)).ravel().tolist(), *case.sources]
    cost = [*np.repeat(case.metres, 2).tolist(), *[0.0] * more]
    start, out = map(list, incidence(tail, root + 1))
    passable = [1] * len(tail)
    demand = [*case.demand.tolist(), 0.0]
    wanted = [float(amount > 0) for amount in demand]
    search: Any = nearest_source
    sweep: Any = each_arc
    first: Sequence[Any] = (start, out, head, cost, passable, [root])
    then: Sequence[Any] = (tail, head, cost, passable)
    last: Sequence[Any] = (root, roads, demand, demand, wanted)
    if compile_it:
        search, sweep = compiled(nearest_source), compiled(each_arc)
        first = as_arrays(nearest_source, first)
        whole = as_arrays(each_arc, [*then, [], [], *last])
        then, last = whole[:4], whole[6:]

    def run() -> Sequence[Any]:
        best, arc_in, _ = search(*first)
        if compile_it:
            best, arc_in = np.asarray(best), np.asarray(arc_in)
        found: Sequence[Any] = sweep(*then, best, arc_in, *last)
        return found

    return run


def told_by(found: Sequence[Any], roads: int) -> Costs:
    """Return what each road costs, from what the kernel tells of arcs."""
    arcs, late, cut, *_ = found
    costs = [(0.0, 0.0)] * roads
    for arc, hours, demand in zip(arcs, late, cut, strict=True):
        if arc < 2 * roads:
            costs[arc // 2] = hours, demand
    return costs


# --- peers -----------------------------------------------------------------------------------


def cost_of(case: Case, before: np.ndarray, after: np.ndarray) -> tuple[float, float]:
    """Return how much later the demand still joined is reached, and the demand cut off."""
    later = after[case.users] - before[case.users]
    late = float(case.demand[case.users] @ later)
    if late < inf:
        return late, 0.0
    joined = later < inf
    uses = case.demand[case.users]
    return float(uses[joined] @ later[joined]), float(uses[~joined].sum())


def by_scipy(case: Case) -> tuple[Callable[[], np.ndarray], Callable[[], Costs]]:
    """Return one search, and brute force: a road is closed by a weight that nothing passes."""
    count = len(case.u)
    shape = (case.nodes, case.nodes)
    ends = np.concatenate((case.u, case.v)), np.concatenate((case.v, case.u))
    places = csr_matrix((np.arange(1.0, 2 * count + 1), ends), shape=shape)
    slot = np.empty(2 * count, dtype=np.int64)
    slot[places.data.astype(np.int64) - 1] = np.arange(2 * count)
    matrix = csr_matrix((np.concatenate((case.metres, case.metres)), ends), shape=shape)

    def search() -> np.ndarray:
        found: np.ndarray = dijkstra(matrix, indices=case.sources, min_only=True)
        return found

    def sweep() -> Costs:
        before, found = search(), []
        for road in range(count):
            both = slot[[road, road + count]]
            matrix.data[both] = inf
            found.append(cost_of(case, before, search()))
            matrix.data[both] = case.metres[road]
        return found

    return search, sweep


def by_networkx(case: Case, step: int) -> tuple[float, dict[int, tuple[float, float]]]:
    """Return the time of brute force in ms, every so many roads searched, and what these cost."""
    graph = nx.Graph()
    graph.add_weighted_edges_from(
        zip(case.u.tolist(), case.v.tolist(), case.metres.tolist(), strict=True)
    )

    def search() -> np.ndarray:
        found = np.full(case.nodes, inf)
        times = nx.multi_source_dijkstra_path_length(graph, set(case.sources))
        found[list(times)] = list(times.values())
        return found

    before, costs = search(), {}
    begun = time.perf_counter()
    for road in range(0, len(case.u), step):
        ends = int(case.u[road]), int(case.v[road])
        graph.remove_edge(*ends)
        costs[road] = cost_of(case, before, search())
        graph.add_edge(*ends, weight=float(case.metres[road]))
    return 1000 * (time.perf_counter() - begun) * len(case.u) / len(costs), costs


def check(ours_told: Costs, theirs: dict[int, tuple[float, float]]) -> None:
    """Refuse to tell times of answers that differ."""
    for road, both in theirs.items():
        mine = ours_told[road]
        assert all(isclose(a, b, rel_tol=1e-9) for a, b in zip(mine, both, strict=True)), road


def rows() -> list[Row]:
    """Time all of them on a small and a large graph."""
    told = []
    for size in SIZES:
        case = case_of(size)
        search, sweep = by_scipy(case)
        begun = time.perf_counter()
        costs = dict(enumerate(sweep()))
        brute = 1000 * (time.perf_counter() - begun)
        step = 1 if size <= EVERY_ROAD else STEP
        slow, some = by_networkx(case, step)
        once = median_ms(search, repeats=20)
        for mode in ("Python", "compiled"):
            run = ours(case, compile_it=mode == "compiled")
            found = told_by(run(), len(case.u))
            check(found, costs)
            check(found, some)
            took = median_ms(run, repeats=20 if mode == "compiled" or size <= EVERY_ROAD else 3)
            title = f"every road removed alone, {size:,} nodes, {len(case.u):,} roads, {mode}"
            for name, theirs in (("scipy", brute), ("networkx", slow)):
                mark = MARKS.get((size, mode, name))
                held = None if mark is None else theirs / took >= mark
                told.append(
                    Row(
                        title,
                        took,
                        f"{name}, brute force",
                        theirs,
                        f">= {mark}x" if mark else "",
                        held,
                    )
                )
            if mode == "compiled" and size > EVERY_ROAD:
                held = took <= MOST_SEARCHES * once
                told.append(
                    Row(
                        title, took, "scipy, one search", once, f"<= {MOST_SEARCHES} searches", held
                    )
                )
    return told
