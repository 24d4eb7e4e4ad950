"""Grids: one scenario for each combination of values, named for files, each checked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.scenario.grids import alone, expanded
from supplyroutes.scenario.merging import suppositions
from supplyroutes.scenario.model import NAME, Scenario

DAY = dt.date(2025, 1, 12)
TOY = 'title = "T"\ncase = "toy"\ndate = 2025-01-12\n'


def asked(grid, **more):
    """A scenario of the toy case with a grid."""
    return Scenario(case="toy", date=DAY, grid=grid, **more)


def test_a_grid_is_every_combination_the_first_key_slowest():
    """Hand case: 2 x 3, with values that only one of them has."""
    found = expanded(
        asked(
            {
                "assumptions.dwell_border_h": [12, 0.5],
                "season": ["dry", "wet"],
                "fleet.tankers": [9],
            },
            title="T",
            assumptions={"stale_report_days": 4},
        )
    )
    assert list(found) == [
        "dwell_border_h-12_season-dry_tankers-9",
        "dwell_border_h-12_season-wet_tankers-9",
        "dwell_border_h-0p5_season-dry_tankers-9",
        "dwell_border_h-0p5_season-wet_tankers-9",
    ]
    one = found["dwell_border_h-0p5_season-wet_tankers-9"]
    assert one.assumptions == {"stale_report_days": 4, "dwell_border_h": 0.5}
    assert (one.season, one.fleet.tankers, one.grid) == ("wet", 9, {})
    assert one.title == "T (assumptions.dwell_border_h = 0.5, season = wet, fleet.tankers = 9)"


def test_without_a_grid_there_is_the_scenario_itself():
    """So that who goes over them need not ask."""
    scenario = asked({})
    assert expanded(scenario) == {"scenario": scenario}


def test_days_lists_and_what_ifs_can_change():
    """Dates by their day; lists as a whole; an entry of a list by its place; a what-if's keys."""
    grid = {
        "date": [dt.date(2025, 1, 11), DAY],
        "events.removed": [[], ["T1"], ["T1", "T2"]],
        "what_if.end.events.ended.0.on": [dt.date(2025, 1, 10)],
        "what_if.end.of": ["recorded"],
    }
    ending = {"events": {"ended": [{"on": DAY, "kinds": ["road_closed"]}]}}
    found = expanded(asked(grid, what_if={"end": ending}))
    assert len(found) == 6
    assert [one.date.day for one in found.values()] == [11, 11, 11, 12, 12, 12]
    last = list(found.values())[-1]
    assert last.events.removed == ["T1", "T2"]
    assert last.what_if["end"].of == "recorded"
    assert suppositions(last)["end"].events.ended[0].on == dt.date(2025, 1, 10)
    assert len({*found}) == 6
    assert next(iter(found)).startswith("date-2025-01-11_removed-x_on-2025-01-10_of-recorded-")


def test_values_of_many_shapes_have_names_of_their_own_that_stay():
    """What looks alike in a file name is told apart by a digest; more values change no name."""
    values = ["a b", "a-b", "a/b", "../a", "é", "<b>", "x" * 300, "", "=1"]
    few = list(expanded(asked({"analyses.paths.to": [[name] for name in values[:4]]})))
    many = list(expanded(asked({"analyses.paths.to": [[name] for name in values]})))
    assert many[:4] == few
    assert len(set(many)) == len(values)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,100}", name) for name in many)


NUMBERS = st.lists(
    st.integers(-(10**6), 10**6) | st.floats(allow_nan=False, allow_infinity=False),
    min_size=1,
    max_size=4,
    unique_by=repr,
)


@given(NUMBERS, st.lists(st.text(max_size=12), min_size=1, max_size=4, unique=True))
def test_names_are_unique_and_safe_whatever_the_values(numbers, texts):
    """Law: as many scenarios as combinations, each name a file name anywhere."""
    found = expanded(asked({"assumptions.x": numbers, "policies.policy": texts}))
    assert len(found) == len(numbers) * len(texts)
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{1,100}", name) for name in found)
    assert all(NAME.match(name) for name in found)


def test_labels_are_as_long_as_they_must_be():
    """Two keys of one last part are told apart by the part above."""
    found = expanded(asked({"rules.R1.delay_h": [1], "rules.R2.delay_h": [2], "season": ["dry"]}))
    assert list(found) == ["R1-delay_h-1_R2-delay_h-2_season-dry"]


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ('"assumptons.x" = [1]', 5, "grid.assumptons.x.0", "unknown key; did you mean assumpt"),
        ('"fleet.tankers" = [1,\n "2",\n -3]', 6, "grid.fleet.tankers.1", "write it without quot"),
        ('"fleet.tankers" = [1,\n "2",\n -3]', 7, "grid.fleet.tankers.2", "from 0 up is needed"),
        ('"a b" = [1]', 5, "grid.a b", "is no key; write for example assumptions"),
        ('"date" = [2025-01-12, 2025-01-12]', 5, "grid.date", "has the same value twice"),
        ('"date" = []', 5, "grid.date", "has no values: list them in square brackets"),
        ('"date" = 2025-01-12', 5, "grid.date", "a list is needed, in square brackets"),
        ('"date.x" = [1]', 5, "grid.date.x.0", "leads to nothing that could be changed"),
        (
            '"events.ended.3.on" = [2025-01-12]',
            5,
            "grid.events.ended.3.on.0",
            "a list is needed",
        ),
        ('"case" = ["toy", "mali"]', 5, "grid.case", "a grid is of one case"),
        ('"grid.x" = [1]', 5, "grid.grid.x", "a grid has no grid"),
        ('"outputs.lang" = ["en"]', 5, "grid.outputs.lang", "named by the batch"),
        ('"title" = ["en"]', 5, "grid.title", "titled by its values"),
        ('"what_if.a.season" = ["dry"]', 5, "grid.what_if.a.season", "known: truce"),
        ('"what_if.truce.of" = ["x"]', 5, "grid.what_if.truce.of.0", "no what-if is called 'x'"),
        (
            '"fleet" = [{}]\n"fleet.tankers" = [3]',
            6,
            "grid.fleet.tankers",
            "changes what fleet changes",
        ),
    ],
)
def test_what_a_grid_cannot_do_is_told_at_its_line(scenario, text, line, column, message):
    """Keys, values and what-ifs: every value alone, when the file is read."""
    path = scenario(f"{TOY}[grid]\n{text}\n[what_if.truce]\n")
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(path)
    found = {one.column: one for one in caught.value.problems}
    assert found[column].row == line
    assert message in found[column].message


def test_ten_thousand_are_the_most(scenario):
    """100 x 100 are made; one more value is refused before any is made."""
    grid = {"assumptions.a": list(range(100)), "assumptions.b": list(range(100))}
    assert len(list(alone(asked(grid)))) == 200
    path = scenario(
        f"{TOY}[grid]\nseed = {list(range(101))}\n'fleet.tankers' = {list(range(100))}\n"
    )
    with pytest.raises(sr.errors.DataError, match="makes 10100 scenarios; at most 10000") as caught:
        sr.read_scenario(path)
    assert [problem.row for problem in caught.value.problems] == [4]
    with pytest.raises(sr.errors.DataError, match="at most 10000"):
        expanded(asked({"seed": list(range(10_001))}))


def test_values_that_cannot_stand_together_are_told():
    """Each alone is in order: together two what-ifs are of each other."""
    grid = {"what_if.a.of": ["b"], "what_if.b.of": ["a"]}
    with pytest.raises(sr.errors.DataError, match="leads back"):
        expanded(asked(grid, what_if={"a": {}, "b": {}}))
