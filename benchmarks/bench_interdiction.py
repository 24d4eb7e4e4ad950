"""The worst five roads, proven: ours beside HiGHS's own branch and bound, and enumeration.

Road-like networks (`bench_paths.road_like`: 200 to 500 nodes, 260 to 650 roads), five sources,
three tenths of the nodes with demand; and the Mali case. HiGHS solves the same compact program
without our bounds on towns; enumeration tries every road with scipy. Values are checked equal
before a row is printed; where HiGHS is stopped by its time limit, ours must lie between its best
and its bound.
"""

import csv
import tempfile
import warnings
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from math import inf
from pathlib import Path

import highspy
import numpy as np
from bench_paths import road_like
from measure import Row, median_ms
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

import supplyroutes as sr
from supplyroutes.analysis.losses.attack import Attack, targets_of, worst_attack
from supplyroutes.analysis.losses.harm import TimeHarm, harm_of

SIZES = (200, 400, 500)
BUDGET, SOURCES, DEMAND, SEED = 5, 5, 0.3, 7
REPEATS = 3
PEER_LIMIT_S = 30.0
MARKS_MS = {"weighted_time": 3000, "isolated_demand": 500}
WORDS = {"weighted_time": "weighted time", "isolated_demand": "isolated demand"}


def network_of(nodes: int) -> sr.Network:
    """Return a road-like network, read from tables as any other."""
    graph = road_like(nodes)
    chance = np.random.default_rng(SEED)
    half = len(graph.tail) // 2
    count = int(max(graph.tail.max(), graph.head.max())) + 1
    places = chance.permutation(count)
    common = {"source": "assumption", "confidence": "high"}
    towns = [{"node": f"n{n:05}", "name": f"n{n}", "lat": 10, "lon": 0, **common}
             for n in range(count)]  # fmt: skip
    roads = [
        {"edge": f"e{e:05}", "u": f"n{graph.tail[e]:05}", "v": f"n{graph.head[e]:05}",
         "length_km": graph.length[e] / 1000, "surface": "paved", "condition": "fair",
         "practicability": 6, **common}
        for e in range(half)
    ]  # fmt: skip
    made = {"basis": "assumption", **common}
    supply = [{"node": f"n{n:05}", "commodity": "fuel", **_three("supply", 1e6), **made}
              for n in sorted(places[:SOURCES])]  # fmt: skip
    wanted = sorted(places[SOURCES : SOURCES + int(DEMAND * count)])
    demand = [{"node": f"n{n:05}", "demand_class": "transport", **made,
               **_three("demand", round(float(chance.lognormal(3, 1.2)), 3))}
              for n in wanted]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.SupplyroutesWarning)
        tables = (("towns", towns), ("roads", roads), ("supply", supply), ("demand", demand))
        for name, rows in tables:
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
                writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
                writer.writeheader()
                writer.writerows(rows)
        return sr.read_network(folder)


def _three(name: str, amount: float) -> dict[str, float]:
    """Return one amount as low, best and high."""
    return {f"{name}_m3_per_day_{end}": amount for end in ("low", "best", "high")}


def ours(day: sr.Network, measure: str, budget: int) -> Attack:
    """Return the worst attack, from nothing."""
    return worst_attack(harm_of(day, measure), targets_of(day, budget, None, ()))


@dataclass(frozen=True)
class Peer:
    """What HiGHS found: its best, its bound, whether it ended, and the time it took."""

    best: float
    bound: float
    ended: bool


def highs(day: sr.Network, measure: str, budget: int) -> Peer:
    """Solve the compact program by HiGHS's own branch and bound."""
    harm = harm_of(day, measure)
    assert isinstance(harm, TimeHarm)
    top = day.topology
    hours, _ = harm.tree(())
    solver = highspy.Highs()
    solver.silent()
    for option, value in (("threads", 1), ("time_limit", PEER_LIMIT_S), ("mip_rel_gap", 1e-7)):
        solver.setOptionValue(option, value)
    sources = set(harm.sources)
    town = [
        solver.addVariable(0, float(hours[node] < inf and node not in sources),
                           -harm.stakes.get(node, 0.0) / harm.demand)
        for node in range(len(top.node_ids))
    ]  # fmt: skip
    roads = targets_of(day, budget, None, ()).roads
    lost = {road: solver.addVariable(0, 1, 0, type=highspy.HighsVarType.kInteger) for road in roads}
    for arc, passes in enumerate(harm.passable):
        tail, head = top.tail[arc], top.head[arc]
        if passes and hours[tail] < inf and head not in sources:
            took = 0.0 if harm.limit_h is None else day.time_h[arc] / harm.limit_h
            least = harm.share(hours[tail])
            slack = max(0.0, 1 - least - took)
            solver.addConstr(town[head] - town[tail] - slack * lost[arc // 2] <= took)
    first, *rest = lost.values()
    solver.addConstr(sum(rest, first) <= budget)
    solver.run()
    info = solver.getInfo()
    ended = solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    cut_off = sum(amount for node, amount in harm.stakes.items() if hours[node] == inf)
    known = cut_off / harm.demand
    return Peer(known - info.objective_function_value, known - info.mip_dual_bound, ended)


def enumerated(day: sr.Network, budget: int) -> float:
    """Return the worst weighted time by trying every set of roads with scipy's Dijkstra."""
    harm = harm_of(day, "weighted_time")
    assert isinstance(harm, TimeHarm)
    top, count = day.topology, len(day.topology.node_ids)
    arcs = [arc for arc, passes in enumerate(harm.passable) if passes]
    best: dict[tuple[int, int], list[int]] = {}
    for arc in sorted(arcs, key=lambda arc: day.time_h[arc]):
        best.setdefault((top.tail[arc], top.head[arc]), []).append(arc)
    weight = np.array([harm.stakes.get(node, 0.0) for node in range(count)]) / harm.demand
    worst = 0.0
    for lost in combinations(targets_of(day, budget, None, ()).roads, budget):
        left = [
            (*ends, day.time_h[arc])
            for ends, parallel in best.items()
            for arc in [next((arc for arc in parallel if arc // 2 not in lost), -1)]
            if arc >= 0
        ]
        tail, head, took = (np.array(part) for part in zip(*left, strict=True))
        graph = csr_matrix((took, (tail.astype(int), head.astype(int))), shape=(count, count))
        hours = dijkstra(graph, indices=harm.sources, min_only=True)
        worst = max(worst, float(weight @ np.minimum(hours, harm.limit_h)))
    return worst / harm.limit_h


def check(day: sr.Network, measure: str, budget: int, peer: Peer) -> None:
    """Assert that an attack is proven, and that the peer's answer agrees."""
    found = ours(day, measure, budget)
    assert found.proven
    assert peer.best - 1e-6 <= found.harm <= peer.bound + 1e-6, (found.harm, peer)


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    cases = [("Mali, 15 October 2025", sr.disrupt(network, events, at="2025-10-15"))]
    cases += [(f"{nodes} nodes", network_of(nodes)) for nodes in SIZES]
    found = []
    for name, day in cases:
        roads = len(targets_of(day, BUDGET, None, ()).roads)
        for measure, mark in MARKS_MS.items():
            peers: list[Peer] = []
            peer_ms = median_ms(
                lambda day=day, measure=measure, peers=peers: peers.append(
                    highs(day, measure, BUDGET)
                ),
                repeats=1,
                warm=0,
            )
            for peer in peers:
                check(day, measure, BUDGET, peer)
            mine = median_ms(partial(ours, day, measure, BUDGET), repeats=REPEATS, warm=1)
            ended = all(peer.ended for peer in peers)
            told = "HiGHS, same program" if ended else f"HiGHS, stopped after {PEER_LIMIT_S:.0f} s"
            work = f"worst {BUDGET} of {roads} roads, {WORDS[measure]}, {name}"
            found.append(Row(work, mine, told, peer_ms, f"< {mark} ms", mine < mark))
    day = cases[1][1]
    values: list[float] = []
    peer_ms = median_ms(lambda: values.append(enumerated(day, 1)), repeats=1, warm=0)
    assert all(abs(value - ours(day, "weighted_time", 1).harm) < 1e-9 for value in values)
    mine = median_ms(partial(ours, day, "weighted_time", 1), repeats=REPEATS, warm=1)
    found.append(Row("worst road, weighted time, 200 nodes", mine, "every road by scipy", peer_ms,
                     "", None))  # fmt: skip
    return found
