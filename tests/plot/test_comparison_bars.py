"""Entries side by side: bars add up, the table tells the states, and why they differ."""

from __future__ import annotations

import pytest
from matplotlib.colors import to_hex

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.comparison_bars import MOST_TOWNS, STATES
from supplyroutes.plot.saving import figure_bytes
from tests import toy
from tests.plot.test_before_after_map import pair
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def widths(ax):
    """Return the number of places by state and entry, as the bars tell."""
    upper, _ = ax.child_axes
    return {patch.get_gid(): round(patch.get_width()) for patch in upper.patches}


def cells(ax):
    """Return the colours of the table by place and entry."""
    _, lower = ax.child_axes
    return {patch.get_gid(): to_hex(patch.get_facecolor()) for patch in lower.patches}


def test_bars_and_cells_are_the_states_of_the_result():
    networks = pair()
    result = sr.compare(networks)
    ax = sr.plot.comparison_bars(toy.network(), result)
    for place, entry in enumerate(networks):
        states = result.towns["state", entry]
        for state in STATES:
            assert widths(ax)[f"{state}-{place}"] == (states == state).sum()
    told = cells(ax)
    assert {key.rsplit("-", 1)[0] for key in told} == {"north", "bridge", "east"}
    for key, colour in told.items():
        node, column = key.rsplit("-", 1)
        state = result.towns["state", list(networks)[int(column)]][node]
        assert colour == style.FILLS[state]
    assert {"reference", "3 in another state", "T1"} <= set(texts(ax))
    assert any("1 more place differs in time" in text for text in texts(ax))
    assert any("1 place without a road for tankers" in text for text in texts(ax))


def test_nothing_differs_and_french():
    result = sr.compare(pair(lifted="T3"))
    ax = sr.plot.comparison_bars(toy.network(), result, lang="fr")
    assert "Aucune localité ne change d’état." in texts(ax)
    assert "0 change d’état" in texts(ax)
    assert ax.get_title(loc="left").startswith("Carburant\u202f: localités par état")
    assert not cells(ax)


def test_commodities_differ_without_reports():
    """Nobody brings goods in the toy case: the reason is the commodity."""
    network, events = sr.datasets.toy()
    days = {
        name: sr.disrupt(network, events, at="2025-01-05", commodity=name)
        for name in ("fuel", "goods")
    }
    ax = sr.plot.comparison_bars(network, sr.compare(days))
    assert ax.get_title(loc="left").startswith("Fuel, Goods")
    assert "the commodity" in texts(ax)
    assert style.UNUSABLE.colour in cells(ax).values()


def test_only_the_largest_are_told_and_only_those_of_the_country():
    days = {at: mali_day(at) for at in ("2025-09-01", "2025-10-15")}
    result = sr.compare(days)
    ax = sr.plot.comparison_bars(days["2025-09-01"], result)
    nodes = {key.rsplit("-", 1)[0] for key in cells(ax)}
    assert len(nodes) == MOST_TOWNS
    country = days["2025-09-01"].nodes["country"]
    assert {country[node] for node in nodes} == {"MLI"}
    assert "Places by state: Mali" in texts(ax)
    home = [node for node in country.index if country[node] == "MLI"]
    strained = (result.towns["state", "2025-10-15"][home] == "strained").sum()
    assert widths(ax)["strained-1"] == strained
    assert any("more places are in another state" in text for text in texts(ax))


def test_other_towns_are_refused():
    with pytest.raises(sr.errors.RequestError, match="not of the towns"):
        sr.plot.comparison_bars(mali_day(), sr.compare(pair()))


@pytest.mark.parametrize("name", [r"$\foo$", "<script>alert(1)</script>", "x" * 300])
def test_rel_018_names_are_literal_text(name):
    days = list(pair().values())
    networks = {
        key: renamed(day, {"north": name}) for key, day in zip((name, "what if"), days, strict=True)
    }
    result = sr.compare(networks)
    ax = sr.plot.comparison_bars(next(iter(networks.values())), result, title=name[:40])
    assert ax.get_title(loc="left") == name[:40]
    assert sum(text.startswith(name[:20]) for text in texts(ax)) == 3, "title, entry and town"
    again = sr.plot.comparison_bars(next(iter(networks.values())), result, title=name[:40])
    assert figure_bytes(ax, ".svg") == figure_bytes(again, ".svg")


def test_without_a_country_all_places_count():
    """Towns that name no country: the head names none."""
    from dataclasses import replace

    from supplyroutes.network import Network

    day = toy_day()
    towns = day.tables.towns
    columns = {**towns.columns, "country": ["" for _ in towns.columns["node"]]}
    tables = replace(day.tables, towns=replace(towns, columns=columns))
    bare = Network(tables, day.assumptions, day.view, state=day.state, topology=day.topology)
    ax = sr.plot.comparison_bars(bare, sr.compare({"one": bare, "two": bare}), ax=_axes())
    assert "Places by state" in texts(ax)
    assert sum(widths(ax).values()) == 2 * 5


def _axes():
    from matplotlib.figure import Figure

    return Figure(figsize=(9, 4)).add_subplot()
