"""Who is reached when roads fail: samples per second, and exact chances, beside peers.

The road-like graph of the paths is used, with four sources, demand in a quarter of the places and
chances of failure from 2 to 10 %. Every peer answers the same samples, and every exact answer is
compared, before anything is timed. What is prepared once for a graph is not timed; drawing is.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import compress
from random import Random
from statistics import median

import numpy as np
from bench_paths import road_like
from measure import Row, median_ms
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

import supplyroutes as sr
from supplyroutes._kernels.elimination import Plan, plan, reach_words
from supplyroutes._kernels.frontier import Step, cut_off, reduced, steps_of, width_of
from supplyroutes._kernels.random_bits import LAG, digits_of, draw_bits, first_words
from supplyroutes.analysis.compiling import compiled
from supplyroutes.analysis.doubt.chances import TILE, plain_reach

SEED, SOURCES, SAMPLES = 8, 4, 1 << 14
SIZES = (200, 10_000)
MARKS: dict[str, dict[int, int]] = {
    "Python": {200: 50, 10_000: 20},
    "compiled": {200: 500, 10_000: 250},
}
"""Least ratio of the best peer's time to ours for as many samples, by nodes."""
PEER_SAMPLES = {200: 400, 10_000: 20}
REPEATS = {200: 40, 10_000: 5}
EXACT_MARK, ALL_MARK_MS = 5, 3000
LOOKED_AT = 8
"""Towns of which the hardest is told."""


Peer = Callable[[np.ndarray], np.ndarray]
"""Open roads by sample to the nodes joined to the root by sample."""


@dataclass(frozen=True)
class Case:
    """Two-way roads that fail by chance, and the root that stands for all sources."""

    nodes: int
    u: list[int]
    v: list[int]
    fail: list[float]
    root: int
    towns: list[int]


def case_of(nodes: int) -> Case:
    """Make the case; sources are merged into one node, the last."""
    graph = road_like(nodes)
    chance = np.random.default_rng(SEED)
    half = len(graph.tail) // 2
    picked = chance.choice(graph.nodes, SOURCES + graph.nodes // 4, replace=False).tolist()
    root = graph.nodes
    place = dict.fromkeys(picked[:SOURCES], root)
    u, v = (
        [place.get(node, node) for node in ends.tolist()]
        for ends in (graph.tail[:half], graph.head[:half])
    )
    fail = (0.02 + 0.08 * chance.random(half)).tolist()
    return Case(root + 1, u, v, fail, root, picked[SOURCES:])


# --- samples ------------------------------------------------------------------------------


class Ours:
    """Samples by elimination, compiled or not: the same bits.

    Roads in series or parallel, and dead ends, are one road each beforehand; what hangs on a
    dead end is reached if its foot is and the dead end holds.
    """

    def __init__(self, case: Case, *, compile_it: bool) -> None:
        roads, ends, _ = reduced(case.nodes, case.u, case.v, case.fail, case.root, case.towns)
        tail, head, fail = (
            [road[place] for road in [*roads, *((there, node, q) for node, there, q in ends)]]
            for place in range(3)
        )
        self.case = case
        self.order: Plan = plan(case.nodes, tail, head, case.root, two_way=True)
        self.roads = list(zip(tail, head, strict=True))
        self.digits = digits_of([1 - q for q in fail])
        words = first_words(Random(1), SAMPLES)  # noqa: S311
        self.words, self.place = [[word] for word in words], 0
        self.full = (1 << SAMPLES) - 1
        self.compiled = compile_it
        if compile_it:
            ring = b"".join(word.to_bytes(SAMPLES // 8, "little") for word in words)
            rows = np.frombuffer(ring, "<i8").reshape(LAG, -1, TILE)
            self.rings = np.array(rows.transpose(1, 0, 2), order="C")
            self.lists = [np.asarray(part, dtype=np.int64) for part in self.order[3:]]
            self.arrays = np.asarray(self.digits, dtype=np.int64)
            self.kernels = compiled(draw_bits), compiled(reach_words)

    def block(self) -> tuple[list[int], list[int]]:
        """Return which roads are open and which nodes are reached, as bits, in the next block."""
        if self.compiled:
            every = [(here.copy(), found.copy()) for here, found in self.tiles()]
            return tuple(_bits([tile[side] for tile in every]) for side in (0, 1))
        opens = [[0] for _ in self.digits]
        self.place = draw_bits(self.words, self.place, self.digits, opens, self.full, 1)
        bits = [word for (word,) in opens]
        return bits, plain_reach(self.order, bits, self.full)

    def tiles(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """Yield the next block in tiles: words of 64 bits, some side by side."""
        draw, spread = self.kernels
        sizes = len(self.digits), self.order.slots, self.case.nodes
        opens, slots, reach = (np.zeros((size, TILE), np.int64) for size in sizes)
        place = self.place
        for ring in self.rings:
            self.place = draw(ring, place, self.arrays, opens, -1, TILE)
            slots[:], reach[:] = 0, 0
            reach[self.case.root] = -1
            spread(*self.lists, opens, slots, reach, TILE)
            yield opens, reach

    def counts(self) -> list[int]:
        """Return in how many samples of the next block each town is reached."""
        if self.compiled:
            whole = np.zeros((self.case.nodes, TILE), np.uint64)
            for _, reach in self.tiles():
                whole += np.bitwise_count(reach.view(np.uint64))
            return whole.sum(axis=1)[self.case.towns].tolist()
        reach = self.block()[1]
        return [reach[town].bit_count() for town in self.case.towns]


def _bits(tiles: list[np.ndarray]) -> list[int]:
    """Return tiles of words as integers of bits."""
    rows = np.stack(tiles, axis=1)
    return [int.from_bytes(row.tobytes(), "little") for row in rows]


def scipy_peer(case: Case) -> Peer:
    """Return a function that tells for samples of open roads who is joined to the root.

    All samples of a call are one graph, each with nodes of its own.
    """
    u, v = np.asarray(case.u), np.asarray(case.v)

    def joined(opens: np.ndarray) -> np.ndarray:
        sample, road = np.nonzero(opens)
        base, whole = sample * case.nodes, len(opens) * case.nodes
        ends = base + u[road], base + v[road]
        matrix = csr_matrix((np.ones(len(road), np.int8), ends), shape=(whole, whole))
        labels = connected_components(matrix, directed=False)[1].reshape(len(opens), case.nodes)
        return labels == labels[:, [case.root]]

    return joined


def igraph_peer(case: Case) -> Peer:
    """Return the same by igraph."""
    import igraph

    pairs = np.column_stack([case.u, case.v])

    def joined(opens: np.ndarray) -> np.ndarray:
        found = np.zeros((len(opens), case.nodes), bool)
        for row, mask in zip(found, opens, strict=True):
            graph = igraph.Graph(n=case.nodes, edges=pairs[mask])
            row[graph.subcomponent(case.root)] = True
        return found

    return joined


def rustworkx_peer(case: Case) -> Peer:
    """Return the same by rustworkx."""
    import rustworkx

    pairs = list(zip(case.u, case.v, strict=True))

    def joined(opens: np.ndarray) -> np.ndarray:
        found = np.zeros((len(opens), case.nodes), bool)
        for row, mask in zip(found, opens, strict=True):
            graph = rustworkx.PyGraph()
            graph.add_nodes_from(range(case.nodes))
            graph.add_edges_from_no_data(list(compress(pairs, mask)))
            row[list(rustworkx.node_connected_component(graph, case.root))] = True
        return found

    return joined


PEERS = {"scipy": scipy_peer, "igraph": igraph_peer, "rustworkx": rustworkx_peer}


def peers_of(case: Case) -> dict[str, Peer]:
    """Return the peers that are installed."""
    found = {}
    for name, make in PEERS.items():
        try:
            found[name] = make(case)
        except ImportError:
            continue
    return found


def check(ours: Ours) -> None:
    """Assert that every peer, on the same roads, tells the same of some samples of a block."""
    u, v = zip(*ours.roads, strict=True)
    peers = peers_of(replace(ours.case, u=list(u), v=list(v)))
    opens, reach = ours.block()
    chosen = range(0, SAMPLES, SAMPLES // 8)
    masks = np.array([[bits >> sample & 1 for bits in opens] for sample in chosen], bool)
    towns = ours.case.towns
    told = np.array([[reach[town] >> sample & 1 for town in towns] for sample in chosen], bool)
    for name, joined in peers.items():
        assert (joined(masks)[:, towns] == told).all(), name


def peer_ms(case: Case, joined: Peer, calls: int, samples: int) -> float:
    """Return how long a peer takes for a block, `samples` a call, drawing included, in ms."""
    chance, fail = np.random.default_rng(1), np.asarray(case.fail)
    times = []
    for _ in range(3):
        begun = time.perf_counter()
        for _ in range(calls):
            joined(chance.random((samples, len(fail))) >= fail)
        times.append(1000 * (time.perf_counter() - begun) / calls / samples)
    return median(times) * SAMPLES


def sample_rows() -> list[Row]:
    """Time blocks of samples, beside the best peer a sample a call, and scipy with many."""
    told = []
    for nodes in SIZES:
        case, many = case_of(nodes), PEER_SAMPLES[nodes]
        peers = peers_of(case)
        modes = {mode: Ours(case, compile_it=mode == "compiled") for mode in MARKS}
        blocks = [ours.block() for ours in modes.values()]
        assert blocks[0] == blocks[1], "compiled samples differ"
        for ours in modes.values():
            check(ours)
        theirs = {name: peer_ms(case, one, many, 1) for name, one in peers.items()}
        best = min(theirs, key=lambda name: theirs[name])
        batch = peer_ms(case, peers["scipy"], 1, many)
        for mode, ours in modes.items():
            took = median_ms(ours.counts, repeats=REPEATS[nodes])
            mark = MARKS[mode][nodes]
            title = f"{SAMPLES:,} samples of who is reached, {nodes:,} nodes, {mode}"
            beside = f"{best} (best of {', '.join(theirs)}), a sample a call"
            told += [
                Row(title, took, beside, theirs[best], f">= {mark}x", theirs[best] / took >= mark),
                Row(title, took, f"scipy, {many} samples as one graph", batch, "", None),
            ]
    return told


# --- exact --------------------------------------------------------------------------------


def ordered(
    case: Case, towns: list[int]
) -> tuple[list[tuple[int, int, float]], list[Step], list[tuple[int, int, float]], set[int]]:
    """Return what reduction leaves: roads, the steps of the best start, dead ends, towns left."""
    roads, ends, kept = reduced(case.nodes, case.u, case.v, case.fail, case.root, towns)
    inside = sorted({end for one, other, _ in roads for end in (one, other)} - {case.root})
    tried = [steps_of(roads, case.root, start) for start in inside[:: max(1, len(inside) // 40)]]
    return roads, min(tried, key=width_of), ends, kept


def exact(case: Case, towns: list[int]) -> dict[int, float]:
    """Return how likely each of the towns is not reached."""
    roads, steps, ends, _ = ordered(case, towns)
    found = cut_off(roads, steps, 10**6)
    assert found is not None
    found[case.root] = 0.0
    for node, there, q in reversed(ends):
        found[node] = q + (1 - q) * found[there]
    return found


def graphillion_of(case: Case, town: int) -> float:
    """Return the same for one town by graphillion, on the same roads in the same good order."""
    from graphillion import GraphSet

    roads, steps, _, _ = ordered(case, [town])
    drawn = [roads[step.road] for step in steps if step.kind == "road"]
    GraphSet.set_universe([road[:2] for road in drawn], traversal="as-is")
    chance = {(one, other): 1 - q for one, other, q in drawn}
    return 1 - GraphSet.reliability(chance, [case.root, town])


def exact_rows() -> list[Row]:
    """Time one town, and all."""
    case = case_of(200)
    everyone = exact(case, case.towns)
    left = {town: len(ordered(case, [town])[0]) for town in case.towns[:LOOKED_AT]}
    town = max(left, key=lambda one: (left[one], -one))
    assert abs(exact(case, [town])[town] - everyone[town]) < 1e-12
    told = []
    begun = time.perf_counter()
    try:
        theirs = graphillion_of(case, town)
        slow = 1000 * (time.perf_counter() - begun)
    except ImportError:
        pass
    else:
        assert abs(theirs - everyone[town]) < 1e-9, (theirs, everyone[town])
        mine = median_ms(partial(exact, case, [town]), repeats=3, warm=1)
        told.append(
            Row(f"exact chance of one town, {left[town]} roads left", mine, "graphillion", slow,
                f">= {EXACT_MARK}x", slow / mine >= EXACT_MARK)
        )  # fmt: skip
    whole = median_ms(partial(exact, case, case.towns), repeats=3, warm=1)
    roads = len(ordered(case, case.towns)[0])
    told.append(
        Row(f"exact chances of all {len(case.towns)} towns, 200 nodes, {roads} roads left", whole,
            "", None, f"< {ALL_MARK_MS / 1000:g} s", whole < ALL_MARK_MS)
    )  # fmt: skip
    return told


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    case = median_ms(lambda: sr.reliability(network, events, at="2025-10-15"), repeats=5, warm=1)
    return [
        *sample_rows(),
        *exact_rows(),
        Row("`reliability` of the Mali case, 28 incidents, exact, with pictures and checks", case,
            "", None, "", None),
    ]  # fmt: skip
