"""What the chapters of a report share: the answers, their tables, and the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.comparison import Comparison, comparison_of
from supplyroutes.catalogue import Words
from supplyroutes.report import wording
from supplyroutes.report.wording import DASH
from supplyroutes.scenario import Answer, Results

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Told:
    """The answers to a scenario, their tables by name, and the words of one language."""

    results: Results
    tables: Mapping[str, pd.DataFrame]
    say: Words

    @property
    def main(self) -> Answer:
        """The answer that the report is about."""
        return self.results.main

    @property
    def alone(self) -> bool:
        """Whether the recorded day stands alone."""
        return len(self.results.entries) == 1

    @property
    def needed(self) -> bool:
        """Whether a use of the commodity is recorded anywhere: without one, nothing is missing."""
        now = self.main.situation
        return bool(wording.recorded_uses(now.day, now.commodity))

    @property
    def wider_use(self) -> list[str]:
        """A sentence, if all amounts are those of a wider commodity than the one asked for."""
        now = self.main.situation
        return wording.wider_use(self.say, now.day, now.commodity)

    def table(self, name: str) -> pd.DataFrame | None:
        """Return the rows of a table for the answer that the report is about; None if none."""
        return self.of(self.main.name, name)

    def rows(self, name: str) -> pd.DataFrame:
        """Return the rows of a table that is there."""
        frame = self.table(name)
        if frame is None:
            raise KeyError(name)
        return frame

    def of(self, entry: str, name: str) -> pd.DataFrame | None:
        """Return the rows of a table for an entry; None if there are none."""
        frame = self.tables.get(name)
        if frame is None or "entry" not in frame.index.names:
            return frame
        found = frame.index.get_level_values("entry") == entry
        if not found.any():
            return None
        if frame.index.nlevels == 1:
            return frame[found]
        return frame[found].droplevel("entry")

    def town(self, node: str) -> str:
        """Return the name of a place."""
        return self.main.situation.day.name(node)

    def date(self, day: Any) -> str:
        """Return a day in short, or a dash."""
        return self.say.short_day(day) if isinstance(day, date) else DASH

    def later(self, day: Any) -> str:
        """Return a day in short, or that it comes later, if at all."""
        return self.date(day) if isinstance(day, date) else self.say("outlook.later")

    def number(self, value: Any, digits: int = 0) -> str:
        """Return a number, or a dash where there is none."""
        if value is None or value != value or abs(value) == float("inf"):  # noqa: PLR0124
            return DASH
        return self.say.number(value, digits)

    def entry(self, name: str) -> str:
        """Return what an entry is called."""
        return self.called[name]

    @cached_property
    def called(self) -> dict[str, str]:
        """What each entry is called: its title, and its name too where others are called so."""
        titles = {}
        for name, answer in self.results.entries.items():
            known = f"report.entry.{name}"
            titles[name] = self.say(known) if known in self.say else answer.title or name
        while len(set(titles.values())) < len(titles):
            told = list(titles.values())
            titles = {
                name: title
                if told.count(title) == 1
                else self.say("report.entry", title=title, name=name)
                for name, title in titles.items()
            }
        return titles

    @cached_property
    def comparison(self) -> Comparison:
        """The entries side by side under what they are called."""
        entries = self.results.entries
        return comparison_of({self.called[name]: entries[name].situation for name in entries})
