"""What removals cost in time to the nearest source, and whom they cut off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from supplyroutes._kernels.removal import each_arc, each_set
from supplyroutes.analysis.compiling import fast
from supplyroutes.analysis.losses.removals import Removals, SupplyTree
from supplyroutes.analysis.ways.roadgraph import TICKS_PER_HOUR

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Cost:
    """What one removal costs.

    `late` is how much later the demand still joined is reached (m3 a day x h, summed); then what
    is cut off.
    """

    late: float = 0.0
    demand: float = 0.0
    people: float = 0.0
    towns: int = 0


@dataclass(frozen=True)
class Exposure:
    """What single removals do to one town: hours later at worst and in all, cuts; `worst` by."""

    worst_h: float = 0.0
    worst: int = -1
    sum_h: float = 0.0
    cuts: int = 0


@dataclass(frozen=True)
class Singles:
    """What each removal alone costs, by its place, and what that does to each town reached."""

    costs: list[Cost]
    exposure: dict[int, Exposure]


def single_costs(tree: SupplyTree, things: Removals, *, roads: bool) -> Singles:
    """Return what each thing costs, removed alone.

    Roads are removed all at once by `each_arc`: of the two directions of a road at most one is on
    the tree of best paths, and without the other nothing is later.
    """
    if not roads:
        return _of_sets(tree, [_arcs(tree, things, k) for k in _all(things)])
    found: Any = fast(each_arc, len(tree.tail))(
        tree.tail, tree.head, tree.cost, tree.passable, tree.best, tree.arc_in, tree.root,
        tree.roads, tree.demand, tree.people, tree.wanted,
    )  # fmt: skip
    arcs, late, demand, people, count, *towns = found
    place = {arc: at for at, both in enumerate(things.arcs) for arc in both}
    costs = [Cost()] * len(things.ids)
    for arc, *values in zip(arcs, late, demand, people, count, strict=True):
        if arc < tree.roads:
            costs[place[arc]] = _cost(*values)
    return Singles(costs, _exposure(towns, [place.get(arc, -1) for arc in towns[2]]))


def pair_costs(
    tree: SupplyTree, things: Removals, progress: Progress | None
) -> dict[tuple[int, int], Cost]:
    """Return what each pair costs that costs anything; the lower place first."""
    sets = [_arcs(tree, things, k) for k in _all(things)]
    on_tree = {arc for arc in tree.arc_in if arc >= 0}
    hangs = [not on_tree.isdisjoint(arcs) for arcs in sets]
    found: dict[tuple[int, int], Cost] = {}
    for first, arcs in enumerate(sets):
        others = [k for k in range(first + 1, len(sets)) if hangs[first] or hangs[k]]
        if others:
            costs = _of_sets(tree, [arcs + sets[k] for k in others]).costs
            found |= {
                (first, k): cost
                for k, cost in zip(others, costs, strict=True)
                if cost.late > 0 or cost.towns > 0
            }
        if progress is not None:
            progress(first + 1, len(sets))
    return found


def _all(things: Removals) -> range:
    """Return the places of all things."""
    return range(len(things.ids))


def _arcs(tree: SupplyTree, things: Removals, place: int) -> list[int]:
    """Return the arcs of a thing, those from the root to its sources too."""
    return [*things.arcs[place], *(tree.arc_to(source) for source in things.sources[place])]


def _of_sets(tree: SupplyTree, sets: Sequence[Sequence[int]]) -> Singles:
    """Return what each set of arcs costs, and what that does to towns."""
    start = [0]
    for arcs in sets:
        start.append(start[-1] + len(arcs))
    found: Any = fast(each_set, len(tree.tail))(
        tree.tail, tree.head, tree.cost, tree.passable, tree.best, tree.arc_in, tree.root,
        start, [arc for arcs in sets for arc in arcs], tree.demand, tree.people, tree.wanted,
    )  # fmt: skip
    late, demand, people, count, *towns = found
    costs = [_cost(*values) for values in zip(late, demand, people, count, strict=True)]
    return Singles(costs, _exposure(towns, towns[2]))


def _cost(late: float, demand: float, people: float, count: float) -> Cost:
    """Return a cost in hours."""
    return Cost(late / TICKS_PER_HOUR, demand, people, int(count))


def _exposure(towns: Sequence[Any], worst_by: Sequence[int]) -> dict[int, Exposure]:
    """Return the exposure of each town in hours."""
    nodes, worst, _, total, cuts = towns
    rows = zip(nodes, worst, worst_by, total, cuts, strict=True)
    return {
        node: Exposure(late / TICKS_PER_HOUR, by, all_late / TICKS_PER_HOUR, times)
        for node, late, by, all_late, times in rows
    }
