"""Orders of lifting and supply against roads lost on the Mali case, beside networkx.

networkx has neither; the peer is what one would write with it: each set of lifts, and each
number of roads lost, is a graph that is searched anew. Areas and curves are checked equal.
"""

from functools import partial
from math import isclose
from random import Random

import networkx as nx
from measure import Row, median_ms

import supplyroutes as sr
from supplyroutes._kernels.lift_order import area, best_order
from supplyroutes.analysis.restoring.shortfalls import (
    MEASURES,
    Question,
    ReachShortfall,
    shortfall_of,
)
from supplyroutes.dates import as_day
from supplyroutes.disruption import impacts_on

EARLY, DAY = "2025-09-08", "2025-10-15"
REPEATS, PEER_REPEATS = 20, 3


def posed(network: sr.Network, events: sr.Events, day: str) -> tuple[Question, ReachShortfall]:
    """Return the question which reports to lift first for towns without a free way."""
    impacts = tuple(impacts_on(network, events, "fuel").on(as_day(day)))
    base = network.asking("fuel", at=None, state=network.state)
    question = Question(base, as_day(day), impacts, MEASURES["strained_demand"])
    chosen = question.choices("reports", [report.event for report in events])
    shortfall = shortfall_of(question, chosen)
    assert isinstance(shortfall, ReachShortfall)
    return question, shortfall


def ours(shortfall: ReachShortfall) -> int:
    """Return the least area: all sets valued, then the best order."""
    days = [1] * shortfall.lifts
    values = shortfall.of_all_sets()
    return area(best_order(values, days), days, values.__getitem__, values[-1])


def peer(shortfall: ReachShortfall) -> int:
    """Return the same: networkx walks the same contracted graph once for every set."""
    maze, sets = shortfall.maze, 1 << shortfall.lifts
    values = []
    for done in range(sets):
        graph = nx.DiGraph()
        graph.add_node(maze.entrance)
        graph.add_edges_from(
            (tail, head)
            for tail, head, locks in zip(maze.tail, maze.head, maze.locks, strict=True)
            if all(lock & done for lock in locks)
        )
        reached = nx.descendants(graph, maze.entrance) | {maze.entrance}
        values.append(
            sum(weight for node, weight in shortfall.weights.items() if node not in reached)
        )
    least = [0] * sets
    for done in range(sets - 2, -1, -1):
        least[done] = values[done] - values[-1] + min(
            least[done | 1 << lift] for lift in range(shortfall.lifts) if not done >> lift & 1
        )  # fmt: skip
    return least[0]


def curve_by_networkx(day: sr.Network, order: list[str], weights: dict[str, float]) -> list[float]:
    """Return the share supplied after each loss: roads are taken off, the rest is searched anew."""
    graph = nx.MultiDiGraph()
    for tail, head, road, passes in day.to_networkx().edges(keys=True, data="passable"):
        if passes:
            graph.add_edge(tail, head, key=road)
    for source in day.sources():
        graph.add_edge("the sea", day.topology.node_ids[source])
    total = sum(weights.values())
    ends = {road: tuple(day.edges.loc[road, ["u", "v"]]) for road in order}
    shares = []
    for road in [None, *order]:
        if road is not None:
            for tail, head in (ends[road], ends[road][::-1]):
                if graph.has_edge(tail, head, key=road):
                    graph.remove_edge(tail, head, key=road)
        shares.append(
            sum(weights.get(town, 0) for town in nx.descendants(graph, "the sea")) / total
        )
    return shares


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    _, shortfall = posed(network, events, EARLY)
    assert ours(shortfall) == peer(shortfall)
    day = sr.disrupt(network, events, at=DAY)
    order = list(sr.percolation(day, order="length").removed)
    Random(1).shuffle(order)  # noqa: S311 (a sample, not a secret)
    found = sr.percolation(day, order=order)
    states = sr.isolation(network, approaches=False).towns["state"]
    demand = network.nodes["demand_m3_per_day"].fillna(0)[states != "not_on_network"]
    weights = {town: float(amount) for town, amount in demand.items()}
    for mine, theirs in zip(
        found.curve["supplied_share"], curve_by_networkx(day, order, weights), strict=True
    ):
        assert isclose(mine, theirs, abs_tol=1e-6), (mine, theirs)

    lift = median_ms(partial(ours, shortfall), repeats=REPEATS)
    lift_peer = median_ms(partial(peer, shortfall), repeats=PEER_REPEATS, warm=1)
    curve = median_ms(partial(sr.percolation, day, order=order), repeats=REPEATS)
    curve_peer = median_ms(
        partial(curve_by_networkx, day, order, weights), repeats=PEER_REPEATS, warm=1
    )
    whole = partial(sr.restoration, network, events, at=DAY)
    flows = median_ms(whole, repeats=5)
    strained = median_ms(partial(whole, measure="strained_demand"), repeats=REPEATS)
    roads = median_ms(partial(whole, measure="strained_demand", lift="roads"), repeats=3, warm=1)
    many = median_ms(partial(sr.percolation, day), repeats=5)
    return [
        Row(f"best order of {shortfall.lifts} lifts by reach: {1 << shortfall.lifts} sets valued",
            lift, "networkx, a search a set", lift_peer, "", None),
        Row("`restoration` by reach, reports, with tables and audit", strained, "", None, "", None),
        Row("`restoration` by flow, reports, with tables and audit", flows, "", None, "", None),
        Row("`restoration` by reach, 55 roads: a good order and its bound", roads, "", None, "",
            None),
        Row("`percolation`, one order", curve, "networkx, a search a loss", curve_peer, "", None),
        Row("`percolation`, 200 random orders", many, "", None, "", None),
    ]  # fmt: skip
