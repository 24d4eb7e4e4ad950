"""Paths that remain: cases worked out by hand on the toy network (hours in tests/toy.py)."""

import pytest

import supplyroutes as sr
from supplyroutes.analysis.ways import pathsearch
from tests import toy
from tests.strategies import network_of, source, town

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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"k": 0}, "k=0"),
        ({"choose": "nicest"}, "no choice"),
        ({"max_overlap": 1.5}, "max_overlap=1.5"),
        ({"choose": "pareto", "max_overlap": 0.5}, "fastest and safest"),
        ({"choose": "edge_disjoint", "trip": sr.Trip(via=["south"])}, "fastest and safest"),
    ],
)
def test_what_cannot_be_asked(options, message):
    """The message says what to change."""
    with pytest.raises(sr.errors.RequestError, match=message):
        sr.supply_paths(calm(), to="east", **options)


def test_what_does_not_go_together():
    """Waiting for the safest moment has no end; a baseline is of the same network."""
    days = sr.timeline(*sr.datasets.toy(), start="2025-01-01", end="2025-01-02")
    trip = sr.Trip(days=days)
    with pytest.raises(sr.errors.RequestError, match="wait for ever"):
        sr.supply_paths(days["2025-01-01"], to="east", choose="safest", trip=trip)
    back = sr.Trip(days=days, empty_return=True)
    with pytest.raises(sr.errors.RequestError, match="without waiting"):
        sr.supply_paths(days["2025-01-01"], to="east", trip=back)
    with pytest.raises(sr.errors.RequestError, match="not the same network"):
        sr.supply_paths(calm(), to="east", baseline=sr.datasets.mali()[0])


def test_disjoint_sets_by_hand():
    """By north and by south share the bridge: two paths without a common road, one without a town.

    The cheapest pair is worth the same however it is put together; the fastest is told first.
    """
    found = sr.supply_paths(calm(), to="east", choose="edge_disjoint")
    assert roads(found, 1) == ["port--north", "north--bridge", "bridge--east"]
    assert roads(found, 2) == ["port--south", "south--bridge", "bridge--east--old"]
    alone = sr.supply_paths(calm(), to="east", choose="node_disjoint")
    assert [roads(alone, 1)] == [["port--north", "north--bridge", "bridge--east"]]
    assert len(alone.paths) == 1
    port = sr.supply_paths(calm(), to="port", choose="edge_disjoint")
    assert port.paths["time_h"].tolist() == [0]


def test_safer_and_slower_are_both_unbeaten():
    """An ambush a day ago: the north is a gamble of 5 %, the south is slower and safe."""
    day = toy.on(
        "2025-01-11",
        toy.told(kind="ambush", end="2025-01-10", edges="port--north;north--bridge"),
    )
    both = sr.supply_paths(day, to="bridge", choose="pareto").paths
    assert both["time_h"].tolist() == pytest.approx([NORTH_H, SOUTH_H])
    assert both["survival_prob"].tolist() == pytest.approx([0.95, 1])
    safest = sr.supply_paths(day, to="bridge", choose="safest").paths
    assert safest["time_h"].tolist() == pytest.approx([SOUTH_H, NORTH_H])


def test_near_equal_paths_are_shown_beyond_k_if_they_are_other_routes():
    """Within 30 % of the best: the south (64 % is shared with nothing) comes on top of one.

    The old road into East shares four fifths of its path with the new one: 275 of 350 km.
    """
    day = calm().assuming({"near_equal_ratio": 0.3})
    found = sr.supply_paths(day, to="east", k=1)
    assert [roads(found, rank)[0] for rank in found.paths.index] == ["port--north", "port--south"]
    assert found.paths["near_equal"].tolist() == [True, True]
    wide = sr.supply_paths(calm().assuming({"near_equal_ratio": 9}), to="east", k=1)
    assert len(wide.paths) == 4


def test_a_loop_of_the_same_route_is_left_out():
    """The old road shares 275 of 350 km: more than 0.75; the south shares 60 of 291."""
    found = sr.supply_paths(calm(), to="east", max_overlap=0.75)
    assert [roads(found, rank) for rank in found.paths.index] == [
        ["port--north", "north--bridge", "bridge--east"],
        ["port--south", "south--bridge", "bridge--east"],
    ]
    assert found.paths["overlap_share"].tolist() == pytest.approx([0, 60 / 291])


def test_the_way_back_of_the_empty_truck():
    """There and back by the north; the way out of East is the new road, the old one is one-way."""
    found = sr.supply_paths(calm(), to="east", k=1, trip=sr.Trip(empty_return=True))
    row = found.paths.loc[1]
    assert row["return_time_h"] == pytest.approx(NORTH_H + 60 / 55)
    assert row["cycle_h"] == pytest.approx(2 * (NORTH_H + 60 / 55))
    assert row["return_reports"] == ()


def test_a_blocked_way_out_starves_the_fleet():
    """Trucks reach East by both roads; the new one, the only way out, is closed outbound."""
    day = toy.on("2025-01-10", toy.told("x", edges="bridge--east", direction="outbound"))
    assert len(sr.supply_paths(day, to="east").paths) == 4
    found = sr.supply_paths(day, to="east", k=1, trip=sr.Trip(empty_return=True))
    row = found.paths.loc[1]
    assert row["return_time_h"] != row["return_time_h"]
    assert row["return_reports"] == ("x",)
    assert found.to_dict()["paths"][0]["cycle_h"] is None


def test_the_least_recorded_capacity_and_its_road():
    """Bamako: the crossing of Kadiana, 2,760 m3 a day, of which the blockade leaves 35 %."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    row = sr.supply_paths(day, to="Bamako", k=1).paths.loc[1]
    assert (row["source"], row["bottleneck"]) == ("yamoussoukro", "kadiana--tengrela")
    assert row["capacity_m3_per_day"] == pytest.approx(2760 * row["capacity_factor"])


def test_counts_are_left_out_where_no_flow_gives_them():
    """A flow knows no days: North opens on the 13th; on the 12th one way leads to it."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-12", end="2025-01-14")
    waits = sr.supply_paths(days["2025-01-12"], to="north", trip=sr.Trip(days=days))
    assert len(waits.paths) == 2
    assert (waits.edge_disjoint, waits.node_disjoint) == (None, None)
    still = sr.supply_paths(days["2025-01-12"], to="north")
    assert (still.edge_disjoint, still.node_disjoint) == (1, 1)


def test_the_paths_asked_for_are_certain_even_if_near_equal_ones_may_be_missing(monkeypatch):
    """Two looked at: the best is the best; whether a third is near-equal is not known."""
    monkeypatch.setattr(pathsearch, "MOST_LOOKED_AT", 2)
    day = calm().assuming({"near_equal_ratio": 9})
    found = sr.supply_paths(day, to="east", k=1)
    assert (found.complete, found.near_equal_complete) == (True, False)
    assert not found.to_dict()["near_equal_complete"]
    found = sr.supply_paths(day, to="east", k=3)
    assert (found.complete, found.near_equal_complete) == (False, False)


def test_no_source_gives_no_path_of_any_kind():
    """The only one is avoided."""
    for choose in ("fastest", "safest", "pareto", "edge_disjoint", "node_disjoint"):
        trip = sr.Trip(avoid=("port",))
        assert sr.supply_paths(calm(), to="east", choose=choose, trip=trip).paths.empty


def test_arcs_are_those_of_the_legs():
    """The directions driven, path by path."""
    found = sr.supply_paths(calm(), to="east")
    top = calm().topology
    driven = [arc for arcs in found.arcs for arc in arcs]
    assert [top.edge_ids[arc // 2] for arc in driven] == found.legs["edge"].tolist()
    assert [top.node_ids[top.tail[arc]] for arc in driven] == found.legs["tail"].tolist()


def test_a_result_as_values_and_for_notebooks():
    """Plain values with legs; hostile names stay text."""
    found = sr.supply_paths(calm(), to="bridge", k=1)
    values = found.to_dict()
    assert values["summary"] == {
        "paths": 1, "edge_disjoint": 2, "node_disjoint": 2, "best_time_h": 5.0,
        "best_free_time_h": 5.0, "best_survival_prob": 1.0,
    }  # fmt: skip
    assert [leg["edge"] for leg in values["paths"][0]["legs"]] == ["port--north", "north--bridge"]
    assert values["paths"][0]["legs"][0]["last_report"] is None
    assert "1 paths, 2 share no road, 2 no town" in found._repr_html_()
    nothing = sr.supply_paths(calm(), to="mine").summary()
    assert (nothing["paths"], nothing["best_time_h"]) == (0, None)


def test_a_road_of_no_length_is_not_driven_there_and_back():
    """REL-004: the best path is s > a > b > t; two that share no road are s > a > t and s > b > t.

    The search finds the second path over b > a, against the first on a road of no length.
    """
    towns = [town(node, 10.0, 0.0) for node in "sabt"]
    km = {"sa": "100", "sb": "200", "ab": "0", "at": "200", "bt": "100"}
    rows = [
        {"edge": f"r-{ends}", "u": ends[0], "v": ends[1], "length_km": length}
        for ends, length in km.items()
    ]
    network = network_of(towns, rows, [source("s")])
    assert roads(sr.supply_paths(network, to="t", k=1), 1) == ["r-sa", "r-ab", "r-bt"]
    found = sr.supply_paths(network, to="t", choose="edge_disjoint")
    assert [roads(found, rank) for rank in (1, 2)] == [["r-sa", "r-at"], ["r-sb", "r-bt"]]
