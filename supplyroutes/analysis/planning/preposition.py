"""Where to put extra stock before it is known which blockade comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isclose, isfinite
from typing import TYPE_CHECKING, Any, Literal

from supplyroutes.analysis.planning.choices import Weigh
from supplyroutes.analysis.planning.horizon import Horizon, Question, Town, horizons_of
from supplyroutes.analysis.planning.plan import UNITS
from supplyroutes.analysis.planning.preposition_model import Placed, PrepositionModel
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    import pandas as pd

ROUNDING_M3 = 1e-4
"""Less than a tenth of a litre is rounding of the solver."""
STEP_M3 = 1.0
"""By how much the budget is raised to see what that saves."""


@dataclass(frozen=True)
class Preposition:
    """Extra stock before a blockade; made by `preposition`.

    Attributes
    ----------
    weigh, policy
        As asked.
    worst
        Whether the worst scenario was made as good as it can be, before the average.
    unit
        Unit of the values: person-days, town-days or m3.
    budget_m3
        What can be placed in all.
    placed_m3
        What it pays to place: less than the budget where tanks are full or nothing is short.
    towns
        Index `node`: name, population, use_m3_per_day, stock_m3, room_m3 (left in the tanks),
        extra_m3 (to be placed), extra_days (of use).
    scenarios
        Index `scenario`: prob, value_without (what is short, weighted, with nothing placed),
        value (with the extra stock), saved, value_alone (if just this scenario were known to
        come, and stock placed for it).
    value, value_without, saved
        On average over the scenarios by their probability.
    likeliest_loss
        Value of counting all scenarios: what it would cost on average to place stock for the
        likeliest scenario alone (of several as likely, the one for which that costs least).
    perfect_information
        What it would be worth on average to know which scenario comes before placing.
    saved_by_one_m3_more
        By how much `value` falls if the budget is 1 m3 larger.
    """

    weigh: str
    policy: str | None
    worst: bool
    unit: str
    budget_m3: float
    placed_m3: float
    towns: pd.DataFrame
    scenarios: pd.DataFrame
    value: float
    value_without: float
    saved: float
    likeliest_loss: float
    perfect_information: float
    saved_by_one_m3_more: float

    def summary(self) -> dict[str, float]:
        """Return the totals.

        Returns
        -------
        values
            Amounts in m3; values in `unit`, on average over the scenarios.
        """
        names = (
            "budget_m3", "placed_m3", "value_without", "value", "saved", "likeliest_loss",
            "perfect_information", "saved_by_one_m3_more",
        )  # fmt: skip
        return {name: getattr(self, name) for name in names}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows, towns without extra stock left out.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "weigh": self.weigh,
            "policy": self.policy,
            "worst": self.worst,
            "unit": self.unit,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "towns": records(self.towns[self.towns["extra_m3"] > 0]),
            "scenarios": records(self.scenarios),
        }

    def _repr_html_(self) -> str:
        """Return totals, towns that get stock and scenarios as tables for notebooks."""
        from supplyroutes.displays import html, listed

        return html(
            f"{self.unit}: {listed(self.summary())}",
            ("Towns that get stock (.towns)", self.towns[self.towns["extra_m3"] > 0]),
            ("With and without it (.scenarios)", self.scenarios),
        )


def preposition(
    budget_m3: float,
    scenarios: Mapping[str, Timeline],
    *,
    prob: Mapping[str, float] | Literal["worst"] | None = None,
    weigh: Weigh = "people",
    policy: str | None = "essential",
    stock_m3: Mapping[str, float] | None = None,
) -> Preposition:
    r"""Where to put extra stock before a blockade, over several ways in which it may come.

    A two-stage stochastic linear program (Rawls & Turnquist 2010). First, extra stock e is placed
    in towns, within the room of their tanks and the budget; then a scenario s comes with
    probability p, and the best plan for its days is followed (`plan`, with what is short z):

    .. math:: \min_e \sum_s p_s \, \min z_s(I_0 + e), \quad \sum_n e_n \le B, \;
              0 \le e_n \le K_n - I_{n0}

    Parameters
    ----------
    budget_m3
        How much can be placed in all, in m3.
    scenarios
        The days that may come, by name, each a `timeline` of the same network; they begin with
        the same stock.
    prob
        Probability of each scenario (they are divided by their sum); None if all are as likely;
        "worst" to make the worst scenario as good as it can be before the average counts.
    weigh, policy, stock_m3
        As for `plan`.

    Returns
    -------
    found
        Extra m3 by town, what that saves in each scenario and on average, what it would be worth
        to know more, and what a larger budget would save.

    Raises
    ------
    RequestError
        The budget is not a number from 0 up, a probability not one above 0, a scenario has
        none, no scenario is given, the scenarios differ in towns, use or stocks, or no town on
        the network uses the commodity.
    UnknownIdError
        There is no such policy or town.
    SolverError
        An optimum was not reached or not proved.

    Notes
    -----
    The extra stock is taken to be there on the first morning: that it can still be brought is for
    the planner to see. Within each scenario all days are known in advance, so what is saved is
    the most that can be. Where ranks of a policy compete, a value can rise while a higher rank
    gains; with ``policy=None`` what is told of a larger budget and of knowing more is never
    below zero.

    References
    ----------
    .. [1] Rawls, C. G., Turnquist, M. A. (2010). Pre-positioning of emergency supplies for
       disaster response. Transportation Research Part B 44.
    .. [2] Birge, J. R., Louveaux, F. (2011). Introduction to Stochastic Programming. Springer.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> days = {
    ...     start: sr.timeline(network, events, start=start, end=end)
    ...     for start, end in (("2025-06-01", "2025-06-30"), ("2025-09-10", "2025-10-09"))
    ... }
    >>> found = sr.preposition(5000, days)
    >>> found.towns.loc[found.towns["extra_m3"] > 0, "extra_m3"].to_dict()
    {'bamako': 5000.0}
    >>> found.scenarios["saved"].round(-3).tolist()
    [0.0, 8290000.0]
    """
    chances = _checked(budget_m3, scenarios, prob)
    question = Question(weigh, policy, stock_m3)
    horizons = {name: horizons_of(days, question)[0] for name, days in scenarios.items()}
    towns = _same_towns(horizons)
    model = PrepositionModel(list(horizons.values()))
    shares, worst = list(chances.values()), prob == "worst"
    placed = model.place(budget_m3, shares, worst=worst)
    more = model.place(budget_m3 + STEP_M3, shares, worst=worst)
    nothing = model.living_with([0.0] * len(towns), shares)
    alone = [
        model.place(budget_m3, [float(one == other) for other in range(len(shares))])
        for one in range(len(shares))
    ]
    counted = min(
        _mean(shares, model.living_with(one.extra_m3, shares).short)
        for one, share in zip(alone, shares, strict=True)
        if share == max(shares)
    )
    knowing = [one.short[place] for place, one in enumerate(alone)]
    mean, without = _mean(shares, placed.short), _mean(shares, nothing.short)
    frame = _towns(next(iter(scenarios.values())), towns, placed)
    return Preposition(
        weigh=weigh,
        policy=policy,
        worst=worst,
        unit=UNITS[weigh],
        budget_m3=float(budget_m3),
        placed_m3=fsum(frame["extra_m3"]),
        towns=frame,
        scenarios=_scenarios(chances, (nothing.short, placed.short, knowing)),
        value=mean,
        value_without=without,
        saved=_gap(without, mean),
        likeliest_loss=_gap(counted, mean),
        perfect_information=_gap(mean, _mean(shares, knowing)),
        saved_by_one_m3_more=_gap(mean, _mean(shares, more.short)) / STEP_M3,
    )


def _checked(
    budget_m3: float,
    scenarios: Mapping[str, Timeline],
    prob: Mapping[str, float] | Literal["worst"] | None,
) -> dict[str, float]:
    """Return the probability of each scenario; refuse what is no question."""
    if not (isfinite(budget_m3) and budget_m3 >= 0):
        raise RequestError(f"the budget is {budget_m3}: a number of m3 from 0 up is wanted")
    if not scenarios:
        raise RequestError("name at least one scenario")
    if prob is None or prob == "worst":
        return dict.fromkeys(scenarios, 1 / len(scenarios))
    if isinstance(prob, str):
        raise RequestError(f"prob is {prob!a}: probabilities by scenario, or 'worst'")
    if set(prob) != set(scenarios):
        wrong = sorted(set(prob) ^ set(scenarios))
        raise RequestError(f"each scenario needs one probability: {', '.join(wrong)}")
    if not all(isfinite(share) and share > 0 for share in prob.values()):
        raise RequestError("probabilities are numbers above 0")
    total = fsum(prob.values())
    return {name: prob[name] / total for name in scenarios}


def _same_towns(horizons: Mapping[str, Horizon]) -> tuple[Town, ...]:
    """Return the towns of the scenarios; refuse those that differ in more than roads."""
    told = [
        ([(town.node, town.use, town.tank) for town in horizon.towns], horizon.items)
        for horizon in horizons.values()
    ]
    if any(one != told[0] for one in told):
        raise RequestError("the scenarios are not of the same towns, use and stocks")
    towns = next(iter(horizons.values())).towns
    if not towns:
        raise RequestError("no town on the network uses the commodity")
    return towns


def _mean(shares: Sequence[float], values: Sequence[float]) -> float:
    """Return the average of the scenarios."""
    return fsum(share * value for share, value in zip(shares, values, strict=True))


def _gap(one: float, other: float) -> float:
    """Return by how much one value exceeds another; what is but rounding is nothing."""
    return 0.0 if isclose(one, other, rel_tol=1e-9, abs_tol=1e-6) else one - other


def _towns(days: Timeline, towns: Sequence[Town], placed: Placed) -> pd.DataFrame:
    """Return what is to be placed in each town."""
    import pandas as pd

    ids, people = days.base.topology.node_ids, days.base.tables.towns.columns["population"]
    rows = []
    for town, amount in zip(towns, placed.extra_m3, strict=True):
        extra = round(amount, 3) if amount > ROUNDING_M3 else 0.0
        tank, node = town.tank, ids[town.node]
        room = tank.storage - tank.stock
        told = (node, days.base.name(node), people[town.node], town.use, tank.stock, room)
        rows.append((*told, extra, extra / town.use))
    columns = [
        "node", "name", "population", "use_m3_per_day", "stock_m3", "room_m3", "extra_m3",
        "extra_days",
    ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=columns).set_index("node")
    return frame.astype(dict.fromkeys(columns[2:], float))


def _scenarios(chances: Mapping[str, float], values: tuple[Sequence[float], ...]) -> pd.DataFrame:
    """Return what is short in each scenario, without extra stock, with it, and if it were known."""
    import pandas as pd

    without, placed, knowing = values
    return pd.DataFrame(
        {
            "prob": list(chances.values()),
            "value_without": without,
            "value": placed,
            "saved": [_gap(*pair) for pair in zip(without, placed, strict=True)],
            "value_alone": knowing,
        },
        index=pd.Index(list(chances), name="scenario"),
    )
