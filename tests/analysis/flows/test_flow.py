"""The flow of a day, by hand on the toy network: capacities, policies, answers, refusals."""

import warnings
from dataclasses import replace
from math import inf, isnan

import pytest

import supplyroutes as sr
from supplyroutes.analysis.flows.allocation import shares_of
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_audit import audit
from supplyroutes.analysis.flows.flow_problem import problem_of, recorded_capacities
from supplyroutes.errors import SolverError
from tests.flows import network, on_day, problem
from tests.strategies import events_of, source, table, town
from tests.toy import network as toy
from tests.toy import on, told


@pytest.fixture
def narrow():
    """Return the toy network on 12 January: North closed, half of the way by South left."""
    return sr.disrupt(*sr.datasets.toy(), at="2025-01-12")


def rates(flow, *nodes):
    """Fill rates of towns."""
    return [round(float(flow.nodes.loc[node, "fill_rate"]), 6) for node in nodes]


def amount(flow, edge, tail, head):
    """What enters an arc."""
    return float(flow.edges.loc[(edge, tail, head), "flow_m3_per_day"])


# --- by hand ------------------------------------------------------------------------------


def test_undisturbed_all_arrives_by_the_fastest_road():
    """50 + 40 + 180; East by North (6.1 h): by South it is 21 % slower, so nobody shares."""
    flow = sr.supply_flow(toy())
    assert flow.delivered_m3_per_day == pytest.approx(270)
    assert amount(flow, "port--north", "port", "north") == pytest.approx(230)
    assert amount(flow, "port--south", "port", "south") == pytest.approx(40)
    assert amount(flow, "bridge--east--old", "bridge", "east") == 0
    hours = 230 * 2.4 + 180 * (2.6 + 60 / 55) + 40 * 2.8
    assert flow.mean_time_h == pytest.approx(hours / 270)
    assert flow.bottlenecks.empty
    assert flow.summary()["off_network_m3_per_day"] == 10


def test_a_closed_road_sends_all_around():
    """North closed, nothing else: 230 by South and back to North from Bridge."""
    flow = sr.supply_flow(on("2025-01-10", told()))
    assert flow.delivered_m3_per_day == pytest.approx(270)
    assert amount(flow, "south--bridge", "south", "bridge") == pytest.approx(230)
    assert amount(flow, "north--bridge", "bridge", "north") == pytest.approx(50)
    assert flow.edges.loc[("port--north", "port", "north"), "limited_by"] == "closed"


def test_a_restricted_detour_carries_its_share_of_the_least_usual_traffic(narrow):
    """230 x 0.5 = 115 enter, a twentieth is lost: 109.25 for 230 wanted is 0.475 each."""
    flow = sr.supply_flow(narrow)
    assert rates(flow, "north", "east", "south") == [0.475, 0.475, 1]
    assert flow.lost_m3_per_day == pytest.approx(5.75)
    assert flow.sent_m3_per_day == pytest.approx(155)
    assert flow.most_m3_per_day == pytest.approx(149.25)
    row = flow.edges.loc[("south--bridge", "south", "bridge")]
    assert row[["capacity_m3_per_day", "used_share"]].tolist() == pytest.approx([115, 1])
    assert row["limited_by"] == "usual"
    cut = flow.bottlenecks.set_index("id")
    assert cut["saved_ratio"].to_dict() == pytest.approx({"port--north": 1, "south--bridge": 0.95})
    assert sr.supply_flow(narrow, losses=False).delivered_m3_per_day == pytest.approx(155)


def test_a_restricted_main_road_carries_its_share_of_the_usual_traffic():
    """Half of the 230 that usually drive by North, and the rest by South, where none is told."""
    day = on("2025-01-10", told(kind="government_restriction", commodity="fuel", scope="segment"))
    flow = sr.supply_flow(day)
    assert flow.edges.loc[("port--north", "port", "north"), "capacity_m3_per_day"] == 115
    assert amount(flow, "port--north", "port", "north") == pytest.approx(115)
    assert amount(flow, "south--bridge", "south", "bridge") == pytest.approx(115)
    more = toy().assuming({"least_usual_m3_per_day": 400})
    other = sr.disrupt(more, _one(kind="government_restriction"), at="2025-01-10")
    assert sr.supply_flow(other).edges.loc[
        ("port--north", "port", "north"), "capacity_m3_per_day"
    ] == pytest.approx(200)


def _one(**cells):
    """Events of one report."""
    return events_of([told(**{"commodity": "fuel", "scope": "segment", **cells})])


def test_priority_serves_ranks_one_after_the_other(narrow):
    """Power at East first (60 of 109.25), then transport alike: 49.25 of 170."""
    flow = sr.supply_flow(narrow, allocation="priority")
    got = flow.classes["delivered_m3_per_day"]
    assert got["east", "power"] == pytest.approx(60)
    assert got["east", "transport"] == pytest.approx(120 * 49.25 / 170)
    assert got["north", "transport"] == pytest.approx(50 * 49.25 / 170)
    assert (flow.allocation, flow.policy) == ("priority", "essential")


def test_nearest_leaves_the_farther_town_without(narrow):
    """From Bridge, East is 1.1 h away and North 2.6 h: East gets all 109.25."""
    flow = sr.supply_flow(narrow, allocation="nearest")
    assert rates(flow, "north", "east") == [0, round(109.25 / 180, 6)]
    assert flow.policy is None


def test_the_capital_first_is_a_policy_of_its_own():
    """Two towns behind one narrow road: the capital is filled before the other gets any."""
    towns = [town("p", 10, 0), town("c", 10, 1, roles="capital"), town("d", 10, 2)]
    roads = [
        {"edge": "pc", "u": "p", "v": "c", "length_km": "120", "capacity_m3_per_day": "30"},
        {"edge": "cd", "u": "c", "v": "d", "length_km": "120"},
    ]
    wanted = {("c", "transport"): 20, ("d", "services"): 20}
    base = network(towns, roads, [source("p")], wanted)
    ask = {"allocation": "priority"}
    assert rates(sr.supply_flow(base, policy="capital_first", **ask), "c", "d") == [1, 0.5]
    assert rates(sr.supply_flow(base, policy="essential", **ask), "c", "d") == [0.5, 1]
    assert rates(sr.supply_flow(base), "c", "d") == [0.75, 0.75]


def test_a_class_that_no_row_names_comes_last(narrow, monkeypatch):
    """A policy for power only: all else shares the rank after it."""
    from supplyroutes.analysis.flows import allocation

    rows = [row for row in allocation.priorities().rows() if row["priority"] == "P02"]
    cells = [{key: str(value) for key, value in row.items()} for row in rows]
    monkeypatch.setattr(allocation, "priorities", lambda: table(cells, "priorities"))
    found = shares_of(narrow, problem_of(narrow, {}, losses=True), "essential")
    assert sorted({item.rank for item in found.items}) == [2, 3]


# --- capacities ---------------------------------------------------------------------------


def test_no_limit_times_nothing_is_nothing():
    """Without capacity: a closed road carries nothing, a restricted one little, a free one all."""
    day = on("2025-01-10", told(), told("f", edges="south--bridge", kind="escort_only"))
    made = problem_of(day, {}, losses=True)
    limits = dict(zip(made.arcs, made.capacity, strict=True))
    top = day.topology
    assert limits[2 * top.edge_index["port--north"]] == 0
    assert limits[2 * top.edge_index["south--bridge"]] == pytest.approx(0.3 * 230)
    assert limits[2 * top.edge_index["bridge--east"]] == inf


def test_limits_bind_parts_of_what_they_name():
    """A limit on fuel binds diesel; one on diesel does not bind fuel; the least counts."""
    towns = [town("p", 10, 0), town("q", 10, 1)]
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120", "capacity_m3_per_day": "50"}]
    base = network(towns, roads, [source("p")], {("q", "power"): 90}, [("r", 30)])
    assert recorded_capacities(base) == {0: (30, "border")}
    diesel = base.asking("diesel", at=None, state=base.state)
    assert recorded_capacities(diesel) == {0: (30, "border")}
    cells = {**next(iter(base.tables.limits.rows())), "commodity": "diesel"}
    rows = [{key: str(value) for key, value in cells.items()}]
    part = sr.Network(replace(base.tables, limits=table(rows, "limits")), base.assumptions)
    assert recorded_capacities(part) == {0: (50, "road")}
    assert sr.supply_flow(part).delivered_m3_per_day == pytest.approx(50)


def test_a_capacity_factor_takes_its_share_of_what_is_recorded():
    """30 at the border, a quarter of it left inbound; outbound is another matter."""
    towns = [town("p", 10, 0), town("q", 10, 1)]
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    base = network(towns, roads, [source("p")], {("q", "power"): 90}, [("r", 30)])
    flow = sr.supply_flow(on_day(base, [0.25, 1.0]))
    assert flow.delivered_m3_per_day == pytest.approx(7.5)
    assert flow.bottlenecks.values.tolist() == [["border", "r", "p", "q", 7.5, 1.0]]


def test_sources_bind_and_are_told():
    """40 sent for 90 wanted: the source is the bottleneck; out of service, nothing arrives."""
    towns = [town("p", 10, 0), town("q", 10, 1)]
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    base = network(towns, roads, [source("p", amount="40")], {("q", "power"): 90})
    flow = sr.supply_flow(base)
    assert flow.bottlenecks.values.tolist() == [["source", "p", None, "p", 40.0, 1.0]]
    state = replace(base.state, supply_factor=[0.0, 1.0])
    out = sr.supply_flow(base.asking("fuel", at=None, state=state))
    assert out.bottlenecks.values.tolist() == [["source", "p", None, "p", 0.0, 1.0]]
    assert out.unmet_m3_per_day == 90
    assert isnan(out.sources.loc["p", "used_share"])


# --- sharing ------------------------------------------------------------------------------

TWO = [town("p", 10, 0), town("q", 10, 1)]


def two_roads(capacity=""):
    """Two roads of 120 and 126 km side by side, and 100 m3 a day wanted."""
    ends = {"u": "p", "v": "q"}
    roads = [
        {"edge": "r1", "length_km": "120", **ends},
        {"edge": "r2", "length_km": "126", "capacity_m3_per_day": capacity, **ends},
    ]
    return network(TWO, roads, [source("p")], {("q", "power"): 100})


def test_near_equal_roads_share_by_logit():
    """5 % slower, half of the ratio of 10 %: 0.33 to the power of a half to one."""
    flow = sr.supply_flow(two_roads())
    slower = 0.33**0.5
    assert amount(flow, "r1", "p", "q") == pytest.approx(100 / (1 + slower))
    assert amount(flow, "r2", "p", "q") == pytest.approx(100 * slower / (1 + slower))
    assert flow.delivered_m3_per_day == pytest.approx(100)


def test_sharing_stops_where_a_road_is_full():
    """36.5 wanted on the slower road that carries 20: 80 on the other."""
    flow = sr.supply_flow(two_roads("20"))
    assert amount(flow, "r1", "p", "q") == pytest.approx(80)
    assert amount(flow, "r2", "p", "q") == pytest.approx(20)


@pytest.mark.parametrize(
    ("ratio", "weight", "share"), [(0.0, 0.33, 0), (0.04, 1, 0), (0.1, 1, 0.5)]
)
def test_sharing_follows_the_assumptions(ratio, weight, share):
    """No ratio, too small a ratio, and even shares."""
    base = two_roads().assuming({"near_equal_ratio": ratio, "near_equal_weight": weight})
    assert amount(sr.supply_flow(base), "r2", "p", "q") == pytest.approx(100 * share)


def test_roads_that_run_together_count_as_one_in_part():
    """Three equal ways of which two differ in the last half only: 1 to 3/4 to 3/4."""
    towns = [town("p", 10, 0), town("m", 10, 0.5), town("q", 10, 1)]
    roads = [
        {"edge": "whole", "u": "p", "v": "q", "length_km": "120"},
        {"edge": "half", "u": "p", "v": "m", "length_km": "60"},
        {"edge": "last1", "u": "m", "v": "q", "length_km": "60"},
        {"edge": "last2", "u": "m", "v": "q", "length_km": "60"},
    ]
    flow = sr.supply_flow(network(towns, roads, [source("p")], {("q", "power"): 100}))
    assert amount(flow, "whole", "p", "q") == pytest.approx(40)
    assert amount(flow, "half", "p", "m") == pytest.approx(60)
    assert amount(flow, "last2", "m", "q") == pytest.approx(30)


# --- answers ------------------------------------------------------------------------------


def test_rel_047_no_demand_no_source_and_cut_off_are_answers():
    """Nothing is raised, nothing is not a number in the totals."""
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    wanted = {("q", "power"): 9}
    empty = sr.supply_flow(network(TWO, roads, [source("p")], {}))
    assert (empty.demand_m3_per_day, empty.delivered_m3_per_day) == (0, 0)
    assert isnan(empty.summary()["fill_rate"])
    assert isnan(empty.summary()["least_fill_rate"])
    assert isnan(empty.mean_time_h)
    dry = sr.supply_flow(network(TWO, roads, [], wanted))
    assert (dry.off_network_m3_per_day, dry.unmet_m3_per_day) == (9, 0)
    cut = sr.supply_flow(on_day(network(TWO, roads, [source("p")], wanted), [0.0, 0.0]))
    assert (cut.unmet_m3_per_day, cut.delivered_m3_per_day) == (9, 0)
    assert cut.bottlenecks[["kind", "saved_ratio"]].values.tolist() == [["closed", 1.0]]
    lost = sr.supply_flow(on_day(network(TWO, roads, [source("p")], wanted), [1.0], [1.0]))
    assert (lost.unmet_m3_per_day, lost.sent_m3_per_day) == (9, 0)


def test_json_is_plain_and_html_is_escaped(narrow):
    """Infinite is None; a name with markup is text."""
    import json

    told_json = json.dumps(sr.supply_flow(narrow).to_dict(), allow_nan=False)
    assert json.loads(told_json)["summary"]["delivered_m3_per_day"] == 149.25
    hostile = [{**TWO[0], "name": "<b>P"}, {**TWO[1], "name": "<i>Q"}]
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    flow = sr.supply_flow(network(hostile, roads, [source("p", amount="1")], {("q", "power"): 9}))
    html = flow._repr_html_()
    assert "&lt;i&gt;Q" in html
    assert "<i>" not in html
    assert "fill_rate" in html


def test_demand_recorded_for_a_wider_commodity_is_taken_whole_and_said():
    """Diesel is not told apart from fuel in the tables: a warning says what stands in."""
    day = sr.disrupt(*sr.datasets.toy(), at="2025-01-09", commodity="diesel")
    with pytest.warns(sr.errors.AssumptionWarning, match="that for fuel is taken whole"):
        flow = sr.supply_flow(day)
    assert flow.delivered_m3_per_day == pytest.approx(270)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        goods = sr.supply_flow(sr.disrupt(*sr.datasets.toy(), at="2025-01-09", commodity="goods"))
    assert goods.demand_m3_per_day == 0


# --- refusals -----------------------------------------------------------------------------


def test_what_there_is_not_is_refused(narrow):
    """An allocation, a policy, the usual flow of another day, commodity or network."""
    with pytest.raises(sr.errors.RequestError, match="max_min, priority or nearest"):
        sr.supply_flow(narrow, allocation="fair")
    with pytest.raises(sr.errors.UnknownIdError, match="essential"):
        sr.supply_flow(narrow, allocation="priority", policy="essentials")
    with pytest.raises(sr.errors.RequestError, match="undisturbed"):
        sr.supply_flow(narrow, usual=sr.supply_flow(narrow))
    with pytest.raises(sr.errors.RequestError, match="not a flow of this network"):
        sr.supply_flow(narrow, usual=sr.supply_flow(two_roads()))
    for other in (two_roads(), narrow.with_tracks(), narrow.in_season("wet")):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            FlowSolver(toy()).flow(other)


def test_deliveries_alone_are_those_of_the_flow(narrow):
    """The quick answer, for each allocation."""
    for allocation in ("max_min", "priority", "nearest"):
        flow = sr.supply_flow(narrow, allocation=allocation)
        quick = FlowSolver(toy(), allocation=allocation).deliveries(narrow)
        assert quick == pytest.approx(
            {node: flow.nodes.loc[node, "delivered_m3_per_day"] for node in quick}, abs=1e-6
        )


@pytest.mark.parametrize(
    ("flow", "received", "said"),
    [
        ([11, 0, 11], 11, "more than they can"),
        ([-1, 0, -1], -1, "more than they can"),
        ([8, 0, 21], 8, "more than they can"),
        ([8, 0, 8], 7, "appears or vanishes"),
        ([9.5, 0, 9.5], 9.5, "more than it uses"),
    ],
)
def test_a_wrong_flow_is_caught_by_plain_sums(flow, received, said):
    """Capacity, source, balance and demand, each broken once; the right one passes."""
    made = problem(2, [(0, 1, 10, 1), (1, 0, 10, 1)], {0: 20}, {(1, "power"): 9})
    audit(made, [8, 0, 8], {1: 8})
    with pytest.raises(SolverError, match=said):
        audit(made, flow, {1: received})
