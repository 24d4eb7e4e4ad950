"""A cheapest set of paths that share no arc."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from math import inf


def cheapest_disjoint(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    passable: Sequence[int],
    sources: Sequence[int],
    target: int,
    count: int,
) -> tuple[list[int], int]:
    """Return which arcs are used by a cheapest set of `count` arc-disjoint paths, and how many.

    From any source to `target`: as many as there are, up to `count`, at the least sum of costs.
    Successive shortest paths with node prices (Suurballe 1974; Suurballe & Tarjan 1984). No
    passable arc leads into a source. Arcs without cost may be used in both directions.

    Exact if sums of costs are. Time O(count m log m) for m arcs.
    """
    used = [0] * len(tail)
    price = [0.0] * (len(out_start) - 1)
    for taken in range(count):
        best = [inf] * len(price)
        came = [-1] * len(price)
        settled = [0] * len(price)
        for source in sources:
            best[source] = 0.0
        heap = [(0.0, source) for source in sources]
        heapify(heap)
        while len(heap) > 0:
            reached, node = heappop(heap)
            if settled[node] == 1:
                continue
            settled[node] = 1
            # An unused arc is driven for its cost; a used one is taken back for its cost.
            for place in range(out_start[node], out_start[node + 1]):
                arc = out_arcs[place]
                to = head[arc]
                total = reached + cost[arc] + price[node] - price[to]
                if passable[arc] != 0 and used[arc] == 0 and total < best[to]:
                    best[to] = total
                    came[to] = arc
                    heappush(heap, (total, to))
            for place in range(in_start[node], in_start[node + 1]):
                arc = in_arcs[place]
                to = tail[arc]
                total = reached - cost[arc] + price[node] - price[to]
                if used[arc] == 1 and total < best[to]:
                    best[to] = total
                    came[to] = arc
                    heappush(heap, (total, to))
        if best[target] == inf:
            return used, taken
        for node in range(len(price)):
            price[node] += min(best[node], best[target])
        node = target
        while came[node] >= 0:
            arc = came[node]
            if head[arc] == node and used[arc] == 0:
                used[arc] = 1
                node = tail[arc]
            else:
                used[arc] = 0
                node = head[arc]
    return used, count
