"""Two published instances of network interdiction, with the answers printed beside them.

Source: Pyomo Gallery, folder network_interdiction (notebooks shortest_path/sp_interdict.ipynb and
max_flow/max_flow_interdict.ipynb, with their sample_arcs_data.csv). Nodes Start, B, C, D, End; six
arcs, each one way and open to attack:

| arc | cost | capacity |
|---|---|---|
| Start-B | 10 | 10 |
| Start-C | 2 | 70 |
| C-B | 2 | 30 |
| B-End | 1 | 100 |
| C-D | 7 | 40 |
| D-End | 8 | 50 |

Printed there: the cheapest way costs 5; the worst single attack is B-End, and it costs 17 then; two
attacks leave no way. The largest flow is 80; the worst single attack is Start-C, and 10 is left;
two attacks leave 0.
"""

import pytest

import supplyroutes as sr
from tests.flows import network
from tests.strategies import source, town

ARCS = {"start-b": (10, 10), "start-c": (2, 70), "c-b": (2, 30), "b-end": (1, 100),
        "c-d": (7, 40), "d-end": (8, 50)}  # fmt: skip
KMH = 50
MUCH = 1000


@pytest.fixture(scope="module")
def gallery():
    """The network: a cost is an hour, a capacity is m3 a day."""
    roads = [
        {"edge": edge, "u": edge.split("-")[0], "v": edge.split("-")[1], "oneway": "true",
         "length_km": str(KMH * hours), "speed_dry_kmh": str(KMH),
         "capacity_m3_per_day": str(capacity)}
        for edge, (hours, capacity) in ARCS.items()
    ]  # fmt: skip
    towns = [town(name) for name in ("start", "b", "c", "d", "end")]
    sent = [source("start", amount=str(MUCH))]
    return network(towns, roads, sent, {("end", "transport"): MUCH})


def test_the_longest_shortest_path(gallery):
    """5 as it is, 17 without B-End, then no way: by proof."""
    none, one, two = (
        sr.interdiction(gallery, budget=budget, measure="weighted_time") for budget in range(3)
    )
    assert (none.after, none.roads.empty) == (pytest.approx(5), True)
    assert one.roads.index.tolist() == ["b-end"]
    assert (one.before, one.after) == (pytest.approx(5), pytest.approx(17))
    assert two.towns.loc["end", "isolated"]
    assert none.proven
    assert one.proven
    assert two.proven


def test_the_least_largest_flow(gallery):
    """80 as it is, 10 without Start-C, then 0."""
    worst = [sr.interdiction(gallery, budget=budget, measure="max_flow") for budget in range(3)]
    assert [found.after for found in worst] == pytest.approx([80, 10, 0], abs=1e-6)
    assert worst[1].roads.index.tolist() == ["start-c"]
    assert all(found.proven for found in worst)
