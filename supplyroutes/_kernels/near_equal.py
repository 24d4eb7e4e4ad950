"""Paths between two nodes that cost little more than the best."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush
from math import inf

_MOST_STEPS = 400
"""Partial paths tried for each path wanted, at most: towns in a ring of ties stay quick."""


def near_equal_paths(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    tail: Sequence[int],
    cost: Sequence[float],
    passable: Sequence[int],
    reach: Sequence[float],
    ends: tuple[int, int],
    ratio: float,
    most: int,
) -> list[tuple[int, ...]]:
    """Return the simple paths that cost at most ``1 + ratio`` times the best, the best first.

    `ends` are source and target; `reach` holds for every node its best cost from the source.
    Best-first search backwards from the target with `reach` as the exact rest (A*), so that
    paths are found in order of cost; equal ones in order of their arcs. At most `most` paths
    are returned.

    Time O(most x m log m) where few partial paths end in a loop.
    """
    source, target = ends
    found: list[tuple[int, ...]] = []
    if reach[target] == inf or source == target:
        return found
    limit = reach[target] * (1 + ratio) * (1 + 1e-12)
    # Cost of the whole, arcs of the end, cost of the end, nodes of the end; the last one first.
    heap: list[tuple[float, tuple[int, ...], float, tuple[int, ...]]]
    heap = [(reach[target], (), 0.0, (target,))]
    for _ in range(most * _MOST_STEPS):
        if not heap or len(found) == most:
            break
        _, path, spent, nodes = heappop(heap)
        node = nodes[0]
        if node == source:
            found.append(path)
            continue
        for place in range(in_start[node], in_start[node + 1]):
            arc = in_arcs[place]
            before = tail[arc]
            if passable[arc] and before not in nodes and reach[before] < inf:
                whole = reach[before] + cost[arc] + spent
                if whole <= limit:
                    heappush(heap, (whole, (arc, *path), cost[arc] + spent, (before, *nodes)))
    return found
