"""RELIABILITY, part H: the same question gives the same bytes, whatever surrounds it."""

import datetime as dt
import json
import os
import subprocess
import sys

import pytest

import supplyroutes as sr
from supplyroutes.report import writing
from supplyroutes.scenario.saving.results_file import results_text

# Prints the SHA-256 of what is written of one scenario: results, and with suffixes also reports
# of these formats and a figure in each format of figures. Where "read" is asked for, reports and
# figures are made from the file of results, so that this is no other than the answers themselves.
ANSWER = """
import json, pathlib, sys
from hashlib import sha256
import supplyroutes as sr
folder, made, *suffixes = pathlib.Path(sys.argv[1]), *sys.argv[2:]
scenario = sr.read_scenario(folder / "scenario.toml")
results = sr.run(scenario)
sr.write_results(folder / "results.json", results)
sr.write_results(folder / "results.json.gz", results)
if suffixes:
    short = sr.run(scenario, analyses=())
    sr.write_results(folder / "short.json", short)
    short = sr.read_results(folder / "short.json") if made == "read" else short
    for place, suffix in enumerate(suffixes):
        sr.write_report(folder / f"report{suffix}", short, lang=("en", "fr")[place % 2])
    now = short.main.situation
    for ending in (".png", ".svg", ".pdf"):
        sr.plot.save_figure(sr.plot.network_map(now.day, now.isolation), folder / f"map{ending}")
digests = {path.name: sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
print(json.dumps(digests, sort_keys=True))
"""
SCENARIO = """
case = "toy"
date = 2025-01-12
[events.moved.T2]
days = 1
[analyses]
stocks = {start = 2025-01-09, end = 2025-01-13}
outlook = {runs = 2}
paths = {to = ["East"]}
roads = {lost = 1, guarded = 1}
"""
SUFFIXES = sorted(writing.FORMATS)
SURROUNDINGS = (
    {"PYTHONHASHSEED": "0"},
    {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
    {"PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
    {"PYTHONHASHSEED": "3", "OMP_NUM_THREADS": "4", "OPENBLAS_NUM_THREADS": "4", "TZ": "UTC"},
    {"PYTHONHASHSEED": "4", "LC_ALL": "fr_FR.UTF-8", "SOURCE_DATE_EPOCH": "86400"},
)
DRAWN = (SURROUNDINGS[0], SURROUNDINGS[-1])
"""Where reports and figures are made too: that takes longer."""


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What each of the surroundings writes: digests by name of the file, one process each."""
    running = []
    for surroundings in SURROUNDINGS:
        folder = tmp_path_factory.mktemp("here")
        (folder / "scenario.toml").write_text(SCENARIO, encoding="utf-8")
        suffixes = SUFFIXES if surroundings in DRAWN else ()
        made = "read" if surroundings is SURROUNDINGS[-1] else "fresh"
        running.append(
            subprocess.Popen(
                [sys.executable, "-c", ANSWER, str(folder), made, *suffixes],
                env={**os.environ, **surroundings}, stdout=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
    answers = [process.communicate(timeout=120)[0] for process in running]
    return [json.loads(answer) for answer in answers]


def test_rel_067_results_do_not_hang_on_what_surrounds_them(told):
    """Hash seeds 0 to 4, another process, time zones, locales, one and four threads: same bytes."""
    files = [{name: digests[name] for name in digests if "results" in name} for digests in told]
    assert len(files[0]) == 2
    assert all(others == files[0] for others in files)


def test_rel_069_reports_and_figures_do_not_either(told):
    """Every format of reports, PNG, SVG and PDF: with SOURCE_DATE_EPOCH too, and read back."""
    first, last = told[0], told[-1]
    assert len(first) == 4 + len(SUFFIXES) + 3
    assert first == last


# A test that asks for workers has to be a module that can be imported: they import it too.
def test_rel_067_the_number_of_workers_does_not_matter():
    """1, 2 and 7 processes give the same file of results."""
    scenario = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        analyses={
            "stocks": {"start": dt.date(2025, 1, 11), "end": dt.date(2025, 1, 13)},
            "outlook": {"runs": 7},
        },
    )
    texts = {
        results_text(sr.run(scenario, analyses=("outlook",), workers=workers))
        for workers in (1, 2, 7)
    }
    assert len(texts) == 1


def test_rel_068_a_seed_that_is_not_named_is_a_fixed_one_and_told(cli_of_results):
    """Without a seed it is 1, in the answer and in the file; another one gives other draws."""
    first, named, other = (cli_of_results(line) for line in ("", "seed = 1\n", "seed = 2\n"))
    assert first["made"]["seed"] == named["made"]["seed"] == 1
    assert first["entries"]["recorded"]["outlook"]["seed"] == 1
    assert first["entries"] == named["entries"]
    assert other["made"]["seed"] == 2
    assert first["entries"] != other["entries"]


@pytest.fixture
def cli_of_results(tmp_path, capfd):
    """Return a function that runs a scenario with a line more on the command line."""
    from supplyroutes.cli import run_commands

    def run(line):
        path = tmp_path / "scenario.toml"
        text = SCENARIO.replace("[events.moved.T2]\ndays = 1\n", "")
        path.write_text(line + text, encoding="utf-8")
        code = run_commands(["run", str(path), "--save", str(tmp_path / "out.json"), "--json"])
        told = json.loads(capfd.readouterr().out)
        assert code == 0
        saved = sr.read_results(tmp_path / "out.json")
        assert saved.made.seed == told["made"]["seed"]
        return told

    return run
