"""Trucks under way: how long, past whom, and home again."""

import pytest

from supplyroutes.analysis.stores.transit import Consignment, UnderWay, roads_of, steady
from tests import stocks, toy

ROUND = [
    {"edge": "direct", "u": "port", "v": "mid"},
    {"edge": "around", "u": "mid", "v": "port", "oneway": "true"},
    {"edge": "last", "u": "mid", "v": "town"},
]


def test_hours_by_the_clock_stretch_driving_and_not_waiting():
    """Driving takes 24 / 9 of its hours; a delay, and the wait at a border, run by the clock."""
    network = toy.network()
    roads = roads_of(network)
    drive = network.topology.drive_dry_h
    assert roads.clock_h == pytest.approx([hours * 24 / 9 for hours in drive])
    late = toy.on("2025-01-10", toy.told(kind="convoy_attack"))
    delays = late.state.delay_h
    assert roads_of(late).clock_h == pytest.approx(
        [hours * 24 / 9 + delay for hours, delay in zip(drive, delays, strict=True)]
    )


@pytest.mark.parametrize(("legs", "evenings"), [([9], 0), ([9, 3], 1), ([18], 1), ([18, 9, 3], 3)])
def test_a_trip_spends_as_many_evenings_on_the_road_as_days_less_one(legs, evenings):
    """Nine hours are a day, which ends in the town."""
    base = stocks.line(legs, 10)
    roads = roads_of(base)
    path = tuple(range(0, 2 * len(legs), 2))
    assert roads.lag_days(path) == evenings
    road = UnderWay(None)
    steady([Consignment(0, len(legs), path, 10.0, 10.0)], roads, road)
    assert len(road.town) == evenings
    assert sum(road.amount) == 10 * evenings
    for _ in range(evenings):
        moved = road.drive(roads)
        assert sum(moved.arrived.values()) == 10
    assert not road.town


def test_a_truck_goes_home_by_another_open_way_or_stands_if_there_is_none():
    """The last leg is closed, and the way by which it came; a one-way road leads home."""
    from tests import flows
    from tests.strategies import source, town

    towns = [town(name, 10.0, place / 50) for place, name in enumerate(("port", "mid", "town"))]
    speed = {"length_km": "450", "speed_dry_kmh": "50", "speed_wet_kmh": "50"}
    base = flows.network(
        towns, [{**row, **speed} for row in ROUND], [source("port")], {("town", "power"): 1}
    )
    arcs = {name: 2 * base.edge(name) for name in ("direct", "around", "last")}
    nodes = base.topology.node_index
    shut = [1.0] * 6
    shut[arcs["direct"]] = shut[arcs["direct"] + 1] = shut[arcs["last"]] = 0.0
    sent = Consignment(nodes["port"], nodes["town"], (arcs["direct"], arcs["last"]), 8.0, 8.0)
    for around, returned in ((1.0, 8.0), (0.0, 0.0)):
        shut[arcs["around"]] = around
        closed = roads_of(flows.on_day(base, shut))
        road = UnderWay(0)
        road.send(sent)
        road.drive(roads_of(base))
        road.drive(closed)
        assert road.by_town(3)[0].sum() == 8 - returned
        assert road.by_town(3)[1].sum() == 0  # nobody counts on it
        assert sum(road.amount) == 8
        assert sum(road.drive(closed).returned.values()) == returned
