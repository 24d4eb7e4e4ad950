"""A figure whose bottom is a row of days: axes, dates, title and caption, in plain text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from supplyroutes.catalogue import Words
from supplyroutes.plot import style
from supplyroutes.plot.labels import plain, text_size, wrapped
from supplyroutes.plot.sheet import frame_of

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes

Told = TypeVar("Told")
SMALL = 7.5
WIDE_IN = 9.0
_MARGINS_IN = (0.25, 0.75, 0.85)
"""Room right of, below and above axes in a figure of their own: for caption, title and legend."""
_TITLE, _LEAST_TITLE = 13.0, 8.0
"""Size of a title, and how small a long one may become."""
_MOST_TICKS = 12
_MIDDLE = 15
"""The day of a month that has a tick too where there is room."""


def days_axes(ax: Axes | None, *, high_in: float, left_in: float) -> Axes:
    """Return axes to draw days in: those given, or axes in a figure of their own."""
    if ax is None:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(WIDE_IN, high_in), facecolor=style.PAPER)
        right, below, above = _MARGINS_IN
        wide, high = WIDE_IN - left_in - right, high_in - below - above
        place = (left_in / WIDE_IN, below / high_in, wide / WIDE_IN, high / high_in)
        ax = figure.add_axes(place)
    ax.set_facecolor(style.PAPER)
    for name, side in ax.spines.items():
        side.set_visible(name in {"left", "bottom"})
        side.set_edgecolor(style.BORDER)
        side.set_linewidth(0.8)
    ax.tick_params(labelsize=SMALL, labelcolor=style.INK, color=style.BORDER, length=3)
    return ax


def write_days(ax: Axes, dates: Sequence[date], say: Words) -> None:
    """Set the days below the axes: day 0 begins at 0, and each is 1 wide."""
    firsts = [at for at, day in enumerate(dates) if day.day == 1]
    middles = [at for at, day in enumerate(dates) if day.day == _MIDDLE]
    ticks = sorted([*firsts, *middles])
    if len(ticks) > _MOST_TICKS:
        ticks = firsts[:: 1 + len(firsts) // _MOST_TICKS]
    if len(ticks) < 2:  # noqa: PLR2004 (a span shorter than a month)
        step = max(1, len(dates) // 5)
        ticks = list(range(0, len(dates), step))
    ax.set_xlim(0, len(dates))
    ax.set_xticks(ticks)
    labels = [say.day(dates[at]).rsplit(" ", 1)[0] for at in ticks]
    ax.set_xticklabels(labels, family=style.FONT, parse_math=False)


def stretches(days: Sequence[Told]) -> Iterator[tuple[int, int, Told]]:
    """Yield the longest stretches of days that are told the same: first, day after the last, what.

    >>> list(stretches(["open", "open", "closed"]))
    [(0, 2, 'open'), (2, 3, 'closed')]
    """
    begun = 0
    for day in range(1, len(days) + 1):
        if day == len(days) or days[day] != days[begun]:
            yield begun, day, days[begun]
            begun = day


def short_lines(name: str, size: float, width: float) -> str:
    """Return a name in two lines at most, as far as it fits."""
    lines = wrapped(plain(name), size, width)
    return "\n".join(lines[:2]) + (" …" if len(lines) > 2 else "")  # noqa: PLR2004


def days_from_to(say: Words, dates: Sequence[date]) -> dict[str, str]:
    """Return first and last day in words; a year that they share is told once."""
    start, end = say.day(dates[0]), say.day(dates[-1])
    if dates[0].year == dates[-1].year:
        start = start.rsplit(" ", 1)[0]
    return {"start": start, "end": end}


def write_title(ax: Axes, title: str, told: str = "") -> None:
    """Write a title, and a line that tells the main thing below it, as plain text."""
    head = ax.set_title(
        plain(title), loc="left", fontsize=_fitting(ax, title), fontweight="bold",
        family=style.FONT, color=style.INK, pad=41 if told else 26,
    )  # fmt: skip
    head.set_parse_math(False)
    ax.annotate(
        plain(told), (0, 1), (0, 26), xycoords="axes fraction", textcoords="offset points",
        ha="left", va="bottom", fontsize=9, family=style.FONT, color=style.MARK,
        parse_math=False, annotation_clip=False, gid="told",
    )  # fmt: skip


def _fitting(ax: Axes, title: str) -> float:
    """Return the size of a title that the width of the axes holds."""
    left, right = frame_of(ax)[:2]
    needed = text_size(plain(title), _TITLE, "bold")[0]
    return max(_LEAST_TITLE, min(_TITLE, _TITLE * (right - left) / max(needed, 1.0)))


def write_caption(ax: Axes, text: str, *, down: float = 20) -> None:
    """Write what a reader has to know below the days, so many points below the axes."""
    width = frame_of(ax)[1] - frame_of(ax)[0]
    ax.annotate(
        "\n".join(wrapped(plain(text), SMALL, width)),
        (0, 0), (0, -down), xycoords="axes fraction", textcoords="offset points",
        ha="left", va="top", fontsize=SMALL, family=style.FONT, color=style.QUIET,
        parse_math=False, annotation_clip=False, gid="caption", linespacing=1.35,
    )  # fmt: skip


def write_legend(ax: Axes, handles: Sequence[Artist], labels: Sequence[str]) -> None:
    """Tell in a row above the axes what lines, areas and marks mean."""
    from matplotlib.font_manager import FontProperties

    legend = ax.legend(
        handles, [plain(label) for label in labels], loc="lower left", bbox_to_anchor=(0, 1),
        ncols=len(labels), frameon=False, borderaxespad=0.2, borderpad=0.2, handletextpad=0.5,
        columnspacing=1.4, prop=FontProperties(family=style.FONT, size=SMALL),
    )  # fmt: skip
    legend.set_gid("legend")
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_color(style.INK)
