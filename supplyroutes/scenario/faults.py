"""Everything in a scenario that does not fit its case, collected."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from supplyroutes.errors import DataError, Problem, SupplyroutesError
from supplyroutes.scenario.lines import Key

Place = Callable[[Key, str], Problem | None]
"""Returns the problem of a key with its file and line; None if it is told elsewhere."""


class Faults:
    """Everything in a scenario that does not fit its case, each at its key.

    `place` finds the line of a key. `keys` are the keys of the reports that the scenario changes,
    by the name that problems of reports give them. `found` counts what went wrong, told elsewhere
    or not.
    """

    def __init__(self, place: Place) -> None:
        self.keys: dict[str, Key] = {}
        self.problems: list[Problem] = []
        self.found = 0
        self._place = place

    @contextmanager
    def at(self, *key: int | str) -> Iterator[None]:
        """Note what goes wrong here as a problem of that key."""
        try:
            yield
        except DataError as error:
            for problem in error.problems:
                column = (problem.column,) if problem.column else ()
                self._note((*key, *column), problem.message)
        except SupplyroutesError as error:
            self._note(key, str(error))

    @contextmanager
    def of_reports(self) -> Iterator[None]:
        """Note what goes wrong here at the report that the scenario moves or adds.

        A report of the case that a what-if leaves behind is named in the message.
        """
        try:
            yield
        except DataError as error:
            for problem in error.problems:
                if problem.file in self.keys:
                    key = (*self.keys[problem.file], str(problem.column))
                    self._note(key, problem.message)
                else:
                    self._note(("events",), str(problem))

    def refuse(self) -> None:
        """Raise `DataError` if anything was noted."""
        if self.problems:
            raise DataError(self.problems)

    def _note(self, key: Key, message: str) -> None:
        """Note a problem at a key, unless it is told elsewhere."""
        self.found += 1
        problem = self._place(key, message)
        if problem is not None:
            self.problems.append(problem)
