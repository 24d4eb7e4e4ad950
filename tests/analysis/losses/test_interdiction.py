"""Worst attacks and guards on cases by hand, errors, and what the results tell."""

import json
from math import inf, isnan, nan
from typing import get_args

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses.attack import targets_of, worst_attack
from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.analysis.losses.harm import harm_of
from supplyroutes.analysis.losses.resilience import resilience_curve
from tests import flows, toy
from tests.strategies import source, town


def line_and_spur():
    """Source s; a and b in a ring with it, c at the end of a spur from b; equal roads, 50 km."""
    towns = [town("a", 10.0, 0.2), town("b", 10.2, 0.1), town("c", 10.3, 0.1), town("s", 10.0, 0.0)]
    ends = {"r1": ("s", "a"), "r2": ("a", "b"), "r3": ("b", "s"), "r4": ("b", "c")}
    roads = [
        {"edge": edge, "u": u, "v": v, "length_km": "50", "speed_dry_kmh": "50"}
        for edge, (u, v) in ends.items()
    ]
    wanted = {("a", "transport"): 10, ("b", "transport"): 20, ("c", "transport"): 30}
    return flows.network(towns, roads, [source("s", amount="100")], wanted)


def test_one_road_by_hand():
    """Times: a 1, b 1, c 2. Without r4 c is cut off; without r3 b is 2 and c 3 hours away."""
    base = line_and_spur()
    worst = sr.interdiction(base, budget=1, measure="isolated_demand")
    assert worst.roads.index.tolist() == ["r4"]
    assert (worst.before, worst.after, worst.isolated_m3_per_day) == (0, 30, 30)
    late = sr.interdiction(base, budget=1, safe=["r4"])
    assert late.roads.index.tolist() == ["r3"]
    assert late.before == pytest.approx((10 * 1 + 20 * 1 + 30 * 2) / 60)
    assert late.after == pytest.approx((10 * 1 + 20 * 2 + 30 * 3) / 60)
    assert late.roads.loc["r3", "harm_alone"] == pytest.approx(late.after - late.before)
    cut = sr.interdiction(base, budget=1)
    assert cut.after == pytest.approx((10 * 1 + 20 * 1 + 30 * 240) / 60)
    assert cut.towns.loc["c", "isolated"]
    assert cut.assumed.loc["cut_off_time_h", "value"] == 240


def test_a_short_limit_makes_a_detour_as_bad_as_a_cut():
    """With three hours for a town cut off, losing r3 harms more than losing r4."""
    base = line_and_spur().assuming({"cut_off_time_h": 3})
    worst = sr.interdiction(base, budget=1)
    assert worst.roads.index.tolist() == ["r3"]
    assert worst.after == pytest.approx((10 * 1 + 20 * 2 + 30 * 3) / 60)


def test_two_roads_and_what_may_stand_in_their_place():
    """r1 and r3 cut all off; nothing else does."""
    worst = sr.interdiction(line_and_spur(), budget=2, measure="isolated_demand")
    assert worst.roads.index.tolist() == ["r1", "r3"]
    assert worst.after == 60
    assert worst.roads["alternatives"].tolist() == [(), ()]
    assert worst.roads["harm_spared"].tolist() == [60, 60]
    dear = sr.interdiction(line_and_spur(), budget=2, measure="isolated_demand", cost={"r1": 1.5})
    assert dear.roads.index.tolist() == ["r2", "r3"]
    assert dear.cost == 2


def test_roads_that_add_nothing_are_left_out():
    """A budget of four needs two."""
    worst = sr.interdiction(line_and_spur(), budget=4, measure="isolated_demand")
    assert worst.roads.index.tolist() == ["r1", "r3"]
    assert worst.cost == 2


def test_a_road_that_an_exchange_makes_idle_is_left_out():
    """r1 and r3 cut all off; with r2 in the place of r1 the spur r4 would be needed too."""
    towns = [town("a", 10.0, 0.2), town("b", 10.2, 0.1), town("c", 10.3, 0.1), town("s", 10.0, 0.0)]
    ends = {"r1": ("b", "s"), "r2": ("a", "b"), "r3": ("s", "a"), "r4": ("c", "b")}
    roads = [{"edge": edge, "u": u, "v": v, "length_km": "50"} for edge, (u, v) in ends.items()]
    wanted = {("a", "transport"): 1, ("c", "transport"): 1}
    base = flows.network(towns, roads, [source("s", amount="9")], wanted)
    worst = sr.interdiction(base, budget=10, measure="isolated_demand")
    assert worst.roads.index.tolist() == ["r1", "r3"]
    assert worst.roads["harm_spared"].min() > 0


def test_flows_by_hand():
    """The toy day: 155 come over the restricted south road; without it nothing does."""
    day = toy.on("2025-01-12", toy.told())
    worst = sr.interdiction(day, budget=1, measure="max_flow")
    assert worst.after == 0
    assert worst.roads.index.tolist() == ["port--south"]
    assert worst.towns["delivered_m3_per_day"].sum() == 0
    assert worst.before == pytest.approx(270)
    unmet = sr.interdiction(day, budget=1, measure="unmet_demand")
    assert unmet.after == pytest.approx(270)


@pytest.mark.parametrize(
    ("sent", "loss", "missing"), [(11, 0.25, 1.75), (20, 0.5, 0), (20, 0.9, 8)]
)
def test_what_is_lost_on_the_way_is_made_up_for_by_the_source(sent, loss, missing):
    """More leaves than is wanted: of 20 m3, half is lost and 10 arrive; the spur brings nothing."""
    towns = [town("s", 10.0, 0.0), town("t", 10.25, 0.0), town("u", 10.5, 0.0)]
    roads = [
        {"edge": edge, "u": u, "v": v, "length_km": "50", "capacity_m3_per_day": "90"}
        for edge, u, v in (("main", "s", "t"), ("spur", "t", "u"))
    ]
    base = flows.network(towns, roads, [source("s", amount=str(sent))], {("t", "transport"): 10})
    day = flows.on_day(base, (), (loss,))
    spared = sr.interdiction(day, budget=1, measure="unmet_demand", safe=["main"])
    assert spared.proven
    assert spared.after == spared.before == pytest.approx(missing)
    lost = sr.interdiction(day, budget=1, measure="unmet_demand")
    assert (lost.roads.index.tolist(), lost.after) == (["main"], 10)


def test_nothing_to_lose():
    """No budget, no source, no demand, nothing open: an answer, not an error."""
    base = line_and_spur()
    none = sr.interdiction(base, budget=0)
    assert none.roads.empty
    assert none.before == none.after
    shut = flows.on_day(base, [0.0] * 8)
    for measure in ("weighted_time", "isolated_demand", "unmet_demand", "max_flow"):
        found = sr.interdiction(shut, budget=2, measure=measure)
        assert found.roads.empty
        assert found.proven
        assert found.isolated_m3_per_day == 60
        assert sr.protection(shut, measure=measure).roads.empty


@pytest.mark.parametrize("measure", get_args(Measure))
def test_without_demand_there_is_no_mean(measure):
    """A mean time of nothing is missing, not 0 hours; an amount of nothing is 0."""
    unused = flows.network(
        [town("a"), town("b", 0.1)],
        [{"edge": "r", "u": "a", "v": "b", "length_km": "50"}],
        [source("a")],
        {},
    )
    dry, guard = sr.interdiction(unused, measure=measure), sr.protection(unused, measure=measure)
    point = resilience_curve(unused, most=1, measure=measure).points.iloc[1]
    told = [dry.before, dry.after, dry.bound, point["value"], point["bound"]]
    told += [guard.before, guard.unguarded, guard.guarded, guard.bound]
    assert all(isnan(value) if measure == "weighted_time" else value == 0 for value in told)
    assert dry.proven
    assert dry.gap_share == 0
    assert dry.towns.empty
    missing = None if measure == "weighted_time" else 0
    assert "nan" not in dry._repr_html_() + guard._repr_html_()
    assert dry.to_dict()["before"] == guard.to_dict()["before"] == missing


@pytest.mark.parametrize(
    ("options", "error", "said"),
    [
        ({"measure": "harm"}, sr.errors.RequestError, "no measure 'harm'"),
        ({"budget": -1}, sr.errors.RequestError, "a budget is a number"),
        ({"budget": nan}, sr.errors.RequestError, "a budget is a number"),
        ({"cost": {"r1": 0}}, sr.errors.RequestError, "above 0"),
        ({"cost": {"r9": 1}}, sr.errors.UnknownIdError, "no road is called 'r9'"),
        ({"safe": ["r9"]}, sr.errors.UnknownIdError, "no road is called 'r9'"),
    ],
)
def test_questions_that_cannot_be_asked(options, error, said):
    """Measure, budget, cost, roads."""
    with pytest.raises(error, match=said):
        sr.interdiction(line_and_spur(), **options)


def test_bad_budgets_of_guards_and_curves():
    """Whole numbers, not negative."""
    for budget in (-1, 1.5, nan, inf):
        with pytest.raises(sr.errors.RequestError, match="whole number, 0 or more"):
            sr.protection(line_and_spur(), budget=budget)
        with pytest.raises(sr.errors.RequestError, match="whole number, 0 or more"):
            resilience_curve(line_and_spur(), most=budget)


def test_guards_by_hand():
    """Against one closure: guarding r4 leaves no cut. Against two: 30 stay exposed."""
    base = line_and_spur()
    one = sr.protection(base, budget=1, attack_budget=1, measure="isolated_demand")
    assert one.roads.index.tolist() == ["r4"]
    assert (one.unguarded, one.guarded) == (30, 0)
    assert one.escorts.loc["r4", "saved_alone"] == 30
    assert one.attack_guarded == ()
    two = sr.protection(base, budget=2, attack_budget=2, measure="isolated_demand")
    assert (two.unguarded, two.guarded) == (60, 10)


def test_guards_leave_safe_roads_alone():
    """What cannot be attacked needs no guard: r4 safe, and the guard goes elsewhere."""
    base = line_and_spur()
    none, guard = (
        sr.protection(base, budget=1, attack_budget=1, measure="isolated_demand", safe=safe)
        for safe in ((), ["r4"])
    )
    assert none.guarded == guard.unguarded == guard.guarded == 0
    assert guard.roads.empty
    assert guard.to_dict()["safe"] == ["r4"]
    with pytest.raises(sr.errors.UnknownIdError, match="r9"):
        sr.protection(base, safe=["r9"])


def test_guards_stopped_by_the_limit_say_so():
    """No time: the first attack only, a bound that holds."""
    base = line_and_spur()
    stopped = sr.protection(base, budget=2, attack_budget=2, time_limit_s=0)
    best = sr.protection(base, budget=2, attack_budget=2)
    assert not stopped.proven
    assert stopped.bound <= best.guarded <= stopped.guarded <= stopped.unguarded
    assert "best found; bound" in stopped._repr_html_()


def test_guards_that_are_not_proven_are_no_worse_than_none():
    """Stopped on the Mali case with no guards yet: both figures bound the same attack."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    stopped = sr.protection(day, budget=2, attack_budget=3, time_limit_s=0)
    assert stopped.roads.empty
    assert not stopped.proven
    assert stopped.guarded == stopped.unguarded
    assert (stopped.escorts["after_alone"] <= stopped.unguarded).all()
    assert stopped.assumed["value"].loc["cut_off_time_h"] == 240


def test_the_curve_stopped_by_the_limit_has_bounds():
    """Each point lies below its bound, and the true value between."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    curve = resilience_curve(day, most=2, time_limit_s=0).points
    assert not curve["proven"].all()
    assert (curve["bound"] >= curve["value"]).all()


def test_results_as_json_and_html():
    """Plain values; names are text."""
    base = line_and_spur()
    worst, guard = sr.interdiction(base, budget=1), sr.protection(base, budget=1)
    curve = resilience_curve(base, most=1)
    for found in (worst, guard, curve):
        told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert told["sensitive"] is True
        assert "<table" in found._repr_html_()
    assert worst.summary()["roads"] == ("r4",)
    assert guard.summary()["roads"] == ("r3",)
    assert curve.summary() == {0: pytest.approx(1.5), 1: pytest.approx(120.5)}
    assert worst.to_dict()["towns"][2]["time_h"] is None


def test_the_mali_case_is_proven_quickly_and_known():
    """Four roads cut Bamako off on 15 October; three do not."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    worst = sr.interdiction(day, budget=4, measure="isolated_demand")
    assert worst.proven
    assert worst.towns.loc["bamako", "isolated"]
    assert worst.after == pytest.approx(2621.9)
    three = sr.interdiction(day, budget=3, measure="isolated_demand")
    assert not three.towns.loc["bamako", "isolated"]


def test_an_attack_from_a_better_start_is_the_same():
    """Starts that cannot be paid, or name safe roads, are left out."""
    base = line_and_spur()
    harm = harm_of(base, "isolated_demand")
    targets = targets_of(base, 2, None, ["r4"])
    plain = worst_attack(harm, targets)
    assert worst_attack(harm, targets, [(3,), (0, 1, 2), (0, 2)]) == plain


def test_gaps_are_shares_of_what_was_found():
    """None, a tenth, and from nothing."""
    from supplyroutes.analysis.losses.interdiction import gap_of

    assert (gap_of(5, 5), gap_of(50, 55), gap_of(0, 0)) == (0, 0.1, 0)
    assert gap_of(0, 1) == float("inf")
