"""Random small networks and events, built in memory: towns, roads, corridors, reports."""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from math import asin, ceil, cos, radians, sin, sqrt
from typing import Any

from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.assumptions import Assumptions
from supplyroutes.core import Tables
from supplyroutes.io.tables import data_folder
from supplyroutes.rules import Rules
from supplyroutes.schema import read_table, table_from_cells, table_schema

Row = dict[str, str]
FIRST_DAY = date(2025, 1, 1)
REGIONS = ("West", "East", "")
MADE_UP = {"source": "assumption: made up", "confidence": "high"}


@cache
def rules() -> Rules:
    """Return the bundled impact rules."""
    return Rules(read_table(data_folder() / "impact_rules.csv", "impact_rules"))


@cache
def assumptions() -> Assumptions:
    """Return the bundled assumptions."""
    folder = data_folder()
    return Assumptions.from_tables(
        read_table(folder / "assumptions.csv", "assumptions"),
        read_table(folder / "speeds.csv", "speeds"),
    )


@cache
def choices(column: str) -> tuple[str, ...]:
    """Return the choices of a column of the events table."""
    return next(entry.choices for entry in table_schema("events") if entry.name == column)


def great_circle_km(one: Row, two: Row) -> float:
    """Return the haversine distance of two towns."""
    lat1, lat2 = radians(float(one["lat"])), radians(float(two["lat"]))
    half_lon = radians(float(two["lon"]) - float(one["lon"])) / 2
    chord = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin(half_lon) ** 2
    return 2 * 6371.0088 * asin(sqrt(chord))


# --- building -----------------------------------------------------------------------------


def table(rows: Sequence[Row], name: str) -> Any:
    """Return checked rows of a table."""
    return table_from_cells(rows, name, file=f"{name}.csv")


def network_of(
    towns: Sequence[Row],
    roads: Sequence[Row],
    supply: Sequence[Row] = (),
    corridors: Sequence[Row] = (),
    regions: Sequence[Row] = (),
) -> sr.Network:
    """Return the network of rows of text cells; roads of zero length are wanted here."""
    tables = Tables(
        towns=table([{**MADE_UP, **row} for row in towns], "towns"),
        roads=table([{**MADE_UP, **row} for row in roads], "roads"),
        supply=table([{**MADE_UP, "basis": "assumption", **row} for row in supply], "supply"),
        demand=table([], "demand"),
        stocks=table([], "stocks"),
        limits=table([], "limits"),
        corridors=table([{**MADE_UP, **row} for row in corridors], "corridors"),
        regions=table(regions, "regions"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        return sr.Network(tables, assumptions())


def events_of(rows: Sequence[Row], under: Rules | None = None) -> sr.Events:
    """Return the events of rows of text cells, under the bundled rules by default."""
    full = [{"confidence": "A", "text": "made up", "source": "assumption", **row} for row in rows]
    return sr.Events.from_table(table(full, "events"), under or rules())


def town(node: str, lat: float = 0.0, lon: float = 0.0, **cells: str) -> Row:
    """Return the row of a town."""
    return {"node": node, "name": node, "lat": repr(lat), "lon": repr(lon), **cells}


def source(node: str, commodity: str = "fuel", amount: str = "100") -> Row:
    """Return the row of a supply."""
    ends = dict.fromkeys((f"supply_m3_per_day_{end}" for end in ("low", "best", "high")), amount)
    return {"node": node, "commodity": commodity, **ends}


@dataclass(frozen=True)
class Case:
    """The rows of a network and of its events, and what is built of them."""

    towns: tuple[Row, ...]
    roads: tuple[Row, ...]
    supply: tuple[Row, ...]
    corridors: tuple[Row, ...]
    events: tuple[Row, ...] = ()

    def network(self) -> sr.Network:
        """Build the network."""
        return network_of(self.towns, self.roads, self.supply, self.corridors)

    def reports(self) -> sr.Events:
        """Build the events."""
        return events_of(self.events)


# --- networks -----------------------------------------------------------------------------

_PLACES = tuple((lat, lon) for lat in (10.0, 10.25, 10.5) for lon in (-8.0, -7.5, 0.25))
_KINDS = (
    {},
    {},
    {},
    {"surface": "unpaved", "condition": "fair", "wet_season": "slow"},
    {"surface": "track", "condition": "poor", "wet_season": "often_cut", "practicability": "4"},
    {"confidence": "low"},
    {"border": "true"},
    {"checkpoints": "2", "speed_dry_kmh": "40", "speed_wet_kmh": "60"},
)
_SUPPLIED = ("fuel", "fuel", "fuel", "all", "diesel", "goods")


@st.composite
def cases(
    draw: st.DrawFn, *, max_events: int = 0, min_events: int = 2, two_way: bool = False
) -> Case:
    """Draw towns (2 to 9), roads (2 to 14), sources (0 to 3), corridors (0 to 2) and events."""
    places = draw(st.lists(st.integers(0, 8), min_size=2, max_size=9))
    towns = tuple(
        town(f"t{number}", *_PLACES[place], admin1=REGIONS[place % 3], country="TOY")
        for number, place in enumerate(places)
    )
    size = len(towns)
    node = st.integers(0, size - 1)
    drawn = draw(
        st.lists(
            st.tuples(node, st.integers(1, size - 1), st.integers(0, 7), st.integers(0, 9)),
            min_size=2,
            max_size=14,
        )
    )
    roads = tuple(
        _road(number, towns[u], towns[(u + step) % size], kind, extra, two_way=two_way)
        for number, (u, step, kind, extra) in enumerate(drawn)
    )
    pairs = st.tuples(node, st.integers(0, 6))
    sources = draw(st.lists(pairs, max_size=3, unique_by=lambda pair: pair[0]))
    supply = tuple(
        source(f"t{number}", _SUPPLIED[kind % 6], "0" if kind == 6 else "100")
        for number, kind in sources
    )
    walks = draw(st.lists(st.tuples(node, st.integers(0, 99)), max_size=2)) if max_events else []
    corridors = tuple(
        row
        for number, (start, turns) in enumerate(walks)
        if (row := _corridor(f"C{number}", f"t{start}", turns, roads)) is not None
    )
    events: tuple[Row, ...] = ()
    if max_events:
        numbers = draw(st.lists(_EVENT, min_size=min_events, max_size=max_events))
        events = event_rows(numbers, towns, roads, corridors)
    return Case(towns, roads, supply, corridors, events)


def _road(number: int, u: Row, v: Row, kind: int, extra: int, *, two_way: bool) -> Row:
    """Return the row of a road, never shorter than the great circle of its ends."""
    km = ceil(great_circle_km(u, v)) + (extra // 2) * 10
    oneway = "true" if extra % 4 == 3 and not two_way else "false"
    ends = {"edge": f"r{number:02}", "u": u["node"], "v": v["node"]}
    return {**ends, "length_km": str(km), "oneway": oneway, **_KINDS[kind]}


def _corridor(name: str, origin: str, turns: int, roads: Sequence[Row]) -> Row | None:
    """Return a corridor that walks over roads from `origin`; None if no road leads on."""
    here, seen, edges = origin, {origin}, []
    while len(edges) < 4:
        ways = [
            (row["edge"], there)
            for row in roads
            for there in ({row["u"], row["v"]} - {here})
            if here in {row["u"], row["v"]} and there not in seen
        ]
        if not ways:
            break
        edge, here = ways[turns % len(ways)]
        turns //= 2
        seen.add(here)
        edges.append(edge)
    if not edges:
        return None
    course = {"origin": origin, "destination": here, "edges": ";".join(edges)}
    return {"corridor": name, "name": name, **course}


# --- events -------------------------------------------------------------------------------

_EVENT = st.fixed_dictionaries(
    {
        "kind": st.integers(0, 65),
        "basis": st.integers(0, 5),
        "start": st.integers(0, 13),
        "length": st.integers(0, 15),
        "told": st.integers(0, 7),
        "incident": st.integers(0, 5),
        "link": st.integers(0, 11),
        "what": st.integers(0, 44),
        "direction": st.integers(0, 3),
        "scope": st.integers(0, 9),
        "place": st.integers(0, 999),
        "more": st.integers(0, 31),
    }
)
_FREQUENT = (
    "road_closed", "ambush", "convoy_attack", "blockade_declaration", "town_siege", "terminal_out",
    "checkpoint_extortion", "road_reopened", "government_restriction", "season", "base_attack",
)  # fmt: skip
_COMMODITIES = ("all", "all", "fuel", "fuel", "fuel", "diesel", "petrol", "goods", "bitumen")
_VEHICLES = ("any", "any", "tanker", "truck", "passenger")
_SCOPES = (
    "segment", "segment", "corridor", "corridor", "point", "point", "border", "area", "region",
    "country",
)  # fmt: skip


def event_rows(
    drawn: Sequence[Mapping[str, int]],
    towns: Sequence[Row],
    roads: Sequence[Row],
    corridors: Sequence[Row],
) -> tuple[Row, ...]:
    """Return rows of the events table for drawn numbers: every combination is a valid report."""
    rows: list[Row] = []
    for number, event in enumerate(drawn):
        kinds = (*choices("kind"), *(_FREQUENT * 3))
        start = FIRST_DAY + timedelta(days=event["start"])
        row = {
            "event": f"e{(number * 7) % 10}{number}",
            "kind": kinds[event["kind"] % len(kinds)],
            "basis": ("reported", "reported", "reported", "assumed", "declared", "none")[
                event["basis"]
            ],
            "start": start.isoformat(),
            "commodity": _COMMODITIES[event["what"] % 9],
            "vehicle": _VEHICLES[event["what"] // 9],
            "direction": ("both", "both", "inbound", "outbound")[event["direction"]],
            "scope": _SCOPES[event["scope"]],
            "incident": ("", "", "", "", "i1", "i2")[event["incident"]],
            "spot_known": "true" if event["more"] % 2 else "false",
            "delay_h": "12" if event["more"] // 2 % 4 == 3 else "",
            "curfew_h": "8" if event["more"] // 8 % 2 else "",
            "status": "retracted" if event["more"] == 31 else "reported",
        }
        row.update(_when(event, start))
        row.update(_where(event["place"], row["scope"], (towns, roads, corridors)))
        if row["kind"] == "terminal_out":
            row.setdefault("nodes", towns[event["place"] % len(towns)]["node"])
        row.update(_links(event["link"], row, rows))
        rows.append(row)
    return tuple(rows)


def _when(event: Mapping[str, int], start: date) -> Row:
    """Return end, state of the end, and the day of the report."""
    length, told = event["length"], event["told"]
    row = {"end_status": ("end_not_found", "no_end_expected", "open_at_last_report")[length % 3]}
    if length < 9:
        end = (start + timedelta(days=length)).isoformat()
        row = {"end_status": "recorded", "end": end}
    if told > 4:
        row["reported_on"] = (start + timedelta(days=(told - 5) * 3)).isoformat()
    return row


def _where(place: int, scope: str, things: tuple[Sequence[Row], ...]) -> Row:
    """Return the place of a report, as its scope has it; now and then with more than that."""
    towns, roads, corridors = things
    first, second = roads[place % len(roads)], roads[place // 7 % len(roads)]
    edges = ";".join(dict.fromkeys((first["edge"], second["edge"])))
    here = towns[place % len(towns)]
    along = {"corridor": corridors[place % len(corridors)]["corridor"]} if corridors else {}
    if scope in {"segment", "border"} or (scope == "corridor" and not along):
        return {"edges": edges, **(along if place % 5 == 0 else {})}
    if scope == "corridor":
        return {**along, "region": "West" if place % 4 == 0 and _has(towns, "West") else ""}
    if scope == "point":
        two = dict.fromkeys((here["node"], towns[place // 9 % len(towns)]["node"]))
        nodes = ";".join(two) if place % 4 == 1 else here["node"]
        return {"nodes": nodes, **(along if place % 3 == 0 else {})}
    if scope == "area":
        return {"lat": here["lat"], "lon": here["lon"], "radius_km": str(place % 90)}
    if scope == "region":
        region = {"region": here["admin1"] or here["country"]}
        return {**region, "edges": edges} if place % 4 == 0 else region
    return {}


def _has(towns: Sequence[Row], region: str) -> bool:
    """Tell whether a town lies in the region."""
    return any(row["admin1"] == region for row in towns)


def _links(link: int, row: Row, before: Sequence[Row]) -> Row:
    """Return a link to an earlier report, if there is one that started no later."""
    column = {0: "ends", 1: "amends", 2: "enforces", 3: "ends"}.get(link % 8)
    fit = [other["event"] for other in before if other["start"] <= row["start"]]
    if column == "enforces":
        declared = [
            other["event"]
            for other in before
            if other["start"] <= row["start"] and other["kind"] == "blockade_declaration"
        ]
        fit = declared or fit
    return {column: fit[link % len(fit)]} if column and fit else {}


days = st.integers(0, 29).map(lambda number: FIRST_DAY + timedelta(days=number))
commodities = st.sampled_from(("fuel", "fuel", "diesel", "petrol", "goods", "all"))
