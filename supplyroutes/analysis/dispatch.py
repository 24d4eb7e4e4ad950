"""What sources send on a day for what towns order: the flow of that day, as consignments."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from supplyroutes.analysis.allocation import Allocation
from supplyroutes.analysis.flow import FlowSolver
from supplyroutes.analysis.transit import Consignment, Escorted, Moved, Roads, UnderWay, roads_of
from supplyroutes.core import State
from supplyroutes.errors import AssumptionWarning
from supplyroutes.network import Network


@dataclass(frozen=True)
class Sending:
    """What leaves on a day, and by town the mean evenings that it will spend on the road."""

    consignments: tuple[Consignment, ...]
    lag_days: Mapping[int, float]


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
        self._roads: dict[Any, Roads] = {}
        self._sent: dict[Any, Sending] = {}

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day; days on which all is the same share them."""
        key = _key(day.state)
        if key not in self._roads:
            self._roads[key] = roads_of(day)
        return self._roads[key]

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what left on every day before the first."""
        return self.send(calm, ordered)

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:  # noqa: ARG002
        """Return that there are no convoys."""
        return Escorted()

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves for these orders, given in days of use by number of the town."""
        roads = self.roads(day)
        key = id(roads), tuple(ordered.items())
        if key not in self._sent:
            with warnings.catch_warnings():
                if self._sent:  # what is taken whole was said once
                    warnings.simplefilter("ignore", AssumptionWarning)
                self._sent[key] = self._solved(roads, ordered)
        return self._sent[key]

    def _solved(self, roads: Roads, ordered: Mapping[int, float]) -> Sending:
        """Return the flow of a day as consignments."""
        problem, trips = self._solver.trips(roads.day, ordered)
        found = []
        arrives: dict[int, list[float]] = {}
        for trip in trips:
            path = tuple(problem.arcs[arc] for arc in trip.path)
            leaves = trip.arrives
            for arc in reversed(path):
                leaves /= roads.keep[arc]
            found.append(Consignment(trip.source, trip.town, path, leaves, trip.arrives))
            sums = arrives.setdefault(trip.town, [0.0, 0.0])
            sums[0] += trip.arrives
            sums[1] += trip.arrives * roads.lag_days(path)
        lags = {town: days / total for town, (total, days) in arrives.items()}
        return Sending(tuple(found), lags)


def _key(state: State) -> tuple[Any, ...]:
    """Return what makes two days the same for whoever sends and drives."""
    return state.capacity_factor, state.delay_h, state.loss_prob, state.supply_factor
