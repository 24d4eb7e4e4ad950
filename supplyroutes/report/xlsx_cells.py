"""Cells of a workbook: values as what they are, text as text, and how each column is shown."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from supplyroutes.catalogue import Words
from supplyroutes.names import bad_character

LONGEST = 32_767
"""Characters that a cell can hold, counted in units of UTF-16."""
EXACT = 10**15
"""Whole numbers from here on lose digits in a workbook: they are written as text."""
FIRST_DAY = date(1900, 3, 1)
"""Workbooks count days wrongly before: those are written as text."""
UNITS = ("m3_h_per_day", "m3_per_day", "per_day", "m3", "kmh", "km", "h", "days", "prob", "share",
         "ratio")  # fmt: skip
"""Units that end the names of columns, the longest first where one ends another."""
PARTS = ("baseline", "before", "best", "change", "high", "independent", "low", "p10", "p50", "p90",
         "recorded", "reference", "what_if")  # fmt: skip
"""Which of several values a column holds, after the unit."""
PER_CENT = {"prob", "share"}
FORMULA_START = ("=", "+", "-", "@", "'")
DAY_FORMATS = {"en": "[$-409]d mmm yyyy", "fr": "[$-40C]d mmm yyyy"}
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def cell_value(value: Any) -> str | float | bool | date | None:
    """Return the value of a cell: a number, a day, a truth, or a text; None if it is empty."""
    import pandas as pd

    value = value.item() if hasattr(value, "item") and not isinstance(value, date) else value
    if isinstance(value, (tuple, list, frozenset, set)):
        return safe_text(", ".join(map(str, value))) or None
    if value is None or pd.isna(value):
        return None
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return _number(value)
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        value = value.date()
    if type(value) is date and value >= FIRST_DAY:
        return value
    return safe_text(str(value)) or None


def _number(value: float) -> str | float:
    """Return a number that a workbook can hold, or its text."""
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    return str(value) if isinstance(value, int) and abs(value) >= EXACT else value


def safe_text(text: str) -> str:
    r"""Return text that a workbook shows as it is: what it cannot hold or would hide is escaped.

    Control characters, characters that hide or reorder text, and what is no character of XML stand
    as ``\x1b``; what a workbook would read as the code of a character, ``_x0041_``, is escaped in
    the workbook's own way. A text that is too long ends in dots.
    """
    shown = "".join(char if _fits(char) else ascii(char)[1:-1] for char in text)
    shown = _ESCAPE.sub("_x005F_", shown)
    units = shown.encode("utf-16-le")
    if len(units) <= 2 * LONGEST:
        return shown
    return units[: 2 * LONGEST - 2].decode("utf-16-le", "ignore") + "\N{HORIZONTAL ELLIPSIS}"


def _fits(char: str) -> bool:
    """Tell whether a character can be held and seen."""
    return bad_character(char) is None and ord(char) & 0xFFFE != 0xFFFE  # noqa: PLR2004


def put(cell: Any, value: Any) -> None:
    """Write a value into a cell of openpyxl as `cell_value` gives it."""
    put_as_it_is(cell, cell_value(value))


def put_as_it_is(cell: Any, value: str | float | bool | date | None) -> None:  # noqa: FBT001
    """Write a value of a cell: whatever a text begins with, it is no formula and no error."""
    cell.value = value
    if isinstance(value, str):
        cell.data_type = "s"
        if value.startswith(FORMULA_START):
            cell.quotePrefix = True


# --- columns ------------------------------------------------------------------------------


def column_parts(name: str) -> tuple[str, str, list[str]]:
    """Return what a column's name is made of: what is told, its unit, and which of its values."""
    told = name
    parts: list[str] = []
    while end := next((part for part in PARTS if told.endswith(f"_{part}")), ""):
        told = told.removesuffix(f"_{end}")
        parts.insert(0, end)
    unit = next((unit for unit in UNITS if told.endswith(f"_{unit}")), "")
    return told.removesuffix(f"_{unit}") if unit else told, unit, parts


def column_label(name: str, say: Words) -> str:
    """Return the head of a column in words, with its unit."""
    key = f"column.{name}"
    if key in say:
        return say(key)
    told, unit, parts = column_parts(name)
    key = f"column.{told}"
    label = say(key) if key in say else told.replace("_", " ").capitalize()
    for part in parts:
        label = say(f"column.part.{part}", name=label)
    return say(f"column.unit.{unit}", name=label) if unit else label


def number_format(name: str, values: Iterable[Any], lang: str) -> str:
    """Return how a column is shown: per cent, days, or as many decimals as its numbers need."""
    found = [value for value in values if value is not None and not isinstance(value, (bool, str))]
    if found and all(isinstance(value, date) for value in found):
        return DAY_FORMATS[lang]
    numbers = [abs(value) for value in found if isinstance(value, (int, float))]
    if column_parts(name)[1] in PER_CENT:
        return "0.0%"
    return f"#,##0{_decimals(numbers)}" if numbers else "General"


def _decimals(numbers: Sequence[float]) -> str:
    """Return the decimals of a format: none for whole numbers, few for large ones."""
    if all(float(number).is_integer() for number in numbers):
        return ""
    return ".0" if max(numbers) >= 10 else ".00"  # noqa: PLR2004


def sheet_names(wanted: Iterable[str], taken: Iterable[str] = ()) -> list[str]:
    """Return names of sheets: no sign that they may not hold, at most 31 long, none twice."""
    used = {name.casefold() for name in taken} | {"history"}
    found = []
    for name in wanted:
        plain = "".join(char if _fits(char) else "" for char in name)
        plain = re.sub(r"[\[\]:*?/\\]", " ", plain).strip("' ")[:31].strip("' ") or "table"
        number, chosen = 1, plain
        while chosen.casefold() in used:
            number += 1
            end = f" {number}"
            chosen = plain[: 31 - len(end)] + end
        used.add(chosen.casefold())
        found.append(chosen)
    return found
