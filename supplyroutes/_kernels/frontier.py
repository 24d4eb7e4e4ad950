"""Exact reliability of two-way roads that fail independently of each other.

Roads are drawn one after the other. Of what was drawn only this matters for the rest: which
nodes of the *frontier* (some of their roads drawn, others not) are joined, and which of them to
the root. Outcomes that agree in it are one state (Hardy, Lucet & Limnios 2007; Colbourn 1987).
One walk forward gives the probability of every state, one walk back the probability that each
part of it never meets the root; together they answer for all nodes at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

_ROOT = 0
"""The label of what is joined to the root; others count from 1 in order of place."""
Labels = bytes
Move = tuple[int, int, tuple[int, ...]]
"""The states that follow if a road holds and if it fails (-1: it makes no difference), and the
new label of each old one in the first; -1 if it is no longer there."""


class Step(NamedTuple):
    """One step: a node joins the frontier, a road is drawn, or a node leaves it.

    `kind` is "add", "road" or "drop"; `one` and `other` are places in the frontier (-1: the
    root), `road` and `node` numbers.
    """

    kind: str
    one: int
    other: int
    road: int
    node: int


def reduced(
    nodes: int, u: Sequence[int], v: Sequence[int], fail: Sequence[float], root: int,
    wanted: Sequence[int],
) -> tuple[list[tuple[int, int, float]], list[tuple[int, int, float]], set[int]]:  # fmt: skip
    """Return a smaller graph with the same chances, after series, parallel and dead ends.

    Parallel roads fail if both do: ``q1 q2``. Of roads in series one is enough to fail:
    ``q1 + (1 - q1) q2`` (Moskowitz 1958). Returned are the roads that are left, the dead ends
    (node, attached to, q) in order of removal (a node not joined to the root at all is attached
    to -1), and the nodes that are still wanted.
    """
    near: list[dict[int, float]] = [{} for _ in range(nodes)]
    for one, other, q in zip(u, v, fail, strict=True):
        if one != other:
            joined = q * near[one].get(other, 1.0)
            near[one][other] = near[other][one] = joined
    keep = bytearray(nodes)
    for node in wanted:
        keep[node] = 1
    ends: list[tuple[int, int, float]] = []
    stack = [node for node in range(nodes - 1, -1, -1) if node != root]
    while stack:
        node = stack.pop()
        around = near[node]
        if node == root or len(around) > 2:  # noqa: PLR2004 (a crossing)
            continue
        if len(around) == 1:
            ((there, q),) = around.items()
            if keep[node]:
                ends.append((node, there, q))
                keep[node], keep[there] = 0, 1
            del near[there][node]
            around.clear()
            stack.append(there)
        elif not around and keep[node]:
            ends.append((node, -1, 1.0))
            keep[node] = 0
        elif len(around) == 2 and not keep[node]:  # noqa: PLR2004 (in series)
            (one, first), (other, second) = around.items()
            del near[one][node], near[other][node]
            around.clear()
            q = (first + (1 - first) * second) * near[one].get(other, 1.0)
            near[one][other] = near[other][one] = q
            stack += [one, other]
    roads = [
        (node, there, q) for node in range(nodes) for there, q in sorted(near[node].items())
        if node < there
    ]  # fmt: skip
    return roads, ends, {node for node in range(nodes) if keep[node] and node != root}


def steps_of(roads: Sequence[tuple[int, int, float]], root: int, start: int) -> list[Step]:
    """Return the steps that begin at a node and keep the frontier small.

    Next is always the node of the frontier that brings in fewest new ones; of several the one
    that came first. Its roads are drawn, the nodes at their ends come in, and it leaves.
    """
    near: dict[int, list[tuple[int, int]]] = {}
    for number, (one, other, _) in enumerate(roads):
        near.setdefault(one, []).append((other, number))
        near.setdefault(other, []).append((one, number))
    near.pop(root, None)
    steps: list[Step] = []
    frontier: list[int] = []
    seen: set[int] = set()

    def enter(node: int) -> None:
        """Add a node, and draw its road to the root."""
        steps.append(Step("add", -1, -1, -1, node))
        frontier.append(node)
        seen.add(node)
        for there, road in near[node]:
            if there == root:
                steps.append(Step("road", frontier.index(node), -1, road, node))
            elif there in seen:
                steps.append(Step("road", frontier.index(node), frontier.index(there), road, node))

    waiting = [start, *sorted(near)]
    for begin in waiting:
        if begin not in seen and begin in near:
            enter(begin)
        while frontier:
            node = min(
                frontier,
                key=lambda one: sum(there not in seen and there != root for there, _ in near[one]),
            )
            for there, _ in near[node]:
                if there != root and there not in seen:
                    enter(there)
            place = frontier.index(node)
            steps.append(Step("drop", place, -1, -1, node))
            del frontier[place]
    return steps


def width_of(steps: Sequence[Step]) -> int:
    """Return roughly how much work these steps are: each node of a frontier triples its states."""
    now = work = 0
    for step in steps:
        now += (step.kind == "add") - (step.kind == "drop")
        work += 3**now
    return work


def cut_off(
    roads: Sequence[tuple[int, int, float]], steps: Sequence[Step], most_states: int
) -> dict[int, float] | None:
    """Return for every node the probability that the root does not reach it.

    Nothing is subtracted from 1, so that small probabilities keep their digits. None if more
    than `most_states` states would be held at one step.
    """
    states: list[Labels] = [b""]
    chance = [1.0]
    levels: list[tuple[Sequence[Labels], Sequence[float], list[Move]]] = []
    for step in steps:
        q = roads[step.road][2] if step.kind == "road" else 0.0
        places: dict[Labels, int] = {}
        following: list[float] = []
        moves: list[Move] = []
        memo: dict[Labels, tuple[Labels, tuple[int, ...]]] = {}
        for labels, weight in zip(states, chance, strict=True):
            failed = -1
            one, other = _ends(labels, step)
            if one != other:
                failed = places[labels] = len(following)  # no other outcome leaves these apart
                following.append(weight * q)
            raw = _after(labels, step)
            if raw not in memo:
                memo[raw] = _canonical(raw)
            after, became = memo[raw]
            held = places.setdefault(after, len(following))
            if held == len(following):
                following.append(0.0)
            following[held] += weight * (1 - q) if one != other else weight
            moves.append((held, failed, became))
        levels.append((states, chance, moves))
        if len(following) > most_states:
            return None
        states, chance = list(places), following
    return _backward(roads, steps, levels)


_BYTE = tuple(bytes([label]) for label in range(256))


def _ends(labels: Labels, step: Step) -> tuple[int, int]:
    """Return the labels at the ends of the road of a step, the lower first; equal if none is."""
    if step.kind != "road":
        return _ROOT, _ROOT
    one, other = labels[step.one], labels[step.other] if step.other >= 0 else _ROOT
    return (one, other) if one < other else (other, one)


def _after(labels: Labels, step: Step) -> Labels:
    """Return the labels after a step in which a road holds."""
    if step.kind == "add":
        return labels + _BYTE[max(labels, default=_ROOT) + 1]
    if step.kind == "drop":
        return labels[: step.one] + labels[step.one + 1 :]
    low, high = _ends(labels, step)
    return labels.replace(_BYTE[high], _BYTE[low])


def _canonical(labels: Labels) -> tuple[Labels, tuple[int, ...]]:
    """Return labels counted anew in order of place, and the new label of each old one."""
    became = [-1] * (max(labels, default=_ROOT) + 1)
    became[_ROOT] = _ROOT
    count = _ROOT
    for label in labels:
        if became[label] < 0:
            count += 1
            became[label] = count
    return bytes([became[label] for label in labels]), tuple(became)


def _backward(
    roads: Sequence[tuple[int, int, float]],
    steps: Sequence[Step],
    levels: Sequence[tuple[Sequence[Labels], Sequence[float], Sequence[Move]]],
) -> dict[int, float]:
    """Return the probability that the root does not reach each node, from the last step back.

    `missed` holds for every state, by label, the probability that what has this label never
    meets the root: 0 for the root's own label, 1 for what has left the frontier without it.
    """
    found: dict[int, float] = {}
    missed: list[tuple[float, ...]] = [(0.0,)]
    for step, (states, chance, moves) in zip(reversed(steps), reversed(levels), strict=True):
        q = roads[step.road][2] if step.kind == "road" else 0.0
        before: list[tuple[float, ...]] = []
        for labels, (held, failed, became) in zip(states, moves, strict=True):
            low, high = _ends(labels, step)
            later = missed[held]
            known = len(became)
            told = [
                later[became[place]] if place < known and became[place] >= 0 else 1.0
                for place in range(max(labels, default=_ROOT) + 1)
            ]
            if failed >= 0:
                told[high] = told[low]
                other = missed[failed]
                told = [(1 - q) * one + q * two for one, two in zip(told, other, strict=True)]
            before.append(tuple(told))
        if step.kind == "drop":
            found[step.node] = sum(
                weight * told[labels[step.one]]
                for labels, weight, told in zip(states, chance, before, strict=True)
            )
        missed = before
    return found
