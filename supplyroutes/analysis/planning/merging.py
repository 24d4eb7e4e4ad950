"""A smaller network with the same deliveries: towns joined by free roads are one node."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import inf

from supplyroutes._kernels.reach import reached, strong_components
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.core import incidence

NOWHERE = -1


@dataclass(frozen=True)
class Merged:
    """What is left of a day: `group` of every node (or nowhere), arcs between groups, sources.

    `arcs` and `sources` are places in the problem; `tail` and `head` are groups.
    """

    group: tuple[int, ...]
    count: int
    arcs: tuple[int, ...]
    tail: tuple[int, ...]
    head: tuple[int, ...]
    sources: tuple[int, ...]


def merged(problem: Problem, towns: Collection[int], keep: Collection[int] = ()) -> Merged:
    """Return the problem with all nodes joined that reach each other without limit or loss.

    A free arc has no limit and loses nothing. Nodes on a circle of free arcs can exchange any
    amount, so that what is balanced over all of them can be balanced at each: a flow of the merged
    network extends to one of the whole, and every flow of the whole is one of the merged.
    What does not lie between a source and a town is dropped. A closed road stays, with limit 0,
    so that it can be told what opening it would be worth.

    Parameters
    ----------
    problem
        The day.
    towns
        Nodes that may receive fuel.
    keep
        Roads (numbers) that join nothing, so that a limit can be put on them later.
    """
    free = [
        arc // 2 not in keep and problem.capacity[place] == inf and problem.keep[place] == 1
        for place, arc in enumerate(problem.arcs)
    ]
    start, out = incidence(problem.tail, problem.nodes)
    part = strong_components(start, out, problem.head, free)
    between = [
        place
        for place in range(len(problem.arcs))
        if problem.keep[place] > 0 and part[problem.tail[place]] != part[problem.head[place]]
    ]
    sources = range(len(problem.sources))
    used = _between(
        max(part, default=-1) + 1,
        [part[problem.tail[place]] for place in between],
        [part[problem.head[place]] for place in between],
        ([part[problem.sources[place]] for place in sources], [part[node] for node in towns]),
    )
    number: dict[int, int] = {}
    for node in range(problem.nodes):
        if used[part[node]]:
            number.setdefault(part[node], len(number))
    group = tuple(number.get(one, NOWHERE) for one in part)
    arcs = [
        place
        for place in between
        if group[problem.tail[place]] != NOWHERE and group[problem.head[place]] != NOWHERE
    ]
    return Merged(
        group=group,
        count=len(number),
        arcs=tuple(arcs),
        tail=tuple(group[problem.tail[place]] for place in arcs),
        head=tuple(group[problem.head[place]] for place in arcs),
        sources=tuple(place for place in sources if group[problem.sources[place]] != NOWHERE),
    )


def _between(
    count: int, tail: Sequence[int], head: Sequence[int], ends: tuple[Sequence[int], Sequence[int]]
) -> list[bool]:
    """Return for every part whether it lies on a way from a source to a town."""
    every = bytearray(b"\x01") * len(tail)
    out_start, out = incidence(tail, count)
    in_start, into = incidence(head, count)
    sources, towns = (sorted(set(end)) for end in ends)
    forth = reached(out_start, out, head, every, sources)
    back = reached(in_start, into, tail, every, towns)
    return [bool(one and other) for one, other in zip(forth, back, strict=True)]
