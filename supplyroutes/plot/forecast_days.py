"""Forecast against outcome: probability of a shortage by town and day, and what was recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words, words
from supplyroutes.dates import as_day, days_between
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.days_axis import (
    days_axes,
    days_from_to,
    stretches,
    write_caption,
    write_days,
    write_legend,
    write_title,
)
from supplyroutes.plot.labels import plain, shortened
from supplyroutes.skill.forecasts import LIKELY, Forecast

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from supplyroutes.skill.backtesting import Backtest

MOST_TOWNS = 25
_HIGH = 0.8
"""Height of the row of a town; rows are 1 apart."""
_ROW_IN, _LEFT_IN = 0.24, 1.5

Probs = Mapping[date, Mapping[str, float]]
"""What is told of each day, by town."""


def forecast_days(
    network: Network,
    result: Backtest,
    *,
    forecaster: str | None = None,
    issued: str | date | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Probability of a shortage by town and day, with what was recorded as marks on it.

    A full mark is a recorded shortage, a hollow one a record that there was none; the less it
    weighs the smaller it is. A day without a mark is unknown, not without shortage. Shown are
    towns with a mark and towns that are likelier short than not on some day; the largest first.

    Parameters
    ----------
    network
        The undisturbed network.
    result
        The back-test, from `backtest`.
    forecaster
        Whose forecast; the first of the result by default.
    issued
        The forecast of that day of issue alone; by default every day shows the latest forecast
        that was issued before it, and a line where a new one begins.
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
    RequestError
        There is no such forecaster, no forecast of that day, or no such language.

    Notes
    -----
    Days beyond the window of the back-test are not shown. Colours grow darker with the
    probability, so that the figure reads in grey.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> result = sr.backtest(network, events, sr.datasets.outcomes("mali"),
    ...                   window=("2025-09-15", "2025-10-15"))
    >>> ax = sr.plot.forecast_days(network, result)
    >>> ax.get_title(loc="left")
    'Shortage of fuel: forecast and outcome, 15 September to 15 October 2025'
    """
    say = words(lang)
    name = next(iter(result.forecasts)) if forecaster is None else forecaster
    if name not in result.forecasts:
        raise RequestError(f"forecaster {name!a}: {', '.join(result.forecasts)}")
    forecasts = _issued(result.forecasts[name], issued)
    dates = _dates(result, forecasts, alone=issued is not None)
    probs, new = _latest(forecasts, dates)
    rows, left_out = _chosen(network, result, probs)
    ax = days_axes(ax, high_in=1.7 + _ROW_IN * max(len(rows), 3), left_in=_LEFT_IN)
    for row, node in enumerate(rows):
        _draw_row(ax, row, [probs[day].get(node) for day in dates])
        _draw_marks(ax, row, result, node, dates)
    for day in new:
        ax.axvline(day, color=style.INK, lw=0.8, dashes=(2.0, 2.0), zorder=3, gid="issued")
    _write_rows(ax, [network.name(node) for node in rows])
    write_days(ax, dates, say)
    _write_legend(ax, say)
    write_title(
        ax, say("forecast_days.title", **days_from_to(say, dates)), _told(say, result, name)
    )
    write_caption(ax, _caption(say, (forecasts, issued is not None), left_out, len(rows)))
    return ax


def _issued(forecasts: Sequence[Forecast], issued: str | date | None) -> Sequence[Forecast]:
    """Return all forecasts, or that of one day."""
    if issued is None:
        return forecasts
    day = as_day(issued)
    found = [forecast for forecast in forecasts if forecast.issued == day]
    if not found:
        told = ", ".join(str(forecast.issued) for forecast in forecasts)
        raise RequestError(f"no forecast was issued on {day}, but on {told}")
    return found


def _dates(result: Backtest, forecasts: Sequence[Forecast], *, alone: bool) -> list[date]:
    """Return the days of the window; for one forecast those that it reaches."""
    days = days_between(result.first, result.last)
    if not alone:
        return list(days)
    [forecast] = forecasts
    return [day for day in days if 0 < (day - forecast.issued).days <= result.lead_days]


def _latest(forecasts: Sequence[Forecast], dates: Sequence[date]) -> tuple[Probs, list[int]]:
    """Return of each day what the latest forecast before it told, and where a new one begins."""
    told: dict[date, Mapping[str, float]] = {}
    new: list[int] = []
    before: Forecast | None = None
    for at, day in enumerate(dates):
        known = [forecast for forecast in forecasts if forecast.issued < day]
        latest = max(known, key=lambda forecast: forecast.issued, default=None)
        if latest is not before and at:
            new.append(at)
        before = latest
        told[day] = {}
        if latest is not None:
            probs = {node: latest.of(node, day) for node in latest.prob}
            told[day] = {node: prob for node, prob in probs.items() if prob is not None}
    return told, new


def _chosen(network: Network, result: Backtest, probs: Probs) -> tuple[list[str], int]:
    """Return the towns that are told, the largest first, and how many more there are."""
    index, people = network.topology.node_index, network.tables.towns.columns["population"]
    shown = {str(node) for day, node in result.labels.index if day in probs}
    likely = {
        node for told in probs.values() for node, prob in told.items() if prob >= LIKELY
    } - shown

    def largest(nodes: set[str]) -> list[str]:
        return sorted(nodes, key=lambda node: (-(people[index[node]] or 0), node))

    found = [*largest(shown), *largest(likely)]  # what was recorded is not left out for the rest
    return largest(set(found[:MOST_TOWNS])), max(0, len(found) - MOST_TOWNS)


# --- drawing ------------------------------------------------------------------------------


def _draw_row(ax: Axes, row: int, probs: Sequence[float | None]) -> None:
    """Draw the days of a town: a bar for each stretch of one class; nothing where none is told."""
    colours = [None if prob is None else _colour(prob) for prob in probs]
    for begun, end, colour in stretches(colours):
        if colour is not None:
            ax.barh(row + 0.5, end - begun, _HIGH, left=begun, color=colour, lw=0, zorder=2)


def _colour(prob: float) -> str:
    """Return the colour of the class of a probability."""
    return next(colour for least, colour in reversed(style.RISKS) if prob >= least)


def _draw_marks(ax: Axes, row: int, result: Backtest, node: str, dates: Sequence[date]) -> None:
    """Mark what was recorded of a town."""
    first, last = dates[0], dates[-1]
    rows: Any = result.labels[result.labels.index.get_level_values("node") == node]
    for (day, _), label in rows.iterrows():
        if first <= day <= last:
            look = style.SHORT if label["short"] else style.NOT_SHORT
            ax.plot(
                [(day - first).days + 0.5], [row + 0.5], marker=look.marker, ls="none",
                ms=look.size * (0.5 + 0.5 * label["weight"]), mfc=look.face, mec=look.edge,
                mew=0.8, zorder=4, gid="short" if label["short"] else "not-short",
            )  # fmt: skip


def _write_rows(ax: Axes, names: Sequence[str]) -> None:
    """Write the towns beside their rows."""
    ax.set_ylim(max(len(names), 1), 0)
    ax.set_yticks([row + 0.5 for row in range(len(names))])
    labels = [shortened(plain(name)) for name in names]
    ax.set_yticklabels(labels, family=style.FONT, parse_math=False)
    ax.tick_params(axis="y", length=0)


def _write_legend(ax: Axes, say: Words) -> None:
    """Tell what colours and marks mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    ends = [*(least for least, _ in style.RISKS[1:]), 1.0]
    handles: list[Any] = []
    labels = []
    for (least, colour), end in zip(style.RISKS, ends, strict=True):
        handles.append(Patch(facecolor=colour, edgecolor=style.BORDER, linewidth=0.5))
        percent = {"low": say.number(100 * least), "high": say.number(100 * end)}
        labels.append(say("forecast_days.class", **percent))
    for look, key in ((style.SHORT, "short"), (style.NOT_SHORT, "not_short")):
        handles.append(
            Line2D([], [], marker=look.marker, ls="none", mfc=look.face, mec="#000000", ms=5)
        )
        labels.append(say(f"forecast_days.{key}"))
    write_legend(ax, handles, labels)


def _told(say: Words, result: Backtest, name: str) -> str:
    """Return whose forecast it is, and its score over all cases of the back-test."""
    key = f"backtest.forecaster.{name}"
    who = say(key) if key in say else name
    who = who[:1].upper() + who[1:]
    row: Any = result.scores.loc[(name, "all")]
    if not isfinite(row["brier"]):
        return say("forecast_days.unscored", forecaster=who)
    numbers = {"brier": say.number(row["brier"], 2), "cases": say.number(row["cases"])}
    return say("forecast_days.scored", forecaster=who, **numbers)


def _caption(say: Words, made: tuple[Sequence[Forecast], bool], left_out: int, rows: int) -> str:
    """Return when the forecasts were issued, what is left out, and what a plain day is."""
    forecasts, alone = made
    if alone:
        parts = [say("forecast_days.single", day=say.day(forecasts[0].issued))]
    else:
        parts = [say.count("forecast_days.latest", len(forecasts))]
    if left_out:
        parts.append(say.count("state_days.more", left_out))
    if not rows:
        parts.append(say("forecast_days.none"))
    return " ".join([*parts, say("forecast_days.note"), say("map.caption.use")])
