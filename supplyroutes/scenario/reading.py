"""Reading a scenario file: TOML in, a checked scenario out, or everything that is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path
from typing import Any

from supplyroutes.errors import DataError, Problem
from supplyroutes.scenario.grids import grid_problems
from supplyroutes.scenario.lines import Source
from supplyroutes.scenario.merging import link_problems
from supplyroutes.scenario.model import Scenario
from supplyroutes.scenario.telling import validated

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
    scenario = validated(values, source)
    problems = [*link_problems(scenario), *grid_problems(scenario)]
    if problems:
        raise DataError(problems)
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
        line = int(found[1]) if found else None
        message = re.sub(r" \(at .*\)$", "", str(error))
        day = _no_day(text, line)
        if day:
            raise refuse(f"{day} is not a day of the calendar", line) from None
        raise refuse(f"is not TOML: {message}", line) from None
    except RecursionError:
        raise refuse("is nested too deeply") from None


def _no_day(text: str, line: int | None) -> str | None:
    """Return what stands for a day on a line that TOML cannot read, and is none."""
    told = text.splitlines()[line - 1 : line] if line else []
    found = re.search(r"=\s*([0-9]{4}-[0-9]{2}-[0-9]{2})\s*(#.*)?$", told[0]) if told else None
    if found is None:
        return None
    try:
        dt.date.fromisoformat(found[1])
    except ValueError:
        return found[1]
    return None
