"""Results as plain values: what JSON can hold."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

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
    """Return the rows of a table as plain dicts, the index first."""
    columns = [str(name) for name in frame.reset_index()]
    rows = frame.reset_index().itertuples(index=False, name=None)
    return [dict(zip(columns, map(plain, row), strict=True)) for row in rows]
