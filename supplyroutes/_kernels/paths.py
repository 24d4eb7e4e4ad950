"""Best times from many sources, and the tree of roads behind them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf


def nearest_source(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    passable: Sequence[int],
    sources: Sequence[int],
) -> tuple[list[float], list[int], list[int]]:
    """Return for every node its best cost from any source, the last arc, and the source.

    Multi-source Dijkstra over the arcs whose `passable` is true. Costs are not negative.
    Unreached nodes have cost infinity, arc -1 and source -1; a source has arc -1. Among
    equal costs the source with the lowest number wins (but a source is its own, even at
    the end of a road of zero length), then the arc that settles first, so that the answer
    does not depend on the order of the heap.

    Time O(m log m) for m passable arcs.
    """
    nodes = len(out_start) - 1
    best = [inf] * nodes
    arc_in = [-1] * nodes
    origin = [-1] * nodes
    settled = bytearray(nodes)
    heap: list[tuple[float, int, int]] = []
    for source in sources:
        best[source] = 0.0
        origin[source] = source
        heappush(heap, (0.0, source, source))
    while heap:
        reached, source, node = heappop(heap)
        if settled[node] or source != origin[node]:
            continue
        settled[node] = 1
        for place in range(out_start[node], out_start[node + 1]):
            arc = out_arcs[place]
            if not passable[arc]:
                continue
            to = head[arc]
            if settled[to]:
                continue
            candidate = reached + cost[arc]
            if candidate < best[to] or (
                candidate == best[to] and source < origin[to] and arc_in[to] >= 0
            ):
                best[to] = candidate
                arc_in[to] = arc
                origin[to] = source
                heappush(heap, (candidate, source, to))
    return best, arc_in, origin


def path_to(node: int, arc_in: Sequence[int], tail: Sequence[int]) -> list[int]:
    """Return the arcs of the tree path that ends at `node`, in driving order."""
    path = []
    arc = arc_in[node]
    while arc >= 0:
        path.append(arc)
        arc = arc_in[tail[arc]]
    path.reverse()
    return path
