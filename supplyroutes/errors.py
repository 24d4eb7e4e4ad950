"""Every error and warning of supplyroutes, and what each means.

::

    SupplyroutesError
    ├── DataError            the input is wrong: lists every problem, with file, row and column
    ├── UnknownIdError       a town, road, event or key that is not there: names the nearest ones
    ├── RequestError         the question cannot be asked like this
    ├── SolverError          an optimum was not reached or not proved: carries best and bound
    ├── OutputError          the answer could not be written; nothing is half written
    └── MissingDependencyError   a package of an extra is not installed: names the extra
    SupplyroutesWarning
    ├── DataWarning          the input is accepted, but a person should look at it
    └── AssumptionWarning    an assumption stands where nothing was given

"Isolated" and "no path" are answers, never errors.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from supplyroutes.names import did_you_mean

SHOWN_PROBLEMS = 20


class SupplyroutesError(Exception):
    """Base of every error that supplyroutes raises on purpose."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with an input, and what to do about it."""

    file: str
    row: int | None
    column: str | None
    message: str

    def __str__(self) -> str:
        """Render as ``file:row: column: what is wrong, what to do``."""
        where = self.file if self.row is None else f"{self.file}:{self.row}"
        return ": ".join(part for part in (where, self.column, self.message) if part)


class DataError(SupplyroutesError, ValueError):
    """The input is refused; `problems` lists everything that is wrong with it.

    Parameters
    ----------
    problems
        All problems found, in reading order. The message prints the first twenty.
    """

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        lines = [str(problem) for problem in self.problems[:SHOWN_PROBLEMS]]
        rest = len(self.problems) - len(lines)
        if rest > 0:
            lines.append(f"... and {rest} more problems")
        super().__init__("\n".join(lines))

    def __reduce__(self) -> tuple[type[DataError], tuple[tuple[Problem, ...]]]:
        """Let the error travel whole between processes."""
        return type(self), (self.problems,)


class UnknownIdError(SupplyroutesError, KeyError):
    """A name or id is not in the data.

    Parameters
    ----------
    kind
        What was looked for: "town", "road", "event" ...
    wanted
        What was given.
    nearest
        The ids or names that come closest.
    ambiguous
        True if the name fits several entries rather than none.
    """

    def __init__(
        self, kind: str, wanted: str, nearest: Sequence[str], *, ambiguous: bool = False
    ) -> None:
        self.kind = kind
        self.wanted = wanted
        self.nearest = tuple(nearest)
        self.ambiguous = ambiguous
        if ambiguous:
            text = f"several {kind}s are called {wanted!a}: say one of {', '.join(nearest)}"
        else:
            text = f"no {kind} is called {_shown(wanted)}{did_you_mean(nearest)}"
        self.message = text
        super().__init__(text)

    def __reduce__(self) -> tuple[Callable[..., UnknownIdError], tuple[Any, ...]]:
        """Let the error travel whole between processes."""
        rebuild = partial(type(self), ambiguous=self.ambiguous)
        return rebuild, (self.kind, self.wanted, self.nearest)

    def __str__(self) -> str:
        """Return the message (KeyError would quote it)."""
        return self.message


class RequestError(SupplyroutesError, ValueError):
    """The question cannot be asked like this; the message says what to change."""


class SolverError(SupplyroutesError, RuntimeError):
    """An optimum was not reached, or what the solver returned is not one.

    Parameters
    ----------
    message
        What went wrong.
    best
        Value of the best answer found; None if there is none.
    bound
        Proved bound on the optimum; None if there is none.
    """

    def __init__(
        self, message: str, *, best: float | None = None, bound: float | None = None
    ) -> None:
        self.best = best
        self.bound = bound
        told = [
            f"{word} {value:g}" for word, value in (("best", best), ("bound", bound))
            if value is not None
        ]  # fmt: skip
        self.message = f"{message} ({', '.join(told)})" if told else message
        super().__init__(self.message)


class OutputError(SupplyroutesError, OSError):
    """The output could not be written; what was there before is unchanged."""


class MissingDependencyError(SupplyroutesError, ImportError):
    """A package that only an extra brings is not installed.

    Parameters
    ----------
    package
        The package that is missing.
    extra
        The extra of supplyroutes that brings it.
    """

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(
            f"this needs {package}, which is not installed: pip install 'supplyroutes[{extra}]'"
        )

    def __reduce__(self) -> tuple[type[MissingDependencyError], tuple[str, str]]:
        """Let the error travel whole between processes."""
        return type(self), (self.package, self.extra)


class SupplyroutesWarning(UserWarning):
    """Base of every warning of supplyroutes."""


class DataWarning(SupplyroutesWarning):
    """The input is accepted, but a person should look at it."""


class AssumptionWarning(SupplyroutesWarning):
    """An assumption stands where the input gives nothing, or takes a report to do nothing."""


def _shown(text: str) -> str:
    """Quote `text`, with look-alike and control characters escaped if it is not plain Latin."""
    latin = all(ord(char) < 0x250 and char.isprintable() for char in text)  # noqa: PLR2004
    return repr(text[:80]) if latin else ascii(text[:80])
