"""`supplyroutes flow`: what arrives, who goes short, what holds it back."""

import json
import subprocess
import sys

import pytest

from supplyroutes.catalogue import words

RUN = "from supplyroutes.cli import main; main()"
TOY = ("--case", "toy", "--date", "2025-01-12")


def test_a_narrow_day_shows_totals_towns_sources_and_bottlenecks(cli):
    """149 of 270 arrive; North and East have 47.5 %; the closed road is worth 1 a m3."""
    code, out, _ = cli("flow", *TOY)
    assert code == 0
    for told in (
        "Fuel that can arrive, 12 January 2025",
        "270 are used in towns on the network; 149 can arrive (55%), 121 cannot",
        "Of 155 that are sent, 6 are lost",
        "Not counted: 10",
        "East   180.0  85.5   94.5",
        "Port         300    155   52%",
        "Port – North (N1)    North    closed",
        "part of usual traffic",
        "all alike as far as roads allow",
    ):
        assert told in out, told


def test_json_is_the_same_from_process_to_process_and_nothing_else_is_printed():
    """One JSON document on stdout; the same bytes under another hash seed."""
    told = []
    for seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", RUN, "flow", *TOY, "--json"],
            capture_output=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONWARNINGS": "error"},
        )
        told.append(done.stdout)
        assert done.stderr == b""
    assert told[0] == told[1]
    answer = json.loads(told[0])
    assert answer["summary"]["delivered_m3_per_day"] == 149.25
    assert answer["bottlenecks"][0] == {
        "kind": "closed", "id": "port--north", "tail": "port", "head": "north",
        "capacity_m3_per_day": 0, "saved_ratio": 1.0,
    }  # fmt: skip
    assert [row["node"] for row in answer["towns"]] == ["east", "mine", "north", "south"]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--allocation", "nearest"), "towns far away"),
        (("--allocation", "priority"), "services first"),
        (("--allocation", "priority", "--policy", "capital_first"), "before all other towns"),
        (("--lang", "fr"), "Villes qui en manquent"),
        (("--all-towns",), "South   40.0  40.0    0.0    100%"),
        (("--no-losses",), "155 can arrive (57%)"),
        (("--date", "2025-01-09"), "No town on the network goes short."),
        (("--commodity", "goods"), "No demand for it is recorded."),
    ],
)
def test_options_change_the_answer(cli, options, said):
    """Policies, languages, towns, losses, a calm day, and a commodity that nobody uses."""
    code, out, _ = cli("flow", *TOY, *options)
    assert code == 0
    assert said in out


def test_no_source_is_said(cli, tmp_path):
    """A case without a supply table: its towns are on no network."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "toy")
    (tmp_path / "toy" / "supply.csv").unlink()
    code, out, _ = cli("flow", tmp_path / "toy", "--date", "2025-01-12")
    assert code == 0
    assert words("en")("run.no_source") in out
    assert "Not counted: 280 used where no road" in out
    assert "No demand" not in out


def test_wrong_policies_are_a_wrong_use(cli):
    """Exit code 2, with what there is."""
    code, out, err = cli("flow", *TOY, "--allocation", "priority", "--policy", "essentials")
    assert (code, out) == (2, "")
    assert "essential" in err
    assert cli("flow", *TOY, "--allocation", "fair")[0] == 2
