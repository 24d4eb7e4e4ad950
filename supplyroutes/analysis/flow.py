"""How much still arrives on a day, who goes short, and what holds it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.allocation import Allocation, Shares, check_allocation, shares_of
from supplyroutes.analysis.bottlenecks import bottlenecks
from supplyroutes.analysis.flow_audit import audit
from supplyroutes.analysis.flow_model import ROUNDING, FlowModel
from supplyroutes.analysis.flow_problem import Problem, problem_of, recorded_capacities
from supplyroutes.analysis.flow_sharing import shared
from supplyroutes.analysis.flow_tables import Solved, tables_of
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SupplyFlow:
    """What flows on a day; made by `supply_flow`. All amounts in m3 a day.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    allocation
        Who is served first when there is not enough.
    policy
        The policy of the table of priorities; None unless the allocation is "priority".
    nodes
        Index `node`: name, demand, delivered, unmet (m3_per_day), fill_rate (missing where
        nothing is used), on_network (whether loaded tankers reach the town at baseline).
    classes
        Index (`node`, `demand_class`): demand, delivered, unmet, fill_rate.
    edges
        Index (`edge`, `tail`, `head`): flow_m3_per_day (what enters), lost_m3_per_day,
        capacity_m3_per_day (infinite where nothing limits it), used_share of it, limited_by
        (border, road, usual, closed or nothing), time_h.
    sources
        Index `node`: name, limit, sent (m3_per_day), used_share.
    bottlenecks
        What holds the fuel back, the canonical minimum cut: kind (border, road, usual, closed,
        source), id (road or town), tail, head, capacity_m3_per_day, and saved_ratio: by how
        much more would arrive in all for each m3 of more capacity, this one alone.
    demand_m3_per_day, delivered_m3_per_day, unmet_m3_per_day
        Totals over the towns on the network.
    off_network_m3_per_day
        Demand of towns that no loaded tanker reaches at baseline; not part of the totals.
    most_m3_per_day
        The most that could arrive, whoever gets it: the same as delivered unless fuel is lost
        on the way and the policy serves towns far away.
    sent_m3_per_day, lost_m3_per_day
        What the sources send, and what is lost on the way.
    mean_time_h
        Truck time of what arrives, on average: hours of all trucks by m3 delivered.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> flow = sr.supply_flow(sr.disrupt(network, events, at="2025-01-12"))
    >>> round(flow.delivered_m3_per_day, 2), round(flow.unmet_m3_per_day, 2)
    (149.25, 120.75)
    >>> flow.bottlenecks[["kind", "id", "saved_ratio"]].values.tolist()
    [['closed', 'port--north', 1.0], ['usual', 'south--bridge', 0.95]]
    """

    at: date | None
    commodity: str
    allocation: str
    policy: str | None
    nodes: pd.DataFrame
    classes: pd.DataFrame
    edges: pd.DataFrame
    sources: pd.DataFrame
    bottlenecks: pd.DataFrame
    demand_m3_per_day: float
    delivered_m3_per_day: float
    unmet_m3_per_day: float
    off_network_m3_per_day: float
    most_m3_per_day: float
    sent_m3_per_day: float
    lost_m3_per_day: float
    mean_time_h: float
    assumed: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """Return the totals, the overall and the least fill rate.

        Returns
        -------
        values
            Amounts in m3 a day; fill_rate and least_fill_rate (over the towns on the network)
            are missing (nan) where nothing is used.
        """
        rates = self.nodes.loc[self.nodes["on_network"], "fill_rate"].dropna()
        demand = self.demand_m3_per_day
        return {
            "demand_m3_per_day": demand,
            "delivered_m3_per_day": self.delivered_m3_per_day,
            "unmet_m3_per_day": self.unmet_m3_per_day,
            "off_network_m3_per_day": self.off_network_m3_per_day,
            "lost_m3_per_day": self.lost_m3_per_day,
            "fill_rate": self.delivered_m3_per_day / demand if demand > 0 else nan,
            "least_fill_rate": float(rates.min()) if len(rates) else nan,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing and infinite numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows, towns without demand and arcs without
            flow left out.
        """
        from supplyroutes.analysis.plain import plain, records

        used = self.edges["flow_m3_per_day"] > 0
        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "allocation": self.allocation,
            "policy": self.policy,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "most_m3_per_day": plain(self.most_m3_per_day),
            "sent_m3_per_day": plain(self.sent_m3_per_day),
            "mean_time_h": plain(self.mean_time_h),
            "towns": records(self.nodes[self.nodes["demand_m3_per_day"] > 0]),
            "classes": records(self.classes),
            "edges": records(self.edges[used]),
            "sources": records(self.sources),
            "bottlenecks": records(self.bottlenecks.set_index("kind")),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return totals, towns that go short and bottlenecks as tables for notebooks."""
        from html import escape

        told = ", ".join(f"{key} {value:.6g}" for key, value in self.summary().items())
        head = f"{self.commodity}, {self.at}, {self.allocation}: {told}"
        short = self.nodes[self.nodes["unmet_m3_per_day"] > 0]
        tables = (short, self.sources, self.bottlenecks)
        parts = [
            str(table.to_html(escape=True, float_format="{:.2f}".format))
            for table in tables
            if len(table)
        ]
        return "".join([f"<p>{escape(head)}</p>", *parts])


def supply_flow(
    day: Network,
    *,
    allocation: Allocation = "max_min",
    policy: str = "essential",
    losses: bool = True,
    usual: SupplyFlow | None = None,
) -> SupplyFlow:
    r"""Fuel that the open roads can deliver on a day, in m3 a day, and who goes short.

    A steady day: sources send at most what they have, each arc a carries x_a of which
    (1 - loss_prob) x_a arrives, nothing is stored, no town receives more than it uses:

    .. math:: \sum_{a \to n} (1 - p_a) x_a + s_n = \sum_{n \to a} x_a + d_n, \quad
              0 \le x_a \le f_a u_a, \; 0 \le s_n \le S_n, \; 0 \le d_n \le D_n

    The capacity u of a road is the recorded one (border limit or road). Most roads have none:
    without restriction they carry whatever is sent, and a capacity factor f is a share of their
    usual fuel traffic, that of the undisturbed network, counted as `least_usual_m3_per_day` at
    least. Three stages, each exact: who receives how much (`allocation`), the least truck time
    for that, then near-equal routes share the traffic by logit without changing a delivery.

    Parameters
    ----------
    day
        The network on a day.
    allocation
        Who goes short when there is not enough. "max_min": the least fill rate is as high as it
        can be, then the next (equal shares; default). "priority": ranks of `policy` one after
        the other, max-min within each. "nearest": as much as possible in all, by the least
        truck time, so that towns far away go short.
    policy
        Which policy of the table of priorities: "essential" (services, power, transport, mines)
        or "capital_first". Read with "priority" only.
    losses
        Whether trucks are lost on the way with the day's loss probability; False for none.
    usual
        The flow of the undisturbed network, ``supply_flow(network)``, if it is at hand: it gives
        the usual traffic of roads. Else it is computed first.

    Returns
    -------
    flow
        Towns with delivered, unmet (m3 a day) and fill rate, arcs with flow, sources, and the
        bottlenecks with what one more m3 a day of each would save.

    Raises
    ------
    RequestError
        There is no such allocation, or `usual` is of another network.
    UnknownIdError
        There is no such policy.
    SolverError
        An optimum was not reached or not proved.

    Notes
    -----
    Isolated towns, no source and no demand are answers. Without losses every allocation
    delivers the same total, the maximum flow. Fill rates and totals are unique; among flows of
    equal truck time one is chosen by weights in the order of the ids. Every optimum is proved
    by its duals, and the flow is checked again by plain sums.

    References
    ----------
    .. [1] Ford, L. R., Fulkerson, D. R. (1956). Maximal flow through a network. Canad. J. Math. 8.
    .. [2] Megiddo, N. (1974). Optimal flows in networks with multiple sources and sinks. Math.
       Programming 7.
    .. [3] Ben-Akiva, M., Bierlaire, M. (1999). Discrete choice methods and their applications
       to short term travel decisions. Handbook of Transportation Science.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> flow = sr.supply_flow(sr.disrupt(network, events, at="2025-01-12"))
    >>> flow.nodes.loc[["north", "south", "east"], "fill_rate"].round(3).tolist()
    [0.475, 1.0, 0.475]
    """
    solver = FlowSolver(day, allocation=allocation, policy=policy, losses=losses, usual=usual)
    return solver.flow(day)


class FlowSolver:
    """Flows of one network on many days, by one linear program that stays alive.

    The first day is solved from nothing, each further one from the optimum of the one before.
    Its totals, fill rates and cuts are those of `supply_flow`, to rounding.

    Parameters
    ----------
    network
        The network, on any day.
    allocation, policy, losses, usual
        As for `supply_flow`.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.flow import FlowSolver
    >>> network, events = sr.datasets.toy()
    >>> solver = FlowSolver(network)
    >>> days = sr.timeline(network, events, start="2025-01-09", end="2025-01-12")
    >>> [round(solver.flow(day).delivered_m3_per_day) for _, day in days]
    [270, 270, 270, 149]
    """

    def __init__(
        self,
        network: Network,
        *,
        allocation: Allocation = "max_min",
        policy: str = "essential",
        losses: bool = True,
        usual: SupplyFlow | None = None,
    ) -> None:
        check_allocation(allocation)
        self.network, self.allocation, self.losses = network, allocation, losses
        self.policy = policy if allocation == "priority" else None
        self._usual = None if usual is None else _traffic(network, usual)
        self._made: tuple[FlowModel, Shares] | None = None

    def flow(self, day: Network) -> SupplyFlow:
        """Return the flow of a day.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        flow
            As `supply_flow` returns it.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        SolverError
            An optimum was not reached or not proved.
        """
        model, shares = self._day(day)
        most = model.most()
        cut = bottlenecks(model, most)
        best = model.fastest(self._rates(model, most.total))
        delivered = self._by_town(model, best.received)
        flow = shared(day, model.problem, best.flow, delivered)
        audit(model.problem, flow, delivered)
        return SupplyFlow(
            at=day.at,
            commodity=day.commodity,
            allocation=self.allocation,
            policy=self.policy,
            most_m3_per_day=most.total,
            **tables_of(day, Solved(model.problem, shares, flow, best.received, cut)),
        )

    def deliveries(self, day: Network) -> dict[str, float]:
        """Return only what each town receives on a day: quicker than `flow`, and the same.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        delivered
            m3 a day by town; towns without demand, or off the network, are left out.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        SolverError
            An optimum was not reached or not proved.
        """
        model, _ = self._day(day)
        rates = self._rates(model, model.most().total)
        if rates is None:
            received = model.fastest(None).received
        else:
            received = [rate * item.amount for rate, item in zip(rates, model.items, strict=True)]
        ids = day.topology.node_ids
        return {ids[node]: amount for node, amount in self._by_town(model, received).items()}

    def problem(self, day: Network) -> Problem:
        """Return a day as numbers: arcs with capacity, sources with limits, towns with demand.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        problem
            The day.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        """
        _assert_same(self.network, day)
        return problem_of(day, self._usual_traffic(day), losses=self.losses)

    def _day(self, day: Network) -> tuple[FlowModel, Shares]:
        """Put a day into the linear program."""
        problem = self.problem(day)
        if self._made is None:
            shares = shares_of(day, problem, self.policy)
            self._made = FlowModel(problem, shares.items), shares
        else:
            self._made[0].change(problem)
        return self._made

    @staticmethod
    def _by_town(model: FlowModel, received: Sequence[float]) -> dict[int, float]:
        """Return what each town receives over its items."""
        delivered: dict[int, float] = {}
        for item, amount in zip(model.items, received, strict=True):
            delivered[item.node] = delivered.get(item.node, 0.0) + amount
        return delivered

    def _rates(self, model: FlowModel, most: float) -> Sequence[float] | None:
        """Return the fairest fill rates; all 1 if there is enough for all; None for "nearest"."""
        if self.allocation == "nearest":
            return None
        wanted = fsum(item.amount for item in model.items)
        return [1.0] * len(model.items) if most >= wanted * (1 - ROUNDING) else model.shares()

    def _usual_traffic(self, day: Network) -> dict[int, float] | None:
        """Return the usual fuel traffic of each road; None if no road needs it on the day."""
        recorded = recorded_capacities(day)
        thinned = any(
            0 < factor < 1 and arc // 2 not in recorded
            for arc, factor in enumerate(day.state.capacity_factor)
        )
        if thinned and self._usual is None:
            calm = self.network.undisturbed()
            self._usual = _traffic(calm, supply_flow(calm))
        return self._usual


def _assert_same(network: Network, day: Network) -> None:
    """Refuse a day that the linear program of a network does not fit."""
    views = [(one.commodity, one.view.season, one.view.tracks) for one in (network, day)]
    if views[0] != views[1] or network.topology.arc_key() != day.topology.arc_key():
        raise RequestError("the day is not of this network, commodity, season and tracks")


def _traffic(network: Network, usual: SupplyFlow) -> dict[int, float]:
    """Return the usual fuel traffic of each road in m3 a day, both directions together.

    It is the flow in the undisturbed network where all share equally, whatever is asked now, so
    that the same roads have the same capacity under every allocation.
    """
    if usual.at is not None or usual.commodity != network.commodity:
        raise RequestError("usual is the flow of the undisturbed network, for the same commodity")
    totals = usual.edges["flow_m3_per_day"].groupby(level="edge").sum()
    index = network.topology.edge_index
    if set(totals.index) != set(index):
        raise RequestError("usual is not a flow of this network")
    return {index[str(edge)]: float(amount) for edge, amount in totals.items() if amount > 0}
