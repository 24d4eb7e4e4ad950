"""The forecaster: stocks, fleet, convoys and fear under many draws of what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import inf
from typing import TYPE_CHECKING

from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.outlooks.draws import Ensemble
from supplyroutes.analysis.stores.stocks import StockLevels, stock_levels
from supplyroutes.analysis.trucks.convoys import coming_convoys, recorded_convoys
from supplyroutes.analysis.trucks.deterrence import willingness
from supplyroutes.analysis.trucks.fleet import Fleet
from supplyroutes.analysis.workers import finished_runs
from supplyroutes.disruption import timeline
from supplyroutes.events import Events
from supplyroutes.network import Network
from supplyroutes.skill.forecasts import Forecast, Knowledge

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Short = NDArray[np.bool_]

SPIN_UP_DAYS = 60
"""Days before the issue on which a run begins, with usual stocks: the past is run through too."""
LOW, MIDDLE, HIGH = 0.1, 0.5, 0.9
"""Quantiles of the days until a shortage begins."""


@dataclass(frozen=True)
class StockModel:
    """One way to run the days from before the issue to the end of the lead.

    Attributes
    ----------
    allocation, policy
        Who is served first, as for `stock_levels`.
    fear
        Whether drivers are deterred.
    convoys
        Whether convoys drive: the recorded ones, and those to come in their rhythm.
    """

    allocation: Allocation = "priority"
    policy: str = "capital_first"
    fear: bool = True
    convoys: bool = True

    def levels(
        self, network: Network, events: Events, issued: date, last: date, seed: int | None = None
    ) -> StockLevels:
        """Return the stocks from before the issue to the last day, from what is known.

        Parameters
        ----------
        network
            The undisturbed network.
        events
            The reports known on the day of issue.
        issued
            The day of issue.
        last
            The last day.
        seed
            Seed of the draws of attacks on convoys; None for averages.
        """
        first = issued - timedelta(days=SPIN_UP_DAYS)
        days = timeline(network, events, start=first, end=last)
        known = recorded_convoys(network, events) if self.convoys else []
        coming = coming_convoys(network, known, after=issued, last=last)
        willing = willingness(network, events, start=first, end=last) if self.fear else None
        fleet = Fleet(convoys=(*known, *coming), deterrence=willing, seed=seed)
        return stock_levels(days, allocation=self.allocation, policy=self.policy, fleet=fleet)


@dataclass(frozen=True)
class StockForecaster:
    """Forecasts by a stock model under draws of every uncertain input.

    Parameters
    ----------
    model
        The model.
    runs
        Number of draws.
    seed
        Seed of the draws.
    workers
        Processes; the forecast is the same on any number.
    progress
        Called after each run with the number of runs done, and of all.
    """

    model: StockModel = StockModel()
    runs: int = 40
    seed: int = 1
    workers: int = 1
    progress: Callable[[int, int], None] | None = None

    def __call__(self, known: Knowledge, lead_days: int) -> Forecast:
        """Return the share of the runs in which each town is short, by day.

        Of n runs with k short ones the probability is (k + 1/2) / (n + 1): no finite number of
        runs makes sure.

        Parameters
        ----------
        known
            What is known.
        lead_days
            Days ahead.

        Raises
        ------
        KeyboardInterrupt
            Ctrl-C came before all runs were done: a forecast of some of them is none.
        """
        import numpy as np

        draws = Ensemble(known.network, known.events, self.runs, self.seed, "fuel")
        task = _Task(self.model, draws, known.day, lead_days)
        found = finished_runs(task, self.runs, workers=self.workers, progress=self.progress)
        if len(found) < self.runs:
            raise KeyboardInterrupt
        nodes = found[0][0]
        short = np.array([found[run][1] for run in sorted(found)])
        prob = (short.sum(axis=0) + 0.5) / (self.runs + 1)
        onset = np.where(short.any(axis=1), short.argmax(axis=1) + 1.0, inf)
        ends = np.sort(onset, axis=0)[[_place(share, self.runs) for share in (LOW, MIDDLE, HIGH)]]
        return Forecast(
            known.day,
            {node: prob[:, at].tolist() for at, node in enumerate(nodes)},
            {node: tuple(ends[:, at].tolist()) for at, node in enumerate(nodes)},
        )


def _place(share: float, runs: int) -> int:
    """Return the place of a quantile among sorted runs: the value of a run."""
    return min(int(share * runs), runs - 1)


@dataclass(frozen=True)
class _Task:
    """One run of a forecast."""

    model: StockModel
    draws: Ensemble
    day: date
    lead_days: int

    def __call__(self, run: int) -> tuple[tuple[str, ...], Short]:
        """Return the towns of a run, and whether each is short on each day of the lead."""
        network, events = self.draws[run]
        last = self.day + timedelta(days=self.lead_days)
        levels = self.model.levels(network, events, self.day, last, seed=run)
        nodes, short = short_days(levels)
        return nodes, short[-self.lead_days :]


def short_days(levels: StockLevels) -> tuple[tuple[str, ...], Short]:
    """Return the towns on the network that use fuel, and on which days each is short of it.

    A town is short on a day when what is used is less than `shortage_fill_share` of its demand.
    """
    import numpy as np

    towns = levels.towns
    shape = len(levels.dates), len(towns)
    used, unmet = (
        levels.daily[name].to_numpy(dtype=float).reshape(shape) for name in ("used_m3", "unmet_m3")
    )
    share = levels.ran.network.assumptions["shortage_fill_share"].best
    asked = (towns["on_network"] & (towns["use_m3_per_day"] > 0)).to_numpy(dtype=bool)
    short = used < share * (used + unmet) - 1e-9
    return tuple(towns.index[asked]), np.asarray(short[:, asked], dtype=bool)


def models(
    *, runs: int, seed: int, workers: int = 1, progress: Callable[[int, int], None] | None = None
) -> dict[str, StockForecaster]:
    """Return the forecasters that are scored: the model, and the same without fear.

    Parameters
    ----------
    runs, seed, workers, progress
        As for `StockForecaster`.
    """
    whole = StockForecaster(runs=runs, seed=seed, workers=workers, progress=progress)
    return {
        "model": whole,
        "stocks_without_deterrence": replace(whole, model=StockModel(fear=False, convoys=False)),
    }
