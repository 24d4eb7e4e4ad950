"""Reading scenario files: messages that name file, line and key."""

from __future__ import annotations

import datetime as dt

import pytest

import supplyroutes as sr

TOY = 'case = "toy"\ndate = 2025-01-12\n'


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
        ('case = "toy"\ndate = 2025-13-12\n', "is not a day of the calendar"),
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
        ('case = "toy"\ndate = 1025-01-12\n', 2, "the year must lie between 1900 and 2100"),
    ],
)
def test_unknown_case_commodity_and_year_are_told_with_their_line(scenario, text, line, message):
    """What can be known without the case is refused when the file is read."""
    with pytest.raises(sr.errors.DataError, match=message) as caught:
        sr.read_scenario(scenario(text))
    assert caught.value.problems[0].row == line


@pytest.mark.parametrize("day", ["2025-13-45", "2025-02-29"])
def test_a_day_that_there_is_not_is_called_so(scenario, day):
    """TOML only says that a new line was expected; other mistakes on the line stay its own."""
    path = scenario(f'case = "toy"\ndate = {day}  # the day\n')
    with pytest.raises(sr.errors.DataError, match=f":2: {day} is not a day of the calendar"):
        sr.read_scenario(path)
    path = scenario('case = "toy"\ndate = 2025-01-12 x\n')
    with pytest.raises(sr.errors.DataError, match=":2: is not TOML"):
        sr.read_scenario(path)
