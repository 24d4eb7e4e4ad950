"""Orders of lifting: the best of all, of equals the first; searches that are never below it."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes._kernels.lift_order import (
    area,
    best_order,
    fill_values,
    greedy_order,
    improved,
    least_area,
    reverse_order,
    trimmed,
)

LIFTS = 5
lots = settings(max_examples=1000, deadline=None)
some_set = st.integers(1, 2**LIFTS - 1)
towns = st.lists(
    st.tuples(st.integers(0, 9), st.lists(some_set, min_size=1, max_size=3)), max_size=6
)
took = st.lists(st.integers(1, 4), min_size=LIFTS, max_size=LIFTS)


def missing_of(drawn):
    """What is missing for a set: the weight of towns none of whose sets of lifts is done."""

    def value(done):
        return sum(
            weight for weight, sets in drawn if not any(done & needed == needed for needed in sets)
        )

    return value


def test_a_pair_that_works_only_together_by_hand():
    """Lift 0 brings 3; lifts 1 and 2 bring 10 together and nothing alone.

    1, 2, 0 costs 13 + 13 + 3 = 29; 0 first 13 + 10 + 10 = 33.
    """
    value = missing_of([(3, [0b001]), (10, [0b110])])
    days = [1, 1, 1]
    assert best_order([value(done) for done in range(8)], days) == [1, 2, 0]
    assert area([1, 2, 0], days, value, 0) == 29
    assert greedy_order(days, value, 0) == [0, 1, 2]  # it does not see the pair
    assert reverse_order(days, value, 0) == [1, 2, 0]
    assert improved([0, 1, 2], days, value, 0, most_tried=99) == [1, 2, 0]


def test_days_count_and_what_restores_nothing_is_left_out():
    """10 for 5 days or 4 for one: 14 + 5 x 10 is less than 5 x 14 + 4. Lift 2 does nothing."""
    value = missing_of([(10, [0b001]), (4, [0b010])])
    assert best_order([value(done) for done in range(8)], [5, 1, 1]) == [1, 0]
    assert trimmed([1, 0, 2], value, 0) == [1, 0]
    assert best_order([0], []) == []


def test_equal_sets_are_not_asked_again():
    """One lift of eight matters: of 256 sets few are valued."""
    asked = []

    def value(done):
        asked.append(done)
        return 0 if done & 0b1000 else 5

    assert fill_values(8, value) == [0 if done & 0b1000 else 5 for done in range(256)]
    assert len(asked) == len(set(asked)) == 18  # none, all, each alone, all but each


@lots
@given(towns, took)
def test_the_best_order_is_the_first_of_the_least_area(drawn, days):
    """Every order is tried; of those of the least area the first that is not trimmed stands."""
    value = missing_of(drawn)
    values = fill_values(LIFTS, value)
    assert values == [value(done) for done in range(2**LIFTS)]
    floor = values[-1]
    best = min(
        permutations(range(LIFTS)), key=lambda order: (area(order, days, value, floor), order)
    )
    found = best_order(values, days)
    assert area(found, days, value, floor) == area(best, days, value, floor)
    assert found == trimmed(best, value, floor)
    assert least_area(values, days) == area(best, days, value, floor)


@lots
@given(towns, took)
def test_searches_end_with_everything_restored_and_are_not_below_the_best(drawn, days):
    """M11: exact is no worse than what local search finds, and that no worse than its start."""
    value = missing_of(drawn)
    values = [value(done) for done in range(2**LIFTS)]
    floor = values[-1]
    least = area(best_order(values, days), days, value, floor)
    for find in (greedy_order, reverse_order):
        start = find(days, value, floor)
        better = improved(start, days, value, floor, most_tried=500)
        for order in (start, better):
            assert len(set(order)) == len(order)
            assert value(sum(1 << lift for lift in order)) == floor
        assert least <= area(better, days, value, floor) <= area(start, days, value, floor)
        assert improved(start, days, value, floor, most_tried=0) == start
