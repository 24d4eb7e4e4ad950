"""Scenario files: the what-if, and messages that name file, line and key."""

from __future__ import annotations

import datetime as dt
import json

import pytest

import supplyroutes as sr
from supplyroutes.scenario.lines import line_of

SCENARIOS = sorted((sr.datasets.folder("mali") / "scenarios").glob("*.toml"))
TOY = 'case = "toy"\ndate = 2025-01-12\n'


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario file and return its path."""

    def write(text, name="scenario.toml"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
        return path

    return write


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_bundled_scenarios_run_and_turn_into_json(path):
    """Every scenario of the Mali case is answered, and its answer is plain."""
    results = sr.run(sr.read_scenario(path), analyses=())
    answer = results.to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    changes = results.scenario.changes_anything
    assert changes == (path.stem != "as_recorded")


def test_reopening_the_ivorian_roads_supplies_bamako():
    """Without the reports on the roads from the Ivory Coast, Bamako has a free road again."""
    path = sr.datasets.folder("mali") / "scenarios" / "ivorian_roads_reopened.toml"
    row = sr.run(sr.read_scenario(path), analyses=()).differences().loc["bamako"]
    assert (row["state_recorded"], row["state_what_if"]) == ("strained", "supplied")


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


def test_folder_is_relative_to_the_file(scenario, tmp_path):
    """A scenario finds the folder beside it wherever it is run from."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "mine")
    path = scenario('folder = "mine"\ndate = 2025-01-12\n')
    assert sr.run(sr.read_scenario(path), analyses=()).recorded.situation.isolation.towns.loc[
        "east", "state"
    ]


def test_every_problem_is_named_with_line_and_key(scenario):
    """Unknown keys, wrong types and a missing date: one error, each with its line."""
    path = scenario(
        'case = "toy"\ncomodity = "fuel"\ntracks = "yes"\n[events]\nremovd = ["T1"]\n'
        "[assumptions]\ndwell_border_h = nan\n"
    )
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(path)
    told = {(problem.row, problem.column) for problem in caught.value.problems}
    assert told == {
        (None, "date"),
        (2, "comodity"),
        (3, "tracks"),
        (5, "events.removd"),
        (7, "assumptions.dwell_border_h"),
    }
    assert "did you mean commodity?" in str(caught.value)
    assert "did you mean removed" in str(caught.value)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('case = "toy"\ndate = "2025-01-12"\n', "write a date without quotes"),
        ('case = "toy"\ndate = 2025-01-12T10:00:00\n', "or time: 2025-10-15, not 2025-01-12T10:"),
        ('case = "toy"\ndate = 2025-13-12\n', "is not TOML"),
        ('case = "toy"\ncase = "mali"\n', r":2: is not TOML"),
        ("date = 2025-01-12\n", "name either a case or a folder"),
        ('case = "toy"\nfolder = "x"\ndate = 2025-01-12\n', "name either a case or a folder"),
        ('case = "toy"\ndate = 2025-01-12\ncommodity = "fule"\n', "did you mean fuel"),
        ("[open\n", r":1: is not TOML"),
        ("x = " + "[" * 60_000, "nested too deeply|is not TOML"),
        (b'title = "\xff"', "is not UTF-8"),
        (b"x" * 1_000_001, "at most"),
    ],
)
def test_rel_032_bad_toml_is_refused(scenario, text, message):
    """What is not a scenario is refused in one sentence, without a traceback."""
    with pytest.raises(sr.errors.DataError, match=message):
        sr.read_scenario(scenario(text))


def test_missing_file_is_bad_input(tmp_path):
    """A scenario that is not there is refused by name."""
    with pytest.raises(sr.errors.DataError, match=r"none\.toml: cannot be read"):
        sr.read_scenario(tmp_path / "none.toml")


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
        sr.run(wrong)


def test_where_a_scenario_was_written_is_no_part_of_it(scenario):
    """Two scenarios that ask the same are equal; a changed copy still knows its file."""
    path = scenario(TOY + '[events]\nremoved = ["T9"]\n')
    read = sr.read_scenario(path)
    asked = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), events={"removed": ["T9"]})
    assert read == asked
    with pytest.raises(sr.errors.DataError, match=r"scenario\.toml:4: events\.removed"):
        sr.run(read.model_copy(update={"tracks": True}))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('case = "tos"\ndate = 2025-01-12\n', 1, "did you mean toy"),
        ('date = 2025-01-12\ncase = "toy"\ncommodity = "fule"\n', 3, "did you mean fuel"),
    ],
)
def test_unknown_case_and_commodity_are_told_with_their_line(scenario, text, line, message):
    """What can be known without the case is refused when the file is read."""
    with pytest.raises(sr.errors.DataError, match=message) as caught:
        sr.read_scenario(scenario(text))
    assert caught.value.problems[0].row == line


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
    results = sr.run(asked)
    removed, moved, new, number, rule = results.main.changes
    assert (removed.kind, removed.before.event, removed.after) == ("removed", "T3", None)
    assert (str(moved.before.start), str(moved.after.start)) == ("2025-01-10", "2025-01-12")
    assert (new.kind, new.before, new.after.edges) == ("added", None, ("north--bridge",))
    assert (number.before, number.after, number.unit) == (24.0, 30.0, "h")
    assert (rule.name, rule.quantity, rule.before, rule.after) == (
        "R28", "capacity_factor", 0.5, 0.4,
    )  # fmt: skip
    assert sr.run(sr.Scenario(case="toy", date=dt.date(2025, 1, 12))).changes == ()


def test_line_of_finds_tables_of_arrays():
    """The second added report's key is found in the second table."""
    text = '[[events.added]]\nevent = "A"\n[[events.added]]\nevent = "B"\n'
    assert line_of(text, ("events", "added", 1, "event")) == 4
    assert line_of(text, ("events", "added", 0, "kind")) == 1
    assert line_of(text, ("title",)) is None
    assert line_of("a.b.c = 1\na.b.d = 2\n", ("a", "b")) == 1
    assert line_of("[a]\nb.c = 1\n", ("a", "b")) == 2


def test_as_known_on_hides_what_came_later(scenario):
    """On 11 January nobody knew of T2."""
    path = scenario(TOY + "as_known_on = 2025-01-11\n")
    assert "T2" not in sr.run(sr.read_scenario(path), analyses=()).recorded.reports.index


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
    assert [change.name for change in sr.run(scenario).changes] == ["X1"]
