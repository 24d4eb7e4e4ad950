"""The tables of a criticality: things, pairs, exposed towns, assumptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import fsum, inf, isnan, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.losses.removal_times import Cost, Exposure
from supplyroutes.analysis.losses.removals import INDEX, Removals, SupplyTree
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.analysis.ways.roadgraph import TICKS_PER_HOUR
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

Columns = dict[str, list[Any]]
_ROUNDING = 1e-9
"""Less than this part of a measure is rounding of its sums."""
_ASSUMED = {
    "unmet_demand": ("least_usual_m3_per_day",),
    "network_robustness_index": ("least_usual_m3_per_day",),
    "capacity_robustness_index": ("least_usual_m3_per_day", "robustness_cut_share"),
}
_ALWAYS = ("dwell_border_h", "dwell_checkpoint_h")


class Joined:
    """What is joined to a source on the day."""

    def __init__(self, tree: SupplyTree) -> None:
        self.tree = tree
        self.nodes = [node for node in range(tree.root) if tree.best[node] < inf]

    @cached_property
    def demand(self) -> float:
        """Demand of the towns that are joined, in m3 a day."""
        return fsum(self.tree.demand[node] for node in self.nodes)

    @cached_property
    def people(self) -> float:
        """People of the towns that are joined."""
        return fsum(self.tree.people[node] for node in self.nodes)

    @cached_property
    def mean_time_h(self) -> float:
        """Time to the nearest source, averaged over the demand; missing if there is none."""
        best, demand = self.tree.best, self.tree.demand
        hours = fsum(demand[node] * best[node] for node in self.nodes) / TICKS_PER_HOUR
        return hours / self.demand if self.demand > 0 else nan


@dataclass(frozen=True)
class Single:
    """What each thing costs alone, in the order of the things, and which column ranks."""

    by: str
    columns: Columns


def cost_columns(costs: Sequence[Cost], joined: Joined) -> Columns:
    """Return what removals cost, as columns."""
    whole = joined.demand
    left = [whole - cost.demand for cost in costs]
    return {
        "added_m3_h_per_day": [cost.late for cost in costs],
        "added_time_h": [
            cost.late / rest if rest > _ROUNDING * whole else nan
            for cost, rest in zip(costs, left, strict=True)
        ],
        "cut_m3_per_day": [cost.demand for cost in costs],
        "cut_share": [cost.demand / whole if whole > 0 else nan for cost in costs],
        "cut_people": [round(cost.people) for cost in costs],
        "cut_towns": [cost.towns for cost in costs],
    }


def item_table(day: Network, things: Removals, of: str, by: str, columns: Columns) -> pd.DataFrame:
    """Return the things with their names, what costs most first."""
    import pandas as pd

    names = {"name": [_name(day, of, name) for name in things.ids]}
    index = pd.Index(things.ids, name=INDEX[of], dtype=object)
    frame = pd.DataFrame({**names, **columns}, index=index)
    return frame.iloc[_order(columns, by, [(name,) for name in things.ids])]


def pair_table(
    things: Removals,
    costs: Mapping[tuple[int, int], Cost],
    unmet: Mapping[tuple[int, int], float] | None,
    joined: Joined,
    single: Single,
) -> pd.DataFrame:
    """Return the pairs that cost anything, with what they cost beyond their parts."""
    import pandas as pd

    keys = sorted({*costs, *(unmet or {})})
    columns = cost_columns([costs.get(key, Cost()) for key in keys], joined)
    if unmet is not None:
        columns[single.by] = [unmet.get(key, 0.0) for key in keys]
    for name, by in (("synergy", single.by), ("cut_synergy_m3_per_day", "cut_m3_per_day")):
        alone = single.columns[by]
        columns[name] = [
            _beyond(both, alone[one], alone[two])
            for both, (one, two) in zip(columns[by], keys, strict=True)
        ]
    ids = [(things.ids[one], things.ids[two]) for one, two in keys]
    index = pd.MultiIndex.from_tuples(ids, names=("first", "second"))
    return pd.DataFrame(columns, index=index).iloc[_order(columns, single.by, ids)]


def town_table(
    day: Network, tree: SupplyTree, exposure: Mapping[int, Exposure], things: Removals
) -> pd.DataFrame:
    """Return the exposure of towns, the most exposed first."""
    import pandas as pd

    towns, number = day.tables.towns.columns, len(things.ids)
    nodes = sorted(exposure, key=lambda node: (-exposure[node].cuts, -exposure[node].worst_h, node))
    rows = [exposure[node] for node in nodes]
    columns = {
        "name": [towns["name"][node] for node in nodes],
        "population": [towns["population"][node] for node in nodes],
        "demand_m3_per_day": [tree.demand[node] for node in nodes],
        "travel_time_h": [tree.best[node] / TICKS_PER_HOUR for node in nodes],
        "worst_added_time_h": [row.worst_h for row in rows],
        "worst": [things.ids[row.worst] if row.worst >= 0 else None for row in rows],
        "mean_added_time_h": [
            row.sum_h / (number - row.cuts) if number > row.cuts else nan for row in rows
        ],
        "cut_off_by": [row.cuts for row in rows],
    }
    ids = [day.topology.node_ids[node] for node in nodes]
    frame = pd.DataFrame(columns, index=pd.Index(ids, name="node", dtype=object))
    return frame.astype({"population": float})


def assumed_table(day: Network, measure: str) -> pd.DataFrame:
    """Return the assumptions that a measure rests on."""
    return used_assumptions(day, (*_ALWAYS, *_ASSUMED.get(measure, ())))


def _name(day: Network, of: str, name: str) -> str:
    """Return a thing for people: a road by its ends."""
    if of == "corridors":
        corridors = day.tables.corridors.columns
        return str(corridors["name"][corridors["corridor"].index(name)])
    if of == "roads":
        row, roads = day.edge(name), day.tables.roads.columns
        return f"{day.name(roads['u'][row])} – {day.name(roads['v'][row])}"
    return day.name(name)


def _beyond(both: float, one: float, two: float) -> float:
    """Return what two things cost together beyond what each costs alone; rounding is nought."""
    more = both - one - two
    return 0.0 if abs(more) <= _ROUNDING * max(both, one + two) else more


def _order(columns: Columns, by: str, ids: Sequence[tuple[str, ...]]) -> list[int]:
    """Return rows by what they cost, then by demand and people cut off, then by id."""

    def key(row: int) -> tuple[Any, ...]:
        value = columns[by][row]
        cut = columns["cut_m3_per_day"][row], columns["cut_people"][row]
        return isnan(value), 0.0 if isnan(value) else -value, -cut[0], -cut[1], ids[row]

    return sorted(range(len(ids)), key=key)
