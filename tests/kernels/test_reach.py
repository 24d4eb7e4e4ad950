"""Reach, gates and strongly connected components."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.reach import gates, reached, reaches, strong_components
from supplyroutes.core import incidence

TAIL, HEAD = [0, 1, 2, 3], [1, 2, 1, 2]  # 0 > 1 <> 2 < 3


def test_reaches_is_backward_and_reached_is_forward():
    """1 can be reached from all; 0 reaches 1 and 2."""
    into, outof = incidence(HEAD, 4), incidence(TAIL, 4)
    assert list(reaches(*into, TAIL, [1, 1, 1, 1], 1)) == [1, 1, 1, 1]
    assert list(reaches(*into, TAIL, [1, 1, 0, 1], 1)) == [1, 1, 0, 0]
    assert list(reached(*outof, HEAD, [1, 1, 1, 1], [0])) == [1, 1, 1, 0]
    assert list(reached(*outof, HEAD, [1, 0, 1, 1], [0])) == [1, 1, 0, 0]
    assert list(reached(*outof, HEAD, [1, 1, 1, 1], [])) == [0, 0, 0, 0]


def test_gates_are_the_usable_arcs_that_enter():
    """Into {1, 2}: arcs 0 and 3; arc 3 is not usable."""
    assert gates([0, 1, 1, 0], TAIL, HEAD, [1, 1, 1, 1]) == [0, 3]
    assert gates([0, 1, 1, 0], TAIL, HEAD, [1, 1, 1, 0]) == [0]


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 7), st.integers(0, 7), st.booleans()), max_size=24))
def test_strong_components_are_those_of_networkx(arcs):
    """Two nodes share a number if and only if they share a component."""
    tail, head = [arc[0] for arc in arcs], [arc[1] for arc in arcs]
    passable = [int(arc[2]) for arc in arcs]
    found = strong_components(*incidence(tail, 8), head, passable)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(8))
    graph.add_edges_from(arc[:2] for arc in arcs if arc[2])
    want = sorted(sorted(part) for part in nx.strongly_connected_components(graph))
    parts = {}
    for node, number in enumerate(found):
        parts.setdefault(number, []).append(node)
    assert sorted(parts.values()) == want


def test_strong_components_of_a_long_line_need_no_recursion():
    """20,000 nodes in a line: as many components."""
    count = 20_000
    tail, head = list(range(count - 1)), list(range(1, count))
    found = strong_components(*incidence(tail, count), head, [1] * (count - 1))
    assert len(set(found)) == count
