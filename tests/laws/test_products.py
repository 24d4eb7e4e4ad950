"""Laws of several products on one network, against scipy and against one product."""

import json
import random
import warnings
from dataclasses import replace
from math import fsum, inf, isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.product_shares import product_shares
from tests import flows
from tests.oracles.brute_products import Joint

lots = settings(max_examples=100, deadline=None)
some = settings(max_examples=25, deadline=None)
tankers = st.sampled_from((inf, 1e9, 0.2, 0.05, 0.0))


def close(one, other):
    """Equal but for rounding."""
    return isclose(one, other, rel_tol=1e-6, abs_tol=1e-5)


def calm(days):
    """The undisturbed network of each product."""
    return {name: day.undisturbed() for name, day in days.items()}


def joint(days, usual, **options):
    """The program of scipy."""
    traffic = usual.product_edges["flow_m3_per_day"].groupby(level=["product", "edge"]).sum()
    return Joint(
        days, lambda name, edge: float(traffic[name, edge]), shares=product_shares().part, **options
    )


def inside(flow):
    """The (product, town number) pairs that are on the network, with what each gets and wants."""
    ids = {node: number for number, node in enumerate(flow.nodes.index)}
    sums = flow.product_classes.groupby(level=["product", "node"]).sum()
    rows = sums[["delivered_m3_per_day", "demand_m3_per_day"]]
    return {
        (name, ids[node]): (got, want) for (name, node), got, want in rows.itertuples(name=None)
    }


@lots
@given(flows.product_days(), tankers)
def test_the_most_and_the_least_rate_are_those_of_scipy(case, fleet):
    """The most that can arrive, and the best of the least fill rates, over towns and products."""
    _, days = case
    usual = sr.supply_flow(calm(days))
    flow = sr.supply_flow(days, usual=usual, tankers=fleet)
    reached = on_network(days)
    pairs = {key: value for key, value in inside(flow).items() if key in reached}
    if not pairs:
        assert flow.demand_m3_per_day == 0
        return
    program = joint(days, usual, tankers=fleet)
    assert close(flow.demand_m3_per_day, fsum(program.wanted[key] for key in pairs))
    assert close(flow.most_m3_per_day, program.most(pairs))
    least = min(got / want for got, want in pairs.values())
    assert abs(least - program.least_rate(pairs)) < 1e-6
    assert flow.tankers_in_use <= fleet + 1e-5


def on_network(days):
    """The pairs to which usable roads lead from a source of the product at baseline."""
    found = set()
    for name, day in days.items():
        top = day.topology
        seen = set(day.undisturbed().sources())
        stack = list(seen)
        while stack:
            node = stack.pop()
            for arc in range(len(top.tail)):
                if top.tail[arc] == node and day.usable[arc] and top.head[arc] not in seen:
                    seen.add(top.head[arc])
                    stack.append(top.head[arc])
        found |= {(name, node) for node in seen}
    return found


@some
@given(flows.product_days(), tankers)
def test_bottlenecks_save_what_scipy_says(case, fleet):
    """One more m3 for each, alone; and what scipy gives a price is always among them."""
    _, days = case
    usual = sr.supply_flow(calm(days))
    flow = sr.supply_flow(days, usual=usual, tankers=fleet)
    pairs = [key for key in inside(flow) if key in on_network(days)]
    if not pairs:
        return
    top = next(iter(days.values())).topology
    program = joint(days, usual, tankers=fleet)
    most = program.most(pairs)
    told = {}
    for row in flow.bottlenecks.to_dict("records"):
        names = frozenset(row.get("products", tuple(days)))
        if row["kind"] == "fleet":
            key = "fleet"
        elif row["kind"] == "source":
            continue
        else:
            edge = top.edge_index[row["id"]]
            arc = 2 * edge + (top.node_ids[top.tail[2 * edge]] != row["tail"])
            key = ("arc", arc, names)
        told[key] = row["saved_ratio"]
    keys = set(told) | (set() if fleet == inf else {"fleet"})
    for key in keys:
        more = joint(days, usual, tankers=fleet, more={key: 1.0}).most(pairs) - most
        assert abs(told.get(key, 0.0) - more) < 2e-5, (key, flow.bottlenecks)
    assert all(saved >= 0 for saved in flow.bottlenecks["saved_ratio"])


@some
@given(flows.product_days(), st.sampled_from(("max_min", "priority", "nearest")), tankers)
def test_balances_of_every_product_and_of_the_sum(case, allocation, fleet):
    """In less lost, sources, out, received: nothing appears; sums keep to what is recorded."""
    _, days = case
    flow = sr.supply_flow(days, allocation=allocation, tankers=fleet)
    left = {(name, node): 0.0 for name in days for node in flow.nodes.index}
    for (name, _, tail, head), row in flow.product_edges.iterrows():
        assert row["flow_m3_per_day"] <= row["capacity_m3_per_day"] + 1e-5
        left[name, tail] -= row["flow_m3_per_day"]
        left[name, head] += row["flow_m3_per_day"] - row["lost_m3_per_day"]
    for (name, node), row in flow.product_sources.iterrows():
        left[name, node] += row["sent_m3_per_day"]
    for (node, _, name), row in flow.product_classes.iterrows():
        left[name, node] -= row["delivered_m3_per_day"]
    assert all(abs(amount) < 1e-4 for amount in left.values()), left
    over = flow.edges["flow_m3_per_day"] - flow.edges["capacity_m3_per_day"]
    assert (over < 1e-4).all()
    for frame in (flow.edges, flow.product_edges):  # no limit x nothing is nothing
        assert not frame["capacity_m3_per_day"].isna().any()
    assert (flow.sources["sent_m3_per_day"] <= flow.sources["limit_m3_per_day"] + 1e-4).all()
    sums = flow.products[["demand_m3_per_day", "delivered_m3_per_day", "lost_m3_per_day"]].sum()
    assert close(sums["delivered_m3_per_day"], flow.delivered_m3_per_day)
    assert close(flow.delivered_m3_per_day + flow.lost_m3_per_day, flow.sent_m3_per_day)
    assert close(sums["demand_m3_per_day"], flow.demand_m3_per_day)
    assert flow.tankers_in_use <= fleet + 1e-5


@some
@given(flows.days(), st.sampled_from(("max_min", "priority", "nearest")))
def test_unlimited_tankers_change_nothing(case, allocation):
    """A fleet that never binds, and none told of: the same deliveries.

    The cut stands in the list of limits; where fuel is lost, a full road beside one that loses
    more saves something too.
    """
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    free = sr.supply_flow(day, allocation=allocation)
    many = sr.supply_flow(day, allocation=allocation, tankers=1e9)
    assert close(free.delivered_m3_per_day, many.delivered_m3_per_day)
    assert close(free.most_m3_per_day, many.most_m3_per_day)
    cut, limits = ({tuple(row) for row in told.bottlenecks.astype(str).values.tolist()}
                   for told in (free, many))  # fmt: skip
    assert cut <= limits
    if not any(losses):
        assert cut == limits
    gap = free.nodes["delivered_m3_per_day"] - many.nodes["delivered_m3_per_day"]
    assert gap.abs().max() < 1e-4


@some
@given(flows.days(), st.floats(0, 2), st.floats(0, 2))
def test_more_tankers_never_bring_less(case, one, other):
    """The most that can arrive and the least fill rate do not fall."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    usual = sr.supply_flow(base)
    few, many = (sr.supply_flow(day, tankers=count, usual=usual) for count in sorted((one, other)))
    assert few.most_m3_per_day <= many.most_m3_per_day + 1e-5
    rates = [flow.summary()["least_fill_rate"] for flow in (few, many)]
    assert not rates[0] > rates[1] + 1e-6


@some
@given(flows.product_days(lossy=False))
def test_one_product_by_name_is_the_same_as_asked_for(case):
    """Where demand is recorded for the product itself, the mapping of one is the plain call."""
    base, days = case
    rows = [row for row in base.tables.demand.rows() if row["commodity"] in flows.PRODUCTS]
    columns = {key: [row[key] for row in rows] for key in base.tables.demand.columns}
    tables = replace(base.tables, demand=replace(base.tables.demand, columns=columns))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        made = sr.Network(tables, base.assumptions)
    name, state = next((name, day.state) for name, day in days.items())
    day = made.asking(name, at=flows.DAY, state=state)
    one, plain = sr.supply_flow({name: day}).to_dict(), sr.supply_flow(day).to_dict()
    shares = [row for row in one.pop("assumed") if not row["key"].startswith("share.")]
    assert shares == plain.pop("assumed")
    for row in one["bottlenecks"]:
        row.pop("products", None)
    assert one == plain


@some
@given(flows.product_days(), st.randoms())
def test_law_4_the_order_of_products_and_of_rows_changes_no_byte(case, order):
    """Products named in another order, rows shuffled: the same JSON."""
    base, days = case
    shuffled = {}
    for name in ("towns", "roads", "supply", "demand", "limits"):
        rows = list(getattr(base.tables, name).rows())
        order.shuffle(rows)
        columns = {key: [row[key] for row in rows] for key in getattr(base.tables, name).columns}
        shuffled[name] = replace(getattr(base.tables, name), columns=columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        other = sr.Network(replace(base.tables, **shuffled), base.assumptions)
    names = list(days)
    order.shuffle(names)
    again = {name: other.asking(name, at=flows.DAY, state=days[name].state) for name in names}
    told = [json.dumps(sr.supply_flow(one).to_dict()) for one in (days, again)]
    assert told[0] == told[1]


@some
@given(flows.product_days(), st.integers(0, 999))
def test_days_in_a_row_equal_days_alone(case, seed):
    """One solver for several days gives each what one of its own gives."""
    base, days = case
    usual = sr.supply_flow(calm(days))
    solver = FlowSolver(calm(days), usual=usual, tankers=0.5)
    shift = random.Random(seed)  # noqa: S311 (a made-up day)
    for _ in range(3):
        arcs = len(base.topology.tail)
        factors = [shift.choice(flows.FACTORS) for _ in range(arcs)]
        asked = {
            name: flows.product_day(base, name, factors if shift.random() < 0.5
                                    else day.state.capacity_factor, day.state.loss_prob)
            for name, day in days.items()
        }  # fmt: skip
        warm = solver.flow(asked)
        cold = sr.supply_flow(asked, usual=usual, tankers=0.5)
        assert close(warm.most_m3_per_day, cold.most_m3_per_day)
        gap = (
            warm.product_classes["delivered_m3_per_day"]
            - (cold.product_classes["delivered_m3_per_day"])
        )
        assert not gap.abs().max() > 1e-4
        quick = solver.deliveries(asked)
        assert quick == pytest.approx(
            {node: warm.nodes.loc[node, "delivered_m3_per_day"] for node in quick}, abs=1e-4
        )
