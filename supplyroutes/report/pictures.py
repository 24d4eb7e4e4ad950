"""Figures of a report as PNG: sharp on paper, few bytes, the same every time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.report.html_pictures import few_colours

if TYPE_CHECKING:
    from supplyroutes.report.blocks import Picture


@dataclass(frozen=True)
class Drawn:
    """A figure as a PNG, with the width and height in inches that it was made for."""

    png: bytes
    width_in: float
    height_in: float


def drawn(picture: Picture) -> Drawn:
    """Draw a figure."""
    from supplyroutes.plot.saving import figure_bytes

    figure = picture.draw()
    width, height = (float(inches) for inches in figure.get_size_inches())
    return Drawn(few_colours(figure_bytes(figure, ".png")), width, height)
