"""How much supply is left as roads are lost one after another: robustness as one curve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import nan
from numbers import Integral
from random import Random
from typing import TYPE_CHECKING, Any, Literal

from supplyroutes._kernels.paths import nearest_source
from supplyroutes._kernels.percolating import reached_by_loss
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.compiling import fast
from supplyroutes.analysis.flows.flow_problem import by_node, needs_of
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    Shares = NDArray[np.float64]

Order = Literal["random", "betweenness", "length"] | Sequence[str]
Weigh = Literal["demand", "people"]
ORDERS = ("random", "betweenness", "length")
SEED = 20250904
LITRES = 1000
"""Demand is counted in whole litres, so that sums are exact."""


@dataclass(frozen=True)
class Percolation:
    """Supply against the share of roads lost; made by `percolation`.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    order
        random, betweenness, length, or given.
    weigh
        demand or people.
    curve
        Index `roads_lost` (0 to all): lost_share, supplied_share (mean of the runs), low and high
        (10 and 90 % of the runs lie below), standard_error (of the mean; missing with one run).
    removed
        The roads in the order in which they are lost; empty if that is random.
    runs
        Index `run`: robustness, half_share (least share of roads lost with no more than half of
        the supply at the start left), drop_share (share lost after the largest single drop, the
        first of equals) and drop (its size, as a share). Missing where nothing was supplied.
    seed
        Of the random orders; None if the order is not random.
    supplied_share
        Supply before any of these roads is lost: below 1 where towns are cut off already.
    robustness
        Mean over the runs of R, the mean of the supply over all numbers of roads lost.
    robustness_error
        Standard error of that mean; missing with one run.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> curve = sr.percolation(network, order=["port--north", "port--south"])
    >>> curve.curve["supplied_share"].tolist()[:3]
    [1.0, 1.0, 0.0]
    """

    at: date | None
    commodity: str
    order: str
    weigh: str
    curve: pd.DataFrame
    removed: tuple[str, ...]
    runs: pd.DataFrame
    seed: int | None
    supplied_share: float
    robustness: float
    robustness_error: float

    def summary(self) -> dict[str, Any]:
        """Return the headline: R with its error, and the critical shares, as means of the runs.

        Returns
        -------
        values
            Keys roads, runs, supplied_share, robustness, robustness_error, half_share and
            drop_share.
        """
        return {
            "roads": len(self.curve) - 1,
            "runs": len(self.runs),
            "supplied_share": self.supplied_share,
            "robustness": self.robustness,
            "robustness_error": self.robustness_error,
            "half_share": float(self.runs["half_share"].mean()),
            "drop_share": float(self.runs["drop_share"].mean()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "order": self.order,
            "weigh": self.weigh,
            "seed": self.seed,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "curve": records(self.curve),
            "removed": list(self.removed),
            "runs": records(self.runs),
        }

    def _repr_html_(self) -> str:
        """Return the headline and a tenth of the curve as a table for notebooks."""
        from supplyroutes.displays import asked, html, listed

        what = f"{asked(self.commodity, self.at)}, {self.order} order, {self.weigh}"
        tenth = max(1, (len(self.curve) - 1) // 10)
        curve = ("What is still joined to a source, in steps (.curve)", self.curve.iloc[::tenth])
        return html(f"{what}: {listed(self.summary())}", curve, digits=3)


def percolation(
    day: Network,
    *,
    order: Order = "random",
    weigh: Weigh = "demand",
    runs: int = 200,
    seed: int = SEED,
) -> Percolation:
    r"""Supply left against the share of roads lost, robustness R and critical shares.

    S(q) is the share of the demand (or of the people) on the network that an open way still joins
    to a source when a share q of its N open roads is lost, in both directions:

    .. math:: R = \frac{1}{N} \sum_{k=1}^{N} S(k / N)

    Parameters
    ----------
    day
        The network on a day, or undisturbed. Roads that are closed stay closed and are not among
        those that may be lost.
    order
        In which order roads are lost. "random": many orders, each as likely as any other.
        "betweenness": always the one over which most demand (or most people) is then served on
        best ways from the nearest source, found anew after each loss. "length": the longest
        first. Or ids of roads, the first lost first; the others follow in order of id.
    weigh
        What counts: "demand" or "people".
    runs
        Random orders; any other order is one run.
    seed
        Of the random orders; the same seed gives the same answer.

    Returns
    -------
    curve
        The curve with mean, 10 and 90 % of the runs and standard error, R, and critical shares.

    Raises
    ------
    RequestError
        There is no such order or weight, a road is named twice, or the runs are not a whole
        number above zero.
    UnknownIdError
        There is no road of an id.

    Notes
    -----
    The whole curve of a run takes one walk over the network, by putting roads back [1]_. R is that
    of [2]_, with joined demand in place of the largest component. A town that is a source itself
    is supplied whatever is lost. Equal roads are lost in order of id. "betweenness" searches the
    network once a road, and is no worst case: its order is found road by road.

    References
    ----------
    .. [1] Newman, M. E. J., Ziff, R. M. (2000). Efficient Monte Carlo algorithm and
       high-precision results for percolation. Phys. Rev. Lett. 85(19).
    .. [2] Schneider, C. M., Moreira, A. A., Andrade, J. S., Havlin, S., Herrmann, H. J. (2011).
       Mitigation of malicious attacks on networks. PNAS 108(10).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> worst = sr.percolation(network, order="betweenness")
    >>> worst.removed[0], round(worst.robustness, 3)
    ('port--north', 0.167)
    """
    import numpy as np

    if weigh not in ("demand", "people"):
        raise RequestError(f"no weight {weigh!a}: demand or people")
    if not (isinstance(runs, Integral) and runs >= 1):
        raise RequestError(f"{runs!a} runs: a whole number, at least one")
    weights = _weights(day, weigh)
    passable = passable_arcs(day)
    open_roads = [
        road
        for road in range(len(day.topology.edge_ids))
        if passable[2 * road] or passable[2 * road + 1]
    ]
    orders = _orders(day, order, open_roads, weights, (runs, seed))
    top, total = day.topology, sum(weights)
    find = fast(reached_by_loss, len(top.tail))
    left = [
        find(top.out_start, top.out_arcs, top.head, passable, day.sources(), weights, roads)
        for roads in orders
    ]
    shares = np.array(left, dtype=float) / total if total else np.zeros((len(orders), len(left[0])))
    measured = _runs(shares)
    means = measured["robustness"]
    single = len(orders) == 1
    named = order if isinstance(order, str) else "given"
    return Percolation(
        at=day.at,
        commodity=day.commodity,
        order=named,
        weigh=weigh,
        curve=_curve(shares),
        removed=() if named == "random" else tuple(top.edge_ids[road] for road in orders[0]),
        runs=measured,
        seed=seed if named == "random" else None,
        supplied_share=float(shares[0, 0]),
        robustness=float(means.mean()),
        robustness_error=nan if single else float(means.std(ddof=1) / len(means) ** 0.5),
    )


def _weights(day: Network, weigh: Weigh) -> list[int]:
    """Return what each town on the undisturbed network counts for, in litres a day or people."""
    calm = day.undisturbed()
    top = day.topology
    known = reached(top.out_start, top.out_arcs, top.head, calm.usable, calm.sources())
    amounts: Mapping[int, float]
    if weigh == "demand":
        amounts = {node: LITRES * amount for node, amount in by_node(needs_of(calm)).items()}
    else:
        people = day.tables.towns.columns["population"]
        amounts = {node: count or 0 for node, count in enumerate(people)}
    return [round(amounts.get(node, 0)) if known[node] else 0 for node in range(len(known))]


def _orders(
    day: Network,
    order: Order,
    roads: Sequence[int],
    weights: Sequence[int],
    draws: tuple[int, int],
) -> list[list[int]]:
    """Return the orders in which roads are lost; `draws` are the random runs and their seed."""
    if order == "random":
        runs, seed = draws
        random = Random(seed)  # noqa: S311 (a sample, not a secret)
        return [random.sample(roads, len(roads)) for _ in range(runs)]
    if order == "length":
        km = day.topology.length_km
        return [sorted(roads, key=lambda road: (-km[2 * road], road))]
    if order == "betweenness":
        return [_most_carrying_first(day, roads, weights)]
    if isinstance(order, str):
        raise RequestError(f"no order {order!a}: {', '.join(ORDERS)}, or ids of roads")
    first = [day.edge(name) for name in order]
    if len(set(first)) < len(first):
        raise RequestError("a road is named twice")
    left = set(roads)
    return [[*(road for road in first if road in left), *sorted(left.difference(first))]]


def _most_carrying_first(day: Network, roads: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return the roads, each the one that carries most when those before it are lost."""
    left, order = set(roads), list[int]()
    passable = passable_arcs(day)
    while left:
        carried = _carried(day, passable, weights)
        worst = max(left, key=lambda road: (carried[road], -road))
        if not carried[worst]:  # nothing is joined over roads any more
            return [*order, *sorted(left)]
        left.remove(worst)
        order.append(worst)
        passable[2 * worst] = passable[2 * worst + 1] = 0
    return order


def _carried(day: Network, passable: Sequence[int], weights: Sequence[int]) -> list[int]:
    """Return what comes over each road on the best way from the nearest source to every town."""
    top = day.topology
    _, arc_in, _ = fast(nearest_source, len(top.tail))(
        top.out_start, top.out_arcs, top.head, day.time_h, passable, day.sources()
    )
    carried = [0] * len(top.edge_ids)
    below = list(weights)
    behind = [0] * len(arc_in)
    for arc in arc_in:
        if arc >= 0:
            behind[top.tail[arc]] += 1
    ends = [node for node, arc in enumerate(arc_in) if arc >= 0 and not behind[node]]
    for node in ends:  # grows: a town follows once all behind it are counted
        arc = arc_in[node]
        before = top.tail[arc]
        carried[arc // 2] += below[node]
        below[before] += below[node]
        behind[before] -= 1
        if not behind[before] and arc_in[before] >= 0:
            ends.append(before)
    return carried


def _curve(shares: Shares) -> pd.DataFrame:
    """Return the curve of runs x numbers of roads lost."""
    import numpy as np
    import pandas as pd

    runs, count = shares.shape
    low, high = np.quantile(shares, (0.1, 0.9), axis=0)
    spread = shares.std(axis=0, ddof=1) / runs**0.5 if runs > 1 else np.full(count, nan)
    index = pd.RangeIndex(count, name="roads_lost")
    return pd.DataFrame(
        {
            "lost_share": np.arange(count) / max(count - 1, 1),
            "supplied_share": shares.mean(axis=0),
            "low": low,
            "high": high,
            "standard_error": spread,
        },
        index=index,
    )


def _runs(shares: Shares) -> pd.DataFrame:
    """Return robustness and critical shares of every run."""
    import numpy as np
    import pandas as pd

    runs, count = shares.shape
    roads = max(count - 1, 1)
    missing = np.full(runs, nan)
    some = shares[:, 0] > 0
    drops = -np.diff(shares, axis=1) if count > 1 else np.zeros((runs, 1))
    at = np.argmax(drops, axis=1)
    half = shares <= shares[:, :1] / 2
    return pd.DataFrame(
        {
            "robustness": shares[:, 1:].mean(axis=1) if count > 1 else shares[:, 0],
            # A town that is a source itself is never lost: then half may never be reached.
            "half_share": np.where(
                some & half.any(axis=1), np.argmax(half, axis=1) / roads, missing
            ),
            "drop_share": np.where(some & (drops.max(axis=1) > 0), (at + 1) / roads, missing),
            "drop": np.where(some, drops.max(axis=1), missing),
        },
        index=pd.RangeIndex(1, runs + 1, name="run"),
    )
