"""The plan of a year on the Mali case, beside solvers on the same year day by day.

OR-tools (network simplex, whole numbers) has no losses and no ranks, so that row counts m3 without
losses; HiGHS through scipy gets the whole program with losses, by people. Both get every road of
every day; ours joins days with the same roads and towns joined by free roads, which is exact. The
least that is short is checked equal first.
"""

from concurrent.futures import ProcessPoolExecutor
from datetime import date, timedelta
from functools import partial
from importlib.util import find_spec
from math import inf, isclose
from multiprocessing import get_context
from time import perf_counter

import numpy as np
import peer_flow
from measure import Row, median_ms
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

import supplyroutes as sr
from supplyroutes.analysis.planning.horizon import Horizon, Question, horizons_of
from supplyroutes.analysis.planning.plan_model import PlanModel

END, DAYS = date(2025, 12, 31), 365
SCALE = 1000
COLD_MARK_MS, WARM_MARK_MS = 10_000, 50
REPEATS, CHANGES = 5, 6
HUGE = 10**9


def ours(horizon: Horizon) -> float:
    """Return the least that is short by weight, from a new program."""
    return PlanModel(horizon).least()


class Daily:
    """Every day of a horizon with instant transit: arcs, sources, towns, tanks as flat arrays."""

    def __init__(self, horizon: Horizon) -> None:
        self.tail: list[int] = []
        self.head: list[int] = []
        self.room: list[float] = []
        self.keep: list[float] = []
        self.cost: list[float] = []
        nodes, towns = horizon.periods[0].problem.nodes, len(horizon.towns)
        days = round(horizon.length)
        self.hub = days * (nodes + towns)
        self.equals = [0.0] * (self.hub + 1)
        weight = {item.town: item.weight for item in horizon.items}
        for period in horizon.periods:
            problem = period.problem
            for day in range(round(period.start), round(period.end)):
                here = day * (nodes + towns)
                for place, (tail, head) in enumerate(zip(problem.tail, problem.head, strict=True)):
                    self.add(here + tail, here + head, problem.capacity[place],
                             problem.keep[place])  # fmt: skip
                for node, supply in zip(problem.sources, problem.supply, strict=True):
                    self.add(self.hub, here + node, supply)
                for place, town in enumerate(horizon.towns):
                    tank = here + nodes + place
                    self.add(here + town.node, tank, inf)
                    self.add(self.hub, tank, town.use, cost=weight[place])
                    self.equals[tank] = town.use - (town.tank.stock if day == 0 else 0.0)
                    after = tank + nodes + towns if day + 1 < days else self.hub
                    self.add(tank, after, town.tank.storage)
        self.equals[self.hub] = -sum(self.equals)

    def add(self, tail: int, head: int, room: float, keep: float = 1.0, cost: float = 0.0) -> None:
        """Add an arc."""
        for name, value in (("tail", tail), ("head", head), ("room", room), ("keep", keep),
                            ("cost", cost)):  # fmt: skip
            getattr(self, name).append(value)


def network_simplex(daily: Daily) -> tuple[float, float]:
    """Return the least m3 short and ms: OR-tools, in litres, in a process of its own."""
    room = [HUGE if limit == inf else round(limit * SCALE) for limit in daily.room]
    supply = [round(-amount * SCALE) for amount in daily.equals]
    supply[daily.hub] = -sum(supply[: daily.hub])
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as other:
        cost, ms = other.submit(
            peer_flow.network_simplex, (daily.tail, daily.head), room,
            [round(cost) for cost in daily.cost], supply,
        ).result()  # fmt: skip
    return cost / SCALE, ms


def highs(daily: Daily) -> tuple[float, float]:
    """Return the least short by weight and ms: scipy's HiGHS by interior points, losses and all."""
    arcs = np.arange(len(daily.tail))
    rows = np.concatenate((daily.tail, daily.head))
    values = np.concatenate((-np.ones(len(arcs)), daily.keep))
    matrix = coo_matrix((values, (rows, np.tile(arcs, 2)))).tocsr()[: daily.hub]
    start = perf_counter()
    done = linprog(
        np.array(daily.cost), A_eq=matrix, b_eq=np.array(daily.equals[: daily.hub]),
        bounds=np.column_stack((np.zeros(len(arcs)), daily.room)), method="highs-ipm",
    )  # fmt: skip
    if done.status != 0:
        raise RuntimeError(done.message)
    return float(done.fun), 1000 * (perf_counter() - start)


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events, start=END - timedelta(days=DAYS - 1), end=END)
    asked = {"policy": None, "transit": "instant"}
    plain = horizons_of(days, Question("m3", losses=False, **asked))[0]
    lossy = horizons_of(days, Question("people", **asked))[0]
    peers = [("without losses: least m3 short", plain, "OR-tools network simplex",
              network_simplex, 1e-4),
             ("with losses: least person-days short", lossy, "scipy HiGHS interior points",
              highs, 1e-6)]  # fmt: skip
    found = []
    for work, horizon, name, peer, tolerance in peers:
        if peer is network_simplex and find_spec("ortools") is None:
            continue
        least, peer_ms = peer(Daily(horizon))
        assert isclose(ours(horizon), least, rel_tol=tolerance)
        mine = median_ms(partial(ours, horizon), repeats=REPEATS)
        found.append(Row(f"{DAYS} days {work}", mine, f"{name}, every day", peer_ms, "", None))

    horizon = horizons_of(days, Question())[0]
    model = PlanModel(horizon)
    model.least()
    change = partial(_what_ifs, model, network.topology.edge_index["kati--bamako"])
    fresh = median_ms(partial(ours, horizon), repeats=REPEATS)
    warm = median_ms(change, repeats=REPEATS) / CHANGES
    whole = median_ms(lambda: sr.plan(days), repeats=REPEATS, warm=1)
    return [
        *found,
        Row("the same with ways: one source or road changed, solved on, mean of six", warm,
            "the same from nothing", fresh, f"< {WARM_MARK_MS} ms", warm < WARM_MARK_MS),
        Row(f"`plan` of {DAYS} days: ranks, roads, tanks by day, limits with what they cost", whole,
            "", None, f"< {COLD_MARK_MS} ms", whole < COLD_MARK_MS),
    ]  # fmt: skip


def _what_ifs(model: PlanModel, road: int) -> None:
    """Halve the largest source, close and double a road to the capital, all year, each put back."""
    segments = model.block.segments
    most = max(flow.limit for flow in model.block.sources)
    source = [flow for flow in model.block.sources if flow.limit == most]
    arcs = [flow for flow in model.block.arcs
            if segments[flow.segment].problem.arcs[flow.place] // 2 == road]  # fmt: skip
    for flows, factor in ((source, 0.5), (arcs, 0.0), (arcs, 2.0)):
        for share in (factor, 1.0):
            model.limit(flows, [share * flow.limit if share else 0.0 for flow in flows])
            model.least()
