"""`supplyroutes worst` and `protect`: what is lost, what it does, how sure that is."""

import json
import logging
import subprocess
import sys

import pytest

from supplyroutes.cli import worst as command

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-09")


def test_the_screen_shows_roads_towns_proof_and_what_it_is_for(cli):
    """Two roads cut the toy network off: 270 m3 a day in three towns."""
    code, out, _ = cli("worst", *TOY, "--budget", "2", "--measure", "isolated_demand")
    assert code == 0
    for told in (
        "Fuel: the worst roads to lose, 9 January 2025",
        "no open way reaches: 0 m3 a day now, 270 m3 a day without the roads below.",
        "Proven: nothing worse can be lost within a budget of 2.",
        "Cut off then: 270 m3 a day of demand",
        "Port – North (N1)",
        "isolated",
        "Instead of it",
        "Sensitive: for protection",
    ):
        assert told in out, told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "a town that is cut off counts 240 hours"),
        (("--lang", "fr"), "les pires routes à perdre, 9 janvier 2025"),
        (("--measure", "unmet_demand", "--budget", "1"), "equal shares"),
        (("--measure", "max_flow", "--budget", "1"), "losses on the way left aside"),
        (("--budget", "0"), "No loss of roads would make it worse."),
        (("--safe", "port--north", "--budget", "2"), "Port – South"),
        (("--cost", "port--north=9", "--budget", "2.5"), "within a budget of 2.50"),
        (("--curve", "--budget", "2"), "Worst roads to lose"),
        (("--all-towns",), "Sensitive"),
    ],
)
def test_options_change_the_answer(cli, options, said):
    """Measures, languages, budgets, costs, safe roads, the curve."""
    code, out, _ = cli("worst", *TOY, *options)
    assert code == 0
    assert said in out


def test_a_search_that_is_stopped_says_so(cli):
    """By a time limit far too short: best found, bound, gap; and on the curve too."""
    day = ("--date", "2025-10-15", "--budget", "3")
    code, out, _ = cli("worst", *day, "--time-limit", "0.000001")
    assert code == 0
    assert "Stopped by the time limit: the best found, not proven." in out
    assert "more" in out
    code, out, _ = cli("protect", *day, "--time-limit", "0.000001")
    assert "Stopped by the time limit: the best found." in out


def test_guards(cli):
    """North is guarded against two closures; without guards none."""
    options = ("--measure", "isolated_demand", "--budget", "1")
    code, out, _ = cli("protect", *TOY, *options)
    assert code == 0
    for told in (
        "Fuel: which roads to guard, 9 January 2025",
        "within a budget of 2: 270 m3 a day without guards, 220 m3 a day",
        "Proven: no other choice of guards does better.",
        "Port – North (N1)",
        "Worst attack that is left",
        "Worst attack without guards: what an escort on one of its roads alone would save",
        "Port – South (N2)       230 m3 a day  40 m3 a day",
        "a guard reopens nothing",
        "Sensitive",
    ):
        assert told in out, told
    code, out, _ = cli("protect", *TOY, "--budget", "0", "--lang", "fr")
    assert code == 0
    assert "Aucune protection" in out
    assert "ce que gagnerait une escorte sur une seule de ses routes" in out


def test_guards_around_safe_roads(cli):
    """Both roads of the port safe: East is cut off by either pair before it, one guard or not."""
    safe = ("--safe", "port--north", "--safe", "port--south")
    code, out, _ = cli("protect", *TOY, "--measure", "isolated_demand", "--budget", "1", *safe)
    assert code == 0
    assert "budget of 2: 180 m3 a day without guards, 180 m3 a day" in out
    assert "Port – South" not in out
    code, out, _ = cli("protect", *TOY, "--attack-budget", "0")
    assert "No guard would help." in out
    assert "escort" not in out
    code, _, told = cli("protect", *TOY, "--safe", "nowhere")
    assert code == 2
    assert "no road is called 'nowhere'" in told


def test_json_is_the_same_from_process_to_process():
    """One JSON document on stdout, nothing on stderr; the same under another hash seed."""
    for arguments in (
        ("worst", "--budget", "2"), ("worst", "--curve", "--budget", "2"), ("protect",)
    ):  # fmt: skip
        told = []
        for seed in ("0", "1"):
            done = subprocess.run(
                [sys.executable, "-c", RUN, *arguments, *TOY, "--json"],
                capture_output=True,
                check=True,
                env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
            )
            told.append(done.stdout)
            assert done.stderr == b""
        assert told[0] == told[1]
        assert json.loads(told[0])["sensitive"] is True


def test_maps_are_written(cli, tmp_path):
    """One for the roads, one for the curve, one for the guards."""
    for asked in (("worst",), ("worst", "--curve"), ("protect",)):
        path = tmp_path / f"map-{'-'.join(asked)}.png"
        code, _, told = cli(*asked, *TOY, "--budget", "1", "--map", path)
        assert code == 0
        assert f"written: {path}" in told
        assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--safe", "nowhere"), "no road is called 'nowhere'"),
        (("--cost", "port--north"), "say ROAD=COST"),
        (("--cost", "port--north=x"), "say ROAD=COST"),
        (("--curve", "--budget", "1.5"), "a curve counts roads"),
        (("--curve", "--cost", "port--north=2"), "a curve counts roads"),
        (("--measure", "harm"), "harm"),
    ],
)
def test_wrong_use_is_told(cli, options, said):
    """Exit code 2, with what to change."""
    code, _, told = cli("worst", *TOY, *options)
    assert code == 2
    assert said in told


@pytest.mark.parametrize(("lang", "said"), [("en", "gap 6.00 %"), ("fr", "écart 6,00\u202f%")])
def test_progress_is_one_line_on_a_terminal(monkeypatch, capsys, lang, said):
    """Written over again, then cleared; nothing where no terminal is."""
    logger = logging.getLogger("supplyroutes.analysis.integer")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with command.progress(lang):
        logger.info("%d branches, best %.6g, bound %.6g", 7, 0.25, 0.265)
    told = capsys.readouterr().err
    assert said in told
    assert told.startswith("\r")
    assert told.endswith("\r\x1b[K")
    assert not logger.handlers
    monkeypatch.setattr(sys.stderr, "isatty", lambda: False, raising=False)
    with command.progress(lang):
        logger.info("%d branches, best %.6g, bound %.6g", 7, 0.25, 0.265)
    assert capsys.readouterr().err == ""


def test_which_roads_dry_a_town_soonest(cli):
    """Proven, cut short, never, and nothing to lose; JSON."""
    toy = ("--case", "toy", "--date", "2025-01-01", "--days", "9")
    code, out, _ = cli("dry-soonest", "East", *toy, "--budget", "2")
    assert code == 0
    assert "East: the roads whose loss dries it soonest, from 1 January 2025 on" in out
    assert "Without any loss it runs dry after: not within the 9 days" in out
    assert "Proven: no other loss of so many roads dries it sooner." in out
    assert "Sensitive" in out
    code, out, _ = cli("dry-soonest", "North", *toy, "--runs", "1")
    assert "Best found, not proven" in out
    code, out, _ = cli("dry-soonest", "East", *toy, "--budget", "0", "--lang", "fr")
    assert "Aucune perte de route ne la mettrait à sec plus tôt." in out
    code, out, _ = cli("dry-soonest", "East", *toy, "--json")
    assert json.loads(out)["town"] == "east"


@pytest.mark.parametrize("asked", [("worst",), ("worst", "--curve"), ("protect",)])
def test_what_nobody_uses_has_no_worst_loss(cli, asked):
    """Goods are in the case without demand: no mean of nothing, no proof about it."""
    code, out, _ = cli(*asked, *TOY, "--commodity", "goods")
    assert code == 0
    assert "No demand for it is recorded." in out
    assert " h" not in out.partition("\n")[2]
    assert "Proven" not in out


def test_a_note_is_told_once(cli):
    """However often the demand is read."""
    code, _, err = cli("worst", *TOY, "--commodity", "jet", "--budget", "1")
    assert code == 0
    assert err.count("that for fuel is taken whole") == 1
