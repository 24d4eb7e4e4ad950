"""What every path to a target must pass: dominators, read along one path."""

from __future__ import annotations

from collections.abc import Sequence


def must_pass(
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    passable: Sequence[int],
    sources: Sequence[int],
    path: Sequence[int],
) -> tuple[list[int], list[int]]:
    """Return the arcs and the nodes that every passable path from any source must pass.

    `path` is one passable path from a source, arc by arc, each node once. A detour leaves
    it and comes back without touching it in between; what no detour skips is on every path.
    These are the dominators of the target on the way from a super-source (Lengauer & Tarjan
    1979), in linear time because only one target is asked for. The target itself is not
    told; a source is told if there is no way without it.
    """
    place = [-1] * (len(out_start) - 1)
    for step, arc in enumerate(path):
        place[tail[arc]] = step
        place[head[arc]] = step + 1
    seen = bytearray(len(place))

    def detour(start: int, without: int) -> int:
        """Return the furthest place on the path that ways beside it lead to."""
        furthest = -1
        stack = [start]
        while stack:
            node = stack.pop()
            for slot in range(out_start[node], out_start[node + 1]):
                arc = out_arcs[slot]
                if arc == without or not passable[arc]:
                    continue
                to = head[arc]
                if place[to] >= 0:
                    furthest = max(furthest, place[to])
                elif not seen[to]:
                    seen[to] = 1
                    stack.append(to)
        return furthest

    arcs: list[int] = []
    nodes: list[int] = []
    furthest = -1
    for source in sources:
        if place[source] > 0:
            furthest = max(furthest, place[source])
        elif place[source] < 0 and not seen[source]:
            seen[source] = 1
            furthest = max(furthest, detour(source, -1))
    for step, arc in enumerate(path):
        if furthest <= step:
            nodes.append(tail[arc])
        furthest = max(furthest, detour(tail[arc], arc))
        if furthest <= step:
            arcs.append(arc)
    return arcs, nodes
