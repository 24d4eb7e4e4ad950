"""A route leg by leg: cases worked out by hand, and agreement with `supply_paths`."""

import json
from itertools import pairwise
from math import isnan

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.isolation import passable_arcs
from tests import strategies, toy
from tests.strategies import events_of, network_of, source, town

DAY = "2025-01-10"
CURFEW = toy.told(
    "c", kind="government_restriction", scope="region", region="Inland", curfew_h="8", edges=""
)


def found(*rows, origin="port", to="east", **options):
    """Return the route on the toy network under reports."""
    events = events_of(rows)
    day = sr.disrupt(toy.network(), events, at=options.pop("at", DAY))
    return sr.route(day, events, origin=origin, to=to, **options)


def test_three_legs_by_hand():
    """132 / 55 = 2.4, 143 / 55 = 2.6, 60 / 55 h: 335 km, 6.09 h, one day."""
    route = found()
    assert route.legs["edge"].tolist() == list(toy.NORTH)
    assert route.legs["hours"].tolist() == pytest.approx([2.4, 2.6, 60 / 55])
    assert route.legs["total_km"].tolist() == [132, 275, 335]
    assert route.legs["total_h"].tolist() == pytest.approx([2.4, 5, 5 + 60 / 55])
    assert (route.length_km, route.drive_h, route.dwell_h, route.delay_h) == (
        335, pytest.approx(5 + 60 / 55), 0, 0,
    )  # fmt: skip
    assert (route.days, len(route.nights), route.borders, route.state) == (1, 0, 0, "open")
    assert route.legs["last_report"].isna().all()
    assert route.legs["stale"].all()
    assert route.summary()["open_without_report_legs"] == 3


def test_a_taxed_road_tells_delay_loss_and_report():
    """T1 closes the north; T2 taxes south--bridge: 6 h, half the room, 5 % lost, 2 days ago."""
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12")
    route = sr.route(day, events, origin="Port", to="EAST")
    leg = route.legs.loc[2]
    assert (leg["edge"], leg["status"], leg["free"]) == ("south--bridge", "restricted", False)
    assert (leg["drive_h"], leg["delay_h"]) == (pytest.approx(3.5), pytest.approx(6))
    assert (leg["last_report"], leg["last_report_age_days"], leg["stale"]) == ("T2", 0, False)
    assert (leg["reports"], leg["capacity_factor"]) == (("T2",), 0.5)
    assert route.survival_prob == pytest.approx(0.95)
    assert route.reports.loc["T2", ["kind", "confidence", "legs"]].tolist() == [
        "checkpoint_extortion", "B", (2,),
    ]  # fmt: skip
    # 2.8 h on the road and 6 h held up: 3.5 h more would end at 12.3 h, after dusk.
    assert route.nights[["leg", "place"]].values.tolist() == [[2, "town"]]
    assert route.legs["day"].tolist() == [1, 2, 2]
    assert str(route.known_until) == "2025-01-13"


def test_a_curfew_is_told_with_its_hours_and_its_report():
    """8 h of 24 stretch driving by half; they are the night, so the days stay those of driving."""
    route = found(CURFEW)
    assert route.legs["curfew_h"].tolist() == [8, 8, 8]
    assert route.legs["curfew_by"].tolist() == [("c",)] * 3
    assert route.legs["curfew_delay_h"].tolist() == pytest.approx([1.2, 1.3, 30 / 55])
    assert route.time_h == pytest.approx(1.5 * (5 + 60 / 55))
    assert route.days == 1
    assert route.reports.index.tolist() == ["c"]
    assert route.rules == ("R52",)


def test_a_curfew_beside_another_delay():
    """An attack on a post at Bridge holds traffic into it for 24 h: no part of the curfew."""
    attack = toy.told("b", kind="base_attack", scope="point", nodes="bridge")
    leg = found(CURFEW, attack).legs.loc[2]
    assert (leg["delay_h"], leg["curfew_delay_h"]) == (pytest.approx(25.3), pytest.approx(1.3))
    assert leg["delayed_by"] == ("b", "c")


def test_a_curfew_over_is_no_curfew():
    """It ended the day before."""
    over = {**CURFEW, "start": "2025-01-01", "end": "2025-01-09", "end_status": "recorded"}
    assert found(over).legs["curfew_h"].isna().all()


def test_borders_checkpoints_and_capacity():
    """A crossing costs 24 h, a checkpoint 0.5 h; the night of the crossing is at its post."""
    network = network_of(
        [town("a", country="AAA"), town("b", 0.5, country="AAA"), town("c", 1, country="BBB")],
        [
            {"edge": "ab", "u": "a", "v": "b", "length_km": "110", "checkpoints": "2"},
            {"edge": "bc", "u": "c", "v": "b", "length_km": "55", "border": "true",
             "capacity_m3_per_day": "300", "road_ref": "N1"},
        ],
        [source("a")],
    )  # fmt: skip
    events = events_of([])
    route = sr.route(sr.disrupt(network, events, at=DAY), events, origin="a", to="c")
    speed = network.edges.loc["ab", "length_km"] / (network.base_time_h[0] - 1)
    assert route.legs["border"].tolist() == [False, True]
    assert route.legs["countries"].tolist() == [("AAA",), ("AAA", "BBB")]
    assert route.legs["dwell_h"].tolist() == [1, 24]
    assert route.legs["border_wait_h"].tolist() == [0, 24]
    assert route.drive_h == pytest.approx(165 / speed)
    assert route.capacity_m3_per_day == 300
    assert isnan(route.legs.loc[1, "capacity_m3_per_day"])
    assert route.nights[["place", "node", "leg"]].values.tolist() == [["border", "b", 2]]
    assert (route.days, route.borders) == (2, 1)
    assert route.legs.loc[2, ["tail", "head", "road_ref"]].tolist() == ["b", "c", "N1"]
    assert route.known_until is None


def test_alternatives_share_at_most_half_and_the_safest_comes_on_top():
    """Bridge--east is shared; south is another way; the old road alone overlaps too much."""
    burnt = toy.told("v", kind="vehicle_burning", edges="port--north", commodity="fuel")
    route = found(burnt, k=2)
    assert route.legs["edge"].tolist() == list(toy.NORTH)
    row = route.alternatives.loc[1]
    assert (row["why"], row["via"], row["survival_prob"]) == ("safest", ("south",), 1)
    assert row["shared_share"] == pytest.approx(60 / 291)
    assert row["edges"] == ("port--south", "south--bridge", "bridge--east")
    assert found(burnt, k=0).alternatives.empty
    assert (found(k=2).alternatives["why"] == "other").all()


def test_the_safest_way_is_added_if_no_alternative_is_it():
    """Two ways to north at k=1: the next in time is as bad, the safest the third."""
    rows = [
        {"edge": "near", "u": "a", "v": "b", "length_km": "120"},
        {"edge": "next", "u": "a", "v": "b", "length_km": "130"},
        {"edge": "safe", "u": "a", "v": "b", "length_km": "240"},
    ]
    network = network_of([town("a"), town("b", 1)], rows, [source("a")])
    burnt = toy.told("v", kind="vehicle_burning", edges="near;next", commodity="fuel")
    events = events_of([burnt])
    route = sr.route(sr.disrupt(network, events, at=DAY), events, origin="a", to="b", k=1)
    assert route.alternatives["edges"].tolist() == [("next",), ("safe",)]
    assert route.alternatives["why"].tolist() == ["other", "safest"]
    assert route.alternatives["via"].tolist() == [(), ()]


def test_no_way_is_an_answer_with_its_cut():
    """Both ways into Bridge from Port are closed: the two roads are the proof."""
    route = found(
        toy.told("n", edges="port--north"),
        toy.told("s", edges="south--bridge", start="2024-11-01", spot_known="true"),
    )
    assert (route.passable, route.days, route.state, route.free) == (False, None, None, False)
    assert isnan(route.time_h)
    assert route.legs.empty
    assert route.alternatives.empty
    assert route.cut["edge"].tolist() == ["port--north", "south--bridge"]
    assert route.cut["reports"].tolist() == [("n",), ("s",)]
    assert route.cut["stale"].tolist() == [False, True]
    assert route.reports["legs"].tolist() == [(1,), (2,)]
    assert route.rules == ("R30",)
    assert "No way from Port to East" in route._repr_html_()
    assert json.loads(json.dumps(route.to_dict(), allow_nan=False))["time_h"] is None


def test_no_road_has_no_cut():
    """The mine lies on a track that no loaded tanker takes on any day."""
    route = found(to="mine")
    assert not route.passable
    assert route.cut.empty


def test_a_town_to_pass_that_cannot_be_reached_gives_the_cut_before_it():
    """Every road of North is closed; it is to be passed."""
    siege = toy.told("s", kind="town_siege", scope="point", nodes="north")
    assert found(siege).passable
    route = found(siege, trip=sr.Trip(via=("North",)))
    assert route.cut["head"].tolist() == ["north", "north"]


def test_the_end_of_a_spur_is_passed_there_and_back():
    """The fork is passed twice; closed on the way out, the road of the spur is the proof."""
    roads = [{"edge": f"b{end}", "u": "b", "v": end, "length_km": "120"} for end in ("a", "c", "d")]
    towns = [town("b"), town("a", 1), town("c", -1), town("d", 0, 1)]
    network, events = network_of(towns, roads, [source("a")]), events_of([])
    day = sr.disrupt(network, events, at=DAY)
    route = sr.route(day, events, origin="a", to="c", trip=sr.Trip(via=("d",)))
    assert route.legs["edge"].tolist() == ["ba", "bd", "bd", "bc"]
    assert route.complete
    shut = events_of([toy.told("x", edges="bd", direction="outbound")])
    day = sr.disrupt(network, shut, at=DAY)
    route = sr.route(day, shut, origin="a", to="c", trip=sr.Trip(via=("d",)))
    assert (route.passable, route.cut["edge"].tolist()) == (False, ["bd"])


def test_a_town_behind_a_closed_road_has_a_cut_though_the_rest_is_open():
    """Roads a-t, t-v, a-v; a-v is closed: the way by v to t passes t on the way there."""
    roads = [{"edge": ends, "u": ends[0], "v": ends[1], "length_km": "60"}
             for ends in ("at", "tv", "av")]  # fmt: skip
    network = network_of([town("a"), town("t", 0.1), town("v", 0, 0.1)], roads, [source("a")])
    events = events_of([toy.told("x", edges="av")])
    day = sr.disrupt(network, events, at=DAY)
    route = sr.route(day, events, origin="a", to="t", trip=sr.Trip(via=("v",)))
    assert route.legs["edge"].tolist() == ["at", "tv", "tv"]


def test_a_stop_without_any_road_leaves_no_cut_to_blame():
    """North is closed off today, the mine never had a road: no closed road is why."""
    siege = toy.told("s", kind="town_siege", scope="point", nodes="north")
    route = found(siege, trip=sr.Trip(via=("North", "Mine")))
    assert (route.passable, len(route.cut)) == (False, 0)


def test_mali_by_accra_has_a_way():
    """All of its ways pass a town twice."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    trip = sr.Trip(via=("ACCRA",))
    route = sr.route(day, events, origin="dakar", to="bamako", k=0, trip=trip)
    assert route.passable
    assert "accra" in route.legs["head"].tolist()
    assert (route.to_dict()["trip"]["via"], route.via_names) == (["accra"], ("Accra",))


@pytest.mark.parametrize(("mode", "way"), [("ferry", ["ab"]), ("rail", ["ac", "cb"])])
def test_a_ferry_is_taken_and_a_railway_is_not(mode, way):
    """The short way is no road."""
    rows = [
        {"edge": "ab", "u": "a", "v": "b", "length_km": "10", "mode": mode},
        {"edge": "ac", "u": "a", "v": "c", "length_km": "60"},
        {"edge": "cb", "u": "c", "v": "b", "length_km": "60"},
    ]
    network = network_of([town("a"), town("b", 0.05), town("c", 0.1)], rows, [source("a")])
    events = events_of([])
    route = sr.route(sr.disrupt(network, events, at=DAY), events, origin="a", to="b")
    assert route.legs["edge"].tolist() == way
    assert route.legs["mode"].tolist() == ([mode] if mode == "ferry" else ["road", "road"])
    assert route.trip.avoid == ()


def test_a_town_of_unknown_country_makes_no_border():
    """Only known countries are compared, in the legs and in the alternatives."""
    rows = [
        {"edge": ends, "u": ends[0], "v": ends[1], "length_km": km}
        for ends, km in (("ab", "100"), ("ac", "60"), ("cb", "60"))
    ]
    towns = [town("a", country="MLI"), town("b", 0.1, country=""), town("c", 0.2, country="SEN")]
    network, events = network_of(towns, rows, [source("a")]), events_of([])
    route = sr.route(sr.disrupt(network, events, at=DAY), events, origin="a", to="b")
    assert (route.borders, route.legs["countries"].tolist()) == (0, [("MLI",)])
    assert route.alternatives["borders"].tolist() == [1]


def test_days_never_fall_as_the_wait_at_a_border_grows():
    """From Dakar: a wait of 24 h takes no fewer days than one of 23 h."""
    network, events = sr.datasets.mali()
    days = []
    for wait in (0, 6, 20, 23, 24, 30, 47, 48):
        day = sr.disrupt(network.assuming({"dwell_border_h": wait}), events, at="2025-10-15")
        days.append(sr.route(day, events, origin="dakar", to="bamako", k=0).days)
    assert days == sorted(days)
    assert (days[0], days[4]) == (5, 6)


def test_what_a_trip_avoids_is_told_by_name():
    """In any spelling; a road by its ends."""
    route = found(trip=sr.Trip(avoid=("NORD", "bridge--east--old")))
    assert route.trip.avoid == ("north", "bridge--east--old")
    assert route.avoid_names == ("North", "Bridge – East (bridge--east--old)")
    with pytest.raises(sr.errors.UnknownIdError, match="North"):
        found(trip=sr.Trip(avoid=("Norht",)))


def test_what_a_trip_does_not_accept_is_in_the_cut():
    """A lone truck takes no restricted road: with the north avoided that is the proof."""
    burnt = toy.told("v", kind="vehicle_burning", edges="south--bridge", commodity="fuel")
    trip = sr.Trip(accepts="unknown", avoid=("north",))
    route = found(burnt, trip=trip)
    assert route.cut["edge"].tolist() == ["south--bridge"]
    assert route.to_dict()["trip"] == {"via": [], "avoid": ["north"], "accepts": "unknown"}


def test_an_unknown_road_is_named():
    """A fire whose after-effect ran out by assumption leaves the road unknown."""
    burnt = toy.told("v", kind="vehicle_burning", end="2025-01-10", commodity="fuel")
    route = found(burnt, at="2025-02-20")
    assert route.unknown_roads == ("port--north",)
    assert route.summary()["old_report_legs"] == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": -1}, "k=-1"),
        ({"to": "Port"}, "both the start and the end"),
        ({"trip": sr.Trip(origins=("south",))}, "one origin"),
        ({"trip": sr.Trip(empty_return=True)}, "one origin"),
    ],
)
def test_what_makes_no_sense_is_refused(options, message):
    """Each with what to change."""
    with pytest.raises(sr.errors.RequestError, match=message):
        found(**options)


def test_an_undisturbed_network_is_refused():
    """It is of no day."""
    with pytest.raises(sr.errors.RequestError, match="of a day"):
        sr.route(toy.network(), events_of([]), origin="port", to="east")


def test_unknown_towns_and_reports_are_named():
    """A misspelt town; events that are not those of the day."""
    with pytest.raises(sr.errors.UnknownIdError, match="did you mean Port"):
        found(origin="Prot")
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12")
    with pytest.raises(sr.errors.UnknownIdError, match="T2"):
        sr.route(day, events.without("T2"), origin="port", to="east")


def test_names_are_escaped_in_notebooks():
    """A town whose name is markup."""
    network = network_of(
        [town("a", name="<b>A</b>"), town("b", 1, name="B & C")],
        [{"edge": "ab", "u": "a", "v": "b", "length_km": "120"}],
        [source("a")],
    )
    events = events_of([])
    shown = sr.route(sr.disrupt(network, events, at=DAY), events, origin="a", to="b")._repr_html_()
    assert "<b>A" not in shown
    assert "&lt;b&gt;A" in shown


@pytest.mark.parametrize("origin", ["dakar", "yamoussoukro", "abidjan", "conakry"])
def test_mali_agrees_with_supply_paths(origin):
    """Km, hours, survival and roads of the first path; the parts add up to the whole."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    route = sr.route(day, events, origin=origin, to="bamako")
    trip = sr.Trip(origins=(origin,))
    best = sr.supply_paths(day, to="bamako", k=1, trip=trip)
    row, legs = best.paths.loc[1], best.legs.loc[1]
    for name in ("length_km", "time_h", "delay_h", "survival_prob", "state", "detour_ratio"):
        assert getattr(route, name) == row[name]
    assert route.legs["edge"].tolist() == legs["edge"].tolist()
    assert route.legs["hours"].tolist() == legs["hours"].tolist()
    assert route.legs["total_h"].iloc[-1] == pytest.approx(route.time_h)
    assert route.drive_h + route.dwell_h + route.delay_h == pytest.approx(route.time_h)
    towns = [origin, *legs["head"]]
    countries = network.nodes.loc[towns, "country"].tolist()
    assert route.borders == sum(one != two for one, two in pairwise(countries)) == 1
    assert route.days <= 6


def test_mali_from_dakar_takes_the_days_that_trucks_report():
    """Five to six days (F033); a night curfew of 9 h in the Kayes region; one border."""
    network, events = sr.datasets.mali()
    route = sr.route(
        sr.disrupt(network, events, at="2025-10-15"), events, origin="dakar", to="bamako"
    )
    assert route.days == 6
    curfewed = route.legs[route.legs["curfew_h"].notna()]
    assert set(curfewed["curfew_h"]) == {9}
    assert set(curfewed["curfew_by"]) == {("ML014", "SC05")}
    crossing = route.legs[route.legs["border"]]
    assert crossing["countries"].tolist() == [("SEN", "MLI")]
    assert route.alternatives["shared_share"].max() <= 0.5


@settings(max_examples=300)
@given(strategies.cases(max_events=4), st.integers(0, 8), st.integers(0, 8), strategies.days)
def test_any_route_is_a_path_and_any_cut_a_proof(case, start, end, when):
    """Legs join; parts add up; without a way the cut is closed, and nothing leads around it."""
    network, events = case.network(), case.reports()
    names = network.topology.node_ids
    origin, to = names[start % len(names)], names[end % len(names)]
    if origin == to:
        return
    day = sr.disrupt(network, events, at=when)
    route = sr.route(day, events, origin=origin, to=to, k=2)
    assert route.passable == nx.has_path(graph(day, passable_arcs(day)), origin, to)
    legs = route.legs
    if route.passable:
        assert legs["tail"].tolist() == [origin, *legs["head"].tolist()[:-1]]
        assert legs["head"].iloc[-1] == to
        assert route.time_h == pytest.approx(route.drive_h + route.dwell_h + route.delay_h)
        assert (legs["curfew_delay_h"] <= legs["delay_h"] + 1e-9).all()
        assert (legs["curfew_h"].notna() == (legs["curfew_by"].map(len) > 0)).all()
        assert legs["day"].is_monotonic_increasing
        assert len(set(route.alternatives["edges"]) | {tuple(legs["edge"])}) == 1 + len(
            route.alternatives
        )
        json.dumps(route.to_dict(), allow_nan=False)
        return
    before = graph(day, passable_arcs(day.undisturbed()))
    now = graph(day, passable_arcs(day))
    cut = list(zip(route.cut["tail"], route.cut["head"], route.cut["edge"], strict=True))
    assert bool(cut) == nx.has_path(before, origin, to)
    assert all(before.has_edge(*arc) and not now.has_edge(*arc) for arc in cut)
    before.remove_edges_from(cut)
    assert not nx.has_path(before, origin, to)


def graph(day, passable):
    """Return the arcs that pass as a plain directed multigraph."""
    top, made = day.topology, nx.MultiDiGraph()
    made.add_nodes_from(top.node_ids)
    for arc, ok in enumerate(passable):
        if ok:
            ends = (top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
            made.add_edge(*ends, key=top.edge_ids[arc // 2])
    return made
