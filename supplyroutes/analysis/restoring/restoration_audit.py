"""An order of lifting looked at again, by other routines than those that found it."""

from __future__ import annotations

from fractions import Fraction

from supplyroutes._kernels.lift_order import least_area
from supplyroutes.analysis.flows.flow import FlowSolver, SupplyFlow
from supplyroutes.analysis.isolation import ISOLATED, STRAINED, town_states
from supplyroutes.analysis.restoring.lift_search import MOST_EXACT, Plan, in_whole
from supplyroutes.analysis.restoring.lifts import Choices
from supplyroutes.analysis.restoring.shortfalls import FlowShortfall, Question, Shortfall, WhatIf
from supplyroutes.errors import SolverError


def audit(question: Question, chosen: Choices, plan: Plan, shortfall: Shortfall) -> None:
    """Refuse an order that does not bring what it promises.

    Each day of it is looked at anew: states of towns are read from the network, not from the
    maze, and flows are solved from nothing. The area is summed again, and what is called exact is
    found again the other way round.

    Raises
    ------
    SolverError
        What is missing at a step or at the end, or the area, is not what was told, or there is a
        better order.
    """
    what_if = WhatIf(question, chosen)
    usual = shortfall.usual if isinstance(shortfall, FlowShortfall) else None
    whole, unit = in_whole([lift.days for lift in chosen.lifts])
    done = 0
    sets = [done, *(done := done | 1 << lift for lift in plan.order)]
    rounding = shortfall.rounding if isinstance(shortfall, FlowShortfall) else 0
    # What is missing after the last step is what is missing when all is lifted.
    checks = [*zip(sets, plan.missing, strict=True), ((1 << len(whole)) - 1, plan.missing[-1])]
    for lifted, told in checks:
        found = _missing(question, what_if, lifted, usual)
        if abs(found - told) > rounding:
            raise SolverError("an order does not bring what it promises", best=told, bound=found)
    steps = zip(plan.order, plan.missing, strict=False)
    area = Fraction(sum(whole[lift] * (told - plan.missing[-1]) for lift, told in steps), unit)
    best = area
    if plan.exact and len(whole) <= MOST_EXACT:
        best = Fraction(least_area(shortfall.of_all_sets(), whole), unit)
    if not plan.area == area == best or plan.bound > area:
        raise SolverError("an order is not the best", best=float(area), bound=float(best))


def _missing(question: Question, what_if: WhatIf, lifted: int, usual: SupplyFlow | None) -> int:
    """Return what is missing with these lifted, found afresh."""
    day = what_if.day(lifted)
    if usual is not None:
        arrives = FlowSolver(question.network, usual=usual).most(day)
        return sum(question.weights.values()) - round(arrives * question.measure.parts)
    worst = {STRAINED, ISOLATED} if question.measure.free else {ISOLATED}
    states = town_states(day, question.network)
    return sum(weight for node, weight in question.weights.items() if states[node] in worst)
