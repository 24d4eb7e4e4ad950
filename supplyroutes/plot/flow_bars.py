"""Delivered against demand: corridors at the border, and the towns that use most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.corridor_flow import corridor_flows
from supplyroutes.analysis.flows.flow import SupplyFlow
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.bar_lines import SIZE, fitting, write_beside, write_frame, write_part

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_TOWNS = 12
WIDTH_IN, ROW_IN = 10.0, 0.27
ABOVE_IN, BETWEEN_IN, BELOW_IN = 0.95, 0.65, 0.75
"""Room for title and head, between the two parts, and for the caption, in inches."""
NAMES, AMOUNTS = 0.31, 0.24
"""Shares of the width for names on the left and amounts on the right."""
FULL, EMPTY = "#0072b2", "#dcdcdc"
"""What arrives, and the amount that it is held against: dark and light in grey too."""


@dataclass(frozen=True)
class _Bar:
    """One line: a name, an amount, what it is held against, a mark at a limit, and a text."""

    name: str
    amount: float
    against: float
    limit: float
    text: str


def flow_bars(
    network: Network,
    flow: SupplyFlow,
    *,
    usual: SupplyFlow | None = None,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
) -> Axes:
    """Bars of what arrives: by corridor against what is usual, by town against what it uses.

    Above, each import corridor with its flow at the border, in m3 a day, and a mark at the limit
    of the day where it lies within the picture. Below, the twelve towns of most use with the
    share of it that can arrive. Dark on light, so that it reads in grey.

    Parameters
    ----------
    network
        The network on the day; of several products the day of any of them.
    flow
        The flow on it, from `supply_flow`.
    usual
        The flow of the undisturbed network, to hold the corridors against.
    ax
        Axes to draw in; they are emptied. A figure of its own by default.
    lang
        Language, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day.

    Returns
    -------
    ax
        The axes that hold both parts; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The flow is not of this network and day, or there is no such language.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> ax = sr.plot.flow_bars(day, sr.supply_flow(day))
    >>> ax.get_title(loc="left")
    'Fuel that can arrive, 12 January 2025, m3 a day'
    """
    said = words(lang)
    known = (network.topology.node_ids, network.at) == (tuple(flow.nodes.index), flow.at)
    if not known or network.commodity not in flow.products.index:
        raise RequestError("the flow is not of this network, day and commodity")
    corridors, towns = _corridors(said, network, flow, usual), _towns(said, flow)
    counts = max(len(corridors), 1), max(len(towns), 1)
    if ax is None:
        ax = _own_axes(counts)
    ax.clear()
    ax.set_axis_off()
    parts = _parts(ax, counts)
    signs = {"full": said("bars.flow"), "empty": said("bars.usual"), "mark": said("bars.limit")}
    if usual is None:
        del signs["empty"]
    _draw(parts[0], corridors, said("bars.none"))
    _head(parts[0], said("bars.corridors"), signs)
    _draw(parts[1], towns, said("bars.none"))
    _head(parts[1], said("bars.towns"), {"full": said("bars.arrives"), "empty": said("bars.used")})
    _frame(ax, said, flow, title)
    return ax


def _corridors(
    said: Words, network: Network, flow: SupplyFlow, usual: SupplyFlow | None
) -> list[_Bar]:
    """Return the lines of the corridors, by id."""
    bars = []
    for _, row in corridor_flows(network, flow, usual).iterrows():
        limit, before = row["limit_m3_per_day"], row["usual_m3_per_day"]
        amounts = {"flow": row["flow_m3_per_day"], "limit": limit, "usual": before}
        key = "bars.line"
        key += "_usual" if usual is not None else ""
        key += "_free" if limit == inf else ""
        text = said(key, **{name: said.number(amount) for name, amount in amounts.items()})
        against = before if usual is not None else 0.0
        bars.append(_Bar(row["name"], amounts["flow"], against, limit, text))
    return bars


def _towns(said: Words, flow: SupplyFlow) -> list[_Bar]:
    """Return the lines of the towns of most use, in shares of what each uses."""
    used = flow.nodes[flow.nodes["on_network"] & (flow.nodes["demand_m3_per_day"] > 0)]
    most = used.sort_values("demand_m3_per_day", ascending=False, kind="stable").head(MOST_TOWNS)
    bars = []
    for _, row in most.iterrows():
        amounts = {"got": row["delivered_m3_per_day"], "used": row["demand_m3_per_day"]}
        told = {name: said.number(amount) for name, amount in amounts.items()}
        text = said("bars.town", share=said.share(row["fill_rate"]), **told)
        bars.append(_Bar(row["name"], row["fill_rate"], 1.0, inf, text))
    return bars


# --- drawing ------------------------------------------------------------------------------


def _own_axes(counts: tuple[int, int]) -> Axes:
    """Return axes in a figure with room for so many lines."""
    from matplotlib.figure import Figure

    high = ABOVE_IN + BETWEEN_IN + BELOW_IN + ROW_IN * sum(counts)
    figure = Figure(figsize=(WIDTH_IN, high), facecolor=style.PAPER)
    bottom, top = BELOW_IN / high, 1 - 0.5 / high
    return figure.add_axes((0.02, bottom, 0.96, top - bottom))


def _parts(ax: Axes, counts: tuple[int, int]) -> tuple[Axes, Axes]:
    """Return the axes of the two parts, as high as their lines need."""
    inches = ROW_IN * sum(counts) + BETWEEN_IN + ABOVE_IN - 0.5
    line = ROW_IN / inches
    wide = 1 - NAMES - AMOUNTS
    top = 1 - (ABOVE_IN - 0.5) / inches
    upper = ax.inset_axes((NAMES, top - line * counts[0], wide, line * counts[0]))
    lower = ax.inset_axes((NAMES, 0.0, wide, line * counts[1]))
    return upper, lower


def _draw(ax: Axes, bars: Sequence[_Bar], none: str) -> None:
    """Draw lines of bars, or say that there are none."""
    ends = [max(bar.amount, bar.against) for bar in bars]
    most = 1.15 * max(ends, default=1.0) or 1.0
    if all(bar.against == 1 for bar in bars):
        most = 1.0
    for place, bar in enumerate(bars):
        if bar.against > 0:
            ax.barh(place, bar.against, 0.72, color=EMPTY, edgecolor=style.BORDER, linewidth=0.8)
        ax.barh(place, bar.amount, 0.42, color=FULL)
        if bar.limit <= most:
            ax.plot([bar.limit] * 2, [place - 0.42, place + 0.42], color=style.INK, linewidth=2.2)
        write_beside(ax, fitting(bar.name), (0, place), (-6, 0), "right")
        write_beside(ax, bar.text, (1, place), (6, 0), "left")
    if not bars:
        write_beside(ax, none, (0, 0), (-6, 0), "right")
    ax.set_xlim(0, most)
    ax.set_ylim(max(len(bars), 1) - 0.5, -0.5)
    ax.set_xticks([])
    ax.set_yticks([])
    for side in ("top", "right", "bottom"):
        ax.spines[side].set_visible(False)
    ax.spines["left"].set_edgecolor(style.BORDER)


def _head(ax: Axes, text: str, legend: Mapping[str, str]) -> None:
    """Write the head of a part, and what dark, light and a mark mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    signs: dict[str, Any] = {
        "full": Patch(color=FULL),
        "empty": Patch(facecolor=EMPTY, edgecolor=style.BORDER),
        "mark": Line2D([], [], color=style.INK, marker="|", markersize=9, markeredgewidth=2.2,
                       linewidth=0),
    }  # fmt: skip
    ax.legend(
        [signs[key] for key in legend], list(legend.values()), loc="lower right",
        bbox_to_anchor=(1 + AMOUNTS / (1 - NAMES - AMOUNTS), 1.0), ncols=3, frameon=False,
        borderpad=0.1, handlelength=1.3, columnspacing=1.2,
        prop={"family": style.FONT, "size": SIZE - 0.5},
    )  # fmt: skip
    write_part(ax, text, -NAMES / (1 - NAMES - AMOUNTS))


def _frame(ax: Axes, said: Words, flow: SupplyFlow, title: str | None) -> None:
    """Write title and caption."""
    if title is None:
        goods = said(f"map.commodity.{flow.commodity}")
        day = said.day(flow.at) if flow.at else said("paths.any_day")
        title = said("flow.title", commodity=goods, day=day)
    key = f"flow.allocation.{flow.policy or flow.allocation}"
    policy = said(key) if key in said else str(flow.policy)
    parts = [said("bars.caption", allocation=policy)]
    if flow.tankers < inf:
        parts.append(said("bars.fleet", tankers=said.number(flow.tankers)))
    write_frame(ax, title, " ".join([*parts, said("map.caption.use")]))
