"""Mazes of locks: the fewest keys and the weight of each, against trying every set."""

from fractions import Fraction
from itertools import permutations
from math import isclose

from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.lifting import (
    Maze,
    exact_shares,
    fewest_keys,
    sampled_pivots,
)

KEYS = 5
lock = st.integers(1, 2**KEYS - 1)
arcs = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 5), st.lists(lock, max_size=3).map(tuple)),
    max_size=12,
)
# Two ways in: one shut by keys 0 and 1, both needed; the other by 2 or 3.
TWO_WAYS = Maze([0, 0], [1, 1], [(0b0001, 0b0010), (0b1100,)], 0, 1)


def maze(drawn):
    return Maze([a for a, _, _ in drawn], [b for _, b, _ in drawn], [c for *_, c in drawn], 0, 5)


def test_two_ways_by_hand():
    """One key of the second way is enough; 2 and 3 are equal, 0 and 1 weigh less."""
    assert fewest_keys(TWO_WAYS, most_sets=9, most_steps=99) == ([0b0100, 0b1000], 1, True)
    shares = exact_shares(TWO_WAYS, 4)
    # Blocks shut both ways if 2 and 3 stand, with 0 or 1. Of the 24 orders the last of
    # {2, 3} shuts it unless both 0 and 1 come later; then the first of 0, 1 does.
    assert [round(share, 9) for share in shares] == [round(1 / 12, 9)] * 2 + [round(5 / 12, 9)] * 2


def test_search_that_stops_gives_a_bound():
    """After the empty set the search has tried nothing of one key: one key is the bound."""
    assert fewest_keys(TWO_WAYS, most_sets=9, most_steps=1) == ([], 1, False)
    assert fewest_keys(TWO_WAYS, most_sets=1, most_steps=99) == ([0b0100], 1, False)


def test_an_open_way_needs_no_key_and_a_missing_one_has_none():
    """No lock: the empty set. No arc: no set, proven."""
    assert fewest_keys(Maze([0], [1], [()], 0, 1), most_sets=9, most_steps=9) == ([0], 0, True)
    found, _, complete = fewest_keys(Maze([], [], [], 0, 1), most_sets=9, most_steps=9)
    assert (found, complete) == ([], True)


@settings(max_examples=1000, deadline=None)
@given(arcs)
def test_fewest_keys_equal_all_sets(drawn):
    """Every smallest set is found, in order, and no other."""
    made = maze(drawn)
    good = [keys for keys in range(2**KEYS) if made.opens(keys)]
    found, size, complete = fewest_keys(made, most_sets=99, most_steps=9999)
    assert complete
    if not good:
        assert found == []
        return
    assert size == min(keys.bit_count() for keys in good)
    assert sorted(found) == [keys for keys in good if keys.bit_count() == size]


@settings(max_examples=300, deadline=None)
@given(arcs)
def test_shares_equal_all_orders_of_arrival(drawn):
    """By the definition of Shapley and Shubik: the block that shuts the way, over all orders."""
    made = maze(drawn)
    want = [Fraction(0)] * KEYS
    orders = list(permutations(range(KEYS)))
    for order in orders:
        left = 2**KEYS - 1
        for block in order:
            before = made.opens(left)
            left &= ~(1 << block)
            want[block] += before and not made.opens(left)
    shares = exact_shares(made, KEYS)
    assert all(
        isclose(a, b / len(orders), abs_tol=1e-12) for a, b in zip(shares, want, strict=True)
    )


@settings(max_examples=50, deadline=None)
@given(arcs)
def test_sampled_shares_lie_near_the_exact_ones(drawn):
    """Within five standard errors, and the same seed gives the same sample."""
    made = maze(drawn)
    if made.opens(0) or not made.opens(2**KEYS - 1):
        return
    pivots = sampled_pivots(made, KEYS, samples=2000, seed=1)
    assert pivots == sampled_pivots(made, KEYS, samples=2000, seed=1)
    assert sum(pivots) == 2000
    for count, share in zip(pivots, exact_shares(made, KEYS), strict=True):
        assert abs(count / 2000 - share) <= 5 * (share * (1 - share) / 2000) ** 0.5 + 1e-12


def test_many_locks_of_many_keys_stop_at_the_limit():
    """Sixteen bans on one road, each with two keys: one of the 2^16 sets, or a bound."""
    road = Maze([0], [1], [tuple(0b11 << 2 * place for place in range(16))], 0, 1)
    found, size, complete = fewest_keys(road, most_sets=3, most_steps=2000)
    assert not complete
    assert not found
    assert 1 <= size <= 16
