"""Exact chances where every road fails by itself: two-way roads that share no draw."""

from __future__ import annotations

from collections.abc import Sequence

from supplyroutes._kernels.decisions import NEVER, TOO_LARGE
from supplyroutes._kernels.frontier import cut_off, reduced, steps_of, width_of
from supplyroutes.analysis.doubt.chances import Doors

MOST_STATES = 200_000
"""States of a frontier that are held at once."""
STARTS = 40
"""Places at which a frontier is tried to begin."""


def stand_apart(doors: Doors, opens: Sequence[int]) -> bool:
    """Tell whether doors are two-way and no draw is asked at two of them.

    Doors of the entrance need no way back: nobody has to pass the entrance again. `opens` holds
    the function of every door.
    """
    if TOO_LARGE in opens:
        return False
    by_ends = dict(zip(zip(doors.tail, doors.head, strict=True), opens, strict=True))
    entrance = max(doors.pocket) + 1
    asked: set[int] = set()
    for (tail, head), function in by_ends.items():
        if tail != entrance:
            if by_ends.get((head, tail), NEVER) != function:
                return False
            if head < tail:
                continue
        ways = doors.ways[doors.place(tail, head)]
        draws = {draw for way in ways for condition in way for draw, _ in condition}
        if draws & asked:
            return False
        asked |= draws
    return True


def missed(doors: Doors, shut_prob: Sequence[float]) -> list[float] | None:
    """Return for every town the probability that it is not reached; None if that is too much.

    `shut_prob` is the probability that each door is shut; the doors stand apart.
    """
    entrance = max(doors.pocket) + 1
    chosen = [
        place
        for place, (tail, head) in enumerate(zip(doors.tail, doors.head, strict=True))
        if tail == entrance or tail < head
    ]
    roads, ends, kept = reduced(
        entrance + 1,
        [doors.tail[place] for place in chosen],
        [doors.head[place] for place in chosen],
        [shut_prob[place] for place in chosen],
        entrance,
        range(entrance),
    )
    found: dict[int, float] | None = {}
    inside = sorted({end for one, other, _ in roads for end in (one, other)} - {entrance})
    if inside:
        every = max(1, len(inside) // STARTS)
        tried = [steps_of(roads, entrance, start) for start in inside[::every]]
        found = cut_off(roads, min(tried, key=width_of), MOST_STATES)
    if found is None:
        return None
    found |= {entrance: 0.0, -1: 1.0}
    found |= {node: 1.0 for node in kept if node not in found}
    for node, there, q in reversed(ends):
        found[node] = q + (1 - q) * found[there]
    return [found[pocket] for pocket in doors.pocket]
