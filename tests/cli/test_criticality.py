"""`supplyroutes criticality`: the ranking, pairs, the proof of one, the map."""

import json
import os
import signal
import subprocess
import sys

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses.removals import without
from supplyroutes.catalogue import words

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-05")
DAY = ("--case", "toy", "--date", "2025-01-12")
MALI = ("--case", "mali", "--date", "2025-10-15")


def test_the_ranking_shows_costs_and_who_is_cut_off(cli):
    """Port - North first: 559 m3 h a day; nothing is cut off by one road."""
    code, out, err = cli("criticality", *TOY)
    assert (code, err) == (0, "")
    for told in (
        "What it would cost to lose a road: Fuel, 5 January 2025",
        "270 m3 a day and",
        "6 roads can be lost, each alone and in both directions; 4 cost something",
        "Port – North (N1)",
        "559",
        "no place is cut off by the loss of one road",
        "Sensitive. For protection",
    ):
        assert told in out, told


def test_what_hangs_on_one_road_is_shown(cli):
    """On the 12th all hangs on the road by South; what it cuts off is in columns of its own."""
    code, out, _ = cli("criticality", *DAY, "--measure", "isolation")
    assert code == 0
    assert "places that the loss of one road cuts off" in out
    assert "270.0" in out


def test_roads_in_line_that_cost_the_same_are_one_row(cli):
    """Yamoussoukro to Ferkessédougou: five roads, one row."""
    out = cli("criticality", *MALI, "--top", "3")[1]
    assert "Ferkessédougou – Yamoussoukro, 5 roads in line" in out
    assert "rows are left out here" in out


@pytest.mark.parametrize("of", ["roads", "towns", "terminals", "corridors"])
@pytest.mark.parametrize("measure", ["travel_time", "unsatisfied", "unmet_demand"])
@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_kind_and_measure_in_both_languages(cli, of, measure, lang):
    """Each says what is removed and what ranks, and ends with what it is for."""
    code, out, err = cli("criticality", *DAY, "--of", of, "--measure", measure, "--lang", lang)
    assert (code, err) == (0, "")
    say = words(lang)
    told = " ".join(out.split())
    for key in (f"criticality.measure.{measure}", "criticality.use"):
        assert " ".join(say(key).split()) in told
    assert "{" not in out


@pytest.mark.parametrize("measure", ["capacity_robustness_index", "network_robustness_index"])
def test_measures_of_truck_time_say_their_assignment(cli, measure):
    """And the assumed share."""
    out = " ".join(cli("criticality", *TOY, "--measure", measure)[1].split())
    assert "without congestion" in out
    assert ("90% of what it carries" in out) == measure.startswith("capacity")


def test_pairs_and_their_synergy(cli):
    """Both roads out of the port: all of 270 beyond what each cuts off alone."""
    code, out, _ = cli("criticality", *TOY, "--measure", "isolation", "--order", "2")
    assert code == 0
    assert "Pairs that cost most when both are lost" in out
    assert "Port – North (N1) + Port – South" in out
    assert "Pairs that cost most beyond" in out
    assert "None of them costs anything by this measure" in out


def test_the_proof_of_one_removal(cli):
    """New ways; closed cuts; nothing at all."""
    out = cli("criticality", *TOY, "--why", "port--north")[1]
    assert "3 places are reached later, 559 m3 h a day in all" in out
    assert "Port – South – Bridge – North" in out
    cut = cli("criticality", *DAY, "--why", "port--south")[1]
    assert "every way crosses port>south (port--south)" in cut
    assert "No place is reached later" in cli("criticality", *TOY, "--why", "bridge--east--old")[1]
    lost = cli("criticality", *TOY, "--why", "PORT", "--of", "terminals")[1]
    assert "no other source is joined" in lost
    told = json.loads(cli("criticality", *TOY, "--why", "port--north", "--json")[1])
    assert told["summary"]["delayed"] == 3


def test_without_demand_it_says_so(cli):
    """Goods have no source and no demand in the toy."""
    code, out, _ = cli("criticality", *TOY, "--commodity", "goods")
    assert code == 0
    assert "No demand for it is recorded" in out
    assert "None of them costs anything" in out


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "criticality", *DAY, "--order", "2", "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert answer["ranked_by"] == "added_m3_h_per_day"
    assert answer["sensitive"] is True


def test_a_map_is_written_and_named_on_stderr(cli, tmp_path):
    """The answer stays on stdout."""
    code, out, err = cli("criticality", *TOY, "--map", tmp_path / "worth.png")
    assert code == 0
    assert "What it would cost" in out
    assert "written:" in err
    assert (tmp_path / "worth.png").read_bytes()[:4] == b"\x89PNG"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--why", "port--north", "--order", "2"), "--why proves one removal"),
        (("--map", "a.png", "--of", "towns"), "the map shows roads"),
        (("--why", "port-north"), "port--north"),
        (("--measure", "betweenness", "--order", "2"), "ranks no pairs"),
        (("--measure", "beauty"), "Invalid value"),
    ],
)
def test_wrong_use_is_refused_in_a_line(cli, options, said):
    """Exit code 2, nothing on stdout."""
    code, out, err = cli("criticality", *TOY, *options)
    assert (code, out) == (2, "")
    assert said in err


def test_a_narrow_screen_keeps_names_and_leaves_out_columns(monkeypatch, capfd):
    """At 80 columns: no name is cut short, the average delay is left to wide screens."""
    from rich.console import Console

    from supplyroutes.cli import criticality_screen

    monkeypatch.setattr(criticality_screen, "console", lambda: Console(width=80, markup=False))
    day = sr.disrupt(*sr.datasets.toy(), at="2025-01-05")
    criticality_screen.show_criticality(sr.criticality(day, order=2), day, top=3, lang="fr")
    out = capfd.readouterr().out
    assert "…" not in out
    assert "Retard, m3 h/j" in out
    assert "Retard, h" not in out
    assert max(map(len, out.splitlines())) <= 80


def test_many_towns_and_nothing_to_lose(cli, capfd):
    """More than ten are counted; without any road in use only the totals are told."""
    assert "79 rows are left out" in cli("criticality", *MALI, "--why", "bouake--katiola")[1]
    from supplyroutes.cli.criticality_screen import show_criticality

    day = sr.disrupt(*sr.datasets.toy(), at="2025-01-05")
    gone = without(day, *sr.criticality(day).items.index)
    show_criticality(sr.criticality(gone, order=2), gone, top=3, lang="en")
    assert "0 roads can be lost" in capfd.readouterr().out


def test_ctrl_c_leaves_at_once_and_writes_nothing(tmp_path):
    """Pairs by flow take long: interrupted, code 130, no map, no half answer."""
    done = subprocess.Popen(
        [sys.executable, "-c", RUN, "criticality", *MALI, "--measure", "unmet_demand",
         "--order", "2", "--map", str(tmp_path / "never.png")],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
    )  # fmt: skip
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            done.wait(4)
        os.killpg(done.pid, signal.SIGINT)
        out, err = done.communicate(timeout=60)
    finally:
        done.kill()
    assert done.returncode == 130
    assert out == b""
    assert b"interrupted" in err
    assert list(tmp_path.iterdir()) == []
