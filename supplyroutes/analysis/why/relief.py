"""What would relieve a town: the fewest reports to lift, and the share of each in its state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes._kernels.lifting import exact_shares, fewest_keys, sampled_pivots
from supplyroutes.analysis.intervals import wilson
from supplyroutes.analysis.why.blocks import Blocks

if TYPE_CHECKING:
    import pandas as pd

MOST_SETS = 24
"""Smallest sets of reports that are listed."""
MOST_STEPS = 20_000
"""Sets of reports that are tried before the search gives only a bound."""
MOST_EXACT = 22
"""Reports up to which shares are exact: 2^22 sets are answered together."""
MOST_BITS = 1 << 30
"""Bits that exact shares may take at once: one for each set, and each town or kind of lock."""
SAMPLES = 4_000
"""Orders of arrival that are sampled where shares are not exact."""
SEED = 20250904


@dataclass(frozen=True)
class Relief:
    """The smallest sets of reports whose lifting brings a town to a better state.

    Attributes
    ----------
    goal
        The state that the town would then have at least: "strained" (reached again) or
        "supplied".
    sets
        The smallest sets, each in order of id; all of them if `complete`.
    size
        Reports in each of them; without sets: no fewer than this can do.
    complete
        Whether every smallest set is listed.
    """

    goal: str
    sets: tuple[tuple[str, ...], ...]
    size: int
    complete: bool


def relief(blocks: Blocks, town: int, goal: str) -> Relief:
    """Return the smallest sets of reports to lift so that a town is joined to a source."""
    maze, reports = blocks.maze(town)
    sets, size, complete = fewest_keys(maze, most_sets=MOST_SETS, most_steps=MOST_STEPS)
    named = tuple(
        tuple(report for place, report in enumerate(reports) if keys >> place & 1) for keys in sets
    )
    return Relief(goal, named, size, complete)


def shares(blocks: Blocks | None, town: int) -> tuple[pd.DataFrame, bool]:
    """Return the share of each report in a town being cut off, and whether shares are exact.

    Without blocks nothing has a share.
    """
    import pandas as pd

    maze, reports = blocks.maze(town) if blocks else (None, ())
    exact = maze is None or (
        len(reports) <= MOST_EXACT
        and (len(maze.out) + len(set(maze.locks))) << len(reports) <= MOST_BITS
    )
    rows: list[tuple[float, float, float]] = []
    if maze and exact:
        values = exact_shares(maze, len(reports))
        rows = [(value, value, value) for value in values]
    elif maze:
        pivots = sampled_pivots(maze, len(reports), samples=SAMPLES, seed=SEED)
        rows = [(count / SAMPLES, *wilson(count, SAMPLES)) for count in pivots]
    frame = pd.DataFrame(
        rows,
        columns=["share", "share_low", "share_high"],
        index=pd.Index(reports, name="event", dtype=object),
        dtype=float,
    )
    frame = frame[frame["share_high"] > 0]
    return frame.sort_values("share", ascending=False, kind="stable"), exact
