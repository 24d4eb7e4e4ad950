"""The best paths in order: equal to networkx and to trying everything, compiled or not."""

from itertools import islice
from math import inf

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.paths import k_shortest
from supplyroutes.core import incidence
from tests.oracles.brute_paths import arrival, in_order, simple_paths

NODES = 7
ARC = st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1))
COSTS = (0, 0, 1, 1, 2, 3, 7)


@st.composite
def graphs(draw):
    """Draw arcs (parallel, one-way, disconnected), costs (zero too), sources and a target."""
    arcs = draw(st.lists(ARC, min_size=1, max_size=16))
    drawn = draw(st.lists(st.sampled_from(COSTS), min_size=16, max_size=16))
    cost = [float(value) for value in drawn[: len(arcs)]]
    sources = sorted(draw(st.sets(st.integers(0, NODES - 1), min_size=1, max_size=3)))
    return arcs, cost, sources, draw(st.integers(0, NODES - 1))


def arguments(arcs, cost, sources, target, *, k=10_000, longest=inf, schedule=None, day=1.0):
    """Return the arguments of the kernel: a root with an arc to every source."""
    tail = [arc[0] for arc in arcs] + [NODES] * len(sources)
    head = [arc[1] for arc in arcs] + list(sources)
    passable = [int(arc[1] not in sources) for arc in arcs] + [1] * len(sources)
    row = [-1] * len(tail)
    by_day = []
    if schedule is not None:
        row[: len(arcs)] = range(len(arcs))
        by_day = [value for entry in schedule for value in entry]
        cost = [min(entry) for entry in schedule]
        passable[: len(arcs)] = [
            int(ok and least < inf) for ok, least in zip(passable, cost, strict=False)
        ]
        cost = [0.0 if least == inf else least for least in cost]
    days = len(schedule[0]) if schedule else 0
    return (
        *incidence(head, NODES + 1), *incidence(tail, NODES + 1), tail, head,
        [*cost, *[0.0] * len(sources)], passable, NODES, target, k, longest, row, by_day, day, days,
    )  # fmt: skip


def taken_apart(answer):
    """Return paths without the arc of the root, their costs, and whether they are all."""
    arcs, ends, costs, whole = answer
    begins = [0, *ends]
    paths = [tuple(arcs[begins[place] + 1 : end]) for place, end in enumerate(ends)]
    return paths, list(costs), whole


def solve(*given, **options):
    """Return paths, costs, and whether they are all."""
    return taken_apart(k_shortest(*arguments(*given, **options)))


def test_three_paths_by_hand():
    """0 > 1 > 3 costs 2, 0 > 3 costs 5, 0 > 1 > 2 > 3 costs 6."""
    arcs, cost = [(0, 1), (1, 3), (0, 3), (1, 2), (2, 3)], [1.0, 1.0, 5.0, 2.0, 3.0]
    assert solve(arcs, cost, [0], 3) == ([(0, 1), (2,), (0, 3, 4)], [2, 5, 6], True)
    assert solve(arcs, cost, [0], 3, k=2) == ([(0, 1), (2,)], [2, 5], False)
    assert solve(arcs, cost, [0], 3, longest=5.5) == ([(0, 1), (2,)], [2, 5], True)
    assert solve(arcs, cost, [0], 3, longest=1.0) == ([], [], True)
    assert solve(arcs, cost, [4], 3) == ([], [], True)
    assert solve(arcs, cost, [0, 3], 3) == ([()], [0], True)


def test_parallel_roads_and_zero_lengths_end():
    """REL-004: two roads 0 > 1, a loop of no length behind: two paths, not endless ones."""
    arcs = [(0, 1), (0, 1), (1, 2), (2, 1), (1, 3)]
    assert solve(arcs, [1.0, 1.0, 0.0, 0.0, 1.0], [0], 3)[0] == [(0, 4), (1, 4)]


@settings(max_examples=2000, deadline=None)
@given(graphs())
def test_all_paths_in_order_are_those_of_networkx(graph):
    """The same costs in the same order, the same paths, each once."""
    arcs, cost, sources, target = graph
    paths, costs, whole = solve(*graph)
    assert whole
    assert sorted(paths) == sorted(simple_paths(arcs, sources, target))
    assert costs == [sum(cost[place] for place in path) for path in paths] == sorted(costs)
    theirs = [sum(cost[place] for place in path) for path in islice(in_order(*graph), 60)]
    assert costs[:60] == theirs


@settings(max_examples=1000, deadline=None)
@given(graphs(), st.integers(1, 6), st.integers(0, 12))
def test_the_first_k_and_those_within_a_limit(graph, k, longest):
    """The costs of the first k are those of all; a limit leaves out what is longer."""
    _, costs, _ = solve(*graph)
    assert solve(*graph, k=k)[1] == costs[:k]
    assert solve(*graph, longest=float(longest))[1:] == (
        [value for value in costs if value <= longest],
        True,
    )


WEEK = st.lists(st.sampled_from((0.0, 1.0, 3.0, 9.0, 13.0, inf, inf)), min_size=4, max_size=4)


@settings(max_examples=1000, deadline=None)
@given(graphs(), st.lists(WEEK, min_size=16, max_size=16))
def test_waiting_equals_trying_every_day(graph, weeks):
    """Each path arrives as early as the best choice of days does; none is missing."""
    arcs, _, sources, target = graph
    schedule = weeks[: len(arcs)]
    paths, costs, whole = solve(arcs, [], sources, target, schedule=schedule, day=4.0)
    want = {path: arrival(path, schedule, 4.0) for path in simple_paths(arcs, sources, target)}
    want = {path: time for path, time in want.items() if time < inf}
    assert whole
    assert dict(zip(paths, costs, strict=True)) == want
    assert costs == sorted(costs)


def test_waiting_by_hand():
    """The road opens on day 2: entered at 8, arrived at 9; the long one arrives at 10."""
    schedule = [[inf, inf, 1.0], [10.0, 10.0, 10.0]]
    found = solve([(0, 1), (0, 1)], [], [0], 1, schedule=schedule, day=4.0)
    assert found == ([(0,), (1,)], [9, 10], True)


@pytest.mark.parametrize("waits", [False, True])
def test_the_compiled_kernel_gives_the_same_answer(waits):
    """One source: 200 random graphs, the same arcs, costs and order."""
    numba = pytest.importorskip("numba")
    from supplyroutes.analysis.compiling import as_arrays, compiled

    assert numba
    kernel = compiled(k_shortest)
    numbers = np.random.default_rng(1)
    for _ in range(200):
        arcs = [tuple(pair) for pair in numbers.integers(0, NODES, (14, 2)).tolist()]
        cost = [float(value) for value in numbers.integers(0, 4, 14)]
        schedule = None
        if waits:
            schedule = numbers.choice([0.0, 1.0, 5.0, inf], (14, 3)).tolist()
        given_ = arguments(arcs, cost, [0, 1], 6, k=7, schedule=schedule, day=4.0)
        want = k_shortest(*given_)
        found = kernel(*as_arrays(k_shortest, given_))
        assert tuple(map(list, found[:3])) == want[:3]
        assert found[3] == want[3]
