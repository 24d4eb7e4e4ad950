"""Tables and their schemas: one CSV per table says what each column may hold.

The validator, the writer, the documentation and the command line read the same files in
``supplyroutes/schema/``. Everything wrong with a table is collected before anything is
refused; a value that is accepted is never changed silently.
"""

from __future__ import annotations

import csv
import io
import re
import warnings
from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from supplyroutes.cells import Column, default_value, format_value, parser
from supplyroutes.errors import DataError, DataWarning, Problem
from supplyroutes.names import hint, printable

SCHEMA_FOLDER = Path(__file__).parent / "schema"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>")
_KEYS = {
    "demand": ("node", "demand_class", "commodity"),
    "limits": ("edge", "commodity"),
    "product_shares": ("demand_class", "node", "product"),
    "skill": ("window", "forecaster"),
    "speeds": ("surface", "condition", "wet_season"),
    "stocks": ("node", "commodity"),
    "supply": ("node", "commodity"),
}
"""The key of each table whose first column alone does not identify a row."""


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table: typed columns of equal length, and the line of each row in its file.

    `defaulted` counts, for each column with a default, the rows in which it stood in. A draft
    (see `draft_table`) lists its `problems`; what could not be read is None in it.
    """

    name: str
    file: str
    columns: Mapping[str, Sequence[Any]]
    defaulted: Mapping[str, int] = field(default_factory=dict)
    lines: Sequence[int] = field(default_factory=lambda: array("Q"))
    problems: tuple[Problem, ...] = ()

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values())))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dict of column to value."""
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, values, strict=True))

    def line(self, row: int) -> int:
        """Return the line of a row (counted from 0) in its file."""
        return self.lines[row] if row < len(self.lines) else row + 2

    def problem(self, row: int, column: str | None, message: str) -> Problem:
        """Return a problem placed at a row (counted from 0) of this table."""
        return Problem(self.file, self.line(row), column, message)

    def fixed(self) -> Table:
        """Return the table with columns that cannot be changed."""
        made = {id(values): tuple(values) for values in self.columns.values()}
        columns = {name: made[id(values)] for name, values in self.columns.items()}
        fixed = MappingProxyType(columns)
        return replace(self, columns=fixed, defaulted=MappingProxyType(dict(self.defaulted)))

    def __reduce__(self) -> tuple[type[Table], tuple[Any, ...]]:
        """Let the table travel between processes; views that forbid changes cannot."""
        plain = (dict(self.columns), dict(self.defaulted))
        return type(self), (self.name, self.file, *plain, self.lines, self.problems)

    def take(self, rows: Sequence[int]) -> Table:
        """Return the table with these rows, in this order."""
        columns = {name: [values[row] for row in rows] for name, values in self.columns.items()}
        lines = array("Q", (self.lines[row] for row in rows) if self.lines else ())
        return Table(self.name, self.file, columns, self.defaulted, lines)


@cache
def table_schema(name: str) -> tuple[Column, ...]:
    """Return the columns of a table, in the order in which they are written."""
    with (SCHEMA_FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return tuple(
            Column(
                name=row["column"],
                dtype=row["dtype"],
                unit=row["unit"],
                required=row["required"] == "yes",
                default=row["default"],
                minimum=float(row["minimum"]) if row["minimum"] else None,
                maximum=float(row["maximum"]) if row["maximum"] else None,
                choices=tuple(row["choices"].split("|")) if row["choices"] else (),
                meaning=row["meaning"],
            )
            for row in csv.DictReader(stream)
        )


def key_columns(name: str) -> tuple[str, ...]:
    """Return the columns that together identify a row of the table."""
    return _KEYS.get(name, (table_schema(name)[0].name,))


def read_table(path: str | Path, name: str) -> Table:
    """Read a CSV file (UTF-8, RFC 4180) as the table `name`.

    Raises
    ------
    DataError
        Everything that is wrong with the file: encoding, header, rows and values.
    """
    return sound(draft_table(path, name))


def draft_table(path: str | Path, name: str) -> Table:
    """Read a CSV file as far as it goes: what is wrong with it stands in its `problems`.

    So that everything that is wrong with a case can be told at once. `DataError` is raised
    only where there is no table to speak of: no file, no text, no header.
    """
    file = str(path)
    return _draft(_decode(_bytes(file), file), name, file)


def parse_table(text: str, name: str, *, file: str) -> Table:
    """Check CSV text against the schema of the table `name`; see `read_table`."""
    return sound(_draft(text, name, file))


def sound(table: Table) -> Table:
    """Return a table that has no problems, or raise `DataError` with all of them."""
    if table.problems:
        raise DataError(table.problems)
    return table


def _draft(text: str, name: str, file: str) -> Table:
    """Return the table of a CSV text, with its problems."""
    records = _records(text, file)
    header = next(records, None)
    if header is None:
        raise DataError([Problem(file, None, None, "is empty: a header line is needed")])
    return _typed(records, header[1], name, file, _header_problems(header[1], name, file))


def table_from_cells(
    rows: Iterable[Mapping[str, str]], name: str, *, file: str, lines: Sequence[int] = ()
) -> Table:
    """Check rows of text cells (an in-memory source) as if they had been read from `file`."""
    header = [column.name for column in table_schema(name)]
    records = (
        (lines[place] if lines else place + 2, [row.get(column, "") for column in header])
        for place, row in enumerate(rows)
    )
    return sound(_typed(records, header, name, file, []))


def checked_row(
    values: Mapping[str, Any], name: str, *, file: str
) -> tuple[dict[str, Any], list[Problem]]:
    """Return a row given in Python as the table `name` holds it, and what is wrong with it.

    Texts, days, numbers, lists and sets are taken for what they would be in a file; a value that
    is refused is None.
    """
    columns = {column.name: column for column in table_schema(name)}
    problems = [
        Problem(
            file, None, printable(str(given)[:80]), f"unknown column{hint(str(given), columns)}"
        )
        for given in values
        if given not in columns
    ]
    row: dict[str, Any] = {}
    for column, parse in _parsers(name):
        value = values.get(column.name)
        cell = format_value(tuple(value) if isinstance(value, (list, set)) else value, column)
        try:
            row[column.name] = parse(cell)
        except ValueError as error:
            problems.append(Problem(file, None, column.name, str(error)))
            row[column.name] = None
    return row, problems


@cache
def _parsers(name: str) -> tuple[tuple[Column, Callable[[str], Any]], ...]:
    """Return each column of a table with the function that reads its cells."""
    return tuple((column, parser(column)) for column in table_schema(name))


def format_table(table: Table) -> str:
    """Return the table as CSV text; reading it back gives an equal table.

    Text that a spreadsheet would run as a formula gets a leading apostrophe, which the
    reader takes off again.
    """
    return format_rows(table.rows(), table.name)


def format_rows(rows: Iterable[Mapping[str, Any]], name: str) -> str:
    """Return typed rows of the table `name` as CSV text."""
    columns = table_schema(name)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in rows:
        writer.writerow([format_value(row.get(column.name), column) for column in columns])
    return stream.getvalue()


# --- bytes to records -------------------------------------------------------------------


def _bytes(file: str) -> bytes:
    """Return the content of a file, or refuse it."""
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise DataError([Problem(file, None, None, f"cannot be read: {reason}")]) from error


def _decode(data: bytes, file: str) -> str:
    """Return the text of a UTF-8 file, with or without byte order mark, or refuse it."""

    def refuse(message: str) -> DataError:
        return DataError([Problem(file, None, None, message)])

    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise refuse("is UTF-16 text (byte offset 0); save it as CSV UTF-8")
    if data.startswith(b"PK\x03\x04"):
        raise refuse("is a zip or Excel workbook, not CSV; export the sheet as CSV UTF-8")
    if data.startswith(b"\x89PNG"):
        raise refuse("is a PNG picture, not CSV")
    offset = data.find(b"\x00")
    if offset >= 0:
        raise refuse(f"holds a zero byte at offset {offset}: it is not a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        guess = data[max(0, error.start - 12) : error.start + 12].decode("cp1252", "replace")
        raise refuse(
            f"is not UTF-8 (byte offset {error.start}; read as Windows-1252 it says "
            f"{guess!a}); save it as CSV UTF-8"
        ) from None


def _records(text: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Yield (line, cells) for every record that is not blank."""
    # Lines are cut from the text as they are read: io.StringIO would hold it once more, in
    # four bytes a character.
    reader = csv.reader((match.group() for match in _LINE.finditer(text)), strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            message = f"cannot be read as CSV ({error}); is a quote left open?"
            raise DataError([Problem(file, line, None, message)]) from error
        if cells:
            yield line, cells
        line = reader.line_num + 1


def _header_problems(header: list[str], name: str, file: str) -> list[Problem]:
    """Return missing, unknown and double columns, each with a hint."""
    known = {column.name: column for column in table_schema(name)}
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        message = "columns are separated by ; or tabs; save the file with commas"
        raise DataError([Problem(file, 1, None, message)])
    problems = []
    unknown = [column for column in header if column not in known]
    for column in unknown[:100]:
        near = hint(column, known) or f"; known: {', '.join(known)}"
        shown = printable(column[:80]) or "(no name)"
        problems.append(Problem(file, 1, shown, f"unknown column{near}"))
    if len(unknown) > 100:  # noqa: PLR2004
        problems.append(Problem(file, 1, None, f"{len(unknown)} unknown columns in all"))
    twice = sorted(column for column, count in Counter(header).items() if count > 1)
    problems += [
        Problem(file, 1, column, "the column stands twice") for column in twice if column in known
    ]
    for wanted in known.values():
        if wanted.required and wanted.name not in header:
            message = f"the column is missing ({wanted.meaning[0].lower()}{wanted.meaning[1:]})"
            problems.append(Problem(file, 1, wanted.name, message))
    return problems


# --- records to typed columns -----------------------------------------------------------


def _typed(
    records: Iterable[tuple[int, list[str]]],
    header: list[str],
    name: str,
    file: str,
    problems: list[Problem],
) -> Table:
    """Return the typed table with every problem of every row, after those given."""
    schema = {column.name: column for column in table_schema(name)}
    places = {column: place for place, column in enumerate(header) if column in schema}
    parsers = {column_name: parser(schema[column_name]) for column_name in places}
    columns: dict[str, list[Any]] = {column_name: [] for column_name in schema}
    defaulted: Counter[str] = Counter()
    lines = array("Q")
    for line, cells in records:
        lines.append(line)
        if len(cells) != len(header):
            problems.append(Problem(file, line, None, _ragged(cells, header)))
            # The row stays, empty, under what stands first in it: so that other tables which
            # name it are not told that it is not there.
            cells = cells[:1] + [""] * (len(header) - 1)  # noqa: PLW2901
            for column_name, place in places.items():
                columns[column_name].append(_or_none(parsers[column_name], cells[place]))
            continue
        for column_name, place in places.items():
            cell = cells[place]
            try:
                columns[column_name].append(parsers[column_name](cell))
            except ValueError as error:
                problems.append(Problem(file, line, column_name, str(error)))
                columns[column_name].append(None)
            if not cell and schema[column_name].default:
                defaulted[column_name] += 1
    same: dict[str, list[Any]] = {}  # columns that are not given share one list a value: memory
    for column_name in schema.keys() - parsers.keys():
        missing = None if schema[column_name].required else default_value(schema[column_name])
        columns[column_name] = same.setdefault(repr(missing), [missing] * len(lines))
        if schema[column_name].default:
            defaulted[column_name] = len(lines)
    table = Table(name, file, columns, defaulted, lines)
    copies, clashes = _repeats(table)
    problems += clashes
    found = tuple(sorted(problems, key=lambda problem: problem.row or 0))
    return replace(_without_copies(table, copies), problems=found)


def _or_none(parse: Callable[[str], Any], cell: str) -> Any:
    """Return the value of a cell, or None if it has none."""
    try:
        return parse(cell)
    except ValueError:
        return None


def _ragged(cells: list[str], header: list[str]) -> str:
    """Say why a row has the wrong number of cells."""
    if cells[0].startswith(_CONFLICT_MARKS):
        return "a mark of an unfinished merge stands here; finish the merge first"
    return f"has {len(cells)} cells where the header has {len(header)}; quote texts with commas"


def _repeats(table: Table) -> tuple[dict[int, int], list[Problem]]:
    """Return what repeats the key of an earlier row: exact copies of it, and other rows.

    A copy is given as row to first row; another row under the same key is a problem.
    """
    names = key_columns(table.name)
    keys = list(zip(*(table.columns[column] for column in names), strict=True))
    if len(set(keys)) == len(keys):
        return {}, []
    first: dict[tuple[Any, ...], int] = {}
    copies: dict[int, int] = {}
    problems = []
    for row, key in enumerate(keys):
        if None in key:  # refused already
            continue
        before = first.setdefault(key, row)
        if before == row:
            continue
        if all(values[row] == values[before] for values in table.columns.values()):
            copies[row] = before
        else:
            shown = " ".join(str(part) for part in key)
            message = f"{shown!a} stands already on row {table.lines[before]}; give each its own"
            problems.append(table.problem(row, " ".join(names), message))
    return copies, problems


def _without_copies(table: Table, copies: Mapping[int, int]) -> Table:
    """Return the table without rows that say the same as an earlier one; warns of each."""
    if not copies:
        return table
    for row, before in copies.items():
        message = f"the row says the same as row {table.lines[before]}; it is left out"
        warnings.warn(str(table.problem(row, None, message)), DataWarning, stacklevel=5)
    return table.take([row for row in range(len(table)) if row not in copies])
