"""When each town runs dry: stocks, use, deliveries and trucks under way, day by day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.allocation import check_allocation
from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.stores.conduct import Conduct, check_conduct
from supplyroutes.analysis.stores.dispatch import Dispatch
from supplyroutes.analysis.stores.stock_run import Habits, simulate
from supplyroutes.analysis.stores.stock_tables import Ran, daily_classes, tables_of
from supplyroutes.analysis.stores.stock_towns import towns_of
from supplyroutes.analysis.trucks.convoys import escorted_only
from supplyroutes.analysis.trucks.deterrence import deterred
from supplyroutes.analysis.trucks.fleet import Fleet, FleetDispatch, fleet_table
from supplyroutes.disruption import Timeline

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class StockLevels:
    """Stocks day by day; made by `stock_levels`. All amounts in m3.

    Attributes
    ----------
    dates
        The days.
    commodity
        The commodity asked for.
    allocation, policy
        Who is served first, between towns and within a town; the policy is None unless the
        allocation is "priority".
    conduct
        What trucks do before a closed road: "wait" or "turn_back".
    towns
        Index `node`: name, on_network (whether loaded tankers reach the town at baseline),
        population, use_m3_per_day, stock_m3 (at the start), storage_m3, days_of_supply (stock by
        use, without any delivery), days_to_dry (days from the start until something is missing,
        with the part of that day that was served; missing if nothing is within the span), dry_on
        (that day), days_dry (sum of what is missing by use), time_to_recover_days (from that day
        to the first from which on all is served; missing if never dry or not recovered),
        resilience_loss_days (as days_dry, but each class of the town counts alike).
    classes
        Index (`node`, `demand_class`): use_m3_per_day, served_m3, unmet_m3, days_to_dry, dry_on,
        days_dry.
    daily
        Index (`date`, `node`): stock_m3 in the evening, arrived_m3, used_m3, unmet_m3,
        under_way_m3 (bound for the town, what waits at its gate included).
    balance
        Index `date`: sent_m3, arrived_m3, lost_m3, returned_m3, under_way_m3 (in the evening, also
        on the way home), stock_m3, used_m3, unmet_m3, over the towns on the network.
    fleet
        Index `date`: idle, loaded and empty tankers in the evening, and those lost on the day; None
        without a fleet.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.
    ran
        The numbers behind the tables, as arrays.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-08", end="2025-01-20")
    >>> stocks = sr.stock_levels(days, stock_m3={"East": 90})
    >>> stocks.towns.loc["east", ["days_of_supply", "days_to_dry"]].astype(float).round(2).tolist()
    [0.5, 4.5]
    """

    dates: tuple[date, ...]
    commodity: str
    allocation: str
    policy: str | None
    conduct: str
    towns: pd.DataFrame
    classes: pd.DataFrame
    daily: pd.DataFrame
    balance: pd.DataFrame
    fleet: pd.DataFrame | None
    assumed: pd.DataFrame
    ran: Ran = field(repr=False, compare=False)

    def daily_classes(self) -> pd.DataFrame:
        """Return what each class of each town uses and misses on each day.

        Returns
        -------
        frame
            Index (`date`, `node`, `demand_class`): used_m3, unmet_m3.
        """
        return daily_classes(self.ran)

    def summary(self) -> dict[str, Any]:
        """Return how many towns run dry, the first of them, and the totals over all days.

        Returns
        -------
        values
            towns and towns_dry (that use the commodity and are on the network), first_dry (id, None
            if there is none), first_dry_on, unmet_m3 (in these towns), sent_m3, arrived_m3,
            lost_m3, returned_m3; under_way_before_m3 (at the start); under_way_m3 and stock_m3 on
            the last evening.
        """
        inside = self.towns[self.towns["on_network"] & (self.towns["use_m3_per_day"] > 0)]
        order = inside["days_to_dry"].dropna().sort_values(kind="stable")
        first = str(order.index[0]) if len(order) else None
        unmet = self.classes["unmet_m3"].groupby(level="node").sum()
        sums = self.balance[["sent_m3", "arrived_m3", "lost_m3", "returned_m3"]].sum()
        return {
            "towns": len(inside),
            "towns_dry": len(order),
            "first_dry": first,
            "first_dry_on": None if first is None else inside.loc[first, "dry_on"],
            "unmet_m3": float(unmet.reindex(inside.index).sum()),
            **{str(name): float(amount) for name, amount in sums.items()},
            "under_way_before_m3": self.ran.run.before,
            "under_way_m3": float(self.balance["under_way_m3"].iloc[-1]),
            "stock_m3": float(self.balance["stock_m3"].iloc[-1]),
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
            "start": self.dates[0].isoformat(),
            "end": self.dates[-1].isoformat(),
            "commodity": self.commodity,
            "allocation": self.allocation,
            "policy": self.policy,
            "conduct": self.conduct,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "towns": records(self.towns),
            "classes": records(self.classes),
            "balance": records(self.balance),
            "daily": records(self.daily),
            "fleet": None if self.fleet is None else records(self.fleet),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return totals and the towns that run dry as tables for notebooks."""
        from supplyroutes.displays import html, listed

        columns = ["name", "population", "use_m3_per_day", "stock_m3", "days_of_supply",
                   "days_to_dry", "dry_on", "days_dry"]  # fmt: skip
        dry = self.towns.loc[self.towns["days_dry"] > 0, columns]
        dry = dry.sort_values("days_to_dry", kind="stable")
        span = f"{self.commodity}, {self.dates[0]} to {self.dates[-1]}, {self.allocation}"
        return html(
            f"{span}: {listed(self.summary())}", ("Towns that run dry, in order (.towns)", dry)
        )


def stock_levels(
    days: Timeline,
    *,
    allocation: Allocation = "max_min",
    policy: str = "essential",
    stock_m3: Mapping[str, float] | None = None,
    conduct: Conduct = "wait",
    fleet: Fleet | None = None,
) -> StockLevels:
    r"""Stock of every town on every day, and when it runs dry.

    Each day: towns order; sources send what the roads of that day let through, shared out as by
    `supply_flow`; all trucks drive; what arrives is unloaded; towns use fuel. For the stock I
    of a town, its arrivals A, its use d by class and what is served of it:

    .. math:: I_t = I_{t-1} + A_t - \sum_c s_{ct}, \quad 0 \le s_{ct} \le d_c, \quad
              0 \le I_t \le V

    A town orders its daily use; below its usual stock (`stocks.csv`, best estimate) up to
    `catch_up_ratio` times as much, never more than its tanks V take. Trucks drive `driving_day_h`
    hours a day and lose the day's share on each road that they enter. They never enter a closed
    road. The first day begins with the usual stocks, and with that under way which would be if
    nothing had ever been blocked.

    Parameters
    ----------
    days
        The days.
    allocation
        Who goes short when sources and roads cannot serve all orders, as for `supply_flow`.
        "priority" rations within a town too: lower ranks leave what the higher ones use in
        `reserve_days`; under the others all classes of a town share alike.
    policy
        Which policy of the table of priorities; read with "priority" only.
    stock_m3
        Own stocks at the start by town, in any spelling, in m3, all its tanks together; the tanks
        are taken to hold them. What is not named is as in the table.
    conduct
        What trucks do before a closed road: "wait" in the last town until it opens, or "turn_back"
        after waiting `turn_back_days`: home by an open way, with their fuel.
    fleet
        Tankers, convoys and drivers; None: trucks without limit, and nobody is afraid.

    Returns
    -------
    stocks
        Towns with days of supply and days to dry, classes, every day, and the balance.

    Raises
    ------
    UnknownIdError
        A town or the policy is not there.
    RequestError
        There is no such allocation or conduct, or a stock is not a number from 0 up.
    SolverError
        The flow of a day was not found or not proved.

    Notes
    -----
    Sent = arrived + lost + returned + change of what is under way, on every day. Towns that no
    loaded tanker reaches at baseline are told apart: their stock falls and nothing arrives, in
    this model. A town without a row in the stocks table lives from hand to mouth: no stock, no
    tanks. It is a scenario and not a forecast: trucks that stay away, convoys and hoarding are not
    in it.

    References
    ----------
    .. [1] Ford, L. R., Fulkerson, D. R. (1958). Constructing maximal dynamic flows from static
       flows. Operations Research 6(3).
    .. [2] Bruneau, M. et al. (2003). A framework to quantitatively assess and enhance the seismic
       resilience of communities. Earthquake Spectra 19(4).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> days = sr.timeline(network, events, start="2025-09-01", end="2025-09-30")
    >>> stocks = sr.stock_levels(days)
    >>> str(stocks.towns.loc["mopti", "dry_on"])
    '2025-09-16'
    """
    check_allocation(allocation)
    check_conduct(conduct)
    calm = days[days.dates[0]].undisturbed()
    used_policy = policy if allocation == "priority" else None
    towns = towns_of(calm, used_policy, stock_m3)
    assumed = calm.assumptions
    habits = Habits(
        catch_up_ratio=assumed["catch_up_ratio"].best,
        reserve_days=assumed["reserve_days"].best,
        turn_back_days=assumed["turn_back_days"].best if conduct == "turn_back" else None,
    )
    dispatch = Dispatch(calm, allocation=allocation, policy=policy)
    tankers = None if fleet is None else FleetDispatch(dispatch, calm, fleet)
    if fleet is not None and fleet.convoys:
        days = escorted_only(days, fleet.convoys)
    if fleet is not None and fleet.deterrence is not None:
        days = deterred(days, fleet.deterrence)
    run = simulate(days, towns, tankers or dispatch, habits)
    ran = Ran(calm, days.dates, towns, run)
    return StockLevels(
        dates=days.dates,
        commodity=days.commodity,
        allocation=allocation,
        policy=used_policy,
        conduct=conduct,
        fleet=None if tankers is None else fleet_table(days.dates, tankers.days),
        ran=ran,
        **tables_of(ran),
    )
