"""Answers on a terminal: one screen, in words, with colour where there is a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from rich.console import Console
from rich.text import Text

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import COLOURS, WIDE, console, line, table
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.history import IsolationHistory
    from supplyroutes.analysis.stores.supply_days import SupplyDays
    from supplyroutes.network import Network
    from supplyroutes.overview import Situation

MOST_TOWNS = 10
MOST_CITIES = 6
_TOWN_COLUMNS = ("town", "state", "since", "cause", "source", "hours", "approaches")


def show_situation(
    now: Situation, supply: SupplyDays | None, *, lang: str, title: str, every_town: bool
) -> None:
    """Show the one screen of `supplyroutes run`."""
    say, out = words(lang), console()
    commodity = wording.commodity_word(say, now.commodity)
    head = say("run.title", commodity=commodity, day=say.day(now.at))
    line(out, f"{title} · {head}" if title else head, style="bold")
    line(out, wording.counts_line(say, now))
    known = [say("run.known", day=say.day(now.known_until))] if now.known_until else []
    unknown = now.summary()["unknown_roads"]
    known += [say.count("run.unknown", unknown)] if unknown else []
    line(out, " ".join(known), style="bright_black")
    if not wording.has_source(now.day, now.commodity):
        line(out, say("run.no_source"), style="bold red")
    old = wording.old_news(say, now)
    if old:
        line(out, old, style="bold red")
    if len(now.corridors.corridors):
        line(out, "")
        _corridor_table(out, say, now)
    _town_table(out, say, now, every_town=every_town)
    _changes(out, say, now)
    _assumed(out, say, now)
    if supply is not None:
        _supply(out, say, supply, every_town=every_town)
    line(out, say("run.use"), style="italic")


def _supply(out: Console, say: Words, supply: SupplyDays, *, every_town: bool) -> None:
    """Tell how long the stocks of the largest cities last, and when they run short."""
    line(out, say("run.supply", start=say.day(supply.start)), style="bold")
    if not len(supply.towns):
        line(out, "  " + say("flow.no_demand"))
        return
    largest = supply.towns["population"].sort_values(ascending=False, kind="stable").index
    shown = supply.towns if every_town else supply.towns.loc[largest[:MOST_CITIES]]
    told = []
    for _, row in shown.iterrows():
        days = say.number(row["days_of_supply"], 1)
        dry = row["dry_on"]
        when = "run.city_short" if row["short"] else "run.city_from" if dry else "run.city"
        day = say.day(dry) if dry else ""
        told.append(say(when, town=row["name"], days=days, day=day))
    line(out, "  " + say("run.between").join(told) + ".")


def show_corridors(now: Situation, *, lang: str) -> None:
    """Show the corridors of a day."""
    say, out = words(lang), console()
    if len(now.corridors.corridors):
        _corridor_table(out, say, now)
    else:
        line(out, say("report.no_corridors"))


def show_states(now: Situation, *, lang: str) -> None:
    """Show the state of every town on the network, the worst first."""
    say, out = words(lang), console()
    line(out, wording.counts_line(say, now))
    towns = now.isolation.towns
    rank = {"isolated": 0, "strained": 1, "supplied": 2, "not_on_network": 3}
    order = towns["state"].map(rank).sort_values(kind="stable").index
    rows = [_town_row(say, now, node, row) for node, row in towns.loc[order].iterrows()]
    _town_rows(out, say, rows)
    if towns["relies_on_unknown"].any():
        line(out, say("run.doubtful"), style="bright_black")


def show_proof(now: Situation, node: str, *, lang: str) -> None:
    """Show the state of one town with its certificate: a path or a cut."""
    say, out = words(lang), console()
    row = cast("pd.Series[Any]", now.isolation.towns.loc[node])
    state = str(row["state"])
    title = say("run.labelled", label=row["name"], value=wording.state_word(say, row))
    line(out, title, style=f"bold {COLOURS[state]}")
    _town_rows(out, say, [_town_row(say, now, node, row)])
    doubtful = wording.unknown_on_way(now, node)
    if doubtful:
        line(out, say("run.doubtful_roads", names=", ".join(doubtful)))
    for key, entries in (("path", now.isolation.paths[node]), ("cut", now.isolation.cuts[node])):
        if entries:
            line(out, say(f"head.{key}"), style="bold")
            for entry in entries:
                line(out, f"  {entry}")
    if row["reports"]:
        line(out, say("head.cause"), style="bold")
        for event in row["reports"]:
            told = now.reports.loc[event]
            label = f"{event} {told['start']} ({told['confidence']})"
            line(out, "  " + say("run.labelled", label=label, value=told["text"]))


def show_history(history: IsolationHistory, network: Network, *, lang: str) -> None:
    """Show the days on which states changed, then the days in each state."""
    say, out = words(lang), console()
    changes = [
        (str(day), network.name(node), _state(say, before), _state(say, after))
        for day, node, before, after in history.changes.itertuples(index=False)
    ]
    if changes:
        head = [say(f"head.{key}") for key in ("date", "town", "before", "after")]
        table(out, head, changes, folding=(1,))
    else:
        line(out, say("run.no_state_changes"))
    days = {
        node: counts
        for node, counts in history.summary().items()
        if counts.get("isolated", 0) + counts.get("strained", 0)
    }
    order = sorted(days, key=lambda node: (-days[node].get("isolated", 0),
                                           -days[node].get("strained", 0), node))  # fmt: skip
    line(out, "")
    if not days:
        line(out, say("run.no_days"))
        return
    table(
        out,
        [say(f"head.{key}") for key in ("town", "days_isolated", "days_strained")],
        [
            (network.name(node), *(str(days[node].get(word, 0)) for word in wording.NOT_SUPPLIED))
            for node in order
        ],
        right=(1, 2),
        folding=(0,),
    )


def show_events(frame: pd.DataFrame, network: Network | None, *, lang: str) -> None:
    """Show reports: when, what and where, and below it what was told.

    The network, if there is one, names their places.
    """
    say, out = words(lang), console()
    if frame.empty:
        line(out, say("run.no_reports"))
        return
    for event, row in frame.iterrows():
        kind, place = say(f"kind.{row['kind']}"), wording.event_place(say, network, row)
        parts = (str(event), wording.span(row), kind, place, str(row["confidence"]))
        retracted = row["status"] == "retracted"
        text = say("event.retracted", text=row["text"]) if retracted else row["text"]
        line(out, " · ".join(parts), style="bold")
        line(out, f"  {text}")
    line(out, say("event.note"), style="bright_black")


def _corridor_table(out: Console, say: Words, now: Situation) -> None:
    """Show the corridors with state, hours and last report."""
    rows = [
        (
            row["name"],
            Text(say(f"corridor.{row['state']}"), style=COLOURS[row["state"]]),
            wording.affected_km(say, row),
            wording.hours(say, row["time_h"]),
            wording.last_report(say, row),
        )
        for _, row in now.corridors.corridors.iterrows()
    ]
    keys = ("corridor", "state", "affected_km", "hours", "last_report")
    table(out, [say(f"head.{key}") for key in keys], rows, right=(2, 3), folding=(0, 4))


def _town_rows(out: Console, say: Words, rows: Iterable[Sequence[Any]]) -> None:
    """Show towns, one a row; a narrow screen leaves out their sources."""
    head = [say(f"head.{key}") for key in _TOWN_COLUMNS]
    left_out = _TOWN_COLUMNS.index("source") if out.width < WIDE else len(head)
    cut = [[*row[:left_out], *row[left_out + 1 :]] for row in [head, *rows]]
    table(out, cut[0], cut[1:], right=(len(cut[0]) - 2,), folding=(0, 3))


def _town_notes(out: Console, say: Words, *, doubtful: bool) -> None:
    """Say how to read the table of towns."""
    notes = ["run.ways", "run.hours", *(["run.doubtful"] if doubtful else [])]
    line(out, " ".join(say(key) for key in notes), style="bright_black")
    if out.width < WIDE:
        line(out, say("run.narrow", width=WIDE), style="bright_black")


def _town_row(say: Words, now: Situation, node: Any, row: pd.Series[Any]) -> Sequence[Any]:
    """Return the cells of one town."""
    told = wording.cause(say, now, row) if row["reports"] else wording.DASH
    return (
        row["name"],
        Text(wording.state_word(say, row), style=COLOURS[row["state"]]),
        wording.since(say, now, node) if row["state"] in wording.NOT_SUPPLIED else wording.DASH,
        told,
        wording.source_name(now, row),
        wording.hours(say, row["path_time_h"]),
        wording.approaches(row),
    )


def _town_table(out: Console, say: Words, now: Situation, *, every_town: bool) -> None:
    """Show the towns that are isolated or strained, the largest unless all are wanted."""
    frame = wording.affected_towns(now)
    line(out, "")
    if frame.empty:
        line(out, say("run.no_towns"), style="bold")
        return
    line(out, say("run.towns"), style="bold")
    shown = frame if every_town else frame.head(MOST_TOWNS)
    rows = [_town_row(say, now, node, row) for node, row in shown.iterrows()]
    _town_rows(out, say, rows)
    left_out = {
        "run.more_towns": len(frame) - len(shown),
        "run.unlisted": wording.unlisted(now),
    }
    told = [say.count(key, count) for key, count in left_out.items() if count]
    if told:
        line(out, " ".join(told), style="bright_black")
    _town_notes(out, say, doubtful=bool(shown["relies_on_unknown"].any()))


def _changes(out: Console, say: Words, now: Situation) -> None:
    """Show what changed since the day before."""
    line(out, "")
    line(out, say("run.changes"), style="bold")
    lines = [*wording.town_change_lines(say, now), *wording.road_change_lines(say, now)]
    for told in lines or [say("run.no_changes")]:
        line(out, f"  {told}")


def _assumed(out: Console, say: Words, now: Situation) -> None:
    """Show what is assumed."""
    line(out, "")
    line(out, say("run.assumed"), style="bold")
    known = now.day.assumptions
    lines = [
        say(
            "run.assumed_numbers",
            dwell=say.number(known["dwell_border_h"].best),
            share=say.number(100 * known["strained_capacity_share"].best),
        ),
        say("run.assumed_rules", rules=", ".join(wording.rules_used(now)) or wording.DASH),
    ]
    lines += wording.assumed_lines(say, now)
    for told in lines:
        line(out, f"  {told}")


def _state(say: Words, state: str) -> Text:
    """Return the state of a town as coloured text."""
    return Text(say(f"state.{state}"), style=COLOURS[state])
