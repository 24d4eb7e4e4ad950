"""Networks whose mean robustness over all orders is known: two-terminal reliability, averaged.

With a source on one side and one town on the other, S(k / N) averaged over the orders is the
chance that N - k open roads, any as likely as any others, join them. If every road is open with
probability p and p is uniform on 0 to 1, every number of open roads is as likely. So

    (1 / (N + 1)) sum over k = 0..N of S(k / N) = integral of the reliability h(p) over 0 to 1

and with S(0) = 1:  N R + 1 = (N + 1) x that integral.

- The bridge of five roads (Moskowitz 1958; Barlow 1998, ch. 6.1): h = 2 p^2 + 2 p^3 - 5 p^4
  + 2 p^5, its integral 2/3 + 2/4 - 5/5 + 2/6 = 1/2, so R = (6/2 - 1) / 5 = 0.4.
- The n by n + 1 rectangle of the square lattice, crossed between its short sides, is its own dual:
  h(p) + h(1 - p) = 1 (Seymour & Welsh 1978; Grimmett, Percolation, 1999, ch. 11). Its integral is
  1/2 as well, and R = ((N + 1) / 2 - 1) / N = (N - 1) / (2 N). With n = 1 it is the bridge.

The R of Schneider et al. (2011) for the star and for the complete graph is about lost nodes, and
cannot be held against lost roads.
"""

from itertools import pairwise, permutations

import pytest

import supplyroutes as sr
from tests.flows import network
from tests.strategies import source, town


def rectangle(size):
    """Source, town, size x size + 1 crossroads between them: (size + 1)^2 + size^2 roads.

    Roads along the two sides that are joined would be loops: they are left out.
    """
    rows, columns = range(size + 1), range(size)
    ends = []
    for row in rows:
        line = ["s", *(f"{row}-{column}" for column in columns), "t"]
        ends += pairwise(line)
    ends += [(f"{row}-{column}", f"{row + 1}-{column}") for row in columns for column in columns]
    names = ["s", "t", *(f"{row}-{column}" for row in rows for column in columns)]
    roads = [
        {"edge": f"r{number:03}", "u": u, "v": v, "length_km": "50"}
        for number, (u, v) in enumerate(ends)
    ]
    towns = [town(name) for name in names]
    return network(towns, roads, [source("s")], {("t", "transport"): 10})


def test_every_order_of_the_bridge():
    """All 120, each as likely as any other."""
    bridge = rectangle(1)
    found = [
        sr.percolation(bridge, order=order).robustness
        for order in permutations(bridge.topology.edge_ids)
    ]
    assert len(found) == 120
    assert sum(found) / 120 == pytest.approx(0.4, abs=1e-12)


@pytest.mark.parametrize("size", [1, 2, 5])
def test_random_orders_of_a_self_dual_rectangle(size):
    """Within four standard errors of the exact mean."""
    day = rectangle(size)
    count = len(day.topology.edge_ids)
    assert count == (size + 1) ** 2 + size**2
    found = sr.percolation(day, runs=2000)
    apart = abs(found.robustness - (count - 1) / (2 * count))
    assert apart < 4 * found.robustness_error
    assert found.robustness_error < 0.01
