"""Figures inside an HTML page, as small images."""

from __future__ import annotations

import io
from base64 import b64encode
from typing import TYPE_CHECKING, Any

from supplyroutes.report.markup import Markup

if TYPE_CHECKING:
    from matplotlib.figure import Figure

DOTS_PER_INCH = 120
"""Sharp on paper and on a close screen, and small."""
COLOURS = 64
"""Our figures have a few flat colours; the rest are blends at the edges of lines and letters."""


def picture_source(figure: Figure) -> Markup:
    """Return a figure as the address of an image that holds all of it, a ``data:`` one.

    It is an image and no drawing (SVG): a map with its names is eight times, bars are twice as
    long as drawings, and in an image nothing can run. The same figure gives the same text.
    """
    from supplyroutes.plot.saving import figure_bytes

    image = few_colours(figure_bytes(figure, ".png", dots_per_inch=DOTS_PER_INCH))
    return Markup(f"data:image/png;base64,{b64encode(image).decode('ascii')}")


def picture_size(figure: Figure) -> tuple[int, int]:
    """Return width and height of a figure, in pixels of a page."""
    width, height = figure.get_size_inches()
    return round(96 * width), round(96 * height)


def few_colours(image: bytes) -> bytes:
    """Return a PNG with few of its colours, each other one as the nearest of these.

    Half are the most frequent, which stay what they are to the bit; then, one by one, what is
    farthest from all that are kept: a small sign may be the only one of its colour, and the
    colour means something. A palette of means, which image libraries make, would turn it grey.
    """
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(image)) as whole:
        pixels = np.asarray(whole.convert("RGB"), dtype=np.int64)
    height, width, _ = pixels.shape
    packed = pixels @ np.array([65536, 256, 1])
    codes, places, counts = np.unique(packed, return_inverse=True, return_counts=True)
    colours = np.stack([codes >> 16, codes >> 8 & 255, codes & 255], axis=1)
    kept = _kept(colours, np.argsort(-counts, kind="stable"))
    nearest = _away(colours, colours[kept]).argmin(axis=1).astype(np.uint8)
    few = Image.frombytes("P", (width, height), nearest[places].tobytes())
    few.putpalette(colours[kept].astype(np.uint8).tobytes())
    buffer = io.BytesIO()
    few.save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def _kept(colours: Any, ranked: Any) -> list[int]:
    """Return which colours are kept, of colours that are ranked by how often they occur."""
    import numpy as np

    kept = [int(place) for place in ranked[: COLOURS // 2]]
    away = _away(colours, colours[kept]).min(axis=1)
    while len(kept) < min(COLOURS, len(ranked)):
        farthest = int(away.argmax())
        kept.append(farthest)
        away = np.minimum(away, _away(colours, colours[[farthest]])[:, 0])
    return kept


def _away(colours: Any, others: Any) -> Any:
    """Return the squares of the distances of colours from others, in a table."""
    return ((colours[:, None, :] - others[None, :, :]) ** 2).sum(axis=2)
