"""A back-test as rows of the table of skill, which reports show beside their forecasts."""

from __future__ import annotations

from math import isfinite
from typing import Any

from supplyroutes.skill.backtesting import Backtest


def skill_rows(result: Backtest, *, window: str, fitted: bool) -> list[dict[str, Any]]:
    """Return the scores of a back-test as rows of ``skill.csv``, one for each forecaster.

    Parameters
    ----------
    result
        The back-test.
    window
        What the days that were forecast are called.
    fitted
        Whether choices of the model were made by these days: then they are no test of it.

    Returns
    -------
    rows
        Columns as in ``supplyroutes/schema/skill.csv``; scores with two decimals and days with
        one, as ``docs/backtest.md`` tells them.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.skill.skill_rows import skill_rows
    >>> network, events = sr.datasets.toy()
    >>> seen = sr.datasets.outcomes("toy")
    >>> window = ("2025-01-11", "2025-01-20")
    >>> result = sr.backtest(network, events, seen, window=window, forecasters={})
    >>> rows = skill_rows(result, window="january", fitted=False)
    >>> rows[0]["forecaster"], rows[0]["cases"], rows[0]["brier"]
    ('persistence', 0, None)
    """
    whole = result.scores.xs("all", level="lead")
    rows = []
    for forecaster, order in result.order.iterrows():
        own: Any = whole.loc[str(forecaster)]
        rows.append(
            {
                "window": window,
                "forecaster": str(forecaster),
                "first": result.first,
                "last": result.last,
                "fitted": fitted,
                "forecasts": len(result.issued),
                "labels": len(result.labels),
                "short_labels": int(result.labels["short"].sum()),
                "labelled_towns": len({node for _, node in result.labels.index}),
                "cases": int(own["cases"]),
                **{
                    score: _rounded(own[score])
                    for score in ("brier", "brier_low", "brier_high", "skill_ratio")
                },
                "log_score": _rounded(own["log"]),
                "onsets": int(order["onsets"]),
                "error_days": _rounded(order["error_days"], 1),
                "order_share": _rounded(order["concordance"]),
                "inside_share": _rounded(order["coverage_share"]),
            }
        )
    return rows


def _rounded(value: Any, digits: int = 2) -> float | None:
    """Return a rounded number; None where there is none."""
    return round(float(value), digits) if isfinite(value) else None
