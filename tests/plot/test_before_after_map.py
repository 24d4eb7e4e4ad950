"""Two maps side by side: what differs is outlined on both, and said in words."""

from __future__ import annotations

import pytest

import supplyroutes as sr
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import renamed, texts, toy_day
from tests.plot.test_small_multiples import drawn_states


def pair(lifted="T1", at="2025-01-12"):
    network, events = sr.datasets.toy()
    return {
        "as it was": sr.disrupt(network, events, at=at),
        "what if": sr.disrupt(network, events.without(lifted), at=at),
    }


def rims(ax):
    """Return the towns that are outlined."""
    return {
        (line.get_gid() or "").removeprefix("differs-")
        for line in ax.lines
        if (line.get_gid() or "").startswith("differs-")
    }


def outlined_roads(ax):
    lines = [line for line in ax.collections if line.get_label() == "differs"]
    return {len(line.get_segments()) for line in lines}


def test_both_maps_outline_the_towns_and_roads_of_another_state():
    """Without T1 the north is supplied; South has a way in more, and keeps its state."""
    networks = pair()
    result = sr.compare(networks)
    figure = sr.plot.before_after_map(networks, result)
    changed = result.differences[result.differences["measure"] == "state"]
    expected = set(changed.index.get_level_values("node"))
    assert expected == {"north", "bridge", "east"}
    for ax, network in zip(figure.axes, networks.values(), strict=True):
        assert rims(ax) == expected
        assert outlined_roads(ax) == {1}, "Port - North"
        states, nodes = drawn_states(ax), network.nodes
        for node, state in sr.isolation(network, approaches=False).towns["state"].items():
            told = states[nodes.loc[node, "lon"], nodes.loc[node, "lat"]]
            assert told == ("source" if node == "port" else state)
    said = texts(figure)
    assert "another state (roads: 1, places: 3)" in said
    [line] = [text for text in said if text.startswith("East, North, Bridge")]
    assert line.endswith("strained → supplied. 1 more place differs in time or ways in only. "
                         "Made by: T1.")  # fmt: skip


def test_the_comparison_is_made_if_it_is_not_given():
    networks = pair()
    one = sr.plot.before_after_map(networks)
    two = sr.plot.before_after_map(networks, sr.compare(networks))
    assert figure_bytes(one, ".png") == figure_bytes(two, ".png")


def test_nothing_differs():
    """T3 begins on the 13th: on the 12th it is all the same without it."""
    figure = sr.plot.before_after_map(pair(lifted="T3"), lang="fr")
    assert "Aucune localité ne change." in texts(figure)
    assert "autre état (routes\u202f: 0, localités\u202f: 0)" in texts(figure)
    assert not any(rims(ax) or outlined_roads(ax) - {0} for ax in figure.axes)


def test_days_and_commodities_stand_above_the_maps_where_they_differ():
    days = {at: toy_day(at) for at in ("2025-01-09", "2025-01-12")}
    figure = sr.plot.before_after_map({"calm": days["2025-01-09"], "worst": days["2025-01-12"]})
    heads = [ax.get_title(loc="left") for ax in figure.axes]
    assert heads == ["calm, 9 January 2025", "worst, 12 January 2025"]
    assert "Fuel supply, 9 January 2025 and 12 January 2025: what differs" in texts(figure)
    network, events = sr.datasets.toy()
    goods = sr.disrupt(network, events, at="2025-01-12", commodity="goods")
    figure = sr.plot.before_after_map({"fuel": days["2025-01-12"], "goods": goods}, title="$t$")
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["fuel, Fuel", "goods, Goods"]
    assert "$t$" in texts(figure)
    calm = sr.plot.before_after_map({"one": network, "two": network})
    assert any("undisturbed network" in text for text in texts(calm))


def test_another_entry_than_the_first():
    networks = {**pair(), "calm": toy_day("2025-01-12")}
    figure = sr.plot.before_after_map(networks, entry="calm")
    assert figure.axes[1].get_title(loc="left") == "calm"
    assert "No place differs." in texts(figure)


def test_other_networks_and_entries_are_refused():
    networks = pair()
    result = sr.compare(networks)
    with pytest.raises(sr.errors.RequestError, match="no entry 'other'"):
        sr.plot.before_after_map(networks, result, entry="other")
    swapped = {**networks, "what if": toy_day("2025-01-10")}
    for wrong in (swapped, {"as it was": networks["as it was"]}):
        with pytest.raises(sr.errors.RequestError, match="not of these networks"):
            sr.plot.before_after_map(wrong, result)


@pytest.mark.parametrize("name", [r"$\foo$", "<script>alert(1)</script>", "a\nb^c_d"])
def test_rel_018_names_of_towns_and_entries_are_literal_text(name):
    networks = {
        key: renamed(day, {"north": name})
        for key, day in zip((name, "what if"), pair().values(), strict=True)
    }
    figure = sr.plot.before_after_map(networks)
    plain = name.replace("\n", " ")
    assert figure.axes[0].get_title(loc="left") == plain
    assert texts(figure).count(plain) == 3, "a head, and the town on both maps"
    assert figure_bytes(figure, ".svg") == figure_bytes(sr.plot.before_after_map(networks), ".svg")
