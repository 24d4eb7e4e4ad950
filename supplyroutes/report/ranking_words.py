"""What removals cost in words: names of roads in line, measures with their decimals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from supplyroutes.analysis.losses.alike import line_ends
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
    ends = line_ends(day, ids) if of == "roads" else None
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
