"""Paths that no other beats in cost and risk: equal to enumeration."""

from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.pareto import pareto_paths
from supplyroutes.core import incidence
from tests.kernels.test_k_shortest import NODES, graphs
from tests.oracles.brute_paths import simple_paths, unbeaten


def solve(arcs, cost, risk, sources, target):
    """Return the paths, without the arc of the root."""
    tail = [arc[0] for arc in arcs] + [NODES] * len(sources)
    head = [arc[1] for arc in arcs] + list(sources)
    rest = [0.0] * len(sources)
    passable = [int(arc[1] not in sources) for arc in arcs] + [1] * len(sources)
    out = incidence(tail, NODES + 1)
    found, ends = pareto_paths(
        *out, head, [*cost, *rest], [*risk, *rest], passable, NODES, target
    )  # fmt: skip
    begins = [0, *ends]
    return [tuple(found[begins[place] + 1 : end]) for place, end in enumerate(ends)]


def test_fast_and_risky_or_slow_and_safe():
    """Three ways: (1, 5), (2, 2) and (3, 2); the last is beaten."""
    arcs = [(0, 1), (0, 1), (0, 1)]
    assert solve(arcs, [3.0, 1.0, 2.0], [2.0, 5.0, 2.0], [0], 1) == [(1,), (2,)]
    assert solve(arcs, [3.0, 1.0, 2.0], [2.0, 5.0, 2.0], [2], 1) == []


@settings(max_examples=1500, deadline=None)
@given(graphs(), st.lists(st.sampled_from((0.0, 0.0, 1.0, 2.0, 5.0)), min_size=16, max_size=16))
def test_they_are_those_of_enumeration(graph, risks):
    """The same pairs in the same order; each path simple, from a source to the target."""
    arcs, cost, sources, target = graph
    risk = risks[: len(arcs)]
    every = set(simple_paths(arcs, sources, target))

    def pair(path):
        return sum(cost[place] for place in path), sum(risk[place] for place in path)

    found = solve(arcs, cost, risk, sources, target)
    assert set(found) <= every
    assert [pair(path) for path in found] == unbeaten([pair(path) for path in every])
