"""Roads in series: chains between junctions, dead ends aside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_ENDS = 2


def in_series(ends: Mapping[int, Sequence[int]]) -> list[list[int]]:
    """Return the chains of roads whose inner nodes lead nowhere else; `ends` are two nodes a road.

    A node of -1 is never an inner one. Dead ends are taken off first, again and again; their roads
    are chains of one. Directions do not count. Time O(m).
    """
    at: dict[int, set[int]] = {}
    for road, nodes in ends.items():
        for node in nodes:
            at.setdefault(node, set()).add(road)
    loose = [node for node in at if node >= 0 and len(at[node]) == 1]
    while loose:
        node = loose.pop()
        if len(at[node]) == 1:
            road = at[node].pop()
            for other in ends[road]:
                at[other].discard(road)
                if other >= 0 and len(at[other]) == 1:
                    loose.append(other)
    chain = {road: road for road in ends}

    def first(road: int) -> int:
        while chain[road] != road:
            chain[road] = chain[chain[road]]
            road = chain[road]
        return road

    for node, roads in at.items():
        if node >= 0 and len(roads) == _ENDS:
            one, two = sorted(first(road) for road in roads)
            chain[two] = one
    found: dict[int, list[int]] = {}
    for road in sorted(ends):
        found.setdefault(first(road), []).append(road)
    return list(found.values())
