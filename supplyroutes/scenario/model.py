"""What a scenario may say: its keys, their types and their defaults."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import PurePath
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.stores.conduct import Conduct
from supplyroutes.commodities import COMMODITIES
from supplyroutes.core import Season
from supplyroutes.datasets import cases
from supplyroutes.dates import parse_day
from supplyroutes.names import hint
from supplyroutes.scenario.lines import Source

RECORDED, SUPPOSED = "recorded", "scenario"
"""Names of the first two entries of an answer: what was recorded, and the scenario itself."""
Analysis = Literal["flow", "paths", "stocks", "outlook", "roads", "reopening"]
ANALYSES: tuple[Analysis, ...] = ("flow", "paths", "stocks", "outlook", "roads", "reopening")
"""What a scenario can have worked out besides states and corridors."""
MOST_WHAT_IFS, MOST_IN_GRID = 50, 10_000
MOST_RATIO = 100
"""Convoys are at most so many times as large, or as many, as without a what-if."""
REPORT_FORMATS = (".html", ".pdf", ".xlsx", ".md", ".json")
"""Suffixes of the files that a report can be written to."""
RESULTS_FORMATS = (".json", ".json.gz")
"""Suffixes of a file that keeps answers whole."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,59}")
"""What a what-if may be called: a batch makes file names of it."""
DEVICES = frozenset(
    {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}
)
"""Names that some systems keep for themselves, whatever their case."""


def _good_name(name: str) -> str:
    """Return the name of a what-if, or refuse it."""
    if not NAME.fullmatch(name):
        raise ValueError(
            "the name of a what-if has 1 to 60 characters: letters without accents, digits, - and "
            "_, a letter or digit first"
        )
    if name.lower() in DEVICES:
        raise ValueError(f"some systems can have no file called {name}; choose another name")
    if name.lower() in {RECORDED, SUPPOSED}:
        raise ValueError(f"the name {name} is taken; give the what-if its own")
    return name


WhatIfName = Annotated[
    str,
    AfterValidator(_good_name),
    WithJsonSchema({"type": "string", "pattern": f"^{NAME.pattern}$"}),
]


class Part(BaseModel):
    """A part of a scenario: unknown keys are errors, numbers are finite, nothing is guessed."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        allow_inf_nan=False,
        str_strip_whitespace=True,
        ignored_types=(cached_property,),
    )


class Move(Part):
    """How a report is moved in time: by `days`, or to a new `start` or `end`."""

    days: int | None = None
    start: dt.date | None = None
    end: dt.date | None = None


class Ending(Part):
    """Reports that have no effect from `on`: of the kinds, actors and corridors named.

    What is not named is not asked of: a truce names the actor only.
    """

    on: dt.date
    kinds: list[str] = Field(default_factory=list)
    actors: list[str] = Field(default_factory=list)
    corridors: list[str] = Field(default_factory=list)

    @model_validator(mode="after")
    def _something(self) -> Ending:
        """Refuse an end of everything: the rains would end as well."""
        if not (self.kinds or self.actors or self.corridors):
            raise ValueError("name kinds, actors or corridors of the reports that end")
        return self


class EventChanges(Part):
    """What-ifs: reports taken away, ended together, moved, or added.

    A report to add is a table of columns of ``events.csv``.
    """

    removed: list[str] = Field(default_factory=list)
    ended: list[Ending] = Field(default_factory=list)
    moved: dict[str, Move] = Field(default_factory=dict)
    added: list[dict[str, Any]] = Field(default_factory=list)


class Tankers(Part):
    """The fleet: how many tankers (none named: what the usual traffic needs), and their drivers."""

    tankers: float | None = Field(default=None, ge=0)
    deterrence: bool = False


class OwnConvoy(Part):
    """A convoy of one's own: when it leaves on which corridor, for which town, how many tankers."""

    corridor: str
    town: str | None = None
    tankers: float = Field(gt=0)
    leaves: dt.date


class Convoys(Part):
    """Convoys: those recorded, those to expect, how many and how large, and some of one's own.

    `number_ratio` is how many there are of those to expect, after the scenario's day: 2 for twice
    as many, in half the time between two. `size_ratio` is how large all are, recorded ones too.
    """

    recorded: bool = True
    expected: bool = True
    number_ratio: float = Field(default=1.0, ge=0, le=MOST_RATIO)
    size_ratio: float = Field(default=1.0, ge=0, le=MOST_RATIO)
    added: list[OwnConvoy] = Field(default_factory=list)


class Policies(Part):
    """Who goes short, and what trucks do before a closed road; for the flow and the stocks."""

    allocation: Allocation = "max_min"
    policy: str = "essential"
    conduct: Conduct = "wait"


class Suppositions(Part):
    """What is supposed instead of what was recorded.

    Attributes
    ----------
    events
        Reports removed, ended, moved or added.
    assumptions
        Other best values of assumptions, by key.
    rules
        Other best values of impact rules: ``{"R02": {"capacity_factor": 0.2}}``.
    season
        Dry- or wet-season speeds throughout, whatever is recorded of the rains.
    demand_m3_per_day
        Own figures of use, by town or ``town:class``.
    stock_m3
        Own stocks by town, on the first day of the stocks.
    fleet
        Tankers, of the flow too, and drivers; none: trucks without limit.
    convoys
        Convoys that drive beside free traffic; none: no convoys.
    policies
        Who goes short, and what trucks do.
    """

    events: EventChanges = Field(default_factory=EventChanges)
    assumptions: dict[str, float] = Field(default_factory=dict)
    rules: dict[str, dict[str, float]] = Field(default_factory=dict)
    season: Season | None = None
    demand_m3_per_day: dict[str, float] = Field(default_factory=dict)
    stock_m3: dict[str, float] = Field(default_factory=dict)
    fleet: Tankers | None = None
    convoys: Convoys | None = None
    policies: Policies | None = None


class WhatIf(Suppositions):
    """A named what-if: a small change of the scenario, or of another what-if (`of`)."""

    title: str = ""
    of: str = SUPPOSED


class StocksAsked(Part):
    """First and last day of the stocks; 45 days before the day and 30 after it if not named."""

    start: dt.date | None = None
    end: dt.date | None = None


class PathsAsked(Part):
    """To which towns paths are told (the largest if none is named), and how many."""

    to: list[str] = Field(default_factory=list)
    k: int = Field(default=3, ge=1, le=20)


class OutlookAsked(Part):
    """How many draws of the uncertain inputs."""

    runs: int = Field(default=40, ge=1, le=10_000)


class RoadsAsked(Part):
    """How many roads are lost, and how many guarded, in the question which roads to guard."""

    lost: int = Field(default=2, ge=1, le=5)
    guarded: int = Field(default=2, ge=1, le=5)


class Asked(Part):
    """What is worked out: all, or `only` what is named; and how."""

    only: list[Analysis] | None = None
    stocks: StocksAsked = Field(default_factory=StocksAsked)
    paths: PathsAsked = Field(default_factory=PathsAsked)
    outlook: OutlookAsked = Field(default_factory=OutlookAsked)
    roads: RoadsAsked = Field(default_factory=RoadsAsked)


class Outputs(Part):
    """Files that ``supplyroutes report`` writes, relative to the scenario's folder.

    A batch writes into a folder of its own.
    """

    reports: list[str] = Field(default_factory=list)
    results: str | None = None
    lang: Literal["en", "fr"] | None = None

    @field_validator("reports")
    @classmethod
    def _known_formats(cls, reports: list[str]) -> list[str]:
        """Refuse a report of a format that there is not."""
        for name in reports:
            if PurePath(name).suffix.lower() not in REPORT_FORMATS:
                raise ValueError(f"{name!a}: reports are written as {', '.join(REPORT_FORMATS)}")
        return reports

    @model_validator(mode="after")
    def _good_results(self) -> Outputs:
        """Refuse answers under a name that is not theirs, or that is a report's."""
        if self.results is not None:
            if not self.results.lower().endswith(RESULTS_FORMATS):
                wanted = " or ".join(RESULTS_FORMATS)
                raise ValueError(f"results: {self.results!a}: answers are written as {wanted}")
            if self.results in self.reports:
                raise ValueError(f"results: {self.results!a} is a report, too")
        return self


class Scenario(Suppositions):
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
    seed
        Luck of the draws: the same seed gives the same answer.
    events, assumptions, rules, season, demand_m3_per_day, stock_m3, fleet, convoys, policies
        What is supposed instead of what was recorded; see `Suppositions`.
    what_if
        Named what-ifs, each a small change of this scenario or of another what-if.
    grid
        For sweeps: dotted keys with the values that they take in turn,
        ``{"assumptions.dwell_border_h": [12, 24, 36]}``.
    analyses
        What is worked out, and how.
    outputs
        Files to write.

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
    seed: int = Field(default=1, ge=0)
    what_if: dict[WhatIfName, WhatIf] = Field(default_factory=dict, max_length=MOST_WHAT_IFS)
    grid: dict[str, list[Any]] = Field(default_factory=dict)
    analyses: Asked = Field(default_factory=Asked)
    outputs: Outputs = Field(default_factory=Outputs)

    # Neither a field nor a private attribute of pydantic: it is no part of what is asked, so that
    # two scenarios that ask the same are equal, wherever they were written.
    @cached_property
    def source(self) -> Source:
        """Where the scenario was written; `read_scenario` sets it."""
        return Source()

    @field_validator("date")
    @classmethod
    def _sensible_year(cls, day: dt.date) -> dt.date:
        """Refuse a year that the command line refuses too: it is a slip."""
        return parse_day(day.isoformat())

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
        """Tell whether the scenario itself, what-ifs aside, differs from what was recorded."""
        return any(getattr(self, name) != field.get_default(call_default_factory=True)
                   for name, field in Suppositions.model_fields.items())  # fmt: skip

    @property
    def wanted(self) -> tuple[Analysis, ...]:
        """The analyses asked for, in a fixed order."""
        only = self.analyses.only
        return tuple(name for name in ANALYSES if only is None or name in only)

    def _repr_html_(self) -> str:
        """Return what is asked as a table for notebooks."""
        from supplyroutes.displays import fields, html

        return html(
            f"{self.title or 'Scenario'}, {self.date}",
            ("As asked", fields(self.model_dump(mode="json", exclude_defaults=True))),
        )


def _one_of(name: str, kind: str, known: Sequence[str]) -> str:
    """Return a name if it is known, or refuse it."""
    if name not in known:
        near = hint(name, known) or f"; known: {', '.join(known)}"
        raise ValueError(f"no {kind} is called {name!a}{near}")
    return name
