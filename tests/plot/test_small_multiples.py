"""Maps of several days: the same extent, the states of each day, and the same bytes."""

from __future__ import annotations

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from supplyroutes.plot.small_multiples import spread
from tests.plot.test_network_map import renamed, texts


def toy_days(start="2025-01-09", end="2025-01-14", **options):
    network, events = sr.datasets.toy()
    return sr.timeline(network, events, start=start, end=end, **options)


def drawn_states(ax):
    """Return the state of each town by its place, as its marker tells."""
    return {
        spot: line.get_gid().split("-")[1]
        for line in ax.lines
        if (line.get_gid() or "").startswith("towns-")
        for spot in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }


def test_each_map_shows_the_states_of_its_day():
    """Towns by marker, roads by line; all maps have one extent."""
    days = toy_days()
    figure = sr.plot.small_multiples(days)
    assert len(figure.axes) == len(days)
    assert len({(ax.get_xlim(), ax.get_ylim()) for ax in figure.axes}) == 1
    for (_, network), ax in zip(days, figure.axes, strict=True):
        cut, nodes = sr.isolation(network, approaches=False), network.nodes
        told = drawn_states(ax)
        for node, state in cut.towns["state"].items():
            source = node == "port"
            spot = (nodes.loc[node, "lon"], nodes.loc[node, "lat"])
            assert told[spot] == ("source" if source else state)
        closed = [line for line in ax.collections if line.get_label() == "closed"]
        count = sum(len(line.get_segments()) for line in closed if line.get_zorder() > 7)
        assert count == (1 if ax in figure.axes[1:4] else 0), "Port - North, 10 to 12 January"


@pytest.mark.parametrize(
    ("lang", "told"),
    [("en", "0 isolated, 3 strained"), ("fr", "0 isolée, 3 sous tension")],
)
def test_heads_tell_day_and_counts(lang, told):
    days = toy_days()
    figure = sr.plot.small_multiples(days, dates=["2025-01-12"], lang=lang)
    [ax] = figure.axes
    assert ax.get_title(loc="left") == words(lang).day(days.dates[3])
    assert ax.get_title(loc="right") == told
    assert any("2025" in text for text in texts(ax) if text != ax.get_title(loc="left"))


def test_days_are_spread_evenly_from_first_to_last():
    days = list(range(1, 46))
    assert spread(days, 6) == [1, 10, 19, 27, 36, 45]
    assert spread(days[:4], 6) == [1, 2, 3, 4]
    figure = sr.plot.small_multiples(toy_days(end="2025-01-30"))
    assert len(figure.axes) == 6
    assert [figure.axes[place].get_title(loc="left") for place in (0, -1)] == [
        "9 January 2025",
        "30 January 2025",
    ]


def test_days_may_come_in_any_order_and_twice():
    figure = sr.plot.small_multiples(
        toy_days(), dates=["2025-01-12", "2025-01-10", "2025-01-12"], title="$x$"
    )
    assert [ax.get_title(loc="left") for ax in figure.axes] == [
        "10 January 2025",
        "12 January 2025",
    ]
    assert "$x$" in texts(figure)


@pytest.mark.parametrize(
    "dates", [[], ["2024-01-01"], [f"2025-01-{day:02}" for day in range(9, 22)]]
)
def test_no_days_too_many_or_others_are_refused(dates):
    with pytest.raises(sr.errors.RequestError):
        sr.plot.small_multiples(toy_days(end="2025-01-30"), dates=dates)


def test_only_what_is_seen_stands_in_the_legend():
    """Nothing is closed on the 9th; there is a source in sight."""
    quiet = texts(sr.plot.small_multiples(toy_days(), dates=["2025-01-09"]).axes[0])
    assert "open" in quiet
    assert "closed" not in quiet
    shut = texts(sr.plot.small_multiples(toy_days(), dates=["2025-01-10"]).axes[0])
    assert {"closed", "source"} <= set(shut)


def test_a_small_map_has_thin_lines():
    from matplotlib.collections import LineCollection

    one = sr.plot.small_multiples(toy_days(), dates=["2025-01-09"])
    many = sr.plot.small_multiples(toy_days())

    def width(figure):
        [line] = [
            line for line in figure.axes[0].findobj(LineCollection) if line.get_label() == "open"
        ]
        return line.get_linewidth()[0]

    assert width(many) == pytest.approx(0.5 * style.ROADS["open"].width)
    assert width(one) > width(many)


@pytest.mark.parametrize("name", [r"$\foo$", "<script>alert(1)</script>", r"a\b_c^d"])
def test_rel_018_a_name_is_literal_text(name):
    network, events = sr.datasets.toy()
    odd = renamed(network, {"east": name})
    days = sr.timeline(odd, events, start="2025-01-09", end="2025-01-10")
    figure = sr.plot.small_multiples(days)
    assert texts(figure).count(name) == len(figure.axes)
    assert figure_bytes(figure, ".svg")


def test_goods_without_a_source_are_a_figure():
    figure = sr.plot.small_multiples(toy_days(commodity="goods"), dates=["2025-01-10"], lang="fr")
    assert "source" not in texts(figure)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_figure_has_the_same_bytes(ending):
    one, two = (
        figure_bytes(sr.plot.small_multiples(toy_days(), dates=["2025-01-12"]), ending)
        for _ in "ab"
    )
    assert one == two


def test_the_legend_tells_doubtful_towns_and_goes_on_in_the_next_line():
    """Mali in French: more entries than a line holds; no source lies on the map."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events, start="2025-10-15", end="2025-10-15")
    figure = sr.plot.small_multiples(days, lang="fr")
    told = texts(figure)
    assert "à moitié remplie\u202f: route à l’état inconnu" in told
    assert "impraticable aux citernes chargées" in told
    assert "source" not in told
    home = days["2025-10-15"].nodes["country"] == "MLI"
    states = sr.isolation(days["2025-10-15"], approaches=False).towns["state"][home]
    assert f"{(states == 'strained').sum()} sous tension" in figure.axes[0].get_title(loc="right")
