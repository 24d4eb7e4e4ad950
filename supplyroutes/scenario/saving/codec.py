"""Values of results as plain JSON values, and back, without loss.

None, truth, texts and finite numbers stand for themselves; an array is a tuple; an object
without the key ``~`` is a dictionary of texts, in its order. Everything else is an object whose
key ``~`` names its kind: a class of `kept_classes`, or one of the kinds below. Nothing is ever
looked up by a name that a file gives, but in these two tables.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from math import isfinite
from typing import Any

from supplyroutes.scenario.model import Scenario
from supplyroutes.scenario.saving.classes import kept_classes
from supplyroutes.scenario.saving.frame_values import FRAME_READERS, Read, Tell, Told, tell_frame
from supplyroutes.scenario.saving.network_values import NETWORK_READERS, NETWORK_WRITERS

KIND = "~"
"""The key that names the kind of an object."""
_AS_THEY_ARE = frozenset({bool, int, str})
DEEPEST = 60
"""Values within values that a file may hold; results hold 20."""


class Writer:
    """Turns values into plain JSON values; what several values share is written once.

    `shared` lists what is shared; a value refers to its place there.
    """

    def __init__(self) -> None:
        self.shared: list[Told] = []
        self._places: dict[str, int] = {}
        self._known: dict[int, tuple[object, Told]] = {}

    def value(self, value: Any) -> Told:
        """Return a value as a plain JSON value."""
        if value is None or type(value) in _AS_THEY_ARE:
            return value
        if type(value) is float:
            return value if isfinite(value) else {KIND: "float", "is": str(value)}
        if type(value) is tuple:
            return [self.value(entry) for entry in value]
        return self._told(value)

    def _told(self, value: Any) -> Told:
        """Return an object that names its kind."""
        if type(value) in _WRITERS:
            kind, tell = _WRITERS[type(value)]
            return {KIND: kind, **tell(self.value, value)}
        if type(value) in NETWORK_WRITERS:
            return self._once(value)
        if isinstance(value, Mapping):
            return self._mapping(value)
        if is_dataclass(value) and kept_classes().get(type(value).__name__) is type(value):
            told = {one.name: self.value(getattr(value, one.name)) for one in fields(value)}
            return {KIND: type(value).__name__, **told}
        return tell_frame(self.value, value)

    def _once(self, value: Any) -> Told:
        """Return a reference to a value that stands among what is shared.

        What is equal is shared, not only what is the same object: whether a table was read once
        or twice must not show.
        """
        if id(value) not in self._known:
            kind, tell = NETWORK_WRITERS[type(value)]
            whole = {KIND: kind, **tell(self.value, value)}
            text = json.dumps(whole)
            if text not in self._places:
                self._places[text] = len(self.shared)
                self.shared.append(whole)
            # The value is kept too, so that no other one can get its id.
            self._known[id(value)] = (value, {KIND: "shared", "place": self._places[text]})
        return self._known[id(value)][1]

    def _mapping(self, value: Mapping[Any, Any]) -> Told:
        """Return a mapping, in its order."""
        if KIND not in value and all(type(key) is str for key in value):
            return {key: self.value(entry) for key, entry in value.items()}
        pairs = [[self.value(key), self.value(entry)] for key, entry in value.items()]
        return {KIND: "dict", "of": pairs}


class Reader:
    """Turns plain JSON values back into values.

    Anything in them that is not as `Writer` writes it ends in an exception of Python's or of ours:
    `read_results` says of all of them that the file does not hold results.

    Parameters
    ----------
    shared
        What several values share, as `Writer` lists it.
    """

    def __init__(self, shared: list[Told]) -> None:
        self._depth = 0
        self._shared: list[Any] = []
        for told in shared:  # each refers to earlier ones only
            self._shared.append(self.value(told))

    def value(self, told: Told) -> Any:
        """Return the value of a plain JSON value."""
        if not isinstance(told, (list, dict)):
            return told
        self._depth += 1
        if self._depth > DEEPEST:
            raise ValueError("values are nested too deeply")
        found = self._list(told) if isinstance(told, list) else self._object(told)
        self._depth -= 1
        return found

    def _list(self, told: list[Told]) -> tuple[Any, ...]:
        """Return a tuple."""
        return tuple(self.value(entry) for entry in told)

    def _object(self, told: dict[str, Told]) -> Any:
        """Return a dictionary, or the value of a kind."""
        if KIND not in told:
            return {key: self.value(entry) for key, entry in told.items()}
        parts = dict(told)
        kind = parts.pop(KIND)
        if kind == "shared":
            return self._shared[_place(parts["place"])]
        if kind in _READERS:
            return _READERS[kind](self.value, **parts)
        return self._dataclass(kind, parts)

    def _dataclass(self, kind: str, parts: dict[str, Told]) -> Any:
        """Return an object of a class that a file may hold, all of its fields given."""
        made = kept_classes().get(kind)
        if made is None:
            raise ValueError(f"there is no kind {kind!a}")
        wanted = {one.name for one in fields(made)}
        if wanted != set(parts):
            raise ValueError(f"{kind}: other fields: {', '.join(sorted(wanted ^ set(parts)))}")
        return made(**{name: self.value(part) for name, part in parts.items()})


def _place(place: Told) -> int:
    """Return a place among what is shared: a negative one would count from the end."""
    if type(place) is not int or place < 0:
        raise ValueError(f"no place {place!a}")
    return place


# --- kinds ---------------------------------------------------------------------------------

_FLOATS = frozenset({"nan", "inf", "-inf"})


def _read_float(_: Read, **told: Told) -> float:
    """Return a number that is none, or has no end."""
    if told["is"] not in _FLOATS:
        raise ValueError(f"no such number: {told['is']!a}")
    return float(told["is"])


def _read_date(_: Read, **told: Told) -> date:
    """Return a day."""
    return date.fromisoformat(told["is"])


def _tell_set(tell: Tell, value: frozenset[Any]) -> dict[str, Told]:
    """Return a set in order: that of Python changes from run to run."""
    return {"of": sorted((tell(entry) for entry in value), key=json.dumps)}


def _tell_scenario(tell: Tell, scenario: Scenario) -> dict[str, Told]:
    """Return a scenario: what was said in it, for a what-if changes only that."""
    return {"of": tell(scenario.model_dump(exclude_unset=True))}


_WRITERS: dict[type, tuple[str, Callable[[Tell, Any], dict[str, Told]]]] = {
    date: ("date", lambda _, day: {"is": day.isoformat()}),
    list: ("list", lambda tell, values: {"of": [tell(entry) for entry in values]}),
    frozenset: ("frozenset", _tell_set),
    Scenario: ("Scenario", _tell_scenario),
}
_READERS: dict[str, Callable[..., Any]] = {
    "float": _read_float,
    "date": _read_date,
    "list": lambda read, of: [read(entry) for entry in of],
    "dict": lambda read, of: {read(key): read(entry) for key, entry in of},
    "frozenset": lambda read, of: frozenset(read(entry) for entry in of),
    "Scenario": lambda read, of: Scenario.model_validate(read(of)),
    **FRAME_READERS,
    **NETWORK_READERS,
}
