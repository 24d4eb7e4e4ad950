"""OR-tools' network simplex, for a process of its own: its HiGHS and ours cannot share one."""

from time import perf_counter

import numpy as np


def network_simplex(
    ends: tuple[list[int], list[int]], room: list[int], cost: list[int], supply: list[int]
) -> tuple[float, float]:
    """Return the least cost, and the ms that it took from arrays to answer."""
    from ortools.graph.python import min_cost_flow

    arrays = [np.array(values) for values in (*ends, room, cost)]
    start = perf_counter()
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(*arrays)
    solver.set_nodes_supplies(np.arange(len(supply)), np.array(supply))
    if solver.solve() != solver.OPTIMAL:
        raise RuntimeError("no optimum")
    return float(solver.optimal_cost()), 1000 * (perf_counter() - start)
