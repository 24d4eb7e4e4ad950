"""The best choice of roads, by branch and bound over a linear program whose answers are proved.

A relaxation gives a bound on what any choice can reach; a choice is worth what recomputing it
says, never what a solver says. HiGHS solves each relaxation; every bound that closes a part of the
search is one that weak duality proves (`linear`). So a wrong answer of the solver is refused, and
"proven" rests on nothing but plain sums.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Protocol

from supplyroutes.analysis.linear import Answer, LinearProgram
from supplyroutes.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

log = logging.getLogger(__name__)

EQUAL = 1e-9
"""Values closer than this part of the whole are one."""
WRONG = 1e-6
"""A bound that is missed by more than this part of the whole is no bound."""
_WHOLE = 1e-7
_TOLD_S = 1.0


@dataclass(frozen=True)
class Branch:
    """A part of the search: places of roads that are chosen, and the upper bounds of columns.

    A road whose column has the upper bound 0 is not chosen in this part; of each group of `some` at
    least one road is.
    """

    bound: float
    ones: tuple[int, ...]
    upper: Array
    some: frozenset[int] = frozenset()


class Relaxation(Protocol):
    """What is searched: a linear program and what a choice is really worth.

    The columns of the roads are those from `first` on, one for each of `costs`; the program
    minimises, and `offset` less its value bounds the worth of every choice. Worth is counted in
    parts of the whole.
    """

    @property
    def program(self) -> LinearProgram:
        """The program, with its bounds as they are before anything is decided."""
        ...

    @property
    def first(self) -> int:
        """The column of the first road."""
        ...

    @property
    def offset(self) -> float:
        """What the value of the program is taken from."""
        ...

    @property
    def costs(self) -> Sequence[float]:
        """What each road costs."""
        ...

    @property
    def budget(self) -> float:
        """What may be spent."""
        ...

    @property
    def groups(self) -> Sequence[Sequence[int]]:
        """Places of roads that do much the same, as roads in series: decided together first.

        The row `first_group` + n of the program says that less the sum of group n is not above 0.
        """
        ...

    @property
    def first_group(self) -> int:
        """The row of the first group."""
        ...

    def worth(self, chosen: frozenset[int]) -> float:
        """Return what a choice of places is worth, recomputed."""
        ...

    def tighten(
        self, branch: Branch, answer: Answer, chosen: frozenset[int]
    ) -> Sequence[tuple[int, float]]:
        """Return columns and upper bounds that hold in a branch, lower than it has them."""
        ...


@dataclass(frozen=True)
class Found:
    """The best choice found, what it is worth, and a bound on what any choice is worth."""

    chosen: frozenset[int]
    value: float
    bound: float
    proven: bool
    branches: int


class Search:
    """Branch and bound, best bound first; the same steps on every run.

    Parameters
    ----------
    model
        What is searched.
    """

    def __init__(self, model: Relaxation) -> None:
        self.model = model
        self.chosen: frozenset[int] = frozenset()
        self.value = -inf
        self._known: dict[frozenset[int], float] = {}
        self._waiting: list[tuple[float, int, Branch]] = []
        self._made = 0
        self._some: frozenset[int] = frozenset()

    def run(
        self, starts: Sequence[frozenset[int]] = (), *, time_limit_s: float | None = None
    ) -> Found:
        """Return the best choice: proven, or the best found within the time and a bound.

        Parameters
        ----------
        starts
            Choices to begin with: the better they are, the less is searched.
        time_limit_s
            Seconds after which the search stops.

        Raises
        ------
        SolverError
            A bound is refuted by a choice that is worth more, or by its own recomputation.
        """
        import numpy as np

        begun = told = monotonic()
        for choice in (frozenset[int](), *starts):
            self._offer(choice)
        upper = np.array(self.model.program.columns.upper, dtype=float)
        self._push(Branch(inf, (), upper))
        bound, searched = inf, 0
        while self._waiting:
            bound = -self._waiting[0][0]
            if bound <= self.value + EQUAL:
                break
            now = monotonic()
            if time_limit_s is not None and now - begun > time_limit_s and searched:
                return Found(self.chosen, self.value, bound, proven=False, branches=searched)
            if now - told > _TOLD_S:
                told = now
                log.info("%d branches, best %.6g, bound %.6g", searched, self.value, bound)
            self._look_at(heappop(self._waiting)[2])
            searched += 1
        return Found(self.chosen, self.value, self.value, proven=True, branches=searched)

    # --- one branch -----------------------------------------------------------------------

    def _look_at(self, branch: Branch) -> None:
        """Bound a branch; close it, or split it by one road."""
        import numpy as np

        bounded = self._bounded(branch)
        if bounded is None:
            return
        branch, answer = bounded
        shares = self._shares(answer)
        unsure = np.minimum(shares, 1 - shares) > _WHOLE
        if not unsure.any():
            value = self._offer(frozenset(np.flatnonzero(shares > _WHOLE).tolist()))
            if value < branch.bound - WRONG:
                raise SolverError(
                    "the bound of a choice is not what it is worth", best=value, bound=branch.bound
                )
            return
        branch = replace(branch, upper=self._without_hopeless(branch, answer, shares))
        group = self._unsure_group(shares)
        if group is None:
            self._split(branch, int(np.argmax(np.where(unsure, shares, -1.0))))
        else:
            self._split_group(branch, group)

    def _bounded(self, branch: Branch) -> tuple[Branch, Answer] | None:
        """Return a branch with the bound of its relaxation; None if nothing better is in it."""
        import numpy as np

        program, model = self.model.program, self.model
        lower = np.zeros(len(branch.upper))
        lower[[model.first + place for place in branch.ones]] = 1.0
        program.bound_columns(range(len(lower)), lower, branch.upper)
        self._ask_groups(branch.some)
        while True:
            answer = program.solve()
            bound = min(branch.bound, model.offset - answer.value)
            branch = replace(branch, bound=bound)
            chosen = self._rounded(branch, self._shares(answer))
            for choice in (chosen, self.chosen):
                if self._offer(choice) > bound + WRONG and self._is_in(branch, choice):
                    raise SolverError(
                        "a choice is worth more than the bound", best=self.value, bound=bound
                    )
            if bound <= self.value + EQUAL:
                return None
            tighter = model.tighten(branch, answer, chosen)
            columns = [column for column, _ in tighter]
            upper = branch.upper.copy()
            upper[columns] = [limit for _, limit in tighter]
            branch = replace(branch, upper=upper)
            if all(answer.columns[column] <= limit + EQUAL for column, limit in tighter):
                return branch, answer
            program.bound_columns(columns, lower[columns], upper[columns])

    def _ask_groups(self, some: frozenset[int]) -> None:
        """Ask for a road of each of these groups, and of no other."""
        import numpy as np

        changed = sorted(some ^ self._some)
        least = np.array([-1.0 if group in some else 0.0 for group in changed])
        rows = [self.model.first_group + group for group in changed]
        self.model.program.bound_rows(rows, np.full(len(rows), -inf), least)
        self._some = some

    def _is_in(self, branch: Branch, chosen: frozenset[int]) -> bool:
        """Tell whether a choice lies in a branch."""
        return (
            chosen.issuperset(branch.ones)
            and all(branch.upper[self.model.first + place] > 0 for place in chosen)
            and all(not chosen.isdisjoint(self.model.groups[group]) for group in branch.some)
        )

    def _shares(self, answer: Answer) -> Array:
        """Return how far each road is chosen."""
        first = self.model.first
        return answer.columns[first : first + len(self.model.costs)]

    def _rounded(self, branch: Branch, shares: Array) -> frozenset[int]:
        """Return a choice inside the branch: the roads chosen most, as far as the budget goes."""
        import numpy as np

        chosen = set(branch.ones)
        left = self._left(branch.ones)
        for place in np.argsort(-shares, kind="stable").tolist():
            if shares[place] <= _WHOLE:
                break
            if place not in chosen and self.model.costs[place] <= left + EQUAL:
                chosen.add(place)
                left -= self.model.costs[place]
        return frozenset(chosen)

    def _without_hopeless(self, branch: Branch, answer: Answer, shares: Array) -> Array:
        """Return the upper bounds without roads that, by their reduced cost, lead to no better."""
        first, last = self.model.first, self.model.first + len(self.model.costs)
        upper = branch.upper.copy()
        promise = self.model.offset - answer.value - answer.reduced[first:last]
        upper[first:last][(shares <= EQUAL) & (promise <= self.value + EQUAL)] = 0.0
        return upper

    def _unsure_group(self, shares: Array) -> int | None:
        """Return the group of which most, but less than one road, is chosen; None if none is."""
        sums = [float(shares[list(group)].sum()) for group in self.model.groups]
        unsure = [place for place, total in enumerate(sums) if _WHOLE < total < 1 - _WHOLE]
        return max(unsure, key=lambda place: (sums[place], -place), default=None)

    def _split_group(self, branch: Branch, group: int) -> None:
        """Add the part of a branch without any road of a group, and the part with one or more."""
        upper = branch.upper.copy()
        upper[[self.model.first + place for place in self.model.groups[group]]] = 0.0
        self._push(replace(branch, upper=upper))
        self._push(replace(branch, some=branch.some | {group}))

    def _split(self, branch: Branch, place: int) -> None:
        """Add the part of a branch without a road, and the part with it."""
        column = self.model.first + place
        upper = branch.upper.copy()
        upper[column] = 0.0
        self._push(replace(branch, upper=upper))
        ones = (*branch.ones, place)
        left = self._left(ones)
        upper = branch.upper.copy()
        free = False
        for other, cost in enumerate(self.model.costs):
            if other not in ones and upper[self.model.first + other] > 0:
                if cost > left + EQUAL:
                    upper[self.model.first + other] = 0.0
                else:
                    free = True
        if free:
            self._push(replace(branch, ones=ones, upper=upper))
        else:
            self._offer(frozenset(ones))

    # --- what is known --------------------------------------------------------------------

    def _left(self, ones: Sequence[int]) -> float:
        """Return what is left of the budget."""
        return self.model.budget - sum(self.model.costs[place] for place in ones)

    def _push(self, branch: Branch) -> None:
        """Let a branch wait; of equal bounds the newest comes first."""
        self._made += 1
        heappush(self._waiting, (-branch.bound, -self._made, branch))

    def _offer(self, choice: frozenset[int]) -> float:
        """Return what a choice is worth; keep it if it is the best."""
        if choice not in self._known:
            self._known[choice] = self.model.worth(choice)
        value = self._known[choice]
        if value > self.value + EQUAL:
            self.chosen, self.value = choice, value
        return value
