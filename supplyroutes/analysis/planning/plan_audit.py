"""A plan checked by plain sums, day by day, by nothing that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

from supplyroutes.analysis.planning.horizon import Horizon
from supplyroutes.analysis.planning.plan_tables import Life
from supplyroutes.errors import SolverError

TOLERANCE = 1e-6
"""Largest part of all that is used over the days by which something may be missed."""


def audit(horizon: Horizon, lives: Sequence[Life], short: Mapping[int, float]) -> None:
    """Refuse a plan whose tanks overflow, run below nothing, or serve other than was proved.

    Parameters
    ----------
    horizon
        The days ahead.
    lives
        How each town lives by the plan, as told in the result.
    short
        What the proved optimum says each item is short of, in m3.

    Raises
    ------
    SolverError
        A balance, a tank or a total is missed.
    """
    room = TOLERANCE * max(1.0, fsum(town.use for town in horizon.towns) * horizon.length)
    told: dict[tuple[int, bool], list[float]] = {}
    for life in lives:
        town, stock = life.town, life.town.tank.stock
        for day, evening in enumerate(life.evening):
            stock += life.arrived[day] - fsum(used[day] for used in life.used.values())
            if not -room <= stock <= town.tank.storage + room or abs(stock - evening) > room:
                raise SolverError(f"a tank holds {stock:g} m3 of {town.tank.storage:g}")
        for number, used in life.used.items():
            item = horizon.items[number]
            if not all(-room <= amount <= item.use + room for amount in used):
                raise SolverError("a town uses more than it needs, or less than nothing")
            missing = item.use * horizon.length - fsum(used) - short[number]
            weight = item.weight or 1.0
            told.setdefault((item.rank, item.weight > 0), []).append(weight * missing)
    heaviest = max((item.weight or 1.0 for item in horizon.items), default=1.0)
    worst = max((abs(fsum(parts)) for parts in told.values()), default=0.0)
    if not worst <= room * heaviest:
        raise SolverError(f"the plan is {worst:g} away from what was proved")
