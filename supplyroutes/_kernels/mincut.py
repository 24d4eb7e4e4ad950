"""The fewest arcs of which all must change: a minimum cut, the one nearest to its target."""

from __future__ import annotations

from collections.abc import Sequence

UNSEEN, TARGET = -2, -1


def target_side(
    tail: Sequence[int],
    head: Sequence[int],
    unit: Sequence[int],
    source: int,
    target: int,
) -> bytearray | None:
    """Return the smallest target side of any minimum cut; None if there is no cut.

    Arcs of which `unit` is true have capacity 1, all others have no limit. The arcs that enter
    the side are the cut; it is unique. There is none if a path of unlimited arcs joins the two
    nodes, or if they are one.

    Maximum flow by augmenting paths, then the nodes that still reach the target in the
    residual network: the same for every maximum flow (Ford & Fulkerson 1956).

    Time O(c m) for a cut of c arcs and m arcs in all.
    """
    nodes = max(max(tail, default=0), max(head, default=0), source, target) + 1
    into: list[list[int]] = [[] for _ in range(nodes)]
    out: list[list[int]] = [[] for _ in range(nodes)]
    for arc in range(len(tail)):
        into[head[arc]].append(arc)
        out[tail[arc]].append(arc)
    flow = [0] * len(tail)
    while True:
        came = _residual(tail, head, unit, flow, into, out, target)
        if came[source] == UNSEEN:
            return bytearray(arc != UNSEEN for arc in came)
        if source == target or not _augment(tail, head, unit, flow, came, source):
            return None


def _residual(
    tail: Sequence[int],
    head: Sequence[int],
    unit: Sequence[int],
    flow: Sequence[int],
    into: Sequence[Sequence[int]],
    out: Sequence[Sequence[int]],
    target: int,
) -> list[int]:
    """Return for every node that can still send flow to the target the arc it would use."""
    came = [UNSEEN] * len(into)
    came[target] = TARGET
    queue = [target]
    for node in queue:
        for arc in into[node]:
            before = tail[arc]
            if came[before] == UNSEEN and not (unit[arc] and flow[arc]):
                came[before] = arc
                queue.append(before)
        for arc in out[node]:
            after = head[arc]
            if came[after] == UNSEEN and flow[arc]:
                came[after] = arc
                queue.append(after)
    return came


def _augment(
    tail: Sequence[int],
    head: Sequence[int],
    unit: Sequence[int],
    flow: list[int],
    came: Sequence[int],
    source: int,
) -> bool:
    """Send one unit along the arcs of `came`; False if none of them has a limit."""
    limited = False
    node = source
    while came[node] != TARGET:
        arc = came[node]
        if tail[arc] == node:
            flow[arc] += 1
            limited = limited or bool(unit[arc])
            node = head[arc]
        else:
            flow[arc] -= 1
            limited = True
            node = tail[arc]
    return limited
