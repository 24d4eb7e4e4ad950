"""Edge-disjoint approaches, and the minimum cut that bounds them."""

from hypothesis import given
from hypothesis import strategies as st

from supplyroutes._kernels.disjoint import disjoint_paths, narrowest
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


def side(arcs, sources, target, nodes):
    """The number of disjoint paths, and the target's side of the minimum cut."""
    tail, head = [arc[0] for arc in arcs], [arc[1] for arc in arcs]
    flags = bytearray(node in sources for node in range(nodes))
    into, outof = incidence(head, nodes), incidence(tail, nodes)
    found, inside = narrowest(*into, *outof, tail, head, [1] * len(arcs), flags, target)
    return found, {node for node in range(nodes) if inside[node]}


def test_the_narrowest_place_lies_as_near_the_target_as_can_be():
    """0 > 1 twice, 1 > 2 once, 2 > 3 once: both single arcs are minimum; the last is nearest."""
    assert side([(0, 1), (0, 1), (1, 2), (2, 3)], {0}, 3, 4) == (1, {3})
    assert side([(0, 1), (1, 2), (1, 2), (1, 3), (2, 3)], {0}, 3, 4) == (1, {1, 2, 3})


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14),
    st.sets(st.integers(1, 5), max_size=2),
)
def test_as_many_arcs_enter_the_side_as_there_are_paths(arcs, sources):
    """Maximum flow is minimum cut (Ford & Fulkerson): no source inside, k arcs enter."""
    arcs = [(tail, head) for tail, head in arcs if tail != head]
    found, inside = side(arcs, sources, 0, 6)
    assert 0 in inside
    assert not inside & sources
    assert sum(tail not in inside and head in inside for tail, head in arcs) == found
