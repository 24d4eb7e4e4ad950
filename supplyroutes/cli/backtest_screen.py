"""A back-test on a terminal: scores beside baselines, onsets, and what they do not say."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

from rich.console import Console

from supplyroutes.catalogue import Words, words
from supplyroutes.cli.terminal import console, line, table

if TYPE_CHECKING:
    from supplyroutes.skill.backtesting import Backtest

LEADS = ("all", "1-7", "8-14", "15-30")


def show_backtest(found: Backtest, *, lang: str) -> None:
    """Show a back-test on one screen."""
    say, out = words(lang), console()
    days = {"start": say.day(found.first), "end": say.day(found.last)}
    line(out, say("backtest.title", **days), style="bold")
    short = int(found.labels["short"].sum())
    line(
        out,
        say(
            "backtest.labels",
            labels=say.number(len(found.labels)),
            short=say.number(short),
            towns=say.number(found.labels.index.get_level_values("node").nunique()),
        ),
    )
    line(
        out,
        say(
            "backtest.issued",
            count=say.number(len(found.issued)),
            first=say.day(found.issued[0]),
            last=say.day(found.issued[-1]),
            lead=say.number(found.lead_days),
        ),
    )
    if not found.complete:
        line(out, say("backtest.interrupted"), style="yellow")
    if not len(found.labels):
        line(out, say("backtest.nothing"))
        return
    _scores(out, say, found)
    _onsets(out, say, found)
    line(out, "")
    for key in ("backtest.note_labels", "backtest.note_fitted", "backtest.note_seen"):
        line(out, say(key), style="bright_black")


def _scores(out: Console, say: Words, found: Backtest) -> None:
    """Show the Brier scores by lead, with intervals, and skill."""
    line(out, "")
    line(out, say("backtest.scores"), style="bold")
    heads = ["forecaster", "cases", "brier", "interval", "skill", "log"]
    head = [say(f"backtest.head.{name}") for name in heads]
    head += [say("backtest.head.lead", days=lead) for lead in LEADS[1:]]
    rows = []
    for name in found.order.index:
        row = found.scores.loc[(name, "all")]
        cells = [
            say(f"backtest.forecaster.{name}") if f"backtest.forecaster.{name}" in say else name,
            say.number(row["cases"]),
            _number(say, row["brier"]),
            _interval(say, row["brier_low"], row["brier_high"]),
            _number(say, row["skill_ratio"]),
            _number(say, row["log"]),
        ]
        cells += [_number(say, found.scores.loc[(name, lead), "brier"]) for lead in LEADS[1:]]
        rows.append(cells)
    table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _onsets(out: Console, say: Words, found: Backtest) -> None:
    """Show how far off the first days of shortage were."""
    line(out, "")
    line(out, say("backtest.onsets"), style="bold")
    heads = ("forecaster", "onsets", "error", "order", "coverage")
    head = [say(f"backtest.head.{name}") for name in heads]
    rows = [
        [
            say(f"backtest.forecaster.{name}") if f"backtest.forecaster.{name}" in say else name,
            say.number(row["onsets"]),
            _number(say, row["error_days"], 1),
            _share(say, row["concordance"]),
            _share(say, row["coverage_share"]),
        ]
        for name, row in found.order.iterrows()
    ]
    table(out, head, rows, right=range(1, len(head)), folding=(0,))


def _number(say: Words, value: Any, digits: int = 2) -> str:
    """Return a number; a dash where there is none."""
    return say.number(float(value), digits) if isfinite(value) else "-"


def _share(say: Words, value: Any) -> str:
    """Return a share; a dash where there is none."""
    return say.share(float(value)) if isfinite(value) else "-"


def _interval(say: Words, low: Any, high: Any) -> str:
    """Return an interval; a dash where there is none."""
    return f"{_number(say, low)} - {_number(say, high)}" if isfinite(low) else "-"
