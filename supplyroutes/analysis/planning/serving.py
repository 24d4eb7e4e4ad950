"""How a town lives from its tank, knowing what will arrive: higher ranks first, no hoarding."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def served(
    stock: float, storage: float, arrivals: Sequence[float], uses: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """Return what each rank uses on each day, and the stock in the evening.

    Each rank uses as much as it can on every day, less what the ranks before it will need from
    the tank before more arrives. So every rank gets the most that it can in all, given the ranks
    before it, and no evening's stock could be lower without one of them getting less.

    Parameters
    ----------
    stock
        What lies in the tank at the start, in m3.
    storage
        What the tank takes: more can not be kept for later days.
    arrivals
        What arrives on each day; it can be used the same day.
    uses
        What each rank would use in a day, the first served first.

    Returns
    -------
    used
        By rank and day.
    evening
        Stock by day.

    Examples
    --------
    10 in the tank and 15 more on the third day; services use 4 a day, transport 6 if it can:

    >>> used, evening = served(10, 20, [0, 0, 15, 0], [4, 6])
    >>> used
    [[4.0, 4.0, 4.0, 4.0], [2.0, 0.0, 6.0, 1.0]]
    >>> evening
    [4.0, 0.0, 5.0, 0.0]
    """
    needed = [0.0, *accumulate(uses)]  # by the ranks before each one
    reserves = [_reserves(storage, arrivals, use) for use in needed[: len(uses)]]
    used: list[list[float]] = [[] for _ in uses]
    evening = []
    left = float(stock)
    for day, arrived in enumerate(arrivals):
        left += arrived
        for use, reserve, mine in zip(uses, reserves, used, strict=True):
            mine.append(max(0.0, min(float(use), left - reserve[day])))
            left -= mine[-1]
        evening.append(left)
    return used, evening


def _reserves(storage: float, arrivals: Sequence[float], use: float) -> list[float]:
    """Return what has to be kept each evening so that `use` a day is met as long as can be."""
    kept, reserve = [], 0.0
    for arrived in reversed(arrivals):
        kept.append(reserve)
        reserve = min(storage, max(0.0, reserve + use - arrived))
    return kept[::-1]
