"""The operational resilience curve: how bad the worst loss of each number of roads is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.losses.resilience import ResilienceCurve
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.labels import plain, wrapped
from supplyroutes.plot.sheet import frame_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE_IN = (7.2, 4.9)
CAPTION_SIZE = 7.5
_ROOM = 1.15
"""How high the axes are, in parts of the highest value: the label above it has to fit."""


def resilience_curve(
    network: Network,
    curve: ResilienceCurve,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
) -> Axes:
    """Operational resilience curve: the measure after the worst loss of 0, 1, 2 ... roads.

    A proved point is filled; one that the time limit stopped is hollow, with a bar to its bound.

    Parameters
    ----------
    network
        The network on the day.
    curve
        The curve, from `resilience_curve`.
    ax
        Axes to draw in; a figure of its own by default.
    lang
        Language, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The curve is not of this day and commodity, or there is no such language.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.resilience import resilience_curve
    >>> network, events = sr.datasets.toy()
    >>> ax = sr.plot.resilience_curve(network, resilience_curve(network, most=2))
    >>> ax.get_title(loc="left")
    'Fuel: the worst loss of 0, 1, 2 … roads, undisturbed network'
    """
    said = words(lang)
    if (curve.at, curve.commodity) != (network.at, network.commodity):
        raise RequestError("the curve is not of this day and commodity")
    ax = _axes() if ax is None else ax
    points, colour = curve.points, style.PATHS[0].colour
    budgets = [int(str(budget)) for budget in points.index]
    values, bounds = points["value"].tolist(), points["bound"].tolist()
    ax.plot(budgets, values, color=colour, linewidth=1.6, zorder=2)
    for budget, value, bound, proven in zip(budgets, values, bounds, points["proven"], strict=True):
        face = colour if proven else style.PAPER
        ax.plot(
            [budget], [value], "o", markersize=7, markerfacecolor=face, markeredgecolor=colour,
            zorder=3, gid=f"point-{budget}", clip_on=False,
        )  # fmt: skip
        if not proven:
            ax.plot([budget] * 2, [value, bound], color=colour, linewidth=1.2, marker="_")
        text = said.number(value, 1 if curve.unit == "h" else 0)
        _label(ax, text, (budget, value), up=curve.measure != "max_flow")
    _frame(ax, said, network, curve, title)
    if points["value"].isna().all():
        _empty(ax, said("flow.no_demand"))
    return ax


def _axes() -> Axes:
    """Return axes in a figure of their own."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=SIZE_IN, facecolor=style.PAPER)
    return figure.add_axes((0.11, 0.25, 0.86, 0.65))


def _label(ax: Axes, text: str, place: tuple[float, float], *, up: bool) -> None:
    """Write a value beside its point, on the side that the curve leaves free."""
    ax.annotate(
        text, place, (0, 8), textcoords="offset points", ha="right" if up else "left", va="bottom",
        fontsize=8.5, family=style.FONT, color=style.INK, parse_math=False,
    )  # fmt: skip


def _empty(ax: Axes, text: str) -> None:
    """Say in the place of the curve why there is none."""
    ax.set_yticks([])
    ax.text(
        0.5, 0.5, text, transform=ax.transAxes, ha="center", va="center", fontsize=10,
        family=style.FONT, color=style.INK, parse_math=False,
    )  # fmt: skip


def _frame(
    ax: Axes, said: Any, network: Network, curve: ResilienceCurve, title: str | None
) -> None:
    """Write title, axes and caption."""
    if title is None:
        day = said.day(network.at) if network.at else said("paths.any_day")
        commodity = said(f"map.commodity.{network.commodity}")
        title = said("worst.curve_title", commodity=commodity, day=day)
    font: dict[str, Any] = {"family": style.FONT, "color": style.INK, "parse_math": False}
    ax.set_title(plain(title), loc="left", fontsize=12, fontweight="bold", **font)
    ax.set_xlabel(said("head.lost_roads"), fontsize=9, **font)
    unit = said(f"worst.unit.{curve.unit}", value="").strip()
    ax.set_ylabel(unit, fontsize=9, **font)
    ax.set_xticks(list(curve.points.index))
    ax.margins(x=0.06)
    highest = max(curve.points[["value", "bound"]].max().max(), 0)
    ax.set_ylim(0, _ROOM * highest if highest > 0 else 1)  # also where all values are missing
    ax.yaxis.set_major_formatter(lambda value, _: said.number(value))
    ax.grid(axis="y", color="#dddddd", linewidth=0.7)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)
    told = [f"{said(f'worst.measure.{curve.measure}')}.", said("worst.sensitive")]
    if not curve.points["proven"].all():
        told.insert(1, said("worst.curve_caption"))
    left, right, *_ = frame_of(ax)
    ax.annotate(
        "\n".join(wrapped(" ".join(told), CAPTION_SIZE, right - left)),
        (0, 0), (0, -40), xycoords="axes fraction",
        textcoords="offset points", ha="left", va="top", fontsize=CAPTION_SIZE,
        annotation_clip=False,
        family=style.FONT, color=style.QUIET, parse_math=False,
    )  # fmt: skip
