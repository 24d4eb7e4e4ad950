"""Laws of the flow on random networks: balances, cuts, monotone, order-free, the same bytes."""

import json
import warnings
from dataclasses import replace
from math import fsum, isclose

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.flows import flow_problem
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from tests import flows

lots = settings(max_examples=250, deadline=None)
some = settings(max_examples=60, deadline=None)
allocations = st.sampled_from(("max_min", "priority", "nearest"))


def close(one, other):
    """Equal but for rounding."""
    return isclose(one, other, rel_tol=1e-6, abs_tol=1e-5)


def check_balances(flow, day):
    """M17, law 3: recomputed from the tables alone."""
    left = dict.fromkeys(day.topology.node_ids, 0.0)
    for row in flow.edges.reset_index().to_dict("records"):
        entering, lost = row["flow_m3_per_day"], row["lost_m3_per_day"]
        assert 0 <= entering <= row["capacity_m3_per_day"] + 1e-5, row
        assert 0 <= lost <= entering
        left[row["tail"]] -= entering
        left[row["head"]] += entering - lost
    for row in flow.sources.reset_index().to_dict("records"):
        assert 0 <= row["sent_m3_per_day"] <= row["limit_m3_per_day"] + 1e-5
        left[row["node"]] += row["sent_m3_per_day"]
    for row in flow.nodes.reset_index().to_dict("records"):
        left[row["node"]] -= row["delivered_m3_per_day"]
        parts = row["delivered_m3_per_day"] + row["unmet_m3_per_day"]
        assert close(parts, row["demand_m3_per_day"])
        assert row["unmet_m3_per_day"] >= 0
        if row["demand_m3_per_day"]:
            assert 0 <= row["fill_rate"] <= 1
    assert all(abs(amount) < 1e-4 for amount in left.values()), left
    arrived = flow.delivered_m3_per_day + flow.lost_m3_per_day
    assert abs(arrived - flow.sent_m3_per_day) < 1e-4
    closed = flow.edges["capacity_m3_per_day"] == 0
    assert (flow.edges.loc[closed, "flow_m3_per_day"] == 0).all()


@lots
@given(flows.days(), allocations)
def test_law_3_m17_what_left_arrived_or_was_lost(case, allocation):
    """Balance at every town, no more than the capacity of an arc, nothing on a closed one."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    flow = sr.supply_flow(day, allocation=allocation)
    check_balances(flow, day)
    assert flow.delivered_m3_per_day <= flow.most_m3_per_day + 1e-4
    classes = flow.classes.groupby(level="node")["delivered_m3_per_day"].sum()
    for node, amount in classes.items():
        assert close(amount, flow.nodes.loc[node, "delivered_m3_per_day"])


@some
@given(flows.days(lossy=False))
def test_m10_without_losses_every_allocation_delivers_the_maximum_flow(case):
    """networkx on the capacities of the tables, times 4 to make them whole."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    usual = sr.supply_flow(base)
    every = [sr.supply_flow(day, allocation=name, usual=usual)
             for name in ("max_min", "priority", "nearest")]  # fmt: skip
    graph = nx.DiGraph()
    graph.add_nodes_from(("from", "to"))
    scale = 10**6
    for number, ((_, tail, head), room) in enumerate(every[0].edges["capacity_m3_per_day"].items()):
        limit = {} if room == float("inf") else {"capacity": round(scale * room)}
        graph.add_edge(tail, number, **limit)
        graph.add_edge(number, head)
    for node, limit in every[0].sources["limit_m3_per_day"].items():
        graph.add_edge("from", node, capacity=round(scale * limit))
    for node, amount in every[0].nodes["demand_m3_per_day"].items():
        if amount and every[0].nodes.loc[node, "on_network"]:
            graph.add_edge(node, "to", capacity=round(scale * amount))
    most = nx.maximum_flow_value(graph, "from", "to") / scale
    for flow in every:
        assert abs(flow.delivered_m3_per_day - most) < 1e-4
        assert abs(flow.most_m3_per_day - most) < 1e-4


@lots
@given(flows.days(), st.integers(0, 19), st.sampled_from((0.0, 0.25, 0.5)))
def test_law_2_m14_one_more_closure_or_capacity_loss_never_helps(case, arc, factor):
    """Neither the most that can arrive nor the least fill rate of max-min rises."""
    base, factors, losses = case
    worse = list(factors)
    worse[arc % len(worse)] = min(worse[arc % len(worse)], factor)
    usual = flow_problem.problem_of(base, None, losses=True)
    traffic = {arc // 2: 7.0 * (arc % 5) for arc in usual.arcs}
    most, least = [], []
    for state in (factors, worse):
        made = flow_problem.problem_of(flows.on_day(base, state, losses), traffic, losses=True)
        if not made.needs:
            return
        wanted = flow_problem.by_node(made.needs)
        model = FlowModel(made, [Item(node, amount) for node, amount in wanted.items()])
        most.append(model.most().total)
        least.append(min(model.shares()))
    assert most[1] <= most[0] + 1e-5
    assert least[1] <= least[0] + 1e-6


@some
@given(flows.days(lossy=False), st.integers(0, 19))
def test_m14_without_losses_unmet_demand_never_falls(case, arc):
    """The same through the public call: what is unmet grows with one more closed direction."""
    base, factors, losses = case
    worse = list(factors)
    worse[arc % len(worse)] = 0.0
    usual = sr.supply_flow(base)
    before = sr.supply_flow(flows.on_day(base, factors, losses), usual=usual)
    after = sr.supply_flow(flows.on_day(base, worse, losses), usual=usual)
    assert after.unmet_m3_per_day >= before.unmet_m3_per_day - 1e-5
    rates = [flow.summary()["least_fill_rate"] for flow in (before, after)]
    assert not rates[1] > rates[0] + 1e-6


@some
@given(flows.days(), allocations)
def test_days_in_a_row_equal_days_alone(case, allocation):
    """One model for several days gives each what a model of its own gives."""
    base, factors, losses = case
    solver = FlowSolver(base, allocation=allocation)
    turned = list(reversed(factors))
    for states in ((factors, losses), (turned, losses), (factors, [0.0] * len(losses)), ([], [])):
        day = flows.on_day(base, *states)
        warm, cold = solver.flow(day), sr.supply_flow(day, allocation=allocation)
        assert close(warm.delivered_m3_per_day, cold.delivered_m3_per_day)
        assert close(warm.most_m3_per_day, cold.most_m3_per_day)
        gap = (warm.edges["flow_m3_per_day"] - cold.edges["flow_m3_per_day"]).abs().max()
        assert gap < 1e-3
        assert warm.bottlenecks["id"].tolist() == cold.bottlenecks["id"].tolist()


@some
@given(flows.days(), allocations, st.randoms())
def test_law_4_the_order_of_rows_and_the_run_change_no_byte(case, allocation, random):
    """Rows of roads and towns shuffled; asked twice: the same JSON."""
    base, factors, losses = case
    shuffled = {}
    for name in ("towns", "roads", "supply", "demand", "limits"):
        rows = list(getattr(base.tables, name).rows())
        random.shuffle(rows)
        shuffled[name] = replace(
            getattr(base.tables, name),
            columns={key: [row[key] for row in rows]
                     for key in getattr(base.tables, name).columns},
        )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        other = sr.Network(replace(base.tables, **shuffled), base.assumptions)
    told = [
        json.dumps(
            sr.supply_flow(flows.on_day(one, factors, losses), allocation=allocation).to_dict()
        )
        for one in (base, other)
    ]
    assert told[0] == told[1]


@some
@given(flows.days())
def test_law_5_short_towns_lie_behind_full_cuts(case):
    """What goes short, goes short behind arcs that are full and sources that send all."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    flow = sr.supply_flow(day, allocation="nearest")
    for _, row in flow.bottlenecks.iterrows():
        if row["kind"] == "source":
            used = flow.sources.loc[row["id"], "sent_m3_per_day"]
        else:
            used = flow.edges.loc[(row["id"], row["tail"], row["head"]), "flow_m3_per_day"]
        assert abs(used - row["capacity_m3_per_day"]) < 1e-4
        assert 0 <= row["saved_ratio"] <= 1 + 1e-6
    reached = fsum(flow.bottlenecks["saved_ratio"])
    assert reached == 0 or flow.unmet_m3_per_day > 0
