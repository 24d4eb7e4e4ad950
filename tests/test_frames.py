"""The network as pandas tables and as a networkx graph."""

import math
import warnings

import networkx as nx
import numpy as np
import pytest
from hypothesis import given

import supplyroutes as sr
from tests.strategies import cases

ASSUMPTIONS = sr.datasets.toy()[0].assumptions
PLACES = {"a": (10.0, 0.0), "b": (10.0, 1.0), "c": (11.0, 1.0)}


def graph_of(kind, *edges):
    """Return a graph of the given class over three towns; edges are (u, v, attributes)."""
    graph = kind()
    for node, (lat, lon) in PLACES.items():
        graph.add_node(node, lat=lat, lon=lon)
    for u, v, data in edges:
        graph.add_edge(u, v, **{"length_km": 200.0, **data})
    return graph


def network_from(graph):
    """Return the network of a graph under the bundled assumptions."""
    return sr.Network.from_networkx(graph, assumptions=ASSUMPTIONS)


def problems_of(graph):
    """Return the messages with which a graph is refused."""
    with pytest.raises(sr.errors.DataError) as error:
        network_from(graph)
    return [str(problem) for problem in error.value.problems]


def ways(network):
    """Return the existing directions as (road, tail, head)."""
    core = network.topology
    return {
        (core.edge_ids[arc // 2], core.node_ids[core.tail[arc]], core.node_ids[core.head[arc]])
        for arc in range(len(core.tail))
        if core.exists[arc]
    }


# --- there and back ---------------------------------------------------------------------------


@given(cases())
def test_a_network_comes_back_from_networkx(case):
    """Parallel and one-way roads, sources and corridors survive."""
    network = case.network()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        again = sr.Network.from_networkx(network.to_networkx(), assumptions=network.assumptions)
    assert again == network


@pytest.mark.parametrize("case", ["toy", "mali"])
def test_a_bundled_case_comes_back_from_networkx(case):
    """Also with every optional table."""
    network = getattr(sr.datasets, case)()[0]
    again = sr.Network.from_networkx(network.to_networkx(), assumptions=network.assumptions)
    assert again == network


def test_the_graph_tells_what_is_passable():
    """Closed and impracticable directions stay, with passable False; missing ones are absent."""
    network, events = sr.datasets.toy()
    graph = sr.disrupt(network, events, at="2025-01-11").to_networkx()
    closed = {key for _, _, key, data in graph.edges(keys=True, data=True) if not data["passable"]}
    assert closed == {"port--north", "east--mine"}
    assert graph.has_edge("bridge", "east", "bridge--east--old")
    assert not graph.has_edge("east", "bridge", "bridge--east--old")


def change(graph, edge, **data):
    """Change attributes of the forward direction of a road in a written graph."""
    for _, _, key, old in graph.edges(keys=True, data=True):
        if key == edge and old["arc"] == "forward":
            old.update(data)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda graph: change(graph, "port--north", length_km=200.0), "'port--north' differ"),
        (lambda graph: graph.remove_edge("north", "port", "port--north"), "directions backward"),
        (lambda graph: graph.remove_edge("port", "north", "port--north"), "correct oneway"),
        (lambda graph: change(graph, "port--north", lenght_km=5.0), "lenght_km"),
        (lambda graph: change(graph, "port--north", u="south"), "is not its road's u and v"),
    ],
)
def test_a_written_graph_that_was_changed_in_one_direction_is_refused(spoil, message):
    """A change that only one direction tells is not silently dropped."""
    graph = sr.datasets.toy()[0].to_networkx()
    spoil(graph)
    assert any(message in text for text in problems_of(graph))


def test_a_written_graph_can_be_changed_and_read():
    """A road removed both ways is gone; a source added counts."""
    graph = sr.datasets.toy()[0].to_networkx()
    graph.remove_edge("port", "north", "port--north")
    graph.remove_edge("north", "port", "port--north")
    graph.graph["tables"]["corridors"] = []
    graph.nodes["east"]["supply_m3_per_day"] = 50
    network = network_from(graph)
    assert "port--north" not in network.topology.edge_ids
    assert [network.topology.node_ids[node] for node in network.sources()] == ["east", "port"]


# --- any graph --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("graph", "expected"),
    [
        (graph_of(nx.Graph, ("a", "b", {})), {("a--b", "a", "b"), ("a--b", "b", "a")}),
        (graph_of(nx.DiGraph, ("a", "b", {})), {("a--b", "a", "b")}),
        (
            graph_of(nx.DiGraph, ("a", "b", {}), ("b", "a", {})),
            {("a--b", "a", "b"), ("a--b", "b", "a")},
        ),
        (
            graph_of(nx.DiGraph, ("a", "b", {}), ("b", "a", {"length_km": 300})),
            {("a--b", "a", "b"), ("b--a", "b", "a")},
        ),
        (
            graph_of(nx.MultiGraph, ("a", "b", {}), ("a", "b", {})),
            {
                ("a--b", "a", "b"),
                ("a--b", "b", "a"),
                ("a--b--2", "a", "b"),
                ("a--b--2", "b", "a"),
            },
        ),
        (
            graph_of(nx.MultiDiGraph, *[("a", "b", {})] * 2, *[("b", "a", {})] * 2),
            {
                ("a--b", "a", "b"),
                ("a--b", "b", "a"),
                ("a--b--2", "a", "b"),
                ("a--b--2", "b", "a"),
            },
        ),
        (
            graph_of(nx.MultiDiGraph, ("a", "b", {}), ("a", "b", {"edge": "a--b"})),
            {("a--b", "a", "b"), ("a--b--2", "a", "b")},
        ),
    ],
)
def test_a_plain_graph_becomes_the_right_roads(graph, expected):
    """Directed, parallel and equal edges: one road is one row."""
    assert ways(network_from(graph)) == expected


def test_known_attributes_of_a_plain_graph_are_used():
    """Numbers of numpy, lists and sets are taken as they are meant."""
    graph = graph_of(nx.Graph, ("a", "b", {"surface": "unpaved", "border": np.bool_(True)}))
    graph["a"]["b"]["length_km"] = np.float64(123.25)
    graph["a"]["b"]["checkpoints"] = np.int64(3)
    graph.nodes["a"].update(
        name="Alpha", supply_m3_per_day=np.float64(12.5), roles=["town", "depot"],
        aliases={"Beta", "Alfa"}, population=5000.0,
    )  # fmt: skip
    network = network_from(graph)
    road = network.edges.loc["a--b"]
    assert (road["surface"], road["length_km"], road["checkpoints"]) == ("unpaved", 123.25, 3)
    assert bool(road["border"])
    node = network.nodes.loc["a"]
    assert (node["name"], node["supply_m3_per_day"]) == ("Alpha", 12.5)
    assert node["roles"] == ("town", "depot")
    assert node["aliases"] == ("Alfa", "Beta")
    assert node["population"] == 5000
    assert network.sources() == [0]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({"lenght": 5}, "lenght: edge 'a' to 'b': roads do not know this attribute"),
        ({"time_h": 5.0}, "time_h"),
        ({"passable": False}, "passable"),
        ({7: "seven"}, "7: edge"),
        ({"oneway": True}, "the graph itself tells this"),
        ({"u": "c"}, "the graph itself tells this"),
        ({"length_km": math.nan}, "'nan' is not a number"),
        ({"length_km": math.inf}, "'inf' is not a number"),
        ({"length_km": -1.0}, "below 0 km"),
        ({"length_km": None}, "is empty"),
        ({"length_km": "12 km"}, "write the number alone, in km"),
        ({"length_km": True}, "'true' is not a number"),
        ({"edge": "a b"}, "is not an id"),
    ],
)
def test_wrong_attributes_of_a_plain_graph_are_refused(data, message):
    """What is read is used; what cannot be used is refused by name."""
    graph = graph_of(nx.Graph, ("b", "c", {}))
    graph.add_edge("a", "b", length_km=200.0)
    graph["a"]["b"].update(data)
    assert any(message in text for text in problems_of(graph))


@pytest.mark.parametrize("supply", ["abc", math.nan, math.inf, -1, {}])
def test_a_supply_that_is_no_amount_is_refused(supply):
    """A source of no known size is an error, not a source."""
    graph = graph_of(nx.Graph, ("a", "b", {}))
    graph.nodes["a"]["supply_m3_per_day"] = supply
    assert any("supply_m3_per_day_best" in text for text in problems_of(graph))


def test_a_supply_of_nothing_is_no_source():
    """Zero and None mean that no fuel enters."""
    graph = graph_of(nx.Graph, ("a", "b", {}))
    graph.nodes["a"]["supply_m3_per_day"] = 0
    graph.nodes["b"]["supply_m3_per_day"] = None
    assert network_from(graph).sources() == []


def test_two_roads_of_one_id_are_refused():
    """An id given twice does not hide a road."""
    graph = graph_of(nx.Graph, ("a", "b", {"edge": "r"}), ("b", "c", {"edge": "r"}))
    assert any("'r' stands already" in text for text in problems_of(graph))


def test_one_and_the_text_one_are_not_two_towns():
    """Nodes that read alike are refused, not merged."""
    graph = graph_of(nx.Graph, ("a", "b", {}))
    graph.add_node(1, lat=10.0, lon=0.0)
    graph.add_node("1", lat=11.0, lon=0.0)
    assert any("'1' stands already" in text for text in problems_of(graph))


def test_a_self_loop_and_an_empty_graph_are_refused():
    """The checks of files hold for graphs."""
    assert any("to itself" in text for text in problems_of(graph_of(nx.Graph, ("a", "a", {}))))
    assert any("no towns" in text for text in problems_of(nx.Graph()))


def test_all_faults_of_a_graph_come_together():
    """Unknown attributes, bad nodes and bad edges are told at once."""
    graph = graph_of(nx.Graph, ("a", "b", {"length_km": -1.0, "colour": "red"}))
    graph.nodes["a"]["lat"] = 91.0
    graph.nodes["b"]["zone"] = "x"
    texts = "\n".join(problems_of(graph))
    assert all(word in texts for word in ("colour", "zone", "above 90", "below 0"))


def test_control_characters_of_a_graph_are_escaped_in_messages():
    """A node's name cannot move the cursor of who reads the error."""
    graph = graph_of(nx.Graph, ("a", "b\x1b[2J", {"col\x1bour": 1}))
    assert "\x1b" not in "".join(problems_of(graph))


# --- pandas -----------------------------------------------------------------------------------


def test_the_tables_hold_the_rows_in_order_of_id():
    """One row a town, a road and a direction."""
    network = sr.datasets.toy()[0]
    assert list(network.nodes.index) == sorted(network.nodes.index)
    assert list(network.edges.index) == sorted(network.edges.index)
    assert len(network.arcs) == 2 * len(network.edges)
    assert network.arcs.index.names == ["edge", "tail", "head"]


def test_figures_of_a_town_are_summed_over_its_rows(two_towns, write_rows):
    """Petrol and diesel that enter at one town are its supply together."""
    row = {"node": "a", "basis": "assumption", "source": "s", "confidence": "high"}
    rows = []
    for commodity, amount in (("petrol", 10), ("diesel", 20)):
        ends = {f"supply_m3_per_day_{end}": amount for end in ("low", "best", "high")}
        rows.append({**row, "commodity": commodity, **ends})
    folder = two_towns({})
    write_rows(folder / "supply.csv", rows)
    assert list(sr.read_network(folder).nodes["supply_m3_per_day"]) == [30, 0]


def test_the_age_of_the_last_report_is_counted_in_days():
    """A road reported on 10 January is a day old on the 11th; others have no age."""
    network, events = sr.datasets.toy()
    ages = sr.disrupt(network, events, at="2025-01-11").arcs["last_report_age_days"]
    assert ages["port--north"].tolist() == [1, 1]
    assert ages["bridge--east"].isna().all()
