"""What no order of lifting goes below: proven bounds on what is missing after so many days.

While lifts are worked on one at a time, those done by some time take no more days together than
have gone by. So what is missing then is at least the least that is missing over all sets of so
many days, and the area at least the sum of these over time. Each bound here is on that least.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations, pairwise
from math import floor

from supplyroutes._kernels.lifting import Maze, fewest_keys
from supplyroutes.analysis.linear import TOLERANCE, Bounds, LinearProgram, entries_of
from supplyroutes.analysis.restoring.shortfalls import FlowShortfall, ReachShortfall, Shortfall

MOST_CELLS = 120
"""Parts into which the time is cut at most; in each the bound is that of its end."""
MOST_PAIRED = 24
"""Lifts up to which all sets of two are tried."""
MOST_STEPS = 2_000
"""Sets of lifts that are tried for the fewest that a pocket of towns needs."""


def bound_of(shortfall: Shortfall, days: Sequence[int], least: int) -> int:
    """Return an area that no order of the lifts goes below.

    Parameters
    ----------
    shortfall
        What is missing.
    days
        The days of each lift, in whole parts of a day.
    least
        What is missing when all is lifted.
    """
    if isinstance(shortfall, FlowShortfall):
        ways, rounding = WaysBound(shortfall.reach, days), shortfall.rounding
    else:
        ways, rounding = WaysBound(shortfall, days), 0
    small = _SmallSets(shortfall, days, least)
    bound = 0
    for start, end in _cells(sum(days)):
        # Lifts take whole parts of a day: those done before `end` took one part less at most.
        missing = max(small.least(end - 1), ways.least(end - 1) - rounding)
        if missing <= least:
            break
        bound += (end - start) * (missing - least)
    return bound


def _cells(total: int) -> Iterator[tuple[int, int]]:
    """Yield the parts of the time, as (start, end)."""
    count = min(total, MOST_CELLS)
    marks = [total * place // count for place in range(count + 1)] if count else [0]
    yield from pairwise(marks)


class _SmallSets:
    """The least that is missing, by trying: sets of one lift, and of two if there are few."""

    def __init__(self, shortfall: Shortfall, days: Sequence[int], least: int) -> None:
        self._floor = least
        size = 2 if len(days) <= MOST_PAIRED else 1
        self._first = sum(sorted(days)[: size + 1])
        """The days from which a larger set may be done."""
        self._tried = [
            (sum(days[lift] for lift in lifts), shortfall.of(sum(1 << lift for lift in lifts)))
            for count in range(size + 1)
            for lifts in combinations(range(len(days)), count)
        ]

    def least(self, gone: int) -> int:
        """Return the bound when so many days have gone by."""
        if gone >= self._first:
            return self._floor
        return min(missing for took, missing in self._tried if took <= gone)


class WaysBound:
    r"""The least that is missing, by a linear program over ways between pockets.

    With y_i the lifts done, z_p the pockets reached, x_d the doors by which they are reached (a
    tree, so each pocket by one door and each road in one direction), as far as t days go:

    .. math:: \max \sum w_p z_p, \quad z_p \le \sum_{d \to p} x_d, \quad x_d \le z_{tail(d)},
              \quad x_d \le \sum_{i \in lock} y_i, \quad \sum c_i y_i \le t

    and z_p = 0 where the fewest lifts that open a way to p take longer. In whole numbers that is
    the answer itself; in fractions it is no less, so that what is missing is no more.
    """

    def __init__(self, shortfall: ReachShortfall, days: Sequence[int]) -> None:
        import numpy as np

        maze, lifts = shortfall.maze, len(days)
        inside = maze.reached(0)
        self.missing = shortfall.of(0)
        self.weights = {
            node: weight for node, weight in shortfall.weights.items() if not inside[node]
        }
        self.needs = _needs(shortfall, days, self.weights)
        self._scale = max(self.weights.values(), default=1)
        self._nodes = lifts
        doors = [door for door, head in enumerate(maze.head) if not inside[head]]
        cells, tops = _rows(maze, doors, inside, days)
        count = lifts + len(maze.out) + len(doors)
        upper = np.ones(count)
        for node in self.weights:
            upper[lifts + node] = 0.0
        self.program = LinearProgram(
            Bounds(np.zeros(count), upper),
            Bounds(np.full(len(tops), -np.inf), np.array(tops)),
            entries_of(cells),
        )
        cost = np.zeros(count)
        for node, weight in self.weights.items():
            cost[lifts + node] = -weight / self._scale
        self.program.price(cost)

    def least(self, gone: int) -> int:
        """Return the bound when so many days have gone by."""
        import numpy as np

        nodes = [node for node, need in self.needs.items() if need <= gone]
        if not nodes:
            return self.missing
        places = [self._nodes + node for node in nodes]
        self.program.bound_columns(places, np.zeros(len(places)), np.ones(len(places)))
        self.program.bound_rows([0], np.array([-np.inf]), np.array([float(gone)]))
        most = -self.program.solve().value
        # The optimum is proved to this tolerance only: what it may be too small is added.
        return self.missing - floor((most + 2 * TOLERANCE * (1 + most)) * self._scale)


def _needs(
    shortfall: ReachShortfall, days: Sequence[int], weights: Iterable[int]
) -> dict[int, int]:
    """Return the fewest days of lifts that open a way to each pocket, at least; none: left out."""
    everything = shortfall.maze.reached((1 << len(days)) - 1)
    needs = {}
    for node in weights:
        if everything[node]:
            maze, keys = shortfall.maze_to(node)
            _, size, _ = fewest_keys(maze, most_sets=1, most_steps=MOST_STEPS)
            needs[node] = sum(sorted(days[key] for key in keys)[:size])
    return needs


def _rows(
    maze: Maze, doors: Sequence[int], inside: Sequence[int], days: Sequence[int]
) -> tuple[list[tuple[int, int, float]], list[float]]:
    """Return the cells of the matrix and the upper bounds of its rows; the first is the time."""
    lifts, first = len(days), len(days) + len(maze.out)
    cells = [(0, lift, float(took)) for lift, took in enumerate(days)]
    tops = [0.0]
    into: dict[int, list[int]] = {}
    pairs: dict[tuple[int, int, int], list[int]] = {}
    for place, door in enumerate(doors):
        tail, head = maze.tail[door], maze.head[door]
        into.setdefault(head, []).append(first + place)
        if not inside[tail]:
            cells += [(len(tops), first + place, 1.0), (len(tops), lifts + tail, -1.0)]
            tops.append(0.0)
        for lock in maze.locks[door]:
            pairs.setdefault((min(tail, head), max(tail, head), lock), []).append(first + place)
    for node in range(len(maze.out)):
        if not inside[node]:
            cells.append((len(tops), lifts + node, 1.0))
            cells += [(len(tops), column, -1.0) for column in into.get(node, ())]
            tops.append(0.0)
    for (_, _, lock), columns in sorted(pairs.items()):
        # Doors between the same two pockets: a tree uses one of them at most.
        cells += [(len(tops), column, 1.0) for column in columns]
        cells += [(len(tops), lift, -1.0) for lift in range(lifts) if lock >> lift & 1]
        tops.append(0.0)
    return cells, tops
