"""What to check first: how much the picture would change if a report or a road were checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.doubt.causes import Causes, Condition
from supplyroutes.analysis.doubt.chances import Answers, told
from supplyroutes.analysis.isolation import STATES

if TYPE_CHECKING:
    import pandas as pd

Chances = tuple[float, float, float]
"""Probabilities of a town being supplied, strained, isolated."""
_COLUMNS = (
    "reports", "roads", "true_prob", "change_people", "change_m3_per_day", "gain_people", "if_true",
    "if_not",
)  # fmt: skip

_DUST = 1e-9
"""People or m3 a day below this are rounding."""


def value_of_information(
    causes: Causes,
    answers: Answers,
    towns: Mapping[int, tuple[int, int]],
    people: Sequence[float],
    demand: Mapping[int, float],
) -> pd.DataFrame:
    """Return what a check of each report, and of each road, would change.

    `towns` holds for every town when it is reached, and when freely. A check tells which way a
    thing is; the change of a town is the total variation between what was thought of its state
    and what then is, weighed by how likely either answer is. The gain is the value of perfect
    information for "act on the likeliest state": by how much likelier that state is right.

    Reports and roads that are so, or not, exactly together stand in one row: a check of any of
    them answers for all. Rows that change nothing are left out; the greatest change of people
    comes first.
    """
    import pandas as pd

    groups: dict[tuple[int, int], list[int]] = {}
    for town, functions in sorted(towns.items()):
        groups.setdefault(functions, []).append(town)
    weighed = [
        (functions, members, fsum(people[town] for town in members),
         fsum(demand.get(town, 0.0) for town in members))
        for functions, members in groups.items()
    ]  # fmt: skip
    ids = causes.network.topology.node_ids
    rows: list[dict[str, Any]] = []
    for function, (reports, roads) in _checks(causes, answers).items():
        row = _row(answers, function, weighed, ids)
        if row["change_people"] > 0 or row["change_m3_per_day"] > 0 or row["if_true"]:
            rows.append({"reports": tuple(reports), "roads": tuple(roads), **row})
    rows.sort(key=_rank)
    return pd.DataFrame(rows, columns=list(_COLUMNS))


def _rank(row: Mapping[str, Any]) -> tuple[float, float, tuple[str, ...], tuple[str, ...]]:
    """Return the place of a check: the greatest change first, then by id."""
    return -row["change_people"], -row["change_m3_per_day"], row["reports"], row["roads"]


def _checks(causes: Causes, answers: Answers) -> dict[int, tuple[list[str], list[str]]]:
    """Return what can be checked: by the function that says whether it is so, reports and roads."""
    found: dict[int, tuple[list[str], list[str]]] = {}
    for _, cause in sorted(causes.causes.items()):
        function = told(answers.condition(cause.holds))
        found.setdefault(function, ([], []))[0].extend(cause.reports)
    known: dict[frozenset[Condition], int] = {}
    for number, edge in enumerate(causes.network.topology.edge_ids):
        conditions = frozenset[Condition]().union(
            *(causes.hindered.get(arc, ()) for arc in (2 * number, 2 * number + 1))
        )
        if conditions:
            if conditions not in known:
                known[conditions] = told(_any(answers, conditions))
            found.setdefault(known[conditions], ([], []))[1].append(edge)
    return found


def _any(answers: Answers, conditions: frozenset[Condition]) -> int:
    """Return when any of the conditions holds."""
    none = answers.always
    for condition in sorted(conditions, key=sorted):
        none = answers.both(none, answers.opposite(answers.condition(condition)))
    return answers.opposite(none)


def _row(
    answers: Answers,
    function: int,
    weighed: Sequence[tuple[tuple[int, int], list[int], float, float]],
    ids: Sequence[str],
) -> dict[str, Any]:
    """Return what a check changes."""
    true = answers.holds(function)
    changes: list[tuple[float, float, float]] = []
    flips: dict[bool, list[tuple[str, str, str]]] = {True: [], False: []}
    for (reached, free), members, people, demand in weighed:
        now = _states(answers.holds(reached), answers.holds(free))
        joint = [told(answers.both(part, function)) for part in (reached, free)]
        then = {True: now, False: now}
        if 0 < true < 1:
            with_it = [answers.holds(part) for part in joint]
            without = [answers.holds(reached) - with_it[0], answers.holds(free) - with_it[1]]
            then[True] = _states(with_it[0] / true, with_it[1] / true)
            then[False] = _states(without[0] / (1 - true), without[1] / (1 - true))
        weight = {True: true, False: 1 - true}
        change = fsum(weight[end] * _distance(now, then[end]) for end in then)
        gain = fsum(weight[end] * max(then[end]) for end in then) - max(now)
        changes.append((change * people, change * demand, max(0.0, gain) * people))
        for end, states in then.items():
            before, after = _likeliest(now), _likeliest(states)
            if before != after:
                flips[end] += [(ids[town], before, after) for town in members]
    totals = [_clean(fsum(values)) for values in zip(*changes, strict=True)] or [0.0] * 3
    return {
        "true_prob": true,
        "change_people": totals[0],
        "change_m3_per_day": totals[1],
        "gain_people": totals[2],
        "if_true": tuple(sorted(flips[True])),
        "if_not": tuple(sorted(flips[False])),
    }


def _states(reached: float, free: float) -> Chances:
    """Return the probabilities of the three states."""
    return free, max(0.0, reached - free), max(0.0, 1 - reached)


def _distance(one: Chances, other: Chances) -> float:
    """Return the total variation of two distributions."""
    return fsum(abs(a - b) for a, b in zip(one, other, strict=True)) / 2


def _likeliest(chances: Chances) -> str:
    """Return the likeliest state; of equal ones the worse, which is the safer guess."""
    return STATES[max(range(len(chances)), key=lambda state: (round(chances[state], 12), state))]


def _clean(value: float) -> float:
    """Return a sum without the dust of rounding."""
    return 0.0 if abs(value) < _DUST else value
