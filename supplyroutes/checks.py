"""What must hold between the tables of a network: every problem in one error."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from typing import TYPE_CHECKING

from supplyroutes.errors import SHOWN_PROBLEMS, DataError, DataWarning, Problem
from supplyroutes.geo import great_circle_km, parse_linestring
from supplyroutes.names import hint, name_key
from supplyroutes.schema import Table, key_columns

if TYPE_CHECKING:
    from supplyroutes.core import Tables

LONG_ROAD_KM = 2000
REFUSED_RATIO = 0.98
"""A road shorter than this share of the great circle of its ends is refused."""


def checked(tables: Tables) -> Tables:
    """Return the tables with rows in order of id, or raise with every problem.

    Warns (`DataWarning`) of roads of zero length, over 2,000 km, and shorter than the
    great circle of their ends by less than 2 %.
    """
    problems = network_problems(tables)
    if problems:
        raise DataError(problems)
    for warning in road_warnings(tables):
        warnings.warn(str(warning), DataWarning, stacklevel=4)
    ordered = {entry.name: _sorted(getattr(tables, entry.name)) for entry in fields(tables)}
    return replace(tables, **ordered)


def network_problems(tables: Tables) -> list[Problem]:
    """Return everything that is wrong with the tables of a network, drafts included.

    What could not be read is None in a draft; it has been told, and nothing more is said of it.
    """
    problems = [problem for entry in fields(tables) for problem in _told(tables, entry.name)]
    problems += [*_empty(tables.towns), *_empty(tables.roads)]
    towns = _rows(tables.towns, "node")
    roads = set(_rows(tables.roads, "edge"))
    problems += _references(tables, set(towns), roads)
    problems += _road_problems(tables, towns)
    problems += _walks(tables, set(towns))
    problems += _ranges(tables)
    problems += _region_problems(tables)
    return problems


def _rows(table: Table, key: str) -> dict[str, int]:
    """Return the row of each id that could be read."""
    return {name: row for row, name in enumerate(table.columns[key]) if name is not None}


def _told(tables: Tables, name: str) -> tuple[Problem, ...]:
    """Return the problems that a table brings along."""
    table: Table = getattr(tables, name)
    return table.problems


def road_warnings(tables: Tables) -> list[Problem]:
    """Return what is accepted in the roads table but should be looked at."""
    towns = _rows(tables.towns, "node")
    found = []
    for row, length, straight in _lengths(tables, towns):
        if length == 0:
            message = "0 km is accepted; is it a junction drawn twice?"
        elif length > LONG_ROAD_KM:
            message = f"{length:g} km is over {LONG_ROAD_KM} km; is the unit right?"
        elif REFUSED_RATIO * straight <= length < straight:
            message = (
                f"{length:g} km is a little less than the great circle of its ends "
                f"({straight:.1f} km); check coordinates and length"
            )
        else:
            continue
        found.append(tables.roads.problem(row, "length_km", message))
    return found


def _empty(table: Table) -> list[Problem]:
    """Refuse a table without rows."""
    if len(table) or table.problems:
        return []
    return [Problem(table.file, None, None, f"has no rows: no {table.name} to work on")]


def _references(tables: Tables, towns: set[str], roads: set[str]) -> Iterator[Problem]:
    """Refuse towns and roads that other tables name but that are not there."""
    cells = [
        (tables.roads, "u", towns),
        (tables.roads, "v", towns),
        (tables.supply, "node", towns),
        (tables.demand, "node", towns),
        (tables.stocks, "node", towns),
        (tables.limits, "edge", roads),
        (tables.corridors, "origin", towns),
        (tables.corridors, "destination", towns),
        (tables.corridors, "edges", roads),
    ]
    messages: dict[tuple[str, str], str] = {}
    for table, column, known in cells:
        if not known:  # an empty table has been told
            continue
        kind = "town" if known is towns else "road"
        for row, value in enumerate(table.columns[column]):
            for name in value if isinstance(value, tuple) else (value,):
                if name in known or name is None:
                    continue
                if (kind, name) not in messages:
                    # A search for near names reads them all: for each of 20,000 wrong ids it
                    # would take hours, so only as many get a hint as are printed.
                    hinted = known if len(messages) < SHOWN_PROBLEMS else ()
                    messages[kind, name] = _unknown(kind, name, hinted)
                yield table.problem(row, column, messages[kind, name])


def _unknown(kind: str, name: str, known: Iterable[str]) -> str:
    """Say that an id is not there, and which of the known ones are nearest."""
    return f"no {kind} has the id {name!a}{hint(name, known)}"


def _region_problems(tables: Tables) -> Iterator[Problem]:
    """Refuse other names of regions that no town has, and names with two meanings."""
    towns = tables.towns.columns
    names = {*towns["admin1"], *towns["country"]} - {"", None}
    meant = {name_key(name): name for name in names}
    for row, entry in enumerate(tables.regions.rows()):
        alias, region = entry["alias"], entry["region"]
        if alias is None or region is None:
            continue  # what is wrong there has been told
        found = meant.get(name_key(region))
        if found is None:
            message = f"no town lies in a region or country called {region!a}{hint(region, names)}"
            yield tables.regions.problem(row, "region", message)
        elif meant.setdefault(name_key(alias), found) != found:
            message = f"{alias!a} is a name of {meant[name_key(alias)]!a} already; keep one of them"
            yield tables.regions.problem(row, "alias", message)


def _walks(tables: Tables, towns: set[str]) -> Iterator[Problem]:
    """Refuse corridors whose roads do not lead, in their order, from origin to destination."""
    roads = tables.roads.columns
    sound = {
        edge: {u, v}
        for edge, u, v in zip(roads["edge"], roads["u"], roads["v"], strict=True)
        if u != v and {u, v} <= towns
    }
    for row, corridor in enumerate(tables.corridors.rows()):
        origin, destination, edges = (corridor[key] for key in ("origin", "destination", "edges"))
        if edges is None or not ({origin, destination} <= towns and sound.keys() >= set(edges)):
            continue  # what is wrong there has been told
        here = origin
        for edge in edges:
            if here not in sound[edge]:
                message = (
                    f"{edge!a} does not start at {here!a}, where the roads before it lead; "
                    f"list the roads in the order in which they are driven from {origin!a}"
                )
                yield tables.corridors.problem(row, "edges", message)
                break
            (here,) = sound[edge] - {here}
        else:
            if here != destination:
                message = f"the roads end at {here!a}, not at {destination!a}; correct one of them"
                yield tables.corridors.problem(row, "destination", message)


def _lengths(tables: Tables, towns: dict[str, int]) -> Iterator[tuple[int, float, float]]:
    """Yield row, length and great circle of every road whose ends are known."""
    lat, lon = tables.towns.columns["lat"], tables.towns.columns["lon"]
    roads = tables.roads.columns
    for row, (u, v, length) in enumerate(
        zip(roads["u"], roads["v"], roads["length_km"], strict=True)
    ):
        if u in towns and v in towns and length is not None:
            ends = [place[towns[end]] for end in (u, v) for place in (lat, lon)]
            if None not in ends:
                yield row, length, great_circle_km(*ends)


def _road_problems(tables: Tables, towns: dict[str, int]) -> Iterator[Problem]:
    """Refuse self loops, roads shorter than the globe allows, and lines that are none."""
    roads = tables.roads
    for row, (u, v) in enumerate(zip(roads.columns["u"], roads.columns["v"], strict=True)):
        if u == v is not None:
            yield roads.problem(row, "v", f"the road leads from {u!a} to itself; take it out")
    for row, length, straight in _lengths(tables, towns):
        if length < REFUSED_RATIO * straight:
            message = (
                f"{length:g} km is shorter than the great circle of its ends "
                f"({straight:.1f} km); correct the length or the coordinates"
            )
            yield roads.problem(row, "length_km", message)
    for row, text in enumerate(roads.columns["geometry"]):
        if text:
            try:
                parse_linestring(text)
            except ValueError as error:
                yield roads.problem(row, "geometry", str(error))


def _ranges(tables: Tables) -> Iterator[Problem]:
    """Refuse figures whose low, best and high are out of order."""
    for table in (tables.supply, tables.demand, tables.stocks, tables.limits):
        yield from ranges_of(table)


def ranges_of(table: Table) -> Iterator[Problem]:
    """Refuse rows of one table whose low, best and high are out of order."""
    for column in table.columns:
        stem = column.removesuffix("_best")
        if stem == column or f"{stem}_low" not in table.columns:
            continue
        triples = zip(*(table.columns[f"{stem}_{end}"] for end in ("low", "best", "high")))  # noqa: B905
        for row, (low, best, high) in enumerate(triples):
            told = [value for value in (low, best, high) if value is not None]
            if told != sorted(told):
                message = f"low {low}, best {best} and high {high} must not fall"
                yield table.problem(row, column, message)


def _sorted(table: Table) -> Table:
    """Return the table with rows in order of all their id columns."""
    keys = [table.columns[column] for column in key_columns(table.name)]
    return table.take(sorted(range(len(table)), key=lambda row: [key[row] for key in keys]))
