"""200 runs of 120 days of stocks on the Mali case, and what they hang on.

No other tool was found that draws the inputs of a blockade; the peer of the runs is one process in
place of two, which answers the same bytes. Rank correlations stand beside scipy, one pair at a
time, and are checked equal.
"""

import numpy as np
from measure import Row, median_ms
from scipy.stats import spearmanr

import supplyroutes as sr
from supplyroutes.analysis.outlooks.influence import influence

START, END = "2025-09-01", "2025-12-29"
RUNS = 200
INPUTS, OUTCOMES = 90, 70
MARK_MS = 60_000


def outlook(workers: int) -> str:
    """Return the towns of an outlook as text."""
    draws = sr.ensemble(*sr.datasets.mali(), runs=RUNS)
    found = sr.stock_outlook(draws, start=START, end=END, workers=workers)
    return str(found.towns.to_csv())


def rows() -> list[Row]:
    """Check and time."""
    told: dict[int, str] = {}
    times = {
        workers: median_ms(
            lambda workers=workers: told.setdefault(workers, outlook(workers)), repeats=1, warm=0
        )
        for workers in (2, 1)
    }
    assert told[1] == told[2]

    rng = np.random.default_rng(1)
    inputs, outcomes = rng.random((RUNS, INPUTS)), rng.random((RUNS, OUTCOMES))

    def theirs() -> list[list[float]]:
        return [[spearmanr(one, other).statistic for other in outcomes.T] for one in inputs.T]

    if RUNS > 10:  # fewer tell nothing
        assert np.allclose(influence(inputs, outcomes).rank_correlation, theirs(), atol=1e-12)
    ranks = median_ms(lambda: influence(inputs, outcomes), repeats=5, warm=1)
    peer = median_ms(theirs, repeats=1, warm=0)
    work = f"`stock_outlook`: {RUNS} runs of 120 days of the Mali case, 2 workers"
    return [
        Row(work, times[2], "the same on 1", times[1],
            f"< {MARK_MS / 1000:.0f} s", times[2] < MARK_MS),
        Row(f"`influence`: {INPUTS} inputs on {OUTCOMES} outcomes, with intervals and shares",
            ranks, "scipy spearmanr, no intervals", peer, "", None),
    ]  # fmt: skip
