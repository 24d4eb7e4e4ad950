"""Near-equal paths against all simple paths of networkx."""

from itertools import pairwise
from math import inf

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.near_equal import near_equal_paths
from supplyroutes._kernels.paths import nearest_source


def incidence(ends, nodes):
    """The arcs at each node as (start, arcs)."""
    order = sorted(range(len(ends)), key=lambda arc: (ends[arc], arc))
    start = [0] * (nodes + 1)
    for node in ends:
        start[node + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    return start, order


def asked(nodes, arcs, passable, ratio, most):
    """The paths from 0 to the last node."""
    tail, head, cost = zip(*arcs, strict=True)
    out_start, out_arcs = incidence(tail, nodes)
    in_start, in_arcs = incidence(head, nodes)
    reach = nearest_source(out_start, out_arcs, head, cost, passable, [0])[0]
    return near_equal_paths(
        in_start, in_arcs, tail, cost, passable, reach, (0, nodes - 1), ratio, most
    )


@st.composite
def graphs(draw):
    """Draw up to 6 nodes and 14 arcs with costs in whole numbers, some of them closed."""
    nodes = draw(st.integers(2, 6))
    node = st.integers(0, nodes - 1)
    arcs = draw(
        st.lists(
            st.tuples(node, st.integers(1, nodes - 1), st.integers(0, 9)), min_size=1, max_size=14
        )
    )
    closed = draw(st.lists(st.booleans(), min_size=len(arcs), max_size=len(arcs)))
    made = [(tail, (tail + step) % nodes, float(cost)) for tail, step, cost in arcs]
    return nodes, made, bytearray(not (flag and cost % 3 == 0) for flag, (_, _, cost) in zip(closed, arcs, strict=True))  # fmt: skip  # noqa: E501


@settings(max_examples=1000, deadline=None)
@given(graphs(), st.sampled_from((0.0, 0.1, 0.5, 2.0)))
def test_they_are_all_simple_paths_within_the_ratio(graph, ratio):
    """The same set as networkx finds by trying all; sorted by cost."""
    nodes, arcs, passable = graph
    found = asked(nodes, arcs, passable, ratio, 10_000)
    multi = nx.MultiDiGraph()
    multi.add_nodes_from(range(nodes))
    for number, (tail, head, cost) in enumerate(arcs):
        if passable[number]:
            multi.add_edge(tail, head, key=number, weight=cost)
    every = [tuple(key for _, _, key in path)
             for path in nx.all_simple_edge_paths(multi, 0, nodes - 1)]  # fmt: skip
    costs = {path: sum(arcs[arc][2] for arc in path) for path in every}
    best = min(costs.values(), default=inf)
    assert sorted(found) == sorted(path for path in every if costs[path] <= best * (1 + ratio))
    assert all(costs[one] <= costs[two] for one, two in pairwise(found))


def test_at_most_as_many_as_wanted_the_best_first():
    """Three parallel roads of 1, 2 and 3 hours, two wanted."""
    arcs = [(0, 1, 3.0), (0, 1, 1.0), (0, 1, 2.0)]
    assert asked(2, arcs, bytearray(b"\1\1\1"), 9.0, 2) == [(1,), (2,)]
    assert asked(2, arcs, bytearray(b"\1\1\1"), 1.0, 9) == [(1,), (2,)]
    assert asked(2, arcs, bytearray(3), 1.0, 9) == []
