"""The paths that remain to a town, on a terminal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.text import Text

from supplyroutes.analysis.ways.paths import SupplyPaths
from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import COLOURS, WIDE, console, line, table
from supplyroutes.network import Network
from supplyroutes.report import path_wording as wording
from supplyroutes.report.wording import DASH, commodity_word, day_or_dash, hours


@dataclass(frozen=True)
class _Column:
    """A column of the table of paths; `wide` ones are left out on a narrow screen."""

    key: str
    cell: Callable[[int, Any], Any]
    right: bool = False
    folds: bool = False
    wide: bool = False


def show_paths(day: Network, found: SupplyPaths, free: SupplyPaths | None, *, lang: str) -> None:
    """Show the paths to a town, the best first; `free` are those of a lone truck."""
    say, out = words(lang), console()
    title = say(
        "paths.title",
        commodity=commodity_word(say, found.commodity),
        town=day.name(found.to),
        day=say.day(found.at) if found.at else day_or_dash(None),
    )
    line(out, title, style="bold")
    if found.paths.empty:
        line(out, say("paths.none"), style="bold red")
        return
    if found.legs.empty:
        line(out, say("paths.is_source"))
        return
    shared = wording.disjoint_line(say, found)
    if shared is not None:
        line(out, shared)
    if free is not None:
        line(out, wording.free_line(say, day, free))
    line(out, "")
    narrow = out.width < WIDE
    columns = [
        column for column in _columns(say, day, found, short=narrow) if not (column.wide and narrow)
    ]
    table(
        out,
        [say(f"head.{column.key}") for column in columns],
        [[column.cell(int(rank), row) for column in columns]  # type: ignore[call-overload]
         for rank, row in found.paths.iterrows()],
        right=[place for place, column in enumerate(columns) if column.right],
        folding=[place for place, column in enumerate(columns) if column.folds],
    )  # fmt: skip
    _notes(out, say, day, found)


def _columns(say: Words, day: Network, found: SupplyPaths, *, short: bool) -> list[_Column]:
    """Return the columns of the table, those of waiting and return where they say something."""
    by = wording.by_way_of(day, found)
    waited = bool((found.paths["wait_h"] > 0).any())
    returns = "return_time_h" in found.paths
    told = [
        _Column("rank", lambda rank, _: str(rank), right=True),
        _Column("from", lambda _, row: day.name(row["source"]), folds=True),
        _Column("by", lambda rank, _: ", ".join(by[rank]) or DASH, folds=True),
        _Column("km", lambda _, row: say.number(row["length_km"]), right=True, wide=True),
        _Column("hours", lambda _, row: wording.hours_cell(say, found, row), right=True),
    ]
    if waited:
        told.append(_Column("wait", lambda _, row: hours(say, row["wait_h"]), right=True))
    if returns:
        told.append(_Column("cycle", lambda _, row: hours(say, row["cycle_h"]), right=True))

    def worst(_: int, row: Any) -> Text:
        return Text(wording.state_cell(say, row), style=COLOURS[row["state"]])

    def restricts(_: int, row: Any) -> str:
        return wording.reports_cell(say, row["reports"], short=short)

    def shared(_: int, row: Any) -> str:
        return say.share(row["overlap_share"])

    return [
        *told,
        _Column("survival", lambda _, row: say.share(row["survival_prob"]), right=True),
        _Column("worst", worst),
        _Column("restricts", restricts, folds=not short),
        _Column("shared", shared, right=True, wide=True),
    ]


def _notes(out: Console, say: Words, day: Network, found: SupplyPaths) -> None:
    """Say how to read the table, and what stops the empty trucks."""
    if "return_time_h" in found.paths:
        stopped = found.paths[found.paths["return_time_h"].isna()]
        if len(stopped):
            reports = wording.reports_cell(say, stopped["return_reports"].iloc[0])
            line(out, say("paths.no_return", reports=reports), style="bold red")
        line(out, say("paths.return"), style="bright_black")
    near = day.assumptions["near_equal_ratio"].best
    if wording.several_near(found):
        line(out, say("paths.near", sign=wording.NEAR, percent=say.number(100 * near)),
              style="bright_black")  # fmt: skip
    if any(wording.unsure(row) for _, row in found.paths.iterrows()):
        line(out, say("paths.unsure", sign=wording.UNSURE), style="bright_black")
    line(out, say("paths.reading"), style="bright_black")
    if not found.complete:
        line(out, say("paths.incomplete"), style="bold red")
    elif not found.near_equal_complete:
        line(out, say("paths.near_incomplete"), style="bright_black")
    if out.width < WIDE:
        line(out, say("paths.narrow", width=WIDE), style="bright_black")
    line(out, say("paths.use"), style="italic")
