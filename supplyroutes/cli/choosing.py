"""Options that commands share: which case, which day, in which language, in which form."""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from supplyroutes.commodities import COMMODITIES
from supplyroutes.dates import parse_day
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.workers import Progress
    from supplyroutes.overview import Situation
    from supplyroutes.scenario import Results, Scenario
    from supplyroutes.scenario.model import Analysis

SCHEMA_VERSION = 1
DONE, INTERNAL_ERROR, WRONG_USE, BAD_INPUT, CONDITION_HOLDS, NO_OUTPUT = range(6)
INTERRUPTED = 130
"""The exit codes; see `supplyroutes.cli`."""
MAIN_CASE = "mali"
RESULTS_SUFFIXES = (".json", ".json.gz")
_Command = TypeVar("_Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day as YYYY-MM-DD."""

    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> date:
        """Return the day, or say what is wrong with it."""
        if isinstance(value, date):
            return value
        try:
            return parse_day(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


@dataclass(frozen=True)
class Choice:
    """The case and the question that the options name."""

    place: Path | None
    case: str | None
    date: dt.date | None
    commodity: str | None
    as_known_on: dt.date | None
    tracks: bool

    @property
    def is_file(self) -> bool:
        """Tell whether the place is a scenario file."""
        # os.path says no of a name that cannot be; Path.is_dir raises.
        return self.place is not None and not os.path.isdir(self.place)  # noqa: PTH112

    def scenario(self) -> Scenario:
        """Return the question as a scenario: from the file, or from the options."""
        from supplyroutes.datasets import folder as case_folder
        from supplyroutes.scenario import Scenario, read_scenario

        assert_one(self.place, self.case)
        if self.is_file:
            assert_toml(self.place)
            given = {"date": self.date, "commodity": self.commodity}
            given["as_known_on"] = self.as_known_on
            changes = {key: value for key, value in given.items() if value is not None}
            return read_scenario(str(self.place)).model_copy(
                update={**changes, **({"tracks": True} if self.tracks else {})}
            )
        if self.date is None:
            raise RequestError("say the day: --date YYYY-MM-DD")
        folder = str(self.place) if self.place else None
        case = None if folder else self.case or MAIN_CASE
        if case:
            case_folder(case)  # an unknown case is a wrong use here, where no file names it
        return Scenario(
            case=case,
            folder=folder,
            date=self.date,
            commodity=self.commodity or "fuel",
            as_known_on=self.as_known_on,
            tracks=self.tracks,
        )

    @property
    def is_saved(self) -> bool:
        """Tell whether the place is a file of results that were saved."""
        return self.is_file and str(self.place).lower().endswith(RESULTS_SUFFIXES)

    def results(
        self, *analyses: Analysis, workers: int = 1, progress: Progress | None = None
    ) -> Results:
        """Return the answers to the question: states and corridors, and the analyses named.

        A results file holds its answers already: all that was worked out when it was written.
        """
        if self.is_saved:
            return self.saved()
        from supplyroutes.scenario import run

        return run(self.scenario(), analyses=analyses, workers=workers, progress=progress)

    def saved(self) -> Results:
        """Return the answers of a results file, which have their day and commodity."""
        from supplyroutes.scenario.saving import read_results

        assert_one(self.place, self.case)
        if (self.date, self.commodity, self.as_known_on, self.tracks) != (None, None, None, False):
            raise RequestError(
                f"{self.place} holds answers: --date, --commodity, --as-known-on and --tracks "
                "would ask anew; name the scenario instead"
            )
        return read_results(str(self.place))

    def situation(self) -> Situation:
        """Return the situation asked for: under the what-ifs of a scenario file."""
        return self.results().main.situation


def assert_one(place: Path | None, case: str | None) -> None:
    """Refuse a place beside a bundled case: one of them would go unread."""
    if place is not None and case is not None:
        raise RequestError("name a folder or scenario file, or --case, not both")


def assert_toml(place: Path | None) -> None:
    """Refuse a place that is neither a folder nor a scenario file."""
    if place is not None and os.path.exists(place) and place.suffix.lower() != ".toml":  # noqa: PTH110
        raise RequestError(f"{place} is neither a folder nor a scenario file (.toml)")


case_option = click.option("--case", help="A bundled case; mali if nothing is named.")
day_option = click.option("--date", "day", type=Day(), help="The day.")
known_option = click.option(
    "--as-known-on", type=Day(), help="Use only what was known on this day."
)
tracks_option = click.option(
    "--tracks", is_flag=True, help="Let loaded tankers use tracks and unsure roads."
)


def case_options(command: _Command) -> _Command:
    """Add the options that name case, day and commodity; they arrive as `choice`."""
    import functools

    @click.argument("place", required=False, type=click.Path(path_type=Path), metavar="[SCENARIO.toml|FOLDER]")  # fmt: skip  # noqa: E501
    @case_option
    @day_option
    @click.option("--commodity", type=click.Choice(COMMODITIES), help="fuel if nothing is named.")
    @known_option
    @tracks_option
    @functools.wraps(command)
    def wrapped(
        *,
        place: Path | None,
        case: str | None,
        day: date | None,
        commodity: str | None,
        as_known_on: date | None,
        tracks: bool,
        **options: Any,
    ) -> Any:
        choice = Choice(place, case, day, commodity, as_known_on, tracks)
        return command(choice=choice, **options)

    return wrapped  # type: ignore[return-value]


def json_option(command: _Command) -> _Command:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for scripts.")(command)


def workers_option(command: _Command) -> _Command:
    """Add ``--workers``."""
    return click.option(
        "--workers",
        type=click.IntRange(1, 256),
        default=1,
        show_default=True,
        help="Processes that share the draws; the answer does not change.",
    )(command)


def language_option(command: _Command) -> _Command:
    """Add ``--lang``."""
    return click.option(
        "--lang",
        type=click.Choice(["en", "fr"]),
        default="en",
        envvar="SUPPLYROUTES_LANG",
        show_default=True,
        help="Language; the variable SUPPLYROUTES_LANG sets it too.",
    )(command)


def fail_option(command: _Command) -> _Command:
    """Add ``--fail-if``."""
    return click.option(
        "--fail-if",
        metavar="CONDITION",
        help="Leave with code 4 if this holds, e.g. 'state(mopti) == isolated'.",
    )(command)


def echo_json(answer: dict[str, Any]) -> None:
    """Print an answer as JSON; the same answer gives the same bytes."""
    whole = {"schema_version": SCHEMA_VERSION, **answer}
    click.echo(json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1))


def needed_for(condition: str | None) -> tuple[Analysis, ...]:
    """Return the analyses that a ``--fail-if`` condition reads."""
    from supplyroutes.conditions import needed

    return () if condition is None else needed(condition)


def judged(condition: str | None, results: Results) -> bool:
    """Tell whether a ``--fail-if`` condition holds; asked before any answer is printed.

    A bad condition is refused alone: after a screen of answers it would be overlooked.
    """
    from supplyroutes.conditions import holds

    return condition is not None and holds(condition, results)


def verdict(condition: str | None, *, held: bool) -> int:
    """Return the exit code of a ``--fail-if`` condition, and say if it held."""
    if not held:
        return DONE
    click.echo(f"the condition holds: {condition}", err=True)
    return CONDITION_HOLDS
