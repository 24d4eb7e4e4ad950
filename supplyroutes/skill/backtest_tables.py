"""The tables of a back-test: cases, scores, onsets, order of towns, classes of probability."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date
from math import isfinite, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.skill.baselines import REFERENCE
from supplyroutes.skill.forecasts import Forecast
from supplyroutes.skill.labels import Label, onsets_of
from supplyroutes.skill.scores import (
    Case,
    bootstrap,
    brier_score,
    concordance,
    log_score,
    reliability_bins,
    skill_score,
)

if TYPE_CHECKING:
    import pandas as pd

BANDS = {"all": (1, 10**6), "1-7": (1, 7), "8-14": (8, 14), "15-30": (15, 30)}
"""Days ahead that are scored together; "all" holds every lead."""
SEED = 20250903
"""Seed of the bootstrap."""
Made = Mapping[str, Sequence[Forecast]]


@dataclass(frozen=True)
class Scope:
    """What is scored: labels from the first to the last day, forecasts up to the lead."""

    first: date
    last: date
    lead_days: int


@dataclass(frozen=True)
class _Told:
    """A case, and when its forecast was issued."""

    issued: date
    case: Case

    @property
    def lead_days(self) -> int:
        """How far ahead it was."""
        return (self.case.day - self.issued).days

    @property
    def key(self) -> tuple[date, str, date]:
        """What tells it from the other cases of a forecaster: day of issue, town and day."""
        return self.issued, self.case.node, self.case.day


def tables_of(made: Made, labels: Sequence[Label], scope: Scope) -> dict[str, pd.DataFrame]:
    """Return the tables of a back-test by name."""
    scored = [label for label in labels if scope.first <= label.day <= scope.last]
    told = {name: _told(forecasts, scored) for name, forecasts in made.items()}
    onsets = {node: day for node, day in onsets_of(labels).items() if day <= scope.last}
    errors = _onset_rows(made, onsets, scope)
    return {
        "labels": _frame(
            [(x.day, x.node, x.short, x.weight, x.known_on, x.outcomes) for x in scored],
            "day node | short weight known_on outcomes",
        ),
        "scores": _score_table(told),
        "onsets": _frame(
            errors,
            "forecaster issued node | observed_days forecast_days error_days inside",
        ),
        "order": _order_table(made, errors, onsets),
        "bins": _frame(
            [
                (name, *astuple(one))
                for name, cases in told.items()
                for one in reliability_bins([entry.case for entry in cases])
            ],
            "forecaster low | high prob short_share cases weight",
        ),
        "cases": _frame(
            [
                (name, entry.issued, x.day, x.node, x.prob, x.short, x.weight)
                for name, cases in told.items()
                for entry in cases
                for x in (entry.case,)
            ],
            "forecaster issued day node | prob short weight",
        ),
    }


def _frame(rows: Sequence[tuple[Any, ...]], columns: str) -> pd.DataFrame:
    """Return rows as a table; the columns before the bar are its index."""
    import pandas as pd

    index, rest = (part.split() for part in columns.split("|"))
    return pd.DataFrame(rows, columns=[*index, *rest]).set_index(index)


def _told(forecasts: Sequence[Forecast], labels: Sequence[Label]) -> list[_Told]:
    """Return every label beside every forecast that reaches it."""
    return [
        _Told(
            forecast.issued,
            Case(label.node, label.day, prob, label.short, label.weight),
        )
        for forecast in forecasts
        for label in labels
        if (prob := forecast.of(label.node, label.day)) is not None
    ]


def _score_table(told: Mapping[str, Sequence[_Told]]) -> pd.DataFrame:
    """Return the scores of each forecaster by lead."""
    rows = []
    for name, entries in told.items():
        for band, (low, high) in BANDS.items():
            cases = [entry.case for entry in entries if low <= entry.lead_days <= high]
            asked = {entry.key for entry in entries if low <= entry.lead_days <= high}
            same = [entry.case for entry in told[REFERENCE] if entry.key in asked]
            brier = brier_score(cases)
            rows.append(
                (
                    name, band, len(cases), len({(case.node, case.day) for case in cases}),
                    len({case.node for case in cases}),
                    brier, *bootstrap(cases, brier_score, seed=SEED),
                    log_score(cases), *bootstrap(cases, log_score, seed=SEED),
                    skill_score(brier, brier_score(same)),
                )
            )  # fmt: skip
    return _frame(
        rows,
        "forecaster lead | cases labels towns brier brier_low brier_high log log_low log_high "
        "skill_ratio",
    )


def _onset_rows(
    made: Made, onsets: Mapping[str, date], scope: Scope
) -> list[tuple[str, date, str, float, float, float, float]]:
    """Return the errors of the days until towns run short, where that lies ahead and in reach."""
    rows = []
    for name, forecasts in made.items():
        for forecast in forecasts:
            for node, day in onsets.items():
                ahead = float((day - forecast.issued).days)
                if not 0 < ahead <= scope.lead_days or node not in forecast.prob:
                    continue
                expected = forecast.onset_of(node)
                told = min(expected, scope.lead_days + 1.0)
                low, _, high = forecast.onset_days.get(node, (nan, nan, nan))
                inside = nan if low != low else float(low <= ahead <= high)  # noqa: PLR0124
                rows.append(
                    (name, forecast.issued, node, ahead, expected, abs(told - ahead), inside)
                )
    return rows


def _order_table(
    made: Made,
    errors: Sequence[tuple[str, date, str, float, float, float, float]],
    onsets: Mapping[str, date],
) -> pd.DataFrame:
    """Return how well each forecaster tells when, and in which order, towns run short."""
    rows = []
    for name, forecasts in made.items():
        own = [row for row in errors if row[0] == name]
        inside = [row[-1] for row in own if isfinite(row[-1])]
        first = forecasts[0]
        seen = {
            node: float((day - first.issued).days)
            for node, day in onsets.items()
            if day > first.issued and node in first.prob
        }
        rows.append(
            (
                name, len(own), _mean([row[-2] for row in own]),
                concordance({node: first.onset_of(node) for node in seen}, seen),
                _mean(inside),
            )
        )  # fmt: skip
    return _frame(rows, "forecaster | onsets error_days concordance coverage_share")


def _mean(values: Sequence[float]) -> float:
    """Return the mean; nan of nothing."""
    return sum(values) / len(values) if values else nan
