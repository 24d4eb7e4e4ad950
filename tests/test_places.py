"""Where a report is: roads by name, towns, corridors, areas and regions."""

import pytest

import supplyroutes as sr
from supplyroutes.places import Gazetteer, RegionNames, check_places
from tests.strategies import events_of, network_of, source, town
from tests.toy import NORTH, network, told


def edges_of(numbers, of=None):
    """The ids of edges."""
    return [(of or network()).topology.edge_ids[number] for number in numbers]


def stretch(**cells):
    """The roads that a report on the toy network names."""
    (report,) = events_of([told(**cells)])
    return edges_of(Gazetteer(network()).stretch(report))


def test_stretch_takes_the_finest_place():
    """Roads, else roads of the corridor at the towns, else of the towns, else the corridor."""
    assert stretch(edges="bridge--east;port--north", corridor="NORTH", nodes="port") == [
        "bridge--east",
        "port--north",
    ]
    assert stretch(corridor="NORTH", nodes="north") == ["port--north", "north--bridge"]
    assert stretch(nodes="north") == ["north--bridge", "port--north"]
    assert stretch(corridor="NORTH", nodes="south") == ["port--south", "south--bridge"]
    assert stretch(corridor="NORTH") == list(NORTH)
    assert stretch(scope="region", region="Inland") == []


def test_a_road_of_two_corridors_stands_once():
    """NORTH and SOUTH share bridge--east; at bridge and east it is one road."""
    assert stretch(corridor="NORTH;SOUTH").count("bridge--east") == 1
    assert stretch(corridor="NORTH;SOUTH", nodes="east") == ["bridge--east"]


def test_corridor_within_a_region():
    """Coast holds only port: the first road of the corridor has an end there."""
    assert stretch(corridor="NORTH", region="Coast") == ["port--north"]
    assert stretch(corridor="NORTH", region="toy") == list(NORTH)


def inbound(**cells):
    """The arcs that an inbound report names, as tail>head."""
    (report,) = events_of([told(direction="inbound", **cells)])
    places = Gazetteer(network())
    arcs = places.directed(places.stretch(report), report)
    return [network().topology.arc_name(arc).split(" ")[0] for arc in arcs]


def test_inbound_is_towards_the_destination_into_a_town_or_from_u_to_v():
    """Three readings of a direction."""
    assert inbound(corridor="NORTH") == ["port>north", "north>bridge", "bridge>east"]
    assert inbound(nodes="north") == ["bridge>north", "port>north"]
    assert inbound(edges="north--bridge") == ["north>bridge"]


def test_inbound_into_a_town_holds_beside_a_corridor():
    """Roads of the town that are not of the corridor are still directed into the town."""
    (report,) = events_of([told(direction="inbound", nodes="bridge", corridor="NORTH")])
    places = Gazetteer(network())
    arcs = places.directed(sorted(places.node_edges(["bridge"])), report)
    names = {network().topology.arc_name(arc).split(" ")[0] for arc in arcs}
    assert names == {"north>bridge", "bridge>east", "east>bridge", "south>bridge"}


def test_middle_is_by_truck_time_not_by_count_or_length():
    """NORTH: 2.4 + 2.6 + 1.09 h, half 3.05 h: the second road. Dwell counts."""
    places = Gazetteer(network())
    numbers = [network().edge(edge) for edge in NORTH]
    assert edges_of([places.middle(numbers)]) == ["north--bridge"]
    first = [network().edge("bridge--east--old"), network().edge("bridge--east")]
    assert edges_of([places.middle(first)]) == ["bridge--east--old"]


# --- areas ----------------------------------------------------------------------------------

WEST_EAST = [town("a", 10.0, -8.0), town("b", 10.0, -7.0)]
ROAD = {"edge": "ab", "u": "a", "v": "b", "length_km": "115"}


def area(radius_km, lat, lon, geometry=""):
    """The roads that an area hits: one road of 109.5 km as the crow flies, along 10 N."""
    world = network_of(WEST_EAST, [{**ROAD, "geometry": geometry}], [source("a")])
    return edges_of(Gazetteer(world).area_edges(lat, lon, radius_km), world)


def test_area_hits_a_long_road_far_from_both_ends():
    """10 km round the middle of a 109.5 km road: both ends are over 50 km away."""
    assert area(10, 10.0, -7.5) == ["ab"]
    assert area(10, 10.08, -7.5) == ["ab"]  # 0.08 degrees = 8.9 km north of it
    assert area(10, 10.1, -7.5) == []  # 0.1 degrees = 11.1 km north of it
    assert area(10, 10.0, -8.2) == []  # 21.9 km before its end


def test_area_follows_the_given_line():
    """A road by way of 10.5 N is hit there, and not on the straight line."""
    line = "LINESTRING (-8 10, -7.5 10.5, -7 10)"
    assert area(10, 10.5, -7.5, line) == ["ab"]
    assert area(10, 10.0, -7.5, line) == []


def test_area_closes_the_road_it_crosses():
    """The same through `disrupt`: the town behind the disc is cut off."""
    world = network_of(WEST_EAST, [ROAD], [source("a")])
    disc = told(scope="area", lat="10.0", lon="-7.5", radius_km="10")
    day = sr.disrupt(world, events_of([disc]), at="2025-01-10")
    assert sr.isolation(day).towns.loc["b", "state"] == "isolated"


# --- names ----------------------------------------------------------------------------------


def test_unknown_places_are_all_told_with_the_nearest():
    """Town, road, corridor and region that are not there: four problems."""
    row = told(nodes="nort", edges="port--noth", corridor="NORT", region="Inlandd")
    with pytest.raises(sr.errors.DataError) as caught:
        check_places(network(), events_of([row]))
    problems = caught.value.problems
    assert [problem.column for problem in problems] == ["nodes", "edges", "corridor", "region"]
    for problem, near in zip(problems, ("north", "port--north", "NORTH", "Inland"), strict=True):
        assert f"did you mean {near}" in problem.message


def test_region_in_any_spelling():
    """INLAND is Inland, and a country counts as a region."""
    check_places(
        network(),
        events_of([told(scope="region", region="INLAND"), told("f", scope="region", region="toy")]),
    )


REGIONS = [{"alias": "Littoral", "region": "coast", "note": "with its islands"}]


def with_regions(*rows):
    """A network of two towns, in Coast and Inland of TOY, with other names of regions."""
    towns = [
        town("a", country="TOY", admin1="Coast"),
        town("b", 1.0, country="TOY", admin1="Inland"),
    ]
    road = {"edge": "r", "u": "a", "v": "b", "length_km": "120"}
    return network_of(towns, [road], regions=rows)


def test_a_region_has_other_names():
    """As regions.csv tells, in any spelling, with the words that go with any region."""
    names = RegionNames.of(with_regions(*REGIONS).tables)
    for name in ("Littoral", "LITTORAL", "Region of Littoral", "Région du Littoral"):
        assert names.find(name) == "Coast"
        assert names.note(name) == "with its islands"
    assert names.find("Coast Region") == "Coast"
    assert (names.find("Nowhere"), names.note("Coast")) == (None, "")
    assert Gazetteer(with_regions(*REGIONS)).region_edges("littoral") == {0}
    assert Gazetteer(with_regions(*REGIONS)).region_edges("nowhere") == frozenset()


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"alias": "Shore", "region": "Coats"}, "called 'Coats'; did you mean Coast"),
        ({"alias": "Inland", "region": "Coast"}, "'Inland' is a name of 'Inland' already"),
        ({"alias": "littoral", "region": "Inland"}, "'littoral' is a name of 'Coast' already"),
    ],
)
def test_names_of_regions_have_one_meaning(row, message):
    """An alias of nothing, or of two regions, is refused."""
    with pytest.raises(sr.errors.DataError, match=message):
        with_regions(*REGIONS, row)


def test_names_of_regions_go_round_with_the_network(tmp_path):
    """They are a table of the network: written, read, and kept by a graph."""
    network = with_regions(*REGIONS)
    sr.write_network(network, tmp_path)
    assert sr.read_network(tmp_path) == network
    again = sr.Network.from_networkx(network.to_networkx(), assumptions=network.assumptions)
    assert again.tables.regions.columns == network.tables.regions.columns


def test_a_region_without_roads_is_hit_nowhere():
    """A town that no road leads to has a region all the same."""
    made = network_of([town("a", admin1="West"), town("b", lon=1.0), town("c", lon=2.0)], [
        {"edge": "r", "u": "b", "v": "c", "length_km": "120"},
    ])  # fmt: skip
    assert Gazetteer(made).region_edges("West") == frozenset()


def test_inbound_of_two_corridors_that_drive_a_road_in_opposite_ways_is_both():
    """Whatever order they are named in."""
    towns = [town("a"), town("b", lon=1.0)]
    corridors = [
        {"corridor": name, "name": name, "origin": ends[0], "destination": ends[1], "edges": "r"}
        for name, ends in {"OUT": "ab", "BACK": "ba"}.items()
    ]
    road = {"edge": "r", "u": "a", "v": "b", "length_km": "120"}
    places = Gazetteer(network_of(towns, [road], corridors=corridors))
    for names, arcs in (("OUT;BACK", (0, 1)), ("BACK;OUT", (0, 1)), ("OUT", (0,)), ("BACK", (1,))):
        (report,) = events_of([told(direction="inbound", corridor=names, scope="corridor")])
        assert places.directed([0], report) == arcs
        (report,) = events_of([told(direction="outbound", corridor=names, scope="corridor")])
        assert places.directed([0], report) == (arcs if len(arcs) == 2 else (arcs[0] ^ 1,))
