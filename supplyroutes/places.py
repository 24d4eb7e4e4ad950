"""Where a report is: the roads and towns of the network that it names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from supplyroutes.core import Tables, home_country
from supplyroutes.errors import DataError, Problem
from supplyroutes.events import Events
from supplyroutes.geo import (
    Box,
    Point,
    box_of,
    line_distance_km,
    may_come_within,
    parse_linestring,
)
from supplyroutes.names import Hints, name_key
from supplyroutes.network import Network
from supplyroutes.reported import Report


@dataclass(frozen=True)
class Gazetteer:
    """Look-ups from the words of a report to the arcs of one network."""

    network: Network

    @cached_property
    def corridor_arcs(self) -> dict[str, tuple[int, ...]]:
        """The arcs of each corridor, driving inbound: from its origin to its destination."""
        corridors = self.network.tables.corridors
        return {
            row["corridor"]: self._oriented(row["edges"], row["origin"]) for row in corridors.rows()
        }

    def _oriented(self, edges: Sequence[str], origin: str) -> tuple[int, ...]:
        """Return the arcs that drive along `edges` from `origin`."""
        topology = self.network.topology
        here = topology.node_index[origin]
        arcs = []
        for edge in edges:
            number = topology.edge_index[edge]
            arc = 2 * number if topology.tail[2 * number] == here else 2 * number + 1
            arcs.append(arc)
            here = topology.head[arc]
        return tuple(arcs)

    @cached_property
    def _regions(self) -> dict[str, frozenset[int]]:
        """The edges with at least one end in each region or country, by name key."""
        topology = self.network.topology
        towns = self.network.tables.towns.columns
        keys = {name: name_key(name) for name in {*towns["admin1"], *towns["country"]}}
        found: dict[str, set[int]] = {}
        for arc, node in enumerate(topology.tail):
            for place in {keys[towns["admin1"][node]], keys[towns["country"][node]]}:
                if place:
                    found.setdefault(place, set()).add(arc // 2)
        return {place: frozenset(edges) for place, edges in found.items()}

    def region_edges(self, region: str) -> frozenset[int]:
        """Return the edges with at least one end in a region or country, by any name of it."""
        found = self._region_names.find(region)
        return self._regions.get(name_key(found), frozenset()) if found else frozenset()

    @cached_property
    def _region_names(self) -> RegionNames:
        """The names of regions and countries."""
        return RegionNames.of(self.network.tables)

    @cached_property
    def _lines(self) -> list[tuple[Point, ...]]:
        """The (lon, lat) line of each road; straight where no geometry is given."""
        topology, tables = self.network.topology, self.network.tables
        lat, lon = tables.towns.columns["lat"], tables.towns.columns["lon"]
        lines = []
        for edge, text in enumerate(tables.roads.columns["geometry"]):
            if text:
                lines.append(parse_linestring(text))
            else:
                ends = (topology.tail[2 * edge], topology.head[2 * edge])
                lines.append(tuple((lon[node], lat[node]) for node in ends))
        return lines

    @cached_property
    def _boxes(self) -> list[Box]:
        """The box of each road's line."""
        return [box_of(line) for line in self._lines]

    @cached_property
    def _areas(self) -> dict[tuple[float, float, float], list[int]]:
        """Memo of `area_edges`: each rule that reads a report, and each mention, asks anew."""
        return {}

    def area_edges(self, lat: float, lon: float, radius_km: float) -> list[int]:
        """Return the edges whose line comes within `radius_km` of a place.

        Tested on the road's line, not on its ends: a 100 km road that crosses a 10 km disc
        is hit.
        """
        key = (lat, lon, radius_km)
        if key not in self._areas:
            self._areas[key] = [
                edge
                for edge, box in enumerate(self._boxes)
                if may_come_within(box, lat, lon, radius_km)
                and line_distance_km(self._lines[edge], lat, lon) <= radius_km
            ]
        return list(self._areas[key])

    def node_edges(self, nodes: Iterable[str]) -> set[int]:
        """Return the edges that end at any of the towns."""
        topology = self.network.topology
        found = set()
        for node in nodes:
            number = topology.node_index[node]
            for place in range(topology.out_start[number], topology.out_start[number + 1]):
                found.add(topology.out_arcs[place] // 2)
        return found

    def stretch(self, report: Report) -> list[int]:
        """Return the edges that a report names, in its order: the finest place it gives.

        Roads if it lists them; else the roads of its corridors that end at its towns; else
        all roads of its towns; else its area; else all roads of its corridors (within its
        region, if it gives one).
        """
        index = self.network.topology.edge_index
        if report.edges:
            return [index[edge] for edge in report.edges]
        along = list(dict.fromkeys(edge for course in self._corridors(report) for edge in course))
        if report.nodes:
            near = self.node_edges(report.nodes)
            return [edge for edge in along if edge in near] or sorted(near)
        if report.lat is not None and report.lon is not None and report.radius_km is not None:
            return self.area_edges(report.lat, report.lon, report.radius_km)
        return self._within(along, report.region)

    def courses(self, report: Report) -> list[set[int]]:
        """Return the ways that a report tells as a whole: each can be driven in one trip.

        The roads that it lists, if they can be driven in that order; else, if nothing finer
        places it, each of its corridors. A town and an area are no such way.
        """
        if report.edges:
            listed = self.stretch(report)
            return [set(listed)] if self.is_course(report, listed) else []
        if report.nodes or report.radius_km is not None:
            return []
        return [set(self._within(course, report.region)) for course in self._corridors(report)]

    def entering(self, arcs: Sequence[int], nodes: Sequence[str]) -> tuple[float, ...]:
        """Return 1 for the arcs into the towns and 0 for the others; 1 for all if none leads in."""
        topology = self.network.topology
        inside = {topology.node_index[node] for node in nodes}
        into = [topology.head[arc] in inside for arc in arcs]
        return tuple(map(float, into)) if any(into) else (1.0,) * len(arcs)

    def _corridors(self, report: Report) -> list[list[int]]:
        """Return the roads of each corridor of a report."""
        return [[arc // 2 for arc in self.corridor_arcs[name]] for name in report.corridor]

    def _within(self, edges: list[int], region: str) -> list[int]:
        """Return the roads that lie in a region; all of them if it is not told."""
        if not (edges and region):
            return edges
        inside = self.region_edges(region)
        return [edge for edge in edges if edge in inside]

    def directed(self, edges: Iterable[int], report: Report) -> tuple[int, ...]:
        """Return the arcs of `edges` that the report's direction names."""
        if report.direction == "both":
            return tuple(arc for edge in edges for arc in (2 * edge, 2 * edge + 1))
        inbound = self._inbound(report)
        flip = 0 if report.direction == "inbound" else 1
        return tuple(
            arc
            for edge in edges
            for arc in sorted(arc ^ flip for arc in inbound.get(edge, {2 * edge}))
        )

    def _inbound(self, report: Report) -> dict[int, set[int]]:
        """Return the inbound arcs of the edges for which any is told.

        Both of a road between two towns of the report, or of two corridors that drive it in
        opposite ways: the order in which they are named tells nothing.
        """
        topology = self.network.topology
        inbound: dict[int, set[int]] = {}
        if not report.edges:
            for node in report.nodes:
                number = topology.node_index[node]
                for place in range(topology.in_start[number], topology.in_start[number + 1]):
                    arc = topology.in_arcs[place]
                    inbound.setdefault(arc // 2, set()).add(arc)
        driven: dict[int, set[int]] = {}
        for name in report.corridor:
            for arc in self.corridor_arcs[name]:
                driven.setdefault(arc // 2, set()).add(arc)
        return inbound | driven

    def is_course(self, report: Report, edges: Sequence[int]) -> bool:
        """Tell whether the edges of a report are told in an order in which they can be driven.

        The roads of a town or of an area are a set: whatever order they stand in is an
        accident of their names.
        """
        along = {arc // 2 for name in report.corridor for arc in self.corridor_arcs[name]}
        a_set = not report.edges and (
            report.radius_km is not None if not report.nodes else not along.issuperset(edges)
        )
        if a_set:
            return False
        topology = self.network.topology
        ends = [{topology.tail[2 * edge], topology.head[2 * edge]} for edge in edges]
        here = ends[0]
        for following in ends[1:]:
            met = here & following
            if not met:
                return False
            here = following if len(met) == len(following) else following - met
        return True

    def middle(self, edges: Sequence[int]) -> int:
        """Return the edge of a stretch in which half of its truck time is driven."""
        hours = self.network.base_time_h
        half = sum(hours[2 * edge] for edge in edges) / 2
        driven = 0.0
        for edge in edges:
            driven += hours[2 * edge]
            if driven >= half:
                return edge
        return edges[-1]


_GENERIC = re.compile(r"^region (?:de la|du|des|de|d|of) | region$")
"""What goes with the name of any region: Région de Ségou, Sikasso Region."""


@dataclass(frozen=True, slots=True)
class RegionNames:
    """The regions and countries of the towns, by every name that they have.

    `spelling` gives the spelling of the towns by name key, `notes` what differs where a name
    means not quite the same, `home` the names within the case's own country.
    """

    spelling: Mapping[str, str]
    notes: Mapping[str, str]
    home: frozenset[str]

    @classmethod
    def of(cls, tables: Tables) -> RegionNames:
        """Return the names of a network's tables; what could not be read in a draft is left out."""
        towns, aliases = tables.towns.columns, list(tables.regions.rows())
        names = sorted({*towns["admin1"], *towns["country"]} - {"", None})
        spelling = {name_key(name): name for name in names}
        notes: dict[str, str] = {}
        for row in aliases:
            meant = spelling.get(name_key(row["region"] or ""))
            if row["alias"] and meant:
                spelling.setdefault(name_key(row["alias"]), meant)
                notes[name_key(row["alias"])] = row["note"] or ""
        own = home_country(tables)
        places = zip(towns["admin1"], towns["country"], strict=True)
        home = {own} | {region for region, country in places if country == own}
        home |= {
            row["alias"] for row in aliases if spelling.get(name_key(row["alias"] or "")) in home
        }
        return cls(spelling, notes, frozenset(name for name in home if name))

    def find(self, name: str) -> str | None:
        """Return the region or country of a name as the towns spell it, or None."""
        key = name_key(name)
        return self.spelling.get(key) or self.spelling.get(_GENERIC.sub("", key))

    def note(self, name: str) -> str:
        """Return what differs if a name means not quite its region."""
        key = name_key(name)
        return self.notes.get(key) or self.notes.get(_GENERIC.sub("", key), "")

    def unknown(self, name: str, hint: Hints) -> str:
        """Say that a name is not known, with the nearest ones: those of the own country first."""
        near = hint(name, self.home) or hint(name, self.spelling.values())
        return f"no region or country is called {name!a}{near}"


@dataclass(frozen=True)
class Known:
    """The ids and names of places that reports may use."""

    towns: frozenset[str]
    roads: frozenset[str]
    corridors: frozenset[str]
    regions: RegionNames

    @classmethod
    def of(cls, tables: Tables) -> Known:
        """Return the places of a network's tables."""
        towns = tables.towns.columns
        return cls(
            frozenset(towns["node"]) - {None},
            frozenset(tables.roads.columns["edge"]) - {None},
            frozenset(tables.corridors.columns["corridor"]) - {None},
            RegionNames.of(tables),
        )

    @cached_property
    def _hint(self) -> Hints:
        """The hints of these places."""
        return Hints()

    def missing(self, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        """Yield (column, message) for every place of a report that is not there."""
        kinds = (
            ("nodes", "town", self.towns),
            ("edges", "road", self.roads),
            ("corridor", "corridor", self.corridors),
        )
        for column, kind, ids in kinds:
            for name in row[column] or ():
                if name not in ids:
                    yield column, f"no {kind} has the id {name!a}{self._hint(name, ids)}"
        region = row["region"]
        if region and not self.regions.find(region):
            yield "region", self.regions.unknown(region, self._hint)


def check_places(network: Network, events: Events) -> None:
    """Raise `DataError` if events name towns, roads, corridors or regions that are not there."""
    known = Known.of(network.tables)
    problems = [
        Problem(f"event {report.event}", None, column, message)
        for report in events
        for column, message in known.missing({name: getattr(report, name) for name in PLACED})
    ]
    if problems:
        raise DataError(problems)


PLACED = ("nodes", "edges", "corridor", "region")
