"""Law 2: in a snapshot one more closure, delay or loss never helps anyone."""

from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.isolation import STATES
from supplyroutes.report_checks import report_from
from tests.strategies import cases, days, rules

lots = settings(max_examples=1000, deadline=None)
COUNTS = ("approaches", "approaches_free")
TIMES = ("travel_time_h", "free_time_h")
ADDED = (
    {"kind": "road_closed", "scope": "segment", "spot_known": "true"},
    {"kind": "road_closed", "scope": "segment", "spot_known": "true", "direction": "inbound"},
    {"kind": "checkpoint_extortion", "scope": "segment", "delay_h": "30"},
    {"kind": "vehicle_burning", "scope": "segment"},
    {"kind": "escort_only", "scope": "segment"},
    {"kind": "driver_strike", "scope": "segment"},
    {"kind": "town_siege", "scope": "point"},
    {"kind": "base_attack", "scope": "point", "delay_h": "5"},
)


def report(case, day, kind, place):
    """A report of something bad on the day, at a road or town of the case."""
    cells = {
        "event": "more", "start": day.isoformat(), "end": day.isoformat(), "basis": "reported",
        "confidence": "A", "text": "made up", "source": "assumption", "end_status": "recorded",
    }  # fmt: skip
    if ADDED[kind]["scope"] == "point":
        return {**cells, **ADDED[kind], "nodes": case.towns[place % len(case.towns)]["node"]}
    return {**cells, **ADDED[kind], "edges": case.roads[place % len(case.roads)]["edge"]}


def check_not_better(before, after, sources):
    """No town has a better state, a shorter time or more approaches than before."""
    for node in before.towns.index:
        old, new = before.towns.loc[node], after.towns.loc[node]
        assert STATES.index(new["state"]) >= STATES.index(old["state"]), node
        for column in TIMES:
            assert not new[column] < old[column], (node, column)
            assert not (old[column] != old[column] and new[column] == new[column]), (node, column)
        if node not in sources:
            for column in COUNTS:
                assert new[column] <= old[column], (node, column)


@lots
@given(cases(max_events=4), days, st.integers(0, 7), st.integers(0, 99))
def test_law_2_m01_one_more_report_never_helps(case, day, kind, place):
    """M1: one more closure, delay, loss or capacity cut worsens or leaves every town."""
    network, events = case.network(), case.reports()
    more = events.adding(report_from(_typed(report(case, day, kind, place))))
    before = sr.disrupt(network, events, at=day)
    after = sr.disrupt(network, more, at=day)
    sources = {network.topology.node_ids[node] for node in before.sources()}
    check_not_better(
        sr.isolation(before, baseline=network), sr.isolation(after, baseline=network), sources
    )
    for arc in range(len(before.state.status)):
        assert after.state.capacity_factor[arc] <= before.state.capacity_factor[arc]
        assert after.state.delay_h[arc] >= before.state.delay_h[arc]
        assert after.state.loss_prob[arc] >= before.state.loss_prob[arc]


def _typed(cells):
    """Cells as a dict of typed columns, as a caller would give them."""
    lists = ("edges", "nodes")
    row = {name: tuple(cell.split(";")) if name in lists else cell for name, cell in cells.items()}
    row["spot_known"] = row.get("spot_known") == "true"
    return row


@lots
@given(cases(max_events=5), days, st.integers(0, 64), st.sampled_from((0.0, 0.5, 1.0)))
def test_law_2_a_stricter_rule_never_helps(case, day, which, share):
    """Less capacity, more delay and more loss in an impact rule worsen or leave every town."""
    network, events = case.network(), case.reports()
    rule = list(rules())[which]
    strict = rules().replacing(
        {
            rule.rule: {
                "capacity_factor": rule.capacity_factor_best * share,
                "delay_h": rule.delay_h_best + 3 if rule.delay_as == "hours" else rule.delay_h_best,
                "loss_prob": max(rule.loss_prob_best, 0.5),
            }
        }
    )
    before = sr.disrupt(network, events, at=day)
    after = sr.disrupt(network, events.ruled_by(strict), at=day)
    sources = {network.topology.node_ids[node] for node in before.sources()}
    check_not_better(
        sr.isolation(before, baseline=network), sr.isolation(after, baseline=network), sources
    )


@lots
@given(cases(max_events=5), days)
def test_law_2_a_disturbed_day_is_never_better_than_the_baseline(case, day):
    """Whatever is reported, no town does better than if nothing had happened."""
    network, events = case.network(), case.reports()
    calm = sr.isolation(network.undisturbed(), baseline=network)
    told = sr.isolation(sr.disrupt(network, events, at=day), baseline=network)
    sources = {network.topology.node_ids[node] for node in network.sources()}
    check_not_better(calm, told, sources)
    ratios = told.towns["detour_ratio"].dropna()
    assert (ratios >= 1).all()
