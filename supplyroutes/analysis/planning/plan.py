"""Which deliveries over the coming days leave people without fuel for the fewest days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.planning.choices import Transit, Weigh
from supplyroutes.analysis.planning.horizon import Horizon, Question, horizons_of
from supplyroutes.analysis.planning.plan_audit import audit
from supplyroutes.analysis.planning.plan_model import PlanModel
from supplyroutes.analysis.planning.plan_prices import prices_of
from supplyroutes.analysis.planning.plan_routes import routes_of
from supplyroutes.analysis.planning.plan_tables import (
    ROUNDING_M3,
    Life,
    Planned,
    lives_of,
    tables_of,
)
from supplyroutes.disruption import Timeline

if TYPE_CHECKING:
    import pandas as pd

UNITS = {"people": "person-days", "towns": "town-days", "m3": "m3"}


@dataclass(frozen=True)
class Plan:
    """Deliveries over the coming days; made by `plan`.

    Attributes
    ----------
    dates
        The days.
    commodity
        The commodity asked for.
    weigh, policy, transit, losses
        What counts, who comes first, and how fuel travels: as asked.
    towns
        Index `node`: name, on_network, population, use_m3_per_day, stock_m3 (at the start),
        storage_m3, days_of_supply (stock / use), lag_days (days on the way), arriving_m3 (under
        way at the start), planned_m3 (arrives by the plan), unmet_m3, days_dry (sum of unmet /
        use), days_to_dry (from the start to the first lack, with the part of the day; missing if
        nothing is short), dry_on, end_stock_m3.
    classes
        Index (`node`, `demand_class`): use_m3_per_day, served_m3, unmet_m3, days_dry,
        days_to_dry, dry_on.
    daily
        Index (`date`, `node`): arrived_m3, used_m3, unmet_m3, stock_m3 (in the evening).
    deliveries
        Index (`sent_from`, `node`): sent_until, name, arrives_from, arrives_until, m3_per_day
        (what arrives), m3.
    sources
        Index (`sent_from`, `node`): sent_until, name, limit_m3_per_day, sent_m3_per_day.
    roads
        Index (`sent_from`, `edge`, `tail`, `head`): sent_until, days, flow_m3_per_day (what
        enters), lost_m3_per_day, capacity_m3_per_day; roads in use only.
    binding
        Limits that hold the plan back: kind (border, road, usual, closed, source, on the days on
        which it is least), id, tail,
        head, least_limit_m3_per_day and binding_days (days on which they do), and saved: by how
        much `least_value` falls if 1 m3 a day more could pass there, this one alone, on all days
        on which it is limited.
    unit
        Unit of the values: person-days, town-days or m3.
    value
        Days dry of all towns, weighted, under the plan.
    least_value
        The least that any deliveries could reach without regard to the ranks of the policy:
        proved by duals. What the value lies above it is the price of the policy.
    demand_m3, planned_m3, unmet_m3, lost_m3
        Totals over the days and the towns on the network.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-19")
    >>> found = sr.plan(days, stock_m3={"East": 300})
    >>> found.towns.loc["east", ["stock_m3", "lag_days", "days_dry"]].tolist()
    [300.0, 1.0, 0.0]
    """

    dates: tuple[date, ...]
    commodity: str
    weigh: str
    policy: str | None
    transit: str
    losses: bool
    towns: pd.DataFrame
    classes: pd.DataFrame
    daily: pd.DataFrame
    deliveries: pd.DataFrame
    sources: pd.DataFrame
    roads: pd.DataFrame
    binding: pd.DataFrame
    unit: str
    value: float
    least_value: float
    demand_m3: float
    planned_m3: float
    unmet_m3: float
    lost_m3: float
    assumed: pd.DataFrame

    def summary(self) -> dict[str, float]:
        """Return the totals.

        Returns
        -------
        values
            Days, values in `unit`, amounts in m3, and how many towns on the network go short.
        """
        inside = self.towns[self.towns["on_network"]]
        return {
            "days": len(self.dates),
            "value": self.value,
            "least_value": self.least_value,
            "demand_m3": self.demand_m3,
            "planned_m3": self.planned_m3,
            "unmet_m3": self.unmet_m3,
            "lost_m3": self.lost_m3,
            "towns_short": int((inside["days_dry"] > 0).sum()),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing and infinite numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows, without the table `daily`.
        """
        from supplyroutes.analysis.plain import plain, records

        tables = ("towns", "classes", "deliveries", "sources", "roads", "assumed")
        return {
            "start": self.dates[0].isoformat(),
            "end": self.dates[-1].isoformat(),
            "commodity": self.commodity,
            "weigh": self.weigh,
            "policy": self.policy,
            "transit": self.transit,
            "losses": self.losses,
            "unit": self.unit,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            **{name: records(getattr(self, name)) for name in tables},
            "binding": records(self.binding.set_index("kind")),
        }

    def _repr_html_(self) -> str:
        """Return totals, towns that go short, deliveries and limits as tables for notebooks."""
        from supplyroutes.displays import html, listed

        span = f"{self.commodity}, {self.dates[0]} to {self.dates[-1]}"
        columns = ["name", "population", "use_m3_per_day", "stock_m3", "planned_m3", "unmet_m3",
                   "days_dry", "dry_on"]  # fmt: skip
        inside = self.towns[self.towns["on_network"]]
        short = inside.loc[inside["days_dry"] > 0, columns]
        tables = (
            ("Towns on the network that go short (.towns)", short),
            ("What to send when (.deliveries)", self.deliveries),
            ("Limits that bind, and what one m3 a day more would save (.binding)", self.binding),
        )
        return html(
            f"{span}, {self.unit}: {listed(self.summary())}",
            *((caption, table) for caption, table in tables if len(table)),
        )


def plan(
    days: Timeline,
    *,
    weigh: Weigh = "people",
    policy: str | None = "essential",
    stock_m3: Mapping[str, float] | None = None,
    losses: bool = True,
    transit: Transit = "usual",
) -> Plan:
    r"""Deliveries over the coming days that leave the fewest days dry, proved.

    A multi-period linear program: on every day t the flow of `supply_flow` (limits of sources and
    roads, losses), and in every town n a tank:

    .. math:: I_n(t) = I_n(t-1) + y_n(t - \tau_n) - \sum_c (d_{nc} - z_{nc}(t)), \quad
              0 \le I_n \le K_n, \; 0 \le z_{nc} \le d_{nc}

    Minimised is what is short, z, rank after rank of the policy (the first rank as little as
    possible, then the second for that, and so on), each weighted by people or towns over the use
    of the town, so that a sum of z is days dry; then the truck time. It knows all days in advance:
    no plan made day by day can do better by the same measure, and none need do as well.

    Parameters
    ----------
    days
        The coming days, from `timeline`. The first day's morning finds the stocks given.
    weigh
        What is counted: "people" (person-days without fuel; default), "towns" (town-days, so
        that each town counts the same) or "m3".
    policy
        Ranks of classes and places, a policy of the table of priorities; None if all classes
        of a town fare alike.
    stock_m3
        Own stocks at the start by town; they stand instead of those of the table of stocks.
    losses
        Whether trucks are lost on the way with the day's loss probability.
    transit
        How fuel travels. "usual" (default): it arrives after the truck time from the nearest
        source, in whole days, and at the start as much is under way as on a normal day.
        "empty": the same with nothing under way. "instant": it arrives on the day it is sent.

    Returns
    -------
    found
        Deliveries by town and days, how each town lives from them, use of sources and roads,
        and the limits that hold the plan back with what one more m3 a day there would save.

    Raises
    ------
    RequestError
        There is no such weight or transit, or a stock is not a number from 0 up.
    UnknownIdError
        There is no such policy or town.
    SolverError
        An optimum was not reached or not proved.

    Notes
    -----
    Days with the same roads are planned as one step, which is exact (docs/plan.md). A town's days
    on the way are constant: those of the nearest source on the first day's roads, or on
    undisturbed ones if none is open; roads are checked on the day of sending. Fuel left at the end
    has no value, so a plan empties the tanks towards its end: plan for longer than you ask about.
    Among plans of the same days dry and truck time one is chosen by the order of the ids.

    References
    ----------
    .. [1] Ford, L. R., Fulkerson, D. R. (1958). Constructing maximal dynamic flows from static
       flows. Operations Research 6.
    .. [2] Ahuja, R. K., Magnanti, T. L., Orlin, J. B. (1993). Network Flows. Prentice Hall.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-19")
    >>> found = sr.plan(days, transit="instant")
    >>> found.towns.loc[["east", "north", "south"], "days_dry"].round(3).tolist()
    [0.667, 0.015, 0.0]
    >>> round(found.value), found.unit
    (67117, 'person-days')
    """
    question = Question(weigh, policy, stock_m3, losses, transit)
    horizons = horizons_of(days, question)
    least, planned, lives = _planned(horizons[0])
    return Plan(
        dates=days.dates,
        commodity=days.commodity,
        weigh=weigh,
        policy=policy,
        transit=transit,
        losses=losses,
        unit=UNITS[weigh],
        value=fsum(_short_by_weight(horizons[0], lives)),
        least_value=least,
        **tables_of(days, horizons, planned),
    )


def _planned(horizon: Horizon) -> tuple[float, Planned, list[Life]]:
    """Return the least that can be short by weight, the plan, and how each town lives by it."""
    segments = tuple(horizon.segments())
    sent: list[dict[int, float]] = [{} for _ in segments]
    if not horizon.towns:
        return 0.0, Planned(segments, sent, routes_of(segments, sent), ()), []
    model = PlanModel(horizon)
    least, prices = prices_of(model)
    answer = model.best()
    for flow in model.block.sent:
        segment = segments[flow.segment]
        amount = float(answer.columns[flow.column]) * model.unit / (segment.end - segment.start)
        if amount > ROUNDING_M3:
            sent[flow.segment][horizon.towns[flow.place].node] = amount
    planned = Planned(segments, sent, routes_of(segments, sent), prices)
    lives = lives_of(horizon, planned, on_network=True)
    audit(horizon, lives, model.short(answer))
    return least, planned, lives


def _short_by_weight(horizon: Horizon, lives: Sequence[Life]) -> list[float]:
    """Return what each item is short of, by weight."""
    return [
        horizon.items[number].weight * fsum(horizon.items[number].use - amount for amount in used)
        for life in lives
        for number, used in life.used.items()
    ]
