"""The worst roads to lose on a day, by proof, and what their loss does to every town."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum, inf, isnan, nan
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.flow import FlowSolver
from supplyroutes.analysis.integer import WRONG
from supplyroutes.analysis.losses.attack import Attack, alternatives, targets_of, worst_attack
from supplyroutes.analysis.losses.attack_model import Targets
from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.analysis.losses.harm import (
    UNITS,
    Harm,
    TimeHarm,
    check_measure,
    closing,
    harm_of,
    stakes_of,
)
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.errors import SolverError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

ASSUMED: Mapping[str, tuple[str, ...]] = {
    "weighted_time": ("dwell_border_h", "dwell_checkpoint_h", "cut_off_time_h"),
    "isolated_demand": (),
    "max_flow": ("least_usual_m3_per_day",),
    "unmet_demand": ("least_usual_m3_per_day",),
}
"""The assumptions that each measure rests on, beside those of the state of the day."""
TIME_LIMIT_S = 120.0


@dataclass(frozen=True)
class Interdiction:
    """The worst roads to lose; made by `interdiction`. For protection: sensitive.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    measure
        How harm is counted; `unit` is h or m3_per_day.
    unit
        The unit of `before`, `after` and `bound`.
    budget, cost
        What may be spent, and what the roads of the attack cost in all.
    roads
        Index `edge`, the roads of the worst attack: u, v, length_km, cost, harm_alone (what
        closing it alone adds), harm_spared (what would be saved if the others were lost without
        it), alternatives (roads that in its place would do the same harm).
    towns
        Index `node`, towns with demand on the network: name, population, demand_m3_per_day,
        isolated_before, isolated, time_before_h, time_h (missing where cut off), and for flows
        delivered_before_m3_per_day, delivered_m3_per_day (in equal shares).
    before, after
        The measure on the day, and with the roads lost. Like `bound` missing for "weighted_time"
        where nobody uses the commodity: there is no mean of nothing.
    bound
        Proved: no attack in the budget is worse than this.
    proven
        Whether the attack is optimal: bound and after are equal but for rounding.
    gap_share
        How far apart they are, as a share of `after`; infinite if that is 0 and the bound is not.
    isolated_m3_per_day, isolated_population
        What is cut off with the roads lost.
    branches
        Parts of the search that were bounded.
    safe
        Roads that could not be attacked.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> worst = sr.interdiction(network, budget=2, measure="isolated_demand")
    >>> worst.roads.index.tolist(), worst.after, worst.proven
    (['port--north', 'port--south'], 270.0, True)
    """

    at: date | None
    commodity: str
    measure: str
    unit: str
    budget: float
    cost: float
    roads: pd.DataFrame
    towns: pd.DataFrame
    before: float
    after: float
    bound: float
    proven: bool
    gap_share: float
    isolated_m3_per_day: float
    isolated_population: int
    branches: int
    safe: tuple[str, ...]
    assumed: pd.DataFrame

    def summary(self) -> dict[str, Any]:
        """Return the measure before and after, the bound, and what is cut off.

        Returns
        -------
        values
            Numbers in the unit of the measure; roads as a tuple of ids.
        """
        return {
            "roads": tuple(self.roads.index),
            "before": self.before,
            "after": self.after,
            "bound": self.bound,
            "proven": self.proven,
            "isolated_m3_per_day": self.isolated_m3_per_day,
            "isolated_population": self.isolated_population,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        told = {
            name: plain(getattr(self, name))
            for name in (
                "at", "commodity", "measure", "unit", "budget", "cost", "before", "after", "bound",
                "proven", "gap_share", "isolated_m3_per_day", "isolated_population", "branches",
                "safe",
            )
        }  # fmt: skip
        return {
            **told,
            "sensitive": True,
            "roads": records(self.roads),
            "towns": records(self.towns),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return the roads and the towns that they cut off or delay, for notebooks."""
        from supplyroutes.displays import asked, html

        proof = "proven" if self.proven else f"best found; bound {self.bound:.6g}"
        change = f"{self.before:.6g} to {self.after:.6g}, {proof}"
        head = (
            f"{asked(self.commodity, self.at)}, {self.measure} ({self.unit}): "
            f"{'no demand' if isnan(self.before) else change}. For protection: sensitive."
        )
        hit = self.towns[hit_towns(self.towns)]
        hit = hit.sort_values("population", ascending=False, kind="stable")
        return html(
            head,
            ("The worst roads to lose (.roads)", self.roads),
            ("Towns that they cut off or delay, the largest first (.towns)", hit),
        )


def interdiction(
    day: Network,
    *,
    budget: float = 3,
    measure: Measure = "weighted_time",
    cost: Mapping[str, float] | None = None,
    safe: Collection[str] = (),
    time_limit_s: float | None = TIME_LIMIT_S,
) -> Interdiction:
    r"""Roads whose loss on a day would do most harm: the worst attack in a budget, proven.

    An attack closes roads in both directions. What it does is counted by a `measure`:

    - "weighted_time": mean truck time to the nearest source, weighted by demand,
      :math:`\sum_n d_n \min(t_n, T) / \sum_n d_n`. A town that is cut off has no time: it counts T,
      the assumption `cut_off_time_h`, and no town counts more. So the measure never falls when one
      more road is lost, and what is cut off is told beside it.
    - "isolated_demand": demand in m3 a day of towns that no open path reaches.
    - "max_flow": the most that can arrive in m3 a day, losses aside (Wood 1993); the attack lowers
      it.
    - "unmet_demand": demand in m3 a day that cannot be met, losses counted (Lim & Smith 2007).

    Parameters
    ----------
    day
        The network on a day. What is closed stays closed.
    budget
        How much the attack may spend: the number of roads, where each costs 1.
    measure
        How harm is counted.
    cost
        What it takes to close a road, by its id; 1 where nothing is said.
    safe
        Ids of roads that cannot be attacked.
    time_limit_s
        Seconds after which the search stops with the best found and a bound; None for no limit.

    Returns
    -------
    worst
        The roads, with the harm by town, and the bound that proves them.

    Raises
    ------
    RequestError
        There is no such measure, the budget is negative, or a cost is not above zero.
    UnknownIdError
        There is no road of that id.
    SolverError
        A bound was not proved, or the answer is not what it is worth when recomputed.

    Notes
    -----
    Branch and bound over a linear program: the dual of the shortest path (Israeli & Wood 2002) or
    of the largest delivery. Every bound is proved by weak duality from the solver's duals, and that
    of a town's time by paths that share no road; the answer is recomputed on the network with the
    roads closed. Optimal means to 1e-6 of the most harm there could be. Several attacks may be as
    bad: `alternatives` names roads that can be exchanged one for one. NP-hard (Ball, Golden & Vohra
    1989): exact, but the time may grow fast with the budget.

    References
    ----------
    .. [1] Israeli, E., Wood, R. K. (2002). Shortest-path network interdiction. Networks 40(2).
    .. [2] Wood, R. K. (1993). Deterministic network interdiction. Math. Comput. Modelling 17(2).
    .. [3] Lim, C., Smith, J. C. (2007). Algorithms for discrete and continuous multicommodity flow
       network interdiction problems. IIE Trans. 39(1).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> worst = sr.interdiction(network, budget=1)
    >>> worst.roads.index.tolist(), round(worst.before, 2), round(worst.after, 2)
    (['port--north'], 4.92, 6.99)
    """
    check_measure(measure)
    targets = targets_of(day, budget, cost, safe)
    harm = harm_of(day, measure)
    return answer_of(
        day, measure, harm, targets, worst_attack(harm, targets, time_limit_s=time_limit_s),
        tuple(sorted(safe)),
    )  # fmt: skip


def answer_of(
    day: Network,
    measure: Measure,
    harm: Harm,
    targets: Targets,
    attack: Attack,
    safe: tuple[str, ...],
) -> Interdiction:
    """Return an attack with what it does to every town, after recomputing its harm."""
    closed = audited(day, measure, attack)
    towns = _towns(day, closed, measure)
    shown = [harm.shown(share) for share in (harm.of(frozenset()), attack.harm, attack.bound)]
    return Interdiction(
        at=day.at,
        commodity=day.commodity,
        measure=measure,
        unit=UNITS[measure],
        budget=targets.budget,
        cost=targets.cost_of(attack.roads),
        roads=_roads(day, harm, targets, attack),
        towns=towns,
        before=shown[0],
        after=shown[1],
        bound=shown[2],
        proven=attack.proven,
        gap_share=gap_of(shown[1], shown[2]),
        isolated_m3_per_day=fsum(towns.loc[towns["isolated"], "demand_m3_per_day"]),
        isolated_population=int(towns.loc[towns["isolated"], "population"].sum()),
        branches=attack.branches,
        safe=safe,
        assumed=used_assumptions(day, ASSUMED[measure]),
    )


def gap_of(value: float, bound: float) -> float:
    """Return how far a bound lies from a value, as a share of the value; nothing from nothing."""
    apart = abs(bound - value)
    return 0.0 if isnan(apart) or not apart else apart / abs(value) if value else inf


def audited(day: Network, measure: Measure, attack: Attack) -> Network:
    """Return the day with the roads of an attack closed; refuse it if its harm is another there.

    Everything is made anew from the closed network: nothing that found the attack is asked.
    """
    closed = closing(day, attack.roads)
    again = harm_of(closed, measure).of(frozenset())
    if not abs(again - attack.harm) <= WRONG or attack.bound < again - WRONG:
        raise SolverError("the attack is not what it is worth", best=again, bound=attack.bound)
    return closed


def hit_towns(towns: pd.DataFrame) -> pd.Series[bool]:
    """Return for every town of a result whether the attack changes anything for it."""
    hit = (towns["isolated"] != towns["isolated_before"]) | (
        towns["time_h"] > towns["time_before_h"]
    )
    if "delivered_m3_per_day" in towns:
        lost = towns["delivered_before_m3_per_day"] - towns["delivered_m3_per_day"]
        hit |= lost.abs() > 1e-4 * towns["demand_m3_per_day"]
    return hit


def _roads(day: Network, harm: Harm, targets: Targets, attack: Attack) -> pd.DataFrame:
    """Return the roads of an attack, with what each does."""
    import pandas as pd

    top, whole = day.topology, frozenset(attack.roads)
    costs = dict(zip(targets.roads, targets.costs, strict=True))
    before, worst = harm.shown(harm.of(frozenset())), harm.shown(attack.harm)
    rows = [
        (
            top.edge_ids[road],
            top.node_ids[top.tail[2 * road]],
            top.node_ids[top.head[2 * road]],
            top.length_km[2 * road],
            costs[road],
            abs(harm.shown(harm.of(frozenset({road}))) - before),
            abs(worst - harm.shown(harm.of(whole - {road}))),
            tuple(top.edge_ids[other] for other in alternatives(harm, targets, whole, road)),
        )
        for road in attack.roads
    ]
    columns = ["edge", "u", "v", "length_km", "cost", "harm_alone", "harm_spared", "alternatives"]
    return pd.DataFrame(rows, columns=columns).set_index("edge")


def _towns(day: Network, closed: Network, measure: Measure) -> pd.DataFrame:
    """Return every town with demand, before and after."""
    import pandas as pd

    stakes = stakes_of(day)
    nodes = sorted(stakes)
    ids, towns = day.topology.node_ids, day.tables.towns.columns
    times = [TimeHarm(one, stakes, None).tree(())[0] for one in (day, closed)]
    before, after = ([_or_nan(hours[node]) for node in nodes] for hours in times)
    frame = pd.DataFrame(
        {
            "name": [towns["name"][node] for node in nodes],
            "population": [towns["population"][node] for node in nodes],
            "demand_m3_per_day": [stakes[node] for node in nodes],
            "isolated_before": [times[0][node] == inf for node in nodes],
            "isolated": [times[1][node] == inf for node in nodes],
            "time_before_h": before,
            "time_h": after,
        },
        index=pd.Index([ids[node] for node in nodes], name="node"),
    )
    if measure in {"max_flow", "unmet_demand"} and nodes:
        solver = FlowSolver(day, losses=measure == "unmet_demand")
        for name, one in (("delivered_before", day), ("delivered", closed)):
            got = solver.deliveries(one)
            frame[f"{name}_m3_per_day"] = [got.get(str(node), 0.0) for node in frame.index]
    return frame


def _or_nan(hours: float) -> float:
    """Return a time; a town that is cut off has none."""
    return hours if hours < inf else nan
