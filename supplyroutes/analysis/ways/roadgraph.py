"""The arcs that a trip may use as one flat graph, with the days on which they can be entered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import TypeVar

from supplyroutes.analysis.ways.trips import Course, Trip, accepted_arcs, course_of
from supplyroutes.core import incidence
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

TICKS_PER_HOUR = 1e9
"""Times are searched in whole ticks, so that sums are exact and equal times are equal."""
DAY_TICKS = 24 * TICKS_PER_HOUR


_Number = TypeVar("_Number", int, float)


@dataclass(frozen=True)
class RoadGraph:
    """Flat arrays: a root, from which an arc leads to every start, and the arcs of the trip.

    With towns to pass there is a copy of the network for each part of the trip; the arc into a
    town to pass leads on in the next copy. So arc a of copy i has the number ``i * arcs + a``.
    """

    arcs: int
    nodes: int
    copies: int
    root: int
    target: int
    tail: Sequence[int]
    head: Sequence[int]
    in_start: Sequence[int]
    in_arcs: Sequence[int]
    out_start: Sequence[int]
    out_arcs: Sequence[int]
    passable: bytearray

    def spread(self, values: Sequence[_Number], rest: _Number) -> list[_Number]:
        """Return values of the arcs of the network for all arcs; `rest` for those of the root."""
        whole = list(values) * self.copies
        return whole + [rest] * (len(self.tail) - len(whole))

    def roads(self, path: Sequence[int]) -> tuple[int, ...]:
        """Return a path in arcs of the network, without the arc of the root."""
        return tuple(arc % self.arcs for arc in path[1:])


def road_graph(day: Network, course: Course, allowed: Sequence[int]) -> RoadGraph:
    """Return the graph of a trip over the allowed arcs.

    No arc of the first part leads into a start: a path that runs through another source is that
    source's path. A path without loops in this graph is one without loops in each of its parts.
    """
    top = day.topology
    nodes, arcs = len(top.node_ids), len(top.tail)
    copies = len(course.via) + 1
    stops = (*course.via, course.to)
    starts = set(course.origins)
    tail: list[int] = []
    head: list[int] = []
    passable = bytearray()
    for copy, stop in enumerate(stops):
        onward = nodes if copy < len(course.via) else 0
        closed = starts if copy == 0 else ()
        tail += [copy * nodes + node for node in top.tail]
        head += [copy * nodes + node + (onward if node == stop else 0) for node in top.head]
        passable += bytearray(
            bool(ok and node not in closed) for ok, node in zip(allowed, top.head, strict=True)
        )
    root = copies * nodes
    for origin in sorted(starts):
        copy = 1 if course.via and origin == stops[0] else 0
        tail.append(root)
        head.append(copy * nodes + origin)
        passable.append(1)
    in_start, in_arcs = incidence(head, root + 1)
    out_start, out_arcs = incidence(tail, root + 1)
    return RoadGraph(
        arcs=arcs,
        nodes=nodes,
        copies=copies,
        root=root,
        target=(copies - 1) * nodes + course.to,
        tail=tail,
        head=head,
        in_start=in_start,
        in_arcs=in_arcs,
        out_start=out_start,
        out_arcs=out_arcs,
        passable=passable,
    )


class Roadbook:
    """What each arc costs a trip, day by day: one day, or all of a timeline from then on."""

    def __init__(self, day: Network, to: str, trip: Trip) -> None:
        self.trip = trip
        self.course = course_of(day, to, trip)
        self.networks = [day]
        if trip.days is not None:
            self.networks = _from_day(day, trip)
        accepted: dict[int, bytearray] = {}
        for network in self.networks:
            if id(network.state) not in accepted:
                accepted[id(network.state)] = accepted_arcs(network, trip.accepts)
        self.accepted = [accepted[id(network.state)] for network in self.networks]
        self.ticks = ticks_by_state(self.networks)
        self.kinds, self.kind_of = _kinds(self.networks)

    @property
    def waits(self) -> bool:
        """Tell whether trucks may wait for a later day."""
        return self.trip.days is not None

    @cached_property
    def allowed(self) -> bytearray:
        """For every arc whether the trip may use it on some day."""
        some = bytearray(self.accepted[0])
        for accepted in {id(entry): entry for entry in self.accepted[1:]}.values():
            for arc, ok in enumerate(accepted):
                some[arc] |= ok
        return bytearray(
            bool(ok and not avoided) for ok, avoided in zip(some, self.course.avoided, strict=True)
        )

    @cached_property
    def at_first(self) -> bytearray:
        """For every arc whether the trip may use it on the day of departure."""
        return bytearray(
            bool(ok and not avoided)
            for ok, avoided in zip(self.accepted[0], self.course.avoided, strict=True)
        )

    @cached_property
    def graph(self) -> RoadGraph:
        """The graph of the trip."""
        return road_graph(self.networks[0], self.course, self.allowed)

    @cached_property
    def schedule(self) -> tuple[list[int], list[float]]:
        """For every arc its row of `by_day`, or -1 if it costs the same on all days; and the rows.

        A row holds the ticks of an arc by day, infinite where it cannot be entered.
        """
        rows = [-1] * len(self.allowed)
        by_day: list[float] = []
        if len(self.kinds) > 1:
            for arc, ok in enumerate(self.allowed):
                costs = [self.cost(arc, number) for number in self.kinds] if ok else []
                if len(set(costs)) > 1:
                    rows[arc] = len(by_day) // len(self.networks)
                    by_day += [costs[kind] for kind in self.kind_of]
        return rows, by_day

    @cached_property
    def least(self) -> list[float]:
        """For every arc its least ticks on any day; what is not allowed counts nothing."""
        if len(self.kinds) == 1:
            return self.ticks[0]
        return [
            min(self.cost(arc, number) for number in self.kinds) if ok else 0.0
            for arc, ok in enumerate(self.allowed)
        ]

    def cost(self, arc: int, number: int) -> float:
        """Return the ticks of an arc entered on a day; infinite if it cannot be."""
        return self.ticks[number][arc] if self.accepted[number][arc] else inf

    def enter(self, arc: int, now: float) -> tuple[int, float]:
        """Return the number of the day on which an arc is best entered, and when, in ticks.

        The first day on which entering arrives earliest, as `k_shortest` has it.
        """
        first = int(now // DAY_TICKS)
        if not self.waits:
            return 0, now
        ways = (
            (max(now, number * DAY_TICKS) + self.cost(arc, number), number)
            for number in range(first, len(self.networks))
        )
        _, number = min(ways)
        return number, max(now, number * DAY_TICKS)


def _kinds(networks: Sequence[Network]) -> tuple[list[int], list[int]]:
    """Return the first day of each state, and for every day which of those states it has."""
    place: dict[int, int] = {}
    first: list[int] = []
    kind_of: list[int] = []
    for number, network in enumerate(networks):
        if id(network.state) not in place:
            place[id(network.state)] = len(first)
            first.append(number)
        kind_of.append(place[id(network.state)])
    return first, kind_of


def ticks_by_state(networks: Sequence[Network]) -> list[list[float]]:
    """Return for every day the ticks of every arc; days of one state share a list."""
    known: dict[int, list[float]] = {}
    for network in networks:
        if id(network.state) not in known:
            known[id(network.state)] = in_ticks(network.time_h)
    return [known[id(network.state)] for network in networks]


def in_ticks(hours: Sequence[float]) -> list[float]:
    """Return hours as whole ticks."""
    return [float(round(value * TICKS_PER_HOUR)) for value in hours]


def _from_day(day: Network, trip: Trip) -> list[Network]:
    """Return the days of a trip's timeline, the day of departure first."""
    days = trip.days
    if days is None or day.at is None:
        raise RequestError("waiting needs a day of departure: pass the network of a day")
    same = days.base.topology.arc_key() == day.topology.arc_key()
    if not same or days.commodity != day.commodity:
        raise RequestError("the timeline is not of this network and commodity")
    told = days[day.at]
    if told.view != day.view or told.assumptions != day.assumptions:
        raise RequestError("the timeline has another season, tracks or assumptions than the day")
    if told.base_time_h != day.base_time_h or told.usable != day.usable:
        raise RequestError("the timeline has other roads than the day")
    if told.state != day.state:
        raise RequestError(f"the timeline tells another state of {day.at} than the day itself")
    return [network for when, network in days if when >= day.at]
