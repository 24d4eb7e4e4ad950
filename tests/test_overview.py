"""The first answers of one day, together."""

from __future__ import annotations

import json

import supplyroutes as sr
from supplyroutes.analysis.corridors import corridor_states
from supplyroutes.analysis.isolation import isolation


def test_situation_holds_the_same_answers_as_the_single_calls():
    """A situation is the public calls side by side, not other code."""
    network, events = sr.datasets.mali()
    now = sr.situation(network, events, at="2025-10-15")
    day = sr.disrupt(network, events, at="2025-10-15")
    assert now.day == day
    assert now.isolation.towns.equals(isolation(day, baseline=network).towns)
    assert now.corridors.corridors.equals(corridor_states(day).corridors)


def test_since_is_the_first_day_of_the_run_of_the_present_state():
    """East is strained on 12 January only: T1 closes the north, T2 restricts the south.

    North itself is reached round by the south and the bridge.
    """
    network, events = sr.datasets.toy()
    now = sr.situation(network, events, at="2025-01-12")
    assert str(now.since["east"]) == "2025-01-12"
    assert now.town_changes.to_dict("records") == [
        {"node": "bridge", "before": "supplied", "after": "strained"},
        {"node": "east", "before": "supplied", "after": "strained"},
        {"node": "north", "before": "supplied", "after": "strained"},
    ]
    assert now.road_changes.to_dict("records") == [
        {"edge": "south--bridge", "before": "open", "after": "restricted"}
    ]


def test_assumptions_in_use_are_told_with_reason_and_source():
    """Every rule that acts on the day, and every number, has a reason and a source."""
    network, events = sr.datasets.toy()
    now = sr.situation(network, events, at="2025-01-12")
    assert now.assumed.loc["dwell_border_h", "value"] == 24
    assert {"T2"} == set(now.assumed_ends)
    assert now.assumed["reason"].str.len().min() > 10
    assert now.assumed["source"].str.len().min() > 3


def test_unknown_spot_is_told_as_assumed():
    """ML033 blocks Bamako-Segou somewhere: the middle is assumed, and said to be."""
    network, events = sr.datasets.mali()
    now = sr.situation(network, events, at="2025-09-07")
    assert "ML033" in now.assumed_spots


def test_situation_without_events_is_quiet():
    """No events: nothing changed, nothing cited, nothing known."""
    network, events = sr.datasets.toy()
    now = sr.situation(network, events.without("T1", "T2", "T3"), at="2025-01-12")
    assert now.summary()["strained"] == now.summary()["isolated"] == 0
    assert now.reports.empty
    assert now.town_changes.empty
    assert now.known_until is None


def test_to_dict_is_plain_json():
    """A situation turns into JSON without NaN and back."""
    network, events = sr.datasets.mali()
    answer = sr.situation(network, events, at="2025-10-15").to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    kidal = next(row for row in answer["isolation"]["towns"] if row["node"] == "kidal")
    assert kidal["travel_time_h"] is None
    assert kidal["state"] == "not_on_network"


def test_a_report_of_long_ago_does_not_stop_the_answer():
    """A ban told in 1905 is still looked at in 2025; since when is told for 100 years at most."""
    network, events = sr.datasets.toy()
    old = {
        "event": "OLD", "start": "1905-01-01", "end_status": "open_at_last_report",
        "kind": "avoidance", "basis": "reported", "scope": "segment", "edges": ["port--south"],
        "spot_known": True, "confidence": "C", "text": "Avoided.", "source": "test",
    }  # fmt: skip
    now = sr.situation(network, events.adding(old), at="2025-01-02")
    assert now.isolation.towns.loc["south", "state"] == "supplied"
    assert now.day.arcs["status"].loc["port--south"].tolist() == ["restricted", "restricted"]
