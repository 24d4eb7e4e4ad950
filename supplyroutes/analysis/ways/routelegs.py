"""What a driver is told of each leg of a route, and of the reports behind it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from math import fsum, nan
from typing import Any

from supplyroutes.analysis.isolation import free_arcs
from supplyroutes.analysis.ways.nights import Night, Stretch, night_stops
from supplyroutes.core import STATUSES
from supplyroutes.events import Events
from supplyroutes.impacts import Impact, impacts_of
from supplyroutes.network import Network

LEG_COLUMNS = (
    "edge", "road_ref", "tail", "head", "tail_name", "head_name", "km", "total_km", "drive_h",
    "dwell_h", "border_wait_h", "delay_h", "hours", "total_h", "day", "mode", "surface",
    "condition", "border", "countries", "checkpoints", "curfew_h", "curfew_by", "curfew_delay_h",
    "status", "free", "capacity_factor", "capacity_m3_per_day", "loss_prob", "reports",
    "delayed_by", "last_report", "last_report_on", "last_report_age_days", "stale",
)  # fmt: skip
NIGHT_COLUMNS = ("day", "leg", "place", "node", "name")
REPORT_COLUMNS = (
    "kind", "start", "end", "end_status", "known_on", "confidence", "text", "source", "legs",
)  # fmt: skip
ROAD_COLUMNS = (
    "edge", "road_ref", "tail", "head", "tail_name", "head_name", "km", "status", "reports",
    "last_report", "last_report_on", "last_report_age_days", "stale",
)  # fmt: skip


@dataclass(frozen=True)
class RouteBook:
    """One day and its events, as a driver asks for them road by road."""

    day: Network
    events: Events
    at: date

    # --- roads ----------------------------------------------------------------------------

    def road(self, arc: int) -> dict[str, Any]:
        """Return what is told of a direction of a road, on the route or closed."""
        top, state = self.day.topology, self.day.state
        tail, head = top.node_ids[top.tail[arc]], top.node_ids[top.head[arc]]
        news = state.last_report[arc]
        age = (self.at - news[0]).days if news else None
        return {
            "edge": top.edge_ids[arc // 2],
            "road_ref": self._cell("road_ref", arc),
            "tail": tail,
            "head": head,
            "tail_name": self.day.name(tail),
            "head_name": self.day.name(head),
            "km": top.length_km[arc],
            "status": STATUSES[state.status[arc]],
            "reports": state.reports[arc],
            "last_report": news[1] if news else None,
            "last_report_on": news[0] if news else None,
            "last_report_age_days": age,
            "stale": age is None or age > self.day.assumptions["stale_report_days"].best,
        }

    def legs(self, arcs: Sequence[int], limits: Mapping[int, float]) -> list[dict[str, Any]]:
        """Return the columns of the legs; hours are those of `supply_paths`, part by part."""
        top, state = self.day.topology, self.day.state
        base, hours = self.day.base_time_h, self.day.time_h
        free = free_arcs(self.day)
        wait_h = self.day.assumptions["dwell_border_h"].best
        rows = []
        for place, arc in enumerate(arcs):
            countries = countries_of(self.day, arc)
            limit = limits.get(arc // 2)
            curfews = self.curfews(arc)
            rows.append(
                {
                    **self.road(arc),
                    "total_km": fsum(top.length_km[one] for one in arcs[: place + 1]),
                    "drive_h": base[arc] - top.dwell_h[arc],
                    "dwell_h": top.dwell_h[arc],
                    "border_wait_h": wait_h if self._cell("border", arc) else 0.0,
                    "delay_h": state.delay_h[arc],
                    "hours": hours[arc],
                    "total_h": fsum(hours[one] for one in arcs[: place + 1]),
                    "mode": self._cell("mode", arc),
                    "surface": self._cell("surface", arc),
                    "condition": self._cell("condition", arc),
                    "border": self._cell("border", arc) or len(countries) > 1,
                    "countries": countries,
                    "checkpoints": self._cell("checkpoints", arc),
                    "curfew_h": max(curfews.values(), default=nan),
                    "curfew_by": tuple(sorted(curfews)),
                    "curfew_delay_h": self.curfew_delay_h(arc) if curfews else 0.0,
                    "free": bool(free[arc]),
                    "capacity_factor": state.capacity_factor[arc],
                    "capacity_m3_per_day": (
                        nan if limit is None else limit * state.capacity_factor[arc]
                    ),
                    "loss_prob": state.loss_prob[arc],
                    "delayed_by": state.delayed_by[arc],
                }
            )
        return rows

    def _cell(self, column: str, arc: int) -> Any:
        """Return a cell of the roads table."""
        return self.day.tables.roads.columns[column][arc // 2]

    # --- curfews --------------------------------------------------------------------------

    @cached_property
    def in_force(self) -> tuple[Impact, ...]:
        """The impacts in force on the day, on the whole commodity."""
        found = impacts_of(self.day, self.events, commodity=self.day.commodity).impacts
        return tuple(
            impact
            for impact in found
            if impact.start <= self.at < impact.end and not impact.partial
        )

    @cached_property
    def _on_arc(self) -> dict[int, list[tuple[Impact, float]]]:
        """The impacts in force on each arc, each with its delay there."""
        found: dict[int, list[tuple[Impact, float]]] = {}
        for impact in self.in_force:
            for arc, delay in zip(impact.arcs, impact.delay_h, strict=True):
                found.setdefault(arc, []).append((impact, delay))
        return found

    def curfews(self, arc: int) -> dict[str, float]:
        """Return the hours of a day without movement on an arc, by the report that tells them."""
        hours: dict[str, float] = {}
        for impact, _ in self._on_arc.get(arc, ()):
            rule = self.events.rules[impact.rule]
            told = self.events[impact.reports[-1]].curfew_h
            without = rule.delay_h_best if told is None else told
            if rule.delay_as == "curfew" and without > 0:
                hours[impact.reports[-1]] = without
        return hours

    def curfew_delay_h(self, arc: int) -> float:
        """Return the part of an arc's delay that curfews make: all but what others make."""
        others: dict[str, float] = {}
        for impact, delay in self._on_arc.get(arc, ()):
            if self.events.rules[impact.rule].delay_as != "curfew":
                others[impact.incident] = max(delay, others.get(impact.incident, 0.0))
        return max(0.0, self.day.state.delay_h[arc] - fsum(others.values()))

    def rules_on(self, arcs: Iterable[int]) -> tuple[str, ...]:
        """Return the impact rules in force on the arcs, sorted."""
        return tuple(
            sorted({impact.rule for arc in arcs for impact, _ in self._on_arc.get(arc, ())})
        )

    # --- nights ---------------------------------------------------------------------------

    @staticmethod
    def nights(legs: Sequence[Mapping[str, Any]], driving_day_h: float) -> list[Night]:
        """Return the nights on the way, if trucks drive so many hours of a day.

        The night of a curfew is slept, not added to the hours on the road; one that leaves less of
        a day than the driving day shortens it.
        """
        return night_stops(
            [
                Stretch(
                    drive_h=leg["drive_h"],
                    border_h=leg["border_wait_h"],
                    delay_h=leg["dwell_h"] - leg["border_wait_h"]
                    + leg["delay_h"] - leg["curfew_delay_h"],
                    day_h=driving_day_h,
                    curfew_h=leg["curfew_h"] if leg["curfew_by"] else 0.0,
                )
                for leg in legs
            ]
        )  # fmt: skip

    # --- reports --------------------------------------------------------------------------

    def reports(self, roads: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """Return the reports behind legs or closed roads, in the order in which they are met."""
        met: dict[str, list[int]] = {}
        for number, road in enumerate(roads, 1):
            last = (road["last_report"],) if road["last_report"] else ()
            behind = (*road["reports"], *road.get("delayed_by", ()), *road.get("curfew_by", ()))
            for name in dict.fromkeys((*last, *behind)):
                met.setdefault(name, []).append(number)
        return [
            {
                "event": name,
                **{
                    column: getattr(self.events[name], column)
                    for column in REPORT_COLUMNS
                    if column != "legs"
                },
                "legs": tuple(numbers),
            }
            for name, numbers in met.items()
        ]


def countries_of(day: Network, arc: int) -> tuple[str, ...]:
    """Return the countries of the ends of an arc, as far as they are known, each once."""
    top, countries = day.topology, day.tables.towns.columns["country"]
    ends = (countries[node] for node in (top.tail[arc], top.head[arc]))
    return tuple(dict.fromkeys(country for country in ends if country))


def night_rows(nights: Sequence[Night], legs: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the columns of the nights; a night on the road has no town."""
    return [
        {
            "day": number,
            "leg": night.leg + 1,
            "place": night.place,
            "node": None if night.place == "road" else legs[night.leg]["tail"],
            "name": None if night.place == "road" else legs[night.leg]["tail_name"],
        }
        for number, night in enumerate(nights, 1)
    ]


def days_of(nights: Sequence[Night], legs: int) -> list[int]:
    """Return the day on which each leg is begun, 1 the day of departure."""
    before = [0] * (legs + 1)
    for night in nights:
        before[night.leg + (night.place == "road")] += 1
    days, day = [], 1
    for leg in range(legs):
        day += before[leg]
        days.append(day)
    return days
