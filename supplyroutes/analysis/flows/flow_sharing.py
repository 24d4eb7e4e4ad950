"""Near-equal routes share the traffic: who drives where, without changing what arrives.

A linear program sends all on the fastest road until it is full. Drivers do not: routes within
`near_equal_ratio` of the best time are taken side by side, and slower ones less, by a path-size
logit. What each town receives, and from which source, stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from supplyroutes._kernels.near_equal import near_equal_paths
from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis.flows.flow_model import GOLDEN, ROUNDING, SMALL
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.linear import Bounds, LinearProgram, entries_of
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

MOST_ROUTES = 8
"""Near-equal routes from one source to one town, at most."""
Path = tuple[int, ...]
"""Arcs by their place in the problem, in driving order."""


@dataclass(frozen=True)
class Trip:
    """What arrives at a town from a source over one path, in m3 a day."""

    source: int
    town: int
    path: Path
    arrives: float


def trips_of(problem: Problem, flow: Sequence[float], delivered: Mapping[int, float]) -> list[Trip]:
    """Return the trips that a flow is made of: town after town, by the lowest road first.

    Parameters
    ----------
    problem
        The day.
    flow
        What enters each arc, then what each source sends, in m3 a day.
    delivered
        What each town receives.
    """
    left = list(flow)
    supply = {node: len(problem.arcs) + place for place, node in enumerate(problem.sources)}
    into: dict[int, list[int]] = {}
    for arc, head in enumerate(problem.head):
        if flow[arc] > SMALL and problem.keep[arc] > 0:
            into.setdefault(head, []).append(arc)
    trips = []
    for town in sorted(delivered):
        wanted = delivered[town]
        while wanted > SMALL:
            path = _back(problem, left, into, supply, town)
            if path is None:
                break
            trip = _take(problem, left, supply, path, (town, wanted))
            trips.append(trip)
            wanted -= trip.arrives
    return trips


def _back(
    problem: Problem,
    left: Sequence[float],
    into: Mapping[int, list[int]],
    supply: Mapping[int, int],
    town: int,
) -> Path | None:
    """Return a path with flow left from a source to the town; None if only rounding is left."""
    path: list[int] = []
    seen = {town}
    node = town
    while not (node in supply and left[supply[node]] > SMALL):
        arcs = [
            arc for arc in into.get(node, ()) if left[arc] > SMALL and problem.tail[arc] not in seen
        ]
        if not arcs:
            return None
        path.append(arcs[0])
        node = problem.tail[arcs[0]]
        seen.add(node)
    return tuple(reversed(path))


def _take(
    problem: Problem,
    left: list[float],
    supply: Mapping[int, int],
    path: Path,
    end: tuple[int, float],
) -> Trip:
    """Take the most that a path still carries to the town out of what is left."""
    town, wanted = end
    source = problem.tail[path[0]] if path else town
    entering = _entering(problem, path)
    most = min(
        [wanted, left[supply[source]] / entering[0]]
        + [left[arc] / factor for arc, factor in zip(path, entering, strict=False)]
    )
    left[supply[source]] -= most * entering[0]
    for arc, factor in zip(path, entering, strict=False):
        left[arc] -= most * factor
    return Trip(source, town, path, most)


def _entering(problem: Problem, path: Path) -> list[float]:
    """Return what enters each arc of a path for 1 m3 that arrives; at its end, 1."""
    factors = [1.0]
    for arc in reversed(path):
        factors.append(factors[-1] / problem.keep[arc])
    return factors[::-1]


# --- sharing ------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pool:
    """What goes from one source to one town by near-equal routes, and its logit shares."""

    source: int
    town: int
    arrives: float
    paths: tuple[Path, ...]
    shares: tuple[float, ...]


def shared(
    day: Network | Sequence[Network],
    problem: Problem,
    flow: Sequence[float],
    delivered: Mapping[int, float],
) -> list[float]:
    """Return the flow in which near-equal routes share the traffic.

    What enters each arc, then what each source sends. Routes that do not slow trucks by more
    than the ratio share by path-size logit (Ben-Akiva & Bierlaire 1999) as far as capacities
    allow: the sum of the deviations from the logit shares is least. Several products are given by
    the day of each.
    """
    import numpy as np

    trips = trips_of(problem, flow, delivered)
    pools, rest = _pools((day,) if isinstance(day, Network) else day, problem, trips)
    fixed = _load(problem, [(trip.path, trip.source, trip.arrives) for trip in rest])
    wanted = fixed + _load(
        problem,
        [
            (path, pool.source, share * pool.arrives)
            for pool in pools
            for path, share in zip(pool.paths, pool.shares, strict=True)
        ],
    )
    room = np.array([*problem.capacity, *problem.supply, *(one.room for one in problem.limits)])
    if np.all(_use(problem, wanted) <= room + SMALL):
        return [float(amount) for amount in wanted]
    left = room - _use(problem, fixed)
    return [float(amount) for amount in fixed + _closest(problem, pools, left)]


def _use(problem: Problem, load: Array) -> Array:
    """Return what a load uses of arcs and sources, and then of the limits on sums."""
    import numpy as np

    amounts = load.tolist()
    return np.array([*amounts, *(limit.used(amounts) for limit in problem.limits)])


def _load(problem: Problem, loads: Sequence[tuple[Path, int, float]]) -> Array:
    """Return what enters each arc, and leaves each source, for amounts that arrive by paths."""
    import numpy as np

    places = {node: len(problem.arcs) + place for place, node in enumerate(problem.sources)}
    total = np.zeros(len(problem.arcs) + len(problem.sources))
    for path, source, arrives in loads:
        entering = _entering(problem, path)
        total[places[source]] += arrives * entering[0]
        for arc, factor in zip(path, entering, strict=False):
            total[arc] += arrives * factor
    return total


def _pools(
    days: Sequence[Network], problem: Problem, trips: Sequence[Trip]
) -> tuple[list[Pool], list[Trip]]:
    """Return what may be shared, by source and town, and the trips that stay as they are."""
    ratio = days[0].assumptions["near_equal_ratio"].best
    finders = [_Finder(day, problem, number) for number, day in enumerate(days)]
    pairs: dict[tuple[int, int], list[Trip]] = {}
    for trip in trips:
        pairs.setdefault((trip.source, trip.town), []).append(trip)
    pools, rest = [], []
    for (source, town), together in sorted(pairs.items()):
        finder = finders[source // problem.towns]
        best = finder.hours_to(source, town)
        near = [trip for trip in together if finder.hours(trip.path) <= best * (1 + ratio) + 1e-9]
        rest += [trip for trip in together if trip not in near]
        routes = dict.fromkeys((*finder.routes(source, town), *(trip.path for trip in near)))
        if len(routes) > 1 and near:
            shares = finder.shares(tuple(routes), best)
            arrives = sum(trip.arrives for trip in near)
            pools.append(Pool(source, town, arrives, tuple(routes), shares))
        else:
            rest += near
    return pools, rest


class _Finder:
    """Near-equal routes of one product on one day."""

    def __init__(self, day: Network, problem: Problem, product: int) -> None:
        self.day, self.problem = day, problem
        self.ratio = day.assumptions["near_equal_ratio"].best
        self.weight = day.assumptions["near_equal_weight"].best
        self.first_node = product * problem.towns
        width = len(problem.arcs) // problem.products
        places = range(product * width, (product + 1) * width)
        self.place = {problem.arcs[place]: place for place in places}
        self.passable = bytearray(len(day.topology.tail))
        for place in places:
            passes = problem.keep[place] > 0 and problem.capacity[place] > 0
            self.passable[problem.arcs[place]] = passes
        self._reach: dict[int, list[float]] = {}

    def hours_to(self, source: int, town: int) -> float:
        """Return the best time from a source to a town, in hours."""
        return self._hours_from(source - self.first_node)[town - self.first_node]

    def _hours_from(self, node: int) -> list[float]:
        """Return the best time from a node of the network to every other, in hours."""
        if node not in self._reach:
            top = self.day.topology
            self._reach[node] = nearest_source(
                top.out_start, top.out_arcs, top.head, self.day.time_h, self.passable, [node]
            )[0]
        return self._reach[node]

    def routes(self, source: int, town: int) -> list[Path]:
        """Return the near-equal routes from a source to a town."""
        top = self.day.topology
        ends = source - self.first_node, town - self.first_node
        found = near_equal_paths(
            top.in_start, top.in_arcs, top.tail, self.day.time_h, self.passable,
            self._hours_from(ends[0]), ends, self.ratio, MOST_ROUTES,
        )  # fmt: skip
        return [tuple(self.place[arc] for arc in path) for path in found]

    def hours(self, path: Path) -> float:
        """Return the truck time of a path."""
        return sum(self.problem.hours[arc] for arc in path)

    def shares(self, routes: Sequence[Path], best: float) -> tuple[float, ...]:
        """Return the path-size logit shares of routes.

        A route that is slower by the whole ratio weighs `near_equal_weight`; where routes run
        together, they count as one in part.
        """
        users: dict[int, int] = {}
        for path in routes:
            for arc in path:
                users[arc] = users.get(arc, 0) + 1
        weights = []
        for path in routes:
            hours = self.hours(path)
            own = sum(self.problem.hours[arc] / users[arc] for arc in path)
            size = own / hours if hours > 0 else 1.0
            slower = (hours / best - 1) / self.ratio if best > 0 and self.ratio > 0 else 0.0
            weights.append(size * self.weight**slower)
        total = sum(weights)
        return tuple(weight / total for weight in weights)


def _closest(problem: Problem, pools: Sequence[Pool], room: Array) -> Array:
    """Return the loads of the pools that fit into the room and differ least from the shares.

    Columns: what arrives by each route, and how far that is over and under its share. Equal
    deviations are told apart by weights in the order of the ids.
    """
    import numpy as np

    routes = [(pool, path) for pool in pools for path in pool.paths]
    loads = [_use(problem, _load(problem, [(path, pool.source, 1.0)])) for pool, path in routes]
    used = np.sum(loads, axis=0) > 0
    tight = [place for place in range(len(room)) if used[place] and room[place] < inf]
    count, first = len(routes), len(tight)
    cells = [
        (row, route, float(load[place]))
        for row, place in enumerate(tight)
        for route, load in enumerate(loads)
        if load[place] > 0
    ]
    owners = [number for number, pool in enumerate(pools) for _ in pool.paths]
    for route, owner in enumerate(owners):
        share = first + len(pools) + route
        cells += [(first + owner, route, 1.0), (share, route, 1.0)]
        cells += [(share, count + route, -1.0), (share, 2 * count + route, 1.0)]
    fixed = [pool.arrives for pool in pools]
    fixed += [share * pool.arrives for pool in pools for share in pool.shares]
    program = LinearProgram(
        Bounds(np.zeros(3 * count), np.full(3 * count, inf)),
        Bounds(
            np.array([-inf] * first + fixed),
            np.array([*np.maximum(room[tight], 0.0) * (1 + ROUNDING) + SMALL, *fixed]),
        ),
        entries_of(cells),
    )
    generic = 1 + np.arange(1, count + 1) * GOLDEN % 1 / 100
    program.price(np.concatenate((np.zeros(count), generic, generic)))
    chosen = program.solve().columns[:count]
    return _load(
        problem, [(path, pool.source, chosen[at]) for at, (pool, path) in enumerate(routes)]
    )
