"""Several products by hand: what they share, what is theirs alone, fleets, shares, refusals."""

from dataclasses import replace
from math import inf, isnan

import pytest

import supplyroutes as sr
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_audit import audit
from supplyroutes.analysis.flows.flow_problem import Limit
from supplyroutes.analysis.flows.product_shares import checked_shares, product_shares
from supplyroutes.errors import SolverError
from supplyroutes.schema import parse_table
from tests.flows import network, problem, product_day, rows_of
from tests.strategies import source, town

TOWNS = [town("p", 10, 0), town("q", 10, 1)]
ROAD = {"edge": "r", "u": "p", "v": "q", "length_km": "120"}
BOTH = ("petrol", "diesel")


def base_of(demand, *, supply=None, limits=None, roads=(ROAD,)):
    """A network of two towns with demand, supply and limits by commodity."""
    base = network(TOWNS, list(roads), [source("p", amount="1000")], {})
    tables = replace(
        base.tables,
        demand=rows_of("demand", "demand", ("node", "demand_class", "commodity"), demand),
        limits=rows_of("limits", "limit", ("edge", "commodity"), limits or {}),
    )
    if supply is not None:
        tables = replace(tables, supply=rows_of("supply", "supply", ("node", "commodity"), supply))
    return sr.Network(tables, base.assumptions)


def days_of(base, factors=None, names=BOTH):
    """The day of each product with its capacity factors."""
    return {name: product_day(base, name, (factors or {}).get(name, [])) for name in names}


OWN = {("q", "transport", "petrol"): 40, ("q", "transport", "diesel"): 80}


def got(flow):
    """What arrives of each product."""
    return flow.products["delivered_m3_per_day"].round(6).to_dict()


# --- what is shared -----------------------------------------------------------------------


def test_a_limit_on_fuel_binds_the_sum_and_all_fare_alike():
    """60 over the border for 40 and 80: half of each; one more m3 saves one."""
    flow = sr.supply_flow(days_of(base_of(OWN, limits={("r", "fuel"): 60})))
    assert got(flow) == {"petrol": 20, "diesel": 40}
    assert flow.bottlenecks.values.tolist() == [["border", "r", "p", "q", 60, 1, BOTH]]
    row = flow.edges.loc[("r", "p", "q")]
    assert row[["flow_m3_per_day", "capacity_m3_per_day", "used_share"]].tolist() == [60, 60, 1]
    assert row["limited_by"] == "border"
    alone = flow.product_edges.loc[("diesel", "r", "p", "q")]
    assert alone[["flow_m3_per_day", "capacity_m3_per_day"]].tolist() == [40, 60]


def test_a_limit_on_a_product_binds_it_alone():
    """10 of petrol; diesel is free, and no limit is told of the sum."""
    flow = sr.supply_flow(days_of(base_of(OWN, limits={("r", "petrol"): 10})))
    assert got(flow) == {"petrol": 10, "diesel": 80}
    assert flow.bottlenecks.values.tolist() == [["border", "r", "p", "q", 10, 1, ("petrol",)]]
    assert flow.edges.loc[("r", "p", "q"), "capacity_m3_per_day"] == inf
    assert flow.edges.loc[("r", "p", "q"), "limited_by"] == ""


def test_a_ban_on_petrol_closes_roads_for_petrol_only():
    """Diesel has all of the border to itself."""
    base = base_of(OWN, limits={("r", "fuel"): 60})
    flow = sr.supply_flow(days_of(base, {"petrol": [0.0]}))
    assert got(flow) == {"petrol": 0, "diesel": 60}
    kinds = flow.bottlenecks[["kind", "capacity_m3_per_day", "saved_ratio", "products"]]
    assert kinds.values.tolist() == [
        ["border", 60, 1, BOTH], ["closed", 0, 0, ("petrol",)],
    ]  # fmt: skip
    assert flow.edges.loc[("r", "p", "q"), "capacity_m3_per_day"] == 60


def test_two_factors_bind_the_one_and_the_sum():
    """Petrol by a tenth of 100, both by a half of it: 10 and 40."""
    base = base_of(OWN, limits={("r", "fuel"): 100})
    flow = sr.supply_flow(days_of(base, {"petrol": [0.1], "diesel": [0.5]}))
    assert got(flow) == {"petrol": 10, "diesel": 40}


def test_usual_traffic_is_that_of_the_products_that_are_thinned():
    """Half of 120 for both; half of the usual 40, or of the least, for petrol alone."""
    base = base_of(OWN).assuming({"least_usual_m3_per_day": 1})
    assert got(sr.supply_flow(days_of(base, {name: [0.5] for name in BOTH}))) == {
        "petrol": 20, "diesel": 40,
    }  # fmt: skip
    assert got(sr.supply_flow(days_of(base, {"petrol": [0.5]}))) == {"petrol": 20, "diesel": 80}
    assert got(sr.supply_flow(days_of(base, {"petrol": [0.0]}))) == {"petrol": 0, "diesel": 80}


def test_sources_of_one_product_and_of_all():
    """30 of any and 20 of diesel: the sum has 50, petrol 30 at most."""
    base = base_of(OWN, supply={("p", "fuel"): 30, ("p", "diesel"): 20})
    flow = sr.supply_flow(days_of(base))
    assert flow.delivered_m3_per_day == pytest.approx(50)
    assert got(flow) == pytest.approx({"petrol": 50 / 3, "diesel": 100 / 3})
    assert flow.sources.loc["p", ["limit_m3_per_day", "sent_m3_per_day"]].tolist() == [50, 50]
    assert flow.product_sources["limit_m3_per_day"].tolist() == [30, 50]
    assert flow.bottlenecks.values.tolist() == [["source", "p", None, "p", 50, 1, BOTH]]
    only = sr.supply_flow(days_of(base_of(OWN, supply={("p", "diesel"): 100})))
    assert only.products["off_network_m3_per_day"].tolist() == [40, 0]
    assert only.nodes.loc["q", "on_network"]
    assert (only.demand_m3_per_day, only.off_network_m3_per_day) == (80, 40)


def test_priorities_and_nearest_hold_for_products_too():
    """Power first over all products: the diesel of the plant, then transport alike."""
    wanted = {**OWN, ("q", "power", "diesel"): 30}
    days = days_of(base_of(wanted, limits={("r", "fuel"): 60}))
    flow = sr.supply_flow(days, allocation="priority")
    amounts = flow.product_classes["delivered_m3_per_day"]
    assert amounts["q", "power", "diesel"] == pytest.approx(30)
    assert amounts["q", "transport", "petrol"] == pytest.approx(10)
    assert amounts["q", "transport", "diesel"] == pytest.approx(20)
    assert flow.classes["delivered_m3_per_day"]["q", "transport"] == pytest.approx(30)
    assert sr.supply_flow(days, allocation="nearest").delivered_m3_per_day == pytest.approx(60)


def test_near_equal_roads_share_every_product_within_the_sum():
    """Two roads side by side, one with room for 20 of both: the shares fit into it."""
    roads = (
        {**ROAD, "edge": "r1"},
        {**ROAD, "edge": "r2", "capacity_m3_per_day": "20"},
    )
    flow = sr.supply_flow(days_of(base_of(OWN, roads=roads)))
    assert got(flow) == {"petrol": 40, "diesel": 80}
    assert flow.edges.loc[("r2", "p", "q"), "flow_m3_per_day"] == pytest.approx(20)


# --- shares -------------------------------------------------------------------------------


def test_demand_for_all_fuel_is_split_by_the_table():
    """Transport 45 to 55, power diesel alone; what is recorded for diesel stays beside it."""
    wanted = {("q", "transport", "fuel"): 100, ("q", "power", "fuel"): 10}
    wanted |= {("q", "power", "diesel"): 5}
    flow = sr.supply_flow(days_of(base_of(wanted)))
    demand = flow.product_classes["demand_m3_per_day"]
    assert demand.to_dict() == pytest.approx(
        {
            ("q", "power", "diesel"): 15,
            ("q", "transport", "petrol"): 45,
            ("q", "transport", "diesel"): 55,
        }
    )
    assert flow.assumed.loc["share.transport.any.petrol", "value"] == 0.45
    assert "share.power.bamako.heavy_fuel_oil" not in flow.assumed.index


def test_power_burns_heavy_fuel_oil_only_where_a_plant_for_it_is_recorded():
    """Bamako by a row of its own; jet fuel is in no row, so nobody is said to use it."""
    part = product_shares().part
    assert part("power", "bamako", "heavy_fuel_oil") == 0.27
    assert part("power", "kayes", "heavy_fuel_oil") == 0
    assert part("mines", "loulo", "diesel") == 0
    assert part("transport", "bamako", "jet") == 0
    assert part("transport", "bamako", "fuel") is None
    assert part("transport", "bamako", "goods") is None


def test_a_product_outside_fuel_takes_a_wider_demand_whole_and_says_so():
    """What is recorded for everything cannot be split for goods."""
    base = base_of({("q", "transport", "all"): 10}, supply={("p", "all"): 50})
    with pytest.warns(sr.errors.AssumptionWarning, match="taken whole"):
        flow = sr.supply_flow({"goods": product_day(base, "goods", [])})
    assert flow.delivered_m3_per_day == pytest.approx(10)


def test_the_mali_case_by_product_adds_up_to_that_of_fuel():
    """No event there is on one product on that day: the totals are those of fuel, nearly."""
    base, events = sr.datasets.mali()
    names = ("petrol", "diesel", "heavy_fuel_oil")
    days = {name: sr.disrupt(base, events, at="2025-10-15", commodity=name) for name in names}
    flow = sr.supply_flow(days)
    fuel = sr.supply_flow(sr.disrupt(base, events, at="2025-10-15"))
    assert flow.commodity == "fuel"
    assert flow.demand_m3_per_day == pytest.approx(fuel.demand_m3_per_day)
    assert flow.delivered_m3_per_day == pytest.approx(fuel.delivered_m3_per_day, rel=1e-3)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("transport,any,diesel,0.4,0.5,0.7,a,b", "x.csv:3: share_best: .* up to 0.95, not to 1"),
        ("transport,any,diesel,0.6,0.55,0.7,a,b", "x.csv:3: share_best: is not between"),
        ("transport,any,petrol,0.4,0.55,0.7,a,b", "stands already on row 2"),
        ("transport,any,bitumen,0.4,0.55,0.7,a,b", "x.csv:3: product"),
    ],
)  # fmt: skip
def test_wrong_shares_are_told_with_file_row_and_column(row, said):
    """Sums, ranges, doubles and products that there are not."""
    head = "demand_class,node,product,share_low,share_best,share_high,reason,source"
    text = f"{head}\ntransport,any,petrol,0.3,0.45,0.6,a,b\n{row}\n"
    with pytest.raises(sr.errors.DataError, match=said):
        checked_shares(parse_table(text, "product_shares", file="x.csv"))


# --- trucks -------------------------------------------------------------------------------


def test_a_fleet_carries_what_its_round_trips_allow():
    """120 km at 50 km/h is 2.4 h of 9: 0.5333 days there and back; 1 tanker holds 46 m3."""
    base = base_of(OWN)
    hours = base.base_time_h[0]
    days = 2 * hours / 9
    flow = sr.supply_flow(days_of(base), tankers=1)
    assert flow.delivered_m3_per_day == pytest.approx(46 / days)
    assert flow.tankers_in_use == pytest.approx(1)
    row = flow.bottlenecks.iloc[0]
    assert row[["kind", "id", "tail", "head"]].tolist() == ["fleet", "fleet", None, None]
    assert isnan(row["capacity_m3_per_day"])
    assert row["saved_ratio"] == pytest.approx(1 / days, abs=1e-6)
    free = sr.supply_flow(days_of(base))
    assert free.tankers_in_use == pytest.approx(120 * days / 46)
    assert free.tankers == inf
    assert sr.supply_flow(days_of(base), tankers=0).delivered_m3_per_day == 0


def test_waits_run_by_the_clock_and_delays_hold_trucks_up():
    """A day at the border and 12 h of delay on the way in: 1.5 days more each way."""
    base = base_of({("q", "power", "diesel"): 46}, roads=({**ROAD, "border": "true"},))
    day = product_day(base, "diesel", [])
    late = base.asking("diesel", at=day.at, state=replace(day.state, delay_h=(12.0, 0.0)))
    drive = base.topology.drive_dry_h[0]
    assert sr.supply_flow(day).tankers_in_use == pytest.approx(2 * (drive / 9 + 1))
    assert sr.supply_flow(late).tankers_in_use == pytest.approx(2 * (drive / 9 + 1.5))
    rains = sr.supply_flow(late.in_season("wet")).tankers_in_use
    assert rains >= sr.supply_flow(late).tankers_in_use
    nothing = late.assuming({"tanker_load_m3": 0})
    assert isnan(sr.supply_flow(nothing).tankers_in_use)


def test_a_short_fleet_serves_the_near_town_when_nearness_decides():
    """One tanker for two towns: max-min shares, the nearest policy fills the near one."""
    towns = [town("p", 10, 0), town("q", 10, 1), town("z", 10, 2)]
    roads = [
        {"edge": "a", "u": "p", "v": "q", "length_km": "120"},
        {"edge": "b", "u": "q", "v": "z", "length_km": "120"},
    ]
    base = network(
        towns, roads, [source("p", amount="900")], {("q", "power"): 60, ("z", "power"): 60}
    )
    near = sr.supply_flow(base, allocation="nearest", tankers=1)
    alike = sr.supply_flow(base, tankers=1)
    days = 2 * base.base_time_h[0] / 9
    assert near.nodes.loc[["q", "z"], "delivered_m3_per_day"].tolist() == pytest.approx(
        [60, (46 / days - 60) / 2], abs=1e-5
    )
    rate = 46 / days / 180
    assert alike.nodes.loc[["q", "z"], "fill_rate"].tolist() == pytest.approx([rate, rate])
    assert alike.most_m3_per_day == pytest.approx(near.delivered_m3_per_day)


def test_sharing_routes_does_not_use_tankers_that_are_not_there():
    """A road that is 5 % slower would be shared, if the fleet allowed the longer way."""
    roads = ({**ROAD, "edge": "r1"}, {**ROAD, "edge": "r2", "length_km": "126"})
    base = base_of({("q", "power", "diesel"): 100}, roads=roads)
    day = product_day(base, "diesel", [])
    enough = 100 * 2 * base.base_time_h[0] / 9 / 46
    tight = sr.supply_flow(day, tankers=enough)
    assert tight.delivered_m3_per_day == pytest.approx(100)
    assert tight.edges.loc[("r2", "p", "q"), "flow_m3_per_day"] == pytest.approx(0, abs=1e-4)
    assert sr.supply_flow(day).edges.loc[("r2", "p", "q"), "flow_m3_per_day"] > 30


# --- refusals -----------------------------------------------------------------------------


def test_products_that_do_not_fit_are_refused():
    """None, parts of one another, a day of something else, days of two dates, no such usual."""
    base, events = sr.datasets.toy()
    days = {
        name: sr.disrupt(base, events, at="2025-01-12", commodity=name)
        for name in ("petrol", "diesel", "fuel")
    }
    refused = sr.errors.RequestError
    with pytest.raises(refused, match="at least one product"):
        sr.supply_flow({})
    with pytest.raises(refused, match="hold the same fuel"):
        sr.supply_flow({"fuel": days["fuel"], "diesel": days["diesel"]})
    with pytest.raises(refused, match="the day for 'petrol' is one for 'diesel'"):
        sr.supply_flow({"petrol": days["diesel"]})
    other = sr.disrupt(base, events, at="2025-01-11", commodity="petrol")
    with pytest.raises(refused, match="not of one network, day, season and tracks"):
        sr.supply_flow({"petrol": other, "diesel": days["diesel"]})
    two = {name: days[name] for name in BOTH}
    with pytest.raises(refused, match="for the same commodity"):
        sr.supply_flow(two, usual=sr.supply_flow(base))
    with pytest.raises(refused, match="not of this network"):
        FlowSolver(two).flow(days["fuel"])
    for tankers in (-1, float("nan")):
        with pytest.raises(refused, match="say how many there are"):
            sr.supply_flow(two, tankers=tankers)


def test_too_much_together_is_caught_by_plain_sums():
    """Each arc keeps to its own capacity, the two of them not to their sum."""
    made = problem(2, [(0, 1, 10, 1), (0, 1, 10, 1)], {0: 20}, {(1, "power"): 20})
    made = replace(made, limits=(Limit("road", (0, 1), (1.0, 1.0), 15.0),))
    audit(made, [8, 7, 15], {1: 15})
    with pytest.raises(SolverError, match="together take more"):
        audit(made, [8, 8, 16], {1: 16})


# --- a table of one's own -----------------------------------------------------------------

HEAD = "priority,policy,rank,demand_class,role,reason,source\n"


def test_priorities_of_ones_own(tmp_path):
    """Transport before power, from a file and from a table read already."""
    path = tmp_path / "own.csv"
    path.write_text(
        f"{HEAD}A1,roads,1,transport,any,a,b\nA2,roads,2,any,any,a,b\n", encoding="utf-8"
    )
    day = sr.disrupt(*sr.datasets.toy(), at="2025-01-12")
    ask = {"allocation": "priority", "policy": "roads"}
    flow = sr.supply_flow(day, priorities=path, **ask)
    assert flow.policy == "roads"
    assert flow.classes.loc[("east", "power"), "delivered_m3_per_day"] == 0
    assert flow.classes.loc[("east", "transport"), "fill_rate"] == pytest.approx(109.25 / 170)
    table = parse_table(path.read_text(encoding="utf-8"), "priorities", file="own.csv")
    assert sr.supply_flow(day, priorities=table, **ask).to_dict() == flow.to_dict()
    with pytest.raises(sr.errors.UnknownIdError, match="roads"):
        sr.supply_flow(day, priorities=path, allocation="priority")
    with pytest.raises(sr.errors.RequestError, match="allocation priority only"):
        sr.supply_flow(day, priorities=path)
    path.write_text(f"{HEAD}A1,roads,none,transport,any,a,b\n", encoding="utf-8")
    with pytest.raises(sr.errors.DataError, match=r"own\.csv:2: rank"):
        sr.supply_flow(day, priorities=path, **ask)
    path.write_text(HEAD, encoding="utf-8")
    with pytest.raises(sr.errors.RequestError, match="has no row"):
        sr.supply_flow(day, priorities=path, **ask)
    demand = day.tables.demand
    with pytest.raises(sr.errors.RequestError, match="not a table of priorities"):
        sr.supply_flow(day, priorities=demand, **ask)


def test_the_answer_of_several_products_is_plain_and_shown():
    """JSON holds the products' tables, notebooks the totals."""
    flow = sr.supply_flow(days_of(base_of(OWN, limits={("r", "fuel"): 60})))
    told = flow.to_dict()
    assert [row["product"] for row in told["products"]] == list(BOTH)
    assert told["product_sources"][0]["product"] == "petrol"
    assert told["bottlenecks"][0]["products"] == list(BOTH)
    assert told["tankers"] is None
    assert "petrol" in flow._repr_html_()
    assert "product_edges" not in sr.supply_flow(base_of(OWN)).to_dict()
