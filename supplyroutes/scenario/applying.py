"""A scenario put to its case: each of its entries, or everything that does not fit."""

from __future__ import annotations

import warnings
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from supplyroutes.errors import AssumptionWarning, DataError, Problem, RequestError
from supplyroutes.scenario.changing import Case, changed_case, recorded_case
from supplyroutes.scenario.faults import Faults
from supplyroutes.scenario.lines import Key, dotted
from supplyroutes.scenario.merging import by_descent, suppositions, written_at
from supplyroutes.scenario.model import RECORDED, SUPPOSED, Scenario, Suppositions
from supplyroutes.scenario.supposed_stocks import expected_convoys, span


@dataclass(frozen=True)
class Applied:
    """A scenario put to its case.

    Attributes
    ----------
    supposed
        What each entry supposes in all, by name.
    cases
        Network and events of each entry.
    """

    supposed: Mapping[str, Suppositions]
    cases: Mapping[str, Case]

    @property
    def recorded(self) -> Case:
        """Network and events as recorded."""
        return self.cases[RECORDED]


def applied(
    scenario: Scenario, *, wanted: Collection[str] = (), recorded: Case | None = None
) -> Applied:
    """Put a scenario to its case.

    Parameters
    ----------
    scenario
        The scenario.
    wanted
        The analyses that are to be worked out: own stocks without a day are warned of.
    recorded
        The case as recorded, if it has been read before.

    Raises
    ------
    DataError
        Everything that does not fit, each with its line; what one what-if has from another is told
        once, where it was written.
    """
    whole = suppositions(scenario)
    case = recorded_case(scenario) if recorded is None else recorded
    problems = _problems_of_analyses(scenario, case)
    cases = {RECORDED: case}
    told: set[tuple[str, Key, str]] = set()
    for entry in [name for name in (SUPPOSED, *by_descent(scenario)) if name in whole]:
        faults = Faults(_Placed(scenario, whole, entry, told))
        cases[entry] = changed_case(scenario, whole[entry], case, faults)
        problems += faults.problems
    if problems:
        raise DataError(sorted(problems, key=lambda problem: problem.row or 0))
    if {"stocks", "outlook"} & set(wanted):
        _warn_of_first_day(scenario, whole)
        _warn_of_no_convoys(scenario, whole, cases)
        _warn_of_convoys_of_other_days(scenario, whole)
    return Applied(whole, {entry: cases[entry] for entry in whole})


class _Placed:
    """Finds where a problem of one entry was written; of another's problem nothing more is said."""

    def __init__(
        self,
        scenario: Scenario,
        whole: Mapping[str, Suppositions],
        entry: str,
        told: set[tuple[str, Key, str]],
    ) -> None:
        self._scenario, self._whole = scenario, whole
        self._entry, self._told = entry, told

    def __call__(self, key: Key, message: str) -> Problem | None:
        """Return the problem of a key; None if it was told where it was written."""
        owner, own = written_at(self._scenario, self._whole, self._entry, key)
        there = owner, tuple(own), message
        if there in self._told:
            return None
        if owner == self._entry:
            self._told.add(there)
            return self._scenario.source.problem((*_above(owner), *own), message)
        written = dotted((*_above(owner), *own))
        message = f"together with {written}: {message}"
        return self._scenario.source.problem(_above(self._entry), message)


def _above(entry: str) -> tuple[str, ...]:
    """Return the key of the part of a file that an entry is written in."""
    return () if entry == SUPPOSED else ("what_if", entry)


def _problems_of_analyses(scenario: Scenario, case: Case) -> list[Problem]:
    """Return what is asked for and cannot be: towns that are not there, days out of order."""
    faults = Faults(scenario.source.problem)
    with faults.at("analyses", "stocks"):
        first, last = span(scenario)
        if (last - first).days >= MOST_DAYS:
            raise RequestError(f"{first} to {last} are more than {MOST_DAYS} days")
    for place, town in enumerate(scenario.analyses.paths.to):
        with faults.at("analyses", "paths", "to", place):
            case[0].find(town)
    return faults.problems


MOST_DAYS = 1000
"""Stocks are followed for at most so many days."""


def _warn_of_first_day(scenario: Scenario, whole: Mapping[str, Suppositions]) -> None:
    """Warn that own stocks are those of a day that the scenario does not name."""
    own = any(supposed.stock_m3 for supposed in whole.values())
    if own and scenario.analyses.stocks.start is None:
        first, _ = span(scenario)
        warnings.warn(
            f"stock_m3 is taken to be what towns hold on {first}, the first day of the stocks; "
            "name that day as analyses.stocks.start",
            AssumptionWarning,
            stacklevel=3,
        )


def _warn_of_no_convoys(
    scenario: Scenario, whole: Mapping[str, Suppositions], cases: Mapping[str, Case]
) -> None:
    """Warn of other numbers of convoys where none is to expect."""
    _, last = span(scenario)
    for entry, supposed in whole.items():
        asked = supposed.convoys
        if asked is None or asked.number_ratio in {0, 1}:
            continue
        if not expected_convoys(scenario, asked, cases[entry], last):
            key = dotted((*_above(entry), "convoys", "number_ratio"))
            warnings.warn(
                f"{key} changes nothing: no convoy is to expect up to {last}; name the day up to "
                "which reports are known as as_known_on",
                AssumptionWarning,
                stacklevel=3,
            )


def _warn_of_convoys_of_other_days(scenario: Scenario, whole: Mapping[str, Suppositions]) -> None:
    """Warn of convoys of one's own that leave outside of the days of the stocks: none drives."""
    first, last = span(scenario)
    told: set[tuple[str, Key]] = set()
    for entry, supposed in whole.items():
        for place, convoy in enumerate(supposed.convoys.added if supposed.convoys else ()):
            owner, own = written_at(scenario, whole, entry, ("convoys", "added", place))
            if first <= convoy.leaves <= last or (owner, own) in told:
                continue
            told.add((owner, own))
            warnings.warn(
                f"{dotted((*_above(owner), *own))} changes nothing: {convoy.leaves} is not one of "
                f"the days of the stocks, {first} to {last}",
                AssumptionWarning,
                stacklevel=3,
            )
