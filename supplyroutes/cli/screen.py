"""Answers on a terminal: one screen, in words, with colour where there is a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from rich.console import Console
from rich.table import Table
from rich.text import Text

from supplyroutes.catalogue import Words, words
from supplyroutes.names import printable
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.history import IsolationHistory
    from supplyroutes.network import Network
    from supplyroutes.overview import Situation

WIDTH_WITHOUT_TERMINAL = 120
MOST_TOWNS = 12
_COLOURS = {
    "open": "green",
    "supplied": "green",
    "unknown": "bright_black",
    "not_on_network": "bright_black",
    "restricted": "yellow",
    "escorted": "cyan",
    "strained": "yellow",
    "refused": "magenta",
    "closed": "bold red",
    "isolated": "bold red",
}


def console() -> Console:
    """Return the console: plain text of fixed width where there is no terminal."""
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def show_situation(now: Situation, *, lang: str, title: str, every_town: bool) -> None:
    """Show the one screen of `supplyroutes run`."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, now.commodity)
    head = say("run.title", commodity=commodity, day=say.day(now.at))
    _line(out, f"{title} · {head}" if title else head, style="bold")
    _line(out, wording.counts_line(say, now))
    known = [say("run.known", day=say.day(now.known_until))] if now.known_until else []
    unknown = now.summary()["unknown_roads"]
    known += [say("run.unknown", count=say.number(unknown))] if unknown else []
    _line(out, " ".join(known), style="bright_black")
    old = wording.old_news(say, now)
    if old:
        _line(out, old, style="bold red")
    if len(now.corridors.corridors):
        _line(out, "")
        _corridor_table(out, say, now)
    _town_table(out, say, now, every_town=every_town)
    _changes(out, say, now)
    _assumed(out, say, now)
    _line(out, say("run.use"), style="italic")


def show_corridors(now: Situation, *, lang: str) -> None:
    """Show the corridors of a day."""
    _corridor_table(console(), words(lang), now)


def show_states(now: Situation, *, lang: str) -> None:
    """Show the state of every town on the network, the worst first."""
    say, out = words(lang), console()
    _line(out, wording.counts_line(say, now))
    towns = now.isolation.towns
    rank = {"isolated": 0, "strained": 1, "supplied": 2, "not_on_network": 3}
    order = towns["state"].map(rank).sort_values(kind="stable").index
    rows = [_town_row(say, now, node, row) for node, row in towns.loc[order].iterrows()]
    _table(out, _town_head(say), rows)


def show_proof(now: Situation, node: str, *, lang: str) -> None:
    """Show the state of one town with its certificate: a path or a cut."""
    say, out = words(lang), console()
    row = cast("pd.Series[Any]", now.isolation.towns.loc[node])
    state = str(row["state"])
    _line(out, f"{row['name']}: {say(f'state.{state}')}", style=f"bold {_COLOURS[state]}")
    _table(out, _town_head(say), [_town_row(say, now, node, row)])
    for key, entries in (("path", now.isolation.paths[node]), ("cut", now.isolation.cuts[node])):
        if entries:
            _line(out, f"{say(f'head.{key}')}:", style="bold")
            for entry in entries:
                _line(out, f"  {entry}")
    if row["reports"]:
        _line(out, f"{say('head.cause')}:", style="bold")
        for event in row["reports"]:
            told = now.reports.loc[event]
            _line(out, f"  {event} {told['start']} ({told['confidence']}): {told['text']}")


def show_history(history: IsolationHistory, network: Network, *, lang: str) -> None:
    """Show the days on which states changed, then the days in each state."""
    say, out = words(lang), console()
    changes = history.changes
    _table(
        out,
        [say(f"head.{key}") for key in ("date", "town", "before", "after")],
        [
            (str(day), network.name(node), _state(say, before), _state(say, after))
            for day, node, before, after in changes.itertuples(index=False)
        ],
    )
    days = {
        node: counts
        for node, counts in history.summary().items()
        if counts.get("isolated", 0) + counts.get("strained", 0)
    }
    order = sorted(days, key=lambda node: (-days[node].get("isolated", 0),
                                           -days[node].get("strained", 0), node))  # fmt: skip
    _table(
        out,
        [say(f"head.{key}") for key in ("town", "days_isolated", "days_strained")],
        [
            (network.name(node), *(str(days[node].get(word, 0)) for word in wording.NOT_SUPPLIED))
            for node in order
        ],
        right=(1, 2),
    )


def show_events(frame: pd.DataFrame, *, lang: str) -> None:
    """Show reports, one a row."""
    say = words(lang)
    rows = [
        (
            str(event),
            str(row["start"]),
            wording.day_or_dash(row["end"]),
            say(f"kind.{row['kind']}"),
            _place(row),
            str(row["confidence"]),
            row["text"] if row["status"] != "retracted" else f"[retracted] {row['text']}",
        )
        for event, row in frame.iterrows()
    ]
    head = ("event", "start", "end", "kind", "place", "confidence", "text")
    _table(console(), [say(f"head.{key}") for key in head], rows, one_line=True)


def _place(row: pd.Series[Any]) -> str:
    """Return where a report is, as finely as it says."""
    places = row["corridor"] or row["nodes"] or row["edges"]
    if not places:
        return str(row["region"] or row["scope"])
    return f"{places[0]} +{len(places) - 1}" if len(places) > 1 else str(places[0])


def _corridor_table(out: Console, say: Words, now: Situation) -> None:
    """Show the corridors with state, hours and last report."""
    rows = [
        (
            row["name"],
            _status(say, row["state"]),
            wording.hours(say, row["time_h"]),
            wording.last_report(say, row),
        )
        for _, row in now.corridors.corridors.iterrows()
    ]
    head = [say(f"head.{key}") for key in ("corridor", "state", "hours", "last_report")]
    _table(out, head, rows, right=(2,))


def _town_head(say: Words) -> list[str]:
    """Return the heads of the towns table."""
    keys = ("town", "state", "since", "cause", "source", "hours", "approaches")
    return [say(f"head.{key}") for key in keys]


def _town_row(say: Words, now: Situation, node: Any, row: pd.Series[Any]) -> Sequence[Any]:
    """Return the cells of one town."""
    source = row["nearest_source"]
    told = wording.cause(say, now, row["reports"]) if row["reports"] else wording.DASH
    return (
        row["name"],
        _state(say, row["state"]),
        str(now.since[node]) if row["state"] in wording.NOT_SUPPLIED else wording.DASH,
        told,
        now.day.name(source) if isinstance(source, str) else wording.DASH,
        wording.hours(say, row["travel_time_h"]),
        wording.approaches(row),
    )


def _town_table(out: Console, say: Words, now: Situation, *, every_town: bool) -> None:
    """Show the towns that are isolated or strained, the largest unless all are wanted."""
    frame = wording.affected_towns(now)
    _line(out, "")
    if frame.empty:
        _line(out, say("run.no_towns"), style="bold")
        return
    _line(out, say("run.towns"), style="bold")
    shown = frame if every_town else frame.head(MOST_TOWNS)
    rows = [_town_row(say, now, node, row) for node, row in shown.iterrows()]
    _table(out, _town_head(say), rows, right=(5,))
    rest = len(frame) - len(shown)
    if rest:
        _line(out, say("run.more_towns", count=say.number(rest)), style="bright_black")
    _line(out, say("run.ways"), style="bright_black")


def _changes(out: Console, say: Words, now: Situation) -> None:
    """Show what changed since the day before."""
    _line(out, "")
    _line(out, say("run.changes"), style="bold")
    lines = wording.town_change_lines(say, now)
    if len(now.road_changes):
        lines.append(say("run.road_changes", list=wording.road_change_lines(say, now)))
    for line in lines or [say("run.no_changes")]:
        _line(out, f"  {line}")


def _assumed(out: Console, say: Words, now: Situation) -> None:
    """Show what is assumed."""
    _line(out, "")
    _line(out, say("run.assumed"), style="bold")
    known = now.day.assumptions
    lines = [
        say(
            "run.assumed_numbers",
            dwell=say.number(known["dwell_border_h"].best),
            share=say.number(100 * known["strained_capacity_share"].best),
        ),
        say("run.assumed_rules", rules=", ".join(wording.rules_used(now)) or wording.DASH),
    ]
    for key, events in (("ends", now.assumed_ends), ("spots", now.assumed_spots)):
        if events:
            lines.append(say(f"run.assumed_{key}", events=", ".join(events)))
    for line in lines:
        _line(out, f"  {line}")


def _state(say: Words, state: str) -> Text:
    """Return the state of a town as coloured text."""
    return Text(say(f"state.{state}"), style=_COLOURS[state])


def _status(say: Words, status: str) -> Text:
    """Return the status of a road as coloured text."""
    return Text(say(f"status.{status}"), style=_COLOURS[status])


def _line(out: Console, text: str, *, style: str = "") -> None:
    """Print a line of plain text: no markup, no control characters."""
    out.print(Text(printable(text), style=style))


def _table(
    out: Console,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[int] = (),
    one_line: bool = False,
) -> None:
    """Print a table of plain cells; `one_line` cuts long cells instead of folding them."""
    from rich.box import SIMPLE_HEAD

    table = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
        show_edge=False,
        expand=one_line,
    )
    for place, name in enumerate(head):
        side: Literal["left", "right"] = "right" if place in right else "left"
        last = one_line and place == len(head) - 1
        table.add_column(
            Text(name),
            justify=side,
            no_wrap=one_line,
            overflow="ellipsis",
            ratio=1 if last else None,
        )
    for row in rows:
        table.add_row(
            *(cell if isinstance(cell, Text) else Text(printable(str(cell))) for cell in row)
        )
    out.print(table)
