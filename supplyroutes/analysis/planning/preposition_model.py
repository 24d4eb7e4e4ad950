"""Stock placed before it is known which days come: all scenarios in one linear program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.analysis.planning.horizon import Horizon
from supplyroutes.analysis.planning.plan_model import (
    Draft,
    add_short,
    in_turn,
    lay_out,
    ranks_of,
    unit_of,
)

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Placed:
    """Extra stock by place of the town, and what is short by weight in each scenario."""

    extra_m3: list[float]
    short: list[float]


class PrepositionModel:
    """The days of several scenarios that share the stock they begin with.

    Columns: the days of each scenario (`plan_model`), the extra stock of each town, what is left
    of the budget, and the worst of the scenarios with its slacks.

    Parameters
    ----------
    horizons
        The days of each scenario, of the same towns.
    """

    def __init__(self, horizons: Sequence[Horizon]) -> None:
        first = horizons[0]
        self.towns, self.items, self.unit = first.towns, first.items, unit_of(first)
        draft = Draft()
        self.blocks = [lay_out(draft, horizon, self.unit, frozenset()) for horizon in horizons]
        self._budget_row = draft.rows([0.0])
        self._extra = [
            draft.column(
                (town.tank.storage - town.tank.stock) / self.unit,
                (self._budget_row, 1.0),
                *((block.first_row[place], 1.0) for block in self.blocks),
            )
            for place, town in enumerate(self.towns)
        ]
        draft.column(float("inf"), (self._budget_row, 1.0))
        self._heaviest = max(item.weight for item in self.items) or 1.0
        above = draft.rows([0.0] * len(self.blocks))
        self._worst = draft.column(
            float("inf"), *((above + place, 1.0) for place in range(len(self.blocks)))
        )
        for row, block in enumerate(self.blocks, above):
            draft.column(float("inf"), (row, -1.0))
            draft.cells += [
                (row, entry.column, -self.items[entry.item].weight / self._heaviest)
                for entry in block.short
                if self.items[entry.item].weight > 0
            ]
        self.program = draft.program()
        self._upper = self.program.columns.upper.copy()

    def place(self, budget_m3: float, shares: Sequence[float], *, worst: bool = False) -> Placed:
        """Return where to put extra stock for scenarios of these shares.

        First, if asked, the worst scenario is made as good as it can be; then rank after rank the
        least is short on average; then no more stock is placed than that takes; then the largest
        tanks take it, so that few places need be filled.
        """
        import numpy as np

        self._reset(budget_m3)
        questions = list(self._questions(shares))
        if worst:
            cost = np.zeros(len(self._upper))
            cost[self._worst] = 1.0
            questions.insert(0, cost)
        return self._placed(in_turn(self.program, questions).columns)

    def living_with(self, extra_m3: Sequence[float], shares: Sequence[float]) -> Placed:
        """Return what is short in each scenario with the extra stock decided already."""
        import numpy as np

        self._reset(sum(extra_m3))
        given = np.array(extra_m3) / self.unit
        self.program.bound_columns(self._extra, given, given)
        return self._placed(in_turn(self.program, list(self._questions(shares))[:-2]).columns)

    def _reset(self, budget_m3: float) -> None:
        """Take back what was decided, and set the budget."""
        import numpy as np

        everything = list(range(len(self._upper)))
        self.program.bound_columns(everything, np.zeros(len(everything)), self._upper)
        budget = np.full(1, budget_m3 / self.unit)
        self.program.bound_rows([self._budget_row], budget, budget)

    def _questions(self, shares: Sequence[float]) -> Iterator[Array]:
        """Yield what each rank is short of on average, the stock in all, and by tanks."""
        import numpy as np

        for rank in ranks_of(self.items):
            cost = np.zeros(len(self._upper))
            for block, share in zip(self.blocks, shares, strict=True):
                add_short(cost, block, self.items, share, rank)
            yield cost
        cost = np.zeros(len(self._upper))
        cost[self._extra] = 1.0
        yield cost
        cost = np.zeros(len(self._upper))
        cost[self._extra] = [1 / (1 + town.tank.storage) for town in self.towns]
        yield cost

    def _placed(self, columns: Array) -> Placed:
        """Return an answer in m3."""
        values = [
            sum(self.items[entry.item].weight * float(columns[entry.column])
                for entry in block.short) * self.unit
            for block in self.blocks
        ]  # fmt: skip
        return Placed([float(columns[column]) * self.unit for column in self._extra], values)
