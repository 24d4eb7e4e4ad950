"""Trips: what may be asked for, and what contradicts itself."""

import pytest

import supplyroutes as sr
from tests import toy
from tests.strategies import events_of, network_of, source, town


def calm():
    """Return the toy network on a quiet day."""
    return toy.on("2025-01-01")


def ask(**options):
    """Return the roads of the best path to East on a trip."""
    legs = sr.supply_paths(calm(), to="east", k=1, trip=sr.Trip(**options)).legs
    return legs["edge"].tolist()


def test_places_to_pass_and_to_avoid_in_any_spelling():
    """By the south, by its French name; round the north; without a road."""
    south = ["port--south", "south--bridge", "bridge--east"]
    assert ask(via=["SUD"]) == south
    assert ask(avoid=["Nord"]) == south
    assert ask(avoid=["north--bridge", "bridge--east"]) == [*south[:2], "bridge--east--old"]
    there_and_back = ["port--north", "port--north"]
    assert ask(via=["north", "south"])[:5] == [*there_and_back, *south]


def test_origins_replace_the_sources():
    """From North alone; a path may then run through the port, which is no origin."""
    assert ask(origins=["north"]) == ["north--bridge", "bridge--east"]
    found = sr.supply_paths(calm(), to="south", trip=sr.Trip(origins=["north"]))
    assert found.paths["source"].tolist() == ["north", "north"]
    assert "port" in found.legs["head"].tolist()


def star(*sources):
    """Return a day on the roads a-b, b-c, b-d and a one-way e > d, with sources."""
    rows = [
        {"edge": f"b{end}", "u": "b", "v": end, "length_km": km}
        for end, km in (("a", "110"), ("c", "55"), ("d", "55"))
    ]
    rows.append({"edge": "ed", "u": "e", "v": "d", "length_km": "110", "oneway": "true"})
    network = network_of([town(node) for node in "abcde"], rows, [source(n) for n in sources])
    return sr.disrupt(network, events_of([]), at="2025-01-01")


def ways(day, **options):
    """Return the paths to c by source and roads."""
    found = sr.supply_paths(day, to="c", trip=sr.Trip(**options))
    return [
        (row["source"], found.legs.loc[[rank], "edge"].tolist())
        for rank, row in found.paths.iterrows()
    ]


def test_the_end_of_a_spur_is_passed_there_and_back():
    """From a by d to c: the fork b is met twice, the road b-d driven twice."""
    assert ways(star("a"), via=["d"]) == [("a", ["ba", "bd", "bd", "bc"])]
    found = sr.supply_paths(star("a"), to="c", trip=sr.Trip(via=["d"]))
    assert found.paths.loc[1, "length_km"] == 110 + 3 * 55
    assert found.complete
    assert (found.edge_disjoint, found.node_disjoint) == (None, None)
    assert found.summary()["edge_disjoint"] is None
    assert "share no road" not in found._repr_html_()
    safest = sr.supply_paths(star("a"), to="c", choose="safest", trip=sr.Trip(via=["d"]))
    assert safest.legs["edge"].tolist() == ["ba", "bd", "bd", "bc"]


def test_a_source_to_pass_or_at_the_end_is_no_start():
    """The other source starts; if there is none, the trip goes round from where it ends."""
    assert ways(star("a", "c"), via=["d"]) == [("a", ["ba", "bd", "bd", "bc"])]
    assert ways(star("a", "d"), via=["d"]) == [("a", ["ba", "bd", "bd", "bc"])]
    assert ways(star("a", "d"), via=["a", "d"]) == [("a", ["ba", "bd", "bd", "bc"])]
    assert ways(star("c"), via=["d"]) == [("c", ["bc", "bd", "bd", "bc"])]


def test_an_origin_that_is_named_starts_even_if_it_is_passed():
    """It is passed as it is left."""
    assert ways(star("a"), via=["d"], origins=["d"]) == [("d", ["bd", "bc"])]


@pytest.mark.parametrize("avoid", ["port", "Port"])
def test_an_avoided_source_is_none(avoid):
    """The only source avoided: no path, and no error."""
    assert ask(avoid=[avoid]) == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"via": "south"}, "write via"),
        ({"accepts": "closed"}, "accepts 'closed'"),
        ({"via": ["east"]}, "not the one where the trip ends"),
        ({"via": ["south", "Sud"]}, "each town once"),
        ({"avoid": ["east"]}, "East: to be used and to be avoided"),
        ({"via": ["south"], "avoid": ["Sud"]}, "South: to be used"),
    ],
)
def test_contradictions_are_refused(options, message):
    """The message says what to change."""
    with pytest.raises(sr.errors.RequestError, match=message):
        ask(**options)


@pytest.mark.parametrize(("name", "near"), [("bridge-east", "bridge--east"), ("Nort", "North")])
def test_an_unknown_place_names_the_nearest_town_or_road(name, near):
    """Both towns and roads are offered."""
    with pytest.raises(sr.errors.UnknownIdError, match=near):
        ask(avoid=[name])


def test_roads_that_a_truck_accepts():
    """The north is closed and the south escorted: not for a truck that takes less."""
    day = toy.on(
        "2025-01-10", toy.told(), toy.told("t", kind="convoy_arrival", edges="port--south")
    )
    for accepts, paths in (("unknown", 0), ("restricted", 0), ("escorted", 2), ("refused", 2)):
        found = sr.supply_paths(day, to="east", trip=sr.Trip(accepts=accepts))
        assert len(found.paths) == paths, accepts
    assert found.paths["state"].tolist() == ["escorted", "escorted"]
    assert not found.paths["free"].any()


def test_a_timeline_on_longer_roads_of_the_same_names_is_refused():
    """The same towns and ids, twice the length."""
    short, long = (
        network_of(
            [town("a"), town("b", 0.1)],
            [{"edge": "ab", "u": "a", "v": "b", "length_km": km}],
            [source("a")],
        )
        for km in ("60", "120")
    )
    events = events_of([])
    days = sr.timeline(long, events, start="2025-01-10", end="2025-01-14")
    day = sr.disrupt(short, events, at="2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="other roads"):
        sr.supply_paths(day, to="b", trip=sr.Trip(days=days))


def test_a_timeline_must_be_of_the_day_and_its_network():
    """Another commodity, no day, a day outside, or another state of the day are refused."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-10", end="2025-01-14")
    trip = sr.Trip(days=days)
    assert len(sr.supply_paths(days["2025-01-12"], to="east", trip=trip).paths) == 4
    for day, message in (
        (sr.disrupt(network, events, at="2025-01-12", commodity="diesel"), "not of this network"),
        (network, "needs a day"),
        (sr.disrupt(network, events, at="2025-02-12"), "not between"),
        (toy.on("2025-01-12"), "another state"),
        (days["2025-01-12"].in_season("wet"), "another season"),
        (days["2025-01-12"].with_tracks(), "another season"),
        (days["2025-01-12"].assuming({"strained_capacity_share": 0.9}), "another season"),
    ):
        with pytest.raises(sr.errors.RequestError, match=message):
            sr.supply_paths(day, to="east", trip=trip)


def test_waiting_for_the_barricade_to_be_lifted():
    """From 12 January: port--north opens on the 13th, at 24 h; by the south it costs 6 h more."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-10", end="2025-01-20")
    trip = sr.Trip(days=days)
    found = sr.supply_paths(days["2025-01-12"], to="north", k=2, trip=trip)
    assert found.paths["time_h"].tolist() == pytest.approx(
        [126 / 45 + 105 / 30 + 6 + 143 / 55, 24 + 132 / 55]
    )
    assert found.paths["wait_h"].tolist() == pytest.approx([0, 24])
    assert found.paths["state"].tolist() == ["restricted", "open"]
    assert found.legs.loc[2, "wait"].tolist() == pytest.approx([24])
    short = sr.timeline(network, events, start="2025-01-12", end="2025-01-12")
    alone = sr.supply_paths(days["2025-01-12"], to="north", trip=sr.Trip(days=short))
    assert len(alone.paths) == 1
