"""Scenarios: one TOML file names the case, the day and the what-ifs; `run` answers it."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from supplyroutes.analysis.plain import plain, records
from supplyroutes.commodities import COMMODITIES
from supplyroutes.datasets import folder as case_folder
from supplyroutes.errors import DataError, Problem, SupplyroutesError
from supplyroutes.events import Events
from supplyroutes.io.tables import read_events, read_network
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.overview import Situation, situation
from supplyroutes.schema import table_schema

if TYPE_CHECKING:
    import pandas as pd

LARGEST_FILE_BYTES = 1_000_000
SAME_TIME_H = 0.5


class _Part(BaseModel):
    """A part of a scenario: unknown keys are errors, numbers are finite, nothing is guessed."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, str_strip_whitespace=True
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

    @model_validator(mode="after")
    def _one_case(self) -> Scenario:
        """Refuse a scenario with no case, with two, or with an unknown commodity."""
        if (self.case is None) == (self.folder is None):
            raise ValueError("name either a case or a folder")
        if self.commodity not in COMMODITIES:
            near = nearest_names(self.commodity, COMMODITIES) or ["fuel"]
            raise ValueError(f"no commodity {self.commodity!a}; did you mean {near[0]}?")
        return self

    @property
    def changes_anything(self) -> bool:
        """Tell whether the scenario differs from what was recorded."""
        parts = (self.events.removed, self.events.moved, self.events.added)
        return any(parts) or bool(self.assumptions) or bool(self.rules)


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

    def summary(self) -> dict[str, dict[str, int]]:
        """Return the number of towns in each state, as recorded and what if.

        Returns
        -------
        counts
            Keys recorded and what_if: numbers by state, and of roads of unknown state.
        """
        return {"recorded": self.recorded.summary(), "what_if": self.what_if.summary()}

    def differences(self) -> pd.DataFrame:
        """Return the towns that differ in state, ways in, or by over half an hour of driving.

        Columns name, approaches_baseline, and state, approaches and travel_time_h, each as
        recorded and what if; those whose state differs come first, then the largest.

        Returns
        -------
        towns
            Index `node`; empty if nothing differs. Times in hours; nan if no open path leads there.
        """
        import pandas as pd

        columns = ["state", "approaches", "travel_time_h"]
        before, after = self.recorded.isolation.towns, self.what_if.isolation.towns
        pair = before[["name", "population", "approaches_baseline"]].join(
            [before[columns].add_suffix("_recorded"), after[columns].add_suffix("_what_if")]
        )
        slower = (pair["travel_time_h_what_if"] - pair["travel_time_h_recorded"]).abs()
        other_state = pair["state_recorded"] != pair["state_what_if"]
        differs = (
            other_state
            | (pair["approaches_recorded"] != pair["approaches_what_if"])
            | (slower > SAME_TIME_H)
        )
        rank = pd.DataFrame({"same": ~other_state, "people": -pair["population"].fillna(0)})
        order = rank[differs].sort_values(["same", "people"], kind="stable").index
        return pair.loc[order].drop(columns="population")

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys scenario, differences (one entry a town), recorded and what_if; days as YYYY-MM-DD,
            times in hours; what is missing is None.
        """
        return {
            "scenario": {
                key: plain(value) for key, value in self.scenario.model_dump(mode="json").items()
            },
            "differences": records(self.differences()),
            "recorded": self.recorded.to_dict(),
            "what_if": self.what_if.to_dict(),
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
    try:
        return Scenario.model_validate(values)
    except ValidationError as error:
        problems = [
            Problem(str(place), line_of(text, item["loc"]), _dotted(item["loc"]), _say(item))
            for item in error.errors(include_url=False)
        ]
        raise DataError(problems) from None


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
        The case is not valid, or an added report is not.
    UnknownIdError
        The scenario names an event, assumption or rule that is not there.
    RequestError
        A value is out of range.

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
    recorded = situation(*recorded_case(scenario), **question)
    if not scenario.changes_anything:
        return Results(scenario=scenario, recorded=recorded, what_if=recorded)
    what_if = situation(*what_if_case(scenario), **question)
    return Results(scenario=scenario, recorded=recorded, what_if=what_if)


def recorded_case(scenario: Scenario) -> tuple[Network, Events]:
    """Return the network and the events of a scenario, without its changes."""
    place = Path(scenario.folder) if scenario.folder else case_folder(scenario.case or "")
    network = read_network(place, tracks=scenario.tracks)
    events = read_events(place, network=network)
    if scenario.as_known_on:
        events = events.known_by(scenario.as_known_on)
    return network, events


def what_if_case(scenario: Scenario) -> tuple[Network, Events]:
    """Return the network and the events of a scenario, with its changes."""
    network, events = recorded_case(scenario)
    if scenario.assumptions:
        network = network.assuming(scenario.assumptions)
    return network, changed_events(scenario, events)


def run_file(scenario: Scenario, path: str | Path) -> Results:
    """Answer a scenario read from a file; an error names the file and, if it can, the line."""
    try:
        return run(scenario)
    except DataError:
        raise
    except SupplyroutesError as error:
        wanted = re.escape(str(getattr(error, "wanted", "")))
        lines = Path(path).read_text(encoding="utf-8").splitlines()
        named = (
            number
            for number, row in enumerate(lines, start=1)
            if wanted and re.search(rf"(?<![\w-]){wanted}(?![\w-])", row)
        )
        raise DataError([Problem(str(path), next(named, None), None, str(error))]) from error


def changed_events(scenario: Scenario, events: Events) -> Events:
    """Return the events under the scenario's what-ifs."""
    changes = scenario.events
    if changes.removed:
        events = events.without(*changes.removed)
    for event, move in changes.moved.items():
        events = events.moving(event, days=move.days, start=move.start, end=move.end)
    if changes.added:
        events = events.adding(*(_listed(report) for report in changes.added))
    if scenario.rules:
        events = events.ruled_by(events.rules.replacing(scenario.rules))
    return events


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
    except OSError as error:
        raise refuse(f"cannot be read: {error.strerror or error}") from error
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
        near = nearest_names(str(item["loc"][-1]), known)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(known)}"
        return f"unknown key; {hint}"
    if item["type"] == "missing":
        return "the key is missing"
    if item["type"] == "date_type":
        return f"write a date without quotes: 2025-10-15, not {item['input']!a}"
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
    """Return the line of a TOML text on which the key at `loc` stands, or its table.

    >>> line_of('title = "A"', ("title",))
    1
    """
    wanted = tuple(loc)
    table: tuple[int | str, ...] = ()
    counts: dict[tuple[str, ...], int] = {}
    best: tuple[int, int] | None = None
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
        if wanted[: len(here)] == here and (best is None or len(here) > best[0]):
            best = (len(here), number)
    return best[1] if best else None


def _keys(dotted: str) -> tuple[str, ...]:
    """Return the parts of a dotted TOML key."""
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
