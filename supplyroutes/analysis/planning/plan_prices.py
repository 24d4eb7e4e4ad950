"""What holds a plan back: limits of sources and roads, and what one more m3 a day there saves."""

from __future__ import annotations

from dataclasses import dataclass

from supplyroutes.analysis.planning.plan_model import Flow, PlanModel

STEP_M3_PER_DAY = 1.0
"""By how much a limit is raised to see what that saves."""
SMALL = 1e-7
"""Parts of the largest weight, or of the value, that are rounding."""


@dataclass(frozen=True)
class Price:
    """A limit of an arc (its number) or a source (its node), and what more room there saves.

    The kind is that of the days on which the limit is least.
    """

    kind: str
    number: int
    least_m3_per_day: float
    days: float
    saved: float


def prices_of(model: PlanModel) -> tuple[float, list[Price]]:
    """Return the least that can be short by weight, and what each binding limit costs.

    A limit binds on the days on which its reduced cost is below zero. What 1 m3 a day more saves,
    on all days of the span, is found by solving again: duals alone are not unique, and tell no
    more than how much it saves at most. The model is left as it was found.
    """
    model.reset()
    value, reduced = model.prices()
    groups: dict[tuple[int, int], list[Flow]] = {}
    for which, limited in enumerate((model.block.arcs, model.block.sources)):
        for flow in limited:
            problem = model.block.segments[flow.segment].problem
            number = problem.sources[flow.place] if which else problem.arcs[flow.place]
            groups.setdefault((which, number), []).append(flow)
    found = []
    for (which, number), flows in sorted(groups.items()):
        binding = [flow for flow in flows if reduced[flow.column] < -SMALL]
        if not binding:
            continue
        model.limit(flows, [flow.limit + STEP_M3_PER_DAY for flow in flows])
        saved = max(0.0, value - model.least()) / STEP_M3_PER_DAY
        model.limit(flows, [flow.limit for flow in flows])
        segments = [model.block.segments[flow.segment] for flow in binding]
        days = sum(segment.end - segment.start for segment in segments)
        if saved > SMALL * value:
            least = min(binding, key=lambda flow: flow.limit)
            problem = model.block.segments[least.segment].problem
            kind = "source" if which else problem.limited_by[least.place]
            found.append(Price(kind, number, least.limit, days, saved))
    return value, found
