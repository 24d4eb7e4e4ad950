"""In which order to lift blockades, or to reopen roads, so that supply comes back soonest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from supplyroutes.analysis.restoring.lift_search import search
from supplyroutes.analysis.restoring.lifts import Wish
from supplyroutes.analysis.restoring.restoration_audit import audit
from supplyroutes.analysis.restoring.restoration_tables import tables_of
from supplyroutes.analysis.restoring.shortfalls import MEASURES, Question, shortfall_of
from supplyroutes.dates import as_day
from supplyroutes.disruption import impacts_on
from supplyroutes.errors import RequestError
from supplyroutes.events import Events
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

MeasureName = Literal["unmet_demand", "isolated_demand", "strained_demand", "people"]


@dataclass(frozen=True)
class Restoration:
    """The order of lifting that restores most soonest; made by `restoration`.

    Amounts are in `unit`: m3 a day of demand, or people. `area` is in `unit` times days.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    measure
        What is counted: unmet_demand, isolated_demand, strained_demand or people.
    unit
        m3_per_day or people.
    order
        Index `step`: kind (report or road), id, days (that it takes), done_day (days until it is
        done), gain (what it restores), missing (what is missing after it), towns (ids of those
        that gain), people and demand_m3_per_day (of these towns), roads and sources (where it
        undoes something that counts). It ends when no lift restores more.
    towns
        Index (`step`, `node`): what each town gains: name, population, demand_m3_per_day,
        gain_m3_per_day (what it receives more, for unmet_demand; else its demand), source, path and
        path_time_h (its best way then, roads in driving order: the proof that it is reached).
    first
        Index `id`: every lift as the only one: kind, days, gain, gain_per_day; most first.
    pairs
        Pairs of lifts that restore something together and nothing alone: one, other, gain.
    instead
        Index `id`: lifts that are needless beside another one that undoes at least the same in no
        more days (`covered_by`).
    without_effect
        What was asked for and undoes nothing that counts.
    missing, missing_after
        What is missing now, and when all is lifted.
    area
        Days of each step times what is missing during it, `missing_after` left out.
    area_bound
        No order has less: equal to `area` if `exact`.
    exact
        Whether the order is proven best.
    reports
        Index `event`: the reports named in `order`, as recorded.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> plan = sr.restoration(network, events, at="2025-01-12")
    >>> plan.order[["id", "gain", "missing"]].values.tolist()
    [['T1', 120.75, 0.0]]
    """

    at: date
    commodity: str
    measure: str
    unit: str
    order: pd.DataFrame
    towns: pd.DataFrame
    first: pd.DataFrame
    pairs: pd.DataFrame
    instead: pd.DataFrame
    without_effect: tuple[str, ...]
    missing: float
    missing_after: float
    area: float
    area_bound: float
    exact: bool
    reports: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the headline: what is missing, and the first step.

        Returns
        -------
        values
            Keys missing and missing_after (in `unit`), steps, first (id of the first lift, None
            without one), days (until the last), area and area_bound (in `unit` times days), exact.
        """
        order = self.order
        return {
            "missing": self.missing,
            "missing_after": self.missing_after,
            "steps": len(order),
            "first": order["id"].iloc[0] if len(order) else None,
            "days": float(order["done_day"].iloc[-1]) if len(order) else 0.0,
            "area": self.area,
            "area_bound": self.area_bound,
            "exact": self.exact,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing values are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": self.at.isoformat(),
            "commodity": self.commodity,
            "measure": self.measure,
            "unit": self.unit,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "order": records(self.order),
            "towns": records(self.towns),
            "first": records(self.first),
            "pairs": records(self.pairs.set_index("one")),
            "instead": records(self.instead),
            "without_effect": list(self.without_effect),
            "reports": records(self.reports),
        }

    def _repr_html_(self) -> str:
        """Return the order, and every lift alone, as tables for notebooks."""
        from supplyroutes.displays import asked, html, listed

        what = f"{asked(self.commodity, self.at)}, {self.measure} ({self.unit})"
        columns = ["kind", "id", "days", "done_day", "gain", "missing", "people", "towns"]
        tables = (
            ("What to lift, in this order (.order)", self.order[columns]),
            ("Each one alone (.first)", self.first),
            ("Pairs (.pairs)", self.pairs),
            ("Needless, for another does it (.instead)", self.instead),
        )
        return html(
            f"{what}: {listed(self.summary())}",
            *((caption, table) for caption, table in tables if len(table)),
            digits=2,
        )


def restoration(
    network: Network,
    events: Events,
    *,
    at: str | date,
    commodity: str = "fuel",
    measure: MeasureName = "unmet_demand",
    lift: Wish = "reports",
) -> Restoration:
    r"""Order in which to lift blockades, or reopen roads, so that supply comes back soonest.

    One lift is worked on at a time. Of all orders the one is found whose area of what is missing
    is least: with :math:`c_i` the days of the i-th lift and :math:`U(S)` what is missing while
    the set S is lifted,

    .. math:: \min_\sigma \sum_{i=1}^{n} c_{\sigma_i} \,
              [U(\{\sigma_1, \ldots, \sigma_{i-1}\}) - U(\{\sigma_1, \ldots, \sigma_n\})]

    in m3 (people times days for "people"). Lifting a report ends its effects on the day, as in
    `explain`; reopening a road undoes everything on both of its directions.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules.
    at
        The day.
    commodity
        Which commodity.
    measure
        What is missing. "unmet_demand": demand less the most that can arrive, by `supply_flow`
        (m3 a day). "isolated_demand": demand of towns that no open way leads to. "strained_demand":
        demand of towns that no free way leads to. "people": people in towns that no open way
        leads to.
    lift
        What may be lifted: "reports" (those that hinder the commodity on the day; one day each),
        "roads" (those that they hinder; one day each), or days by id of a report or road.

    Returns
    -------
    plan
        The order with what each step restores, every lift alone, pairs that work only together.

    Raises
    ------
    RequestError
        The day is not a date, the network is disrupted already, there is no such measure, or
        days are not a number above zero.
    UnknownIdError
        There is no such commodity, report or road.
    DataError
        An event names a place that the network does not have.
    SolverError
        An optimum was not reached or not proved.

    Notes
    -----
    Up to 12 lifts the order is exact, by dynamic programming over sets (Held & Karp 1962); the
    lifts that another one makes needless do not count. Above, the best of a forward and a backward
    greedy order, bettered by local search, stands with a proven lower bound [1]_ [2]_. Demand is
    counted in whole litres; of equal orders the first by id is told. Nothing that hinders is an
    answer: an empty order. An order says what the model gains, not what a party will agree to.

    References
    ----------
    .. [1] Nurre, S. G., Cavdaroglu, B., Mitchell, J. E., Sharkey, T. C., Wallace, W. A. (2012).
       Restoring infrastructure systems: An integrated network design and scheduling problem.
       European J. Oper. Res. 223(3).
    .. [2] Held, M., Karp, R. M. (1962). A dynamic programming approach to sequencing problems.
       J. SIAM 10(1).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> asked = {"at": "2025-01-12", "measure": "strained_demand"}
    >>> sr.restoration(network, events, **asked).first["gain"].to_dict()
    {'T1': 230.0, 'T2': 230.0}
    >>> sr.restoration(network, events, **asked, lift={"T1": 5, "T2": 1}).order["id"].tolist()
    ['T2']
    """
    if measure not in MEASURES:
        raise RequestError(f"no measure {measure!a}: {', '.join(MEASURES)}")
    when = as_day(at)
    on_day = tuple(impacts_on(network, events, commodity).on(when))
    base = network.asking(commodity, at=None, state=network.state)
    question = Question(base, when, on_day, MEASURES[measure])
    chosen = question.choices(lift, [report.event for report in events])
    shortfall = shortfall_of(question, chosen)
    plan = search(shortfall, [choice.days for choice in chosen.lifts])
    audit(question, chosen, plan, shortfall)
    named = {chosen.lifts[place].id for place in plan.order}
    return Restoration(
        at=when,
        commodity=commodity,
        measure=measure,
        unit=question.measure.unit,
        **tables_of(question, chosen, shortfall, plan),
        reports=events.reports.loc[sorted(named & {*events.reports.index})],
    )
