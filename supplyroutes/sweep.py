"""A day that moves forward over impacts, and the state that they leave on each arc.

What an impact does is noted on its arcs when it begins, and taken off again when it ends, so
that a day costs what changes on it and not what holds on it.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, repeat
from math import fsum, prod
from typing import TypeVar

from supplyroutes.core import OPEN, UNKNOWN, State
from supplyroutes.dates import FOREVER
from supplyroutes.impacts import Impact, Impacts, Mention
from supplyroutes.network import Network

_Key = TypeVar("_Key", bound=Hashable)
_Triple = tuple[float, float, float]
"""Share of capacity left, delay in hours, probability of loss."""
_Ids = tuple[str, ...]
_Effect = tuple[float, float, float, int, _Ids, _Ids, _Ids]
_NOTHING: _Effect = (1.0, 0.0, 0.0, OPEN, (), (), ())
_END, _MENTION, _BEGIN = range(3)


@dataclass
class Sweep:
    """A day that moves forward over impacts, and the state that they leave."""

    network: Network
    impacts: Impacts
    _steps: list[tuple[date, int, int]] = field(init=False)
    _spoken: dict[str, set[int]] = field(init=False)
    _load: _Load = field(init=False)
    _place: int = 0
    _active: set[int] = field(default_factory=set)
    _changed: set[int] = field(default_factory=set)
    _last_report: dict[int, tuple[date, str]] = field(default_factory=dict)
    _lapsed: dict[int, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the days on which something ends, is reported or begins."""
        topology = self.network.topology
        self._load = _Load(len(topology.tail), len(topology.node_ids))
        self._spoken = {}
        for mention in self.impacts.mentions:
            self._spoken.setdefault(mention.report, set()).update(mention.arcs)
        steps = [
            (mention.day, _MENTION, number) for number, mention in enumerate(self.impacts.mentions)
        ]
        for number, impact in enumerate(self.impacts.impacts):
            steps.append((impact.start, _BEGIN, number))
            if impact.end < FOREVER:
                steps.append((impact.end, _END, number))
        self._steps = sorted(steps)

    def advance(self, day: date) -> bool:
        """Move to `day`; tell whether anything changed."""
        before = self._place
        while self._place < len(self._steps) and self._steps[self._place][0] <= day:
            _, step, number = self._steps[self._place]
            self._place += 1
            if step == _MENTION:
                self._note(self.impacts.mentions[number])
                continue
            if step == _BEGIN:
                self._active.add(number)
            else:
                self._active.discard(number)
                self._lapse(self.impacts.impacts[number])
            self._toggle(number)
        return self._place > before

    def hold(self, number: int, *, on: bool) -> None:
        """Let an impact of the day hold or not, as a what-if: nothing lapses and nothing ends."""
        if on != (number in self._active):
            (self._active.add if on else self._active.discard)(number)
            self._toggle(number)

    def _toggle(self, number: int) -> None:
        """Remember an impact that began or ended; one that did both since a state is no change."""
        if number in self._changed:
            self._changed.discard(number)
        else:
            self._changed.add(number)

    def _note(self, mention: Mention) -> None:
        """Remember the last report on each arc.

        One that tells how the road stands clears what ran out of other reports; a threat or
        another report without effect does not.
        """
        news = (mention.day, mention.report)
        for arc in mention.arcs:
            self._last_report[arc] = max(news, self._last_report.get(arc, news))
            if mention.tells_state and arc in self._lapsed:
                self._lapsed[arc] &= {mention.report}

    def _lapse(self, impact: Impact) -> None:
        """Remember whose impact ran out by assumption on arcs that it spoke of."""
        if impact.assumed_end and not impact.partial:
            for report in impact.reports:
                for arc in self._spoken.get(report, set()).intersection(impact.arcs):
                    self._lapsed.setdefault(arc, set()).add(report)

    def lapsed(self) -> dict[int, frozenset[str]]:
        """Return by arc the reports whose effect ran out by assumption, and none told since.

        These are the arcs that `state` shows as unknown, if nothing worse holds there.
        """
        return {arc: frozenset(reports) for arc, reports in self._lapsed.items() if reports}

    def state(self) -> State:
        """Return the state that the active impacts leave, combined by incident."""
        for number in self._changed:
            self._load.put(self.impacts.impacts[number], 1 if number in self._active else -1)
        self._changed.clear()
        return self._load.state(self._last_report, self.lapsed())


class _Load:
    """What the impacts in force do to every arc and node, and the state that they make."""

    def __init__(self, arcs: int, nodes: int) -> None:
        self._arcs: dict[int, _Arc] = {}
        self._nodes: dict[int, _Node] = {}
        self._touched: set[int] = set()
        self._effects: list[_Effect] = [_NOTHING] * arcs
        self._supply: list[tuple[float, tuple[str, ...]]] = [(1.0, ())] * nodes

    def put(self, impact: Impact, step: int) -> None:
        """Note an impact (step 1), or take it off again (step -1)."""
        self._touched.update(impact.arcs)
        for arc, delay, loss in zip(impact.arcs, impact.delay_h, impact.loss_prob, strict=True):
            if arc not in self._arcs:
                self._arcs[arc] = _Arc()
            self._arcs[arc].put(impact, (delay, loss), step)
        for node in () if impact.partial else impact.nodes:
            if node not in self._nodes:
                self._nodes[node] = _Node()
            self._nodes[node].put(impact, step)
            self._supply[node] = self._nodes[node].effect()

    def state(self, last_report: Mapping[int, tuple[date, str]], unknown: Iterable[int]) -> State:
        """Return the state: combined anew on the arcs touched since, as before on the others."""
        for arc in self._touched:
            self._effects[arc] = self._arcs[arc].effect()
        self._touched.clear()
        factor, delay, loss, status, reports, slowed, partial = zip(*self._effects, strict=True)
        statuses = list(status)
        for arc in unknown:
            statuses[arc] = max(statuses[arc], UNKNOWN)
        supply, node_reports = zip(*self._supply, strict=True)
        return State(
            capacity_factor=factor,
            delay_h=delay,
            loss_prob=loss,
            status=tuple(statuses),
            reports=reports,
            delayed_by=slowed,
            last_report=tuple(map(last_report.get, range(len(factor)))),
            partial=partial,
            supply_factor=supply,
            node_reports=node_reports,
        )


class _Names:
    """Names in order, each there as long as it was put more often than taken off."""

    __slots__ = ("_counts", "_order")

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._order: list[str] = []

    def put(self, names: Iterable[str], step: int) -> None:
        """Put names, or take them off again."""
        for name in names:
            if name not in self._counts:
                insort(self._order, name)
            if not _tally(self._counts, name, step):
                del self._order[bisect_left(self._order, name)]

    def told(self) -> tuple[str, ...]:
        """Return the names."""
        return tuple(self._order)


class _Arc:
    """What the impacts in force do to one arc.

    `_told` counts what each incident is told to do, `_worst` is what it counts for, `_triples`
    in how many incidents the same stands.
    """

    __slots__ = (
        "_partial",
        "_reports",
        "_slowed",
        "_stale",
        "_status",
        "_told",
        "_triples",
        "_worst",
    )

    def __init__(self) -> None:
        self._told: dict[str, dict[_Triple, int]] = {}
        self._worst: dict[str, _Triple] = {}
        self._stale: set[str] = set()
        self._triples: dict[_Triple, int] = {}
        self._status: dict[int, int] = {}
        self._reports, self._slowed, self._partial = _Names(), _Names(), _Names()

    def put(self, impact: Impact, met: tuple[float, float], step: int) -> None:
        """Note an impact, or take it off again; one on a part of the commodity has no effect."""
        if impact.partial:
            self._partial.put(impact.reports, step)
            return
        delay, loss = met
        triple = (impact.capacity_factor, delay, loss)
        _tally(self._told.setdefault(impact.incident, {}), triple, step)
        self._stale.add(impact.incident)
        _tally(self._status, impact.status, step)
        if impact.status > UNKNOWN or impact.capacity_factor < 1:
            self._reports.put(impact.reports, step)
        elif delay > 0 or loss > 0:
            self._slowed.put(impact.reports, step)

    def effect(self) -> _Effect:
        """Combine within incidents by (min, max, max), then the incidents by (min, +, or).

        The sum is rounded once and the factors are multiplied in order of size, so that the order
        in which impacts came does not matter.
        """
        for incident in self._stale:
            self._count(incident)
        self._stale.clear()
        delays = (repeat(delay, count) for (_, delay, _), count in self._triples.items())
        kept = sorted((1 - loss, count) for (_, _, loss), count in self._triples.items())
        return (
            min((factor for factor, _, _ in self._triples), default=1.0),
            fsum(chain.from_iterable(delays)),
            1 - prod(chain.from_iterable(repeat(share, count) for share, count in kept)),
            max(self._status, default=OPEN),
            self._reports.told(),
            self._slowed.told(),
            self._partial.told(),
        )

    def _count(self, incident: str) -> None:
        """Count what an incident does, in place of what it did."""
        if incident in self._worst:
            _tally(self._triples, self._worst.pop(incident), -1)
        told = self._told[incident]
        if not told:
            del self._told[incident]
            return
        factors, delays, losses = zip(*told, strict=True)
        self._worst[incident] = worst = (min(factors), max(delays), max(losses))
        _tally(self._triples, worst, 1)


class _Node:
    """What the impacts in force do to one source."""

    __slots__ = ("_factors", "_reports")

    def __init__(self) -> None:
        self._factors: dict[float, int] = {}
        self._reports = _Names()

    def put(self, impact: Impact, step: int) -> None:
        """Note an impact, or take it off again."""
        _tally(self._factors, impact.capacity_factor, step)
        self._reports.put(impact.reports, step)

    def effect(self) -> tuple[float, tuple[str, ...]]:
        """Return the share of the supply that is left, and the reports."""
        return min(self._factors, default=1.0), self._reports.told()


def _tally(counts: dict[_Key, int], key: _Key, step: int) -> int:
    """Add to a count and return it; what counts nothing is not kept."""
    count = counts.get(key, 0) + step
    if count:
        counts[key] = count
    else:
        del counts[key]
    return count
