"""Best times from many sources: cases small enough to see."""

from math import inf

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.core import incidence


def solve(arcs, cost, sources, nodes, passable=None):
    """Best costs, last arcs and sources over (tail, head) arcs."""
    tail, head = [arc[0] for arc in arcs], [arc[1] for arc in arcs]
    start, out = incidence(tail, nodes)
    return nearest_source(start, out, head, cost, passable or [1] * len(arcs), sources)


def test_best_path_is_not_the_one_of_fewest_roads():
    """0 to 2 directly 5, by way of 1: 2 + 2 = 4."""
    arcs = [(0, 2), (0, 1), (1, 2)]
    best, arc_in, origin = solve(arcs, [5.0, 2.0, 2.0], [0], 3)
    assert best == [0, 2, 4]
    assert path_to(2, arc_in, [0, 0, 1]) == [1, 2]
    assert origin == [0, 0, 0]


def test_unreached_and_impassable():
    """Node 3 has no road; with arc 1 closed node 2 costs 5."""
    arcs = [(0, 2), (0, 1), (1, 2)]
    best, arc_in, origin = solve(arcs, [5.0, 2.0, 2.0], [0], 4, [1, 0, 1])
    assert best == [0, inf, 5, inf]
    assert (arc_in[3], origin[3], path_to(3, arc_in, [0, 0, 1])) == (-1, -1, [])


def test_no_source_reaches_nothing():
    """Everything is infinitely far."""
    assert solve([(0, 1)], [1.0], [], 2) == ([inf, inf], [-1, -1], [-1, -1])


def test_equal_costs_go_to_the_source_with_the_lowest_number():
    """2 lies 1 h from 0 and from 1, whatever the order of arcs and sources."""
    for arcs in ([(0, 2), (1, 2)], [(1, 2), (0, 2)]):
        for sources in ([0, 1], [1, 0]):
            assert solve(arcs, [1.0, 1.0], sources, 3)[2] == [0, 1, 0]


def test_a_source_is_its_own_even_at_the_end_of_a_road_of_zero_length():
    """0 and 1 are sources on one spot: 1 is not fed by 0, and what hangs on 1 is 1's."""
    arcs = [(0, 1), (1, 0), (1, 2)]
    best, arc_in, origin = solve(arcs, [0.0, 0.0, 3.0], [0, 1], 3)
    assert (best, arc_in, origin) == ([0, 0, 3], [-1, -1, 2], [0, 1, 1])


def test_a_cycle_of_zero_length_ends():
    """REL-004: 0, 1 and 2 on one spot, in a ring."""
    assert solve([(0, 1), (1, 2), (2, 0)], [0.0] * 3, [0], 3)[0] == [0, 0, 0]
