"""Things whose loss costs the same: told once, roads that follow each other as one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.plain import plain
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


def alike_rows(frame: pd.DataFrame, most: int) -> Iterator[tuple[list[Any], pd.Series[Any]]]:
    """Yield the ids of rows that follow each other and cost the same, with one of them."""
    numbers = frame.select_dtypes("number")
    groups: list[tuple[tuple[Any, ...], list[Any]]] = []
    for name, *values in numbers.itertuples(name=None):
        told = tuple(plain(value) for value in values)
        if groups and groups[-1][0] == told:
            groups[-1][1].append(name)
        elif len(groups) == most:
            break
        else:
            groups.append((told, [name]))
    for _, ids in groups:
        yield ids, frame.loc[ids[0]]


def line_ends(day: Network, roads: Sequence[str]) -> tuple[str, str] | None:
    """Return the towns at the ends of the line that roads make; None if they make no single line.

    >>> from supplyroutes import datasets
    >>> line_ends(datasets.toy()[0], ["port--north", "north--bridge"])
    ('bridge', 'port')
    """
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
