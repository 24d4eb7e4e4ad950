"""Reports over corridors: each bar has the days and the effect of its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from matplotlib.colors import to_hex

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.impacts import impacts_of
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.event_timeline import MOST_LANES
from supplyroutes.plot.saving import figure_bytes
from tests import toy
from tests.plot.test_network_map import legend_texts, luminance, texts
from tests.strategies import events_of

SPAN = {"start": "2025-01-08", "end": "2025-01-20"}


def bars(ax):
    """Return (report, effect, first day, day after the last, hollow) of all bars."""
    found = []
    for patch in ax.patches:
        _, report, effect = patch.get_gid().split("-")
        hollow = to_hex(patch.get_facecolor()) == style.PAPER
        begin = round(patch.get_x())
        found.append((report, effect, begin, begin + round(patch.get_width()), hollow))
    return sorted(found)


def drawn(*rows, network=None, **options):
    return sr.plot.event_timeline(network or toy.network(), events_of(rows), **{**SPAN, **options})


def test_bars_are_full_while_reported_and_hollow_while_assumed():
    """T1 closes 10 to 12 January, when T3 ends it; T2 has no end, and is assumed to last."""
    network, events = sr.datasets.toy()
    ax = sr.plot.event_timeline(network, events, **SPAN)
    [lasts] = {
        (impact.end - date(2025, 1, 8)).days
        for impact in impacts_of(network, events).impacts
        if impact.reports == ("T2",)
    }
    assert bars(ax) == [
        ("T1", "closed", 2, 5, False),
        ("T2", "restricted", 4, 5, False),
        ("T2", "restricted", 5, lasts, True),
    ]
    [opened] = [line for line in ax.lines if line.get_gid() == "opened"]
    assert list(opened.get_xdata()) == [5.5], "T3 reopens on the 13th"
    assert [text for text in legend_texts(ax) if text] == [
        "closed", "restricted", "assumed", "reported open",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "cells", "effect"),
    [
        ("road_closed", {}, "closed"),
        ("checkpoint_extortion", {}, "restricted"),
        ("escort_only", {}, "escorted"),
        ("season", {"scope": "country", "region": "TOY"}, "slowed"),
    ],
)
def test_the_effect_is_that_of_the_impacts(kind, cells, effect):
    """The same as the rules say of the report."""
    report = toy.told("r", kind=kind, end="2025-01-12", **cells)
    found = {told[1] for told in bars(drawn(report))}
    assert effect in found


def test_a_corridor_driven_the_other_way_has_no_bar():
    """Outbound only: from North to Port. The corridor drives from Port to North."""
    there = toy.told("r", direction="outbound", end="2025-01-12")
    impacts = impacts_of(toy.network(), events_of([there])).impacts
    assert impacts
    assert bars(drawn(there)) == []


def test_reports_begin_before_and_end_after_the_days_shown():
    whole = toy.told("r", start="2024-12-01", end="2025-03-01")
    assert [(told[2], told[3]) for told in bars(drawn(whole))] == [(0, 13)]
    later = toy.told("s", start="2025-02-01")
    assert bars(drawn(later)) == []


def test_bars_that_overlap_have_lanes_of_their_own_and_the_rest_is_counted():
    rows = [
        toy.told(f"r{place:02}", start=f"2025-01-{9 + place % 3:02}", end="2025-01-15")
        for place in range(MOST_LANES + 3)
    ]
    ax = drawn(*rows)
    heights = {round(patch.get_y(), 3) for patch in ax.patches}
    assert len(heights) == len(ax.patches) == MOST_LANES
    assert any(text.startswith("3 more reports are not shown") for text in texts(ax))
    one = drawn(*rows[: MOST_LANES + 1], lang="fr")
    assert any(text.startswith("1 autre rapport n’est pas affiché") for text in texts(one))
    after = [toy.told("a", end="2025-01-11"), toy.told("b", start="2025-01-12", end="2025-01-13")]
    shared = {round(patch.get_y(), 3) for patch in drawn(*after).patches}
    assert len(shared) == 1, "one after the other: one lane"


def test_an_id_stands_beside_a_short_bar_where_there_is_room():
    """In it if it fits, right of it if nothing is there, else nowhere."""
    rows = [
        toy.told("first-report", start="2025-01-10", end="2025-01-10"),
        toy.told("second-report", start="2025-01-11", end="2025-01-11"),
    ]
    ax = drawn(*rows, start="2024-12-01", end="2025-02-10")
    written = {text.get_text(): text.get_position()[0] for text in ax.texts if text.get_gid()}
    assert "first-report" not in written, "the second bar follows at once"
    assert written["second-report"] > 42, "right of the bar of 11 January"


def test_no_report_and_no_corridor():
    network, events = sr.datasets.toy()
    none = events.without("T1", "T2", "T3")
    ax = sr.plot.event_timeline(network, none, **SPAN, lang="fr")
    assert any("Aucun rapport n’agit sur un corridor" in text for text in texts(ax))
    assert not ax.patches
    with pytest.raises(sr.errors.RequestError, match="no report"):
        sr.plot.event_timeline(network, none)
    with pytest.raises(sr.errors.RequestError, match="before the start"):
        sr.plot.event_timeline(network, events, start="2025-01-02", end="2025-01-01")


def test_without_days_the_reports_give_them():
    network, events = sr.datasets.toy()
    ax = sr.plot.event_timeline(network, events)
    first, last = date(2025, 1, 10), date(2025, 1, 13)
    assert ax.get_xlim() == (0, (last - first + timedelta(days=1)).days)
    assert words("en").day(last) in ax.get_title(loc="left")


def test_it_is_about_the_commodity_of_the_network():
    """T2 stops fuel only."""
    network, events = sr.datasets.toy()
    goods = network.asking("goods", at=None, state=network.state)
    ax = sr.plot.event_timeline(goods, events, **SPAN)
    assert {told[0] for told in bars(ax)} == {"T1"}
    assert ax.get_title(loc="left").startswith("Goods")


def test_effects_read_in_grey():
    """Ever lighter, or with strokes across."""
    lights = [luminance(style.EFFECTS[name].face) for name in style.EFFECTS]
    assert lights == sorted(lights)
    close = [(one, two) for one, two in pairwise(lights) if two - one < 0.1]
    assert len(close) <= 1
    assert style.EFFECTS["escorted"].hatch


@pytest.mark.parametrize("name", ["$x_1$", "<b>", "\\frac{1}{2}"])
def test_rel_018_a_name_is_literal_text(name):
    """Ids are checked when they are read; corridors may have any name."""
    odd = _renamed_corridor(name)
    report = toy.told("r", end="2025-01-15")
    ax = drawn(report, network=odd)
    assert name in texts(ax)
    assert figure_bytes(ax, ".svg") == figure_bytes(drawn(report, network=odd), ".svg")


def test_a_long_name_has_two_lines():
    [label] = drawn(toy.told("r"), network=_renamed_corridor("word " * 60)).get_yticklabels()
    assert label.get_text().count("\n") == 1
    assert label.get_text().endswith("…")


def test_axes_of_ones_own():
    own = sr.plot.event_timeline(toy.network(), events_of([toy.told("r")]), **SPAN, ax=_axes())
    assert figure_bytes(own, ".pdf")


def _renamed_corridor(name):
    """Return the toy network with another name for its first corridor."""
    network = toy.network()
    corridors = network.tables.corridors
    columns = dict(corridors.columns)
    columns["name"] = [name, *columns["name"][1:]]
    tables = replace(network.tables, corridors=replace(corridors, columns=columns))
    view = network.view
    return Network(
        tables, network.assumptions, view, state=network.state, topology=network.topology
    )


def _axes():
    from matplotlib.figure import Figure

    return Figure(figsize=(5, 3)).add_subplot()
