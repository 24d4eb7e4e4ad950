"""Which input matters most: rank correlations of drawn inputs with an outcome of the runs."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.intervals import Z_95

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

FEWEST_RUNS = 10
"""Fewer runs tell nothing of what an outcome hangs on."""
_ERROR = 0.05


@dataclass(frozen=True)
class Influence:
    """How outcomes hang on inputs; arrays are inputs x outcomes, or one entry an outcome.

    Attributes
    ----------
    rank_correlation
        Spearman's: 1 or -1 where the outcome rises or falls with the input alone; missing
        where the outcome is the same in all runs.
    low, high
        Its 95 % interval.
    share
        Share of the variance of the outcome's ranks that goes with the input alone.
    clear
        Whether the correlation is above what chance gives to any of the inputs in one of
        twenty ensembles.
    unexplained, unexplained_low, unexplained_high
        Share that goes with no input alone, and its 95 % interval: what hangs on inputs
        together, on ways that turn back, and on the noise of few runs.
    """

    rank_correlation: Floats
    low: Floats
    high: Floats
    share: Floats
    clear: npt.NDArray[np.bool_]
    unexplained: Floats
    unexplained_low: Floats
    unexplained_high: Floats


def influence(inputs: Floats, outcomes: Floats) -> Influence:
    r"""Return how outcomes of runs hang on their inputs, which were drawn apart from each other.

    With :math:`\rho` Spearman's correlation over n runs, the share of the variance of ranks
    that goes with an input alone is estimated without bias by
    :math:`\rho^2 - (1 - \rho^2) / (n - 2)`; since inputs are drawn apart, shares add up, and
    what is left of 1 is unexplained.

    Parameters
    ----------
    inputs
        Runs x inputs.
    outcomes
        Runs x outcomes; infinite is more than any number, equal values share their rank.

    Returns
    -------
    influence
        Correlations with intervals (Fisher's z with the error of Bonett and Wright), shares,
        and the unexplained share with its interval by the jackknife over runs.

    References
    ----------
    .. [1] Spearman, C. (1904). The proof and measurement of association between two things.
       American Journal of Psychology 15.
    .. [2] Bonett, D. G., Wright, T. A. (2000). Sample size requirements for estimating Pearson,
       Kendall and Spearman correlations. Psychometrika 65.
    .. [3] Saltelli, A. et al. (2008). Global Sensitivity Analysis. The Primer. Wiley.

    Examples
    --------
    >>> import numpy as np
    >>> drawn = np.random.default_rng(1).random((200, 2))
    >>> found = influence(drawn, drawn[:, :1] ** 3)
    >>> found.rank_correlation.round(1).ravel().tolist(), found.clear.ravel().tolist()
    ([1.0, -0.0], [True, False])
    """
    import numpy as np

    runs, keys = inputs.shape
    if runs < FEWEST_RUNS:
        nothing = np.full((keys, outcomes.shape[1]), nan)
        none = np.full(outcomes.shape[1], nan)
        return Influence(*(nothing,) * 4, nothing > 0, *(none,) * 3)
    drawn, reached = _ranks(inputs), _ranks(outcomes)
    rho = np.empty((keys, outcomes.shape[1]))
    for at, column in enumerate(reached.T):
        rho[:, at] = _correlations(drawn, column[:, None])
    error = np.sqrt((1 + rho**2 / 2) / (runs - 3))
    with np.errstate(divide="ignore"):
        z = np.arctanh(np.clip(rho, -1, 1))
    chance = NormalDist().inv_cdf(1 - _ERROR / (2 * max(keys, 1))) / (runs - 1) ** 0.5
    share = _shares(rho, runs)
    left = 1 - share.sum(axis=0)
    spread = Z_95 * np.array([_jackknife(drawn, column) for column in reached.T])
    return Influence(
        rank_correlation=rho,
        low=np.tanh(z - Z_95 * error),
        high=np.tanh(z + Z_95 * error),
        share=np.clip(share, 0, 1),
        clear=np.abs(rho) > chance,
        unexplained=np.clip(left, 0, 1),
        unexplained_low=np.clip(left - spread, 0, 1),
        unexplained_high=np.clip(left + spread, 0, 1),
    )


def _ranks(values: Floats) -> Floats:
    """Return the rank of each value in its column; equal values share the middle of theirs."""
    import pandas as pd

    return pd.DataFrame(values).rank().to_numpy(dtype=float)


def _correlations(drawn: Floats, reached: Floats) -> Floats:
    """Return the correlation of each input's ranks with those of one outcome."""
    import numpy as np

    x, y = drawn - drawn.mean(axis=0), reached - reached.mean(axis=0)
    scale = np.sqrt((x**2).sum(axis=0) * (y**2).sum())
    products = (x * y).sum(axis=0)  # not a matrix product: its sums may differ between machines
    found: Floats = np.divide(products, scale, out=np.full_like(scale, nan), where=scale > 0)
    return found


def _shares(rho: Any, runs: int) -> Any:
    """Return the share of variance that goes with an input alone, without bias."""
    return rho**2 - (1 - rho**2) / (runs - 2)


def _jackknife(drawn: Floats, reached: Floats) -> float:
    """Return the standard error of the unexplained share: each run left out once.

    Ranks are not taken anew: leaving one run out moves them by one at most.
    """
    import numpy as np

    runs = len(reached)
    x, y = drawn - drawn.mean(axis=0), (reached - reached.mean())[:, None]
    with np.errstate(invalid="ignore", divide="ignore"):
        xx = (x**2).sum(axis=0) - x**2 * runs / (runs - 1)
        yy = (y**2).sum() - y**2 * runs / (runs - 1)
        xy = (x * y).sum(axis=0) - x * y * runs / (runs - 1)
        left = 1 - _shares(xy / np.sqrt(xx * yy), runs - 1).sum(axis=1)
    return float(np.sqrt((runs - 1) / runs * ((left - left.mean()) ** 2).sum()))
