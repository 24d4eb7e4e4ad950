"""The days of a scenario's stocks, and how its suppositions run them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from supplyroutes.analysis.stores.stocks import StockLevels, stock_levels
from supplyroutes.analysis.stores.supply_days import AHEAD_DAYS, BACK_DAYS
from supplyroutes.analysis.trucks.convoys import (
    Convoy,
    coming_convoys,
    recorded_convoys,
)
from supplyroutes.analysis.trucks.deterrence import willingness
from supplyroutes.analysis.trucks.fleet import Fleet
from supplyroutes.disruption import Timeline, timeline
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.events import Events
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer
from supplyroutes.scenario.model import Convoys, OwnConvoy, Policies, Scenario, Suppositions

if TYPE_CHECKING:
    from supplyroutes.scenario.changing import Case


def span(scenario: Scenario) -> tuple[date, date]:
    """Return the first and the last day of a scenario's stocks."""
    asked = scenario.analyses.stocks
    try:
        first = asked.start or scenario.date - timedelta(days=BACK_DAYS)
        last = asked.end or scenario.date + timedelta(days=AHEAD_DAYS)
    except OverflowError:
        raise RequestError(
            f"the stocks of {scenario.date} would leave the calendar; name their start and end"
        ) from None
    if not first <= scenario.date <= last:
        raise RequestError(f"the day {scenario.date} lies outside of the stocks, {first} to {last}")
    return first, last


@dataclass(frozen=True)
class Levels:
    """`stock_levels` as a scenario supposes it: own stocks, fleet, convoys and policies."""

    scenario: Scenario
    supposed: Suppositions
    events: Events

    def __call__(self, days: Timeline) -> StockLevels:
        """Return the stocks of the days."""
        policies = self.supposed.policies or Policies()
        return stock_levels(
            days,
            allocation=policies.allocation,
            policy=policies.policy,
            conduct=policies.conduct,
            stock_m3=dict(self.supposed.stock_m3),
            fleet=self._fleet(days),
        )

    def _fleet(self, days: Timeline) -> Fleet | None:
        """Return tankers, convoys and drivers; None if neither a fleet nor convoys are supposed."""
        if self.supposed.fleet is None and self.supposed.convoys is None:
            return None
        asked, network = self.supposed.fleet, days.base
        first, last = days.dates[0], days.dates[-1]
        fear = asked is not None and asked.deterrence
        willing = willingness(network, self.events, start=first, end=last) if fear else None
        return Fleet(
            tankers=None if asked is None else asked.tankers,
            convoys=self._convoys(network, first, last),
            deterrence=willing,
        )

    def _convoys(self, network: Network, first: date, last: date) -> tuple[Convoy, ...]:
        """Return the convoys that are driven, with their supposed sizes.

        One of one's own that left before the first day is in the stocks of that day, as are those
        recorded: it would leave on that day else.
        """
        asked = self.supposed.convoys
        if asked is None:
            return ()
        known = recorded_convoys(network, self.events) if asked.recorded else ()
        coming = expected_convoys(self.scenario, asked, (network, self.events), last)
        scaled = tuple(
            replace(
                convoy,
                tankers=convoy.tankers * asked.size_ratio,
                lost=None if convoy.lost is None else convoy.lost * asked.size_ratio,
            )
            for convoy in (*known, *coming)
            if asked.size_ratio > 0
        )
        own = own_convoys(network, asked)
        return (*scaled, *(convoy for convoy in own if convoy.leaves >= first))


def expected_convoys(scenario: Scenario, asked: Convoys, case: Case, last: date) -> list[Convoy]:
    """Return the convoys to expect: after the scenario's day, and after the last one recorded.

    What was recorded after the day stands, unless the scenario names what was known on it.
    """
    if not asked.expected:
        return []
    known = recorded_convoys(*case)
    after = max(scenario.date, *(one.arrives for one in known if one.arrives), scenario.date)
    return coming_convoys(case[0], known, after=after, last=last, number_ratio=asked.number_ratio)


def own_convoys(network: Network, asked: Convoys) -> list[Convoy]:
    """Return the convoys of one's own, each on its corridor as far as its town."""
    return [own_convoy(network, number, convoy) for number, convoy in enumerate(asked.added, 1)]


def own_convoy(network: Network, number: int, asked: OwnConvoy) -> Convoy:
    """Return one convoy of one's own, or refuse it.

    Raises
    ------
    UnknownIdError
        There is no such corridor or town.
    RequestError
        The corridor does not lead through the town.
    """
    arcs_of = Gazetteer(network).corridor_arcs
    if asked.corridor not in arcs_of:
        near = nearest_names(asked.corridor, arcs_of) or sorted(arcs_of)
        raise UnknownIdError("corridor", asked.corridor, near)
    path, head = list(arcs_of[asked.corridor]), network.topology.head
    if asked.town is not None:
        town = network.topology.node_index[network.find(asked.town)]
        ends = [place for place, arc in enumerate(path, 1) if head[arc] == town]
        if not ends:
            raise RequestError(f"the corridor {asked.corridor} does not lead through {asked.town}")
        path = path[: ends[0]]
    return Convoy(
        convoy=f"own{number}",
        corridor=asked.corridor,
        town=head[path[-1]],
        path=tuple(path),
        tankers=asked.tankers,
        leaves=asked.leaves,
    )


def supposed_days(scenario: Scenario, case: Case) -> Timeline:
    """Return the days of a scenario's stocks."""
    first, last = span(scenario)
    return timeline(*case, start=first, end=last, commodity=scenario.commodity)
