"""Laws of worst attacks on random networks: equal to trying every set, monotone, proved."""

from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from tests import flows
from tests.oracles import brute_interdiction as brute

lots = settings(max_examples=600, deadline=None)
some = settings(max_examples=60, deadline=None)
ON_ROADS = ("weighted_time", "isolated_demand")
FLOWS = ("max_flow", "unmet_demand")


def close(one, other):
    return abs(one - other) <= 1e-5 * (1 + abs(other))


@lots
@given(flows.days(), st.sampled_from(ON_ROADS), st.integers(0, 3))
def test_the_worst_roads_are_those_of_trying_every_set(case, measure, budget):
    """Value, proof and roads; parallel, one-way, zero-length, dead-end, disconnected roads."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    found = sr.interdiction(day, budget=budget, measure=measure)
    value, sets = brute.worst(day, measure, budget)
    assert found.proven
    assert close(found.after, value)
    assert close(found.bound, value)
    assert tuple(found.roads.index) in {tuple(sorted(chosen)) for chosen in sets}
    assert close(found.before, brute.harm(day, measure))


@some
@given(flows.days(), st.sampled_from(FLOWS), st.integers(0, 2))
def test_the_worst_roads_for_flows_are_those_of_trying_every_set(case, measure, budget):
    """The same with capacities, sources that run out, and losses."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    found = sr.interdiction(day, budget=budget, measure=measure)
    value, _ = brute.worst(day, measure, budget)
    assert found.proven
    assert close(found.after, value)
