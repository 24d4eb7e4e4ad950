"""What becomes of a case under suppositions, and what does not fit it."""

from __future__ import annotations

import datetime as dt

import pytest

import supplyroutes as sr

TOY = 'case = "toy"\ndate = 2025-01-12\n'


def test_removed_moved_and_added_reports(scenario):
    """Hand case: T1 moved away frees the north, a new closure cuts it again."""
    path = scenario(
        TOY
        + """
[events]
removed = ["T3"]
[events.moved]
T1 = {days = 30}
T2 = {start = 2025-01-11, end = 2025-01-13}
[[events.added]]
event = "X1"
start = 2025-01-12
end = 2025-01-12
kind = "road_closed"
basis = "assumed"
scope = "segment"
edges = ["north--bridge"]
spot_known = true
"""
    )
    results = sr.run(sr.read_scenario(path), analyses=())
    day = results.main.situation.day
    assert day.arcs["status"].loc["port--north"].tolist() == ["open", "open"]
    assert day.arcs["status"].loc["north--bridge"].tolist() == ["closed", "closed"]
    assert results.main.situation.isolation.towns.loc["east", "state"] == "strained"
    assert results.main.situation.reports.loc["T2", "end"] == dt.date(2025, 1, 13)


def test_assumptions_and_rules_overridden(scenario):
    """A road at 90 % of its capacity that is only restricted still strains; its number is used."""
    path = scenario(
        TOY + "[assumptions]\nstrained_capacity_share = 0.1\n[rules.R28]\ncapacity_factor = 0.9\n"
    )
    results = sr.run(sr.read_scenario(path), analyses=())
    assert results.main.situation.isolation.strained_capacity_share == 0.1
    assert results.recorded.situation.isolation.strained_capacity_share == 0.5
    assert results.main.situation.assumed.loc["strained_capacity_share", "value"] == 0.1


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('[events]\nremoved = ["T1", "T9"]\n', 4, "no event is called 'T9'"),
        ("[events.moved]\nT7 = {days = 1}\n", 4, "no event is called 'T7'"),
        ("[assumptions]\ndwell_boarder_h = 3\n", 4, "did you mean dwell_border_h"),
        ("[rules.R96]\ndelay_h = 3\n", 3, "no impact rule is called 'R96'"),
    ],
)
def test_unknown_names_are_told_with_their_line(scenario, text, line, message):
    """What the case does not have is found when it is run, and told with file and line."""
    path = scenario(TOY + text)
    with pytest.raises(sr.errors.DataError, match=message) as caught:
        sr.run(sr.read_scenario(path), analyses=())
    assert caught.value.problems[0].row == line


LINKED = """case = "mali"
date = 2025-10-15
[events.moved]
"""


@pytest.mark.parametrize("order", [("ML023", "ML020", "ML021"), ("ML021", "ML020", "ML023")])
@pytest.mark.parametrize("days", [5, -5])
def test_reports_that_name_each_other_are_moved_together(scenario, order, days):
    """ML020 and ML021 enforce ML023, which must not start later: moved as one, in any order."""
    path = scenario(LINKED + "".join(f"{event} = {{days = {days}}}\n" for event in order))
    results = sr.run(sr.read_scenario(path), analyses=())
    starts = {change.name: str(change.after.start) for change in results.main.changes}
    day = "2025-09-08" if days > 0 else "2025-08-29"
    assert starts == dict.fromkeys(order, day)
    assert all(change.after.enforces == change.before.enforces for change in results.main.changes)


def test_a_report_moved_past_one_that_names_it_is_refused(scenario):
    """ML023 alone cannot start after the reports that enforce it: both are told."""
    path = scenario(LINKED + "ML023 = {days = 5}\n")
    with pytest.raises(sr.errors.DataError, match="ML023 starts later") as caught:
        sr.run(sr.read_scenario(path), analyses=())
    told = str(caught.value)
    assert "event ML020: enforces" in told
    assert "event ML021: enforces" in told
    assert {problem.row for problem in caught.value.problems} == {3}


ADDED = """[[events.added]]
event = "X"
start = 2025-01-12
basis = "assumed"
scope = "segment"
"""


@pytest.mark.parametrize(
    ("text", "row", "column", "message"),
    [
        (
            ADDED + 'kind = "earthquake"\nedges = ["north--bridge"]\n',
            8,
            "events.added.0.kind",
            "not one of the choices",
        ),
        (ADDED + 'edges = ["north--bridge"]\n', 3, "events.added.0.kind", "a value is needed"),
        (
            ADDED + 'kind = "road_closed"\nedges = ["north--brige"]\n',
            9,
            "events.added.0.edges",
            "did you mean north--bridge",
        ),
        (
            ADDED + 'kind = "road_closed"\nedges = ["north--bridge"]\nedgs = ["x"]\n',
            10,
            "events.added.0.edgs",
            "mean edges",
        ),
        (
            ADDED.replace('"X"', '"T1"') + 'kind = "road_closed"\nedges = ["north--bridge"]\n',
            3,
            "events.added.0",
            "the id 'T1' is taken",
        ),
        ("[events.moved]\nT1 = {end = 2025-01-01}\n", 4, "events.moved.T1.end", "lies before"),
        ("[events.moved]\nT1 = {}\n", 4, "events.moved.T1", "say days, start or end"),
        ("[events.moved]\nT1 = {days = 9999999}\n", 4, "events.moved.T1", "calendar ends"),
        ("[assumptions]\n\ndwell_border_h = -3\n", 5, "assumptions.dwell_border_h", "from 0 up"),
        ("[rules.R28]\n\ncapacity_factor = 3\n", 5, "rules.R28.capacity_factor", "between 0 and"),
        ("[rules.R28]\ncapacity = 0.3\n", 4, "rules.R28.capacity", "mean capacity_factor"),
    ],
)
def test_what_does_not_fit_the_case_is_told_at_its_line(scenario, text, row, column, message):
    """Every fault of a what-if has file, line, key and what is wrong; no row is made up."""
    path = scenario(TOY + text)
    with pytest.raises(sr.errors.DataError, match=message) as caught:
        sr.run(sr.read_scenario(path), analyses=())
    (problem,) = caught.value.problems
    assert (problem.file, problem.row, problem.column) == (str(path), row, column)


def test_everything_that_does_not_fit_is_told_at_once(scenario):
    """Reports, assumptions and rules: one error."""
    path = scenario(
        TOY
        + 'events.removed = ["T8", "T9"]\nassumptions.dwell = 3\n'
        + "rules.R96.delay_h = 3\nrules.R28.capacity_factor = 3\n"
    )
    with pytest.raises(sr.errors.DataError) as caught:
        sr.run(sr.read_scenario(path), analyses=())
    rows = sorted(problem.row for problem in caught.value.problems)
    assert rows == [3, 3, 4, 5, 6]


def test_a_scenario_without_a_file_names_itself():
    """In Python there is no line: the key is told."""
    wrong = sr.Scenario(
        case="toy", date=dt.date(2025, 1, 12), events={"moved": {"T9": {"days": 1}}}
    )
    with pytest.raises(
        sr.errors.DataError, match=r"^scenario: events.moved.T9: no event is called 'T9'"
    ):
        sr.run(wrong, analyses=())


def test_changes_of_a_scenario_say_before_and_after():
    """Hand case: one change of each kind."""
    added = {"event": "X", "start": dt.date(2025, 1, 12), "kind": "road_closed",
             "basis": "assumed", "scope": "segment", "edges": ["north--bridge"]}  # fmt: skip
    asked = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        events={"removed": ["T3"], "moved": {"T1": {"days": 2}}, "added": [added]},
        assumptions={"dwell_border_h": 30.0},
        rules={"R28": {"capacity_factor": 0.4}},
    )
    results = sr.run(asked, analyses=())
    removed, moved, new, number, rule = results.main.changes
    assert (removed.kind, removed.before.event, removed.after) == ("removed", "T3", None)
    assert (str(moved.before.start), str(moved.after.start)) == ("2025-01-10", "2025-01-12")
    assert (new.kind, new.before, new.after.edges) == ("added", None, ("north--bridge",))
    assert (number.before, number.after, number.unit) == (24.0, 30.0, "h")
    assert (rule.name, rule.quantity, rule.before, rule.after) == (
        "R28", "capacity_factor", 0.5, 0.4,
    )  # fmt: skip
    alone = sr.run(sr.Scenario(case="toy", date=dt.date(2025, 1, 12)), analyses=())
    assert alone.main.changes == ()


def test_as_known_on_hides_what_came_later(scenario):
    """On 11 January nobody knew of T2."""
    path = scenario(TOY + "as_known_on = 2025-01-11\n")
    assert "T2" not in sr.run(sr.read_scenario(path), analyses=()).recorded.situation.reports.index


def test_the_id_of_an_added_report_is_read_like_a_cell():
    """Blanks around it do not count, as in the file."""
    added = {
        "event": " X1",
        "start": dt.date(2025, 1, 10),
        "kind": "road_closed",
        "basis": "assumed",
        "scope": "segment",
        "edges": ["port--north"],
        "spot_known": True,
    }
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), events={"added": [added]})
    assert [change.name for change in sr.run(scenario, analyses=()).main.changes] == ["X1"]
