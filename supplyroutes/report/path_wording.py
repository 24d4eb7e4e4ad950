"""Paths in words: by way of where, how many share nothing, what is near-equal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.ways.paths import SupplyPaths
from supplyroutes.catalogue import Words
from supplyroutes.network import Network
from supplyroutes.report.wording import DASH, hours, listing

if TYPE_CHECKING:
    import pandas as pd

MOST_TOWNS_BY = 3
MOST_REPORTS = 2
NEAR = "\N{ALMOST EQUAL TO}"
"""Marks a path that is near-equal to the best."""
UNSURE = "?"
"""Marks a path that relies on a road of unknown state."""


def by_way_of(day: Network, found: SupplyPaths) -> dict[int, list[str]]:
    """Return for every path the towns that tell it from the others, in driving order.

    Of the towns between its ends those that fewest of the paths meet, then the largest.
    """
    met = {
        rank: found.legs.loc[[rank], "head"].tolist()[:-1] if rank in found.legs.index else []
        for rank in found.paths.index
    }
    often = Counter(town for towns in met.values() for town in set(towns))
    people = dict(zip(day.topology.node_ids, day.tables.towns.columns["population"], strict=True))
    chosen = {}
    for rank, towns in met.items():
        known = [town for town in towns if people[town]] or towns
        best = sorted(known, key=lambda town: (often[town], -(people[town] or 0), town))
        names = set(best[:MOST_TOWNS_BY])
        chosen[rank] = [day.name(town) for town in dict.fromkeys(towns) if town in names]
    return chosen


def disjoint_line(words: Words, found: SupplyPaths) -> str | None:
    """Return how many paths share no road, and how many no town; None if that is not counted."""
    edges, nodes = found.edge_disjoint, found.node_disjoint
    if edges is None or nodes is None:
        return None
    return words.count("paths.disjoint", edges, nodes=words.number(nodes))


def free_line(words: Words, day: Network, free: SupplyPaths) -> str:
    """Return the best path of a lone truck over free roads, or that there is none."""
    if free.paths.empty:
        return words("paths.no_free")
    row: Any = free.paths.loc[1]
    by = ", ".join(by_way_of(day, free)[1]) or DASH
    return words(
        "paths.best_free",
        source=day.name(row["source"]),
        hours=hours(words, row["time_h"]),
        by=by,
    )


def hours_cell(words: Words, found: SupplyPaths, row: pd.Series[Any]) -> str:
    """Return the hours of a path, marked if it and others are near-equal."""
    told = hours(words, row["time_h"])
    return f"{NEAR} {told}" if row["near_equal"] and several_near(found) else told


def several_near(found: SupplyPaths) -> bool:
    """Tell whether several paths are near-equal to the best."""
    return bool(found.paths["near_equal"].sum() > 1)


def state_cell(words: Words, row: pd.Series[Any]) -> str:
    """Return the state of the worst road, marked if the path is unsure."""
    told = words(f"status.{row['state']}")
    return f"{told} {UNSURE}" if unsure(row) else told


def unsure(row: pd.Series[Any]) -> bool:
    """Tell whether a path relies on an unknown road, and its state does not say so."""
    return bool(row["relies_on_unknown"] and row["state"] != "unknown")


def reports_cell(words: Words, reports: tuple[str, ...], *, short: bool = False) -> str:
    """Return the reports that restrict a path, the one on most roads first."""
    if short and len(reports) > 1:
        return words("paths.more", first=reports[0], count=len(reports) - 1)
    return listing(words, reports, most=MOST_REPORTS) if reports else DASH


def along(network: Network, source: str, edges: Iterable[str]) -> Iterator[str]:
    """Yield the names of the places along roads, driven from a source."""
    here = source
    yield network.name(here)
    roads = network.tables.roads.columns
    for edge in edges:
        row = network.edge(edge)
        here = roads["v"][row] if roads["u"][row] == here else roads["u"][row]
        yield network.name(here)
