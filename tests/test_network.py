"""The network: immutable, with stable ids, found by any spelling."""

import contextlib
import copy
import pickle
import unicodedata
from itertools import count, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from tests.strategies import cases, network_of, town


def named(*towns):
    """Return a network of towns given as (id, name, aliases, region, country)."""
    rows = [
        {**town(node, 10.0, float(number)), "name": name, "aliases": ";".join(aliases),
         "admin1": region, "country": country}
        for number, (node, name, aliases, region, country) in enumerate(towns)
    ]  # fmt: skip
    numbers = count()
    ids = [node for node, *_ in towns]
    roads = [
        {"edge": f"r{next(numbers)}", "u": u, "v": v, "length_km": "999"} for u, v in pairwise(ids)
    ]
    return network_of(rows, roads)


@pytest.fixture
def two_naras():
    """Return a network with two towns of one name and a few others."""
    return named(
        ("nara", "Nara", (), "Koulikoro", "MLI"),
        ("nara-2", "Nara", (), "Kayes", "MLI"),
        ("diema", "Diéma", ("Diema Kita",), "Kayes", "MLI"),
        ("nioro", "Nioro du Sahel", ("Nioro",), "Kayes", "MLI"),
        ("bamako", "Bamako", (), "Bamako", "MLI"),
    )


# --- find -----------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", ["Diéma", "Diema", "DIEMA", "diéma", " Diéma ", "diema-kita"])
def test_any_spelling_finds_the_town(two_naras, name, form):
    """Case, accents, Unicode form, spaces and hyphens do not matter."""
    assert two_naras.find(unicodedata.normalize(form, name)) == "diema"


@pytest.mark.parametrize("name", ["nioro", "Nioro", "Nioro du Sahel", "NIORO-DU-SAHEL"])
def test_a_short_name_and_a_long_one_are_one_town(two_naras, name):
    """Aliases are names."""
    assert two_naras.find(name) == "nioro"


@pytest.mark.parametrize("name", ["Nara", "NARA", "Nara ", "Nara, MLI"])
def test_an_ambiguous_name_is_refused_with_the_candidates(name):
    """Two towns of one name are told apart, never guessed."""
    network = named(("n1", "Nara", (), "Koulikoro", "MLI"), ("n2", "Nara", (), "Kayes", "MLI"))
    with pytest.raises(
        sr.errors.UnknownIdError, match=r"several towns .* n1 \(Koulikoro, MLI\), n2"
    ):
        network.find(name)


@pytest.mark.parametrize(
    ("name", "node"),
    [("Nara, Kayes", "nara-2"), ("nara,KOULIKORO", "nara"), ("nara-2", "nara-2"), ("nara", "nara")],
)
def test_a_region_or_the_id_tells_towns_of_one_name_apart(two_naras, name, node):
    """`name, region` is understood, and an id given exactly always is."""
    assert two_naras.find(name) == node


@pytest.mark.parametrize("name", ["Bamakoo", "Bamaco", "Bmako"])
def test_a_misspelt_name_names_the_nearest(two_naras, name):
    """A person sees at once what was meant."""
    with pytest.raises(sr.errors.UnknownIdError, match=r"did you mean Bamako\?"):
        two_naras.find(name)


def test_a_wrong_region_is_not_overlooked(two_naras):
    """`Bamako, Kayes` is not Bamako."""
    with pytest.raises(sr.errors.UnknownIdError):
        two_naras.find("Bamako, Kayes")


def test_a_look_alike_is_shown_escaped(two_naras):
    """A Cyrillic letter that looks Latin cannot hide in the message."""
    with pytest.raises(sr.errors.UnknownIdError, match=r"\\u0412amako.* did you mean Bamako"):
        two_naras.find("\u0412amako")


@given(st.text(max_size=20))
def test_any_text_finds_a_town_or_none(text):
    """No name makes the search fail in another way."""
    network = sr.datasets.toy()[0]
    with contextlib.suppress(sr.errors.UnknownIdError):
        assert network.find(text) in network.topology.node_index


def test_every_town_is_found_by_its_id_and_name():
    """Names of the toy case are unique, so that each finds its town."""
    network = sr.datasets.toy()[0]
    for node in network.nodes.index:
        assert network.find(node) == node
        assert network.find(network.name(node).upper()) == node


def test_a_road_is_found_by_its_id():
    """An unknown road names the nearest."""
    network = sr.datasets.toy()[0]
    assert network.topology.edge_ids[network.edge("port--north")] == "port--north"
    with pytest.raises(sr.errors.UnknownIdError, match="did you mean port--north"):
        network.edge("port-nord")


# --- immutable ------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["nodes", "edges", "arcs"])
def test_changing_a_returned_table_does_not_change_the_network(case_folder, table):
    """A frame is a copy: its reader may do what they like."""
    network = sr.read_network(case_folder)
    same = sr.read_network(case_folder)
    before = getattr(network, table)
    changed = getattr(network, table)
    changed.iloc[0, 0] = changed.iloc[-1, 0]
    for column in list(changed.columns):
        changed[column] = None
        del changed[column]
    assert getattr(network, table).equals(before)
    assert network == same


def _set(sequence, value):
    sequence[0] = value


POISONS = {
    "state": lambda network: _set(network.state.capacity_factor, 0),
    "last_report": lambda network: _set(network.state.last_report, None),
    "length": lambda network: _set(network.topology.length_km, 5),
    "arcs": lambda network: _set(network.topology.out_arcs, 5),
    "index": lambda network: network.topology.node_index.clear(),
    "time": lambda network: _set(network.time_h, -5),
    "base time": lambda network: _set(network.base_time_h, -5),
    "cell": lambda network: _set(network.tables.roads.columns["length_km"], 0),
    "column": lambda network: network.tables.roads.columns.pop("length_km"),
    "speeds": lambda network: network.assumptions.speeds.clear(),
    "attribute": lambda network: setattr(network, "foo", 1),
    "hidden attribute": lambda network: setattr(network, "_state", None),
    "deletion": lambda network: delattr(network, "_tables"),
}


@pytest.mark.parametrize("poison", POISONS.values(), ids=POISONS)
@pytest.mark.parametrize("disrupted", [False, True])
def test_a_network_cannot_be_changed(poison, disrupted):
    """Bundled networks are shared in a process: the next caller must get the same answers."""
    network, events = sr.datasets.toy()
    before = list(network.to_networkx().edges(data=True))
    one = sr.disrupt(network, events, at="2025-01-12") if disrupted else network
    with pytest.raises((TypeError, AttributeError)):
        poison(one)
    assert list(sr.datasets.toy()[0].to_networkx().edges(data=True)) == before


def test_a_network_travels_between_processes():
    """Pickled or copied, disrupted or not, it is the same network."""
    network, events = sr.datasets.toy()
    for one in (network, sr.disrupt(network, events, at="2025-01-12").with_tracks()):
        for other in (pickle.loads(pickle.dumps(one)), copy.deepcopy(one)):  # noqa: S301
            assert other == one
            assert other.time_h == one.time_h
            assert other.topology == one.topology


def test_disrupting_leaves_the_base_untouched():
    """The base network is the same to the byte after any number of disruptions."""
    network, events = sr.datasets.toy()
    before = network.arcs, network.nodes, network.edges
    for day in ("2025-01-09", "2025-01-11", "2025-01-13"):
        closed = sr.disrupt(network, events, at=day)
        assert closed.topology is network.topology
        assert closed.undisturbed() == network
    after = network.arcs, network.nodes, network.edges
    assert all(one.equals(two) for one, two in zip(before, after, strict=True))


def test_other_views_are_other_networks():
    """Tracks, season and assumptions give new networks and change none."""
    network = sr.datasets.toy()[0]
    tracks = network.with_tracks()
    wet = network.in_season("wet")
    assert tracks != network
    assert tracks.with_tracks(tracks=False) == network
    assert wet.in_season("dry") == network
    assert sum(tracks.usable) == sum(network.usable) + 2
    assert sum(wet.base_time_h) > sum(network.base_time_h)


def test_networks_compare_by_what_they_hold():
    """Equality is by value; a network is not a key of a dict."""
    network = sr.datasets.toy()[0]
    assert network != "network"
    assert network != sr.datasets.mali()[0]
    with pytest.raises(TypeError):
        hash(network)


def test_the_repr_says_what_it_is():
    """Size, commodity, day and closures on one line."""
    network, events = sr.datasets.toy()
    assert repr(network) == "<Network 6 towns, 7 roads: fuel>"
    closed = sr.disrupt(network, events, at="2025-01-11")
    assert repr(closed) == "<Network 6 towns, 7 roads: fuel on 2025-01-11, 2 closed directions>"


# --- the compiled core ------------------------------------------------------------------------


def test_hours_are_length_over_speed_and_dwell(two_towns):
    """120 km at 40 km/h, a border of 24 h and two checkpoints of half an hour: 28 h."""
    road = {"speed_dry_kmh": 40, "speed_wet_kmh": 20, "border": "true", "checkpoints": 2}
    network = sr.read_network(two_towns(road))
    assert network.base_time_h == (28, 28)
    assert network.in_season("wet").base_time_h == (31, 31)


def test_a_dry_speed_of_its_own_is_not_exceeded_in_the_rains(two_towns):
    """A road that is slow when dry is not faster when wet."""
    network = sr.read_network(two_towns({"speed_dry_kmh": 10}))
    assert network.in_season("wet").base_time_h == (12, 12)


@given(cases())
def test_the_core_is_the_tables(case):
    """Arcs follow the roads: twice each, both ends, and the way back of a one-way road is out."""
    network = case.network()
    core = network.topology
    assert list(core.node_ids) == sorted(row["node"] for row in case.towns)
    for row in case.roads:
        edge = network.edge(row["edge"])
        ends = [core.node_ids[core.tail[2 * edge]], core.node_ids[core.head[2 * edge]]]
        assert ends == [row["u"], row["v"]]
        assert [core.tail[2 * edge + 1], core.head[2 * edge + 1]] == [
            core.head[2 * edge],
            core.tail[2 * edge],
        ]
        assert list(core.exists[2 * edge : 2 * edge + 2]) == [1, row.get("oneway") != "true"]
    for node in range(len(core.node_ids)):
        leaving = core.out_arcs[core.out_start[node] : core.out_start[node + 1]]
        arriving = core.in_arcs[core.in_start[node] : core.in_start[node + 1]]
        assert list(leaving) == [arc for arc, tail in enumerate(core.tail) if tail == node]
        assert list(arriving) == [arc for arc, head in enumerate(core.head) if head == node]


@pytest.mark.parametrize(("mode", "usable"), [("road", 0), ("ferry", 0), ("rail", 1), ("river", 1)])
def test_practicability_binds_what_trucks_drive_on(two_towns, mode, usable):
    """A railway carries fuel whatever a truck could do on it; a weak ferry bears no tanker."""
    network = sr.read_network(two_towns({"mode": mode, "practicability": 3}))
    assert list(network.usable) == [usable, usable]
    assert list(network.with_tracks().usable) == [1, 1]


def test_nearest_names_tell_each_town_once():
    """Ségou is one town, whether it is spelt Segu or Ségou."""
    network, _ = sr.datasets.mali()
    with pytest.raises(sr.errors.UnknownIdError) as error:
        network.find("Segu2")
    assert error.value.nearest == ("Segu", "Séguéla", "Sélingué")
