"""`supplyroutes stocks --runs`: intervals, lifelines, figures; Ctrl-C keeps what is done."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from supplyroutes.catalogue import words
from supplyroutes.report.outlook_wording import input_label
from tests.toy import network

RUN = "from supplyroutes.cli import main; main()"
TOY = ("stocks", "--case", "toy", "--from", "2025-01-08", "--days", "10")


def test_many_runs_show_shares_dates_intervals_and_what_matters(cli):
    """East, 400 m3 of its own, goes short in three of thirty runs; on what the rest hangs."""
    code, out, err = cli(*TOY, "--runs", "30", "--stock", "east=400")
    assert code == 0
    assert err == ""
    for told in (
        "Fuel: when towns run dry, 8 January 2025 to 17 January 2025",
        "30 runs with all uncertain inputs drawn at once, seed 1.",
        "in at least half of the runs: 1 of 3; in fewer: 2 more",
        "East        10%  later       2025-01-17 to later",
        "North      100%  2025-01-10  2025-01-08 to 2025-01-12",
        "Use: transport",
        "Not explained by any input alone:",
        "A scenario, not a forecast.",
    ):
        assert told in out, told


@pytest.mark.parametrize("option", ["--figure", "--states"])
def test_a_file_that_can_be_no_figure_is_refused_before_the_work(cli, option):
    """Not after hours of runs: nothing is run, and nothing is shown."""
    code, out, err = cli(*TOY, "--runs", "10000", option, "stocks.xyz")
    assert (code, out) == (2, "")
    assert "'stocks.xyz': a figure ends in .pdf, .png, .svg" in err


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("columns", ["80", "120"])
def test_screens_in_both_languages_and_widths(cli, monkeypatch, lang, columns):
    """No line is wider than the screen; few runs make no input stand out."""
    monkeypatch.setattr("supplyroutes.cli.terminal.WIDTH_WITHOUT_TERMINAL", int(columns))
    options = ("--runs", "12", "--lifelines", "--all-towns", "--lang", lang)
    code, out, _ = cli(*TOY, *options)
    assert code == 0
    assert max(map(len, out.splitlines())) <= int(columns)
    say, told = words(lang), " ".join(out.split())
    for key in ("outlook.nothing_clear", "lifelines.unknown"):  # nobody uses fuel for services
        assert " ".join(say(key).split()) in told


def test_lifelines_of_one_run_and_of_many(cli):
    """Bamako in October at best values; the same section below an outlook."""
    span = ("stocks", "--from", "2025-09-20", "--days", "30", "--lifelines")
    code, out, _ = cli(*span)
    assert code == 0
    assert "What stops for lack of fuel (assumption)" in out
    assert "Bamako" in out
    assert "hospitals" in out
    code, calm, _ = cli("stocks", "--from", "2025-08-20", "--days", "2", "--lifelines")
    assert code == 0
    assert "No lifeline stops in these days" in calm
    code, told, _ = cli(*span, "--runs", "1", "--json")
    answer = json.loads(told)
    assert answer["lifelines"]["basis"] == "assumption"
    assert answer["summary"]["runs"] == 1


def test_nobody_uses_anything(cli):
    """Jet fuel is used by nobody in the toy case: an answer, told as such."""
    code, out, _ = cli(*TOY, "--runs", "2", "--commodity", "goods")
    assert code == 0
    assert "No demand for it is recorded." in out


def test_json_is_the_same_on_any_number_of_workers():
    """In processes of their own; nothing but the answer is printed."""
    told = []
    for workers in ("1", "2"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, *TOY, "--runs", "9", "--workers", workers, "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": workers, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        assert done.stderr == b""
        told.append(done.stdout)
    assert told[0] == told[1]
    assert json.loads(told[0])["seed"] == 1


def test_figures_are_written(cli, tmp_path):
    """Curves of a town and states of towns, of one run and of many."""
    for more in ((), ("--runs", "3")):
        files = [tmp_path / f"{name}{len(more)}.png" for name in ("curve", "states")]
        options = ("--figure", files[0], "--town", "East", "--states", files[1], "--lang", "fr")
        code, _, err = cli(*TOY, *more, *options)
        assert code == 0
        assert err == "".join(f"written: {file}\n" for file in files)
        assert all(file.read_bytes().startswith(b"\x89PNG") for file in files)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--town", "East"), "name a file too"),
        (("--figure", "x.png", "--town", "Eastt"), "East"),
        (("--runs", "0"), "0 is not in the range"),
        (("--workers", "0"), "0 is not in the range"),
        (("--seed", "-1"), "-1 is not in the range"),
    ],
)
def test_what_makes_no_sense_is_refused_before_the_work(cli, options, told):
    """Wrong use, in a sentence."""
    code, out, err = cli(*TOY, *options)
    assert code == 2
    assert out == ""
    assert told in err


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_shows_the_runs_that_are_finished():
    """Code 130, and one whole JSON answer that says how many of how many runs it tells of."""
    for wait_s in (3, 12, 40):  # until some run is finished, on a slow machine too
        process = subprocess.Popen(
            [sys.executable, "-c", RUN, *TOY, "--runs", "9999", "--workers", "2", "--json"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        )
        time.sleep(wait_s)
        os.killpg(process.pid, signal.SIGINT)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 130
        if out:
            break
        assert err.strip() == "interrupted"
    assert err == ""
    summary = json.loads(out)["summary"]
    assert 0 < summary["runs"] < summary["asked"] == 9999


def test_every_kind_of_input_has_words():
    """In both languages; what the catalogue does not know keeps its id."""
    toy = network()
    for lang, expected in (
        ("en", "Limit at the border: Port – North (N1)"),
        ("fr", "Limite à la frontière\u202f: Port – North (N1)"),
    ):
        say = words(lang)
        assert input_label(say, toy, "limit:port--north") == expected
        assert input_label(say, toy, "assumption:made_up") == "made_up"
        assert input_label(say, toy, "demand:made_up").endswith("made_up")
        assert ":" in input_label(say, toy, "stock:fuel")
        assert ":" in input_label(say, toy, "rule:ambush.during.duration_days")


def test_what_lies_beyond_a_screen_is_counted(cli):
    """The Mali case in September has more towns than rows; a calm day has none that goes short."""
    code, out, _ = cli("stocks", "--from", "2025-09-04", "--days", "16", "--runs", "2")
    assert code == 0
    assert "--all-towns" in out
    code, calm, _ = cli("stocks", "--case", "toy", "--from", "2025-01-01", "--days", "2",
                        "--runs", "2", "--use", "east=10")  # fmt: skip
    assert code == 0
    assert "No town on the network goes short." in calm
