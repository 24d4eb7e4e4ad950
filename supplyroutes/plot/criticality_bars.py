"""What it would cost to lose each road, town, terminal or corridor: the costliest as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isnan, log10
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.losses.alike import alike_rows, line_ends
from supplyroutes.analysis.losses.criticality import Criticality
from supplyroutes.analysis.losses.removals import INDEX
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.bar_lines import SIZE, fitting, write_beside, write_frame, write_part
from supplyroutes.plot.legend import marker

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

MOST_BARS = 15
WIDTH_IN, ROW_IN, ABOVE_IN, BELOW_IN = 10.0, 0.27, 1.0, 0.75
"""Size of a figure of its own: width, and height of a line, of title and heads, of the caption."""
_TITLE_IN = 0.5
_NAMES, _CELLS = 0.38, (0.13, 0.11, 0.13)
"""Shares of the width for names on the left and for each column of numbers on the right."""
_LATE, _CUT = "added_time_h", "cut_people"
"""Columns beside the one that ranks: the detour, and who is cut off."""
_FEW = 100


@dataclass(frozen=True, slots=True)
class _Bar:
    """One line: a name, what its loss costs, if it cuts a place off, and the numbers beside it."""

    name: str
    value: float
    cuts: bool
    cells: tuple[str, ...]


def criticality_bars(
    network: Network,
    result: Criticality,
    *,
    most: int = MOST_BARS,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
) -> Axes:
    """Bars of what it would cost to lose each road, alone; the costliest first.

    Beside each bar stand its value, by how much later the demand that is still joined is reached
    on average, and the people that are cut off. A diamond marks what cuts a place off. Colours are
    those of `importance_map`: above a half of the costliest, a fifth, a twentieth, and the rest.
    Roads that follow each other and cost the same are one bar.

    Parameters
    ----------
    network
        The network on the day.
    result
        What roads, towns, terminals or corridors are worth on it, from `criticality`.
    most
        How many bars are drawn.
    ax
        Axes to draw in; they are emptied. A figure of its own by default.
    lang
        Language of the figure, "en" or "fr".
    title
        Title, as plain text; by default what is lost, the commodity and the day.

    Returns
    -------
    ax
        The axes that hold the bars; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The result is not of this network, day and commodity, no bar is asked for, or there is no
        such language.

    Notes
    -----
    What cuts off all that it serves delays nobody: its cost is the people cut off, not hours.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> ax = sr.plot.criticality_bars(network, sr.criticality(network))
    >>> ax.get_title(loc="left")
    'What it would cost to lose a road: Fuel, undisturbed network'
    """
    said = words(lang)
    if most < 1:
        raise RequestError(f"{most} bars: ask for at least one")
    _check(network, result)
    bars = _bars(said, network, result, most)
    if ax is None:
        ax = _own_axes(max(len(bars), 1))
    ax.clear()
    ax.set_axis_off()
    part = _part(ax, max(len(bars), 1))
    _draw(part, bars)
    _write_heads(part, said, result)
    if not bars:
        write_beside(part, said("criticality_bars.none"), (0, 0), (6, 0), "left")
    if title is None:
        day = said.day(network.at) if network.at else said("paths.any_day")
        goods = said(f"map.commodity.{network.commodity}")
        title = said(f"criticality.title.{result.of}", commodity=goods, day=day)
    write_frame(ax, title, _caption(said, result, bars))
    return ax


def _check(network: Network, result: Criticality) -> None:
    """Refuse a result of another network, day or commodity."""
    top, corridors = network.topology, network.tables.corridors.columns["corridor"]
    known = {"edge": top.edge_index, "node": top.node_index, "corridor": set(corridors)}
    same = (result.at, result.commodity) == (network.at, network.commodity)
    if not (same and set(result.items.index) <= set(known[INDEX[result.of]])):
        raise RequestError("the result is not of this network, day and commodity")


def _bars(said: Words, network: Network, result: Criticality, most: int) -> list[_Bar]:
    """Return the lines of what costs anything, the costliest first."""
    key = result.ranked_by
    costly = result.items[result.items[key] > 0]
    highest = float(costly[key].iloc[0]) if len(costly) else 0.0
    bars = []
    for ids, row in alike_rows(costly, most):
        cells = [_number(said, key, float(row[key]), highest)]
        if key != _LATE:
            late = float(row[_LATE])
            cells.append("–" if isnan(late) else said.number(late, 2))
        people, places = row[_CUT], row["cut_towns"]
        cut = said("criticality_bars.cut", people=said.number(people), places=said.number(places))
        cells.append(cut if places else "–")
        name = _name(said, network, result.of, [str(each) for each in ids], row)
        bars.append(_Bar(name, float(row[key]), bool(places), tuple(cells)))
    return bars


def _name(said: Words, network: Network, of: str, ids: Sequence[str], row: pd.Series[Any]) -> str:
    """Return the name of a thing; of roads that follow each other that of their line."""
    if len(ids) == 1:
        return str(row["name"])
    ends = line_ends(network, ids) if of == "roads" else None
    if ends is None:
        return said.count("criticality.alike", len(ids) - 1, first=row["name"])
    first, last = (network.name(node) for node in ends)
    return said("criticality.line", first=first, last=last, count=said.number(len(ids)))


def _number(said: Words, key: str, value: float, highest: float) -> str:
    """Return a cost with the decimals that tell it from the others."""
    if key == "cut_share":
        return said("text.percent", value=said.number(100 * value, 2))
    digits = max(0, 2 - floor(log10(highest))) if 0 < highest < _FEW else 0
    return said.number(value, digits)


# --- drawing ------------------------------------------------------------------------------


def _own_axes(lines: int) -> Axes:
    """Return axes in a figure with room for so many lines."""
    from matplotlib.figure import Figure

    high = ABOVE_IN + BELOW_IN + ROW_IN * lines
    figure = Figure(figsize=(WIDTH_IN, high), facecolor=style.PAPER)
    bottom, top = BELOW_IN / high, 1 - _TITLE_IN / high
    return figure.add_axes((0.02, bottom, 0.96, top - bottom))


def _part(ax: Axes, lines: int) -> Axes:
    """Return the axes of the bars, below their heads."""
    inches = ROW_IN * lines + ABOVE_IN - _TITLE_IN
    return ax.inset_axes((_NAMES, 0.0, 1 - _NAMES - sum(_CELLS), ROW_IN * lines / inches))


def _draw(ax: Axes, bars: Sequence[_Bar]) -> None:
    """Draw the bars with names, numbers and diamonds."""
    highest = max((bar.value for bar in bars), default=1.0)
    wide = 1 - _NAMES - sum(_CELLS)
    for place, bar in enumerate(bars):
        share = bar.value / highest
        look = next(look for least, look in style.WORTH if share > least)
        ax.barh(
            place, bar.value, 0.62, color=look.colour, edgecolor=style.INK, linewidth=0.5,
            gid=f"bar-{place}",
        )  # fmt: skip
        write_beside(ax, fitting(bar.name, 240), (0, place), (-17, 0), "right")
        if bar.cuts:
            ax.plot(
                [-0.02 * highest], [place], linestyle="none", clip_on=False, gid="cuts-off",
                **marker(style.CUTS_OFF, 6.0),
            )  # fmt: skip
        for column, cell in enumerate(bar.cells):
            at = 1 + sum(_CELLS[: column + 1]) / wide
            write_beside(ax, cell, (at, place), (0, 0), "right")
    ax.set_xlim(0, 1.04 * highest)
    ax.set_ylim(max(len(bars), 1) - 0.5, -0.5)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    ax.spines["left"].set_edgecolor(style.BORDER)


def _write_heads(ax: Axes, said: Words, result: Criticality) -> None:
    """Write what bars and numbers mean above them."""
    wide = 1 - _NAMES - sum(_CELLS)
    measure = said(f"criticality.measure.{result.measure}")
    write_part(ax, measure[:1].upper() + measure[1:], -_NAMES / wide)
    keys = [result.ranked_by, *([_LATE] if result.ranked_by != _LATE else []), _CUT]
    for column, key in enumerate(keys):
        ax.annotate(
            said(f"head.{key}"), (1 + sum(_CELLS[: column + 1]) / wide, 1), (0, 5),
            xycoords="axes fraction", textcoords="offset points", ha="right", va="bottom",
            fontsize=SIZE - 0.5, family=style.FONT, color=style.QUIET, parse_math=False,
            annotation_clip=False,
        )  # fmt: skip


def _caption(said: Words, result: Criticality, bars: Sequence[_Bar]) -> str:
    """Return how many things cost anything, what a diamond is, and that it is sensitive."""
    counts = result.summary()
    told = said.count(
        f"criticality.tested.{result.of}",
        counts["items"],
        costing=said.number(counts["costing"]),
        cutting=said.number(counts["cutting"]),
    )
    parts = [told, said("criticality_bars.diamond")] if bars else [told]
    return " ".join([*parts, said("criticality.note"), said("criticality.use")])
