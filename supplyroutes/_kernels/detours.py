"""How long a way can become when some roads are closed: a bound from paths that share no road."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf

_ROUNDING = 1e-9


def longest_detour(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    room: Sequence[float],
    best: Sequence[float],
    sources: Sequence[int],
    target: int,
    budget: float,
) -> float:
    """Return a cost that the best way to `target` does not exceed after any attack in the budget.

    Closing road e (arcs 2 e and 2 e + 1) takes ``room[arc]`` of the budget: infinite where it
    cannot be closed, zero where the arc is closed already. A cheapest flow of more than the budget
    is sent, with `room` as capacity; an attack stops no more of it than it spends, so one of its
    paths remains: at worst the first one, in order of cost, at which the paths together carry more
    than the budget. Infinite if there is no such flow: then an attack can cut the target off
    (Menger 1927). `best` holds the best cost of every node from any source, over arcs with room.

    Successive shortest paths with potentials (Edmonds & Karp 1972): time O(k m log m) for k paths.
    """
    sent = 0.0
    potential = [min(known, best[target]) for known in best]
    flow = [0.0] * len(tail)
    links = out_start, out_arcs, in_start, in_arcs
    while sent <= budget + _ROUNDING:
        reach, came = _residual(links, tail, head, cost, room, potential, flow, sources, target)
        if reach[target] == inf:
            return inf
        sent += _augment(tail, head, room, flow, came, target, budget + 1)
        farthest = reach[target]
        potential = [
            known + min(reached, farthest) for known, reached in zip(potential, reach, strict=True)
        ]
    return _surviving(in_start, in_arcs, tail, cost, _one_way(flow), sources, target, budget)


def _residual(
    links: tuple[Sequence[int], ...],
    tail: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    room: Sequence[float],
    potential: Sequence[float],
    flow: Sequence[float],
    sources: Sequence[int],
    target: int,
) -> tuple[list[float], list[int]]:
    """Return least reduced costs to all nodes up to the target, and the arc that leads to each."""
    out_start, out_arcs, in_start, in_arcs = links
    reach = [inf] * len(potential)
    came = [-1] * len(potential)
    heap = [(0.0, source) for source in sources]
    heapify(heap)
    for source in sources:
        reach[source] = 0.0
    while heap:
        now, node = heappop(heap)
        if now > reach[node]:
            continue
        if node == target:
            break
        here = now + potential[node]
        for place in range(out_start[node], out_start[node + 1]):
            arc = out_arcs[place]
            after = head[arc]
            if room[arc] - flow[arc] > _ROUNDING:
                further = max(now, here + cost[arc] - potential[after])
                if further < reach[after]:
                    reach[after] = further
                    came[after] = arc
                    heappush(heap, (further, after))
        for place in range(in_start[node], in_start[node + 1]):
            arc = in_arcs[place]
            before = tail[arc]
            if flow[arc] > _ROUNDING:
                further = max(now, here - cost[arc] - potential[before])
                if further < reach[before]:
                    reach[before] = further
                    came[before] = arc
                    heappush(heap, (further, before))
    return reach, came


def _augment(
    tail: Sequence[int],
    head: Sequence[int],
    room: Sequence[float],
    flow: list[float],
    came: Sequence[int],
    target: int,
    most: float,
) -> float:
    """Send what the path of `came` has room for, `most` at most; return how much."""
    steps = []
    node = target
    while came[node] >= 0:
        arc = came[node]
        forward = head[arc] == node
        most = min(most, room[arc] - flow[arc] if forward else flow[arc])
        steps.append((arc, forward))
        node = tail[arc] if forward else head[arc]
    for arc, forward in steps:
        flow[arc] += most if forward else -most
    return most


def _one_way(flow: Sequence[float]) -> list[float]:
    """Return the flow with no road used both ways: closing it would stop both."""
    net = list(flow)
    for arc in range(0, len(net), 2):
        both = min(net[arc], net[arc + 1])
        net[arc] -= both
        net[arc + 1] -= both
    return net


def _surviving(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    tail: Sequence[int],
    cost: Sequence[float],
    flow: list[float],
    sources: Sequence[int],
    target: int,
    budget: float,
) -> float:
    """Return the cost of the first path at which the paths of a flow carry more than the budget."""
    starts = frozenset(sources)
    paths = []
    steps: list[int] | None = []
    while steps is not None and target not in starts:
        steps = _walk(in_start, in_arcs, tail, flow, starts, target)
        if steps:
            amount = min(flow[arc] for arc in steps)
            for arc in steps:
                flow[arc] -= amount
            if tail[steps[-1]] in starts:  # else it is a round trip of no length
                paths.append((sum(cost[arc] for arc in steps), amount))
    carried = 0.0
    for length, amount in sorted(paths):
        carried += amount
        if carried > budget + _ROUNDING:
            return length
    return 0.0 if target in starts else inf


def _walk(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    tail: Sequence[int],
    flow: Sequence[float],
    starts: frozenset[int],
    target: int,
) -> list[int] | None:
    """Return the arcs of a path of the flow, from its end to a start; None if there is no more.

    If the walk comes back to a node, the arcs of that round trip.
    """
    steps: list[int] = []
    place = {target: 0}
    node = target
    while node not in starts:
        into = in_arcs[in_start[node] : in_start[node + 1]]
        arc = next((arc for arc in into if flow[arc] > _ROUNDING), -1)
        if arc < 0:
            return None
        steps.append(arc)
        node = tail[arc]
        if node in place:
            return steps[place[node] :]
        place[node] = len(steps)
    return steps
