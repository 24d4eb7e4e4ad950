"""What pydantic finds wrong with a scenario, in our words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import ValidationError

from supplyroutes.errors import DataError
from supplyroutes.names import hint
from supplyroutes.scenario.lines import Key, Source
from supplyroutes.scenario.model import Part, Scenario

MOST_SHOWN = 60
"""Characters of a value that a message shows."""
_OF_A_KEY = "[key]"
"""Pydantic's mark for a problem of a key itself."""
_NEEDED = {
    "float_type": "a number is needed",
    "int_type": "a whole number is needed",
    "int_from_float": "a whole number is needed",
    "string_type": "text in quotes is needed",
    "bool_type": "true or false is needed, without quotes",
    "list_type": "a list is needed, in square brackets",
    "dict_type": "a table is needed: keys with values",
    "model_type": "a table is needed: keys with values",
    "date_type": "write a date without quotes or time: 2025-10-15",
    "finite_number": "a finite number is needed",
}
_LIMITS = {
    "greater_than_equal": ("ge", "a number from {} up is needed"),
    "greater_than": ("gt", "a number above {} is needed"),
    "less_than_equal": ("le", "a number up to {} is needed"),
    "too_long": ("max_length", "at most {} are allowed"),
}


def validated(values: Mapping[str, Any], source: Source) -> Scenario:
    """Return the scenario that values describe.

    Parameters
    ----------
    values
        The keys with their values, as read from TOML.
    source
        Where the scenario was written.

    Raises
    ------
    DataError
        Everything that pydantic finds wrong with it, each at its key and line.
    """
    try:
        scenario = Scenario.model_validate(values)
    except ValidationError as error:
        problems = []
        for item in error.errors(include_url=False):
            key = tuple(part for part in item["loc"] if part != _OF_A_KEY)
            problems.append(source.problem(key, told(item, key)))
        raise DataError(problems) from None
    vars(scenario)["source"] = source
    return scenario


def told(item: Mapping[str, Any], key: Key) -> str:
    """Return what is wrong at a key, and what to write instead."""
    kind, given = item["type"], item.get("input")
    if kind == "extra_forbidden":
        known = keys_at(key[:-1])
        return "unknown key" + (hint(str(key[-1]), known) or f"; known: {', '.join(known)}")
    if kind == "missing":
        return "the key is missing"
    if kind == "literal_error":
        known = [str(value) for value in get_args(_literal_at(key))]
        near = hint(given, known) if isinstance(given, str) else ""
        return f"{_shown(given)} is none of {', '.join(known)}{near}"
    if kind in _NEEDED:
        unquoted = "; write it without quotes" if _in_quotes(kind, given) else ""
        return f"{_NEEDED[kind]}, not {_shown(given)}{unquoted}"
    if kind in _LIMITS:
        limit, message = _LIMITS[kind]
        needed = message.format(f"{item['ctx'][limit]:g}")
        return needed if kind == "too_long" else f"{needed}, not {_shown(given)}"
    message = str(item["msg"]).removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def keys_at(key: Key) -> list[str]:
    """Return the keys that the part of a scenario at a key knows."""
    part: Any = Scenario
    for name in key:
        part = _inside(part, name)
    return list(part.model_fields)


def _literal_at(key: Key) -> Any:
    """Return the choices that a key has."""
    part: Any = Scenario
    for name in key:
        part = _inside(part, name)
    return part if get_origin(part) is Literal else Literal[()]


def _inside(part: Any, name: int | str) -> Any:
    """Return the kind of part that stands under a key."""
    kind = part.model_fields[name].annotation if _is_part(part) else part
    if not _is_part(part) and get_origin(part) in {dict, list}:
        kind = get_args(part)[-1]
    if get_origin(kind) in {Union, UnionType}:
        kind = next(option for option in get_args(kind) if option is not type(None))
    return kind


def _is_part(kind: Any) -> bool:
    """Tell whether a kind of value is a table of known keys."""
    return isinstance(kind, type) and issubclass(kind, Part)


def _in_quotes(kind: str, given: object) -> bool:
    """Tell whether a number was written in quotes."""
    if kind not in {"float_type", "int_type"} or not isinstance(given, str):
        return False
    try:
        float(given)
    except ValueError:
        return False
    return True


def _shown(given: object) -> str:
    """Return a value as a scenario file would have it, cut if it is long."""
    if isinstance(given, bool):
        return str(given).lower()
    if isinstance(given, dt.date | dt.time):
        return given.isoformat()
    if isinstance(given, Mapping):
        return "a table"
    if isinstance(given, Sequence) and not isinstance(given, str):
        return "a list"
    text = ascii(given)
    return text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}..."
