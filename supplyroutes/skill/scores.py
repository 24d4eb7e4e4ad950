"""Scores of probability forecasts against few, weighted labels, with bootstrap intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, log, nan
from random import Random

LEAST_PROB = 0.01
"""Log scores take a probability as no nearer to 0 or 1: one miss shall not be infinite."""
RESAMPLES = 1000
WIDTH = 0.8
"""Share of the resamples inside an interval."""


@dataclass(frozen=True)
class Case:
    """One forecast beside its label: town, day, probability of a shortage, what was, weight."""

    node: str
    day: date
    prob: float
    short: bool
    weight: float


def brier_score(cases: Sequence[Case]) -> float:
    """Return the weighted mean of (p - o)^2 (Brier 1950): 0 is perfect; nan without a case.

    >>> day = date(2025, 10, 7)
    >>> round(brier_score([Case("a", day, 0.8, True, 1.0), Case("b", day, 0.5, False, 0.5)]), 3)
    0.11
    """
    return _mean(cases, lambda case: (case.prob - case.short) ** 2)


def log_score(cases: Sequence[Case]) -> float:
    """Return the weighted mean of -ln of the probability given to what was (Good 1952).

    0 is perfect; nan without a case. Probabilities count as at least `LEAST_PROB` from 0 and 1.
    """
    return _mean(cases, _surprise)


def _surprise(case: Case) -> float:
    """Return -ln of the probability given to what was."""
    prob = min(max(case.prob, LEAST_PROB), 1 - LEAST_PROB)
    return -log(prob if case.short else 1 - prob)


def _mean(cases: Sequence[Case], of: Callable[[Case], float]) -> float:
    """Return a weighted mean; nan without a case."""
    weight = fsum(case.weight for case in cases)
    return fsum(case.weight * of(case) for case in cases) / weight if weight > 0 else nan


def skill_score(score: float, baseline: float) -> float:
    """Return 1 - score / baseline: above 0 is better than the baseline, 1 is perfect.

    nan if the baseline is perfect, or there is no case.
    """
    return 1 - score / baseline if baseline > 0 else nan


def concordance(forecast: Mapping[str, float], observed: Mapping[str, float]) -> float:
    """Return the share of pairs of towns forecast in the order in which they were observed.

    Pairs that were observed at once do not count; those forecast at once count half. It is
    (Kendall's tau + 1) / 2 without ties; nan without a pair. Never is infinity.

    >>> concordance({"mopti": 18, "bamako": 33}, {"mopti": 16, "bamako": 35})
    1.0
    """
    towns = sorted(forecast.keys() & observed.keys())
    right = []
    for place, one in enumerate(towns):
        for other in towns[place + 1 :]:
            if observed[one] == observed[other]:
                continue
            if forecast[one] == forecast[other]:
                right.append(0.5)
            else:
                right.append(
                    float((forecast[one] < forecast[other]) == (observed[one] < observed[other]))
                )
    return fsum(right) / len(right) if right else nan


def bootstrap(
    cases: Sequence[Case], score: Callable[[Sequence[Case]], float], *, seed: int
) -> tuple[float, float]:
    """Return the interval of a score when whole towns are drawn anew (Efron 1979).

    Days of one town hang together: towns are drawn, not days. With few towns the interval is a
    rough one. Both ends are nan with fewer than two towns.
    """
    by_town: dict[str, list[Case]] = {}
    for case in cases:
        by_town.setdefault(case.node, []).append(case)
    towns = sorted(by_town)
    if len(towns) <= 1:
        return nan, nan
    draw = Random(seed)  # noqa: S311 - no secret
    found = sorted(
        score([case for town in draw.choices(towns, k=len(towns)) for case in by_town[town]])
        for _ in range(RESAMPLES)
    )
    tail = (1 - WIDTH) / 2
    return found[int(tail * RESAMPLES)], found[int((1 - tail) * RESAMPLES) - 1]


@dataclass(frozen=True)
class Bin:
    """Forecasts of like probability: mean forecast, share that were short, cases and weight."""

    low: float
    high: float
    prob: float
    short_share: float
    cases: int
    weight: float


def reliability_bins(cases: Sequence[Case], *, bins: int = 5) -> list[Bin]:
    """Return forecast beside observed share by class of probability; empty classes are left out."""
    found = []
    for place in range(bins):
        low, high = place / bins, (place + 1) / bins
        inside = [case for case in cases if min(int(case.prob * bins), bins - 1) == place]
        if inside:
            found.append(
                Bin(
                    low, high,
                    _mean(inside, lambda case: case.prob),
                    _mean(inside, lambda case: float(case.short)),
                    len(inside),
                    fsum(case.weight for case in inside),
                )
            )  # fmt: skip
    return found
