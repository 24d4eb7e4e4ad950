"""A flow checked by plain sums, by nothing that made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import fsum

from supplyroutes.analysis.flows.flow_problem import Problem, by_node
from supplyroutes.errors import SolverError

TOLERANCE_M3_PER_DAY = 1e-5


def audit(problem: Problem, flow: Sequence[float], delivered: Mapping[int, float]) -> None:
    """Refuse a flow that breaks a balance, a capacity, a source or a demand.

    Parameters
    ----------
    problem
        The day.
    flow
        What enters each arc, then what each source sends, in m3 a day.
    delivered
        What each town receives.

    Raises
    ------
    SolverError
        Something is missed by more than 1e-5 m3 a day, on the scale of the largest flow.
    """
    room = TOLERANCE_M3_PER_DAY * max(1.0, *flow, 1.0) ** 0.5
    limits = [*problem.capacity, *problem.supply]
    over = [place for place, (used, limit) in enumerate(zip(flow, limits, strict=True))
            if not -room <= used <= limit + room]  # fmt: skip
    if over:
        raise SolverError(f"{len(over)} arcs or sources carry more than they can")
    if any(
        limit.used(flow) > limit.room + room * max((1.0, *limit.weights))
        for limit in problem.limits
    ):
        raise SolverError("products or trucks together take more than there is")
    parts: list[list[float]] = [[] for _ in range(problem.nodes)]
    for arc, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
        parts[tail].append(-flow[arc])
        parts[head].append(flow[arc] * problem.keep[arc])
    for place, node in enumerate(problem.sources):
        parts[node].append(flow[len(problem.arcs) + place])
    for node, amount in delivered.items():
        parts[node].append(-amount)
    worst = max((abs(fsum(amounts)) for amounts in parts), default=0.0)
    if not worst <= room:
        raise SolverError(f"fuel appears or vanishes at a town: {worst:g} m3 a day")
    wanted = by_node(problem.needs)
    if any(not -room <= amount <= wanted[node] + room for node, amount in delivered.items()):
        raise SolverError("a town receives more than it uses, or less than nothing")
