"""What must hold between the tables of a network."""

import warnings

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.geo import great_circle_km
from tests.strategies import network_of, town

STRAIGHT_KM = great_circle_km(10, 0, 10, 1)
SUPPLY = {
    "node": "a",
    "supply_m3_per_day_low": 1,
    "supply_m3_per_day_best": 2,
    "supply_m3_per_day_high": 3,
    "basis": "assumption",
    "source": "s",
    "confidence": "high",
}


@pytest.mark.parametrize(
    ("road", "column", "message"),
    [
        ({"u": "c"}, "u", "no town has the id 'c'"),
        ({"v": "A"}, "v", "did you mean a?"),
        ({"v": "a", "length_km": 5}, "v", "to itself"),
        ({"length_km": 0}, "length_km", "shorter than the great circle"),
        ({"length_km": STRAIGHT_KM * 0.979}, "length_km", "(109.5 km)"),
        ({"geometry": "LINESTRING (0 10)"}, "geometry", "two points"),
        ({"length_km": "nan"}, "length_km", "not a number"),
        ({"length_km": "inf"}, "length_km", "not a number"),
        ({"length_km": -1}, "length_km", "below 0 km"),
    ],
)
def test_impossible_roads_are_refused(two_towns, refused, *, road, column, message):
    """A road has two known ends and a length that the globe allows."""
    (problem,) = refused(two_towns(road))
    assert (problem.row, problem.column) == (2, column)
    assert message in problem.message


@pytest.mark.parametrize(
    ("length", "message"),
    [
        (STRAIGHT_KM * 0.981, r"a little less than the great circle of its ends \(109.5 km\)"),
        (STRAIGHT_KM * 0.999, "a little less than the great circle"),
        (2000.1, "over 2000 km"),
    ],
)
def test_doubtful_roads_are_accepted_with_a_warning(two_towns, length, message):
    """Up to 2 % under the great circle, and over 2,000 km, a person should look."""
    with pytest.warns(sr.errors.DataWarning, match=rf"roads.csv:2: length_km: .*{message}"):
        sr.read_network(two_towns({"length_km": length}))


@pytest.mark.parametrize("length", [STRAIGHT_KM * 1.0001, 2000])
def test_plausible_roads_are_accepted_in_silence(two_towns, length):
    """Warnings are kept for what deserves them (here they would be errors)."""
    assert len(sr.read_network(two_towns({"length_km": length})).edges) == 1


@given(st.floats(0.5, 1.5), st.floats(-60, 60), st.floats(0.1, 2))
def test_the_bounds_of_the_great_circle(share, lat, east):
    """Under 0.98 refused, from there to 1 warned, above accepted."""
    length = share * great_circle_km(lat, 0, lat, east)
    towns = [town("a", lat, 0.0), town("b", lat, east)]
    roads = [{"edge": "r", "u": "a", "v": "b", "length_km": repr(length)}]
    if share < 0.98:
        with pytest.raises(sr.errors.DataError):
            network_of(towns, roads)
    else:
        assert network_of(towns, roads).topology.length_km[0] == length


def test_a_road_of_zero_length_is_warned_of(two_towns):
    """Two places on one spot may be joined by nothing."""
    here = {"lat": 10, "lon": 0, "source": "s", "confidence": "high"}
    towns = [{"node": "a", "name": "A", **here}, {"node": "b", "name": "B", **here}]
    with pytest.warns(sr.errors.DataWarning, match="0 km is accepted"):
        network = sr.read_network(two_towns({"length_km": 0}, towns=towns))
    assert network.base_time_h == (0, 0)


@pytest.mark.parametrize("name", ["towns", "roads"])
def test_a_network_without_towns_or_roads_is_refused(case_folder, refused, name):
    """Headers alone are no network; the table is named."""
    path = case_folder / f"{name}.csv"
    path.write_text(path.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    assert any(f"no {name} to work on" in problem.message for problem in refused(case_folder))


@pytest.mark.parametrize(
    ("changes", "ordered"),
    [
        ({}, True),
        ({"supply_m3_per_day_low": 2.5}, False),
        ({"supply_m3_per_day_high": 1.5}, False),
        ({"supply_m3_per_day_low": 2, "supply_m3_per_day_high": 2}, True),
    ],
)
def test_low_best_and_high_must_not_fall(two_towns, write_rows, changes, ordered):
    """A range out of order is refused with its three values."""
    folder = two_towns({})
    write_rows(folder / "supply.csv", [{**SUPPLY, **changes}])
    if ordered:
        assert sr.read_network(folder).sources() == [0]
    else:
        with pytest.raises(sr.errors.DataError, match=r"supply.csv:2: supply_m3_per_day_best: low"):
            sr.read_network(folder)


def test_every_table_that_names_a_place_is_checked(two_towns, write_rows, refused):
    """Unknown towns and roads are told for all tables at once."""
    folder = two_towns({"u": "x"}, {"v": "y"})
    write_rows(folder / "supply.csv", [{**SUPPLY, "node": "z"}])
    corridor = {
        "corridor": "C", "name": "C", "origin": "p", "destination": "q", "edges": "r0;r9",
        "source": "s", "confidence": "high",
    }  # fmt: skip
    write_rows(folder / "corridors.csv", [corridor])
    places = {(problem.file.rpartition("/")[2], problem.column) for problem in refused(folder)}
    assert places == {
        ("roads.csv", "u"),
        ("roads.csv", "v"),
        ("supply.csv", "node"),
        ("corridors.csv", "origin"),
        ("corridors.csv", "destination"),
        ("corridors.csv", "edges"),
    }


def test_corridors_of_the_toy_case_are_walks(case_folder):
    """As bundled, both corridors lead from the port to the east."""
    assert len(sr.read_network(case_folder).tables.corridors) == 2


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        (
            "port--north;north--bridge;bridge--east",
            "bridge--east;north--bridge;port--north",
            "edges",
            "'bridge--east' does not start at 'port'",
        ),
        (
            "port--north;north--bridge;bridge--east",
            "port--north;bridge--east",
            "edges",
            "'bridge--east' does not start at 'north'",
        ),
        (
            "port--north;north--bridge;bridge--east",
            "port--north;north--bridge",
            "destination",
            "the roads end at 'bridge', not at 'east'",
        ),
        ("port,east,port--north", "east,port,port--north", "edges", "driven from 'east'"),
    ],
)
def test_a_corridor_that_is_no_walk_is_refused(  # noqa: PLR0917
    case_folder, refused, edit, old, new, column, message
):
    """The roads of a corridor follow each other from its origin to its destination."""
    edit(case_folder / "corridors.csv", old, new)
    (problem,) = refused(case_folder)
    assert (problem.file.rpartition("/")[2], problem.row) == ("corridors.csv", 2)
    assert problem.column == column
    assert message in problem.message


def test_a_walk_over_an_unsound_road_is_told_once(case_folder, refused, edit):
    """A road from a town to itself is told as such, not again for the corridor."""
    edit(case_folder / "roads.csv", "port--north,port,north", "port--north,port,port")
    (problem,) = refused(case_folder)
    assert "to itself" in problem.message


def test_only_as_many_wrong_ids_get_a_hint_as_are_printed(two_towns, refused, monkeypatch):
    """20,000 wrong ids do not cost 20,000 searches, and the same id is searched once."""
    calls = []
    monkeypatch.setattr("supplyroutes.checks._unknown", _counting(calls))
    found = refused(two_towns(*[{"u": f"x{number // 2}"} for number in range(200)]))
    assert len(found) == 200
    assert len(calls) == 20


def _counting(calls):
    """Return a stand-in for the search that counts those with names to search."""

    def unknown(kind, name, known):
        if known:
            calls.append(name)
        return f"no {kind} has the id {name!a}"

    return unknown


def test_rows_are_ordered_by_id_whatever_the_file_says(two_towns):
    """Reordering the rows of a file changes nothing."""
    forth = sr.read_network(two_towns({"edge": "r1"}, {"edge": "r2", "length_km": 130}))
    back = sr.read_network(two_towns({"edge": "r2", "length_km": 130}, {"edge": "r1"}))
    assert forth == back
    assert forth.topology.edge_ids == ("r1", "r2")


def test_every_doubtful_road_is_warned_of(two_towns):
    """Each doubtful road is told once, with its row."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        sr.read_network(two_towns({"length_km": 2500}, {"length_km": 3000}))
    assert [str(warning.message).split(":")[1] for warning in caught] == ["2", "3"]
