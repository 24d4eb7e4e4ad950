"""Who can reach whom: backward search and pockets of mutually joined nodes."""

from __future__ import annotations

from collections.abc import Sequence


def reaches(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    tail: Sequence[int],
    passable: Sequence[int],
    target: int,
) -> bytearray:
    """Return for every node whether it can reach `target` over passable arcs."""
    inside = bytearray(len(in_start) - 1)
    inside[target] = 1
    stack = [target]
    while stack:
        node = stack.pop()
        for place in range(in_start[node], in_start[node + 1]):
            arc = in_arcs[place]
            before = tail[arc]
            if passable[arc] and not inside[before]:
                inside[before] = 1
                stack.append(before)
    return inside


def reached(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    head: Sequence[int],
    passable: Sequence[int],
    sources: Sequence[int],
) -> bytearray:
    """Return for every node whether any source can reach it over passable arcs."""
    inside = bytearray(len(out_start) - 1)
    stack = list(sources)
    for node in stack:
        inside[node] = 1
    while stack:
        node = stack.pop()
        for place in range(out_start[node], out_start[node + 1]):
            arc = out_arcs[place]
            after = head[arc]
            if passable[arc] and not inside[after]:
                inside[after] = 1
                stack.append(after)
    return inside


def gates(
    inside: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    usable: Sequence[int],
) -> list[int]:
    """Return the usable arcs that enter the set `inside`: the cut around it, in arc order."""
    return [
        arc
        for arc in range(len(tail))
        if usable[arc] and inside[head[arc]] and not inside[tail[arc]]
    ]


def strong_components(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    head: Sequence[int],
    passable: Sequence[int],
) -> list[int]:
    """Return for every node the number of its strongly connected component.

    Tarjan's algorithm without recursion (Tarjan 1972), linear time. Nodes of one component
    reach each other over passable arcs, so they share every cut around them.
    """
    nodes = len(out_start) - 1
    component = [-1] * nodes
    order = [-1] * nodes
    low = [0] * nodes
    place = list(out_start[:nodes])
    stack: list[int] = []
    count = found = 0
    for root in range(nodes):
        if order[root] >= 0:
            continue
        order[root] = low[root] = count
        count += 1
        stack.append(root)
        work = [root]
        while work:
            node = work[-1]
            if place[node] < out_start[node + 1]:
                arc = out_arcs[place[node]]
                place[node] += 1
                to = head[arc]
                if not passable[arc] or component[to] >= 0:
                    continue
                if order[to] < 0:
                    order[to] = low[to] = count
                    count += 1
                    stack.append(to)
                    work.append(to)
                else:
                    low[node] = min(low[node], order[to])
                continue
            work.pop()
            if work:
                low[work[-1]] = min(low[work[-1]], low[node])
            if low[node] == order[node]:
                while True:
                    member = stack.pop()
                    component[member] = found
                    if member == node:
                        break
                found += 1
    return component
