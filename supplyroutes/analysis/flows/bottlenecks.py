"""What holds back the fuel: the canonical minimum cut, and what one more m3 a day would save."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import inf

from supplyroutes.analysis.flows.flow_model import FlowModel, Outcome
from supplyroutes.analysis.flows.flow_problem import STEP_M3_PER_DAY

SMALL = 1e-8
"""Amounts below this part of the whole demand are rounding."""


@dataclass(frozen=True)
class Bottleneck:
    """What holds back: an arc (place in the problem), a source or a limit (place in its list)."""

    kind: str
    arc: int | None
    source: int | None
    capacity: float
    saved: float
    limit: int | None = None


def bottlenecks(model: FlowModel, most: Outcome) -> list[Bottleneck]:
    """Return the cut between what has fuel to spare and the towns that go short.

    The *hungry* side holds every node at which one more m3 would be of use: those that reach a
    town with unmet demand over arcs with room, or by taking flow back from arcs in use. Every
    arc into it is full, none out of it is in use, and every source in it sends all it has: of
    all minimum cuts it is the one nearest to the towns, and unique (Ford & Fulkerson 1956,
    corollary 5.4).

    `saved` is by how much more could be delivered in all if this one capacity were 1 m3 a day
    larger, found by solving again. It is 0 where another bottleneck stands behind.

    Where limits bind sums, of products or of trucks, there is no such cut. Then these are the
    limits that save something, wherever they are, which do not depend on the flow found: what
    saves has a price in every optimal dual (the gain of more room is the least price of all of
    them). Beside them stand the limits around the hungry side, whatever they save alone.
    """
    hungry = _hungry(model, most)
    if not any(hungry):
        return []
    around = list(_cut(model, hungry, most))
    found = [_priced(model, most, place) for place in around]
    if model.problem.limits:
        rest = sorted(most.priced - set(around))
        found += [one for place in rest if (one := _priced(model, most, place)).saved > 0]
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
    full = {place for limit in _full(model, most) for place in day.limits[limit].places}
    before: list[list[int]] = [[] for _ in range(day.nodes)]
    for arc, (tail, head) in enumerate(zip(day.tail, day.head, strict=True)):
        if day.keep[arc] > 0 and day.capacity[arc] - flow[arc] > small and arc not in full:
            before[head].append(tail)
        if flow[arc] > small:
            before[tail].append(head)
    while stack:
        for node in before[stack.pop()]:
            if not hungry[node]:
                hungry[node] = 1
                stack.append(node)
    return hungry


def _full(model: FlowModel, most: Outcome) -> list[int]:
    """Return the limits on sums that have no room left."""
    small = SMALL * model.unit
    return [
        place
        for place, limit in enumerate(model.problem.limits)
        if limit.room - limit.used(most.flow) <= small
    ]


def _cut(model: FlowModel, hungry: Sequence[int], most: Outcome) -> Iterator[int]:
    """Yield what is full around the hungry side: arcs into it, sources in it, limits on them.

    Arcs and sources are told by their column, limits by their place after all columns. An arc or
    a source that a full limit holds below its own capacity is told by the limit.
    """
    day, small = model.problem, SMALL * model.unit
    held: dict[int, list[int]] = {}
    for limit in _full(model, most):
        for place in day.limits[limit].places:
            held.setdefault(place, []).append(limit)
    rooms = (*day.capacity, *day.supply)
    crossing = [
        arc
        for arc, (tail, head) in enumerate(zip(day.tail, day.head, strict=True))
        if hungry[head] and not hungry[tail]
    ]
    crossing += [
        model.first_source + place for place, node in enumerate(day.sources) if hungry[node]
    ]
    told: dict[int, None] = {}
    for column in crossing:
        by_limits = [model.first_item + limit for limit in held.get(column, ())]
        own = (
            rooms[column] < inf
            and (not by_limits or rooms[column] - most.flow[column] <= small)
            and not model.implied[column]
        )
        told.update(dict.fromkeys([column] if own else by_limits))
    yield from told


def _priced(model: FlowModel, most: Outcome, place: int) -> Bottleneck:
    """Return a bottleneck with what more of it saves; see `_cut` for how it is told."""
    day = model.problem
    if place >= model.first_item:
        number = place - model.first_item
        limit = day.limits[number]
        more = model.most_with_limit(number, limit.room + STEP_M3_PER_DAY)
        return Bottleneck(limit.kind, None, None, limit.room, _saved(model, most, more), number)
    capacity = (*day.capacity, *day.supply)[place]
    saved = _saved(model, most, model.most_with(place, capacity + STEP_M3_PER_DAY))
    if place >= model.first_source:
        return Bottleneck("source", None, place - model.first_source, capacity, saved)
    return Bottleneck(day.limited_by[place], place, None, capacity, saved)


def _saved(model: FlowModel, most: Outcome, more: float) -> float:
    """Return how much more is delivered for each m3 of one larger capacity."""
    saved = (more - most.total) / STEP_M3_PER_DAY
    return saved if saved > SMALL * model.unit else 0.0
