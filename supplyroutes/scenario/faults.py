"""Everything in a scenario that does not fit its case, collected."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from supplyroutes.errors import DataError, Problem, SupplyroutesError
from supplyroutes.scenario.lines import Source


class Faults:
    """Everything in a scenario that does not fit its case, each at its key.

    `above` is the key of the what-if at fault. `keys` are the keys of the reports that the
    scenario changes, by the name that problems of reports give them.
    """

    def __init__(self, source: Source, above: tuple[str, ...] = ()) -> None:
        self.keys: dict[str, tuple[int | str, ...]] = {}
        self._source = source
        self._above = above
        self._problems: list[Problem] = []

    @contextmanager
    def at(self, *key: int | str) -> Iterator[None]:
        """Note what goes wrong here as a problem of that key."""
        try:
            yield
        except DataError as error:
            for problem in error.problems:
                column = (problem.column,) if problem.column else ()
                self._problems.append(self._problem((*key, *column), problem.message))
        except SupplyroutesError as error:
            self._problems.append(self._problem(key, str(error)))

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
                    self._problems.append(self._problem(key, problem.message))
                else:
                    self._problems.append(self._problem(("events",), str(problem)))

    def refuse(self) -> None:
        """Raise `DataError` if anything was noted."""
        if self._problems:
            raise DataError(self._problems)

    def _problem(self, key: tuple[int | str, ...], message: str) -> Problem:
        """Return a problem at a key of the part that these faults are of."""
        return self._source.problem((*self._above, *key), message)
