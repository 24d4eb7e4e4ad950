"""The columns of every table, from the schema that the reader of tables checks by."""

from __future__ import annotations

import csv
from pathlib import Path

import supplyroutes

FOLDER = Path(supplyroutes.__file__).parent / "schema"


def tables() -> str:
    """Return the Markdown that describes every table, each under its name."""
    return "\n".join(_table(path) for path in sorted(FOLDER.glob("*.csv")))


def _table(path: Path) -> str:
    """Return the Markdown of one table."""
    lines = [f"## {path.name}", "", "| column | takes | meaning |", "| --- | --- | --- |"]
    with path.open(encoding="utf-8", newline="") as file:
        lines += [_line(row) for row in csv.DictReader(file)]
    return "\n".join([*lines, ""])


def _line(row: dict[str, str]) -> str:
    """Return the line of one column."""
    takes = [row["dtype"], row["unit"].replace("_per_", "/")]
    takes += [row["choices"].replace("|", ", ") or _between(row["minimum"], row["maximum"])]
    takes += ["**required**" if row["required"] == "yes" else _otherwise(row["default"])]
    told = "; ".join(part for part in takes if part)
    return f"| `{row['column']}` | {told} | {row['meaning'].replace('|', '&#124;')} |"


def _otherwise(default: str) -> str:
    """Return what stands where nothing is given, if anything does."""
    return f"else {default}" if default else ""


def _between(least: str, most: str) -> str:
    """Return the range in words."""
    if least and most:
        return f"{least} to {most}"
    return f"at least {least}" if least else f"at most {most}" if most else ""
