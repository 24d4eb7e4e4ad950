"""The worst roads by trying every set of them: plain loops, and scipy for flows."""

from itertools import combinations
from math import isnan, nan

import numpy as np
from scipy.optimize import linprog

import supplyroutes as sr

INF = float("inf")


class Day:
    """A day as plain lists, read from its tables."""

    def __init__(self, day, measure):
        self.measure = measure
        arcs = day.arcs.reset_index().to_dict("records")
        usable = [row for row in arcs if row["usable"]]
        self.arcs = [
            (row["edge"], row["tail"], row["head"], row["time_h"], row["capacity_factor"] > 0)
            for row in usable
        ]
        self.roads = sorted({edge for edge, _, _, _, passes in self.arcs if passes})
        self.sources = {day.topology.node_ids[node] for node in day.sources()}
        self.most_h = day.assumptions["cut_off_time_h"].best
        wanted = {}
        for row in day.tables.demand.rows():
            wanted[row["node"]] = wanted.get(row["node"], 0.0) + row["demand_m3_per_day_best"]
        calm = day.undisturbed()
        known = self.times((), sources={day.topology.node_ids[node] for node in calm.sources()},
                           blocked=False)  # fmt: skip
        self.wanted = {node: amount for node, amount in wanted.items() if node in known}
        if measure in ("max_flow", "unmet_demand"):
            self._read_flow(day)

    def times(self, closed, *, sources=None, blocked=True):
        """Hours from the nearest source by relaxing every arc again and again."""
        hours = dict.fromkeys(self.sources if sources is None else sources, 0.0)
        changed = True
        while changed:
            changed = False
            for edge, tail, head, took, passes in self.arcs:
                if edge in closed or tail not in hours or (blocked and not passes):
                    continue
                if hours[tail] + took < hours.get(head, INF):
                    hours[head] = hours[tail] + took
                    changed = True
        return hours

    def _read_flow(self, day):
        """Capacities as `supply_flow` shows them: how they come about is tested there."""
        lossy = self.measure == "unmet_demand"
        room = sr.supply_flow(day, losses=lossy).edges["capacity_m3_per_day"]
        self.flow_arcs = [
            (row["edge"], row["tail"], row["head"], room[row["edge"], row["tail"], row["head"]],
             1 - row["loss_prob"] if lossy else 1.0)
            for row in day.arcs.reset_index().to_dict("records")
            if (row["edge"], row["tail"], row["head"]) in room.index
        ]  # fmt: skip
        self.supply = {}
        for row in day.tables.supply.rows():
            factor = day.state.supply_factor[day.topology.node_index[row["node"]]]
            self.supply[row["node"]] = row["supply_m3_per_day_best"] * factor
        self.ids = list(day.topology.node_ids)

    def harm(self, closed=()):
        """The measure with some roads closed, in its unit."""
        if self.measure in ("max_flow", "unmet_demand"):
            most = self._most(closed)
            return most if self.measure == "max_flow" else sum(self.wanted.values()) - most
        hours = self.times(closed)
        if self.measure == "isolated_demand":
            return sum(amount for node, amount in self.wanted.items() if node not in hours)
        total = sum(self.wanted.values())
        parts = [amount * min(hours.get(node, INF), self.most_h)
                 for node, amount in self.wanted.items()]  # fmt: skip
        return sum(parts) / total if total else nan

    def _most(self, closed):
        """The most that can arrive, by a linear program of scipy."""
        if not self.wanted:
            return 0.0
        columns = [(tail, head, room, keep, 0.0) for edge, tail, head, room, keep in self.flow_arcs
                   if edge not in closed]  # fmt: skip
        columns += [(None, node, amount, 1.0, 0.0) for node, amount in self.supply.items()]
        columns += [(node, None, amount, 1.0, -1.0) for node, amount in self.wanted.items()]
        balance = np.zeros((len(self.ids), len(columns)))
        for place, (tail, head, _, keep, _) in enumerate(columns):
            if tail is not None:
                balance[self.ids.index(tail), place] -= 1
            if head is not None:
                balance[self.ids.index(head), place] += keep
        bounds = [(0, None if room == INF else room) for _, _, room, _, _ in columns]
        cost = [price for *_, price in columns]
        done = linprog(cost, A_eq=balance, b_eq=np.zeros(len(self.ids)), bounds=bounds)
        assert done.success
        return -done.fun


def worse(measure, one, other):
    """Whether the first value of a measure is worse."""
    return one < other if measure == "max_flow" else one > other


def same(one, other):
    """Equal but for rounding, or both missing."""
    if isnan(one) or isnan(other):
        return isnan(one) and isnan(other)
    return abs(one - other) <= 1e-5 * (1 + abs(other))


def worst(plain, budget, *, cost=None, safe=()):
    """The worst value of any set that the budget pays, and all sets that reach it."""
    cost = cost or {}
    found, sets = plain.harm(), [()]
    roads = [road for road in plain.roads if road not in safe]
    cheapest = min((cost.get(road, 1) for road in roads), default=1)
    for size in range(1, min(len(roads), int(budget / cheapest + 1e-9)) + 1):
        for chosen in combinations(roads, size):
            if sum(cost.get(road, 1) for road in chosen) <= budget + 1e-9:
                value = plain.harm(chosen)
                if same(value, found):
                    sets.append(chosen)
                elif worse(plain.measure, value, found):
                    found, sets = value, [chosen]
    return found, sets


def guarded(plain, budget, attack_budget):
    """The least harm of the worst attack over every set of guarded roads."""
    found = None
    for size in range(min(budget, len(plain.roads)) + 1):
        for chosen in combinations(plain.roads, size):
            value, _ = worst(plain, attack_budget, safe=chosen)
            if found is None or worse(plain.measure, found, value):
                found = value
    return found
