"""Entries of the public names and of every class that they take or return."""

from __future__ import annotations

import importlib
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any

import supplyroutes as sr

GROUPS = {
    "data": ("network", "events", "disruption", "io", "datasets"),
    "questions": ("analysis", "skill"),
    "scenarios": ("overview", "scenario", "report"),
}
"""Parts of the package of each group; figures and errors are groups of their own."""
FURTHER = (
    "analysis.corridors.corridor_states",
    "analysis.losses.attack.alternatives",
    "analysis.losses.removal_proof.removal_proof",
    "analysis.losses.removals.without",
    "analysis.losses.resilience.resilience_curve",
    "analysis.losses.soonest.soonest_dry",
    "analysis.outlooks.influence.influence",
    "analysis.outlooks.outlook_change.outlook_change",
    "analysis.planning.survival.time_to_survive",
    "analysis.trucks.adversary.attacks",
    "analysis.trucks.convoys.coming_convoys",
    "analysis.trucks.convoys.recorded_convoys",
    "analysis.trucks.deterrence.willingness",
    "analysis.trucks.mixed_routes.randomised_routes",
    "conflicts.contradictions",
    "impacts.impacts_of",
    "skill.models.models",
)
"""Functions that pages of methods name, and that are reached in their modules."""


def entries(group: str) -> str:
    """Return the reStructuredText, inside Markdown, of a group of entries.

    ``types`` has the classes that no public name stands for: what calls return, and what they take.
    """
    if group == "types":
        lines = [line for cls in _types() for line in _entry("autoclass", _path(cls))]
    elif group == "further":
        lines = [
            line for path in FURTHER for line in _entry("autofunction", f"supplyroutes.{path}")
        ]
    elif group == "figures":
        lines = _of_module(sr.plot)
    elif group == "errors":
        lines = _of_module(sr.errors)
    else:
        lines = [line for name in sr.__all__ for line in _public(name, group)]
    return "\n".join(["````{eval-rst}", *lines, "````", ""])


def _public(name: str, group: str) -> Iterator[str]:
    """Yield the lines of a public name, if it is of the group."""
    value = getattr(sr, name)
    module = value.__name__ if isinstance(value, ModuleType) else value.__module__
    part = module.split(".")[1]
    if part not in GROUPS[group]:
        return
    if isinstance(value, ModuleType):
        yield from _of_module(value)
    else:
        yield from _entry(_kind(value), f"supplyroutes.{name}")


def _of_module(module: ModuleType) -> list[str]:
    """Return the lines of a module and of what it shows."""
    lines = [f".. automodule:: {module.__name__}", ""]
    for value in _shown_by(module):
        lines += _entry(_kind(value), f"{module.__name__}.{value.__name__}")
    return lines


def _shown_by(module: ModuleType) -> list[Any]:
    """Return what a public module shows: the names it lists, else the classes made in it."""
    if hasattr(module, "__all__"):
        return [getattr(module, name) for name in module.__all__]
    classes = [value for value in vars(module).values() if inspect.isclass(value)]
    return [cls for cls in classes if cls.__module__ == module.__name__]


def _kind(value: Any) -> str:
    """Return the directive for a class or a function."""
    return "autoclass" if inspect.isclass(value) else "autofunction"


def _entry(kind: str, path: str) -> list[str]:
    """Return the lines of one entry."""
    members = ["   :members:"] if kind == "autoclass" else []
    return [f".. {kind}:: {path}", *members, ""]


# --- classes that public names take or return ---------------------------------------------


def _types() -> list[type]:
    """Return the classes of ours that an annotation of the public face leads to, by name."""
    public = [getattr(sr, name) for name in sr.__all__]
    modules = [value for value in public if isinstance(value, ModuleType)]
    shown = [value for module in modules for value in _shown_by(module)]
    further = [_at(path) for path in FURTHER]
    named = (*public, *shown, *further)
    waiting = [value for value in named if not isinstance(value, ModuleType)]
    listed = set(waiting)
    seen: set[Any] = set()
    while waiting:
        value = waiting.pop()
        if value not in seen:
            seen.add(value)
            waiting += _named_by(value)
    return sorted(seen - listed, key=lambda cls: (cls.__name__, cls.__module__))


def _named_by(value: Any) -> Iterator[type]:
    """Yield the classes of ours that the annotations of a function or class name."""
    annotated = [value]
    if inspect.isclass(value):
        members = [(name, _function(one)) for name, one in vars(value).items()]
        annotated += [one for name, one in members if callable(one) and not name.startswith("_")]
        bases = getattr(value, "__orig_bases__", value.__bases__)
        yield from _classes(" ".join(map(str, bases)), {})
    for part in annotated:
        names = vars(importlib.import_module(value.__module__))
        for told in getattr(part, "__annotations__", {}).values():
            yield from _classes(str(told), names)


def _at(path: str) -> Any:
    """Return what stands at a path below the package."""
    module, name = path.rsplit(".", 1)
    return getattr(importlib.import_module(f"supplyroutes.{module}"), name)


def _function(member: Any) -> Any:
    """Return the function behind a property, or the member itself."""
    return getattr(member, "fget", None) or getattr(member, "func", None) or member


def _classes(told: str, names: Mapping[str, Any]) -> Iterator[type]:
    """Yield the classes of ours in an annotation, those behind an alias of types too.

    A name that its module does not have stands there for type checkers alone.
    """
    for word in re.findall(r"\w+", told):
        known = names.get(word, _loaded().get(word))
        if _is_ours(known):
            yield known
        elif word in names and "supplyroutes." in str(known):
            yield from (
                _loaded()[name] for name in re.findall(r"supplyroutes\.[\w.]*\.(\w+)", str(known))
                if name in _loaded()
            )  # fmt: skip


@cache
def _loaded() -> dict[str, type]:
    """Return every class of ours that is loaded, by name."""
    modules = [module for name, module in sys.modules.items() if name.startswith("supplyroutes.")]
    values = [value for module in modules for value in list(vars(module).values())]
    return {value.__name__: value for value in values if _is_ours(value)}


def _is_ours(value: Any) -> bool:
    """Tell whether something is a class of ours."""
    return inspect.isclass(value) and value.__module__.startswith("supplyroutes.")


def _path(cls: type) -> str:
    """Return where a class stands."""
    return f"{cls.__module__}.{cls.__qualname__}"
