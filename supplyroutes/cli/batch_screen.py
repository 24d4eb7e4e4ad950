"""A batch on a terminal: a line for each scenario as it is done, then what came of all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from supplyroutes.batch.records import SUMMARY, Record
from supplyroutes.catalogue import words
from supplyroutes.cli.terminal import console, line
from supplyroutes.names import printable


def telling(lang: str, tasks: int) -> Callable[[Record, bool], None]:
    """Return what tells each record on stdout as it comes."""
    say, out, done = words(lang), console(), 0

    def told(record: Record, before: bool) -> None:  # noqa: FBT001
        nonlocal done
        done += 1
        place = say("batch.place", done=say.number(done), tasks=say.number(tasks))
        if record.status == "failed":
            line(out, f"{place} {say('batch.failed', name=record.name)}", style="bold red")
            for text in record.reason.splitlines():
                click.echo(printable(text), err=True)
        else:
            counts = {name: record.row[name] for name in ("isolated", "strained")}
            key = "batch.before" if before else "batch.done"
            line(out, f"{place} {say(key, name=record.name, **counts)}")
        for note in record.notes:
            click.echo(f"note: {record.name}: {printable(note)}", err=True)
        if record.held:
            line(out, say("batch.held", name=record.name), style="bold")

    return told


def show_batch(records: Sequence[Record], folder: Path, *, lang: str) -> None:
    """Show what came of all, and where the summary stands."""
    say, out = words(lang), console()
    failed = [record.name for record in records if record.status == "failed"]
    line(out, say.count("batch.all", len(records) - len(failed), folder=folder))
    if failed:
        told = say.count("batch.left", len(failed), names=", ".join(failed))
        line(out, told, style="bold red")
    line(out, say("batch.summary", file=folder / SUMMARY[1]))
