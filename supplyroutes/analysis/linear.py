"""A linear program that stays alive between questions, with every answer proved anew.

HiGHS solves; what it returns is not believed. Each answer is checked here for feasibility, and
its value against the bound that weak duality gives for the returned row duals: for any duals
the bound holds, so an answer that meets it is optimal, whatever the solver did.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from supplyroutes.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]
    Places = NDArray[np.int32]

TOLERANCE = 1e-6
"""Largest part of a value by which a row, a bound or the objective may be missed."""
_SLACK = 1e-7


@dataclass(frozen=True)
class Bounds:
    """Lower and upper bounds of columns or rows; infinite where there is none."""

    lower: Array
    upper: Array


@dataclass(frozen=True)
class Entries:
    """The nonzero entries of the matrix, as row, column and value."""

    row: Places
    column: Places
    value: Array


def entries_of(cells: Sequence[tuple[int, int, float]]) -> Entries:
    """Return (row, column, value) cells as entries."""
    import numpy as np

    row, column, value = zip(*cells, strict=True) if cells else ((), (), ())
    return Entries(
        np.array(row, dtype=np.int32),
        np.array(column, dtype=np.int32),
        np.array(value, dtype=float),
    )


@dataclass(frozen=True)
class Answer:
    """A proved optimum: the value, the columns, the duals of the rows, the reduced costs."""

    value: float
    columns: Array
    duals: Array
    reduced: Array


class LinearProgram:
    """Minimise cost x, with rows and columns between bounds; changed in place, solved again warm.

    Parameters
    ----------
    columns
        Bounds of the columns.
    rows
        Bounds of the rows.
    entries
        The matrix; an entry that is zero now and may change later is given as zero.
    """

    def __init__(self, columns: Bounds, rows: Bounds, entries: Entries) -> None:
        import highspy
        import numpy as np

        self.columns, self.rows, self.entries = columns, rows, entries
        self.cost = np.zeros(len(columns.lower))
        self._solver = highspy.Highs()  # type: ignore[no-untyped-call]
        self._solver.silent()
        for option, setting in (
            ("threads", 1),
            ("presolve", "off"),  # so that the last basis is where the next question begins
            ("primal_feasibility_tolerance", 1e-9),
            ("dual_feasibility_tolerance", 1e-9),
            ("small_matrix_value", 1e-12),
        ):
            self._solver.setOptionValue(option, setting)
        self._solver.passModel(self.model())

    def model(self) -> Any:
        """Return the program as HiGHS takes it."""
        import highspy
        import numpy as np

        model = highspy.HighsLp()
        model.num_col_, model.num_row_ = len(self.cost), len(self.rows.lower)
        model.col_cost_ = self.cost
        model.col_lower_, model.col_upper_ = self.columns.lower, self.columns.upper
        model.row_lower_, model.row_upper_ = self.rows.lower, self.rows.upper
        order = np.lexsort((self.entries.row, self.entries.column))
        counts = np.bincount(self.entries.column, minlength=len(self.cost))
        model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
        model.a_matrix_.start_ = np.concatenate(([0], np.cumsum(counts)))
        model.a_matrix_.index_ = self.entries.row[order].astype(np.int32)
        model.a_matrix_.value_ = self.entries.value[order]
        return model

    def price(self, cost: Array) -> None:
        """Set the cost of every column."""
        import numpy as np

        self.cost = cost
        self._solver.changeColsCost(len(cost), np.arange(len(cost)), cost)

    def bound_columns(self, places: Sequence[int], lower: Array, upper: Array) -> None:
        """Set the bounds of some columns."""
        import numpy as np

        which = np.asarray(places, dtype=np.int32)
        self.columns.lower[which], self.columns.upper[which] = lower, upper
        self._solver.changeColsBounds(len(which), which, lower, upper)

    def bound_rows(self, places: Sequence[int], lower: Array, upper: Array) -> None:
        """Set the bounds of some rows."""
        import numpy as np

        which = np.asarray(places, dtype=np.int32)
        new = (self.rows.lower[which] != lower) | (self.rows.upper[which] != upper)
        self.rows.lower[which], self.rows.upper[which] = lower, upper
        for row, low, high in zip(which[new], lower[new], upper[new], strict=True):
            self._solver.changeRowBounds(int(row), float(low), float(high))

    def put(self, places: Sequence[int], values: Array) -> None:
        """Set some entries of the matrix, by their place in `entries`."""
        for place, value in zip(places, values, strict=True):
            self.entries.value[place] = value
            row, column = int(self.entries.row[place]), int(self.entries.column[place])
            self._solver.changeCoeff(row, column, float(value))

    def solve(self) -> Answer:
        """Return the proved optimum.

        Raises
        ------
        SolverError
            The solver did not reach an optimum, or what it returned is not one.
        """
        import highspy
        import numpy as np

        self._solver.run()
        status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            self._solver.clearSolver()  # the last basis may be what stands in the way
            self._solver.run()
            status = self._solver.getModelStatus()
        if status != highspy.HighsModelStatus.kOptimal:
            raise SolverError(f"no optimum: {self._solver.modelStatusToString(status)}")
        solution = self._solver.getSolution()
        columns = np.asarray(solution.col_value, dtype=float)
        duals = np.asarray(solution.row_dual, dtype=float)
        value = float(self.cost @ columns)
        return Answer(value, columns, duals, self._proved(value, columns, duals))

    def _proved(self, value: float, columns: Array, duals: Array) -> Array:
        """Return the reduced costs of an answer that is feasible and meets the bound of its duals.

        Any other is refused.
        """
        entries = self.entries
        totals = sums(entries.row, entries.value * columns[entries.column], len(duals))
        missed = max(outside(columns, self.columns), outside(totals, self.rows))
        if not missed <= TOLERANCE:
            raise SolverError(f"the solver's answer breaks a bound by {missed:g}", best=value)
        priced = sums(entries.column, entries.value * duals[entries.row], len(columns))
        reduced = self.cost - priced
        bound = _least(duals, self.rows, totals) + _least(reduced, self.columns, columns)
        if not abs(value - bound) <= TOLERANCE * (1 + abs(value)):
            raise SolverError("the solver's answer is not optimal", best=value, bound=bound)
        return reduced


def sums(places: Places, values: Array, count: int) -> Array:
    """Return the sum of the values at each place."""
    import numpy as np

    return np.bincount(places, values, minlength=count).astype(float)


def outside(values: Array, bounds: Bounds) -> float:
    """Return by which part of its size a value lies outside its bounds, at most."""
    import numpy as np

    size = 1 + np.abs(values)
    out = np.maximum(bounds.lower - values, values - bounds.upper) / size
    return float(np.max(out, initial=0.0))


def _least(prices: Array, bounds: Bounds, values: Array) -> float:
    """Return the least of price x value within the bounds, summed: minus infinity if unbounded.

    A price that is zero but for rounding is taken at the value itself where there is no bound.
    """
    import numpy as np

    best = np.where(prices > 0, bounds.lower, bounds.upper)
    open_ended = ~np.isfinite(best)
    nothing = np.abs(prices) <= _SLACK
    best = np.where(open_ended & nothing, values, best)
    if np.any(~np.isfinite(best)):
        return -np.inf
    return float(prices @ best)
