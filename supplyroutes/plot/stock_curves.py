"""The stock of a town day by day, with its interval, when it runs dry, and the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.catalogue import Words, words
from supplyroutes.core import RESTRICTED
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import impacts_of
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.days_axis import (
    SMALL,
    days_axes,
    days_from_to,
    write_caption,
    write_days,
    write_legend,
    write_title,
)
from supplyroutes.plot.labels import plain, text_size
from supplyroutes.plot.sheet import dots_per_inch

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from supplyroutes.analysis.stores.stocks import StockLevels

_STRIP = 0.2
"""Room below zero for the marks of reports, as a share of the height above."""
_BEGINS, _ENDS = 0.3, 0.85
"""Height of the marks in that strip, from above."""


def stock_curves(
    network: Network,
    result: StockOutlook | StockLevels,
    *,
    to: str | None = None,
    events: Events | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Stock of a town in the evening of each day, and when it runs dry.

    An outlook is drawn as the median of its runs in the band that holds 80 % of them. If events
    are given, the days on which a report began or ceased to restrict a road stand below; those
    that hit most roads are named as far as there is room.

    Parameters
    ----------
    network
        The undisturbed network.
    result
        Stocks of one run, from `stock_levels`, or of many, from `stock_outlook`.
    to
        The town, in any spelling; by default the largest that the network reaches.
    events
        The reports to mark, with their rules.
    ax
        Axes to draw in; a figure of its own by default.
    lang
        Language of the figure, "en" or "fr".

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    UnknownIdError
        There is no such town.
    RequestError
        The result does not tell of the town, or there is no such language.

    Notes
    -----
    The band is lighter than the median in grey too; marks differ by shape.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-08", end="2025-01-20")
    >>> ax = sr.plot.stock_curves(network, sr.stock_levels(days, stock_m3={"east": 900}), to="East")
    >>> ax.get_title(loc="left")
    'Fuel stock: East, 8 January to 20 January 2025'
    """
    say = words(lang)
    node = network.find(to) if to is not None else _largest(result)
    if node not in result.towns.index:
        raise RequestError(f"the result tells of no stock in {network.name(node)}")
    daily: Any = result.daily.xs(node, level="node")
    town: Any = result.towns.loc[node]
    dates = list(daily.index)
    ax = days_axes(ax, high_in=4.6, left_in=0.85)
    handles, labels = _curves(ax, daily, say)
    if events is not None:
        more = _reports(ax, network, events, (dates, result.commodity), say)
        handles, labels = [*handles, *more[0]], [*labels, *more[1]]
    told = _dry(ax, town, say)
    write_days(ax, dates, say)
    _write_amounts(ax, say)
    write_legend(ax, handles, labels)
    title = say(
        "stock_curves.title",
        commodity=say(f"map.commodity.{result.commodity}"),
        town=network.name(node),
        **days_from_to(say, dates),
    )
    write_title(ax, title, told)
    write_caption(ax, _caption(say, result))
    return ax


def _largest(result: StockOutlook | StockLevels) -> str:
    """Return the largest town that the network reaches."""
    towns = result.towns[result.towns["on_network"]]
    if not len(towns):
        raise RequestError("no town on the network uses or keeps the commodity")
    return str(towns["population"].fillna(0).idxmax())


def _curves(ax: Axes, daily: pd.DataFrame, say: Words) -> tuple[list[Any], list[str]]:
    """Draw the stock of each evening; return what the legend tells."""
    evenings = range(1, len(daily) + 1)
    line = style.MEDIAN
    if "stock_m3" in daily:
        [curve] = ax.plot(evenings, daily["stock_m3"], color=line.colour, lw=line.width, zorder=3)
        return [curve], [say("stock_curves.stock")]
    low, high = daily["stock_m3_p10"], daily["stock_m3_p90"]
    band = ax.fill_between(evenings, low, high, color=style.BAND, lw=0, zorder=1)
    edge = style.ENDS_OF_BAND
    for values in (low, high):
        ax.plot(evenings, values, color=edge.colour, lw=edge.width, dashes=edge.dashes, zorder=2)
    [curve] = ax.plot(
        evenings, daily["stock_m3_p50"], color=line.colour, lw=line.width, zorder=3, gid="median"
    )
    return [curve, band], [say("stock_curves.median"), say("stock_curves.band")]


def _dry(ax: Axes, town: pd.Series[Any], say: Words) -> str:
    """Mark the day on which the town runs dry; return it, with its interval if there is one."""
    many = "days_to_dry_p50" in town
    day = town["days_to_dry_p50"] if many else town["days_to_dry"]
    on = town["dry_on_p50"] if many else town["dry_on"]
    told = say("stock_curves.not_dry")
    if many and town["dry_share"] > 0:
        told = say("stock_curves.dry_share", share=say.share(town["dry_share"]))
    if isfinite(day):
        told = say("stock_curves.dry", day=say.day(on))
        ax.axvline(day, color=style.MARK, lw=1.2, dashes=(1.2, 1.0), zorder=2, gid="dry")
    if many and isfinite(town["days_to_dry_p10"]):
        last = town["dry_on_p90"]
        end = say.day(last) if last else say("stock_curves.later")
        told += say("stock_curves.interval", start=say.day(town["dry_on_p10"]), end=end)
    return told


def _write_amounts(ax: Axes, say: Words) -> None:
    """Set the amounts beside the axes, as the language writes them."""
    ticks = [tick for tick in ax.get_yticks() if 0 <= tick <= ax.get_ylim()[1]]
    ax.set_yticks(ticks)
    digits = 0 if ticks[-1] >= len(ticks) else 1
    ax.set_yticklabels(
        [say.number(tick, digits) for tick in ticks], family=style.FONT, parse_math=False
    )
    ax.set_ylabel(say("stock_curves.m3"), fontsize=8.5, family=style.FONT, color=style.INK)
    ax.grid(axis="y", color=style.LAND_AROUND, lw=0.8)
    ax.set_axisbelow(True)


def _caption(say: Words, result: StockOutlook | StockLevels) -> str:
    """Return how many runs there are, and what the figure is not."""
    parts = [say("stock_curves.note"), say("map.caption.use")]
    if isinstance(result, StockOutlook):
        runs = say("stock_curves.runs", runs=say.number(result.runs), seed=str(result.seed))
        parts.insert(0, runs)
    return " ".join(parts)


# --- reports ------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Mark:
    """Days on which a report begins and ceases to restrict roads, and how many."""

    event: str
    begins: date
    ends: date
    arcs: int


def _reports(
    ax: Axes,
    network: Network,
    events: Events,
    asked: tuple[Sequence[date], str],
    say: Words,
) -> tuple[list[Any], list[str]]:
    """Mark the days on which reports begin and end; return what the legend tells."""
    dates, commodity = asked
    first, last = dates[0], dates[-1]
    top = max(ax.get_ylim()[1], 1.0)
    ax.set_ylim(-_STRIP * top, top)
    ax.axhline(0, color=style.BORDER, lw=0.8, zorder=2)
    marks = [
        mark
        for mark in _marks(network, events, commodity)
        if mark.begins <= last and mark.ends > first
    ]
    begun = [(mark.begins - first).days for mark in marks if mark.begins >= first]
    over = [(mark.ends - first).days for mark in marks if mark.ends <= last]
    look: dict[str, Any] = {"ls": "none", "ms": 5, "color": style.INK, "zorder": 4}
    look["clip_on"] = False  # a report of the first day stands on the edge
    heights = [-_STRIP * top * share for share in (_BEGINS, _ENDS)]
    [began] = ax.plot(begun, [heights[0]] * len(begun), marker="^", gid="begins", **look)
    [ended] = ax.plot(over, [heights[1]] * len(over), marker="v", mfc="none", gid="ends", **look)
    write_days(ax, dates, say)
    _name_marks(ax, [mark for mark in marks if mark.begins >= first], first, heights)
    return [began, ended], [say("stock_curves.begins"), say("stock_curves.ends")]


def _marks(network: Network, events: Events, commodity: str) -> list[_Mark]:
    """Return the reports that restrict roads, those that hit most first."""
    found: dict[str, _Mark] = {}
    for impact in impacts_of(network, events, commodity=commodity).impacts:
        restricts = impact.status >= RESTRICTED or impact.capacity_factor < 1
        if impact.partial or not restricts:
            continue
        event = impact.reports[0]
        old = found.get(event, _Mark(event, impact.start, impact.end, 0))
        found[event] = _Mark(
            event,
            min(old.begins, impact.start),
            max(old.ends, impact.end),
            max(old.arcs, len(impact.arcs)),
        )
    return sorted(found.values(), key=lambda mark: (-mark.arcs, mark.begins, mark.event))


def _name_marks(ax: Axes, marks: Sequence[_Mark], first: date, heights: Sequence[float]) -> None:
    """Name the reports that begin, those that hit most roads first, as far as there is room."""
    point = ax.bbox.width * 72 / dots_per_inch(ax) / max(ax.get_xlim()[1], 1)
    taken: list[tuple[float, float]] = []
    for mark in marks:
        name = plain(mark.event)
        half = text_size(name, SMALL - 1.5)[0] / point / 2
        at = (mark.begins - first) / timedelta(days=1)
        if half <= at and all(at + half < left or right < at - half for left, right in taken):
            taken.append((at - half, at + half))
            ax.annotate(
                name, (at, sum(heights) / 2), ha="center", va="center", fontsize=SMALL - 1.5,
                family=style.FONT, color=style.INK, parse_math=False, gid="report", zorder=4,
            )  # fmt: skip
