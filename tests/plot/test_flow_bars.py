"""Bars of what arrives: corridors against the usual, towns against what they use."""

from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.analysis.flows.corridor_flow import corridor_flows
from supplyroutes.plot import flow_bars
from supplyroutes.plot.flow_bars import EMPTY, FULL
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import mali_day, renamed, texts, toy_day


def bars(ax):
    """Lengths of the dark bars of both parts."""
    from matplotlib.colors import to_hex

    return [
        [round(patch.get_width(), 3) for patch in part.patches
         if to_hex(patch.get_facecolor()) == FULL]
        for part in ax.child_axes
    ]  # fmt: skip


def test_bars_are_as_long_as_what_arrives():
    """Nothing by North, 155 by South; East and North have 47.5 %, South all."""
    day = toy_day()
    usual = sr.supply_flow(day.undisturbed())
    ax = flow_bars(day, sr.supply_flow(day, usual=usual), usual=usual)
    assert bars(ax) == [[0, 155], [0.475, 0.475, 1]]
    told = texts(ax)
    assert ax.get_title(loc="left") == "Fuel that can arrive, 12 January 2025, m3 a day"
    assert {"0, usual 230, limit 0", "155, usual 40", "86 of 180, 48%", "usual"} <= set(told)
    plain = texts(flow_bars(day, sr.supply_flow(day)))
    assert {"0, limit 0", "155"} <= set(plain)
    assert "usual" not in plain


def test_corridors_are_counted_where_they_enter_the_country():
    """Every import corridor of Mali at its border post, and no other one."""
    day = mali_day()
    flow = sr.supply_flow(day)
    frame = corridor_flows(day, flow)
    assert frame["edge"].to_dict() == {
        "ABJ_T": "kadiana--tengrela",
        "ABJ_Z": "zegoua--pogo",
        "CKY": "kouremale--siguiri",
        "DKR_N": "kidira--diboli",
        "DKR_S": "kenieba--moussala",
        "NIM_BKO": "heremakono--koloko",
        "NIM_GAO": "labbezanga--ayorou",
        "NKC": "gogui--kobenni",
    }
    countries = dict(zip(day.tables.towns.columns["node"], day.tables.towns.columns["country"],
                         strict=True))  # fmt: skip
    assert {countries[node] for node in frame["head"]} == {"MLI"}
    assert frame["usual_m3_per_day"].isna().all()
    assert frame["flow_m3_per_day"].sum() <= flow.sent_m3_per_day


def test_french_products_fleets_and_a_title_of_ones_own():
    """Numbers and words in French; of products the sum, and the day of any of them."""
    network, events = sr.datasets.toy()
    days = {
        name: sr.disrupt(network, events, at="2025-01-12", commodity=name)
        for name in ("petrol", "diesel")
    }
    flow = sr.supply_flow(days, tankers=500, allocation="priority")
    told = texts(flow_bars(days["diesel"], flow, lang="fr", title="$x$ <b>"))
    assert "$x$ <b>" in told
    assert any("Avec 500 camions-citernes." in text for text in told)
    assert any("services d’abord" in text for text in told)
    calm = flow_bars(network, sr.supply_flow(network))
    assert calm.get_title(loc="left").startswith("Fuel that can arrive, ")


def test_nothing_to_show_is_said():
    """No corridor, no town that uses anything: two words, no error."""
    day = toy_day().undisturbed().asking("goods", at=None, state=toy_day().undisturbed().state)
    ax = flow_bars(day, sr.supply_flow(day))
    assert "none" in texts(ax)


def test_axes_of_ones_own_are_emptied():
    """Drawn twice into the same axes: one picture."""
    from matplotlib.figure import Figure

    day = toy_day()
    ax = Figure(figsize=(8, 5)).add_subplot()
    for _ in range(2):
        assert flow_bars(day, sr.supply_flow(day), ax=ax) is ax
    assert len(ax.child_axes) == 2


def test_dark_and_light_are_told_apart_in_grey():
    """Luminance of both colours by ITU-R BT.601, from 0 to 255."""
    grey = [
        sum(share * int(colour[at : at + 2], 16)
            for share, at in zip((0.299, 0.587, 0.114), (1, 3, 5), strict=True))
        for colour in (FULL, EMPTY)
    ]  # fmt: skip
    assert grey[1] - grey[0] > 100


@pytest.mark.parametrize("name", [r"$\foo$", "<b>East</b>", "E" * 300, "E\x1b[31mast"])
def test_hostile_names_are_plain_text(name, tmp_path: Path):
    """No mathtext, no markup, no name across the bars; the file is written."""
    day = renamed(toy_day(), {"east": name})
    ax = flow_bars(day, sr.supply_flow(day))
    sr.plot.save_figure(ax, tmp_path / "bars.svg")
    if name.isprintable() and len(name) < 50:
        assert name in texts(ax)


def test_the_same_figure_gives_the_same_bytes():
    """Twice the same picture."""
    day = toy_day()
    one, two = (figure_bytes(flow_bars(day, sr.supply_flow(day)), ".png") for _ in range(2))
    assert one == two


def test_flows_of_another_day_or_product_are_refused():
    """The picture would lie."""
    day = toy_day()
    for other in (sr.supply_flow(toy_day("2025-01-13")), sr.supply_flow(mali_day("2025-01-12"))):
        with pytest.raises(sr.errors.RequestError, match="not of this network"):
            flow_bars(day, other)
    network, events = sr.datasets.toy()
    jet = sr.disrupt(network, events, at="2025-01-12", commodity="jet")
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        flow_bars(jet, sr.supply_flow(day))
