"""The days ahead as a plan sees them: towns with tanks, who goes short, and roads by period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum, inf
from typing import get_args

from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis.flows.allocation import shares_of
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_problem import Need, Problem, by_node, problem_of
from supplyroutes.analysis.planning.choices import Transit, Weigh
from supplyroutes.analysis.stores.stock_towns import towns_of as towns_with_tanks
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

DAY_H = 24.0


@dataclass(frozen=True)
class Question:
    """What is asked of the days ahead: what counts, who comes first, and what is at hand."""

    weigh: Weigh = "people"
    policy: str | None = "essential"
    stock_m3: Mapping[str, float] | None = None
    losses: bool = True
    transit: Transit = "usual"

    def check(self) -> None:
        """Refuse a weight or a transit that there is not."""
        for value, choices in ((self.weigh, get_args(Weigh)), (self.transit, get_args(Transit))):
            if value not in choices:
                told = f"{', '.join(choices[:-1])} or {choices[-1]}"
                raise RequestError(f"{value!a} is not one of {told}")


@dataclass(frozen=True)
class Tank:
    """Stock at the start and room in all, in m3."""

    stock: float
    storage: float


@dataclass(frozen=True)
class Town:
    """A town on the network: use, what arrives before the plan does, tank, days on the way."""

    node: int
    use: float
    usual: float
    tank: Tank
    lag: int


@dataclass(frozen=True)
class Item:
    """Classes of one town that fare alike; `weight` is what one m3 short counts."""

    town: int
    use: float
    rank: int
    weight: float
    members: tuple[Need, ...]


@dataclass(frozen=True)
class Period:
    """Days of sending with the same roads: from `start` to `end`, counted from the first day."""

    start: float
    end: float
    problem: Problem
    hours: Sequence[float]


@dataclass(frozen=True)
class Horizon:
    """The days ahead: `length` days; periods cover them; items are in order of town and rank."""

    length: float
    towns: tuple[Town, ...]
    items: tuple[Item, ...]
    periods: tuple[Period, ...]

    def items_by_town(self) -> list[list[int]]:
        """Return the numbers of the items of each town, the first served first."""
        found: list[list[int]] = [[] for _ in self.towns]
        for number, item in enumerate(self.items):
            found[item.town].append(number)
        return found

    def until(self, length: float) -> Horizon:
        """Return the first days alone."""
        kept = tuple(
            Period(period.start, min(period.end, length), period.problem, period.hours)
            for period in self.periods
            if period.start < length
        )
        return Horizon(length, self.towns, self.items, kept)

    def segments(self) -> Iterator[Period]:
        """Yield the periods, cut where what is sent no longer arrives in time somewhere.

        So within each, on every day, the same towns can be sent fuel that they can still use.
        """
        lasts = sorted({self.length - town.lag for town in self.towns})
        for period in self.periods:
            ends = [last for last in lasts if period.start < last < period.end] + [period.end]
            start = period.start
            for end in ends:
                yield Period(start, end, period.problem, period.hours)
                start = end


def horizons_of(days: Timeline, question: Question) -> tuple[Horizon, Horizon]:
    """Return the days of a timeline as a plan sees them: of towns on the network, and of others.

    Others are those that no loaded tanker reaches at baseline: they live from their tanks, and
    nothing is planned for them, so that no class waits for another.

    Raises
    ------
    RequestError
        There is no such weight or transit, or a stock is not a number from 0 up.
    UnknownIdError
        There is no such policy or town.
    """
    question.check()
    first = days[days.dates[0]]
    calm = first.undisturbed()
    solver = FlowSolver(calm, losses=question.losses)
    starts = [place for place, day in enumerate(days.dates) if not days.same_as_before(day)]
    periods = []
    for start, end in zip(starts, [*starts[1:], len(days)], strict=True):
        network = days[days.dates[start]]
        problem = solver.problem(network)
        hours = _hours(network, problem, network.time_h)
        periods.append(Period(float(start), float(end), problem, hours))
    problem = periods[0].problem
    arriving = solver.deliveries(calm) if question.transit == "usual" else {}
    lags = _lags(first, calm, problem, question)
    tanks = _tanks(calm, question.stock_m3, len(days))
    ids = calm.topology.node_ids

    def towns_of(needs: Sequence[Need]) -> tuple[Town, ...]:
        return tuple(
            Town(
                node,
                use,
                arriving.get(ids[node], 0.0),
                tanks.get(node, Tank(0.0, 0.0)),
                lags[node],
            )
            for node, use in sorted(by_node(needs).items())
        )

    outside = replace(problem, needs=problem.off_network)
    there, elsewhere = (
        Horizon(
            float(len(days)),
            towns := towns_of(one.needs),
            _items(calm, one, towns, asked),
            tuple(periods),
        )
        for one, asked in ((problem, question), (outside, replace(question, policy=None)))
    )
    return there, elsewhere


def _tanks(calm: Network, stock_m3: Mapping[str, float] | None, days: int) -> dict[int, Tank]:
    """Return the tanks of each town by its node.

    What one class alone can burn counts as far as that class can use it up within the days.
    """
    towns = towns_with_tanks(calm, None, stock_m3)
    burnt = [
        [min(*pair) for pair in zip(alone, [use * days for use in uses], strict=True)]
        for alone, uses in zip(towns.start.alone.tolist(), towns.use.tolist(), strict=True)
    ]
    return {
        node: Tank(shared + fsum(own), room + fsum(own))
        for node, shared, room, own in zip(
            towns.nodes, towns.start.shared.tolist(), towns.room.shared.tolist(), burnt, strict=True
        )
    }


def _items(
    calm: Network, problem: Problem, towns: Sequence[Town], question: Question
) -> tuple[Item, ...]:
    """Return who goes short as one, and what each m3 short of it counts."""
    shares = shares_of(calm, problem, question.policy)
    place = {town.node: number for number, town in enumerate(towns)}
    people = calm.tables.towns.columns["population"]

    def weight(town: Town) -> float:
        if question.weigh == "m3":
            return 1.0
        return (float(people[town.node] or 0) if question.weigh == "people" else 1.0) / town.use

    return tuple(
        Item(
            place[item.node],
            item.amount,
            item.rank,
            weight(towns[place[item.node]]),
            tuple(problem.needs[member] for member in members),
        )
        for item, members in zip(shares.items, shares.members, strict=True)
    )


def _lags(first: Network, calm: Network, problem: Problem, question: Question) -> list[int]:
    """Return the days that fuel is on the way to each node, from the nearest source.

    On the first day's roads; where they lead nowhere, on undisturbed ones.
    """
    if question.transit == "instant":
        return [0] * problem.nodes
    now = _hours(first, problem, calendar_h(first))
    then = _hours(calm, problem_of(calm, None, losses=False), calendar_h(calm))
    best = [one if one < inf else other for one, other in zip(now, then, strict=True)]
    return [int(hours / DAY_H + 0.5) if hours < inf else 0 for hours in best]


def calendar_h(network: Network) -> list[float]:
    """Return the hours by the clock of each arc: stops and delays, and driving with its nights.

    A truck drives `driving_day_h` hours of 24; borders, checkpoints and delays run by the clock.
    """
    stretch = DAY_H / network.assumptions["driving_day_h"].best
    state = zip(network.base_time_h, network.topology.dwell_h, network.state.delay_h, strict=True)
    return [dwell + delay + (base - dwell) * stretch for base, dwell, delay in state]


def _hours(network: Network, problem: Problem, cost: Sequence[float]) -> list[float]:
    """Return the least cost to each node from a source with fuel, over arcs that carry any."""
    top = network.topology
    passable = bytearray(len(top.tail))
    for place, arc in enumerate(problem.arcs):
        passable[arc] = problem.capacity[place] > 0 and problem.keep[place] > 0
    giving = [
        node for node, supply in zip(problem.sources, problem.supply, strict=True) if supply > 0
    ]
    found = nearest_source(top.out_start, top.out_arcs, top.head, cost, passable, giving)
    return found[0]
