"""Days of supply of the towns on a day: what they hold after the weeks before, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.stores.stocks import StockLevels, stock_levels
from supplyroutes.disruption import timeline
from supplyroutes.events import Events
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

BACK_DAYS = 45
"""Days before the day on which the run begins, with usual stocks."""
AHEAD_DAYS = 30
"""Days after it that are looked at."""
MISSING_SHARE = 1e-6
"""Less than this part of a day's use is rounding."""


@dataclass(frozen=True)
class SupplyDays:
    """What towns hold on a day; made by `supply_days`.

    Attributes
    ----------
    at
        The day.
    start
        The day on which the run began, with usual stocks.
    end
        The last day looked at.
    towns
        Index `node`, towns on the network that use the commodity, the first to run short first:
        name, population, use_m3_per_day, stock_m3 (in the evening of the day), days_of_supply
        (stock by use: how long it lasts if nothing more comes), short (whether something was
        missing on the day), dry_on (the first day from `at` on that something is missing; None up
        to `end`).
    """

    at: date
    start: date
    end: date
    towns: pd.DataFrame

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; what is missing is None.

        Returns
        -------
        values
            Keys at, start, end, towns.
        """
        from supplyroutes.analysis.plain import records

        days = {key: getattr(self, key).isoformat() for key in ("at", "start", "end")}
        return {**days, "towns": records(self.towns)}

    def _repr_html_(self) -> str:
        """Return the towns as a table for notebooks."""
        from supplyroutes.displays import html

        towns = self.towns.sort_values("population", ascending=False, kind="stable")
        return html(
            f"Stocks on {self.at}, by a run from {self.start} to {self.end}",
            ("Towns, the largest first (.towns)", towns),
        )


def supply_days(network: Network, events: Events, *, at: date, commodity: str) -> SupplyDays:
    """Return what towns hold on a day, and the first day on which something will be missing.

    `stock_levels` is run from `BACK_DAYS` before the day, with usual stocks, to `AHEAD_DAYS` after
    it: what drained the stocks before counts. Fuel is shared alike, and trucks go wherever the
    roads let them: convoys, fear and hoarding are not in it.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day.
    commodity
        Which commodity.
    """
    start, end = at - timedelta(days=BACK_DAYS), at + timedelta(days=AHEAD_DAYS)
    days = timeline(network, events, start=start, end=end, commodity=commodity)
    return supply_days_of(stock_levels(days), at=at)


def supply_days_of(levels: StockLevels, *, at: date) -> SupplyDays:
    """Return what towns hold on a day of a run of stocks, and when something will be missing.

    Parameters
    ----------
    levels
        The run.
    at
        The day, one of the run.
    """
    import numpy as np

    place = levels.dates.index(at)
    shape = len(levels.dates), len(levels.towns)
    stock = levels.daily["stock_m3"].to_numpy(dtype=float).reshape(shape)
    unmet = levels.daily["unmet_m3"].to_numpy(dtype=float).reshape(shape)
    towns = levels.towns[["name", "on_network", "population", "use_m3_per_day"]].copy()
    use = towns["use_m3_per_day"].to_numpy(dtype=float)
    missing = unmet > MISSING_SHARE * use
    towns["stock_m3"] = stock[place]
    towns["days_of_supply"] = np.divide(
        stock[place], use, out=np.full(len(use), np.inf), where=use > 0
    )
    towns["short"] = missing[place]
    towns["dry_on"] = [
        levels.dates[place + int(ahead.argmax())] if ahead.any() else None
        for ahead in missing[place:].T
    ]
    asked = towns[towns["on_network"] & (towns["use_m3_per_day"] > 0)].drop(columns="on_network")
    when = [day or date.max for day in asked["dry_on"]]
    order = sorted(
        range(len(asked)),
        key=lambda row: (when[row], -asked["population"].iloc[row], asked.index[row]),
    )
    return SupplyDays(at=at, start=levels.dates[0], end=levels.dates[-1], towns=asked.iloc[order])
