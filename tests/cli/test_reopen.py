"""`supplyroutes reopen`: what to lift first, in which order, and how sure that is."""

import json
import subprocess
import sys

import pytest

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-12")


def test_a_screen_shows_steps_and_each_alone(cli):
    """Either report brings back all of 120.75 m3; the first by id is told."""
    code, out, err = cli("reopen", *TOY)
    assert (code, err) == (0, "")
    for told in (
        "Fuel: what to lift first, 12 January 2025",
        "Demand that cannot arrive: 120.8 m3 a day; once all is lifted: 0.0 m3 a day.",
        "1  T1    road blocked          1     120.8            0.0  East, North",
        "Proven: no other order does better.",
        "T2    illegal checkpoint     1     120.8",
        "is an assumption",
    ):
        assert told in out, told


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One JSON document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "reopen", *TOY, "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert answer["summary"]["first"] == "T1"
    assert answer["summary"]["exact"] is True
    assert answer["order"][0]["roads"] == ["port--north"]
    assert [row["node"] for row in answer["towns"]] == ["east", "north"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--measure", "people"), "Nothing is missing by this measure"),
        (("--measure", "strained_demand"), "Use of towns that no free way leads to: 230.0"),
        (("--roads",), "port--north"),
        (("--lift", "T2=2", "--lift", "T1=5"), "T2    illegal checkpoint"),
        (("--lift", "T2 = 0.5"), "1  T2"),
        (("--lang", "fr"), "Dans cet ordre"),
        (("--lift", "bridge--east=1"), "Nothing that can be lifted changes that."),
        (("--lift", "bridge--east=1"), "Asked for, but changes nothing that counts: bridge--east."),
        (("--date", "2025-01-05"), "Nothing is missing by this measure"),
    ],
)
def test_options_change_the_answer(cli, options, said):
    """Measures, roads, own days, languages, and days on which nothing is missing."""
    code, out, _ = cli("reopen", *TOY, *options)
    assert code == 0
    assert said in out


def test_many_roads_are_a_good_order_with_a_bound(cli):
    """Mali: needless reports stand beside the ban; of many roads a few lines are shown."""
    mali = ("--date", "2025-10-15", "--measure", "strained_demand")
    _, out, _ = cli("reopen", *mali)
    assert "Needless beside ML023: ML020, ML021." in out
    code, out, _ = cli("reopen", *mali, "--roads", "--top", "3", "--lang", "fr")
    assert code == 0
    assert "non prouvé optimal" in out
    assert "lignes ne sont pas affichées ici" in out


def test_pairs_that_work_only_together_are_told(cli, tmp_path):
    """Two reports of one road on a copy of the case: neither alone opens it."""
    from supplyroutes.io.editing import add_report, copy_folder

    copy_folder("toy", tmp_path / "toy")
    told = {
        "kind": "road_closed", "basis": "reported", "start": "2025-01-11", "scope": "segment",
        "end_status": "no_end_expected", "confidence": "A", "text": "made up", "source": "none",
        "source_url": "https://example.org", "status": "reported",
    }  # fmt: skip
    for event, roads in (("X1", "port--north"), ("X2", "port--south")):
        add_report(tmp_path / "toy", {**told, "event": event, "edges": roads})
    place = (str(tmp_path / "toy"), "--date", "2025-01-12", "--measure", "people")
    code, out, _ = cli("reopen", *place, "--lift", "T1=1", "--lift", "X1=1")
    assert code == 0
    assert "Nothing alone, but together: T1 + X1 (150,000)." in out
    assert "150,000 people; once all is lifted: 0 people" in out


def test_a_map_is_written_and_told_on_stderr(cli, tmp_path):
    """Data to stdout, the note to stderr."""
    file = tmp_path / "order.png"
    code, out, err = cli("reopen", *TOY, "--map", str(file))
    assert code == 0
    assert "written" not in out
    assert f"written: {file}" in err
    assert file.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        (("--roads", "--lift", "T1=1"), 2, "not both"),
        (("--lift", "T1"), 2, "ID=DAYS"),
        (("--lift", "T1=soon"), 2, "ID=DAYS"),
        (("--lift", "port-north=1"), 2, "port--north"),
        (("--lift", "T1=-1"), 2, "above zero"),
        (("--map", "order.gif"), 2, ".png"),
    ],
)
def test_wrong_use_is_explained(cli, options, code, said):
    found, _, err = cli("reopen", *TOY, *options)
    assert found == code
    assert said in err
