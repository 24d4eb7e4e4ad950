"""A ladder of two sources and four towns, worked out by hand.

No table of link importance on a network small enough to print was found that could be quoted:
Jenelius et al. (2006) and Scott et al. (2006) print maps and rankings. So this case is our own.

    P1 --10-- A --10-- B        lengths in km; all roads 50 km/h
     |        |        |        A uses 10, B 20, C 30, D 40 m3 a day
    (none)   20       40        P1 and P2 are sources
     |        |        |
    P2 --10-- C --10-- D

Before: A 10, B 20, C 10, D 20 km from their nearest source.

| without | A | B | C | D | added km x m3 |
|---|---|---|---|---|---|
| P1-A | 30 (+20) | 40 (+20) | | | 200 + 400 = 600 |
| A-B | | 60 by D (+40) | | | 800 |
| P2-C | | | 30 (+20) | 40 (+20) | 600 + 800 = 1400 |
| C-D | | | | 60 by B (+40) | 1600 |
| A-C, B-D | | | | | 0 |

P1-A and P2-C together cut off all 100 m3; A-B and C-D cut off B and D; A-B and B-D cut off B; C-D
and B-D cut off D.
"""

import pytest

import supplyroutes as sr
from tests.removals import with_demand
from tests.strategies import network_of, source, town

ROADS = {"pa": ("p1", "a", 10), "ab": ("a", "b", 10), "pc": ("p2", "c", 10), "cd": ("c", "d", 10),
         "ac": ("a", "c", 20), "bd": ("b", "d", 40)}  # fmt: skip
KMH = 50


@pytest.fixture(scope="module")
def ladder():
    """The network; ids in order of the towns: a b c d p1 p2."""
    towns = [town(name) for name in ("a", "b", "c", "d", "p1", "p2")]
    roads = [
        {"edge": edge, "u": u, "v": v, "length_km": str(km), "speed_dry_kmh": str(KMH)}
        for edge, (u, v, km) in ROADS.items()
    ]
    network = network_of(towns, roads, [source("p1"), source("p2")])
    return with_demand(network, (10, 20, 30, 40), ("1000", "2000", "", "4000"))


def test_link_importance(ladder):
    """Added time by road, and its average over the 100 m3 that stay joined."""
    items = sr.criticality(ladder, measure="importance").items
    km = {"cd": 1600, "pc": 1400, "ab": 800, "pa": 600, "ac": 0, "bd": 0}
    assert list(items.index[:4]) == ["cd", "pc", "ab", "pa"]
    assert (items["added_m3_h_per_day"] * KMH).to_dict() == pytest.approx(km)
    assert (items["added_time_h"] * KMH).to_dict() == pytest.approx(
        {edge: value / 100 for edge, value in km.items()}
    )


def test_pairs_that_cut_off(ladder):
    """Demand and people, and that none of it is either road's alone."""
    pairs = sr.criticality(ladder, measure="unsatisfied", order=2).pairs
    cut = pairs[pairs["cut_m3_per_day"] > 0]
    assert cut["cut_m3_per_day"].to_dict() == {
        ("pa", "pc"): 100, ("ab", "cd"): 60, ("bd", "cd"): 40, ("ab", "bd"): 20
    }  # fmt: skip
    assert cut["cut_people"].tolist() == [7000, 6000, 4000, 2000]
    assert cut["synergy"].tolist() == [1.0, 0.6, 0.4, 0.2]
    assert cut["cut_synergy_m3_per_day"].tolist() == [100, 60, 40, 20]


def test_exposure(ladder):
    """D is most exposed to C-D; over the six roads it is (20 + 40) / 6 later on average."""
    towns = sr.criticality(ladder).towns
    assert towns.loc["d", "worst"] == "cd"
    assert towns.loc["d", "worst_added_time_h"] * KMH == pytest.approx(40)
    assert towns.loc["d", "mean_added_time_h"] * KMH == pytest.approx(60 / 6)
    assert towns.loc["a", "worst"] == "pa"


def test_betweenness(ladder):
    """A and B come by P1-A (30), C and D by P2-C (70); the rungs carry nothing."""
    found = sr.criticality(ladder, measure="betweenness").items["betweenness_m3_per_day"]
    assert found.to_dict() == {"pc": 70, "cd": 40, "pa": 30, "ab": 20, "ac": 0, "bd": 0}


def test_terminals(ladder):
    """Without P1, A is 30 km away (+20) and B 40: 600; without P2 1400."""
    items = sr.criticality(ladder, of="terminals").items
    assert (items["added_m3_h_per_day"] * KMH).to_dict() == pytest.approx({"p2": 1400, "p1": 600})
