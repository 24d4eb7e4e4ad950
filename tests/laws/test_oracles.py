"""The state of every arc and town equals the slow and obvious second way to it."""

from math import inf, isnan

import pytest
from hypothesis import given, settings

import supplyroutes as sr
from supplyroutes.core import STATUSES
from tests.oracles.brute_isolation import Brute, town_states
from tests.oracles.brute_state import World, arc_state, supply_factor
from tests.strategies import cases, commodities, days

lots = settings(max_examples=1000, deadline=None)


@lots
@given(cases(max_events=6), days, commodities)
def test_state_of_every_arc_equals_the_definition(case, day, commodity):
    """Each arc, worked out report by report, has the state that `disrupt` gives it."""
    network, events = case.network(), case.reports()
    state = sr.disrupt(network, events, at=day, commodity=commodity).state
    world = World(network, events, commodity)
    for number, arc in enumerate(world.arcs()):
        want = arc_state(world, arc, day)
        assert state.capacity_factor[number] == want["capacity_factor"], arc
        assert state.delay_h[number] == pytest.approx(want["delay_h"], abs=1e-9), arc
        assert state.loss_prob[number] == pytest.approx(want["loss_prob"], abs=1e-12), arc
        assert STATUSES[state.status[number]] == want["status"], arc
        for column in ("reports", "delayed_by", "partial", "last_report"):
            assert getattr(state, column)[number] == want[column], (arc, column)
    for number, node in enumerate(network.topology.node_ids):
        assert state.supply_factor[number] == supply_factor(world, node, day)


@lots
@given(cases(max_events=4), days, commodities)
def test_towns_equal_networkx(case, day, commodity):
    """States, best times and approaches of every town are those of networkx."""
    network, events = case.network(), case.reports()
    cut = sr.isolation(sr.disrupt(network, events, at=day, commodity=commodity), baseline=network)
    before = Brute(network, events, None, commodity)
    now = Brute(network, events, day, commodity)
    towns = cut.towns
    assert towns["state"].to_dict() == town_states(before, now)
    for column, brute, passes in (
        ("travel_time_h", now, now.open),
        ("free_time_h", now, now.free),
        ("baseline_time_h", before, before.open),
    ):
        for node, hours in brute.times(passes).items():
            told = towns.loc[node, column]
            assert isnan(told) if hours == inf else told == pytest.approx(hours), (node, column)
    assert towns["approaches"].to_dict() == now.approaches(now.open)
    assert towns["approaches_free"].to_dict() == now.approaches(now.free)
    assert towns["approaches_baseline"].to_dict() == before.approaches(before.open)


@lots
@given(cases(max_events=5), days)
def test_every_state_has_its_certificate(case, day):
    """A path drives from a source over passable arcs; a cut is closed and separates."""
    network, events = case.network(), case.reports()
    result = sr.isolation(sr.disrupt(network, events, at=day), baseline=network)
    before, now = Brute(network, events, None, "fuel"), Brute(network, events, day, "fuel")
    known = set(before.sources)
    names = {f"{tail}>{head} ({edge})": (edge, tail, head) for edge, tail, head in now.state}
    for node, row in result.towns.iterrows():
        passes = now.free if row["state"] == "supplied" else now.open
        if row["state"] in {"supplied", "strained"}:
            starts = drive_back(now, result.paths[node], node, passes)
            assert starts & now.sources, node
        cut = {names[name] for name in result.cuts[node]}
        if row["state"] in {"isolated", "strained"}:
            blocked = now.open if row["state"] == "isolated" else now.free
            assert not any(blocked(arc) for arc in cut), node
            before.sources = known - set(row["lost_sources"])
            assert (
                set(row["lost_sources"]) <= known - set(now.sources) or row["state"] != "isolated"
            )
            assert node in before.separated(cut), node
        else:
            assert not cut, node
            assert not row["lost_sources"], node


def drive_back(brute, path, node, passes):
    """The towns from which the roads of a path lead to `node` over arcs that pass."""
    here = node
    for edge in reversed(path):
        road = brute.world.roads[edge]
        there = road["v"] if road["u"] == here else road["u"]
        assert passes((edge, there, here)), edge
        here = there
    return {here}
