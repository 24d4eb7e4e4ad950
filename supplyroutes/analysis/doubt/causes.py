"""What may be in doubt on a day: draws, and which arcs and sources they shut together.

A *cause* is one incident, with all of its reports and all roads that they hit. One draw says
whether it is true, a second one whether what is true is in force on the day. What a ban does
where another report shows it enforced needs three: the ban is true, it is in force, and the
other report is true. Where only one unknown spot of a stretch is blocked, further draws say
which road it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, NamedTuple

from supplyroutes.analysis.doubt.beliefs import (
    Chance,
    Ending,
    ending,
    in_force,
    incident_of,
    last_news,
    truth,
)
from supplyroutes.analysis.isolation import is_free
from supplyroutes.core import STATUSES
from supplyroutes.disruption import impacts_on
from supplyroutes.events import Events
from supplyroutes.impacts import Impact, Impacts
from supplyroutes.network import Network
from supplyroutes.sweep import Sweep

Condition = frozenset[tuple[int, bool]]
"""Draws and how each must fall, all of them, for an effect to hold."""


class Draw(NamedTuple):
    """One yes-or-no draw: a cause is true, is in force, or the spot is the next road."""

    part: Literal["true", "in_force", "spot"]
    cause: str
    chance: Chance


class Cause(NamedTuple):
    """One incident: its reports, the draw of its truth, all that must fall so, what it hits.

    `status` and `age_days` are those of the effect; empty and -1 if it only shows another one
    enforced.
    """

    reports: tuple[str, ...]
    true: int
    holds: Condition
    arcs: tuple[int, ...]
    status: Ending | Literal[""]
    age_days: int


@dataclass(frozen=True)
class Causes:
    """The draws of a day and what they shut.

    Attributes
    ----------
    network
        The undisturbed network, asked for the commodity.
    draws
        All draws, in the order in which diagrams ask them: causes that hit most arcs first.
    causes
        The incidents by id.
    shut
        Conditions under which nothing passes an arc; any one of them is enough.
    hindered
        Conditions under which an arc is not free; any one of them is enough.
    sources
        Conditions under which a source is out of service.
    """

    network: Network
    draws: tuple[Draw, ...]
    causes: Mapping[str, Cause]
    shut: Mapping[int, frozenset[Condition]]
    hindered: Mapping[int, frozenset[Condition]]
    sources: Mapping[int, frozenset[Condition]]


def causes_of(network: Network, events: Events, at: date, commodity: str) -> Causes:
    """Return what is in doubt on a day."""
    impacts = impacts_on(network, events, commodity)
    base = network.asking(commodity, at=None, state=network.state)
    effects = list(_effects(base, events, impacts, at))
    draws, causes = _draws(events, effects, at)
    reading = _Conditions(base, events, draws, causes)
    for effect in effects:
        reading.put(effect)
    return Causes(
        base,
        tuple(draws),
        causes,
        _least(reading.shut),
        _least(reading.hindered),
        _least(reading.sources),
    )


def _effects(base: Network, events: Events, impacts: Impacts, at: date) -> Iterator[Impact]:
    """Yield what may shut or hinder on a day: in force, or run out by assumption since.

    What ran out counts only on arcs of which nobody told since, and only in its last phase.
    """
    sweep = Sweep(base, impacts)
    sweep.advance(at)
    active = [impact for impact in impacts.on(at) if _acts(base, events, impact)]
    yield from active
    goes_on = {(name, arc) for impact in active for name in impact.reports for arc in impact.arcs}
    last: dict[tuple[tuple[str, ...], int], tuple[date, int, int]] = {}
    over = [
        (number, impact)
        for number, impact in enumerate(impacts.impacts)
        if impact.assumed_end and impact.end <= at and not impact.partial
    ]
    lapsed = sweep.lapsed()
    for number, impact in over:
        for arc in impact.arcs:
            told = lapsed.get(arc, frozenset()).intersection(impact.reports)
            if told and not any((name, arc) in goes_on for name in impact.reports):
                rank = (impact.end, impact.status, number)
                last[impact.reports, arc] = max(rank, last.get((impact.reports, arc), rank))
    for number, impact in over:
        mine = {arc for (_, arc), (*_, chosen) in last.items() if chosen == number}
        if mine and _acts(base, events, impact):
            yield _only(impact, mine)


def _only(impact: Impact, arcs: set[int]) -> Impact:
    """Return an impact on some of its arcs alone: where nothing tells how the road stands."""
    kept = [place for place, arc in enumerate(impact.arcs) if arc in arcs]
    spots = impact.spots if len(impact.spots) > len(impact.arcs) else impact.spots and tuple(arcs)
    return replace(
        impact,
        arcs=tuple(impact.arcs[place] for place in kept),
        delay_h=tuple(impact.delay_h[place] for place in kept),
        loss_prob=tuple(impact.loss_prob[place] for place in kept),
        spots=tuple(sorted(spots)),
        nodes=(),
    )


def _acts(base: Network, events: Events, impact: Impact) -> bool:
    """Tell whether an impact shuts or hinders anything."""
    status, factor = _full(events, impact)
    return not is_free(status, factor, base.assumptions["strained_capacity_share"].best)


def _full(events: Events, impact: Impact) -> tuple[int, float]:
    """Return status and share of capacity where the effect is: whole on the spot, not spread."""
    if not impact.spots:
        return impact.status, impact.capacity_factor
    rule = events.rules[impact.rule]
    return STATUSES.index(rule.status), rule.capacity_factor_best


# --- draws --------------------------------------------------------------------------------


def _draws(
    events: Events, effects: Sequence[Impact], at: date
) -> tuple[list[Draw], dict[str, Cause]]:
    """Return the draws of every incident, those that hit most arcs first, and the incidents.

    The reports of an incident are one draw, with the probability of the likeliest.
    """
    news = last_news(events, at)
    trust: dict[str, dict[str, Chance]] = {}
    force: dict[str, list[tuple[Chance, Ending]]] = {}
    arcs: dict[str, set[int]] = {}
    for effect in effects:
        for place, name in enumerate(effect.reports):
            cause, report = incident_of(events[name]), events[name]
            trust.setdefault(cause, {})[name] = truth(report)
            arcs.setdefault(cause, set()).update(effect.spots or effect.arcs)
            if place == 0:
                ends = ending(effect, at)
                chance = in_force(report, ends, (at - news[cause]).days)
                force.setdefault(cause, []).append((chance, ends))
    draws: list[Draw] = []
    causes: dict[str, Cause] = {}
    for cause in sorted(trust, key=lambda cause: (-len(arcs[cause]), cause)):
        true = len(draws)
        holds = {(true, True)}
        draws.append(Draw("true", cause, max(trust[cause].values(), key=_best)))
        status: Ending | Literal[""] = ""
        age = -1
        if cause in force:
            holds.add((len(draws), True))
            chance, status = max(force[cause], key=lambda told: told[0].best)
            draws.append(Draw("in_force", cause, chance))
            age = (at - news[cause]).days
        reports = tuple(sorted(trust[cause]))
        where = tuple(sorted(arcs[cause]))
        causes[cause] = Cause(reports, true, frozenset(holds), where, status, age)
    return draws, causes


def _best(chance: Chance) -> float:
    """Return the best estimate of a probability."""
    return chance.best


class _Conditions:
    """Conditions of arcs and sources, gathered effect by effect; draws of spots are added."""

    def __init__(
        self, base: Network, events: Events, draws: list[Draw], causes: Mapping[str, Cause]
    ) -> None:
        self.base = base
        self.events = events
        self.draws = draws
        self.causes = causes
        self.shut: dict[int, set[Condition]] = {}
        self.hindered: dict[int, set[Condition]] = {}
        self.sources: dict[int, set[Condition]] = {}
        self._spots: dict[tuple[str, tuple[int, ...]], list[Condition]] = {}

    def put(self, effect: Impact) -> None:
        """Add what an effect shuts and hinders: every effect that is kept hinders its arcs."""
        held = self._held(effect)
        _, factor = _full(self.events, effect)
        for arc, where in self._where(effect):
            whole = held | where
            if factor == 0:
                self.shut.setdefault(arc, set()).add(whole)
            self.hindered.setdefault(arc, set()).add(whole)
        for node in effect.nodes if factor == 0 else ():
            self.sources.setdefault(node, set()).add(held)

    def _held(self, effect: Impact) -> Condition:
        """Return the draws of an effect: the first report holds, those that show it are true."""
        first, *others = (self.causes[incident_of(self.events[name])] for name in effect.reports)
        return first.holds.union((other.true, True) for other in others)

    def _where(self, effect: Impact) -> Iterator[tuple[int, Condition]]:
        """Yield the arcs of an effect, each with the draws by which the spot is there."""
        if not effect.spots:
            for arc in effect.arcs:
                yield arc, frozenset()
            return
        edges = tuple(dict.fromkeys(arc // 2 for arc in effect.spots))
        key = (effect.incident, edges)
        if key not in self._spots:
            spread = {arc // 2 for arc in effect.arcs} == set(edges)
            self._spots[key] = self._spot_draws(edges, alike=spread)
        falls = dict(zip(edges, self._spots[key], strict=True))
        for arc in effect.spots:
            yield arc, falls[arc // 2]

    def _spot_draws(self, edges: Sequence[int], *, alike: bool) -> list[Condition]:
        """Draw one of these roads: by truck time along a course, alike where there is none.

        The first road or not; if not, the second or not; and so on: independent draws.
        """
        hours = self.base.base_time_h
        weights = [1.0 if alike else hours[2 * edge] for edge in edges]
        if not sum(weights):
            weights = [1.0] * len(edges)
        falls: list[Condition] = []
        earlier: Condition = frozenset()
        for place in range(len(edges) - 1):
            left = sum(weights[place:])
            chance = weights[place] / left if left else 1.0
            number = len(self.draws)
            self.draws.append(Draw("spot", "", Chance(chance, chance, chance)))
            falls.append(earlier | {(number, True)})
            earlier |= {(number, False)}
        return [*falls, earlier]


def _least(found: Mapping[int, Iterable[Condition]]) -> dict[int, frozenset[Condition]]:
    """Return the conditions without those that hold only where a wider one does."""
    return {
        place: frozenset(one for one in told if not any(other < one for other in told))
        for place, told in sorted((place, tuple(told)) for place, told in found.items())
    }
