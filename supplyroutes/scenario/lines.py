"""Where a key stands in a TOML text: the line of a problem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from supplyroutes.errors import Problem

Key = Sequence[int | str]


@dataclass(frozen=True)
class Source:
    """Where a scenario was written, to name the line of a problem; no part of what it asks."""

    file: str = "scenario"
    text: str = ""

    def problem(self, key: Key, message: str) -> Problem:
        """Return a problem placed at a key of the scenario."""
        return Problem(self.file, line_of(self.text, key), dotted(key), message)


def dotted(key: Key) -> str | None:
    """Return the place of a key as people write it."""
    return ".".join(str(part) for part in key) or None


def line_of(text: str, loc: Key) -> int | None:
    """Return the line of a TOML text on which the key at `loc` stands or begins, or its table.

    >>> line_of('title = "A"', ("title",))
    1
    """
    wanted = tuple(loc)
    table: tuple[int | str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        key = re.match(r"\s*([\w.\-\"']+)\s*=", line)
        if header:
            names = _keys(header[2])
            table = names
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            here = table
        elif key:
            here = (*table, *_keys(key[1]))
        else:
            continue
        # One is within the other: the line above the key that is closest, or the first within it.
        depth = min(len(here), len(wanted))
        if wanted[:depth] == here[:depth] and depth > best[0]:
            best = (depth, number)
    return best[1]


def _keys(dotted: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
