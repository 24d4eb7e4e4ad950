"""The legend of a map: every state of roads and towns, with its count and its meaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from supplyroutes.analysis.isolation import STATES
from supplyroutes.catalogue import Words
from supplyroutes.core import STATUSES
from supplyroutes.plot import style


@dataclass(frozen=True, slots=True)
class Towns:
    """What the legend tells of the towns of a country; `doubtful` ones rely on unknown roads."""

    country: str | None
    states: Mapping[str, int]
    doubtful: int


_EDGE = 0.9
"""Width of the rim of a sign in points."""
LEGEND_TEXT = {"family": style.FONT, "fontsize": 7.5, "color": style.INK}


def legend_rows(
    said: Words,
    roads: Mapping[str | None, int],
    towns: Towns,
    sources: int,
    *,
    short: bool = False,
) -> Any:
    """Return the legend as a box of rows; `roads` are counts by state.

    A `short` one tells the states and counts, without what they mean.
    """
    from matplotlib.offsetbox import DrawingArea, VPacker

    line = partial(_meaning, said, short=short)
    unusable = said("map.legend.entry", word=said("map.legend.unusable"), count=roads[None])
    source = said("map.legend.entry", word=said("map.legend.source"), count=sources)
    doubtful = [doubtful_entry(line("map.legend.doubtful", towns.doubtful))]
    off = "not_on_network" if set(towns.states) - {"not_on_network"} else "no_source"
    glosses = {"not_on_network": off}
    where = said("map.legend.towns_of", country=towns.country) if towns.country else None
    rows = [
        heading(said("map.legend.roads")),
        *(road_entry(style.ROADS[name], line(f"status.{name}", roads[name])) for name in STATUSES),
        road_entry(style.UNUSABLE, unusable),
        DrawingArea(1, 2),
        heading(where or said("map.legend.towns")),
        *(
            town_entry(
                style.TOWNS[name],
                line(f"state.{name}", towns.states[name], glosses.get(name, "")),
            )
            for name in STATES
        ),
        *(doubtful if towns.doubtful else ()),
        town_entry(style.SOURCE, source),
    ]
    return VPacker(children=rows, align="left", pad=0, sep=2.6)


def _meaning(said: Words, key: str, count: int, gloss: str = "", *, short: bool) -> str:
    """Return a line of the legend: the word, how many, and what it means (by default its gloss)."""
    gloss = f"map.gloss.{gloss or key.rpartition('.')[2]}"
    if short or gloss not in said:
        return said("map.legend.entry", word=said(key), count=count)
    return said("map.legend.glossed", word=said(key), count=count, gloss=said(gloss))


def marker(
    dot: style.Dot, size: float, *, half: bool = False, scale: float = 1.0
) -> dict[str, Any]:
    """Return a town's look as matplotlib arguments; `half` of it is empty, or full if it is."""
    from matplotlib.path import Path as Outline

    shape: Any = dot.marker
    if shape == "drop":
        shape = Outline(style.DROP, [Outline.MOVETO] + [Outline.CURVE4] * 12)
    other = dot.edge if dot.face == style.PAPER else style.PAPER
    return {
        "marker": shape,
        "markersize": size,
        "fillstyle": "left" if half else "full",
        "markerfacecolor": dot.face,
        "markerfacecoloralt": other if half else dot.face,
        "markeredgecolor": dot.edge,
        "markeredgewidth": _EDGE * scale,
    }


def cross(look: style.Line, scale: float = 1.0) -> dict[str, Any]:
    """Return the cross on a closed road as matplotlib arguments."""
    return {
        "marker": "X",
        "markersize": 9 * scale,
        "markerfacecolor": look.colour,
        "markeredgecolor": style.PAPER,
        "markeredgewidth": _EDGE * scale,
    }


def heading(text: str, *, bold: bool = True) -> Any:
    """Return a heading of the legend, or a line of it without a sign."""
    from matplotlib.offsetbox import TextArea

    weight = "bold" if bold else "normal"
    return TextArea(text, textprops={**LEGEND_TEXT, "fontweight": weight, "parse_math": False})


def road_entry(look: style.Line, text: str) -> Any:
    """Return a line of the legend with a piece of road."""
    from matplotlib.lines import Line2D

    line = Line2D(
        [1, 31], [4, 4], color=look.colour, linewidth=look.width, solid_capstyle="butt",
        linestyle=(0, look.dashes) if look.dashes else "solid",
    )  # fmt: skip
    crosses = [Line2D([16], [4], linestyle="none", **cross(look))] if look.cross else []
    return _entry([line, *crosses], text)


def town_entry(dot: style.Dot, text: str) -> Any:
    """Return a line of the legend with a marker."""
    return _entry(_dots({0: dot}), text)


def doubtful_entry(text: str) -> Any:
    """Return a line of the legend with the half-filled markers of towns in doubt."""
    halves = {-7: style.TOWNS["supplied"], 7: style.TOWNS["strained"]}
    return _entry(_dots(halves, half=True), text)


def _dots(looks: Mapping[int, style.Dot], *, half: bool = False) -> list[Any]:
    """Return markers, so many points right of the middle of a line of the legend."""
    from matplotlib.lines import Line2D

    return [
        Line2D([16 + right], [4], linestyle="none", **marker(dot, dot.size, half=half))
        for right, dot in looks.items()
    ]


def _entry(signs: Sequence[Any], text: str) -> Any:
    """Return a line of the legend: a sign and what it stands for."""
    from matplotlib.offsetbox import DrawingArea, HPacker, TextArea

    area = DrawingArea(32, 8)
    for sign in signs:
        area.add_artist(sign)
    words = TextArea(text, textprops={**LEGEND_TEXT, "parse_math": False})
    return HPacker(children=[area, words], align="center", pad=0, sep=6)
