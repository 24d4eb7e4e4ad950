"""Several products as one linear program from the tables, solved by scipy: slow and obvious.

Every row of supply is shared out by a variable for each product; every recorded limit is a row for
each capacity factor: those products that have no more than it, together. Nothing of the package's
own problem, kernels or duals is used.
"""

from math import inf

import numpy as np
from scipy.optimize import linprog

from supplyroutes.commodities import covers


class Joint:
    """The program of one day: columns by key, rows as dicts of column to coefficient."""

    def __init__(self, days, usual, *, tankers=inf, more=None, shares=None):
        self.days, self.usual, self.more = days, usual, more or {}
        self.base = next(iter(days.values()))
        self.columns, self.upper, self.least = {}, [], []
        self.rooms, self.wanted = [], {}
        top = self.base.topology
        self.balance = {(name, node): {} for name in days for node in range(len(top.node_ids))}
        for name, day in days.items():
            for arc in range(len(top.tail)):
                if day.usable[arc]:
                    column = self.column(("arc", name, arc))
                    self.add(name, top.tail[arc], column, -1.0)
                    self.add(name, top.head[arc], column, 1 - day.state.loss_prob[arc])
        self.supply()
        self.demand(shares)
        for arc in range(len(top.tail)):
            self.road(arc)
        if tankers < inf:
            self.fleet(tankers)

    def column(self, key, upper=inf):
        """A new column."""
        self.columns[key] = len(self.columns)
        self.upper.append(upper)
        return self.columns[key]

    def add(self, name, node, column, value):
        """Put a value into the balance of a town."""
        row = self.balance[name, node]
        row[column] = row.get(column, 0.0) + value

    def together(self, keys, room, what):
        """Bind the sum of columns; `more` room where it is asked for."""
        keys = [key for key in keys if key in self.columns]
        if keys:
            self.rooms.append(({self.columns[key]: 1.0 for key in keys},
                               room + self.more.get(what, 0.0)))  # fmt: skip

    def levels(self, names, factor_of):
        """Each factor with the products that have no more than it."""
        for level in sorted({factor_of(name) for name in names}):
            yield level, frozenset(name for name in names if factor_of(name) <= level)

    def supply(self):
        """Each row serves the products that it meets, each by its factor at most."""
        for number, row in enumerate(self.base.tables.supply.rows()):
            node = self.base.topology.node_index[row["node"]]
            amount = row["supply_m3_per_day_best"]
            fits = [
                name for name in self.days
                if covers(row["commodity"], name) or covers(name, row["commodity"])
            ]  # fmt: skip
            for name in fits:
                self.add(name, node, self.column(("supply", name, number)), 1.0)
            for level, names in self.levels(
                fits, lambda name, node=node: self.days[name].state.supply_factor[node]
            ):
                keys = [("supply", name, number) for name in names]
                self.together(keys, level * amount, ("supply", number))

    def demand(self, shares):
        """What each town wants of each product; what is recorded for all fuel by the shares."""
        for row in self.base.tables.demand.rows():
            for name in self.days:
                if covers(name, row["commodity"]):
                    part = 1.0
                elif covers(row["commodity"], name):
                    part = shares(row["demand_class"], row["node"], name)
                else:
                    continue
                node = self.base.topology.node_index[row["node"]]
                got = self.wanted.get((name, node), 0.0)
                self.wanted[name, node] = got + part * row["demand_m3_per_day_best"]
        self.wanted = {key: amount for key, amount in self.wanted.items() if amount > 0}
        for name, node in self.wanted:
            column = self.column(("town", name, node), self.wanted[name, node])
            self.add(name, node, column, -1.0)

    def road(self, arc):
        """Recorded limits on the products of their commodity; the rest by usual traffic."""
        top = self.base.topology
        edge = top.edge_ids[arc // 2]
        roads = self.base.tables.roads.columns
        recorded = [("all", roads["capacity_m3_per_day"][arc // 2])]
        recorded += [
            (row["commodity"], row["limit_m3_per_day_best"])
            for row in self.base.tables.limits.rows()
            if row["edge"] == edge
        ]
        loose = set(self.days)

        def factor(name):
            return self.days[name].state.capacity_factor[arc]

        for commodity, limit in recorded:
            if limit is None:
                continue
            names = [name for name in self.days if covers(commodity, name)]
            loose -= set(names)
            for level, together in self.levels(names, factor):
                keys = [("arc", name, arc) for name in together]
                self.together(keys, level * limit, ("arc", arc, together))
        least = self.base.assumptions["least_usual_m3_per_day"].best
        for level, together in self.levels(loose, factor):
            if level < 1:
                usual = max(sum(self.usual(name, edge) for name in together), least)
                room = level * usual if level > 0 else 0.0
                self.together([("arc", name, arc) for name in together], room,
                              ("arc", arc, together))  # fmt: skip

    def fleet(self, tankers):
        """Days there and back times what enters must fit into the tanks."""
        row = {}
        top = self.base.topology
        hours = self.base.assumptions["driving_day_h"].best
        for (kind, name, arc), column in self.columns.items():
            if kind == "arc":
                delay = self.days[name].state.delay_h[arc]
                one_way = top.drive_dry_h[arc] / hours + (top.dwell_h[arc] + delay) / 24
                row[column] = 2 * one_way
        room = tankers * self.base.assumptions["tanker_load_m3"].best
        self.rooms.append((row, room + self.more.get("fleet", 0.0)))

    # --- questions ------------------------------------------------------------------------

    def most(self, inside):
        """The most that can arrive at (product, town) pairs."""
        cost = np.zeros(len(self.upper))
        for key in inside:
            cost[self.columns["town", *key]] = -1.0
        return -self.solve(cost, []).fun

    def least_rate(self, inside):
        """The highest least fill rate of (product, town) pairs."""
        level = self.column("level", 1.0)
        cost = np.zeros(len(self.upper))
        cost[level] = -1.0
        rows = [
            ({level: self.wanted[key], self.columns["town", *key]: -1.0}, 0.0) for key in inside
        ]
        return -self.solve(cost, rows).fun

    def solve(self, cost, rows):
        """Solve by scipy."""
        made = [self.matrix([row for row, _ in part]) for part in (
            [*self.rooms, *rows], [(row, 0.0) for row in self.balance.values()]
        )]  # fmt: skip
        rooms = [room for _, room in (*self.rooms, *rows)]
        found = linprog(
            cost, made[0] if rooms else None, rooms or None, made[1],
            np.zeros(len(self.balance)), [(0, None if top == inf else top) for top in self.upper],
        )  # fmt: skip
        assert found.status == 0, found.message
        return found

    def matrix(self, rows):
        """Rows as a matrix."""
        made = np.zeros((len(rows), len(self.upper)))
        for number, row in enumerate(rows):
            for column, value in row.items():
                made[number, column] = value
        return made
