"""Orders of lifting equal trying every order; bounds hold; the same whatever the order of rows."""

import json
from math import isclose

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes._kernels.lift_order import area, best_order
from supplyroutes.analysis.restoring.lift_bounds import bound_of
from supplyroutes.analysis.restoring.lift_search import good_order
from supplyroutes.analysis.restoring.shortfalls import MEASURES, Question, shortfall_of
from supplyroutes.disruption import impacts_on
from tests.oracles.brute_restoration import Orders, counted, day_with, missing, unmet
from tests.restorations import DAY, durations, hindered, measures

lots = settings(max_examples=300, deadline=None)
some = settings(max_examples=40, deadline=None)
kinds = st.sampled_from(("reports", "roads", "both"))
pytestmark = pytest.mark.filterwarnings("ignore::supplyroutes.errors.AssumptionWarning")


def candidates(network, events, kind):
    """Everything that may be lifted, needed or not: reports that began, and a few roads."""
    reports = [report.event for report in events]
    roads = list(network.topology.edge_ids)
    return {"reports": reports[:5], "roads": roads[:5], "both": reports[:3] + roads[:2]}[kind]


def check(plan, orders):
    """The least area of all orders, and every step as told."""
    least = orders.least()
    assert isclose(plan.area, least, rel_tol=1e-6, abs_tol=0.01)
    assert plan.exact
    assert plan.area_bound == plan.area
    told = plan.order["id"].tolist()
    assert len(set(told)) == len(told)
    rest = [name for name in orders.days if name not in told]
    assert isclose(orders.area([*told, *rest]), least, rel_tol=1e-6, abs_tol=0.01)
    done = frozenset()
    assert isclose(plan.missing, orders.value[done], abs_tol=0.01)
    for _, row in plan.order.iterrows():
        done |= {row["id"]}
        assert isclose(row["missing"], orders.value[done], abs_tol=0.01)
    assert isclose(plan.missing_after, orders.value[frozenset(orders.days)], abs_tol=0.01)
    for name, row in plan.first.iterrows():
        gain = orders.value[frozenset()] - orders.value[frozenset({name})]
        assert isclose(row["gain"], gain, abs_tol=0.01)
    json.dumps(plan.to_dict(), allow_nan=False)


@lots
@given(hindered(), measures, kinds, st.lists(durations, min_size=5, max_size=5))
def test_an_order_is_the_best_of_all(case, measure, kind, took):
    """Reports, roads and both, of any days: no order of all of them has a smaller area."""
    network, events = case
    asked = dict(zip(candidates(network, events, kind), took, strict=False))
    plan = sr.restoration(network, events, at=DAY, measure=measure, lift=asked)

    amounts = counted(network, measure)

    def value(lifts):
        return missing(day_with(network, events, DAY, "fuel", lifts), measure, amounts)

    check(plan, Orders(value, asked))


@some
@given(hindered(max_reports=3), st.lists(durations, min_size=5, max_size=5))
def test_an_order_by_flow_is_the_best_of_all(case, took):
    """The least unmet demand of every set by scipy, with losses and capacities."""
    network, events = case
    asked = dict(zip(candidates(network, events, "both"), took, strict=False))
    plan = sr.restoration(network, events, at=DAY, lift=asked)

    def value(lifts):
        return unmet(day_with(network, events, DAY, "fuel", lifts))

    check(plan, Orders(value, asked))


@lots
@given(hindered(max_reports=6), measures, kinds, st.lists(durations, min_size=9, max_size=9))
def test_a_bound_is_below_the_best_and_a_search_above(case, measure, kind, took):
    """REL-049, M11: what is used for many lifts, tried where the best order is known."""
    network, events = case
    asked = dict(zip(candidates(network, events, kind), took, strict=False))
    shortfall, whole, least = posed(network, events, measure, asked)
    best = area(best_order(shortfall.of_all_sets(), whole), whole, shortfall.of, least)
    bound = bound_of(shortfall, whole, least)
    found = area(good_order(shortfall, whole, least, bound), whole, shortfall.of, least)
    assert 0 <= bound <= best <= found


@some
@given(hindered(max_reports=3), st.lists(durations, min_size=9, max_size=9))
def test_a_bound_by_flow_is_below_the_best(case, took):
    """The same for unmet demand."""
    network, events = case
    asked = dict(zip(candidates(network, events, "both"), took, strict=False))
    shortfall, whole, least = posed(network, events, "unmet_demand", asked)
    best = area(best_order(shortfall.of_all_sets(), whole), whole, shortfall.of, least)
    bound = bound_of(shortfall, whole, least)
    found = area(good_order(shortfall, whole, least, bound), whole, shortfall.of, least)
    assert 0 <= bound <= best <= found


def posed(network, events, measure, asked):
    """What is missing for a set of lifts, the days of each in halves, and the least missing."""
    impacts = tuple(impacts_on(network, events, "fuel").on(DAY))
    question = Question(network, DAY, impacts, MEASURES[measure])
    chosen = question.choices(asked, [report.event for report in events])
    shortfall = shortfall_of(question, chosen)
    whole = [round(2 * lift.days) for lift in chosen.lifts]
    return shortfall, whole, shortfall.of((1 << len(whole)) - 1)


@lots
@given(hindered(max_reports=5), measures, st.sampled_from(("reports", "roads")))
def test_each_step_has_its_proof(case, measure, wish):
    """Every town that a step brings back has a way that is open then and was not before."""
    network, events = case
    plan = sr.restoration(network, events, at=DAY, measure=measure, lift=wish)
    done = []
    free = measure == "strained_demand"
    for step, row in plan.order.iterrows():
        before = sr.isolation(day_with(network, events, DAY, "fuel", done), approaches=False)
        done.append(row["id"])
        now = day_with(network, events, DAY, "fuel", done)
        after = sr.isolation(now, approaches=False)
        good = {"supplied"} if free else {"supplied", "strained"}
        for town in row["towns"]:
            told = plan.towns.loc[(step, town)]
            assert before.towns.loc[town, "state"] not in good
            assert after.towns.loc[town, "state"] in good
            time = "free_time_h" if free else "travel_time_h"
            assert isclose(told["path_time_h"], after.towns.loc[town, time], abs_tol=1e-9)
            assert walked(now, told["source"], told["path"]) == town
        if measure != "people":
            gained = plan.towns.loc[[step], "gain_m3_per_day"].sum() if row["towns"] else 0.0
            assert isclose(row["gain"], gained, abs_tol=0.01)


def walked(network, here, path):
    """Where a path leads, road after road."""
    for road in path:
        ends = {*network.edges.loc[road, ["u", "v"]]}
        assert here in ends
        (here,) = ends - {here}
    return here


@some
@given(hindered(max_reports=5), st.sampled_from(("reports", "roads")), st.randoms())
def test_the_order_of_reports_changes_nothing(case, wish, random):
    """Law 4: the same bytes from shuffled reports."""
    network, events = case
    one = sr.restoration(network, events, at=DAY, measure="isolated_demand", lift=wish)
    shuffled = list(events)
    random.shuffle(shuffled)
    again = sr.Events(shuffled, events.rules)
    other = sr.restoration(network, again, at=DAY, measure="isolated_demand", lift=wish)
    assert json.dumps(one.to_dict()) == json.dumps(other.to_dict())
