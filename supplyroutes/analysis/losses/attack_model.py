"""Attacks on roads as linear programs: what a choice of roads could do at most.

Each is the dual of what the defender does, so that one program maximises over both: the best way
of every town (Israeli & Wood 2002), or the largest delivery (Wood 1993; Lim & Smith 2007). A
closed road relaxes the rows of its arcs; how far is bounded as tightly as is known.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum, inf, prod
from typing import TYPE_CHECKING

from supplyroutes._kernels.detours import longest_detour
from supplyroutes._kernels.series import in_series
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.integer import EQUAL, Branch
from supplyroutes.analysis.linear import Answer, Bounds, LinearProgram, entries_of
from supplyroutes.analysis.losses.harm import FlowHarm, TimeHarm

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_DEEP_TOWNS = 2
"""Towns whose bound is looked at again in a branch: those that promise most."""


@dataclass(frozen=True)
class Targets:
    """Roads that may be attacked, by number, with the cost of each, and the budget."""

    roads: tuple[int, ...]
    costs: tuple[float, ...]
    budget: float

    def cost_of(self, roads: Collection[int]) -> float:
        """Return the cost of some of them."""
        known = dict(zip(self.roads, self.costs, strict=True))
        return fsum(known[road] for road in roads)

    def without(self, roads: Collection[int]) -> Targets:
        """Return the roads that may be attacked when some are guarded."""
        kept = [place for place, road in enumerate(self.roads) if road not in roads]
        return Targets(
            tuple(self.roads[place] for place in kept),
            tuple(self.costs[place] for place in kept),
            self.budget,
        )


@dataclass
class _Rows:
    """Rows ``entries <= limit`` of a program, as they are written."""

    cells: list[tuple[int, int, float]] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)

    def add(self, entries: Sequence[tuple[int, float]], limit: float) -> None:
        """Add a row."""
        row = len(self.limits)
        self.cells += [(row, column, value) for column, value in entries]
        self.limits.append(limit)

    def program(self, lower: Array, upper: Array) -> LinearProgram:
        """Return the program."""
        import numpy as np

        none = np.full(len(self.limits), -inf)
        rows = Bounds(none, np.array(self.limits))
        return LinearProgram(Bounds(lower, upper), rows, entries_of(self.cells))


class TimeAttack:
    r"""Roads that delay or cut off most: columns are the time of each town, then the roads.

    .. math:: \max \sum_n d_n t_n, \quad t_j \le t_i + c_{ij} + M_{ij} x_{ij}, \quad
              0 \le t_n \le U_n

    in parts of the time that a town counts that is cut off. U is what a town can come to at most:
    its longest detour, by paths that share no road. It is found for the towns whose time the
    program raises; in each branch anew, for those that promise most beyond what is found.

    Parameters
    ----------
    harm
        How harm is counted.
    targets
        What may be attacked.
    """

    def __init__(self, harm: TimeHarm, targets: Targets) -> None:
        import numpy as np

        self.harm, self.targets = harm, targets
        self.costs, self.budget = targets.costs, targets.budget
        self.top = harm.day.topology
        self.first = len(self.top.node_ids)
        self.limit_h = harm.limit_h
        best, _ = harm.tree(())
        self.before = [harm.share(hours) if hours < inf else 1.0 for hours in best]
        self.open = [hours < inf for hours in best]
        place = {road: number for number, road in enumerate(targets.roads)}
        lower = np.array([share if known else 0.0 for share, known in zip(self.before, self.open, strict=True)] + [0.0] * len(place))  # fmt: skip  # noqa: E501
        upper = np.array([float(known) for known in self.open] + [1.0] * len(place))
        upper[list(harm.sources)] = lower[list(harm.sources)] = 0.0
        self._lower = lower.copy()
        self.weight = np.zeros(self.first)
        for node, amount in harm.stakes.items():
            self.weight[node] = amount / harm.demand
        self.offset = float(sum(self.weight[node] for node in harm.stakes if not self.open[node]))
        self.groups = self._series(place)
        self.arcs, rows = self._rows(place)
        self._place = place
        self.program = rows.program(lower, upper)
        cost = np.zeros(len(lower))
        cost[: self.first] = -self.weight
        self.program.price(cost)
        self._asked: tuple[object, set[int]] = None, set()

    def hours(self, arc: int) -> float:
        """Return what an arc adds, in parts of the whole."""
        return 0.0 if self.limit_h is None else self.harm.day.time_h[arc] / self.limit_h

    def _rows(self, place: Mapping[int, int]) -> tuple[list[tuple[int, int]], _Rows]:
        """Return the arcs that may be closed with the place of their entry, and all rows."""
        rows, arcs = _Rows(), []
        sources = frozenset(self.harm.sources)
        for arc, passes in enumerate(self.harm.passable):
            tail, head = self.top.tail[arc], self.top.head[arc]
            if passes and self.open[tail] and head not in sources:
                entries = [(head, 1.0), (tail, -1.0)]
                if arc // 2 in place:
                    arcs.append((arc, len(rows.cells) + 2))
                    entries.append((self.first + place[arc // 2], -self._slack(arc, 1.0)))
                rows.add(entries, self.hours(arc))
        everything = [(self.first + number, cost) for number, cost in enumerate(self.costs)]
        rows.add(everything, self.budget)
        self.first_group = len(rows.limits)
        for group in self.groups:
            rows.add([(self.first + number, -1.0) for number in group], 0.0)
        return arcs, rows

    def _series(self, place: Mapping[int, int]) -> list[tuple[int, ...]]:
        """Return roads in series, by their places: closing one of them does much what another does.

        Sources count as one node, and dead ends as nothing.
        """
        top, sources = self.top, frozenset(self.harm.sources)
        ends = {}
        for road in place:
            nodes = top.tail[2 * road], top.head[2 * road]
            if self.open[nodes[0]] or self.open[nodes[1]]:
                ends[road] = [-1 if node in sources else node for node in nodes]
        return [
            tuple(sorted(place[road] for road in group))
            for group in in_series(ends)
            if len(group) > 1
        ]

    def _slack(self, arc: int, most: float) -> float:
        """Return how far closing an arc can raise its head above its tail: M."""
        return max(0.0, most - self.before[self.top.tail[arc]] - self.hours(arc))

    def worth(self, chosen: frozenset[int]) -> float:
        """Return the harm of a choice of places, recomputed."""
        return self.harm.of(frozenset(self.targets.roads[place] for place in chosen))

    def tighten(
        self, branch: Branch, answer: Answer, chosen: frozenset[int]
    ) -> list[tuple[int, float]]:
        """Return the most that towns can come to in a branch; each is asked once in a branch."""
        import numpy as np

        decided = branch.ones, branch.upper[self.first :].tobytes()
        if self._asked[0] != decided:
            self._asked = decided, set()
        times = answer.columns[: self.first]
        whole = not branch.ones and bool((branch.upper[self.first :] > 0).all())
        if whole:
            nodes = np.flatnonzero(times > self._lower[: self.first] + EQUAL)
        else:
            hours, _ = self.harm.tree([self.targets.roads[place] for place in chosen])
            real = np.array([self.harm.share(now) for now in hours])
            promise = self.weight * (times - real)
            order = np.argsort(-promise, kind="stable")[:_DEEP_TOWNS]
            nodes = order[promise[order] > EQUAL]
        asked = [node for node in nodes.tolist() if node not in self._asked[1]]
        self._asked[1].update(asked)
        found = self._bounds_of(asked, branch) if asked else []
        if whole and found:
            self._narrow(dict(found))
        return [(node, most) for node, most in found if most < branch.upper[node]]

    def _bounds_of(self, nodes: Sequence[int], branch: Branch) -> list[tuple[int, float]]:
        """Return the most that towns can come to in a branch, in parts of the whole."""
        top, harm = self.top, self.harm
        closed = [self.targets.roads[place] for place in branch.ones]
        room = [inf if passes else 0.0 for passes in harm.passable]
        for place, road in enumerate(self.targets.roads):
            if branch.upper[self.first + place] > 0:
                for arc in (2 * road, 2 * road + 1):
                    room[arc] = self.costs[place] if harm.passable[arc] else 0.0
        for road in closed:
            room[2 * road] = room[2 * road + 1] = 0.0
        best, _ = harm.tree(closed)
        left = self.budget - self.targets.cost_of(closed)
        return [
            (
                node,
                harm.share(
                    longest_detour(
                        top.out_start, top.out_arcs, top.in_start, top.in_arcs,
                        top.tail, top.head, harm.day.time_h, room, best, harm.sources, node, left,
                    )
                ),
            )
            for node in nodes
            if best[node] < inf
        ]  # fmt: skip

    def _narrow(self, most: Mapping[int, float]) -> None:
        """Take into the rows what holds everywhere: a closed road raises no town above its most."""
        import numpy as np

        changed = [(arc, place) for arc, place in self.arcs if self.top.head[arc] in most]
        values = [-self._slack(arc, most[self.top.head[arc]]) for arc, _ in changed]
        self.program.put([place for _, place in changed], np.array(values))


class FlowAttack:
    r"""Roads that keep most from arriving.

    Columns are prices of nodes, then the roads, then prices of arcs, sources and towns.

    A price is what one more m3 at a node would add to the delivery. The dual of the largest
    delivery, with the prices of a closed road's arcs let go:

    .. math:: \min \sum_a u_a w_a + \sum_s S_s g_s + \sum_n D_n h_n, \quad
              (1 - p_a) \pi_j - \pi_i \le w_a + (1 - p_a) x_a, \;
              \pi_s \le g_s, \; 1 - \pi_n \le h_n

    No price is above 1, so that 1 is enough to let go.

    Parameters
    ----------
    harm
        How harm is counted.
    targets
        What may be attacked.
    """

    def __init__(self, harm: FlowHarm, targets: Targets) -> None:
        import numpy as np

        self.harm, self.targets = harm, targets
        self.costs, self.budget = targets.costs, targets.budget
        day, self.offset = harm.problem, 1.0
        self.first = day.nodes
        place = {road: number for number, road in enumerate(targets.roads)}
        limited = [arc for arc, room in enumerate(day.capacity) if 0 < room < inf]
        column = {arc: self.first + len(place) + at for at, arc in enumerate(limited)}
        sources = self.first + len(place) + len(limited)
        towns = sources + len(day.sources)
        most = _most_sent(day, harm.whole)
        prices = [min(day.capacity[arc], most) for arc in limited]
        prices += [min(amount, most) for amount in day.supply]
        prices += list(harm.stakes.values())
        cost = np.zeros(towns + len(harm.stakes))
        cost[self.first + len(place) :] = np.array(prices) / harm.whole
        rows = _Rows()
        for arc, room in enumerate(day.capacity):
            keep, road = day.keep[arc], day.arcs[arc] // 2
            if room > 0 and keep > 0:
                entries = [(day.head[arc], keep), (day.tail[arc], -1.0)]
                entries += [(self.first + place[road], -keep)] if road in place else []
                entries += [(column[arc], -1.0)] if arc in column else []
                rows.add(entries, 0.0)
        for at, node in enumerate(day.sources):
            rows.add([(node, 1.0), (sources + at, -1.0)], 0.0)
        for at, node in enumerate(harm.stakes):
            rows.add([(node, -1.0), (towns + at, -1.0)], -1.0)
        rows.add([(self.first + at, cost) for at, cost in enumerate(self.costs)], self.budget)
        self.groups: list[tuple[int, ...]] = []
        self.first_group = len(rows.limits)
        self.program = rows.program(np.zeros(len(cost)), np.ones(len(cost)))
        self.program.price(cost)

    def worth(self, chosen: frozenset[int]) -> float:
        """Return the harm of a choice of places, recomputed."""
        return self.harm.of(frozenset(self.targets.roads[place] for place in chosen))

    def tighten(
        self,
        branch: Branch,  # noqa: ARG002 (the form of a relaxation)
        answer: Answer,  # noqa: ARG002
        chosen: frozenset[int],  # noqa: ARG002
    ) -> list[tuple[int, float]]:
        """Return nothing: the relaxation is as tight as it gets."""
        return []


def _most_sent(day: Problem, wanted: float) -> float:
    """Return what no place has to send more than: all that is wanted, and what is lost on the way.

    A way that pays enters every node once at most, there by its worst arc at most.
    """
    kept: dict[int, float] = {}
    for head, keep in zip(day.head, day.keep, strict=True):
        if keep > 0:
            kept[head] = min(keep, kept.get(head, 1.0))
    left = prod(kept.values())
    return wanted / left if left > 0 else inf
