"""A textbook schedule of chains, as roads in series that are reopened one after another.

Source: Pinedo, M. Scheduling: Theory, Algorithms, and Systems, example 3.1.5 (total weighted
completion time, chains 1-2-3-4 and 5-6-7):

| job | 1 | 2 | 3 | 4 | 5 | 6 | 7 |
|---|---|---|---|---|---|---|---|
| weight | 6 | 18 | 12 | 8 | 8 | 17 | 18 |
| time | 3 | 6 | 6 | 5 | 4 | 8 | 10 |

Told there: the best order is 1, 2, 5, 6, 3, 7, 4, for the factors 24/9 (jobs 1, 2), 25/12 (5, 6),
12/6 (3), 18/10 (7) and 8/5 (4). Its sum of weight x completion, worked out here:
6 x 3 + 18 x 9 + 8 x 13 + 17 x 21 + 12 x 27 + 18 x 37 + 8 x 42 = 1967.

Job j is the road to town j, its time the days until it is open, its weight the demand of the town.
A road restores nothing before those ahead of it are open: so a chain needs no rule of precedence.
What is missing, times days, is the sum of weight x completion.
"""

from itertools import pairwise

import supplyroutes as sr
from tests.flows import network
from tests.strategies import events_of, source, town

WEIGHTS = dict(zip("1234567", (6, 18, 12, 8, 8, 17, 18), strict=True))
DAYS = dict(zip("1234567", (3, 6, 6, 5, 4, 8, 10), strict=True))
CHAINS = ("1234", "567")


def test_the_best_order_of_two_chains():
    """Order, area and proof; alone only the first road of a chain restores anything."""
    ends = [(before, after) for chain in CHAINS for before, after in pairwise("s" + chain)]
    roads = [
        {"edge": f"road-{after}", "u": before, "v": after, "length_km": "50"}
        for before, after in ends
    ]
    demand = {(node, "transport"): amount for node, amount in WEIGHTS.items()}
    base = network([town(node) for node in "s1234567"], roads, [source("s")], demand)
    shut = events_of(
        [
            {"event": f"shut-{job}", "kind": "road_closed", "basis": "reported",
             "scope": "segment", "start": "2025-01-10", "end_status": "no_end_expected",
             "edges": f"road-{job}", "spot_known": "true"}
            for job in DAYS
        ]
    )  # fmt: skip
    lift = {f"road-{job}": days for job, days in DAYS.items()}
    plan = sr.restoration(base, shut, at="2025-01-12", measure="isolated_demand", lift=lift)
    assert [name.removeprefix("road-") for name in plan.order["id"]] == list("1256374")
    assert (plan.area, plan.area_bound, plan.exact) == (1967, 1967, True)
    assert (plan.first["gain"] > 0).sum() == len(CHAINS)
