"""A planner's own figures of what towns use, put into the table of demand."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from math import fsum, isfinite
from typing import Any

from supplyroutes.commodities import covers
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.schema import Table, key_columns, table_schema

MOST_M3_PER_DAY = 10_000_000
_ENDS = tuple(f"demand_m3_per_day_{end}" for end in ("low", "best", "high"))
_Use = dict[tuple[str, str | None], float]


def parted(name: str) -> tuple[str, str | None]:
    """Return the town and the class of a name such as ``bamako:power``; no class if none is told.

    Raises
    ------
    UnknownIdError
        There is no such class of demand.
    """
    town, colon, kind = name.partition(":")
    if not colon:
        return town, None
    classes = next(
        entry.choices for entry in table_schema("demand") if entry.name == "demand_class"
    )
    found = kind.strip().lower()
    if found not in classes:
        raise UnknownIdError("demand class", kind, nearest_names(found, classes) or classes)
    return town, found


def collected(told: Iterable[tuple[str, str, str | None, float]]) -> _Use:
    """Return own figures by town id and class, from (name, id, class, m3 a day).

    Raises
    ------
    RequestError
        A figure is not a number from 0 up, or is told twice: also as a whole and by class.
    """
    found: _Use = {}
    for name, node, kind, amount in told:
        if not (isfinite(amount) and 0 <= amount <= MOST_M3_PER_DAY):
            raise RequestError(f"use of {name}: {amount} must be a number of m3 a day from 0 up")
        rivals = [other for other in found if other[0] == node and (None in {kind, other[1]})]
        if rivals or (node, kind) in found:
            raise RequestError(f"use of {name}: told twice, or as a whole and by class")
        found[node, kind] = float(amount)
    return found


def with_use(table: Table, commodity: str, values: Mapping[tuple[str, str | None], float]) -> Table:
    """Return the demand table with own figures, low = best = high.

    Parameters
    ----------
    table
        The demand table.
    commodity
        What the figures are of: rows of it, of its parts and of what it is a part of change.
    values
        m3 a day by town and class; no class for the whole town, split over its classes as before.

    Raises
    ------
    RequestError
        A town without recorded use is given a whole that nothing says how to split.
    """
    rows = list(table.rows())
    for (node, kind), amount in values.items():
        fit = [
            place
            for place, row in enumerate(rows)
            if row["node"] == node
            and kind in {None, row["demand_class"]}
            and (covers(row["commodity"], commodity) or covers(commodity, row["commodity"]))
        ]
        before = fsum(rows[place][_ENDS[1]] for place in fit)
        if before > 0:
            for place in fit:
                rows[place] = _own(rows[place], rows[place][_ENDS[1]] * (amount / before))
        elif kind is None:
            raise RequestError(
                f"no use of {commodity} is recorded at {node}: say the class, as in {node}:power"
            )
        else:
            rows = [row for place, row in enumerate(rows) if place not in fit]
            cells = {entry.name: None for entry in table_schema("demand")}
            new = {**cells, "node": node, "demand_class": kind, "commodity": commodity}
            rows.append(_own(new, amount))
    keys = key_columns("demand")
    rows.sort(key=lambda row: [row[key] for key in keys])
    columns: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in table.columns}
    return Table(table.name, table.file, columns, table.defaulted, array("Q")).fixed()


def _own(row: Mapping[str, Any], amount: float) -> dict[str, Any]:
    """Return a row with an own figure."""
    made = {"basis": "assumption", "source": "own figure", "confidence": "medium", "note": ""}
    return {**row, **made, **dict.fromkeys(_ENDS, amount)}
