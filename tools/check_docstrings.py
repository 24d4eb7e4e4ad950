"""Check the docstrings of the public API with numpydoc.

Public means: the names in ``supplyroutes.__all__``, those in ``__all__`` of a module named there,
and the public methods and properties that a public class defines itself. The checks and the names
left out stand in ``pyproject.toml``, under ``[tool.numpydoc_validation]``.

Usage: ``python tools/check_docstrings.py``. Prints every problem; exits 1 if there is any.
"""

from __future__ import annotations

import dataclasses
import enum
import importlib
import inspect
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from numpydoc.docscrape import ClassDoc
from numpydoc.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = "supplyroutes"
PYPROJECT = Path(__file__).resolve().parent.parent / "pyproject.toml"

# A signature says nothing of what these document: the fields of a record, the members of an enum.
SIGNATURE_CHECKS = {"PR01", "PR02", "PR03"}


def public_names(module: object, prefix: str) -> Iterator[tuple[str, object]]:
    """Yield dotted name and object of everything public in a module, its members included."""
    for name in module.__all__:  # type: ignore[attr-defined]
        value = getattr(module, name)
        dotted = f"{prefix}.{name}"
        if inspect.ismodule(value):
            if hasattr(value, "__all__") and value.__name__.startswith(f"{PACKAGE}."):
                yield from public_names(value, value.__name__)
        elif inspect.isclass(value):
            yield dotted, value
            yield from public_members(value, dotted)
        elif inspect.isroutine(value):
            yield dotted, value


def public_members(cls: type, dotted: str) -> Iterator[tuple[str, object]]:
    """Yield the public methods and properties that a class defines itself."""
    for name, raw in vars(cls).items():
        if isinstance(raw, (classmethod, staticmethod)):
            raw = raw.__func__  # noqa: PLW2901
        # What a decorator generates (as dataclass does) has no text of its own to check.
        if not name.startswith("_") and (inspect.isfunction(raw) or isinstance(raw, property)):
            yield f"{dotted}.{name}", raw


def waived(value: object) -> set[str]:
    """Return the checks that have no meaning for this kind of object."""
    if isinstance(value, property):
        return {"EX01"}
    if not inspect.isclass(value):
        # A method is shown in the example of its class.
        return {"EX01"} if "." in getattr(value, "__qualname__", "") else set()
    if issubclass(value, (BaseException, enum.Enum)):
        return {"EX01"} | SIGNATURE_CHECKS
    return set(SIGNATURE_CHECKS) if is_record(value) else set()


def is_record(value: type) -> bool:
    """Tell whether a class is a record: a dataclass, or a pydantic model."""
    return dataclasses.is_dataclass(value) or hasattr(value, "model_fields")


def undocumented_fields(value: object) -> list[str]:
    """Return the public fields of a dataclass that its docstring names nowhere."""
    if not (inspect.isclass(value) and dataclasses.is_dataclass(value)):
        return []
    doc = ClassDoc(value)
    told = {
        name.strip()
        for section in ("Parameters", "Attributes")
        for entry in doc[section]
        for name in entry.name.split(",")
    }
    own = inspect.get_annotations(value)
    names = [field.name for field in dataclasses.fields(value) if field.name in own]
    return [name for name in names if not name.startswith("_") and name not in told]


def problems(dotted: str, value: object, checks: set[str]) -> list[str]:
    """Return what is wrong with one docstring, one line each."""
    found: list[Any] = validate(dotted)["errors"]
    wanted = checks - waived(value)
    lines = [f"{dotted}: {code}: {message}" for code, message in found if code in wanted]
    if {"PR01"} <= checks:
        missing = undocumented_fields(value)
        lines += [f"{dotted}: PR01: Field {name!r} not documented" for name in missing]
    return lines


def main() -> int:
    """Check all public docstrings and return the exit code."""
    config = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["tool"]["numpydoc_validation"]
    checks = set(config["checks"])
    private = [re.compile(pattern) for pattern in config["exclude"]]

    names = dict(public_names(importlib.import_module(PACKAGE), PACKAGE))
    chosen = {n: v for n, v in names.items() if not any(p.search(n) for p in private)}
    lines = [line for n, v in sorted(chosen.items()) for line in problems(n, v, checks)]
    for line in lines:
        print(line)
    print(f"{len(chosen)} public docstrings checked, {len(lines)} problems")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
