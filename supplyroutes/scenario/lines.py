"""Where a key stands in a TOML text: the line of a problem."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType

from supplyroutes.errors import Problem

Key = Sequence[int | str]
_Place = tuple[int | str, ...]


@dataclass(frozen=True)
class Source:
    """Where a scenario was written, to name the line of a problem; no part of what it asks.

    `stands_for` are the keys that were put in from elsewhere, with the key where they are written:
    a scenario of a grid has its values from ``grid.KEY``.
    """

    file: str = "scenario"
    text: str = ""
    stands_for: Mapping[_Place, _Place] = field(default_factory=dict, compare=False)

    def problem(self, key: Key, message: str) -> Problem:
        """Return a problem placed at a key of the scenario."""
        wanted = tuple(key)
        for inside, written in self.stands_for.items():
            made_for_it = inside[: len(wanted)] == wanted and wanted not in key_lines(self.text)
            if wanted[: len(inside)] == inside or made_for_it:
                wanted = written
                break
        return Problem(self.file, line_of(self.text, wanted), dotted(wanted), message)


def dotted(key: Key) -> str | None:
    """Return the place of a key as people write it."""
    return ".".join(map(_shown, key)) or None


def _shown(part: int | str) -> str:
    """Return a part of a key, in quotes where it would be misread."""
    text = str(part)
    return text if re.fullmatch(r"[\w.: -]+", text) else json.dumps(text)


def line_of(text: str, loc: Key) -> int | None:
    """Return the line of a TOML text on which the key at `loc` stands, or what it would stand in.

    >>> line_of('title = "A"', ("title",))
    1
    """
    lines, wanted = key_lines(text), tuple(loc)
    return next(
        (
            lines[wanted[:length]]
            for length in range(len(wanted), 0, -1)
            if wanted[:length] in lines
        ),
        None,
    )


@lru_cache(maxsize=8)  # a file with many problems is looked through once
def key_lines(text: str) -> Mapping[_Place, int]:
    """Return the line on which each key of a TOML text is first named.

    Keys of tables, inline tables and dotted keys are told from the outermost; entries of arrays
    count from 0. The text has been read by `tomllib`: what is not TOML is not looked for here.
    """
    return MappingProxyType(_Scan(text).lines)


_BLANK = re.compile(r"(?:[ \t\r\n]+|#[^\n]*)*")
_STRING = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\]|\\.)*"'
    r"|'[^']*'",
    re.DOTALL,
)
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}#\n]*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")


class _Scan:
    """One look through a TOML text."""

    def __init__(self, text: str) -> None:
        self.lines: dict[_Place, int] = {}
        self._text, self._place = text, 0
        self._told, self._line = 0, 1
        table: _Place = ()
        arrays: dict[_Place, int] = {}
        while not self._ended():
            if self._next("["):
                table = self._header(arrays)
            else:
                self._entry(table)

    def _ended(self) -> bool:
        """Step over blanks and comments; tell whether the text is at its end."""
        self._step(_BLANK)
        return self._place >= len(self._text)

    def _step(self, pattern: re.Pattern[str]) -> str:
        """Step over what fits a pattern; return it."""
        found = pattern.match(self._text, self._place)
        if found is None:
            return ""
        self._place = found.end()
        return found[0]

    def _next(self, mark: str) -> bool:
        """Step over a mark; tell whether it was there."""
        there = self._text.startswith(mark, self._place)
        self._place += len(mark) if there else 0
        return there

    def _note(self, place: _Place) -> None:
        """Note the line of a key, and of what it is in, where they are first named."""
        self._line += self._text.count("\n", self._told, self._place)
        self._told = self._place
        for length in range(1, len(place) + 1):
            self.lines.setdefault(place[:length], self._line)

    def _key(self) -> _Place:
        """Step over a dotted key; return its parts."""
        parts: list[str] = []
        while True:
            self._step(_BLANK)
            quoted = self._text[self._place : self._place + 1] in {'"', "'"}
            part = self._step(_STRING if quoted else _BARE)
            parts.append(unquoted(part) if quoted else part)
            if not self._step(_DOT):
                return tuple(parts)

    def _header(self, arrays: dict[_Place, int]) -> _Place:
        """Step over the head of a table; return where it is."""
        new = self._next("[")
        parts, place = self._key(), _Place()
        for number, part in enumerate(parts, 1):
            place = (*place, part)
            if new and number == len(parts):
                arrays[place] = arrays.get(place, -1) + 1
            if place in arrays:
                place = (*place, arrays[place])
        self._note(place)
        self._step(_BLANK)
        self._next("]]" if new else "]")
        return place

    def _entry(self, table: _Place) -> None:
        """Step over a key with its value."""
        place = (*table, *self._key())
        self._note(place)
        self._step(_BLANK)
        self._next("=")
        self._value(place)

    def _value(self, place: _Place) -> None:
        """Step over a value, and note what is in it."""
        self._step(_BLANK)
        if self._next("["):
            number = 0
            while not self._closed("]"):
                self._note((*place, number))
                self._value((*place, number))
                number += 1
        elif self._next("{"):
            while not self._closed("}"):
                self._entry(place)
        elif not self._step(_STRING):
            self._step(_PLAIN)

    def _closed(self, mark: str) -> bool:
        """Step over a comma and blanks; tell whether the array or inline table is at its end."""
        self._step(_BLANK)
        self._next(",")
        self._step(_BLANK)
        return self._next(mark) or self._place >= len(self._text)


def unquoted(text: str) -> str:
    """Return the text of a quoted TOML key."""
    import tomllib

    return str(tomllib.loads(f"key = {text}")["key"])


def key_parts(name: str) -> tuple[str, ...] | None:
    """Return the parts of a dotted key as TOML reads it; None if it is no key.

    >>> key_parts('stock_m3."St. Louis"')
    ('stock_m3', 'St. Louis')
    """
    import tomllib

    if "\n" in name:
        return None
    mark = "what follows the key"  # a name such as "a = 1 #" would hide it
    try:
        inside: object = tomllib.loads(f"{name} = '{mark}'")
    except (tomllib.TOMLDecodeError, RecursionError):
        return None
    parts: list[str] = []
    while isinstance(inside, dict) and len(inside) == 1:
        ((part, inside),) = inside.items()
        parts.append(part)
    return tuple(parts) if inside == mark else None
