"""What-ifs as small changes of each other: what each of them supposes in all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from supplyroutes.errors import DataError, Problem
from supplyroutes.names import hint
from supplyroutes.scenario.lines import Key
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

    A what-if holds what the one that it changes holds; its own keys come after: lists are put
    together, what is told by name replaces what that name had. The scenario itself is left out if
    it supposes nothing.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    supposed
        By name of the entry, in the order of the file.

    Raises
    ------
    DataError
        A what-if is of one that is not there, or of itself by a detour.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.scenario.merging import suppositions
    >>> scenario = sr.Scenario(
    ...     case="toy", date=datetime.date(2025, 1, 12), events={"removed": ["T1"]},
    ...     what_if={"both": {"events": {"removed": ["T2"]}}})
    >>> {name: supposed.events.removed for name, supposed in suppositions(scenario).items()}
    {'recorded': [], 'scenario': ['T1'], 'both': ['T1', 'T2']}
    """
    problems = list(link_problems(scenario))
    if problems:
        raise DataError(problems)
    own = Suppositions(**{name: getattr(scenario, name) for name in Suppositions.model_fields})
    whole = {RECORDED: Suppositions(), SUPPOSED: own}
    for name in by_descent(scenario):
        what_if = scenario.what_if[name]
        whole[name] = _merged(whole[what_if.of], what_if)
    first = [RECORDED, SUPPOSED] if scenario.changes_anything else [RECORDED]
    return {name: whole[name] for name in (*first, *scenario.what_if)}


def link_problems(scenario: Scenario) -> Iterator[Problem]:
    """Yield what is wrong with the names of what-ifs, and with what they are of."""
    known = [RECORDED, SUPPOSED, *scenario.what_if]
    seen: dict[str, str] = {}
    for name, what_if in scenario.what_if.items():
        key = ("what_if", name)
        other = seen.setdefault(name.lower(), name)
        if other != name:
            message = f"is called like {other} but for capitals: their files would be one"
            yield scenario.source.problem(key, message)
        if what_if.of not in known:
            near = hint(what_if.of, known) or f"; known: {', '.join(known)}"
            message = f"no what-if is called {what_if.of!a}{near}"
            yield scenario.source.problem((*key, "of"), message)
        elif _leads_back(scenario, name):
            yield scenario.source.problem((*key, "of"), "leads back to the what-if itself")


def by_descent(scenario: Scenario) -> list[str]:
    """Return the names of the what-ifs in the order of the file, but each after what it is of."""
    found: list[str] = []
    for name in scenario.what_if:
        line = [name]
        while scenario.what_if[line[-1]].of in scenario.what_if:
            line.append(scenario.what_if[line[-1]].of)
        found += [link for link in reversed(line) if link not in found]
    return found


def written_at(
    scenario: Scenario, whole: Mapping[str, Suppositions], entry: str, key: Key
) -> tuple[str, Key]:
    """Return the entry that wrote what an entry supposes at a key, and the key as written there."""
    while entry in scenario.what_if:
        what_if = scenario.what_if[entry]
        own = _own_key(what_if, whole.get(what_if.of), key)
        if own is not None:
            return entry, own
        entry = what_if.of
    return SUPPOSED, key


def _leads_back(scenario: Scenario, name: str) -> bool:
    """Tell whether a what-if is of itself by a detour."""
    seen = [name]
    while scenario.what_if[seen[-1]].of in scenario.what_if:
        of = scenario.what_if[seen[-1]].of
        if of in seen:
            return of == name
        seen.append(of)
    return False


def _own_key(change: WhatIf, base: Suppositions | None, key: Key) -> Key | None:
    """Return a key of merged suppositions as the what-if on top wrote it; None if it did not."""
    node: Any = change
    under: Any = base
    own: list[int | str] = []
    for place, part in enumerate(key):
        if isinstance(node, list) and isinstance(part, int):
            before = len(under) if isinstance(under, list) else 0
            if part < before:
                return None
            node, under = node[part - before], None
            own.append(part - before)
        elif isinstance(node, Part):
            if part not in node.model_fields_set:
                return None
            node, under = getattr(node, str(part)), getattr(under, str(part), None)
            own.append(part)
        elif isinstance(node, Mapping) and part in node:
            node, under = node[part], under.get(part) if isinstance(under, Mapping) else None
            own.append(part)
        elif isinstance(under, Mapping) and part in under:
            return None
        else:
            return (*own, *key[place:])
    return tuple(own)


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
