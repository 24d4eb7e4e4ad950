"""A back-test that can fail: forecasts from what was known, scored by what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.dates import as_day
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.network import Network
from supplyroutes.schema import Table
from supplyroutes.skill.backtest_tables import Scope, tables_of
from supplyroutes.skill.baselines import BASELINES
from supplyroutes.skill.forecasts import Forecast, Forecaster, issue_days, known_by
from supplyroutes.skill.labels import labels_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Backtest:
    """Forecasts beside what was observed; made by `backtest`.

    Attributes
    ----------
    first, last
        The window: the first and last day whose labels are scored.
    lead_days
        How far each forecast looks ahead.
    issued
        The days of issue.
    complete
        False if Ctrl-C came before all forecasts were issued: those that were are scored.
    labels
        Index (`day`, `node`): short, weight, known_on, outcomes. A town-day that is not here is
        unknown.
    scores
        Index (`forecaster`, `lead`): cases (forecast beside a label), labels and towns among
        them, brier and log score with the ends of their 80 % bootstrap intervals, and
        skill_ratio: 1 - Brier score / that of persistence on the same cases.
    onsets
        Index (`forecaster`, `issued`, `node`), for towns first recorded as short after the day
        of issue and within the lead: observed_days and forecast_days until then (infinite: not
        within the lead), error_days (a forecast of "not within" counts as the day after the
        lead), and inside: whether the observed day lies in the forecaster's 80 % interval
        (missing where it gives none).
    order
        Index `forecaster`: mean absolute error in days of the onsets, their number, concordance
        (share of pairs of towns in the right order, at the first issue), coverage_share of the
        intervals.
    bins
        Index (`forecaster`, `low`): forecast beside observed share by class of probability.
    cases
        Index (`forecaster`, `issued`, `day`, `node`): prob, short, weight.
    forecasts
        By forecaster what it told on each day of issue, of towns and days without a label too:
        for figures; not in `to_dict`.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> result = sr.backtest(network, events, sr.datasets.outcomes("mali"),
    ...                   window=("2025-09-15", "2025-10-15"))
    >>> result.summary()["brier_nothing_blocked"]
    1.0
    """

    first: date
    last: date
    lead_days: int
    issued: tuple[date, ...]
    complete: bool
    labels: pd.DataFrame
    scores: pd.DataFrame
    onsets: pd.DataFrame
    order: pd.DataFrame
    bins: pd.DataFrame
    cases: pd.DataFrame
    forecasts: Mapping[str, tuple[Forecast, ...]] = field(repr=False, compare=False)

    def summary(self) -> dict[str, float]:
        """Return the Brier score of each forecaster over all leads, and how much was scored.

        Returns
        -------
        values
            labels and short (labelled town-days, and those of a shortage), then one entry
            ``brier_NAME`` a forecaster.
        """
        brier = self.scores["brier"].xs("all", level="lead")
        return {
            "labels": float(len(self.labels)),
            "short": float(self.labels["short"].sum()),
            **{f"brier_{name}": float(value) for name, value in brier.items()},
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing and infinite numbers are None.

        Returns
        -------
        values
            The fields by name, without `forecasts`; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        tables = ("labels", "scores", "onsets", "order", "bins", "cases")
        return {
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "lead_days": self.lead_days,
            "issued": [day.isoformat() for day in self.issued],
            "complete": self.complete,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            **{name: records(getattr(self, name)) for name in tables},
        }

    def _repr_html_(self) -> str:
        """Return scores and onsets as tables for notebooks."""
        from supplyroutes.displays import html, listed

        return html(
            f"Forecasts of {self.first} to {self.last}: {listed(self.summary())}",
            ("Scores; a smaller Brier score is better (.scores)", self.scores),
            ("The order in which towns fell short (.order)", self.order),
            digits=2,
        )


def backtest(  # noqa: PLR0913 - three inputs, and what a forecaster is asked
    network: Network,
    events: Events,
    outcomes: Table,
    *,
    window: tuple[str | date, str | date],
    lead_days: int = 30,
    every_days: int = 7,
    forecasters: Mapping[str, Forecaster] | None = None,
) -> Backtest:
    """Issue forecasts from what was known by each day, and score them by recorded outcomes.

    A forecast issued on a day sees the reports that were published by it, with the ends and
    corrections published by it, and the labels known by it: nothing later (see
    `Events.known_by`). Labels follow from the outcomes by ``data/shortage_codes.csv`` and
    ``data/label_weights.csv``; a town-day without a report is unknown and not scored.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        All reports.
    outcomes
        A checked table of outcomes, such as ``datasets.outcomes("mali")``.
    window
        First and last day whose labels are scored.
    lead_days
        How many days a forecast looks ahead, 1 or more.
    every_days
        Days between two issues; the first is issued the day before the window.
    forecasters
        Forecasters by name; the baselines are always scored beside them.

    Returns
    -------
    result
        Scores with intervals by forecaster and lead, errors of the onsets, and every case.

    Raises
    ------
    RequestError
        The window is not two days in order, a number of days is below 1, or a forecaster has the
        name of a baseline.
    UnknownIdError
        An outcome names a town that the network does not have.
    KeyboardInterrupt
        Ctrl-C came before the first day of issue was done.

    Notes
    -----
    Labels tell of shortages far more often than of their absence, for papers report what is
    wrong. A forecaster that always cries wolf scores well on such labels: read the Brier score
    beside "every_report_closes", and the errors of the onsets, which it cannot win.

    References
    ----------
    .. [1] Brier, G. W. (1950). Verification of forecasts expressed in terms of probability.
       Monthly Weather Review 78.
    .. [2] Gneiting, T., Raftery, A. E. (2007). Strictly proper scoring rules, prediction, and
       estimation. J. American Statistical Association 102.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> result = sr.backtest(network, events, sr.datasets.outcomes("mali"),
    ...                   window=("2025-09-15", "2025-10-15"))
    >>> [str(day) for day in result.issued][:2]
    ['2025-09-14', '2025-09-21']
    """
    first, last = (as_day(day) for day in window)
    _check(first, last, lead_days, every_days)
    named = {**(forecasters or {}), **BASELINES}
    if len(named) < len(BASELINES) + len(forecasters or {}):
        raise RequestError(f"{', '.join(BASELINES)} are names of baselines: choose another")
    labels = labels_of(network, outcomes)
    issued = planned = tuple(issue_days(first, last, every_days=every_days))
    made: dict[str, list[Forecast]] = {name: [] for name in named}
    for done, day in enumerate(issued):
        known = known_by(network, events, labels, day)
        try:
            told = {name: forecaster(known, lead_days) for name, forecaster in named.items()}
        except KeyboardInterrupt:
            if not done:
                raise
            issued = issued[:done]
            break
        for name, forecast in told.items():
            made[name].append(forecast)
    return Backtest(
        first=first,
        last=last,
        lead_days=lead_days,
        issued=issued,
        complete=len(issued) == len(planned),
        forecasts={name: tuple(forecasts) for name, forecasts in made.items()},
        **tables_of(made, labels, Scope(first, last, lead_days)),
    )


def _check(first: date, last: date, lead_days: int, every_days: int) -> None:
    """Refuse a window that is none."""
    if last < first:
        raise RequestError(f"the window ends on {last}, before it starts on {first}")
    for name, days in (("lead_days", lead_days), ("every_days", every_days)):
        if days < 1:
            raise RequestError(f"{name} must be 1 or more, not {days}")
