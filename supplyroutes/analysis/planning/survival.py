"""How long towns can be kept fully supplied: each alone, and all together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil, floor, fsum, inf
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.linear import Bounds, LinearProgram, entries_of
from supplyroutes.analysis.planning.choices import Transit
from supplyroutes.analysis.planning.horizon import Horizon, Question, Town, horizons_of
from supplyroutes.analysis.planning.merging import NOWHERE, merged
from supplyroutes.analysis.planning.plan_model import PlanModel
from supplyroutes.disruption import Timeline

if TYPE_CHECKING:
    import pandas as pd

STEP_DAYS = 0.01
"""The time of all towns together is told to this part of a day."""
SMALL = 1e-7
"""Parts of a day's use that are rounding."""


@dataclass(frozen=True)
class Survival:
    """How long full supply can last; made by `time_to_survive`.

    Attributes
    ----------
    dates
        The days looked at.
    towns
        Index `node`: name, on_network, use_m3_per_day, stock_m3, days_of_supply (stock / use,
        nothing arriving), time_to_survive_days (this town alone, all others waiting; infinite if
        it lasts to the end of the days looked at).
    together_days
        The same for all towns on the network at once, to a hundredth of a day, rounded down.
    """

    dates: tuple[date, ...]
    towns: pd.DataFrame
    together_days: float

    def _repr_html_(self) -> str:
        """Return the towns as a table for notebooks."""
        from supplyroutes.displays import html

        span = f"{self.dates[0]} to {self.dates[-1]}"
        towns = self.towns.sort_values("use_m3_per_day", ascending=False, kind="stable")
        return html(
            f"Full supply can last {self.together_days:.2f} days for all towns at once, {span}",
            ("For each alone, the largest users first (.towns)", towns),
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; an infinite time is None.

        Returns
        -------
        values
            The fields by name; the table as a list of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {"together_days": plain(self.together_days), "towns": records(self.towns)}


def time_to_survive(
    days: Timeline,
    *,
    stock_m3: Mapping[str, float] | None = None,
    losses: bool = True,
    transit: Transit = "usual",
) -> Survival:
    r"""Longest time for which towns can be kept fully supplied from the first day on.

    Over the network, not stock over use: the longest T such that some deliveries on the roads of
    the days, with the stock at hand, leave nothing short before T (Simchi-Levi, Schmidt & Wei
    2014):

    .. math:: T^* = \max \{T : \min z(0, T) = 0\}

    z is what is short in the linear program of `plan` until T, of one town alone while all
    others wait, or of all towns. Within a day fuel arrives and is used evenly.

    Parameters
    ----------
    days
        The coming days, from `timeline`.
    stock_m3, losses, transit
        As for `plan`.

    Returns
    -------
    found
        Days by town, and of all towns together.

    Raises
    ------
    RequestError
        There is no such transit, or a stock is not a number from 0 up.
    UnknownIdError
        There is no such town.
    SolverError
        An optimum was not reached or not proved.

    References
    ----------
    .. [1] Simchi-Levi, D., Schmidt, W., Wei, Y. (2014). From superstorms to factory fires:
       managing unpredictable supply-chain disruptions. Harvard Business Review 92.

    Examples
    --------
    South alone could have all that the detour carries; together the towns run short on the
    third day, when half of it is closed to them:

    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.planning.survival import time_to_survive
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-19")
    >>> found = time_to_survive(days, stock_m3={"East": 90}, transit="instant")
    >>> found.towns["time_to_survive_days"].round(2).to_dict()
    {'east': inf, 'mine': 0.0, 'north': inf, 'south': inf}
    >>> found.together_days
    2.74
    """
    question = Question("m3", None, stock_m3, losses, transit)
    inside, outside = horizons_of(days, question)
    found = {
        town.node: (town, True, lasting)
        for town, lasting in zip(inside.towns, _alone(inside), strict=True)
    }
    for town in outside.towns:
        found[town.node] = (town, False, _lasts(town, outside, {}))
    together = _together(inside, [time for _, joined, time in found.values() if joined])
    return Survival(days.dates, _table(days, found), together)


def _table(days: Timeline, found: Mapping[int, tuple[Town, bool, float]]) -> pd.DataFrame:
    """Return the towns in order of their ids."""
    import pandas as pd

    ids = days.base.topology.node_ids
    rows = [
        (
            ids[node], days.base.name(ids[node]), joined, town.use, town.tank.stock,
            town.tank.stock / town.use, time,
        )
        for node, (town, joined, time) in sorted(found.items())
    ]  # fmt: skip
    columns = [
        "node", "name", "on_network", "use_m3_per_day", "stock_m3", "days_of_supply",
        "time_to_survive_days",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index("node")


class _Inflow:
    """The most that a day's roads bring to one town while all others wait; by merged network."""

    def __init__(self, problem: Problem, horizon: Horizon) -> None:
        import numpy as np

        small = merged(problem, [town.node for town in horizon.towns])
        self._group = small.group
        groups = sorted({small.group[town.node] for town in horizon.towns} - {NOWHERE})
        arcs, sources = len(small.arcs), len(small.sources)
        self._columns = {group: arcs + sources + at for at, group in enumerate(groups)}
        cells = [(tail, at, -1.0) for at, tail in enumerate(small.tail)]
        cells += [(head, at, problem.keep[small.arcs[at]]) for at, head in enumerate(small.head)]
        for at, place in enumerate(small.sources, arcs):
            cells.append((small.group[problem.sources[place]], at, 1.0))
        cells += [(group, column, -1.0) for group, column in self._columns.items()]
        self._unit = max(1.0, fsum(problem.supply))
        limits = [problem.capacity[place] for place in small.arcs]
        limits += [problem.supply[place] for place in small.sources]
        upper = np.array([*limits, *([0.0] * len(groups))]) / self._unit
        rows = Bounds(np.zeros(small.count), np.zeros(small.count))
        self._program = LinearProgram(Bounds(np.zeros(len(upper)), upper), rows, entries_of(cells))
        cost = np.zeros(len(upper))
        cost[arcs + sources :] = -1.0
        self._program.price(cost)
        self._known: dict[int, float] = {NOWHERE: 0.0}

    def most(self, node: int) -> float:
        """Return the most that can arrive at a node, in m3 a day."""
        import numpy as np

        group = self._group[node]
        if group not in self._known:
            column = [self._columns[group]]
            self._program.bound_columns(column, np.zeros(1), np.full(1, np.inf))
            self._known[group] = -self._program.solve().value * self._unit
            self._program.bound_columns(column, np.zeros(1), np.zeros(1))
        return self._known[group]


def _alone(horizon: Horizon) -> list[float]:
    """Return for each town how long it lasts with all that can be brought to it."""
    known: dict[int, _Inflow] = {}
    for period in horizon.periods:
        known[id(period.problem)] = _Inflow(period.problem, horizon)
    return [_lasts(town, horizon, known) for town in horizon.towns]


def _lasts(town: Town, horizon: Horizon, inflow: Mapping[int, _Inflow]) -> float:
    """Return when a town first goes short though the tank is kept as full as can be."""
    stock, start, spans = town.tank.stock, 0.0, []
    lag = min(float(town.lag), horizon.length)
    spans.append((lag, town.usual))
    for period in horizon.periods:
        length = min(period.end, horizon.length - lag) - period.start
        if length > 0:
            most = inflow[id(period.problem)].most(town.node) if inflow else 0.0
            spans.append((length, most))
    for length, arriving in spans:
        gap = town.use - arriving
        if gap * length > stock + SMALL * town.use:
            return start + stock / gap
        stock = min(town.tank.storage, max(0.0, stock - gap * length))
        start += length
    return inf


def _together(horizon: Horizon, alone: list[float]) -> float:
    """Return how long all towns last together; no longer than the first of them alone."""
    if not horizon.towns:
        return inf
    first = min(alone)
    if first < STEP_DAYS:
        return 0.0
    if _all_served(horizon.until(min(first, horizon.length))):
        return first if first == inf else floor(first / STEP_DAYS) * STEP_DAYS
    # Whole days first, for the linear program is smaller the sooner it ends.
    low, high = 0, ceil(min(first, horizon.length))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _all_served(horizon.until(middle)) else (low, middle)
    steps = round(1 / STEP_DAYS)
    begun, end = 0, steps
    while end - begun > 1:
        middle = (begun + end) // 2
        if _all_served(horizon.until(low + middle * STEP_DAYS)):
            begun = middle
        else:
            end = middle
    return round(low + begun * STEP_DAYS, 2)


def _all_served(horizon: Horizon) -> bool:
    """Tell whether some deliveries leave nothing short."""
    model = PlanModel(horizon)
    return model.least() <= SMALL * model.unit * max(1.0, horizon.length)
