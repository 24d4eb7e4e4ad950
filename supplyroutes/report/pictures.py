"""Figures of a report as PNG: sharp on paper, few bytes, the same every time."""

from __future__ import annotations

import io

from supplyroutes.plot.saving import figure_bytes
from supplyroutes.report.blocks import Picture

COLOURS = 256
"""Colours that are kept: figures have few, and a palette takes a third of the bytes."""


def drawn(picture: Picture) -> bytes:
    """Return a figure as a PNG with a palette.

    Parameters
    ----------
    picture
        The figure.

    Returns
    -------
    png
        The bytes of the file.
    """
    from PIL import Image

    with Image.open(io.BytesIO(figure_bytes(picture.draw(), ".png"))) as image:
        few = image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    buffer = io.BytesIO()
    few.save(buffer, format="PNG", optimize=True)
    return buffer.getvalue()
