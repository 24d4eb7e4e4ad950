"""Which input matters: correlations of ranks equal scipy's, and nothing is seen in noise."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from supplyroutes.analysis.outlooks.influence import influence


def drawn(runs=200, keys=3, seed=1):
    """Inputs of runs."""
    return np.random.default_rng(seed).random((runs, keys))


def test_correlations_equal_an_independent_library():
    """Also with ties, and with outcomes that are infinite: more than any number."""
    inputs = drawn()
    outcome = np.floor(10 * (inputs[:, 0] - 0.5 * inputs[:, 1]))
    outcome[outcome > 5] = np.inf
    found = influence(inputs, outcome[:, None])
    finite = np.where(np.isinf(outcome), 99, outcome)
    for key in range(3):
        theirs = spearmanr(inputs[:, key], finite).statistic
        assert found.rank_correlation[key, 0] == pytest.approx(theirs, abs=1e-12)
    assert (found.low <= found.rank_correlation).all()
    assert (found.rank_correlation <= found.high).all()


def test_shares_of_a_known_sum():
    """By hand: of 3 a + b + noise the variance is 9 : 1 : noise; ranks keep it roughly."""
    inputs = drawn(runs=4000, keys=3)
    noise = np.random.default_rng(2).random(4000)
    outcome = 3 * inputs[:, 0] + inputs[:, 1] + noise
    found = influence(inputs, outcome[:, None])
    assert found.share[:, 0] == pytest.approx([9 / 11, 1 / 11, 0], abs=0.03)
    assert found.unexplained[0] == pytest.approx(1 / 11, abs=0.03)
    assert found.clear[:, 0].tolist() == [True, True, False]
    assert found.unexplained_low[0] <= found.unexplained[0] <= found.unexplained_high[0]


def test_noise_is_seldom_taken_for_an_input():
    """Of 200 outcomes that hang on nothing, one in twenty may show a clear input."""
    outcomes = np.random.default_rng(3).random((200, 200))
    found = influence(drawn(keys=50), outcomes)
    assert found.clear.any(axis=0).mean() <= 0.1
    assert np.mean(found.unexplained_high >= 1 - 0.02) > 0.8  # all of it, in most


def test_intervals_hold_the_true_correlation():
    """Of 300 ensembles of 60 runs, about 95 % hold what 100,000 runs show."""
    rng = np.random.default_rng(4)

    def one(runs):
        inputs = rng.random((runs, 2))
        return inputs, (inputs[:, 0] + inputs[:, 1])[:, None]

    truth = influence(*one(100_000)).rank_correlation[0, 0]
    held = 0
    for _ in range(300):
        found = influence(*one(60))
        held += found.low[0, 0] <= truth <= found.high[0, 0]
    assert held / 300 == pytest.approx(0.95, abs=0.04)


def test_what_cannot_be_told_is_missing():
    """An outcome that is always the same, too few runs, no outcome at all."""
    same = influence(drawn(), np.ones((200, 1)))
    assert np.isnan(same.rank_correlation).all()
    assert not same.clear.any()
    few = influence(drawn(runs=5), np.arange(5.0)[:, None])
    assert np.isnan(few.share).all()
    assert np.isnan(few.unexplained).all()
    assert influence(drawn(), np.empty((200, 0))).rank_correlation.shape == (3, 0)
    whole = influence(drawn(), drawn()[:, :1])
    assert whole.rank_correlation[0, 0] == 1
    assert whole.high[0, 0] == 1
