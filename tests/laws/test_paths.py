"""Paths that remain equal enumeration by networkx, and invariant M12, on random disrupted cases."""

from datetime import timedelta
from itertools import pairwise
from math import inf, prod
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from tests.oracles.brute_isolation import Brute
from tests.oracles.brute_paths import arrival, cheapest_set, unbeaten
from tests.strategies import FIRST_DAY, cases, days, events_of, network_of

lots = settings(max_examples=1000, deadline=None)
some = settings(max_examples=300, deadline=None)
few = settings(max_examples=100, deadline=None)
EVERY = 3000


class Every:
    """All simple paths to a town on a day, by networkx, with hours and survival."""

    def __init__(self, brute, to, passes=None, origins=None):
        graph = brute.graph(passes or brute.open)
        origins = brute.sources if origins is None else origins
        graph.remove_edges_from([edge for edge in graph.edges(keys=True) if edge[1] in origins])
        found = [()] if to in origins else [
            tuple((edge, tail, head) for tail, head, edge in path)
            for origin in sorted(origins)
            for path in nx.all_simple_edge_paths(graph, origin, to)
        ]  # fmt: skip
        self.brute = brute
        self.hours = {path: sum(map(self.arc_h, path)) for path in found}

    def arc_h(self, arc):
        """Hours of an arc with its delay."""
        return self.brute.world.base_h(arc[0]) + self.brute.state[arc]["delay_h"]

    def survival(self, path):
        """Probability that a lone truck gets through."""
        return prod(1 - self.brute.state[arc].get("loss_prob", 0.0) for arc in path)

    def times(self):
        """Hours of all paths, the shortest first."""
        return sorted(self.hours.values())


def told(found):
    """The paths of a result as (edge, tail, head) by rank."""
    return {
        rank: tuple(
            zip(*(found.legs.loc[rank, part] for part in ("edge", "tail", "head")), strict=True)
        )
        if rank in found.legs.index
        else ()
        for rank in found.paths.index
    }


def question(case, day, place):
    """The network of a day, its slow twin, and a town."""
    network, events = case.network(), case.reports()
    to = case.towns[place % len(case.towns)]["node"]
    return sr.disrupt(network, events, at=day), Brute(network, events, day, "fuel"), to


@some
@given(cases(max_events=4), days, st.integers(0, 8))
def test_all_paths_are_those_of_networkx(case, day, place):
    """The same paths, hours and survival; the best is the distance that `isolation` tells."""
    network, brute, to = question(case, day, place)
    every = Every(brute, to)
    found = sr.supply_paths(network, to=to, k=EVERY)
    assert found.complete
    paths = told(found)
    assert sorted(paths.values()) == sorted(every.hours)
    for rank, row in found.paths.iterrows():
        assert row["time_h"] == pytest.approx(every.hours[paths[rank]], abs=1e-6)
        assert row["survival_prob"] == pytest.approx(every.survival(paths[rank]))
    best = sr.isolation(network).towns.loc[to, "travel_time_h"]
    assert (len(paths) == 0) == (best != best)  # noqa: PLR0124
    if paths:
        assert found.paths["time_h"].iloc[0] == pytest.approx(best, abs=1e-6)


@lots
@given(cases(max_events=4), days, st.integers(0, 8), st.integers(1, 6))
def test_m12_paths_are_sorted_distinct_loopless_and_deleting_the_first_gives_a_later_one(
    case, day, place, k
):
    """M12, with roads deleted by avoiding them."""
    network, _, to = question(case, day, place)
    found = sr.supply_paths(network, to=to, k=k)
    times = found.paths["time_h"].tolist()
    assert all(one <= two + 1e-6 for one, two in pairwise(times))
    paths = told(found)
    assert len(set(paths.values())) == len(paths)
    for path in paths.values():
        towns = [path[0][1], *(head for _, _, head in path)] if path else [to]
        assert len(set(towns)) == len(towns)
        assert all(one[2] == two[1] for one, two in pairwise(path))
    if paths and paths[1]:
        without = sr.Trip(avoid=tuple(edge for edge, _, _ in paths[1]))
        later = sr.supply_paths(network, to=to, k=1, trip=without)
        assert len(later.paths) == 0 or later.paths["time_h"].iloc[0] >= times[0] - 1e-6


@some
@given(cases(max_events=5), days, st.integers(0, 8))
def test_safest_and_unbeaten_are_those_of_enumeration(case, day, place):
    """The safest come by survival, then hours; the unbeaten are what no other beats."""
    network, brute, to = question(case, day, place)
    every = Every(brute, to)
    pairs = [(hours, 1 - every.survival(path)) for path, hours in every.hours.items()]
    safest = sr.supply_paths(network, to=to, k=4, choose="safest").paths
    want = sorted((round(loss, 9), hours) for hours, loss in pairs)[:4]
    assert (1 - safest["survival_prob"]).tolist() == pytest.approx(
        [loss for loss, _ in want], abs=1e-6
    )
    assert safest["time_h"].tolist() == pytest.approx([hours for _, hours in want], abs=0.02)
    both = sr.supply_paths(network, to=to, choose="pareto").paths
    front = unbeaten([(round(hours, 7), round(loss, 7)) for hours, loss in pairs])
    assert [
        (round(hours, 7), round(1 - alive, 7))
        for hours, alive in zip(both["time_h"], both["survival_prob"], strict=True)
    ] == [pytest.approx(pair, abs=2e-6) for pair in front]


@some
@given(cases(max_events=4), days, st.integers(0, 8), st.booleans())
def test_disjoint_sets_are_the_largest_and_cheapest(case, day, place, nodes):
    """As many as share no road (no town), at the least sum of hours; counts are those told."""
    network, brute, to = question(case, day, place)
    every = Every(brute, to)
    found = sr.supply_paths(
        network, to=to, k=3, choose="node_disjoint" if nodes else "edge_disjoint"
    )
    approaches = sr.isolation(network).towns.loc[to, "approaches"]
    assert found.edge_disjoint == approaches
    paths = list(every.hours)
    if len(paths) > 25 or paths == [()]:
        return
    numbers = {arc: place for place, arc in enumerate({arc for path in paths for arc in path})}
    arcs = [arc[1:] for arc in numbers]
    cost = [every.arc_h(arc) for arc in numbers]
    as_numbers = [tuple(numbers[arc] for arc in path) for path in paths]
    size, total = cheapest_set(as_numbers, arcs, cost, 3, nodes=nodes)
    assert len(found.paths) == size
    assert found.paths["time_h"].sum() == pytest.approx(total, abs=1e-6)
    assert set(told(found).values()) <= set(paths)
    if size < 3:
        assert (found.node_disjoint if nodes else found.edge_disjoint) == size


@some
@given(cases(max_events=3), days, st.integers(0, 8), st.sampled_from((0.0, 0.3, 0.7)))
def test_dissimilar_paths_are_picked_from_all_in_order(case, day, place, most):
    """A path stays if it shares little enough with each better one that stayed."""
    network, brute, to = question(case, day, place)
    km = {row["edge"]: float(row["length_km"]) for row in case.roads}
    every = sr.supply_paths(network, to=to, k=EVERY)
    kept = []
    for path in told(every).values():
        length = sum(km[edge] for edge, _, _ in path)
        shared = [
            sum(km[edge] for edge, _, _ in path if edge in {arc[0] for arc in other})
            for other in kept
        ]
        if all(length == 0 or share <= most * length for share in shared):
            kept.append(path)
    found = sr.supply_paths(network, to=to, k=EVERY, max_overlap=most)
    assert found.complete
    assert list(told(found).values()) == kept
    assert (found.paths["overlap_share"] <= most).all()
    assert brute.sources or not kept


@some
@given(cases(max_events=3), days, st.integers(0, 8), st.lists(st.integers(0, 8), max_size=4))
def test_places_to_pass_and_to_avoid(case, day, place, numbers):
    """All ways put together of simple paths from stop to stop, around what is avoided."""
    network, brute, to = question(case, day, place)
    towns = [case.towns[number % len(case.towns)]["node"] for number in numbers]
    via = list(dict.fromkeys(town for town in towns[:2] if town != to))
    shunned = {town for town in towns[2:3] if town not in (*via, to)}
    origins = {town for town in towns[3:] if town not in shunned}
    road = case.roads[place % len(case.roads)]["edge"]
    sources = brute.sources - shunned
    starts = origins or (sources - {*via, *((to,) if via else ())}) or sources

    def passes(arc):
        return brute.open(arc) and arc[0] != road and not shunned & set(arc[1:])

    stops = [*via, to]
    ways = Every(brute, stops[0], passes, starts).hours
    for start, stop in pairwise(stops):
        onward = Every(brute, stop, passes, {start}).hours
        ways = {
            (*one, *two): first + second
            for one, first in ways.items()
            for two, second in onward.items()
        }

    trip = sr.Trip(origins=origins, via=via, avoid=(road, *sorted(shunned)))
    found = sr.supply_paths(network, to=to, k=EVERY, trip=trip)
    assert found.complete
    assert len(found.paths) == min(len(ways), EVERY)
    if len(ways) <= EVERY:  # of more only the best are told, and ties may be cut anywhere
        assert sorted(told(found).values()) == sorted(ways)
    assert found.paths["time_h"].tolist() == pytest.approx(
        sorted(ways.values())[: len(found.paths)], abs=1e-6
    )
    assert (found.edge_disjoint is None) == bool(via)


@few
@given(cases(max_events=5), st.integers(0, 20), st.integers(0, 8), st.integers(1, 5))
def test_waiting_equals_every_choice_of_days(case, start, place, span):
    """With a timeline each path arrives as early as the best choice of days of entry."""
    network, events = case.network(), case.reports()
    to = case.towns[place % len(case.towns)]["node"]
    first = FIRST_DAY + timedelta(days=start)
    dates = [first + timedelta(days=number) for number in range(span)]
    line = sr.timeline(network, events, start=first, end=dates[-1])
    brutes = [Brute(network, events, day, "fuel") for day in dates]
    every = Every(brutes[0], to, lambda arc: any(brute.open(arc) for brute in brutes))
    arcs = sorted({arc for path in every.hours for arc in path})
    schedule = [
        [
            brute.world.base_h(arc[0]) + brute.state[arc]["delay_h"] if brute.open(arc) else inf
            for brute in brutes
        ]
        for arc in arcs
    ]
    number = {arc: place for place, arc in enumerate(arcs)}
    want = {
        path: arrival(tuple(number[arc] for arc in path), schedule, 24.0) for path in every.hours
    }
    found = sr.supply_paths(line[first], to=to, k=EVERY, trip=sr.Trip(days=line))
    paths = told(found)
    assert set(paths.values()) == {path for path, hours in want.items() if hours < inf}
    for rank, row in found.paths.iterrows():
        assert row["time_h"] == pytest.approx(want[paths[rank]], abs=1e-6)
    still = sr.supply_paths(line[first], to=to, k=1)
    if len(still.paths) and still.paths["time_h"].iloc[0] < 24 * span:
        assert found.paths["time_h"].iloc[0] <= still.paths["time_h"].iloc[0] + 1e-6


@some
@given(cases(max_events=4), days, st.integers(0, 8), st.integers(0, 10**6))
def test_relabelling_permutes_answers_only(case, day, place, seed):
    """M7: other ids and other rows give the same paths under the other names."""
    chance = Random(seed)  # noqa: S311
    ids = [row["node"] for row in case.towns] + [row["edge"] for row in case.roads]
    fresh = [f"n{number}" for number in chance.sample(range(1000), len(ids))]
    names = dict(zip(ids, fresh, strict=True))

    def renamed(rows):
        columns = {"node", "u", "v", "edge", "edges", "nodes", "origin", "destination"}
        rows = [
            {
                key: ";".join(names.get(part, part) for part in value.split(";"))
                if key in columns
                else value
                for key, value in row.items()
            }
            for row in rows
        ]
        chance.shuffle(rows)
        return rows

    network, _, to = question(case, day, place)
    other = network_of(*(renamed(rows) for rows in (case.towns, case.roads, case.supply)),
                       corridors=renamed(case.corridors))  # fmt: skip
    twin = sr.disrupt(other, events_of(renamed(case.events)), at=day)
    one = sr.supply_paths(network, to=to, k=EVERY)
    two = sr.supply_paths(twin, to=names[to], k=EVERY)
    mapped = {
        tuple((names[edge], names[tail], names[head]) for edge, tail, head in path)
        for path in told(one).values()
    }
    assert mapped == set(told(two).values())
    assert one.paths["time_h"].tolist() == pytest.approx(two.paths["time_h"].tolist(), abs=1e-6)
    assert (one.edge_disjoint, one.node_disjoint) == (two.edge_disjoint, two.node_disjoint)
