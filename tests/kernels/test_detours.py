"""Longest detours and series: bounds that hold for every attack, by trying them all."""

from itertools import combinations
from math import inf

from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.detours import longest_detour
from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.series import in_series
from supplyroutes.core import incidence


def bound(nodes, roads, hours, room, asked, budget):
    """The bound for roads given as (u, v), both ways; asked are the sources and the target."""
    sources, target = asked
    tail = [end for u, v in roads for end in (u, v)]
    head = [end for u, v in roads for end in (v, u)]
    cost = [time for time in hours for _ in (0, 1)]
    rooms = [amount for amount in room for _ in (0, 1)]
    links = (*incidence(tail, nodes), *incidence(head, nodes))
    best = nearest_source(*links[:2], head, cost, [amount > 0 for amount in rooms], sources)[0]
    if best[target] == inf:
        return inf
    return longest_detour(*links, tail, head, cost, rooms, best, sources, target, budget)


def after(nodes, roads, hours, lost, sources, target):
    """The best time with some roads lost."""
    tail = [end for u, v in roads for end in (u, v)]
    head = [end for u, v in roads for end in (v, u)]
    open_ = [road not in lost for road in range(len(roads)) for _ in (0, 1)]
    cost = [time for time in hours for _ in (0, 1)]
    return nearest_source(*incidence(tail, nodes), head, cost, open_, sources)[0][target]


def test_two_ways_and_one_loss():
    """Ways of 1 and of 2 + 2: one loss leaves 4 at worst, two losses cut the town off."""
    roads, hours = [(0, 1), (0, 2), (2, 1)], [1.0, 2.0, 2.0]
    assert bound(3, roads, hours, [1.0] * 3, ([0], 1), 0) == 1
    assert bound(3, roads, hours, [1.0] * 3, ([0], 1), 1) == 4
    assert bound(3, roads, hours, [1.0] * 3, ([0], 1), 2) == inf


def test_a_road_that_costs_more_or_is_safe():
    """A safe way is the worst there can be; a road of cost 2 outlasts a budget of 1."""
    roads, hours = [(0, 1), (0, 1)], [5.0, 1.0]
    assert bound(2, roads, hours, [inf, 1.0], ([0], 1), 9) == 5
    assert bound(2, roads, hours, [1.0, 2.0], ([0], 1), 1) == 1
    assert bound(2, roads, hours, [1.0, 2.0], ([0], 1), 2) == 5
    assert bound(2, roads, hours, [1.0, 1.0], ([0, 1], 1), 1) == 0


networks = st.integers(2, 6).flatmap(
    lambda nodes: st.tuples(
        st.just(nodes),
        st.lists(
            st.tuples(st.integers(0, nodes - 1), st.integers(1, nodes - 1), st.integers(0, 4)),
            min_size=1,
            max_size=10,
        ),
        st.lists(st.sampled_from((1.0, 1.0, 2.0, 0.5, inf, 0.0)), min_size=10, max_size=10),
        st.integers(0, 3),
        st.integers(1, 2),
    )
)


@settings(max_examples=800, deadline=None)
@given(networks)
def test_no_attack_in_the_budget_goes_beyond_the_bound(drawn):
    """Every affordable set of roads, zero lengths and parallels included; infinite only if cut."""
    nodes, drawn_roads, room, budget, count = drawn
    roads = [(u, (u + step) % nodes) for u, step, _ in drawn_roads]
    hours = [float(time) for *_, time in drawn_roads]
    room = room[: len(roads)]
    sources, target = list(range(count)), nodes - 1
    most = bound(nodes, roads, hours, room, (sources, target), budget)
    gone = [road for road, amount in enumerate(room) if amount == 0]
    worst = 0.0
    for size in range(len(roads) + 1):
        for lost in combinations(range(len(roads)), size):
            if sum(room[road] for road in lost) <= budget:
                worst = max(worst, after(nodes, roads, hours, {*lost, *gone}, sources, target))
    assert worst <= most
    assert (worst == inf) == (most == inf)


def test_series_of_a_ring_with_a_dead_end():
    """A ring of five with a spur: the spur is no junction; two sources split it."""
    ring = {0: (-1, 1), 1: (1, 2), 2: (2, 3), 3: (3, 4), 4: (4, -1), 5: (2, 9)}
    assert in_series(ring) == [[0, 1, 2, 3, 4], [5]]
    crossed = {**ring, 6: (1, 3)}
    assert in_series(crossed) == [[0], [1, 2], [3, 4], [5], [6]]
    assert in_series({0: (1, 1), 1: (1, 2)}) == [[0], [1]]
    assert in_series({}) == []
