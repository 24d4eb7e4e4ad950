"""Edge-disjoint approaches."""

from supplyroutes._kernels.disjoint import disjoint_paths
from supplyroutes.core import incidence


def count(arcs, sources, target, nodes, passable=None):
    """Disjoint paths over (tail, head) arcs."""
    tail, head = [arc[0] for arc in arcs], [arc[1] for arc in arcs]
    flags = bytearray(node in sources for node in range(nodes))
    into, outof = incidence(head, nodes), incidence(tail, nodes)
    return disjoint_paths(*into, *outof, tail, head, passable or [1] * len(arcs), flags, target)


def test_parallel_roads_are_two_approaches():
    """Two arcs from 0 to 1; with one closed, one."""
    assert count([(0, 1), (0, 1)], {0}, 1, 2) == 2
    assert count([(0, 1), (0, 1)], {0}, 1, 2, [1, 0]) == 1


def test_two_ways_in_but_one_way_there_is_one():
    """All must pass arc 0 > 1."""
    assert count([(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)], {0}, 4, 5) == 1


def test_a_first_path_through_the_cross_road_is_taken_back():
    """0 > 1 > 4, 0 > 2 > 4 beside the cross road 1 > 2: two, whichever is found first."""
    arcs = [(0, 1), (0, 2), (1, 2), (1, 4), (2, 4)]
    assert count(arcs, {0}, 4, 5) == 2
    arcs = [(0, 1), (1, 2), (2, 5), (0, 3), (3, 2), (1, 4), (4, 5)]
    assert count(arcs, {0}, 5, 6) == 2


def test_several_sources_and_none():
    """A source each side: two. No source: none. A target that is a source: none told."""
    assert count([(0, 1), (2, 1)], {0, 2}, 1, 3) == 2
    assert count([(0, 1), (2, 1)], set(), 1, 3) == 0
    assert count([(0, 1), (2, 1)], {0, 1}, 1, 3) == 0


def test_one_way_the_wrong_way_is_no_approach():
    """1 > 0 leads out of the target."""
    assert count([(1, 0)], {0}, 1, 2) == 0
