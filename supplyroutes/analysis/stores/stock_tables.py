"""The tables of a run: towns, classes, days, balance, assumptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.stores.stock_run import Run
from supplyroutes.analysis.stores.stock_towns import Towns
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

ASSUMED = (
    "catch_up_ratio", "driving_day_h", "dwell_border_h", "dwell_checkpoint_h",
    "least_usual_m3_per_day", "reserve_days", "turn_back_days",
)  # fmt: skip
_ROUNDING = 1e-6
"""Less than this part of a day's use is rounding: nobody is dry for a tenth of a second."""


@dataclass(frozen=True)
class Ran:
    """A run in numbers: who, when, and what happened."""

    network: Network
    dates: tuple[date, ...]
    towns: Towns
    run: Run

    @property
    def used(self) -> Array:
        """What is used, in m3 by day, town and class."""
        import numpy as np

        return np.array(self.run.used).reshape(len(self.dates), *self.towns.use.shape)

    @property
    def names(self) -> list[str]:
        """The ids of the towns."""
        return [self.network.topology.node_ids[node] for node in self.towns.nodes]


def tables_of(ran: Ran) -> dict[str, Any]:
    """Return the tables of `StockLevels`."""
    return {
        "towns": _towns(ran),
        "classes": _classes(ran),
        "daily": _daily(ran),
        "balance": _balance(ran),
        "assumed": used_assumptions(ran.network, ASSUMED),
    }


def daily_classes(ran: Ran) -> pd.DataFrame:
    """Return what each class of each town uses and misses on each day."""
    import numpy as np
    import pandas as pd

    towns, used = ran.towns, ran.used
    cells = np.argwhere(towns.use > 0)
    index = pd.MultiIndex.from_tuples(
        [
            (day, ran.names[town], towns.classes[kind])
            for day in ran.dates
            for town, kind in cells.tolist()
        ],
        names=["date", "node", "demand_class"],
    )
    taken = used[:, cells[:, 0], cells[:, 1]]
    missing = np.maximum(towns.use[cells[:, 0], cells[:, 1]] - taken, 0.0)
    return pd.DataFrame({"used_m3": taken.ravel(), "unmet_m3": missing.ravel()}, index=index)


def _towns(ran: Ran) -> pd.DataFrame:
    """Return stocks, use and when each town runs dry."""
    import numpy as np
    import pandas as pd

    towns, net = ran.towns, ran.network
    use = towns.use.sum(axis=1)
    stock, rows = towns.start.total, towns.nodes
    columns = net.tables.towns.columns
    supply = np.where(use > 0, stock / np.where(use > 0, use, 1.0), nan)
    return pd.DataFrame(
        {
            "name": [columns["name"][row] for row in rows],
            "on_network": towns.on_network,
            "population": [columns["population"][row] for row in rows],
            "use_m3_per_day": use,
            "stock_m3": stock,
            "storage_m3": towns.room.total,
            "days_of_supply": supply,
            **_dry(ran.dates, ran.used.sum(axis=2), use),
            "resilience_loss_days": _resilience_loss(ran),
        },
        index=pd.Index(ran.names, name="node"),
    )


def _dry(dates: tuple[date, ...], used: Array, use: Array) -> dict[str, list[Any]]:
    """Return when each column is first short, for how long in all, and when it has recovered.

    `used` holds a row a day; `use` is what a day takes when nothing is missing.
    """
    import numpy as np

    unmet = np.maximum(use - used, 0.0)
    missing = unmet / np.where(use > 0, use, 1.0)
    short = missing > _ROUNDING
    found: dict[str, list[Any]] = {
        "days_to_dry": [], "dry_on": [], "days_dry": np.where(short, missing, 0.0).sum(axis=0),
        "time_to_recover_days": [],
    }  # fmt: skip
    for column in range(len(use)):
        days = np.flatnonzero(short[:, column])
        if not len(days):
            first, on, recovered = nan, None, nan
        else:
            first = days[0] + 1.0 - float(missing[days[0], column])
            on = dates[days[0]]
            recovered = float(days[-1] + 1 - days[0]) if days[-1] + 1 < len(dates) else nan
        found["days_to_dry"].append(first)
        found["dry_on"].append(on)
        found["time_to_recover_days"].append(recovered)
    return found


def _resilience_loss(ran: Ran) -> Array:
    """Return the days of service lost, each class of a town counting alike."""
    import numpy as np

    use = ran.towns.use
    missing = np.clip(1.0 - ran.used / np.where(use > 0, use, 1.0), 0.0, 1.0)
    missing = np.where((use > 0) & (missing > _ROUNDING), missing, 0.0)
    kinds = np.maximum((use > 0).sum(axis=1), 1)
    lost: Array = missing.sum(axis=(0, 2)) / kinds
    return lost


def _classes(ran: Ran) -> pd.DataFrame:
    """Return use and unmet demand of every town and class over all days."""
    import numpy as np
    import pandas as pd

    towns = ran.towns
    cells = np.argwhere(towns.use > 0)
    use = towns.use[cells[:, 0], cells[:, 1]]
    used = ran.used[:, cells[:, 0], cells[:, 1]]
    index = pd.MultiIndex.from_tuples(
        [(ran.names[town], towns.classes[kind]) for town, kind in cells.tolist()],
        names=["node", "demand_class"],
    )
    dry = _dry(ran.dates, used, use)
    del dry["time_to_recover_days"]
    served = used.sum(axis=0)
    return pd.DataFrame(
        {
            "use_m3_per_day": use,
            "served_m3": served,
            "unmet_m3": np.maximum(use - used, 0.0).sum(axis=0),
            **dry,
        },
        index=index,
    )


def _daily(ran: Ran) -> pd.DataFrame:
    """Return stock, arrivals, use and what is under way, by day and town."""
    import numpy as np
    import pandas as pd

    run, use = ran.run, ran.towns.use.sum(axis=1)
    used = ran.used.sum(axis=2)
    index = pd.MultiIndex.from_product([ran.dates, ran.names], names=["date", "node"])
    return pd.DataFrame(
        {
            "stock_m3": np.array(run.stock).ravel(),
            "arrived_m3": np.array(run.arrived).ravel(),
            "used_m3": used.ravel(),
            "unmet_m3": np.maximum(use - used, 0.0).ravel(),
            "under_way_m3": np.array(run.under_way).ravel(),
        },
        index=index,
    )


def _balance(ran: Ran) -> pd.DataFrame:
    """Return the totals of each day, over the towns on the network."""
    import numpy as np
    import pandas as pd

    run, inside = ran.run, ran.towns.on_network
    use, used = ran.towns.use[inside], ran.used[:, inside]
    sent, lost, returned, under_way = np.array(run.totals).reshape(-1, 4).T
    return pd.DataFrame(
        {
            "sent_m3": sent,
            "arrived_m3": np.array(run.arrived)[:, inside].sum(axis=1),
            "lost_m3": lost,
            "returned_m3": returned,
            "under_way_m3": under_way,
            "stock_m3": np.array(run.stock)[:, inside].sum(axis=1),
            "used_m3": used.sum(axis=(1, 2)),
            "unmet_m3": np.maximum(use - used, 0.0).sum(axis=(1, 2)),
        },
        index=pd.Index(ran.dates, name="date"),
    )
