"""A plan of convoys replayed day by day, apart from the program that found it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.analysis.trucks.convoy_base import Place
from supplyroutes.analysis.trucks.convoy_model import Means, Question
from supplyroutes.analysis.trucks.convoy_search import Choice, Sent
from supplyroutes.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_WRONG = 1e-5
"""Part of a limit by which a plan may miss it."""


@dataclass(frozen=True)
class Replay:
    """What a plan comes to: m3 still missing by day and town, and what each limit has left.

    `left` is by limit and day, as a share of what there is; limits that no convoy meets are not
    in it.
    """

    missing: Array
    worth: float
    left: Mapping[Place, Sequence[float]]


def replay(question: Question, means: Means, choice: Choice) -> Replay:
    """Return what a plan comes to, or refuse it.

    Towns use what convoys bring as soon as they lack something.

    Parameters
    ----------
    question
        The question.
    means
        Escorts and tankers.
    choice
        The plan.

    Raises
    ------
    SolverError
        The plan takes more than there is, or is not worth what it claims.
    """
    left = {("escorts", -1): _escorts(question, means, choice.sent)}
    for source, tankers in choice.stationed.items():
        if tankers > 0:
            left["tankers", source] = _tankers(question, choice.sent, source, tankers)
    for limit in sorted({limit for sent in choice.sent for limit in question.limits(sent.option)}):
        left[limit] = _let_through(question, choice.sent, limit)
    missing, worth = _used(question, choice.sent)
    least = min((share for shares in left.values() for share in shares), default=0.0)
    if sum(choice.stationed.values()) > means.tankers * (1 + _WRONG) or least < -_WRONG:
        raise SolverError(f"the plan takes more than there is: {least:g}", best=choice.worth)
    if abs(worth - choice.worth) > _WRONG * (1 + abs(worth)):
        raise SolverError("the plan is not worth what it claims", best=worth, bound=choice.worth)
    return Replay(missing, worth, left)


def _escorts(question: Question, means: Means, plan: Sequence[Sent]) -> list[float]:
    """Return the share of escorts that is free, by day."""
    return [
        1.0
        - sum(one.option.leaves <= day < question.back(one.option) for one in plan)
        / max(means.escorts, 1)
        for day in range(question.days)
    ]


def _tankers(
    question: Question, plan: Sequence[Sent], source: int, stationed: float
) -> list[float]:
    """Return the share of a source's tankers that is idle there, by day."""
    found = []
    for day in range(question.days):
        away = 0.0
        for one in plan:
            begun = one.option.leaves - question.assembly_days <= day
            if one.option.source == source and begun:
                back = one.option.keep if day >= one.option.free else 0.0
                away += one.tankers * (1.0 - back)
        found.append(1.0 - away / stationed)
    return found


def _let_through(question: Question, plan: Sequence[Sent], limit: Place) -> list[float]:
    """Return the share of what a limit has let through by each day that nobody took."""
    total, found = 0.0, []
    for day, room in enumerate(question.spare[limit]):
        total += room
        taken = question.load_m3 * sum(
            one.tankers
            for one in plan
            if one.option.leaves <= day and limit in question.limits(one.option)
        )
        found.append(1.0 - taken / total if total > 0 else -taken)
    return found


def _used(question: Question, plan: Sequence[Sent]) -> tuple[Array, float]:
    """Return what is still missing by day and town, and what the used fuel weighs."""
    missing, worth = question.missing.copy(), 0.0
    for place, town in enumerate(question.towns):
        held = 0.0
        for day in range(question.days):
            held += sum(
                one.tankers * one.option.keep * question.load_m3
                for one in plan
                if one.option.town == town and one.option.arrives == day
            )
            used = min(held, float(missing[day, place]))
            held -= used
            missing[day, place] -= used
            worth += used * float(question.worth[place])
    return missing, worth
