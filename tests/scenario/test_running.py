"""`run`: every analysis of every entry, with one count of all draws."""

from __future__ import annotations

import datetime as dt

import pytest

import supplyroutes as sr
from supplyroutes.scenario import ANALYSES, run
from supplyroutes.scenario.model import Scenario

DAY = dt.date(2025, 1, 12)


@pytest.fixture(scope="module")
def whole():
    """Everything that can be worked out, and how far it was told to be."""
    scenario = Scenario(
        case="toy",
        date=DAY,
        events={"removed": ["T2"]},
        what_if={"lifted": {"title": "Lifted", "events": {"removed": ["T1"]}}},
        analyses={
            "stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 20)},
            "paths": {"to": ["Est", "north"], "k": 2},
            "outlook": {"runs": 3},
            "roads": {"lost": 1, "guarded": 1},
        },
    )
    told = []
    results = run(scenario, progress=lambda done, runs: told.append((done, runs)))
    return results, told


def test_all_that_is_asked_for_is_there_for_every_entry(whole):
    """Recorded, scenario and what-if; roads and reopening once, of the scenario itself."""
    results, _ = whole
    assert list(results.entries) == ["recorded", "scenario", "lifted"]
    for one in results.entries.values():
        assert list(one.paths) == ["east", "north"]
        assert all(part is not None for part in (one.flow, one.stocks, one.supply, one.outlook))
        assert one.supply.at == DAY
        assert (one.stocks.dates[0].day, one.stocks.dates[-1].day) == (8, 20)
    titles = [(one.title, one.of) for one in results.entries.values()]
    assert titles == [("", ""), ("", "recorded"), ("Lifted", "scenario")]
    assert results.roads is not None
    assert results.reopening is not None
    assert set(results.roads.to_dict()) == {"criticality", "worst", "guard"}
    assert results.to_dict()["reopening"] == results.reopening.to_dict()


def test_the_flow_has_the_tankers_and_the_policy_that_are_supposed():
    """No tanker, no delivery; served the nearest first, the farthest town goes short."""
    results = run(
        Scenario(
            case="toy",
            date=DAY,
            what_if={
                "none": {"fleet": {"tankers": 0}},
                "near": {"policies": {"allocation": "nearest"}},
                "ranks": {"policies": {"allocation": "priority", "policy": "capital_first"}},
            },
        ),
        analyses=("flow",),
    )
    flows = {name: answer.flow for name, answer in results.entries.items()}
    assert flows["none"].summary()["delivered_m3_per_day"] == 0
    assert flows["near"].allocation == "nearest"
    assert (flows["ranks"].allocation, flows["ranks"].policy) == ("priority", "capital_first")
    network, events = sr.datasets.toy()
    alone = sr.supply_flow(sr.disrupt(network, events, at=DAY), allocation="nearest")
    assert flows["near"].nodes.equals(alone.nodes)
    assert results.recorded.flow.allocation == "max_min"


def test_one_count_goes_over_the_draws_of_all_entries(whole):
    """It rises to three times three, and never falls."""
    _, told = whole
    assert told[-1] == (9, 9)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert {runs for _, runs in told} == {9}


def test_the_largest_towns_have_paths_if_none_is_named():
    """Those that use the commodity, the largest first."""
    scenario = Scenario(case="toy", date=DAY)
    found = run(scenario, analyses=("paths",)).main
    assert list(found.paths) == ["east", "north", "south", "mine"]
    assert (found.flow, found.stocks, found.outlook) == (None, None, None)


def test_only_what_is_named_is_worked_out():
    """In a fixed order, whatever the order in the file."""
    scenario = Scenario(case="toy", date=DAY, analyses={"only": ["stocks", "flow"]})
    assert scenario.wanted == ("flow", "stocks")
    assert Scenario(case="toy", date=DAY).wanted == ANALYSES
    results = run(scenario)
    assert results.roads is None
    assert results.main.flow is not None


def test_results_show_their_entries_in_notebooks(whole):
    """And the differences of a what-if by name; an answer with nothing to compare has none."""
    results, _ = whole
    assert "lifted" in results._repr_html_()
    assert "east" in results.differences("lifted").index
    assert results.comparison is not None
    assert run(Scenario(case="toy", date=DAY), analyses=()).comparison is None


def test_a_ring_that_was_made_in_python_is_refused():
    """Where no file was read, the key is told."""
    ring = {"a": {"of": "b"}, "b": {"of": "a"}}
    with pytest.raises(sr.errors.DataError, match=r"^scenario: what_if.a.of: leads back"):
        run(Scenario(case="toy", date=DAY, what_if=ring), analyses=())
