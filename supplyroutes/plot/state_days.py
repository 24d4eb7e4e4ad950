"""States of towns day by day: which were supplied, strained, isolated, and which went short."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from supplyroutes.analysis.history import IsolationHistory
from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.catalogue import Words, words
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

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from supplyroutes.analysis.stores.stocks import StockLevels

MOST_TOWNS = 25
_STATES = ("supplied", "strained", "isolated")
_HIGH = 0.8
"""Height of the row of a town; rows are 1 apart."""
_ROW_IN, _LEFT_IN = 0.21, 1.5


def state_days(
    network: Network,
    result: IsolationHistory,
    *,
    stocks: StockLevels | StockOutlook | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """States of towns on every day, one row a town, and what part of their use goes short.

    The colour of a day is the state of the town's access. Black rises from below by the share
    of the day's use that is missing; of an outlook, by the share of runs in which the town
    goes short. Towns that are always supplied, or off the network, are left out; the largest
    come first.

    Parameters
    ----------
    network
        The undisturbed network.
    result
        States of the towns, from `isolation_history`.
    stocks
        Stocks on the same days, from `stock_levels` or `stock_outlook`.
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
        The stocks are not of the same days, or there is no such language.

    Notes
    -----
    A state-transition plot after Henry and Ramirez-Marquez (2012), a row for each town. Colours
    grow darker from state to state, so that the figure reads in grey.

    References
    ----------
    .. [1] Henry, D., Ramirez-Marquez, J. E. (2012). Generic metrics and quantitative approaches
       for system resilience as a function of time. Reliability Eng. & System Safety 99.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.history import isolation_history
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-08", end="2025-01-20")
    >>> ax = sr.plot.state_days(network, isolation_history(days))
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['East', 'North', 'Bridge']
    """
    say = words(lang)
    dates = list(result.states.index)
    stocks = None if stocks is None or stocks.daily.empty else stocks  # nobody uses or keeps any
    missing = None if stocks is None else _missing(stocks)
    if missing is not None and list(missing.index) != dates:
        raise RequestError("the stocks are not of the same days as the states")
    nodes, left_out = _chosen(network, result, missing)
    high_in = 1.65 + _ROW_IN * max(len(nodes), 3)
    ax = days_axes(ax, high_in=high_in, left_in=_LEFT_IN)
    for row, node in enumerate(nodes):
        _draw_row(ax, row, result.states[node], None if missing is None else missing.get(node))
    ax.set_ylim(max(len(nodes), 1), 0)
    ax.set_yticks([row + 0.5 for row in range(len(nodes))])
    names = [shortened(plain(network.name(node))) for node in nodes]
    ax.set_yticklabels(names, family=style.FONT, parse_math=False)
    ax.tick_params(axis="y", length=0)
    write_days(ax, dates, say)
    _write_legend(ax, say, stocks)
    goods = say(f"map.commodity.{result.commodity}")
    write_title(ax, say("state_days.title", commodity=goods, **days_from_to(say, dates)))
    told = [say.count("state_days.more", left_out)] if left_out else []
    told += [] if nodes else [say("state_days.none")]
    write_caption(ax, " ".join([*told, say("state_days.note"), say("map.caption.use")]))
    return ax


def _missing(stocks: StockLevels | StockOutlook) -> pd.DataFrame:
    """Return days x towns: the share of use that is missing, or of runs in which some is."""
    daily = stocks.daily
    if isinstance(stocks, StockOutlook):
        share = daily["short_share"]
    else:
        share = (daily["unmet_m3"] / (daily["unmet_m3"] + daily["used_m3"])).fillna(0.0)
    table: pd.DataFrame = share.unstack("node")  # noqa: PD010 (unique by day and town)
    return table


def _chosen(
    network: Network, history: IsolationHistory, missing: pd.DataFrame | None
) -> tuple[list[str], int]:
    """Return the towns that are told, the largest first, and how many more there are."""
    columns, index = network.tables.towns.columns, network.topology.node_index
    told = []
    for node, states in history.states.items():
        name = str(node)
        short = missing is not None and name in missing and missing[name].max() > 0
        if (states == "not_on_network").all() or not (short or (states != "supplied").any()):
            continue
        told.append(name)
    told.sort(key=lambda node: (-(columns["population"][index[node]] or 0), node))
    return told[:MOST_TOWNS], max(0, len(told) - MOST_TOWNS)


def _draw_row(ax: Axes, row: int, states: pd.Series[str], missing: pd.Series[float] | None) -> None:
    """Draw the days of a town: a bar for each stretch of one state, black for what is missing."""
    below = row + (1 + _HIGH) / 2
    for begun, end, state in stretches(list(states)):
        colour = style.FILLS.get(state, style.UNUSABLE.colour)
        ax.barh(row + 0.5, end - begun, _HIGH, left=begun, color=colour, lw=0, zorder=2)
    if missing is not None:
        edges = [edge for day in range(len(states)) for edge in (day, day + 1)]
        tops = [below - _HIGH * min(1.0, share) for share in missing for _ in (0, 1)]
        ax.fill_between(edges, below, tops, color=style.FILLS["short"], lw=0, zorder=3)


def _write_legend(ax: Axes, say: Words, stocks: object) -> None:
    """Tell what the colours mean, above the rows."""
    from matplotlib.patches import Patch

    names: Sequence[str] = _STATES
    labels = [say(f"state.{name}") for name in names]
    if stocks is not None:
        names = (*names, "short")
        many = isinstance(stocks, StockOutlook)
        labels.append(say("state_days.short_runs" if many else "state_days.short"))
    handles = [
        Patch(facecolor=style.FILLS[name], edgecolor=style.BORDER, linewidth=0.5) for name in names
    ]
    write_legend(ax, handles, labels)
