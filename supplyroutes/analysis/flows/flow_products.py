"""Several products that share roads, sources and trucks, as one problem.

Each product has the nodes and arcs of the network once more, in the state that its own day
leaves them in; limits bind sums over the products. One product is the same with one layer.

A limit is told for every set of products that it binds together: what a set can have at most.
Where all have the same capacity factor that is one sum over all of them; where a ban thins one
product only, it alone is bound to less, and the sum to what the others have.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, combinations
from math import fsum, inf
from typing import TypeVar

from supplyroutes.analysis.flows.flow_problem import (
    STEP_M3_PER_DAY,
    Limit,
    Need,
    Problem,
    meet,
    problem_of,
    served_from,
)
from supplyroutes.analysis.flows.product_shares import ProductShares
from supplyroutes.commodities import COMMODITIES, covers
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

WHOLE_DAY_H = 24.0
ROOT = "all"
"""The commodity of which all others are parts."""
_Entry = TypeVar("_Entry")
Traffic = Mapping[int, float]
"""Usual fuel traffic of each road that has some, in m3 a day."""
Members = tuple[int, ...]
"""Products by their number, ascending."""


@dataclass(frozen=True)
class Terms:
    """Under which terms trucks drive, and how demand is split.

    `tankers` is how many there are, infinite for no limit; `shares` split demand recorded for all
    fuel, None to take it whole.
    """

    losses: bool = True
    tankers: float = inf
    shares: ProductShares | None = None


Days = Network | Mapping[str, Network]
"""A day for one commodity, or the day of each product."""


def days_of(asked: Days) -> tuple[Network, ...]:
    """Return the days of the products, in the order of the tree of commodities.

    Raises
    ------
    RequestError
        No product, one that is part of another, a day that is not of its product, or days that
        are not of one network, day, season and tracks.
    """
    if isinstance(asked, Network):
        return (asked,)
    if not asked:
        raise RequestError("name at least one product")
    for product, day in asked.items():
        if day.commodity != product:
            raise RequestError(f"the day for {product!a} is one for {day.commodity!a}")
    for one, other in combinations(asked, 2):
        if meet(one, other):
            raise RequestError(f"{one!a} and {other!a} hold the same fuel: name products apart")
    days = [asked[name] for name in COMMODITIES if name in asked]
    kinds = [(day.at, day.view.season, day.view.tracks, day.topology.arc_key()) for day in days]
    if any(kind != kinds[0] for kind in kinds):
        raise RequestError("the products' days are not of one network, day, season and tracks")
    return tuple(days)


def joint_problem(
    days: Sequence[Network], traffic: Sequence[Traffic] | None, terms: Terms
) -> Problem:
    """Return the problem of one day of every product.

    Parameters
    ----------
    days
        The day of each product.
    traffic
        Usual traffic of each product; None where no road is restricted.
    terms
        Losses, tankers, shares.
    """
    whole = None if traffic is None else _together(traffic)
    layers = [problem_of(day, whole, losses=terms.losses, shares=terms.shares) for day in days]
    made = layers[0] if len(layers) == 1 else _shared(days, traffic, _stacked(layers))
    if terms.tankers < inf:
        made = replace(made, limits=(*made.limits, fleet_limit(days, made, terms.tankers)))
    return made


def _together(traffic: Sequence[Traffic]) -> dict[int, float]:
    """Return the traffic of all products by road."""
    roads = sorted({road for one in traffic for road in one})
    return {road: fsum(one.get(road, 0.0) for one in traffic) for road in roads}


def _stacked(layers: Sequence[Problem]) -> Problem:
    """Return the products' problems one after the other, with nothing in common yet."""
    count = layers[0].nodes

    def nodes(lists: Sequence[Sequence[int]]) -> tuple[int, ...]:
        return tuple(node + count * number for number, one in enumerate(lists) for node in one)

    def needs(lists: Sequence[Sequence[Need]]) -> tuple[Need, ...]:
        return tuple(
            replace(need, node=need.node + count * number)
            for number, one in enumerate(lists)
            for need in one
        )

    return Problem(
        nodes=count * len(layers),
        arcs=_joined(one.arcs for one in layers),
        tail=nodes([one.tail for one in layers]),
        head=nodes([one.head for one in layers]),
        keep=_joined(one.keep for one in layers),
        hours=_joined(one.hours for one in layers),
        capacity=_joined(one.capacity for one in layers),
        limited_by=_joined(one.limited_by for one in layers),
        sources=nodes([one.sources for one in layers]),
        supply=_joined(one.supply for one in layers),
        needs=needs([one.needs for one in layers]),
        off_network=needs([one.off_network for one in layers]),
        served=b"".join(one.served for one in layers),
        products=len(layers),
    )


def _joined(lists: Iterable[Sequence[_Entry]]) -> tuple[_Entry, ...]:
    """Return the entries of lists in one."""
    return tuple(chain.from_iterable(lists))


# --- what products share ------------------------------------------------------------------


@dataclass(frozen=True)
class _Sum:
    """What a set of products can have at most, together."""

    members: Members
    room: float
    kind: str


def _shared(days: Sequence[Network], traffic: Sequence[Traffic] | None, made: Problem) -> Problem:
    """Return stacked products under the limits that they share."""
    width = len(made.arcs) // len(days)
    recorded = _recorded(days[0])
    capacity, kinds = [inf] * len(made.arcs), [""] * len(made.arcs)
    limits = []
    for place, arc in enumerate(made.arcs[:width]):
        for one in _on_road(days, traffic, recorded.get(arc // 2, ()), arc):
            places = tuple(place + width * member for member in one.members)
            alone = len(places) == 1 and one.room < capacity[places[0]]
            for at in places:
                if one.room < capacity[at]:
                    capacity[at], kinds[at] = one.room, one.kind
            if not alone:
                limits.append(Limit(one.kind, places, (1.0,) * len(places), one.room))
    limits += _source_limits(days, made)
    served = [
        served_from(
            day,
            [node - made.towns * number
             for node, supply in zip(made.sources, made.supply, strict=True)
             if supply > 0 and node // made.towns == number],
            made.arcs[:width],
            [made.keep[at] > 0 and capacity[at] > 0
             for at in range(width * number, width * (number + 1))],
        )
        for number, day in enumerate(days)
    ]  # fmt: skip
    return replace(
        made,
        capacity=tuple(capacity),
        limited_by=tuple(kinds),
        served=b"".join(served),
        limits=tuple(limits),
    )


def _recorded(network: Network) -> dict[int, list[tuple[str, float, str]]]:
    """Return what is recorded of each road: for which commodity, the limit, and its kind."""
    index = network.topology.edge_index
    roads = network.tables.roads.columns
    found: dict[int, list[tuple[str, float, str]]] = {}
    for edge, capacity in zip(roads["edge"], roads["capacity_m3_per_day"], strict=True):
        if capacity is not None:
            found.setdefault(index[edge], []).append((ROOT, capacity, "road"))
    for row in network.tables.limits.rows():
        told = row["commodity"], row["limit_m3_per_day_best"], "border"
        found.setdefault(index[row["edge"]], []).append(told)
    return found


def _on_road(
    days: Sequence[Network],
    traffic: Sequence[Traffic] | None,
    recorded: Sequence[tuple[str, float, str]],
    arc: int,
) -> list[_Sum]:
    """Return what sets of products can send over an arc, the tightest first.

    A recorded limit binds the products of its commodity; on those that no limit binds, a factor
    is a share of their usual traffic, as for one product.
    """
    factors = [day.state.capacity_factor[arc] for day in days]
    loose = set(range(len(days)))
    found = []
    for commodity, limit, kind in recorded:
        bound = {number for number, day in enumerate(days) if covers(commodity, day.commodity)}
        loose -= bound
        found += [
            _Sum(members, level * limit, kind if level > 0 else "closed")
            for level, members in _levels(factors, bound)
        ]
    least = days[0].assumptions["least_usual_m3_per_day"].best
    for level, members in _levels(factors, loose):
        if level <= 0:
            found.append(_Sum(members, 0.0, "closed"))
        elif level < 1 and traffic is not None:
            usual = fsum(traffic[number].get(arc // 2, 0.0) for number in members)
            found.append(_Sum(members, level * max(usual, least), "usual"))
    return _binding(found)


def _levels(factors: Sequence[float], bound: Collection[int]) -> Iterator[tuple[float, Members]]:
    """Yield each capacity factor of some products, with those that have no more than it."""
    for level in sorted({factors[number] for number in bound}):
        yield level, tuple(sorted(number for number in bound if factors[number] <= level))


def _binding(sums: Sequence[_Sum]) -> list[_Sum]:
    """Return the limits that no limit on more products implies, the tightest first.

    Nor would it if it were larger by the step in which the gain of more room is asked for.

    >>> _binding([_Sum((0,), 9, "road"), _Sum((0, 1), 5, "border"), _Sum((0, 1), 7, "road")])
    [_Sum(members=(0, 1), room=5, kind='border')]
    """
    order = sorted(sums, key=lambda one: (one.room, -len(one.members), one.members))
    kept: list[_Sum] = []
    for one in order:
        members = set(one.members)
        if not any(
            set(other.members) == members
            or (set(other.members) > members and other.room + STEP_M3_PER_DAY <= one.room)
            for other in kept
        ):
            kept.append(one)
    return kept


def _source_limits(days: Sequence[Network], made: Problem) -> Iterator[Limit]:
    """Yield what sets of products can take together at each source.

    A row of the supply table serves the products that it meets: a set takes no more than the rows
    that any of it can take from. For all sets this is just what some sharing of the rows allows
    (Gale 1957; Hoffman 1960).
    """
    offered: dict[int, list[tuple[list[float], float]]] = {}
    index = days[0].topology.node_index
    for row in days[0].tables.supply.rows():
        node = index[row["node"]]
        factors = [
            day.state.supply_factor[node] if meet(row["commodity"], day.commodity) else 0.0
            for day in days
        ]
        offered.setdefault(node, []).append((factors, row["supply_m3_per_day_best"]))
    at = {node: len(made.arcs) + place for place, node in enumerate(made.sources)}
    for node in sorted(offered):
        members = [number for number in range(len(days)) if node + made.towns * number in at]
        rooms = {
            group: _offer(offered[node], group)
            for size in range(1, len(members) + 1)
            for group in combinations(members, size)
        }
        for group, room in rooms.items():
            apart = fsum(rooms[(number,)] for number in group)
            wider = any(set(other) > set(group) and rooms[other] <= room for other in rooms)
            if len(group) > 1 and room < apart and not wider:
                places = tuple(at[node + made.towns * number] for number in group)
                yield Limit("source", places, (1.0,) * len(places), room)


def _offer(rows: Sequence[tuple[list[float], float]], group: Members) -> float:
    """Return what rows of supply hold for a set of products: a factor of each, and an amount."""
    return fsum(max(factors[number] for number in group) * amount for factors, amount in rows)


# --- trucks -------------------------------------------------------------------------------


def fleet_limit(days: Sequence[Network], problem: Problem, tankers: float) -> Limit:
    """Return the limit of so many tankers, in m3 that they hold.

    By Little's law (1961) the fuel on the road is what is sent in a day times the days that a
    truck needs, there and back; all that must fit into the tanks.
    """
    cycle = cycle_days(days, problem)
    places = tuple(place for place, share in enumerate(cycle) if share > 0)
    load = days[0].assumptions["tanker_load_m3"].best
    return Limit("fleet", places, tuple(cycle[place] for place in places), tankers * load)


def cycle_days(days: Sequence[Network], problem: Problem) -> list[float]:
    """Return the days that a truck needs for each arc of a problem, there and empty back.

    Driving takes `driving_day_h` hours of each day; waits at borders and checkpoints, and delays,
    run by the clock. The empty truck takes as long as the full one.
    """
    width = len(problem.arcs) // len(days)
    found = []
    for number, day in enumerate(days):
        top, delay = day.topology, day.state.delay_h
        drive = top.drive_wet_h if day.view.season == "wet" else top.drive_dry_h
        of_a_day = day.assumptions["driving_day_h"].best
        found += [
            2 * (drive[arc] / of_a_day + (top.dwell_h[arc] + delay[arc]) / WHOLE_DAY_H)
            for arc in problem.arcs[width * number : width * (number + 1)]
        ]
    return found
