"""Grids: one scenario for each combination of the values that keys take in turn."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import product
from math import prod
from typing import Any

from supplyroutes.errors import DataError, Problem
from supplyroutes.scenario.lines import Source, key_parts
from supplyroutes.scenario.merging import link_problems
from supplyroutes.scenario.model import MOST_IN_GRID, SUPPOSED, Scenario
from supplyroutes.scenario.telling import validated

MOST_IN_NAME, DIGEST = 100, 8
"""Characters of a name, and of the digest that ends one that was cut."""
_FIXED = {
    "case": "a grid is of one case",
    "folder": "a grid is of one case",
    "grid": "a grid has no grid",
    "outputs": "the files of each scenario are named by the batch",
    "title": "each scenario of a grid is titled by its values",
}
_Place = tuple[int | str, ...]
_Step = tuple[str, _Place, Any, int]
"""A key of the grid, its parts, one of its values, and the place of that value."""


def expanded(scenario: Scenario) -> dict[str, Scenario]:
    """Return one scenario for each combination of the values of a grid.

    The first key varies slowest. A grid may change any key of the scenario or of its what-ifs,
    ``what_if.truce.events.ended`` too. Names are made of the last parts of the keys and the values
    (``dwell_border_h-12_tankers-300``), hold nothing that a file name cannot, and stay the same
    when other values are added; a long one is cut and ends in a digest of the whole.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    scenarios
        By name, in order; without a grid the scenario itself, called "scenario".

    Raises
    ------
    DataError
        A key is not one that a grid can change, a value does not fit it, or there would be more
        than 10,000 scenarios: each with the line of the key or value.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.scenario.grids import expanded
    >>> scenario = sr.Scenario(
    ...     case="toy", date=datetime.date(2025, 1, 12),
    ...     grid={"assumptions.dwell_border_h": [12, 24], "fleet.tankers": [100, 300]})
    >>> for name, one in expanded(scenario).items():
    ...     print(name, one.assumptions["dwell_border_h"], one.fleet.tankers)
    dwell_border_h-12_tankers-100 12.0 100.0
    dwell_border_h-12_tankers-300 12.0 300.0
    dwell_border_h-24_tankers-100 24.0 100.0
    dwell_border_h-24_tankers-300 24.0 300.0
    """
    problems = list(grid_problems(scenario))
    if problems:
        raise DataError(problems)
    if not scenario.grid:
        return {SUPPOSED: scenario}
    labels = _labels(scenario)
    found: dict[str, Scenario] = {}
    for steps in product(*_steps(scenario)):
        made = _with(scenario, steps)
        name = _name(steps, labels)
        found[name if name not in found else _digested(name, steps)] = made
    return found


def grid_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with a grid: its keys, each of its values alone, and its size."""
    fine = True
    for problem in _problems_of_keys(scenario):
        fine = False
        yield problem
    size = prod(len(values) for values in scenario.grid.values())
    if size > MOST_IN_GRID:
        fine = False
        message = f"makes {size} scenarios; at most {MOST_IN_GRID} are allowed"
        yield scenario.source.problem(("grid",), message)
    for step in (step for steps in _steps(scenario) for step in steps) if fine else ():
        try:
            _with(scenario, [step])
        except DataError as error:
            yield from error.problems


def alone(scenario: Scenario) -> Iterator[Scenario]:
    """Yield the scenario with each value of its grid alone.

    Raises
    ------
    DataError
        A value does not fit its key.
    """
    for steps in _steps(scenario):
        for step in steps:
            yield _with(scenario, [step])


def _problems_of_keys(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the keys of a grid."""
    seen: dict[_Place, str] = {}
    for name, values in scenario.grid.items():
        parts = key_parts(name)
        message = ""
        if parts is None:
            message = "is no key; write for example assumptions.dwell_border_h"
        elif parts[0] in _FIXED:
            message = f"cannot be changed here: {_FIXED[parts[0]]}"
        elif not values:
            message = "has no values: list them in square brackets"
        elif len(set(map(_told, values))) < len(values):
            message = "has the same value twice"
        elif parts[0] == "what_if" and parts[1:2] and parts[1] not in scenario.what_if:
            known = ", ".join(scenario.what_if) or "none"
            message = f"no what-if is called {parts[1]!a}; known: {known}"
        else:
            rivals = [seen[other] for other in seen if _overlap(other, parts)]
            if rivals:
                message = f"changes what {rivals[0]} changes"
        if message:
            yield scenario.source.problem(("grid", name), message)
        if parts is not None:
            seen[parts] = name


def _overlap(one: _Place, other: _Place) -> bool:
    """Tell whether one key is within the other."""
    depth = min(len(one), len(other))
    return one[:depth] == other[:depth]


def _steps(scenario: Scenario) -> list[list[_Step]]:
    """Return the values of each key of a grid."""
    return [
        [(name, key_parts(name) or (), value, place) for place, value in enumerate(values)]
        for name, values in scenario.grid.items()
    ]


def _with(scenario: Scenario, steps: Sequence[_Step]) -> Scenario:
    """Return a scenario with some values put in and without a grid, or raise what is wrong."""
    values = scenario.model_dump(exclude_unset=True, exclude={"grid"})
    told = ", ".join(f"{name} = {_told(value)}" for name, _, value, _ in steps)
    values["title"] = f"{scenario.title} ({told})" if scenario.title else told
    places: dict[_Place, _Place] = {parts: ("grid", name, place) for name, parts, _, place in steps}
    source = Source(scenario.source.file, scenario.source.text, places)
    missing = [parts for _, parts, value, _ in steps if not _put(values, parts, value)]
    if missing:
        message = "leads to nothing that could be changed"
        raise DataError([source.problem(parts, message) for parts in missing])
    made = validated(values, source)
    problems = list(link_problems(made))
    if problems:
        raise DataError(problems)
    return made


def _put(values: dict[str, Any], parts: _Place, value: Any) -> bool:
    """Put a value under a dotted key, a number for a place in a list; tell whether it could be."""
    inside: Any = values
    for number, part in enumerate(parts, 1):
        last = number == len(parts)
        if isinstance(inside, list) and _is_place(inside, part):
            key: Any = int(part)
        elif isinstance(inside, dict):
            key = part
        else:
            return False
        if last:
            inside[key] = value
        elif isinstance(inside, dict):
            inside = inside.setdefault(key, {})
        else:
            inside = inside[key]
    return True


def _is_place(entries: Sequence[object], part: int | str) -> bool:
    """Tell whether a part of a key is a place in a list."""
    return str(part).isdigit() and int(part) < len(entries)


def _labels(scenario: Scenario) -> dict[str, str]:
    """Return what each key is called in names: as few of its last parts as tell it from others."""
    parts = {name: key_parts(name) or () for name in scenario.grid}
    labels = {}
    for name, own in parts.items():
        length = 1
        while length < len(own) and any(
            other[-length:] == own[-length:] for key, other in parts.items() if key != name
        ):
            length += 1
        labels[name] = _safe("-".join(own[-length:]))
    return labels


def _name(steps: Sequence[_Step], labels: Mapping[str, str]) -> str:
    """Return the name of a combination."""
    name = "_".join(f"{labels[key]}-{_safe(_told(value))}" for key, _, value, _ in steps)
    alike = all(not isinstance(value, str) or _safe(value) == value for _, _, value, _ in steps)
    simple = not any(isinstance(value, list | dict) for _, _, value, _ in steps)
    return name if alike and simple and len(name) <= MOST_IN_NAME else _digested(name, steps)


def _digested(name: str, steps: Sequence[_Step]) -> str:
    """Return a name, cut, with a digest of the values: others may look the same in a file name."""
    told = [(key, _told(value)) for key, _, value, _ in steps]
    digest = sha256(json.dumps(told).encode()).hexdigest()[:DIGEST]
    return f"{name[: MOST_IN_NAME - DIGEST - 1]}-{digest}"


def _told(value: object) -> str:
    """Return a value in a few characters, the same for equal values only."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool | dt.date):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value!r}"
    return json.dumps(value, default=str, sort_keys=True, ensure_ascii=False)


def _safe(text: str) -> str:
    """Return text as it may stand in a file name anywhere: 0.5 is 0p5, -3 is minus3."""
    text = re.sub(r"(?<=[0-9])\.(?=[0-9])", "p", text)
    text = re.sub(r"(?<![A-Za-z0-9])-(?=[0-9])", "minus", text)
    return re.sub(r"[^A-Za-z0-9_-]+", "-", text).strip("-") or "x"
