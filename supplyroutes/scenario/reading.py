"""Reading a scenario file: TOML in, a checked scenario out, or everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import UnionType
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from supplyroutes.errors import DataError, Problem
from supplyroutes.names import hint
from supplyroutes.scenario.lines import Source
from supplyroutes.scenario.model import Scenario

LARGEST_FILE_BYTES = 1_000_000


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file (TOML).

    Parameters
    ----------
    path
        The file. A `folder` in it is relative to the file's own folder.

    Returns
    -------
    scenario
        The checked scenario.

    Raises
    ------
    DataError
        Everything that is wrong with the file, as ``file:line: key: what is wrong``.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> path = sr.datasets.folder("mali") / "scenarios" / "ivorian_roads_reopened.toml"
    >>> sr.read_scenario(path).date
    datetime.date(2025, 10, 15)
    """
    place = Path(path)
    text, values = _read_toml(place)
    if isinstance(values.get("folder"), str):
        values["folder"] = str(place.parent / values["folder"])
    source = Source(str(place), text)
    try:
        scenario = Scenario.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise DataError([source.problem(item["loc"], _say(item)) for item in found]) from None
    vars(scenario)["source"] = source
    return scenario


def _read_toml(place: Path) -> tuple[str, dict[str, Any]]:
    """Return text and values of a TOML file, or `DataError`."""

    def refuse(message: str, line: int | None = None) -> DataError:
        return DataError([Problem(str(place), line, None, message)])

    try:
        data = place.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"cannot be read: {reason}") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise refuse(f"has {len(data)} bytes; a scenario has at most {LARGEST_FILE_BYTES}")
    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise refuse(f"is not UTF-8 (byte offset {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line ([0-9]+)", str(error))
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise refuse(f"is not TOML: {message}", int(found[1]) if found else None) from None
    except RecursionError:
        raise refuse("is nested too deeply") from None


def _say(item: Mapping[str, Any]) -> str:
    """Return a message of pydantic in our words."""
    if item["type"] == "extra_forbidden":
        known = _known_keys(item["loc"])
        return "unknown key" + (hint(str(item["loc"][-1]), known) or f"; known: {', '.join(known)}")
    if item["type"] == "missing":
        return "the key is missing"
    if item["type"] == "date_type":
        given = item["input"]
        shown = given.isoformat() if isinstance(given, dt.datetime) else ascii(given)
        return f"write a date without quotes or time: 2025-10-15, not {shown}"
    message = str(item["msg"]).removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _known_keys(loc: Sequence[int | str]) -> list[str]:
    """Return the keys that the part of the scenario at `loc` knows: its last key is the fault."""
    part: Any = Scenario
    for key in loc[:-1]:
        part = _inside(part, key)
    return list(part.model_fields)


def _inside(part: Any, key: int | str) -> Any:
    """Return the kind of part that stands under a key."""
    kind = part.model_fields[key].annotation if _is_part(part) else part
    if not _is_part(part) and get_origin(part) in {dict, list}:
        kind = get_args(part)[-1]
    if get_origin(kind) in {Union, UnionType}:
        kind = next(option for option in get_args(kind) if option is not type(None))
    return kind


def _is_part(kind: Any) -> bool:
    """Tell whether a kind of value is a table of known keys."""
    return isinstance(kind, type) and issubclass(kind, BaseModel)
