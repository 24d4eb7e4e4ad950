"""Which fuel paths remain to a town: fastest, safest, alternatives that share nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf
from typing import TYPE_CHECKING, Any, Literal, get_args

from supplyroutes.analysis.ways import pathsearch
from supplyroutes.analysis.ways.pathsearch import Found, Path, Wanted
from supplyroutes.analysis.ways.pathtable import (
    LEG_COLUMNS,
    PATH_COLUMNS,
    RETURN_COLUMNS,
    Leg,
    PathTable,
    leg_row,
    legs_of,
    time_h,
)
from supplyroutes.analysis.ways.roadgraph import Roadbook
from supplyroutes.analysis.ways.trips import Trip
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

Choose = Literal["fastest", "safest", "pareto", "edge_disjoint", "node_disjoint"]
IN_ORDER = ("fastest", "safest")
"""Choices that rank all paths one by one: they take places to pass and a limit of overlap."""


@dataclass(frozen=True)
class SupplyPaths:
    """Paths of a commodity that remain to a town; made by `supply_paths`.

    Attributes
    ----------
    at
        The day of departure.
    commodity
        The commodity asked for.
    to
        Id of the town.
    choose
        How the paths were chosen.
    paths
        Index `rank`, 1 the best. Columns source, length_km, time_h (driving, dwell, delays and
        waiting), delay_h and wait_h (both in time_h), survival_prob (of one lone truck: the
        product over roads), state (of the worst road), free (a lone truck passes unrestricted),
        restricted_km, capacity_factor (least), capacity_m3_per_day (least recorded of a road or
        crossing, times its factor; missing if none is recorded), bottleneck (road of that least,
        or of the least factor below 1), detour_ratio (time over the best time at baseline),
        overlap_share (largest part of the length shared with one better path), near_equal (within
        the assumed `near_equal_ratio` of the best), relies_on_unknown, reports (that restrict it,
        the one on most roads first); with an empty return also return_time_h, cycle_h (there
        and back) and return_reports (on the way back; if there is none, those that stop it).
    legs
        Index `rank`, `leg`: edge, tail, head, km, hours (with delay, without wait), delay, wait,
        status, loss_prob, reports (that restrict), delayed_by, last_report,
        last_report_age_days, all as on the day on which the leg is entered.
    complete
        Whether the choice was made among all paths; False if it stopped after looking at the
        first 4,096.
    near_equal_complete
        Whether no near-equal path beyond the `k` asked for can be missing for the same reason.
    edge_disjoint
        Number of paths that share no road; proven. None with towns to pass or waiting.
    node_disjoint
        Number of paths that share no town but their ends; proven. None as above.
    arcs
        The directions of roads that each path drives, the best path first: numbers of the core.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> found = sr.supply_paths(day, to="bridge")
    >>> found.paths[["time_h", "state"]].round(1).to_dict("index")
    {1: {'time_h': 12.3, 'state': 'restricted'}}
    >>> found.legs["edge"].tolist(), found.edge_disjoint
    (['port--south', 'south--bridge'], 1)
    """

    at: date | None
    commodity: str
    to: str
    choose: Choose
    paths: pd.DataFrame
    legs: pd.DataFrame
    complete: bool
    near_equal_complete: bool
    edge_disjoint: int | None
    node_disjoint: int | None
    arcs: tuple[Path, ...]

    def summary(self) -> dict[str, Any]:
        """Return the number of paths, how many share nothing, and the best of each kind.

        Returns
        -------
        values
            Keys paths, edge_disjoint, node_disjoint, best_time_h, best_free_time_h and
            best_survival_prob of the paths told; None where there is none, or it is not known.
        """
        from supplyroutes.analysis.plain import plain

        paths = self.paths
        return {
            "paths": len(paths),
            "edge_disjoint": self.edge_disjoint,
            "node_disjoint": self.node_disjoint,
            "best_time_h": plain(paths["time_h"].min()),
            "best_free_time_h": plain(paths.loc[paths["free"].astype(bool), "time_h"].min()),
            "best_survival_prob": plain(paths["survival_prob"].max()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            Keys at, commodity, to, choose, complete, near_equal_complete, summary and paths (one
            entry a path, with its legs; hours, km, m3 per day).
        """
        from supplyroutes.analysis.plain import records

        legs: dict[int, list[dict[str, Any]]] = {}
        for leg in records(self.legs):
            legs.setdefault(leg.pop("rank"), []).append(leg)
        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "to": self.to,
            "choose": self.choose,
            "complete": self.complete,
            "near_equal_complete": self.near_equal_complete,
            "summary": self.summary(),
            "paths": [{**row, "legs": legs.get(row["rank"], [])} for row in records(self.paths)],
        }

    def _repr_html_(self) -> str:
        """Return the paths as a table for notebooks."""
        from supplyroutes.displays import asked, html

        title = f"{asked(self.commodity, self.at)}, to {self.to}: {len(self.paths)} paths"
        if self.edge_disjoint is not None:
            title += f", {self.edge_disjoint} share no road, {self.node_disjoint} no town"
        columns = ["source", "length_km", "time_h", "delay_h", "survival_prob", "state",
                   "detour_ratio", "overlap_share", "bottleneck", "reports"]  # fmt: skip
        return html(title, ("Paths, their roads in .legs (.paths)", self.paths[columns]), digits=2)


def supply_paths(  # noqa: PLR0913 (a question of its own, not a bag: each option changes the answer)
    day: Network,
    *,
    to: str,
    k: int = 5,
    baseline: Network | None = None,
    choose: Choose = "fastest",
    max_overlap: float = 1.0,
    trip: Trip = Trip(),  # noqa: B008 (frozen)
) -> SupplyPaths:
    """Paths on which the commodity can still reach a town, with time, survival and causes.

    A path leads from a source of the commodity (or an origin of the trip) over roads that
    pass on the day, without passing a town twice (with towns to pass: not between two of them).
    Directions count, and parallel roads are different paths. A path that would run through a
    second source is that source's path.

    Parameters
    ----------
    day
        The network on a day.
    to
        The town, in any spelling.
    k
        How many paths; all of them if there are fewer. Near-equal ones come on top.
    baseline
        The network to compare times with; the undisturbed `day` by default.
    choose
        "fastest": the `k` of least time, and those near-equal to the best (at most 20 more, each
        sharing at most 0.8 of its length with each better one); "safest": the `k` of highest
        survival, then least time; "pareto": all that no other path beats in both time and
        survival, whatever `k`; "edge_disjoint", "node_disjoint": a cheapest set, in sum of
        hours, of paths that share no road, or no town but their ends; as many as
        there are up to `k`.
    max_overlap
        A path is kept only if it shares at most this part of its length with each better one
        that is kept; 1 keeps all. For fastest and safest.
    trip
        Origins, towns to pass or avoid, roads accepted, waiting, empty return.

    Returns
    -------
    paths
        A `SupplyPaths`: one row a path, one a leg. Without any way the tables are empty; a town
        that is a source itself has one path of no length.

    Raises
    ------
    UnknownIdError
        There is no such town or road.
    RequestError
        The options contradict each other, `k` is below 1, or the timeline is of another case.

    Notes
    -----
    Times are compared in steps of 1e-9 h. "safest" compares minus the logarithm of survival in
    steps of a millionth a road, then hours in steps of a thousandth a road.
    Equal paths come in an order that depends on ids only. With a timeline a truck starts at the
    beginning of the day and enters each road when that arrives earliest, now or at the beginning of
    a later day; the state of a road at entry holds for its whole length. No road is entered
    after the last day.

    References
    ----------
    .. [1] Yen, J. Y. (1971). Finding the k shortest loopless paths in a network. Management
       Science 17(11).
    .. [2] Lawler, E. L. (1972). A procedure for computing the k best solutions to discrete
       optimization problems. Management Science 18(7).
    .. [3] Chondrogiannis, T., Bouros, P., Gamper, J., Leser, U., Blumenthal, D. B. (2020). Finding
       k-shortest paths with limited overlap. VLDB Journal 29.
    .. [4] Suurballe, J. W. (1974). Disjoint paths in a network. Networks 4(2).
    .. [5] Hansen, P. (1980). Bicriterion path problems. LNEMS 177.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-13")
    >>> found = sr.supply_paths(day, to="east", k=2)
    >>> found.paths["time_h"].round(2).tolist()
    [6.09, 8.75]
    >>> sr.supply_paths(day, to="east", choose="edge_disjoint").edge_disjoint
    2
    """
    _check(k, choose, max_overlap, trip)
    before = day.undisturbed() if baseline is None else baseline
    before = before.asking(day.commodity, at=before.at, state=before.state)
    if before.topology.arc_key() != day.topology.arc_key():
        raise RequestError("day and baseline are not the same network")
    near_equal = day.assumptions["near_equal_ratio"].best
    book = Roadbook(day, to, trip)
    return _told(book, before, choose, _find(book, choose, Wanted(k, max_overlap, near_equal)))


def best_path(day: Network, *, to: str, baseline: Network, trip: Trip) -> SupplyPaths:
    """Return the fastest path of a trip alone, without those near-equal to it."""
    book = Roadbook(day, to, trip)
    before = baseline.asking(day.commodity, at=baseline.at, state=baseline.state)
    return _told(book, before, "fastest", pathsearch.fastest(book, Wanted(1, 1.0)))


def _told(book: Roadbook, before: Network, choose: Choose, found: Found) -> SupplyPaths:
    """Return paths with what is told of them."""
    import pandas as pd

    day = book.networks[0]
    legs = [legs_of(book, path) for path in found.paths]
    best_h = time_h(legs[0]) if choose == "fastest" and legs else _best_h(book)
    near_equal_h = best_h * (1 + day.assumptions["near_equal_ratio"].best)
    rows = PathTable(book, before, near_equal_h).rows(found.paths, legs)
    columns = [*PATH_COLUMNS, *(RETURN_COLUMNS if book.trip.empty_return else ())]
    ranks = pd.RangeIndex(1, len(rows) + 1, name="rank")
    return SupplyPaths(
        at=day.at,
        commodity=day.commodity,
        to=day.topology.node_ids[book.course.to],
        choose=choose,
        paths=pd.DataFrame(rows, index=ranks, columns=columns),
        legs=_leg_frame(legs),
        complete=found.complete,
        near_equal_complete=found.near_equal_complete,
        edge_disjoint=pathsearch.count_disjoint(book, nodes=False),
        node_disjoint=pathsearch.count_disjoint(book, nodes=True),
        arcs=tuple(found.paths),
    )


def _leg_frame(legs: Sequence[Sequence[Leg]]) -> pd.DataFrame:
    """Return the legs of all paths as a table."""
    import pandas as pd

    places = [(rank, leg) for rank, path in enumerate(legs, 1) for leg in range(1, len(path) + 1)]
    index = pd.MultiIndex.from_tuples(places, names=["rank", "leg"]) if places else (
        pd.MultiIndex.from_arrays([[], []], names=["rank", "leg"])
    )  # fmt: skip
    rows = [leg_row(leg) for path in legs for leg in path]
    return pd.DataFrame(rows, index=index, columns=list(LEG_COLUMNS))


def _find(book: Roadbook, choose: Choose, wanted: Wanted) -> Found:
    """Return the paths chosen, and whether they were chosen among all."""
    if choose == "fastest":
        return pathsearch.fastest(book, wanted)
    if choose == "safest":
        return pathsearch.safest(book, Wanted(wanted.k, wanted.max_overlap))
    if choose == "pareto":
        return Found(pathsearch.unbeaten(book))
    return Found(pathsearch.disjoint(book, wanted.k, nodes=choose == "node_disjoint"))


def _best_h(book: Roadbook) -> float:
    """Return the hours of the fastest path of a trip; infinite if there is none."""
    best = pathsearch.fastest(book, Wanted(1, 1.0)).paths
    return time_h(legs_of(book, best[0])) if best else inf


def _check(k: int, choose: Choose, max_overlap: float, trip: Trip) -> None:
    """Refuse what cannot be asked, or not together."""
    if k < 1:
        raise RequestError(f"k={k}: ask for one path at least")
    if choose not in get_args(Choose):
        raise RequestError(f"no choice {choose!a}: {', '.join(get_args(Choose))}")
    if not 0 <= max_overlap <= 1:
        raise RequestError(f"max_overlap={max_overlap}: a share of the length, from 0 to 1")
    if choose not in IN_ORDER and (max_overlap < 1 or trip.via):
        raise RequestError("places to pass and max_overlap are for the fastest and safest paths")
    if choose != "fastest" and trip.days is not None:
        raise RequestError("waiting is for the fastest paths: the safest would wait for ever")
    if trip.empty_return and trip.days is not None:
        raise RequestError("the way back is of one day: ask for it without waiting")
