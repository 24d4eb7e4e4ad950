"""The answers to a scenario: one for each entry, and what concerns the scenario as a whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.comparison import Comparison, comparison_of
from supplyroutes.analysis.differences import COMPARED
from supplyroutes.analysis.flows.flow import SupplyFlow
from supplyroutes.analysis.losses.criticality import Criticality
from supplyroutes.analysis.losses.interdiction import Interdiction
from supplyroutes.analysis.losses.protection import Protection
from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.analysis.plain import plain, records
from supplyroutes.analysis.restoring.restoration import Restoration
from supplyroutes.analysis.stores.stocks import StockLevels
from supplyroutes.analysis.stores.supply_days import SupplyDays
from supplyroutes.analysis.ways.paths import SupplyPaths
from supplyroutes.overview import Situation
from supplyroutes.scenario.changing import Case, Change
from supplyroutes.scenario.model import RECORDED, SUPPOSED, Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Made:
    """What an answer was made of, so that it can be made again.

    Attributes
    ----------
    schema_version
        Form of the file that holds the answer.
    seed
        Seed of the draws.
    versions
        Of the packages that compute, by name.
    inputs
        SHA-256 of every table read, by name of its file.
    """

    schema_version: int
    seed: int
    versions: Mapping[str, str]
    inputs: Mapping[str, str]


@dataclass(frozen=True)
class Answer:
    """What follows from one entry: the recorded day, the scenario itself, or a what-if.

    What was not asked for is None, or empty.

    Attributes
    ----------
    name
        Name of the entry: recorded, scenario, or that of the what-if.
    title
        Its title; empty for the recorded day.
    of
        Name of the entry that it changes; empty for the recorded day.
    situation
        How things stand on the day.
    changes
        What it supposes in all, each thing as recorded and as supposed.
    flow
        What the open roads can deliver on the day.
    paths
        Remaining paths by town.
    stocks
        Stocks day by day.
    supply
        What towns hold on the day, and when they run short; from the stocks.
    outlook
        Stocks under many draws of the uncertain inputs.
    """

    name: str
    title: str
    of: str
    situation: Situation
    changes: tuple[Change, ...] = ()
    flow: SupplyFlow | None = None
    paths: Mapping[str, SupplyPaths] = field(default_factory=dict)
    stocks: StockLevels | None = None
    supply: SupplyDays | None = None
    outlook: StockOutlook | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the answer as plain values for JSON.

        Returns
        -------
        values
            The fields by name; changes are left out, for the scenario holds them.
        """
        parts = {name: getattr(self, name) for name in ("flow", "stocks", "supply", "outlook")}
        return {
            "title": self.title,
            "of": self.of,
            "situation": self.situation.to_dict(),
            "paths": {town: paths.to_dict() for town, paths in self.paths.items()},
            **{name: None if part is None else part.to_dict() for name, part in parts.items()},
        }

    def _repr_html_(self) -> str:
        """Return the situation, and what else was worked out, for notebooks."""
        from supplyroutes.displays import html

        told = ("flow", "stocks", "supply", "outlook")
        parts = [name for name in told if getattr(self, name) is not None]
        parts += [f"paths[{town!r}]" for town in self.paths]
        head = f"{self.title or self.name}: also {', '.join(parts) or 'nothing else'}"
        return html(head) + self.situation._repr_html_()


@dataclass(frozen=True)
class Roads:
    """Which roads to guard: what each road's loss costs, the worst losses, and what to guard.

    Attributes
    ----------
    criticality
        Every road removed alone.
    worst
        The worst set of roads to lose.
    guard
        The roads to guard against the worst loss.
    """

    criticality: Criticality
    worst: Interdiction
    guard: Protection

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name.
        """
        names = ("criticality", "worst", "guard")
        return {name: getattr(self, name).to_dict() for name in names}

    def _repr_html_(self) -> str:
        """Return the three answers as tables for notebooks."""
        parts = (self.criticality, self.worst, self.guard)
        return "".join(part._repr_html_() for part in parts)


@dataclass(frozen=True)
class Results:
    """The answers to a scenario; made by `run`.

    Attributes
    ----------
    scenario
        The scenario.
    entries
        Answers by name: recorded first, then the scenario itself if it supposes anything, then
        its what-ifs.
    made
        Versions, seed and digests of the inputs.
    roads
        Which roads to guard, under the scenario itself; None if not asked for.
    reopening
        Which blockade to lift first, under the scenario itself; None if not asked for.
    skill
        How past forecasts of the case fared beside simple ones: index (`window`, `forecaster`),
        columns as in ``supplyroutes/schema/skill.csv``; None if none was ever scored.
    case
        The network and the events under the scenario's changes; None if read from a file.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> results = sr.run(scenario, analyses=())
    >>> [counts["strained"] for counts in results.summary().values()]
    [3, 0]
    >>> results.differences().index.tolist()
    ['east', 'north', 'bridge', 'south']
    """

    scenario: Scenario
    entries: Mapping[str, Answer]
    made: Made
    roads: Roads | None = None
    reopening: Restoration | None = None
    skill: pd.DataFrame | None = None
    case: Case | None = field(default=None, repr=False, compare=False)

    @property
    def recorded(self) -> Answer:
        """The answer for what was recorded."""
        return self.entries[RECORDED]

    @property
    def main(self) -> Answer:
        """The answer for the scenario itself: the recorded one if it supposes nothing."""
        return self.entries.get(SUPPOSED, self.recorded)

    def summary(self) -> dict[str, dict[str, int]]:
        """Return the number of towns in each state, for each entry.

        Returns
        -------
        counts
            By entry: numbers by state, and of roads of unknown state.
        """
        return {name: answer.situation.summary() for name, answer in self.entries.items()}

    @cached_property
    def comparison(self) -> Comparison | None:
        """The entries side by side with the recorded day, as by `compare`; None if alone."""
        if len(self.entries) == 1:
            return None
        return comparison_of({name: answer.situation for name, answer in self.entries.items()})

    def differences(self, entry: str | None = None) -> pd.DataFrame:
        """Return the towns that differ in state, ways in, or by over half an hour of driving.

        Those whose state differs come first, then the largest; see `compare`.

        Parameters
        ----------
        entry
            The entry that is set beside the recorded day; the scenario itself by default.

        Returns
        -------
        towns
            Index `node`; empty if nothing differs. State, approaches, approaches_free and
            travel_time_h (hours; nan if no open path leads there), each with the suffix
            ``_recorded`` and ``_what_if``; the other columns as in `Comparison`.
        """
        name = self.main.name if entry is None else entry
        now = self.entries[name].situation
        both = comparison_of({"recorded": self.recorded.situation, "what_if": now})
        frame = both.differences.droplevel("entry")
        sides = {column: f"{column}_what_if" for column in COMPARED}
        sides |= {f"{column}_reference": f"{column}_recorded" for column in COMPARED}
        return frame.rename(columns=sides).drop(columns=["population", "worse"])

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys scenario, made, entries (one value an entry), differences (of the scenario itself,
            one entry a town), roads, reopening and skill; days as YYYY-MM-DD, times in hours; what
            is missing is None.
        """
        return {
            "scenario": plain(self.scenario.model_dump(mode="json")),
            "made": {
                "seed": self.made.seed,
                "versions": dict(self.made.versions),
                "inputs": dict(self.made.inputs),
            },
            "differences": records(self.differences()),
            "entries": {name: answer.to_dict() for name, answer in self.entries.items()},
            "roads": None if self.roads is None else self.roads.to_dict(),
            "reopening": None if self.reopening is None else self.reopening.to_dict(),
            "skill": None if self.skill is None else records(self.skill),
        }

    def _repr_html_(self) -> str:
        """Return the entries side by side as tables for notebooks."""
        import pandas as pd

        from supplyroutes.displays import html

        counts = pd.DataFrame(self.summary()).T.rename_axis("entry")
        head = f"{self.scenario.title or 'Scenario'}, {self.scenario.date}"
        return html(head, ("Towns in each state, by entry (.entries)", counts))
