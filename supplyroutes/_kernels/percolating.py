"""What is still reached while roads are lost one after another."""

from __future__ import annotations

from collections.abc import Sequence


def reached_by_loss(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    head: Sequence[int],
    passable: Sequence[int],
    sources: Sequence[int],
    weight: Sequence[int],
    roads: Sequence[int],
) -> list[int]:
    """Return the weight that sources reach when the first 0, 1, ... all of the roads are lost.

    Read backwards, as Newman & Ziff (2000) do with clusters: all roads are away, then come back
    the last one first. Reach only grows then, so that each arc is walked once, and directions
    matter as they do. Road e is the arcs 2e and 2e + 1; passable arcs of roads that are not
    among `roads` are never lost.

    Time O(nodes + arcs) for the whole curve.
    """
    away = [0] * len(head)
    for road in roads:
        away[2 * road] = 1
        away[2 * road + 1] = 1
    inside = [0] * (len(out_start) - 1)
    stack = [0]
    stack.pop()
    total = 0
    for node in sources:
        if not inside[node]:
            inside[node] = 1
            total += weight[node]
            stack.append(node)
    left = [0] * (len(roads) + 1)
    for back in range(len(roads), -1, -1):
        while stack:
            node = stack.pop()
            for place in range(out_start[node], out_start[node + 1]):
                arc = out_arcs[place]
                to = head[arc]
                if passable[arc] and not away[arc] and not inside[to]:
                    inside[to] = 1
                    total += weight[to]
                    stack.append(to)
        left[back] = total
        if back > 0:
            for arc in (2 * roads[back - 1], 2 * roads[back - 1] + 1):
                away[arc] = 0
                # Its tail is the head of the other direction.
                to = head[arc]
                if passable[arc] and inside[head[arc ^ 1]] and not inside[to]:
                    inside[to] = 1
                    total += weight[to]
                    stack.append(to)
    return left
