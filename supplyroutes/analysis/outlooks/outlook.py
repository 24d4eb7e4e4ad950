"""When each town runs dry, with intervals: stocks day by day under many draws of the inputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.outlooks.draws import Ensemble
from supplyroutes.analysis.outlooks.outlook_tables import Outcome, outcome_of, tables_of
from supplyroutes.analysis.workers import Progress, finished_runs
from supplyroutes.dates import as_day
from supplyroutes.disruption import Timeline, timeline
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    import pandas as pd

    from supplyroutes.analysis.stores.stocks import StockLevels

Levels = Callable[[Timeline], "StockLevels"]
"""`stock_levels`, or a `functools.partial` of it."""


@dataclass(frozen=True)
class StockOutlook:
    """Stocks under many draws of the inputs; made by `stock_outlook`.

    Quantiles over the runs end in _p10, _p50 (the median) and _p90; the first and the last hold
    80 % of the runs between them. Each is the value of a run. Where a town does not run dry
    within the span it runs dry later or never: such a value is infinite, a date is missing.

    Attributes
    ----------
    start, end
        First and last day.
    commodity
        The commodity asked for.
    allocation, policy, conduct
        As asked of `stock_levels`.
    seed, asked, runs
        Seed of the luck, how many runs were asked for, and how many are told here: fewer if
        Ctrl-C came before all were finished.
    towns
        Index `node`: name, on_network, population; dry_share: share of the runs in which the
        town runs dry within the span, with its 95 % interval (dry_share_low, _high);
        days_to_dry, dry_on and days_dry (unmet by daily use), each _p10, _p50 and _p90.
    classes
        Index (`node`, `demand_class`): the same of each class, without intervals of the share.
    daily
        Index (`date`, `node`): stock_m3 in the evening (_p10, _p50, _p90), short_share: share of
        the runs in which the town goes short on the day, dry_by_share: in which it has run dry
        by the evening, with its 95 % interval (dry_by_low, _high).
    unmet_m3
        Index p10, p50, p90: what towns on the network go short of over the span.
    influence
        Index `key`: how unmet_m3 hangs on each input that stocks rest on, alone:
        rank_correlation, its 95 % interval (low, high), share of the variance of ranks, clear
        (more than chance gives to any input in one of twenty ensembles); the largest first.
    unexplained
        Index share, low, high: what goes with no input alone, with its 95 % interval.
    town_influence
        Index (`node`, `key`): as `influence`, of the days until the town runs dry; only towns
        that run dry in some runs and not alike in all.
    town_unexplained
        Index `node`: share, low, high.
    by_run
        Index (`run`, `node`): days_to_dry, days_dry.
    inputs
        Index `key`: the inputs drawn; see `Ensemble.inputs`.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> draws = sr.ensemble(*sr.datasets.toy(), runs=20)
    >>> outlook = sr.stock_outlook(draws, start="2025-01-08", end="2025-01-16")
    >>> outlook.runs, outlook.towns.loc["east", "dry_share"].item()
    (20, 0.95)
    """

    start: date
    end: date
    commodity: str
    allocation: str
    policy: str | None
    conduct: str
    seed: int
    asked: int
    runs: int
    towns: pd.DataFrame
    classes: pd.DataFrame
    daily: pd.DataFrame
    unmet_m3: pd.Series[float]
    influence: pd.DataFrame
    unexplained: pd.Series[float]
    town_influence: pd.DataFrame
    town_unexplained: pd.DataFrame
    by_run: pd.DataFrame
    inputs: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """Return how many towns run dry, and what goes short.

        Returns
        -------
        values
            runs, asked; likely_dry: towns on the network that run dry within the span in at
            least half of the runs, maybe_dry: in some, but fewer; unmet_m3 (_p10, _p50, _p90).
        """
        share = self.towns.loc[self.towns["on_network"], "dry_share"]
        return {
            "runs": self.runs,
            "asked": self.asked,
            "likely_dry": int((share >= 1 / 2).sum()),
            "maybe_dry": int(((share > 0) & (share < 1 / 2)).sum()),
            **{f"unmet_m3_{name}": float(value) for name, value in self.unmet_m3.items()},
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; infinite and missing numbers are None.

        Returns
        -------
        values
            The fields by name, without the runs one by one; of the influence on towns only what
            is clear.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "commodity": self.commodity,
            "allocation": self.allocation,
            "policy": self.policy,
            "conduct": self.conduct,
            "seed": self.seed,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "towns": records(self.towns),
            "classes": records(self.classes),
            "daily": records(self.daily),
            "influence": records(self.influence),
            "unexplained": {key: plain(value) for key, value in self.unexplained.items()},
            "town_influence": records(self.town_influence[self.town_influence["clear"]]),
            "town_unexplained": records(self.town_unexplained),
            "inputs": records(self.inputs),
        }

    def _repr_html_(self) -> str:
        """Return the towns that may run dry, and what matters most, for notebooks."""
        from supplyroutes.displays import html

        told = f"{self.commodity}, {self.start} to {self.end}: {self.runs} of {self.asked} runs"
        columns = ["name", "population", "dry_share", "dry_share_low", "dry_share_high",
                   "dry_on_p10", "dry_on_p50", "dry_on_p90", "days_dry_p50"]  # fmt: skip
        dry = self.towns.loc[self.towns["dry_share"] > 0, columns]
        dry = dry.sort_values(["dry_share", "population"], ascending=False, kind="stable")
        return html(
            told,
            ("Towns that run dry in a share of the runs (.towns)", dry),
            ("Inputs that clearly matter (.influence)", self.influence[self.influence["clear"]]),
            digits=2,
        )


def stock_outlook(
    draws: Ensemble,
    *,
    start: str | date,
    end: str | date,
    levels: Levels | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> StockOutlook:
    """When each town runs dry, with intervals, and which uncertain input matters most.

    Each run is `timeline` and `stock_levels` under one draw of all inputs. The answer is the
    same, to the byte, on any number of workers. Ctrl-C keeps what is finished: the outlook then
    tells of those runs, and how many they are.

    Parameters
    ----------
    draws
        The runs, from `ensemble`.
    start, end
        First and last day.
    levels
        What is done with each timeline: `stock_levels` (default), or a `functools.partial` of
        it with options, such as ``partial(sr.stock_levels, stock_m3={"bamako": 4000})``.
    workers
        How many processes. A script that asks for more than one has to do so under
        ``if __name__ == "__main__":``.
    progress
        Called after each run with the number of runs done, and of all.

    Returns
    -------
    outlook
        Medians and 80 % intervals by town and day, the share of runs in which a town runs dry,
        and how much hangs on each input.

    Raises
    ------
    RequestError
        A day is not a date, the end lies before the start, or there is not at least one worker.
    DataError
        An event names a place that the network does not have.
    KeyboardInterrupt
        Ctrl-C came before the first run was finished.

    Notes
    -----
    The intervals tell what follows from the stated ranges under this model. They do not tell
    how wrong the model is: what trucks do, for one. A share of r runs has its Wilson interval;
    quantiles near the ends rest on few runs.

    References
    ----------
    .. [1] Wilson, E. B. (1927). Probable inference, the law of succession, and statistical
       inference. J. American Statistical Association 22.
    .. [2] Hyndman, R. J., Fan, Y. (1996). Sample quantiles in statistical packages. The American
       Statistician 50. (Type 1: each quantile is the value of a run, also of runs that end
       before the town is dry.)

    Examples
    --------
    >>> import supplyroutes as sr
    >>> draws = sr.ensemble(*sr.datasets.toy(), runs=20)
    >>> outlook = sr.stock_outlook(draws, start="2025-01-08", end="2025-01-16")
    >>> [str(day) for day in outlook.towns.loc["east", ["dry_on_p10", "dry_on_p50"]]]
    ['2025-01-08', '2025-01-12']
    """
    first, last = as_day(start), as_day(end)
    if last < first:
        raise RequestError(f"the end {last} lies before the start {first}")
    task = _Task(draws, first, last, levels)
    outcomes = finished_runs(task, draws.runs, workers=workers, progress=progress)
    asked = next(iter(outcomes.values())).asked
    return StockOutlook(
        start=first,
        end=last,
        commodity=draws.commodity,
        **asked,
        seed=draws.seed,
        asked=draws.runs,
        runs=len(outcomes),
        **tables_of(draws, outcomes, first),
    )


@dataclass(frozen=True)
class _Task:
    """One run: draw, timeline, stocks."""

    draws: Ensemble
    start: date
    end: date
    levels: Levels | None

    def __call__(self, run: int) -> Outcome:
        """Return what comes of a run."""
        from supplyroutes.analysis.stores.stocks import stock_levels

        network, events = self.draws[run]
        span = {"start": self.start, "end": self.end}
        days = timeline(network, events, **span, commodity=self.draws.commodity)
        return outcome_of((self.levels or stock_levels)(days))
