"""The compiled core of a network: tables, flat arrays and the state of a day.

Built once and shared by every disrupted copy; kernels work on these arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from supplyroutes.assumptions import Assumptions
from supplyroutes.schema import Table

Season = Literal["dry", "wet"]
STATUSES = ("open", "unknown", "restricted", "escorted", "refused", "closed")
"""States of an arc, from best to worst."""
OPEN, UNKNOWN, RESTRICTED, ESCORTED, REFUSED, CLOSED = range(6)
DRIVEN = frozenset({"road", "ferry"})
"""Modes on which trucks drive."""
TANKER_PRACTICABILITY = 6
"""UN SDI-T class that a loaded tanker needs (truck and trailer over 20 t)."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The checked input tables of a network, rows in order of id."""

    towns: Table
    roads: Table
    supply: Table
    demand: Table
    stocks: Table
    limits: Table
    corridors: Table
    regions: Table

    def fixed(self) -> Tables:
        """Return the tables with columns that cannot be changed."""
        return Tables(*(getattr(self, name).fixed() for name in Tables.__slots__))


@dataclass(frozen=True, slots=True)
class Topology:
    """Flat tuples of the network. Arc ``2 e`` drives road ``e`` from u to v, ``2 e + 1`` back."""

    node_ids: tuple[str, ...]
    node_index: Mapping[str, int]
    edge_ids: tuple[str, ...]
    edge_index: Mapping[str, int]
    tail: Sequence[int]
    head: Sequence[int]
    out_start: Sequence[int]
    out_arcs: Sequence[int]
    in_start: Sequence[int]
    in_arcs: Sequence[int]
    exists: bytes
    length_km: Sequence[float]
    drive_dry_h: Sequence[float]
    drive_wet_h: Sequence[float]
    dwell_h: Sequence[float]

    def arc_key(self) -> tuple[object, ...]:
        """Return what two topologies share if their arcs have the same numbers."""
        return self.node_ids, self.edge_ids, tuple(self.tail)

    def arc_name(self, arc: int) -> str:
        """Return an arc as ``from>to (road)``."""
        tail, head = self.node_ids[self.tail[arc]], self.node_ids[self.head[arc]]
        return f"{tail}>{head} ({self.edge_ids[arc // 2]})"


@dataclass(frozen=True, slots=True)
class State:
    """What events do to each arc and node on one day; the identity is "nothing".

    `reports` restrict an arc (status or capacity), `delayed_by` only slow it or put trucks
    at risk, `partial` hit a part of the commodity and change nothing here.
    """

    capacity_factor: Sequence[float]
    delay_h: Sequence[float]
    loss_prob: Sequence[float]
    status: Sequence[int]
    reports: Sequence[tuple[str, ...]]
    delayed_by: Sequence[tuple[str, ...]]
    last_report: Sequence[tuple[date, str] | None]
    partial: Sequence[tuple[str, ...]]
    supply_factor: Sequence[float]
    node_reports: Sequence[tuple[str, ...]]

    @classmethod
    def identity(cls, arcs: int, nodes: int) -> State:
        """Return the state in which nothing has happened."""
        return cls(
            capacity_factor=(1.0,) * arcs,
            delay_h=(0.0,) * arcs,
            loss_prob=(0.0,) * arcs,
            status=(OPEN,) * arcs,
            reports=((),) * arcs,
            delayed_by=((),) * arcs,
            last_report=(None,) * arcs,
            partial=((),) * arcs,
            supply_factor=(1.0,) * nodes,
            node_reports=((),) * nodes,
        )


@dataclass(frozen=True, slots=True)
class View:
    """Which question the network answers: day, commodity, season, and who can drive where."""

    at: date | None = None
    commodity: str = "fuel"
    season: Season = "dry"
    tracks: bool = False


def home_country(tables: Tables) -> str | None:
    """Return the country that a case is about: the one of most demand, else of most towns.

    None if no town has a country. What could not be read in a draft counts for nothing.
    """
    towns = tables.towns.columns
    of = dict(zip(towns["node"], towns["country"], strict=True))
    weight = {country: [0.0, towns["country"].count(country)] for country in {*of.values()}}
    demand = tables.demand.columns
    for node, amount in zip(demand["node"], demand["demand_m3_per_day_best"], strict=True):
        if of.get(node) and amount is not None:
            weight[of[node]][0] += amount
    known = sorted(country for country in weight if country)
    return max(known, key=lambda country: weight[country], default=None)


# --- compiling ----------------------------------------------------------------------------


def compile_topology(tables: Tables, assumptions: Assumptions) -> Topology:
    """Build the flat arrays of a checked network."""
    towns, roads = tables.towns.columns, tables.roads.columns
    node_index = {node: number for number, node in enumerate(towns["node"])}
    tail, head = [], []
    exists = bytearray()
    for u, v, oneway in zip(roads["u"], roads["v"], roads["oneway"], strict=True):
        tail += [node_index[u], node_index[v]]
        head += [node_index[v], node_index[u]]
        exists += bytes((1, 0 if oneway else 1))
    out_start, out_arcs = incidence(tail, len(node_index))
    in_start, in_arcs = incidence(head, len(node_index))
    drive = [_drive_h(row, assumptions) for row in tables.roads.rows()]
    border = assumptions["dwell_border_h"].best
    checkpoint = assumptions["dwell_checkpoint_h"].best
    dwell = [
        border * crossing + checkpoint * number
        for crossing, number in zip(roads["border"], roads["checkpoints"], strict=True)
    ]
    return Topology(
        node_ids=tuple(towns["node"]),
        node_index=MappingProxyType(node_index),
        edge_ids=tuple(roads["edge"]),
        edge_index=MappingProxyType({edge: number for number, edge in enumerate(roads["edge"])}),
        tail=tuple(tail),
        head=tuple(head),
        out_start=out_start,
        out_arcs=out_arcs,
        in_start=in_start,
        in_arcs=in_arcs,
        exists=bytes(exists),
        length_km=_both_ways(roads["length_km"]),
        drive_dry_h=_both_ways(dry for dry, _ in drive),
        drive_wet_h=_both_ways(wet for _, wet in drive),
        dwell_h=_both_ways(dwell),
    )


def _both_ways(values: Iterable[float]) -> tuple[float, ...]:
    """Return each road's value for both of its arcs."""
    return tuple(value for value in values for _ in (0, 1))


def incidence(ends: Sequence[int], nodes: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Return the arcs at each node as (start, arcs), arcs in order."""
    start = [0] * (nodes + 1)
    for node in ends:
        start[node + 1] += 1
    for node in range(nodes):
        start[node + 1] += start[node]
    place = start[:-1].copy()
    arcs = [0] * len(ends)
    for arc, node in enumerate(ends):
        arcs[place[node]] = arc
        place[node] += 1
    return tuple(start), tuple(arcs)


def _drive_h(row: Mapping[str, Any], assumptions: Assumptions) -> tuple[float, float]:
    """Return the hours to drive a road in the dry and in the wet season."""
    speed = assumptions.speeds[row["surface"], row["condition"], row["wet_season"]]
    dry = row["speed_dry_kmh"] or speed.speed_dry_kmh
    wet = row["speed_wet_kmh"] or min(dry, speed.speed_wet_kmh)
    return row["length_km"] / dry, row["length_km"] / wet


def usable_arcs(roads: Table, topology: Topology, *, tracks: bool) -> bytes:
    """Return for every arc whether a load of fuel may take it, blockades aside.

    Roads and ferries must bear a loaded tanker; rail, river and pipeline carry fuel as they are.
    """
    usable = bytearray(topology.exists)
    if not tracks:
        names = ("mode", "practicability", "confidence")
        rows = zip(*(roads.columns[name] for name in names), strict=True)
        for edge, (mode, practicability, confidence) in enumerate(rows):
            weak = mode in DRIVEN and practicability < TANKER_PRACTICABILITY
            if weak or confidence == "low":
                usable[2 * edge] = usable[2 * edge + 1] = 0
    return bytes(usable)
