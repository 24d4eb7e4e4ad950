"""When a town runs dry, worked out by hand."""

import json
import math

import pytest

import supplyroutes as sr
from supplyroutes.errors import RequestError, UnknownIdError
from tests import flows, stocks, toy
from tests.strategies import source, town

NOTHING, SHUT = (), (0.0, 0.0, 0.0, 0.0)


def levels(base, days, **options):
    """The stocks of days given as factors of arcs."""
    return sr.stock_levels(stocks.on_days(base, days), **options)


def evening(found, node="town", column="stock_m3"):
    """One column of a town, day by day."""
    return found.daily[column].xs(node, level="node").round(6).tolist()


def test_a_road_of_three_days_closed_for_three_days():
    """27 hours are 72 by the clock: sent on day t, there on t + 2; closed on days 2 to 4.

    Nothing arrives on days 4 to 6, and the stock of three days is gone on the evening of day 6.
    Then the town orders 15 a day. On day 11 it holds 20 and 30 are due, 10 more than usual: it
    orders 10 again, and stands at 30 on day 12.
    """
    base = stocks.line([27], 10, 30, 50)
    found = levels(base, [NOTHING] * 2 + [SHUT] * 3 + [NOTHING] * 9)
    assert evening(found) == [30] * 4 + [20, 10, 0, 5, 10, 15, 20, 25, 30, 30]
    assert evening(found, column="under_way_m3") == [20, 20, 10, 0, 0, 15, 30, 30, 30, 30, 30,
                                                     25, 20, 20]  # fmt: skip
    assert found.balance["sent_m3"].tolist() == [10] * 2 + [0] * 3 + [15] * 6 + [10] * 3
    assert not found.towns.loc["town", "days_dry"]
    assert found.summary()["towns_dry"] == 0


def test_a_day_longer_and_the_town_misses_a_day():
    """Day 7 has nothing: dry after exactly seven days, for one, back on the next."""
    base = stocks.line([27], 10, 30, 50)
    found = levels(base, [NOTHING] * 2 + [SHUT] * 4 + [NOTHING] * 6)
    row = found.towns.loc["town"]
    wanted = {"use_m3_per_day": 10, "stock_m3": 30, "storage_m3": 50, "days_of_supply": 3,
              "days_to_dry": 7, "days_dry": 1, "time_to_recover_days": 1,
              "resilience_loss_days": 1}  # fmt: skip
    assert row[list(wanted)].to_dict() == wanted
    assert row["dry_on"] == found.dates[7]
    assert found.summary()["first_dry_on"] == found.dates[7]
    assert evening(found, column="unmet_m3") == [0] * 7 + [10] + [0] * 4


def test_one_closed_behind_the_truck_does_not_stop_it_and_one_before_it_does():
    """Two legs of a day: the second is closed on days 1 and 2, when a truck stands before it.

    The first closed instead: that truck arrives on day 1, and the next leaves on day 3, when 20 are
    left of 30 and nothing is due: 15.
    """
    base = stocks.line([9, 9], 10, 30, 50)
    second = (1.0, 1.0, 0.0, 0.0)
    found = levels(base, [NOTHING, second, second, NOTHING, NOTHING])
    assert evening(found, column="arrived_m3") == [10, 0, 0, 10, 15]
    behind = levels(base, [NOTHING, (0.0, 0.0), (0.0, 0.0), NOTHING, NOTHING])
    assert evening(behind, column="arrived_m3") == [10, 10, 0, 0, 15]


def test_trucks_turn_back_with_their_fuel():
    """At once: it stands on day 1, drives home on day 2, where its ten are returned, not lost.

    On day 3, 10 are left and nothing is due: 15 leave, and on day 4 too.
    """
    base = stocks.line([9, 9], 10, 30, 50).assuming({"turn_back_days": 0})
    second = (1.0, 1.0, 0.0, 0.0)
    found = levels(base, [NOTHING, second, second, NOTHING, NOTHING], conduct="turn_back")
    assert found.balance["returned_m3"].tolist() == [0, 0, 10, 0, 0]
    assert evening(found, column="arrived_m3") == [10, 0, 0, 0, 15]
    assert evening(found, column="under_way_m3") == [10, 0, 0, 15, 15]
    assert found.balance["under_way_m3"].tolist() == [10, 10, 0, 15, 15]
    patient = levels(base.assuming({"turn_back_days": 3}), [NOTHING, second, second, NOTHING],
                     conduct="turn_back")  # fmt: skip
    assert not patient.balance["returned_m3"].any()


def test_losses_are_those_of_the_day_on_which_a_road_is_driven():
    """The second leg loses a fifth from day 1 on: what left on day 0 pays it too.

    12.5 leave on day 1 for 10; on day 2 two are missing, so 15 leave for 12, and lose 3 on day 3.
    """
    base = stocks.line([9, 9], 10, 30, 50)
    risky = stocks.on_days(base, [NOTHING] * 4, losses=[(), *[(0.0, 0.0, 0.2, 0.2)] * 3])
    found = sr.stock_levels(risky)
    assert found.balance["lost_m3"].round(6).tolist() == [0, 2, 2.5, 3]
    assert evening(found, column="arrived_m3") == [10, 8, 10, 12]
    assert found.balance["sent_m3"].round(6).tolist() == [10, 12.5, 15, 12.5]


def test_a_source_out_of_service_sends_nothing():
    """The first day still has what left the day before."""
    base = stocks.line([9, 9], 10, 5, 50)
    assert base.topology.node_ids[1] == "port"
    days = stocks.on_days(base, [NOTHING] * 3, supply=[(1.0, 0.0)] * 3)
    found = sr.stock_levels(days)
    assert evening(found, column="arrived_m3") == [10, 0, 0]
    assert found.towns.loc["town", "days_to_dry"] == 1.5
    assert math.isnan(found.towns.loc["town", "time_to_recover_days"])


def test_a_town_that_is_a_source_gets_its_fuel_on_the_day():
    """No road is needed; the port of the line uses 7."""
    towns = [town("port", 10.0, 0.0), town("b", 10.0, 0.02)]
    roads = [{"edge": "r", "u": "port", "v": "b", "length_km": "10"}]
    base = flows.network(towns, roads, [source("port", amount="5")], {("port", "power"): 7})
    found = levels(base, [SHUT])
    assert evening(found, "port", "arrived_m3") == [5]
    assert found.towns.loc["port", "days_to_dry"] == pytest.approx(5 / 7)


def test_without_transit_the_first_day_receives_what_the_flow_of_the_day_delivers():
    """The toy network where all roads are short by the clock: max-min fill rates to the litre."""
    network, events = sr.datasets.toy()
    quick = network.assuming({"driving_day_h": 24})
    days = sr.timeline(quick, events, start="2025-01-10", end="2025-01-13")
    found = sr.stock_levels(days)
    for day, net in days:
        flow = sr.supply_flow(net).nodes
        got = found.daily.xs(day, level="date")
        for node in ("north", "south", "east"):
            delivered = flow.loc[node, "delivered_m3_per_day"]
            assert got.loc[node, "arrived_m3"] == pytest.approx(delivered, abs=1e-6)


def test_towns_off_the_network_are_told_apart():
    """The mine at the end of a track: nothing reaches it, and no total counts it."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-08", end="2025-01-09")
    found = sr.stock_levels(days, stock_m3={"Mine": 15})
    row = found.towns.loc["mine"]
    assert (row["on_network"], row["days_to_dry"], row["days_dry"]) == (False, 1.5, 0.5)
    assert found.summary()["towns_dry"] == 0
    assert found.balance["unmet_m3"].sum() == 0


def test_policies_serve_ranks_first_within_a_town():
    """East gets nothing: power has its 60 of the 240 for two days more than transport."""
    network, events = toy.network(), sr.datasets.toy()[1]
    days = sr.timeline(network, events, start="2025-01-12", end="2025-01-12")
    alike = sr.stock_levels(days, stock_m3={"east": 90})
    ranked = sr.stock_levels(days, stock_m3={"east": 90}, allocation="priority")
    assert alike.classes.loc["east", "served_m3"].tolist() == [30, 60]
    assert ranked.classes.loc["east", "served_m3"].tolist() == [60, 30]
    assert (ranked.policy, alike.policy) == ("essential", None)


def test_heavy_fuel_oil_is_burnt_by_power_plants_alone():
    """Shared 4 of 10 that transport uses; power lives on its own 6 for three days."""
    towns = [town(name, 10.0, place / 50) for place, name in enumerate(("port", "town"))]
    roads = [{"edge": "r", "u": "port", "v": "town", "length_km": "50"}]
    wanted = {("town", "transport"): 10, ("town", "power"): 2}
    base = flows.network(towns, roads, [source("port")], wanted)
    held = {("town", "fuel"): (4, 9), ("town", "heavy_fuel_oil"): (6, 6)}
    found = levels(stocks.with_stocks(base, held), [SHUT] * 4)
    assert found.towns.loc["town", ["stock_m3", "storage_m3"]].tolist() == [10, 15]
    dry = found.classes["days_to_dry"].loc["town"]
    assert dry.round(6).to_dict() == {"power": 3, "transport": 0.4}
    assert found.towns.loc["town", "days_to_dry"] == 0.5  # 6 of 12 served
    # Each class alike: power misses a day of four, transport 3.6: 2.3 on average.
    assert found.towns.loc["town", "resilience_loss_days"] == pytest.approx(2.3)
    own = levels(stocks.with_stocks(base, held), [SHUT] * 4, stock_m3={"Town": 12})
    assert own.classes["days_to_dry"].loc["town"].tolist() == [1, 1]


def test_no_demand_no_source_and_an_empty_network_are_answers():
    """Nothing used: no town, no number; no source: no town on the network."""
    nobody = levels(stocks.line([9], 0), [NOTHING])
    assert len(nobody.towns) == 0
    assert nobody.summary()["first_dry"] is None
    assert json.dumps(nobody.to_dict())
    idle = levels(stocks.line([9], 0, 30, 50), [NOTHING])
    assert idle.towns.loc["town", ["stock_m3", "use_m3_per_day"]].tolist() == [30, 0]
    cut = levels(stocks.line([9], 10, 30, 50, supply="0"), [NOTHING] * 4)
    assert not cut.towns["on_network"].any()
    assert cut.towns.loc["town", "days_to_dry"] == 3
    assert cut.summary()["sent_m3"] == 0


def test_wrong_questions_are_refused():
    """A conduct, an allocation, a policy, a town, a stock that are not."""
    days = stocks.on_days(stocks.line([9], 10, 30, 50), [NOTHING])
    for options, said in (
        ({"conduct": "fly"}, "wait or turn_back"),
        ({"allocation": "fair"}, "max_min"),
        ({"stock_m3": {"town": -1}}, "from 0 up"),
        ({"stock_m3": {"town": math.nan}}, "from 0 up"),
        ({"stock_m3": {"town": 1, "TOWN": 2}}, "twice"),
    ):
        with pytest.raises(RequestError, match=said):
            sr.stock_levels(days, **options)
    with pytest.raises(UnknownIdError, match="essential"):
        sr.stock_levels(days, allocation="priority", policy="essentials")
    with pytest.raises(UnknownIdError, match="town"):
        sr.stock_levels(days, stock_m3={"towm": 1})


def test_a_part_of_the_demand_that_is_taken_whole_is_said_once():
    """Diesel: demand and stocks are recorded for fuel."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-08", end="2025-01-12", commodity="diesel")
    with pytest.warns(sr.errors.AssumptionWarning) as told:
        found = sr.stock_levels(days)
    assert len(told) == 1
    assert found.towns["use_m3_per_day"].sum() == 280


def test_results_are_shown_in_notebooks_and_hostile_names_are_text():
    """Towns that run dry, with the totals; a name with markup is escaped."""
    towns = [town("port", 10.0, 0.0), {**town("b", 10.0, 0.02), "name": "<b>$x$</b>"}]
    roads = [{"edge": "r", "u": "port", "v": "b", "length_km": "10"}]
    base = flows.network(towns, roads, [source("port")], {("b", "power"): 7})
    html = levels(base, [SHUT])._repr_html_()
    assert "&lt;b&gt;$x$&lt;/b&gt;" in html
    assert "towns_dry 1" in html
    assert "first_dry b" in html
