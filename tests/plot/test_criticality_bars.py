"""The costliest losses as bars: numbers, marks, lines of roads, refusals."""

from __future__ import annotations

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.plot.saving import figure_bytes
from tests import toy
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def bars(ax):
    """Return the lengths of the bars, from above."""
    [part] = ax.child_axes
    found = sorted((patch.get_y(), patch.get_width()) for patch in part.patches)
    return [width for _, width in found]


def test_bars_are_the_values_of_the_result():
    day = toy_day("2025-01-05")
    result = sr.criticality(day)
    ax = sr.plot.criticality_bars(day, result)
    values = result.items["added_m3_h_per_day"]
    assert bars(ax) == values[values > 0].tolist()
    told = texts(ax)
    for value in values[values > 0]:
        assert words("en").number(value) in told
    assert {"Longer, m3 h/day", "Later, h", "People cut off"} <= set(told)
    assert "Port – North" in told
    assert ax.get_title(loc="left") == "What it would cost to lose a road: Fuel, 5 January 2025"


def test_what_cuts_a_place_off_has_a_diamond_and_its_people():
    """On the 12th everything hangs on Port - South - Bridge."""
    day = toy_day()
    result = sr.criticality(day, measure="isolation")
    ax = sr.plot.criticality_bars(day, result, lang="fr")
    costly = result.items[result.items["cut_m3_per_day"] > 0]
    [part] = ax.child_axes
    signs = [line for line in part.lines if line.get_gid() == "cuts-off"]
    assert len(signs) == len(bars(ax)) == 3
    row = costly.iloc[0]
    said = words("fr")
    assert f"{said.number(row['cut_people'])} ({row['cut_towns']})" in texts(ax)
    assert "Isolé, m3/j" in texts(ax)


def test_roads_in_line_that_cost_the_same_are_one_bar():
    """Mali: from Ferkessédougou to the terminal nothing turns off that has a demand."""
    day = mali_day()
    result = sr.criticality(day)
    ax = sr.plot.criticality_bars(day, result, most=3)
    assert len(bars(ax)) == 3
    assert bars(ax)[0] == result.items["added_m3_h_per_day"].iloc[0]
    assert any("roads in line" in text for text in texts(ax))


@pytest.mark.parametrize("of", ["roads", "towns", "terminals", "corridors"])
@pytest.mark.parametrize("measure", ["importance", "unsatisfied"])
def test_everything_that_can_be_lost(of, measure):
    day = toy_day()
    result = sr.criticality(day, of=of, measure=measure)
    ax = sr.plot.criticality_bars(day, result)
    assert len(bars(ax)) <= len(result.items)
    assert ax.get_title(loc="left").startswith("What it would cost to lose a")
    if measure == "unsatisfied" and bars(ax):
        assert any(text.endswith("%") for text in texts(ax))


def test_nothing_costs_anything():
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12", commodity="goods")
    ax = sr.plot.criticality_bars(day, sr.criticality(day))
    assert any(text.startswith("Nothing that can be lost") for text in texts(ax))
    assert not bars(ax)


def test_others_and_no_bars_are_refused():
    day, other = toy_day(), sr.criticality(toy_day("2025-01-10"))
    for network, result in ((day, other), (mali_day(), other)):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            sr.plot.criticality_bars(network, result)
    with pytest.raises(sr.errors.RequestError, match="at least one"):
        sr.plot.criticality_bars(day, sr.criticality(day), most=0)


@pytest.mark.parametrize("name", [r"$\foo$", "<script>alert(1)</script>", "x" * 300])
def test_rel_018_a_name_is_literal_text(name):
    day = renamed(toy_day(), {"bridge": name})
    result = sr.criticality(day)
    ax = sr.plot.criticality_bars(day, result, title=name[:50])
    assert ax.get_title(loc="left") == name[:50]
    assert any(text.startswith(name[:20]) and text != name[:50] for text in texts(ax))
    again = sr.plot.criticality_bars(day, result, title=name[:50])
    assert figure_bytes(ax, ".svg") == figure_bytes(again, ".svg")


def test_axes_of_ones_own_are_emptied():
    from matplotlib.figure import Figure

    own = Figure(figsize=(9, 4)).add_subplot()
    own.plot([0, 1], [0, 1])
    assert sr.plot.criticality_bars(toy.network(), sr.criticality(toy.network()), ax=own) is own
    assert not own.lines
