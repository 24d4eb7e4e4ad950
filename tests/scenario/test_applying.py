"""A scenario put to its case: everything that does not fit is told at once."""

from __future__ import annotations

import datetime as dt
import warnings

import pytest

import supplyroutes as sr
from supplyroutes.scenario.applying import applied

TOY = 'case = "toy"\ndate = 2025-01-12\n'
WRONG = """
[demand_m3_per_day]
Eastt = 4
north = -1
East = 5
est = 6
"south:pover" = 3
[stock_m3]
nort = 4
south = -3
[convoys]
[[convoys.added]]
corridor = "NORT"
tankers = 3
leaves = 2025-01-12
[[convoys.added]]
corridor = "NORTH"
town = "South"
tankers = 3
leaves = 2025-01-12
[policies]
policy = "capitalfirst"
[analyses]
paths.to = [
  "East",
  "Wset",
]
stocks.start = 2025-01-20
"""


def test_towns_corridors_policies_and_days_are_told_at_once(scenario):
    """Each with its line, key and the nearest names."""
    with pytest.raises(sr.errors.DataError) as caught:
        applied(sr.read_scenario(scenario(TOY + WRONG)))
    found = [(one.row, one.column, one.message) for one in caught.value.problems]
    expected = [
        (5, "demand_m3_per_day.Eastt", "did you mean East"),
        (6, "demand_m3_per_day.north", "from 0 up"),
        (8, "demand_m3_per_day.est", "told twice"),
        (9, "demand_m3_per_day.south:pover", "did you mean power"),
        (11, "stock_m3.nort", "did you mean North"),
        (12, "stock_m3.south", "from 0 up"),
        (14, "convoys.added.0", "'NORT'; did you mean NORTH?"),
        (18, "convoys.added.1", "does not lead through South"),
        (24, "policies.policy", "did you mean capital_first"),
        (28, "analyses.paths.to.1", "no town is called 'Wset'"),
        (30, "analyses.stocks", "lies outside of the stocks"),
    ]
    assert [place[:2] for place in found] == [place[:2] for place in expected]
    for (_, _, message), (_, key, words) in zip(found, expected, strict=True):
        assert words in message, key


def test_a_policy_that_would_go_unread_is_refused(scenario):
    """It counts with ranks only; a what-if may set them on top of another."""
    path = scenario(f'{TOY}[policies]\npolicy = "essential"\n')
    with pytest.raises(sr.errors.DataError, match='with allocation = "priority" only'):
        applied(sr.read_scenario(path))
    text = f'{TOY}policies.allocation = "priority"\n[what_if.a]\npolicies.policy = "essential"\n'
    assert set(applied(sr.read_scenario(scenario(text))).cases) == {"recorded", "scenario", "a"}


def test_more_days_than_anyone_can_use_are_refused():
    """A slip of the year would run for minutes."""
    asked = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        analyses={"stocks": {"end": dt.date(2052, 1, 1)}},
    )
    with pytest.raises(sr.errors.DataError, match="more than 1000 days"):
        applied(asked)


@pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
def test_a_day_at_an_end_of_the_calendar_is_refused(day):
    """The stocks would begin before it, or end after it; a copy is not checked like a file."""
    asked = sr.Scenario(case="toy", date=dt.date(2025, 1, 12)).model_copy(update={"date": day})
    with pytest.raises(sr.errors.DataError, match="would leave the calendar"):
        applied(asked)


def test_own_stocks_without_a_day_are_warned_of():
    """They are those of the first day of the stocks; only where stocks are worked out."""
    day = dt.date(2025, 1, 12)
    own = sr.Scenario(case="toy", date=day, what_if={"full": {"stock_m3": {"east": 500}}})
    with pytest.warns(sr.errors.AssumptionWarning, match="hold on 2024-11-28, the first day"):
        applied(own, wanted=("stocks",))
    named = own.model_copy(
        update={"analyses": sr.Scenario(
            case="toy", date=day, analyses={"stocks": {"start": day}}).analyses}
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        applied(own)
        applied(named, wanted=("stocks",))


def test_another_number_of_no_convoys_is_warned_of():
    """The toy case has none to expect."""
    asked = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        convoys={},
        what_if={
            "more": {"convoys": {"number_ratio": 2}},
            "none": {"convoys": {"expected": False}},
        },
    )
    with pytest.warns(sr.errors.AssumptionWarning) as caught:
        applied(asked, wanted=("stocks",))
    (one,) = caught
    assert str(one.message).startswith("what_if.more.convoys.number_ratio changes nothing")


def test_a_report_added_by_one_part_is_moved_by_another():
    """A what-if may move what the scenario adds."""
    closed = {"event": "X", "start": dt.date(2025, 1, 12), "kind": "road_closed",
              "basis": "assumed", "scope": "segment", "edges": ["bridge--east"]}  # fmt: skip
    asked = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        events={"added": [closed]},
        what_if={"later": {"events": {"moved": {"X": {"days": 3}}}}},
    )
    put = applied(asked)
    assert put.cases["scenario"][1]["X"].start == dt.date(2025, 1, 12)
    assert put.cases["later"][1]["X"].start == dt.date(2025, 1, 15)
    results = sr.run(asked, analyses=())
    (change,) = results.entries["later"].changes
    assert (change.kind, change.after.start) == ("added", dt.date(2025, 1, 15))
