"""Figures over days: stock curves with their interval and reports, states of towns by day."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import pairwise

import numpy as np
import pytest

import supplyroutes as sr
from supplyroutes.analysis.history import isolation_history
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from tests.analysis.outlooks.test_outlook import stocked
from tests.plot.test_network_map import (
    BASELINE,
    TOLERANCE,
    legend_texts,
    renamed,
    texts,
    without_text,
)

SPAN = {"start": "2025-01-08", "end": "2025-01-20"}


@pytest.fixture(scope="module")
def case():
    """Network, events, timeline, stocks of one run, outlook."""
    network, events = stocked()
    days = sr.timeline(network, events, **SPAN)
    outlook = sr.stock_outlook(sr.ensemble(network, events, runs=15), **SPAN)
    return network, events, days, sr.stock_levels(days), outlook


def drawn(ax, gid):
    """The line with that mark."""
    [line] = [line for line in ax.lines if line.get_gid() == gid]
    return line


def test_the_median_lies_in_its_band_and_both_are_those_of_the_outlook(case):
    """One point an evening; the legend tells which is which."""
    network, _, _, _, outlook = case
    ax = sr.plot.stock_curves(network, outlook, to="East")
    daily = outlook.daily.xs("east", level="node")
    median = drawn(ax, "median")
    assert list(median.get_xdata()) == list(range(1, 14))
    assert list(median.get_ydata()) == list(daily["stock_m3_p50"])
    [band] = ax.collections
    top = band.get_paths()[0].vertices[:, 1].max()
    assert top == daily["stock_m3_p90"].max()
    assert [text for text in legend_texts(ax) if text] == ["median of runs", "80% of runs"]
    assert any("15 runs with drawn inputs, seed 1" in text for text in texts(ax))


def test_the_day_of_going_short_is_told_with_its_interval(case):
    """South lives from hand to mouth; East mostly has enough."""
    network, events, _, levels, outlook = case
    ax = sr.plot.stock_curves(network, outlook, to="south")
    south = outlook.towns.loc["south"]
    assert drawn(ax, "dry").get_xdata()[0] == south["days_to_dry_p50"]
    [told] = [text for text in texts(ax) if text.startswith("Goes short from")]
    assert "80% interval" in told
    levels_of = partial(sr.stock_levels, stock_m3={"east": 100})  # short in five of fifteen
    thin = sr.stock_outlook(sr.ensemble(network, events, runs=15), **SPAN, levels=levels_of)
    rare = sr.plot.stock_curves(network, thin, to="east")
    assert any(text.startswith("Goes short in ") for text in texts(rare))
    assert any("later than shown, or never" in text for text in texts(rare))
    calm = sr.plot.stock_curves(network, levels, to="north")
    assert "Does not go short in these days" in texts(calm)
    french = sr.plot.stock_curves(network, levels, to="south", lang="fr")
    assert any(text.startswith("En manque à partir du") for text in texts(french))


def test_reports_stand_on_the_days_on_which_they_begin_and_end(case):
    """T1 closes a road from the 10th to the 12th, lifted by T3 on the 13th; T2 from the 12th."""
    network, events, _, levels, _ = case
    ax = sr.plot.stock_curves(network, levels, to="east", events=events)
    assert sorted(drawn(ax, "begins").get_xdata()) == [2, 4]
    assert 5 in drawn(ax, "ends").get_xdata()
    assert {"T1", "T2"} <= set(texts(ax))
    assert ax.get_ylim()[0] < 0
    before = sr.timeline(network, events, start="2025-01-11", end="2025-01-12")
    later = sr.plot.stock_curves(network, sr.stock_levels(before), to="east", events=events)
    assert sorted(drawn(later, "begins").get_xdata()) == [1]  # T1 began before the first day
    none = sr.plot.stock_curves(network, levels, to="east", events=events.without("T1", "T2", "T3"))
    assert len(drawn(none, "begins").get_xdata()) == 0


def test_the_largest_town_is_the_default_and_unknown_ones_are_refused(case):
    """A town without use or stock has no curve."""
    network, _, _, levels, _ = case
    assert "East" in sr.plot.stock_curves(network, levels).get_title(loc="left")
    with pytest.raises(sr.errors.UnknownIdError):
        sr.plot.stock_curves(network, levels, to="Nowhere")
    with pytest.raises(sr.errors.RequestError, match="no stock"):
        sr.plot.stock_curves(network, levels, to="bridge")
    off = replace(levels, towns=levels.towns.assign(on_network=False))
    with pytest.raises(sr.errors.RequestError, match="no town"):
        sr.plot.stock_curves(network, off)
    with pytest.raises(sr.errors.RequestError, match="language"):
        sr.plot.stock_curves(network, levels, lang="de")


def test_states_are_bars_and_what_is_missing_rises_in_black(case):
    """East: supplied, strained behind the closed road, and short on its last days."""
    network, _, days, levels, outlook = case
    history = isolation_history(days)
    for stocks, label in (
        (levels, "share of use that is missing"),
        (outlook, "runs that go short"),
    ):
        ax = sr.plot.state_days(network, history, stocks=stocks)
        names = [text.get_text() for text in ax.get_yticklabels()]
        assert names[0] == "East"
        assert any(label in text for text in legend_texts(ax))
        row = [patch for patch in ax.patches if 0 <= patch.get_y() < 1]
        told = {}
        for patch in row:
            for day in range(round(patch.get_x()), round(patch.get_x() + patch.get_width())):
                told[day] = patch.get_facecolor()
        states = list(history.states["east"])
        from matplotlib.colors import to_rgba

        assert [told[day] for day in range(13)] == [to_rgba(style.FILLS[name]) for name in states]
    south = names.index("South")
    daily = levels.daily.xs("south", level="node")
    least = (daily["unmet_m3"] / (daily["unmet_m3"] + daily["used_m3"])).max()
    ax = sr.plot.state_days(network, history, stocks=levels)
    heights = [
        np.ptp(shape.get_paths()[0].vertices[:, 1])
        for shape in ax.collections
        if south <= shape.get_paths()[0].vertices[:, 1].min() < south + 1
    ]
    assert max(heights) == pytest.approx(0.8 * least, abs=1e-6)


def test_quiet_days_and_many_towns(case):
    """Nothing to tell is told; more towns than rows are counted."""
    network, events, _, _, _ = case
    calm = sr.timeline(network, events, start="2025-01-01", end="2025-01-03")
    ax = sr.plot.state_days(network, isolation_history(calm))
    assert any("Every town on the network is supplied" in text for text in texts(ax))
    mali, reports = sr.datasets.mali()
    days = sr.timeline(mali, reports, start="2025-10-01", end="2025-10-20")
    ax = sr.plot.state_days(mali, isolation_history(days), lang="fr")
    assert len(ax.get_yticklabels()) == 25
    assert any("autres villes ne sont pas affichées" in text for text in texts(ax))
    other = sr.stock_levels(sr.timeline(network, events, start="2025-01-01", end="2025-01-02"))
    with pytest.raises(sr.errors.RequestError, match="same days"):
        sr.plot.state_days(network, isolation_history(calm), stocks=other)


def test_states_grow_darker_so_that_grey_reads():
    """By luminance; the band is lighter than the median."""
    from matplotlib.colors import to_rgb

    def light(colour):
        return sum(w * part for w, part in zip((0.299, 0.587, 0.114), to_rgb(colour), strict=True))

    shades = [light(colour) for colour in style.FILLS.values()]
    assert all(one - other > 0.15 for one, other in pairwise(shades))
    assert light(style.BAND) - light(style.MEDIAN.colour) > 0.4


def test_long_and_short_spans_have_ticks_that_can_be_read(case):
    """Three days, a season, two years: a few dates each, none twice."""
    network, events, *_ = case
    for end, most in (("2025-01-10", 3), ("2025-05-20", 12), ("2026-12-31", 13)):
        days = sr.timeline(network, events, start="2025-01-08", end=end)
        ax = sr.plot.state_days(network, isolation_history(days))
        labels = [text.get_text() for text in ax.get_xticklabels()]
        assert 2 <= len(labels) <= most
        assert all(labels)


def test_hostile_names_are_letters_and_bytes_stay(case):
    """No mathtext, no control characters; two drawings are the same; axes of one's own."""
    from matplotlib.figure import Figure

    network, events, days, levels, _ = case
    odd = renamed(network, {"east": "$x_1$\n<b>", "north": "\\frac{1}{2}"})
    ax = sr.plot.stock_curves(odd, levels, to="east", events=events)
    assert "$x_1$ <b>" in ax.get_title(loc="left")
    states = sr.plot.state_days(odd, isolation_history(days), stocks=levels)
    assert "$x_1$ <b>" in texts(states)
    again = sr.plot.stock_curves(odd, levels, to="east", events=events)
    for ending in (".png", ".svg", ".pdf"):
        assert figure_bytes(ax, ending) == figure_bytes(again, ending)
        assert figure_bytes(states, ending)
    own = Figure(figsize=(5, 3)).add_subplot()
    assert sr.plot.stock_curves(network, levels, ax=own) is own
    other = Figure(figsize=(5, 3)).add_subplot()
    assert sr.plot.state_days(network, isolation_history(days), ax=other) is other


@pytest.mark.parametrize("name", ["stock_curves", "state_days"])
def test_it_looks_as_before(case, tmp_path, name):
    """When a figure looks different on purpose, look at the picture and copy it to baseline."""
    from matplotlib.testing.compare import compare_images

    network, events, days, levels, outlook = case
    ax = (
        sr.plot.stock_curves(network, outlook, to="east", events=events)
        if name == "stock_curves"
        else sr.plot.state_days(network, isolation_history(days), stocks=levels)
    )
    actual = tmp_path / f"{name}.png"
    actual.write_bytes(without_text(ax))
    assert compare_images(str(BASELINE / f"{name}.png"), str(actual), tol=TOLERANCE) is None


def test_states_of_what_no_town_uses_are_drawn_without_stocks():
    """Nobody uses goods in the toy case: no stocks to tell of, and no wrong days either."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, **SPAN, commodity="goods")
    states, levels = isolation_history(days), sr.stock_levels(days)
    alone, ax = (sr.plot.state_days(network, states, stocks=told) for told in (None, levels))
    assert legend_texts(ax) == legend_texts(alone)


def test_the_mark_of_a_report_of_the_first_day_is_drawn_whole(case):
    """It stands on the edge of the axes, and is not cut off there."""
    network, events, _, levels, _ = case
    ax = sr.plot.stock_curves(network, levels, to="East", events=events)
    assert not drawn(ax, "begins").get_clip_on()
