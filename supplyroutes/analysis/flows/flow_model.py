"""The linear program of one day, kept alive: most delivered, fairest, fastest.

Columns: what enters each arc, what each source sends, what each item receives, and one level.
Rows: balance of each node, item at least level x demand, each limit on a sum. Amounts are counted
in parts of the whole demand (to a power of two), so that a solver's tolerances mean the same on any
network.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import frexp, fsum, inf, ldexp, sqrt
from typing import TYPE_CHECKING

from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.linear import Answer, Bounds, Entries, LinearProgram
from supplyroutes.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SMALL = 1e-7
"""Amounts of less than this many m3 a day are rounding."""
ROUNDING = 1e-9
"""Parts of the whole smaller than this are rounding."""
_SLACKS = (0.0, 1e-9, 1e-8, 1e-7)
"""By which part of the whole a decided amount may be missed later, where rounding would make it
impossible: the first that does."""
GOLDEN = (sqrt(5) - 1) / 2
"""Multiples of it, less whole numbers, are all different and no two sums of a few are equal."""


@dataclass(frozen=True)
class Item:
    """What receives fuel as one: some classes of one town. `rank` 0 is served first."""

    node: int
    amount: float
    rank: int = 0


@dataclass(frozen=True)
class Outcome:
    """A proved flow in m3 a day: what enters arcs and leaves sources, what items receive."""

    flow: list[float]
    received: list[float]
    priced: frozenset[int] = frozenset()
    """Columns and, after them, limits that the duals put a price on: no other holds it back."""

    @property
    def total(self) -> float:
        """All that is received."""
        return fsum(self.received)


class FlowModel:
    """One day as a linear program that is changed and solved again.

    Parameters
    ----------
    problem
        The day.
    items
        What receives fuel; their amounts are above zero.
    """

    def __init__(self, problem: Problem, items: Sequence[Item]) -> None:
        import numpy as np

        self.problem, self.items = problem, tuple(items)
        arcs, sources, count = len(problem.arcs), len(problem.sources), len(items)
        self.first_source, self.first_item = arcs, arcs + sources
        self.level = arcs + sources + count
        self.first_fill, self.first_limit = problem.nodes, problem.nodes + count
        self.unit = ldexp(1.0, frexp(fsum(item.amount for item in items))[1])
        self.amounts = np.array([item.amount for item in items], dtype=float) / self.unit
        self._build()

    def _build(self) -> None:
        """Make the program of the problem."""
        import numpy as np

        rows = self.first_limit + len(self.problem.limits)
        self.implied = _implied(self.problem)
        self.program = LinearProgram(
            Bounds(np.zeros(self.level + 1), np.zeros(self.level + 1)),
            Bounds(np.zeros(rows), np.zeros(rows)),
            self._entries(),
        )
        self._open()

    def _entries(self) -> Entries:
        """Return the matrix: tails and heads of arcs, then sources, then items, then limits."""
        import numpy as np

        day, arcs = self.problem, np.arange(self.first_source)
        sources = np.arange(self.first_source, self.first_item)
        items = np.arange(self.first_item, self.level)
        fills = self.first_fill + np.arange(len(items))
        parts = [
            (np.array(day.tail), arcs, -np.ones(len(arcs))),
            (np.array(day.head), arcs, np.array(day.keep)),
            (np.array(day.sources), sources, np.ones(len(sources))),
            (np.array([item.node for item in self.items]), items, -np.ones(len(items))),
            (fills, items, np.ones(len(items))),
            (fills, np.full(len(items), self.level), -self.amounts),
            *(
                (np.full(len(one.places), row), np.array(one.places), np.array(one.weights))
                for row, one in enumerate(day.limits, self.first_limit)
            ),
        ]
        row, column, value = (np.concatenate([part[at] for part in parts]) for at in range(3))
        return Entries(row.astype(np.int32), column.astype(np.int32), value.astype(float))

    def _open(self) -> None:
        """Set every bound as the day has it, with no stage decided."""
        import numpy as np

        day = self.problem
        room = np.concatenate((day.capacity, day.supply)) / self.unit
        room[self.implied] = inf
        upper = np.concatenate((room, self.amounts, [0.0]))
        self.program.bound_columns(range(self.level + 1), np.zeros(len(upper)), upper)
        self._bind(range(len(self.items)), on=False)
        rows = range(self.first_limit, self.first_limit + len(day.limits))
        rooms = np.array([one.room for one in day.limits], dtype=float) / self.unit
        self.program.bound_rows(rows, np.full(len(rows), -inf), rooms)

    def change(self, problem: Problem) -> None:
        """Go over to another day of the same network: other capacities, losses, hours, sources."""
        import numpy as np

        arcs = len(problem.arcs)
        old, self.problem = self.problem, problem
        bound = [[one.places for one in day.limits] for day in (old, problem)]
        if bound[0] != bound[1]:
            self._build()
            return
        kept = [arc for arc in range(arcs) if old.keep[arc] != problem.keep[arc]]
        self.program.put(
            [arcs + arc for arc in kept], np.array([problem.keep[arc] for arc in kept])
        )
        before, after = (
            [weight for one in day.limits for weight in one.weights] for day in (old, problem)
        )
        other = [at for at in range(len(after)) if before[at] != after[at]]
        first = len(self.program.entries.value) - len(after)
        self.implied = _implied(problem)
        self.program.put([first + at for at in other], np.array([after[at] for at in other]))
        self._open()

    def want(self, items: Sequence[Item]) -> None:
        """Let the same items want other amounts from the next stage on; some may want nothing."""
        import numpy as np

        amounts = np.array([item.amount for item in items], dtype=float) / self.unit
        changed = np.flatnonzero(amounts != self.amounts)
        self.items, self.amounts = tuple(items), amounts
        first = len(self.program.entries.value) - len(items)  # the entries of the level
        self.program.put((first + changed).tolist(), -amounts[changed])

    # --- stages ---------------------------------------------------------------------------

    def most(self) -> Outcome:
        """Deliver as much as can arrive, whoever gets it."""
        self._open()
        answer = self._most()
        prices = (-answer.reduced[: self.first_item], -answer.duals[self.first_limit :])
        priced = [
            first + place
            for first, values in zip((0, self.first_item), prices, strict=True)
            for place, price in enumerate(values)
            if price > SMALL
        ]
        return replace(self._outcome(answer), priced=frozenset(priced))

    def _most(self) -> Answer:
        """Solve for the most."""
        import numpy as np

        cost = np.zeros(self.level + 1)
        cost[self.first_item : self.level] = -1.0
        self.program.price(cost)
        return self.program.solve()

    def most_with(self, column: int, room: float) -> float:
        """Return the most that can arrive if one arc or source had other room, in m3 a day.

        Asked after `most`, from where it stands; the room is put back.
        """
        import numpy as np

        return self._most_under([column], np.array([room / self.unit])).total

    def most_without(self, columns: Sequence[int]) -> Outcome:
        """Return the most that can arrive without some arcs and sources.

        Asked after `most`, from where it stands; the room is put back.
        """
        import numpy as np

        return self._most_under(columns, np.zeros(len(columns)))

    def _most_under(self, columns: Sequence[int], room: Array) -> Outcome:
        """Solve for the most with other room of some columns, and put it back."""
        import numpy as np

        before, nothing = self.program.columns.upper[list(columns)], np.zeros(len(columns))
        self.program.bound_columns(columns, nothing, room)
        found = self._outcome(self._most())
        self.program.bound_columns(columns, nothing, before)
        return found

    def most_with_limit(self, place: int, room: float) -> float:
        """Return the most that can arrive if one limit on a sum had other room, in m3 a day.

        Asked after `most`, from where it stands; the room is put back.
        """
        import numpy as np

        row, least = [self.first_limit + place], np.full(1, -inf)
        before = self.program.rows.upper[row]
        self.program.bound_rows(row, least, np.array([room / self.unit]))
        total = self._outcome(self._most()).total
        self.program.bound_rows(row, least, before)
        return total

    def _outcome(self, answer: Answer) -> Outcome:
        """Return an answer in m3 a day."""
        amounts = (answer.columns * self.unit).tolist()
        return Outcome(amounts[: self.first_item], amounts[self.first_item : self.level])

    def shares(self) -> list[float]:
        """Return the fairest fill rate of every item: rank after rank, max-min within each.

        The least fill rate is raised as far as it goes; the items that hold it down are those
        with a dual above zero, which is proof that they cannot have more. They are fixed, and
        the rest goes on.
        """
        import numpy as np

        self._open()
        rates = [0.0] * len(self.items)
        cost = np.zeros(self.level + 1)
        cost[self.level] = -1.0
        self.program.price(cost)
        self.program.bound_columns([self.level], np.zeros(1), np.ones(1))
        served = [
            place
            for place, item in enumerate(self.items)
            if item.amount > 0 and self.problem.served[item.node]
        ]
        for rank in sorted({self.items[place].rank for place in served}):
            waiting = [place for place in served if self.items[place].rank == rank]
            self._bind(waiting, on=True)
            while waiting:
                level, stuck = self._raise(waiting, rates)
                for place in stuck:
                    rates[place] = level
                waiting = [place for place in waiting if place not in stuck]
                self._bind(stuck, on=False)
        return rates

    def _bind(self, places: Sequence[int], *, on: bool) -> None:
        """Hold items to the level, or let them go."""
        import numpy as np

        rows = [self.first_fill + place for place in places]
        lower = np.full(len(rows), 0.0 if on else -inf)
        self.program.bound_rows(rows, lower, np.full(len(rows), inf))

    def _raise(self, waiting: Sequence[int], rates: Sequence[float]) -> tuple[float, list[int]]:
        """Return the highest level of the waiting items, and those that can have no more."""
        done = [place for place in range(len(rates)) if rates[place] > 0]
        answer = self._giving(done, rates)
        level = min(1.0, max(0.0, float(answer.columns[self.level])))
        if level >= 1 - ROUNDING:
            return level, list(waiting)
        weight = {
            place: float(answer.duals[self.first_fill + place] * self.amounts[place])
            for place in waiting
        }
        heaviest = max(weight.values())
        return level, [place for place in waiting if weight[place] > 1e-6 * heaviest]

    def _giving(self, places: Sequence[int], rates: Sequence[float]) -> Answer:
        """Solve with what these items receive fixed."""
        import numpy as np

        columns = [self.first_item + place for place in places]
        amounts = np.array([rates[place] for place in places]) * self.amounts[list(places)]
        for slack in _SLACKS[:-1]:
            self.program.bound_columns(columns, np.maximum(amounts - slack, 0.0), amounts)
            try:
                return self.program.solve()
            except SolverError:
                continue
        self.program.bound_columns(columns, np.maximum(amounts - _SLACKS[-1], 0.0), amounts)
        return self.program.solve()

    def _stay(self, answer: Answer) -> None:
        """Keep to the optima of a stage: a column with a reduced cost is at its bound in all.

        So is a limit on a sum with a dual.
        """
        import numpy as np

        priced = np.flatnonzero(np.abs(answer.reduced) > SMALL)
        kept = np.maximum(answer.columns[priced], 0.0)
        self.program.bound_columns(priced.tolist(), kept, kept)
        full = self.first_limit + np.flatnonzero(np.abs(answer.duals[self.first_limit :]) > SMALL)
        rooms = self.program.rows.upper[full]
        self.program.bound_rows(full.tolist(), np.maximum(rooms - ROUNDING, 0.0), rooms)

    def fastest(self, rates: Sequence[float] | None) -> Outcome:
        """Return the flow of the least truck time: for these fill rates, or for the most.

        Among flows of equal time, one is singled out by weights that follow the order of the
        ids and that no two sums of roads share.
        """
        import numpy as np

        self._open()
        if rates is None:
            self._stay(self._most())
        cost = np.zeros(self.level + 1)
        cost[: self.first_source] = self.problem.hours
        self.program.price(cost)
        given = range(len(self.items)) if rates is not None else ()
        self._stay(self._giving(given, rates or ()))
        cost = np.zeros(self.level + 1)
        cost[: self.first_item] = 1 + np.arange(1, self.first_item + 1) * GOLDEN % 1
        self.program.price(cost)
        found = self._outcome(self.program.solve())
        if rates is None:
            return found
        decided = [rate * item.amount for rate, item in zip(rates, self.items, strict=True)]
        return Outcome(found.flow, decided)


def _implied(problem: Problem) -> NDArray[np.bool_]:
    """Return of every arc and source whether a limit on a sum says all that its own says."""
    import numpy as np

    room = (*problem.capacity, *problem.supply)
    found = np.zeros(len(room), dtype=bool)
    for limit in problem.limits:
        for place, weight in zip(limit.places, limit.weights, strict=True):
            if weight == 1 and limit.room <= room[place]:
                found[place] = True
    return found
