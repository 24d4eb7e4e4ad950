"""Reliability of forecasts: the observed share of shortages by class of probability."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.days_axis import (
    SMALL,
    days_from_to,
    write_caption,
    write_title,
)
from supplyroutes.plot.labels import plain

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from supplyroutes.skill.backtesting import Backtest

SIZE_IN = (7.0, 5.6)
PLACE = (0.11, 0.2, 0.84, 0.65)
"""Left, bottom, width and height of the axes in a figure of their own, as shares of it."""
MARKERS = ("o", "s", "D", "^")
"""Marker of each forecaster by rank."""
_LEAST, _MOST = 5.0, 13.0
"""Size in points of a mark, from the class of fewest cases to that of most."""
_SIZE = 8.0


def reliability_diagram(
    network: Network,  # noqa: ARG001 - all figures take the network first
    result: Backtest,
    *,
    forecasters: Sequence[str] = (),
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Share of labelled town-days that were short, by class of forecast probability.

    Of a reliable forecaster the points lie on the diagonal: of the days to which it gives 30 %,
    30 % are short. Each point has the number of its cases beside it; the level line is the share
    of all labelled cases that were short, which a forecaster without any skill could know.

    Parameters
    ----------
    network
        The undisturbed network.
    result
        The back-test, from `backtest`.
    forecasters
        Whose forecasts, four at most; the first of the result by default.
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
        There is no such forecaster, there are too many, or there is no such language.

    Notes
    -----
    Shares are weighted as the scores are. No interval is drawn: cases are one label beside
    several forecasts, and days of one town hang together, so that the counts overstate what is
    known.

    References
    ----------
    .. [1] Murphy, A. H., Winkler, R. L. (1977). Reliability of subjective probability forecasts of
       precipitation and temperature. J. Royal Statistical Society C 26.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> result = sr.backtest(network, events, sr.datasets.outcomes("mali"),
    ...                   window=("2025-09-15", "2025-10-15"))
    >>> ax = sr.plot.reliability_diagram(network, result)
    >>> ax.get_title(loc="left")
    'Reliability of forecasts, 15 September to 15 October 2025'
    """
    say = words(lang)
    names = list(forecasters) or list(result.forecasts)[:1]
    _check(result, names)
    ax = _own_axes() if ax is None else ax
    handles: list[Any] = [
        ax.plot([0, 1], [0, 1], color=style.BORDER, lw=1.0, zorder=1, gid="diagonal")[0]
    ]
    labels = [say("reliability_diagram.diagonal")]
    if len(result.cases):
        handles.append(_draw_base(ax, result, names[0]))
        labels.append(say("reliability_diagram.base"))
        for place, name in enumerate(names):
            handles.append(_draw(ax, result.bins.loc[[name]], place, say))
            key = f"backtest.forecaster.{name}"
            labels.append(say(key) if key in say else name)
    _frame(ax, say)
    _write_legend(ax, handles, labels)
    span = days_from_to(say, (result.first, result.last))
    write_title(ax, say("reliability_diagram.title", **span), _told(say, result, names))
    caption = " ".join([say("reliability_diagram.note"), say("map.caption.use")])
    write_caption(ax, caption, down=36)
    return ax


def _check(result: Backtest, names: Sequence[str]) -> None:
    """Refuse forecasters that are not there, and more than can be told apart."""
    unknown = [name for name in names if name not in result.forecasts]
    if unknown:
        raise RequestError(f"forecaster {unknown[0]!a}: {', '.join(result.forecasts)}")
    if len(names) > len(MARKERS) or len(set(names)) < len(names):
        raise RequestError(f"{len(names)} forecasters: {len(MARKERS)} at most, each once")


# --- drawing ------------------------------------------------------------------------------


def _own_axes() -> Axes:
    """Return axes in a figure of their own."""
    from matplotlib.figure import Figure

    return Figure(figsize=SIZE_IN, facecolor=style.PAPER).add_axes(PLACE)


def _draw_base(ax: Axes, result: Backtest, name: str) -> Any:
    """Draw the share of all cases that were short; return what stands for it in the legend."""
    cases = result.cases.loc[name]
    share = float((cases["short"] * cases["weight"]).sum() / cases["weight"].sum())
    [line] = ax.plot(
        [0, 1], [share, share], color=style.QUIET, lw=1.0, dashes=(4.0, 2.0), zorder=1, gid="base"
    )
    return line


def _draw(ax: Axes, bins: pd.DataFrame, place: int, say: Words) -> Any:
    """Draw the classes of a forecaster; return what stands for them in the legend."""
    from matplotlib.lines import Line2D

    look, marker = style.PATHS[place], MARKERS[place]
    line: dict[str, Any] = {
        "color": look.colour,
        "lw": 1.4,
        "ls": (0, look.dashes) if look.dashes else "-",
    }
    ax.plot(bins["prob"], bins["short_share"], zorder=2, gid=f"line-{place}", **line)
    most = bins["cases"].max()
    for _, one in bins.iterrows():
        size = _LEAST + (_MOST - _LEAST) * (one["cases"] / most) ** 0.5
        ax.plot(
            [one["prob"]], [one["short_share"]], marker=marker, ls="none", ms=size,
            mfc=look.colour, mec=style.PAPER, mew=0.9, zorder=3, gid=f"class-{place}",
        )  # fmt: skip
        below = one["short_share"] > 0.5  # noqa: PLR2004 (towards the middle, where there is room)
        apart = (0.5 * size + 4 + 11 * place) * (-1 if below else 1)
        ax.annotate(
            say.number(one["cases"]),
            (one["prob"], one["short_share"]), (0, apart), textcoords="offset points",
            ha="center", va="top" if below else "bottom", fontsize=SMALL, family=style.FONT,
            color=look.colour, parse_math=False, annotation_clip=False, zorder=4,
        )  # fmt: skip
    return Line2D([], [], marker=marker, ms=6, **line)


def _frame(ax: Axes, say: Words) -> None:
    """Write the axes."""
    from matplotlib.ticker import FuncFormatter

    ax.set_xlim(-0.03, 1.03)
    ax.set_ylim(-0.05, 1.05)
    ax.set_facecolor(style.PAPER)
    percent = FuncFormatter(lambda value, _: say("text.percent", value=say.number(100 * value)))
    for axis, key in ((ax.xaxis, "forecast"), (ax.yaxis, "observed")):
        axis.set_ticks([place / 5 for place in range(6)])
        axis.set_major_formatter(percent)
        for label in axis.get_ticklabels():
            label.set(family=style.FONT, fontsize=_SIZE)
        text = axis.set_label_text(say(f"reliability_diagram.{key}"))
        text.set(fontsize=_SIZE + 0.5, family=style.FONT, color=style.INK)
    ax.grid(color=style.BORDER, alpha=0.35, linewidth=0.6)
    ax.set_axisbelow(True)
    for side in ("top", "right"):
        ax.spines[side].set_visible(False)


def _write_legend(ax: Axes, handles: Sequence[Any], labels: Sequence[str]) -> None:
    """Tell what lines mean, in the corner that is empty unless shortages were forecast in vain."""
    from matplotlib.font_manager import FontProperties

    legend = ax.legend(
        handles, [plain(label) for label in labels], loc="lower right", frameon=True,
        handlelength=2.6, prop=FontProperties(family=style.FONT, size=_SIZE),
    )  # fmt: skip
    legend.set_gid("legend")
    legend.get_frame().set(edgecolor=style.BORDER, linewidth=0.6)
    for text in legend.get_texts():
        text.set_parse_math(False)
        text.set_color(style.INK)


def _told(say: Words, result: Backtest, names: Sequence[str]) -> str:
    """Return how much was scored, and how much of it was short."""
    if not len(result.cases):
        return say("backtest.nothing")
    cases = result.cases.loc[names[0]]
    return say(
        "reliability_diagram.told",
        cases=say.number(len(cases)),
        labels=say.number(len(result.labels)),
        short=say.number(result.labels["short"].sum()),
    )
