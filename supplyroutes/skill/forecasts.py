"""Forecasts issued on a day from what was known by it, and nothing that was known later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from math import inf

from supplyroutes.events import Events
from supplyroutes.network import Network
from supplyroutes.skill.labels import Label

LIKELY = 0.5


@dataclass(frozen=True)
class Knowledge:
    """What a forecaster may look at: reports and labels as they were known on its day.

    Attributes
    ----------
    network
        The undisturbed network.
    events
        Reports published by the day; ends and corrections published later are not in them.
    labels
        Labels known by the day.
    day
        The day on which the forecast is issued.
    """

    network: Network
    events: Events
    labels: tuple[Label, ...]
    day: date


@dataclass(frozen=True)
class Forecast:
    """What is expected after the day of issue.

    Attributes
    ----------
    issued
        The day of issue.
    prob
        Probability of a shortage by town, for each of the days after it.
    onset_days
        Low end, middle and high end of the days until the shortage begins by town; infinite where
        it does not begin within the lead. Only forecasters that have an interval give it.
    """

    issued: date
    prob: Mapping[str, Sequence[float]]
    onset_days: Mapping[str, tuple[float, float, float]] = field(default_factory=dict)

    def of(self, node: str, day: date) -> float | None:
        """Return the probability for a town and day; None if the forecast does not reach it."""
        lead = (day - self.issued).days
        probs = self.prob.get(node, ())
        return float(probs[lead - 1]) if 0 < lead <= len(probs) else None

    def onset_of(self, node: str) -> float:
        """Return the days until a shortage is likelier than not; infinite if it never is."""
        probs = self.prob.get(node, ())
        return next((float(lead) for lead, prob in enumerate(probs, 1) if prob >= LIKELY), inf)


Forecaster = Callable[[Knowledge, int], Forecast]
"""Takes what is known and the number of days ahead."""


def known_by(network: Network, events: Events, labels: Iterable[Label], day: date) -> Knowledge:
    """Return what was known on a day: the one place where the later is cut off."""
    known = tuple(label for label in labels if label.known_on <= day and label.day <= day)
    return Knowledge(network, events.known_by(day), known, day)


def issue_days(first: date, last: date, *, every_days: int) -> list[date]:
    """Return the days of issue for a window of label days: from the day before it, one every few.

    None lies earlier, so that what was fitted on the days before the window was known on each.
    """
    start = first - timedelta(days=1)
    return [start + timedelta(days=days) for days in range(0, (last - start).days, every_days)]
