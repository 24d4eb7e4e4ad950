"""Power, water, clinics, hospitals and telephone: what a shortage of fuel does to them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import nan
from typing import TYPE_CHECKING, Any

from supplyroutes.io.tables import data_folder
from supplyroutes.schema import Table, read_table

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    from supplyroutes.analysis.stores.stocks import StockLevels

    Floats = npt.NDArray[np.float64]

POWER = "power"
ON_POWER = ("water", "clinics", "hospitals", "telecom")
"""Lifelines that run on the grid, and on generators where it is off."""
LIFELINES = (POWER, *ON_POWER)
BURNT_BY = {"power": "power", "generators": "services"}
"""The classes of demand whose fuel the plants and the generators burn."""
DAY_H = 24
_ALMOST = 1e-9


@dataclass(frozen=True)
class Lifelines:
    """What a shortage of fuel does to lifelines; made by `lifelines`. Assumptions throughout.

    Attributes
    ----------
    start, end
        First and last day.
    commodity
        The commodity asked for.
    towns
        Index (`node`, `lifeline`): name, population, least_share (of usual service, on the
        worst day), days_stopped, days_to_stop (whole days from the start to the first day
        below the share at which it is told as stopped; missing if it never is), stopped_on,
        and days_to_stop_low and _high with every number at its worse and at its better end.
    daily
        Index (`date`, `node`): power_h_per_day, and water, clinics, hospitals, telecom
        (_share of usual service).
    left_out
        Towns of which nothing can be told: they are off the network, or no use of power plants
        or of generators is recorded there.
    assumed
        Index `key`: lifeline, quantity, where, low, best, high, unit, worse, reason, source.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.stores.lifelines import lifelines
    >>> days = sr.timeline(*sr.datasets.mali(), start="2025-09-01", end="2025-10-10")
    >>> found = lifelines(sr.stock_levels(days))
    >>> found.daily.loc[(days.dates[0], "bamako"), "power_h_per_day"].item()
    24.0
    """

    start: date
    end: date
    commodity: str
    towns: pd.DataFrame
    daily: pd.DataFrame
    left_out: tuple[str, ...]
    assumed: pd.DataFrame

    def summary(self) -> dict[str, int]:
        """Return in how many towns each lifeline is told as stopped on any day.

        Returns
        -------
        towns
            Number of towns by lifeline.
        """
        stopped = self.towns["days_stopped"].gt(0).groupby(level="lifeline").sum()
        return {name: int(stopped.get(name, 0)) for name in LIFELINES}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; what is missing is None.
        """
        from supplyroutes.analysis.plain import records

        return {
            "start": self.start.isoformat(),
            "end": self.end.isoformat(),
            "commodity": self.commodity,
            "basis": "assumption",
            "summary": self.summary(),
            "towns": records(self.towns),
            "daily": records(self.daily),
            "left_out": list(self.left_out),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return the lifelines that stop, and the assumptions, as tables for notebooks."""
        from supplyroutes.analysis.plain import html

        return html(self.towns[self.towns["days_stopped"] > 0], self.assumed)


def lifelines(stocks: StockLevels) -> Lifelines:
    r"""Hours of power a day, and the share of water, clinics and telephone that still runs.

    A table of dependence (``data/lifelines.csv``), all of it assumption but the share of power
    that is burnt from fuel. With :math:`\theta` that share, m the share of the plants' use that
    is served on a day and H the hours when all is, power runs

    .. math:: h = H \, (1 - \theta + \theta m)

    hours. A pumping station, clinic, hospital or mast runs on the grid for h / 24 of the day
    and for the rest, if it has a generator (share g), on fuel of the class services: what is
    served of it today, then its own tank, which is filled again on a day when all is served:

    .. math:: w = h / 24 + (1 - h / 24) \, g \, r

    with r the share of the generators' need that market and tank give.

    Parameters
    ----------
    stocks
        Stocks day by day, from `stock_levels`.

    Returns
    -------
    found
        By town and day what runs, and by town and lifeline when it stops, with a range: every
        number of the table at its worse end, and at its better.

    Notes
    -----
    The demand of the plants is their full need; a case in which they burn less has fewer hours
    than told. Only the capital is taken to have hydro power. O(days x towns).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.stores.lifelines import lifelines
    >>> days = sr.timeline(*sr.datasets.mali(), start="2025-09-01", end="2025-09-05")
    >>> lifelines(sr.stock_levels(days)).summary()["water"]
    0
    """
    import numpy as np
    import pandas as pd

    plants, generators = _served(stocks)
    known = stocks.towns.index[stocks.towns["on_network"]]
    nodes = [str(node) for node in known if node in plants and node in generators]
    network = stocks.ran.network
    roles = network.tables.towns.columns["roles"]
    at = [network.topology.node_index[node] for node in nodes]
    capital = np.array(["capital" in roles[node] for node in at], dtype=bool)
    dates = list(stocks.dates)
    plants, generators = (
        share.reindex(index=dates, columns=nodes) for share in (plants, generators)
    )
    met = plants.to_numpy(dtype=float), generators.to_numpy(dtype=float)
    running = {end: _running(met, _numbers(end), capital) for end in ("best", "worse", "better")}
    daily = pd.DataFrame(
        {
            "power_h_per_day": (running["best"].hours).ravel(),
            **{f"{name}_share": running["best"].share[name].ravel() for name in ON_POWER},
        },
        index=pd.MultiIndex.from_product([dates, nodes], names=["date", "node"]),
    )
    rows = [
        (node, name, *_row(running, name, at, dates))
        for at, node in enumerate(nodes)
        for name in LIFELINES
    ]
    columns = ["node", "lifeline", "least_share", "days_stopped", "days_to_stop", "stopped_on",
               "days_to_stop_low", "days_to_stop_high"]  # fmt: skip
    towns = pd.DataFrame(rows, columns=columns).set_index(["node", "lifeline"])
    of = towns.index.get_level_values("node")
    for column in ("population", "name"):
        towns.insert(0, column, stocks.towns.loc[of, column].to_numpy())
    return Lifelines(
        start=dates[0],
        end=dates[-1],
        commodity=stocks.commodity,
        towns=towns,
        daily=daily,
        left_out=tuple(str(node) for node in stocks.towns.index if node not in set(nodes)),
        assumed=pd.DataFrame(dependence().rows()).set_index("key"),
    )


def _served(stocks: StockLevels) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the served share of the plants' and of the generators' use, days x towns with any."""
    used = stocks.daily_classes()
    share = used["used_m3"] / (used["used_m3"] + used["unmet_m3"])
    of = share.index.get_level_values("demand_class")
    plants, generators = (
        share[of == kind].droplevel("demand_class").unstack("node")  # noqa: PD010 (unique)
        for kind in BURNT_BY.values()
    )
    return plants, generators


@cache
def dependence() -> Table:
    """Return the bundled table of dependence.

    Returns
    -------
    table
        Its rows: which number of which lifeline, with range and reason.
    """
    return read_table(data_folder() / "lifelines.csv", "lifelines")


@dataclass(frozen=True)
class _Run:
    """What runs on each day in each town (days x towns)."""

    hours: Floats
    share: Mapping[str, Floats]
    stop: Mapping[str, float]


def _numbers(end: str) -> dict[tuple[str, str, str], float]:
    """Return the numbers by lifeline, quantity and where: best, or all at one end."""
    found = {}
    for row in dependence().rows():
        other = "high" if row["worse"] == "low" else "low"
        column = {"best": "best", "worse": row["worse"], "better": other}[end]
        found[row["lifeline"], row["quantity"], row["where"]] = row[column]
    return found


def _running(
    met: tuple[Floats, Floats], numbers: Mapping[tuple[str, str, str], float], capital: Any
) -> _Run:
    """Return what runs, with the met shares of the plants' and the generators' use."""
    import numpy as np

    plants, generators = met
    thermal = np.where(
        capital,
        numbers[POWER, "thermal_share", "capital"],
        numbers[POWER, "thermal_share", "other"],
    )
    lit = 1 - thermal + thermal * plants
    hours = numbers[POWER, "full_h", "any"] * lit
    on_grid = hours / DAY_H
    share = {POWER: lit}
    for name in ON_POWER:
        run = _generators(1 - on_grid, generators, numbers[name, "tank_days", "any"])
        share[name] = on_grid + (1 - on_grid) * numbers[name, "generator_share", "any"] * run
    stop = {name: numbers[name, "stop_share", "any"] for name in LIFELINES}
    return _Run(hours, share, stop)


def _generators(need: Floats, served: Floats, tank_days: float) -> Floats:
    """Return which share of their need generators get, from the market and from their tanks."""
    import numpy as np

    tank = np.full(need.shape[1], tank_days)
    got = np.ones_like(need)
    for day, (wanted, share) in enumerate(zip(need, served, strict=True)):
        short = wanted * (1 - share)
        drawn = np.minimum(tank, short)
        tank = np.where(share >= 1 - _ALMOST, tank_days, tank - drawn)
        rest = short - drawn
        got[day] = 1 - np.divide(rest, wanted, out=np.zeros_like(rest), where=wanted > 0)
    return got


def _row(running: Mapping[str, _Run], name: str, at: int, dates: list[date]) -> tuple[Any, ...]:
    """Return what is told of a lifeline of a town."""
    stops = {end: _stopped(run, name, at) for end, run in running.items()}
    first = {end: int(days.argmax()) if days.any() else None for end, days in stops.items()}
    best = first["best"]
    told = (nan if first[end] is None else float(first[end] or 0) for end in ("worse", "better"))
    return (
        float(running["best"].share[name][:, at].min()),
        int(stops["best"].sum()),
        nan if best is None else float(best),
        None if best is None else dates[best],
        *told,
    )


def _stopped(run: _Run, name: str, at: int) -> Any:
    """Return for each day whether a lifeline of a town is told as stopped."""
    return run.share[name][:, at] < run.stop[name] - _ALMOST
