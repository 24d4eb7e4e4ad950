"""What removals cost in fuel that still arrives, and in truck time of what does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from math import fsum

from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.flows.flow_audit import audit
from supplyroutes.analysis.flows.flow_model import SMALL, FlowModel, Outcome
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.analysis.losses.removal_times import Progress
from supplyroutes.analysis.losses.removals import Removals
from supplyroutes.network import Network


class FlowLosses:
    """The flow of a day, and what is lost of it without things; one program, solved on.

    What carries nothing in an optimum costs nothing: that optimum stays as it is without it.
    All else is solved again, from the last optimum, and each answer is proved by its duals.
    """

    def __init__(self, day: Network, things: Removals) -> None:
        self.model = FlowSolver(day, allocation="nearest").model(day)
        self.problem = self.model.problem
        place = {arc: at for at, arc in enumerate(self.problem.arcs)}
        first = self.model.first_source
        source = {node: first + at for at, node in enumerate(self.problem.sources)}
        self.columns = [
            [*(place[arc] for arc in arcs), *(source[node] for node in nodes)]
            for arcs, nodes in zip(things.arcs, things.sources, strict=True)
        ]
        self.demand = fsum(need.amount for need in self.problem.needs)

    # --- what still arrives -----------------------------------------------------------------

    def unmet(self, progress: Progress | None) -> tuple[float, list[float]]:
        """Return the unmet demand of the day, and how much more each thing leaves unmet."""
        whole = self._most([])
        lost = []
        for columns in self.columns:
            lost.append(self._lost(whole, whole, columns))
            if progress is not None:
                progress(len(lost), len(self.columns))
        return max(0.0, self.demand - whole.total), lost

    def unmet_pairs(self, progress: Progress | None) -> dict[tuple[int, int], float]:
        """Return how much more each pair leaves unmet, if it does; the lower place first."""
        whole = self._most([])
        found: dict[tuple[int, int], float] = {}
        count = len(self.columns)
        for first, columns in enumerate(self.columns):
            rest = self._most(columns) if self._carries(whole, columns) else whole
            for second in range(first + 1, count):
                both = [*columns, *self.columns[second]]
                lost = self._lost(whole, rest, self.columns[second], both)
                if lost > 0:
                    found[first, second] = lost
            if progress is not None:
                progress(first + 1, count)
        return found

    def _lost(
        self,
        whole: Outcome,
        rest: Outcome,
        columns: Sequence[int],
        removed: Sequence[int] | None = None,
    ) -> float:
        """Return what is lost of the whole when columns go, where `rest` was left before."""
        after = rest
        if self._carries(rest, columns):
            after = self._most(columns if removed is None else removed)
        lost = whole.total - after.total
        return lost if lost > SMALL else 0.0

    def _carries(self, flow: Outcome, columns: Sequence[int]) -> bool:
        """Tell whether anything moves on some columns."""
        return any(flow.flow[column] > SMALL for column in columns)

    def _most(self, columns: Sequence[int]) -> Outcome:
        """Return the most that arrives without some columns, checked by plain sums."""
        found = self.model.most_without(columns)
        self._check(self.model, _closed(self.problem, columns, 0.0, found.flow), found)
        return found

    def _check(self, model: FlowModel, problem: Problem, found: Outcome) -> None:
        """Refuse a flow that does not fit a problem."""
        audit(problem, found.flow, FlowSolver.by_node(model, found.received))

    # --- truck time of what arrives ---------------------------------------------------------

    def robustness(self, kept_share: float, progress: Progress | None) -> list[float]:
        """Return the network robustness index of each thing, in m3 a day x h.

        By how much the truck time of what still arrives is longer when of what the thing carries
        in the day's flow only a share can pass, beside the least truck time of the same
        deliveries on the day.
        """
        self.model.change(self.problem)
        whole = self.model.fastest(None)
        found = []
        for columns in self.columns:
            longer = 0.0
            if self._carries(whole, columns):
                after = self._under(_closed(self.problem, columns, kept_share, whole.flow), None)
                rates = [
                    min(1.0, got / item.amount)
                    for got, item in zip(after.received, self.model.items, strict=True)
                ]
                before = self._under(self.problem, rates)
                longer = max(0.0, self._hours(after) - self._hours(before))
            found.append(longer if longer > SMALL else 0.0)
            if progress is not None:
                progress(len(found), len(self.columns))
        return found

    def _under(self, problem: Problem, rates: Sequence[float] | None) -> Outcome:
        """Return the fastest flow of a problem."""
        self.model.change(problem)
        found = self.model.fastest(rates)
        self._check(self.model, problem, found)
        return found

    def _hours(self, found: Outcome) -> float:
        """Return the truck time of a flow, in m3 a day x h."""
        used = found.flow[: len(self.problem.arcs)]
        return fsum(map(float.__mul__, used, self.problem.hours))


def _closed(
    problem: Problem, columns: Sequence[int], share: float, flow: Sequence[float]
) -> Problem:
    """Return a problem in which columns let pass only a share of a flow."""
    arcs = len(problem.arcs)
    room = [*problem.capacity, *problem.supply]
    for column in columns:
        room[column] = min(room[column], share * flow[column]) if share > 0 else 0.0
    capacity, supply = tuple(room[:arcs]), tuple(room[arcs:])
    return replace(problem, capacity=capacity, supply=supply)
