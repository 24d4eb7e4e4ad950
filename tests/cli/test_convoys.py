"""`supplyroutes convoys`: a plan on the screen and as JSON, marked sensitive."""

import json
from dataclasses import replace

import pytest

import supplyroutes as sr
from supplyroutes.analysis.trucks.mixed_routes import randomised_routes
from supplyroutes.cli.convoy_screen import show_convoys
from tests import toy
from tests.strategies import events_of

MALI = ("convoys", "--date", "2025-10-15", "--as-known-on", "2025-10-15", "--days", "9",
        "--escorts", "1", "--tankers", "150")  # fmt: skip


def test_a_screen_tells_convoys_gain_limits_and_that_it_is_sensitive(cli):
    """One escort leads one convoy in nine days."""
    code, out, err = cli(*MALI, "--randomise")
    assert code == 0
    for told in (
        "Fuel: convoys from 15 October 2025 to 23 October 2025",
        "SENSITIVE: this says where convoys will drive.",
        "1 convoy brings",
        "person-days without convoys",
        "Towns that gain most",
        "What holds it back: escorts",
        "one more escort saves",
        "Random corridors to",
        "Roads to guard first",
        "drives at 70% of a lone truck’s speed",
        "no forecast",
    ):
        assert told in out, told
    assert "looking for the best convoys" in err


def test_in_french_and_by_towns(cli):
    """Words, units and spaces."""
    code, out, _ = cli(*MALI, "--lang", "fr", "--weigh", "towns")
    assert code == 0
    for told in ("Carburant\u202f: convois du 15 octobre 2025", "SENSIBLE\u202f:", "jours-villes",
                 "Départ", "Ce qui limite\u202f:"):  # fmt: skip
        assert told in out, told


def test_a_gap_and_corridors_that_are_all_closed_are_told(capsys):
    """Not proven: by how much at most; no corridor: nothing to choose."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events.known_by("2025-10-15"), start="2025-10-15", end="2025-10-22")
    plan = sr.convoy_plan(days, escorts_per_week=1, tankers=150)
    shut = events_of([toy.told("a"), toy.told("b", edges="port--south")])
    none = randomised_routes(sr.disrupt(toy.network(), shut, at="2025-01-10"), to="bridge")
    show_convoys(replace(plan, proven=False, gap_share=0.061), network, [], lang="en")
    show_convoys(plan, network, [], lang="fr")
    out = capsys.readouterr().out
    assert "at most 6.1% of what could be saved is missed" in out
    assert "Prouvé" in out
    show_convoys(replace(plan, convoys=plan.convoys.iloc[:0]), toy.network(), [none], lang="en")
    assert "No corridor to Bridge is open" in capsys.readouterr().out


def test_json_is_marked_too(cli):
    """The plan, and random routes if asked."""
    code, out, _ = cli(*MALI, "--randomise", "--json")
    told = json.loads(out)
    assert code == 0
    assert told["sensitive"] is True
    assert told["convoys"][0]["tankers"] <= 150
    assert {each["to"] for each in told["randomised"]} == {
        row["destination"] for row in told["convoys"]
    }
    assert all(each["sensitive"] for each in told["randomised"])


def test_where_no_convoy_helps_it_says_so(cli):
    """The toy case: what is short is short before any convoy could come."""
    code, out, _ = cli("convoys", "--case", "toy", "--date", "2025-01-10", "--days", "4",
                       "--escorts", "1", "--tankers", "5", "--stock", "north=500",
                       "--stock", "east=900")  # fmt: skip
    assert code == 0
    assert "No convoy helps" in out


@pytest.mark.parametrize(
    "options", [("--escorts", "-1", "--tankers", "5"), ("--escorts", "1"),
                ("--escorts", "1", "--tankers", "5", "--stock", "nowhere=1")]
)  # fmt: skip
def test_wrong_use(cli, options):
    """Code 2, and nothing on stdout."""
    code, out, err = cli("convoys", "--case", "toy", "--date", "2025-01-10", *options)
    assert (code, out) == (2, "")
    assert err
