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


def test_products_are_shown_apart_and_together(cli):
    """Totals by product, a fill rate of each by town, and whom a limit binds."""
    code, out, err = cli("flow", *TOY, "--product", "petrol", "--product", "diesel")
    assert (code, err) == (0, "")
    for told in (
        "Petrol and diesel that can arrive, 12 January 2025",
        "By product",
        "Diesel    176    95     81     54%",
        "Town    Uses  Gets  Short  Filled  Petrol  Diesel",
        "South – Bridge (N2)  Bridge   part of usual traffic    115   0.95",
        "data/product_shares.csv",
        "It keeps about 6 tankers on the road",
    ):
        assert told in out, told
    assert "Named alone" not in out
    alone = cli("flow", *TOY, "--product", "diesel")[1]
    assert "Named alone" in alone
    ban = cli("flow", *TOY, "--product", "diesel", "--lang", "fr")[1]
    assert "Nommé seul" in ban
    answer = json.loads(
        cli("flow", *TOY, "--product", "diesel", "--product", "petrol", "--json")[1]
    )
    assert [row["product"] for row in answer["products"]] == ["petrol", "diesel"]


def test_a_product_that_nobody_uses_is_told_with_dashes(cli):
    """No town of the toy case uses jet fuel: nothing of it arrives, and nothing fails."""
    code, out, _ = cli("flow", *TOY, "--product", "diesel", "--product", "jet")
    assert code == 0
    rows = [line.split() for line in out.splitlines()]
    assert ["Jet", "fuel", "0", "0", "0", "–"] in rows
    assert next(row for row in rows if row[:1] == ["East"])[-1] == "–"


def test_a_limit_on_one_product_names_it(cli, tmp_path):
    """3 of petrol by the south road; the usual traffic still binds both."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "toy")
    head = "edge,commodity,limit_m3_per_day_low,limit_m3_per_day_best,limit_m3_per_day_high"
    (tmp_path / "toy" / "limits.csv").write_text(
        f"{head},basis,source,confidence\nsouth--bridge,petrol,3,6,9,assumption,made up,low\n",
        encoding="utf-8",
    )
    ask = ("flow", tmp_path / "toy", "--date", "2025-01-12")
    code, out, _ = cli(*ask, "--product", "petrol", "--product", "diesel")
    assert code == 0
    assert "border                     3  Petrol" in out
    assert "closed                     0  all" in out


def test_a_short_fleet_is_a_bottleneck(cli):
    """3 tankers: all on the road, and what one more would bring."""
    code, out, _ = cli("flow", *TOY, "--tankers", "3")
    assert code == 0
    assert "Of 3 tankers 3 are on the road for it" in out
    assert "All trucks" in out
    assert "A tanker brings 46 m3" in out
    free = json.loads(cli("flow", *TOY, "--json")[1])
    many = json.loads(cli("flow", *TOY, "--tankers", "100000", "--json")[1])
    assert many["summary"] == free["summary"]


def test_priorities_of_ones_own_and_a_figure(cli, tmp_path):
    """The only policy of the file needs no name; what is wrong with it has file, row, column."""
    path = tmp_path / "own.csv"
    head = "priority,policy,rank,demand_class,role,reason,source"
    path.write_text(f"{head}\nA1,roads,1,transport,any,a,b\n", encoding="utf-8")
    figure = tmp_path / "bars.png"
    ask = ("flow", *TOY, "--allocation", "priority", "--priorities", path)
    code, out, err = cli(*ask, "--figure", figure)
    assert code == 0
    assert "the policy roads of own.csv" in out
    assert figure.read_bytes().startswith(b"\x89PNG")
    assert "written: " in err
    days = ("--product", "petrol", "--product", "diesel")
    assert cli("flow", *TOY, *days, "--figure", figure)[0] == 0
    assert cli(*ask, "--policy", "rods")[0] == 2
    path.write_text(f"{head}\nA1,roads,0,transport,any,a,b\n", encoding="utf-8")
    code, out, err = cli(*ask)
    assert (code, out) == (3, "")
    assert "own.csv:2: rank" in err
    assert cli("flow", *TOY, "--commodity", "fuel", "--product", "diesel")[0] == 2
    assert cli("flow", *TOY, "--priorities", tmp_path / "none.csv")[0] == 3
