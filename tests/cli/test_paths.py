"""`supplyroutes paths`: one screen, JSON, a map; what contradicts itself is refused."""

import json

import pytest

import supplyroutes as sr

MALI = ("--date", "2025-10-15")
TOY = ("--case", "toy", "--date", "2025-01-12")


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ("Fuel paths to Bamako", "4 paths share no road", "refused", "90%", "≈ 43.9")),
        ("fr", ("itinéraires vers Bamako", "sans route commune", "refusée", "≈ 43,9")),
    ],
)
def test_one_screen_in_two_languages(cli, lang, told):
    """Rank, source, way, hours, survival, what restricts; it fits 120 columns."""
    code, out, _ = cli("paths", "BAMAKO", *MALI, "--lang", lang)
    assert code == 0
    assert all(words in out for words in told)
    assert max(map(len, out.splitlines())) <= 120
    assert len(out.splitlines()) <= 25


def test_a_narrow_screen_leaves_out_columns(cli, monkeypatch):
    """At 80 columns the reports are counted, and what is left out is said."""
    from supplyroutes.cli import terminal

    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", 80)
    _, out, _ = cli("paths", "bamako", *MALI, "--return")
    assert max(map(len, out.splitlines())) <= 80
    assert "ML022 +7" in out
    assert "Round trip" in out
    assert "A screen of 100 columns" in out


def test_the_best_free_path_stands_above_the_others(cli):
    """Gao: a lone truck gets there from Niamey, over roads of unknown state."""
    _, out, _ = cli("paths", "gao", *MALI)
    assert "Best free path for a lone truck: 39.8 h from Niamey by way of" in out


def test_json_is_the_public_answer(cli):
    """The same as `supply_paths` gives."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    trip = sr.Trip(via=("sikasso",), avoid=("kadiolo",))
    want = sr.supply_paths(day, to="bamako", k=2, choose="safest", baseline=network, trip=trip)
    code, out, _ = cli(
        "paths", "bamako", *MALI, "--via", "Sikasso", "--avoid", "Kadiolo", "--safest",
        "-k", "2", "--json",
    )  # fmt: skip
    assert code == 0
    assert json.loads(out) == {"schema_version": 1, **want.to_dict()}


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--pareto",), "49.3"),
        (("--disjoint", "edge", "--k", "2"), "Conakry"),
        (("--disjoint", "node"), "Nouakchott"),
        (("--max-overlap", "0.5"), "Conakry"),
        (("--from", "Dakar", "--accepts", "refused"), "Dakar"),
    ],
)
def test_other_choices(cli, options, told):
    """Each option reaches the question."""
    code, out, _ = cli("paths", "bamako", *MALI, *options)
    assert code == 0
    assert told in out


def test_waiting_has_a_column_where_trucks_wait(cli):
    """The road to North opens a day later."""
    _, out, _ = cli("paths", "north", *TOY, "--wait-until", "2025-01-20")
    assert "Waiting" in out
    assert "26.4" in out
    assert "24.0" in out


def test_answers_that_are_no_table(cli):
    """No path, a source, a blocked way back."""
    assert "No path leads to the town" in cli("paths", "mine", *TOY)[1]
    assert "begins in the town itself" in cli("paths", "port", *TOY)[1]
    assert "from Port by way of –" in cli("paths", "south", *TOY)[1]


def test_what_is_not_counted_is_not_told(cli):
    """By a town to pass, and with waiting, no line says how many paths share no road."""
    for options in (("--via", "south"), ("--wait-until", "2025-01-20")):
        code, out, _ = cli("paths", "east", *TOY, *options)
        assert code == 0
        assert "share no road" not in out
        assert "Every path runs over one same road" not in out
    assert "Every path runs over one same road: none avoids it." in cli("paths", "north", *TOY)[1]


def test_a_lone_truck_without_a_free_path(cli):
    """North: one road is closed, the other taxed."""
    _, out, _ = cli("paths", "north", *TOY)
    assert "each has a road that is closed, restricted" in out


def test_a_trip_round_to_a_source_is_a_table(cli):
    """Not "nothing has to be driven to it": it was asked to pass South."""
    _, out, _ = cli("paths", "port", *TOY, "--via", "south")
    assert "begins in the town itself" not in out
    assert "South" in out


def test_waiting_and_a_way_back_do_not_go_together(cli):
    """The way back would be of the wrong day."""
    code, out, err = cli("paths", "east", *TOY, "--wait-until", "2025-01-20", "--return")
    assert (code, out) == (2, "")
    assert "without waiting" in err


def test_a_blocked_return_is_said(cli, folder_with_a_closed_way_out):
    """Trucks get in by the one-way road, and do not get out."""
    _, out, _ = cli(
        "paths", "east", folder_with_a_closed_way_out, "--date", "2025-01-12", "--return"
    )
    assert "Empty trucks cannot drive back to the source: T9." in out


@pytest.fixture
def folder_with_a_closed_way_out(case_folder, edit):
    """The toy case with the road between Bridge and East closed."""
    edit(
        case_folder / "events.csv",
        "T1,",
        "T9,2025-01-10,2025-01-14,recorded,,road_closed,reported,all,segment,bridge--east,,,true,A,"
        "The road is closed.,assumption: made up\nT1,",
    )
    return case_folder


def test_a_map_is_drawn_beside_the_answer(cli, tmp_path):
    """The file is written and named on stderr."""
    path = tmp_path / "paths.png"
    code, out, err = cli("paths", "east", *TOY, "-o", path)
    assert (code, err) == (0, f"written: {path}\n")
    assert "Fuel paths to East" in out
    assert path.read_bytes().startswith(b"\x89PNG")


@pytest.mark.parametrize(
    "options",
    [
        ("--safest", "--pareto"),
        ("--k", "0"),
        ("--max-overlap", "2"),
        ("--wait-until", "2025-01-01"),
        ("--via", "bamakoo"),
    ],
)
def test_wrong_use_leaves_with_2(cli, options):
    """And says why on stderr, with nothing on stdout."""
    code, out, err = cli("paths", "east", *TOY, *options)
    assert (code, out) == (2, "")
    assert err


def test_only_4096_paths_are_looked_at(cli, monkeypatch):
    """If the limit is met, the screen says so, and what may be missing."""
    from supplyroutes.analysis.ways import pathsearch

    monkeypatch.setattr(pathsearch, "MOST_LOOKED_AT", 1)
    _, out, _ = cli("paths", "bamako", *MALI)
    assert "Only the first 4,096 paths were looked at: there may be more of those" in out
    _, out, _ = cli("paths", "bamako", *MALI, "--k", "1")
    assert "Only the first 4,096 paths were looked at: there may be more near-equal" in out


def test_the_roads_that_a_truck_accepts_are_those_of_a_trip():
    """The commands offer what `Trip` knows."""
    from typing import get_args

    from supplyroutes.analysis.ways.trips import Accepts
    from supplyroutes.cli.trip_options import ACCEPTS

    assert get_args(Accepts) == ACCEPTS


def test_with_days_to_wait_for_nothing_is_said_of_lone_trucks_today(cli):
    """The north is closed until the 12th: a truck that waits drives freely."""
    day = ("--case", "toy", "--date", "2025-01-10")
    waiting = ("--accepts", "unknown", "--wait-until", "2025-01-14")
    out = cli("paths", "north", *day, *waiting)[1]
    assert "No path is free" not in out
    assert "open" in out
