"""`supplyroutes explain`: why, what would relieve, and what a town hangs on."""

import json

import pytest

from supplyroutes.catalogue import words

TOY = ("--case", "toy", "--date", "2025-01-12")


def test_a_strained_town_shows_cut_relief_shares_and_what_it_hangs_on(cli):
    """East is strained by T1 and T2: lifting either relieves it; South - Bridge carries all."""
    code, out, _ = cli("explain", "East", *TOY)
    assert code == 0
    for told in (
        "Fuel: East strained, 12 January 2025",
        "Port – South – Bridge – East",
        "2 blocked stretches",
        "any one of these does: T1; T2",
        "Closed alone, this road would cut it off: South – Bridge",
        "T2 → isolated",
        "50.0%",
    ):
        assert told in out, told


def test_json_holds_the_same_and_is_the_same_twice(cli):
    """The keys of the result; the same bytes."""
    _, out, _ = cli("explain", "East", *TOY, "--json")
    assert out == cli("explain", "est", *TOY, "--json")[1]
    told = json.loads(out)
    assert told["state"] == "strained"
    assert [way["sets"] for way in told["relief"]] == [[["T1"], ["T2"]]]
    assert {row["event"]: row["share"] for row in told["shares"]} == {"T1": 0.5, "T2": 0.5}
    assert json.loads(cli("explain", "East", *TOY, "--no-shares", "--json")[1])["shares"] == []


@pytest.mark.parametrize(
    ("town", "day", "said"),
    [
        ("Mine", "2025-01-12", "no report took one away"),
        ("Port", "2025-01-12", "The fuel enters here"),
        ("East", "2025-01-09", "Best free way in"),
    ],
)
def test_towns_with_nothing_in_their_way(cli, town, day, said):
    """Off the network, a source, and a supplied town."""
    assert said in cli("explain", town, "--case", "toy", "--date", day)[1]
    assert json.loads(cli("explain", town, "--case", "toy", "--date", day, "--json")[1])


def test_isolated_towns_name_lost_sources_and_both_goals(cli, tmp_path):
    """The port is out of service and a road is closed: two goals, both proven."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "toy")
    scenario = tmp_path / "out.toml"
    scenario.write_text(
        """
case = "toy"
date = 2025-01-12
[[events.added]]
event = "OUT"
start = 2025-01-11
kind = "terminal_out"
basis = "reported"
scope = "point"
nodes = ["port"]
[[events.added]]
event = "GAP"
start = 2025-01-11
kind = "road_closed"
basis = "reported"
scope = "segment"
edges = ["south--bridge", "north--bridge"]
spot_known = true
""",
        encoding="utf-8",
    )
    code, out, _ = cli("explain", "East", scenario)
    assert code == 0
    assert "East isolated" in out
    assert "Sources out of service: Port" in out
    assert "To be reached again, 2 reports must be lifted; any one of these sets does" in out
    assert "GAP + OUT" in out
    told = json.loads(cli("explain", "East", scenario, "--json")[1])
    assert (told["state"], told["path_source"], told["path_time_h"]) == ("isolated", None, None)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("width", [80, 120])
def test_mopti_fits_the_screen(cli, monkeypatch, lang, width):
    """No line is wider than the screen, and nothing is cut off."""
    from supplyroutes.cli import terminal

    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", width)
    _, out, _ = cli("explain", "Mopti", "--date", "2025-10-15", "--lang", lang)
    assert max(map(len, out.splitlines())) <= width
    assert "…" not in out
    assert words(lang)("explain.relief") in out


def test_unknown_town_names_the_nearest(cli):
    """Exit code 2 and a hint."""
    code, _, err = cli("explain", "Estt", *TOY)
    assert code == 2
    assert "did you mean Est" in err
