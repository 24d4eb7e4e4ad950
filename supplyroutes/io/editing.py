"""Changing a case of one's own: copy a bundled one, add and retract reports."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from supplyroutes.datasets import folder as case_folder
from supplyroutes.errors import (
    AssumptionWarning,
    DataError,
    OutputError,
    Problem,
    RequestError,
    UnknownIdError,
)
from supplyroutes.events import Events
from supplyroutes.files import new_folder, sweep_folder, write_all
from supplyroutes.impacts import warn_without_effect
from supplyroutes.io.tables import (
    SHARED,
    assert_folder,
    data_folder,
    make_folder,
    read_network,
    shared_table,
)
from supplyroutes.locks import LOCK_NAME, locked
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.places import Known, RegionNames, check_places
from supplyroutes.report_checks import report_problems
from supplyroutes.rules import Rules
from supplyroutes.schema import Table, checked_row, format_rows, parse_table, read_table

_NEW = "the new report"


def copy_folder(case: str, folder: str | Path) -> None:
    """Copy a bundled case, with the shared tables, to a folder that is new or empty.

    A new folder stands there when it is whole. What a killed run left does not count as files.

    Raises
    ------
    UnknownIdError
        There is no such case.
    OutputError
        The folder holds files already, or cannot be written.
    """
    source = case_folder(case)
    paths = {path.relative_to(source): path for path in sorted(source.rglob("*"))}
    paths |= {Path(f"{name}.csv"): data_folder() / f"{name}.csv" for name in SHARED}
    files = {name: path.read_bytes() for name, path in paths.items() if path.is_file()}
    if not os.path.lexists(folder):
        with new_folder(folder) as place:
            _fill(place, files)
        return
    target = make_folder(folder)
    with locked(target):
        sweep_folder(target)
        if any(path.is_file() for path in target.rglob("*") if path.name != LOCK_NAME):
            raise OutputError(f"{target}: holds files already; name a new folder")
        _fill(target, files)


def _fill(folder: Path, files: Mapping[Path, bytes]) -> None:
    """Write files into a folder, in folders of their own where their names say so."""
    for name in files:
        make_folder((folder / name).parent)
    write_all(folder, {str(name): content for name, content in files.items()})


def add_report(folder: str | Path, cells: Mapping[str, str]) -> str:
    """Add a report, given as text cells, to the events of a folder; return its id.

    Towns may be given by id or by name, and regions by any name, in any spelling: the id, or
    the spelling of the towns, is what is written. Warns (`AssumptionWarning`) if a name of a
    region means not quite the region written, and if the report tells of an effect and the
    impact rules take it to have none.

    Raises
    ------
    DataError
        Everything that is wrong with the report, what it names and is not there included; nothing
        is written.
    OutputError
        The folder cannot be written, or another run writes to it.
    """
    with _editing(folder) as table:
        event = cells.get("event") or _free_id(table)
        told = {"end_status": "recorded"} if cells.get("end") else {}
        network = read_network(folder)
        cells = _with_region(network, {**told, **cells, "event": event})
        events = _save(folder, _with_report(cells, table, network))
    warn_without_effect(network, events, [event])
    return event


def _with_report(cells: Mapping[str, str], table: Table, network: Network) -> Table:
    """Return the events with a report more, or raise with everything that is wrong with it."""
    line = table.line(len(table) - 1) + 1 if len(table) else 2
    found: list[Problem] = []

    def note(column: str | None, message: str) -> None:
        found.append(Problem(_NEW, None, column, message))

    nodes = _ids_of_towns(cells.get("nodes", ""), network, note)
    row, wrong = checked_row({**cells, "nodes": nodes}, "events", file=table.file)
    columns = {name: [*values, row[name]] for name, values in table.columns.items()}
    lines = [*map(table.line, range(len(table))), line]
    refused = tuple(replace(problem, row=line) for problem in wrong)
    changed = Table("events", table.file, columns, lines=lines, problems=refused)
    for problem in report_problems(changed):
        if problem.row == line:
            note(problem.column, problem.message)
        else:
            found.append(problem)
    for column, message in Known.of(network.tables).missing(row):
        note(column, message)
    if row["event"] in table.columns["event"]:
        note("event", f"{row['event']!a} stands already in events.csv; leave it out for a free one")
    if found:
        raise DataError(found)
    return changed


def _ids_of_towns(names: str, network: Network, note: Callable[[str, str], None]) -> list[str]:
    """Return the ids of towns named in any spelling; names that are unknown are noted."""
    found = []
    for name in names.split(";"):
        try:
            if name.strip():
                found.append(network.find(name.strip()))
        except UnknownIdError as error:
            note("nodes", str(error))
    return found


def retract_report(folder: str | Path, event: str, *, reason: str, on: date | None = None) -> None:
    """Mark a report of a folder as retracted; it stays on file and has no effect.

    What was known before the day `on` has it still; without a day it is retracted from the first.

    Raises
    ------
    UnknownIdError
        There is no such report.
    RequestError
        It is retracted already.
    OutputError
        The folder cannot be written, or another run writes to it.
    """
    with _editing(folder) as table:
        known = table.columns["event"]
        if event not in known:
            raise UnknownIdError("event", event, nearest_names(event, known))
        row = known.index(event)
        if table.columns["status"][row] == "retracted":
            raise RequestError(f"{event} is retracted already")
        columns = {name: list(values) for name, values in table.columns.items()}
        columns["status"][row], columns["retracted_on"][row] = "retracted", on
        notes = (columns["conflict_note"][row], f"retracted: {reason}")
        columns["conflict_note"][row] = "; ".join(note for note in notes if note)
        _save(folder, Table("events", "events", columns, lines=table.lines))


@contextmanager
def _editing(folder: str | Path) -> Iterator[Table]:
    """Hold the lock of a folder and give its events table."""
    place = Path(folder)
    assert_folder(place)
    with locked(place):
        yield read_table(place / "events.csv", "events")


def _with_region(network: Network, cells: Mapping[str, str]) -> Mapping[str, str]:
    """Return the cells of a report with its region as the towns spell it, if there is one."""
    told = cells.get("region")
    if not told:
        return cells
    regions = RegionNames.of(network.tables)
    meant = regions.find(told) or told  # one that is not there is refused with the rest
    if note := regions.note(told):
        warnings.warn(f"region: {told} is read as {meant}: {note}", AssumptionWarning, stacklevel=3)
    return {**cells, "region": meant}


def _free_id(table: Table) -> str:
    """Return the next free id of the form R001."""
    taken = set(table.columns["event"])
    number = 1
    while f"R{number:03d}" in taken:
        number += 1
    return f"R{number:03d}"


def _save(folder: str | Path, table: Table) -> Events:
    """Check the changed events, alone and against the network, then write them whole."""
    place = Path(folder)
    text = format_rows(table.rows(), "events")
    changed = parse_table(text, "events", file=table.file)
    rules = Rules(shared_table(place, "impact_rules"))
    events = Events.from_table(changed, rules)
    check_places(read_network(place), events)
    write_all(place, {"events.csv": text})
    return events
