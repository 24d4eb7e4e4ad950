"""Conditions on results: ``state(mopti) == isolated and days_to_dry(bamako) < 5``.

A small safe grammar for scripts: nothing is evaluated as code. A condition is one or more
comparisons joined by ``and`` / ``or`` (``and`` binds closer). A comparison is a measure, an
operator (``== != < <= > >=``) and a value. The measures are in `MEASURES`. Each reads the scenario
itself; ``state(mopti, truce)`` reads the entry called truce.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf, isnan
from typing import Any

from supplyroutes.analysis.corridors import CORRIDOR_STATES
from supplyroutes.analysis.isolation import STATES
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import hint, nearest_names
from supplyroutes.scenario import ANALYSES, SUPPOSED, Answer, Results
from supplyroutes.scenario.model import Analysis

TOWN = "TOWN"
LONGEST = 2_000
"""Characters of a condition at most."""
_COMPARISON = re.compile(
    r"\s*(?P<measure>[a-z_]+)\s*\((?P<argument>[^()]*)\)\s*"
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
_Read = Callable[[], Any]
_Part = tuple["Measure", str, str, str]
"""A comparison as it is written: measure, what is in brackets, operator, value."""


@dataclass(frozen=True)
class Measure:
    """One thing that a condition can ask of.

    Attributes
    ----------
    takes
        What stands in brackets: TOWN, ID (of a corridor), STATE, or nothing.
    words
        The words that it can be; none: a number.
    looks_up
        Looks up what it is asked of in an answer, and returns what reads its value.
    needs
        The analysis that it reads; none: states and corridors are always there.
    """

    takes: str
    words: tuple[str, ...]
    looks_up: Callable[[str, Answer], _Read]
    needs: Analysis | None = None


def holds(condition: str, results: Results) -> bool:
    """Tell whether a condition holds of results.

    All of it is read, and every name in it looked up, before any of it is evaluated: a mistake
    is refused wherever it stands. A town that no road reaches has a travel time above every
    number, and so has a town that does not run dry within the days of the stocks its days to dry.

    Parameters
    ----------
    condition
        The condition.
    results
        The answers to a scenario, with the analyses that the condition needs.

    Returns
    -------
    held
        True if it holds.

    Raises
    ------
    RequestError
        The condition does not follow the grammar; the message shows what would. Or it asks of what
        has not been worked out; the message names the analysis.
    UnknownIdError
        It names a town, corridor or entry that is not there.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.conditions import holds
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        what_if={"lifted": {"events": {"removed": ["T1"]}}})
    >>> results = sr.run(scenario, analyses=("stocks",))
    >>> holds("state(east) == strained and days_to_dry(east) < 5", results)
    True
    >>> holds("corridor(NORTH) == closed and corridor(NORTH, lifted) != open", results)
    False
    """
    branches = [[_comparison(part, results) for part in branch] for branch in _branches(condition)]
    return any(all(sign(read(), wanted) for read, sign, wanted in branch) for branch in branches)


def needed(condition: str) -> tuple[Analysis, ...]:
    """Return the analyses that a condition reads, in a fixed order.

    Parameters
    ----------
    condition
        The condition.

    Returns
    -------
    analyses
        What to ask `run` for.

    Raises
    ------
    RequestError
        The condition does not follow the grammar.

    Examples
    --------
    >>> from supplyroutes.conditions import needed
    >>> needed("fill_rate(bamako) < 0.5 or days_to_dry(mopti) < 3 or state(mopti) == isolated")
    ('flow', 'stocks')
    """
    found = {measure.needs for branch in _branches(condition) for measure, _, _, _ in branch}
    return tuple(name for name in ANALYSES if name in found)


def _branches(condition: str) -> Iterator[list[_Part]]:
    """Yield the comparisons joined by `and`, one list for each side of an `or`."""
    if len(condition) > LONGEST:
        raise RequestError(f"a condition has at most {LONGEST} characters")
    place, branch, joiner = 0, list[_Part](), "and"
    while joiner:
        match = _COMPARISON.match(condition, place)
        if match is None:
            raise RequestError(
                f"cannot read the condition {(condition[place:].strip() or condition)[:80]!a}; "
                "write for example: state(mopti) == isolated and approaches(bamako) < 2"
            )
        name = match["measure"]
        if name not in MEASURES:
            near = hint(name, MEASURES) or f"; known: {', '.join(MEASURES)}"
            raise RequestError(f"no measure {name!a}{near}")
        argument = match["argument"].strip()
        branch.append((MEASURES[name], argument, match["operator"], match["value"]))
        place, joiner = match.end(), match["joiner"]
        if joiner != "and":
            yield branch
            branch = []


def _comparison(
    part: _Part, results: Results
) -> tuple[_Read, Callable[[Any, Any], bool], str | float]:
    """Return what one comparison reads, how it compares, and with what."""
    measure, argument, sign, value = part
    name, answer = _asked(measure, argument, results)
    return measure.looks_up(name, answer), _OPERATORS[sign], _value(value, measure.words, sign)


def _asked(measure: Measure, argument: str, results: Results) -> tuple[str, Answer]:
    """Return the name in brackets, and the entry that is asked: the last after a comma, if any."""
    name, comma, entry = (part.strip() for part in argument.rpartition(","))
    if not measure.takes and argument and not comma:
        name, comma, entry = "", ",", argument
    if not comma or (measure.takes == TOWN and _is_town(argument, results)):
        return argument, results.main
    if entry == SUPPOSED:  # as it is called in a file that supposes something
        return name, results.main
    if entry not in results.entries:
        known = list(results.entries)
        raise UnknownIdError("entry of the results", entry, nearest_names(entry, known) or known)
    return name, results.entries[entry]


def _is_town(name: str, results: Results) -> bool:
    """Tell whether a town has a name, comma and all."""
    try:
        results.main.situation.day.find(name)
    except UnknownIdError:
        return False
    return True


def _value(text: str, words: tuple[str, ...], sign: str) -> str | float:
    """Return the value of a comparison: one of the words, or a number."""
    if words:
        if text not in words or sign not in {"==", "!="}:
            raise RequestError(f"compare by == or != with one of {', '.join(words)}, not {text!a}")
        return text
    if not _NUMBER.fullmatch(text):
        raise RequestError(f"{text!a} is not a number")
    return float(text)


def _town(column: str) -> Callable[[str, Answer], _Read]:
    """Return the measure that reads a column of the states of towns."""

    def look_up(name: str, answer: Answer) -> _Read:
        towns = answer.situation.isolation.towns
        node = answer.situation.day.find(name)
        return lambda: _number(towns.loc[node, column])

    return look_up


def _number(value: Any) -> Any:
    """Return a value; infinite where a number is missing."""
    return inf if isinstance(value, float) and isnan(value) else value


def _worked_out(answer: Answer, analysis: Analysis, part: Any) -> Any:
    """Return a part of an answer, or refuse a question that it cannot serve."""
    if part is None:
        raise RequestError(
            f"this needs the analysis {analysis!r}, which was not worked out for {answer.name}: "
            "name it in analyses.only, or leave that key out"
        )
    return part


def _row(name: str, answer: Answer, towns: Any) -> Any:
    """Return the row of a town in a table of those that use the commodity."""
    node = answer.situation.day.find(name)
    if node not in towns.index:
        commodity = answer.situation.commodity
        raise RequestError(
            f"nothing is worked out for {answer.situation.day.name(node)}: it uses no {commodity}, "
            "or no loaded tanker reaches it even without any blockade"
        )
    return towns.loc[node]


def _days_to_dry(name: str, answer: Answer) -> _Read:
    """Return what reads the days from the scenario's day until something is missing in a town."""
    supply = _worked_out(answer, "stocks", answer.supply)
    row = _row(name, answer, supply.towns)
    return lambda: inf if row["dry_on"] is None else (row["dry_on"] - supply.at).days


def _days_of_supply(name: str, answer: Answer) -> _Read:
    """Return what reads how many days of use a town holds."""
    row = _row(name, answer, _worked_out(answer, "stocks", answer.supply).towns)
    return lambda: float(row["days_of_supply"])


def _fill_rate(name: str, answer: Answer) -> _Read:
    """Return what reads the share of its use that a town can be brought."""
    nodes = _worked_out(answer, "flow", answer.flow).nodes
    row = _row(name, answer, nodes[nodes["on_network"] & nodes["fill_rate"].notna()])
    return lambda: float(row["fill_rate"])


def _dry_prob(name: str, answer: Answer) -> _Read:
    """Return what reads the share of the draws in which a town runs dry."""
    towns = _worked_out(answer, "outlook", answer.outlook).towns
    row = _row(name, answer, towns[towns["on_network"]])
    return lambda: float(row["dry_share"])


def _corridor(name: str, answer: Answer) -> _Read:
    """Return what reads the state of a corridor."""
    corridors = answer.situation.corridors.corridors
    if name not in corridors.index:
        raise UnknownIdError("corridor", name, nearest_names(name, corridors.index))
    return lambda: corridors.loc[name, "state"]


def _towns(state: str, answer: Answer) -> _Read:
    """Return what reads the number of towns in a state."""
    if state not in STATES:
        raise RequestError(f"no state {state!a}: {', '.join(STATES)}")
    return lambda: answer.situation.summary()[state]


def _unknown_roads(_: str, answer: Answer) -> _Read:
    """Return what reads the number of roads of unknown state."""
    return lambda: answer.situation.summary()["unknown_roads"]


MEASURES: dict[str, Measure] = {
    "state": Measure(TOWN, STATES, _town("state")),
    "corridor": Measure("ID", CORRIDOR_STATES, _corridor),
    "towns": Measure("STATE", (), _towns),
    "approaches": Measure(TOWN, (), _town("approaches")),
    "travel_time_h": Measure(TOWN, (), _town("travel_time_h")),
    "unknown_roads": Measure("", (), _unknown_roads),
    "days_of_supply": Measure(TOWN, (), _days_of_supply, "stocks"),
    "days_to_dry": Measure(TOWN, (), _days_to_dry, "stocks"),
    "fill_rate": Measure(TOWN, (), _fill_rate, "flow"),
    "dry_prob": Measure(TOWN, (), _dry_prob, "outlook"),
}
"""What a condition can ask of, by name."""
