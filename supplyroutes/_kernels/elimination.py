"""Reach from a root under very many outcomes at once, without iteration.

Nodes are taken out one by one, those with few neighbours first; each way through a node taken
out becomes a way past it (``past |= into & out``). What is left at the end leads straight from
the root. The order is found once and serves bits of samples and decision diagrams alike: both know
"and" and "or" (Carré 1971, An algebra for network routing problems).
"""

from __future__ import annotations

from collections.abc import Callable, MutableSequence, Sequence
from heapq import heapify, heappop, heappush
from typing import NamedTuple

Join = Callable[[int, int], int]
Rows = Sequence[MutableSequence[int]]
"""Bits by place, as words side by side."""


class Plan(NamedTuple):
    """The order of elimination, as flat lists.

    A *slot* holds the ways from one node to another. `arc_slot` is the slot of each arc, -1 if
    no way from the root needs it. The upward pass does ``past |= into & out`` for every triangle
    in order; the downward pass gives for every node of `down_node` in order what the root
    reaches over one last slot: ``reach[node] |= reach[before] & slot``.
    """

    nodes: int
    root: int
    slots: int
    arc_slot: list[int]
    into: list[int]
    out: list[int]
    past: list[int]
    down_node: list[int]
    down_before: list[int]
    down_slot: list[int]


def plan(
    nodes: int, tail: Sequence[int], head: Sequence[int], root: int, *, two_way: bool = False
) -> Plan:
    """Return the order in which nodes are eliminated: least fill first, then the lower number.

    With `two_way` every arc can be driven both ways under the same outcomes: both directions
    share a slot, and half of the triangles are enough.

    Time and memory: near-linear on road networks, O(n^3) at worst.
    """
    before: list[set[int]] = [set() for _ in range(nodes)]
    after: list[set[int]] = [set() for _ in range(nodes)]
    slot: dict[tuple[int, int], int] = {}

    def place(start: int, end: int) -> int:
        """Return the slot of the ways between two nodes, new if there was none."""
        key = (min(start, end), max(start, end)) if two_way else (start, end)
        if key not in slot:
            slot[key] = len(slot)
            before[end].add(start)
            after[start].add(end)
            if two_way:
                before[start].add(end)
                after[end].add(start)
        return slot[key]

    arc_slot = [
        place(start, end) if start != end and (two_way or end != root) else -1
        for start, end in zip(tail, head, strict=True)
    ]
    heap = [(len(before[node]) * len(after[node]), node) for node in range(nodes) if node != root]
    heapify(heap)
    gone = bytearray(nodes)
    order: list[tuple[int, list[int]]] = []
    into: list[int] = []
    out: list[int] = []
    past: list[int] = []
    while heap:
        fill, node = heappop(heap)
        if gone[node] or fill != len(before[node]) * len(after[node]):
            continue
        gone[node] = 1
        starts, ends = sorted(before[node]), sorted(after[node])
        order.append((node, starts))
        for start in starts:
            for end in ends:
                if end in (start, root) or (two_way and start > end and start != root):
                    continue
                into.append(place(start, node))
                out.append(place(node, end))
                past.append(place(start, end))
        for other in before[node] | after[node]:
            before[other].discard(node)
            after[other].discard(node)
        for other in before[node] | after[node]:
            if other != root:
                heappush(heap, (len(before[other]) * len(after[other]), other))
    down = [
        (node, start, place(start, node)) for node, starts in reversed(order) for start in starts
    ]
    return Plan(
        nodes, root, len(slot), arc_slot, into, out, past,
        [node for node, _, _ in down], [start for _, start, _ in down], [way for *_, way in down],
    )  # fmt: skip


def reach_words(
    arc_slot: Sequence[int],
    into: Sequence[int],
    out: Sequence[int],
    past: Sequence[int],
    down_node: Sequence[int],
    down_before: Sequence[int],
    down_slot: Sequence[int],
    opens: Rows,
    slots: Rows,
    reach: Rows,
    width: int,
) -> None:
    """Put into `reach` in which samples the root reaches every node, as bits.

    `opens` holds for every arc the samples in which it is open, as `width` words side by side: in
    plain Python one word of any size, compiled several of 64 bits. `slots` is room of zeros,
    `reach` of zeros but for the root's ones. The lists are those of a `Plan`.
    """
    for arc in range(len(arc_slot)):
        if arc_slot[arc] >= 0:
            way, bits = slots[arc_slot[arc]], opens[arc]
            for k in range(width):
                way[k] |= bits[k]
    for place in range(len(past)):
        one, other, way = slots[into[place]], slots[out[place]], slots[past[place]]
        for k in range(width):
            way[k] |= one[k] & other[k]
    for place in range(len(down_node)):
        here, before, way = (
            reach[down_node[place]],
            reach[down_before[place]],
            slots[down_slot[place]],
        )
        for k in range(width):
            here[k] |= before[k] & way[k]


def reach_functions(found: Plan, opens: Sequence[int], both: Join, either: Join) -> list[int]:
    """Return for every node the function that says when the root reaches it.

    `opens` holds the function of every arc; 0 is the function that never holds, 1 the one that
    always does, and `both` and `either` join two.
    """
    slots = [0] * found.slots
    for arc, way in enumerate(found.arc_slot):
        if way >= 0:
            slots[way] = either(slots[way], opens[arc])
    for into, out, past in zip(found.into, found.out, found.past, strict=True):
        slots[past] = either(slots[past], both(slots[into], slots[out]))
    reach = [0] * found.nodes
    reach[found.root] = 1
    for node, before, way in zip(found.down_node, found.down_before, found.down_slot, strict=True):
        reach[node] = either(reach[node], both(reach[before], slots[way]))
    return reach
