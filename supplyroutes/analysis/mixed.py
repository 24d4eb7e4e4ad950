"""Mixed-integer programs: what HiGHS finds is checked by plain sums before it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.analysis.linear import TOLERANCE, LinearProgram, outside, sums
from supplyroutes.errors import SolverError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

_WHOLE = 1e-5
"""How far from whole a number may be."""


@dataclass(frozen=True)
class Whole:
    """The best answer found, its value, and a bound that no answer is below.

    The answer holds by plain sums; the bound is the solver's word.
    """

    value: float
    bound: float
    columns: Array


def whole_of(
    program: LinearProgram,
    integers: int,
    *,
    nodes: int,
    gap_share: float,
    start: Sequence[int] | None,
) -> Whole:
    """Return the best answer of a program whose first columns are whole numbers.

    The search ends at a gap or after so many branches, never by the clock: the same question has
    the same answer on every machine.

    Parameters
    ----------
    program
        The program; it is not changed.
    integers
        How many of its columns, the first ones, are whole.
    nodes
        Most branches.
    gap_share
        Part of the value that is near enough.
    start
        Whole columns that are 1 in a known answer, the others 0; None if none is known.

    Raises
    ------
    SolverError
        Nothing was found, or what was found breaks a row, a bound or is not whole, or is better
        than its own bound.
    """
    import highspy
    import numpy as np

    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.silent()
    for option, setting in (("threads", 1), ("mip_rel_gap", gap_share), ("mip_max_nodes", nodes)):
        solver.setOptionValue(option, setting)
    solver.passModel(program.model())
    kinds = np.array([highspy.HighsVarType.kInteger] * integers)
    solver.changeColsIntegrality(integers, np.arange(integers, dtype=np.int32), kinds)
    if start is not None:
        known = np.zeros(integers)
        known[list(start)] = 1.0
        solver.setSolution(integers, np.arange(integers, dtype=np.int32), known)
    solver.run()
    info = solver.getInfo()
    status = solver.getModelStatus()
    good = {highspy.HighsModelStatus.kOptimal, highspy.HighsModelStatus.kSolutionLimit}
    columns = np.asarray(solver.getSolution().col_value, dtype=float)
    if status not in good or len(columns) != len(program.cost):
        raise SolverError(f"no answer: {solver.modelStatusToString(status)}")
    value, bound = float(program.cost @ columns), float(info.mip_dual_bound)
    _check(program, columns, integers)
    if bound > value + TOLERANCE * (1 + abs(value)):
        raise SolverError("the solver's answer is better than its bound", best=value, bound=bound)
    return Whole(value, min(bound, value), columns)


def _check(program: LinearProgram, columns: Array, integers: int) -> None:
    """Refuse an answer that breaks a row or a bound, or is not whole."""
    import numpy as np

    entries = program.entries
    rows = sums(entries.row, entries.value * columns[entries.column], len(program.rows.lower))
    whole = columns[:integers]
    missed = max(
        outside(columns, program.columns),
        outside(rows, program.rows),
        float(np.max(np.abs(whole - np.round(whole)), initial=0.0)),
    )
    if not missed <= _WHOLE:
        raise SolverError(f"the solver's answer breaks a bound by {missed:g}")
