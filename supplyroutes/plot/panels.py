"""Maps beside each other in one figure: what they share, and how they are laid out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import STATES, isolation
from supplyroutes.catalogue import Words
from supplyroutes.core import STATUSES
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import Extent, draw_basemap
from supplyroutes.plot.labels import plain, text_size, wrapped
from supplyroutes.plot.legend import (
    LEGEND_TEXT,
    doubtful_entry,
    heading,
    road_entry,
    town_entry,
)
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import Sheet, narrowing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDE_IN, MOST_HIGH_IN = 11.4, 7.4
"""Width of a figure of several maps, and how high a map of it may be."""
SIDE_IN, TITLE_IN, HEAD_IN, GAP_IN = 0.2, 0.45, 0.28, 0.14
"""Room beside the maps, for the title, for the head of each map, and between maps."""
FULL_SIZE_IN = 8.0
"""Width of a map from which lines, signs and names have their full size."""
LEAST_SCALE = 0.5
_CAPTION, _LINE_SIZE, _HEAD, _TITLE = 7.5, 9.0, 9.5, 14.0
_SIGN = 38.0
"""Width of the sign of an entry of the legend with its gap, in points."""
LINE = 13.5
"""Height of a line of the legend in points."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is written on a figure of maps; a head is a text left and one right of it.

    `line` stands below the title; `marks` are further entries of the legend, after their head.
    """

    title: str
    heads: Sequence[tuple[str, str]]
    caption: str
    line: str = ""
    marks: tuple[str, Sequence[tuple[str, Any]]] = ("", ())


class PanelSheet(Sheet):
    """One of several maps of the same extent."""

    def __init__(self, network: Network, said: Words, basemap: str | Path | None) -> None:
        super().__init__(network, isolation(network, approaches=False), said, basemap)
        self.first = False
        self.names = 0
        self.must: set[int] = set()

    @property
    def must_name(self) -> set[int]:
        """The towns that must be named, whatever their size: none, for there is little room."""
        return self.must

    @cached_property
    def hit_towns(self) -> set[int]:
        """The towns that come first among the names: the same on every map."""
        return self.must

    def seen(self, node: int) -> bool:
        """Tell whether a town lies on the map."""
        west, east, south, north = self.extent
        lon, lat = self.towns["lon"][node], self.towns["lat"][node]
        return bool(west <= lon <= east and south <= lat <= north)

    @property
    def counts(self) -> str:
        """How many places of the country are isolated, and how many strained."""
        told = {
            state: self.said.count(f"count.{state}", self.home_states[state])
            for state in ("isolated", "strained")
        }
        return self.said("panels.counts", **told)

    def caption_parts(self) -> list[str]:
        """Return what the caption says of all maps."""
        said, code = self.said, self.focus
        name = said(f"map.country.{code}") if f"map.country.{code}" in said else plain(code)
        return [
            said("panels.counted", country=name) if code else "",
            said("map.caption.states"),
            said("map.caption.use"),
        ]

    def weight(self, node: int, weight: float) -> float:
        """Return how much a town deserves a name, whatever its state: the same on every map."""
        people = self.towns["population"][node] or 0
        return weight if node in self.must else people * (2 if self.in_focus(node) else 0.2)


class PanelLettering(Lettering):
    """Names on one of several maps, and a scale bar on the first."""

    sheet: PanelSheet

    def __init__(self, sheet: PanelSheet, ax: Axes) -> None:
        self.most_names = sheet.names
        self.scale = max(sheet.scale, 0.75)
        super().__init__(sheet, ax)

    def _legend(self) -> None:
        """Draw none: the maps share one."""

    def _scale_bar(self) -> None:
        """Draw a scale bar on the first map."""
        if self.sheet.first:
            super()._scale_bar()

    def _countries(self) -> None:
        """Write the names of countries where the map is large enough."""
        if self.sheet.scale > LEAST_SCALE:
            super()._countries()


def panel_figure(sheets: Sequence[PanelSheet], told: Told, columns: int) -> Figure:
    """Return a figure of maps in so many columns, with one title, legend and caption.

    The maps have one extent: the country that they are about and every road and town that is not
    the same on all of them.
    """
    from matplotlib.figure import Figure

    extent = shared_extent(sheets)
    for sheet in sheets:
        sheet.extent = extent
    wide = (WIDE_IN - 2 * SIDE_IN - (columns - 1) * GAP_IN) / columns
    aspect = (extent[3] - extent[2]) / ((extent[1] - extent[0]) * narrowing(extent))
    wide = min(wide, MOST_HIGH_IN / aspect)
    high = wide * aspect
    points = (WIDE_IN - 2 * SIDE_IN) * 72
    lines = legend_lines(sheets, points)
    if told.marks[1]:
        lines += packed(*told.marks, points)
    caption = wrapped(plain(told.caption), _CAPTION, points)
    main = wrapped(plain(told.line), _LINE_SIZE, points) if told.line else []
    title = TITLE_IN + 13 * len(main) / 72
    below = (LINE * len(lines) + 11 * len(caption) + 24) / 72
    rows = ceil(len(sheets) / columns)
    whole = title + rows * (HEAD_IN + high) + (rows - 1) * GAP_IN + below
    figure = Figure(figsize=(WIDE_IN, whole), facecolor=style.PAPER)
    for place, sheet in enumerate(sheets):
        row, column = divmod(place, columns)
        left = SIDE_IN + column * (wide + GAP_IN)
        top = whole - title - row * (high + HEAD_IN + GAP_IN) - HEAD_IN
        box = (left / WIDE_IN, (top - high) / whole, wide / WIDE_IN, high / whole)
        ax = figure.add_axes(box)
        sheet.first = place == 0
        sheet.scale = max(LEAST_SCALE, min(1.0, wide / FULL_SIZE_IN))
        _draw(sheet, ax, told.heads[place])
    write_line(figure, plain(told.title), whole - 0.3, _TITLE, weight="bold", color=style.INK)
    for line, text in enumerate(main):
        at = whole - TITLE_IN - (13 * line + 4) / 72
        write_line(figure, text, at, _LINE_SIZE, weight="normal", color=style.INK)
    draw_legend(figure, lines, below - 8 / 72)
    for line, text in enumerate(caption):
        at = (11 * (len(caption) - line) + 2) / 72
        write_line(figure, text, at, _CAPTION, weight="normal", color=style.QUIET)
    return figure


def differing(sheets: Sequence[Sheet]) -> tuple[list[int], list[int]]:
    """Return the roads and the towns whose state is not the same on all maps."""
    first, *others = sheets
    roads = [
        road for road, state in enumerate(first.road_states)
        if any(other.road_states[road] != state for other in others)
    ]  # fmt: skip
    towns = [
        town for town, state in enumerate(first.states)
        if any(other.states[town] != state for other in others)
    ]  # fmt: skip
    return roads, towns


def shared_extent(sheets: Sequence[PanelSheet]) -> Extent:
    """Return the box of the country, and of what differs between the maps."""
    roads, towns = differing(sheets)
    top = sheets[0].network.topology
    ends = {node for road in roads for node in (top.tail[2 * road], top.head[2 * road])}
    boxes = [sheet.around(sorted({*ends, *towns})) for sheet in sheets]
    wests, easts, souths, norths = zip(*boxes, strict=True)
    return min(wests), max(easts), min(souths), max(norths)


def _draw(sheet: PanelSheet, ax: Axes, head: tuple[str, str]) -> None:
    """Draw one map with its head."""
    sheet.axes(ax)
    draw_basemap(ax, sheet.features, sheet.focus)
    sheet.draw_content(ax)
    room = ax.get_position().width * WIDE_IN * 72
    left, right = (plain(text) for text in head)
    beside = max(room / 2, room - text_size(right, _CAPTION)[0] - _GAP)
    _write_head(ax, left, "left", _HEAD, (beside, "bold"))
    _write_head(ax, right, "right", _CAPTION, (room / 2, "normal"))
    PanelLettering(sheet, ax).draw()


def _write_head(ax: Axes, text: str, side: Any, size: float, fit: tuple[float, str]) -> None:
    """Write a head above a map, smaller where it would be wider than there is room."""
    room, weight = fit
    size = min(size, size * room / max(text_size(text, size, weight)[0], 1.0))
    head = ax.set_title(
        text, loc=side, fontsize=size, fontweight=weight, family=style.FONT, color=style.INK, pad=4
    )
    head.set_parse_math(False)


def write_line(figure: Figure, text: str, inches: float, size: float, **look: Any) -> None:
    """Write a line at the left of the figure, so many inches above its foot."""
    wide, high = figure.get_size_inches()
    figure.text(
        SIDE_IN / wide, inches / high, text, ha="left", va="baseline", fontsize=size,
        family=style.FONT, parse_math=False, **look,
    )  # fmt: skip


# --- the legend ---------------------------------------------------------------------------


def legend_lines(sheets: Sequence[PanelSheet], width: float) -> list[list[Any]]:
    """Return the entries of the legend in lines: roads, then towns; only what is to be seen."""
    said = sheets[0].said
    roads = {state for sheet in sheets for state in sheet.road_states}
    seen = [node for node in range(len(sheets[0].states)) if sheets[0].seen(node)]
    towns = {sheet.states[node] for sheet in sheets for node in seen}
    doubtful = any(sheet.doubtful[node] for sheet in sheets for node in seen)
    of_roads = [
        (said(f"status.{name}"), road_entry(style.ROADS[name], said(f"status.{name}")))
        for name in STATUSES
        if name in roads
    ]
    if None in roads:
        word = said("map.legend.unusable")
        of_roads.append((word, road_entry(style.UNUSABLE, word)))
    of_towns = [
        (said(f"state.{name}"), town_entry(style.TOWNS[name], said(f"state.{name}")))
        for name in STATES
        if name in towns
    ]
    if doubtful:
        gloss = said("map.gloss.doubtful")
        word = said("panels.glossed", word=said("map.legend.doubtful"), gloss=gloss)
        of_towns.append((word, doubtful_entry(word)))
    if sheets[0].sources.intersection(seen):
        word = said("map.legend.source")
        of_towns.append((word, town_entry(style.SOURCE, word)))
    heads = (said("map.legend.roads"), said("map.legend.towns"))
    parts = zip(heads, (of_roads, of_towns), strict=True)
    return [line for head, entries in parts for line in packed(head, entries, width)]


def packed(head: str, entries: Iterable[tuple[str, Any]], width: float) -> list[list[Any]]:
    """Return entries in lines that fit a width, the first one after a head."""
    size: Any = LEGEND_TEXT["fontsize"]
    lines, used = [[heading(head)]], text_size(head, size, "bold")[0] + _GAP
    for word, entry in entries:
        room = _SIGN + text_size(word, size)[0] + _GAP
        if used + room > width:
            lines.append([])
            used = 0.0
        lines[-1].append(entry)
        used += room
    return lines


_GAP = 14.0
"""Room between two entries of the legend in points."""


def draw_legend(figure: Figure, lines: Sequence[Sequence[Any]], top_in: float) -> None:
    """Put the legend below the maps, its upper edge so many inches above the foot."""
    from matplotlib.offsetbox import AnchoredOffsetbox, HPacker, VPacker

    wide, high = figure.get_size_inches()
    rows: list[Any] = [
        HPacker(children=list(line), align="center", pad=0, sep=_GAP) for line in lines
    ]
    box = AnchoredOffsetbox(
        "upper left", child=VPacker(children=rows, align="left", pad=0, sep=4), pad=0, borderpad=0,
        frameon=False, bbox_to_anchor=(SIDE_IN / wide, top_in / high),
        bbox_transform=figure.transFigure,
    )  # fmt: skip
    box.set_gid("legend")
    figure.add_artist(box)
