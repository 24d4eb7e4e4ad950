"""How one town differs between two sides, with the proof: arcs, sources and reports."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import inf
from typing import Any, Literal, Protocol

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.analysis.corridors import CorridorStates
from supplyroutes.analysis.isolation import (
    ISOLATED,
    NOT_ON_NETWORK,
    STATES,
    Isolation,
    free_arcs,
    passable_arcs,
)
from supplyroutes.analysis.why.cuts import side_of
from supplyroutes.core import Tables
from supplyroutes.network import Network

SAME_TIME_H = 0.5
"""Truck times that differ by no more are taken as the same."""
Measure = Literal["state", "time", "approaches"]
Reason = Literal["reports", "effect", "commodity", "network view", "assumptions"]
COMPARED = ("state", "approaches", "approaches_free", "travel_time_h")
"""What differences tell of both sides."""
COLUMNS = (
    "name",
    "population",
    "measure",
    "worse",
    *(f"{name}{side}" for name in COMPARED for side in ("_reference", "")),
    "approaches_baseline",
    "reason",
    "reports",
    "arcs",
    "lost_sources",
)


class Standing(Protocol):
    """How things stand in a network, worked out: what `comparison_of` sets side by side."""

    @property
    def day(self) -> Network:
        """The network."""

    @property
    def isolation(self) -> Isolation:
        """The states of its towns, approaches included."""

    @property
    def corridors(self) -> CorridorStates:
        """The states of its corridors."""


def or_inf(time: Any) -> float:
    """Return a truck time, infinite where there is no way."""
    return inf if time is None or time != time else float(time)  # noqa: PLR0124


def apart(one: float, other: float) -> bool:
    """Tell whether two truck times differ."""
    return one != other and abs(one - other) > SAME_TIME_H


class Side:
    """One entry: the columns that are compared, and what proofs need, worked out when needed."""

    def __init__(self, entry: str, standing: Standing) -> None:
        self.entry = entry
        self.day = standing.day
        self.towns = standing.isolation.towns
        self.cuts = standing.isolation.cuts.tolist()
        self.states = [STATES.index(state) for state in self.towns["state"]]
        self.times = [or_inf(time) for time in self.towns["travel_time_h"]]
        self.sources = frozenset(self.day.sources())
        self.ways = self._ways("approaches")
        self.free_ways = self._ways("approaches_free")

    def _ways(self, column: str) -> list[float]:
        """Return the approaches of every town; a source needs none."""
        return [
            inf if node in self.sources else count for node, count in enumerate(self.towns[column])
        ]

    @cached_property
    def passable(self) -> bytearray:
        """The arcs that anything passes."""
        return passable_arcs(self.day)

    @cached_property
    def free(self) -> bytearray:
        """The arcs that lone trucks pass."""
        return free_arcs(self.day)

    @cached_property
    def arc_of(self) -> dict[str, int]:
        """The number of each arc by its name."""
        top = self.day.topology
        return {top.arc_name(arc): arc for arc in range(len(top.tail))}

    @cached_property
    def _best(self) -> tuple[list[float], list[int], list[int]]:
        """Best passable time, last arc and source of every town."""
        top = self.day.topology
        return nearest_source(
            top.out_start, top.out_arcs, top.head, self.day.time_h, self.passable,
            sorted(self.sources),
        )  # fmt: skip

    def best_path(self, node: int) -> tuple[list[int], int]:
        """Return the arcs of a town's best passable path, and its source."""
        _, arc_in, source = self._best
        return path_to(node, arc_in, self.day.topology.tail), source[node]

    def bottleneck(self, node: int, passes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the arcs into the side of the minimum cut that holds a town, and that side."""
        top = self.day.topology
        arcs = [arc for arc, passable in enumerate(passes) if passable]
        side = side_of(top, arcs, [1] * len(arcs), sorted(self.sources), (), node)
        inside = (
            [node] if side is None else [place for place in range(len(top.node_ids)) if side[place]]
        )
        held = frozenset(inside)
        entering = [
            arc
            for arc, (tail, head) in enumerate(zip(top.tail, top.head, strict=True))
            if head in held and tail not in held
        ]
        return entering, inside

    def named(self, arc: int, *, slowing: bool) -> frozenset[str]:
        """Return the reports on an arc, those that only slow it if wanted."""
        state = self.day.state
        return frozenset((*state.reports[arc], *(state.delayed_by[arc] if slowing else ())))

    def effect(self, arc: int) -> tuple[int, float, float]:
        """Return what all reports together do to an arc."""
        state = self.day.state
        return state.status[arc], state.capacity_factor[arc], state.delay_h[arc]


@dataclass(frozen=True)
class _Gap:
    """A town that is worse off on one side: by what measure, and on which arcs and sources."""

    measure: Measure
    worse: Side
    better: Side
    arcs: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()

    def told(self) -> tuple[Reason, tuple[str, ...]]:
        """Return why the town differs, and the reports that made the difference.

        Between two commodities or views the reports named are those that act on one side only;
        that they alone make the difference is not proven.
        """
        new: Counter[str] = Counter()
        standing: Counter[str] = Counter()
        for worse, better, other_effect in self._places():
            new.update(worse - better)
            standing.update(worse if other_effect else ())
        other = self._other_reason()
        if other != "assumptions":
            return other, _by_count(new or standing)
        if new:
            return "reports", _by_count(new)
        if standing:
            return "effect", _by_count(standing)
        return other, ()

    def _places(self) -> Iterator[tuple[frozenset[str], frozenset[str], bool]]:
        """Yield for each arc and lost source the reports on both sides, and if effects differ.

        What only slows trucks is no reason why an arc is closed to them.
        """
        for arc in self.arcs:
            slowing = self.measure == "time" and bool(self.worse.passable[arc])
            worse, better = (side.named(arc, slowing=slowing) for side in (self.worse, self.better))
            yield worse, better, self.worse.effect(arc) != self.better.effect(arc)
        for node in self.lost:
            states = (self.worse.day.state, self.better.day.state)
            worse, better = (frozenset(state.node_reports[node]) for state in states)
            yield worse, better, states[0].supply_factor[node] != states[1].supply_factor[node]

    def _other_reason(self) -> Reason:
        """Return what else the two sides do not share."""
        one, other = self.worse.day, self.better.day
        if one.commodity != other.commodity:
            return "commodity"
        views = ((day.view.season, day.view.tracks) for day in (one, other))
        if len(set(views)) > 1 or not _same_tables(one.tables, other.tables):
            return "network view"
        return "assumptions"


def _same_tables(one: Tables, other: Tables) -> bool:
    """Tell whether two networks were read from equal tables."""
    return one is other or all(
        getattr(one, table).columns == getattr(other, table).columns for table in Tables.__slots__
    )


def _by_count(counts: Counter[str]) -> tuple[str, ...]:
    """Return names, the most frequent first, then by name."""
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def rows(reference: Side, other: Side) -> Iterator[dict[str, Any]]:
    """Yield the towns that differ: those of another state first, then the largest."""
    gaps = {
        node: gap
        for node in range(len(reference.states))
        if (gap := _gap(node, reference, other)) is not None
    }
    people = [count or 0 for count in reference.day.tables.towns.columns["population"]]
    ids = reference.day.topology.node_ids
    names = other.day.topology.arc_name
    for node in sorted(gaps, key=lambda node: (gaps[node].measure != "state", -people[node], node)):
        gap = gaps[node]
        reason, reports = gap.told()
        row = {"node": ids[node], "entry": other.entry, "measure": gap.measure}
        row |= {name: reference.towns[name].iloc[node] for name in ("name", "population")}
        for name in COMPARED:
            row[f"{name}_reference"] = reference.towns[name].iloc[node]
            row[name] = other.towns[name].iloc[node]
        yield row | {
            "worse": gap.worse.entry,
            "approaches_baseline": reference.towns["approaches_baseline"].iloc[node],
            "reason": reason,
            "reports": reports,
            "arcs": tuple(names(arc) for arc in gap.arcs),
            "lost_sources": tuple(ids[place] for place in gap.lost),
        }


def _gap(node: int, one: Side, other: Side) -> _Gap | None:
    """Return how a town differs between two entries; None if it does not."""
    if one.states[node] != other.states[node]:
        better, worse = sorted((one, other), key=lambda side: side.states[node])
        return _state_gap(node, worse, better)
    if apart(one.times[node], other.times[node]):
        better, worse = sorted((one, other), key=lambda side: side.times[node])
        return _time_gap(node, worse, better)
    if one.ways[node] != other.ways[node]:
        better, worse = sorted((one, other), key=lambda side: -side.ways[node])
        return _approach_gap(node, worse, better, (worse.passable, better.passable))
    if one.free_ways[node] != other.free_ways[node]:
        better, worse = sorted((one, other), key=lambda side: -side.free_ways[node])
        return _approach_gap(node, worse, better, (worse.free, better.free))
    return None


def _state_gap(node: int, worse: Side, better: Side) -> _Gap:
    """Return the arcs of the worse side's cut, and the lost sources, that the better side uses.

    A town that is not on the network has no cut: no report has taken it off.
    """
    if worse.states[node] == NOT_ON_NETWORK:
        return _Gap("state", worse, better)
    passes = better.passable if worse.states[node] == ISOLATED else better.free
    cut = (worse.arc_of[name] for name in worse.cuts[node])
    index = worse.day.topology.node_index
    lost = (index[source] for source in worse.towns["lost_sources"].iloc[node])
    return _Gap(
        "state",
        worse,
        better,
        tuple(arc for arc in cut if passes[arc]),
        tuple(source for source in lost if source in better.sources),
    )


def _time_gap(node: int, worse: Side, better: Side) -> _Gap:
    """Return the arcs of the better side's best path that are closed or slower on the worse."""
    path, source = better.best_path(node)
    slow, fast = worse.day.time_h, better.day.time_h
    arcs = tuple(arc for arc in path if not worse.passable[arc] or slow[arc] > fast[arc])
    return _Gap("time", worse, better, arcs, () if source in worse.sources else (source,))


def _approach_gap(
    node: int, worse: Side, better: Side, passes: tuple[Sequence[int], Sequence[int]]
) -> _Gap:
    """Return the arcs of the worse side's minimum cut around a town that only the better has."""
    entering, inside = worse.bottleneck(node, passes[0])
    return _Gap(
        "approaches",
        worse,
        better,
        tuple(arc for arc in entering if passes[1][arc] and not passes[0][arc]),
        tuple(place for place in inside if place in better.sources and place not in worse.sources),
    )
