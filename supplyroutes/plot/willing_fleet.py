"""Trucks that stay away: the willing share of each corridor by day, reports, and convoys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import ceil
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.trucks.convoys import Convoy
from supplyroutes.analysis.trucks.deterrence import Willingness
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.days_axis import (
    SMALL,
    days_axes,
    days_from_to,
    short_lines,
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

MOST_MARKS = 4
"""Reports that are marked on a corridor."""
_TOP, _BOTTOM, _ABOVE, _BELOW = 0.3, 0.72, 0.15, 0.87
"""In a row, which is 1 high: all willing, the least share shown, reports, convoys."""
_ROW_IN, _LEFT_IN = 0.52, 1.75
_STEP = 0.05
_TINY = 1e-9
_NAME_SIZE = SMALL - 1.5


@dataclass(frozen=True)
class _Scale:
    """Days and shares as places in the figure."""

    first: date
    most_away: float

    def day(self, day: date) -> float:
        """Return the middle of a day."""
        return (day - self.first).days + 0.5

    def down(self, row: int, share: float) -> float:
        """Return the place of a share in its row."""
        return row + _TOP + (_BOTTOM - _TOP) * (1 - share) / self.most_away


def willing_fleet(
    network: Network,
    result: Willingness,
    *,
    convoys: Sequence[Convoy] = (),
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Share of the drivers who are willing to run each corridor, one row a corridor.

    The line above a row is all drivers; what hangs from it are those who stay away. All rows
    have the same scale, from the least share that occurs, rounded down, to all. The reports that
    moved a corridor most are marked above its row, convoys on the day of their arrival below it,
    with the number of their tankers.

    Parameters
    ----------
    network
        The undisturbed network.
    result
        The shares by day and corridor, from `willingness`.
    convoys
        Convoys, such as `recorded_convoys` finds; those of other days are left out. One without
        a recorded arrival is marked on the day on which it leaves.
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
        The result tells of a corridor that the network does not have, or there is no such
        language.

    Notes
    -----
    The shares follow from assumptions, see `willingness`; convoys are recorded. Corridors that
    nobody avoided and no convoy drove are left out.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.trucks.deterrence import willingness
    >>> network, events = sr.datasets.mali()
    >>> willing = willingness(network, events, start="2025-09-01", end="2025-09-30")
    >>> ax = sr.plot.willing_fleet(network, willing)
    >>> ax.get_title(loc="left")
    'Drivers willing to run each corridor, 1 September to 30 September 2025'
    """
    say = words(lang)
    names = _names(network, result)
    dates = list(result.shares.index)
    found = [one for one in convoys if one.corridor in names and dates[0] <= _when(one)]
    found = [one for one in found if _when(one) <= dates[-1]]
    away = 1 - result.shares.min()
    driven = {one.corridor for one in found}
    rows = [str(name) for name in result.shares if away[str(name)] > _TINY or name in driven]
    steps = max(1, ceil((float(away.max()) - _TINY) / _STEP))
    scale = _Scale(dates[0], steps * _STEP)
    ax = days_axes(ax, high_in=1.65 + _ROW_IN * max(len(rows), 2), left_in=_LEFT_IN)
    ax.set_ylim(max(len(rows), 1), 0)
    write_days(ax, dates, say)
    for row, corridor in enumerate(rows):
        _draw_shares(ax, row, result.shares[corridor], scale, say)
        _draw_reports(ax, row, _moves(result, corridor), scale)
        _draw_convoys(ax, row, [one for one in found if one.corridor == corridor], scale, say)
    _write_rows(ax, [names[corridor] for corridor in rows])
    _write_legend(ax, say)
    told = say("willing_fleet.least", **_least(result, names, say)) if rows else ""
    write_title(ax, say("willing_fleet.title", **days_from_to(say, dates)), told)
    write_caption(ax, _caption(say, len(names) - len(rows), scale))
    return ax


def _names(network: Network, result: Willingness) -> dict[str, str]:
    """Return the corridors of the result by id, with their names."""
    columns = network.tables.corridors.columns
    known = dict(zip(columns["corridor"], columns["name"], strict=True))
    missing = [str(corridor) for corridor in result.shares if corridor not in known]
    if missing:
        raise RequestError(f"the network has no corridor {missing[0]!a}")
    return {str(corridor): known[corridor] or str(corridor) for corridor in result.shares}


def _when(convoy: Convoy) -> date:
    """Return the day on which a convoy is marked."""
    return convoy.arrives or convoy.leaves


def _moves(result: Willingness, corridor: str) -> list[tuple[date, str, float]]:
    """Return the reports that moved a corridor most: day, id, change."""
    changes: Any = result.moves["change"].items()
    moves = [
        (day, str(report), float(change)) for (day, of, report), change in changes if of == corridor
    ]
    moves.sort(key=lambda move: (-abs(move[2]), move[0], move[1]))
    return moves[:MOST_MARKS]


def _least(result: Willingness, names: dict[str, str], say: Words) -> dict[str, str]:
    """Return on which corridor and day the share was least."""
    shares = result.shares
    corridor = str(shares.min().idxmin())
    day: Any = shares[corridor].idxmin()
    share = say.share(float(shares[corridor].min()))
    return {"corridor": names[corridor], "day": say.day(day), "share": share}


# --- drawing ------------------------------------------------------------------------------


def _draw_shares(ax: Axes, row: int, shares: pd.Series[float], scale: _Scale, say: Words) -> None:
    """Let those who stay away hang from the line of all drivers; tell the last share beside it."""
    edges = [edge for day in range(len(shares)) for edge in (day, day + 1)]
    down = [scale.down(row, share) for share in shares for _ in (0, 1)]
    top = row + _TOP
    ax.fill_between(edges, top, down, color=style.AWAY, lw=0, zorder=2, gid=f"away-{row}")
    ax.plot(edges, down, color=style.INK, lw=0.9, zorder=3, gid=f"share-{row}")
    ax.plot([0, len(shares)], [top, top], color=style.BORDER, lw=0.8, zorder=2)
    _write(ax, say.share(float(shares.iloc[-1])), (len(shares), down[-1]), (4, 0), "left")


def _draw_reports(
    ax: Axes, row: int, moves: Sequence[tuple[date, str, float]], scale: _Scale
) -> None:
    """Mark reports above a row, down for fear, up for trust; name those that fit."""
    at = row + _ABOVE
    for marker, sign in (("v", -1), ("^", 1)):
        days = [scale.day(day) for day, _, change in moves if change * sign > 0]
        ax.plot(
            days, [at] * len(days), marker=marker, ls="none", ms=3.5, color=style.INK,
            mfc=style.INK if sign < 0 else style.PAPER, mew=0.7, zorder=4, gid=f"report-{row}",
        )  # fmt: skip
    _name(ax, [(scale.day(day), plain(report)) for day, report, _ in moves], at)


def _draw_convoys(ax: Axes, row: int, convoys: Sequence[Convoy], scale: _Scale, say: Words) -> None:
    """Mark convoys below a row, with their tankers."""
    at = row + _BELOW
    for convoy in convoys:
        look = style.CONVOY_HIT if convoy.lost else style.CONVOY
        edge = look.edge if convoy.lost else look.face
        ax.plot(
            [scale.day(_when(convoy))], [at], marker=look.marker, ls="none", ms=look.size,
            mfc=look.face, mec=edge, mew=1.1, zorder=4, gid="convoy",
        )  # fmt: skip
    largest = sorted(convoys, key=lambda one: (-one.tankers, _when(one), one.convoy))
    _name(ax, [(scale.day(_when(one)), say.number(one.tankers)) for one in largest], at)


def _name(ax: Axes, marks: Sequence[tuple[float, str]], at: float) -> None:
    """Write names right of their marks, the first ones first, as far as there is room."""
    point = ax.bbox.width * 72 / dots_per_inch(ax) / max(ax.get_xlim()[1], 1)
    half, gap = 3 / point, 4 / point
    taken = [(day - half, day + half) for day, _ in marks]
    for day, name in marks:
        left = day + gap
        right = left + text_size(name, _NAME_SIZE)[0] / point
        if right <= ax.get_xlim()[1] and all(right < a or b < left for a, b in taken):
            taken.append((left, right))
            _write(ax, name, (day, at), (4.5, 0), "left")


def _write(
    ax: Axes, text: str, at: tuple[float, float], apart: tuple[float, float], side: Any
) -> None:
    """Write plain text beside a place."""
    ax.annotate(
        text, at, apart, textcoords="offset points", ha=side, va="center", fontsize=_NAME_SIZE,
        family=style.FONT, color=style.INK, parse_math=False, annotation_clip=False, zorder=5,
    )  # fmt: skip


def _write_rows(ax: Axes, names: Sequence[str]) -> None:
    """Write the corridors beside their rows, in two lines at most."""
    ax.set_yticks([row + 0.5 for row in range(len(names))])
    labels = [short_lines(name, SMALL, (_LEFT_IN - 0.2) * 72) for name in names]
    ax.set_yticklabels(labels, family=style.FONT, parse_math=False)
    ax.tick_params(axis="y", length=0)


def _write_legend(ax: Axes, say: Words) -> None:
    """Tell what areas and marks mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    ink, paper = style.INK, style.PAPER
    handles: list[Any] = [Patch(facecolor=style.AWAY, edgecolor=style.BORDER, linewidth=0.5)]
    for marker, face, edge, size in (  # as in `_draw_reports` and `_draw_convoys`
        ("v", ink, ink, 4.5),
        ("^", paper, ink, 4.5),
        (style.CONVOY.marker, style.CONVOY.face, style.CONVOY.face, style.CONVOY.size),
        (style.CONVOY_HIT.marker, style.CONVOY_HIT.face, style.CONVOY_HIT.edge, style.CONVOY.size),
    ):
        handles.append(Line2D([], [], marker=marker, ls="none", mfc=face, mec=edge, ms=size))
    keys = ("away", "frightens", "calms", "convoy", "convoy_hit")
    write_legend(ax, handles, [say(f"willing_fleet.{key}") for key in keys])


def _caption(say: Words, left_out: int, scale: _Scale) -> str:
    """Return scale, what is left out, and what the figure is not."""
    parts = [say("willing_fleet.scale", share=say.share(1 - scale.most_away))]
    if left_out:
        parts.append(say.count("willing_fleet.more", left_out))
    return " ".join([*parts, say("willing_fleet.note"), say("map.caption.use")])
