"""Stocks as a scenario supposes them: own stocks, fleet, convoys and policies."""

from __future__ import annotations

import datetime as dt

import pytest

import supplyroutes as sr
from supplyroutes.scenario import run
from supplyroutes.scenario.model import Scenario

DAY = dt.date(2025, 1, 12)


def convoy(event, day):
    """A report of a convoy that arrived."""
    when = dt.date(2025, 1, day)
    return {"event": event, "start": when, "end": when, "kind": "convoy_arrival",
            "basis": "reported", "scope": "corridor", "corridor": ["SOUTH"],
            "convoy_size": 4}  # fmt: skip


def levels(*, day=DAY, start=dt.date(2025, 1, 8), end=dt.date(2025, 1, 30), what_if=(), **more):
    """The stocks of a scenario of the toy case, and of its what-ifs."""
    span = {"stocks": {"start": start, "end": end}}
    scenario = Scenario(
        case="toy", date=day, analyses=span, what_if={"other": dict(what_if)}, **more
    )
    results = run(scenario, analyses=("stocks",))
    return results.entries.get("scenario", results.recorded).stocks, results.entries["other"].stocks


def test_own_stocks_are_those_of_the_first_day():
    """Three days of use where the table has none."""
    usual, own = levels(what_if={"stock_m3": {"Est": 540}})
    assert usual.towns.loc["east", "stock_m3"] == 0
    assert own.towns.loc["east", "stock_m3"] == 540
    assert own.towns.loc["east", "days_dry"] < usual.towns.loc["east", "days_dry"]


def test_own_use_and_season_are_used():
    """Half the use is missed less."""
    usual, own = levels(what_if={"demand_m3_per_day": {"east": 90}, "season": "wet"})
    assert (usual.towns.loc["east", "use_m3_per_day"], own.towns.loc["east", "use_m3_per_day"]) == (
        180,
        90,
    )
    assert own.summary()["unmet_m3"] < usual.summary()["unmet_m3"]


def test_a_fleet_is_a_limit_and_without_it_there_is_none():
    """No tankers, nothing sent."""
    usual, none = levels(what_if={"fleet": {"tankers": 0}})
    assert usual.fleet is None
    assert none.summary()["sent_m3"] == 0
    assert none.fleet["idle"].max() == 0


def test_policies_are_handed_on():
    """Allocation, policy and conduct as asked of `stock_levels`."""
    policies = {"allocation": "priority", "policy": "capital_first", "conduct": "turn_back"}
    usual, other = levels(what_if={"policies": policies})
    assert (usual.allocation, usual.policy, usual.conduct) == ("max_min", None, "wait")
    assert (other.allocation, other.policy, other.conduct) == tuple(policies.values())


def test_fear_needs_drivers_who_may_stay_away():
    """With `deterrence` the reports frighten; the fleet stays as large."""
    calm, afraid = levels(fleet={"tankers": 50}, what_if={"fleet": {"deterrence": True}})
    total = afraid.fleet[["idle", "loaded", "empty"]].sum(axis=1)
    assert total.iloc[0] == pytest.approx(
        calm.fleet[["idle", "loaded", "empty"]].sum(axis=1).iloc[0]
    )


def test_own_convoys_drive_on_their_day_as_far_as_their_town():
    """Only convoys go north: one tanker brings its load, three what is used in a day."""
    span = {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 30), "basis": "assumed",
            "scope": "segment", "spot_known": True}  # fmt: skip
    told = [
        {**span, "event": "X", "kind": "road_closed", "edges": ["south--bridge"]},
        {**span, "event": "Y", "kind": "escort_only", "edges": ["port--north"]},
    ]
    own = {"corridor": "NORTH", "town": "north", "tankers": 3, "leaves": dt.date(2025, 1, 20)}
    none, sent = levels(
        fleet={"tankers": 40},
        events={"added": told, "removed": ["T1", "T3"]},
        convoys={"added": [{**own, "tankers": 1, "leaves": dt.date(2025, 1, 19)}]},
        what_if={"convoys": {"added": [own]}},
    )
    load = sr.datasets.toy()[0].assumptions["tanker_load_m3"].best
    days = [dt.date(2025, 1, day) for day in (19, 20)]
    for stocks, tankers in ((none, [1, 0]), (sent, [1, 3])):
        north = stocks.daily["arrived_m3"].unstack("node")["north"]
        assert north.loc[days].tolist() == pytest.approx(
            [min(load * count, 50) for count in tankers], abs=0.01
        )


def test_an_own_convoy_of_another_day_does_not_drive_on_the_first():
    """Before the first day it is in the stocks, as recorded ones are; both cases are told."""
    own = {"corridor": "NORTH", "town": "north", "tankers": 3}
    days = [dt.date(2025, 1, 1), dt.date(2025, 1, 31)]
    with pytest.warns(sr.errors.AssumptionWarning, match="changes nothing") as caught:
        none, sent = levels(
            fleet={"tankers": 10},
            convoys={},
            what_if={"convoys": {"added": [{**own, "leaves": day} for day in days]}},
        )
    assert [str(one.message).split(":")[0] for one in caught] == [
        f"what_if.other.convoys.added.{place} changes nothing" for place in (0, 1)
    ]
    assert sent.daily.equals(none.daily)


def test_expected_convoys_follow_the_last_one_that_is_known():
    """Recorded on the 9th and the 11th, every second day: after the day, or after the last told."""
    told = {"added": [convoy("C1", 9), convoy("C2", 11), convoy("C3", 21)]}
    fleet = {"tankers": 40}
    stopped, going = levels(
        events=told,
        fleet=fleet,
        convoys={"expected": False},
        what_if={"convoys": {"expected": True}},
    )
    assert stopped.summary()["arrived_m3"] > 0
    same = slice(None, dt.date(2025, 1, 19))
    assert stopped.balance.loc[same].equals(going.balance.loc[same])
    assert not stopped.balance.equals(going.balance)


def test_twice_as_many_convoys_and_twice_as_large():
    """More tankers are loaded, none before the day unless those recorded are larger too."""
    told = {"added": [convoy("C1", 9), convoy("C2", 11)]}
    fleet = {"tankers": 60}
    before = slice(None, DAY)
    usual, more = levels(
        events=told, fleet=fleet, convoys={}, what_if={"convoys": {"number_ratio": 2}}
    )
    assert usual.balance.loc[before].equals(more.balance.loc[before])
    assert not usual.balance.equals(more.balance)
    usual, larger = levels(
        events=told, fleet=fleet, convoys={}, what_if={"convoys": {"size_ratio": 2}}
    )
    assert not usual.fleet.loc[before].equals(larger.fleet.loc[before])
    none, gone = levels(
        events=told, fleet=fleet, convoys={"recorded": False, "expected": False},
        what_if={"convoys": {"recorded": True, "expected": True, "size_ratio": 0}},
    )  # fmt: skip
    assert none.balance.equals(gone.balance)
