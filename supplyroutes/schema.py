"""Tables and their schemas: one CSV per table says what each column may hold.

The validator, the writer, the documentation and the command line read the same files in
``supplyroutes/schema/``. Everything wrong with a table is collected before anything is
refused; a value that is accepted is never changed silently.
"""

from __future__ import annotations

import csv
import io
import math
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from supplyroutes.dates import parse_day, parse_known
from supplyroutes.errors import DataError, Problem
from supplyroutes.names import bad_character, nearest_names

SCHEMA_FOLDER = Path(__file__).parent / "schema"
LONGEST_ID, LONGEST_NAME, LONGEST_TEXT = 120, 200, 10_000
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_ID = re.compile(r"\w[\w.\-]*")
_CONFLICT_MARKS = ("<<<<<<<", "=======", ">>>>>>>")
_FORMULA_START = tuple("=+-@\t\r")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: what it may hold, in which unit, and what it means."""

    name: str
    dtype: str
    unit: str
    required: bool
    default: str
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...]
    meaning: str


@dataclass(frozen=True, slots=True)
class Table:
    """A checked table: typed columns of equal length, and the line of each row in its file."""

    name: str
    file: str
    columns: Mapping[str, list[Any]]
    lines: Sequence[int] = field(default_factory=tuple)

    def __len__(self) -> int:
        """Return the number of rows."""
        return len(next(iter(self.columns.values())))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield each row as a dict of column to value."""
        for values in zip(*self.columns.values(), strict=True):
            yield dict(zip(self.columns, values, strict=True))

    def problem(self, row: int, column: str | None, message: str) -> Problem:
        """Return a problem placed at a row (counted from 0) of this table."""
        line = self.lines[row] if row < len(self.lines) else row + 2
        return Problem(self.file, line, column, message)

    def take(self, rows: Sequence[int]) -> Table:
        """Return the table with these rows, in this order."""
        columns = {name: [values[row] for row in rows] for name, values in self.columns.items()}
        lines = tuple(self.lines[row] for row in rows) if self.lines else ()
        return Table(self.name, self.file, columns, lines)


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


def key_column(name: str) -> str:
    """Return the column that identifies a row of the table."""
    return table_schema(name)[0].name


def read_table(path: str | Path, name: str) -> Table:
    """Read a CSV file (UTF-8, RFC 4180) as the table `name`.

    Raises
    ------
    DataError
        Everything that is wrong with the file: encoding, header, rows and values.
    """
    file = str(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        reason = error.strerror or str(error)
        raise DataError([Problem(file, None, None, f"cannot be read: {reason}")]) from error
    return parse_table(_decode(data, file), name, file=file)


def parse_table(text: str, name: str, *, file: str) -> Table:
    """Check CSV text against the schema of the table `name`; see `read_table`."""
    records = _records(text, file)
    header = next(records, None)
    if header is None:
        raise DataError([Problem(file, None, None, "is empty: a header line is needed")])
    _check_header(header[1], name, file)
    return _typed(records, header[1], name, file)


def table_from_cells(
    rows: Iterable[Mapping[str, str]], name: str, *, file: str, lines: Sequence[int] = ()
) -> Table:
    """Check rows of text cells (an in-memory source) as if they had been read from `file`."""
    header = [column.name for column in table_schema(name)]
    records = (
        (lines[place] if lines else place + 2, [row.get(column, "") for column in header])
        for place, row in enumerate(rows)
    )
    return _typed(records, header, name, file)


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


def format_value(value: Any, column: Column) -> str:
    """Return one typed value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, tuple):
        text = ";".join(value)
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, float):
        text = repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)  # noqa: PLR2004
    else:
        text = str(value)
    return quote_formula(text) if column.dtype in {"text", "name", "names", "ids", "id"} else text


def quote_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA_START) else text


def unquote_formula(text: str) -> str:
    """Take off the apostrophe that `quote_formula` put on."""
    quoted = text.startswith("'") and text.lstrip("'").startswith(_FORMULA_START)
    return text[1:] if quoted else text


# --- bytes to records -------------------------------------------------------------------


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
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
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


def _check_header(header: list[str], name: str, file: str) -> None:
    """Refuse missing, unknown and double columns, each with a hint."""
    known = {column.name: column for column in table_schema(name)}
    if len(header) == 1 and any(mark in header[0] for mark in ";\t"):
        message = "columns are separated by ; or tabs; save the file with commas"
        raise DataError([Problem(file, 1, None, message)])
    problems = []
    unknown = [column for column in header if column not in known]
    for column in unknown[:100]:
        near = nearest_names(column, known) if column else []
        hint = f"; did you mean {' or '.join(near)}?" if near else f"; known: {', '.join(known)}"
        problems.append(Problem(file, 1, column[:80] or "(no name)", f"unknown column{hint}"))
    if len(unknown) > 100:  # noqa: PLR2004
        problems.append(Problem(file, 1, None, f"{len(unknown)} unknown columns in all"))
    twice = sorted({column for column in header if column in known and header.count(column) > 1})
    problems += [Problem(file, 1, column, "the column stands twice") for column in twice]
    for wanted in known.values():
        if wanted.required and wanted.name not in header:
            message = f"the column is missing ({wanted.meaning[0].lower()}{wanted.meaning[1:]})"
            problems.append(Problem(file, 1, wanted.name, message))
    if problems:
        raise DataError(problems)


# --- records to typed columns -----------------------------------------------------------


def _typed(
    records: Iterable[tuple[int, list[str]]], header: list[str], name: str, file: str
) -> Table:
    """Return the typed table, or raise with every problem of every row."""
    schema = table_schema(name)
    parsers = {column.name: _parser(column) for column in schema}
    columns: dict[str, list[Any]] = {column.name: [] for column in schema}
    fills = [(column, parsers[column.name]) for column in schema if column.name not in header]
    problems: list[Problem] = []
    lines: list[int] = []
    for line, cells in records:
        if len(cells) != len(header):
            problems.append(Problem(file, line, None, _ragged(cells, header)))
            continue
        lines.append(line)
        for column_name, cell in zip(header, cells, strict=True):
            try:
                columns[column_name].append(parsers[column_name](cell))
            except ValueError as error:
                problems.append(Problem(file, line, column_name, str(error)))
                columns[column_name].append(None)
        for column, parser in fills:
            columns[column.name].append(parser(""))
    problems += _duplicates(columns[schema[0].name], lines, schema[0], name, file)
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row or 0))
    return Table(name, file, columns, tuple(lines))


def _ragged(cells: list[str], header: list[str]) -> str:
    """Say why a row has the wrong number of cells."""
    if cells[0].startswith(_CONFLICT_MARKS):
        return "a mark of an unfinished merge stands here; finish the merge first"
    return f"has {len(cells)} cells where the header has {len(header)}; quote texts with commas"


_MANY_ROWS_PER_KEY = {
    "supply", "demand", "stocks", "limits", "speeds"
}  # fmt: skip


def _duplicates(
    keys: list[Any], lines: list[int], column: Column, name: str, file: str
) -> list[Problem]:
    """Refuse a key that stands on two rows, in tables of one row a key."""
    if name in _MANY_ROWS_PER_KEY or len(set(keys)) == len(keys):
        return []
    first: dict[Any, int] = {}
    problems = []
    for line, key in zip(lines, keys, strict=True):
        if key is not None and key in first:
            message = f"{key!a} stands already on row {first[key]}; give each its own id"
            problems.append(Problem(file, line, column.name, message))
        first.setdefault(key, line)
    return problems


def _parser(column: Column) -> Callable[[str], Any]:
    """Return the function that turns a cell of the column into its value."""
    parse = partial(_PARSERS[column.dtype], column)
    default = parse(column.default) if column.default else _EMPTY.get(column.dtype)
    seen: dict[str, Any] = {}

    def value(cell: str) -> Any:
        if cell in seen:
            return seen[cell]
        text = cell.strip(" ")
        if text:
            result = parse(text)
        elif column.required:
            raise ValueError("is empty; a value is needed")
        else:
            result = default
        if len(seen) < 10_000:  # noqa: PLR2004  (equal cells share one object: less memory)
            seen[cell] = result
        return result

    return value


_EMPTY: dict[str, Any] = {"text": "", "ids": (), "names": (), "choices": ()}


def _parse_number(column: Column, text: str) -> float:
    """Parse a finite number with a decimal point, inside the column's bounds."""
    if not _NUMBER.fullmatch(text):
        raise ValueError(_number_hint(column, text))
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text[:20]} is too large to be a number")
    return _bounded(column, number, text)


def _parse_int(column: Column, text: str) -> int:
    """Parse a whole number inside the column's bounds."""
    if not _INTEGER.fullmatch(text):
        if _NUMBER.fullmatch(text):
            raise ValueError(f"{text[:40]} is not a whole number")
        raise ValueError(_number_hint(column, text))
    return int(_bounded(column, int(text), text))


def _bounded(column: Column, number: float, text: str) -> float:
    """Return the number if it lies inside the column's bounds."""
    unit = f" {column.unit}" if column.unit else ""
    if column.minimum is not None and number < column.minimum:
        raise ValueError(f"{text[:40]} is below {column.minimum:g}{unit}")
    if column.maximum is not None and number > column.maximum:
        percent = column.maximum == 1 and number <= 100  # noqa: PLR2004
        hint = f"; is it a percentage? write {number / 100:g}" if percent else ""
        raise ValueError(f"{text[:40]} is above {column.maximum:g}{unit}{hint}")
    return number


def _number_hint(column: Column, text: str) -> str:
    """Say why a text is no number, and what to write."""
    shown = f"{text[:40]!a} is not a number"
    if text.lower() in {"nan", "null", "none", "na", "n/a", "inf", "-inf", "infinity"}:
        return f"{shown}; leave the cell empty if the value is not known"
    if re.fullmatch(r"[0-9]+,[0-9]+", text):
        return f"{shown}; write a decimal point: {text.replace(',', '.')}"
    if re.fullmatch(r"[0-9][0-9 \u00a0\u202f_']*[0-9](?:[.,][0-9]+)?", text):
        plain = re.sub(r"[^0-9.,]", "", text).replace(",", ".")
        return f"{shown}; write it without separators: {plain}"
    if re.match(r"[0-9.]+\s*[A-Za-z%]", text):
        return f"{shown}; write the number alone, in {column.unit or 'the unit of the column'}"
    return shown


def _parse_bool(column: Column, text: str) -> bool:
    """Parse true or false."""
    if text not in {"true", "false"}:
        raise ValueError(f"{text[:40]!a} is neither true nor false ({column.meaning})")
    return text == "true"


def _parse_choice(column: Column, text: str) -> str:
    """Parse one word of the column's choices."""
    if text not in column.choices:
        near = nearest_names(text, column.choices) or list(column.choices)
        raise ValueError(f"{text[:40]!a} is not one of the choices; did you mean {near[0]}?")
    return text


def _parse_list(column: Column, text: str, *, parse: Callable[[Column, str], str]) -> Any:
    """Parse entries separated by semicolons."""
    entries = tuple(parse(column, entry.strip(" ")) for entry in text.split(";") if entry.strip())
    if len(set(entries)) < len(entries):
        raise ValueError("names an entry twice")
    return entries


def _parse_id(column: Column, text: str) -> str:
    """Parse an id: letters, digits, underscore, hyphen and point."""
    text = unicodedata.normalize("NFC", text)
    if not _ID.fullmatch(text) or len(text) > LONGEST_ID:
        raise ValueError(
            f"{text[:40]!a} is not an id ({column.meaning}): use letters, digits, _ - . only"
        )
    return text


def _parse_text(column: Column, text: str, *, longest: int = LONGEST_TEXT) -> str:
    """Parse free text: no characters that hide or reorder what a reader sees."""
    del column
    text = unquote_formula(text)
    bad = bad_character(text)
    if bad is not None:
        raise ValueError(f"holds the hidden character {bad}; take it out")
    if len(text) > longest:
        raise ValueError(f"has {len(text)} characters; at most {longest} are allowed")
    return text


def _parse_name(column: Column, text: str) -> str:
    """Parse a name, in composed Unicode form."""
    return unicodedata.normalize("NFC", _parse_text(column, text, longest=LONGEST_NAME))


_PARSERS: dict[str, Callable[[Column, str], Any]] = {
    "id": _parse_id,
    "ids": partial(_parse_list, parse=_parse_id),
    "name": _parse_name,
    "names": partial(_parse_list, parse=_parse_name),
    "text": _parse_text,
    "float": _parse_number,
    "int": _parse_int,
    "bool": _parse_bool,
    "choice": _parse_choice,
    "choices": partial(_parse_list, parse=_parse_choice),
    "date": lambda _column, text: parse_day(text),
    "known": lambda _column, text: parse_known(text),
}
