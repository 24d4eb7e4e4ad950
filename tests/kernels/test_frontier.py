"""Exact reliability of independent two-way roads, against 2^m outcomes and closed forms."""

from fractions import Fraction
from functools import cache
from math import comb

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.frontier import cut_off, reduced, steps_of, width_of
from tests.oracles.brute_reliability import road_reliability

node = st.integers(0, 5)
roads = st.lists(st.tuples(node, node), max_size=9)


def missed(nodes, pairs, fail, root, wanted=None, most=100_000):
    """The probability that the root does not reach each wanted node."""
    wanted = range(nodes) if wanted is None else wanted
    left, ends, keep = reduced(
        nodes, [u for u, _ in pairs], [v for _, v in pairs], fail, root, list(wanted)
    )
    found = {root: 0.0, -1: 1.0}
    starts = sorted({end for one, other, _ in left for end in (one, other)} - {root})
    if starts:
        found |= cut_off(left, steps_of(left, root, starts[0]), most)
    for alone in keep - found.keys():
        found[alone] = 1.0
    for place, there, q in reversed(ends):
        found[place] = q + (1 - q) * found[there]
    return found


@settings(max_examples=600, deadline=None)
@given(roads, st.data(), node, st.sets(node))
def test_equals_trying_every_outcome(pairs, data, root, wanted):
    """Parallel roads, loops, dead ends and parts that nothing joins included."""
    chance = st.sampled_from((0.0, 1.0, 0.5, 0.1, 0.9, 1e-6))
    fail = data.draw(st.lists(chance, min_size=len(pairs), max_size=len(pairs)))
    exact = road_reliability(6, pairs, fail, root, two_way=True)
    for place, value in missed(6, pairs, fail, root, wanted).items():
        if place in wanted:
            assert value == pytest.approx(float(exact[place]), rel=1e-9, abs=1e-15)


def test_series_parallel_and_small_chances_keep_their_digits():
    """Two ways of two roads of 1e-5 each: 4e-10 less a little, to 1e-12 of itself."""
    pairs = [(0, 1), (1, 3), (0, 2), (2, 3)]
    exact = road_reliability(4, pairs, [1e-5] * 4, 0, two_way=True)[3]
    assert missed(4, pairs, [1e-5] * 4, 0, [3])[3] == pytest.approx(float(exact), rel=1e-12)
    bridge = [*pairs, (1, 2)]
    fail = [3e-5, 1e-5, 2e-5, 4e-5, 1e-4]
    exact = road_reliability(4, bridge, fail, 0, two_way=True)[3]
    assert 1e-10 < exact < 2e-9
    assert missed(4, bridge, fail, 0, [3])[3] == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("size", range(2, 9))
def test_complete_graphs_equal_gilberts_recursion(size):
    """Gilbert (1959): from all-joined probabilities R_k of K_k, two nodes are joined with
    sum of C(n-2, k-2) R_k q^(k (n-k))."""
    q = 0.3

    @cache
    def whole(n):
        return 1 - sum(comb(n - 1, k - 1) * whole(k) * q ** (k * (n - k)) for k in range(1, n))

    pairs = [(one, other) for one in range(size) for other in range(one)]
    joined = sum(
        comb(size - 2, k - 2) * whole(k) * q ** (k * (size - k)) for k in range(2, size + 1)
    )
    found = missed(size, pairs, [q] * len(pairs), 0)
    assert found[size - 1] == pytest.approx(1 - joined, abs=1e-12)
    assert found[1] == pytest.approx(found[size - 1], abs=1e-12)


def test_too_many_states_are_given_up():
    """None, and no wrong number."""
    pairs = [(one, other) for one in range(7) for other in range(one)]
    left, _, _ = reduced(7, [u for u, _ in pairs], [v for _, v in pairs], [0.5] * 21, 0, range(7))
    steps = steps_of(left, 0, 1)
    assert cut_off(left, steps, 20) is None
    assert cut_off(left, steps, 1000) is not None
    assert width_of(steps) > 3**6


def test_what_is_reduced_is_small():
    """A ring of ten with one wanted node is two roads in parallel: one road."""
    pairs = [(place, (place + 1) % 10) for place in range(10)]
    left, ends, keep = reduced(10, *zip(*pairs, strict=True), [0.1] * 10, 0, [4])
    assert left == []
    assert keep == set()
    fail = Fraction(1) - Fraction(9, 10) ** 4, Fraction(1) - Fraction(9, 10) ** 6
    assert ends == [(4, 0, pytest.approx(float(fail[0] * fail[1]), rel=1e-12))]
