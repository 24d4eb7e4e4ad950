"""Best times from many sources, and the tree of roads behind them."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush
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
    settled = [0] * nodes
    heap = [(0.0, source, source) for source in sources]
    heapify(heap)
    for source in sources:
        best[source] = 0.0
        origin[source] = source
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


def k_shortest(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    passable: Sequence[int],
    root: int,
    target: int,
    k: int,
    longest: float,
    row: Sequence[int],
    schedule: Sequence[float],
    day: float,
    days: int,
) -> tuple[list[int], list[int], list[float], bool]:
    """Return the first `k` simple paths from `root` to `target` in order of arrival.

    Yen's algorithm (1971) with Lawler's partition (1972): a found path splits the paths that are
    left into classes, each with a fixed beginning and some next arcs barred. A class is searched
    only when its lower bound is the least of all, by A* guided by the exact best cost from every
    node to the target; so of the many classes few are ever searched. Paths are sequences of arcs:
    parallel arcs give different paths, and no node comes twice. Paths longer than `longest` are
    not looked for.

    An arc with ``row[arc] >= 0`` costs by the day on which it is entered:
    ``schedule[row[arc] * days + number]``, infinite if it cannot be entered on that day, and never
    less than ``cost[arc]``. It is entered at once or at the start of a later day, whichever
    arrives first, so that leaving later never arrives earlier. Day number n begins at
    ``n * day``; nothing is entered after the last of the `days`, if there are any.

    Return the arcs of all paths one after the other, the end of each path in that list, the
    arrivals, and whether no path within `longest` is left. The order of equal arrivals depends
    on the numbers of nodes and arcs only, if sums of costs are exact (whole numbers are).

    Time O(k n) searches at worst; on road networks a few a path.
    """
    nodes = len(out_start) - 1
    to_go = nearest_source(in_start, in_arcs, tail, cost, passable, [target])[0]
    end = days * day if days > 0 else inf
    search = 0
    reach = [inf] * nodes
    came = [-1] * nodes
    # The last search that reached a node, settled it, or has it in its fixed beginning; and the
    # last one in which an arc is barred.
    seen = [0] * nodes
    settled = [0] * nodes
    before = [0] * nodes
    barred = [0] * len(head)

    # A class by number: the class whose best path it leaves, after how many arcs, and the chain of
    # arcs barred there; once it is searched, its best path as a piece of `steps`.
    parent, fixed, bars = [0], [0], [-1]
    begin, size = [0], [0]
    steps, arrivals = [-1], [0.0]  # arcs of paths, and the arrival after each
    bar_arc, bar_next = [-1], [-1]
    waiting = [(0.0, 1, 0)]  # (bound, 1, class), or (arrival, 0, class) of its best path
    found = [-1]
    found.pop()

    while len(waiting) > 0 and len(found) < k and waiting[0][0] <= longest:
        _, unsearched, number = heappop(waiting)
        first = begin[parent[number]]
        search += 1
        node, now = root, 0.0
        if unsearched == 1:
            # Search the class: A* from the node where it leaves the path that it comes from.
            for place in range(first, first + fixed[number]):
                before[node] = search
                node, now = head[steps[place]], arrivals[place]
            before[node] = search
            link = bars[number]
            while link >= 0:
                barred[bar_arc[link]] = search
                link = bar_next[link]
            start = node
            reach[node] = now
            heap = [(now, node)]
            while len(heap) > 0:
                bound, node = heappop(heap)
                if node == target or bound > longest:
                    break
                now = reach[node]
                if settled[node] == search or now >= end:
                    continue
                settled[node] = search
                for place in range(out_start[node], out_start[node + 1]):
                    arc = out_arcs[place]
                    to = head[arc]
                    if (
                        passable[arc] == 0
                        or barred[arc] == search
                        or before[to] == search
                        or settled[to] == search
                        or to_go[to] == inf
                    ):
                        continue
                    arrival = inf
                    if row[arc] < 0:
                        arrival = now + cost[arc]
                    else:
                        for later in range(int(now // day), days):
                            entered = max(now, later * day)
                            if entered >= arrival:
                                break
                            arrival = min(arrival, entered + schedule[row[arc] * days + later])
                    if arrival < inf and (seen[to] != search or arrival < reach[to]):
                        seen[to] = search
                        reach[to] = arrival
                        came[to] = arc
                        heappush(heap, (arrival + to_go[to], to))
            if node != target or bound > longest:
                continue
            begin[number] = len(steps)
            for place in range(first, first + fixed[number]):
                steps.append(steps[place])
                arrivals.append(arrivals[place])
            turn = len(steps)
            while node != start:
                steps.append(came[node])
                arrivals.append(reach[node])
                node = tail[came[node]]
            steps[turn:] = steps[turn:][::-1]
            arrivals[turn:] = arrivals[turn:][::-1]
            size[number] = len(steps) - begin[number]
            heappush(waiting, (reach[target], 0, number))
        else:
            # The best of all paths that are left. The rest of its class is split by the arc at
            # which a path leaves it; the bound of a part looks one arc ahead.
            found.append(number)
            first = begin[number]
            for place in range(first, first + size[number]):
                before[node] = search
                if place - first >= fixed[number]:
                    bar_arc.append(steps[place])
                    bar_next.append(bars[number] if place - first == fixed[number] else -1)
                    link = len(bar_arc) - 1
                    while link >= 0:
                        barred[bar_arc[link]] = search
                        link = bar_next[link]
                    bound = inf
                    for other in range(out_start[node], out_start[node + 1]):
                        arc = out_arcs[other]
                        to = head[arc]
                        if passable[arc] != 0 and barred[arc] != search and before[to] != search:
                            bound = min(bound, now + cost[arc] + to_go[to])
                    if bound < inf:
                        parent.append(number)
                        fixed.append(place - first)
                        bars.append(len(bar_arc) - 1)
                        begin.append(0)
                        size.append(0)
                        heappush(waiting, (bound, 1, len(parent) - 1))
                node, now = head[steps[place]], arrivals[place]
    ends, arcs, costs = [0], [0], [0.0]
    ends.pop()
    arcs.pop()
    costs.pop()
    for number in found:
        arcs.extend(steps[begin[number] : begin[number] + size[number]])
        ends.append(len(arcs))
        costs.append(arrivals[begin[number] + size[number] - 1] if size[number] > 0 else 0.0)
    return arcs, ends, costs, len(waiting) == 0 or waiting[0][0] > longest
