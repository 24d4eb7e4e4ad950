"""What closing some roads does on a day, recomputed from the roads that are left.

Nothing here knows a linear program of attacks: this is what their answers are held against.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from math import fsum, inf, nan
from typing import Protocol, get_args

from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import Problem, by_node, needs_of, source_limits
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.core import CLOSED
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

UNITS: Mapping[str, str] = {
    "weighted_time": "h",
    "isolated_demand": "m3_per_day",
    "max_flow": "m3_per_day",
    "unmet_demand": "m3_per_day",
}
"""In what each measure is counted."""


def check_measure(measure: str) -> None:
    """Refuse a measure that there is not."""
    if measure not in get_args(Measure):
        names = get_args(Measure)
        raise RequestError(f"no measure {measure!a}: {', '.join(names[:-1])} or {names[-1]}")


def closing(day: Network, roads: Collection[int]) -> Network:
    """Return a day on which some roads, given by number, are closed in both directions too."""
    state = day.state
    factor, status = list(state.capacity_factor), list(state.status)
    for road in roads:
        for arc in (2 * road, 2 * road + 1):
            factor[arc], status[arc] = 0.0, CLOSED
    closed = replace(state, capacity_factor=tuple(factor), status=tuple(status))
    return day.asking(day.commodity, at=day.at, state=closed)


def stakes_of(day: Network) -> dict[int, float]:
    """Return the demand in m3 a day of every town that loaded tankers reach at baseline."""
    top = day.topology
    sources = sorted(source_limits(day.undisturbed()))
    known = reached(top.out_start, top.out_arcs, top.head, day.usable, sources)
    return {node: amount for node, amount in by_node(needs_of(day)).items() if known[node]}


class Harm(Protocol):
    """What closing roads does, by one measure. Roads are given by number."""

    whole: float
    """The most harm that could be, in the measure's own sum; 0 if nothing can be harmed."""

    def of(self, roads: frozenset[int]) -> float:
        """Return the harm with these roads closed, as a share of the whole; it only grows."""
        ...

    def promise(self, roads: frozenset[int]) -> dict[int, float]:
        """Return, with these roads closed, the most that closing one more could add.

        Roads that can add nothing are left out.
        """
        ...

    def shown(self, harm: float) -> float:
        """Return a share of the whole in the unit of the measure; missing for a mean of nothing."""
        ...


class TimeHarm:
    """Demand-weighted time to the nearest source; without a limit, demand that is cut off.

    Parameters
    ----------
    day
        The network on the day.
    stakes
        Demand of each town.
    limit_h
        What a town counts that is cut off, and the most that any counts; None if only being cut
        off counts.
    """

    def __init__(self, day: Network, stakes: Mapping[int, float], limit_h: float | None) -> None:
        self.day, self.stakes, self.limit_h = day, stakes, limit_h
        self.passable = passable_arcs(day)
        self.sources = day.sources()
        self.demand = fsum(stakes.values())
        self.whole = self.demand * (1.0 if limit_h is None else limit_h)

    def tree(self, roads: Collection[int]) -> tuple[list[float], list[int]]:
        """Return the best time to every town and the last arc on its way."""
        top, passable = self.day.topology, self._passable(roads)
        hours, last, _ = nearest_source(
            top.out_start, top.out_arcs, top.head, self.day.time_h, passable, self.sources
        )
        return hours, last

    def _passable(self, roads: Collection[int]) -> bytearray:
        """Return which arcs pass with some roads closed."""
        passable = bytearray(self.passable)
        for road in roads:
            passable[2 * road] = passable[2 * road + 1] = 0
        return passable

    def share(self, hours: float) -> float:
        """Return what a town counts at that time from its source, 0 to 1."""
        if self.limit_h is None:
            return float(hours == inf)
        return min(hours, self.limit_h) / self.limit_h

    def of(self, roads: frozenset[int]) -> float:
        """Return the harm as a share of the whole."""
        if not self.whole:
            return 0.0
        if self.limit_h is None:
            top = self.day.topology
            joined = reached(
                top.out_start, top.out_arcs, top.head, self._passable(roads), self.sources
            )
            cut = (amount for node, amount in self.stakes.items() if not joined[node])
            return fsum(cut) / self.demand
        hours, _ = self.tree(roads)
        parts = (amount * self.share(hours[node]) for node, amount in self.stakes.items())
        return fsum(parts) / self.demand

    def promise(self, roads: frozenset[int]) -> dict[int, float]:
        """Return the roads on best ways, with what the towns behind them do not count yet."""
        tail = self.day.topology.tail
        hours, last = self.tree(roads)
        found: dict[int, list[float]] = {}
        for node, amount in self.stakes.items():
            rest = amount * (1 - self.share(hours[node])) / self.demand
            arc = last[node] if rest > 0 else -1
            while arc >= 0:
                found.setdefault(arc // 2, []).append(rest)
                arc = last[tail[arc]]
        return {road: fsum(found[road]) for road in sorted(found)}

    def shown(self, harm: float) -> float:
        """Return the mean hours, or the demand cut off; without demand there is no mean."""
        if self.limit_h is None:
            return harm * self.demand
        return harm * self.limit_h if self.demand else nan


class FlowHarm:
    """Demand that cannot be met, by the linear program of `supply_flow`.

    Parameters
    ----------
    day
        The network on the day.
    losses
        Whether fuel is lost on the way.
    """

    def __init__(self, day: Network, *, losses: bool) -> None:
        self.problem: Problem = FlowSolver(day, losses=losses).problem(day)
        self.losses = losses
        self.stakes = by_node(self.problem.needs)
        self.whole = fsum(self.stakes.values())
        items = [Item(node, amount) for node, amount in self.stakes.items()]
        self._model = FlowModel(self.problem, items) if items else None
        self._known: dict[frozenset[int], tuple[float, list[float]]] = {}

    def _most(self, roads: frozenset[int]) -> tuple[float, list[float]]:
        """Return the most that can arrive and the flow on the arcs of the problem."""
        if self._model is None:
            return 0.0, []
        if roads not in self._known:
            room: Sequence[float] = [
                0.0 if arc // 2 in roads else limit
                for arc, limit in zip(self.problem.arcs, self.problem.capacity, strict=True)
            ]
            self._model.change(replace(self.problem, capacity=tuple(room)))
            most = self._model.most()
            self._known[roads] = most.total, most.flow
        return self._known[roads]

    def of(self, roads: frozenset[int]) -> float:
        """Return the unmet demand as a share of all."""
        return 1 - self._most(roads)[0] / self.whole if self.whole else 0.0

    def promise(self, roads: frozenset[int]) -> dict[int, float]:
        """Return the roads of a best flow, with what enters them."""
        _, flow = self._most(roads)
        found: dict[int, float] = {}
        for arc, amount in zip(self.problem.arcs, flow, strict=False):
            if amount > 0:
                found[arc // 2] = found.get(arc // 2, 0.0) + amount / self.whole
        return found

    def shown(self, harm: float) -> float:
        """Return the unmet demand, or without losses the maximum flow that is left."""
        return harm * self.whole if self.losses else (1 - harm) * self.whole


def harm_of(day: Network, measure: Measure) -> Harm:
    """Return how a measure counts harm on a day."""
    if measure in {"max_flow", "unmet_demand"}:
        return FlowHarm(day, losses=measure == "unmet_demand")
    limit = day.assumptions["cut_off_time_h"].best if measure == "weighted_time" else None
    return TimeHarm(day, stakes_of(day), limit)
