"""The command report: files by suffix, from a scenario, a folder or saved answers."""

from __future__ import annotations

import json

import pytest

import supplyroutes as sr

SCENARIO = """
title = "Ferry"
case = "toy"
date = 2025-01-12

[analyses]
only = ["flow"]

[outputs]
reports = ["briefing.md", "briefing.json"]
lang = "fr"
"""


@pytest.fixture
def scenario(tmp_path):
    path = tmp_path / "ferry.toml"
    path.write_text(SCENARIO, encoding="utf-8")
    return path


def test_without_a_file_the_outputs_of_the_scenario_are_written_beside_it(cli, scenario):
    """Their language is that of the scenario, and only what it asks for is worked out."""
    code, out, err = cli("report", scenario)
    assert (code, out) == (0, "")
    assert err.count("written: ") == 2
    told = json.loads((scenario.parent / "briefing.json").read_text(encoding="utf-8"))
    assert told["lang"] == "fr"
    assert "flow_towns" in told["tables"]
    assert "stocks" not in told["tables"]
    text = (scenario.parent / "briefing.md").read_text(encoding="utf-8")
    assert text.startswith("# Ferry\n\n**Carburant, 12 janvier 2025**")


def test_the_answers_are_kept_where_the_scenario_says(cli, scenario):
    """They can be read back; with -o only what is named there is written."""
    with scenario.open("a", encoding="utf-8") as stream:
        stream.write('results = "kept.json.gz"\n')
    kept = scenario.parent / "kept.json.gz"
    assert cli("report", scenario, "-o", scenario.parent / "a.md")[0] == 0
    assert not kept.exists()
    assert cli("report", scenario)[2].count("written: ") == 3
    assert sr.read_results(kept).main.flow is not None
    assert cli("report", kept)[0] == 0  # answers that were saved are not saved again


@pytest.mark.parametrize("name", ["kept.txt", "briefing.json"])
def test_answers_kept_under_a_wrong_name_are_refused(cli, scenario, name):
    with scenario.open("a", encoding="utf-8") as stream:
        stream.write(f'results = "{name}"\n')
    code, _, err = cli("report", scenario)
    assert code == 3
    assert f"outputs: results: '{name}'" in err


def test_several_files_at_once_and_a_language_of_ones_own(cli, scenario, tmp_path):
    outputs = [tmp_path / "a.md", tmp_path / "b.json"]
    asked = [word for output in outputs for word in ("-o", output)]
    assert cli("report", scenario, *asked, "--lang", "en", "--only", "none")[0] == 0
    assert "**Fuel, 12 January 2025**" in outputs[0].read_text(encoding="utf-8")
    assert "flow" not in json.loads(outputs[1].read_text(encoding="utf-8"))["tables"]
    assert not (tmp_path / "briefing.md").exists()


def test_a_folder_is_reported_on_too(cli, case_folder, tmp_path):
    output = tmp_path / "own.md"
    asked = ("--date", "2025-01-12", "--only", "none", "-o", output)
    assert cli("report", case_folder, *asked)[0] == 0
    assert "a folder of one’s own" in output.read_text(encoding="utf-8")


def test_saved_answers_are_reported_without_work(cli, scenario, tmp_path):
    """The report of saved answers is that of the scenario; nothing can be asked anew."""
    saved, output = tmp_path / "answers.json", tmp_path / "saved.md"
    sr.write_results(saved, sr.run(sr.read_scenario(scenario)))
    assert cli("report", saved, "-o", output)[0] == 0
    assert cli("report", scenario)[0] == 0
    assert output.read_bytes() == (tmp_path / "briefing.md").read_bytes()
    code, _, err = cli("report", saved, "-o", output, "--only", "flow")
    assert (code, "--only would ask anew" in err) == (2, True)


def test_where_to_is_asked_and_a_format_refused_before_any_work(cli, tmp_path):
    toy = ("--case", "toy", "--date", "2025-01-12")
    code, _, err = cli("report", *toy)
    assert (code, "-o FILE" in err) == (2, True)
    code, _, err = cli("report", *toy, "-o", tmp_path / "r.docx", "-o", tmp_path / "r.md")
    assert (code, "not as .docx" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []


def test_help_has_one_line_for_each_example(cli):
    out = cli("report", "--help")[1]
    assert "  From saved answers:    report RESULTS.json -o tables.xlsx\n" in out
