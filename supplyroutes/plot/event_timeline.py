"""Which reports are in force when, and on which corridor: one bar a report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words, words
from supplyroutes.core import STATUSES
from supplyroutes.dates import ONE_DAY, as_day, days_between
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.impacts import Impact, Impacts, impacts_of
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.plot import style
from supplyroutes.plot.days_axis import (
    SMALL,
    days_axes,
    days_from_to,
    short_lines,
    stretches,
    write_caption,
    write_days,
    write_legend,
    write_title,
)
from supplyroutes.plot.labels import plain, text_size
from supplyroutes.plot.sheet import dots_per_inch
from supplyroutes.reported import TELL_OPEN

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_LANES = 12
"""Bars that a corridor may have above each other."""
_LANE_IN, _LEFT_IN = 0.145, 1.75
_BAR = 0.78
"""Height of a bar in its lane, which is 1 high; and room between corridors."""
_BETWEEN = 0.7
_LABEL = 5.5
_SLOWED = "slowed"
_EFFECTS = ("closed", "refused", "escorted", "restricted", _SLOWED)
"""What bars tell, from worst to best."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """Days [start, end) on which a report has an effect, as places in the figure."""

    start: int
    end: int
    effect: str
    assumed: bool


@dataclass(frozen=True, slots=True)
class _Bar:
    """What a report does on a corridor: its pieces, in order and without overlap."""

    report: str
    pieces: tuple[_Piece, ...]

    @property
    def start(self) -> int:
        """The first day."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """The day after the last."""
        return self.pieces[-1].end


@dataclass(frozen=True, slots=True)
class _Row:
    """A corridor: its name, its bars by lane, the days on which it is told open, what is left."""

    name: str
    lanes: Sequence[Sequence[_Bar]]
    opened: Sequence[int]
    left_out: int


def event_timeline(
    network: Network,
    events: Events,
    *,
    start: str | date | None = None,
    end: str | date | None = None,
    ax: Axes | None = None,
    lang: str = "en",
) -> Axes:
    """Draw the reports in force by day: one row a corridor, one bar a report that acts on it.

    The colour of a bar is what the impact rules take the report to do to the worst road of the
    corridor, inbound: closed, refused, escorted, restricted, or only slowed or at risk. It is full
    while the effect is reported and hollow while it is assumed: after-effects, and ends that are
    not known. Triangles above a row are days on which the corridor was reported open.

    Parameters
    ----------
    network
        The undisturbed network; its commodity is the one asked for.
    events
        The reports with their rules; pass ``events.known_by(day)`` for the view of a day.
    start, end
        First and last day; by default those of the first report and of the last to begin.
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
        A day is not a date, the end lies before the start, there is no report and no day is
        named, or there is no such language.
    DataError
        An event names a place that the network does not have.

    Notes
    -----
    A corridor with more than twelve bars above each other shows those that begin first. Reports
    that act on no corridor are left out: this is a picture of corridors, not a list of reports.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> ax = sr.plot.event_timeline(network, events, start="2025-01-08", end="2025-01-20")
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['Port - North - East (N1)', 'Port - South - East (N2)']
    """
    say = words(lang)
    dates = _dates(events, start, end)
    impacts = impacts_of(network, events, commodity=network.commodity)
    rows = list(_rows(network, events, impacts, dates))
    heights = [max(len(row.lanes), 1) + bool(row.opened) + _BETWEEN for row in rows]
    ax = days_axes(ax, high_in=1.75 + max(_LANE_IN * sum(heights), 0.6), left_in=_LEFT_IN)
    write_days(ax, dates, say)
    ax.set_ylim(max(sum(heights), 1), 0)
    tops = [sum(heights[:place]) for place in range(len(rows))]
    for place, (row, top) in enumerate(zip(rows, tops, strict=True)):
        if place:
            ax.axhline(top, color=style.LAND_AROUND, lw=0.8, zorder=1)
        _draw_row(ax, row, top + _BETWEEN / 2)
    _write_rows(ax, rows, [top + high / 2 for top, high in zip(tops, heights, strict=True)])
    _write_legend(ax, say, rows)
    goods = say(f"map.commodity.{network.commodity}")
    write_title(ax, say("event_timeline.title", commodity=goods, **days_from_to(say, dates)))
    left_out = sum(row.left_out for row in rows)
    told = [say.count("event_timeline.more", left_out)] if left_out else []
    told += [] if rows else [say("event_timeline.none")]
    write_caption(ax, " ".join([*told, say("event_timeline.note"), say("map.caption.use")]))
    return ax


def _dates(events: Events, start: str | date | None, end: str | date | None) -> list[date]:
    """Return the days that are shown."""
    begun = [report.start for report in events]
    if not begun and (start is None or end is None):
        raise RequestError("there is no report: name start and end")
    first = min(begun) if start is None else as_day(start)
    last = max(begun) if end is None else as_day(end)
    if last < first:
        raise RequestError(f"the end {last} lies before the start {first}")
    return list(days_between(first, last))


def _rows(
    network: Network, events: Events, impacts: Impacts, dates: Sequence[date]
) -> Iterable[_Row]:
    """Yield the corridors on which reports act or that reports tell open, in order of the table."""
    columns = network.tables.corridors.columns
    names = dict(zip(columns["corridor"], columns["name"], strict=True))
    for corridor, inbound in Gazetteer(network).corridor_arcs.items():
        arcs = frozenset(inbound)
        by_report: dict[str, list[Impact]] = {}
        for impact in impacts.impacts:
            if not impact.partial and _effect(impact, arcs) is not None:
                by_report.setdefault(impact.reports[0], []).append(impact)
        told = ((name, _pieces(found, events, arcs, dates)) for name, found in by_report.items())
        bars = [_Bar(report, pieces) for report, pieces in told if pieces]
        opened = {
            (mention.day - dates[0]).days
            for mention in impacts.mentions
            if events[mention.report].kind in TELL_OPEN
            and arcs.intersection(mention.arcs)
            and dates[0] <= mention.day <= dates[-1]
        }
        if bars or opened:
            lanes, left_out = _packed(bars)
            yield _Row(names[corridor] or corridor, lanes, sorted(opened), left_out)


def _effect(impact: Impact, arcs: frozenset[int]) -> int | None:
    """Return the place in `_EFFECTS` of what an impact does to a corridor; None for nothing."""
    met = [place for place, arc in enumerate(impact.arcs) if arc in arcs]
    if not met:
        return None
    status = STATUSES[impact.status]
    if impact.capacity_factor == 0:
        status = "closed"
    elif status not in _EFFECTS and impact.capacity_factor < 1:
        status = "restricted"
    elif status not in _EFFECTS and any(
        impact.delay_h[place] > 0 or impact.loss_prob[place] > 0 for place in met
    ):
        status = _SLOWED
    return _EFFECTS.index(status) if status in _EFFECTS else None


def _pieces(
    impacts: Iterable[Impact], events: Events, arcs: frozenset[int], dates: Sequence[date]
) -> tuple[_Piece, ...]:
    """Return the effect of one report on a corridor by day: its worst, first as reported."""
    first, count = dates[0], len(dates)
    told: list[tuple[int, bool] | None] = [None] * count
    for impact in impacts:
        effect = _effect(impact, arcs)
        reported = _reported_until(impact, events)
        for day in range(
            max((impact.start - first).days, 0), min((impact.end - first).days, count)
        ):
            if effect is not None:
                piece = (effect, dates[day] >= reported)
                told[day] = min(told[day] or piece, piece)
    return tuple(
        _Piece(begun, end, _EFFECTS[piece[0]], piece[1])
        for begun, end, piece in stretches(told)
        if piece is not None
    )


def _reported_until(impact: Impact, events: Events) -> date:
    """Return the day from which an effect is assumed to go on, and no longer reported."""
    if events.rules[impact.rule].phase == "after":
        return impact.start
    if not impact.assumed_end:
        return impact.end
    report = events[impact.reports[-1]]
    return (report.end or report.start) + ONE_DAY


def _packed(bars: Sequence[_Bar]) -> tuple[list[list[_Bar]], int]:
    """Return bars in lanes, each in the first that is free; and how many found none."""
    lanes: list[list[_Bar]] = []
    left_out = 0
    for bar in sorted(bars, key=lambda bar: (bar.start, -bar.end, bar.report)):
        lane = next((lane for lane in lanes if lane[-1].end <= bar.start), None)
        if lane is not None:
            lane.append(bar)
        elif len(lanes) < MOST_LANES:
            lanes.append([bar])
        else:
            left_out += 1
    return lanes, left_out


# --- drawing ------------------------------------------------------------------------------


def _draw_row(ax: Axes, row: _Row, top: float) -> None:
    """Draw a corridor from `top` down: triangles of reports that it is open, then the bars."""
    if row.opened:
        days = [day + 0.5 for day in row.opened]
        look: dict[str, Any] = {"marker": "^", "ls": "none", "ms": 4.2, "mew": 0.8}
        ax.plot(
            days, [top + 0.45] * len(days), **look, mfc=style.PAPER, mec=style.OPENED, zorder=4,
            clip_on=False, gid="opened",
        )  # fmt: skip
        top += 1
    for place, lane in enumerate(row.lanes):
        ends = [*(bar.start for bar in lane[1:]), ax.get_xlim()[1]]
        for bar, free in zip(lane, ends, strict=True):
            _draw_bar(ax, bar, top + place + 0.5, free)


def _draw_bar(ax: Axes, bar: _Bar, middle: float, free: float) -> None:
    """Draw the bar of a report, and its id in it or right of it, where there is room."""
    for piece in bar.pieces:
        look = style.EFFECTS[piece.effect]
        ax.barh(
            middle, piece.end - piece.start, _BAR, left=piece.start, zorder=2,
            facecolor=style.PAPER if piece.assumed else look.face, edgecolor=look.edge, lw=0.9,
            hatch=None if piece.assumed else look.hatch, gid=f"bar-{bar.report}-{piece.effect}",
        )  # fmt: skip
    point = ax.bbox.width * 72 / dots_per_inch(ax) / max(ax.get_xlim()[1], 1)
    wide = text_size(plain(bar.report), _LABEL)[0] / point
    inner = max(bar.pieces, key=lambda piece: (piece.end - piece.start, -piece.start))
    look, gap = style.EFFECTS[inner.effect], 2.5 / point
    if wide + 2 * gap <= inner.end - inner.start:
        at, ink = inner.start + gap, style.INK if inner.assumed else look.ink
    elif bar.end + gap + wide <= free:
        at, ink = bar.end + gap, style.INK
    else:
        return
    ax.text(
        at, middle, plain(bar.report), ha="left", va="center_baseline", fontsize=_LABEL,
        family=style.FONT, color=ink, parse_math=False, zorder=5, gid="report",
        bbox=None if inner.assumed or not look.hatch or at > inner.end
        else {"facecolor": look.face, "edgecolor": "none", "pad": 0.6},
    )  # fmt: skip


def _write_rows(ax: Axes, rows: Sequence[_Row], places: Sequence[float]) -> None:
    """Write the corridors beside their rows, in two lines at most."""
    ax.set_yticks(places)
    ax.set_yticklabels(
        [short_lines(row.name, SMALL, (_LEFT_IN - 0.2) * 72) for row in rows],
        family=style.FONT, parse_math=False,
    )  # fmt: skip
    ax.tick_params(axis="y", length=0)


def _write_legend(ax: Axes, say: Words, rows: Sequence[_Row]) -> None:
    """Tell what colours, hollow bars and triangles mean."""
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    handles: list[Any] = []
    labels = []
    bars = [bar for row in rows for lane in row.lanes for bar in lane]
    met = {piece.effect for bar in bars for piece in bar.pieces}
    for effect in (effect for effect in _EFFECTS if effect in met):
        look = style.EFFECTS[effect]
        handles.append(Patch(facecolor=look.face, edgecolor=look.edge, hatch=look.hatch, lw=0.9))
        labels.append(say("event_timeline.slowed" if effect == _SLOWED else f"status.{effect}"))
    if any(piece.assumed for bar in bars for piece in bar.pieces):
        handles.append(Patch(facecolor=style.PAPER, edgecolor=style.INK, lw=0.9))
        labels.append(say("event_timeline.assumed"))
    if any(row.opened for row in rows):
        handles.append(
            Line2D([], [], marker="^", ls="none", ms=4.5, mfc=style.PAPER, mec=style.OPENED)
        )
        labels.append(say("event_timeline.eased"))
    if handles:
        write_legend(ax, handles, labels)
