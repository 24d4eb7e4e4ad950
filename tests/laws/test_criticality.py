"""What removals cost on random days: equal to networkx, proved one by one, never less for more."""

import json
from itertools import combinations
from math import isclose, isnan

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis import compiling
from supplyroutes.analysis.losses.criticality import RANKED_BY
from supplyroutes.analysis.losses.removal_proof import removal_proof
from supplyroutes.analysis.losses.removals import without
from tests import flows
from tests.oracles.brute_criticality import Brute
from tests.removals import days_to_rank

lots = settings(max_examples=400, deadline=None)
some = settings(max_examples=80, deadline=None)
few = settings(max_examples=25, deadline=None)
kinds = st.sampled_from(("roads", "towns", "terminals", "corridors"))
COSTS = ["added_m3_h_per_day", "cut_m3_per_day", "cut_people", "cut_towns"]


def close(one, other):
    """Equal but for ticks and rounding."""
    return isclose(one, other, rel_tol=1e-9, abs_tol=1e-6)


@lots
@given(days_to_rank(), kinds)
def test_every_thing_alone_equals_networkx(day, of):
    """Costs of everything that can be removed, and the exposure of every town."""
    rank, brute = sr.criticality(day, of=of), Brute(day)
    assert sorted(rank.items.index) == brute.things(of)
    for name, row in rank.items.iterrows():
        cost = brute.cost(of, name)
        assert all(map(close, row[COSTS], cost)), name
        joined = rank.demand_m3_per_day - cost[1]
        mean = row["added_time_h"]
        assert isnan(mean) if joined == 0 else close(mean, cost[0] / joined)
    later, cuts = brute.exposure(of)
    assert set(rank.towns.index) == set(brute.wanted())
    for town, row in rank.towns.iterrows():
        hours = later[town]
        assert row["cut_off_by"] == cuts[town]
        assert close(row["worst_added_time_h"], max(hours.values(), default=0))
        assert not isinstance(row["worst"], str) or close(
            hours[row["worst"]], row["worst_added_time_h"]
        )
        assert close(row["travel_time_h"], brute.before[town])
        mean = row["mean_added_time_h"]
        assert isnan(mean) if not hours else close(mean, sum(hours.values()) / len(hours))


@some
@given(days_to_rank(), kinds)
def test_every_pair_equals_networkx(day, of):
    """Pairs in the table cost what networkx says; what is not in it costs nothing."""
    rank, brute = sr.criticality(day, of=of, order=2), Brute(day)
    alone = {name: brute.cost(of, name) for name in brute.things(of)}
    pairs = set(rank.pairs.index)
    for one, two in combinations(brute.things(of), 2):
        cost = brute.cost(of, one, two)
        if (one, two) not in pairs:
            assert all(close(part, 0) for part in cost)
            continue
        row = rank.pairs.loc[(one, two)]
        assert all(map(close, row[COSTS], cost)), (one, two)
        assert close(row["synergy"], cost[0] - alone[one][0] - alone[two][0])
        assert close(row["cut_synergy_m3_per_day"], cost[1] - alone[one][1] - alone[two][1])
        # M14: what either cuts off, both cut off.
        assert cost[1] >= max(alone[one][1], alone[two][1])
        assert cost[3] >= max(alone[one][3], alone[two][3])


@some
@given(days_to_rank(most_events=2), kinds, st.integers(0, 99))
def test_the_proof_of_a_removal_has_its_totals_its_ways_and_its_cuts(day, of, place):
    """The ways are open without it and take the time told; the cuts are what is removed."""
    rank, brute = sr.criticality(day, of=of), Brute(day)
    assume(len(rank.items))
    name = rank.items.index[place % len(rank.items)]
    proof = removal_proof(day, name, of=of)
    assert close(proof.added_m3_h_per_day, rank.items.loc[name, "added_m3_h_per_day"])
    assert close(proof.cut_m3_per_day, rank.items.loc[name, "cut_m3_per_day"])
    after = brute.without(of, name)
    for town, row in proof.delayed.iterrows():
        here, hours = row["source"], 0.0
        for road in row["path"]:
            [(there, cost)] = [
                (head, data["time_h"])
                for _, head, edge, data in brute.graph.out_edges(here, keys=True, data=True)
                if edge == road
            ]
            here, hours = there, hours + cost
        assert here == town
        assert close(hours, after[town])
        assert close(hours, row["after_h"])
    gone = {road for _, _, road in brute.graph.edges(keys=True)}
    for town, row in proof.cut_off.iterrows():
        assert town not in after
        arcs = {(text.split(" ")[0], text.rpartition("(")[2][:-1]) for text in row["cut"]}
        assert {edge for _, edge in arcs} <= gone
        graph = brute.graph.copy()
        graph.remove_edges_from(
            [
                (u, v, road)
                for u, v, road in brute.graph.edges(keys=True)
                if (f"{u}>{v}", road) in arcs
            ]
        )
        lost = {name} if of in {"towns", "terminals"} else set()
        assert town not in brute.times(graph, brute.sources - lost)


@some
@given(days_to_rank(most_events=2))
def test_betweenness_equals_counting_every_best_path(day):
    """Roads, towns and terminals; roads of zero length leave the count to the order of the tree."""
    brute = Brute(day)
    assume(all(row["time_h"] > 0 for *_, row in brute.graph.edges(data=True)))
    on_road, through, from_source = brute.betweenness()
    for of, expected in (("roads", on_road), ("towns", through), ("terminals", from_source)):
        found = sr.criticality(day, of=of, measure="betweenness").items["betweenness_m3_per_day"]
        for name, value in found.items():
            assert close(value, expected[name]), (of, name)


@few
@given(flows.days(), st.sampled_from(("roads", "towns", "terminals")))
def test_unmet_demand_equals_the_flow_of_the_day_without_it(case, of):
    """A new linear program of the day in which the thing is closed finds the same total."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    rank = sr.criticality(day, measure="unmet_demand", of=of)
    usual = sr.supply_flow(base)
    whole = sr.supply_flow(day, usual=usual)
    assert isclose(rank.unmet_m3_per_day, whole.demand_m3_per_day - whole.most_m3_per_day,
                   rel_tol=1e-6, abs_tol=1e-5)  # fmt: skip
    for name, value in rank.items["unmet_m3_per_day"].items():
        less = sr.supply_flow(without(day, name, of=of), usual=usual).most_m3_per_day
        assert isclose(value, whole.most_m3_per_day - less, rel_tol=1e-6, abs_tol=1e-5), name


@few
@given(flows.days(lossy=False))
def test_unmet_demand_of_pairs_equals_the_flow_without_both(case):
    """And a pair leaves as much unmet as either of its roads, at least (M14)."""
    base, factors, losses = case
    day = flows.on_day(base, factors, losses)
    rank = sr.criticality(day, measure="unmet_demand", order=2)
    usual = sr.supply_flow(base)
    whole = sr.supply_flow(day, usual=usual).most_m3_per_day
    alone = rank.items["unmet_m3_per_day"]
    for (one, two), row in rank.pairs.iterrows():
        less = sr.supply_flow(without(day, one, two), usual=usual).most_m3_per_day
        assert isclose(row["unmet_m3_per_day"], whole - less, rel_tol=1e-6, abs_tol=1e-5)
        assert row["unmet_m3_per_day"] >= max(alone[one], alone[two]) - 1e-5
        assert abs(row["synergy"] - (row["unmet_m3_per_day"] - alone[one] - alone[two])) < 1e-5


@settings(max_examples=30, deadline=None)
@given(flows.days())
def test_robustness_equals_the_truck_time_of_the_day_without_it(case):
    """Where the same towns still get the same: a new linear program, all on the fastest roads."""
    base, factors, losses = case
    day = flows.on_day(base.assuming({"near_equal_ratio": 0}), factors, losses)
    rank = sr.criticality(day, measure="network_robustness_index")
    usual = sr.supply_flow(day.undisturbed())
    whole = sr.supply_flow(day, usual=usual, allocation="nearest")
    rounding = 1e-5 * (1 + hours(whole))
    for name, value in rank.items["nri_m3_h_per_day"].items():
        left = sr.supply_flow(without(day, name), usual=usual, allocation="nearest")
        got, before = (flow.nodes["delivered_m3_per_day"] for flow in (left, whole))
        if all(map(close, got, before)):
            longer = hours(left) - hours(whole)
            assert isclose(value, longer, rel_tol=1e-6, abs_tol=rounding), name
        assert value >= 0


def hours(flow):
    """Truck time of a flow, m3 a day x h."""
    return float((flow.edges["flow_m3_per_day"] * flow.edges["time_h"]).sum())


@some
@given(days_to_rank(most_events=2), st.sampled_from(sorted(RANKED_BY)))
def test_rows_in_another_order_and_another_run_give_the_same_bytes(day, measure):
    """Law 4: the same input, the same JSON."""
    one, two = (json.dumps(sr.criticality(day, measure=measure).to_dict()) for _ in range(2))
    assert one == two


@few
@given(days_to_rank(most_events=3), kinds)
def test_compiled_and_plain_give_the_same_table(day, of):
    """With the extra ``fast`` and without: order 1 and 2."""
    pytest.importorskip("numba")
    plain = sr.criticality(day, of=of, order=2).to_dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "LARGE_ARCS", 0)
        assert sr.criticality(day, of=of, order=2).to_dict() == plain


@some
@given(days_to_rank(most_events=3))
def test_more_traffic_time_keeps_the_order_and_a_closed_road_is_no_candidate(day):
    """A removal by `without` is gone from the next ranking, and its harm stays."""
    rank = sr.criticality(day)
    assume(len(rank.items))
    first = rank.items.index[0]
    left = sr.criticality(without(day, first))
    assert set(left.items.index) == set(rank.items.index) - {first}
    cut = rank.items.loc[first, "cut_m3_per_day"]
    assert close(left.demand_m3_per_day, rank.demand_m3_per_day - cut)
