"""Convoys: batches of tankers that leave together, drive under escort, and are lost together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from itertools import pairwise
from statistics import median

from supplyroutes.analysis.stores.transit import DAY_H, Moved, Roads, roads_of
from supplyroutes.core import ESCORTED, REFUSED, State
from supplyroutes.dates import ONE_DAY
from supplyroutes.disruption import Timeline
from supplyroutes.events import Events
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.reported import Report

LEAST_HIT_SHARE, MOST_HIT_SHARE = 0.2, 1.0
"""An attack that strikes a convoy destroys a share between these, every share alike."""
MEAN_HIT_SHARE = (LEAST_HIT_SHARE + MOST_HIT_SHARE) / 2
SIZED = frozenset({"convoy_arrival", "escort_convoy", "convoy_attack"})
"""Kinds of report that tell of a convoy."""


@dataclass(frozen=True)
class Convoy:
    """Tankers that drive together.

    Attributes
    ----------
    convoy
        Its id: the report that tells of it, or a name of one's own.
    corridor
        The corridor that it drives, from its origin.
    town
        Number of the town where it unloads.
    path
        The arcs from the source to that town.
    tankers
        How many tankers leave.
    leaves
        The day on which it leaves.
    arrives
        The day on which it arrived, if that is recorded: it then drives whatever is told of the
        roads. None: it is found day by day.
    lost
        Tankers lost on the way, if that is recorded; else None.
    """

    convoy: str
    corridor: str
    town: int
    path: tuple[int, ...]
    tankers: float
    leaves: date
    arrives: date | None = None
    lost: float | None = None


def recorded_convoys(network: Network, events: Events) -> list[Convoy]:
    """Return the convoys of known size that reports tell of, in order of arrival.

    A convoy that arrived, or was escorted, did so on the last day of its report; one that was
    attacked reached its destination that day with what was not destroyed, for want of a better
    record. It goes to the town that the report names on the corridor, else to the corridor's end.
    Reports of one incident tell of one convoy.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The reports, as known.
    """
    arcs_of = Gazetteer(network).corridor_arcs
    found: dict[str, Convoy] = {}
    for report in sorted(events, key=lambda report: (report.start, report.event)):
        corridor = report.corridor[0] if len(report.corridor) == 1 else None
        if report.kind not in SIZED or not report.convoy_size or corridor not in arcs_of:
            continue
        convoy = _recorded(network, report, corridor, arcs_of[corridor])
        found.setdefault(report.incident or report.event, convoy)
    return sorted(found.values(), key=lambda convoy: (convoy.arrives or date.max, convoy.convoy))


def _recorded(network: Network, report: Report, corridor: str, arcs: Sequence[int]) -> Convoy:
    """Return the convoy of a report."""
    top = network.topology
    named = {top.node_index[node] for node in report.nodes}
    path = list(arcs)
    for place, arc in enumerate(arcs, 1):
        if top.head[arc] in named:
            path = list(arcs[:place])
    arrived = report.end or report.start
    days = convoy_days(network, path)
    return Convoy(
        convoy=report.event,
        corridor=corridor,
        town=top.head[path[-1]],
        path=tuple(path),
        tankers=float(report.convoy_size or 0),
        leaves=arrived - timedelta(days=days),
        arrives=arrived,
        lost=float(report.tankers_best or 0),
    )


def convoy_roads(roads: Roads) -> Roads:
    """Return the roads of a day as a convoy drives them: slower by `convoy_speed_ratio`."""
    ratio = roads.day.assumptions["convoy_speed_ratio"].best
    return replace(roads, clock_h=tuple(hours / ratio for hours in roads.clock_h))


def convoy_days(network: Network, path: Sequence[int]) -> int:
    """Return the evenings that a convoy spends on a path of the undisturbed network."""
    return convoy_roads(roads_of(network.undisturbed())).lag_days(path)


@dataclass
class _Driving:
    """A convoy under way: where it stands, what is left of it, and who has struck it."""

    convoy: Convoy
    tankers: float
    place: int = 0
    left_h: float = 0.0
    risk: dict[str, float] = field(default_factory=dict)
    struck: dict[str, float] = field(default_factory=dict)


class ConvoyRun:
    """Convoys day by day.

    A convoy enters no closed road: it waits. On each road at risk it loses the day's share on
    average (`seed` None), or each report behind the risk is one draw for the whole convoy: usually
    nothing, else 20 to 100 % of it, keyed by seed, convoy and report. What is recorded of a
    convoy's arrival and losses stands, whatever the roads are told to be.

    Parameters
    ----------
    network
        The undisturbed network.
    convoys
        The convoys.
    seed
        None for averages, else the seed of the draws.
    """

    def __init__(self, network: Network, convoys: Iterable[Convoy], seed: int | None) -> None:
        self._waiting = sorted(convoys, key=lambda convoy: (convoy.leaves, convoy.convoy))
        self._tail, self._seed = network.topology.tail, seed
        self._driving: list[_Driving] = []

    def leaving(self, day: Network, idle: float) -> float:
        """Let the convoys of a day leave, as far as tankers are idle; return how many leave."""
        left = 0.0
        while self._waiting and day.at is not None and self._waiting[0].leaves <= day.at:
            convoy = self._waiting.pop(0)
            if convoy.arrives is not None and convoy.arrives < day.at:
                continue  # it came before the first day, and is in the stocks
            tankers = min(convoy.tankers, max(0.0, idle - left))
            if tankers > 0:
                left += tankers
                self._driving.append(_Driving(convoy, tankers))
        return left

    def drive(self, on: date | None, roads: Roads) -> Moved:
        """Drive for a day; return what came of it, in tankers. Equal days may share their roads."""
        slow = convoy_roads(roads)
        moved, still = Moved({}, {}, 0.0), []
        for one in self._driving:
            before, recorded = one.tankers, one.convoy.arrives is not None
            here = self._recorded(one, on) if recorded else self._moved(one, slow)
            moved.lost += before - one.tankers
            if here:
                key = self._source(one.convoy), one.convoy.town
                moved.unloaded[key] = moved.unloaded.get(key, 0.0) + one.tankers
            else:
                still.append(one)
        self._driving = still
        return moved

    def bound(self) -> dict[int, float]:
        """Return the tankers under way to each town."""
        found: dict[int, float] = {}
        for one in self._driving:
            found[one.convoy.town] = found.get(one.convoy.town, 0.0) + one.tankers
        return found

    def _source(self, convoy: Convoy) -> int:
        """Return the number of the town where a convoy loads."""
        return self._tail[convoy.path[0]]

    @staticmethod
    def _recorded(one: _Driving, on: date | None) -> bool:
        """Bring a recorded convoy in on its day, less what it lost."""
        if on is None or one.convoy.arrives is None or on < one.convoy.arrives:
            return False
        share = (one.convoy.lost or 0.0) / one.convoy.tankers
        one.tankers *= max(0.0, 1.0 - share)
        return True

    def _moved(self, one: _Driving, roads: Roads) -> bool:
        """Move a convoy for a day; tell whether it has arrived."""
        path, rest = one.convoy.path, DAY_H
        while one.place < len(path) and rest > 0:
            arc = path[one.place]
            if one.left_h <= 0:
                if not roads.passable[arc]:
                    return False
                one.tankers *= self._keeps(one, arc, roads)
                one.left_h = roads.clock_h[arc]
            step = min(rest, one.left_h)
            rest, one.left_h = rest - step, one.left_h - step
            if one.left_h <= 0:
                one.place += 1
        return one.place == len(path)

    def _keeps(self, one: _Driving, arc: int, roads: Roads) -> float:
        """Return the share of a convoy that is left once it has entered an arc."""
        keep, state = roads.keep[arc], roads.day.state
        if self._seed is None or keep >= 1:
            return keep
        behind = sorted({*state.reports[arc], *state.delayed_by[arc]}) or [f"arc {arc}"]
        hit = min(1.0, (1 - keep) / MEAN_HIT_SHARE / len(behind))
        left = 1.0
        for report in behind:
            one.risk[report] = 1 - (1 - one.risk.get(report, 0.0)) * (1 - hit)
            key = f"{self._seed}/{one.convoy.convoy}/{report}"
            if report not in one.struck and uniform(f"{key}/hit") < one.risk[report]:
                share = LEAST_HIT_SHARE
                share += (MOST_HIT_SHARE - LEAST_HIT_SHARE) * uniform(f"{key}/share")
                one.struck[report] = share
                left *= 1 - share
        return left


def uniform(key: str) -> float:
    """Return a number in [0, 1) that follows from a key alone, the same on every machine."""
    return int.from_bytes(sha256(key.encode()).digest()[:7]) / 2**56


def coming_convoys(
    network: Network,
    known: Sequence[Convoy],
    *,
    after: date,
    last: date,
    number_ratio: float = 1.0,
) -> list[Convoy]:
    """Return the convoys to expect: each corridor with recorded ones goes on in its rhythm.

    The size is the median of the recorded ones on the corridor, the time between two is the
    median between their arrivals, `convoy_cycle_days` if there is only one. A corridor whose last
    convoy is more than `convoy_stale_cycles` cycles ago has stopped.

    Parameters
    ----------
    network
        The undisturbed network.
    known
        Recorded convoys.
    after
        The last day of what is known.
    last
        The last day of interest.
    number_ratio
        How many there are for each that is to expect: the time between two is divided by it.
        2: twice as many; 0: none.
    """
    assumed = network.assumptions
    found: list[Convoy] = []
    if number_ratio <= 0:
        return found
    by_corridor: dict[str, list[Convoy]] = {}
    for convoy in known:
        if convoy.arrives is not None and convoy.arrives <= after:
            by_corridor.setdefault(convoy.corridor, []).append(convoy)
    for corridor, convoys in sorted(by_corridor.items()):
        days = sorted({convoy.arrives for convoy in convoys if convoy.arrives})
        gaps = [(late - early).days for early, late in pairwise(days)]
        cycle = median(gaps) if gaps else assumed["convoy_cycle_days"].best
        if (after - days[-1]).days > assumed["convoy_stale_cycles"].best * cycle:
            continue
        pattern, size = convoys[-1], median(convoy.tankers for convoy in convoys)
        lag, number, gap = convoy_days(network, pattern.path), 1, cycle / number_ratio
        while (arrives := days[-1] + timedelta(days=round(gap * number))) <= last:
            if arrives > after:
                found.append(
                    Convoy(
                        convoy=f"{corridor}+{number}",
                        corridor=corridor,
                        town=pattern.town,
                        path=pattern.path,
                        tankers=size,
                        leaves=max(arrives - timedelta(days=lag), after + ONE_DAY),
                    )
                )
            number += 1
    return found


SLIVER = 1e-6
"""Capacity factor of a road that only convoys use: no lone tanker is sent there, but it is open."""


def escorted_only(days: Timeline, convoys: Sequence[Convoy]) -> Timeline:
    """Return the days with no lone tankers on refused and escorted roads of corridors with convoys.

    What a refused or escorted road carries is convoys. The impact rules say how much that is on
    average; where convoys are driven one by one, that share must not come on top. It holds from
    the day on which the first convoy of a corridor leaves to `convoy_cycle_days` after the last
    one, on the roads that no other corridor shares.

    Parameters
    ----------
    days
        The network day by day.
    convoys
        The convoys that are driven.
    """
    arcs_of = Gazetteer(days.base).corridor_arcs
    cycle = timedelta(days=days.base.assumptions["convoy_cycle_days"].best)
    spans: dict[str, tuple[date, date]] = {}
    for convoy in convoys:
        last = (convoy.arrives or convoy.leaves) + cycle
        first, end = spans.get(convoy.corridor, (convoy.leaves, last))
        spans[convoy.corridor] = min(first, convoy.leaves), max(end, last)
    own = {corridor: _own_arcs(corridor, arcs_of) for corridor in spans}
    states: list[State] = []
    before: tuple[State, frozenset[str]] | None = None
    for day, network in days:
        running = frozenset(name for name, (first, end) in spans.items() if first <= day <= end)
        now = network.state, running
        same = before is not None and before[0] is now[0] and before[1] == running
        closed = (arc for name in running for arc in own[name])
        states.append(states[-1] if same else _without_lone(network.state, closed))
        before = now
    return Timeline(days.base, days.commodity, days.dates, states)


def _own_arcs(corridor: str, arcs_of: Mapping[str, tuple[int, ...]]) -> frozenset[int]:
    """Return the arcs of a corridor that are on no other."""
    others = {arc for name, arcs in arcs_of.items() if name != corridor for arc in arcs}
    return frozenset(arcs_of[corridor]) - others


def _without_lone(state: State, arcs: Iterable[int]) -> State:
    """Return a state in which no lone tanker is sent over arcs that are refused or escorted."""
    factors = list(state.capacity_factor)
    for arc in arcs:
        if state.status[arc] in {ESCORTED, REFUSED}:
            factors[arc] = min(factors[arc], SLIVER)
    return replace(state, capacity_factor=tuple(factors))
