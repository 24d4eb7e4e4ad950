"""Impacts: what each kind of report does, by the bundled rules, worked out on the toy network."""

import datetime as dt
import warnings
from dataclasses import replace
from datetime import date

import pytest

import supplyroutes as sr
from supplyroutes.commodities import COMMODITIES
from supplyroutes.impacts import impacts_of, without_effect
from supplyroutes.rules import Rules
from supplyroutes.schema import table_from_cells
from tests.strategies import events_of, network_of, rules, source, town
from tests.toy import NORTH, arc, closed, hindered, network, on, states, told

BAN = {"kind": "blockade_declaration", "basis": "declared", "commodity": "fuel", "scope": "region",
       "region": "Coast", "start": "2025-01-01"}  # fmt: skip


def test_no_impacts_and_no_rows_without_events():
    """Nothing told, nothing done."""
    found = impacts_of(network(), events_of([]))
    assert (found.impacts, found.mentions) == ((), ())
    assert len(found.frame(network())) == 0


def test_frame_has_one_row_an_arc():
    """Closed on 10 to 12 January in both directions: two rows, the last day included."""
    frame = impacts_of(network(), events_of([told(end="2025-01-12")])).frame(network())
    assert frame[["event", "rule", "edge", "tail", "status"]].values.tolist() == [
        ["e", "R30", "port--north", "port", "closed"],
        ["e", "R30", "port--north", "north", "closed"],
    ]
    assert set(frame["end"]) == {date(2025, 1, 12)}
    assert not frame["assumed_end"].any()


def test_inbound_closes_one_direction_only():
    """Towards east, not back."""
    day = on("2025-01-10", told(corridor="NORTH", direction="inbound"))
    assert closed(day) == ["north>bridge"]
    assert closed(on("2025-01-10", told(direction="outbound"))) == ["north>port"]


def test_unknown_spot_closes_the_middle_and_towns_keep_their_own_end():
    """Half of NORTH by truck time is on north--bridge: north keeps port, bridge keeps south."""
    day = on("2025-01-10", told(scope="corridor", corridor="NORTH"))
    assert hindered(day) == {"north--bridge": "closed"}
    assert states(day)["north"] == "supplied"
    (impact,) = impacts_of(network(), events_of([told(scope="corridor", corridor="NORTH")])).impacts
    assert impact.spot_assumed


def test_known_spot_closes_every_road_listed():
    """ "Each of these is blocked" closes all; one road listed needs no assumption."""
    day = on("2025-01-10", told(edges=";".join(NORTH), spot_known="true"))
    assert hindered(day) == dict.fromkeys(sorted(NORTH), "closed")
    (impact,) = impacts_of(network(), events_of([told()])).impacts
    assert not impact.spot_assumed


def test_siege_closes_every_road_of_the_town_both_ways():
    """North: port--north and north--bridge; the town is isolated, the others go round."""
    day = on("2025-01-10", told(kind="town_siege", scope="point", nodes="north"))
    assert hindered(day) == {"north--bridge": "closed", "port--north": "closed"}
    assert states(day) == {
        "bridge": "supplied", "east": "supplied", "mine": "not_on_network", "north": "isolated",
        "port": "supplied", "south": "supplied",
    }  # fmt: skip


def test_terminal_out_takes_the_source_away():
    """Without port nobody is supplied; the report stands beside the state."""
    day = on("2025-01-10", told(kind="terminal_out", scope="point", nodes="port"))
    assert day.sources() == []
    towns = sr.isolation(day, baseline=network()).towns
    assert set(towns["state"]) == {"isolated", "not_on_network"}
    assert towns.loc["east", "reports"] == ("e",)
    assert day.nodes.loc["port", "supply_factor"] == 0


def test_curfew_stretches_driving_by_c_over_24_less_c():
    """8 hours without movement: 2.4 h take 2.4 * 8 / 16 = 1.2 h more, in the region only."""
    row = told(kind="government_restriction", scope="region", region="Coast", curfew_h="8")
    day = on("2025-01-10", row)
    assert arc(day, "port", "north")["delay_h"] == pytest.approx(1.2)
    assert arc(day, "port", "south")["delay_h"] == pytest.approx(1.4)
    assert arc(day, "north", "bridge")["delay_h"] == 0
    assert arc(day, "port", "north")["status"] == "open"


def test_delay_of_a_stretch_is_split_by_length():
    """6 h over 132 + 143 + 60 = 335 km: 6 * 132 / 335 h on the first road."""
    day = on("2025-01-10", told(kind="checkpoint_extortion", scope="corridor", corridor="NORTH"))
    for (tail, head), km in ((("port", "north"), 132), (("north", "bridge"), 143)):
        assert arc(day, tail, head)["delay_h"] == pytest.approx(6 * km / 335)
        assert arc(day, head, tail)["delay_h"] == pytest.approx(6 * km / 335)
    told_h = told(kind="checkpoint_extortion", delay_h="10")
    assert arc(on("2025-01-10", told_h), "port", "north")["delay_h"] == 10


def test_delay_of_a_stretch_of_zero_length_falls_on_each_road():
    """Nothing to split by: each road has the whole delay."""
    world = network_of(
        [town("a"), town("b")],
        [{"edge": "ab", "u": "a", "v": "b", "length_km": "0"}],
        [source("a")],
    )
    row = told(kind="checkpoint_extortion", edges="ab", delay_h="3")
    day = sr.disrupt(world, events_of([row]), at="2025-01-10")
    assert sr.isolation(day).towns.loc["b", "travel_time_h"] == 3


def test_fighting_at_a_town_delays_the_roads_into_it():
    """24 h on each road into north, none on the way out (R33)."""
    day = on("2025-01-10", told(kind="base_attack", scope="point", nodes="north"))
    assert arc(day, "port", "north")["delay_h"] == arc(day, "bridge", "north")["delay_h"] == 24
    assert arc(day, "north", "port")["delay_h"] == 0
    assert day.state.delayed_by[0 + 2 * day.edge("port--north")] == ("e",)


def test_rains_put_wet_speeds_on_the_roads_they_slow():
    """south--bridge: 105/22 instead of 105/30 h; paved roads as before."""
    day = on("2025-01-10", told(kind="season", basis="reported", scope="country", region="TOY"))
    assert arc(day, "south", "bridge")["delay_h"] == pytest.approx(105 / 22 - 105 / 30)
    old = arc(day, "bridge", "east", "bridge--east--old")
    assert old["delay_h"] == pytest.approx(75 / 8 - 75 / 20)
    assert arc(day, "port", "north")["delay_h"] == 0
    south = day.edge("south--bridge")
    assert day.time_h[2 * south] == pytest.approx(network().in_season("wet").time_h[2 * south])


def test_ambush_closes_the_spot_for_a_day_and_thins_the_stretch_for_a_week():
    """Day 10 closed (R08), 11 to 17 January restricted (R09), on the 18th unknown."""
    row = told(kind="ambush", end_status="end_not_found")
    seen = [arc(on(f"2025-01-{day}", row), "port", "north")["status"] for day in (10, 11, 17, 18)]
    assert seen == ["closed", "restricted", "restricted", "unknown"]


def test_escort_means_strained_not_cut():
    """Tankers under escort: capacity stays, lone trucks do not pass."""
    row = told(kind="military_operation", commodity="fuel")
    assert arc(on("2025-01-10", row), "port", "north")["status"] == "escorted"


# --- ends and amends ------------------------------------------------------------------------


def test_an_end_takes_the_aftermath_along():
    """An ambush of 10 to 12 January, ended on the 11th: neither closed nor thinned after it."""
    rows = [told("a", kind="ambush", end="2025-01-12"),
            told("b", kind="road_reopened", start="2025-01-11", ends="a")]  # fmt: skip
    assert arc(on("2025-01-10", *rows), "port", "north")["status"] == "closed"
    for day in ("2025-01-11", "2025-01-13", "2025-01-15"):
        assert arc(on(day, *rows), "port", "north")["status"] == "open"


def test_an_amendment_replaces_from_its_start():
    """Closed from the 10th, from the 12th only taxed."""
    rows = [told("a"), told("b", kind="checkpoint_extortion", start="2025-01-12", amends="a")]
    assert arc(on("2025-01-11", *rows), "port", "north")["status"] == "closed"
    state = arc(on("2025-01-12", *rows), "port", "north")
    assert (state["status"], state["reports"]) == ("restricted", ("b",))


def test_a_retracted_report_neither_acts_nor_ends():
    """Neither the closure nor its end."""
    gone = told("b", kind="road_reopened", start="2025-01-11", ends="a", status="retracted")
    assert arc(on("2025-01-12", told("a"), gone), "port", "north")["status"] == "closed"
    assert hindered(on("2025-01-10", told(status="retracted"))) == {}


# --- declarations ---------------------------------------------------------------------------


def attack(**cells):
    """An attack on NORTH that shows the ban to be enforced."""
    row = {"event": "a", "kind": "vehicle_burning", "edges": "bridge--east", "corridor": "NORTH",
           "start": "2025-01-05", "end": "2025-01-05", "enforces": "d"}  # fmt: skip
    return told(**{**row, **cells})


def test_a_declaration_alone_changes_nothing():
    """Declared, not enforced."""
    day = on("2025-02-01", told("d", **BAN))
    assert set(day.state.status) == {0}
    assert set(day.state.capacity_factor) == {1.0}


def test_an_enforced_declaration_refuses_its_corridor_in_its_region():
    """R02: capacity 0.35 on the road of NORTH in Coast; SOUTH and the rest stay."""
    day = on("2025-02-01", told("d", **BAN), attack())
    assert hindered(day) == {"port--north": "refused"}
    state = arc(day, "port", "north")
    assert (state["capacity_factor"], state["loss_prob"]) == (0.35, pytest.approx(0.05))
    assert state["reports"] == ("a", "d")


def test_an_enforced_declaration_stops_when_it_ends():
    """Ended by a report on 20 January, or by its own last day, the 19th."""
    lifted = told("z", kind="easing_negotiated", scope="region", region="Coast", ends="d",
                  start="2025-01-20")  # fmt: skip
    own_end = told("d", **BAN, end="2025-01-19")
    for rows in ((told("d", **BAN), attack(), lifted), (own_end, attack())):
        assert arc(on("2025-01-19", *rows), "port", "north")["status"] == "refused"
        assert arc(on("2025-01-20", *rows), "port", "north")["status"] == "open"


def test_enforcement_lapses_after_the_rule_and_then_the_road_is_open():
    """With a duration of 14 days the ban holds to 19 January: 5 + 14."""
    short = rules().replacing({"R02": {"duration_days": 14}})
    rows = (told("d", **BAN), attack(edges="port--north"))
    assert arc(on("2025-01-19", *rows, rules=short), "port", "north")["status"] == "refused"
    assert arc(on("2025-01-20", *rows, rules=short), "port", "north")["status"] == "unknown"


def test_a_ban_on_fuel_shown_by_an_attack_on_petrol_holds_for_fuel():
    """The declaration says what is banned; the attack only shows that it is."""
    day = on("2025-02-01", told("d", **BAN), attack(commodity="petrol"))
    assert hindered(day) == {"port--north": "refused"}
    ban = {**BAN, "commodity": "petrol"}
    day = on("2025-02-01", told("d", **ban), attack(commodity="fuel"))
    assert hindered(day) == {}
    assert arc(day, "port", "north")["partial"] == ("a", "d")


def test_a_ban_shown_in_an_area_of_a_corridor_holds_on_the_corridor():
    """The disc says where the attack was, not where the ban holds."""
    disc = attack(scope="area", lat="10.3", lon="-8.2", radius_km="30", edges="")
    assert hindered(on("2025-02-01", told("d", **BAN), disc)) == {"port--north": "refused"}


def test_a_ban_that_names_its_roads_holds_on_those_alone():
    """A ban of south--bridge, shown by an attack on NORTH, does not spread over NORTH."""
    day = on("2025-02-01", told("d", **{**BAN, "edges": "south--bridge"}), attack())
    assert hindered(day) == {"south--bridge": "refused"}


def test_a_declaration_enforced_twice_counts_once():
    """Two attacks under one ban: loss 0.05 once."""
    rows = (told("d", **BAN), attack(), attack(event="b", start="2025-01-06", end="2025-01-06"))
    state = arc(on("2025-02-01", *rows), "port", "north")
    assert (state["capacity_factor"], state["loss_prob"]) == (0.35, pytest.approx(0.05))


# --- found by review --------------------------------------------------------------------------


def test_a_spot_among_roads_that_are_no_course_restricts_each_by_its_share():
    """Closed somewhere at Bridge, which has four roads: each keeps 1 - (1 - 0) / 4 = 0.75."""
    day = on("2025-01-10", told(edges="", scope="point", nodes="bridge", spot_known="false"))
    expected = ["bridge--east", "bridge--east--old", "north--bridge", "south--bridge"]
    assert hindered(day) == dict.fromkeys(expected, "restricted")
    assert arc(day, "north", "bridge")["capacity_factor"] == pytest.approx(0.75)


def test_a_spot_on_two_roads_of_a_course_is_its_middle():
    """North - Bridge - East: 2.6 and 1.09 h, half 1.85 h: the first road."""
    day = on("2025-01-10", told(edges="north--bridge;bridge--east", spot_known="false"))
    assert hindered(day) == {"north--bridge": "closed"}


def test_a_ban_holds_only_on_corridors_that_it_names():
    """A ban of SOUTH, shown by an attack on NORTH, holds where the attack was, and no wider."""
    ban = told("d", **{**BAN, "corridor": "SOUTH"})
    day = on("2025-02-01", ban, attack())
    assert hindered(day) == {"bridge--east": "refused"}


def test_a_ban_has_its_own_direction():
    """Inbound fuel is banned; the attack told of both ways."""
    ban = told("d", **{**BAN, "direction": "inbound"})
    day = on("2025-02-01", ban, attack())
    assert arc(day, "port", "north")["status"] == "refused"
    assert arc(day, "north", "port")["status"] == "open"


def test_a_ban_holds_as_long_as_the_report_that_shows_it_goes_on():
    """A checkpoint that still stands on the 30th shows the ban at work, 14 days or not."""
    short = rules().replacing({"R02": {"duration_days": 14}})
    still = attack(kind="checkpoint_extortion", end="", end_status="open_at_last_report")
    day = on("2025-01-30", told("d", **BAN), still, rules=short)
    assert arc(day, "port", "north")["status"] == "refused"


def test_rains_told_of_a_region_slow_its_roads_only():
    """South - Bridge is the only road that the rains slow; it lies Inland, not on the Coast."""
    rains = {"kind": "season", "basis": "assumed", "scope": "country", "edges": "",
             "start": "2025-01-01", "end": "2025-01-31"}  # fmt: skip
    assert arc(on("2025-01-10", told(**rains)), "south", "bridge")["delay_h"] > 0
    assert arc(on("2025-01-10", told(**rains, region="TOY")), "south", "bridge")["delay_h"] > 0
    assert arc(on("2025-01-10", told(**rains, region="Coast")), "south", "bridge")["delay_h"] == 0


def test_news_of_a_road_lasts_to_the_last_day_told():
    """Closed 10 to 12: on the 20th the news is eight days old. A convoy at a town is none."""
    closed = told("a", end="2025-01-12")
    assert arc(on("2025-01-20", closed), "port", "north")["last_report"] == (date(2025, 1, 12), "a")
    assert arc(on("2025-01-11", closed), "port", "north")["last_report"] == (date(2025, 1, 10), "a")
    came = told("b", kind="convoy_arrival", scope="point", nodes="north", start="2025-01-15")
    assert arc(on("2025-01-20", closed, came), "port", "north")["last_report"][1] == "a"


def test_a_curfew_in_no_region_slows_no_road():
    """A region that is not told is not every region; rains told of nowhere are everywhere."""
    night = told(kind="government_restriction", scope="region", edges="port--north", curfew_h="9")
    assert not any(on("2025-01-10", night).state.delay_h)
    rains = told(kind="season", basis="assumed", scope="country", edges="port--north")
    assert any(on("2025-01-10", rains).state.delay_h)


# --- reports that change nothing ----------------------------------------------------------


def silent(*rows):
    """What is said of the reports, by id."""
    events = events_of(rows)
    return dict(without_effect(network(), events, [report.event for report in events]))


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"kind": "convoy_arrival", "scope": "point", "nodes": "east"}, "R61"),
        ({"kind": "escort_convoy", "scope": "point", "nodes": "east", "basis": "assumed"}, "R72"),
        ({"scope": "region", "region": "Inland", "nodes": "north"}, "R98"),
        ({"scope": "country", "region": "TOY", "edges": "port--north"}, "R97"),
        ({"kind": "border_closure", "scope": "country", "region": "TOY"}, "R97"),
        # A curfew without hours: the rule takes it to do nothing.
        ({"kind": "government_restriction", "scope": "region", "region": "Inland"}, "R52"),
        ({"kind": "blockade_declaration", "edges": "port--north"}, "R01"),
    ],
)
def test_a_report_of_an_effect_that_has_none_is_told_with_its_rule(cells, rule):
    """One line: the report, the rule, and the rule's reason."""
    (line,) = silent(told(**cells)).values()
    assert line.startswith(f"e changes nothing, by rule {rule}: ")
    assert "\n" not in line


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"kind": "border_closure", "basis": "assumed"},
        {"basis": "declared"},
        {"basis": "none"},
        {"status": "retracted", "scope": "region", "region": "Inland"},
        {"kind": "road_reopened"},  # meant to do nothing by itself
        {"kind": "threat", "scope": "region", "region": "Inland"},
        {"kind": "season", "scope": "region", "region": "Inland"},
        {"kind": "base_attack", "scope": "point", "nodes": "north"},
        {"kind": "government_restriction", "scope": "region", "region": "Inland", "curfew_h": "9"},
    ],
)
def test_nothing_is_said_of_what_acts_or_is_meant_to_do_nothing(cells):
    """No noise."""
    assert silent(told(**cells)) == {}


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"scope": "area", "lat": "50", "lon": "50", "radius_km": "10"},
         "rule R30 finds no road where it is"),
        ({"kind": "government_restriction", "scope": "region", "edges": "port--north",
          "curfew_h": "9"}, "rule R52 finds no road where it is"),
        ({"corridor": "SOUTH", "scope": "corridor", "region": "Inland", "edges": ""}, ""),
        ({"vehicle": "passenger"}, "what it hits (all) does not go by its vehicle (passenger)"),
        ({"vehicle": "tanker", "commodity": "goods"},
         "what it hits (goods) does not go by its vehicle (tanker)"),
        ({"vehicle": "tanker"}, ""),
        ({"vehicle": "truck", "commodity": "goods"}, ""),
        ({"kind": "terminal_out", "scope": "point", "nodes": "port"}, ""),
    ],
)  # fmt: skip
def test_a_report_that_touches_nothing_is_told(cells, why):
    """A rule acts, but on no road of the network, or on vehicles that carry none of its goods."""
    row = told(**cells)
    lines = silent(row)
    assert lines == ({"e": f"e changes nothing: {why}"} if why else {})
    still = all(
        on("2025-01-10", row, commodity=commodity).state
        == replace(on("2025-01-10", commodity=commodity).state,
                   last_report=on("2025-01-10", row, commodity=commodity).state.last_report)
        for commodity in COMMODITIES
    )  # fmt: skip
    assert still == bool(why)


def test_a_report_that_is_amended_on_its_first_day_is_no_report_of_nowhere():
    """Its days are cut to none, which the other report says: no note."""
    rows = (told("a"), told("b", kind="checkpoint_extortion", amends="a"))
    assert silent(*rows) == {}


def test_a_declaration_that_is_enforced_acts():
    """It acts through the report that enforces it, so nothing is said of it."""
    ban = told("ban", kind="blockade_declaration", corridor="NORTH")
    assert list(silent(ban)) == ["ban"]
    assert silent(ban, told("e", kind="ambush", enforces="ban")) == {}


def test_under_rules_that_do_not_know_the_kind_that_is_the_reason():
    """A case with rules of its own may have none that fits."""
    rule = {"rule": "R1", "kind": "road_closed", "basis": "assumed", "scope": "*",
            "commodity": "*", "hits": "spot", "status": "closed", "reason": "made up",
            "source": "assumption"}  # fmt: skip
    few = Rules(table_from_cells([rule], "impact_rules", file="rules.csv"))
    found = dict(without_effect(network(), events_of([told()], few), ["e"]))
    assert found == {"e": "e changes nothing: no impact rule fits it"}


def test_a_what_if_that_changes_nothing_says_so():
    """The report added, and no other of the case."""
    added = {"event": "W", "start": dt.date(2025, 1, 12), "kind": "road_closed",
             "basis": "assumed", "scope": "region", "region": "Inland"}  # fmt: skip
    question = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), events={"added": [added]})
    with pytest.warns(sr.errors.AssumptionWarning) as told_of:
        sr.run(question, analyses=())
    assert [str(warning.message)[:31] for warning in told_of] == ["W changes nothing, by rule R98:"]


@pytest.mark.parametrize("basis", ["reported", "assumed"])
def test_a_border_closed_in_a_what_if_is_closed(basis):
    """A border closed on the road of Gao once changed nothing, without a word."""
    added = {"event": "W", "start": dt.date(2025, 4, 1), "kind": "border_closure", "basis": basis,
             "scope": "segment", "edges": ["gao--ansongo"]}  # fmt: skip
    question = sr.Scenario(case="mali", date=dt.date(2025, 4, 2), events={"added": [added]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        results = sr.run(question, analyses=())
    assert "gao" in results.differences().index
    assert set(results.main.situation.day.arcs["status"].loc["gao--ansongo"]) == {"closed"}


def test_a_loss_told_of_a_stretch_is_met_once_however_many_roads_it_has():
    """A ban on the north corridor: who drives all of it is lost with 5 %, whatever it is cut into.

    Port - North is 132 of 335 km, so 1 - 0.95^(132/335) of it.
    """
    ban = told("d", **{**BAN, "region": "", "scope": "country", "corridor": "NORTH"})
    seen = told("s", kind="threat", scope="corridor", corridor="NORTH", enforces="d")
    day = on("2025-01-10", ban, seen)
    losses = [arc(day, *ends)["loss_prob"] for ends in (("port", "north"), ("north", "bridge"))]
    losses.append(arc(day, "bridge", "east", "bridge--east")["loss_prob"])
    assert losses[0] == pytest.approx(1 - 0.95 ** (132 / 335))
    assert 1 - (1 - losses[0]) * (1 - losses[1]) * (1 - losses[2]) == pytest.approx(0.05)


def test_each_corridor_of_a_report_has_its_whole_loss():
    """A ban on both corridors: 5 % on each, and the road of both counts for the shorter one."""
    ban = told("d", **{**BAN, "region": "", "scope": "country", "corridor": "NORTH;SOUTH"})
    seen = told("s", kind="threat", scope="corridor", corridor="NORTH;SOUTH", enforces="d")
    day = on("2025-01-10", ban, seen)
    north, south = 132 + 143 + 60, 126 + 105 + 60
    assert arc(day, "port", "south")["loss_prob"] == pytest.approx(1 - 0.95 ** (126 / south))
    assert arc(day, "port", "north")["loss_prob"] == pytest.approx(1 - 0.95 ** (132 / north))
    shared = arc(day, "bridge", "east", "bridge--east")["loss_prob"]
    assert shared == pytest.approx(1 - 0.95 ** (60 / south))


def through(x, spurs=(), **cells):
    """Hours of delay from p over x to y (roads of 100 and 50 km) for a report at x or its roads."""
    km = {"px": "100", "xy": "50", **dict.fromkeys(spurs, "70")}
    ends = {"px": ("p", x), "xy": (x, "y"), **{spur: (x, spur) for spur in spurs}}
    roads = [{"edge": edge, "u": u, "v": v, "length_km": km[edge]} for edge, (u, v) in ends.items()]
    world = network_of([town(name) for name in ("p", x, "y", *spurs)], roads, [source("p")])
    day = sr.disrupt(world, events_of([told(**cells)]), at="2025-01-10")
    return arc(day, "p", x), arc(day, x, "y")


@pytest.mark.parametrize("spurs", [(), ("a",), ("a", "b", "c")])
def test_what_is_told_of_a_town_is_met_once_however_many_roads_it_has(spurs):
    """A checkpoint of 24 h at x costs p-x and p-x-y 24 h, and a loss of 5 %; spurs change nothing.

    "Once" is the way into x: who only leaves it does not wait.
    """
    at_x = {"scope": "point", "nodes": "x"}
    first, second = through("x", spurs, kind="checkpoint_extortion", delay_h="24", **at_x)
    assert (first["delay_h"], second["delay_h"]) == (24, 0)
    assert (first["loss_prob"], second["loss_prob"]) == (pytest.approx(0.05), 0)
    assert first["status"] == second["status"] == "restricted"


def test_what_is_told_of_a_town_of_a_corridor_is_met_on_the_way_in():
    """Burned lorries at Bridge on NORTH (R20): 5 % into Bridge by north, by east; not on leaving.

    Inbound alone the way in is north > bridge.
    """
    row = {"kind": "vehicle_burning", "scope": "point", "nodes": "bridge", "corridor": "NORTH"}
    ways = (("north", "bridge"), ("east", "bridge"), ("bridge", "east"), ("bridge", "north"))
    for direction, losses in (("both", [0.05, 0.05, 0, 0]), ("inbound", [0.05, 0, 0, 0]),
                              ("outbound", [0, 0.05, 0, 0])):  # fmt: skip
        day = on("2025-01-10", told(**row, direction=direction))
        assert [arc(day, *way)["loss_prob"] for way in ways] == pytest.approx(losses)


def test_what_is_told_of_leaving_a_town_is_met_on_leaving_it():
    """Outbound of x there is no way in among the roads hit: 24 h from x to y."""
    row = {"kind": "checkpoint_extortion", "delay_h": "24", "scope": "point", "nodes": "x"}
    first, second = through("x", **row, direction="outbound")
    assert (first["delay_h"], second["delay_h"]) == (0, 24)


def test_what_is_told_of_roads_that_are_no_one_trip_is_met_on_each():
    """Port - North and Bridge - East do not meet, and an area is no course: 6 h (R28) on each."""
    lists = told(kind="checkpoint_extortion", edges="port--north;bridge--east")
    area = told(kind="checkpoint_extortion", scope="area", lat="10.3", lon="-8.2", radius_km="200")
    for row, arcs in ((lists, 4), (area, 14)):
        hours = [hours for hours in on("2025-01-10", row).state.delay_h if hours]
        assert hours == [6.0] * arcs


def test_a_ban_does_not_take_over_the_delay_of_the_report_that_shows_it():
    """A checkpoint of 24 h to 12 January shows a ban (R02: no delay): 24 h on the 10th, then none.

    A delay told of the ban itself holds as long as the ban.
    """
    check = told("c", kind="checkpoint_extortion", delay_h="24", end="2025-01-12", enforces="d",
                 curfew_h="5", corridor="NORTH", edges="port--north")  # fmt: skip
    ban = told("d", **{**BAN, "edges": "port--north"})
    hours = [arc(on(day, ban, check), "port", "north")["delay_h"]
             for day in ("2025-01-10", "2025-01-13")]  # fmt: skip
    assert hours == [24, 0]
    told_of_it = told("d", **{**BAN, "edges": "port--north", "delay_h": "3"})
    assert arc(on("2025-01-13", told_of_it, check), "port", "north")["delay_h"] == 3


def test_a_report_that_was_ended_speaks_no_more():
    """Closed to the 30th, ended on the 12th; an ambush of the 14th runs out on the 22nd.

    The road is unknown from then on, on the 30th too, and its last news is the ambush.
    """
    rows = (
        told("a", end="2025-01-30"),
        told("b", kind="road_reopened", start="2025-01-12", ends="a"),
        told("c", kind="ambush", start="2025-01-14", end_status="end_not_found"),
    )
    for day in ("2025-01-28", "2025-01-30", "2025-02-02"):
        state = arc(on(day, *rows), "port", "north")
        assert (state["status"], state["last_report"]) == ("unknown", (date(2025, 1, 14), "c"))
    assert arc(on("2025-01-11", *rows), "port", "north")["last_report"] == (date(2025, 1, 10), "a")


def test_a_report_that_was_ended_before_it_was_published_brings_no_later_news():
    """Of the 10th, amended on the 12th, published on the 15th: the 12th is the last word."""
    rows = (
        told("a", reported_on="2025-01-15"),
        told("b", kind="checkpoint_extortion", start="2025-01-12", amends="a"),
    )
    assert arc(on("2025-01-20", *rows), "port", "north")["last_report"] == (date(2025, 1, 12), "b")


def test_a_told_delay_is_spread_over_roads_that_are_no_course():
    """12 h somewhere on the four roads of Bridge: 3 h on each, as 12 h of the rule would be."""
    at_bridge = {"edges": "", "scope": "point", "nodes": "bridge", "spot_known": "false"}
    by_rule = rules().replacing({"R30": {"delay_h": 12}})
    for day in (
        on("2025-01-10", told(**at_bridge, delay_h="12")),
        on("2025-01-10", told(**at_bridge), rules=by_rule),
    ):
        assert arc(day, "north", "bridge")["delay_h"] == 3
        assert arc(day, "bridge", "north")["delay_h"] == 3


def test_the_order_of_towns_and_corridors_does_not_matter():
    """An inbound siege of north and bridge closes the road between both ways, and each way in."""
    siege = {"kind": "town_siege", "scope": "point", "direction": "inbound"}
    expected = ["bridge>north", "east>bridge", "east>bridge", "north>bridge", "port>north",
                "south>bridge"]  # fmt: skip
    for nodes in ("north;bridge", "bridge;north"):
        assert sorted(closed(on("2025-01-10", told(**siege, nodes=nodes)))) == expected
