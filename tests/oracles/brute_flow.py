"""Slow and obvious flows in exact fractions: cuts by trying every side, and networkx."""

from fractions import Fraction
from itertools import combinations

import networkx as nx

BIG = 10**9


def graph_of(problem, *, towns=None):
    """The problem as a networkx graph from "source" to "sink"; whole-number capacities."""
    graph = nx.DiGraph()
    graph.add_nodes_from(("source", "sink"))
    for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
        limit = problem.capacity[arc]
        graph.add_edge(tail, ("arc", arc), capacity=int(min(limit, BIG)), weight=0)
        graph.add_edge(
            ("arc", arc), head, capacity=int(min(limit, BIG)), weight=int(problem.hours[arc])
        )
    for node, supply in zip(problem.sources, problem.supply, strict=True):
        graph.add_edge("source", node, capacity=int(supply), weight=0)
    for node, amount in demands(problem).items():
        if towns is None or node in towns:
            graph.add_edge(node, "sink", capacity=int(amount), weight=0)
    return graph


def demands(problem):
    """Demand by town."""
    total = {}
    for need in problem.needs:
        total[need.node] = total.get(need.node, 0) + need.amount
    return total


def most(problem, towns=None):
    """The maximum flow to some towns, by networkx."""
    return nx.maximum_flow_value(graph_of(problem, towns=towns), "source", "sink")


def least_hours(problem):
    """The least truck time of any maximum flow, by networkx."""
    graph = graph_of(problem)
    flow = nx.max_flow_min_cost(graph, "source", "sink")
    return nx.cost_of_flow(graph, flow)


def fairest(problem):
    """The max-min fill rates by trying every set of towns (Megiddo 1974), as fractions.

    What a set of towns can receive at most is a submodular function; the level of the next step
    is the least of what is left for a set by what it wants, and the sets that reach it are full.
    """
    wants = demands(problem)
    towns = sorted(wants)
    can = {
        group: most(problem, set(group))
        for size in range(len(towns) + 1)
        for group in combinations(towns, size)
    }
    done, rates = (), {}
    while len(done) < len(towns):
        levels = {}
        for group, most_of_it in can.items():
            if set(group) > set(done):
                left = sum(wants[town] for town in group if town not in done)
                levels[group] = Fraction(most_of_it - can[done], int(left))
        level = min(1, *levels.values())
        full = {town for group, value in levels.items() if value == level for town in group}
        full = full or set(towns)
        for town in full - set(done):
            rates[town] = level
        done = tuple(sorted(full | set(done)))
        # What the full towns take, others cannot: the gain of a set is above them.
        can = {group: value for group, value in can.items() if set(group) >= set(done)}
    return rates


def balance(problem, flow, delivered):
    """The most by which a town's balance is missed: in less lost, own supply, out, received."""
    left = [Fraction(0)] * problem.nodes
    for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
        left[tail] -= Fraction(flow[arc])
        left[head] += Fraction(flow[arc]) * Fraction(problem.keep[arc])
    for place, node in enumerate(problem.sources):
        left[node] += Fraction(flow[len(problem.arcs) + place])
    for node, amount in delivered.items():
        left[node] -= Fraction(amount)
    return float(max(abs(value) for value in left))
