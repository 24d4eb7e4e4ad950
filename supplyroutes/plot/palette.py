"""The colours of a film: those that carry meaning exactly, blends of them as near as may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplyroutes.plot import style

if TYPE_CHECKING:
    from PIL.Image import Image

CLEAR = 255
"""The place of the palette that stands for what did not change; colours stand before it."""
_COMMON = 40
"""The most common colours of the samples, kept as they are."""


class Palette:
    """255 colours for pictures that look like the samples.

    The colours of the style and the most common ones are kept as they are: an area has the same
    colour in the legend and on the map. The others are a median cut (Heckbert 1982) of the samples.

    Parameters
    ----------
    samples
        Pictures of one size as arrays of height x width x (red, green, blue).
    """

    def __init__(self, samples: Sequence[Any]) -> None:
        import numpy as np
        from PIL import Image as Images

        whole = np.vstack(samples)
        kept = _kept(whole)
        cut = Images.fromarray(whole).quantize(CLEAR - len(kept), Images.Quantize.MEDIANCUT)
        others = np.array(cut.getpalette(), dtype=int).reshape(-1, 3)[: CLEAR - len(kept)]
        self._entries = np.vstack([kept, others])
        self._places = np.full(1 << 24, -1, dtype=np.int16)

    def picture(self, frame: Any) -> Image:
        """Return a frame in these colours; each pixel has the nearest, the first of equal ones."""
        import numpy as np
        from PIL import Image as Images

        codes = _codes(frame)
        new = np.unique(codes[self._places[codes] < 0])
        for part in np.array_split(new, len(new) // 4096 + 1):
            colours = np.stack([part >> 16, part >> 8 & 255, part & 255], axis=1)
            away = ((colours[:, None, :] - self._entries[None, :, :]) ** 2).sum(axis=2)
            self._places[part] = away.argmin(axis=1)
        image = Images.fromarray(self._places[codes].astype(np.uint8), mode="P")
        image.putpalette([int(value) for value in self._entries.ravel()])
        return image


def _codes(pixels: Any) -> Any:
    """Return colours as numbers."""
    parts = pixels.astype(int)
    return parts[..., 0] << 16 | parts[..., 1] << 8 | parts[..., 2]


def _kept(pixels: Any) -> Any:
    """Return the colours of the style that are there, then the most common ones."""
    import numpy as np

    found, counts = np.unique(_codes(pixels), return_counts=True)
    there = {int(code) for code in found}
    told = [int(text[1:], 16) for text in _style()]
    common = [int(code) for code in found[np.argsort(-counts, kind="stable")[:_COMMON]]]
    codes = list(dict.fromkeys([*(code for code in told if code in there), *common]))
    return np.array([[code >> 16, code >> 8 & 255, code & 255] for code in codes], dtype=int)


def _style() -> list[str]:
    """Return the colours of maps and states."""
    dots = [*style.TOWNS.values(), style.SOURCE]
    return [
        style.PAPER, style.INK, style.QUIET, style.SEA, style.LAND, style.LAND_AROUND, style.WATER,
        style.BORDER, style.UNUSABLE.colour, *(line.colour for line in style.ROADS.values()),
        *(colour for dot in dots for colour in (dot.face, dot.edge)), *style.FILLS.values(),
    ]  # fmt: skip
