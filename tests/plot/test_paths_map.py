"""The map of paths: every path is told, side by side, and the same every time."""

from dataclasses import replace
from itertools import combinations

import pytest

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def lines(ax):
    """The lines of the paths by rank: points in dots."""
    return {
        int(line.get_gid().removeprefix("path-")): ax.transData.transform(line.get_xydata())
        for line in ax.lines
        if (line.get_gid() or "").startswith("path-")
    }


def test_paths_are_told_in_the_legend_and_named_at_their_ends():
    """Rank, source, hours, state and survival; source and town by name."""
    day = mali_day()
    ax = sr.plot.paths_map(day, sr.supply_paths(day, to="bamako"))
    told = texts(ax)
    assert "1  Yamoussoukro, 43.9 h, refused, 90%" in told
    assert {"Bamako", "Yamoussoukro", "Conakry", "Sikasso"} <= set(told)
    assert ax.get_title(loc="left") == "Fuel paths to Bamako, 15 October 2025"
    french = sr.plot.paths_map(day, sr.supply_paths(day, to="bamako"), lang="fr")
    assert "1  Yamoussoukro, 43,9 h, refusée, 90\u202f%" in texts(french)


def test_paths_on_one_road_lie_side_by_side():
    """Three paths from Yamoussoukro leave it apart, by at least the width of a line."""
    day = mali_day()
    ax = sr.plot.paths_map(day, sr.supply_paths(day, to="bamako", k=3))
    starts = {rank: points[0] for rank, points in lines(ax).items()}
    width = style.PATHS[0].width * ax.figure.dpi / 72
    assert sorted(starts) == [1, 2, 3, 4]  # the fourth is near-equal, from Conakry
    for one, two in combinations(starts.values(), 2):
        assert sum((one - two) ** 2) ** 0.5 >= width


def test_parallel_roads_are_two_lines():
    """The new and the old road into East have one straight line and two paths."""
    day = toy_day("2025-01-13")
    ax = sr.plot.paths_map(day, sr.supply_paths(day, to="east", k=2, trip=sr.Trip(via=["north"])))
    one, two = lines(ax).values()
    assert abs(one[-1] - two[-1]).max() > 1


def test_colours_and_dashes_differ_by_rank():
    """So that the map reads in grey."""
    assert len({look.colour for look in style.PATHS}) == len(style.PATHS)
    assert len({look.dashes for look in style.PATHS}) == len(style.PATHS)


def test_more_paths_than_colours_and_none():
    """Six are drawn, the rest counted; without any the map says so."""
    day = mali_day()
    ax = sr.plot.paths_map(day, sr.supply_paths(day, to="bamako", k=9))
    assert sorted(lines(ax)) == [1, 2, 3, 4, 5, 6]
    assert "and 3 more" in texts(ax)
    toy = toy_day()
    none = sr.plot.paths_map(toy, sr.supply_paths(toy, to="mine"))
    assert not lines(none)
    assert any("No path leads" in text for text in texts(none))
    own = sr.plot.paths_map(toy, sr.supply_paths(toy, to="port"), title="$x$")
    assert own.get_title(loc="left") == "$x$"


def test_axes_of_ones_own_and_a_small_map():
    """A narrow map has a short legend."""
    from matplotlib.figure import Figure

    day = toy_day()
    ax = Figure(figsize=(4, 3)).add_subplot()
    assert sr.plot.paths_map(day, sr.supply_paths(day, to="east"), ax=ax) is ax
    assert "1  Port, 13.4 h" in texts(ax)


@pytest.mark.parametrize("name", [r"$\foo$", "<b>East</b>", "=1+1", "E\x1b[31mast"])
def test_hostile_names_are_plain_text(name):
    """No mathtext, no markup; the figure is drawn."""
    day = renamed(toy_day(), {"east": name})
    ax = sr.plot.paths_map(day, sr.supply_paths(day, to="east"))
    assert figure_bytes(ax, ".png")
    if name.isprintable():
        assert name in texts(ax)


def test_the_same_figure_gives_the_same_bytes():
    """Twice the same picture."""
    day = toy_day()
    one, two = (
        figure_bytes(sr.plot.paths_map(day, sr.supply_paths(day, to="east")), ".png")
        for _ in range(2)
    )
    assert one == two


def test_paths_of_another_day_or_network_are_refused():
    """The map would lie."""
    day = toy_day()
    for other in (
        sr.supply_paths(toy_day("2025-01-13"), to="east"),
        sr.supply_paths(mali_day("2025-01-12"), to="bamako"),
    ):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            sr.plot.paths_map(day, other)


def test_a_road_driven_twice_is_one_line_and_more_than_half_is_not_all():
    """To Bridge by East and back; a survival of 0.999 is told as 99 %."""
    day = toy_day("2025-01-13")
    found = sr.supply_paths(day, to="bridge", k=1, trip=sr.Trip(via=["east"]))
    assert found.legs["edge"].tolist()[-2:] == ["bridge--east", "bridge--east"]
    risky = found.paths.assign(survival_prob=0.999)
    ax = sr.plot.paths_map(day, replace(found, paths=risky))
    assert any("99%" in text for text in texts(ax))


def test_an_undisturbed_network_has_a_title_too():
    """Without a day."""
    network, _ = sr.datasets.toy()
    ax = sr.plot.paths_map(network, sr.supply_paths(network, to="east"))
    assert ax.get_title(loc="left") == "Fuel paths to East, undisturbed network"
