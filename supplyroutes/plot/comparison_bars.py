"""Days, what-ifs or commodities side by side: places by state, and which of them differ."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.comparison import Comparison
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.bar_lines import SIZE, fitting, write_beside, write_frame, write_part
from supplyroutes.plot.labels import plain, text_size
from supplyroutes.plot.sheet import dots_per_inch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_TOWNS = 15
STATES = ("isolated", "strained", "supplied")
"""States of places on the network, from worst to best."""
WIDTH_IN, ROW_IN = 10.0, 0.27
_TITLE_IN, _HEAD_IN, _BETWEEN_IN, _BELOW_IN = 0.5, 0.5, 0.75, 0.75
"""Room for title, for the head of the first part, of the second, and for the caption, in inches."""
_NAMES, _TEXTS = 0.31, 0.24
"""Shares of the width for names on the left and texts on the right."""
_MOST_REPORTS = 2


def comparison_bars(
    network: Network,
    result: Comparison,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
) -> Axes:
    """Bars of the places in each state, one bar an entry, and a table of those that differ.

    Above, the places of the country with the most demand that are on the network, by state; the
    first bar is the reference. Below, the largest places whose state is not that of the reference
    in some entry: one column an entry, in the same order, and the reports that made the difference.

    Parameters
    ----------
    network
        Any of the networks compared: it tells which country a place is in.
    result
        The comparison, from `compare`.
    ax
        Axes to draw in; they are emptied. A figure of its own by default.
    lang
        Language of the figure, "en" or "fr".
    title
        Title, as plain text; by default the commodities and the days.

    Returns
    -------
    ax
        The axes that hold both parts; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The comparison is not of this network's towns, or there is no such language.

    Notes
    -----
    Colours grow darker from state to state, so that the figure reads in grey.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = {day: sr.disrupt(network, events, at=day) for day in ("2025-01-11", "2025-01-12")}
    >>> ax = sr.plot.comparison_bars(network, sr.compare(days))
    >>> ax.get_title(loc="left")
    'Fuel: places by state, side by side'
    """
    said = words(lang)
    if list(result.towns.index) != list(network.topology.node_ids):
        raise RequestError("the comparison is not of the towns of this network")
    home = _home(network)
    changed, left_out = _changed(result, home)
    counts = (len(result.entries), max(len(changed), 1))
    if ax is None:
        ax = _own_axes(counts)
    ax.clear()
    ax.set_axis_off()
    upper, lower = _parts(ax, counts)
    _draw_bars(upper, said, result, home)
    _draw_table(lower, said, result, changed)
    left = -_NAMES / (1 - _NAMES - _TEXTS)
    write_part(upper, _places(said, network), left)
    write_part(lower, said("comparison_bars.differ"), left, up=19)
    _write_legend(upper, said)
    if title is None:
        goods = dict.fromkeys(said(f"map.commodity.{name}") for name in result.entries["commodity"])
        title = said("comparison_bars.title", commodity=", ".join(goods))
    write_frame(ax, title, _caption(said, result, home, left_out))
    return ax


def _home(network: Network) -> list[str]:
    """Return the places of the country that the case is about."""
    columns, code = network.tables.towns.columns, network.home_country
    rows = zip(columns["node"], columns["country"], strict=True)
    return [node for node, country in rows if not code or country == code]


def _places(said: Words, network: Network) -> str:
    """Return the head of the bars: whose places they count."""
    code = network.home_country
    if not code:
        return said("comparison_bars.places")
    key = f"map.country.{code}"
    return said("comparison_bars.places_of", country=said(key) if key in said else plain(code))


def _changed(result: Comparison, home: Sequence[str]) -> tuple[list[str], int]:
    """Return the places at home of another state, as the comparison ranks them; how many more."""
    rows = result.differences[result.differences["measure"] == "state"]
    here = set(home)
    nodes = [str(node) for node in dict.fromkeys(rows.index.get_level_values("node"))]
    found = [node for node in nodes if node in here]
    return found[:MOST_TOWNS], max(0, len(found) - MOST_TOWNS)


def _counts(result: Comparison, entry: str, home: Sequence[str]) -> Mapping[str, int]:
    """Return how many places at home are in each state in an entry."""
    states: Any = result.towns["state", entry]
    return Counter(str(states[node]) for node in home)


# --- drawing ------------------------------------------------------------------------------


def _own_axes(counts: tuple[int, int]) -> Axes:
    """Return axes in a figure with room for so many lines in both parts."""
    from matplotlib.figure import Figure

    high = _TITLE_IN + _HEAD_IN + _BETWEEN_IN + _BELOW_IN + ROW_IN * sum(counts)
    figure = Figure(figsize=(WIDTH_IN, high), facecolor=style.PAPER)
    bottom, top = _BELOW_IN / high, 1 - _TITLE_IN / high
    return figure.add_axes((0.02, bottom, 0.96, top - bottom))


def _parts(ax: Axes, counts: tuple[int, int]) -> tuple[Axes, Axes]:
    """Return the axes of the two parts, as high as their lines need."""
    inches = _HEAD_IN + _BETWEEN_IN + ROW_IN * sum(counts)
    line, wide = ROW_IN / inches, 1 - _NAMES - _TEXTS
    top = 1 - _HEAD_IN / inches
    upper = ax.inset_axes((_NAMES, top - line * counts[0], wide, line * counts[0]))
    lower = ax.inset_axes((_NAMES, 0.0, wide, line * counts[1]))
    for part, count in ((upper, counts[0]), (lower, counts[1])):
        part.set_ylim(count - 0.5, -0.5)
        part.set_xticks([])
        part.set_yticks([])
        for side in part.spines.values():
            side.set_visible(False)
    return upper, lower


def _draw_bars(ax: Axes, said: Words, result: Comparison, home: Sequence[str]) -> None:
    """Draw the places by state, a bar an entry, with their numbers."""
    entries = [str(entry) for entry in result.entries.index]
    counts = [_counts(result, entry, home) for entry in entries]
    whole = max(1, *(sum(each[state] for state in STATES) for each in counts))
    ax.set_xlim(0, whole)
    point = ax.get_window_extent().width * 72 / dots_per_inch(ax) / whole
    for place, (entry, each) in enumerate(zip(entries, counts, strict=True)):
        left = 0
        for state in STATES:
            ax.barh(
                place, each[state], 0.66, left=left, color=style.FILLS[state],
                edgecolor=style.BORDER, linewidth=0.6, gid=f"{state}-{place}",
            )  # fmt: skip
            text = said.number(each[state])
            if each[state] and text_size(text, SIZE)[0] + 3 < each[state] * point:
                ax.text(
                    left + each[state] / 2, place, text, ha="center", va="center_baseline",
                    fontsize=SIZE, family=style.FONT, parse_math=False,
                    color=style.PAPER if state == "isolated" else style.INK,
                )  # fmt: skip
            left += each[state]
        write_beside(ax, f"{fitting(entry, 195)}  {place + 1}", (0, place), (-6, 0), "right")
        write_beside(ax, _beside(said, result, entry, home), (1, place), (6, 0), "left")


def _beside(said: Words, result: Comparison, entry: str, home: Sequence[str]) -> str:
    """Return how many places at home are in another state than in the reference."""
    if entry == result.reference:
        return said("comparison_bars.reference")
    before: Any = result.towns["state", result.reference]
    after: Any = result.towns["state", entry]
    changed = sum(before[node] != after[node] for node in home)
    return said.count("comparison_bars.changed", changed)


def _draw_table(ax: Axes, said: Words, result: Comparison, nodes: Sequence[str]) -> None:
    """Draw the state of places that differ, a column an entry, and what made the difference."""
    entries = [str(entry) for entry in result.entries.index]
    ax.set_xlim(0, len(entries))
    names: Any = result.towns["name", ""]
    for place, node in enumerate(nodes):
        write_beside(ax, fitting(str(names[node]), 205), (0, place), (-6, 0), "right")
        for column, entry in enumerate(entries):
            states: Any = result.towns["state", entry]
            ax.barh(
                place, 0.96, 0.72, left=column + 0.02, linewidth=0.6, edgecolor=style.BORDER,
                color=style.FILLS.get(states[node], style.UNUSABLE.colour), gid=f"{node}-{column}",
            )  # fmt: skip
        write_beside(ax, _made(said, result, node), (1, place), (6, 0), "left")
    for column in range(len(entries)):
        ax.annotate(
            str(column + 1), (column + 0.5, 1), (0, 4), xycoords=ax.get_xaxis_transform(),
            textcoords="offset points", ha="center", va="bottom", fontsize=SIZE,
            family=style.FONT, color=style.INK, annotation_clip=False,
        )  # fmt: skip
    if not nodes:
        write_beside(ax, said("comparison_bars.none"), (0, 0), (6, 0), "left")


def _made(said: Words, result: Comparison, node: str) -> str:
    """Return the reports that made a place differ in any entry, or the other reason."""
    rows: Any = result.differences.xs(node, level="node")
    rows = rows[rows["measure"] == "state"]
    reports = dict.fromkeys(report for told in rows["reports"] for report in told)
    if reports:
        return said.listing(reports, most=_MOST_REPORTS)
    reason = str(rows["reason"].iloc[0]).replace(" ", "_")
    return said(f"compare.reason.{reason}", reports="")


def _write_legend(ax: Axes, said: Words) -> None:
    """Tell what the colours mean, right of the head of the first part."""
    from matplotlib.patches import Patch

    handles = [
        Patch(facecolor=style.FILLS[state], edgecolor=style.BORDER, linewidth=0.6)
        for state in STATES
    ]
    wide = 1 - _NAMES - _TEXTS
    legend = ax.legend(
        handles, [said(f"state.{state}") for state in STATES], loc="lower right",
        bbox_to_anchor=(1 + _TEXTS / wide, 1.0), ncols=len(STATES), frameon=False, borderpad=0.1,
        handlelength=1.3, columnspacing=1.2, prop={"family": style.FONT, "size": SIZE - 0.5},
    )  # fmt: skip
    legend.set_gid("legend")


def _caption(said: Words, result: Comparison, home: Sequence[str], left_out: int) -> str:
    """Return what is left out, and what the figure is not."""
    measures = result.differences["measure"] != "state"
    here = result.differences.index.get_level_values("node").isin(list(home))
    others = len(set(result.differences[measures & here].index.get_level_values("node")))
    parts = [said.count("comparison_bars.more", left_out)] if left_out else []
    parts += [said.count("before_after.other", others)] if others else []
    off = _counts(result, result.reference, home)["not_on_network"]
    parts += [said.count("comparison_bars.off", off)] if off else []
    return " ".join([*parts, said("map.caption.states"), said("map.caption.use")])
