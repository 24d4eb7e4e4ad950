"""The linear programs against networkx and against every set of towns in exact fractions."""

from fractions import Fraction
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes.analysis.flows.bottlenecks import bottlenecks
from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import by_node
from supplyroutes.errors import SolverError
from tests.flows import INF, problem, problems, served
from tests.oracles import brute_flow

lots = settings(max_examples=1000, deadline=None)
some = settings(max_examples=200, deadline=None)


def model_of(made):
    """The model of a problem with one item a town."""
    return FlowModel(made, [Item(node, amount) for node, amount in by_node(made.needs).items()])


def close(one, other):
    """Equal but for rounding."""
    return isclose(one, other, rel_tol=1e-7, abs_tol=1e-6)


def amounts(model, answer):
    """What each town receives."""
    return {item.node: got for item, got in zip(model.items, answer.received, strict=True)}


@lots
@given(problems())
def test_m10_the_most_is_the_maximum_flow_of_networkx(made):
    """Without losses the total is the maximum flow, and the cut weighs as much."""
    model = model_of(made)
    most = model.most().total
    assert close(most, brute_flow.most(made))


@some
@given(problems())
def test_the_fastest_flow_costs_what_networkx_finds(made):
    """Least hours of any maximum flow: networkx max_flow_min_cost on whole numbers."""
    model = model_of(made)
    most = model.most().total
    best = model.fastest(None)
    hours = sum(made.hours[arc] * best.flow[arc] for arc in range(len(made.arcs)))
    assert close(hours, brute_flow.least_hours(made))
    assert close(sum(amounts(model, best).values()), most)
    assert brute_flow.balance(made, best.flow, amounts(model, best)) < 1e-6


@lots
@given(problems())
def test_fair_shares_equal_those_of_every_set_of_towns(made):
    """Max-min fill rates are those of brute force in fractions, and lose nothing in total."""
    model = model_of(made)
    rates = model.shares()
    want = brute_flow.fairest(made)
    for item, rate in zip(model.items, rates, strict=True):
        assert close(rate, float(want[item.node])), (rates, want)
    total = sum(item.amount * rate for item, rate in zip(model.items, rates, strict=True))
    assert close(total, brute_flow.most(made))


@lots
@given(problems(lossy=True))
def test_m21_the_value_meets_the_bound_of_its_duals(made):
    """Every answer carries its proof; a value that is off by a little is refused."""
    model = model_of(made)
    model.most()
    answer = model.program.solve()
    program = model.program
    assert program._proved(answer.value, answer.columns, answer.duals) is not None
    with pytest.raises(SolverError, match="not optimal"):
        program._proved(answer.value + 0.01 * (1 + abs(answer.value)), answer.columns, answer.duals)


@some
@given(problems(lossy=True), st.integers(0, 19), st.sampled_from((0.9, 1.1, -1.0)))
def test_rel_050_a_wrong_optimum_is_caught(made, place, by):
    """A column of the answer changed: it breaks a bound or a balance, or is not optimal."""
    model = model_of(made)
    model.most()
    answer = model.program.solve()
    used = [column for column in range(model.level) if answer.columns[column] > 0.1]
    if not used:
        return
    columns = answer.columns.copy()
    columns[used[place % len(used)]] *= by
    value = float(model.program.cost @ columns)
    with pytest.raises(SolverError, match=r"breaks a bound|not optimal"):
        model.program._proved(value, columns, answer.duals)


@lots
@given(problems())
def test_the_cut_is_the_one_of_networkx_and_saves_what_it_says(made):
    """All that goes short lies behind it; one more m3 on a part of it gives what networkx finds."""
    model = model_of(made)
    found = bottlenecks(model, model.most())
    before = brute_flow.most(made)
    capacity, supply = list(made.capacity), list(made.supply)
    for part in found:
        room, sent = list(capacity), list(supply)
        if part.arc is not None:
            assert part.capacity == capacity[part.arc]
            room[part.arc] += 1
        else:
            assert part.capacity == supply[part.source]
            sent[part.source] += 1
        more = brute_flow.most(_with(made, room, sent))
        assert close(part.saved, more - before)
    rest = [part.arc for part in found if part.arc is not None]
    gone = [part.source for part in found if part.source is not None]
    room = [0.0 if arc in rest else value for arc, value in enumerate(capacity)]
    sent = [0.0 if place in gone else value for place, value in enumerate(supply)]
    without = brute_flow.most(_with(made, room, sent))
    through = sum(capacity[arc] for arc in rest) + sum(supply[place] for place in gone)
    assert close(before, without + through), "max flow = cut + what is served on this side of it"


def _with(made, capacity, supply):
    """The problem with other capacities."""
    from dataclasses import replace

    changed = replace(made, capacity=tuple(capacity), supply=tuple(supply))
    return replace(changed, served=served(changed))


@some
@given(problems(lossy=True), problems(lossy=True))
def test_a_changed_model_answers_like_a_new_one(made, other):
    """Warm equals cold: capacities, losses, hours and supply of another day put in."""
    from dataclasses import replace

    count = len(made.arcs)
    places = [place % len(other.arcs) for place in range(count)]
    changed = replace(
        made,
        keep=tuple(other.keep[place] for place in places),
        hours=tuple(other.hours[place] for place in places),
        capacity=tuple(other.capacity[place] for place in places),
        supply=tuple(other.supply[place % len(other.supply)] for place in range(len(made.supply))),
    )
    changed = replace(changed, served=served(changed))
    warm = model_of(made)
    warm.most()
    warm.fastest(warm.shares())
    warm.change(changed)
    cold = model_of(changed)
    assert close(warm.most().total, cold.most().total)
    rates = warm.shares()
    assert all(map(close, rates, cold.shares()))
    flows = [model.fastest(rates).flow for model in (warm, cold)]
    assert all(abs(one - two) < 1e-5 for one, two in zip(*flows, strict=True))


def test_max_min_by_hand():
    """10 m3 for a (10 wanted, own road of 2) and b, c (10 each): a 0.2, then b and c 0.4 each."""
    made = problem(
        4,
        [(0, 1, 2, 1), (0, 2, INF, 1), (2, 3, INF, 1)],
        {0: 10},
        {(1, "power"): 10, (2, "power"): 10, (3, "power"): 10},
    )
    assert model_of(made).shares() == pytest.approx([0.2, 0.4, 0.4])
    assert brute_flow.fairest(made) == {1: Fraction(1, 5), 2: Fraction(2, 5), 3: Fraction(2, 5)}


def test_losses_by_hand():
    """100 sent over a road that loses a fifth, then one that loses half: 40 arrive at its end."""
    made = problem(3, [(0, 1, 100, 1), (1, 2, INF, 1)], {0: 500}, {(2, "power"): 90}, [0.2, 0.5])
    model = model_of(made)
    most = model.most()
    assert most.total == pytest.approx(40)
    (found,) = bottlenecks(model, most)
    assert (found.arc, found.capacity) == (0, 100)
    assert found.saved == pytest.approx(0.4)


def test_fair_shares_may_cost_some_of_the_total_where_fuel_is_lost():
    """30 m3 for two towns that want 30: half is lost to the far one, so equal shares give 2/3."""
    made = problem(3, [(0, 1, INF, 1), (0, 2, INF, 1)], {0: 30}, {(1, "power"): 30, (2, "power"): 30}, [0.0, 0.5])  # fmt: skip  # noqa: E501
    model = model_of(made)
    assert model.most().total == pytest.approx(30)
    assert model.shares() == pytest.approx([1 / 3, 1 / 3])


def test_ties_go_by_the_order_of_the_ids():
    """Two roads of equal time and room: all on one of them, the same however it is reached."""
    made = problem(2, [(0, 1, 10, 2), (0, 1, 10, 2)], {0: 10}, {(1, "power"): 8})
    model = model_of(made)
    first = model.fastest([1.0]).flow[:2]
    again = model.fastest([1.0]).flow[:2]
    assert sorted(first) == pytest.approx([0, 8])
    assert list(first) == list(again)


def test_rel_050_a_program_without_an_optimum_says_so():
    """Demand that must be met and cannot: the solver's status is told, not an answer."""
    made = problem(2, [(0, 1, 1, 1)], {0: 10}, {(1, "power"): 8})
    with pytest.raises(SolverError, match="no optimum: Infeasible"):
        model_of(made).fastest([1.0])
