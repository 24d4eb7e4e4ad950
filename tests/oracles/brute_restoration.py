"""The order of lifting by trying: every set through the public calls, every order of all lifts.

A report is lifted by one more report that ends it; a reopened road is put back to its state when
nothing has happened. What is missing is read by a plain walk, or from a linear program by scipy.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import permutations
from math import inf

import numpy as np
from scipy.optimize import linprog

import supplyroutes as sr
from supplyroutes.core import State
from tests.oracles.brute_explanation import arcs, joined, lifted, sources


def day_with(
    network: sr.Network, events: sr.Events, day: date, commodity: str, lifts: Iterable[str]
) -> sr.Network:
    """The day with these reports ended and these roads as if nothing had happened."""
    names = set(lifts)
    known = {report.event for report in events}
    now = sr.disrupt(
        network, lifted(events, sorted(names & known), day), at=day, commodity=commodity
    )
    opened = {
        2 * network.topology.edge_index[road] + way for road in names - known for way in (0, 1)
    }
    calm = State.identity(len(now.topology.tail), len(now.topology.node_ids))
    names = ("capacity_factor", "delay_h", "loss_prob", "status")
    state = replace(now.state, **{
        name: tuple(
            getattr(calm if arc in opened else now.state, name)[arc]
            for arc in range(len(now.topology.tail))
        )
        for name in names
    })  # fmt: skip
    return now.asking(commodity, at=day, state=state)


def counted(network: sr.Network, measure: str) -> dict[str, float]:
    """What each town counts for that is on the network when nothing has happened."""
    column = "population" if measure == "people" else "demand_m3_per_day"
    amounts = network.nodes[column].fillna(0).to_dict()
    ways = arcs(network, free=False)
    return {
        town: amount for town, amount in amounts.items() if joined(ways, sources(network), town)
    }


def missing(now: sr.Network, measure: str, amounts: dict[str, float]) -> float:
    """What is missing on a day."""
    if measure == "unmet_demand":
        return unmet(now)
    ways = arcs(now, free=measure == "strained_demand")
    return sum(amount for town, amount in amounts.items() if not joined(ways, sources(now), town))


def unmet(now: sr.Network) -> float:
    """The least demand on the network that cannot be met: scipy, from the tables of the flow."""
    flow = sr.supply_flow(now)
    wants = flow.nodes[flow.nodes["on_network"]]["demand_m3_per_day"]
    places = {town: row for row, town in enumerate(now.topology.node_ids)}
    loss = now.arcs["loss_prob"]
    matrix, top = [], []
    for key, capacity in flow.edges["capacity_m3_per_day"].items():
        column = np.zeros(len(places))
        column[places[key[1]]] -= 1
        column[places[key[2]]] += 1 - loss[key]
        matrix.append(column)
        top.append(capacity)
    for town, limit in flow.sources["limit_m3_per_day"].items():
        column = np.zeros(len(places))
        column[places[town]] = 1
        matrix.append(column)
        top.append(limit)
    received = len(matrix)
    for town, amount in wants.items():
        column = np.zeros(len(places))
        column[places[town]] = -1
        matrix.append(column)
        top.append(amount)
    if not matrix:
        return 0.0
    cost = [0.0] * received + [-1.0] * (len(matrix) - received)
    bounds = [(0, None if limit == inf else limit) for limit in top]
    found = linprog(cost, A_eq=np.array(matrix).T, b_eq=np.zeros(len(places)), bounds=bounds)
    assert found.status == 0
    return float(wants.sum() + found.fun)


class Orders:
    """Every order of some lifts, and its area."""

    def __init__(self, value, days: dict[str, float]) -> None:
        self.days = days
        self.value = {}
        names = sorted(days)
        for bits in range(1 << len(names)):
            lifts = frozenset(name for place, name in enumerate(names) if bits >> place & 1)
            self.value[lifts] = value(lifts)

    def area(self, order: Iterable[str]) -> float:
        """Days of each step times what is missing during it beyond what always is."""
        least = self.value[frozenset(self.days)]
        total, done = Fraction(0), frozenset()
        for name in order:
            total += Fraction(self.days[name]) * Fraction(self.value[done] - least)
            done |= {name}
        return float(total)

    def least(self) -> float:
        """The least area of all orders."""
        return min(map(self.area, permutations(self.days)), default=0.0)
