"""Reading a scenario file: TOML in, a checked scenario out, or everything that is wrong with it."""

from __future__ import annotations

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
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise refuse(f"is not TOML: {message}", int(found[1]) if found else None) from None
    except RecursionError:
        raise refuse("is nested too deeply") from None
