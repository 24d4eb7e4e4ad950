"""By which roads the deliveries of a plan come: the least truck time for each period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from supplyroutes.analysis.flows.flow_audit import audit
from supplyroutes.analysis.flows.flow_model import FlowModel
from supplyroutes.analysis.flows.flow_model import Item as Receiver
from supplyroutes.analysis.flows.flow_problem import Need
from supplyroutes.analysis.planning.horizon import Period


def routes_of(segments: Sequence[Period], sent: Sequence[Mapping[int, float]]) -> list[list[float]]:
    """Return what enters each arc and leaves each source, in m3 a day, segment by segment.

    The flow is that of the least truck time for the planned deliveries, over the whole network
    (nothing merged), and is checked by plain sums.

    Parameters
    ----------
    segments
        Days with the same roads.
    sent
        For each, what is sent to each node in m3 a day, arrived amounts.

    Raises
    ------
    SolverError
        The roads of a segment do not carry what is planned.
    """
    most: dict[int, float] = {}
    for amounts in sent:
        for node, amount in amounts.items():
            most[node] = max(most.get(node, 0.0), amount)
    receivers = [Receiver(node, amount) for node, amount in sorted(most.items())]
    model: FlowModel | None = None
    found = []
    for segment, amounts in zip(segments, sent, strict=True):
        needs = tuple(Need(node, "", amount) for node, amount in sorted(amounts.items()))
        problem = replace(segment.problem, needs=needs)
        if not needs:
            found.append([0.0] * (len(problem.arcs) + len(problem.sources)))
            continue
        if model is None:
            model = FlowModel(problem, receivers)
        else:
            model.change(problem)
        rates = [amounts.get(item.node, 0.0) / item.amount for item in receivers]
        flow = model.fastest(rates).flow
        audit(problem, flow, dict(amounts))
        found.append(flow)
    return found
