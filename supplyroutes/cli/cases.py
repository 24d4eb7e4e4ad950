"""Commands on a case: check a folder, copy a bundled case, list and change its events."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    MAIN_CASE,
    Day,
    assert_one,
    echo_json,
    json_option,
    language_option,
)
from supplyroutes.names import printable
from supplyroutes.schema import table_schema

if TYPE_CHECKING:
    from supplyroutes.network import Network

_KINDS = click.Choice(
    next(column.choices for column in table_schema("events") if column.name == "kind")
)
_FOLDER = click.Path(path_type=Path)


@click.command()
@click.argument("folder", type=_FOLDER)
@language_option
def check(*, folder: Path, lang: str) -> None:
    """Check a folder of CSV tables; every problem is listed with file, row and column."""
    from supplyroutes.catalogue import words
    from supplyroutes.conflicts import warn_of_contradictions
    from supplyroutes.io.tables import check_folder

    with warnings.catch_warnings(record=True) as notes:
        warnings.simplefilter("always")
        network, events = check_folder(folder)
        warn_of_contradictions(network, events)
    for note in notes:
        click.echo(f"note: {printable(str(note.message))}", err=True)
    say = words(lang)
    click.echo(
        say(
            "cli.checked",
            folder=folder,
            towns=say.number(len(network.topology.node_ids)),
            roads=say.number(len(network.topology.edge_ids)),
            events=say.number(len(events) if events else 0),
            notes=say.count("cli.notes", len(notes)),
        )
    )


@click.command("copy")
@click.argument("case")
@click.argument("folder", type=_FOLDER)
def copy_case(*, case: str, folder: Path) -> None:
    """Copy a bundled case to a new folder, to add reports and change it."""
    from supplyroutes.io.editing import copy_folder

    copy_folder(case, folder)
    click.echo(f"written: {folder}", err=True)


@click.group()
def events() -> None:
    """List the reports of a case; add or retract one in a folder of yours."""


@events.command("list")
@click.argument("folder", required=False, type=_FOLDER)
@click.option("--case", help="A bundled case; mali if nothing is named.")
@click.option("--from", "start", type=Day(), help="Only reports in force on or after this day.")
@click.option("--to", "end", type=Day(), help="Only reports that began by this day.")
@click.option("--kind", type=_KINDS, metavar="KIND", help="Only reports of this kind.")
@click.option("--as-known-on", type=Day(), help="Only what was known on this day.")
@language_option
@json_option
def list_events(
    *,
    folder: Path | None,
    case: str | None,
    start: date | None,
    end: date | None,
    kind: str | None,
    as_known_on: date | None,
    lang: str,
    as_json: bool,
) -> None:
    """List the reports of a case."""
    from supplyroutes.analysis.plain import records
    from supplyroutes.datasets import folder as case_folder
    from supplyroutes.io.tables import read_events

    assert_one(folder, case)
    place = folder or case_folder(case or MAIN_CASE)
    found = read_events(place)
    if as_known_on:
        found = found.known_by(as_known_on)
    frame = found.between(start or date.min, end or date.max).reports
    if kind:
        frame = frame[frame["kind"] == kind]
    if as_json:
        echo_json({"events": records(frame)})
    else:
        from supplyroutes.cli.screen import show_events

        show_events(frame, _named_by(place), lang=lang)


def _named_by(place: Path) -> Network | None:
    """Return the network that names the places of a case; None where it cannot be read.

    `check` tells what is wrong with it: reports are listed all the same.
    """
    from supplyroutes.errors import DataError
    from supplyroutes.io.tables import read_network

    with warnings.catch_warnings(), suppress(DataError):
        warnings.simplefilter("ignore")
        return read_network(place)
    return None


def _event_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add one option for each column of the events table; the schema is their help."""
    for column in reversed(table_schema("events")):
        shown = column.meaning.replace(";", ",") if column.dtype != "ids" else column.meaning
        if column.choices:
            shown = f"{shown}. One of: {', '.join(column.choices)}"
        needed = column.required and column.name != "event"
        option = click.option(
            f"--{column.name.replace('_', '-')}",
            column.name,
            required=needed,
            metavar=(column.unit or column.dtype).upper(),
            help=shown,
        )
        command = option(command)
    return command


@events.command("add")
@click.argument("folder", type=_FOLDER)
@_event_options
def add_event(*, folder: Path, **columns: str | None) -> None:
    """Add a report to the events of a folder; it is checked before anything is written.

    Lists are separated by semicolons. Without --event the next free id is given.
    """
    from supplyroutes.io.editing import add_report

    given = {name: value for name, value in columns.items() if value is not None}
    click.echo(f"added: {add_report(folder, given)}", err=True)


@events.command("retract")
@click.argument("folder", type=_FOLDER)
@click.argument("event")
@click.option("--reason", required=True, help="Why; kept in the report's conflict_note.")
@click.option(
    "--on", type=Day(), help="Day of the retraction: what was known before still has the report."
)
def retract_event(*, folder: Path, event: str, reason: str, on: date | None) -> None:
    """Retract a report of a folder: it stays on file and has no effect."""
    from supplyroutes.io.editing import retract_report

    retract_report(folder, event, reason=reason, on=on)
    click.echo(f"retracted: {event}", err=True)


COMMANDS: tuple[Any, ...] = (check, copy_case, events)
