"""Scenarios: one TOML file names the case, the day and the what-ifs; `run` answers it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    field_validator,
    model_validator,
)

from supplyroutes.analysis.comparison import Comparison, comparison_of
from supplyroutes.analysis.differences import COMPARED
from supplyroutes.analysis.plain import plain, records
from supplyroutes.analysis.stores.supply_days import SupplyDays, supply_days
from supplyroutes.commodities import COMMODITIES
from supplyroutes.conflicts import warn_of_contradictions
from supplyroutes.datasets import cases
from supplyroutes.datasets import folder as case_folder
from supplyroutes.errors import DataError, Problem, RequestError, SupplyroutesError
from supplyroutes.events import Events
from supplyroutes.impacts import warn_without_effect
from supplyroutes.io.tables import read_case
from supplyroutes.names import hint
from supplyroutes.network import Network
from supplyroutes.overview import Situation, situation
from supplyroutes.places import check_places
from supplyroutes.report_checks import report_from
from supplyroutes.reported import Report, moved_report
from supplyroutes.rules import Rules
from supplyroutes.schema import table_schema

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FILE_BYTES = 1_000_000
_Key = Sequence[int | str]


@dataclass(frozen=True)
class _Source:
    """Where a scenario was written, to name the line of a problem; no part of what it asks."""

    file: str = "scenario"
    text: str = ""

    def problem(self, key: _Key, message: str) -> Problem:
        """Return a problem placed at a key of the scenario."""
        return Problem(self.file, line_of(self.text, key), _dotted(key), message)


class _Part(BaseModel):
    """A part of a scenario: unknown keys are errors, numbers are finite, nothing is guessed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        ignored_types=(cached_property,),
    )


class Move(_Part):
    """How a report is moved in time: by `days`, or to a new `start` or `end`."""

    days: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None


class EventChanges(_Part):
    """What-ifs: reports taken away, moved, or added.

    A report to add is a table of columns of ``events.csv``.
    """

    removed: list[str] = Field(default_factory=list)
    moved: dict[str, Move] = Field(default_factory=dict)
    added: list[dict[str, Any]] = Field(default_factory=list)


class Scenario(_Part):
    """A question to the tool; read from a TOML file by `read_scenario`.

    Attributes
    ----------
    title
        What the scenario asks, for headings.
    case, folder
        The bundled case, or a folder of CSV tables (relative to the file).
    date
        The day.
    commodity
        The commodity.
    as_known_on
        Use only what was known on that day.
    tracks
        Let loaded tankers use tracks and roads of low confidence.
    events
        Reports removed, moved or added.
    assumptions
        Other best values of assumptions, by key.
    rules
        Other best values of impact rules: ``{"R02": {"capacity_factor": 0.2}}``.

    Raises
    ------
    ValueError
        A key is unknown or missing, or a value is not valid (a `pydantic.ValidationError`).

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> day = datetime.date(2025, 1, 12)
    >>> sr.Scenario(case="toy", date=day).changes_anything
    False
    >>> sr.Scenario(case="toy", date=day, events={"removed": ["T1"]}).changes_anything
    True
    """

    title: str = ""
    case: str | None = None
    folder: str | None = None
    date: dt.date
    commodity: str = "fuel"
    as_known_on: dt.date | None = None
    tracks: bool = False
    events: EventChanges = Field(default_factory=EventChanges)
    assumptions: dict[str, float] = Field(default_factory=dict)
    rules: dict[str, dict[str, float]] = Field(default_factory=dict)

    # Neither a field nor a private attribute of pydantic: it is no part of what is asked, so that
    # two scenarios that ask the same are equal, wherever they were written.
    @cached_property
    def _source(self) -> _Source:
        """Where the scenario was written; `read_scenario` sets it."""
        return _Source()

    @field_validator("case")
    @classmethod
    def _known_case(cls, case: str | None) -> str | None:
        """Refuse a case that is not bundled."""
        return case if case is None else _one_of(case, "bundled case", cases())

    @field_validator("commodity")
    @classmethod
    def _known_commodity(cls, commodity: str) -> str:
        """Refuse an unknown commodity."""
        return _one_of(commodity, "commodity", COMMODITIES)

    @model_validator(mode="after")
    def _one_case(self) -> Scenario:
        """Refuse a scenario with no case, or with two."""
        if (self.case is None) == (self.folder is None):
            raise ValueError("name either a case or a folder")
        return self

    @property
    def changes_anything(self) -> bool:
        """Tell whether the scenario differs from what was recorded."""
        parts = (self.events.removed, self.events.moved, self.events.added)
        return any(parts) or bool(self.assumptions) or bool(self.rules)


def _one_of(name: str, kind: str, known: Sequence[str]) -> str:
    """Return a name if it is known, or refuse it."""
    if name not in known:
        near = hint(name, known) or f"; known: {', '.join(known)}"
        raise ValueError(f"no {kind} is called {name!a}{near}")
    return name


@dataclass(frozen=True)
class Change:
    """One thing that a scenario changes, as it was and as it is supposed.

    Attributes
    ----------
    kind
        What is changed: removed, moved, added (a report), assumption or rule (a number).
    name
        Id of the report, key of the assumption, or id of the impact rule.
    quantity
        The quantity of an impact rule; else empty.
    unit
        The unit of an assumption; else empty.
    before
        The report or number as recorded; None for a report added, and for no limit.
    after
        The report or number supposed; None for a report removed.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"moved": {"T1": {"days": 2}}})
    >>> (change,) = sr.run(scenario).changes
    >>> change.kind, str(change.before.start), str(change.after.start)
    ('moved', '2025-01-10', '2025-01-12')
    """

    kind: str
    name: str
    quantity: str = ""
    unit: str = ""
    before: Report | float | None = None
    after: Report | float | None = None


@dataclass(frozen=True)
class Results:
    """The answers to a scenario beside the recorded day; made by `run`.

    Attributes
    ----------
    scenario
        The scenario.
    recorded
        The situation as recorded.
    what_if
        The situation under the scenario's changes.
    changes
        What the scenario changes, each with its value before and after.
    case
        The network and the events under the scenario's changes.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> results = sr.run(scenario)
    >>> [counts["strained"] for counts in results.summary().values()]
    [3, 0]
    >>> results.differences().index.tolist()
    ['east', 'north', 'bridge', 'south']
    """

    scenario: Scenario
    recorded: Situation
    what_if: Situation
    case: tuple[Network, Events] = field(repr=False, compare=False)
    changes: tuple[Change, ...] = ()

    def summary(self) -> dict[str, dict[str, int]]:
        """Return the number of towns in each state, as recorded and what if.

        Returns
        -------
        counts
            Keys recorded and what_if: numbers by state, and of roads of unknown state.
        """
        return {"recorded": self.recorded.summary(), "what_if": self.what_if.summary()}

    @cached_property
    def comparison(self) -> Comparison:
        """The two days side by side, as by `compare`: entries recorded and what_if."""
        return comparison_of({"recorded": self.recorded, "what_if": self.what_if})

    @cached_property
    def supply(self) -> SupplyDays:
        """What towns hold under the scenario's changes, and when they run short."""
        network, events = self.case
        asked = self.scenario
        return supply_days(network, events, at=asked.date, commodity=asked.commodity)

    def differences(self) -> pd.DataFrame:
        """Return the towns that differ in state, ways in, or by over half an hour of driving.

        Those whose state differs come first, then the largest; see `compare`.

        Returns
        -------
        towns
            Index `node`; empty if nothing differs. State, approaches, approaches_free and
            travel_time_h (hours; nan if no open path leads there), each with the suffix
            ``_recorded`` and ``_what_if``; the other columns as in `Comparison`.
        """
        frame = self.comparison.differences.droplevel("entry")
        sides = {name: f"{name}_what_if" for name in COMPARED}
        sides |= {f"{name}_reference": f"{name}_recorded" for name in COMPARED}
        return frame.rename(columns=sides).drop(columns=["population", "worse"])

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys scenario, differences (one entry a town), recorded, what_if and supply; days as
            YYYY-MM-DD, times in hours; what is missing is None.
        """
        return {
            "scenario": {
                key: plain(value) for key, value in self.scenario.model_dump(mode="json").items()
            },
            "differences": records(self.differences()),
            "recorded": self.recorded.to_dict(),
            "what_if": self.what_if.to_dict(),
            "supply": self.supply.to_dict(),
        }


def read_scenario(path: str | Path) -> Scenario:
    """Read a scenario file (TOML).

    Parameters
    ----------
    path
        The file. A `folder` in it is relative to the file's own folder.

    Returns
    -------
    scenario
        The checked scenario.

    Raises
    ------
    DataError
        Everything that is wrong with the file, as ``file:line: key: what is wrong``.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> path = sr.datasets.folder("mali") / "scenarios" / "ivorian_roads_reopened.toml"
    >>> sr.read_scenario(path).date
    datetime.date(2025, 10, 15)
    """
    place = Path(path)
    text, values = _read_toml(place)
    if isinstance(values.get("folder"), str):
        values["folder"] = str(place.parent / values["folder"])
    source = _Source(str(place), text)
    try:
        scenario = Scenario.model_validate(values)
    except ValidationError as error:
        found = error.errors(include_url=False)
        raise DataError([source.problem(item["loc"], _say(item)) for item in found]) from None
    vars(scenario)["_source"] = source
    return scenario


def run(scenario: Scenario) -> Results:
    """Answer a scenario: the day as recorded, and under the scenario's changes.

    Parameters
    ----------
    scenario
        The scenario.

    Returns
    -------
    results
        The two situations, and which towns differ.

    Raises
    ------
    DataError
        The case is not valid, or the scenario does not fit it: everything that it names but is
        not there, or that is out of range, with the line if the scenario was read from a file.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> sr.run(scenario).differences().loc["east", ["state_recorded", "state_what_if"]].tolist()
    ['strained', 'supplied']
    """
    question: dict[str, Any] = {"at": scenario.date, "commodity": scenario.commodity}
    case = recorded_case(scenario)
    if not scenario.changes_anything:
        recorded = situation(*case, **question)
        return Results(scenario=scenario, recorded=recorded, what_if=recorded, case=case)
    changed = changed_case(scenario, *case)
    return Results(
        scenario=scenario,
        recorded=situation(*case, **question),
        what_if=situation(*changed, **question),
        case=changed,
        changes=tuple(_changes(scenario, case, changed)),
    )


def recorded_case(scenario: Scenario) -> tuple[Network, Events]:
    """Return the network and the events of a scenario, without its changes."""
    place = Path(scenario.folder) if scenario.folder else case_folder(scenario.case or "")
    network, events = read_case(place, tracks=scenario.tracks)
    if scenario.as_known_on:
        events = events.known_by(scenario.as_known_on)
    warn_of_contradictions(network, events)
    return network, events


def what_if_case(scenario: Scenario) -> tuple[Network, Events]:
    """Return the network and the events of a scenario, with its changes."""
    return changed_case(scenario, *recorded_case(scenario))


def changed_case(scenario: Scenario, network: Network, events: Events) -> tuple[Network, Events]:
    """Return network and events under the scenario's changes, or raise with every problem."""
    faults = _Faults(scenario._source)  # noqa: SLF001
    for key, value in scenario.assumptions.items():
        with faults.at("assumptions", key):
            network.assumptions.replacing({key: value})
    rules = _changed_rules(scenario, events.rules, faults)
    reports = _changed_reports(scenario, events, faults)
    faults.refuse()
    # Only the whole is checked: reports that name each other may be moved together.
    with faults.of_reports():
        events = Events(reports, rules)
        check_places(network, events)
    faults.refuse()
    added = (report_from(_listed(values)).event for values in scenario.events.added)
    warn_without_effect(network, events, added)
    return network.assuming(scenario.assumptions), events


def _changed_rules(scenario: Scenario, rules: Rules, faults: _Faults) -> Rules:
    """Return the impact rules under the scenario's what-ifs."""
    for rule, values in scenario.rules.items():
        with faults.at("rules", rule):
            rules[rule]
            for quantity, value in values.items():
                with faults.at("rules", rule, quantity):
                    rules = rules.replacing({rule: {quantity: value}})
    return rules


def _changed_reports(scenario: Scenario, events: Events, faults: _Faults) -> list[Report]:
    """Return the reports under the scenario's what-ifs, not yet checked against each other."""
    changes = scenario.events
    for event in changes.removed:
        with faults.at("events", "removed"):
            events[event]
    left = events.without(*(event for event in changes.removed if event in events))
    reports = {report.event: report for report in left}
    for event, move in changes.moved.items():
        with faults.at("events", "moved", event):
            reports[event] = moved_report(
                left[event], days=move.days, start=move.start, end=move.end
            )
            faults.keys[f"event {event}"] = ("events", "moved", event)
    for place, values in enumerate(changes.added):
        with faults.at("events", "added", place):
            report = report_from(_listed(values))
            if report.event in reports:
                raise RequestError(f"the id {report.event!a} is taken; give the report its own")
            reports[report.event] = report
            faults.keys[f"event {report.event}"] = ("events", "added", place)
    return list(reports.values())


class _Faults:
    """Everything in a scenario that does not fit its case, each at its key.

    `keys` are the keys of the reports that the scenario changes, by the name that problems of
    reports give them.
    """

    def __init__(self, source: _Source) -> None:
        self.keys: dict[str, tuple[int | str, ...]] = {}
        self._source = source
        self._problems: list[Problem] = []

    @contextmanager
    def at(self, *key: int | str) -> Iterator[None]:
        """Note what goes wrong here as a problem of that key."""
        try:
            yield
        except DataError as error:
            for problem in error.problems:
                column = (problem.column,) if problem.column else ()
                self._problems.append(self._source.problem((*key, *column), problem.message))
        except SupplyroutesError as error:
            self._problems.append(self._source.problem(key, str(error)))

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
                    self._problems.append(self._source.problem(key, problem.message))
                else:
                    self._problems.append(self._source.problem(("events",), str(problem)))

    def refuse(self) -> None:
        """Raise `DataError` if anything was noted."""
        if self._problems:
            raise DataError(self._problems)


def _changes(
    scenario: Scenario, before: tuple[Network, Events], after: tuple[Network, Events]
) -> Iterator[Change]:
    """Yield what a scenario changes, in the order in which a scenario is written."""
    (old_network, old_events), (new_network, new_events) = before, after
    for event in scenario.events.removed:
        yield Change("removed", event, before=old_events[event])
    for event in scenario.events.moved:
        yield Change("moved", event, before=old_events[event], after=new_events[event])
    for values in scenario.events.added:
        report = report_from(_listed(values))
        yield Change("added", report.event, after=report)
    for key in scenario.assumptions:
        entry, best = old_network.assumptions[key], new_network.assumptions[key].best
        yield Change("assumption", key, unit=entry.unit, before=entry.best, after=best)
    for rule, quantities in scenario.rules.items():
        for quantity in quantities:
            old, new = (
                getattr(at.rules[rule], f"{quantity}_best") for at in (old_events, new_events)
            )
            yield Change("rule", rule, quantity, before=old, after=new)


def _listed(report: Mapping[str, Any]) -> dict[str, Any]:
    """Return an added report with the marks of an assumption where it gives no source."""
    given = {"source": "assumption: what-if", "confidence": "D", "text": "What-if.", **report}
    numbers = {column.name for column in table_schema("events") if column.dtype == "float"}
    return {
        key: float(value) if key in numbers and isinstance(value, int) else value
        for key, value in given.items()
    }


# --- files and messages -------------------------------------------------------------------


def _read_toml(place: Path) -> tuple[str, dict[str, Any]]:
    """Return text and values of a TOML file, or `DataError`."""

    def refuse(message: str, line: int | None = None) -> DataError:
        return DataError([Problem(str(place), line, None, message)])

    try:
        data = place.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(f"cannot be read: {reason}") from error
    if len(data) > LARGEST_FILE_BYTES:
        raise refuse(f"has {len(data)} bytes; a scenario has at most {LARGEST_FILE_BYTES}")
    try:
        text = data.decode("utf-8-sig")
        return text, tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise refuse(f"is not UTF-8 (byte offset {error.start}); save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line ([0-9]+)", str(error))
        message = re.sub(r" \(at .*\)$", "", str(error))
        raise refuse(f"is not TOML: {message}", int(found[1]) if found else None) from None
    except RecursionError:
        raise refuse("is nested too deeply") from None


def _say(item: Mapping[str, Any]) -> str:
    """Return a message of pydantic in our words."""
    if item["type"] == "extra_forbidden":
        known = _known_keys(item["loc"])
        return "unknown key" + (hint(str(item["loc"][-1]), known) or f"; known: {', '.join(known)}")
    if item["type"] == "missing":
        return "the key is missing"
    if item["type"] == "date_type":
        given = item["input"]
        shown = given.isoformat() if isinstance(given, dt.datetime) else ascii(given)
        return f"write a date without quotes or time: 2025-10-15, not {shown}"
    message = str(item["msg"]).removeprefix("Value error, ")
    return message[0].lower() + message[1:]


def _known_keys(loc: Sequence[int | str]) -> list[str]:
    """Return the keys that the part of the scenario at `loc` knows."""
    part: type[BaseModel] = Scenario
    if loc[:1] == ("events",):
        part = Move if loc[1:2] == ("moved",) else EventChanges
    return list(part.model_fields)


def _dotted(loc: Sequence[int | str]) -> str | None:
    """Return the place of a key as people write it."""
    return ".".join(str(part) for part in loc) or None


def line_of(text: str, loc: Sequence[int | str]) -> int | None:
    """Return the line of a TOML text on which the key at `loc` stands or begins, or its table.

    >>> line_of('title = "A"', ("title",))
    1
    """
    wanted = tuple(loc)
    table: tuple[int | str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    best: tuple[int, int | None] = (0, None)
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*(\[\[?)\s*([^\]]+?)\s*\]", line)
        key = re.match(r"\s*([\w.\-\"']+)\s*=", line)
        if header:
            names = _keys(header[2])
            table = names
            if header[1] == "[[":
                counts[names] = counts.get(names, -1) + 1
                table = (*names, counts[names])
            here = table
        elif key:
            here = (*table, *_keys(key[1]))
        else:
            continue
        # One is within the other: the line above the key that is closest, or the first within it.
        depth = min(len(here), len(wanted))
        if wanted[:depth] == here[:depth] and depth > best[0]:
            best = (depth, number)
    return best[1]


def _keys(dotted: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
