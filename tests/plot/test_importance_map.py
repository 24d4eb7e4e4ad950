"""The map of what roads are worth: classes, signs, refusals, the same every time."""

from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from tests.plot.test_network_map import (
    TOLERANCE,
    legend_texts,
    mali_day,
    renamed,
    texts,
    toy_day,
    without_text,
)

BASELINE = Path(__file__).parent / "baseline"


def drawn(day, **options):
    """Return the map of a day."""
    return sr.plot.importance_map(day, sr.criticality(day, **options))


def test_the_legend_tells_classes_counts_and_signs():
    """Four of six roads cost something: 559, 479, 234 and 228 m3 h a day."""
    lines = legend_texts(drawn(toy_day("2025-01-05")))
    assert "more than 280 (2)" in lines
    assert "more than 112 (2)" in lines
    assert "cuts a place off (0)" in lines
    assert "source" in lines


def test_roads_that_cut_off_a_town_have_a_sign():
    """On the 12th everything hangs on Port - South - Bridge."""
    ax = drawn(toy_day(), measure="isolation")
    [signs] = [line for line in ax.lines if line.get_gid() == "cuts-off"]
    assert len(signs.get_xdata()) == 3
    assert "closed" in " ".join(legend_texts(ax)), "Port - North is closed and crossed out"


def test_classes_read_without_colour():
    """Wider and darker, class by class."""
    widths = [look.width for _, look in style.WORTH]
    assert widths == sorted(widths, reverse=True)
    assert len(set(widths)) == len(widths)
    bounds = [least for least, _ in style.WORTH]
    assert bounds == sorted(bounds, reverse=True)
    assert bounds[-1] == 0


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize("measure", ["travel_time", "isolation", "importance", "betweenness"])
def test_title_and_caption_in_both_languages(lang, measure):
    day = toy_day()
    ax = sr.plot.importance_map(day, sr.criticality(day, measure=measure), lang=lang)
    assert "2025" in ax.get_title(loc="left")
    [caption] = [text.get_text() for text in ax.texts if text.get_gid() == "caption"]
    assert ("Sensitive" if lang == "en" else "Sensible") in caption


def test_nothing_to_lose_is_a_map():
    """No demand, no source: a legend of noughts."""
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12", commodity="goods")
    assert "more than 0 (0)" in legend_texts(drawn(day))


@pytest.mark.parametrize("name", [r"$\foo$", "<script>alert(1)</script>", r"a\b_c^d"])
def test_rel_018_a_name_is_literal_text(name):
    day = renamed(toy_day(), {"port": name})
    ax = sr.plot.importance_map(day, sr.criticality(day), title=name)
    assert texts(ax).count(name) == 2
    assert figure_bytes(ax, ".svg")


def test_a_result_of_another_day_network_or_kind_is_refused():
    day, other = toy_day(), sr.criticality(toy_day("2025-01-10"))
    for network, result in (
        (day, other),
        (mali_day(), other),
        (day, sr.criticality(day, of="towns")),
    ):
        with pytest.raises(sr.errors.RequestError, match="not of the roads of this network"):
            sr.plot.importance_map(network, result)


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_map_has_the_same_bytes(ending):
    one, two = (figure_bytes(drawn(toy_day()), ending) for _ in range(2))
    assert one == two


@pytest.mark.parametrize(("case", "day"), [("toy", toy_day), ("mali", mali_day)])
def test_it_looks_as_before(tmp_path, case, day):
    from matplotlib.testing.compare import compare_images

    actual = tmp_path / f"{case}.png"
    actual.write_bytes(without_text(drawn(day())))
    expected = BASELINE / f"importance_map_{case}.png"
    assert expected.stat().st_size < 150_000
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None
