"""The days ahead as slow and obvious programs: every day, every road, nothing merged."""

from math import inf

import networkx as nx
import numpy as np
from scipy.optimize import linprog

import supplyroutes as sr


def limits(days):
    """For each day the limit of each arc, its share that arrives, and what sources can send."""
    usual = sr.supply_flow(days.base)
    found = []
    for _, day in days:
        flow = sr.supply_flow(day, usual=usual)
        arcs = {
            (edge, tail, head): (room, 1 - day.arcs.loc[(edge, tail, head), "loss_prob"])
            for (edge, tail, head), room in flow.edges["capacity_m3_per_day"].items()
            if day.arcs.loc[(edge, tail, head), "usable"]
        }
        found.append((arcs, flow.sources["limit_m3_per_day"].to_dict()))
    return found


class Daily:
    """The linear program of all days, one column for each thing of each day."""

    def __init__(self, days, towns, classes, *, losses):
        self.upper, self.rows, self.equals, self.short = [], {}, {}, {}
        towns, length = towns[towns["on_network"]], len(days)
        for town, row in towns.iterrows():
            self.tank(town, row, length)
        for (town, kind), row in classes.iterrows():
            for day in range(length if town in towns.index else 0):
                entries = {("tank", town, day): 1}
                self.short[town, kind, day] = self.column(row["use_m3_per_day"], entries)
        for day, (arcs, sources) in enumerate(limits(days)):
            for (_, tail, head), (room, keep) in arcs.items():
                gain = keep if losses else 1
                self.column(room, {("node", tail, day): -1, ("node", head, day): gain})
            for node, supply in sources.items():
                self.column(supply, {("node", node, day): 1})
            for town, lag in towns["lag_days"].items():
                if day + lag < length:
                    entries = {("node", town, day): -1, ("tank", town, day + lag): 1}
                    self.column(inf, entries)

    def tank(self, town, row, length):
        """Balance the tank of a town every day: what is left of one day is there the next."""
        for day in range(length):
            lasts = min(row["lag_days"], length)
            arriving = row["arriving_m3"] / lasts if day < row["lag_days"] else 0.0
            before = row["stock_m3"] if day == 0 else 0.0
            self.equals["tank", town, day] = row["use_m3_per_day"] - arriving - before
            entries = {("tank", town, day): -1}
            if day + 1 < length:
                entries["tank", town, day + 1] = 1
            self.column(row["storage_m3"], entries)

    def column(self, upper, entries):
        """Add a column; return its number."""
        for row, value in entries.items():
            self.rows.setdefault(row, {})[len(self.upper)] = value
        self.upper.append(upper)
        return len(self.upper) - 1

    def lexicographic(self, costs):
        """The least of each cost, given the least of those before; a cost is by short column."""
        names = list(self.rows)
        matrix = np.zeros((len(names), len(self.upper)))
        for number, name in enumerate(names):
            for column, value in self.rows[name].items():
                matrix[number, column] = value
        equal = np.array([self.equals.get(name, 0.0) for name in names])
        above, most, values = [], [], []
        for cost in costs:
            objective = np.zeros(len(self.upper))
            for key, weight in cost.items():
                objective[self.short[key]] = weight
            done = linprog(
                objective,
                A_ub=np.array(above) if above else None,
                b_ub=most or None,
                A_eq=matrix,
                b_eq=equal,
                bounds=[(0, None if room == inf else room) for room in self.upper],
            )
            assert done.status == 0, done.message
            values.append(done.fun)
            above.append(objective)
            most.append(done.fun + 1e-7 * (1 + abs(done.fun)))
        return values


def most_served(days, towns, stock, storage):
    """What can be used in all, without losses and at once, in whole m3: networkx."""
    graph = nx.DiGraph()
    graph.add_nodes_from(("source", "sink"))
    for day, (arcs, sources) in enumerate(limits(days)):
        for (edge, tail, head), (room, _) in arcs.items():
            limit = {} if room == inf else {"capacity": round(room * 10**6)}
            graph.add_edge((tail, day), (edge, tail, day), **limit)
            graph.add_edge((edge, tail, day), (head, day))
        for node, supply in sources.items():
            graph.add_edge("source", (node, day), capacity=round(supply * 10**6))
        for town, use in towns.items():
            graph.add_edge((town, day), (town, "tank", day))
            graph.add_edge((town, "tank", day), "sink", capacity=round(use * 10**6))
            if day:
                before = (town, "tank", day - 1)
                graph.add_edge(before, (town, "tank", day), capacity=round(storage[town] * 10**6))
            else:
                graph.add_edge("source", (town, "tank", 0), capacity=round(stock[town] * 10**6))
    return nx.maximum_flow_value(graph, "source", "sink") / 10**6
