"""Figures in a page: small, and with the colours that mean something."""

from __future__ import annotations

import io
from base64 import b64decode

import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

import supplyroutes as sr
from supplyroutes.plot import style
from supplyroutes.plot.saving import figure_bytes
from supplyroutes.report.html_pictures import (
    COLOURS,
    DOTS_PER_INCH,
    few_colours,
    picture_size,
    picture_source,
)

HEAD = "data:image/png;base64,"


@pytest.fixture(scope="module")
def figure():
    """A map of the toy case, on a day with a closed road and a restricted one."""
    network, events = sr.datasets.toy()
    return sr.plot.network_map(sr.disrupt(network, events, at="2025-01-12")).figure


def pixels(image):
    """Return the pixels of a PNG as whole numbers."""
    with Image.open(io.BytesIO(image)) as whole:
        return np.asarray(whole.convert("RGB"), dtype=int)


def test_a_figure_is_an_image_in_the_page(figure):
    source = picture_source(figure)
    assert source.startswith(HEAD)
    shown = pixels(b64decode(source.removeprefix(HEAD)))
    width, height = picture_size(figure)
    assert shown.shape[:2] == pytest.approx(
        (height * DOTS_PER_INCH / 96, width * DOTS_PER_INCH / 96), abs=1.5
    )
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) <= COLOURS


def test_the_same_figure_is_the_same_text(figure):
    assert picture_source(figure) == picture_source(figure)


def test_frequent_colours_are_kept_to_the_bit_and_no_colour_turns_into_another(figure):
    """The state of a road is told by its colour: a few green pixels may not turn blue."""
    before = figure_bytes(figure, ".png", dots_per_inch=DOTS_PER_INCH)
    first, second = pixels(before), pixels(few_colours(before))
    moved = np.abs(first - second).max(axis=2)
    assert (moved == 0).mean() > 0.9
    assert moved.max() <= 36
    looks = [*style.ROADS.values(), style.UNUSABLE]
    colours = [look.colour for look in looks] + [style.SOURCE.face, style.TOWNS["strained"].face]
    for colour in colours:
        exact = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)])
        there = (first == exact).all(axis=2)
        assert there.any(), f"{colour} is in the legend"
        assert np.abs(second[there] - exact).max() <= 12


def test_a_rare_colour_among_many_greys_is_kept():
    """A palette of means would mix a small sign into the greys around it."""
    figure = Figure(figsize=(2, 2))
    ax = figure.add_axes((0, 0, 1, 1))
    ax.axis("off")
    ax.imshow(np.linspace(0, 1, 200).repeat(200).reshape(200, 200), cmap="gray")
    ax.plot([100], [100], marker="s", markersize=2, color="#b5478f")
    before = figure_bytes(figure, ".png")
    assert len(np.unique(pixels(before).reshape(-1, 3), axis=0)) > COLOURS
    shown = pixels(few_colours(before))
    assert (np.abs(shown - (0xB5, 0x47, 0x8F)).max(axis=2) < 12).any()


def test_an_image_of_fewer_colours_is_kept_as_it_is():
    figure = Figure(figsize=(1, 1), facecolor="#123456")
    before = figure_bytes(figure, ".png")
    assert (pixels(few_colours(before)) == pixels(before)).all()


def test_small_next_to_the_whole_image_and_the_drawing(figure):
    small = len(b64decode(picture_source(figure).removeprefix(HEAD)))
    assert small < len(figure_bytes(figure, ".png")) / 3
    assert small < len(figure_bytes(figure, ".svg"))
