"""Lines of bars with a name on the left and amounts on the right, in plain text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyroutes.plot import style
from supplyroutes.plot.labels import plain, text_size, wrapped
from supplyroutes.plot.sheet import dots_per_inch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = 8.5
_NAME_WIDTH = 220.0
"""Room for a name beside the bars, in points."""


def fitting(name: str, width: float = _NAME_WIDTH) -> str:
    """Return a name that fits beside the bars."""
    text = plain(name)
    if text_size(text, SIZE)[0] <= width:
        return text
    first = wrapped(text, SIZE, width)[0]
    while text_size(f"{first} …", SIZE)[0] > width:
        first = first[:-1].rstrip()
    return f"{first} …"


def write_beside(
    ax: Axes,
    text: str,
    at: tuple[float, float],
    apart: tuple[float, float],
    side: Any,
    weight: str = "normal",
) -> None:
    """Write plain text beside a line of bars; `at` is a share of the width, and the line."""
    ax.annotate(
        text, at, apart, xycoords=ax.get_yaxis_transform(), textcoords="offset points",
        ha=side, va="center", fontsize=SIZE, fontweight=weight, family=style.FONT, color=style.INK,
        parse_math=False, annotation_clip=False,
    )  # fmt: skip


def write_part(ax: Axes, text: str, left: float, up: float = 5.0) -> None:
    """Write the head of a part of a figure of bars; `left` is a share of the width of its bars."""
    ax.annotate(
        plain(text), (left, 1), (0, up), xycoords="axes fraction",
        textcoords="offset points", ha="left", va="bottom", fontsize=9.5, fontweight="bold",
        family=style.FONT, color=style.INK, parse_math=False, annotation_clip=False,
    )  # fmt: skip


def write_frame(ax: Axes, title: str, caption: str) -> None:
    """Write title and caption of a figure of bars, as plain text."""
    head = ax.set_title(
        plain(title), loc="left", fontsize=14, fontweight="bold", family=style.FONT,
        color=style.INK, pad=9,
    )  # fmt: skip
    head.set_parse_math(False)
    width = ax.get_window_extent().width * 72 / dots_per_inch(ax)
    ax.annotate(
        "\n".join(wrapped(plain(caption), 7.5, width)), (0, 0), (0, -8), xycoords="axes fraction",
        textcoords="offset points", ha="left", va="top", fontsize=7.5, family=style.FONT,
        color=style.QUIET, parse_math=False, annotation_clip=False, gid="caption",
        linespacing=1.35,
    )  # fmt: skip
