"""RELIABILITY.md, part E: network pathologies. Test names carry the row."""

import random

import pytest

import supplyroutes as sr
from supplyroutes.analysis.corridors import corridor_states
from tests.strategies import events_of, network_of, source, town


def road(edge, u, v, km="45", **cells):
    """The row of a road."""
    return {"edge": edge, "u": u, "v": v, "length_km": km, **cells}


SPOT = [town(name) for name in "abcd"]


def test_rel_044_a_source_in_another_component_is_an_answer():
    """a - b and c - d, source at a: c and d are not on the network, and no number is made up."""
    towns = sr.isolation(
        network_of(SPOT, [road("ab", "a", "b"), road("cd", "c", "d")], [source("a")])
    ).towns
    assert towns["state"].tolist() == ["supplied", "supplied", "not_on_network", "not_on_network"]
    assert towns["travel_time_h"].isna().tolist() == [False, False, True, True]
    assert towns["detour_ratio"].isna().tolist() == [False, False, True, True]
    assert towns["approaches"].tolist() == [0, 1, 0, 0]


def test_rel_044_a_network_that_falls_apart_keeps_every_town():
    """The only road closed: one row a town, the far one isolated."""
    world = network_of(SPOT, [road("ab", "a", "b")], [source("a")])
    events = events_of(
        [{"event": "e", "kind": "road_closed", "basis": "reported", "scope": "segment",
          "edges": "ab", "start": "2025-01-01"}]
    )  # fmt: skip
    result = sr.isolation(sr.disrupt(world, events, at="2025-01-01"), baseline=world)
    assert result.summary() == {
        "supplied": 1, "strained": 0, "isolated": 1, "not_on_network": 2, "unknown_roads": 0
    }  # fmt: skip


def test_rel_045_cycles_of_zero_length_end_and_cost_nothing():
    """a, b, c in a ring of 0 km, d 1 h beyond."""
    ring = [road("ab", "a", "b", "0"), road("bc", "b", "c", "0"), road("ca", "c", "a", "0")]
    towns = sr.isolation(network_of(SPOT, [*ring, road("cd", "c", "d")], [source("a")])).towns
    assert towns["travel_time_h"].tolist() == [0, 0, 0, 1]
    assert towns["approaches"].tolist() == [0, 2, 2, 1]


def test_rel_045_ties_do_not_depend_on_the_order_of_rows():
    """Two equal ways from a to d, two equal sources: the same path and source each time."""
    roads = [road("ab", "a", "b"), road("ac", "a", "c"), road("bd", "b", "d"), road("cd", "c", "d")]
    chance = random.Random(5)  # noqa: S311
    seen = set()
    for _ in range(20):
        world = network_of(
            chance.sample(SPOT, 4),
            chance.sample(roads, 4),
            chance.sample([source("b"), source("c")], 2),
        )
        result = sr.isolation(world)
        seen.add((result.paths["d"], result.towns.loc["d", "nearest_source"], result.paths["a"]))
    assert seen == {(("bd",), "b", ("ab",))}


def test_rel_048_the_source_itself_is_an_answer():
    """Source = target: supplied, 0 h, no road, detour 1."""
    result = sr.isolation(network_of(SPOT, [road("ab", "a", "b")], [source("a")]))
    assert result.towns.loc["a", ["state", "travel_time_h", "detour_ratio"]].tolist() == [
        "supplied", 0, 1
    ]  # fmt: skip
    assert (result.paths["a"], result.cuts["a"]) == ((), ())


def test_rel_048_no_source_no_demand_no_event_are_answers():
    """Nothing supplied, nothing asked for, nothing told."""
    world = network_of(SPOT, [road("ab", "a", "b")])
    day = sr.disrupt(world, events_of([]), at="2025-01-01")
    assert set(sr.isolation(day, baseline=world).towns["state"]) == {"not_on_network"}
    assert world.nodes["demand_m3_per_day"].sum() == 0
    assert corridor_states(day).summary() == {}


def test_rel_027_a_road_to_itself_is_refused_a_lonely_town_is_kept():
    """A self loop is an error; a town without roads is a row."""
    with pytest.raises(sr.errors.DataError, match="leads from 'a' to itself"):
        network_of(SPOT, [road("aa", "a", "a")])
    assert len(network_of(SPOT, [road("ab", "a", "b")]).nodes) == 4
