"""How a town lives from its tank, knowing what will arrive: higher ranks first, no hoarding."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate


def served(
    stock: float, arrivals: Sequence[float], uses: Sequence[float]
) -> tuple[list[list[float]], list[float]]:
    """Return what each rank uses on each day, and the stock in the evening.

    Rank after rank, each uses as much as it can as early as it can, of what the ranks before it
    will not need before more arrives. Every rank so gets the most that it can in all, given the
    ranks before; the stock of no evening can be lower without one of them getting less.

    Parameters
    ----------
    stock
        What lies in the tank at the start, in m3.
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

    >>> used, evening = served(10, [0, 0, 15, 0], [4, 6])
    >>> used
    [[4.0, 4.0, 4.0, 4.0], [2.0, 0.0, 6.0, 1.0]]
    >>> evening
    [4.0, 0.0, 5.0, 0.0]
    """
    left = list(accumulate(arrivals, initial=float(stock)))[1:]
    used = []
    for use in uses:
        mine, taken = [], 0.0
        for day, free in enumerate(_free(left)):
            mine.append(max(0.0, min(float(use), free - taken)))
            taken += mine[-1]
            left[day] -= taken
        used.append(mine)
    return used, left


def _free(left: Sequence[float]) -> list[float]:
    """Return what may be used in all until each day without anything missing later."""
    return list(accumulate(reversed(left), min))[::-1]
