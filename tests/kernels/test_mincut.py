"""Minimum cuts: the value of networkx, and the one nearest to the target."""

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.mincut import target_side

node = st.integers(0, 6)


def minimum_cut(tail, head, unit, source, target):
    """The arcs that enter the target's side."""
    side = target_side(tail, head, unit, source, target)
    if side is None:
        return None
    return [arc for arc in range(len(tail)) if side[head[arc]] and not side[tail[arc]]]


def test_the_cut_nearest_to_the_target_is_told():
    """0 > 1 > 2: either arc alone cuts; the later one is told."""
    assert minimum_cut([0, 1], [1, 2], [1, 1], 0, 2) == [1]
    assert minimum_cut([0, 1], [1, 2], [1, 0], 0, 2) == [0]


def test_no_cut_and_nothing_to_cut():
    """Unlimited all the way: none. Not joined at all: the empty cut. One node: none."""
    assert minimum_cut([0, 1], [1, 2], [0, 0], 0, 2) is None
    assert minimum_cut([1], [0], [1], 0, 2) == []
    assert minimum_cut([0], [1], [1], 1, 1) is None


@settings(max_examples=1000, deadline=None)
@given(st.lists(st.tuples(node, node, st.booleans()), max_size=20))
def test_cut_equals_networkx(drawn):
    """Same value; taking the arcs away separates; the target side is the smallest."""
    tail, head = [a for a, _, _ in drawn], [b for _, b, _ in drawn]
    unit = [limited for *_, limited in drawn]
    graph = nx.DiGraph()
    graph.add_nodes_from(range(7))
    for place, (a, b, limited) in enumerate(drawn):
        graph.add_edge(a, f"arc{place}", **({"capacity": 1} if limited else {}))
        graph.add_edge(f"arc{place}", b)
    cut = minimum_cut(tail, head, unit, 0, 6)
    try:
        value, _ = nx.minimum_cut(graph, 0, 6)
    except nx.NetworkXUnbounded:
        assert cut is None
        return
    assert len(cut) == value
    assert all(unit[arc] for arc in cut)
    graph.remove_nodes_from([f"arc{arc}" for arc in cut])
    assert not nx.has_path(graph, 0, 6)


def test_the_side_of_the_target_is_the_smallest():
    """0 > 1 twice, 1 > 2 once, 2 > 3 once: both single arcs are minimum; the last is nearest."""
    assert list(target_side([0, 0, 1, 2], [1, 1, 2, 3], [1] * 4, 0, 3)) == [0, 0, 0, 1]
    assert list(target_side([0, 1, 1, 1, 2], [1, 2, 2, 3, 3], [1] * 5, 0, 3)) == [0, 1, 1, 1]
    assert target_side([0], [1], [0], 0, 1) is None
