"""Figures of fear and of back-tests: what they draw is what the results hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

import supplyroutes as sr
from supplyroutes.analysis.trucks.convoys import Convoy
from supplyroutes.analysis.trucks.deterrence import willingness
from supplyroutes.catalogue import words
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from supplyroutes.skill.forecasts import Forecast, Knowledge
from tests.plot.test_network_map import (
    BASELINE,
    TOLERANCE,
    legend_texts,
    renamed,
    texts,
    without_text,
)
from tests.skill.test_backtest import outcomes

WINDOW = ("2025-01-11", "2025-01-20")
SPAN = {"start": "2025-01-08", "end": "2025-01-20"}


def rising(known: Knowledge, lead_days: int) -> Forecast:
    """North is ever likelier short, and east never; both know nothing of the other towns."""
    days = range(1, lead_days + 1)
    return Forecast(known.day, {"north": [day / 10 for day in days], "east": [0.0 for _ in days]})


def scored(*rows, **options):
    """A back-test of the toy case with a forecaster of one's own."""
    network, events = sr.datasets.toy()
    told = {"window": WINDOW, "every_days": 5, "lead_days": 10, **options}
    return sr.backtest(network, events, outcomes(*rows), forecasters={"rising": rising}, **told)


ROWS = ({}, {"date": "2025-01-14"}, {"node": "east", "value": "0", "date": "2025-01-15",
                                     "confidence": "D"})  # fmt: skip


def marked(ax, gid):
    """What is drawn with that mark."""
    return [line for line in ax.lines if line.get_gid() == gid]


def sentences(ax):
    """All texts, each on one line."""
    return [" ".join(text.split()) for text in texts(ax)]


def light(colour):
    """How light a colour is in grey."""
    from matplotlib.colors import to_rgb

    return sum(w * part for w, part in zip((0.299, 0.587, 0.114), to_rgb(colour), strict=True))


# --- forecast against outcome ---------------------------------------------------------------


def colours_of(ax, row):
    """The colour of each day in a row."""
    from matplotlib.colors import to_hex

    found = {}
    for patch in ax.patches:
        if row <= patch.get_y() < row + 1:
            for day in range(round(patch.get_x()), round(patch.get_x() + patch.get_width())):
                found[day] = to_hex(patch.get_facecolor())
    return found


def test_each_day_has_the_latest_forecast_before_it():
    """Issued on the 10th and the 15th: after five days the probability starts anew."""
    network, _ = sr.datasets.toy()
    ax = sr.plot.forecast_days(network, scored(*ROWS))
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert names == ["East", "North"]
    dark = dict(style.RISKS)
    # 10 to 50 per cent in days 0 to 4 and again in days 5 to 9
    steps = [dark[0.0], dark[0.2], dark[0.2], dark[0.4], dark[0.4]]
    assert colours_of(ax, 1) == dict(enumerate(steps * 2))
    assert set(colours_of(ax, 0).values()) == {dark[0.0]}
    assert [line.get_xdata()[0] for line in marked(ax, "issued")] == [5]
    assert any("the latest of 2 forecasts" in text for text in sentences(ax))
    assert any(text.startswith("Rising. Brier score") for text in sentences(ax))


def test_marks_are_the_labels_and_days_without_one_are_plain():
    """Two shortages of north, one record of none in east that weighs a quarter."""
    network, _ = sr.datasets.toy()
    found = scored(*ROWS)
    ax = sr.plot.forecast_days(network, found)
    short = [(line.get_xdata()[0], line.get_ydata()[0]) for line in marked(ax, "short")]
    assert sorted(short) == [(1.5, 1.5), (3.5, 1.5)]
    [none] = marked(ax, "not-short")
    assert (none.get_xdata()[0], none.get_ydata()[0]) == (4.5, 0.5)
    assert none.get_markersize() == pytest.approx(style.NOT_SHORT.size * 0.625)
    assert {"recorded as short", "recorded as not short"} <= set(legend_texts(ax))


def test_one_forecast_alone_shows_the_days_that_it_reaches():
    """Issued on the 15th: the 16th to the 20th, and only labels on them."""
    network, _ = sr.datasets.toy()
    found = scored(*ROWS)
    ax = sr.plot.forecast_days(network, found, issued="2025-01-15", lang="fr")
    assert ax.get_xlim() == (0, 5)
    assert marked(ax, "short") == []
    assert marked(ax, "issued") == []
    assert [text.get_text() for text in ax.get_yticklabels()] == ["North"]  # half on the 20th
    assert any("émise le 15 janvier 2025" in text for text in sentences(ax))
    ahead = scored(*ROWS, lead_days=3)
    gap = sr.plot.forecast_days(network, ahead)
    assert set(colours_of(gap, 1)) == {0, 1, 2, 5, 6, 7}  # no forecast reaches the other days


def test_forecasters_days_and_languages_that_are_not_there():
    network, _ = sr.datasets.toy()
    found = scored(*ROWS)
    for options, told in (
        ({"forecaster": "oracle"}, "rising, persistence"),
        ({"issued": "2025-01-12"}, "but on 2025-01-10, 2025-01-15"),
        ({"lang": "de"}, "language"),
    ):
        with pytest.raises(sr.errors.RequestError, match=told):
            sr.plot.forecast_days(network, found, **options)
    with pytest.raises(sr.errors.RequestError, match="oracle"):
        sr.plot.reliability_diagram(network, found, forecasters=["oracle"])
    with pytest.raises(sr.errors.RequestError, match="4 at most"):
        sr.plot.reliability_diagram(network, found, forecasters=["rising"] * 2)


def test_nothing_recorded_is_told():
    """No label and no likely shortage: no rows, and a sentence that says so."""
    network, _ = sr.datasets.toy()
    ax = sr.plot.forecast_days(network, scored(lead_days=3))
    assert len(ax.get_yticklabels()) == 0
    assert any("Nothing was recorded, and no town" in text for text in sentences(ax))
    assert any("Nothing was recorded to score it by" in text for text in sentences(ax))
    empty = sr.plot.reliability_diagram(network, scored())
    assert [line.get_gid() for line in empty.lines] == ["diagonal"]


def test_many_towns_are_cut_but_not_those_with_a_record():
    """The smallest town of Mali has a label and stays; others of those that are likely go."""
    network, events = sr.datasets.mali()
    people = network.tables.towns.columns["population"]
    nodes = network.topology.node_ids
    small = min((p, node) for p, node in zip(people, nodes, strict=True) if p)[1]

    def gloomy(known: Knowledge, lead_days: int) -> Forecast:
        return Forecast(known.day, {node: [0.9] * lead_days for node in nodes})

    found = sr.backtest(
        network, events, outcomes({"node": small, "date": "2025-09-12"}),
        window=("2025-09-11", "2025-09-15"), forecasters={"gloomy": gloomy},
    )  # fmt: skip
    ax = sr.plot.forecast_days(network, found)
    names = [text.get_text() for text in ax.get_yticklabels()]
    assert len(names) == 25
    assert names[-1] == network.name(small)
    assert any(f"{len(nodes) - 25} more towns are not shown." in text for text in sentences(ax))


# --- reliability ----------------------------------------------------------------------------


def test_points_are_the_classes_with_their_cases():
    """Two labels of north are met with 20 and 40 per cent, one without shortage with nothing."""
    network, _ = sr.datasets.toy()
    found = scored(*ROWS)
    ax = sr.plot.reliability_diagram(network, found)
    bins = found.bins.loc["rising"]
    points = [(line.get_xdata()[0], line.get_ydata()[0]) for line in marked(ax, "class-0")]
    assert points == list(zip(bins["prob"], bins["short_share"], strict=True))
    assert points == [(0.0, 0.0), (pytest.approx(0.2), 1.0), (pytest.approx(0.4), 1.0)]
    [base] = marked(ax, "base")
    assert base.get_ydata()[0] == pytest.approx(2 / 2.25)  # weights 1, 1 and a quarter
    assert [text for text in texts(ax) if text == "1"] == ["1"] * 3
    assert any(
        text.startswith("3 cases: 3 labelled town-days, 2 of them") for text in sentences(ax)
    )
    several = sr.plot.reliability_diagram(
        network, found, forecasters=["rising", "persistence"], lang="fr"
    )
    assert {"rising", words("fr")("backtest.forecaster.persistence")} <= set(legend_texts(several))
    assert "Fiabilité des prévisions" in several.get_title(loc="left")


# --- willing fleet --------------------------------------------------------------------------


def drivers(**fears):
    """Shares on the toy case: nobody stays away, but on the corridors named."""
    network, events = sr.datasets.toy()
    willing = willingness(network, events, **SPAN)
    shares = willing.shares * 0 + 1.0
    for corridor, values in fears.items():
        shares[corridor] = values
    return network, replace(willing, shares=shares)


def convoy(corridor="SOUTH", day=12, **options):
    """A convoy of ten tankers."""
    arrived = date(2025, 1, day)
    return Convoy("C", corridor, 0, (0,), 10, arrived - timedelta(days=1), arrived, **options)


def test_what_hangs_from_the_line_is_the_share_that_stays_away():
    """All on eight days, then 80 %: the row ends at 80 %, where the area does."""
    network, willing = drivers(SOUTH=[1.0] * 8 + [0.8] * 5)
    ax = sr.plot.willing_fleet(network, willing)
    assert len(ax.get_yticklabels()) == 1
    [line] = marked(ax, "share-0")
    assert set(line.get_ydata()[:16]) == {0.3}
    assert set(line.get_ydata()[16:].round(9)) == {0.72}
    assert any("the lowest place 80% of them" in text for text in sentences(ax))
    assert any(text.startswith("Fewest: 80%") and "16 January" in text for text in sentences(ax))


def test_reports_that_moved_a_corridor_most_are_marked_and_named():
    """Down for fear, hollow and up for trust; at most four; of one day one is named."""
    network, events = sr.datasets.mali()
    willing = willingness(network, events, start="2025-09-01", end="2025-09-30")
    ax = sr.plot.willing_fleet(network, willing)
    row = [str(name) for name in willing.shares].index("DKR_N")
    downs, ups = marked(ax, f"report-{row}")
    moves = willing.moves["change"].xs("DKR_N", level="corridor")
    most = moves.abs().sort_values(ascending=False).head(4).index
    days = sorted((day - date(2025, 9, 1)).days + 0.5 for day, _ in most)
    assert sorted([*downs.get_xdata(), *ups.get_xdata()]) == days
    assert all(moves.loc[move] < 0 for move in most) == (len(ups.get_xdata()) == 0)
    assert (downs.get_marker(), ups.get_marker()) == ("v", "^")
    assert any(report in texts(ax) for _, report in most)


def test_convoys_stand_on_their_day_hollow_if_they_lost_tankers():
    """Those of other days and corridors are left out; a coming one stands where it leaves."""
    network, willing = drivers()
    coming = replace(convoy(), convoy="D", arrives=None)
    listed = [convoy(), convoy(day=14, lost=3.0), convoy(day=30), convoy("NOWHERE"), coming]
    ax = sr.plot.willing_fleet(network, willing, convoys=listed)
    found = {line.get_xdata()[0]: line.get_markerfacecolor() for line in marked(ax, "convoy")}
    assert found == {4.5: style.CONVOY.face, 6.5: style.CONVOY_HIT.face, 3.5: style.CONVOY.face}
    assert "10" in texts(ax)


def test_calm_days_other_networks_and_counts():
    """Nobody stays away: no row, and how many corridors there are."""
    network, willing = drivers()
    ax = sr.plot.willing_fleet(network, willing, lang="fr")
    assert len(ax.get_yticklabels()) == 0
    assert any("que personne n’évitait" in text for text in sentences(ax))
    mali, _ = sr.datasets.mali()
    with pytest.raises(sr.errors.RequestError, match="no corridor"):
        sr.plot.willing_fleet(mali, willing)


# --- all ------------------------------------------------------------------------------------


def figures(network, lang="en"):
    """One of each."""
    _, willing = drivers(SOUTH=[1.0, 0.9, 0.7, *[0.8] * 10])
    found = scored(*ROWS)
    return {
        "forecast_days": sr.plot.forecast_days(network, found, lang=lang),
        "reliability_diagram": sr.plot.reliability_diagram(network, found, lang=lang),
        "willing_fleet": sr.plot.willing_fleet(
            network, willing, convoys=[convoy(), convoy(day=15, lost=2.0)], lang=lang
        ),
    }


def test_probabilities_and_people_who_stay_away_read_in_grey():
    """By luminance; a mark has an edge that stands out on any colour."""
    shades = [light(colour) for _, colour in style.RISKS]
    assert all(one - other > 0.1 for one, other in pairwise(shades))
    for look in (style.SHORT, style.NOT_SHORT):
        assert abs(light(look.face) - light(look.edge)) > 0.9
    assert light(style.PAPER) - light(style.AWAY) > 0.25


def test_hostile_names_are_letters_and_bytes_stay():
    """No mathtext; two drawings are the same; axes of one's own."""
    from matplotlib.figure import Figure

    network, _ = sr.datasets.toy()
    odd = renamed(network, {"north": "$x_1$\n<b>"})
    one, two = figures(odd), figures(odd)
    assert "$x_1$ <b>" in texts(one["forecast_days"])
    for name, ax in one.items():
        for ending in (".png", ".svg", ".pdf"):
            assert figure_bytes(ax, ending) == figure_bytes(two[name], ending)
    for draw, result in (
        (sr.plot.forecast_days, scored()),
        (sr.plot.reliability_diagram, scored()),
        (sr.plot.willing_fleet, drivers()[1]),
    ):
        own = Figure(figsize=(5, 3)).add_subplot()
        assert draw(network, result, ax=own) is own


def test_titles_stay_inside_the_figure():
    """In both languages, also where days have long names."""
    network, events = sr.datasets.mali()
    willing = willingness(network, events, start="2025-09-01", end="2025-10-15")
    for lang in ("en", "fr"):
        ax = sr.plot.willing_fleet(network, willing, lang=lang)
        [title] = ax.findobj(
            lambda part, ax=ax: getattr(part, "get_text", str)() == ax.get_title(loc="left")
        )
        assert title.get_window_extent().x1 <= ax.figure.bbox.x1


@pytest.mark.parametrize("name", ["forecast_days", "reliability_diagram", "willing_fleet"])
def test_it_looks_as_before(tmp_path, name):
    """When a figure looks different on purpose, look at the picture and copy it to baseline."""
    from matplotlib.testing.compare import compare_images

    network, _ = sr.datasets.toy()
    actual = tmp_path / f"{name}.png"
    actual.write_bytes(without_text(figures(network)[name]))
    assert compare_images(str(BASELINE / f"{name}.png"), str(actual), tol=TOLERANCE) is None
