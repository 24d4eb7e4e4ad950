"""The map of the worst roads, and the resilience curve: what they tell, and the same every time."""

from dataclasses import replace

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses.resilience import resilience_curve
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def test_lost_roads_are_numbered_and_named():
    """Numbers on the map, names in the legend, towns as the loss leaves them; sensitive."""
    day = toy_day("2025-01-09")
    worst = sr.interdiction(day, budget=2, measure="isolated_demand")
    ax = sr.plot.worst_map(day, worst)
    told = texts(ax)
    assert {"1", "2", "1  Port – North", "2  Port – South", "Towns without these roads"} <= set(
        told
    )
    assert any(text.startswith("isolated (4)") for text in told)
    assert any("Sensitive" in text for text in told)
    lines = [line for line in ax.lines if (line.get_gid() or "").startswith("lost-")]
    assert len(lines) == 2
    french = texts(sr.plot.worst_map(day, worst, lang="fr", title="$x$"))
    assert "Pires routes à perdre" in french
    assert "$x$" in french


def test_nothing_lost_and_many_lost():
    """Without roads the legend says so; more than nine are counted."""
    day = toy_day("2025-01-09")
    none = texts(sr.plot.worst_map(day, sr.interdiction(day, budget=0)))
    assert "No loss of roads would make it worse." in none
    mali = mali_day()
    worst = sr.interdiction(mali, budget=1, measure="isolated_demand")
    edges = mali.topology.edge_ids[:11]
    rows = worst.roads.loc[[worst.roads.index[0]] * 11].set_axis(list(edges))
    many = texts(sr.plot.worst_map(mali, replace(worst, roads=rows)))
    assert "and 2 more" in many


@pytest.mark.parametrize("name", [r"$\foo$", "<b>North</b>", "=1+1", "N\x1b[31morth"])
def test_hostile_names_are_plain_text(name):
    """No mathtext, no markup; the figure is drawn."""
    day = renamed(toy_day("2025-01-09"), {"north": name})
    ax = sr.plot.worst_map(day, sr.interdiction(day, budget=1))
    assert figure_bytes(ax, ".png")


def test_the_curve_tells_values_and_proof():
    """Each point has its value; what the time limit stopped is hollow, and the caption says so."""
    network, _ = sr.datasets.toy()
    curve = resilience_curve(network, most=2, measure="isolated_demand")
    ax = sr.plot.resilience_curve(network, curve)
    assert {"0", "270", "Roads lost", "m3 a day"} <= set(texts(ax))
    assert not any("Hollow" in text for text in texts(ax))
    points = curve.points.assign(proven=[True, True, False], bound=[0.0, 0.0, 300.0])
    stopped = sr.plot.resilience_curve(network, replace(curve, points=points), lang="fr")
    assert any("Creux" in text for text in texts(stopped))
    faces = {line.get_gid(): line.get_markerfacecolor() for line in stopped.lines if line.get_gid()}
    assert faces["point-2"] != faces["point-1"]
    flow = resilience_curve(network, most=1, measure="max_flow")
    from matplotlib.figure import Figure

    own = Figure().add_subplot()
    assert sr.plot.resilience_curve(network, flow, ax=own, title="$y$") is own
    assert own.get_title(loc="left") == "$y$"


def test_a_curve_of_what_nobody_uses_says_so():
    """No mean of nothing: no values, no ticks, the reason."""
    network, events = sr.datasets.toy()
    unused = sr.disrupt(network, events, at="2025-01-09", commodity="goods")
    ax = sr.plot.resilience_curve(unused, resilience_curve(unused, most=2))
    assert "No demand for it is recorded." in texts(ax)
    assert not list(ax.get_yticks())
    assert figure_bytes(ax, ".png")


def test_the_same_figures_give_the_same_bytes():
    """Twice the same pictures."""
    day = toy_day("2025-01-09")
    worst, curve = sr.interdiction(day, budget=1), resilience_curve(day, most=1)
    for draw, found in ((sr.plot.worst_map, worst), (sr.plot.resilience_curve, curve)):
        one, two = (figure_bytes(draw(day, found), ".png") for _ in range(2))
        assert one == two


def test_results_of_another_day_are_refused():
    """The figures would lie."""
    day, other = toy_day("2025-01-09"), toy_day("2025-01-12")
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        sr.plot.worst_map(other, sr.interdiction(day, budget=1))
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        sr.plot.worst_map(other, sr.interdiction(mali_day("2025-01-12"), budget=1))
    with pytest.raises(sr.errors.RequestError, match="not of this day"):
        sr.plot.resilience_curve(other, resilience_curve(day, most=1))
    undisturbed, _ = sr.datasets.toy()
    ax = sr.plot.worst_map(undisturbed, sr.interdiction(undisturbed, budget=1))
    assert "undisturbed network" in ax.get_title(loc="left")
