"""Every figure looks as before: a small picture of each, without text, held against a baseline.

When a figure looks different on purpose, look at the picture that the failed test names, and copy
it to ``baseline/``.
"""

from __future__ import annotations

from functools import cache

import pytest

import supplyroutes as sr
from supplyroutes.analysis.losses.resilience import resilience_curve
from supplyroutes.plot.film import Film
from tests.plot.test_before_after_map import pair
from tests.plot.test_network_map import BASELINE, TOLERANCE, toy_day, without_text
from tests.plot.test_small_multiples import toy_days


@cache
def calm():
    """The toy network on a day without reports."""
    return toy_day("2025-01-05")


def flow_bars():
    day = toy_day()
    usual = sr.supply_flow(day.undisturbed())
    return sr.plot.flow_bars(day, sr.supply_flow(day), usual=usual)


def event_timeline():
    network, events = sr.datasets.toy()
    return sr.plot.event_timeline(network, events, start="2025-01-08", end="2025-01-20")


def comparison_bars():
    return sr.plot.comparison_bars(calm(), sr.compare(pair()))


DRAWN = {
    "before_after_map": lambda: sr.plot.before_after_map(pair()),
    "comparison_bars": comparison_bars,
    "criticality_bars": lambda: sr.plot.criticality_bars(calm(), sr.criticality(calm())),
    "event_timeline": event_timeline,
    "flow_bars": flow_bars,
    "guard_map": lambda: sr.plot.guard_map(calm(), sr.protection(calm(), budget=1)),
    "paths_map": lambda: sr.plot.paths_map(calm(), sr.supply_paths(calm(), to="east", k=3)),
    "resilience_curve": lambda: sr.plot.resilience_curve(calm(), resilience_curve(calm(), most=2)),
    "small_multiples": lambda: sr.plot.small_multiples(toy_days()),
    "worst_map": lambda: sr.plot.worst_map(calm(), sr.interdiction(calm(), budget=1)),
}
"""The figures that have no picture in a test of their own."""


@pytest.mark.parametrize("name", DRAWN)
def test_it_looks_as_before(tmp_path, name):
    from matplotlib.testing.compare import compare_images

    actual = tmp_path / f"{name}.png"
    actual.write_bytes(without_text(DRAWN[name]()))
    assert compare_images(str(BASELINE / f"{name}.png"), str(actual), tol=TOLERANCE) is None


def test_a_frame_of_a_film_looks_as_before(tmp_path):
    """At half its size, and the map only: letters hang on the font engine."""
    from matplotlib.testing.compare import compare_images
    from PIL import Image

    from supplyroutes.catalogue import words

    film = Film(toy_days(), words("en"), None)
    for artist in film._names:
        artist.set_visible(False)
    whole = Image.fromarray(film.frame(3))
    wide, high = whole.size
    shown = whole.crop((0, high // 8, wide, 2 * high // 3)).resize((wide // 2, high // 4))
    actual = tmp_path / "film.png"
    shown.save(actual)
    assert compare_images(str(BASELINE / "film.png"), str(actual), tol=TOLERANCE) is None


def test_every_figure_has_a_picture():
    pictures = {path.stem for path in BASELINE.glob("*.png")}
    for name in sr.plot.__all__:
        if not name.startswith("save_"):
            assert any(picture.startswith(name) for picture in pictures), name
