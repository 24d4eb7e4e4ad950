"""Laws of worst attacks and guards on random networks: equal to trying every set, monotone."""

import json
import warnings
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.losses.attack import greedy, targets_of, worst_attack
from supplyroutes.analysis.losses.harm import closing, harm_of
from supplyroutes.analysis.losses.resilience import resilience_curve
from tests import flows
from tests.oracles import brute_interdiction as brute

many = settings(max_examples=400, deadline=None)
lots = settings(max_examples=100, deadline=None)
some = settings(max_examples=25, deadline=None)
ON_ROADS = st.sampled_from(("weighted_time", "isolated_demand"))
FLOWS = st.sampled_from(("max_flow", "unmet_demand"))
ANY = st.sampled_from(("weighted_time", "isolated_demand", "max_flow", "unmet_demand"))


def day_of(case):
    """The network of a drawn case on its day."""
    base, factors, losses = case
    return flows.on_day(base, factors, losses)


def asked(day, measure, budget, cost=None, safe=()):
    """The worst attack without its tables: what is shown, and the ids of its roads."""
    harm = harm_of(day, measure)
    attack = worst_attack(harm, targets_of(day, budget, cost, safe))
    ids = tuple(day.topology.edge_ids[road] for road in attack.roads)
    return attack, harm.shown(attack.harm), ids


@many
@given(flows.days(), ON_ROADS, st.integers(0, 3))
def test_the_worst_roads_are_those_of_trying_every_set(case, measure, budget):
    """Parallel, one-way, impassable, dead-end and disconnected roads; closed ones stay closed."""
    day = day_of(case)
    attack, shown, ids = asked(day, measure, budget)
    value, sets = brute.worst(brute.Day(day, measure), budget)
    assert attack.proven
    assert brute.same(shown, value)
    assert ids in sets


@lots
@given(flows.days(), FLOWS, st.integers(0, 2))
def test_the_worst_roads_for_flows_are_those_of_trying_every_set(case, measure, budget):
    """The same with capacities, sources that run out, and losses."""
    day = day_of(case)
    attack, shown, ids = asked(day, measure, budget)
    plain = brute.Day(day, measure)
    value, _ = brute.worst(plain, budget)
    assert attack.proven
    assert brute.same(shown, value)
    assert brute.same(plain.harm(ids), value)


@lots
@given(flows.days(), ON_ROADS, st.lists(st.sampled_from((0.5, 1.0, 2.0, 3.0)), max_size=10),
       st.sampled_from((1.0, 2.5, 4.0)), st.integers(0, 3))  # fmt: skip
def test_costs_and_safe_roads(case, measure, prices, budget, held):
    """Roads of other costs, and some that cannot be attacked."""
    day = day_of(case)
    edges = day.topology.edge_ids
    cost = dict(zip(edges, prices, strict=False))
    safe = edges[:held]
    _, shown, ids = asked(day, measure, budget, cost, safe)
    value, _ = brute.worst(brute.Day(day, measure), budget, cost=cost, safe=safe)
    assert brute.same(shown, value)
    assert not set(ids) & set(safe)
    assert sum(cost.get(road, 1.0) for road in ids) <= budget + 1e-9


@settings(max_examples=250, deadline=None)  # each with four budgets: 1,000 comparisons
@given(flows.days(), ANY, st.randoms())
def test_m11_more_roads_are_never_less_bad_and_exact_beats_greedy_beats_none(case, measure, random):
    """Worst k + 1 >= worst k >= greedy k >= random k >= nothing."""
    day = day_of(case)
    harm = harm_of(day, measure)
    before = 0.0
    for budget in range(4):
        targets = targets_of(day, budget, None, ())
        exact = worst_attack(harm, targets).harm
        step = harm.of(frozenset(greedy(harm, targets)))
        drawn = random.sample(targets.roads, min(budget, len(targets.roads)))
        assert exact >= before - 1e-7
        assert exact >= step - 1e-7
        assert exact >= harm.of(frozenset(drawn)) - 1e-7
        assert step >= harm.of(frozenset()) - 1e-7
        before = exact


@lots
@given(flows.days(), ON_ROADS)
def test_no_road_of_an_attack_is_idle_however_much_could_be_lost(case, measure):
    """With a budget for all roads, what an exchange makes needless is left out again."""
    day = day_of(case)
    harm = harm_of(day, measure)
    roads = frozenset(worst_attack(harm, targets_of(day, 10, None, ())).roads)
    assert all(harm.of(roads - {road}) < harm.of(roads) for road in roads)


@lots
@given(flows.days())
def test_m11_as_many_roads_as_the_smallest_cut_cut_a_town_off(case):
    """With one town that uses fuel: k below its cut leaves it, k at its cut does not."""
    day = day_of(case)
    plain = brute.Day(day, "isolated_demand")
    if not plain.wanted or plain.harm():
        return
    cut = next(
        (size for size in range(1, 4) for chosen in combinations(plain.roads, size)
         if plain.harm(chosen)), None,
    )  # fmt: skip
    for budget in range(1, 4):
        _, shown, _ = asked(day, "isolated_demand", budget)
        assert (shown > 0) == (cut is not None and budget >= cut)


@lots
@given(flows.days())
def test_m14_what_more_closures_cut_off_contains_what_fewer_do(case):
    """Isolated towns of A are isolated under A and B: for every two roads of a network."""
    day = day_of(case)
    harm = harm_of(day, "isolated_demand")
    roads = range(len(day.topology.edge_ids))
    cut = {
        closed: {node for node, hours in enumerate(harm.tree(closed)[0]) if hours == float("inf")}
        for size in range(3)
        for closed in combinations(roads, size)
    }
    for one, two in combinations(roads, 2):
        assert cut[()] <= cut[one,] <= cut[one, two] >= cut[two,]


@some
@given(flows.days(), ANY)
def test_the_answer_is_recomputed_with_the_roads_closed(case, measure):
    """What is told after the attack is what the closed network says; isolation agrees."""
    day = day_of(case)
    found = sr.interdiction(day, budget=2, measure=measure)
    roads = [day.topology.edge_index[edge] for edge in found.roads.index]
    closed = closing(day, roads)
    assert brute.same(found.after, brute.Day(closed, measure).harm())
    assert brute.same(found.before, brute.Day(day, measure).harm())
    cut = sr.isolation(closed, approaches=False).towns["state"]
    assert {node for node, row in found.towns.iterrows() if row["isolated"]} == {
        node for node in found.towns.index if cut[node] == "isolated"
    }
    for edge, row in found.roads.iterrows():
        for other in row["alternatives"]:
            swapped = {*found.roads.index, other} - {edge}
            assert brute.same(brute.Day(day, measure).harm(swapped), found.after)


@some
@given(flows.days(), ANY, st.randoms())
def test_law_4_the_order_of_rows_and_the_run_change_no_byte(case, measure, random):
    """Rows shuffled; asked twice: the same JSON."""
    base, factors, losses = case
    shuffled = {}
    for name in ("towns", "roads", "supply", "demand", "limits"):
        table = getattr(base.tables, name)
        rows = list(table.rows())
        random.shuffle(rows)
        columns = {key: [row[key] for row in rows] for key in table.columns}
        shuffled[name] = replace(table, columns=columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        other = sr.Network(replace(base.tables, **shuffled), base.assumptions)
    told = [
        json.dumps(
            sr.interdiction(flows.on_day(one, factors, losses), budget=2, measure=measure).to_dict()
        )
        for one in (base, other)
    ]
    assert told[0] == told[1]


@lots
@given(flows.days(), ON_ROADS, st.integers(0, 2), st.integers(0, 2))
def test_guards_are_those_of_trying_every_set(case, measure, budget, attack_budget):
    """Defender, attacker, traffic; the value of an escort is that road guarded alone."""
    day = day_of(case)
    plain = brute.Day(day, measure)
    if len(plain.roads) > 8:
        return
    found = sr.protection(day, budget=budget, attack_budget=attack_budget, measure=measure)
    assert found.proven
    assert brute.same(found.guarded, brute.guarded(plain, budget, attack_budget))
    assert brute.same(found.bound, found.guarded)
    assert len(found.roads) <= budget
    value, _ = brute.worst(plain, attack_budget, safe=tuple(found.roads.index))
    assert brute.same(value, found.guarded)
    for edge, row in found.escorts.iterrows():
        alone, _ = brute.worst(plain, attack_budget, safe=(edge,))
        assert brute.same(alone, row["after_alone"])
        assert brute.same(found.unguarded - alone, row["saved_alone"])


@some
@given(flows.days(), FLOWS)
def test_guards_for_flows_are_those_of_trying_every_set(case, measure):
    """One guard against one closure."""
    day = day_of(case)
    plain = brute.Day(day, measure)
    found = sr.protection(day, budget=1, attack_budget=1, measure=measure)
    assert brute.same(found.guarded, brute.guarded(plain, 1, 1))


@some
@given(flows.days(), ANY)
def test_the_curve_is_one_interdiction_a_point(case, measure):
    """And monotone."""
    day = day_of(case)
    curve = resilience_curve(day, most=3, measure=measure).points
    for budget in range(4):
        alone = asked(day, measure, budget)[1]
        assert curve.loc[budget, "value"] == pytest.approx(alone, abs=1e-5, nan_ok=True)
        if budget:
            earlier = curve.loc[budget - 1, "value"]
            assert not brute.worse(measure, earlier - 1e-5 if measure != "max_flow"
                                   else earlier + 1e-5, alone)  # fmt: skip
