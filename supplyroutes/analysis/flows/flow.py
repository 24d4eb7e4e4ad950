"""How much still arrives on a day, who goes short, and what holds it back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum, inf, nan
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.allocation import (
    Shares,
    check_allocation,
    priorities_of,
    shares_of,
)
from supplyroutes.analysis.flows.bottlenecks import bottlenecks
from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.flows.flow_audit import audit
from supplyroutes.analysis.flows.flow_model import ROUNDING, FlowModel
from supplyroutes.analysis.flows.flow_problem import Problem, recorded_capacities
from supplyroutes.analysis.flows.flow_products import Days, Terms, Traffic, days_of, joint_problem
from supplyroutes.analysis.flows.flow_sharing import shared
from supplyroutes.analysis.flows.flow_tables import Solved, of_product, tables_of
from supplyroutes.analysis.flows.product_shares import product_shares
from supplyroutes.commodities import whole_of
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.schema import Table

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
        The commodity asked for; of several products the one that holds them all.
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
        (border, road, usual, closed or nothing), time_h. Of several products: all together.
    sources
        Index `node`: name, limit, sent (m3_per_day), used_share.
    bottlenecks
        What holds the fuel back, the canonical minimum cut: kind (border, road, usual, closed,
        source), id (road or town), tail, head, capacity_m3_per_day, and saved_ratio: by how
        much more would arrive in all for each m3 of more capacity, this one alone. With limits
        on sums it is a list of binding limits (see `docs/flow.md`): kind "fleet" has no
        capacity in m3 a day, and saves for each m3 of more tanks; of several products, `products`
        names those that the limit binds.
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
    tankers, tankers_in_use
        How many tankers there are (infinite: no limit), and how many this flow keeps on the road,
        there and empty back.
    products
        Index `product`, one row for one product: demand, delivered, unmet, fill_rate,
        off_network, sent, lost.
    product_classes
        Index (`node`, `demand_class`, `product`): demand, delivered, unmet, fill_rate.
    product_edges
        Index (`product`, `edge`, `tail`, `head`): as `edges`, for each product: its capacity is
        what it could have if the others had none.
    product_sources
        Index (`product`, `node`): as `sources`.
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
    tankers: float
    tankers_in_use: float
    products: pd.DataFrame
    product_classes: pd.DataFrame
    product_edges: pd.DataFrame
    product_sources: pd.DataFrame
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
            "tankers": plain(self.tankers),
            "tankers_in_use": plain(self.tankers_in_use),
            "products": records(self.products),
            "towns": records(self.nodes[self.nodes["demand_m3_per_day"] > 0]),
            "classes": records(self.classes),
            "edges": records(self.edges[used]),
            "sources": records(self.sources),
            "bottlenecks": records(self.bottlenecks.set_index("kind")),
            **self._each_product(),
            "assumed": records(self.assumed),
        }

    def _each_product(self) -> dict[str, Any]:
        """Return the tables of several products; for one they say what the others do."""
        from supplyroutes.analysis.plain import records

        if len(self.products) == 1:
            return {}
        used = self.product_edges["flow_m3_per_day"] > 0
        return {
            "product_classes": records(self.product_classes),
            "product_edges": records(self.product_edges[used]),
            "product_sources": records(self.product_sources),
        }

    def _repr_html_(self) -> str:
        """Return totals, towns that go short and bottlenecks as tables for notebooks."""
        from supplyroutes.analysis.plain import html

        told = ", ".join(f"{key} {value:.6g}" for key, value in self.summary().items())
        head = f"{self.commodity}, {self.at}, {self.allocation}: {told}"
        short = self.nodes[self.nodes["unmet_m3_per_day"] > 0]
        each = (self.products,) if len(self.products) > 1 else ()
        tables = (*each, short, self.sources, self.bottlenecks)
        return html(head, *(table for table in tables if len(table)), digits=2)


def supply_flow(  # noqa: PLR0913 (seven plain options: grouping them would hide two)
    day: Days,
    *,
    allocation: Allocation = "max_min",
    policy: str = "essential",
    priorities: str | Path | Table | None = None,
    losses: bool = True,
    tankers: float = inf,
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

    Several products share roads, sources, borders and trucks: what is recorded for all fuel binds
    their sum, what is recorded for one of them that one, and each has roads in the state of its
    own day. Demand recorded for all fuel is split by `product_shares.csv`, an assumption.

    Parameters
    ----------
    day
        The network on a day; for several products the day of each by its name, made by
        ``disrupt(..., commodity=...)``.
    allocation
        Who goes short when there is not enough. "max_min": the least fill rate is as high as it
        can be, then the next (equal shares; default). "priority": ranks of `policy` one after
        the other, max-min within each. "nearest": as much as possible in all, by the least
        truck time, so that towns far away go short.
    policy
        Which policy of the table of priorities: "essential" (services, power, transport, mines)
        or "capital_first". Read with "priority" only.
    priorities
        A table of priorities of one's own in place of the bundled one: a CSV file, or a table
        read already.
    losses
        Whether trucks are lost on the way with the day's loss probability; False for none.
    tankers
        How many tankers there are: what they carry in a day falls with the days that they need,
        there and empty back. No limit by default.
    usual
        The flow of the undisturbed network, ``supply_flow(network)``, for the same products, if
        it is at hand: it gives the usual traffic of roads. Else it is computed first.

    Returns
    -------
    flow
        Towns with delivered, unmet (m3 a day) and fill rate, arcs with flow, sources, and the
        bottlenecks with what one more m3 a day of each would save.

    Raises
    ------
    RequestError
        There is no such allocation, `usual` is of another network, the products hold one another
        or their days do not fit, or the number of tankers is none.
    DataError
        Everything that is wrong with the priorities.
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
    .. [4] Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows, ch. 17:
       multicommodity flows. Prentice Hall.
    .. [5] Little, J. D. C. (1961). A proof for the queuing formula L = lambda W. Oper. Res. 9.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> flow = sr.supply_flow(sr.disrupt(network, events, at="2025-01-12"))
    >>> flow.nodes.loc[["north", "south", "east"], "fill_rate"].round(3).tolist()
    [0.475, 1.0, 0.475]
    >>> days = {
    ...     product: sr.disrupt(network, events, at="2025-01-12", commodity=product)
    ...     for product in ("petrol", "diesel")
    ... }
    >>> sr.supply_flow(days).products["unmet_m3_per_day"].round(1).to_dict()
    {'petrol': 40.2, 'diesel': 80.6}
    """
    solver = FlowSolver(
        day, allocation=allocation, policy=policy, priorities=priorities, losses=losses,
        tankers=tankers, usual=usual,
    )  # fmt: skip
    return solver.flow(day)


class FlowSolver:
    """Flows of one network on many days, by one linear program that stays alive.

    The first day is solved from nothing, each further one from the optimum of the one before.
    Its totals, fill rates and cuts are those of `supply_flow`, to rounding.

    Parameters
    ----------
    network
        The network, on any day; for several products one of each.
    allocation, policy, priorities, losses, tankers, usual
        As for `supply_flow`.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.flows.flow import FlowSolver
    >>> network, events = sr.datasets.toy()
    >>> solver = FlowSolver(network)
    >>> days = sr.timeline(network, events, start="2025-01-09", end="2025-01-12")
    >>> [round(solver.flow(day).delivered_m3_per_day) for _, day in days]
    [270, 270, 270, 149]
    """

    def __init__(  # noqa: PLR0913 (as for `supply_flow`)
        self,
        network: Days,
        *,
        allocation: Allocation = "max_min",
        policy: str = "essential",
        priorities: str | Path | Table | None = None,
        losses: bool = True,
        tankers: float = inf,
        usual: SupplyFlow | None = None,
    ) -> None:
        check_allocation(allocation)
        self.networks = days_of(network)
        self.network = self.networks[0]
        self.allocation = allocation
        self.policy = policy if allocation == "priority" else None
        if priorities is not None and self.policy is None:
            raise RequestError("priorities are read with the allocation priority only")
        if not tankers >= 0:
            raise RequestError(f"{tankers} tankers: say how many there are")
        self._priorities = priorities_of(priorities)
        shares = None if isinstance(network, Network) else product_shares()
        self._terms = Terms(losses, tankers, shares)
        self._usual = None if usual is None else _traffic(self.networks, usual)
        self._made: tuple[FlowModel, Shares] | None = None

    def flow(self, day: Days) -> SupplyFlow:
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
        days = days_of(day)
        model, shares = self._day(days)
        most = model.most()
        cut = bottlenecks(model, most)
        best = model.fastest(self._rates(model, most.total))
        delivered = self.by_node(model, best.received)
        flow = shared(days, model.problem, best.flow, delivered)
        audit(model.problem, flow, delivered)
        return SupplyFlow(
            at=days[0].at,
            commodity=whole_of([one.commodity for one in days]),
            allocation=self.allocation,
            policy=self.policy,
            most_m3_per_day=most.total,
            tankers=self._terms.tankers,
            **tables_of(days, self._terms, Solved(model.problem, shares, flow, best.received, cut)),
        )

    def most(self, day: Days) -> float:
        """Return only the most that can arrive on a day, whoever gets it: quickest.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        most_m3_per_day
            As `supply_flow` tells it, in m3 a day.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        SolverError
            An optimum was not reached or not proved.
        """
        model, _ = self._day(days_of(day))
        return model.most().total

    def deliveries(self, day: Days) -> dict[str, float]:
        """Return only what each town receives on a day: quicker than `flow`, and the same.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        delivered
            m3 a day by town, of all products; towns without demand, or off the network, are left
            out.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        SolverError
            An optimum was not reached or not proved.
        """
        days = days_of(day)
        model, _ = self._day(days)
        rates = self._rates(model, model.most().total)
        if rates is None:
            received = model.fastest(None).received
        else:
            received = [rate * item.amount for rate, item in zip(rates, model.items, strict=True)]
        ids = days[0].topology.node_ids
        delivered: dict[str, float] = {}
        for node, amount in self.by_node(model, received).items():
            town = ids[node % model.problem.towns]
            delivered[town] = delivered.get(town, 0.0) + amount
        return delivered

    def model(self, day: Days) -> FlowModel:
        """Return the linear program of a day, alive: for what-ifs that change rooms.

        Parameters
        ----------
        day
            The network on a day.

        Returns
        -------
        model
            The program that this solver goes on to use.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        """
        return self._day(days_of(day))[0]

    def problem(self, *days: Network) -> Problem:
        """Return a day as numbers: arcs with capacity, sources with limits, towns with demand.

        Parameters
        ----------
        days
            The network on a day, for each product.

        Returns
        -------
        problem
            The day.

        Raises
        ------
        RequestError
            The day is not of the solver's network, commodity, season or tracks.
        """
        _assert_same(self.networks, days)
        return joint_problem(days, self._usual_traffic(days), self._terms)

    def _day(self, days: Sequence[Network]) -> tuple[FlowModel, Shares]:
        """Put a day into the linear program."""
        problem = self.problem(*days)
        if self._made is None:
            shares = shares_of(days[0], problem, self.policy, self._priorities)
            self._made = FlowModel(problem, shares.items), shares
        else:
            self._made[0].change(problem)
        return self._made

    @staticmethod
    def by_node(model: FlowModel, received: Sequence[float]) -> dict[int, float]:
        """Return what each town receives of each product over its items."""
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

    def _usual_traffic(self, days: Sequence[Network]) -> Sequence[Traffic] | None:
        """Return the usual traffic of each road by product; None if no road needs it on the day."""
        thinned = any(
            0 < factor < 1 and arc // 2 not in recorded
            for day in days
            for recorded in (recorded_capacities(day),)
            for arc, factor in enumerate(day.state.capacity_factor)
        )
        if thinned and self._usual is None:
            calm = tuple(network.undisturbed() for network in self.networks)
            whole = self._terms.shares is None
            asked = calm[0] if whole else {one.commodity: one for one in calm}
            self._usual = _traffic(calm, supply_flow(asked))
        return self._usual


def _assert_same(networks: Sequence[Network], days: Sequence[Network]) -> None:
    """Refuse days that the linear program of networks does not fit."""

    def views(given: Sequence[Network]) -> list[object]:
        return [(one.commodity, one.view.season, one.view.tracks) for one in given]

    if (
        views(networks) != views(days)
        or networks[0].topology.arc_key() != days[0].topology.arc_key()
    ):
        raise RequestError("the day is not of this network, commodity, season and tracks")


def _traffic(networks: Sequence[Network], usual: SupplyFlow) -> list[Traffic]:
    """Return the usual fuel traffic of each road in m3 a day, both directions, by product.

    It is the flow in the undisturbed network where all share equally, whatever is asked now, so
    that the same roads have the same capacity under every allocation.
    """
    names = [network.commodity for network in networks]
    if usual.at is not None or list(usual.products.index) != names:
        raise RequestError("usual is the flow of the undisturbed network, for the same commodity")
    index = networks[0].topology.edge_index
    found: list[Traffic] = []
    for name in names:
        flow = of_product(usual.product_edges, name)["flow_m3_per_day"]
        totals = flow.groupby(level="edge").sum()
        if set(totals.index) != set(index):
            raise RequestError("usual is not a flow of this network")
        found.append({index[str(edge)]: float(got) for edge, got in totals.items() if got > 0})
    return found
