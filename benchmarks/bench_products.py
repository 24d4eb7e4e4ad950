"""Three products and a fleet on one day of the Mali case, beside scipy on the same question.

The peer's program is the tests' oracle, built from the tables alone; it is put into sparse
matrices before the clock starts, as is our problem. It has the first stage only: the most that can
arrive. Ours is timed for that stage, from nothing, and for the whole answer with fair shares, least
time, shadow prices, sharing and tables. The most is checked equal.
"""

import sys
from math import inf, isclose
from pathlib import Path
from typing import Any

import numpy as np
from measure import Row, median_ms
from scipy.optimize import linprog
from scipy.sparse import csr_array

import supplyroutes as sr
from supplyroutes.analysis.flows.allocation import shares_of
from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_model import FlowModel
from supplyroutes.analysis.flows.flow_products import Terms, joint_problem
from supplyroutes.analysis.flows.product_shares import product_shares

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.oracles.brute_products import Joint

DAY, PRODUCTS, TANKERS = "2025-10-15", ("petrol", "diesel", "heavy_fuel_oil"), 300
REPEATS, PEER_REPEATS = 20, 10


def sparse(program: Joint, rows: list[dict[int, float]]) -> csr_array:
    """Return rows of the oracle as a sparse matrix."""
    cells = [
        (row, column, value) for row, line in enumerate(rows) for column, value in line.items()
    ]
    row, column, value = zip(*cells, strict=True)
    return csr_array((value, (row, column)), shape=(len(rows), len(program.upper)))


def peer(program: Joint, inside: set[tuple[str, int]]) -> dict[str, Any]:
    """Return what scipy is asked: the most that can arrive at (product, town) pairs."""
    cost = np.zeros(len(program.upper))
    for key in inside:
        cost[program.columns["town", *key]] = -1.0
    return {
        "c": cost,
        "A_ub": sparse(program, [row for row, _ in program.rooms]),
        "b_ub": [room for _, room in program.rooms],
        "A_eq": sparse(program, list(program.balance.values())),
        "b_eq": np.zeros(len(program.balance)),
        "bounds": [(0, None if top == inf else top) for top in program.upper],
    }


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    days = {name: sr.disrupt(network, events, at=DAY, commodity=name) for name in PRODUCTS}
    usual = sr.supply_flow({name: day.undisturbed() for name, day in days.items()})
    traffic = usual.product_edges["flow_m3_per_day"].groupby(level=["product", "edge"]).sum()
    shares = product_shares()
    program = Joint(
        days, lambda name, edge: float(traffic[name, edge]), tankers=TANKERS, shares=shares.part
    )
    index = network.topology.edge_index
    problem = joint_problem(
        list(days.values()),
        [{index[edge]: float(amount) for edge, amount in traffic[name].items()}
         for name in PRODUCTS],
        Terms(tankers=TANKERS, shares=shares),
    )  # fmt: skip
    items = shares_of(days["petrol"], problem, None).items
    inside = {(PRODUCTS[item.node // problem.towns], item.node % problem.towns) for item in items}
    question = peer(program, inside)
    most = FlowModel(problem, items).most().total
    assert isclose(most, -linprog(**question).fun, rel_tol=1e-6)
    flow = sr.supply_flow(days, usual=usual, tankers=TANKERS)
    assert isclose(flow.most_m3_per_day, most, rel_tol=1e-6)

    theirs = median_ms(lambda: linprog(**question), repeats=PEER_REPEATS)
    ours = median_ms(lambda: FlowModel(problem, items).most(), repeats=REPEATS)
    whole = median_ms(lambda: sr.supply_flow(days, usual=usual, tankers=TANKERS), repeats=REPEATS)
    solver = FlowSolver(days, usual=usual, tankers=TANKERS)
    quick = median_ms(lambda: solver.deliveries(days), repeats=REPEATS)
    return [
        Row("three products, 300 tankers: the most that can arrive, one day", ours,
            "scipy `linprog`, sparse", theirs, "", None),
        Row("`supply_flow` of them: fair shares, shadow prices, sharing, tables", whole, "", None,
            "", None),
        Row("`FlowSolver.deliveries` of them, next day", quick, "", None, "", None),
    ]  # fmt: skip
