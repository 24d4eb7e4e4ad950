"""What a what-if changes, told by runs that share their luck."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.intervals import Z_95
from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

    Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OutlookChange:
    """How a what-if differs from a reference, run by run; made by `outlook_change`.

    Attributes
    ----------
    runs
        Runs that both outlooks have: the same number and the same luck.
    towns
        Index `node`: name, population; days_dry_change: mean of the days dry under the what-if
        less those under the reference, with its 95 % interval (_low, _high) and the half width
        that independent draws would give (_independent); better_share and worse_share: shares
        of runs with fewer and with more days dry; dry_share_change: of the runs in which the
        town runs dry.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.outlooks.outlook_change import outlook_change
    >>> network, events = sr.datasets.toy()
    >>> span = {"start": "2025-01-08", "end": "2025-01-16"}
    >>> was, what_if = (
    ...     sr.stock_outlook(sr.ensemble(network, told, runs=20), **span)
    ...     for told in (events, events.without("T1"))
    ... )
    >>> change = outlook_change(was, what_if).towns.loc["east"]
    >>> change["better_share"].item(), bool(change["days_dry_change_high"] < 0)
    (0.95, True)
    """

    runs: int
    towns: pd.DataFrame

    def summary(self) -> dict[str, int]:
        """Return in how many towns the what-if is surely better, and surely worse.

        Returns
        -------
        towns
            runs; better and worse: towns whose 95 % interval of the change leaves nought out.
        """
        return {
            "runs": self.runs,
            "better": int((self.towns["days_dry_change_high"] < 0).sum()),
            "worse": int((self.towns["days_dry_change_low"] > 0).sum()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name, and the summary.
        """
        from supplyroutes.analysis.plain import records

        return {"summary": self.summary(), "towns": records(self.towns)}

    def _repr_html_(self) -> str:
        """Return the towns that change as a table for notebooks."""
        from supplyroutes.displays import html, listed

        changed = self.towns[self.towns["better_share"] + self.towns["worse_share"] > 0]
        changed = changed.sort_values("population", ascending=False, kind="stable")
        caption = "Towns that fare otherwise, the largest first (.towns)"
        return html(listed(self.summary()), (caption, changed), digits=2)


def outlook_change(reference: StockOutlook, what_if: StockOutlook) -> OutlookChange:
    r"""Return what a what-if changes in days dry, by runs that share their luck.

    The interval of the mean change over n runs is that of paired differences d,
    :math:`\bar d \pm 1.96 \, s_d / \sqrt n`. Since both cases meet the same luck, what they
    share cancels, and the interval is narrower than that of independent draws,
    :math:`1.96 \sqrt{(s_1^2 + s_2^2) / n}`, which is told beside it.

    Parameters
    ----------
    reference
        The outlook as things are.
    what_if
        The outlook under a what-if: same days, same seed.

    Returns
    -------
    change
        Towns in the order of the reference.

    Raises
    ------
    RequestError
        The outlooks are of other days or seeds, or have less than two runs in common.

    References
    ----------
    .. [1] Glasserman, P., Yao, D. D. (1992). Some guidelines and guarantees for common random
       numbers. Management Science 38 (6).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.outlooks.outlook_change import outlook_change
    >>> draws = sr.ensemble(*sr.datasets.toy(), runs=3)
    >>> same = sr.stock_outlook(draws, start="2025-01-08", end="2025-01-16")
    >>> outlook_change(same, same).summary()
    {'runs': 3, 'better': 0, 'worse': 0}
    """
    spans = [(one.start, one.end, one.seed, one.commodity) for one in (reference, what_if)]
    if spans[0] != spans[1]:
        raise RequestError("the outlooks differ in days, seed or commodity: their luck is not one")
    before, after = (one.by_run["days_dry"].unstack("node") for one in (reference, what_if))  # noqa: PD010 (unique)
    runs = before.index.intersection(after.index)
    if len(runs) < 2:  # noqa: PLR2004 (no spread without two)
        raise RequestError(f"the outlooks have {len(runs)} runs in common: two are needed")
    nodes = list(reference.towns.index)
    old = before.loc[runs].reindex(columns=nodes, fill_value=0.0).to_numpy()
    new = after.loc[runs].reindex(columns=nodes, fill_value=0.0).to_numpy()
    return OutlookChange(runs=len(runs), towns=_table(reference, what_if, old, new))


def _table(
    reference: StockOutlook, what_if: StockOutlook, old: Floats, new: Floats
) -> pd.DataFrame:
    """Return what changes in each town; rows of the arrays are runs."""
    import numpy as np

    change = new - old
    half = Z_95 * change.std(axis=0, ddof=1) / len(change) ** 0.5
    apart = np.sqrt((old.var(axis=0, ddof=1) + new.var(axis=0, ddof=1)) / len(change))
    frame = reference.towns[["name", "population"]].copy()
    frame["days_dry_change"] = change.mean(axis=0)
    frame["days_dry_change_low"] = change.mean(axis=0) - half
    frame["days_dry_change_high"] = change.mean(axis=0) + half
    frame["days_dry_change_independent"] = Z_95 * apart
    frame["better_share"] = (change < -_SAME_DAYS).mean(axis=0)
    frame["worse_share"] = (change > _SAME_DAYS).mean(axis=0)
    shares = what_if.towns["dry_share"].reindex(frame.index, fill_value=nan)
    frame["dry_share_change"] = shares - reference.towns["dry_share"]
    return frame


_SAME_DAYS = 1e-6
"""Less is rounding."""
