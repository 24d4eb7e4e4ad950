"""What sources send on a day for what towns order: the flow of that day, as consignments."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from supplyroutes.analysis.flows.allocation import Shares, shares_of
from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_model import FlowModel, Item
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.flows.flow_sharing import Trip, trips_of
from supplyroutes.analysis.stores.condense import Skeleton
from supplyroutes.analysis.stores.transit import (
    Consignment,
    Escorted,
    Moved,
    Roads,
    UnderWay,
    roads_of,
)
from supplyroutes.core import State
from supplyroutes.errors import AssumptionWarning
from supplyroutes.network import Network


@dataclass(frozen=True)
class Sending:
    """What leaves on a day, and by town the mean evenings that it will spend on the road."""

    consignments: tuple[Consignment, ...]
    lag_days: Mapping[int, float]


@dataclass(frozen=True)
class _Day:
    """A day as roads, and as a problem of links."""

    roads: Roads
    problem: Problem


@dataclass(frozen=True)
class _Made:
    """What is made once for a network: its links, who wants fuel, two linear programs.

    One program decides who receives how much, the other by which roads: each is solved on from
    its own last optimum.
    """

    arcs: tuple[int, ...]
    skeleton: Skeleton
    shares: Shares
    levels: FlowModel
    routes: FlowModel


class Dispatch:
    """Sendings of one network on many days; what was asked before is not solved again.

    Parameters
    ----------
    network
        The undisturbed network.
    allocation, policy
        Who is served first, as for `supply_flow`.
    """

    def __init__(self, network: Network, *, allocation: Allocation, policy: str) -> None:
        self._solver = FlowSolver(network, allocation=allocation, policy=policy)
        problem = self._solver.problem(network)
        shares = shares_of(network, problem, self._solver.policy)
        skeleton = Skeleton(problem, {item.node for item in shares.items})
        small = skeleton.on(problem)
        models = [FlowModel(small, shares.items) for _ in range(2)]
        self._made = _Made(problem.arcs, skeleton, shares, *models)
        self._days: dict[Any, _Day] = {}
        self._sent: dict[Any, Sending] = {}

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day; days on which all is the same share them."""
        return self._day(day).roads

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what left on every day before the first."""
        return self.send(calm, ordered)

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:  # noqa: ARG002
        """Return that there are no convoys."""
        return Escorted()

    def send(
        self,
        day: Network,
        ordered: Mapping[int, float],
        most: Mapping[int, float] | None = None,
    ) -> Sending:
        """Return what leaves for these orders, given in days of use by number of the town.

        `most` is what sources can load at most, in m3, where tankers or anything else limit it.
        """
        known = self._day(day)
        limited = known if most is None else _limited(known, most)
        key = id(known), limited.problem.supply, tuple(ordered.items())
        if key not in self._sent:
            self._sent[key] = self._solved(limited, ordered)
        return self._sent[key]

    def _day(self, day: Network) -> _Day:
        """Return a day in its forms; days on which all is the same share them."""
        key = _key(day.state)
        if key not in self._days:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", AssumptionWarning)  # it was said at first
                problem = self._solver.problem(day)
            self._days[key] = _Day(roads_of(day), self._made.skeleton.on(problem))
        return self._days[key]

    def _solved(self, day: _Day, ordered: Mapping[int, float]) -> Sending:
        """Return the flow of a day as consignments."""
        wanted = [
            replace(item, amount=item.amount * ordered.get(item.node, 1.0))
            for item in self._made.shares.items
        ]
        if not any(item.amount > 0 for item in wanted):
            return Sending((), {})
        rates = None
        if self._solver.allocation != "nearest":
            rates = _asked(self._made.levels, day, wanted).shares()
        best = _asked(self._made.routes, day, wanted).fastest(rates)
        delivered: dict[int, float] = {}
        for item, amount in zip(wanted, best.received, strict=True):
            delivered[item.node] = delivered.get(item.node, 0.0) + amount
        return self._sending(day, trips_of(day.problem, best.flow, delivered))

    def _sending(self, day: _Day, trips: Sequence[Trip]) -> Sending:
        """Return trips over links as consignments over arcs."""
        found = []
        sums: dict[int, list[float]] = {}
        for trip in trips:
            path: list[int] = []
            leaves = trip.arrives
            for link in reversed(trip.path):
                leaves /= day.problem.keep[link]
            for link in trip.path:
                path += [self._made.arcs[arc] for arc in self._made.skeleton.courses[link]]
            found.append(Consignment(trip.source, trip.town, tuple(path), leaves, trip.arrives))
            total = sums.setdefault(trip.town, [0.0, 0.0])
            total[0] += trip.arrives
            total[1] += trip.arrives * day.roads.lag_days(path)
        return Sending(tuple(found), {town: days / due for town, (due, days) in sums.items()})


def _limited(day: _Day, most: Mapping[int, float]) -> _Day:
    """Return a day on which sources send no more than they can load."""
    problem = day.problem
    supply = tuple(
        min(limit, most.get(source, limit))
        for source, limit in zip(problem.sources, problem.supply, strict=True)
    )
    if supply == problem.supply:
        return day
    giving = [node for node, limit in zip(problem.sources, supply, strict=True) if limit > 0]
    out: dict[int, list[int]] = {}
    for tail, head, room, keep in zip(
        problem.tail, problem.head, problem.capacity, problem.keep, strict=True
    ):
        if room > 0 and keep > 0:
            out.setdefault(tail, []).append(head)
    served, waiting = bytearray(problem.nodes), giving
    while waiting:
        node = waiting.pop()
        if not served[node]:
            served[node] = 1
            waiting += out.get(node, ())
    return replace(day, problem=replace(problem, supply=supply, served=bytes(served)))


def _asked(model: FlowModel, day: _Day, wanted: Sequence[Item]) -> FlowModel:
    """Put a day and its orders into a linear program."""
    model.change(day.problem)
    model.want(wanted)
    return model


def _key(state: State) -> tuple[Any, ...]:
    """Return what makes two days the same for whoever sends and drives."""
    return state.capacity_factor, state.delay_h, state.loss_prob, state.supply_factor
