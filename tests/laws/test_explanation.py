"""Explanations equal trying every set of reports, every road and every town."""

import json
from itertools import combinations
from math import isclose

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from tests.oracles.brute_explanation import Subsets, arcs, joined, needed, sources
from tests.strategies import cases, commodities, days

lots = settings(max_examples=1000, deadline=None)
some_town = st.integers(0, 8)


def asked(case, day, commodity, number, **options):
    """The network, its day, a town, and the explanation of its state."""
    network, events = case.network(), case.reports()
    town = network.topology.node_ids[number % len(network.topology.node_ids)]
    why = sr.explain(network, events, at=day, to=town, commodity=commodity, **options)
    return network, events, sr.disrupt(network, events, at=day, commodity=commodity), town, why


@lots
@given(cases(max_events=5), days, commodities, some_town)
def test_relief_and_shares_equal_all_sets_of_reports(case, day, commodity, number):
    """State, smallest sets to lift and Shapley values are those of brute force."""
    network, events, _, town, why = asked(case, day, commodity, number)
    brute = Subsets(network, events, day, commodity, town)
    assert why.state == brute.state[frozenset()]
    assert json.loads(json.dumps(why.to_dict(), allow_nan=False))["state"] == why.state
    goals = {"strained": ["supplied"], "isolated": ["strained", "supplied"]}.get(why.state, [])
    assert [relief.goal for relief in why.relief] == goals
    for relief in why.relief:
        assert relief.complete
        assert list(relief.sets) == brute.smallest(relief.goal)
        assert all(len(found) == relief.size for found in relief.sets)
    if goals:
        want = brute.shapley(why.state)
        assert set(why.shares.index) == set(want)
        assert all(isclose(why.shares.loc[name, "share"], want[name]) for name in want)
        assert why.shares_exact
    else:
        assert why.shares.empty


@lots
@given(cases(max_events=6), days, commodities, some_town)
def test_cut_is_a_smallest_closed_one(case, day, commodity, number):
    """Only blocked roads, every way in crosses one, and networkx finds none smaller."""
    network, _, now, town, why = asked(case, day, commodity, number, with_shares=False)
    if why.state in {"supplied", "not_on_network"}:
        assert why.cut.empty
        assert not why.cut_sources
        return
    before = network.asking(commodity, at=None, state=network.state)
    passing = arcs(now, free=why.state == "strained")
    known, left = arcs(before, free=False), sources(now)
    cut = set(why.cut[["edge", "tail", "head"]].itertuples(index=False, name=None))
    assert cut <= known - passing
    assert set(why.cut_sources) <= sources(before) - left
    assert not joined(known - cut, sources(before) - set(why.cut_sources), town)
    graph = nx.DiGraph()
    for place, (_, tail, head) in enumerate(sorted(known)):
        free = (_, tail, head) in passing
        graph.add_edge(tail, place, **({} if free else {"capacity": 1}))
        graph.add_edge(place, head)
    for node in sources(before):
        graph.add_edge("the sea", node, **({} if node in left else {"capacity": 1}))
    assert len(cut) + len(why.cut_sources) == nx.maximum_flow_value(graph, "the sea", town)


@lots
@given(cases(max_events=5), days, commodities, some_town)
def test_what_a_town_hangs_on_equals_taking_each_away(case, day, commodity, number):
    """Roads and towns whose loss changes the state, and the state after it."""
    _, _, now, town, why = asked(case, day, commodity, number, with_shares=False)
    want = {}
    for state, free in (("strained", True), ("isolated", False)):
        ways = arcs(now, free=free)
        if joined(ways, sources(now), town) and town not in sources(now):
            want |= dict.fromkeys(needed(ways, sources(now), town), state)
    told = {(row["kind"], row["id"]): row["without_it"] for _, row in why.must_pass.iterrows()}
    assert told == want


@lots
@given(cases(max_events=6), days, commodities, some_town)
def test_m11_a_minimum_cut_disconnects_and_no_smaller_one_does(case, day, commodity, number):
    """Invariant M11: closing the last roads cuts the town off, closing fewer of any does not."""
    _, _, now, town, why = asked(case, day, commodity, number, with_shares=False)
    ways = arcs(now, free=False)
    if town in sources(now) or not joined(ways, sources(now), town):
        assert why.last_roads == ()
        return

    def cuts(roads):
        left = [arc for arc in ways if arc[0] not in roads]
        return not joined(left, sources(now), town)

    assert cuts(why.last_roads)
    fewer = combinations(sorted({road for road, *_ in ways}), len(why.last_roads) - 1)
    assert not any(cuts(roads) for roads in fewer)
    assert len(why.last_roads) == sr.isolation(now).towns.loc[town, "approaches"]


@lots
@given(cases(max_events=5), days, commodities, some_town)
def test_worsening_equals_closing_what_each_report_speaks_of(case, day, commodity, number):
    """For every report: close its roads, and see whether the state changes."""
    _, events, now, town, why = asked(case, day, commodity, number, with_shares=False)
    top, state = now.topology, now.state
    rank = ["supplied", "strained", "isolated"]
    want = {}
    for report in events:
        spoken = {
            (top.edge_ids[arc // 2], top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
            for arc, last in enumerate(state.last_report)
            if report.event in {*state.reports[arc], *state.delayed_by[arc], last and last[1]}
        }
        free, any_way = (
            joined(arcs(now, free=free) - spoken, sources(now), town) for free in (True, False)
        )
        after = rank[0 if free else 1 if any_way else 2]
        if why.state in rank and rank.index(after) > rank.index(why.state):
            want[report.event] = after
    assert why.worsening["state_after"].to_dict() == want
