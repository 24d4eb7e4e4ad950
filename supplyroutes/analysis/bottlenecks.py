"""What holds back the fuel: the canonical minimum cut, and what one more m3 a day would save."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from supplyroutes.analysis.flow_model import FlowModel, Outcome

SMALL = 1e-8
"""Amounts below this part of the whole demand are rounding."""
STEP_M3_PER_DAY = 1.0
"""By how much a capacity is raised to see what that saves."""


@dataclass(frozen=True)
class Bottleneck:
    """One part of the cut: an arc (place in the problem) or a source (place in its list)."""

    kind: str
    arc: int | None
    source: int | None
    capacity: float
    saved: float


def bottlenecks(model: FlowModel, most: Outcome) -> list[Bottleneck]:
    """Return the cut between what has fuel to spare and the towns that go short.

    The *hungry* side holds every node at which one more m3 would be of use: those that reach a
    town with unmet demand over arcs with room, or by taking flow back from arcs in use. Every
    arc into it is full, none out of it is in use, and every source in it sends all it has: of
    all minimum cuts it is the one nearest to the towns, and unique (Ford & Fulkerson 1956,
    corollary 5.4).

    `saved` is by how much more could be delivered in all if this one capacity were 1 m3 a day
    larger, found by solving again. It is 0 where another bottleneck stands behind.
    """
    hungry = _hungry(model, most)
    if not any(hungry):
        return []
    found = []
    for kind, arc, source, column, capacity in _cut(model, hungry):
        saved = _saved(model, most, column, capacity)
        found.append(Bottleneck(kind, arc, source, capacity, saved))
    return found


def _hungry(model: FlowModel, most: Outcome) -> bytearray:
    """Return for every node whether one more m3 there would be of use."""
    day, flow = model.problem, most.flow
    small = SMALL * model.unit
    hungry = bytearray(day.nodes)
    stack = []
    for place, item in enumerate(model.items):
        if item.amount - most.received[place] > small and not hungry[item.node]:
            hungry[item.node] = 1
            stack.append(item.node)
    before: list[list[int]] = [[] for _ in range(day.nodes)]
    for arc, (tail, head) in enumerate(zip(day.tail, day.head, strict=True)):
        if day.keep[arc] > 0 and day.capacity[arc] - flow[arc] > small:
            before[head].append(tail)
        if flow[arc] > small:
            before[tail].append(head)
    while stack:
        for node in before[stack.pop()]:
            if not hungry[node]:
                hungry[node] = 1
                stack.append(node)
    return hungry


def _cut(
    model: FlowModel, hungry: Sequence[int]
) -> Iterator[tuple[str, int | None, int | None, int, float]]:
    """Yield the arcs into the hungry side and the sources in it, with their column."""
    day = model.problem
    for arc, (tail, head) in enumerate(zip(day.tail, day.head, strict=True)):
        if hungry[head] and not hungry[tail] and day.capacity[arc] < inf:
            yield day.limited_by[arc], arc, None, arc, day.capacity[arc]
    for place, node in enumerate(day.sources):
        if hungry[node]:
            yield "source", None, place, model.first_source + place, day.supply[place]


def _saved(model: FlowModel, most: Outcome, column: int, capacity: float) -> float:
    """Return how much more is delivered for each m3 of one larger capacity."""
    more = model.most_with(column, capacity + STEP_M3_PER_DAY)
    saved = (more - most.total) / STEP_M3_PER_DAY
    return saved if saved > SMALL * model.unit else 0.0
