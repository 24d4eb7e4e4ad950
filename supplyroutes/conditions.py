"""Conditions on a situation: ``state(mopti) == isolated and towns(strained) > 40``.

A small safe grammar for scripts: nothing is evaluated as code. A condition is one or more
comparisons joined by ``and`` / ``or`` (``and`` binds closer). A comparison is a measure, an
operator (``== != < <= > >=``) and a value. Measures: ``state(TOWN)``, ``corridor(ID)``,
``towns(STATE)``, ``approaches(TOWN)``, ``travel_time_h(TOWN)``, ``unknown_roads()``.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from math import inf, isnan
from typing import Any

from supplyroutes.analysis.isolation import STATES
from supplyroutes.core import STATUSES
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.overview import Situation

_COMPARISON = re.compile(
    r"\s*(?P<measure>[a-z_]+)\s*\(\s*(?P<argument>[^()]*?)\s*\)\s*"
    r"(?P<operator>==|!=|<=|>=|<|>)\s*(?P<value>[\w.\-]+)\s*"
)
_OPERATORS: dict[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def holds(condition: str, now: Situation) -> bool:
    """Tell whether a condition holds in a situation.

    A town that no road reaches has a travel time above every number.

    Raises
    ------
    RequestError
        The condition does not follow the grammar; the message shows what would.
    UnknownIdError
        It names a town or corridor that is not there.
    """
    return any(
        all(_compare(part, now) for part in re.split(r"\band\b", branch))
        for branch in re.split(r"\bor\b", condition)
    )


def _compare(text: str, now: Situation) -> bool:
    """Tell whether one comparison holds."""
    match = _COMPARISON.fullmatch(text)
    if match is None:
        raise RequestError(
            f"cannot read the condition {text.strip()!a}; "
            "write for example: state(mopti) == isolated and approaches(bamako) < 2"
        )
    measure, argument = match["measure"], match["argument"]
    if measure not in _MEASURES:
        near = nearest_names(measure, _MEASURES) or sorted(_MEASURES)
        raise RequestError(f"no measure {measure!a}; did you mean {near[0]}(...)?")
    words, compute = _MEASURES[measure]
    wanted = _value(match["value"], words, match["operator"])
    return _OPERATORS[match["operator"]](compute(argument, now), wanted)


def _value(text: str, words: tuple[str, ...], sign: str) -> str | float:
    """Return the value of a comparison: one of the words, or a number."""
    if words:
        if text not in words or sign not in {"==", "!="}:
            raise RequestError(f"compare by == or != with one of {', '.join(words)}, not {text!a}")
        return text
    try:
        return float(text)
    except ValueError:
        raise RequestError(f"{text!a} is not a number") from None


def _town(column: str) -> Callable[[str, Situation], Any]:
    """Return the measure that reads a column of the towns table."""

    def measure(name: str, now: Situation) -> Any:
        value: Any = now.isolation.towns[column][now.day.find(name)]
        missing = isinstance(value, float) and isnan(value)
        return inf if missing else value

    return measure


def _corridor(name: str, now: Situation) -> Any:
    """Return the state of a corridor."""
    corridors = now.corridors.corridors
    if name not in corridors.index:
        raise UnknownIdError("corridor", name, nearest_names(name, corridors.index) or [])
    return corridors.loc[name, "state"]


def _towns(state: str, now: Situation) -> Any:
    """Return the number of towns in a state."""
    if state not in STATES:
        raise RequestError(f"no state {state!a}: {', '.join(STATES)}")
    return now.summary()[state]


def _unknown_roads(argument: str, now: Situation) -> Any:
    """Return the number of roads of unknown state."""
    if argument:
        raise RequestError("unknown_roads() takes nothing between the brackets")
    return now.summary()["unknown_roads"]


_MEASURES: dict[str, tuple[tuple[str, ...], Callable[[str, Situation], Any]]] = {
    "state": (STATES, _town("state")),
    "corridor": (STATUSES, _corridor),
    "towns": ((), _towns),
    "approaches": ((), _town("approaches")),
    "travel_time_h": ((), _town("travel_time_h")),
    "unknown_roads": ((), _unknown_roads),
}
