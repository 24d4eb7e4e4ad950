"""Living from a tank: against a program of every day, and no more kept than needed."""

from itertools import accumulate

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from supplyroutes.analysis.planning.serving import served

amounts = st.integers(0, 9)


def most(stock, storage, arrivals, uses):
    """What each rank can use in all, given the ranks before: scipy; None if the tank overflows."""
    days, ranks = len(arrivals), len(uses)
    size = days * (ranks + 1)  # use by rank and day, then the stock of each evening
    equal, right = np.zeros((days, size)), np.array(arrivals, dtype=float)
    right[0] += stock
    for day in range(days):
        equal[day, [day + rank * days for rank in range(ranks)]] = 1
        equal[day, ranks * days + day] = 1
        if day:
            equal[day, ranks * days + day - 1] = -1
    bounds = [(0, use) for use in uses for _ in range(days)] + [(0, storage)] * days
    above, least, found = [], [], []
    for rank in range(ranks):
        cost = np.zeros(size)
        cost[rank * days : (rank + 1) * days] = -1
        done = linprog(cost, A_ub=np.array(above) if above else None, b_ub=least or None,
                       A_eq=equal, b_eq=right, bounds=bounds)  # fmt: skip
        if done.status == 2:
            return None
        above.append(cost)
        least.append(done.fun + 1e-7)
        found.append(-done.fun)
    return found


@settings(max_examples=150, deadline=None)
@given(
    amounts, amounts, st.lists(amounts, min_size=1, max_size=6),
    st.lists(st.integers(1, 6), min_size=1, max_size=3),
)  # fmt: skip
def test_every_rank_gets_the_most_and_no_tank_overflows_that_need_not(stock, room, arrivals, uses):
    """In all and rank after rank; balances every day."""
    storage = stock + room
    expected = most(stock, storage, arrivals, uses)
    if expected is None:
        return
    used, evening = served(stock, storage, arrivals, uses)
    for mine, theirs, use in zip(used, expected, uses, strict=True):
        assert abs(sum(mine) - theirs) < 1e-5
        assert all(0 <= amount <= use for amount in mine)
    assert all(-1e-9 <= left <= storage + 1e-9 for left in evening)
    there = accumulate(arrivals, initial=stock)
    next(there)
    gone = accumulate(sum(day) for day in zip(*used, strict=True))
    for left, came, went in zip(evening, there, gone, strict=True):
        assert abs(came - went - left) < 1e-9
