"""How long a way can become when some roads are closed: a bound from paths that share no road."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from heapq import heappop, heappush
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

    Successive shortest paths with potentials (Edmonds & Karp 1972). Each is searched backwards from
    the target with the best costs as potentials: an exact guide, so that only nodes near a best way
    are looked at. Time O(k m log m) for k paths at worst.
    """
    starts = frozenset(sources)
    sent = 0.0
    potential = list(best)
    flow = [0.0] * len(tail)
    links = out_start, out_arcs, in_start, in_arcs
    while sent <= budget + _ROUNDING:
        reach, to, start = _residual(links, tail, head, cost, room, potential, flow, starts, target)
        if start < 0:
            return inf
        sent += _augment(tail, head, room, flow, to, (start, target), budget + 1)
        nearest = reach[start]
        for node, left in reach.items():
            if left < nearest:
                potential[node] += nearest - left
    return _surviving(in_start, in_arcs, tail, cost, _one_way(flow), starts, target, budget)


def _residual(
    links: tuple[Sequence[int], ...],
    tail: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    room: Sequence[float],
    potential: Sequence[float],
    flow: Sequence[float],
    starts: frozenset[int],
    target: int,
) -> tuple[dict[int, float], dict[int, int], int]:
    """Return least reduced costs to the target, the next arc of each node, and the best start.

    The start is -1 if none has a way. Nodes farther than it are left out or have too high a cost.
    """
    out_start, out_arcs, in_start, in_arcs = links
    reach = {target: 0.0}
    to: dict[int, int] = {}
    heap = [(0.0, target)]
    while heap:
        now, node = heappop(heap)
        if now > reach[node]:
            continue
        if node in starts:
            return reach, to, node
        here = now - potential[node]
        for place in range(in_start[node], in_start[node + 1]):
            arc = in_arcs[place]
            if room[arc] - flow[arc] > _ROUNDING:
                before = tail[arc]
                further = max(now, here + cost[arc] + potential[before])
                if further < reach.get(before, inf):
                    reach[before] = further
                    to[before] = arc
                    heappush(heap, (further, before))
        for place in range(out_start[node], out_start[node + 1]):
            arc = out_arcs[place]
            if flow[arc] > _ROUNDING:
                after = head[arc]
                further = max(now, here - cost[arc] + potential[after])
                if further < reach.get(after, inf):
                    reach[after] = further
                    to[after] = arc
                    heappush(heap, (further, after))
    return reach, to, -1


def _augment(
    tail: Sequence[int],
    head: Sequence[int],
    room: Sequence[float],
    flow: list[float],
    to: Mapping[int, int],
    ends: tuple[int, int],
    most: float,
) -> float:
    """Send what the path of `to` has room for, `most` at most; return how much."""
    steps = []
    node, target = ends
    while node != target:
        arc = to[node]
        forward = tail[arc] == node
        most = min(most, room[arc] - flow[arc] if forward else flow[arc])
        steps.append((arc, forward))
        node = head[arc] if forward else tail[arc]
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
    starts: frozenset[int],
    target: int,
    budget: float,
) -> float:
    """Return the cost of the first path at which the paths of a flow carry more than the budget."""
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
