"""`compare`: days, what-ifs or whole answers side by side, and what made the difference."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, overload

from supplyroutes.analysis.comparison import Comparison, compare_networks
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.scenario.result_comparison import ResultComparison, compared
from supplyroutes.scenario.results import Results


@overload
def compare(entries: Mapping[str, Network], *, baseline: Network | None = None) -> Comparison: ...


@overload
def compare(entries: Mapping[str, Results] | Results) -> ResultComparison: ...


def compare(
    entries: Mapping[str, Network] | Mapping[str, Results] | Results,
    *,
    baseline: Network | None = None,
) -> Comparison | ResultComparison:
    """Set days, what-ifs, commodities or whole answers side by side; say what made the difference.

    Each entry is compared with the first. Networks are compared in their states, ways and
    corridors, and the reports that made the difference are named with their proof: see
    `compare_networks` and ``docs/comparison.md``. Answers are compared in flow, stocks and
    outlooks too, and each with what it supposes; differences of outlooks have 95 % intervals by
    draws that share their luck, and are refused where seed, runs or days differ.

    Parameters
    ----------
    entries
        At least two networks of the same towns and roads, by name; or results of `run`, by name
        (the scenario itself of each is compared); or the results of one scenario (its entries are).
    baseline
        Of networks: the network at baseline for all; each one undisturbed by default.

    Returns
    -------
    comparison
        Of networks a `Comparison`, of answers a `ResultComparison`.

    Raises
    ------
    RequestError
        There are fewer than two, or they do not have the same towns and roads.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> lifted = sr.disrupt(network, events.without("T1"), at="2025-01-12")
    >>> sr.compare({"as it was": day, "T1 lifted": lifted}).summary()["T1 lifted"]["differ"]
    4
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> both = sr.compare(sr.run(scenario, analyses=("stocks",)))
    >>> both.summary()["scenario"]["towns_dry_change"]
    -2.0
    """
    if isinstance(entries, Results):
        return compared(entries.entries)
    if entries and all(isinstance(entry, Results) for entry in entries.values()):
        if baseline is not None:
            raise RequestError("results have their own baseline")
        told = cast("Mapping[str, Results]", entries)
        return compared(
            {name: results.main for name, results in told.items()},
            made={name: results.made for name, results in told.items()},
        )
    return compare_networks(cast("Mapping[str, Network]", entries), baseline=baseline)
