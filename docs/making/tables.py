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
    lines = [f"## {path.name}", "", "| column | type | unit | default | allowed | meaning |"]
    lines.append("| --- | --- | --- | --- | --- | --- |")
    with path.open(encoding="utf-8", newline="") as file:
        lines += [_line(row) for row in csv.DictReader(file)]
    return "\n".join([*lines, ""])


def _line(row: dict[str, str]) -> str:
    """Return the line of one column."""
    default = "required" if row["required"] == "yes" else row["default"]
    allowed = row["choices"].replace("|", ", ") or _between(row["minimum"], row["maximum"])
    cells = (row["column"], row["dtype"], row["unit"], default, allowed, row["meaning"])
    escaped = [cell.replace("|", "\\|") for cell in cells]
    return "| " + " | ".join([f"`{escaped[0]}`", *escaped[1:]]) + " |"


def _between(least: str, most: str) -> str:
    """Return the range in words."""
    if least and most:
        return f"{least} to {most}"
    return f"≥ {least}" if least else f"≤ {most}" if most else ""
