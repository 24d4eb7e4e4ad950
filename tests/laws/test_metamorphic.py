"""Invariants M1 to M10, M15 and M16 of roads, best times and approaches, on random networks."""

from math import inf

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes._kernels.disjoint import disjoint_paths
from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.history import isolation_history
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.report_checks import report_from
from tests.strategies import cases, commodities, days, events_of, network_of, source, town

lots = settings(max_examples=1000, deadline=None)


def times_from(network, sources, passable=None):
    """Best hours from the source nodes to every node."""
    top = network.topology
    if passable is None:
        passable = passable_arcs(network)
    return nearest_source(top.out_start, top.out_arcs, top.head, network.time_h, passable, sources)[
        0
    ]


def all_times(network, passable=None):
    """Best hours between every two towns, by id."""
    ids = network.topology.node_ids
    found = {}
    for number, one in enumerate(ids):
        found.update(
            {
                (one, two): hours
                for two, hours in zip(ids, times_from(network, [number], passable), strict=True)
            }
        )
    return found


def approaches(network, passable, sources, target):
    """Edge-disjoint paths from the sources to the target."""
    top = network.topology
    flags = bytearray(node in sources for node in range(len(top.node_ids)))
    return disjoint_paths(
        top.in_start, top.in_arcs, top.out_start, top.out_arcs, top.tail, top.head,
        passable, flags, target,
    )  # fmt: skip


def unit_graph(network, passable):
    """The passable arcs as a networkx graph with unit capacities; parallel arcs add up."""
    top = network.topology
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(top.node_ids)))
    for arc, (tail, head) in enumerate(zip(top.tail, top.head, strict=True)):
        if passable[arc]:
            capacity = graph.get_edge_data(tail, head, {"capacity": 0})["capacity"]
            graph.add_edge(tail, head, capacity=capacity + 1)
    return graph


@lots
@given(cases(), st.integers(0, 99))
def test_m01_closing_a_road_shortens_no_distance_and_grows_no_reachable_set(case, place):
    """M1 for every two towns: without a road, times rise or stay, reach shrinks or stays."""
    network = case.network()
    passable = passable_arcs(network)
    before = all_times(network, passable)
    edge = place % len(case.roads)
    passable[2 * edge] = passable[2 * edge + 1] = 0
    for pair, hours in all_times(network, passable).items():
        assert hours >= before[pair]


@lots
@given(cases(max_events=5), days, st.integers(0, 99))
def test_m02_opening_restores_exactly_the_former_answers(case, day, place):
    """M2: a closure added and taken out again leaves the same events, state and towns."""
    network, events = case.network(), case.reports()
    edge = case.roads[place % len(case.roads)]["edge"]
    closed = events.adding(closure("more", edge, day))
    opened = closed.without("more")
    assert opened == events
    before, after = (sr.disrupt(network, told, at=day) for told in (events, opened))
    assert before.state == after.state
    assert sr.disrupt(network, closed, at=day).state != before.state


@lots
@given(cases(), days, st.integers(0, 99))
def test_m02_an_ended_closure_leaves_no_effect(case, day, place):
    """M2: from the day on which a report ends a closure, all numbers are as before it."""
    edge = case.roads[place % len(case.roads)]["edge"]
    network = case.network()
    lifted = {
        "event": "b", "kind": "road_reopened", "basis": "reported", "scope": "segment",
        "edges": edge, "start": day.isoformat(), "ends": "a",
    }  # fmt: skip
    closed = {**lifted, "event": "a", "kind": "road_closed", "ends": "",
              "start": "2025-01-01", "end_status": "no_end_expected"}  # fmt: skip
    state = sr.disrupt(network, events_of([closed, lifted]), at=day).state
    still = network.state
    for column in ("capacity_factor", "delay_h", "loss_prob", "status", "reports", "delayed_by"):
        assert getattr(state, column) == getattr(still, column)


def closure(event, edge, day):
    """A report that closes one road on one day."""
    return report_from(
        {
            "event": event, "kind": "road_closed", "basis": "reported", "scope": "segment",
            "edges": (edge,), "start": day, "end": day, "end_status": "recorded",
            "confidence": "A", "text": "made up", "source": "assumption",
        }
    )  # fmt: skip


@lots
@given(cases(max_events=4), days, st.integers(0, 99), st.integers(0, 99))
def test_m03_closures_commute_and_are_idempotent(case, day, one, two):
    """M3: A then B is B then A; A told twice has the numbers of A told once."""
    network, events = case.network(), case.reports()
    first = closure("m1", case.roads[one % len(case.roads)]["edge"], day)
    second = closure("m2", case.roads[two % len(case.roads)]["edge"], day)
    ab = sr.disrupt(network, events.adding(first).adding(second), at=day).state
    ba = sr.disrupt(network, events.adding(second).adding(first), at=day).state
    assert ab == ba
    once = sr.disrupt(network, events.adding(first), at=day).state
    again = closure("m3", first.edges[0], day)
    twice = sr.disrupt(network, events.adding(first, again), at=day).state
    for column in ("capacity_factor", "delay_h", "loss_prob", "status"):
        assert getattr(once, column) == getattr(twice, column)


@lots
@given(cases())
def test_m04_triangle_inequality(case):
    """M4: going by way of a third town is never shorter."""
    times = all_times(case.network())
    ids = [row["node"] for row in case.towns]
    for a in ids:
        for b in ids:
            for c in ids:
                assert times[a, c] <= times[a, b] + times[b, c] + 1e-9


@lots
@given(cases(two_way=True))
def test_m04_two_way_roads_are_symmetric(case):
    """M4: where every road runs both ways, there is as far as back."""
    times = all_times(case.network())
    for (one, two), hours in times.items():
        assert hours == pytest.approx(times[two, one])


@lots
@given(cases(), st.sampled_from((2, 3, 10)))
def test_m05_scaling_all_lengths_scales_distances(case, factor):
    """M5: all lengths times c, no waits: all times times c, and the nearest source stays."""
    plain = [{**row, "border": "false", "checkpoints": "0"} for row in case.roads]
    longer = [{**row, "length_km": str(int(row["length_km"]) * factor)} for row in plain]
    one = all_times(network_of(case.towns, plain))
    two = all_times(network_of(case.towns, longer))
    for pair, hours in one.items():
        assert two[pair] == pytest.approx(factor * hours)
    ranked = sorted(one, key=lambda pair: (round(one[pair], 6), pair))
    assert ranked == sorted(two, key=lambda pair: (round(two[pair] / factor, 6), pair))


@lots
@given(cases(), st.integers(0, 99))
def test_m06_splitting_adding_a_dead_end_or_a_closed_road_changes_no_distance(case, place):
    """M6: a road split in two, a dead end, a lonely town, a closed road: old times stay."""
    old = all_times(case.network())
    road = case.roads[place % len(case.roads)]
    first = case.towns[0]
    middle = {**next(row for row in case.towns if row["node"] == road["u"]), "node": "mid"}
    rest = [row for row in case.roads if row is not road]
    half = {**road, "checkpoints": "0", "edge": "zz1", "v": "mid", "length_km": "0"}
    other = {**road, "edge": "zz2", "u": "mid", "border": "false"}
    end = {"edge": "zz3", "u": first["node"], "v": "end", "length_km": "7"}
    shut = {"edge": "zz4", "u": road["u"], "v": road["v"], "length_km": road["length_km"]}
    towns = [*case.towns, middle, {**first, "node": "end"}, town("lonely", 50.0, 50.0)]
    network = network_of(towns, [*rest, half, other, end, shut])
    passable = passable_arcs(network)
    closed = network.edge("zz4")
    passable[2 * closed] = passable[2 * closed + 1] = 0
    new = all_times(network, passable)
    for pair, hours in old.items():
        assert new[pair] == pytest.approx(hours)
    assert new[first["node"], "lonely"] == inf


@lots
@given(cases(two_way=True), st.integers(0, 99), st.integers(1, 40))
def test_m06_a_road_split_at_its_middle_keeps_distances(case, place, share):
    """M6: the two parts of a road take as long as the whole (towns on one spot)."""
    spot = [{**row, "lat": "10", "lon": "10"} for row in case.towns]
    roads = [{**row, "checkpoints": "0", "border": "false"} for row in case.roads]
    old = all_times(network_of(spot, roads))
    road = roads.pop(place % len(roads))
    km = float(road["length_km"])
    parts = [
        {**road, "edge": "zz1", "v": "mid", "length_km": repr(km * share / 40)},
        {**road, "edge": "zz2", "u": "mid", "length_km": repr(km - km * share / 40)},
    ]
    new = all_times(network_of([*spot, town("mid", 10.0, 10.0)], [*roads, *parts]))
    for pair, hours in old.items():
        assert new[pair] == pytest.approx(hours)


@lots
@given(cases(two_way=True))
def test_m08_merging_parallel_roads_into_the_shorter_keeps_distances(case):
    """M8: of parallel roads only the quickest sets the distance."""
    network = case.network()
    old = all_times(network)
    usable, hours = network.usable, network.time_h
    best = {}
    for edge, row in enumerate(case.roads):
        if usable[2 * edge]:
            key = frozenset((row["u"], row["v"]))
            if key not in best or hours[2 * edge] < hours[2 * best[key]]:
                best[key] = edge
    kept = [case.roads[edge] for edge in sorted(best.values())]
    if kept:
        new = all_times(network_of(case.towns, kept))
        for pair, time in old.items():
            assert new[pair] == pytest.approx(time)


@lots
@given(cases(two_way=True))
def test_m09_bridge_component_detour_and_disjoint_routes_agree(case):
    """M9: bridge = one more component without it = no detour = one disjoint route across."""
    network = case.network()
    passable = passable_arcs(network)
    graph = nx.MultiGraph()
    graph.add_nodes_from(range(len(case.towns)))
    top = network.topology
    for edge in range(len(case.roads)):
        if passable[2 * edge]:
            graph.add_edge(top.tail[2 * edge], top.head[2 * edge], key=edge)
    components = nx.number_connected_components(graph)
    for edge in range(len(case.roads)):
        if not passable[2 * edge]:
            continue
        u, v = top.tail[2 * edge], top.head[2 * edge]
        without = graph.copy()
        without.remove_edge(u, v, key=edge)
        shut = bytearray(passable)
        shut[2 * edge] = shut[2 * edge + 1] = 0
        is_bridge = nx.number_connected_components(without) > components
        assert (times_from(network, [u], shut)[v] == inf) == is_bridge
        assert (approaches(network, passable, {u}, v) == 1) == is_bridge


@lots
@given(cases(), st.sets(st.integers(0, 8), min_size=1, max_size=3), st.integers(0, 8))
def test_m10_disjoint_paths_equal_unit_flow_and_minimum_cut(case, sources, target):
    """M10: edge-disjoint paths = maximum unit flow = minimum cut; without the cut: none."""
    network = case.network()
    size = len(case.towns)
    sources, target = {node % size for node in sources}, target % size
    passable = passable_arcs(network)
    count = approaches(network, passable, sources, target)
    if target in sources:
        assert count == 0
        return
    graph = unit_graph(network, passable)
    for node in sources:
        graph.add_edge("*", node)
    value, (outside, inside) = nx.minimum_cut(graph, "*", target)
    assert count == value == nx.maximum_flow_value(graph, "*", target)
    top = network.topology
    cut = [
        arc
        for arc in range(len(top.tail))
        if passable[arc] and top.tail[arc] in outside and top.head[arc] in inside
    ]
    assert len(cut) == count
    for arc in cut:
        passable[arc] = 0
    assert approaches(network, passable, sources, target) == 0
    assert times_from(network, sorted(sources), passable)[target] == inf


@lots
@given(cases(), st.sets(st.integers(0, 8), max_size=4))
def test_m15_distance_from_many_sources_is_the_least_of_each(case, sources):
    """M15: multi-source distance = minimum over sources, reach = union; the tree says so."""
    network = case.network()
    top = network.topology
    numbers = sorted({node % len(case.towns) for node in sources})
    passable = passable_arcs(network)
    each = [times_from(network, [node], passable) for node in numbers]
    want = [min(column) for column in zip(*each, strict=True)] or [inf] * len(case.towns)
    best, arc_in, origin = nearest_source(
        top.out_start, top.out_arcs, top.head, network.time_h, passable, numbers
    )
    assert best == want
    inside = reached(top.out_start, top.out_arcs, top.head, passable, numbers)
    assert [bool(flag) for flag in inside] == [hours < inf for hours in best]
    for node in range(len(case.towns)):
        if node in numbers:
            assert (arc_in[node], origin[node]) == (-1, node)
        elif best[node] < inf:
            nearest = [
                src for src, row in zip(numbers, each, strict=True) if row[node] == best[node]
            ]
            assert origin[node] in nearest
            tail = top.tail[arc_in[node]]
            assert origin[tail] == origin[node]
            assert best[tail] + network.time_h[arc_in[node]] == best[node]
        else:
            assert (arc_in[node], origin[node]) == (-1, -1)


@lots
@given(cases(max_events=6), days, commodities)
def test_m16_timeline_on_a_day_is_the_static_answer(case, day, commodity):
    """M16: every day of a timeline equals `disrupt` on it, whatever day it starts."""
    network, events = case.network(), case.reports()
    first = min(day, day.replace(day=12))
    last = max(day, day.replace(day=12))
    days_ = sr.timeline(network, events, start=first, end=last, commodity=commodity)
    for when in {first, day, last}:
        assert days_[when] == sr.disrupt(network, events, at=when, commodity=commodity)


@lots
@given(cases(max_events=6), days)
def test_m16_history_equals_isolation_day_by_day(case, day):
    """M16: the states of a timeline are those of `isolation` on each day."""
    network, events = case.network(), case.reports()
    start = day.replace(day=max(1, day.day - 2))
    history = isolation_history(sr.timeline(network, events, start=start, end=day))
    for when, row in history.states.iterrows():
        cut = sr.isolation(sr.disrupt(network, events, at=when), approaches=False)
        assert row.to_dict() == cut.towns["state"].to_dict()


@lots
@given(cases(), days)
def test_m16_no_events_is_the_base(case, day):
    """M16: a timeline without events shows the base network on every day."""
    network = case.network()
    for _, one in sr.timeline(network, events_of([]), start=day, end=day):
        assert one.state == network.state


# --- what other libraries get wrong, silently -----------------------------------------------


def trap_network(*roads):
    """Two or three towns on one spot, and roads between them in km."""
    rows = [
        {"edge": f"r{number}", "u": u, "v": v, "length_km": str(km)}
        for number, (u, v, km) in enumerate(roads)
    ]
    return network_of([town("a"), town("b"), town("c")], rows, [source("a")])


def test_trap_closed_means_absent_not_far():
    """A closed road joins nothing: no path, no finite time, no component."""
    network = trap_network(("a", "b", 45), ("b", "c", 45))
    events = events_of(
        [
            {"event": "e", "kind": "road_closed", "basis": "reported", "scope": "segment",
             "edges": "r1", "start": "2025-01-01", "end": "2025-01-02"}
        ]
    )  # fmt: skip
    towns = sr.isolation(sr.disrupt(network, events, at="2025-01-01")).towns
    assert towns["state"].to_dict() == {"a": "supplied", "b": "supplied", "c": "isolated"}
    assert towns["travel_time_h"].isna().to_dict() == {"a": False, "b": False, "c": True}


def test_trap_parallel_roads_keep_the_minimum():
    """Roads of 225 and 90 km at 45 km/h: 2 h, not 5 + 2 and not the last one."""
    for roads in ((225, 90), (90, 225)):
        network = trap_network(*(("a", "b", km) for km in roads))
        assert sr.isolation(network).towns.loc["b", "travel_time_h"] == 2.0


def test_trap_closing_one_of_two_parallel_roads_leaves_the_other():
    """REL-026: with the 90 km road closed the 225 km road takes 5 h."""
    network = trap_network(("a", "b", 225), ("a", "b", 90))
    passable = passable_arcs(network)
    passable[2] = passable[3] = 0
    assert times_from(network, [0], passable)[1] == 5.0


def test_trap_a_road_of_zero_length_exists():
    """0 km is a road: b is reached in 0 h, c beyond it in 1 h."""
    towns = sr.isolation(trap_network(("a", "b", 0), ("b", "c", 45))).towns
    assert towns["travel_time_h"].tolist() == [0.0, 0.0, 1.0]
    assert towns["detour_ratio"].tolist() == [1.0, 1.0, 1.0]
    assert towns["approaches"].tolist() == [0, 1, 1]
