"""An explanation on a terminal: why, what would relieve, and what the town hangs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import COLOURS, console, line, table
from supplyroutes.report import wording
from supplyroutes.report.path_wording import along

if TYPE_CHECKING:
    from supplyroutes.analysis.why.explanation import Explanation
    from supplyroutes.analysis.why.relief import Relief
    from supplyroutes.network import Network

MOST_REPORTS = 12
MOST_NAMES = 12


def show_explanation(why: Explanation, network: Network, *, lang: str) -> None:
    """Show why a town is in its state, on one screen."""
    say, out = words(lang), console()
    title = say(
        "explain.title",
        town=why.name,
        state=say(f"state.{why.state}"),
        commodity=wording.commodity_word(say, why.commodity),
        day=say.day(why.at),
    )
    line(out, title, style=f"bold {COLOURS[why.state]}")
    if why.state == "not_on_network":
        sourced = wording.has_source(network, why.commodity)
        line(out, say("explain.nothing" if sourced else "run.no_source"))
        return
    _way(out, say, why, network)
    if why.relief:
        _cut(out, say, why, network)
        line(out, "")
        line(out, say("explain.relief"), style="bold")
        for way in why.relief:
            for told in _relief(say, way):
                line(out, f"  {told}")
        line(out, f"  {say('explain.thin')}", style="bright_black")
    _hangs(out, say, why, network)
    _reports(out, say, why)


def _way(out: Console, say: Words, why: Explanation, network: Network) -> None:
    """Show the path that proves the state."""
    if why.state == "isolated":
        return
    if not why.path:
        line(out, say("explain.source"))
        return
    key = "explain.way_free" if why.state == "supplied" else "explain.way"
    names = " – ".join(along(network, str(why.path_source), why.path))
    line(out, say(key, hours=say.number(why.path_time_h, 1), names=names))


def _cut(out: Console, say: Words, why: Explanation, network: Network) -> None:
    """Show the blocked roads and the lost sources that prove the state."""
    line(out, "")
    key = "explain.cut" if why.state == "strained" else "explain.cut_closed"
    if len(why.cut):
        line(out, say.count(key, len(why.cut)), style="bold")
        rows = [
            (
                wording.road_name(network, row["edge"]),
                network.name(row["head"]),
                Text(say(f"status.{row['status']}"), style=COLOURS[row["status"]]),
                say("text.percent", value=say.number(100 * row["capacity_factor"])),
                ", ".join(row["reports"]),
            )
            for _, row in why.cut.iterrows()
        ]
        head = ("road", "towards", "status", "capacity", "reports")
        table(out, [say(f"head.{key}") for key in head], rows, right=(3,), folding=(0, 1, 4))
    if why.cut_sources:
        names = ", ".join(network.name(source) for source in why.cut_sources)
        line(out, say("explain.lost", names=names))


def _relief(say: Words, way: Relief) -> Iterator[str]:
    """Yield what would have to be lifted."""
    goal = say("explain.lift_supplied" if way.goal == "supplied" else "explain.lift_reached")
    if not way.sets:
        yield say("explain.lift_bound", goal=goal, count=say.number(way.size))
        return
    sets = wording.parted(say, (" + ".join(found) for found in way.sets))
    yield say.count("explain.lift", way.size, goal=goal, sets=sets)
    if not way.complete:
        yield say("explain.lift_more")


def _hangs(out: Console, say: Words, why: Explanation, network: Network) -> None:
    """Show what the town cannot do without."""
    lines = []
    for state in ("strained", "isolated"):
        without = why.must_pass[why.must_pass["without_it"] == state]
        for kind, key in (("road", "roads"), ("town", "places")):
            ids = list(without[without["kind"] == kind]["id"])
            names = [
                wording.road_name(network, name) if kind == "road" else network.name(name)
                for name in ids
            ]
            if names:
                told = wording.listing(say, names, most=MOST_NAMES)
                lines.append(say(f"explain.must_{key}_{state}", names=told))
    if why.last_roads:
        names = [wording.road_name(network, edge) for edge in why.last_roads]
        told = wording.listing(say, names, most=MOST_NAMES)
        lines.append(say.count("explain.last_roads", len(why.last_roads), names=told))
    if len(why.worsening):
        told = ", ".join(
            say("explain.worse_one", event=event, state=say(f"state.{state}"))
            for event, state in why.worsening["state_after"].items()
        )
        lines.append(say("explain.worse", names=told))
    if lines:
        line(out, "")
        line(out, say("explain.hangs"), style="bold")
        for told in lines:
            line(out, f"  {told}")


def _reports(out: Console, say: Words, why: Explanation) -> None:
    """Show the reports, those that weigh most first."""
    if why.reports.empty:
        return
    line(out, "")
    line(out, say("explain.reports"), style="bold")
    shares = why.shares["share"]
    order = sorted(why.reports.index, key=lambda event: (-shares.get(event, 0), event))
    rows = [
        (
            event,
            say("text.percent", value=say.number(100 * shares[event], 1))
            if event in shares
            else wording.DASH,
            str(why.reports.loc[event, "start"]),
            str(why.reports.loc[event, "confidence"]),
            str(why.reports.loc[event, "text"]),
        )
        for event in order[:MOST_REPORTS]
    ]
    head = ("event", "share", "start", "confidence", "text")
    table(out, [say(f"head.{key}") for key in head], rows, right=(1,), folding=(4,))
    if len(order) > MOST_REPORTS:
        line(out, say.count("report.more_rows", len(order) - MOST_REPORTS), style="bright_black")
    if len(shares):
        line(out, say("explain.note"), style="bright_black")
        if not why.shares_exact:
            line(out, say("explain.note_sampled"), style="bright_black")
