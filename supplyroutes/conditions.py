"""Conditions on a situation: ``state(mopti) == isolated and towns(strained) > 40``.

A small safe grammar for scripts: nothing is evaluated as code. A condition is one or more
comparisons joined by ``and`` / ``or`` (``and`` binds closer). A comparison is a measure, an
operator (``== != < <= > >=``) and a value. Measures: ``state(TOWN)``, ``corridor(ID)``,
``towns(STATE)``, ``approaches(TOWN)``, ``travel_time_h(TOWN)``, ``unknown_roads()``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from math import inf, isnan
from typing import Any

from supplyroutes.analysis.corridors import CORRIDOR_STATES
from supplyroutes.analysis.isolation import STATES
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import hint, nearest_names
from supplyroutes.overview import Situation

_COMPARISON = re.compile(
    r"\s*(?P<measure>[a-z_]+)\s*\(\s*(?P<argument>[^()]*?)\s*\)\s*"
    r"(?P<operator>==|!=|<=|>=|<|>)\s*(?P<value>[\w.\-]+)\s*(?P<joiner>and\b|or\b|$)"
)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_Comparison = tuple[Callable[[], Any], Callable[[Any, Any], bool], str | float]
_Measure = Callable[[str, Situation], Callable[[], Any]]
"""Looks up what it is asked of, and returns what reads its value."""


def holds(condition: str, now: Situation) -> bool:
    """Tell whether a condition holds in a situation.

    All of it is read, and every name in it looked up, before any of it is evaluated: a mistake
    is refused wherever it stands. A town that no road reaches has a travel time above every
    number.

    Raises
    ------
    RequestError
        The condition does not follow the grammar; the message shows what would.
    UnknownIdError
        It names a town or corridor that is not there.
    """
    branches = list(_branches(condition, now))
    return any(all(sign(read(), wanted) for read, sign, wanted in branch) for branch in branches)


def _branches(condition: str, now: Situation) -> Iterator[list[_Comparison]]:
    """Yield the comparisons joined by `and`, one list for each side of an `or`."""
    place, branch, joiner = 0, list[_Comparison](), "and"
    while joiner:
        match = _COMPARISON.match(condition, place)
        if match is None:
            raise RequestError(
                f"cannot read the condition {condition[place:].strip()!a}; "
                "write for example: state(mopti) == isolated and approaches(bamako) < 2"
            )
        branch.append(_comparison(match, now))
        place, joiner = match.end(), match["joiner"]
        if joiner != "and":
            yield branch
            branch = []


def _comparison(match: re.Match[str], now: Situation) -> _Comparison:
    """Return what one comparison reads, how it compares, and with what."""
    measure = match["measure"]
    if measure not in _MEASURES:
        near = hint(measure, _MEASURES) or f"; known: {', '.join(_MEASURES)}"
        raise RequestError(f"no measure {measure!a}{near}")
    words, measure_of = _MEASURES[measure]
    read = measure_of(match["argument"], now)
    return read, _OPERATORS[match["operator"]], _value(match["value"], words, match["operator"])


def _value(text: str, words: tuple[str, ...], sign: str) -> str | float:
    """Return the value of a comparison: one of the words, or a number."""
    if words:
        if text not in words or sign not in {"==", "!="}:
            raise RequestError(f"compare by == or != with one of {', '.join(words)}, not {text!a}")
        return text
    if not _NUMBER.fullmatch(text):
        raise RequestError(f"{text!a} is not a number")
    return float(text)


def _town(column: str) -> _Measure:
    """Return the measure that reads a column of the towns table."""

    def measure(name: str, now: Situation) -> Callable[[], Any]:
        node = now.day.find(name)

        def read() -> Any:
            value: Any = now.isolation.towns.loc[node, column]
            missing = isinstance(value, float) and isnan(value)
            return inf if missing else value

        return read

    return measure


def _corridor(name: str, now: Situation) -> Callable[[], Any]:
    """Return what reads the state of a corridor."""
    corridors = now.corridors.corridors
    if name not in corridors.index:
        raise UnknownIdError("corridor", name, nearest_names(name, corridors.index))
    return lambda: corridors.loc[name, "state"]


def _towns(state: str, now: Situation) -> Callable[[], Any]:
    """Return what reads the number of towns in a state."""
    if state not in STATES:
        raise RequestError(f"no state {state!a}: {', '.join(STATES)}")
    return lambda: now.summary()[state]


def _unknown_roads(argument: str, now: Situation) -> Callable[[], Any]:
    """Return what reads the number of roads of unknown state."""
    if argument:
        raise RequestError("unknown_roads() takes nothing between the brackets")
    return lambda: now.summary()["unknown_roads"]


_MEASURES: dict[str, tuple[tuple[str, ...], _Measure]] = {
    "state": (STATES, _town("state")),
    "corridor": (CORRIDOR_STATES, _corridor),
    "towns": ((), _towns),
    "approaches": ((), _town("approaches")),
    "travel_time_h": ((), _town("travel_time_h")),
    "unknown_roads": ((), _unknown_roads),
}
