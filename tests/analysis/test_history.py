"""Since when: states over a timeline."""

from datetime import date

import supplyroutes as sr
from supplyroutes.analysis.history import isolation_history
from tests.strategies import events_of
from tests.toy import network, told

ROADS = "bridge--east;bridge--east--old"


def history(start, end, *rows):
    """The history of the toy network."""
    days = sr.timeline(network(), events_of(rows), start=start, end=end)
    return isolation_history(days)


def test_changes_and_since_when():
    """East cut off from 10 to 12 January, then escorted: strained from the 13th."""
    rows = (
        told("a", edges=ROADS, spot_known="true", end="2025-01-12"),
        told("b", kind="military_operation", commodity="fuel", edges=ROADS, start="2025-01-13"),
    )
    found = history("2025-01-08", "2025-01-15", *rows)
    assert found.changes.values.tolist() == [
        [date(2025, 1, 10), "east", "supplied", "isolated"],
        [date(2025, 1, 13), "east", "isolated", "strained"],
    ]
    assert found.since["east"] == date(2025, 1, 13)
    assert found.since["north"] == date(2025, 1, 8)
    assert found.states.loc[date(2025, 1, 12), "east"] == "isolated"
    assert found.summary() == {
        "east": {"isolated": 3, "strained": 3, "supplied": 2},
        "mine": {"not_on_network": 8},
    }


def test_a_history_that_begins_in_a_blockade_has_no_first_change():
    """The first day is no change: "since then or earlier"."""
    found = history("2025-01-10", "2025-01-11", told("a", edges=ROADS, spot_known="true"))
    assert len(found.changes) == 0
    assert found.since["east"] == date(2025, 1, 10)


def test_history_as_plain_values_and_html():
    """Dates are text."""
    found = history("2025-01-09", "2025-01-10", told("a", edges=ROADS, spot_known="true"))
    plain = found.to_dict()
    assert (plain["start"], plain["end"], plain["commodity"]) == (
        "2025-01-09", "2025-01-10", "fuel"
    )  # fmt: skip
    assert plain["changes"] == [
        {"date": "2025-01-10", "node": "east", "before": "supplied", "after": "isolated"}
    ]
    assert plain["since"]["east"] == "2025-01-10"
    assert "isolated" in found._repr_html_()
