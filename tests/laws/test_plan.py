"""Laws of plans on random days ahead: against daily programs, balances, closures, policies."""

import json
import warnings
from dataclasses import replace
from math import fsum, isclose

from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.flows.allocation import priorities
from supplyroutes.disruption import Timeline
from tests import plans
from tests.oracles import brute_plan

lots = settings(max_examples=40, deadline=None)
some = settings(max_examples=15, deadline=None)


def close(one, other, scale=1.0):
    """Equal but for rounding."""
    return isclose(one, other, rel_tol=1e-5, abs_tol=1e-5 * max(1.0, scale))


def rank(policy, kind, roles):
    """The rank of a class of a town in the table of priorities."""
    rows = [row for row in priorities().rows() if row["policy"] == policy]
    fitting = [
        row["rank"]
        for row in rows
        if row["demand_class"] in {"any", kind} and (row["role"] == "any" or row["role"] in roles)
    ]
    return min(fitting, default=max((row["rank"] for row in rows), default=0) + 1)


def weights(found):
    """What one m3 short counts, by town."""
    towns = found.towns
    if found.weigh == "m3":
        return dict.fromkeys(towns.index, 1.0)
    counted = towns["population"].fillna(0) if found.weigh == "people" else 1.0
    return (counted / towns["use_m3_per_day"]).to_dict()


@lots
@given(plans.timelines(), plans.QUESTIONS)
def test_a_plan_equals_the_daily_program_rank_after_rank(days, asked):
    """scipy on every road of every day: the least in all, and what each rank is short of."""
    found = sr.plan(days, **asked)
    worth, length = weights(found), len(days)
    program = brute_plan.Daily(days, found.towns, found.classes, losses=asked["losses"])
    roles = dict(zip(days.base.topology.node_ids, days.base.tables.towns.columns["roles"],
                     strict=True))  # fmt: skip
    inside = found.classes[[found.towns.loc[town, "on_network"] for town, _ in found.classes.index]]
    ranks = {
        key: 0 if found.policy is None else rank(found.policy, key[1], roles[key[0]])
        for key in inside.index
    }
    costs = [
        {(*key, day): worth[key[0]] for key in ranks if ranks[key] == number
         for day in range(length)}
        for number in sorted(set(ranks.values()))
    ]  # fmt: skip
    if not costs:
        assert found.value == found.least_value == 0
        return
    every = {key: weight for cost in costs for key, weight in cost.items()}
    scale = max(every.values()) * fsum(inside["use_m3_per_day"]) * length
    assert close(found.least_value, program.lexicographic([every])[0], scale)
    told = [
        fsum(inside.loc[key, "unmet_m3"] * worth[key[0]] for key in ranks if ranks[key] == number)
        for number in sorted(set(ranks.values()))
    ]
    for mine, theirs in zip(told, program.lexicographic(costs), strict=True):
        assert close(mine, theirs, scale)
    assert close(found.value, fsum(told), scale)


@some
@given(plans.timelines(), plans.QUESTIONS)
def test_days_taken_together_cost_nothing(days, asked):
    """The same days, each on its own: the same values."""
    one, other = sr.plan(days, **asked), sr.plan(plans.daily(days), **asked)
    assert close(one.value, other.value, one.value)
    assert close(one.least_value, other.least_value, one.value)


@some
@given(plans.timelines(lossy=False))
def test_m24_without_losses_and_ways_it_is_the_maximum_flow_over_time(days):
    """networkx on the network of all days in whole parts."""
    found = sr.plan(days, weigh="m3", losses=False, transit="instant")
    inside = found.towns[found.towns["on_network"]]
    use, stock, room = (inside[name].to_dict()
                        for name in ("use_m3_per_day", "stock_m3", "storage_m3"))  # fmt: skip
    most = brute_plan.most_served(days, use, stock, room)
    assert close(found.demand_m3 - found.unmet_m3, most, found.demand_m3)


@lots
@given(plans.timelines(), plans.QUESTIONS)
def test_law_3_m17_every_day_balances(days, asked):
    """Tanks, classes, roads and sources, recomputed from the tables alone."""
    found = sr.plan(days, **asked)
    scale = max(1.0, found.demand_m3)
    small = 1e-5 * scale
    for node, town in found.towns.iterrows():
        stock = town["stock_m3"]
        mine = found.daily.xs(node, level="node")
        for _, day in mine.iterrows():
            stock += day["arrived_m3"] - day["used_m3"]
            assert abs(stock - day["stock_m3"]) < small
            assert -small <= stock <= town["storage_m3"] + small
            assert close(day["used_m3"] + day["unmet_m3"], town["use_m3_per_day"], scale)
        arrived = town["arriving_m3"] + town["planned_m3"]
        assert close(fsum(mine["arrived_m3"]), arrived, scale)
        assert close(fsum(mine["unmet_m3"]) / town["use_m3_per_day"], town["days_dry"], scale)
        if town["on_network"]:
            told = found.deliveries.reset_index().query("node == @node")["m3"]
            assert close(fsum(told), town["planned_m3"], scale)
    lengths = (
        found.sources.reset_index()["sent_until"] - found.sources.reset_index()["sent_from"]
    ).map(lambda gap: gap.days + 1)
    sent = fsum(found.sources["sent_m3_per_day"].to_numpy() * lengths.to_numpy())
    assert close(sent, found.planned_m3 + found.lost_m3, scale)
    assert (found.roads["flow_m3_per_day"] <= found.roads["capacity_m3_per_day"] + small).all()
    assert (found.sources["sent_m3_per_day"] <= found.sources["limit_m3_per_day"] + small).all()


@lots
@given(plans.timelines(), st.integers(0, 19), st.sampled_from((0.0, 0.25, 0.5)), st.booleans())
def test_law_2_m14_one_more_closure_never_makes_less_short(days, arc, factor, losses):
    """Total unmet demand over the days, with the traffic of the base network as it was."""
    states = []
    for number, (_, day) in enumerate(days):
        left = list(day.state.capacity_factor)
        if number >= arc % 3:
            left[arc % len(left)] = min(left[arc % len(left)], factor)
        states.append(replace(day.state, capacity_factor=tuple(left)))
    worse = Timeline(days.base, days.commodity, days.dates, states)
    asked = {"weigh": "m3", "losses": losses, "transit": "instant"}
    before, after = (sr.plan(one, **asked) for one in (days, worse))
    assert after.least_value >= before.least_value - 1e-5 * max(1.0, before.demand_m3)


@some
@given(plans.timelines(), st.sampled_from(("max_min", "priority", "nearest")))
def test_no_policy_that_sends_day_by_day_does_better(days, allocation):
    """A simulation that sends what each town uses and lives from its tank for the rest."""
    from supplyroutes.analysis.flows.flow import FlowSolver

    found = sr.plan(days, weigh="m3", policy=None, transit="instant")
    solver = FlowSolver(days.base, allocation=allocation)
    inside = found.towns[found.towns["on_network"]]
    stock = inside["stock_m3"].to_dict()
    unmet = 0.0
    for _, day in days:
        arrived = solver.deliveries(day)
        for node, use in inside["use_m3_per_day"].items():
            left = stock[node] + arrived.get(node, 0.0) - use
            unmet += max(0.0, -left)
            stock[node] = min(max(0.0, left), inside.loc[node, "storage_m3"])
    assert found.unmet_m3 <= unmet + 1e-5 * max(1.0, found.demand_m3)


@some
@given(plans.timelines())
def test_a_calm_network_with_enough_goes_on_as_usual(days):
    """Nothing blocked and all served on the undisturbed day: nothing is ever short."""
    calm = plans.timeline(days.base, [days.base.state], [len(days)])
    usual = sr.supply_flow(days.base)
    if usual.unmet_m3_per_day < 1e-9:
        assert sr.plan(calm).unmet_m3 < 1e-6 * max(1.0, usual.demand_m3_per_day)


@some
@given(plans.timelines(), plans.QUESTIONS, st.randoms())
def test_law_4_the_order_of_rows_and_the_run_change_no_byte(days, asked, random):
    """Rows of towns, supply, demand, limits and stocks shuffled; asked twice: the same JSON."""
    shuffled = {}
    for name in ("towns", "supply", "demand", "limits", "stocks"):
        one = getattr(days.base.tables, name)
        rows = list(one.rows())
        random.shuffle(rows)
        columns = {key: [row[key] for row in rows] for key in one.columns}
        shuffled[name] = replace(one, columns=columns)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        other = sr.Network(replace(days.base.tables, **shuffled), days.base.assumptions)
    again = Timeline(other, "fuel", days.dates, days._states)
    told = [json.dumps(sr.plan(one, **asked).to_dict()) for one in (days, again)]
    assert told[0] == told[1]


def test_the_days_of_this_file_are_worth_testing():
    """Of drawn days, many have lacks, tanks in use, ranks that compete and losses."""
    seen = {"short": 0, "stored": 0, "priced": 0, "lost": 0, "ranked": 0}

    @settings(max_examples=60, deadline=None, database=None, derandomize=True)
    @given(plans.timelines())
    def look(days):
        found = sr.plan(days)
        seen["short"] += found.unmet_m3 > 1
        seen["stored"] += (found.daily["stock_m3"] > 1).any()
        seen["priced"] += len(found.binding) > 0
        seen["lost"] += found.lost_m3 > 0.1
        seen["ranked"] += found.value > found.least_value + 1e-3

    look()
    assert all(seen.values()), seen
