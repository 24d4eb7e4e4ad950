"""What a batch has to do: one task for each scenario, known by what it asks and rests on."""

from __future__ import annotations

import json
import platform
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from supplyroutes.batch.records import SUMMARY
from supplyroutes.errors import RequestError, SupplyroutesError
from supplyroutes.scenario import SUPPOSED, Scenario, read_scenario
from supplyroutes.scenario.grids import expanded
from supplyroutes.scenario.made import made_of

WRITING = ("fpdf2", "matplotlib", "networkx", "openpyxl")
"""Packages whose version may change a byte of a report, beside those that compute."""


@dataclass(frozen=True)
class Wish:
    """What is wanted of every scenario of a batch.

    Attributes
    ----------
    formats
        Suffixes of the reports: ``.html``, ``.md`` ...
    lang
        Language of the reports.
    condition
        A condition to judge, or None; see `supplyroutes.conditions`.
    """

    formats: tuple[str, ...] = (".html",)
    lang: str = "en"
    condition: str | None = None


@dataclass(frozen=True)
class Task:
    """One scenario of a batch.

    Attributes
    ----------
    name
        Its name, and that of its folder: the stem of its file, and the place in its grid.
    scenario
        The scenario; None if it could not be read.
    fault
        Why it could not be read; else empty.
    """

    name: str
    scenario: Scenario | None
    fault: str = ""


def tasks_of(paths: Iterable[Path], *, day: date | None = None) -> list[Task]:
    """Return the tasks of scenario files and of folders of them, grids written out.

    A file that cannot be read is a task that has failed: the others go on.

    Parameters
    ----------
    paths
        Scenario files, and folders whose ``.toml`` files are taken in order of name.
    day
        Asked of instead of the day of each scenario.

    Raises
    ------
    RequestError
        There is no scenario, or two of one name, or one whose name no folder of a batch can have.
    """
    files = _files(paths)
    for path in files:
        if path.stem.startswith(".") or path.stem.lower() in SUMMARY:
            raise RequestError(f"{path}: a batch can have no folder {path.stem}; rename the file")
    tasks = [task for path in files for task in _read(path, day)]
    if not tasks:
        raise RequestError("there is no scenario file (.toml) to run")
    names = Counter(task.name.casefold() for task in tasks)
    twice = sorted({task.name for task in tasks if names[task.name.casefold()] > 1})
    if twice:
        raise RequestError(
            f"two scenarios are called {', '.join(twice)}: their results would share a folder; "
            "rename one of the files"
        )
    return tasks


def _files(paths: Iterable[Path]) -> list[Path]:
    """Return the scenario files, those of a folder in order of name."""
    found: list[Path] = []
    for path in paths:
        found += sorted(path.glob("*.toml")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _read(path: Path, day: date | None) -> list[Task]:
    """Return the tasks of a file."""
    try:
        scenario = read_scenario(path)
        asked = {} if day is None else {"date": day}
        scenarios = expanded(scenario.model_copy(update=asked))
    except SupplyroutesError as error:
        return [Task(path.stem, None, str(error))]
    return [
        Task(path.stem if name == SUPPOSED else f"{path.stem}_{name}", one)
        for name, one in scenarios.items()
    ]


def task_key(scenario: Scenario, wish: Wish) -> str:
    """Return what makes a task the same task: question, inputs, versions and what is wanted.

    The question is what was said, in its order: a what-if that says a default changes what it is
    of, one that leaves it out does not; and what-ifs are answered in the order of the file.

    Parameters
    ----------
    scenario
        The scenario.
    wish
        What is wanted.
    """
    parts = {
        "scenario": scenario.model_dump(mode="json", exclude_unset=True),
        "made": asdict(made_of(scenario)),
        "wish": asdict(wish),
        "packages": _packages(),
    }
    return sha256(json.dumps(parts).encode()).hexdigest()


@cache
def _packages() -> dict[str, str]:
    """Return the versions of Python and of what reports are drawn and written with."""
    found = {"python": platform.python_version()}
    for name in WRITING:
        with suppress(PackageNotFoundError):  # an extra that is not installed
            found[name] = version(name)
    return found
