"""Laws of reliability, on random networks and reports, against trying every outcome."""

from dataclasses import replace
from datetime import date, timedelta
from math import sqrt

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.doubt import chances
from supplyroutes.analysis.doubt.causes import Chance, causes_of
from supplyroutes.analysis.doubt.town_chances import TownChances
from supplyroutes.analysis.isolation import town_states
from tests.oracles import brute_reliability as brute
from tests.strategies import FIRST_DAY, cases, commodities, days, events_of

MOST_DRAWS = 8
RARE = (HealthCheck.filter_too_much,)
"""Many random days have no report in doubt at all."""
STATES = ("supplied_prob", "strained_prob", "isolated_prob")


@st.composite
def questions(draw, most=MOST_DRAWS):
    """A network, its reports, a day and a commodity, with few draws."""
    case = draw(cases(max_events=6))
    network, events = case.network(), case.reports()
    day, commodity = draw(days), draw(commodities)
    causes = causes_of(network, events, day, commodity)
    assume(len(causes.draws) <= most)
    return network, events, day, commodity, causes


def asked(network, events, day, commodity, **options):
    """The result, without warnings of demand that is not recorded."""
    return sr.reliability(network, events, at=day, commodity=commodity, **options)


@settings(max_examples=150, deadline=None)
@given(questions())
def test_probabilities_equal_trying_every_outcome(question):
    """To 1e-12, all three states of every town; pictures too."""
    network, events, day, commodity, causes = question
    risk = asked(network, events, day, commodity)
    exact = brute.every_state(causes)
    for town, row in enumerate(risk.towns.to_dict("records")):
        if row["method"] == "off_network":
            assert exact[town][2] == 1
            continue
        assert row["method"] == "exact"
        for name, wanted in zip(STATES, exact[town], strict=True):
            assert row[name] == pytest.approx(float(wanted), abs=1e-12)


@settings(max_examples=60, deadline=None)
@given(questions(6))
def test_pictures_are_the_sets_that_happen_and_the_likeliest_first(question):
    """Their probabilities equal those of trying every outcome; none likelier is left out."""
    network, events, day, commodity, causes = question
    risk = asked(network, events, day, commodity)
    ids = network.topology.node_ids
    on = [node for node, row in risk.towns.iterrows() if row["method"] != "off_network"]
    for level, worst in (("not_supplied", 1), ("isolated", 2)):
        found = {}
        for _, weight, states in brute.pictures(causes):
            hit = tuple(node for node in on if states[ids.index(node)] >= worst)
            found[hit] = found.get(hit, 0) + weight
        told = risk.pictures[risk.pictures["level"] == level]
        assert told["proven"].all()
        for towns, prob in zip(told["towns"], told["prob"], strict=True):
            assert prob == pytest.approx(float(found.pop(towns)), abs=1e-12)
        if found:
            assert max(map(float, found.values())) <= told["prob"].min() + 1e-12
            assert len(told) == 10


@settings(max_examples=60, deadline=None)
@given(questions(6))
def test_checks_are_the_change_that_an_answer_would_make(question):
    """Expected total variation, gain and flips, by conditioning on every outcome."""
    network, events, day, commodity, causes = question
    risk = asked(network, events, day, commodity)
    ids = network.topology.node_ids
    on = [ids.index(n) for n, row in risk.towns.iterrows() if row["method"] != "off_network"]
    every = list(brute.pictures(causes))
    told = {event: row for row in risk.checks.to_dict("records") for event in row["reports"]}
    for cause in causes.causes.values():
        sides = {True: [], False: []}
        for falls, weight, states in every:
            sides[all(falls[draw] == fall for draw, fall in cause.holds)].append((weight, states))
        change = gain = 0.0
        for town in on:
            now = [sum(w for w, s in sides[True] + sides[False] if s[town] == k) for k in range(3)]
            gain -= float(max(now))
            for side in sides.values():
                total = sum(weight for weight, _ in side)
                parts = [sum(w for w, s in side if s[town] == k) for k in range(3)]
                gain += float(max(parts, default=0))
                change += (
                    float(sum(abs(p - total * n) for p, n in zip(parts, now, strict=True))) / 2
                )
        for event in cause.reports:
            row = told.get(event, {"change_people": 0.0, "gain_people": 0.0})
            assert row["change_people"] == pytest.approx(change, abs=1e-8)
            assert row["gain_people"] == pytest.approx(gain, abs=1e-8)


@settings(max_examples=100, deadline=None)
@given(cases(max_events=6), days, commodities)
def test_if_every_report_holds_the_states_are_those_of_the_day(case, day, commodity):
    """With what ran out not in force, and every spot known, the picture is that of `isolation`."""
    network = case.network()
    events = sr.Events([replace(r, spot_known=True) for r in case.reports()], case.reports().rules)
    causes = causes_of(network, events, day, commodity)
    lapsed = {
        draw
        for cause in causes.causes.values()
        if cause.status == "lapsed"
        for draw, _ in cause.holds
        if causes.draws[draw].part == "in_force"
    }
    falls = [number not in lapsed for number in range(len(causes.draws))]
    today = sr.disrupt(network, events, at=day, commodity=commodity)
    passable = brute.reached(causes, causes.shut, falls)
    free = brute.reached(causes, causes.hindered, falls)
    for town, state in enumerate(town_states(today, causes.network)):
        if state < 3:
            assert state == (0 if town in free else 1 if town in passable else 2)


@settings(max_examples=100, deadline=None, suppress_health_check=RARE)
@given(questions(), st.integers(0, 99), st.floats(0, 1))
def test_a_likelier_report_never_helps(question, which, more):
    """M13: no town is likelier to be supplied, or less likely to be isolated."""
    *_, causes = question
    assume(causes.draws)
    number = which % len(causes.draws)
    assume(causes.draws[number].part != "spot")
    low, high = sorted((causes.draws[number].chance.best, more))
    rows = []
    for chance in (low, high):
        draws = list(causes.draws)
        draws[number] = draws[number]._replace(chance=Chance(chance, chance, chance))
        reading = TownChances(replace(causes, draws=tuple(draws)), 64, 1)
        rows.append([reading.row(town) for town in range(len(reading.on))])
    for before, after in zip(*rows, strict=True):
        if before["method"] == "exact":
            assert 0 <= after["supplied_prob"] <= before["supplied_prob"] + 1e-12 <= 1 + 1e-11
            assert after["isolated_prob"] + 1e-12 >= before["isolated_prob"] >= 0


@settings(max_examples=60, deadline=None, suppress_health_check=RARE)
@given(questions())
def test_factoring_on_a_draw(question):
    """M13: P = p P(given yes) + (1 - p) P(given no), for every draw and town."""
    *_, causes = question
    assume(causes.draws)
    for number, draw in enumerate(causes.draws):
        found = {}
        for chance in (draw.chance.best, 1.0, 0.0):
            draws = list(causes.draws)
            draws[number] = draw._replace(chance=Chance(chance, chance, chance))
            reading = TownChances(replace(causes, draws=tuple(draws)), 64, 1)
            found[chance] = [
                reading.row(town).get("supplied_prob", 0) for town in range(len(reading.on))
            ]
        p = draw.chance.best
        for whole, yes, no in zip(found[p], found[1.0], found[0.0], strict=True):
            assert whole == pytest.approx(p * yes + (1 - p) * no, abs=1e-12)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(questions())
def test_samples_lie_within_four_standard_errors(question):
    """Given no room for diagrams the same question is sampled; certain things stay exact."""
    network, events, day, commodity, _ = question
    exact = asked(network, events, day, commodity)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chances, "MOST_DIAGRAMS", 2)
        drawn = asked(network, events, day, commodity, samples=8_000, seed=7)
    for node, row in drawn.towns.iterrows():
        for name in STATES if row["method"] == "sampled" else ():
            p = exact.towns.loc[node, name]
            assert abs(row[name] - p) <= 4 * sqrt(p * (1 - p) / 8_000) + 1e-12


@st.composite
def blocked_roads(draw):
    """A two-way network in which reports close some roads, each one alone."""
    case = draw(cases(two_way=True))
    shut = draw(st.lists(st.sampled_from(case.roads), max_size=8, unique_by=lambda r: r["edge"]))
    rows = [
        {
            "event": f"e{number}", "start": "2025-01-01", "end": "2025-01-31",
            "kind": draw(st.sampled_from(("road_closed", "checkpoint_extortion"))),
            "basis": draw(st.sampled_from(("reported", "assumed"))),
            "confidence": draw(st.sampled_from("ABCD")),
            "scope": "segment", "edges": road["edge"], "spot_known": "true",
            "end_status": "recorded",
        }
        for number, road in enumerate(shut)
    ]  # fmt: skip
    return case.network(), events_of(rows)


@settings(max_examples=150, deadline=None)
@given(blocked_roads())
def test_roads_that_fail_apart_are_exact_however_many(question):
    """By frontier, without any diagram of a town, to 1e-12: also at the ends of the ranges."""
    network, events = question
    exact = asked(network, events, FIRST_DAY, "fuel")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chances, "MOST_EXACT_DRAWS", -1)
        apart = TownChances(causes_of(network, events, FIRST_DAY, "fuel"), 64, 1)
        assert apart.apart
        for town, row in enumerate(exact.towns.to_dict("records")):
            found = apart.row(town)
            assert found["method"] == row["method"]
            for name in found.keys() - {"method"}:
                assert found[name] == pytest.approx(row[name], abs=1e-12)
        assert apart.drawn == 0


def test_days_far_off_and_no_reports():
    """Before everything nothing is in doubt."""
    network, events = sr.datasets.toy()
    risk = sr.reliability(network, events, at=FIRST_DAY - timedelta(days=900))
    assert risk.summary()["causes"] == risk.summary()["in_doubt"] == 0
    assert risk.at == date(2022, 7, 16)
    assert risk.checks.empty
