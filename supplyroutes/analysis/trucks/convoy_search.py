"""The search for the best convoys: a proved relaxation, a small choice first, then the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from supplyroutes.analysis.linear import TOLERANCE
from supplyroutes.analysis.mixed import whole_of
from supplyroutes.analysis.trucks.convoy_model import ConvoyModel, Means, Question
from supplyroutes.analysis.trucks.convoy_options import Option
from supplyroutes.errors import SolverError

GAP_SHARE = 0.001
"""A plan this near to its bound counts as the best."""
KERNEL = 300
"""Options of the small choice."""
WORK = 10_000_000
"""Branches times the square of the options, at most: larger questions get fewer branches."""
_LEAST_TANKERS = 1e-6
_SPARED = 1e-7
"""Part of a m3's worth that a tanker must bring at least: no tanker is sent for nothing."""


@dataclass(frozen=True)
class Sent:
    """A convoy of a plan: the option, and how many tankers leave."""

    option: Option
    tankers: float


@dataclass(frozen=True)
class Choice:
    """The convoys sent, tankers by source, what they are worth, and a bound on any choice."""

    sent: tuple[Sent, ...]
    stationed: dict[int, float]
    worth: float
    bound: float


def best_choice(question: Question, means: Means, *, prove: bool) -> Choice:
    """Return the best choice found and a bound that no choice exceeds.

    The relaxation without whole numbers gives a bound that weak duality proves. Options that it
    uses, or whose reduced cost is least, are decided first (kernel search); then all together,
    for as many branches as the size of the question allows.

    Parameters
    ----------
    question
        The question.
    means
        Escorts and tankers.
    prove
        Whether to decide all options together too: only then is the bound better than that of the
        relaxation.

    Raises
    ------
    SolverError
        The solver's answer does not hold.

    References
    ----------
    .. [1] Angelelli, E., Mansini, R., Speranza, M. G. (2010). Kernel search: a general heuristic
       for the multi-dimensional knapsack problem. Computers & Operations Research 37(11).
    """
    if not question.options or means.escorts <= 0 or means.tankers <= 0:
        return Choice((), {}, 0.0, 0.0)
    model = ConvoyModel(question, means)
    relaxed = model.program.solve()
    bound = -relaxed.value
    shares, reduced = relaxed.columns[: model.size], relaxed.reduced[: model.size]
    order = sorted(
        range(model.size),
        key=lambda place: (shares[place] <= _SPARED, round(float(reduced[place]), 6), place),
    )
    kernel = sorted(order[: KERNEL + int((shares > _SPARED).sum())])
    small = ConvoyModel(_only(question, kernel), means)
    small_bound, chosen = _whole(small, None)
    places = [kernel[place] for place in chosen]
    if len(kernel) == model.size:
        bound = min(bound, small_bound)
    elif prove:
        wide_bound, places = _whole(model, places)
        bound = min(bound, wide_bound)
    choice = _sized(_only(question, places), means)
    if choice.worth > bound + TOLERANCE * (1 + bound):
        raise SolverError("a plan is worth more than its bound", best=choice.worth, bound=bound)
    return replace(choice, bound=max(bound, choice.worth))


def _only(question: Question, places: Sequence[int]) -> Question:
    """Return the question with these options only."""
    return replace(question, options=[question.options[place] for place in places])


def _whole(model: ConvoyModel, start: Sequence[int] | None) -> tuple[float, list[int]]:
    """Return the bound on what any choice is worth, and the best one found."""
    nodes = max(1, WORK // model.size**2)
    found = whole_of(model.program, model.size, nodes=nodes, gap_share=GAP_SHARE, start=start)
    return -found.bound, model.sent(found.columns)


def _sized(question: Question, means: Means) -> Choice:
    """Return the best sizes of convoys that are all sent, proved; no tanker is sent for nothing."""
    if not question.options:
        return Choice((), {}, 0.0, 0.0)
    model = ConvoyModel(question, means)
    program, size = model.program, model.size
    program.columns.lower[:size] = 1.0
    program.bound_columns(range(size), program.columns.lower[:size], program.columns.upper[:size])
    cost = program.cost.copy()
    cost[[*range(size, 2 * size), *model.pool]] = (
        _SPARED * question.load_m3 * float(question.worth.max())
    )
    program.price(cost)
    columns = program.solve().columns
    sent = tuple(
        Sent(option, float(columns[size + place]))
        for place, option in enumerate(question.options)
        if columns[size + place] > _LEAST_TANKERS
    )
    return Choice(sent, model.stationed(columns), model.worth(columns), 0.0)
