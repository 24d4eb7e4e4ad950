"""Answers saved by `run --save`, used by other commands, and set side by side."""

import json

import pytest

import supplyroutes as sr

SCENARIO = """
title = "Neither"
case = "toy"
date = 2025-01-12
[events]
removed = ["T1", "T2"]
[analyses]
stocks = {start = 2025-01-08, end = 2025-01-16}
outlook = {runs = 3}
only = ["flow", "stocks", "outlook"]
[what_if.rains]
season = "wet"
"""


@pytest.fixture
def file(tmp_path):
    """Return the file of a scenario with a what-if."""
    path = tmp_path / "neither.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


@pytest.fixture
def saved(cli, file):
    """Return a file of results of that scenario."""
    path = file.with_suffix(".json")
    code, _, err = cli("run", file, "--save", path)
    assert (code, err) == (0, f"written: {path}\n")
    return path


def test_saved_answers_serve_other_commands(cli, file, saved):
    """`run`, `corridors` and `report` say the same of the scenario and of its saved answers."""
    assert cli("run", saved, "--json")[1] == cli("run", file, "--save", saved, "--json")[1]
    for command in ("corridors", "isolation"):
        assert cli(command, saved) == cli(command, file)
    files = [file.with_name(f"{name}.md") for name in ("one", "two")]
    for place, output in zip((saved, file), files, strict=True):
        assert cli("report", place, "-o", output)[0] == 0
    assert files[0].read_bytes() == files[1].read_bytes()


def test_saving_what_is_saved(cli, saved):
    """A results file can be packed without working it out again."""
    packed = saved.with_suffix(".json.gz")
    assert cli("run", saved, "--save", packed)[0] == 0
    assert sr.read_results(packed).to_dict() == sr.read_results(saved).to_dict()


def test_what_a_results_file_does_not_answer(cli, file, saved):
    """Other days, other commands, and other suffixes are refused before any work."""
    code, _, err = cli("run", saved, "--date", "2025-01-12")
    assert code == 2
    assert "would ask anew" in err
    code, _, err = cli("explain", "east", saved)
    assert code == 2
    assert "neither a folder nor a scenario file" in err
    code, _, err = cli("run", file, "--save", file.with_suffix(".txt"))
    assert code == 2
    assert ".json or .json.gz" in err
    saved.write_text(saved.read_text(encoding="utf-8")[:-5], encoding="utf-8")
    code, _, err = cli("report", saved, "-o", file.with_suffix(".md"))
    assert code == 3
    assert err.startswith(f"{saved}:")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ["Delivered on the day; short from 8 January 2025 to 16 January 2025",
                "270 (+121)    100%   0 (-230)", "neither supposes", "2025-01-12 → –",
                "Which change makes the difference", "-115 (±0)", "All together",
                "rains beside As recorded", "95% interval of the change"]),
        ("fr", ["Livré ce jour ; manque du 8 janvier 2025 au 16 janvier 2025",
                "270 (+121)    100 %", "Supposé dans neither", "Ensemble",
                "Quel changement fait la différence", "rains par rapport à : Constaté"]),
    ],
)  # fmt: skip
def test_one_file_is_compared_entry_by_entry(cli, file, lang, told):
    """The recorded day, the scenario and its what-ifs, with numbers and shares."""
    code, out, _ = cli("compare", file, "--shares", "--outlook", "--lang", lang)
    assert code == 0
    for text in told:
        assert text.replace("\u202f", " ") in out.replace("\u202f", " "), text
    assert max(map(len, out.splitlines())) <= 120


def test_saved_answers_are_compared_as_files_are(cli, file, saved):
    """The same JSON, for the draws are in the file; --town keeps the rows of one town."""
    fresh = cli("compare", file, "--outlook", "--shares", "--json")[1]
    assert cli("compare", saved, "--shares", "--json")[1] == fresh
    told = json.loads(fresh)
    assert set(told["attributions"]) == {"neither", "rains"}
    assert {row["entry"] for row in told["town_numbers"]} == {"neither", "rains"}
    one = json.loads(cli("compare", saved, "--town", "East", "--json")[1])
    assert {row["node"] for row in one["outlook"] + one["town_numbers"]} == {"east"}


def test_what_is_not_set_side_by_side_is_told(cli, file, saved):
    """Another seed: no intervals, and why; other tables or versions are named."""
    other = file.with_name("other.json")
    text = SCENARIO.replace("[events]", "seed = 2\n[events]").replace('"T1", "T2"', '"T1"')
    file.write_text(text, encoding="utf-8")
    cli("run", file, "--save", other)
    code, out, _ = cli("compare", saved, other)
    assert code == 0
    assert "other: intervals not set side by side (with other luck (another seed))." in out


def test_a_changed_case_has_no_shares(cli, file, case_folder, edit):
    """Shares are worked out anew: refused if the tables are no longer those of the answers."""
    text = SCENARIO.replace('case = "toy"', 'folder = "case"')
    file.write_text(text, encoding="utf-8")
    saved = file.with_suffix(".json")
    cli("run", file, "--save", saved)
    edit(case_folder / "demand.csv", "60", "61")
    code, _, err = cli("compare", saved)
    assert code == 0
    assert "note:" in err
    assert "demand.csv" in err
    code, _, err = cli("compare", saved, "--shares")
    assert code == 2
    assert "the tables are not those of the results" in err
    other = file.with_name("other.json")
    cli("run", file, "--save", other)
    assert "other tables or versions (demand.csv)" in " ".join(
        cli("compare", saved, other)[1].split()
    )


def test_only_files_have_shares(cli):
    """Days and commodities are compared in states."""
    options = ("--case", "toy", "--date", "2025-01-12", "--since", "2025-01-11")
    code, _, err = cli("compare", *options, "--shares")
    assert code == 2
    assert "--outlook and --shares need scenario files" in err
