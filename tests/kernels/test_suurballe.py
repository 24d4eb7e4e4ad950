"""A cheapest set of paths that share no arc: equal to trying every set, and to the maximum flow."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.suurballe import cheapest_disjoint
from supplyroutes.core import incidence
from tests.kernels.test_k_shortest import NODES, graphs
from tests.oracles.brute_paths import ROOT, cheapest_set, simple_paths


def solve(arcs, cost, sources, target, count):
    """Return how many paths there are and their cost, after checking that they are paths."""
    tail, head = [arc[0] for arc in arcs], [arc[1] for arc in arcs]
    passable = [int(arc[1] not in sources) for arc in arcs]
    used, found = cheapest_disjoint(
        *incidence(head, NODES), *incidence(tail, NODES), tail, head, cost, passable, sources,
        target, count,
    )  # fmt: skip
    for node in range(NODES):
        through = sum(use * ((end == node) - (begin == node))
                      for use, begin, end in zip(used, tail, head, strict=True))  # fmt: skip
        if node == target:
            assert through == found
        elif node not in sources:
            assert through == 0
    return found, sum(use * value for use, value in zip(used, cost, strict=True))


def test_the_fastest_path_is_given_up_for_two():
    """0 > 1 > 2 > 3 costs 3 and blocks both ways round, 0 > 2 > 3 and 0 > 1 > 3: together 10."""
    arcs = [(0, 1), (1, 2), (2, 3), (0, 2), (1, 3)]
    assert solve(arcs, [1.0, 1.0, 1.0, 4.0, 4.0], [0], 3, 1) == (1, 3)
    assert solve(arcs, [1.0, 1.0, 1.0, 4.0, 4.0], [0], 3, 5) == (2, 10)


@settings(max_examples=1000, deadline=None)
@given(graphs(), st.integers(1, 3))
def test_count_and_cost_are_the_best(graph, count):
    """As many as the maximum flow lets through, up to the count, at the least sum."""
    arcs, cost, sources, target = graph
    if target in sources:
        return
    flow = nx.DiGraph()
    flow.add_nodes_from([ROOT, target])
    for place, (tail, head) in enumerate(arcs):
        if head not in sources:
            flow.add_edge(tail, ("arc", place), capacity=1)
            flow.add_edge(("arc", place), head, capacity=1)
    for source in sources:
        flow.add_edge(ROOT, source)
    most = nx.maximum_flow_value(flow, ROOT, target)
    found, total = solve(arcs, cost, sources, target, count)
    assert found == min(count, most)
    paths = list(simple_paths(arcs, sources, target))
    if len(paths) <= 30:
        assert (found, total) == cheapest_set(paths, arcs, cost, count, nodes=False)
