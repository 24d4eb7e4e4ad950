"""`supplyroutes reliability`: how sure, what to check first, a map."""

import json
import subprocess
import sys
from datetime import date

import pytest

import supplyroutes as sr
from supplyroutes.analysis.doubt import chances
from supplyroutes.analysis.doubt.causes import causes_of
from supplyroutes.analysis.doubt.town_chances import TownChances

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-12")


def test_the_toy_shows_towns_pictures_and_what_to_check(cli):
    """0.98 x 0.97 and 0.93 x 0.97 x 0.8 must both hold to strain North and East: 69 %."""
    code, out, _ = cli("reliability", *TOY)
    assert code == 0
    for told in (
        "Fuel on 12 January 2025: how sure is the picture?",
        "2 incidents may or may not hold. 3 places are in no certain state.",
        "All probabilities are exact",
        "East   strained          31%  6%–61%       69%        0%  exact",
        "69%  130,000  East, North",
        "T2       South – Bridge (N2)    72%          49,643            36,182",
        "access, not fuel in the tanks",
        "independent of each other",
        "Sensitive",
    ):
        assert told in out, told
    assert "How likely each incident holds" not in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lang", "fr"), "6\u202f%–61\u202f%"),
        (("--lang", "fr"), "Sensible\u202f: cela montre"),
        (("--causes",), "T2        93%       78%    72%  assumed, not reached"),
        (("--all-towns",), "North  strained"),
        (("--town", "mine"), "no tanker road"),
        (("--date", "2025-01-01"), "Every place on the network is certainly supplied"),
        (("--commodity", "goods"), "No source of this commodity"),
    ],
)
def test_options_change_the_screen(cli, options, said):
    """Languages, incidents, one town, a calm day, a commodity that no source gives."""
    code, out, _ = cli("reliability", *TOY, *options)
    assert code == 0
    assert said in out


def test_sampled_towns_say_so_with_their_interval(cli, monkeypatch):
    """Samples and seed are shown."""
    monkeypatch.setattr(chances, "MOST_DIAGRAMS", 2)
    monkeypatch.setattr(chances, "MOST_EXACT_DRAWS", -1)
    monkeypatch.setattr("supplyroutes.analysis.doubt.town_chances.stand_apart", lambda *_: False)
    code, out, _ = cli("reliability", *TOY, "--samples", "1000", "--seed", "5")
    assert code == 0
    assert "3 places are sampled (1,000 samples, seed 5; 95% intervals), the others exact." in out
    assert "sampled, " in out
    french = cli("reliability", *TOY, "--samples", "1000", "--lang", "fr", "--town", "east")[1]
    assert "graine 20250904" in french


def test_towns_may_be_exact_and_checks_sampled(cli, monkeypatch):
    """The screen says so."""
    network, events = sr.datasets.toy()
    causes = causes_of(network, events, date(2025, 1, 12), "fuel")
    needed = len(TownChances(causes, 1, 1).exact.diagrams.draw)
    monkeypatch.setattr(chances, "MOST_DIAGRAMS", needed)
    code, out, _ = cli("reliability", *TOY)
    assert code == 0
    assert "towns are exact; pictures and checks rest on 65,536 samples (seed 20250904)" in out


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One JSON document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "reliability", *TOY, "--json", "--town", "North"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert [(row["node"], row["method"]) for row in answer["towns"]] == [("north", "exact")]
    assert answer["towns"][0]["supplied_prob"] == 0.313971
    assert answer["checks"][0]["reports"] == ["T2"]


def test_a_map_is_written_and_said_on_stderr(cli, tmp_path):
    """PNG by its ending; another ending is a wrong use, and nothing is left."""
    path = tmp_path / "risk.png"
    code, out, err = cli("reliability", *TOY, "--map", path)
    assert (code, err) == (0, f"written: {path}\n")
    assert path.read_bytes().startswith(b"\x89PNG")
    assert "how sure" in out
    code, _, err = cli("reliability", *TOY, "--map", tmp_path / "risk.gif")
    assert code == 2
    assert ".png" in err
    assert [entry.name for entry in tmp_path.iterdir()] == ["risk.png"]


def test_a_terminal_is_told_that_it_takes_a_moment(monkeypatch, capfd):
    """The spinner goes to stderr, and stdout stays what it was."""
    from supplyroutes.cli import risking

    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with risking._patience("en"):
        pass
    out, _ = capfd.readouterr()
    assert out == ""


def test_a_narrow_screen_leaves_out_columns_and_many_towns_are_counted(cli, monkeypatch):
    """At 80 columns the state between and the method are left out, and it is said."""
    monkeypatch.setattr("supplyroutes.cli.terminal.WIDTH_WITHOUT_TERMINAL", 80)
    code, out, _ = cli("reliability", "--date", "2025-10-15")
    assert code == 0
    assert "A screen of 100 columns also shows" in out
    assert "smaller places are not shown: --all-towns" in out
    assert max(map(len, out.splitlines())) <= 80
    head = next(row for row in out.splitlines() if row.startswith("Town"))
    assert head.split() == ["Town", "As", "reported", "Supplied", "Range", "Isolated"]


def test_json_of_one_town_and_an_isolated_picture(cli):
    """In this process too; a screen on which places are isolated."""
    code, out, _ = cli("reliability", *TOY, "--json", "--town", "East")
    assert code == 0
    assert [row["node"] for row in json.loads(out)["towns"]] == ["east"]
    assert len(json.loads(cli("reliability", *TOY, "--json")[1])["towns"]) == 6


def test_isolated_places_are_shown_first(cli, tmp_path):
    """A weak report closes the other way too: 0.9506 x 0.485 isolate North and East."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "toy")
    path = tmp_path / "toy" / "events.csv"
    table = path.read_text(encoding="utf-8")
    head = table.splitlines()[0].split(",")
    row = {
        "event": "T9", "start": "2025-01-12", "end": "2025-01-12", "end_status": "recorded",
        "kind": "road_closed", "basis": "reported", "scope": "segment", "edges": "south--bridge",
        "spot_known": "true",
        "confidence": "D", "text": "Closed.", "source": "test",
    }  # fmt: skip
    path.write_text(table + ",".join(row.get(name, "") for name in head) + "\n", encoding="utf-8")
    code, out, _ = cli("reliability", tmp_path / "toy", "--date", "2025-01-12")
    assert code == 0
    assert "Likeliest sets of isolated places" in out
    assert out.index("isolated places") < out.index("no free road reaches")
    assert "46%  130,000  East, North" in out


def test_wrong_towns_and_numbers_are_a_wrong_use(cli):
    """Exit code 2 and no answer."""
    assert cli("reliability", *TOY, "--town", "Nort")[:2] == (2, "")
    assert cli("reliability", *TOY, "--samples", "0")[0] == 2
    assert cli("reliability", *TOY, "--seed", "-1")[0] == 2
