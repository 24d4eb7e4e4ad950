"""Intervals of estimated probabilities."""

from __future__ import annotations

from math import sqrt

Z_95 = 1.959963984540054
"""Standard normal quantile of 0.975."""


def wilson(hits: int, trials: int) -> tuple[float, float]:
    """Return the 95 % interval of a probability after `hits` of `trials` (Wilson 1927).

    >>> [round(end, 4) for end in wilson(0, 100)]
    [0.0, 0.037]
    """
    share = hits / trials
    middle = share + Z_95**2 / (2 * trials)
    spread = Z_95 * sqrt(share * (1 - share) / trials + Z_95**2 / (4 * trials**2))
    scale = 1 + Z_95**2 / trials
    low, high = (middle - spread) / scale, (middle + spread) / scale
    return (0.0 if hits == 0 else low), (1.0 if hits == trials else high)
