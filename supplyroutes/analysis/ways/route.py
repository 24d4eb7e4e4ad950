"""One way from a town to another, leg by leg, as a driver or a convoy leader needs it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import fsum, nan
from typing import TYPE_CHECKING, Any

from supplyroutes._kernels.reach import gates, reached, reaches
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.analysis.ways.paths import SupplyPaths, supply_paths
from supplyroutes.analysis.ways.pathsearch import shared_share
from supplyroutes.analysis.ways.pathtable import limits_of
from supplyroutes.analysis.ways.roadgraph import Roadbook
from supplyroutes.analysis.ways.routelegs import (
    LEG_COLUMNS,
    NIGHT_COLUMNS,
    REPORT_COLUMNS,
    ROAD_COLUMNS,
    RouteBook,
    countries_of,
    days_of,
    night_rows,
)
from supplyroutes.analysis.ways.trips import Trip, avoided_town
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

MOST_SHARED = 0.5
"""An alternative shares at most this part of its length with each better one."""
DRIVEN = frozenset({"road", "ferry"})
"""Modes of a leg of a driver's sheet."""
MOST_VIA = 4
"""Towns that tell an alternative from the route, at most."""
ASSUMED = (
    "driving_day_h", "dwell_border_h", "dwell_checkpoint_h", "stale_report_days",
    "strained_capacity_share",
)  # fmt: skip
ALTERNATIVE_COLUMNS = (
    "why", "via", "via_names", "length_km", "time_h", "survival_prob", "state", "free",
    "capacity_m3_per_day", "borders", "shared_share", "relies_on_unknown", "reports", "edges",
)  # fmt: skip


@dataclass(frozen=True)
class Route:
    """A way from one town to another on a day, leg by leg; made by `route`.

    Sensitive: it tells where trucks pass and what is known of each road. See docs/route_sheet.md.

    Attributes
    ----------
    at
        The day of departure.
    commodity
        The commodity asked for.
    origin, to
        Ids of the towns at its ends.
    origin_name, to_name
        Their names.
    passable
        Whether there is a way; if not, the legs are empty and `cut` says why.
    length_km, time_h, drive_h, dwell_h, delay_h
        Sums over the legs; missing without a way. time_h = drive_h + dwell_h (borders and
        checkpoints) + delay_h, as `supply_paths` has it, day and night.
    survival_prob
        Probability that one lone truck gets through: the product over roads.
    state
        Status of the worst road; None without a way.
    free
        Whether a lone truck passes every road unrestricted.
    capacity_m3_per_day
        Least recorded capacity of a road or crossing, times what is left of it.
    detour_ratio
        Time over the best time at baseline between the same towns.
    borders
        Number of borders crossed.
    days
        Days on the way, the day of departure included, if trucks drive `driving_day_h` hours a
        day; None without a way.
    trip
        The trip asked for: towns to pass or avoid by id, roads accepted.
    via_names, avoid_names
        The names of what it passes and avoids; a road is named by its ends and its id.
    complete
        Whether the alternatives were chosen among all ways, as `supply_paths` has it.
    unknown_roads
        Roads on the way whose state is unknown.
    legs
        Index `leg`, 1 the first: edge, road_ref, tail, head, tail_name, head_name, km, total_km,
        drive_h, dwell_h, border_wait_h (in dwell_h), delay_h, hours, total_h, day (on which it is
        begun), mode (road or ferry), surface, condition, border, countries (codes, where they are
        known: of both ends where they differ), checkpoints, curfew_h (hours of each day without
        movement), curfew_by, curfew_delay_h (in delay_h), status, free, capacity_factor,
        capacity_m3_per_day, loss_prob, reports (that restrict it), delayed_by, last_report,
        last_report_on, last_report_age_days, stale (older than `stale_report_days`, or never
        reported).
    nights
        Index `night`: day, leg (before which, or on whose road), place (town, border or road),
        node, name.
    alternatives
        Index `rank`: why ("other": next in time that shares at most half of its length with each
        better one; "safest": of highest survival), via (the largest towns that only it passes),
        via_names, length_km, time_h, survival_prob, state, free, capacity_m3_per_day, borders,
        shared_share (part of its length on roads of the route), relies_on_unknown, reports, edges.
    cut
        Without a way the closed roads that prove it, index `road`: edge, road_ref, tail, head,
        tail_name, head_name, km, status, reports, last_report, last_report_on,
        last_report_age_days, stale. Empty if there was no way at baseline either.
    reports
        Index `event`: the reports behind the legs (or the cut) in the order in which they are met:
        kind, start, end, end_status, known_on, confidence, text, source, legs.
    assumed
        Index `key`: the assumptions used: low, value, high, unit, reason.
    rules
        Ids of the impact rules in force on the legs or the cut.
    known_until
        The last day on which any report of these events was published.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> found = sr.route(day, events, origin="port", to="east")
    >>> found.legs[["edge", "total_km", "status", "last_report"]].values.tolist()[1]
    ['south--bridge', 231.0, 'restricted', 'T2']
    >>> found.days, found.alternatives["via_names"].tolist()
    (2, [])
    """

    at: date
    commodity: str
    origin: str
    to: str
    origin_name: str
    to_name: str
    passable: bool
    length_km: float
    time_h: float
    drive_h: float
    dwell_h: float
    delay_h: float
    survival_prob: float
    state: str | None
    free: bool
    capacity_m3_per_day: float
    detour_ratio: float
    borders: int
    days: int | None
    trip: Trip
    via_names: tuple[str, ...]
    avoid_names: tuple[str, ...]
    complete: bool
    unknown_roads: tuple[str, ...]
    legs: pd.DataFrame
    nights: pd.DataFrame
    alternatives: pd.DataFrame
    cut: pd.DataFrame
    reports: pd.DataFrame
    assumed: pd.DataFrame
    rules: tuple[str, ...]
    known_until: date | None

    def summary(self) -> dict[str, Any]:
        """Return what the head of a sheet says.

        Returns
        -------
        values
            Keys passable, legs, length_km, time_h, days, borders, curfew_legs, state,
            survival_prob, unknown_legs, open_without_report_legs (open, and no report ever spoke of
            the road itself), old_report_legs, alternatives; None where there is no way.
        """
        from supplyroutes.analysis.plain import plain

        legs = self.legs
        silent = legs["last_report"].isna()
        return {
            "passable": self.passable,
            "legs": len(legs),
            "length_km": plain(self.length_km),
            "time_h": plain(self.time_h),
            "days": self.days,
            "borders": self.borders,
            "curfew_legs": int(legs["curfew_h"].notna().sum()),
            "state": self.state,
            "survival_prob": plain(self.survival_prob),
            "unknown_legs": len(self.unknown_roads),
            "open_without_report_legs": int((silent & (legs["status"] == "open")).sum()),
            "old_report_legs": int((legs["stale"].astype(bool) & ~silent).sum()),
            "alternatives": len(self.alternatives),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name, and summary; tables as lists of rows; km, hours, m3 per day.
        """
        from supplyroutes.analysis.plain import plain, records

        tables = ("legs", "nights", "alternatives", "cut", "reports", "assumed")
        asked = ("via", "avoid", "accepts")
        scalars = {
            name: plain(value)
            for name, value in vars(self).items()
            if name not in (*tables, "trip")
        }
        return {
            "sensitive": True,
            **scalars,
            "trip": {name: plain(getattr(self.trip, name)) for name in asked},
            "summary": self.summary(),
            **{name: records(getattr(self, name)) for name in tables},
        }

    def _repr_html_(self) -> str:
        """Return the legs (or the cut) as a table for notebooks."""
        from supplyroutes.displays import html

        way = f"{self.origin_name} to {self.to_name}, {self.at}"
        if not self.passable:
            columns = ["tail_name", "head_name", "km", "status", "reports", "last_report_on"]
            return html(f"No way from {way}", ("What blocks it (.cut)", self.cut[columns]))
        columns = ["tail_name", "head_name", "road_ref", "km", "hours", "total_h", "day", "status",
                   "reports", "last_report_age_days"]  # fmt: skip
        return html(
            f"{way}: {self.length_km:.0f} km, {self.time_h:.1f} h; sensitive",
            ("Legs (.legs)", self.legs[columns]),
        )


def route(
    day: Network,
    events: Events,
    *,
    origin: str,
    to: str,
    k: int = 3,
    trip: Trip = Trip(),  # noqa: B008 (frozen)
) -> Route:
    """Fastest way from one town to another on a day: legs, borders, curfews, last reports.

    The way is the first of `supply_paths` from that origin, so km, hours and survival are the
    same. Each leg tells how the road stands on the day of departure, by which reports, and how
    old the last news of it is. For protection and relief planning; no promise of safety.

    Parameters
    ----------
    day
        The network on a day, from `disrupt`.
    events
        The events that made it so.
    origin
        The town of departure, in any spelling.
    to
        The town of arrival, in any spelling.
    k
        How many alternatives at most; the safest way comes on top of them if it is not among
        them. None of either if 0.
    trip
        Towns to pass or avoid, and roads accepted. Its origins, days and empty return are not
        used and may not be set. Rail, river and pipeline are no way for a truck.

    Returns
    -------
    route
        A `Route`. Without a way its legs are empty and `cut` holds the closed roads.

    Raises
    ------
    UnknownIdError
        There is no such town or road, or a report of the day is not among the events.
    RequestError
        The network is of no day, both towns are the same, or `k` is below 0.

    Notes
    -----
    Nights: a truck drives `driving_day_h` hours a day (an assumption), less where a curfew leaves
    less, and stops in the last town that it reaches. Waits and delays of a leg come before it is
    driven and run by night too. The hours that a curfew adds to `time_h` are those nights, so they
    are not counted twice. The cut is that of `isolation` for this origin (with towns to pass: for
    the first part of the trip without a way): the baseline roads that lead into the largest set of
    towns that can still reach the end, and that the origin would reach without it.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> found = sr.route(day, events, origin="port", to="north")
    >>> found.passable, found.legs["edge"].tolist()
    (True, ['port--south', 'south--bridge', 'north--bridge'])
    """
    if day.at is None:
        raise RequestError("a route is of a day: pass the network that `disrupt` returns")
    if k < 0:
        raise RequestError(f"k={k}: alternatives are counted from 0")
    if trip.origins or trip.days is not None or trip.empty_return:
        raise RequestError("a route has one origin and one day: the trip may not name its own")
    start, end = day.find(origin), day.find(to)
    if start == end:
        raise RequestError(f"{day.name(end)} is both the start and the end of the route")
    asked = _by_id(day, replace(trip, origins=(start,)))
    on_wheels = replace(asked, avoid=(*asked.avoid, *_not_driven(day)))
    found = supply_paths(day, to=end, k=k + 1, max_overlap=MOST_SHARED, trip=on_wheels)
    return _Answer(day, events, (asked, on_wheels), found).route(day.at, k)


def _by_id(day: Network, trip: Trip) -> Trip:
    """Return a trip whose towns are named by id; a road to avoid has its id already."""
    roads = day.topology.edge_index
    return replace(
        trip,
        via=tuple(day.find(name) for name in trip.via),
        avoid=tuple(name if name in roads else avoided_town(day, name) for name in trip.avoid),
    )


def _not_driven(day: Network) -> list[str]:
    """Return the roads of the table that no truck drives."""
    modes = day.tables.roads.columns["mode"]
    return [
        edge for edge, mode in zip(day.topology.edge_ids, modes, strict=True) if mode not in DRIVEN
    ]


class _Answer:
    """The parts of one route, from the paths that were found."""

    def __init__(
        self, day: Network, events: Events, trips: tuple[Trip, Trip], found: SupplyPaths
    ) -> None:
        self.day = day
        self.events = events
        self.trip, self.on_wheels = trips
        self.found = found
        self.road_of = Roadbook(day, found.to, self.on_wheels)

    def route(self, at: date, k: int) -> Route:
        """Return the route: the best path told leg by leg, or the cut."""
        book = RouteBook(self.day, self.events, at)
        arcs = next(iter(self.found.arcs), ())
        legs = book.legs(arcs, limits_of(self.day))
        closed = [] if arcs else self._cut(self.day.undisturbed())
        cut = [book.road(arc) for arc in closed]
        assumed = {key: self.day.assumptions[key] for key in ASSUMED}
        nights = book.nights(legs, assumed["driving_day_h"].best)
        for leg, number in zip(legs, days_of(nights, len(legs)), strict=True):
            leg["day"] = number
        names = self.day.name
        return Route(
            at=at,
            commodity=self.day.commodity,
            origin=self.trip.origins[0],
            to=self.found.to,
            origin_name=names(self.trip.origins[0]),
            to_name=names(self.found.to),
            **self._totals(legs),
            borders=sum(leg["border"] for leg in legs),
            days=1 + len(nights) if legs else None,
            trip=self.trip,
            via_names=tuple(names(node) for node in self.trip.via),
            avoid_names=tuple(self._avoided(name) for name in self.trip.avoid),
            complete=self.found.complete,
            unknown_roads=tuple(leg["edge"] for leg in legs if leg["status"] == "unknown"),
            legs=_frame(legs, "leg", LEG_COLUMNS),
            nights=_frame(night_rows(nights, legs), "night", NIGHT_COLUMNS),
            alternatives=_frame(self._alternatives(arcs, k), "rank", ALTERNATIVE_COLUMNS),
            cut=_frame(cut, "road", ROAD_COLUMNS),
            reports=_frame(book.reports(legs or cut), "event", REPORT_COLUMNS),
            assumed=_frame(
                [
                    {"key": key, "low": entry.low, "value": entry.best, "high": entry.high,
                     "unit": entry.unit, "reason": entry.reason}
                    for key, entry in assumed.items()
                ],
                "key",
                ("low", "value", "high", "unit", "reason"),
            ),
            rules=book.rules_on(arcs or closed),
            known_until=max((report.known_on for report in self.events), default=None),
        )  # fmt: skip

    def _totals(self, legs: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Return what the path as a whole is told of, from `supply_paths`."""
        shared = ("length_km", "time_h", "delay_h", "survival_prob", "capacity_m3_per_day",
                  "detour_ratio")  # fmt: skip
        if not legs:
            missing = dict.fromkeys((*shared, "drive_h", "dwell_h"), nan)
            return {**missing, "passable": False, "state": None, "free": False}
        row: Any = self.found.paths.loc[1]
        return {
            **{name: float(row[name]) for name in shared},
            "drive_h": fsum(leg["drive_h"] for leg in legs),
            "dwell_h": fsum(leg["dwell_h"] for leg in legs),
            "passable": True,
            "state": str(row["state"]),
            "free": bool(row["free"]),
        }

    def _avoided(self, name: str) -> str:
        """Return the name of a town or road to avoid."""
        top = self.day.topology
        if name not in top.edge_index:
            return self.day.name(name)
        arc = 2 * top.edge_index[name]
        u, v = (self.day.name(top.node_ids[node]) for node in (top.tail[arc], top.head[arc]))
        return f"{u} \N{EN DASH} {v} ({name})"

    # --- alternatives ---------------------------------------------------------------------

    def _alternatives(self, arcs: Sequence[int], k: int) -> list[dict[str, Any]]:
        """Return the next paths that differ, and the safest one if it is safer than the route."""
        if not arcs or k == 0:
            return []
        ranks = self.found.paths.index[1 : k + 1]
        rows = [self._alternative(self.found, rank, arcs) for rank in ranks]
        best = supply_paths(self.day, to=self.found.to, k=1, choose="safest", trip=self.on_wheels)
        if best.paths["survival_prob"].max() > self.found.paths["survival_prob"].iloc[0]:
            safest = self._alternative(best, 1, arcs)
            same = next((row for row in rows if row["edges"] == safest["edges"]), None)
            if same is None:
                rows.append(safest)
            (same or safest)["why"] = "safest"
        return rows

    def _alternative(self, found: SupplyPaths, rank: int, arcs: Sequence[int]) -> dict[str, Any]:
        """Return the columns of one alternative to the route over `arcs`."""
        top, row = self.day.topology, found.paths.loc[rank]
        towns, borders = self.day.tables.towns.columns, self.day.tables.roads.columns["border"]
        own = found.arcs[rank - 1]
        met = {top.head[arc] for arc in arcs} | {top.tail[arcs[0]]}
        only = dict.fromkeys(top.head[arc] for arc in own if top.head[arc] not in met)
        largest = sorted(only, key=lambda node: (-(towns["population"][node] or 0), node))
        via = [node for node in only if node in largest[:MOST_VIA]]
        told = ("length_km", "time_h", "survival_prob", "state", "free", "capacity_m3_per_day",
                "relies_on_unknown", "reports")  # fmt: skip
        return {
            "why": "other",
            "via": tuple(top.node_ids[node] for node in via),
            "via_names": tuple(towns["name"][node] for node in via),
            **{name: row[name] for name in told},
            "borders": sum(
                bool(borders[arc // 2] or len(countries_of(self.day, arc)) > 1) for arc in own
            ),
            "shared_share": shared_share(own, arcs, top.length_km),
            "edges": tuple(top.edge_ids[arc // 2] for arc in own),
        }

    # --- no way ---------------------------------------------------------------------------

    def _cut(self, before: Network) -> list[int]:
        """Return the closed arcs before the first town of the trip that cannot be reached.

        Empty if some town of the trip could not be reached at baseline either: then no road is
        missing that was there. Parts of a trip may share towns, so each has a way or none.
        """
        top, course = self.day.topology, self.road_of.course
        at_baseline = bytearray(
            bool(ok and not avoided)
            for ok, avoided in zip(passable_arcs(before), course.avoided, strict=True)
        )
        stops = (*course.origins, *course.via, course.to)
        parts = list(pairwise(stops))

        def inside_of(passable: Sequence[int], stop: int) -> Sequence[int]:
            return reaches(top.in_start, top.in_arcs, top.tail, passable, stop)

        if not all(inside_of(at_baseline, stop)[origin] for origin, stop in parts):
            return []
        at_first = self.road_of.at_first
        shut = (part for part in parts if not inside_of(at_first, part[1])[part[0]])
        origin, stop = next(shut)
        inside = inside_of(at_first, stop)
        outside = bytearray(
            ok and not inside[head] for ok, head in zip(at_baseline, top.head, strict=True)
        )
        fed = reached(top.out_start, top.out_arcs, top.head, outside, [origin])
        cut = gates(inside, top.tail, top.head, at_baseline)
        return [arc for arc in cut if fed[top.tail[arc]]]


def _frame(rows: Sequence[dict[str, Any]], index: str, columns: Sequence[str]) -> pd.DataFrame:
    """Return rows as a table; they are numbered from 1 if they have no index of their own."""
    import pandas as pd

    numbered = [row.get(index, number) for number, row in enumerate(rows, 1)]
    return pd.DataFrame(rows, index=pd.Index(numbered, name=index), columns=list(columns))
