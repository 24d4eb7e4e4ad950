"""Every key that a scenario file may hold, in the order in which it is written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from supplyroutes.scenario.model import Part, Scenario, Suppositions, WhatIf

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

MEANING = "scenario_key"
"""The catalogue has what each key means: ``scenario_key.events.moved``."""


@dataclass(frozen=True)
class FileKey:
    """A key of a scenario file.

    Attributes
    ----------
    name
        The key as people write it, without the names that they give: ``events.moved.days``.
    part
        The part that holds it.
    field
        What it may be.
    """

    name: str
    part: type[Part]
    field: FieldInfo

    @property
    def meaning(self) -> str:
        """The key of the catalogue for what it means."""
        return f"{MEANING}.{self.name}"

    @property
    def default(self) -> Any:
        """Its default; None if there is none, or if that is nothing."""
        value = self.field.get_default(call_default_factory=True)
        plain = isinstance(value, bool | int | float | str) and value != ""
        return value if plain else None


def file_keys() -> Iterator[FileKey]:
    """Yield every key, each part after the key that it stands under.

    The keys of a what-if are those of what is supposed, and its own two.
    """
    yield from _keys_of(Scenario, "")


def _keys_of(part: type[Part], above: str) -> Iterator[FileKey]:
    """Yield the keys of a part."""
    fields = part.model_fields
    if part is Scenario:
        own = [name for name in fields if name not in Suppositions.model_fields]
        first = own[: own.index("what_if")]
        fields = {name: fields[name] for name in (*first, *Suppositions.model_fields, *own)}
    elif part is WhatIf:
        fields = {name: fields[name] for name in fields if name not in Suppositions.model_fields}
    for name, field in fields.items():
        key = FileKey(f"{above}{name}", part, field)
        yield key
        inside = part_in(field.annotation)
        if inside is not None:
            yield from _keys_of(inside, f"{key.name}.")


def part_in(annotation: Any) -> type[Part] | None:
    """Return the part that stands in a kind of value: itself, in a list, or by name."""
    if isinstance(annotation, type) and issubclass(annotation, Part):
        return annotation
    found = (part_in(option) for option in get_args(annotation))
    return next((part for part in found if part is not None), None)
