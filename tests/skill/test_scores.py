"""Scores by hand, their bounds, and intervals that are the same on every run."""

from datetime import date, timedelta
from math import inf, isnan, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyroutes.skill.scores import (
    Case,
    bootstrap,
    brier_score,
    concordance,
    log_score,
    reliability_bins,
    skill_score,
)

DAY = date(2025, 10, 1)

CASES = st.lists(
    st.builds(
        Case,
        node=st.sampled_from(["a", "b", "c"]),
        day=st.integers(0, 20).map(lambda days: DAY + timedelta(days=days)),
        prob=st.floats(0, 1),
        short=st.booleans(),
        weight=st.sampled_from([0.25, 0.5, 1.0]),
    ),
    max_size=30,
)


def case(prob, short=True, weight=1.0, node="a"):
    """One case."""
    return Case(node, DAY, prob, short, weight)


def test_scores_by_hand():
    """(0.2^2 + 0.5 x 0.5^2) / 1.5, and the logarithms weighted alike."""
    cases = [case(0.8), case(0.5, short=False, weight=0.5)]
    assert brier_score(cases) == pytest.approx((0.04 + 0.125) / 1.5)
    assert log_score(cases) == pytest.approx((-log(0.8) - 0.5 * log(0.5)) / 1.5)


def test_a_sure_forecast_that_misses_is_no_infinity():
    """It counts as 99 in 100."""
    assert log_score([case(0.0)]) == pytest.approx(-log(0.01))


def test_without_a_case_there_is_no_score():
    """Not zero, which would be perfect."""
    assert isnan(brier_score([]))
    assert isnan(log_score([]))
    assert isnan(skill_score(0.1, 0.0))
    assert all(isnan(end) for end in bootstrap([case(0.5)], brier_score, seed=1))


@given(CASES.filter(len))
def test_scores_lie_in_their_bounds(cases):
    """Brier in [0, 1]; the log score up to ln 100."""
    assert 0 <= brier_score(cases) <= 1
    assert 0 <= log_score(cases) <= log(100) + 1e-12


@given(CASES.filter(len))
def test_an_honest_half_scores_a_quarter(cases):
    """Saying one half everywhere gives 0.25 whatever comes."""
    halves = [Case(one.node, one.day, 0.5, one.short, one.weight) for one in cases]
    assert brier_score(halves) == pytest.approx(0.25)


def test_skill_is_one_for_perfect_and_negative_for_worse():
    """Against the same baseline."""
    assert skill_score(0.0, 0.2) == 1
    assert skill_score(0.3, 0.2) == pytest.approx(-0.5)


def test_order_of_towns():
    """Pairs right, wrong, tied in the forecast, and tied in what was seen."""
    seen = {"a": 1.0, "b": 2.0, "c": 3.0}
    assert concordance(seen, seen) == 1
    assert concordance({"a": 3, "b": 2, "c": 1}, seen) == 0
    assert concordance({"a": inf, "b": inf}, seen) == 0.5
    assert isnan(concordance({"a": 1, "b": 2}, {"a": 1, "b": 1}))
    assert concordance({"a": 1, "b": inf}, seen) == 1


def test_bootstrap_draws_towns_and_repeats():
    """Two towns, one perfect and one wrong: the interval reaches from one to the other."""
    cases = [case(1.0, node="a")] * 5 + [case(0.0, node="b")] * 5
    assert bootstrap(cases, brier_score, seed=3) == bootstrap(cases, brier_score, seed=3)
    assert bootstrap(cases, brier_score, seed=3) == (0.0, 1.0)


@given(CASES)
def test_bins_hold_every_case_once(cases):
    """The classes cover [0, 1] without gap or overlap."""
    bins = reliability_bins(cases)
    assert sum(one.cases for one in bins) == len(cases)
    assert all(one.low - 1e-9 <= one.prob <= one.high + 1e-9 for one in bins)
    assert all(0 <= one.short_share <= 1 + 1e-12 for one in bins)
