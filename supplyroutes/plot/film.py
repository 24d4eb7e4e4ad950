"""The frames of a film of days: one map whose roads and towns change, and a strip of all days."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words
from supplyroutes.disruption import Timeline
from supplyroutes.plot import style
from supplyroutes.plot.basemap import draw_basemap
from supplyroutes.plot.days_axis import SMALL, days_axes, days_from_to, write_days, write_legend
from supplyroutes.plot.labels import plain, wrapped
from supplyroutes.plot.panels import (
    LINE,
    PanelLettering,
    PanelSheet,
    draw_legend,
    legend_lines,
    shared_extent,
    write_line,
)
from supplyroutes.plot.saving import drawing
from supplyroutes.plot.sheet import narrowing

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

DOTS_PER_INCH = 100
_WIDE_IN, _MOST_HIGH_IN = 9.6, 5.4
_SIDE_IN, _TITLE_IN, _HEAD_IN, _KEY_IN, _STRIP_IN, _DAYS_IN = 0.2, 0.42, 0.34, 0.24, 0.72, 0.34
"""Room beside, for title, day, what the strip means, the strip, and the days below it."""
_NAMES = 32
STATES = ("isolated", "strained", "supplied")
"""States in the strip, from below."""


class Film:
    """The frames of a timeline, one a day, drawn one after the other on the same figure.

    Parameters
    ----------
    days
        The timeline.
    said
        The words of a language.
    basemap
        GeoJSON file of the base map; None for none.
    titled
        Write the title on the frames.
    """

    def __init__(
        self, days: Timeline, said: Words, basemap: str | Path | None, *, titled: bool = True
    ) -> None:
        self.said, self.dates = said, days.dates
        self.sheets = _sheets(days, said, basemap)
        goods = said(f"map.commodity.{days.commodity}")
        self.title = said(
            "small_multiples.title", commodity=goods, **days_from_to(said, days.dates)
        )
        with drawing():
            self._compose(titled=titled)

    def told(self, place: int) -> tuple[str, str]:
        """Return the day of a frame, and how many places are isolated and strained on it."""
        return self.said.day(self.dates[place]), self.sheets[place].counts

    def counts(self, place: int) -> dict[str, int]:
        """Return how many places of the country are in each state on the day of a frame."""
        return {state: self.sheets[place].home_states[state] for state in STATES}

    @property
    def worst(self) -> int:
        """The first of the days with the most isolated, then the most strained places."""
        ranked = [
            (-self.counts(at)["isolated"], -self.counts(at)["strained"], at)
            for at in range(len(self.dates))
        ]
        return min(ranked)[2]

    def frame(self, place: int) -> Any:
        """Return a frame as an array of height x width x (red, green, blue)."""
        import numpy as np

        with drawing():
            self._canvas.restore_region(self._ground)
            changing = self._changing(place)
            for artist in sorted([*changing, *self._names], key=lambda each: each.get_zorder()):
                self.figure.draw_artist(artist)
            for artist in changing:
                artist.remove()
        return np.asarray(self._canvas.buffer_rgba())[:, :, :3].copy()

    def _compose(self, *, titled: bool) -> None:
        """Draw what is the same on all frames."""
        from matplotlib.figure import Figure

        first = self.sheets[0]
        extent = shared_extent(list(dict.fromkeys(self.sheets)))
        for sheet in self.sheets:
            sheet.extent, sheet.scale = extent, 0.85
        west, east, south, north = extent
        aspect = (north - south) / ((east - west) * narrowing(extent))
        wide = min(_WIDE_IN - 2 * _SIDE_IN, _MOST_HIGH_IN / aspect)
        high = wide * aspect
        points = (_WIDE_IN - 2 * _SIDE_IN) * 72
        lines = legend_lines(list(dict.fromkeys(self.sheets)), points)
        caption = wrapped(plain(first.caption()), SMALL, points)
        below_map = LINE * len(lines) / 72 + 0.16
        foot = (11 * len(caption) + 4) / 72
        above = _HEAD_IN + (_TITLE_IN if titled else 0.0)
        whole = above + high + below_map + _KEY_IN + _STRIP_IN + _DAYS_IN + foot
        whole = round(whole * DOTS_PER_INCH / 2) * 2 / DOTS_PER_INCH  # films need even sizes
        self.figure = Figure(figsize=(_WIDE_IN, whole), dpi=DOTS_PER_INCH, facecolor=style.PAPER)
        self._canvas = _canvas(self.figure)
        self._wide, self._high = _WIDE_IN, whole
        top = whole - above
        self._map = self._axes((_WIDE_IN - wide) / 2, top - high, wide, high)
        first.axes(self._map)
        first.first, first.names = True, _NAMES
        draw_basemap(self._map, first.features, first.focus)
        standing = set(self._map.get_children())
        PanelLettering(first, self._map).draw()
        self._names = [each for each in self._map.get_children() if each not in standing]
        if titled:
            title = plain(self.title)
            write_line(self.figure, title, whole - 0.3, 13.0, weight="bold", color=style.INK)
        draw_legend(self.figure, lines, top - high - 0.08)
        self._strip(foot + _DAYS_IN)
        for line, text in enumerate(caption):
            at = (11 * (len(caption) - line) - 6) / 72
            write_line(self.figure, text, at, SMALL, weight="normal", color=style.QUIET)
        for artist in self._names:
            artist.set_visible(False)
        self._canvas.draw()
        self._ground = self._canvas.copy_from_bbox(self.figure.bbox)
        for artist in self._names:
            artist.set_visible(True)

    def _axes(self, left: float, bottom: float, wide: float, high: float) -> Axes:
        """Return axes in a place that is told in inches."""
        return self.figure.add_axes(
            (left / self._wide, bottom / self._high, wide / self._wide, high / self._high)
        )

    def _strip(self, bottom: float) -> None:
        """Draw the number of places by state on all days."""
        from matplotlib.patches import Patch

        ax = days_axes(
            self._axes(_SIDE_IN + 0.3, bottom, self._wide - 2 * _SIDE_IN - 0.45, _STRIP_IN),
            high_in=0,
            left_in=0,
        )
        write_days(ax, self.dates, self.said)
        edges = [edge for day in range(len(self.dates)) for edge in (day, day + 1)]
        below = [0] * len(edges)
        for state in STATES:
            numbers = [self.counts(day)[state] for day in range(len(self.dates)) for _ in (0, 1)]
            top = [low + more for low, more in zip(below, numbers, strict=True)]
            ax.fill_between(edges, below, top, color=style.FILLS[state], lw=0, gid=state)
            below = top
        ax.set_ylim(0, max(*below, 1))
        ax.set_yticks([0, max(*below, 1)])
        labels = [self.said.number(tick) for tick in ax.get_yticks()]
        ax.set_yticklabels(labels, family=style.FONT, parse_math=False)
        keys = [Patch(facecolor=style.FILLS[state], edgecolor=style.BORDER) for state in STATES]
        write_legend(ax, keys, [self.said(f"film.{state}") for state in STATES])
        self._days = ax

    def _changing(self, place: int) -> list[Artist]:
        """Return what is of one day: roads, towns, the day, its counts, its place in the strip."""
        standing = set(self._map.get_children())
        self.sheets[place].draw_content(self._map)
        made: list[Artist] = [each for each in self._map.get_children() if each not in standing]
        made.append(
            self._days.axvspan(
                place, place + 1, facecolor="none", edgecolor=style.INK, lw=1.4, zorder=5
            )
        )
        day, counts = self.told(place)
        box = self._map.get_position()
        for text, side, at, size in ((day, "left", box.x0, 13.0), (counts, "right", box.x1, 10.0)):
            weight = "bold" if side == "left" else "normal"
            written = self.figure.text(
                at, box.y1 + 0.07 / self._high, text, ha=side, va="baseline", fontsize=size,
                fontweight=weight, family=style.FONT, color=style.INK, parse_math=False,
            )  # fmt: skip
            made.append(written)
        return made


def _canvas(figure: Figure) -> Any:
    """Return what a figure is drawn on, as pixels."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    return FigureCanvasAgg(figure)


def _sheets(days: Timeline, said: Words, basemap: str | Path | None) -> list[PanelSheet]:
    """Return the map of each day; days on which nothing changed share one."""
    sheets: list[PanelSheet] = []
    for day, network in days:
        if sheets and days.same_as_before(day):
            sheets.append(sheets[-1])
            continue
        sheet = PanelSheet(network, said, basemap)
        if sheets:
            sheet.lines = sheets[0].lines  # the same roads: their geometry is read once
        sheets.append(sheet)
    return sheets
