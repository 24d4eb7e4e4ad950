"""Trips: what may be asked for, and what contradicts itself."""

import pytest

import supplyroutes as sr
from tests import toy


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
    assert ask(via=["north", "south"]) == []


def test_origins_replace_the_sources():
    """From North alone; a path may then run through the port, which is no origin."""
    assert ask(origins=["north"]) == ["north--bridge", "bridge--east"]
    found = sr.supply_paths(calm(), to="south", trip=sr.Trip(origins=["north"]))
    assert found.paths["source"].tolist() == ["north", "north"]
    assert "port" in found.legs["head"].tolist()


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
    with pytest.raises(sr.RequestError, match=message):
        ask(**options)


@pytest.mark.parametrize(("name", "near"), [("bridge-east", "bridge--east"), ("Nort", "North")])
def test_an_unknown_place_names_the_nearest_town_or_road(name, near):
    """Both towns and roads are offered."""
    with pytest.raises(sr.UnknownIdError, match=near):
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
    ):
        with pytest.raises(sr.RequestError, match=message):
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
