"""Which roads, lost on which day, run a town dry soonest: with stocks, and what is under way."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from heapq import heappop, heappush
from math import inf, nan
from typing import TYPE_CHECKING, Any, cast

from supplyroutes._kernels.mincut import target_side
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.analysis.losses.attack import is_count, targets_of
from supplyroutes.analysis.losses.harm import closing
from supplyroutes.analysis.stores.dispatch import Dispatch, Sending
from supplyroutes.analysis.stores.stock_run import Habits, simulate
from supplyroutes.analysis.stores.stock_tables import Ran, tables_of
from supplyroutes.analysis.stores.stock_towns import towns_of
from supplyroutes.analysis.stores.transit import Escorted, Moved, Roads, UnderWay
from supplyroutes.core import State
from supplyroutes.dates import as_day
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

MOST_RUNS = 200
SAME_DAYS = 1e-6
"""Days that differ by less are one: rounding of a solver."""


@dataclass(frozen=True)
class SoonestDry:
    """Which roads run a town dry soonest; made by `soonest_dry`. For protection: sensitive.

    Attributes
    ----------
    town, name
        Id and name of the town.
    commodity
        The commodity asked for.
    budget
        How many roads are lost, at most.
    roads
        The roads, by id; empty if no loss makes the town run dry sooner.
    lost_on
        The day from which they are closed; None without roads.
    days_to_dry
        Days from the start of the timeline until something is missing with the roads lost; missing
        (nan) if nothing is within the span.
    days_to_dry_before
        The same with nothing lost.
    bound
        Proved: no loss makes it sooner. It is that of losing every road that can be lost, and what
        the town has as a source itself.
    proven
        Whether the roads are the worst: they meet the bound, or every loss was tried.
    runs
        How often the stocks were followed.
    tried
        Index (`lost_on`): days_to_dry, bound, proven, roads for every day that was asked.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.soonest import soonest_dry
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-01", end="2025-01-09")
    >>> found = soonest_dry(days, to="east", budget=2)
    >>> found.roads, round(found.days_to_dry, 2), found.proven
    (('bridge--east', 'bridge--east--old'), 0.0, True)
    """

    town: str
    name: str
    commodity: str
    budget: int
    roads: tuple[str, ...]
    lost_on: date | None
    days_to_dry: float
    days_to_dry_before: float
    bound: float
    proven: bool
    runs: int
    tried: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the roads, the day, and the days to dry before and after.

        Returns
        -------
        values
            Days from the start of the timeline; roads as a tuple of ids.
        """
        return {
            "roads": self.roads,
            "lost_on": self.lost_on,
            "days_to_dry": self.days_to_dry,
            "days_to_dry_before": self.days_to_dry_before,
            "bound": self.bound,
            "proven": self.proven,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; `tried` as a list of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "town": self.town,
            "name": self.name,
            "commodity": self.commodity,
            "budget": self.budget,
            **{key: plain(value) for key, value in self.summary().items()},
            "runs": self.runs,
            "sensitive": True,
            "tried": records(self.tried),
        }

    def _repr_html_(self) -> str:
        """Return what was tried as a table for notebooks."""
        from supplyroutes.displays import html, listed

        proof = "proven" if self.proven else "best found"
        head = f"{self.name}, {self.commodity}, {proof}: {listed(self.summary())}. Sensitive."
        return html(head, ("By the day of the loss (.tried)", self.tried), digits=2)


def soonest_dry(
    days: Timeline,
    *,
    to: str,
    budget: int = 2,
    safe: Collection[str] = (),
    lost_on: Sequence[str | date] = (),
    most_runs: int = MOST_RUNS,
) -> SoonestDry:
    """Roads whose loss on a day runs a town dry soonest, and on which of the days asked.

    The roads are closed in both directions from that day to the end of the timeline. Stocks,
    orders, trucks under way and rationing are as in `stock_levels`, trucks waiting before closed
    roads.

    Parameters
    ----------
    days
        The days, as they are otherwise.
    to
        The town, in any spelling.
    budget
        How many roads are lost, at most.
    safe
        Ids of roads that cannot be lost.
    lost_on
        Days on which they may be lost; the first of the timeline if none is named.
    most_runs
        How often the stocks are followed, at most, for each of these days.

    Returns
    -------
    soonest
        The roads and the day, with a bound.

    Raises
    ------
    UnknownIdError
        There is no such town or road.
    RequestError
        The town does not use the commodity, the budget is negative, or a day is not in the
        timeline.
    SolverError
        The flow of a day was not found or not proved.

    Notes
    -----
    With fair shares the loss of a road may help a town whose rival it supplied, so that no greedy
    choice is safe. First the smallest cut before the town is tried, if the budget pays it: it meets
    the bound unless fuel is under way behind it. Then sets are tried one road after the other, from
    those that dry the town soonest, each next road one that carried fuel in the run before: a loss
    that changes a delivery begins with such a road, so the search is complete if it ends within
    `most_runs`. (An idle road can at most change how near-equal routes share.) If it does not end,
    the best found is told with the bound: the days until the town is dry when every road is lost,
    and its own supply if it is a source: while roads are left it may have to share that.

    References
    ----------
    .. [1] Simchi-Levi, D., Schmidt, W., Wei, Y. (2014). From superstorms to factory fires. Harvard
       Business Review 92(1-2). (time to survive)

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.soonest import soonest_dry
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-01", end="2025-01-09")
    >>> found = soonest_dry(days, to="East", budget=2, lost_on=["2025-01-03", "2025-01-05"])
    >>> str(found.lost_on)
    '2025-01-03'
    """
    import pandas as pd

    if not is_count(budget):
        raise RequestError(f"a number of roads is a whole number, 0 or more, not {budget}")
    node = days.base.find(to)
    wanted = [as_day(day) for day in lost_on] or [days.dates[0]]
    for when in wanted:
        days.same_as_before(when)  # a day that is not in the timeline is refused here
    follow = _Follower(days, node)
    base = follow.run((), wanted[0])
    rows = []
    for when in sorted(set(wanted)):
        search = _Search(follow, when, int(budget), safe, most_runs)
        search.run()
        rows.append((when, search.dry, search.bound, search.proven, search.roads))
    columns = ["lost_on", "days_to_dry", "bound", "proven", "roads"]
    tried = pd.DataFrame(rows, columns=columns)
    best = min(rows, key=lambda row: (row[1], len(row[4]), row[0]))
    bound = min(row[2] for row in rows)
    ids = days.base.topology.edge_ids
    tried["roads"] = [tuple(ids[road] for road in row[4]) for row in rows]
    for column in ("days_to_dry", "bound"):
        tried[column] = [_or_nan(value) for value in tried[column]]
    return SoonestDry(
        town=node,
        name=days.base.name(node),
        commodity=days.commodity,
        budget=int(budget),
        roads=tuple(ids[road] for road in best[4]),
        lost_on=best[0] if best[4] else None,
        days_to_dry=_or_nan(best[1]),
        days_to_dry_before=_or_nan(base.dry),
        bound=_or_nan(bound),
        proven=best[1] <= bound + SAME_DAYS or all(row[3] for row in rows),
        runs=len(follow.known),
        tried=tried.set_index("lost_on"),
    )


@dataclass(frozen=True)
class _Followed:
    """When a town is dry, and the roads that carried fuel, those with fuel for it first."""

    dry: float
    used: tuple[int, ...]


class _Recorder:
    """Sends as a `Dispatch` does, and keeps which roads are used."""

    def __init__(self, dispatch: Dispatch, town: int) -> None:
        self.dispatch, self.town = dispatch, town
        self.used: dict[int, tuple[float, float]] = {}

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day."""
        return self.dispatch.roads(day)

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what left on every day before the first."""
        return self.send(calm, ordered)

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:
        """Return that there are no convoys."""
        return self.dispatch.drove(day, moved, road)

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves for these orders."""
        sending = self.dispatch.send(day, ordered)
        for sent in sending.consignments:
            own = sent.due if sent.town == self.town else 0.0
            for arc in sent.path:
                mine, every = self.used.get(arc // 2, (0.0, 0.0))
                self.used[arc // 2] = mine + own, every + sent.due
        return sending


class _Follower:
    """Follows the stocks of one town with roads lost from a day on; each loss is followed once."""

    def __init__(self, days: Timeline, node: str) -> None:
        calm = days[days.dates[0]].undisturbed()
        self.days, self.node, self.calm = days, node, calm
        self.town = calm.topology.node_index[node]
        self.towns = towns_of(calm, None, None)
        if not self._uses():
            raise RequestError(f"{calm.name(node)} does not use {days.commodity}")
        self.dispatch = Dispatch(calm, allocation="max_min", policy="essential")
        assumed = calm.assumptions
        self.habits = Habits(
            assumed["catch_up_ratio"].best, assumed["reserve_days"].best, turn_back_days=None
        )
        self.known: dict[tuple[tuple[int, ...], date, bool], _Followed] = {}

    def _uses(self) -> bool:
        """Tell whether the town uses the commodity."""
        places = dict(zip(self.towns.nodes, self.towns.use, strict=True))
        return self.town in places and bool(places[self.town].any())

    def run(self, roads: Collection[int], when: date, *, cut_off: bool = False) -> _Followed:
        """Return what happens if these roads are lost from a day on, and the town's own supply."""
        key = tuple(sorted(roads)), when, cut_off
        if key not in self.known:
            days = self._without(key[0], when, cut_off=cut_off)
            recorder = _Recorder(self.dispatch, self.town)
            done = simulate(days, self.towns, recorder, self.habits)
            table = cast("Any", tables_of(Ran(self.calm, days.dates, self.towns, done))["towns"])
            dry = float(table.loc[self.node, "days_to_dry"])
            used = sorted(
                recorder.used,
                key=lambda road: (*(-amount for amount in recorder.used[road]), road),
            )
            self.known[key] = _Followed(inf if dry != dry else dry, tuple(used))  # noqa: PLR0124
        return self.known[key]

    def _without(self, roads: Sequence[int], when: date, *, cut_off: bool) -> Timeline:
        """Return the timeline with roads closed from a day on, and the town as no source."""
        days, closed = self.days, {}
        states: list[State] = []
        for day, network in days:
            state = network.state
            if day >= when and roads:
                if id(state) not in closed:
                    left = list(state.supply_factor)
                    left[self.town] *= not cut_off
                    shut = closing(network, roads).state
                    closed[id(state)] = replace(shut, supply_factor=tuple(left))
                state = closed[id(state)]
            states.append(state)
        return Timeline(days.base, days.commodity, days.dates, states)


class _Search:
    """The search for the worst loss on one day."""

    def __init__(
        self, follow: _Follower, when: date, budget: int, safe: Collection[str], most_runs: int
    ) -> None:
        self.follow, self.when, self.budget, self.most_runs = follow, when, budget, most_runs
        self.may = frozenset(targets_of(follow.calm, max(budget, 1), None, safe).roads)
        # Of every road, safe or not: with some left, fair shares could give the town more. A town
        # that is a source has to share with others if roads are left, so that counts as lost too.
        every = targets_of(follow.calm, 1, None, ()).roads
        self.bound = follow.run(every, when, cut_off=True).dry
        self.roads: tuple[int, ...] = ()
        self.dry = follow.run((), when).dry
        self.proven, self._runs = False, 0

    def run(self) -> None:
        """Try the smallest cut, then sets of roads, until the bound is met or all were tried."""
        cut = self._cut()
        if cut is not None and len(cut) <= self.budget:
            self._try(frozenset(cut))
        waiting: list[tuple[float, int, tuple[int, ...]]] = (
            [(self.follow.run((), self.when).dry, 0, ())] if self.budget else []
        )
        seen: set[frozenset[int]] = set()
        while waiting and not self._is_met() and self._runs < self.most_runs:
            roads = frozenset(heappop(waiting)[2])
            for road in self.follow.run(roads, self.when).used:
                more = roads | {road}
                if road not in self.may or road in roads or more in seen:
                    continue
                if self._is_met() or self._runs >= self.most_runs:
                    self.proven = self._is_met()
                    return
                seen.add(more)
                found = self._try(more)
                if len(more) < self.budget:
                    heappush(waiting, (found.dry, len(more), tuple(sorted(more))))
        self.proven = not waiting or self._is_met()

    def _is_met(self) -> bool:
        """Tell whether nothing can be sooner."""
        return self.dry <= self.bound + SAME_DAYS

    def _try(self, roads: frozenset[int]) -> _Followed:
        """Follow a loss, and keep it if the town is dry sooner."""
        self._runs += 1
        found = self.follow.run(roads, self.when)
        if found.dry < self.dry - SAME_DAYS:
            self.dry, self.roads = found.dry, tuple(sorted(roads))
        return found

    def _cut(self) -> list[int] | None:
        """Return the smallest cut between the sources and the town, the one nearest to the town.

        A road that cannot be lost has no limit; one with two open directions counts twice only if
        both lead into the town's side, which no smallest cut has.
        """
        day = self.follow.days[self.when]
        top, passable = day.topology, passable_arcs(day)
        arcs = [arc for arc, passes in enumerate(passable) if passes]
        sources, entrance = day.sources(), len(top.node_ids)
        tail = [*(top.tail[arc] for arc in arcs), *[entrance] * len(sources)]
        head = [*(top.head[arc] for arc in arcs), *sources]
        unit = [*(arc // 2 in self.may for arc in arcs), *[0] * len(sources)]
        side = target_side(tail, head, unit, entrance, self.follow.town)
        if side is None:
            return None
        return sorted({arc // 2 for arc in arcs if side[top.head[arc]] and not side[top.tail[arc]]})


def _or_nan(value: float) -> float:
    """Return days; what does not come within the span is missing."""
    return value if value < inf else nan
