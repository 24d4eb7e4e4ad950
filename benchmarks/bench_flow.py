"""The flow of one day on the Mali case, beside networkx for the parts that it has.

networkx finds the most that can arrive and the least truck time for it, without losses and in
whole numbers; fair shares, losses, bottlenecks with shadow prices and sharing it does not have.
Totals and hours are checked equal.
"""

from dataclasses import replace
from functools import partial
from math import inf, isclose

import networkx as nx
from measure import Row, median_ms

import supplyroutes as sr
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import Problem, by_node, problem_of

DAY = "2025-10-15"
SCALE = 1000
COLD_MARK_MS, WARM_MARK_MS = 100, 50
REPEATS, PEER_REPEATS = 40, 5


def graph_of(problem: Problem) -> nx.DiGraph:
    """Return the day in litres and thousandths of an hour: networkx wants whole numbers."""
    graph = nx.DiGraph()
    for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
        limit = problem.capacity[arc]
        room = {} if limit == inf else {"capacity": int(SCALE * limit)}
        graph.add_edge(tail, ("arc", arc), weight=round(SCALE * problem.hours[arc]), **room)
        graph.add_edge(("arc", arc), head, weight=0)
    for node, supply in zip(problem.sources, problem.supply, strict=True):
        graph.add_edge("source", node, capacity=int(SCALE * supply), weight=0)
    for node, amount in by_node(problem.needs).items():
        graph.add_edge(node, "sink", capacity=int(SCALE * amount), weight=0)
    return graph


def peer(problem: Problem) -> tuple[float, float]:
    """Return the most that can arrive, and its least hours of trucks."""
    graph = graph_of(problem)
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    total = sum(into.get("sink", 0) for into in flow.values())
    return total / SCALE, nx.cost_of_flow(graph, flow) / SCALE**2


def ours(problem: Problem) -> tuple[float, float]:
    """Return the same from a new linear program."""
    return answer(model_of(problem))


def model_of(problem: Problem) -> FlowModel:
    """Return a new linear program of a day."""
    return FlowModel(
        problem, [Item(node, amount) for node, amount in by_node(problem.needs).items()]
    )


def answer(model: FlowModel) -> tuple[float, float]:
    """Return the most and its least hours."""
    best = model.fastest(None)
    flow = best.flow[: len(model.problem.arcs)]
    return best.total, sum(map(float.__mul__, flow, model.problem.hours))


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    usual = sr.supply_flow(network)
    day = sr.disrupt(network, events, at=DAY)
    traffic = usual.edges["flow_m3_per_day"].groupby(level="edge").sum()
    index = network.topology.edge_index
    problem = problem_of(day, {index[edge]: amount for edge, amount in traffic.items()},
                         losses=False)  # fmt: skip
    for mine, theirs in zip(ours(problem), peer(problem), strict=True):
        assert isclose(mine, theirs, rel_tol=1e-4), (mine, theirs)

    model = model_of(problem)
    busiest = max(range(len(problem.arcs)), key=lambda arc: (problem.capacity[arc] < inf,
                                                              problem.capacity[arc]))  # fmt: skip
    closed = replace(problem, capacity=tuple(
        0.0 if arc == busiest else room for arc, room in enumerate(problem.capacity)
    ))  # fmt: skip
    assert isclose(_what_if(model, problem, closed), ours(closed)[0], rel_tol=1e-9)

    peer_ms = median_ms(partial(peer, problem), repeats=PEER_REPEATS, warm=1)
    part = median_ms(partial(ours, problem), repeats=REPEATS)
    fresh = median_ms(lambda: model_of(closed).most(), repeats=REPEATS)
    warm = median_ms(partial(_what_if, model, problem, closed), repeats=REPEATS) / 2
    solver = FlowSolver(network, usual=usual)
    solver.flow(day)
    whole = median_ms(lambda: sr.supply_flow(day, usual=usual), repeats=REPEATS)
    quick = median_ms(lambda: solver.deliveries(day), repeats=REPEATS)
    return [
        Row("most that can arrive and least truck time, one day", part,
            "networkx `max_flow_min_cost`", peer_ms, "", None),
        Row("one road closed: most that can arrive, solved on from the last optimum", warm,
            "the same from nothing", fresh, f"< {WARM_MARK_MS} ms", warm < WARM_MARK_MS),
        Row("`supply_flow`: fair shares, losses, bottlenecks, sharing, tables", whole, "", None,
            f"< {COLD_MARK_MS} ms", whole < COLD_MARK_MS),
        Row("`FlowSolver.deliveries`: what each town receives, next day", quick, "", None, "",
            None),
    ]  # fmt: skip


def _what_if(model: FlowModel, problem: Problem, closed: Problem) -> float:
    """Close a road, ask, and open it again: two changes, two solutions."""
    model.change(problem)
    model.most()
    model.change(closed)
    return model.most().total
