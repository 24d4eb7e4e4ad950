"""What-ifs as small changes of each other: what each of them supposes in all."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from supplyroutes.errors import DataError
from supplyroutes.names import hint
from supplyroutes.scenario.model import (
    RECORDED,
    SUPPOSED,
    Move,
    Part,
    Scenario,
    Suppositions,
    WhatIf,
)


def suppositions(scenario: Scenario) -> dict[str, Suppositions]:
    """Return what each entry of an answer supposes, by name: recorded, scenario, each what-if.

    A what-if holds what the one that it changes holds; its own keys come after: lists of reports
    are put together, numbers by name replace each other. The scenario itself is left out if it
    supposes nothing.

    Raises
    ------
    DataError
        A what-if is of one that is not there, or of itself by a detour, or bears a taken name.
    """
    _check_names(scenario)
    own = Suppositions(**{name: getattr(scenario, name) for name in Suppositions.model_fields})
    whole = {RECORDED: Suppositions(), SUPPOSED: own}
    # In the order of the file, but each after the one that it changes.
    for name in scenario.what_if:
        for link in reversed(_lineage(scenario, name)):
            if link not in whole:
                what_if = scenario.what_if[link]
                whole[link] = _merged(whole[what_if.of], what_if)
    first = [RECORDED, SUPPOSED] if scenario.changes_anything else [RECORDED]
    return {name: whole[name] for name in (*first, *scenario.what_if)}


def _check_names(scenario: Scenario) -> None:
    """Refuse what-ifs of taken names, of unknown ones, and rings."""
    known = [RECORDED, SUPPOSED, *scenario.what_if]
    problems = []
    for name, what_if in scenario.what_if.items():
        key = ("what_if", name)
        if name in {RECORDED, SUPPOSED}:
            message = f"the name {name} is taken; give the what-if its own"
            problems.append(scenario.source.problem(key, message))
        if what_if.of not in known:
            near = hint(what_if.of, known) or f"; known: {', '.join(known)}"
            message = f"no what-if is called {what_if.of!a}{near}"
            problems.append(scenario.source.problem((*key, "of"), message))
    if not problems:
        rings = [name for name in scenario.what_if if _lineage(scenario, name)[-1] is None]
        problems = [
            scenario.source.problem(("what_if", name, "of"), "leads back to the what-if itself")
            for name in rings
        ]
    if problems:
        raise DataError(problems)


def _lineage(scenario: Scenario, name: str) -> list[Any]:
    """Return a what-if and those that it is of, back to the scenario; None last if it is a ring."""
    line = [name]
    while line[-1] in scenario.what_if:
        of = scenario.what_if[line[-1]].of
        if of in line:
            return [*line, None]
        if of not in scenario.what_if:
            return line
        line.append(of)
    return line


def _merged(base: Suppositions, change: WhatIf) -> Suppositions:
    """Return a set of suppositions with a change on top."""
    values = {
        name: _over(getattr(base, name), getattr(change, name))
        for name in Suppositions.model_fields
        if name in change.model_fields_set
    }
    return base.model_copy(update=values)


def _over(base: Any, change: Any) -> Any:
    """Return a value with another on top: lists in a row, tables and parts key by key."""
    if isinstance(base, list):
        return [*base, *change]
    if isinstance(base, Mapping):
        both = base.keys() & change.keys()
        return {**base, **change, **{key: _over(base[key], change[key]) for key in both}}
    if isinstance(base, Part) and isinstance(change, Part) and not isinstance(change, Move):
        told = change.model_fields_set
        return base.model_copy(
            update={name: _over(getattr(base, name), getattr(change, name)) for name in told}
        )
    return change
