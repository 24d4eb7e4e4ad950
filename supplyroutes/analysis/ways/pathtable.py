"""What is told of a path and of each of its legs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, inf, nan, prod
from typing import Any

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.isolation import free_arcs, passable_arcs
from supplyroutes.analysis.ways.pathsearch import Path, shared_share
from supplyroutes.analysis.ways.roadgraph import TICKS_PER_HOUR, Roadbook
from supplyroutes.commodities import covers
from supplyroutes.core import STATUSES, UNKNOWN
from supplyroutes.network import Network

PATH_COLUMNS = (
    "source", "length_km", "time_h", "delay_h", "wait_h", "survival_prob", "state", "free",
    "restricted_km", "capacity_factor", "capacity_m3_per_day", "bottleneck", "detour_ratio",
    "overlap_share", "near_equal", "relies_on_unknown", "reports",
)  # fmt: skip
RETURN_COLUMNS = ("return_time_h", "cycle_h", "return_reports")
LEG_COLUMNS = (
    "edge", "tail", "head", "km", "hours", "delay", "wait", "status", "loss_prob", "reports",
    "delayed_by", "last_report", "last_report_age_days",
)  # fmt: skip


@dataclass(frozen=True)
class Leg:
    """An arc of a path, and the day on which it is entered."""

    arc: int
    network: Network
    wait_h: float

    @property
    def hours(self) -> float:
        """Hours on the road: driving, dwell and delays; not the waiting before."""
        return self.network.time_h[self.arc]

    @property
    def status(self) -> int:
        """The status of the road on the day on which it is entered."""
        return self.network.state.status[self.arc]


def legs_of(book: Roadbook, path: Path) -> list[Leg]:
    """Return the legs of a path, driven from the start of the day of departure."""
    legs, now = [], 0.0
    for arc in path:
        number, entered = book.enter(arc, now)
        legs.append(Leg(arc, book.networks[number], (entered - now) / TICKS_PER_HOUR))
        now = entered + book.ticks[number][arc]
    return legs


def leg_row(leg: Leg) -> dict[str, Any]:
    """Return the columns of one leg."""
    top, state, arc = leg.network.topology, leg.network.state, leg.arc
    news, at = state.last_report[arc], leg.network.at
    return {
        "edge": top.edge_ids[arc // 2],
        "tail": top.node_ids[top.tail[arc]],
        "head": top.node_ids[top.head[arc]],
        "km": top.length_km[arc],
        "hours": leg.hours,
        "delay": state.delay_h[arc],
        "wait": leg.wait_h,
        "status": STATUSES[leg.status],
        "loss_prob": state.loss_prob[arc],
        "reports": state.reports[arc],
        "delayed_by": state.delayed_by[arc],
        "last_report": news[1] if news else None,
        "last_report_age_days": (at - news[0]).days if news and at else None,
    }


class PathTable:
    """The rows of the paths of one question."""

    def __init__(self, book: Roadbook, baseline: Network, near_equal_h: float) -> None:
        self.book = book
        self.day = book.networks[0]
        self.top = self.day.topology
        self.near_h = near_equal_h
        self.best_before = self._best_before(baseline)

    def rows(self, paths: Sequence[Path], legs: Sequence[list[Leg]]) -> list[dict[str, Any]]:
        """Return the columns of all paths, the best first."""
        times = [time_h(of_path) for of_path in legs]
        return [
            {
                **self._sums(path, of_path),
                **self._room(of_path),
                "detour_ratio": self._detour(times[place]),
                "overlap_share": max(
                    (shared_share(path, other, self.top.length_km) for other in paths[:place]),
                    default=0.0,
                ),
                "near_equal": times[place] <= self.near_h,
                **(self._way_back(path, times[place]) if self.book.trip.empty_return else {}),
            }
            for place, (path, of_path) in enumerate(zip(paths, legs, strict=True))
        ]

    def _sums(self, path: Path, legs: Sequence[Leg]) -> dict[str, Any]:
        """Return source, lengths, times, survival and reports of a path."""
        km, start = self.top.length_km, self.top.tail[path[0]] if path else self.book.course.to
        return {
            "source": self.top.node_ids[start],
            "length_km": fsum(km[arc] for arc in path),
            "time_h": time_h(legs),
            "delay_h": fsum(leg.network.state.delay_h[leg.arc] for leg in legs),
            "wait_h": fsum(leg.wait_h for leg in legs),
            "survival_prob": prod(1 - leg.network.state.loss_prob[leg.arc] for leg in legs),
            "state": STATUSES[max((leg.status for leg in legs), default=0)],
            "free": all(self._free(leg) for leg in legs),
            "restricted_km": fsum(km[leg.arc] for leg in legs if leg.status > UNKNOWN),
            "relies_on_unknown": any(leg.status == UNKNOWN for leg in legs),
            "reports": _by_roads(leg.network.state.reports[leg.arc] for leg in legs),
        }

    def _room(self, legs: Sequence[Leg]) -> dict[str, Any]:
        """Return how much passes, and the road that lets pass least."""
        factors = [(leg.network.state.capacity_factor[leg.arc], leg.arc // 2) for leg in legs]
        least = [
            (self._limits[road] * factor, road) for factor, road in factors if road in self._limits
        ]
        narrow = min(least, default=None) or min(
            (entry for entry in factors if entry[0] < 1), default=None
        )
        return {
            "capacity_factor": min((factor for factor, _ in factors), default=1.0),
            "capacity_m3_per_day": min(least)[0] if least else nan,
            "bottleneck": self.top.edge_ids[narrow[1]] if narrow else None,
        }

    @cached_property
    def _limits(self) -> Mapping[int, float]:
        """The most that each road carries."""
        return limits_of(self.day)

    def _free(self, leg: Leg) -> bool:
        """Tell whether a lone truck passes a leg without restriction."""
        key = id(leg.network.state)
        if key not in self._free_arcs:
            self._free_arcs[key] = free_arcs(leg.network)
        return bool(self._free_arcs[key][leg.arc])

    @cached_property
    def _free_arcs(self) -> dict[int, bytearray]:
        """The free arcs of each state met so far."""
        return {}

    def _best_before(self, baseline: Network) -> float:
        """Return the best hours to the town at baseline, from the same starts."""
        course, top = self.book.course, baseline.topology
        starts = course.origins if self.book.trip.origins else baseline.sources()
        best, _, _ = nearest_source(
            top.out_start, top.out_arcs, top.head, baseline.time_h, passable_arcs(baseline), starts
        )
        return best[course.to]

    def _detour(self, time: float) -> float:
        """Return time over best time at baseline; missing where there was no way or no time."""
        if time == self.best_before:
            return 1.0
        return time / self.best_before if 0 < self.best_before < inf else nan

    def _way_back(self, path: Path, time: float) -> dict[str, Any]:
        """Return the empty truck's way back to the source, or what stops it."""
        hours, arc_in = self._back
        start = self.top.tail[path[0]] if path else self.book.course.to
        if hours[start] == inf:
            return {"return_time_h": nan, "cycle_h": nan, "return_reports": self._stops_return}
        way = path_to(start, arc_in, self.top.tail)
        return {
            "return_time_h": fsum(self.day.time_h[arc] for arc in way),
            "cycle_h": time + fsum(self.day.time_h[arc] for arc in way),
            "return_reports": _by_roads(self.day.state.reports[arc] for arc in way),
        }

    @cached_property
    def _back(self) -> tuple[list[float], list[int]]:
        """Best hours of an empty truck from the town, and the tree of its ways."""
        top = self.top
        best, arc_in, _ = nearest_source(
            top.out_start, top.out_arcs, top.head, self.day.time_h, self.book.at_first,
            [self.book.course.to],
        )  # fmt: skip
        return best, arc_in

    @cached_property
    def _stops_return(self) -> tuple[str, ...]:
        """The reports on the roads that an empty truck would leave by, but cannot."""
        top, course = self.top, self.book.course
        inside = reached(top.out_start, top.out_arcs, top.head, self.book.at_first, [course.to])
        return _by_roads(
            self.day.state.reports[arc]
            for arc, usable in enumerate(self.day.usable)
            if usable and inside[top.tail[arc]] and not inside[top.head[arc]]
        )


def limits_of(day: Network) -> dict[int, float]:
    """Return the most that a road carries of the commodity in a day, where that is recorded."""
    roads, index = day.tables.roads.columns, day.topology.edge_index
    found = {
        road: float(most)
        for road, most in enumerate(roads["capacity_m3_per_day"])
        if most is not None
    }
    for row in day.tables.limits.rows():
        if covers(row["commodity"], day.commodity):
            road, most = index[row["edge"]], row["limit_m3_per_day_best"]
            found[road] = min(found.get(road, inf), most)
    return found


def time_h(legs: Sequence[Leg]) -> float:
    """Return the hours of a path: on the road, and waiting."""
    return fsum(hours for leg in legs for hours in (leg.hours, leg.wait_h))


def _by_roads(reports: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    """Return reports, the one on most roads first."""
    counts = Counter(name for entry in reports for name in entry)
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))
