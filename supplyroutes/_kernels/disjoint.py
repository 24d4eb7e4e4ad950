"""How many roads lead in: edge-disjoint paths from the sources to one node."""

from __future__ import annotations

from collections.abc import Sequence


def disjoint_paths(
    in_start: Sequence[int],
    in_arcs: Sequence[int],
    out_start: Sequence[int],
    out_arcs: Sequence[int],
    tail: Sequence[int],
    head: Sequence[int],
    passable: Sequence[int],
    source: Sequence[int],
    target: int,
) -> int:
    """Return the number of edge-disjoint passable paths from any source to `target`.

    Maximum flow with one unit an arc (Menger 1927), by augmenting paths searched backward
    from the target. The two directions of a road never need both be used: flow against
    flow cancels, so the count is the same for roads and for arcs. A target that is itself
    a source has no such number and gets 0.

    Time O(k m) for k paths and m arcs; the open roads into the target bound k.
    """
    if source[target]:
        return 0
    used = bytearray(len(tail))
    bound = sum(
        1 for place in range(in_start[target], in_start[target + 1]) if passable[in_arcs[place]]
    )
    nodes = len(in_start) - 1
    for found in range(bound):
        # Residual search from the target: an unused passable arc is crossed head to tail,
        # a used one tail to head (its unit is taken back).
        came = [-2] * nodes
        came[target] = -1
        stack = [target]
        end = -1
        while stack and end < 0:
            node = stack.pop()
            for place in range(in_start[node], in_start[node + 1]):
                arc = in_arcs[place]
                before = tail[arc]
                if passable[arc] and not used[arc] and came[before] == -2:  # noqa: PLR2004
                    came[before] = arc
                    if source[before]:
                        end = before
                        break
                    stack.append(before)
            else:
                for place in range(out_start[node], out_start[node + 1]):
                    arc = out_arcs[place]
                    after = head[arc]
                    if used[arc] and came[after] == -2:  # noqa: PLR2004
                        came[after] = arc
                        if source[after]:
                            end = after
                            break
                        stack.append(after)
        if end < 0:
            return found
        while end != target:
            arc = came[end]
            if used[arc]:
                used[arc] = 0
                end = tail[arc]
            else:
                used[arc] = 1
                end = head[arc]
    return bound
