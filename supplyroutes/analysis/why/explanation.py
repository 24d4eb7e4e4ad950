"""Why a town is cut off or strained, what would relieve it, and what it hangs on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import isolation
from supplyroutes.analysis.why.blocks import Blocks
from supplyroutes.analysis.why.dependence import Ways
from supplyroutes.analysis.why.relief import Relief, relief, shares
from supplyroutes.core import STATUSES
from supplyroutes.dates import as_day
from supplyroutes.disruption import day_of, impacts_on
from supplyroutes.events import Events
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Explanation:
    """Why a town is in its state on a day; made by `explain`.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    town
        Id of the town.
    name
        Its name.
    state
        supplied, strained, isolated or not_on_network.
    path
        The roads of the best path that proves a supplied or strained state, in driving order.
    path_source, path_time_h
        Where that path begins, and its truck time in hours.
    cut
        The proof of a strained or isolated state: the fewest blocked directions of roads that
        every way to the town must cross. Columns edge, tail, head, status, capacity_factor,
        reports (all of these block it).
    cut_sources
        Sources out of service that belong to the cut.
    relief
        What would have to be lifted, by goal.
    shares
        Index `event`: the share of each report in the state (Shapley value, sums to 1), with
        share_low and share_high: equal to it if exact, else a 95 % interval.
    shares_exact
        Whether the shares are exact; else they are sampled.
    must_pass
        What the town cannot do without: kind (road or town), id, name, and `without_it`: the
        state that it would fall to.
    last_roads
        A smallest set of roads whose closure together would cut the town off.
    worsening
        Reports on the way whose worsening alone would change the state: event, state_after
        (if every road that it speaks of were closed) and roads (their number).
    reports
        Index `event`: the reports named above, as recorded.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> why = sr.explain(network, events, at="2025-01-12", to="East")
    >>> why.state, [relief.sets for relief in why.relief]
    ('strained', [(('T1',), ('T2',))])
    >>> why.shares["share"].to_dict()
    {'T1': 0.5, 'T2': 0.5}
    """

    at: date
    commodity: str
    town: str
    name: str
    state: str
    path: tuple[str, ...]
    path_source: str | None
    path_time_h: float
    cut: pd.DataFrame
    cut_sources: tuple[str, ...]
    relief: tuple[Relief, ...]
    shares: pd.DataFrame
    shares_exact: bool
    must_pass: pd.DataFrame
    last_roads: tuple[str, ...]
    worsening: pd.DataFrame
    reports: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the headline: the state, the size of the cut, and the fewest reports to lift.

        Returns
        -------
        values
            Keys town, state, cut (blocked directions and lost sources in the cut),
            last_roads (roads that would have to close to cut the town off) and lift (fewest
            reports by goal).
        """
        return {
            "town": self.town,
            "state": self.state,
            "cut": len(self.cut) + len(self.cut_sources),
            "last_roads": len(self.last_roads),
            "lift": {way.goal: way.size for way in self.relief},
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; tables as lists of rows, days as YYYY-MM-DD, missing as None.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": self.at.isoformat(),
            "commodity": self.commodity,
            "town": self.town,
            "name": self.name,
            "state": self.state,
            "path": list(self.path),
            "path_source": self.path_source,
            "path_time_h": plain(self.path_time_h),
            "cut": records(self.cut.set_index("edge")),
            "cut_sources": list(self.cut_sources),
            "relief": [
                {
                    "goal": way.goal,
                    "sets": plain(way.sets),
                    "size": way.size,
                    "complete": way.complete,
                }
                for way in self.relief
            ],
            "shares": records(self.shares),
            "shares_exact": self.shares_exact,
            "must_pass": records(self.must_pass.set_index("kind")),
            "last_roads": list(self.last_roads),
            "worsening": records(self.worsening),
            "reports": records(self.reports),
        }

    def _repr_html_(self) -> str:
        """Return the state, the cut and the reports as tables for notebooks."""
        from supplyroutes.displays import asked, html

        lines = [f"{self.name}: {self.state}, {asked(self.commodity, self.at)}"]
        if self.path_source is not None:
            lines.append(f"Best way: from {self.path_source}, {self.path_time_h:.1f} h")
        if self.last_roads:
            lines.append(f"Fewest roads that would cut it off: {', '.join(self.last_roads)}")
        for way in self.relief:
            told = "; ".join(" + ".join(found) for found in way.sets) or "none found"
            lines.append(f"Lift {way.size} to be {way.goal}: {told}")
        tables = (
            ("Every free way in crosses one of these (.cut)", self.cut),
            ("How much each report weighs (.shares)", self.shares),
            ("It cannot do without (.must_pass)", self.must_pass),
            ("Reports whose worsening would change its state (.worsening)", self.worsening),
        )
        return html(
            *lines, *((caption, table) for caption, table in tables if len(table)), digits=2
        )


def explain(
    network: Network,
    events: Events,
    *,
    at: str | date,
    to: str,
    commodity: str = "fuel",
    with_shares: bool = True,
) -> Explanation:
    """Why a town is isolated or strained, what would relieve it, and what it hangs on.

    For an isolated or strained town: the fewest blocked roads that every way in must cross,
    the reports behind each, the smallest sets of reports whose lifting would reconnect it or
    un-strain it, and the share of each report. For a town that is reached: its path, the roads
    and towns that it cannot do without, a smallest set of roads that would cut it off, and the
    reports whose worsening alone would change its state. A town that is not on the network
    has nothing to explain: no road for loaded tankers led to it before.

    Lifting a report means that its effects are gone from that day on, as if another report had
    ended it; it is not the same as if it had never been made (`Events.without`), which would
    bring back what it ended itself.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day.
    to
        The town, in any spelling.
    commodity
        Which commodity.
    with_shares
        Compute the share of each report too; takes longest.

    Returns
    -------
    why
        The explanation, with a proof beside each answer.

    Raises
    ------
    RequestError
        The day is not a date, or the network is disrupted already.
    UnknownIdError
        There is no such town, or no such commodity.
    DataError
        An event names a place that the network does not have.

    Notes
    -----
    A blocked road is open again when every impact that blocks it is lifted; an impact of a
    ban that another report shows enforced is lifted with either of the two. The smallest sets
    are found by best-first search, complete unless the result says otherwise. Shares are
    Shapley values of the game "these reports together keep the town in its state" [2]_, exact
    to 22 reports (fewer on networks of thousands of towns), above that the mean of 4,000
    sampled orders with a Wilson interval.

    References
    ----------
    .. [1] Ford, L. R., Fulkerson, D. R. (1956). Maximal flow through a network. Canad. J.
       Math. 8.
    .. [2] Shapley, L. S., Shubik, M. (1954). A method for evaluating the distribution of
       power in a committee system. Am. Polit. Sci. Rev. 48(3).
    .. [3] Lengauer, T., Tarjan, R. E. (1979). A fast algorithm for finding dominators in a
       flowgraph. ACM TOPLAS 1(1).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> why = sr.explain(network, events, at="2025-01-12", to="north")
    >>> why.cut[["edge", "reports"]].values.tolist()
    [['port--north', ('T1',)], ['south--bridge', ('T2',)]]
    >>> sr.explain(network, events, at="2025-01-09", to="north").must_pass.values.tolist()
    [['town', 'port', 'Port', 'isolated']]
    """
    when, node = as_day(at), network.find(to)
    impacts = impacts_on(network, events, commodity)
    day = day_of(network, impacts, when, commodity)
    base = network.asking(commodity, at=None, state=network.state)
    town = network.topology.node_index[node]
    proof = isolation(day, baseline=base, approaches=False)
    row = proof.towns.loc[[node]].to_dict("records")[0]
    state = row["state"]
    free, passable = (Blocks.of(base, impacts.on(when), free=free) for free in (True, False))
    shut = {"strained": free, "isolated": passable}.get(state)
    arcs, lost = (shut.cut(town) if shut else None) or ([], [])
    cut = _cut_frame(day, arcs)
    goals = {"strained": {"supplied": free}, "isolated": {"strained": passable, "supplied": free}}
    reliefs = tuple(relief(blocks, town, goal) for goal, blocks in goals.get(state, {}).items())
    weights, exact = shares(shut if with_shares else None, town)
    ways = Ways(day, town)
    worsening = ways.worsening()
    names, edges = network.topology.node_ids, network.topology.edge_ids
    told = {
        *(event for events_of in cut["reports"] for event in events_of),
        *(event for source in lost for event in day.state.node_reports[source]),
        *(event for found in reliefs for events_of in found.sets for event in events_of),
        *weights.index,
        *worsening.index,
    }
    return Explanation(
        at=when,
        commodity=commodity,
        town=node,
        name=network.name(node),
        state=state,
        path=proof.paths[node],
        path_source=row["path_source"] if isinstance(row["path_source"], str) else None,
        path_time_h=row["path_time_h"],
        cut=cut,
        cut_sources=tuple(names[source] for source in lost),
        relief=reliefs,
        shares=weights,
        shares_exact=exact,
        must_pass=ways.must_pass(),
        last_roads=tuple(sorted({edges[arc // 2] for arc in passable.last_roads(town)})),
        worsening=worsening,
        reports=events.reports.loc[sorted(told)],
    )


def _cut_frame(day: Network, arcs: Sequence[int]) -> pd.DataFrame:
    """Return the arcs of a cut with their state and reports."""
    import pandas as pd

    top, state = day.topology, day.state
    rows = [
        (
            top.edge_ids[arc // 2],
            top.node_ids[top.tail[arc]],
            top.node_ids[top.head[arc]],
            STATUSES[state.status[arc]],
            state.capacity_factor[arc],
            state.reports[arc],
        )
        for arc in arcs
    ]
    columns = ["edge", "tail", "head", "status", "capacity_factor", "reports"]
    return pd.DataFrame(rows, columns=columns)
