"""Simple paths by plain networkx and by trying everything: slow and obvious.

Arcs are (tail, head) pairs in a list; a path is a tuple of places in that list.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from math import inf

import networkx as nx

Arcs = Sequence[tuple[int, int]]
Path = tuple[int, ...]
ROOT = "*"


def simple_paths(arcs: Arcs, sources: Sequence[int], target: int) -> Iterator[Path]:
    """Every path from a source to the target that meets no node twice and no second source."""
    leaving: dict[int, list[int]] = {}
    for place, (tail, _) in enumerate(arcs):
        leaving.setdefault(tail, []).append(place)

    def walk(node: int, met: frozenset[int], path: Path) -> Iterator[Path]:
        if node == target:
            yield path
            return
        for place in leaving.get(node, []):
            to = arcs[place][1]
            if to not in met:
                yield from walk(to, met | {to}, (*path, place))

    for source in sources:
        yield from walk(source, frozenset(sources), ())


def in_order(
    arcs: Arcs, cost: Sequence[float], sources: Sequence[int], target: int
) -> Iterator[Path]:
    """Paths in order of cost by networkx; each arc is a node of its own, so parallels differ."""
    graph = nx.DiGraph()
    graph.add_nodes_from([ROOT, target])
    for place, (tail, head) in enumerate(arcs):
        if head not in sources:
            graph.add_edge(tail, ("arc", place), cost=cost[place])
            graph.add_edge(("arc", place), head, cost=0)
    for source in sources:
        graph.add_edge(ROOT, source, cost=0)
    if nx.has_path(graph, ROOT, target):
        for nodes in nx.shortest_simple_paths(graph, ROOT, target, weight="cost"):
            yield tuple(node[1] for node in nodes if isinstance(node, tuple))


def unbeaten(pairs: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """The pairs that no other pair is at most as large as in both, in order."""
    whole = set(pairs)
    return sorted(
        one for one in whole
        if not any(two != one and two[0] <= one[0] and two[1] <= one[1] for two in whole)
    )  # fmt: skip


def cheapest_set(
    paths: Sequence[Path], arcs: Arcs, cost: Sequence[float], count: int, *, nodes: bool
) -> tuple[int, float]:
    """How many of the paths share nothing, at most `count`, and the least sum of their costs."""

    def taken(path: Path) -> set[object]:
        if nodes:
            return {arcs[place][1] for place in path[:-1]} | {("arc", place) for place in path}
        return set(path)

    for size in range(min(count, len(paths)), 0, -1):
        sums = [
            sum(cost[place] for path in group for place in path)
            for group in combinations(paths, size)
            if all(not taken(one) & taken(two) for one, two in combinations(group, 2))
        ]
        if sums:
            return size, min(sums)
    return 0, 0.0


def arrival(
    path: Path, schedule: Sequence[Sequence[float]], day: float, start: float = 0.0
) -> float:
    """The earliest arrival on a path, trying every day of entry for every arc.

    ``schedule[place][number]`` is the cost of an arc entered on a day, infinite if it cannot be.
    """

    @cache
    def best(step: int, now: float) -> float:
        if step == len(path):
            return now
        tries = [
            best(step + 1, max(now, number * day) + cost)
            for number, cost in enumerate(schedule[path[step]])
            if cost < inf and now < (number + 1) * day
        ]
        return min(tries, default=inf)

    return best(0, start)
