"""How long towns last: by hand, against programs of every day, answers."""

from math import inf

import pytest
from hypothesis import given, settings

import supplyroutes as sr
from supplyroutes.analysis.planning.survival import time_to_survive
from tests import flows, plans
from tests.analysis.planning.test_plan import days_of
from tests.strategies import source, town


def test_a_town_lasts_as_its_tank_and_roads_let_it():
    """Two days to fill to 40, half of 50 for two days (gap 15), then nothing: 4 + 10 / 40."""
    found = time_to_survive(days_of([1, 0.5, 0], [2, 2, 3]), transit="instant")
    row = found.towns.loc["q"]
    assert row["days_of_supply"] == 0.5
    assert row["time_to_survive_days"] == pytest.approx(4.25)
    assert found.together_days == pytest.approx(4.25)
    assert time_to_survive(days_of([1], [4])).together_days == inf
    assert found.to_dict()["towns"][0]["time_to_survive_days"] == 4.25


def test_alone_all_others_wait_together_they_share():
    """Two towns of 30 behind 40 a day with 10 each: alone for ever, together 1 day."""
    towns = [town("p", 10, 0), town("a", 10, 1), town("b", 10, 2)]
    roads = [
        {"edge": "pa", "u": "p", "v": "a", "length_km": "120", "capacity_m3_per_day": "40"},
        {"edge": "ab", "u": "a", "v": "b", "length_km": "120"},
    ]
    base = flows.network(towns, roads, [source("p")], {("a", "power"): 30, ("b", "power"): 30})
    base = plans.with_tanks(base, {"a": (10, 10), "b": (10, 10)})
    days = plans.timeline(base, [base.state], [9])
    found = time_to_survive(days, transit="instant")
    assert found.towns["time_to_survive_days"].tolist() == [inf, inf]
    assert found.together_days == pytest.approx(1)


def test_nothing_at_all_and_nobody():
    """No stock and no road: no time; no town: for ever."""
    empty = time_to_survive(days_of([0], [3], tank=(0, 0)), transit="instant")
    assert (empty.together_days, empty.towns["time_to_survive_days"].tolist()) == (0, [0])
    nobody = flows.network([town("p", 10, 0), town("q", 10, 1)],
                           [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}],
                           [source("p")], {})  # fmt: skip
    assert time_to_survive(plans.timeline(nobody, [nobody.state], [2])).together_days == inf


@settings(max_examples=12, deadline=None)
@given(plans.timelines())
def test_plans_of_the_days_before_are_short_of_nothing_and_later_ones_of_something(days):
    """Whole days below the time: nothing short; above it: something. Alone is never sooner."""
    found = time_to_survive(days)
    inside = found.towns[found.towns["on_network"]]
    if not len(inside):
        return
    assert found.together_days <= inside["time_to_survive_days"].min() + 0.01
    for count in range(1, len(days) + 1):
        states = [day.state for _, day in days][:count]
        short = sr.plan(plans.timeline(days.base, states, [1] * count), weigh="m3").least_value
        use = inside["use_m3_per_day"].sum()
        if count <= found.together_days:
            assert short < 1e-5 * use * count
        elif count > found.together_days + 0.02:
            assert short > 0
