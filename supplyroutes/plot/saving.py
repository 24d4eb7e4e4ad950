"""Saving figures: whole or not at all, and the same bytes every time."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.errors import RequestError
from supplyroutes.files import write_whole

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FORMATS = {
    ".pdf": {"CreationDate": None, "Creator": "supplyroutes", "Producer": "supplyroutes"},
    ".png": {"Software": "supplyroutes"},
    ".svg": {"Date": None, "Creator": "supplyroutes"},
}
"""What each format says of itself: no date and no version, so that bytes do not change."""
DOTS_PER_INCH = 160
_FIXED: dict[Any, Any] = {
    "svg.hashsalt": "supplyroutes",
    "svg.fonttype": "path",
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "path.simplify": True,
    "savefig.bbox": None,
    "savefig.transparent": False,
}


def save_figure(figure: Axes | Figure, path: str | Path) -> None:
    """Write a figure as PNG, SVG or PDF, by the ending of the path.

    The file is written whole or not at all, and the same figure gives the same bytes.

    Parameters
    ----------
    figure
        The figure, or axes in it: what a plot returns.
    path
        The file to write.

    Raises
    ------
    RequestError
        The path has another ending, or the axes belong to no figure.
    OutputError
        The file cannot be written.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> sr.plot.save_figure(sr.plot.network_map(day), "map.gif")
    Traceback (most recent call last):
    supplyroutes.errors.RequestError: 'map.gif': a figure ends in .pdf, .png, .svg
    """
    write_whole(path, figure_bytes(figure, checked_ending(path)))


def checked_ending(path: str | Path) -> str:
    """Return the ending of a figure's path; refuse one that is no format of figures."""
    ending = Path(path).suffix.lower()
    if ending not in FORMATS:
        raise RequestError(f"{str(path)!a}: a figure ends in {', '.join(sorted(FORMATS))}")
    return ending


def figure_bytes(
    figure: Axes | Figure, ending: str, *, dots_per_inch: int = DOTS_PER_INCH
) -> bytes:
    """Return a figure as the bytes of a file with that ending."""
    whole = root_figure(figure)
    buffer = io.BytesIO()
    with drawing():
        whole.savefig(
            buffer,
            format=ending.removeprefix("."),
            dpi=dots_per_inch,
            metadata=FORMATS[ending],
        )
    return buffer.getvalue()


@contextmanager
def drawing() -> Iterator[None]:
    """Draw the same whatever the user's settings, and without warnings of signs no font has."""
    import matplotlib as mpl

    with mpl.rc_context(_FIXED), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)
        yield


def root_figure(part: Axes | Figure) -> Figure:
    """Return the whole figure that axes, perhaps in a subfigure, are part of."""
    figure: Any = getattr(part, "figure", None)  # a figure, or a subfigure of one
    if figure is None:
        raise RequestError("the axes belong to no figure")
    whole: Figure = figure.figure
    return whole
