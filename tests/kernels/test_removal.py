"""Each arc removed alone, and sets of arcs, against a search of the whole graph."""

from math import inf

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.removal import each_arc, each_set
from supplyroutes.analysis import compiling
from supplyroutes.core import incidence

lots = settings(max_examples=600, deadline=None)


@st.composite
def graphs(draw):
    """Draw roads (u, v, cost, one-way), sources, demand and people; costs are often nought."""
    nodes = draw(st.integers(2, 12))
    node = st.integers(0, nodes - 1)
    road = st.tuples(node, node, st.sampled_from((0, 0, 1, 1, 2, 3, 7)), st.booleans())
    roads = draw(st.lists(road, min_size=1, max_size=24))
    sources = draw(st.lists(node, max_size=3, unique=True).map(sorted))
    demand = draw(st.lists(st.integers(0, 3), min_size=nodes, max_size=nodes))
    people = draw(st.lists(st.integers(0, 2), min_size=nodes, max_size=nodes))
    return nodes, [one for one in roads if one[0] != one[1]], sources, demand, people


def flat(graph):
    """Return what kernels take: arcs of roads, then one from a root to each source."""
    nodes, roads, sources, demand, people = graph
    tail = [end for u, v, _, _ in roads for end in (u, v)] + [nodes] * len(sources)
    head = [end for u, v, _, _ in roads for end in (v, u)] + sources
    cost = [float(c) for _, _, c, _ in roads for _ in (0, 1)] + [0.0] * len(sources)
    passable = [flag for *_, one in roads for flag in (1, 1 - one)] + [1] * len(sources)
    start, out = incidence(tail, nodes + 1)
    best, arc_in, _ = nearest_source(start, out, head, cost, passable, [nodes])
    uses = [float(amount) for amount in demand] + [0.0]
    lives = [float(amount) for amount in people] + [0.0]
    wanted = [float(use + live > 0) for use, live in zip(uses, lives, strict=True)]
    return (tail, head, cost, passable, best, arc_in, nodes), (uses, lives, wanted)


def times(graph, gone):
    """Best costs without some roads, by relaxing until nothing changes."""
    nodes, roads, sources, *_ = graph
    best = [0.0 if node in sources else inf for node in range(nodes)]
    changed = True
    while changed:
        changed = False
        for number, (u, v, cost, one_way) in enumerate(roads):
            for tail, head in ((u, v), (v, u))[: 1 if one_way else 2]:
                if number not in gone and best[tail] + cost < best[head]:
                    best[head] = best[tail] + cost
                    changed = True
    return best


def brute(graph, sets):
    """What each set of roads costs, and by wanted town worst, by which, sum and cuts."""
    _, _, _, demand, people = graph
    before = times(graph, set())
    towns = [node for node, time in enumerate(before) if time < inf and demand[node] + people[node]]
    costs, exposed = [], {node: [0.0, -1, 0.0, 0] for node in towns}
    for number, gone in enumerate(sets):
        after = times(graph, set(gone))
        cut = [node for node in towns if after[node] == inf]
        later = {node: after[node] - before[node] for node in towns if after[node] < inf}
        costs.append(
            (
                sum(demand[node] * hours for node, hours in later.items()),
                sum(demand[node] for node in cut),
                sum(people[node] for node in cut),
                len(cut),
            )
        )
        for node in cut:
            exposed[node][3] += 1
        for node, hours in later.items():
            exposed[node][2] += hours
            if hours > exposed[node][0]:
                exposed[node][:2] = hours, number
    return costs, exposed


def by_roads(graph, kernel=each_arc):
    """What each road costs by the kernel for single arcs, in the form of `brute`."""
    tree, weights = flat(graph)
    count = 2 * len(graph[1])
    arcs, *rest = kernel(*tree, count, *weights)
    values, towns = rest[:4], rest[4:]
    costs = [(0, 0, 0, 0)] * len(graph[1])
    for arc, *cost in zip(arcs, *values, strict=True):
        if arc < count:
            costs[arc // 2] = tuple(cost)
    exposed = {
        node: [worst, arc // 2 if arc >= 0 else -1, total, cuts]
        for node, worst, arc, total, cuts in zip(*towns, strict=True)
    }
    return costs, exposed


def by_sets(graph, sets, kernel=each_set):
    """What sets of roads cost by the kernel for sets, in the form of `brute`."""
    tree, weights = flat(graph)
    arcs = [[arc for road in gone for arc in (2 * road, 2 * road + 1)] for gone in sets]
    start = [0]
    for one in arcs:
        start.append(start[-1] + len(one))
    *values, nodes, worst, by, total, cuts = kernel(
        *tree, start, [arc for one in arcs for arc in one], *weights
    )
    towns = zip(nodes, worst, by, total, cuts, strict=True)
    return list(zip(*values, strict=True)), {node: list(row) for node, *row in towns}


LADDER = (
    6,
    [(0, 1, 1, False), (1, 2, 1, False), (3, 4, 1, False), (4, 5, 1, False), (0, 3, 1, False),
     (2, 5, 3, False), (1, 4, 0, True)],
    [0], [0, 1, 1, 0, 2, 1], [0, 0, 1, 1, 0, 0],
)  # fmt: skip


IDLE = (
    5,
    [(0, 1, 1, False), (1, 2, 1, False), (0, 3, 1, False), (3, 4, 1, False), (2, 3, 5, False),
     (1, 3, 5, False)],
    [0], [0, 0, 0, 0, 1], [0, 0, 0, 0, 0],
)  # fmt: skip
"""Nothing is wanted at 1 and 2: they only join 3 with 0, by two ways that become one."""


@lots
@given(graphs())
@example(LADDER)
@example(IDLE)
def test_every_road_alone_equals_a_search_of_the_whole_graph(graph):
    """Costs, and worst, mean and cuts of every town: equal, not near, for costs are whole."""
    assert by_roads(graph) == brute(graph, [[road] for road in range(len(graph[1]))])


@lots
@given(graphs(), st.data())
def test_every_set_equals_a_search_of_the_whole_graph(graph, data):
    """Any sets: empty ones, nested ones, all roads at once."""
    roads = range(len(graph[1]))
    some = st.lists(st.sampled_from(roads), unique=True) if roads else st.just([])
    sets = [[], list(roads), *data.draw(st.lists(some, max_size=5))]
    assert by_sets(graph, sets) == brute(graph, sets)


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_compiled_kernels_give_the_same_bits(graph):
    """With the extra ``fast`` and without."""
    pytest.importorskip("numba")

    def made(kernel):
        return lambda *given: compiling.compiled(kernel)(*compiling.as_arrays(kernel, given))

    sets = [[road] for road in range(len(graph[1]))]
    assert by_roads(graph, made(each_arc)) == by_roads(graph)
    assert by_sets(graph, sets, made(each_set)) == by_sets(graph, sets)


def test_two_directions_are_one_road():
    """0 - 1 - 2 with a long way 0 - 2: without 0 - 1 town 1 is reached through 2."""
    graph = (3, [(0, 1, 1, False), (1, 2, 1, False), (0, 2, 5, False)], [0], [0, 4, 2], [0, 9, 9])
    costs, exposed = by_roads(graph)
    assert costs == [(4 * 5 + 2 * 3, 0, 0, 0), (2 * 3, 0, 0, 0), (0, 0, 0, 0)]
    assert exposed == {1: [5, 0, 5, 0], 2: [3, 0, 6, 0]}


def test_a_one_way_detour_helps_in_its_direction_only():
    """0 - 1 - 2, and 0 > 2 one-way: 2 has a detour; 2 > 0 instead, and both are cut off."""
    ends = [(0, 1, 1, False), (1, 2, 1, False)]
    weights = [0], [0, 1, 1], [0, 0, 0]
    assert by_roads((3, [*ends, (0, 2, 4, True)], *weights))[0][0] == (4 + 2, 0, 0, 0)
    assert by_roads((3, [*ends, (2, 0, 4, True)], *weights))[0][0] == (0, 2, 0, 2)


def test_parallel_roads_are_two_roads():
    """1 h and 3 h side by side: the first costs 2 h, the second nothing, both all."""
    graph = (2, [(0, 1, 1, False), (0, 1, 3, False)], [0], [0, 5], [0, 0])
    assert by_roads(graph)[0] == [(10, 0, 0, 0), (0, 0, 0, 0)]
    assert by_sets(graph, [[0, 1]])[0] == [(0, 5, 0, 1)]
