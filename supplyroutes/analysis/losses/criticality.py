"""Which road, town, terminal or corridor matters most: each removed alone, and every pair."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import comb, fsum, nan
from typing import TYPE_CHECKING, Any, Literal

from supplyroutes.analysis.losses.betweenness import betweenness
from supplyroutes.analysis.losses.choices import Kind, Ranking
from supplyroutes.analysis.losses.criticality_tables import (
    Joined,
    Single,
    assumed_table,
    cost_columns,
    item_table,
    pair_table,
    town_table,
)
from supplyroutes.analysis.losses.removal_flow import FlowLosses
from supplyroutes.analysis.losses.removal_times import Progress, pair_costs, single_costs
from supplyroutes.analysis.losses.removals import Removals, SupplyTree, removals_of
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

RANKED_BY: Mapping[str, str] = {
    "travel_time": "added_m3_h_per_day",
    "importance": "added_time_h",
    "isolation": "cut_m3_per_day",
    "unsatisfied": "cut_share",
    "unmet_demand": "unmet_m3_per_day",
    "network_robustness_index": "nri_m3_h_per_day",
    "capacity_robustness_index": "nri_m3_h_per_day",
    "betweenness": "betweenness_m3_per_day",
}
"""The column that each measure ranks by."""
OF_PAIRS = ("travel_time", "importance", "isolation", "unsatisfied", "unmet_demand")
"""Measures that pairs can be ranked by."""
OF_FLOW = ("unmet_demand", "network_robustness_index", "capacity_robustness_index")
"""Measures that need the flow of the day."""
PAIR = 2
MOST_PAIRS = 5_000_000
"""Pairs that a table can hold."""


@dataclass(frozen=True)
class Criticality:
    """What removals cost on a day; made by `criticality`.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    of
        What is removed: roads, towns, terminals or corridors.
    measure
        What ranks them.
    ranked_by
        The column of `items` that holds the measure.
    items
        Index `edge`, `node` or `corridor`: everything that can be removed, what costs most first
        (then by demand and people cut off, then by id). Columns name; of the towns still
        joined added_m3_h_per_day (demand x hours later, summed) and added_time_h (by how much
        later their demand is reached on average: importance); of those cut off
        cut_m3_per_day, cut_share (of the demand joined on the day: unsatisfied),
        cut_people and cut_towns; betweenness_m3_per_day (missing for corridors); and, for
        measures of flow, unmet_m3_per_day or nri_m3_h_per_day.
    pairs
        Index `first`, `second`: with ``order=2`` every pair that costs anything, the costliest
        first; columns as in `items`, and synergy (the pair's measure less that of both
        alone) and cut_synergy_m3_per_day. None with ``order=1``.
    towns
        Index `node`: exposure of the towns that are reached and use fuel or have people: name,
        population, demand_m3_per_day, travel_time_h, worst_added_time_h and `worst`, the thing
        that causes it (missing if none delays the town), mean_added_time_h over the things that
        leave it joined, and cut_off_by, how many cut it off. The most exposed first.
    demand_m3_per_day, people
        What is joined to a source on the day, and can be cut off.
    mean_time_h
        Time to the nearest source on the day, averaged over that demand.
    unmet_m3_per_day
        Unmet demand of the day itself; missing unless the measure is unmet_demand.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> rank = sr.criticality(network)
    >>> rank.items["added_m3_h_per_day"].head(2).round(1).to_dict()
    {'port--north': 559.0, 'bridge--east': 478.6}
    """

    at: date | None
    commodity: str
    of: str
    measure: str
    ranked_by: str
    items: pd.DataFrame
    pairs: pd.DataFrame | None
    towns: pd.DataFrame
    demand_m3_per_day: float
    people: int
    mean_time_h: float
    unmet_m3_per_day: float
    assumed: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return what costs most, and how many things cut towns off or cost anything.

        Returns
        -------
        values
            items: how many can be removed; costing and cutting: how many cost anything by the
            measure, and cut off a town; first and its value; demand and people joined.
        """
        column = self.items[self.ranked_by]
        costing = column > 0
        return {
            "items": len(self.items),
            "costing": int(costing.sum()),
            "cutting": int((self.items["cut_towns"] > 0).sum()),
            "first": str(self.items.index[0]) if costing.any() else None,
            self.ranked_by: float(column.iloc[0]) if len(column) else nan,
            "demand_m3_per_day": self.demand_m3_per_day,
            "people": self.people,
            "mean_time_h": self.mean_time_h,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows, pairs None unless they were asked for.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "of": self.of,
            "measure": self.measure,
            "sensitive": True,
            "ranked_by": self.ranked_by,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "unmet_m3_per_day": plain(self.unmet_m3_per_day),
            "items": records(self.items),
            "pairs": None if self.pairs is None else records(self.pairs),
            "towns": records(self.towns),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return what costs most, and the most exposed towns, as tables."""
        from supplyroutes.displays import asked, html

        tables = [(f"Lost alone, the worst first: {self.of} (.items)", self.items)]
        if self.pairs is not None:
            tables.append(("Lost in pairs (.pairs)", self.pairs))
        tables.append(("The most exposed towns (.towns)", self.towns))
        return html(f"{asked(self.commodity, self.at)}: {self.of} by {self.measure}", *tables)


def criticality(
    day: Network,
    *,
    measure: Ranking = "travel_time",
    order: Literal[1, 2] = 1,
    of: Kind = "roads",
    progress: Progress | None = None,
) -> Criticality:
    r"""Roads ranked by what it would cost to lose them on a day, alone or two at a time.

    Every road is removed in both directions, one after the other, from the network as it is on
    the day: closed roads stay closed. With c the time of a town n of demand d to its nearest
    source before and c' after the removal, over the towns J that are still joined and the
    towns K that are cut off:

    .. math:: \text{travel time} = \sum_J d_n (c'_n - c_n), \quad
              \text{importance} = \frac{\sum_J d_n (c'_n - c_n)}{\sum_J d_n}, \quad
              \text{isolation} = \sum_K d_n, \quad
              \text{unsatisfied} = \frac{\sum_K d_n}{\sum_{J \cup K} d_n}

    A town that is cut off has no time: it is counted in columns of its own, and never as a large
    number of hours. So a road that cuts off all it serves adds no time. Look at both.

    Parameters
    ----------
    day
        The network on a day.
    measure
        What ranks: "travel_time" (m3 h a day), "importance" (h, Jenelius et al.), "isolation"
        (m3 a day), "unsatisfied" (share, Jenelius et al.); "unmet_demand": how much less can
        arrive in all under the limits of sources, borders and roads (m3 a day);
        "network_robustness_index": by how much longer the truck time of what still arrives is (m3
        h a day), and "capacity_robustness_index", the same with the assumed share
        `robustness_cut_share` of the road's flow taken away in place of all; "betweenness": the
        demand whose best paths use it, nothing removed (m3 a day).
    order
        1 for each alone; 2 for every pair as well, with what a pair costs beyond its two parts.
    of
        What is removed: "roads"; "towns" (with all their roads, and as sources), "terminals"
        (sources that go out of service), "corridors" (with all their roads).
    progress
        Called with the number of removals done and of all, where these take their time: pairs,
        and measures of flow.

    Returns
    -------
    rank
        All that can be removed with every column of cost, pairs, and the exposure of towns.

    Raises
    ------
    RequestError
        No such measure, order or kind; pairs by a measure that has none, or too many of them;
        betweenness of corridors.
    SolverError
        An optimum of a flow was not reached or not proved.

    Notes
    -----
    Times are exact: what hangs on a removed road in the tree of best paths is searched anew, and
    nothing else can change. Which assignment the indices of robustness rest on: least truck time
    for the most that can arrive, with losses and without congestion; Scott et al. take a user
    equilibrium. They compare the same deliveries before and after.
    It is for protection: which road to guard, to escort, to repair first. The proof of a number
    is ``isolation(without(day, road), baseline=day)``.

    References
    ----------
    .. [1] Jenelius, E., Petersen, T., Mattsson, L.-G. (2006). Importance and exposure in road
       network vulnerability analysis. Transp. Res. A 40(7).
    .. [2] Scott, D. M., Novak, D. C., Aultman-Hall, L., Guo, F. (2006). Network Robustness Index.
       J. Transport Geography 14(3).
    .. [3] Sullivan, J. L., Novak, D. C., Aultman-Hall, L., Scott, D. M. (2010). Identifying
       critical road segments and measuring system-wide robustness in transportation networks
       with isolating links. Transp. Res. A 44(5).
    .. [4] Brandes, U. (2001). A faster algorithm for betweenness centrality. J. Math. Sociol. 25.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> rank = sr.criticality(network, measure="isolation", order=2)
    >>> rank.pairs.iloc[0][["cut_m3_per_day", "synergy"]].tolist()
    [270.0, 270.0]
    """
    things = _checked(day, measure, order, of)
    tree = SupplyTree(day)
    singles = single_costs(tree, things, roads=of == "roads")
    joined = Joined(tree)
    items = cost_columns(singles.costs, joined)
    items["betweenness_m3_per_day"] = _betweenness(tree, things, of)
    flow = FlowLosses(day, things) if measure in OF_FLOW else None
    by, unmet = RANKED_BY[measure], nan
    if flow is not None and measure == "unmet_demand":
        unmet, items[by] = flow.unmet(progress)
    elif flow is not None:
        items[by] = flow.robustness(_share_left(day, measure), progress)
    pairs = None
    if order == PAIR:
        costs = pair_costs(tree, things, progress)
        more = None if flow is None else flow.unmet_pairs(progress)
        pairs = pair_table(things, costs, more, joined, Single(by, items))
    return Criticality(
        at=day.at,
        commodity=day.commodity,
        of=of,
        measure=measure,
        ranked_by=by,
        items=item_table(day, things, of, by, items),
        pairs=pairs,
        towns=town_table(day, tree, singles.exposure, things),
        demand_m3_per_day=joined.demand,
        people=round(joined.people),
        mean_time_h=joined.mean_time_h,
        unmet_m3_per_day=unmet,
        assumed=assumed_table(day, measure),
    )


def _checked(day: Network, measure: str, order: int, of: Kind) -> Removals:
    """Return the things to remove; refuse what cannot be asked."""
    if measure not in RANKED_BY:
        raise RequestError(f"no measure {measure!a}: {', '.join(RANKED_BY)}")
    if order not in {1, 2}:
        raise RequestError(f"order {order!a}: 1 for each alone, 2 for every pair as well")
    if order == PAIR and measure not in OF_PAIRS:
        raise RequestError(f"{measure} ranks no pairs: {', '.join(OF_PAIRS)} do")
    if measure == "betweenness" and of == "corridors":
        raise RequestError("betweenness is of roads, towns and terminals: corridors share paths")
    things = removals_of(day, of)
    pairs = comb(len(things.ids), PAIR)
    if order == PAIR and pairs > MOST_PAIRS:
        raise RequestError(f"{pairs} pairs are too many for one table ({MOST_PAIRS})")
    return things


def _betweenness(tree: SupplyTree, things: Removals, of: str) -> list[float]:
    """Return the demand that best paths carry over each thing; missing for corridors."""
    if of == "corridors":
        return [nan] * len(things.ids)
    on_arc, at_node = betweenness(tree)
    if of == "roads":
        return [fsum(on_arc[arc] for arc in arcs) for arcs in things.arcs]
    if of == "terminals":
        return [fsum(on_arc[tree.arc_to(node)] for node in nodes) for nodes in things.sources]
    return [max(0.0, at_node[node] - tree.demand[node]) for node in _nodes(tree, things)]


def _nodes(tree: SupplyTree, things: Removals) -> list[int]:
    """Return the numbers of towns."""
    return [tree.number[name] for name in things.ids]


def _share_left(day: Network, measure: str) -> float:
    """Return the share of its flow that a thing keeps."""
    cut = day.assumptions["robustness_cut_share"].best
    return 1 - cut if measure == "capacity_robustness_index" else 0.0
