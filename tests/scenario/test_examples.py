"""The scenarios of the Mali case: each says something, and what it says makes sense."""

from __future__ import annotations

import json
from datetime import timedelta
from functools import cache

import pytest

import supplyroutes as sr
from supplyroutes.scenario.grids import expanded
from supplyroutes.scenario.model import StocksAsked

PLACE = sr.datasets.folder("mali") / "scenarios"
SCENARIOS = sorted(PLACE.glob("*.toml"))


@cache
def results(name):
    """States and corridors of an example."""
    return sr.run(sr.read_scenario(PLACE / f"{name}.toml"), analyses=())


def towns(name, entry=None):
    """The states of towns in an entry of an example."""
    found = results(name)
    return found.entries[entry or found.main.name].situation.isolation.towns


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_bundled_scenarios_run_and_turn_into_json(path):
    """Every scenario of the Mali case is answered, and its answer is plain; its head says why."""
    answer = results(path.stem).to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert next(iter(answer["entries"])) == "recorded"
    head = path.read_text(encoding="utf-8").splitlines()
    assert head[0].startswith("# ")
    assert results(path.stem).scenario.title


def test_there_is_an_example_for_each_question():
    """As the documents list them."""
    assert {path.stem for path in SCENARIOS} == {
        "as_recorded",
        "escorts_doubled",
        "ivorian_roads_reopened",
        "neck_at_bougouni_cut",
        "rainy_season",
        "road_to_segou_reopened",
        "roads_to_bamako_declared_closed",
        "truce",
        "what_ifs",
    }


def test_as_recorded_supposes_nothing():
    """One entry, nothing to compare."""
    assert list(results("as_recorded").entries) == ["recorded"]


def test_reopening_the_ivorian_roads_supplies_bamako():
    """Without the reports on the roads from the Ivory Coast, Bamako has a free road again."""
    row = results("ivorian_roads_reopened").differences().loc["bamako"]
    assert (row["state_recorded"], row["state_what_if"]) == ("strained", "supplied")


def test_the_neck_cut_sends_bamako_by_another_border():
    """Hours more by way of Guinea."""
    row = results("neck_at_bougouni_cut").differences().loc["bamako"]
    assert row["travel_time_h_what_if"] > row["travel_time_h_recorded"] + 2


def test_the_road_to_segou_is_open_again():
    """Closed between Baguineda and Fana on that day; then the corridor is no more closed."""
    found = results("road_to_segou_reopened")
    states = [
        found.entries[name].situation.corridors.corridors.loc["RN6", "state"]
        for name in ("recorded", "scenario")
    ]
    assert states[0] == "closed"
    assert states[1] in {"open", "unknown"}


def test_in_the_rains_no_town_is_nearer():
    """Only speeds change: every state stays, and travel takes as long or longer."""
    before, after = towns("rainy_season", "recorded"), towns("rainy_season")
    assert (before["state"] == after["state"]).all()
    slower = (after["travel_time_h"] - before["travel_time_h"]).dropna()
    assert slower.min() >= -1e-9
    assert (slower > 1).sum() > 20


def test_a_truce_frees_towns_and_hurts_none():
    """Bamako is supplied; the ends of the bans alone do as much on that day."""
    order = ["supplied", "strained", "isolated", "not_on_network"]
    before, after = (towns("truce", name)["state"].map(order.index) for name in ("recorded", None))
    assert (after <= before).all()
    assert towns("truce").loc["bamako", "state"] == "supplied"
    assert towns("truce", "fuel_ban_only").loc["bamako", "state"] == "supplied"


def test_a_declaration_alone_changes_nothing():
    """Enforced it slows; closed it isolates Bamako."""
    name = "roads_to_bamako_declared_closed"
    assert results(name).differences().empty
    slower = results(name).differences("enforced_towards_segou")
    assert (slower["travel_time_h_what_if"] > slower["travel_time_h_recorded"]).any()
    assert towns(name, "closed").loc["bamako", "state"] == "isolated"


def test_what_ifs_of_each_other_and_a_grid():
    """Each is on top of what it is of; the grid makes eighteen scenarios."""
    found = results("what_ifs")
    assert list(found.entries) == [
        "recorded",
        "neck_cut",
        "neck_cut_and_long_borders",
        "neck_cut_capital_first",
    ]
    hours = [towns("what_ifs", name).loc["bamako", "travel_time_h"] for name in found.entries]
    assert hours[0] < hours[1] == hours[3] < hours[2]
    assert len(expanded(found.scenario)) == 18


def test_escorts_doubled_help_bamako_and_all_only_with_more_tankers():
    """What is before the day stays; after it convoys take tankers from other roads."""
    asked = sr.read_scenario(PLACE / "escorts_doubled.toml")
    day = asked.date
    span = StocksAsked(end=day + timedelta(16))
    quick = asked.model_copy(
        update={"analyses": asked.analyses.model_copy(update={"stocks": span})}
    )
    found = sr.run(quick, analyses=("stocks",))
    unmet, before = {}, {}
    for name, one in found.entries.items():
        daily = one.stocks.daily["unmet_m3"].unstack("node")
        unmet[name], before[name] = daily[daily.index > day].sum(), daily[daily.index <= day]
    names = ["escorts_stopped", "scenario", "escorts_doubled"]
    bamako = [unmet[name]["bamako"] for name in names]
    assert bamako == sorted(bamako, reverse=True)
    assert bamako[0] > 2 * bamako[1] > 2 * bamako[2]
    more = unmet["escorts_doubled_more_tankers"]
    assert more["bamako"] < bamako[-1]
    assert more.sum() < min(unmet[name].sum() for name in names)
    assert before["scenario"].equals(before["escorts_doubled"])
    assert before["scenario"].equals(before["escorts_stopped"])
