"""`supplyroutes plan` and `preposition`: what to send, what to store."""

import json
import subprocess
import sys

import pytest

from supplyroutes.cli import terminal
from supplyroutes.io.editing import copy_folder

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-10", "--days", "10")
BOTH = ("--case", "toy", "--from", "2025-01-10", "--from", "2025-01-12", "--days", "5")


def test_a_plan_shows_totals_towns_sources_and_limits(cli):
    """121 of 2,700 cannot be covered, a third of a day after the third in the east."""
    code, out, err = cli("plan", *TOY)
    assert (code, err) == (0, "")
    for told in (
        "Fuel: what to send from 10 January 2025 to 19 January 2025",
        "Of 2,700 m3 used in towns on the network, 2,349 are to arrive by this plan, 121 cannot",
        "67,117 person-days without fuel at the least",
        "Without regard to who comes first it could be 67,083 person-days",
        "All towns together can be kept fully supplied for 3.0 days.",
        "Not planned: 1 town that uses 10 m3 a day",
        "East   180.0      0             0.0          3.0      1,500  2025-01-13             0.7",
        "Port           2,355         270       300",
        "South – Bridge (N2)  Bridge   part of usual traffic    115     1    528",
        "services first",
        "under its own clock, not a forecast",
    ):
        assert told in out, told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lang", "fr"), "personnes-jours sans carburant"),
        (("--weigh", "towns"), "town-days"),
        (("--weigh", "m3"), "121 m3 without fuel"),
        (("--policy", "alike"), "all uses of a town alike"),
        (("--policy", "capital_first"), "the capital before all other towns"),
        (("--transit", "instant"), "arrives on the day it is sent"),
        (("--transit", "empty"), "nothing is on the road at the start"),
        (("--no-losses",), "115 cannot be covered"),
        (("--stock", "East=300", "--stock", "north=100"), "No town on the network goes short"),
        (("--all-towns",), "South"),
        (("--use", "East=50"), "No town on the network goes short"),
        (("--commodity", "goods"), "No demand for it is recorded."),
        (("--date", "2025-01-15"), "No town on the network goes short"),
    ],
)
def test_options_change_the_answer(cli, options, said):
    """Weights, policies, ways, losses, own stocks, languages."""
    code, out, _ = cli("plan", *TOY, *options)
    assert code == 0
    assert said in out


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One JSON document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "plan", *TOY, "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert answer["summary"]["unmet_m3"] == 120.75
    assert answer["survival"]["together_days"] == 3
    assert answer["binding"][0]["id"] == "port--north"
    assert answer["deliveries"][0]["sent_from"] == "2025-01-10"


def test_own_stocks_are_refused_all_at_once(cli):
    """Two faults, one message; an unknown town with the nearest."""
    code, _, err = cli("plan", *TOY, "--stock", "x", "--stock", "y=z")
    assert code == 2
    assert "--stock x" in err
    assert "--stock y=z" in err
    code, _, err = cli("plan", *TOY, "--stock", "Nort=5")
    assert code == 2
    assert "North" in err


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("case", [TOY, ("--date", "2025-10-01", "--days", "15")])
def test_a_plan_fits_the_screen(cli, monkeypatch, lang, width, case):
    """At 80 and 120 columns, in both languages."""
    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", width)
    code, out, _ = cli("plan", *case, "--lang", lang)
    assert code == 0
    assert max(map(len, out.splitlines())) <= width


# --- extra stock --------------------------------------------------------------------------


def tanks(folder):
    """A copy of the toy case with a tank of 100 in the east, empty."""
    copy_folder("toy", folder)
    ends = ("low", "best", "high")
    head = ["node", *(f"{what}_m3_{end}" for what in ("stock", "storage") for end in ends)]
    row = ["east", "0", "0", "0", "100", "100", "100"]
    head += ["basis", "source", "confidence"]
    row += ["assumption", "assumption: made up", "high"]
    (folder / "stocks.csv").write_text(f"{','.join(head)}\n{','.join(row)}\n", encoding="utf-8")
    return folder


def test_extra_stock_is_told_with_what_it_saves(cli, tmp_path):
    """40 m3 of 180 a day in the east: 0.2 days; in each scenario they spare about 0.2 x 100,000."""
    folder = tanks(tmp_path / "toy")
    code, out, err = cli("preposition", folder, "--budget", "40", *BOTH[2:],
                         "--prob", "2025-01-10=3", "--prob", "2025-01-12=1")  # fmt: skip
    assert (code, err) == (0, "")
    for told in (
        "Extra stock of 40 m3 for 5 days",
        "40 m3 placed in time save",
        "One m3 more would save",
        "East       40.0             0.2      0        100",
        "2025-01-10          75%   31,528   11,528",
        "can still be brought there",
    ):
        assert told in out, told
    code, out, _ = cli("preposition", folder, "--budget", "40", *BOTH[2:], "--worst", "--json")
    answer = json.loads(out)
    assert answer["worst"] is True
    assert answer["towns"][0]["extra_m3"] == 40
    code, out, _ = cli("preposition", folder, "--budget", "40", *BOTH[2:], "--lang", "fr")
    assert "Où le placer" in out
    code, out, _ = cli("preposition", folder, "--budget", "0", *BOTH[2:])
    assert "Where to put it" not in out


def test_what_it_is_worth_to_know_more_is_told(cli, tmp_path):
    """A m3 counts 600 in the north, 556 in the east, which is a little likelier to be cut off."""
    folder = tanks(tmp_path / "toy")
    told = (folder / "stocks.csv").read_text(encoding="utf-8").splitlines()
    north = told[1].replace("east", "north")
    (folder / "stocks.csv").write_text("\n".join([*told, north, ""]), encoding="utf-8")
    events = (folder / "events.csv").read_text(encoding="utf-8").splitlines()
    (folder / "events.csv").write_text(events[0] + "\n", encoding="utf-8")
    ways = {
        "north": ["port--north", "north--bridge"],
        "east": ["bridge--east", "bridge--east--old"],
    }
    files = []
    for name, roads in ways.items():
        files.append(tmp_path / f"{name}.toml")
        files[-1].write_text(
            f"""folder = "{folder}"
date = 2025-01-10
[[events.added]]
event = "x"
kind = "road_closed"
basis = "reported"
scope = "segment"
start = 2025-01-10
end_status = "no_end_expected"
edges = {json.dumps(roads)}
spot_known = true
confidence = "A"
text = "made up"
source = "assumption"
""",
            encoding="utf-8",
        )
    code, out, err = cli("preposition", *files, "--budget", "60", "--days", "4",
                         "--prob", "north=49", "--prob", "east=51",
                         "--policy", "alike")  # fmt: skip
    assert code == 0, err
    assert "To know beforehand" in out
    assert "for the likeliest scenario alone" in out


def test_scenario_files_are_scenarios_of_their_name(cli, tmp_path):
    """Two files beside a day; nothing short means nothing to store."""
    for name, day in (("early", "2025-01-01"), ("late", "2025-01-20")):
        text = f'case = "toy"\ndate = {day}\n'
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    files = [tmp_path / "early.toml", tmp_path / "late.toml"]
    code, out, _ = cli("preposition", *files, "--budget", "10", "--days", "3")
    assert code == 0
    assert "Nothing is short in any scenario" in out
    assert "early" in out
    assert "late" in out


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ((), "name scenarios"),
        (("--worst", "--prob", "2025-01-10=1", *BOTH), "--prob or --worst"),
        (("--prob", "2025-01-11=1", *BOTH), "each scenario needs one probability"),
        (("a.toml", "--case", "toy"), "--case goes with --from"),
        (("--from", "2025-01-10", "--from", "2025-01-10"), "named twice"),
        ((".",), "from which days"),
        ((".", ".."), "one folder"),
    ],
)
def test_wrong_questions_are_a_wrong_use(cli, options, said):
    """Exit code 2, with what to do."""
    code, out, err = cli("preposition", "--budget", "10", *options)
    assert (code, out) == (2, "")
    assert said in err
