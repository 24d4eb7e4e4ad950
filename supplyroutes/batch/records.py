"""The folder of a batch: one folder a task, whose record is written last.

A task is done when its record says so under its key. So a run that is killed leaves tasks that
are done and tasks that are not, and nothing between: what stands there without a record is
written again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

from supplyroutes.errors import OutputError
from supplyroutes.files import Content, write_all, write_whole

RECORD = "task.json"
SUMMARY = ("summary.json", "summary.csv")
VERSION = 1


@dataclass(frozen=True)
class Record:
    """What came of a task.

    Attributes
    ----------
    name
        Name of the task.
    key
        What makes it the same task; empty if its scenario could not be read.
    status
        done or failed.
    reason
        Why it failed; else empty.
    held
        Whether the condition held; None without a condition.
    row
        What the summary tells of it: title, towns by state, days and amounts.
    notes
        Warnings.
    """

    name: str
    key: str
    status: str
    reason: str = ""
    held: bool | None = None
    row: Mapping[str, Any] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def done_record(out: Path, name: str, key: str) -> Record | None:
    """Return the record of a task that is done under this key; None if it has to be done.

    A record that cannot be read counts for nothing, and so does one whose files are gone.
    """
    try:
        told = json.loads((out / name / RECORD).read_text(encoding="utf-8"))
        files = told.pop("files")
        version = told.pop("version")
        record = Record(**{**told, "notes": tuple(told["notes"])})
        whole = isinstance(files, list) and all((out / name / file).is_file() for file in files)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    same = version == VERSION and record.key == key and record.name == name
    return record if same and whole and record.status == "done" else None


def keep(out: Path, record: Record, contents: Mapping[str, Content]) -> None:
    """Write the files of a task, then its record.

    Raises
    ------
    OutputError
        Something cannot be written; the task then has no record.
    """
    folder = out / record.name
    try:
        folder.mkdir(exist_ok=True)
        (folder / RECORD).unlink(missing_ok=True)  # from here on the task is not done
        for old in folder.glob("report.*"):  # in a format that was wanted before: of another day
            if old.name not in contents and old.is_file():
                old.unlink()
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written: {error.strerror}") from error
    told = {"version": VERSION, **asdict(record), "files": sorted(contents)}
    write_all(folder, {**contents, RECORD: _json(told)})


def write_summary(out: Path, records: Sequence[Record]) -> None:
    """Write what came of every task, as JSON and as a table."""
    rows = [summary_row(record) for record in records]
    write_whole(out / SUMMARY[0], _json({"version": VERSION, "tasks": rows}))
    text = StringIO()
    table = csv.DictWriter(text, _columns(rows), lineterminator="\n")
    table.writeheader()
    table.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    write_whole(out / SUMMARY[1], text.getvalue())


def _columns(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the columns of all rows, the reason last: a task that failed has few."""
    names = list(dict.fromkeys(name for row in rows for name in row if name != "reason"))
    return [*names, "reason"]


def summary_row(record: Record) -> dict[str, Any]:
    """Return the row of a task in the summary."""
    return {
        "name": record.name,
        "status": record.status,
        "condition_holds": record.held,
        **record.row,
        "reason": record.reason,
    }


_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def _cell(value: Any) -> Any:
    """Return a cell of the table; a text that a sheet would take for a formula is quoted."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _json(told: Mapping[str, Any]) -> str:
    """Return plain values as JSON text: the same values, the same bytes."""
    return json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
