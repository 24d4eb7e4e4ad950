"""What removals cost in words: names of roads in line, measures with their decimals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supplyroutes.catalogue import Words
from supplyroutes.network import Network
from supplyroutes.report import wording

_DIGITS = {"added_time_h": 2, "cut_m3_per_day": 1, "unmet_m3_per_day": 1, "cut_share": 4}
"""Decimals of a column; none where it is not named."""


def measured_cell(say: Words, column: str, value: Any) -> str:
    """Return a cost as people write it, or a dash where there is none."""
    if value is None or value != value:  # noqa: PLR0124
        return wording.DASH
    if column == "cut_share":
        return say("text.percent", value=say.number(100 * value, 2))
    return say.number(value, _DIGITS.get(column, 0))


def shared_name(say: Words, day: Network, of: str, ids: Sequence[str]) -> str:
    """Return the name of a thing; of several that cost the same as one.

    Roads that follow each other are told by the ends of their line.
    """
    if len(ids) == 1:
        return _name(day, of, ids[0])
    ends = _line(day, ids) if of == "roads" else None
    if ends is not None:
        first, last = (day.name(node) for node in ends)
        return say("criticality.line", first=first, last=last, count=say.number(len(ids)))
    return say.count("criticality.alike", len(ids) - 1, first=_name(day, of, ids[0]))


def _name(day: Network, of: str, name: str) -> str:
    """Return the name of one thing."""
    if of == "roads":
        return wording.road_name(day, name)
    if of == "corridors":
        corridors = day.tables.corridors.columns
        return str(corridors["name"][corridors["corridor"].index(name)])
    return day.name(name)


def _line(day: Network, roads: Sequence[str]) -> tuple[str, str] | None:
    """Return the ends of the line that roads make; None if they make no single line."""
    columns = day.tables.roads.columns
    at: dict[str, list[tuple[str, str]]] = {}
    for road in roads:
        u, v = (str(columns[end][day.edge(road)]) for end in ("u", "v"))
        at.setdefault(u, []).append((road, v))
        at.setdefault(v, []).append((road, u))
    ends = sorted(node for node, ways in at.items() if len(ways) == 1)
    if len(ends) != 2 or any(len(ways) > 2 for ways in at.values()):  # noqa: PLR2004
        return None
    here, last, driven = ends[0], "", 0
    while True:
        onward = [way for way in at[here] if way[0] != last]
        if not onward:
            break
        last, here = onward[0]
        driven += 1
    return (ends[0], here) if driven == len(roads) else None
