"""Suppositions as single changes that can be turned on and off one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from supplyroutes.scenario.model import Ending, EventChanges, Suppositions

Atom = tuple[str, str, str]
"""Kind, name and quantity of a change, as in `Change`."""
_BY_NAME = {"assumption": "assumptions", "demand": "demand_m3_per_day", "stock": "stock_m3"}
"""Kinds of changes of numbers by name, with their fields."""
_WHOLE = ("season", "fleet", "convoys", "policies")
"""Fields that are one change each."""


def atoms(supposed: Suppositions) -> dict[Atom, Any]:
    """Return each single change of suppositions with what it supposes, as they are written."""
    return dict(_atoms(supposed))


def _atoms(supposed: Suppositions) -> Iterator[tuple[Atom, Any]]:
    """Yield single changes."""
    events = supposed.events
    yield from ((("removed", event, ""), True) for event in events.removed)
    yield from ((("ended", _ending_name(ending), ""), ending) for ending in events.ended)
    yield from ((("moved", event, ""), move) for event, move in events.moved.items())
    yield from (
        (("added", str(report.get("event", "")).strip(), ""), report) for report in events.added
    )
    for kind, field in _BY_NAME.items():
        values: Mapping[str, float] = getattr(supposed, field)
        yield from (((kind, name, ""), value) for name, value in values.items())
    for rule, quantities in supposed.rules.items():
        yield from ((("rule", rule, name), value) for name, value in quantities.items())
    for field in _WHOLE:
        if getattr(supposed, field) is not None:
            yield (field, "", ""), getattr(supposed, field)


def _ending_name(ending: Ending) -> str:
    """Return what reports that end together are called by: their day, and what is asked of them."""
    return " ".join([str(ending.on), *ending.kinds, *ending.actors, *ending.corridors])


def supposing(changes: Mapping[Atom, Any]) -> Suppositions:
    """Return the suppositions of single changes; `atoms` takes them apart again."""

    def named(kind: str) -> dict[str, Any]:
        return {name: value for (told, name, _), value in changes.items() if told == kind}

    rules: dict[str, dict[str, float]] = {}
    for (kind, name, quantity), value in changes.items():
        if kind == "rule":
            rules.setdefault(name, {})[quantity] = value
    values: dict[str, Any] = {
        "events": EventChanges(
            removed=list(named("removed")),
            ended=list(named("ended").values()),
            moved=named("moved"),
            added=list(named("added").values()),
        ),
        "rules": rules,
        **{field: named(kind) for kind, field in _BY_NAME.items()},
        **{field: changes.get((field, "", "")) for field in _WHOLE},
    }
    return Suppositions.model_validate(values)
