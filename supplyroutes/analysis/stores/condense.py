"""The same network with fewer roads: courses on which there is nothing to decide are one link.

A junction of two roads, where no town draws fuel and none begins, leaves a truck no choice. So the
linear program of the links has the same answer as that of the arcs, whatever state they are in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from supplyroutes.analysis.flows.flow_problem import Problem

Course = tuple[int, ...]
"""Arcs by their place in the problem, in driving order."""


class Skeleton:
    """The links of a network; made once, then put on the state of any day.

    Parameters
    ----------
    problem
        Any day of the network: its arcs and sources count, not their state.
    towns
        Nodes where fuel may be drawn.
    """

    def __init__(self, problem: Problem, towns: Collection[int]) -> None:
        folded = _Folding(problem, {*towns, *problem.sources})
        self.courses = folded.courses()

    def on(self, problem: Problem) -> Problem:
        """Return a day of the network as a problem of links; the needs stay behind."""
        keep, capacity, hours = [], [], []
        for course in self.courses:
            kept, room, time = 1.0, float("inf"), 0.0
            for arc in course:
                room = min(room, problem.capacity[arc] / kept if kept > 0 else 0.0)
                time += kept * problem.hours[arc]
                kept *= problem.keep[arc]
            keep.append(kept)
            capacity.append(room)
            hours.append(time)
        return replace(
            problem,
            arcs=tuple(range(len(self.courses))),
            tail=tuple([problem.tail[course[0]] for course in self.courses]),
            head=tuple([problem.head[course[-1]] for course in self.courses]),
            keep=tuple(keep),
            hours=tuple(hours),
            capacity=tuple(capacity),
            limited_by=("",) * len(self.courses),
            needs=(),
            off_network=(),
        )


class _Folding:
    """Courses between nodes, while nodes are folded."""

    def __init__(self, problem: Problem, kept: Collection[int]) -> None:
        self.kept = kept
        self.out: dict[int, dict[int, list[Course]]] = {}
        self.into: dict[int, dict[int, list[Course]]] = {}
        for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
            self._put(tail, head, (arc,))
        waiting = sorted({*self.out, *self.into}, reverse=True)
        while waiting:
            node = waiting.pop()
            near = sorted({*self.out.get(node, ()), *self.into.get(node, ())})
            if node not in kept and near and self._fold(node, near):
                waiting += reversed(near)

    def courses(self) -> tuple[Course, ...]:
        """Return all courses that are left, in order of their arcs."""
        return tuple(
            sorted(way for ways in self.out.values() for some in ways.values() for way in some)
        )

    def _put(self, tail: int, head: int, course: Course) -> None:
        """Add a course."""
        ways = self.out.setdefault(tail, {}).setdefault(head, [])
        ways.append(course)
        self.into.setdefault(head, {})[tail] = ways

    def _fold(self, node: int, near: list[int]) -> bool:
        """Fold a dead end, or a node between two others with a course each way; tell whether."""
        ways = [*self.out.get(node, {}).values(), *self.into.get(node, {}).values()]
        if len(near) > 2 or (len(near) == 2 and any(len(some) > 1 for some in ways)):  # noqa: PLR2004
            return False
        into, out = self.into.pop(node, {}), self.out.pop(node, {})
        for head in out:
            del self.into[head][node]
        for tail in into:
            del self.out[tail][node]
        for tail, before in into.items():
            for head, after in out.items():
                if tail != head:
                    self._put(tail, head, before[0] + after[0])
        return True
