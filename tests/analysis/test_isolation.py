"""States of towns with their certificates, worked out on the toy network and small ones."""

from math import isnan

import pytest
from pandas import isna

import supplyroutes as sr
from supplyroutes.analysis.isolation import town_states
from tests.strategies import events_of, network_of, source, town
from tests.toy import network, on, told

SHUT = told("a", edges="bridge--east;bridge--east--old", spot_known="true")


def test_baseline_of_the_toy_network():
    """East: by north 2.4 + 2.6 + 60/55 h against 2.8 + 3.5 + 60/55; mine only by a track."""
    cut = sr.isolation(network())
    towns = cut.towns
    assert towns["state"].to_dict() == {
        "bridge": "supplied", "east": "supplied", "mine": "not_on_network", "north": "supplied",
        "port": "supplied", "south": "supplied",
    }  # fmt: skip
    assert towns.loc["east", "travel_time_h"] == pytest.approx(5 + 60 / 55)
    assert cut.paths["east"] == ("port--north", "north--bridge", "bridge--east")
    assert towns.loc["east", "nearest_source"] == "port"
    assert (towns.loc["port", "travel_time_h"], towns.loc["port", "detour_ratio"]) == (0, 1)
    assert isnan(towns.loc["mine", "travel_time_h"])
    assert isna(towns.loc["mine", "nearest_source"])
    assert (cut.paths["mine"], cut.cuts["mine"], cut.cuts["east"]) == ((), (), ())
    assert cut.summary() == {"supplied": 5, "strained": 0, "isolated": 0, "not_on_network": 1,
                             "unknown_roads": 0}  # fmt: skip


def test_approaches_are_edge_disjoint():
    """East: bridge--east and the old road, by north and by south: 2. North: port and bridge: 2."""
    towns = sr.isolation(network()).towns
    assert towns["approaches"].to_dict() == {
        "bridge": 2, "east": 2, "mine": 0, "north": 2, "port": 0, "south": 2
    }  # fmt: skip
    towns = sr.isolation(on("2025-01-10", told()), baseline=network()).towns
    assert towns["approaches"].to_dict() == {
        "bridge": 1, "east": 1, "mine": 0, "north": 1, "port": 0, "south": 1
    }  # fmt: skip
    assert towns["approaches_baseline"].tolist() == [2, 2, 0, 2, 0, 2]
    assert "approaches" not in sr.isolation(network(), approaches=False).towns


def test_detour_by_south():
    """Port--north closed: east by south, (2.8 + 3.5 + 60/55) / (5 + 60/55)."""
    towns = sr.isolation(on("2025-01-10", told()), baseline=network()).towns
    assert towns.loc["east", "detour_ratio"] == pytest.approx((6.3 + 60 / 55) / (5 + 60 / 55))
    assert towns.loc["north", "travel_time_h"] == pytest.approx(6.3 + 2.6)
    assert towns.loc["east", "state"] == "supplied"


def test_isolated_town_shows_its_closed_cut():
    """Both roads into east closed: east alone, and the cut names both with their report."""
    cut = sr.isolation(on("2025-01-10", SHUT), baseline=network())
    assert cut.towns.loc["east", "state"] == "isolated"
    assert cut.cuts["east"] == ("bridge>east (bridge--east)", "bridge>east (bridge--east--old)")
    assert cut.towns.loc["east", "reports"] == ("a",)
    assert isnan(cut.towns.loc["east", "travel_time_h"])
    assert cut.paths["east"] == ()
    assert cut.towns.loc["bridge", "state"] == "supplied"


def test_strained_town_shows_its_restricted_cut_and_a_passable_path():
    """One road into east closed, the other under escort: strained by the old road."""
    rows = (told("a", edges="bridge--east"),
            told("b", kind="military_operation", commodity="fuel",
                 edges="bridge--east--old"))  # fmt: skip
    cut = sr.isolation(on("2025-01-10", *rows), baseline=network())
    assert cut.towns.loc["east", "state"] == "strained"
    assert cut.paths["east"] == ("port--north", "north--bridge", "bridge--east--old")
    assert cut.cuts["east"] == ("bridge>east (bridge--east)", "bridge>east (bridge--east--old)")
    assert cut.towns.loc["east", "reports"] == ("a", "b")
    assert isnan(cut.towns.loc["east", "free_time_h"])
    assert cut.towns.loc["east", "travel_time_h"] == pytest.approx(5 + 3.75)


def test_capacity_below_the_share_strains():
    """Escort status aside: 0.6 of the capacity supplies at a share of 0.5, strains at 0.7."""
    row = told("a", kind="carrier_suspension", edges="bridge--east;bridge--east--old")
    rules = events_of([]).rules.replacing({"R44": {"capacity_factor": 0.6}})
    day = on("2025-01-10", row, rules=rules)
    assert sr.isolation(day).towns.loc["east", "state"] == "strained"  # its status is restricted
    assert (
        sr.isolation(day.assuming({"strained_capacity_share": 0.7})).towns.loc["east", "state"]
        == "strained"
    )


def test_the_cut_with_most_reports_comes_first():
    """B acts on two arcs of the cut of east, a on one."""
    rows = (told("a", edges="bridge--east", kind="driver_strike"), told("b", edges=SHUT["edges"],
            spot_known="true"))  # fmt: skip
    towns = sr.isolation(on("2025-01-10", *rows), baseline=network()).towns
    assert towns.loc["east", "reports"] == ("b", "a")


def test_one_direction_closed_isolates_only_what_lies_behind():
    """Arcs count: out of east is still open when the way in is not."""
    rows = (told("a", edges=SHUT["edges"], spot_known="true", direction="inbound"),)
    assert sr.isolation(on("2025-01-10", *rows)).towns.loc["east", "state"] == "isolated"
    rows = (told("a", edges=SHUT["edges"], spot_known="true", direction="outbound"),)
    assert sr.isolation(on("2025-01-10", *rows)).towns.loc["east", "state"] == "supplied"


def test_a_oneway_road_feeds_its_end_only():
    """A > b one way: from a source at b nothing reaches a."""
    road = {"edge": "ab", "u": "a", "v": "b", "length_km": "45", "oneway": "true"}
    ends = [town("a"), town("b")]
    assert sr.isolation(network_of(ends, [road], [source("a")])).towns["state"].tolist() == [
        "supplied", "supplied"
    ]  # fmt: skip
    assert sr.isolation(network_of(ends, [road], [source("b")])).towns["state"].tolist() == [
        "not_on_network", "supplied"
    ]  # fmt: skip


def test_a_besieged_source_supplies_itself_only():
    """Port closed off: port is supplied, every other town isolated."""
    day = on("2025-01-10", told(kind="town_siege", scope="point", nodes="port"))
    towns = sr.isolation(day, baseline=network()).towns
    assert towns.loc["port", ["state", "travel_time_h"]].tolist() == ["supplied", 0]
    assert set(towns["state"].drop(["port", "mine"])) == {"isolated"}


def test_without_a_source_no_town_is_on_the_network():
    """No supply row: nobody is supplied, and nobody is called isolated by a blockade."""
    road = {"edge": "ab", "u": "a", "v": "b", "length_km": "45"}
    cut = sr.isolation(network_of([town("a"), town("b")], [road]))
    assert set(cut.towns["state"]) == {"not_on_network"}
    assert cut.towns["approaches"].tolist() == [0, 0]


def test_the_baseline_is_asked_for_the_same_commodity():
    """Goods come from b only: c is not on the network for goods, although fuel reaches it."""
    roads = [{"edge": "ac", "u": "a", "v": "c", "length_km": "45"}]
    world = network_of(
        [town("a"), town("b"), town("c")], roads, [source("a"), source("b", "goods")]
    )
    day = sr.disrupt(world, events_of([]), at="2025-01-01", commodity="goods")
    for baseline in (world, None):
        towns = sr.isolation(day, baseline=baseline).towns
        assert towns["state"].tolist() == ["not_on_network", "supplied", "not_on_network"]


def test_supply_of_a_part_or_of_the_whole_counts():
    """Diesel feeds a fuel query, all feeds a diesel query, goods do not; 0 m3 is no source."""
    for supply, query, count in (
        ("diesel", "fuel", 1), ("all", "diesel", 1), ("goods", "fuel", 0), ("fuel", "goods", 0)
    ):  # fmt: skip
        world = network_of(
            [town("a"), town("b")], [{"edge": "ab", "u": "a", "v": "b", "length_km": "1"}],
            [source("a", supply)],
        )  # fmt: skip
        day = sr.disrupt(world, events_of([]), at="2025-01-01", commodity=query)
        assert len(day.sources()) == count, (supply, query)
    world = network_of(
        [town("a"), town("b")], [{"edge": "ab", "u": "a", "v": "b", "length_km": "1"}],
        [source("a", amount="0")],
    )  # fmt: skip
    assert world.sources() == []


def test_other_networks_are_refused_as_baseline():
    """Other towns or roads."""
    other = network_of([town("a"), town("b")], [{"edge": "ab", "u": "a", "v": "b",
                                                 "length_km": "1"}])  # fmt: skip
    with pytest.raises(sr.errors.RequestError, match="not the same network"):
        sr.isolation(network(), baseline=other)


def test_town_states_are_those_of_isolation():
    """The quick way and the full one."""
    day = on("2025-01-10", SHUT)
    names = sr.isolation(day, baseline=network()).towns["state"].tolist()
    states = ("supplied", "strained", "isolated", "not_on_network")
    assert [states[code] for code in town_states(day, network())] == names


def test_result_as_plain_values_and_as_html():
    """Missing numbers are None; the table shows the towns that are not supplied."""
    cut = sr.isolation(on("2025-01-10", SHUT), baseline=network())
    plain = cut.to_dict()
    east = next(row for row in plain["towns"] if row["node"] == "east")
    assert (plain["at"], plain["commodity"]) == ("2025-01-10", "fuel")
    assert east["travel_time_h"] is None
    assert east["cut"] == ["bridge>east (bridge--east)", "bridge>east (bridge--east--old)"]
    html = cut._repr_html_()
    assert "East" in html
    assert "North" not in html
    assert "1 isolated" in html


def test_result_does_not_write_into_the_network():
    """REL-069: changing a result changes nothing else."""
    cut = sr.isolation(network())
    cut.towns.loc["east", "state"] = "isolated"
    assert sr.isolation(network()).towns.loc["east", "state"] == "supplied"


def test_the_cut_leaves_out_what_lies_behind_the_isolated_towns():
    """Port is shut off from north and south; that the road to East is closed too blocks nobody."""
    spur = told("SPUR", edges="bridge--east", spot_known="true")
    gate = told("GATE", edges="port--north;port--south", spot_known="true")
    cut = sr.isolation(on("2025-01-10", spur, gate))
    assert cut.towns.loc["bridge", "reports"] == ("GATE",)
    assert cut.cuts["bridge"] == ("port>north (port--north)", "port>south (port--south)")


def test_a_source_out_of_service_is_part_of_the_proof():
    """The port is out: all towns it fed are isolated by that alone; Mine never was on the net."""
    out = told("P", kind="terminal_out", scope="point", edges="", nodes="port")
    cut = sr.isolation(on("2025-01-10", out))
    assert cut.towns.loc["east", ["state", "lost_sources", "reports"]].tolist() == [
        "isolated",
        ("port",),
        ("P",),
    ]
    assert cut.towns.loc["mine", ["state", "reports"]].tolist() == ["not_on_network", ()]
    elsewhere = told("P", kind="terminal_out", scope="point", edges="", nodes="east")
    closed = told("GATE", edges="port--north;port--south", spot_known="true")
    assert sr.isolation(on("2025-01-10", elsewhere, closed)).towns.loc["north", "reports"] == (
        "GATE",
    )


def test_hours_and_source_of_the_path_that_proves_the_state():
    """North is supplied round by the south: the free hours, not those of the restricted road."""
    cut = sr.isolation(on("2025-01-10", told(kind="checkpoint_extortion", spot_known="true")))
    row = cut.towns.loc["north"]
    assert row["state"] == "supplied"
    assert row["path_time_h"] == row["free_time_h"] > row["travel_time_h"]
    assert row["path_source"] == "port"
