"""Why a town is cut off, by trying: every set of reports lifted, every road and town removed.

Lifting goes by the public way: one more report that ends the others on the day. Reach is a plain
walk over the roads of the day.
"""

from collections.abc import Collection, Iterable
from datetime import date
from itertools import combinations
from math import factorial

import supplyroutes as sr

Arc = tuple[str, str, str]
STATES = ("supplied", "strained", "isolated", "not_on_network")


def lifted(events: sr.Events, reports: Iterable[str], day: date) -> sr.Events:
    """The events with one more report that ends these on the day."""
    ends = tuple(reports)
    if not ends:
        return events
    more = {
        "event": "zz_lift", "start": day, "kind": "road_reopened", "basis": "reported",
        "scope": "country", "ends": ends, "confidence": "A", "text": "x", "source": "assumption",
    }  # fmt: skip
    return events.adding(more)


def arcs(day: sr.Network, *, free: bool) -> set[Arc]:
    """The directions of roads that anything passes, or lone trucks pass freely."""
    top, state = day.topology, day.state
    share = day.assumptions["strained_capacity_share"].best
    return {
        (top.edge_ids[arc // 2], top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]])
        for arc in range(len(top.tail))
        if day.usable[arc] and state.capacity_factor[arc] > 0
        if not free or (state.status[arc] <= 1 and state.capacity_factor[arc] >= share)
    }


def sources(day: sr.Network) -> set[str]:
    """The towns where the commodity enters."""
    return {day.topology.node_ids[number] for number in day.sources()}


def joined(ways: Collection[Arc], starts: Collection[str], town: str) -> bool:
    """Whether a town is reached over these directions of roads."""
    seen = set(starts)
    while True:
        more = {head for _, tail, head in ways if tail in seen} - seen
        if not more:
            return town in seen
        seen |= more


def state_of(network: sr.Network, events: sr.Events, day: date, commodity: str, town: str) -> str:
    """The state of a town on a day."""
    now = sr.disrupt(network, events, at=day, commodity=commodity)
    before = network.asking(commodity, at=None, state=network.state)
    if joined(arcs(now, free=True), sources(now), town):
        return "supplied"
    if joined(arcs(now, free=False), sources(now), town):
        return "strained"
    return "isolated" if joined(arcs(before, free=False), sources(before), town) else STATES[3]


class Subsets:
    """The state of a town for every set of reports lifted."""

    def __init__(
        self, network: sr.Network, events: sr.Events, day: date, commodity: str, town: str
    ) -> None:
        self.reports = [
            report.event
            for report in events
            if report.start <= day and report.status != "retracted"
        ]
        self.state = {
            frozenset(found): state_of(network, lifted(events, found, day), day, commodity, town)
            for size in range(len(self.reports) + 1)
            for found in combinations(self.reports, size)
        }

    def smallest(self, goal: str) -> list[tuple[str, ...]]:
        """All smallest sets whose lifting brings the town to the goal, in order."""
        good = [
            found
            for found, state in self.state.items()
            if STATES.index(state) <= STATES.index(goal)
        ]
        least = min(map(len, good), default=-1)
        return sorted(tuple(sorted(found)) for found in good if len(found) == least)

    def shapley(self, state: str) -> dict[str, float]:
        """The share of each report in the town being in this state or a worse one."""
        everyone = frozenset(self.reports)

        def value(acting: frozenset[str]) -> int:
            return STATES.index(self.state[everyone - acting]) >= STATES.index(state)

        count = len(self.reports)
        shares = {}
        for report in self.reports:
            others = [other for other in self.reports if other != report]
            shares[report] = sum(
                factorial(size) * factorial(count - 1 - size) / factorial(count)
                * (value(frozenset(found) | {report}) - value(frozenset(found)))
                for size in range(count)
                for found in combinations(others, size)
            )  # fmt: skip
        return {report: share for report, share in shares.items() if share > 0}


def needed(ways: Collection[Arc], starts: Collection[str], town: str) -> set[tuple[str, str]]:
    """The roads and towns without which a joined town is not joined, the town itself aside."""
    found = set()
    for road in {road for road, _, _ in ways}:
        if not joined([arc for arc in ways if arc[0] != road], starts, town):
            found.add(("road", road))
    for node in {end for _, *ends in ways for end in ends} | set(starts):
        left = [arc for arc in ways if node not in arc[1:]]
        if node != town and not joined(left, set(starts) - {node}, town):
            found.add(("town", node))
    return found
