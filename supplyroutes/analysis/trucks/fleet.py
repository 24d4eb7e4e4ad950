"""The fleet: a closed pool of tankers that shrinks, and the empty way back to the source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field, replace
from datetime import date
from math import fsum, inf, isfinite
from typing import TYPE_CHECKING

from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis.flows.flow_problem import source_limits
from supplyroutes.analysis.stores.dispatch import Dispatch, Sending
from supplyroutes.analysis.stores.transit import Consignment, Escorted, Moved, Roads, UnderWay
from supplyroutes.analysis.trucks.convoys import Convoy, ConvoyRun
from supplyroutes.analysis.trucks.deterrence import Willingness
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Fleet:
    """Tankers, convoys and drivers, for `stock_levels`.

    Parameters
    ----------
    tankers
        Tankers that serve the network from all sources together. None: as many as the usual
        traffic keeps busy (Little's law), times `fleet_spare_ratio`.
    convoys
        Convoys that drive beside free traffic, from the same tankers.
    deterrence
        Which share of the drivers is willing to run each corridor, from `willingness`; None:
        nobody is deterred.
    seed
        None: every convoy loses what it loses on average. A number: each report of an attack is
        one draw for a convoy, keyed by seed, convoy and report.

    Raises
    ------
    RequestError
        The number of tankers is negative or not finite.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> sr.Fleet(tankers=300).tankers
    300
    """

    tankers: float | None = None
    convoys: Sequence[Convoy] = ()
    deterrence: Willingness | None = None
    seed: int | None = None

    def _repr_html_(self) -> str:
        """Return what the fleet is as a table for notebooks."""
        from supplyroutes.displays import fields, html

        told = {
            "tankers": "as many as usual" if self.tankers is None else self.tankers,
            "convoys": len(self.convoys),
            "drivers deterred": self.deterrence is not None,
            "losses": "on average" if self.seed is None else f"drawn, seed {self.seed}",
        }
        return html("Fleet", ("For stock_levels", fields(told)))

    def __post_init__(self) -> None:
        """Refuse a number of tankers that is none."""
        if self.tankers is not None and not (isfinite(self.tankers) and self.tankers >= 0):
            raise RequestError(f"tankers: {self.tankers} must be a finite number from 0 up")


@dataclass(frozen=True)
class FleetDay:
    """Where the tankers are in the evening, and how many were lost on the day."""

    idle: float
    loaded: float
    empty: float
    lost: float


class Ways:
    """Quickest open ways home from every town to a source, by the clock."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Roads, list[float], list[int]]] = {}

    def home(self, roads: Roads, town: int, source: int) -> tuple[int, ...] | None:
        """Return the arcs home; None if there is no open way."""
        top, key = roads.day.topology, (id(roads), source)
        if key not in self._known:  # backwards from the source, so one search serves all towns
            best, arc_out, _ = nearest_source(
                top.in_start, top.in_arcs, top.tail, roads.clock_h, roads.passable, [source]
            )
            self._known[key] = roads, best, arc_out
        _, best, arc_out = self._known[key]
        if best[town] == inf:
            return None
        path, node = [], town
        while node != source:
            path.append(arc_out[node])
            node = top.head[arc_out[node]]
        return tuple(path)


@dataclass
class Pool:
    """Tankers that are idle, on their empty way back, and waiting for an open way.

    An idle tanker loads at any source the next morning: the way from one source to another is not
    counted (assumption).
    """

    load_m3: float
    idle: float = 0.0
    empties: UnderWay = field(default_factory=lambda: UnderWay(None))
    stranded: dict[tuple[int, int], float] = field(default_factory=dict)
    ways: Ways = field(default_factory=Ways)

    @property
    def room_m3(self) -> float:
        """What the idle tankers can load."""
        return self.idle * self.load_m3

    def add(self, tankers: float) -> None:
        """Put tankers back among the idle, or take them away."""
        self.idle = max(0.0, self.idle + tankers)

    def unload(self, tankers: Mapping[tuple[int, int], float]) -> None:
        """Let tankers that came from a source to a town go home, once there is a way."""
        for key, number in tankers.items():
            self.stranded[key] = self.stranded.get(key, 0.0) + number

    def drive(self, roads: Roads) -> None:
        """Let the empty tankers drive for a day; nobody is lost on the way home (assumption)."""
        safe = replace(roads, keep=(1.0,) * len(roads.keep))
        self.add(fsum(self.empties.drive(safe).unloaded.values()))

    def turn_home(self, roads: Roads) -> None:
        """Let those who have unloaded set out for home, if there is an open way."""
        for source, town in sorted(self.stranded):
            path = self.ways.home(roads, town, source)
            if path is not None:
                number = self.stranded.pop((source, town))
                self.empties.send(Consignment(source, source, path, number, number))

    @property
    def empty(self) -> float:
        """Tankers on their way home, or waiting for one."""
        return fsum((*self.empties.amount, *self.stranded.values()))


class FleetDispatch:
    """What a fleet of tankers sends: the flow of a day, as far as tankers are idle.

    Called once a day, in order: `send` in the morning, `drove` after the day's driving.

    Parameters
    ----------
    inner
        The flow without a limit of tankers.
    network
        The undisturbed network.
    fleet
        The fleet.
    """

    def __init__(self, inner: Dispatch, network: Network, fleet: Fleet) -> None:
        self._inner, self._network, self._fleet = inner, network, fleet
        self._convoys = ConvoyRun(network, fleet.convoys, fleet.seed)
        self._sources = tuple(sorted(source_limits(network)))
        self.pool = Pool(network.assumptions["tanker_load_m3"].best)
        self.days: list[FleetDay] = []
        self._left = 0.0

    def roads(self, day: Network) -> Roads:
        """Return the roads of a day."""
        return self._inner.roads(day)

    def usual(self, calm: Network, ordered: Mapping[int, float]) -> Sending:
        """Return the usual traffic as the fleet can carry it, and let the fleet be busy with it.

        By Little's law the tankers busy are those that leave in a day times the days of their
        round: loaded, unloading, and empty.
        """
        sending = self._inner.usual(calm, ordered)
        roads, load = self._inner.roads(calm), self.pool.load_m3
        busy = []
        for sent in sending.consignments:
            back = self.pool.ways.home(roads, sent.town, sent.source)
            days = 1 + roads.lag_days(sent.path)
            days += 0 if back is None else 1 + roads.lag_days(back)
            busy.append(sent.leaves / load * days)
        needed = fsum(busy)
        spare = calm.assumptions["fleet_spare_ratio"].best
        tankers = needed * spare if self._fleet.tankers is None else self._fleet.tankers
        share = min(1.0, tankers / needed) if needed > 0 else 1.0
        self._start(sending, roads, share)
        self.pool.add(tankers - needed * share)
        for sent in sending.consignments:  # those that leave in the morning stand idle overnight
            self.pool.add(sent.leaves / load * share)
        return replace(
            sending,
            consignments=tuple(
                replace(sent, leaves=sent.leaves * share, due=sent.due * share)
                for sent in sending.consignments
            ),
        )

    def _start(self, sending: Sending, roads: Roads, share: float) -> None:
        """Put on the road the empties of the usual traffic: one day's load on each day of the way.

        Those of an evening have unloaded on one of the days before.
        """
        load = self.pool.load_m3
        for sent in sending.consignments:
            back = self.pool.ways.home(roads, sent.town, sent.source)
            if back is None:
                continue
            number = sent.leaves / load * share
            ahead = UnderWay(None)
            ahead.send(Consignment(sent.source, sent.source, back, number, number))
            while ahead.town:
                self.pool.empties.send(ahead.rest(0), ahead.left_h[0])
                ahead.drive(replace(roads, keep=(1.0,) * len(roads.keep)))

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves: convoys first, then lone tankers as far as there are any idle."""
        self._left = self._convoys.leaving(day, self.pool.idle)
        self.pool.add(-self._left)
        room = self.pool.room_m3
        sending = self._inner.send(day, ordered, dict.fromkeys(self._sources, room))
        total = fsum(sent.leaves for sent in sending.consignments)
        if total > room:  # each source sends its share of what the tankers can load together
            most = dict.fromkeys(self._sources, 0.0)
            for sent in sending.consignments:
                most[sent.source] += sent.leaves * (room / total)
            sending = self._inner.send(day, ordered, most)
            total = fsum(sent.leaves for sent in sending.consignments)
        self.pool.add(-total / self.pool.load_m3)
        return sending

    def drove(self, day: Network, moved: Moved, road: UnderWay) -> Escorted:
        """Take note of a day's driving, and let convoys and empty tankers drive too."""
        roads, load = self._inner.roads(day), self.pool.load_m3
        self.pool.add(fsum(moved.returned.values()) / load)
        self.pool.drive(roads)
        self.pool.unload({key: amount / load for key, amount in moved.unloaded.items()})
        convoys = self._convoys.drive(day.at, roads)
        self.pool.unload(convoys.unloaded)
        self.pool.turn_home(roads)
        bound = self._convoys.bound()
        self.days.append(
            FleetDay(
                idle=self.pool.idle,
                loaded=fsum(road.amount) / load + fsum(bound.values()),
                empty=self.pool.empty,
                lost=moved.lost / load + convoys.lost,
            )
        )
        return Escorted(
            sent=self._left * load,
            lost=convoys.lost * load,
            arrived={town: tankers * load for town, tankers in convoys.arrived.items()},
            bound={town: tankers * load for town, tankers in bound.items()},
        )


def fleet_table(dates: Sequence[date], days: Sequence[FleetDay]) -> pd.DataFrame:
    """Return where the tankers are, day by day."""
    import pandas as pd

    return pd.DataFrame(
        [astuple(day) for day in days],
        columns=["idle", "loaded", "empty", "lost"],
        index=pd.Index(dates, name="date"),
    )
