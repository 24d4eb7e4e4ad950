"""The curve of supply against roads lost, one line an order, with the spread of random ones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.restoring.percolation import Percolation
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.labels import plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE_IN = (8.4, 4.8)
PLACE = (0.085, 0.2, 0.885, 0.7)
TEXT: dict[str, Any] = {"family": style.FONT, "color": style.INK}


def percolation_curve(
    network: Network,
    result: Percolation | Sequence[Percolation],
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
) -> Axes:
    """Supply left against the share of roads lost.

    Parameters
    ----------
    network
        The network on the day.
    result
        What is left on it, from `percolation`; several orders on one figure if there are several.
    ax
        Axes to draw in; a figure of its own by default.
    lang
        Language of the figure, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        A result is not of this day and commodity, they weigh different things, there is none or
        more than six, or there is no such language.

    Notes
    -----
    A line steps down at each road. The band of a random order holds 80 % of the runs; the mark on
    a line is where half of the supply at the start is gone (the mean over the runs that come so
    far). Colours and dashes differ, so that it reads in grey.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> orders = [sr.percolation(network, order=order) for order in ("random", "betweenness")]
    >>> ax = sr.plot.percolation_curve(network, orders)
    >>> ax.get_title(loc="left")
    'Fuel: supply left as roads are lost, undisturbed network'
    """
    said = words(lang)
    results = [result] if isinstance(result, Percolation) else list(result)
    if not 0 < len(results) <= len(style.PATHS):
        raise RequestError(f"{len(results)} results: one to {len(style.PATHS)} fit a figure")
    asked = {(found.at, found.commodity, found.weigh) for found in results}
    if asked != {(network.at, network.commodity, results[0].weigh)}:
        raise RequestError("the results are not all of this day, commodity and weight")
    ax = _own_axes() if ax is None else ax
    handles = [
        handle
        for place, found in enumerate(results)
        for handle in _draw(ax, said, found, style.PATHS[place], place)
    ]
    _frame(ax, said, network, results[0].weigh, title)
    legend = ax.legend(
        handles=[*handles, _half_mark(said)], loc="upper right", frameon=True, fontsize=8.5,
        prop={"family": style.FONT, "size": 8.5},
    )  # fmt: skip
    legend.get_frame().set(edgecolor=style.BORDER, linewidth=0.6)
    return ax


def _own_axes() -> Axes:
    """Return axes in a figure of their own."""
    from matplotlib.figure import Figure

    return Figure(figsize=SIZE_IN, facecolor=style.PAPER).add_axes(PLACE)


def _draw(ax: Axes, said: Words, found: Percolation, look: style.Line, place: int) -> list[Any]:
    """Draw one order; return what stands for it in the legend."""
    curve = found.curve
    name = said(f"percolation.order.{found.order}")
    r = said.number(found.robustness, 3)
    handles: list[Any] = []
    told = said("percolation.legend", order=name, r=r)
    if len(found.runs) > 1:
        error = said.number(found.robustness_error, 3)
        runs = said.number(len(found.runs))
        told = said("percolation.legend.random", order=name, runs=runs, r=r, error=error)
        band = ax.fill_between(
            curve["lost_share"], curve["low"], curve["high"], step="post", color=look.colour,
            alpha=0.22, linewidth=0, label=said("percolation.legend.band"), gid=f"band-{place}",
        )  # fmt: skip
        handles.append(band)
    (line,) = ax.plot(
        curve["lost_share"], curve["supplied_share"], drawstyle="steps-post", color=look.colour,
        linewidth=1.8, linestyle=(0, look.dashes) if look.dashes else "solid", label=told,
        gid=f"curve-{place}",
    )  # fmt: skip
    half = found.runs["half_share"].mean()
    if half == half:  # noqa: PLR0124 (missing where half is never gone)
        ax.plot(
            [half], [found.supplied_share / 2], marker="v", markersize=7, linestyle="none",
            markerfacecolor=look.colour, markeredgecolor=style.PAPER, gid=f"half-{place}",
        )  # fmt: skip
    return [line, *handles]


def _half_mark(said: Words) -> Any:
    """Return what stands in the legend for the marks on the lines."""
    from matplotlib.lines import Line2D

    return Line2D(
        [], [], marker="v", markersize=7, linestyle="none", markerfacecolor=style.QUIET,
        markeredgecolor=style.PAPER, label=said("percolation.legend.half"),
    )  # fmt: skip


def _frame(ax: Axes, said: Words, network: Network, weigh: str, title: str | None) -> None:
    """Write title, axes and caption."""
    from matplotlib.ticker import FuncFormatter

    if title is None:
        goods = said(f"map.commodity.{network.commodity}")
        key = "percolation.title" if network.at else "percolation.title.undisturbed"
        day = said.day(network.at) if network.at else ""
        title = said(key, commodity=goods, day=day)
    head = ax.set_title(plain(title), loc="left", fontsize=12, fontweight="bold", pad=8, **TEXT)
    head.set_parse_math(False)
    ax.set_xlim(0, 1)
    ax.set_ylim(0, 1.02)
    ax.set_facecolor(style.PAPER)
    percent = FuncFormatter(lambda value, _: said("text.percent", value=said.number(100 * value)))
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(percent)
        for label in axis.get_ticklabels():
            label.set(family=style.FONT, fontsize=8.5)
    ax.set_xlabel(said("percolation.axis.lost"), fontsize=9, **TEXT)
    ax.set_ylabel(said(f"percolation.axis.{weigh}"), fontsize=9, **TEXT)
    ax.grid(color=style.BORDER, alpha=0.35, linewidth=0.6)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    ax.annotate(
        said("percolation.caption"), (0, 0), (0, -38), xycoords="axes fraction",
        textcoords="offset points", ha="left", va="top", fontsize=7.5, family=style.FONT,
        color=style.QUIET, parse_math=False, annotation_clip=False, wrap=True, gid="caption",
    )  # fmt: skip
