"""Results as plain values: what JSON can hold."""

from __future__ import annotations

from datetime import date
from functools import cache
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.schema import SCHEMA_FOLDER, table_schema

if TYPE_CHECKING:
    import pandas as pd


def plain(value: Any) -> Any:
    """Return a value of a result table as a plain one; a missing number is None.

    >>> plain(float("nan")), plain(("a", "b")), plain(0.1 + 0.2)
    (None, ['a', 'b'], 0.3)
    """
    if isinstance(value, (tuple, list)):
        return [plain(entry) for entry in value]
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bool, str)) or value is None:
        return value
    if hasattr(value, "item"):
        return plain(value.item())
    if isinstance(value, float):
        return round(value, 6) if isfinite(value) else None
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain dicts, the index first.

    Whole numbers stay whole: pandas holds a column of them as floats as soon as one is missing.
    """
    columns = [str(name) for name in frame.reset_index()]
    values = [_whole if name in _whole_columns() else plain for name in columns]
    rows = frame.reset_index().itertuples(index=False, name=None)
    return [
        {name: value(cell) for name, value, cell in zip(columns, values, row, strict=True)}
        for row in rows
    ]


def _whole(value: Any) -> int | None:
    """Return a value of a column of whole numbers."""
    told = plain(value)
    return None if told is None else int(told)


@cache
def _whole_columns() -> frozenset[str]:
    """Return the columns of whole numbers: those of any schema, and the ages that we count."""
    names = (path.stem for path in SCHEMA_FOLDER.glob("*.csv"))
    told = {column.name for name in names for column in table_schema(name) if column.dtype == "int"}
    return frozenset(told | {"last_report_age_days"})
