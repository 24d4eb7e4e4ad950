"""Paths that remain: cases worked out by hand on the toy network (hours in tests/toy.py)."""

import pytest

import supplyroutes as sr
from tests import toy

NORTH_H = 132 / 55 + 143 / 55
SOUTH_H = 126 / 45 + 105 / 30


def calm():
    """Return the toy network on a quiet day."""
    return toy.on("2025-01-01")


def roads(found, rank):
    """Return the roads of a path."""
    return found.legs.loc[rank, "edge"].tolist()


def test_four_paths_to_east_in_order():
    """North or south, then the new or the old road: 5 + 1.09, 5 + 3.75, 6.3 + 1.09, 6.3 + 3.75."""
    found = sr.supply_paths(calm(), to="East", k=9)
    want = [first + last for first in (NORTH_H, SOUTH_H) for last in (60 / 55, 75 / 20)]
    assert found.paths["time_h"].tolist() == pytest.approx(sorted(want))
    assert roads(found, 1) == ["port--north", "north--bridge", "bridge--east"]
    assert roads(found, 4) == ["port--south", "south--bridge", "bridge--east--old"]
    assert found.paths["source"].tolist() == ["port"] * 4
    assert found.complete
    assert (found.edge_disjoint, found.node_disjoint) == (2, 1)


def test_fewer_are_asked_for():
    """The best two; none is near-equal: 7.39 is 21 % more than 6.09."""
    found = sr.supply_paths(calm(), to="east", k=2)
    assert found.paths["time_h"].tolist() == pytest.approx([NORTH_H + 60 / 55, SOUTH_H + 60 / 55])
    assert found.paths["near_equal"].tolist() == [True, False]


def test_a_blockade_takes_a_path_and_restricts_another():
    """12 January: port--north is closed (T1), south--bridge taxed (T2: half the room, 6 h)."""
    day = toy.network()
    day = sr.disrupt(day, sr.datasets.toy()[1], at="2025-01-12")
    row = sr.supply_paths(day, to="east", k=1).paths.loc[1]
    assert row["time_h"] == pytest.approx(SOUTH_H + 60 / 55 + 6)
    assert (row["state"], row["restricted_km"], row["capacity_factor"]) == ("restricted", 105, 0.5)
    assert (row["bottleneck"], row["reports"]) == ("south--bridge", ("T2",))
    assert row["detour_ratio"] == pytest.approx((SOUTH_H + 60 / 55 + 6) / (NORTH_H + 60 / 55))
    assert row["survival_prob"] == pytest.approx(0.95)


def test_no_way_is_an_answer():
    """The mine lies on a track; its tables are empty."""
    found = sr.supply_paths(calm(), to="mine")
    assert (len(found.paths), len(found.legs), found.complete) == (0, 0, True)
    assert list(found.paths.columns) == list(sr.supply_paths(calm(), to="east").paths.columns)
    assert found.to_dict()["paths"] == []


def test_a_source_is_its_own_path():
    """Port feeds itself over no road."""
    found = sr.supply_paths(calm(), to="port")
    row = found.paths.loc[1]
    assert (row["source"], row["time_h"], row["length_km"], row["detour_ratio"]) == (
        "port", 0, 0, 1,
    )  # fmt: skip
    assert len(found.legs) == 0
