"""Moving one number alone equals doing so by hand, through the public calls."""

from hypothesis import given, settings

import supplyroutes as sr
from tests.strategies import cases, commodities, days

few = settings(max_examples=40, deadline=None)
lots = settings(max_examples=300, deadline=None)
QUANTITIES = ("capacity_factor", "delay_h", "loss_prob", "duration_days")


def by_hand(network, events, day, commodity, key, value):
    """States and times of all towns with one number moved."""
    rule, _, quantity = key.partition(".")
    if quantity:
        events = events.ruled_by(events.rules.replacing({rule: {quantity: value}}))
    else:
        network = network.assuming({key: value})
    moved = sr.disrupt(network, events, at=day, commodity=commodity)
    return sr.isolation(moved, baseline=network, approaches=False).towns


@few
@given(cases(max_events=5), days, commodities)
def test_every_run_equals_disrupt_and_isolation_with_that_number(case, day, commodity):
    """Changes of state, people and times of every run are those of a computation from scratch."""
    network, events = case.network(), case.reports()
    result = sr.sensitivity(network, events, at=day, commodity=commodity)
    calm = sr.disrupt(network, events, at=day, commodity=commodity)
    best = sr.isolation(calm, baseline=network, approaches=False).towns
    for (key, _), row in result.flips.iterrows():
        moved = by_hand(network, events, day, commodity, key, row["value"])
        changes = tuple(
            (node, best.loc[node, "state"], moved.loc[node, "state"])
            for node in best.index
            if best.loc[node, "state"] != moved.loc[node, "state"]
        )
        assert row["changes"] == changes, key
        assert row["towns_changed"] == len(changes)
        apart = (moved["travel_time_h"] - best["travel_time_h"]).abs()
        assert row["times_changed"] == (apart > 0.1 * best["travel_time_h"]).sum(), key


@few
@given(cases(max_events=5), days, commodities)
def test_rules_that_read_no_report_change_nothing(case, day, commodity):
    """A number of a rule that was left out, moved by hand, leaves the state as it is."""
    network, events = case.network(), case.reports()
    result = sr.sensitivity(network, events, at=day, commodity=commodity)
    read = {key.partition(".")[0] for key in result.flips.index.get_level_values("key")}
    state = sr.disrupt(network, events, at=day, commodity=commodity).state
    strict = {
        rule.rule: {"capacity_factor": 0.0, "duration_days": 1.0}
        for rule in events.rules
        if rule.rule not in read and rule.capacity_factor_low < rule.capacity_factor_high
    }
    changed = events.ruled_by(events.rules.replacing(strict))
    assert sr.disrupt(network, changed, at=day, commodity=commodity).state == state
