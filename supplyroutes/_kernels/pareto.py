"""Two aims at once: the paths that no other beats in both."""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heappop, heappush


def pareto_paths(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    head: Sequence[int],
    cost: Sequence[float],
    risk: Sequence[float],
    passable: Sequence[int],
    root: int,
    target: int,
) -> tuple[list[int], list[int]]:
    """Return one path for each pair of cost and risk at `target` that no other path beats.

    A path beats another if it is no worse in both sums and better in one. Label setting (Hansen
    1980; Martins 1984): partial paths are settled in order of cost, then risk, so one beats the
    later ones at its node if its risk is not higher. Costs and risks are not negative; a node
    that comes twice is beaten by its first visit, so paths are simple.

    Return the arcs of all paths one after the other, in order of cost, and the end of each path in
    that list. The number of labels can grow exponentially; on road networks it is small.
    """
    settled = [0] * (len(out_start) - 1)
    least = [0.0] * (len(out_start) - 1)  # least risk of the labels settled at a node
    arc_of, before = [-1], [-1]
    found = [-1]
    found.pop()
    heap = [(0.0, 0.0, 0, root)]
    while len(heap) > 0:
        spent, danger, label, node = heappop(heap)
        if settled[node] == 1 and danger >= least[node]:
            continue
        settled[node] = 1
        least[node] = danger
        if node == target:
            found.append(label)
            continue
        if settled[target] == 1 and danger >= least[target]:
            continue
        for place in range(out_start[node], out_start[node + 1]):
            arc = out_arcs[place]
            to = head[arc]
            more = danger + risk[arc]
            if passable[arc] == 0 or (settled[to] == 1 and more >= least[to]):
                continue
            arc_of.append(arc)
            before.append(label)
            heappush(heap, (spent + cost[arc], more, len(arc_of) - 1, to))
    arcs, ends = [-1], [0]
    arcs.pop()
    ends.pop()
    for number in found:
        label, turn = number, len(arcs)
        while label > 0:
            arcs.append(arc_of[label])
            label = before[label]
        arcs[turn:] = arcs[turn:][::-1]
        ends.append(len(arcs))
    return arcs, ends
