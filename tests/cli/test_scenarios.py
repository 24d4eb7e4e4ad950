"""supplyroutes scenario new, check, schema; and --fail-if with what it needs."""

from __future__ import annotations

import json

import pytest

import supplyroutes as sr

NEW = ("scenario", "new")
TOY = ("--case", "toy", "--date", "2025-01-12")
FILE = """\
title = "Two\\u202e what-ifs"
case = "toy"
date = 2025-01-12
[analyses]
only = ["stocks", "flow"]
[what_if.lifted]
events.removed = ["T1"]
[what_if.lifted_and_slow]
of = "lifted"
assumptions.dwell_border_h = 48
[grid]
"assumptions.dwell_border_h" = [12, 24]
[outputs]
reports = ["out.html"]
"""


@pytest.fixture
def file(tmp_path):
    """Write a scenario file and return its path."""

    def write(text=FILE, name="my.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_new_file_is_written_checked_and_run(cli, tmp_path, lang):
    """From nothing to a first answer in three commands."""
    path = tmp_path / "mine.toml"
    code, out, err = cli(*NEW, path, *TOY, "--lang", lang)
    assert (code, out, err) == (0, "", f"written: {path}\n")
    code, out, _ = cli("scenario", "check", path, "--lang", lang)
    assert (code, out.splitlines()[0].endswith(("no errors.", "aucune erreur."))) == (0, True)
    assert cli("run", path, "--lang", lang)[0] == 0
    text = path.read_text(encoding="utf-8")
    assert f"supplyroutes scenario check {path.name}" in text


def test_a_new_file_never_takes_the_place_of_another(cli, file, tmp_path):
    """Nor of a link that leads nowhere; a scenario file ends in .toml."""
    path = file("mine")
    code, out, err = cli(*NEW, path, *TOY)
    assert (code, out, "is there already" in err) == (2, "", True)
    assert path.read_text(encoding="utf-8") == "mine"
    (tmp_path / "link.toml").symlink_to(tmp_path / "nowhere")
    assert cli(*NEW, tmp_path / "link.toml", *TOY)[0] == 2
    assert "ends in .toml" in cli(*NEW, tmp_path / "mine.txt", *TOY)[2]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link.toml", "my.toml"]


def test_a_new_file_for_a_folder_names_it_from_where_the_file_is(cli, tmp_path):
    """And a folder that is no case is told as such, before anything is written."""
    cli("copy", "toy", tmp_path / "case")
    (tmp_path / "files").mkdir()
    path = tmp_path / "files" / "x.toml"
    day = ("--date", "2025-01-12")
    assert cli(*NEW, path, "--folder", tmp_path / "case", *day)[0] == 0
    assert 'folder = "../case"' in path.read_text(encoding="utf-8")
    assert cli("scenario", "check", path)[0] == 0
    other = tmp_path / "y.toml"
    assert cli(*NEW, other, "--folder", tmp_path / "files", *day)[0] == 3
    assert cli(*NEW, other, "--case", "tos", *day)[0] == 2
    assert cli(*NEW, other, "--case", "toy", "--folder", tmp_path / "case", *day)[0] == 2
    assert cli(*NEW, other, "--case", "toy")[0] == 2
    assert cli(*NEW, tmp_path / "none" / "z.toml", *TOY)[0] == 5
    assert not other.exists()


def test_check_says_what_a_scenario_will_do(cli, file):
    """Entries, grid, analyses, days and files; hidden characters of a title are left out."""
    code, out, err = cli("scenario", "check", file())
    assert (code, err) == (0, "")
    assert out.splitlines()[1:] == [
        "  Two what-ifs: Fuel, 12 January 2025.",
        "  The day as recorded.",
        "  What-if lifted: 1 change to scenario.",
        "  What-if lifted_and_slow: 1 change to lifted.",
        "  Grid: 2 scenarios, dwell_border_h-12, dwell_border_h-24.",
        "  Worked out besides states and corridors: what roads can deliver, stocks day by day.",
        "  Stocks from 28 Nov 2024 to 11 Feb 2025.",
        "  Files to write: out.html.",
    ]
    plain = file('case = "toy"\ndate = 2025-01-12\nanalyses.only = []\nseason = "wet"\n')
    out = cli("scenario", "check", plain, "--lang", "fr")[1]
    assert "Scénario sans titre\u202f: Carburant, 12 janvier 2025." in out
    assert "Le scénario lui-même\u202f: 1 changement." in out
    assert "états et corridors." in out


def test_check_tells_the_problems_of_all_files_and_what_is_right(cli, file):
    """Code 3; a grid is put to the case value by value."""
    wrong = file('case = "toy"\ndate = 2025-01-12\nfleet.tankers = -1\n', "a.toml")
    grid = file(
        'case = "toy"\ndate = 2025-01-12\n[grid]\n"events.removed" = [\n["T1"],\n["T9"]]\n'
        '"assumptions.dwell_boarder_h" = [1, 2]\n',
        "b.toml",
    )
    code, out, err = cli("scenario", "check", wrong, file(), grid)
    assert code == 3
    assert "my.toml: no errors." in out
    lines = err.splitlines()
    assert lines[0].startswith(f"{wrong}:3: fleet.tankers: a number from 0 up is needed")
    assert lines[1].startswith(f"{grid}:6: grid.events.removed.1: no event is called 'T9'")
    assert [line.partition(": ")[0] for line in lines[2:]] == [f"{grid}:7", f"{grid}:7"]
    assert "did you mean dwell_border_h?" in lines[2]


def test_own_stocks_without_a_day_are_noted(cli, file):
    """What is assumed is said on stderr."""
    path = file('case = "toy"\ndate = 2025-01-12\nstock_m3.east = 5\n')
    code, _, err = cli("scenario", "check", path)
    assert (code, err.count("note: stock_m3 is taken to be what towns hold on 2024-11-28")) == (
        0,
        1,
    )


def test_schema_prints_json_for_editors(cli):
    """The same bytes every time."""
    code, out, err = cli("scenario", "schema")
    assert (code, err) == (0, "")
    assert json.loads(out)["properties"]["date"]["description"] == "The day, without quotes."
    assert cli("scenario", "schema")[1] == out


def test_the_group_shows_its_commands(cli):
    """With what each does."""
    out = cli("scenario", "--help")[1]
    assert all(name in out for name in ("new", "check", "schema"))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ("days_to_dry(east) < 5", 4),
        ("days_to_dry(east) > 5", 0),
        ("fill_rate(East) < 0.5 and days_of_supply(East) < 1", 4),
        ("state(east, lifted) == strained", 0),
        ("state(east, recorded) == strained", 4),
        ("dry_prob(east) >= 0", 4),
        ("days_to_dry(mine) < 5", 2),
        ("days_to_dry(east, lift) < 5", 2),
    ],
)
def test_fail_if_works_out_what_its_condition_needs(cli, file, condition, code):
    """Stocks, flow and draws are asked of `run` as the condition reads them."""
    path = file(FILE.replace("[grid]", "[analyses.outlook]\nruns = 2\n[grid]"))
    found, out, err = cli("run", path, "--fail-if", condition)
    assert found == code
    assert (out == "") == (code == 2)
    assert (f"the condition holds: {condition}" in err) == (code == 4)


@pytest.mark.parametrize("command", ["isolation", "corridors"])
def test_other_commands_take_the_same_conditions(cli, file, command):
    """Also what only stocks can tell."""
    assert cli(command, file(), "--fail-if", "days_to_dry(east) < 5")[0] == 4


def test_a_report_takes_the_same_conditions(cli, file, tmp_path):
    """It is written all the same."""
    condition = ("--fail-if", "days_to_dry(east) < 5")
    code, _, err = cli("report", file(), "-o", tmp_path / "r.md", *condition)
    assert (code, "written" in err) == (4, True)
    assert (tmp_path / "r.md").exists()


def test_bundled_scenarios_are_found(cli):
    """Every example checks, all in one call."""
    files = sorted((sr.datasets.folder("mali") / "scenarios").glob("*.toml"))
    code, out, _ = cli("scenario", "check", *files)
    assert (code, out.count("no errors.")) == (0, len(files))
