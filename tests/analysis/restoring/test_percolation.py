"""Supply against roads lost: by hand, against networkx, the same every time."""

import json
from math import isclose, isnan

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis import compiling
from tests import flows, toy
from tests.oracles.brute_percolation import carried, shares
from tests.oracles.brute_restoration import counted
from tests.restorations import DAY, hindered

lots = settings(max_examples=500, deadline=None)
weighs = st.sampled_from(("demand", "people"))


def amounts(day, weigh):
    """What each town counts for, by the oracle."""
    return counted(day.undisturbed(), "people" if weigh == "people" else "isolated_demand")


def test_the_toy_by_hand():
    """North 50, South 40, East 180 m3; the port none.

    Without port--north all still comes by the south; without port--south too nothing does. So S is
    1, 1, 0, 0, 0, 0, 0 and R is 1/6; half is gone, and the largest drop is, after 2 of 6 roads.
    """
    found = sr.percolation(toy.network(), order=["port--north", "port--south"])
    assert found.removed[:3] == ("port--north", "port--south", "bridge--east")
    assert found.curve["supplied_share"].tolist() == [1, 1, 0, 0, 0, 0, 0]
    assert found.robustness == pytest.approx(1 / 6)
    assert found.runs.loc[1].tolist() == pytest.approx([1 / 6, 2 / 6, 2 / 6, 1.0])
    assert isnan(found.robustness_error)
    assert found.order == "given"


def test_far_towns_first_is_no_drop_by_half():
    """East alone hangs on two roads: its 180 of 270 go with the second of them."""
    found = sr.percolation(toy.network(), order=["bridge--east", "bridge--east--old"])
    told = found.curve["supplied_share"].tolist()
    assert told[:3] == pytest.approx([1, 1, 90 / 270])
    assert found.runs.loc[1, "drop"] == pytest.approx(180 / 270)


def test_a_closed_road_is_not_lost_again_and_a_cut_off_town_counts():
    """On a day on which both ways out of the port are closed nothing is supplied at the start."""
    day = toy.on("2025-01-12", toy.told("a"), toy.told("b", edges="port--south"))
    found = sr.percolation(day, order="length")
    assert found.supplied_share == 0
    assert len(found.removed) == 4
    assert found.robustness == 0
    assert isnan(found.runs.loc[1, "half_share"])
    json.dumps(found.to_dict(), allow_nan=False)


def test_the_longest_roads_are_lost_first_and_random_runs_have_a_spread():
    """Lengths 143, 132, 126, 105, 75, 60 km; the seed is told and 2 runs differ."""
    longest = sr.percolation(toy.network(), order="length").removed
    assert longest[0] == "north--bridge"
    assert longest[-1] == "bridge--east"
    found = sr.percolation(toy.network(), runs=50, weigh="people")
    assert found.removed == ()
    assert found.seed is not None
    assert 0 < found.robustness_error < 0.1
    inner = found.curve.iloc[1:-1]
    assert (inner["low"] <= inner["supplied_share"]).all()
    assert (inner["supplied_share"] <= inner["high"]).all()
    other = sr.percolation(toy.network(), runs=50, weigh="people", seed=1)
    assert other.robustness != found.robustness


def test_a_random_order_is_near_its_expected_value():
    """Of the 720 orders of six roads every one is equally likely: R within 4 standard errors."""
    from itertools import permutations

    network = toy.network()
    weights = amounts(network, "demand")
    roads = sr.percolation(network, order="length").removed
    known = {}
    total = 0.0
    for order in permutations(roads):
        for count in range(1, 7):
            lost = frozenset(order[:count])
            if lost not in known:
                known[lost] = shares(network, weights, sorted(lost))[-1]
            total += known[lost]
    found = sr.percolation(network, runs=400)
    assert abs(found.robustness - total / 720 / 6) < 4 * found.robustness_error


@lots
@given(hindered(), weighs, st.randoms(use_true_random=False))
def test_every_point_of_a_curve_is_what_networkx_finds(case, weigh, random):
    """Any order of the open roads, directions and sources out of service included."""
    network, events = case
    day = sr.disrupt(network, events, at=DAY)
    roads = list(sr.percolation(day, order="length").removed)
    random.shuffle(roads)
    found = sr.percolation(day, order=roads, weigh=weigh)
    assert list(found.removed) == roads
    told = found.curve["supplied_share"].tolist()
    want = shares(day, amounts(day, weigh), roads)
    assert all(isclose(one, other, abs_tol=1e-9) for one, other in zip(told, want, strict=True))
    assert told == sorted(told, reverse=True)  # M1, M14: losing more never supplies more
    if roads:
        assert isclose(found.robustness, sum(want[1:]) / len(roads), abs_tol=1e-9)


@lots
@given(hindered())
def test_betweenness_is_what_shortest_ways_carry(case):
    """Where shortest ways are unique, the road that is lost carries most of all that are left."""
    network, events = case
    day = sr.disrupt(network, events, at=DAY)
    found = sr.percolation(day, order="betweenness")
    weights = amounts(day, "demand")
    for count, road in enumerate(found.removed):
        loads = carried(day, weights, found.removed[:count])
        if loads is not None:
            assert isclose(loads.get(road, 0), max(loads.values(), default=0), abs_tol=1e-6)


@pytest.mark.parametrize("order", ["random", "betweenness"])
def test_the_same_compiled_and_from_call_to_call(monkeypatch, order):
    """With and without numba the answers are identical, and so are their bytes."""
    pytest.importorskip("numba")
    day = sr.disrupt(toy.network(), sr.datasets.toy()[1], at="2025-01-12")
    one, two = (json.dumps(sr.percolation(day, order=order, runs=9).to_dict()) for _ in range(2))
    monkeypatch.setattr(compiling, "LARGE_ARCS", 0)
    assert json.dumps(sr.percolation(day, order=order, runs=9).to_dict()) == one == two


def test_no_demand_no_road_and_no_source_are_answers():
    """Nothing to supply: shares of nothing are 0, critical shares missing."""
    import networkx as nx

    graph = nx.Graph()
    graph.add_node("one", lat=10.0, lon=5.0)
    graph.add_node("two", lat=10.0, lon=5.01)
    graph.add_edge("one", "two", length_km=1.2)
    lonely = sr.Network.from_networkx(graph, assumptions=toy.network().assumptions)
    for day, roads in ((lonely, 1), (flows.on_day(lonely, (0.0, 0.0)), 0)):
        for order in ("random", "betweenness"):
            found = sr.percolation(day, order=order)
            assert found.summary()["roads"] == roads
            assert found.robustness == 0
            assert isnan(found.summary()["half_share"])
            assert "<table" in found._repr_html_()


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"order": "worst"}, "RequestError", "betweenness"),
        ({"order": ["nowhere"]}, "UnknownIdError", "road"),
        ({"order": ["port--north", "port--north"]}, "RequestError", "twice"),
        ({"weigh": "trucks"}, "RequestError", "people"),
        ({"runs": 0}, "RequestError", "at least one"),
        ({"runs": 2.5}, "RequestError", "2.5 runs: a whole number"),
        ({"runs": "3"}, "RequestError", "a whole number"),
    ],
)
def test_wrong_questions_are_refused(options, error, said):
    with pytest.raises(getattr(sr.errors, error), match=said):
        sr.percolation(toy.network(), **options)
