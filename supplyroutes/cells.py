"""Cells of tables: text to typed values and back, refusing what is not what it seems."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from supplyroutes.dates import parse_day, parse_known
from supplyroutes.names import bad_character, hint

LONGEST_ID, LONGEST_NAME, LONGEST_TEXT = 120, 200, 10_000
_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,4})?")
_INTEGER = re.compile(r"[+-]?[0-9]{1,15}")
_ID = re.compile(r"\w[\w.\-]*")
_FORMULA_START = tuple("=+-@\t\r\uff1d\uff0b\uff0d\uff20")
"""What begins a formula in a spreadsheet; the last four are the wide forms of the first."""


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


def format_value(value: Any, column: Column) -> str:
    """Return one typed value as the text of a cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, tuple):
        text = ";".join(quote_formula(str(entry)) for entry in value)
    elif isinstance(value, date):
        text = value.isoformat()
    elif isinstance(value, float):
        text = str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(float(value))  # noqa: PLR2004
    else:
        text = str(value)
    return quote_formula(text) if column.dtype in {"text", "name", "id"} else text


def quote_formula(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run as a formula."""
    return "'" + text if text.lstrip("'").startswith(_FORMULA_START) else text


def unquote_formula(text: str) -> str:
    """Take off the apostrophe that `quote_formula` put on."""
    quoted = text.startswith("'") and text.lstrip("'").startswith(_FORMULA_START)
    return text[1:] if quoted else text


def default_value(column: Column) -> Any:
    """Return the value of an empty cell of the column."""
    if column.default:
        return _PARSERS[column.dtype](column, column.default)
    return _EMPTY.get(column.dtype)


def parser(column: Column) -> Callable[[str], Any]:
    """Return the function that turns a cell of the column into its value."""
    parse = partial(_PARSERS[column.dtype], column)
    default = default_value(column)
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
    if re.fullmatch(r"[+-]?[0-9]+,[0-9]+", text):
        return f"{shown}; write a decimal point: {text.replace(',', '.')}{_thousands(text)}"
    if re.fullmatch(r"[0-9][0-9 \u00a0\u202f_']*[0-9](?:[.,][0-9]+)?", text):
        plain = re.sub(r"[^0-9.,]", "", text).replace(",", ".")
        return f"{shown}; write it without separators: {plain}"
    if re.match(r"[0-9.]+\s*[A-Za-z%]", text):
        return f"{shown}; write the number alone, in {column.unit or 'the unit of the column'}"
    return shown


def _thousands(text: str) -> str:
    """Return the other reading of a text whose comma may part thousands."""
    apart = re.fullmatch(r"[+-]?[0-9]{1,3},[0-9]{3}", text)
    return f" (or {text.replace(',', '')}, if the comma parts thousands)" if apart else ""


def _parse_bool(column: Column, text: str) -> bool:
    """Parse true or false."""
    if text not in {"true", "false"}:
        raise ValueError(f"{text[:40]!a} is neither true nor false ({column.meaning})")
    return text == "true"


def _parse_choice(column: Column, text: str) -> str:
    """Parse one word of the column's choices."""
    if text not in column.choices:
        near = hint(text, column.choices) or f"; choose from {', '.join(column.choices)}"
        raise ValueError(f"{text[:40]!a} is not one of the choices{near}")
    return text


def _parse_list(column: Column, text: str, *, parse: Callable[[Column, str], str]) -> Any:
    """Parse entries separated by semicolons."""
    cells = (cell.strip(" ") for cell in text.split(";"))
    entries = tuple(parse(column, cell) for cell in cells if cell)
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
