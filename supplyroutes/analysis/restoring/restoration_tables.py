"""An order of lifting as tables: what each step restores, and to whom."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum, inf
from typing import TYPE_CHECKING, Any, NamedTuple

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.analysis.isolation import free_arcs, passable_arcs
from supplyroutes.analysis.restoring.lift_search import Plan
from supplyroutes.analysis.restoring.lifts import Choices, Lift
from supplyroutes.analysis.restoring.shortfalls import FlowShortfall, Question, Shortfall, WhatIf
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

LEAST_GAIN = 0.001
"""m3 a day: what a town receives more by less than a litre is rounding."""


class Way(NamedTuple):
    """How a town is reached on a day: where from, over which roads, in how many hours."""

    source: str
    path: tuple[str, ...]
    time_h: float


def tables_of(
    question: Question, chosen: Choices, shortfall: Shortfall, plan: Plan
) -> dict[str, Any]:
    """Return the tables and totals of a result by name."""
    import pandas as pd

    parts = question.measure.parts
    towns = _towns(question, chosen, shortfall, plan)
    lifts = chosen.lifts
    first = pd.DataFrame(
        {
            "kind": [lift.kind for lift in lifts],
            "days": [lift.days for lift in lifts],
            "gain": [gain / parts for gain in plan.alone],
            "gain_per_day": [
                gain / parts / lift.days for gain, lift in zip(plan.alone, lifts, strict=True)
            ],
        },
        index=pd.Index([lift.id for lift in lifts], name="id", dtype=object),
    )
    return {
        "order": _order(question, chosen, plan, towns),
        "towns": towns,
        "first": first.sort_values("gain_per_day", ascending=False, kind="stable"),
        "pairs": pd.DataFrame(
            [(lifts[one].id, lifts[other].id, gain / parts) for one, other, gain in plan.pairs],
            columns=["one", "other", "gain"],
        ),
        "instead": pd.DataFrame(
            {"covered_by": [*chosen.instead.values()]},
            index=pd.Index([*chosen.instead], name="id", dtype=object),
            dtype=object,
        ),
        "without_effect": chosen.without_effect,
        "missing": plan.missing[0] / parts,
        "missing_after": plan.missing[-1] / parts,
        "area": float(plan.area / parts),
        "area_bound": float(plan.bound / parts),
        "exact": plan.exact,
    }


def _order(question: Question, chosen: Choices, plan: Plan, towns: pd.DataFrame) -> pd.DataFrame:
    """Return one row a step."""
    import pandas as pd

    parts = question.measure.parts
    rows = []
    for step, place in enumerate(plan.order, 1):
        lift = chosen.lifts[place]
        took = [chosen.lifts[earlier].days for earlier in plan.order[:step]]
        before, after = plan.missing[step - 1 : step + 1]
        helped = towns[towns.index.get_level_values("step") == step]
        rows.append(
            {
                "kind": lift.kind,
                "id": lift.id,
                "days": lift.days,
                "done_day": fsum(took),
                "gain": (before - after) / parts,
                "missing": after / parts,
                "towns": tuple(helped.index.get_level_values("node")),
                "people": int(helped["population"].sum()),
                "demand_m3_per_day": fsum(helped["demand_m3_per_day"]),
                **_freed(question.network, chosen, lift),
            }
        )
    columns = (
        "kind", "id", "days", "done_day", "gain", "missing", "towns", "people",
        "demand_m3_per_day", "roads", "sources",
    )  # fmt: skip
    index = pd.RangeIndex(1, len(rows) + 1, name="step")
    return pd.DataFrame(rows, index=index, columns=list(columns))


def _freed(network: Network, chosen: Choices, lift: Lift) -> dict[str, tuple[str, ...]]:
    """Return the roads and the sources on which a lift undoes something that counts."""
    top = network.topology
    pieces = [piece for place, piece in enumerate(chosen.hindrances) if lift.undoes >> place & 1]
    roads = {arc // 2 for piece in pieces for arc in piece.arcs if network.usable[arc]}
    sources = {node for piece in pieces for node in piece.nodes}
    return {
        "roads": tuple(top.edge_ids[road] for road in sorted(roads)),
        "sources": tuple(top.node_ids[node] for node in sorted(sources)),
    }


def _towns(question: Question, chosen: Choices, shortfall: Shortfall, plan: Plan) -> pd.DataFrame:
    """Return one row a step and town that gains."""
    import pandas as pd

    reading = _Reading(question, chosen, shortfall)
    rows: list[tuple[Any, ...]] = []
    lifted = 0
    before, _ = reading.supply(lifted)
    for step, place in enumerate(plan.order, 1):
        lifted |= 1 << place
        after, ways = reading.supply(lifted)
        gained = {node: amount - before.get(node, 0.0) for node, amount in after.items()}
        rows += [
            (step, *reading.town(node), gain, *ways[node])
            for node, gain in sorted(gained.items())
            if gain >= LEAST_GAIN or node not in before
        ]
        before = after
    columns = [
        "step", "node", "name", "population", "demand_m3_per_day", "gain_m3_per_day", "source",
        "path", "path_time_h",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).set_index(["step", "node"])


class _Reading:
    """What towns have, and by which ways, on the day with any of the lifts."""

    def __init__(self, question: Question, chosen: Choices, shortfall: Shortfall) -> None:
        self.question = question
        self.what_if = WhatIf(question, chosen)
        self.solver = shortfall.solver if isinstance(shortfall, FlowShortfall) else None

    def supply(self, lifted: int) -> tuple[dict[int, float], Mapping[int, Way]]:
        """Return what each town has in m3 a day, and the best way to each that is reached.

        By flow that is what it receives; else all that it uses, once it is reached.
        """
        day = self.what_if.day(lifted)
        ways = self._ways(day)
        demand = self.question.demand
        if self.solver is None:
            return {node: demand.get(node, 0.0) for node in ways if self._counts(node)}, ways
        index = day.topology.node_index
        return {
            index[name]: amount
            for name, amount in self.solver.deliveries(day).items()
            if amount >= LEAST_GAIN
        }, ways

    def _counts(self, node: int) -> bool:
        """Tell whether anybody lives in a place, or uses fuel there."""
        people = self.question.network.tables.towns.columns["population"][node]
        return bool(people or self.question.demand.get(node))

    def _ways(self, day: Network) -> dict[int, Way]:
        """Return the best way to every town that is reached: freely, if that is what counts."""
        top = day.topology
        passes = (free_arcs if self.question.measure.free else passable_arcs)(day)
        times, arc_in, origin = nearest_source(
            top.out_start, top.out_arcs, top.head, day.time_h, passes, day.sources()
        )
        return {
            node: Way(
                top.node_ids[origin[node]],
                tuple(top.edge_ids[arc // 2] for arc in path_to(node, arc_in, top.tail)),
                time,
            )
            for node, time in enumerate(times)
            if time < inf
        }

    def town(self, node: int) -> tuple[str, str, int, float]:
        """Return id, name, people and use of a town."""
        towns = self.question.network.tables.towns.columns
        return (
            self.question.network.topology.node_ids[node],
            towns["name"][node],
            towns["population"][node] or 0,
            self.question.demand.get(node, 0.0),
        )
