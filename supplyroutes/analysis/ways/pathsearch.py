"""The ways to choose paths: fastest, safest, unbeaten in both, sharing no road or no town."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import fsum, inf, log, log2
from typing import NamedTuple

from supplyroutes._kernels.disjoint import disjoint_paths
from supplyroutes._kernels.pareto import pareto_paths
from supplyroutes._kernels.paths import k_shortest, nearest_source, path_to
from supplyroutes._kernels.suurballe import cheapest_disjoint
from supplyroutes.analysis.compiling import fast
from supplyroutes.analysis.ways.roadgraph import DAY_TICKS, TICKS_PER_HOUR, Roadbook, RoadGraph
from supplyroutes.core import incidence

MOST_LOOKED_AT = 4096
"""Paths looked at in order, at most, to find those that are asked for."""
MOST_NEAR_EQUAL = 20
"""Near-equal paths shown, at most, beside the `k` asked for."""
NEAR_EQUAL_OVERLAP = 0.8
"""A near-equal path beyond the `k` asked for shares at most this part of its length with each
better one: a loop through the next village is no other route."""
RISK_STEPS = 1e6
"""Risks are searched in steps of a millionth, and times beside them in steps of 1/1000 h."""
LEAST_SURVIVAL = 1e-30
"""Stands for no survival at all, so that paths over a road of certain loss still have an order."""

Path = tuple[int, ...]


@dataclass(frozen=True)
class Wanted:
    """How many paths, how alike they may be, and how near the best those beyond them must be."""

    k: int
    max_overlap: float
    near_equal: float | None = None


class Found(NamedTuple):
    """Paths, whether they were chosen among all, and whether no near-equal one can be missing."""

    paths: list[Path]
    complete: bool = True
    near_equal_complete: bool = True


@dataclass(frozen=True)
class Waits:
    """For every arc its row of ticks by day, or -1; the rows; and the number of days."""

    rows: Sequence[int]
    by_day: Sequence[float]
    days: int


def fastest(book: Roadbook, wanted: Wanted) -> Found:
    """Return the first paths in order of time, those near the best beyond `k` too."""
    return _in_order(
        book, book.least, wanted, Waits(*book.schedule, len(book.networks) if book.waits else 0)
    )


def safest(book: Roadbook, wanted: Wanted) -> Found:
    """Return the first paths in order of survival, then of time.

    Both stand in one whole number: the risk in steps, before the time in steps. `most` is more
    than any time: no path drives an arc twice between two towns to pass.
    """
    steps = [round(ticks / TICKS_PER_HOUR * 1000) for ticks in book.ticks[0]]
    most = 2.0 ** (int(log2(book.graph.copies * sum(steps) + 1)) + 1)
    risks = _risks(book)
    costs = [
        round(risk * RISK_STEPS) * most + step for risk, step in zip(risks, steps, strict=True)
    ]
    return _in_order(book, costs, wanted, Waits([-1] * len(costs), (), 0))


def unbeaten(book: Roadbook) -> list[Path]:
    """Return the paths that no other beats in time and survival, the fastest first."""
    graph = book.graph
    risks = [float(round(risk * TICKS_PER_HOUR)) for risk in _risks(book)]
    arcs, ends = fast(pareto_paths, len(graph.tail))(
        graph.out_start,
        graph.out_arcs,
        graph.head,
        graph.spread(book.ticks[0], 0.0),
        graph.spread(risks, 0.0),
        graph.passable,
        graph.root,
        graph.target,
    )
    return [graph.roads(path) for path in _pieces(arcs, ends)]


def disjoint(book: Roadbook, k: int, *, nodes: bool) -> list[Path]:
    """Return a cheapest set of paths that share no road, or no town between their ends."""
    course, top = book.course, book.networks[0].topology
    if course.to in course.origins:
        return [()]
    if not course.origins:
        return []
    web = _Web(book, split=nodes)
    find = fast(cheapest_disjoint, len(web.tail))
    used, _ = find(
        web.in_start, web.in_arcs, web.out_start, web.out_arcs, web.tail, web.head, web.cost,
        web.passable, course.origins, course.to, k,
    )  # fmt: skip
    arcs = len(top.tail)
    left = bytearray(used)
    for arc in range(0, arcs, 2):
        if left[arc] and left[arc + 1]:  # there and back: neither path needs the road
            left[arc] = left[arc + 1] = 0
    # Taken apart the fastest first: which paths make up the set is then settled too.
    paths: list[Path] = []
    while True:
        _, arc_in, _ = nearest_source(
            web.out_start, web.out_arcs, web.head, web.cost, left, course.origins
        )
        path = path_to(course.to, arc_in, web.tail)
        if not path:
            return paths
        for arc in path:
            left[arc] = 0
        paths.append(tuple(arc for arc in path if arc < arcs))


def count_disjoint(book: Roadbook, *, nodes: bool) -> int | None:
    """Return how many paths share no road (or no town between): a maximum flow, so proven.

    None with towns to pass or waiting: a flow knows neither an order of towns nor days.
    """
    course = book.course
    if course.via or book.waits:
        return None
    web = _Web(book, split=nodes)
    flags = bytearray(len(web.out_start) - 1)
    for origin in course.origins:
        flags[origin] = 1
    return disjoint_paths(
        web.in_start, web.in_arcs, web.out_start, web.out_arcs, web.tail, web.head, web.passable,
        flags, course.to,
    )  # fmt: skip


class _Web:
    """The arcs of a trip without a root; each town between split in two, if asked for."""

    def __init__(self, book: Roadbook, *, split: bool) -> None:
        top, course = book.networks[0].topology, book.course
        starts = set(course.origins)
        nodes = len(top.node_ids)
        between = [node for node in range(nodes) if node not in starts and node != course.to]
        self.tail = list(top.tail)
        self.head = list(top.head)
        self.cost = list(book.ticks[0])
        self.passable = bytearray(
            bool(ok and head not in starts)
            for ok, head in zip(book.at_first, top.head, strict=True)
        )
        if split:  # what leaves a town leaves from its second half, reached over one arc
            ends = starts | {course.to}
            self.tail = [node if node in ends else nodes + node for node in top.tail]
            self.tail += between
            self.head += [nodes + node for node in between]
            self.cost += [0.0] * len(between)
            self.passable += bytes([1]) * len(between)
            nodes *= 2
        self.in_start, self.in_arcs = incidence(self.head, nodes)
        self.out_start, self.out_arcs = incidence(self.tail, nodes)


def shared_share(path: Sequence[int], other: Sequence[int], km: Sequence[float]) -> float:
    """Return the share of a path's length on roads that another path uses too."""
    length = fsum(km[arc] for arc in path)
    roads = {arc // 2 for arc in other}
    shared = fsum(km[arc] for arc in path if arc // 2 in roads)
    return shared / length if length > 0 else 0.0


def _risks(book: Roadbook) -> list[float]:
    """Return the risk of every arc: minus the logarithm of survival, so that risks add up."""
    losses = book.networks[0].state.loss_prob
    return [-log(max(1 - loss, LEAST_SURVIVAL)) if loss > 0 else 0.0 for loss in losses]


def _in_order(
    book: Roadbook,
    costs: Sequence[float],
    wanted: Wanted,
    waits: Waits,
) -> Found:
    """Return the paths that are wanted of all in order of cost, and whether none was missed.

    Looks at the first few paths, then at four times as many, until enough are found. Once there
    are `k`, they are certain: only near-equal ones beyond them can still be missing.
    """
    plain = wanted.near_equal is None and wanted.max_overlap >= 1
    looked_at = min(wanted.k if plain else max(2 * wanted.k, 16), MOST_LOOKED_AT)
    while True:
        paths, totals, all_of_them = _first(book.graph, costs, looked_at, waits)
        chosen, enough = _choose(book, paths, totals, wanted)
        whole = enough or all_of_them
        if whole or looked_at == MOST_LOOKED_AT:
            return Found(chosen, whole or len(chosen) >= wanted.k, whole)
        looked_at = min(4 * looked_at, MOST_LOOKED_AT)


def _first(
    graph: RoadGraph,
    costs: Sequence[float],
    count: int,
    waits: Waits,
) -> tuple[list[list[int]], list[float], bool]:
    """Return the first paths of a graph in order, their costs, and whether there are no more."""
    arcs, ends, totals, all_of_them = fast(k_shortest, len(graph.tail))(
        graph.in_start, graph.in_arcs, graph.out_start, graph.out_arcs, graph.tail, graph.head,
        graph.spread(costs, 0.0), graph.passable, graph.root, graph.target, count, inf,
        graph.spread(waits.rows, -1), waits.by_day, DAY_TICKS, waits.days,
    )  # fmt: skip
    return _pieces(arcs, ends), list(totals), bool(all_of_them)


def _pieces(arcs: Sequence[int], ends: Iterable[int]) -> list[list[int]]:
    """Return the pieces of a list of arcs that stand one after the other."""
    pieces, begin = [], 0
    for end in ends:
        pieces.append(list(arcs[begin:end]))
        begin = end
    return pieces


def _choose(
    book: Roadbook, paths: Sequence[list[int]], totals: Sequence[float], wanted: Wanted
) -> tuple[list[Path], bool]:
    """Return the paths that are wanted, and whether those after the last one do not matter."""
    km = book.networks[0].topology.length_km
    chosen: list[Path] = []
    best = None
    for path, total in zip(paths, totals, strict=True):
        best = total if best is None else best
        full = len(chosen) >= wanted.k
        near = wanted.near_equal is not None and total <= best * (1 + wanted.near_equal)
        if full and (not near or len(chosen) >= wanted.k + MOST_NEAR_EQUAL):
            return chosen, True
        most = min(wanted.max_overlap, NEAR_EQUAL_OVERLAP) if full else wanted.max_overlap
        roads = book.graph.roads(path)
        if most >= 1 or all(shared_share(roads, other, km) <= most for other in chosen):
            chosen.append(roads)
    return chosen, len(chosen) >= wanted.k and wanted.near_equal is None
