"""Sharing among near-equal routes: what arrives stays, what is full stays full."""

import pytest
from hypothesis import given, settings

from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import by_node, problem_of
from supplyroutes.analysis.flows.flow_sharing import MOST_ROUTES, shared, trips_of
from tests.flows import days, network, on_day, problem
from tests.oracles.brute_flow import balance
from tests.strategies import source, town


def solved(made):
    """The fastest flow of a problem, fairest shares, and what each town receives."""
    model = FlowModel(made, [Item(node, amount) for node, amount in by_node(made.needs).items()])
    best = model.fastest(model.shares())
    return best.flow, {item.node: got for item, got in zip(model.items, best.received, strict=True)}


@settings(max_examples=1000, deadline=None)
@given(days())
def test_sharing_keeps_what_arrives_and_slows_by_no_more_than_the_ratio(case):
    """Balances, capacities and sources hold; each amount takes at most a tenth longer."""
    base, factors, losses = case
    day = on_day(base.assuming({"near_equal_ratio": 0.1}), factors, losses)
    made = problem_of(day, {}, losses=True)
    if not made.needs:
        return
    flow, received = solved(made)
    trips = trips_of(made, flow, received)
    assert sum(trip.arrives for trip in trips) == pytest.approx(sum(received.values()), abs=1e-5)
    after = shared(day, made, flow, received)
    assert balance(made, after, received) < 1e-4
    for used, room in zip(after, (*made.capacity, *made.supply), strict=True):
        assert -1e-6 <= used <= room + 1e-5
    hours = [sum(map(float.__mul__, amounts, made.hours)) for amounts in (flow, after)]
    most = 1.1 / (1 - max(losses, default=0)) ** 6
    assert hours[1] <= hours[0] * most + 1e-3


def test_trips_are_found_by_the_lowest_road_first():
    """10 m3 over two roads to a town, half of 8 lost on the second: 6 and 4 arrive."""
    made = problem(2, [(0, 1, 6, 1), (0, 1, 8, 1)], {0: 20}, {(1, "power"): 10}, [0.0, 0.5])
    trips = trips_of(made, [6.0, 8.0, 14.0], {1: 10.0})
    assert [(trip.path, trip.arrives) for trip in trips] == [((0,), 6.0), ((1,), 4.0)]
    assert trips_of(made, [0.0, 0.0, 0.0], {1: 1e-6}) == []


def test_a_town_that_is_its_own_source_needs_no_road():
    """What enters there and is used there has an empty path, and is not shared."""
    made = problem(2, [(0, 1, 6, 1)], {1: 20}, {(1, "power"): 10})
    (trip,) = trips_of(made, [0.0, 10.0], {1: 10.0})
    assert (trip.source, trip.town, trip.path) == (1, 1, ())


def test_at_most_eight_routes_share():
    """Twelve roads of one length: eight of them carry an eighth each."""
    towns = [town("p", 10, 0), town("q", 10, 1)]
    roads = [{"edge": f"r{n:02}", "u": "p", "v": "q", "length_km": "120"} for n in range(12)]
    day = network(towns, roads, [source("p")], {("q", "power"): 80})
    made = problem_of(day, {}, losses=True)
    flow, received = solved(made)
    used = [amount for amount in shared(day, made, flow, received)[:-1] if amount > 0]
    assert len(used) in {MOST_ROUTES, MOST_ROUTES + 1}
    assert sum(used) == pytest.approx(80)
