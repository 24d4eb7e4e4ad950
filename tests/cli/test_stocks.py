"""`supplyroutes stocks`: when towns run dry, with own stocks and own use."""

import json
import subprocess
import sys

import pytest

RUN = "from supplyroutes.cli import main; main()"
TOY = ("stocks", "--case", "toy", "--date", "2025-01-10", "--days", "6")


def test_a_screen_tells_towns_days_and_what_it_rests_on(cli):
    """East has half a day of own stock; South is never short; the mine is told apart."""
    code, out, _ = cli(*TOY, "--stock", "East=90")
    assert code == 0
    for told in (
        "Fuel: stocks from 10 January 2025 to 15 January 2025, m3",
        "2 of 3 towns on the network run short within 6 days, North first, on 12 January 2025.",
        "Not ranked: 1 town that uses 10 m3 a day",
        "East   180.0     90             0.5  2025-01-12             0.5",
        "South   40.0      0             0.0  –                        –",
        "2025-01-12   155       40     6   130    140      0",
        "order up to 1.5 times their use",
        "A scenario, not a forecast",
    ):
        assert told in out, told


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lang", "fr"), "2 des 3 villes du réseau manquent de carburant en 6 jours"),
        (("--conduct", "turn_back"), "for 3 days turn back"),
        (("--allocation", "priority"), "what the higher ones use in 3 days"),
        (("--allocation", "priority", "--policy", "capital_first"), "the capital before"),
        (("--use", "north=0", "--use", "east=0"), "No town on the network runs short within 6"),
        (("--use", "north=0", "--use", "south=0", "--use", "east=0", "--use", "mine=0"),
         "No demand"),
        (("--use", "east:power=1"), "East   121.0"),
        (("--commodity", "goods"), "No demand for it is recorded."),
        (("--all-towns",), "North"),
    ],
)  # fmt: skip
def test_options_change_the_answer(cli, options, said):
    """Languages, conduct, policies, own use."""
    code, out, _ = cli(*TOY, *options)
    assert code == 0
    assert said in out


def test_from_and_to_name_the_span(cli):
    """One day; the last day alone; not both of two ways."""
    code, out, _ = cli("stocks", "--case", "toy", "--from", "2025-01-09", "--to", "2025-01-09")
    assert code == 0
    assert "No town on the network runs short on this day." in out
    for wrong in (
        (*TOY, "--to", "2025-01-12"),
        (*TOY, "--from", "2025-01-10"),
        ("stocks", "--case", "toy", "--date", "2025-01-10", "--to", "2025-01-09"),
        (*TOY, "--stock", "east", "--stock", "north=x", "--stock", "=3"),
        (*TOY, "--stock", "east=1", "--stock", "east=2"),
        (*TOY, "--stock", "esat=1"),
    ):
        code, out, err = cli(*wrong)
        assert (code, out) == (2, ""), wrong
        assert err
    _, _, err = cli(*TOY, "--stock", "east", "--stock", "north=x")
    assert err.count("write NAME=NUMBER") == 2


def test_trucks_that_return_are_told(cli, tmp_path):
    """On the Mali case some do within days if they turn back at once: a scenario file says so."""
    place = tmp_path / "at_once.toml"
    place.write_text(
        'case = "mali"\ndate = 2025-09-01\n[assumptions]\nturn_back_days = 0\n', encoding="utf-8"
    )
    code, out, _ = cli("stocks", place, "--days", "12", "--conduct", "turn_back")
    assert code == 0
    assert "turn back and" in out
    assert "61 smaller places are not shown" in out


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One JSON document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, *TOY, "--stock", "east=90", "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert (answer["start"], answer["end"], answer["conduct"]) == (
        "2025-01-10",
        "2025-01-15",
        "wait",
    )
    assert answer["summary"]["first_dry_on"] == "2025-01-12"
    assert len(answer["daily"]) == 6 * 4
    east = next(row for row in answer["towns"] if row["node"] == "east")
    assert (east["days_to_dry"], east["dry_on"]) == (2.5, "2025-01-12")
