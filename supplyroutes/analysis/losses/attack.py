"""The worst roads to lose: which they are, by proof, and which others would do the same harm."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from math import inf, isfinite

from supplyroutes.analysis.integer import WRONG, Search
from supplyroutes.analysis.losses.attack_model import FlowAttack, Targets, TimeAttack
from supplyroutes.analysis.losses.harm import FlowHarm, Harm, TimeHarm
from supplyroutes.errors import RequestError, SolverError
from supplyroutes.network import Network

SAME = 1e-7
"""Harm that differs by less than this part of the whole is the same: a solver's rounding."""


@dataclass(frozen=True)
class Attack:
    """The worst attack found: road numbers, harm and its bound as shares of the whole."""

    roads: tuple[int, ...]
    harm: float
    bound: float
    proven: bool
    branches: int


def is_count(number: float) -> bool:
    """Tell whether a number can be one of roads: whole, 0 or more."""
    return isfinite(number) and number >= 0 and number == int(number)


def targets_of(
    day: Network, budget: float, cost: Mapping[str, float] | None, safe: Collection[str]
) -> Targets:
    """Return the roads that can be attacked within a budget: open ones that are not safe.

    Raises
    ------
    RequestError
        The budget is negative, or the cost of a road is not above zero.
    UnknownIdError
        A road is not in the network.
    """
    if not (isfinite(budget) and budget >= 0):
        raise RequestError(f"a budget is a number, 0 or more, not {budget}")
    costs = {day.edge(edge): float(amount) for edge, amount in (cost or {}).items()}
    bad = [amount for amount in costs.values() if not (isfinite(amount) and amount > 0)]
    if bad:
        raise RequestError(
            f"the cost of a road is above 0, not {bad[0]:g}; name safe roads as such"
        )
    held = {day.edge(edge) for edge in safe}
    factors = day.state.capacity_factor
    roads = [
        road
        for road in range(len(day.topology.edge_ids))
        if road not in held
        and costs.get(road, 1.0) <= budget
        and any(day.usable[arc] and factors[arc] > 0 for arc in (2 * road, 2 * road + 1))
    ]
    return Targets(tuple(roads), tuple(costs.get(road, 1.0) for road in roads), float(budget))


def worst_attack(
    harm: Harm,
    targets: Targets,
    starts: Collection[Collection[int]] = (),
    *,
    time_limit_s: float | None = None,
) -> Attack:
    """Return the attack that does most harm; `starts` are attacks to begin with.

    Of attacks that do the same harm it is one without a road that adds nothing, and such that no
    road of it could be exchanged for one earlier in the order of the ids.
    """
    before = harm.of(frozenset())
    if not harm.whole or not targets.roads or not harm.promise(frozenset()):
        return Attack((), before, before, proven=True, branches=0)
    place = {road: at for at, road in enumerate(targets.roads)}
    first = [
        frozenset(place[road] for road in roads)
        for roads in (greedy(harm, targets), *starts)
        if all(road in place for road in roads) and targets.cost_of(roads) <= targets.budget
    ]
    search = Search(_relaxation(harm, targets))
    found = search.run(first, time_limit_s=time_limit_s)
    roads = _settled(harm, targets, frozenset(targets.roads[at] for at in found.chosen))
    value = harm.of(roads)
    if value < found.value - WRONG or value > found.bound + WRONG:
        raise SolverError("what was found is not what it is worth", best=value, bound=found.bound)
    bound = max(value, found.bound)
    return Attack(tuple(sorted(roads)), value, bound, found.proven, found.branches)


def _relaxation(harm: Harm, targets: Targets) -> TimeAttack | FlowAttack:
    """Return the linear program that goes with a way to count harm."""
    if isinstance(harm, FlowHarm):
        return FlowAttack(harm, targets)
    if isinstance(harm, TimeHarm):
        return TimeAttack(harm, targets)
    raise TypeError(type(harm))


def greedy(harm: Harm, targets: Targets) -> tuple[int, ...]:
    """Return an attack made road by road, each the one that adds most for its cost."""
    costs = dict(zip(targets.roads, targets.costs, strict=True))
    chosen: frozenset[int] = frozenset()
    left, now = targets.budget, harm.of(chosen)
    while True:
        best, gain = -1, 0.0
        promise = harm.promise(chosen)
        for road in sorted(promise, key=lambda road: (-promise[road], road)):
            if costs.get(road, inf) <= left and promise[road] / costs[road] > gain + SAME:
                more = (harm.of(chosen | {road}) - now) / costs[road]
                if more > gain + SAME:
                    best, gain = road, more
        if best < 0:
            return tuple(sorted(chosen))
        chosen |= {best}
        left -= costs[best]
        now = harm.of(chosen)


def _settled(harm: Harm, targets: Targets, roads: frozenset[int]) -> frozenset[int]:
    """Return an attack that does the same harm without idle roads, of early roads."""
    value, moved = harm.of(roads), True
    while moved:
        # An exchange can make another road idle.
        for road in sorted(roads, reverse=True):
            if harm.of(roads - {road}) >= value - SAME:
                roads -= {road}
        moved = False
        for road in sorted(roads):
            earlier = next(alternatives(harm, targets, roads, road), road)
            if earlier < road:
                roads = roads - {road} | {earlier}
                moved = True
                break
    return roads


def alternatives(harm: Harm, targets: Targets, roads: frozenset[int], road: int) -> Iterator[int]:
    """Yield the roads that in the place of one of an attack would do the same harm, in order."""
    rest = roads - {road}
    value = harm.of(roads)
    needed = value - harm.of(rest) - SAME
    costs = dict(zip(targets.roads, targets.costs, strict=True))
    left = targets.budget - targets.cost_of(rest)
    for other, most in sorted(harm.promise(rest).items()):
        fits = other != road and most >= needed and costs.get(other, inf) <= left
        if fits and abs(harm.of(rest | {other}) - value) <= SAME:
            yield other
