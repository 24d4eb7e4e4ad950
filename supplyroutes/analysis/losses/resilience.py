"""The operational resilience curve: how bad the worst loss of 0, 1, 2 ... roads is."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from time import monotonic
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.losses.attack import Attack, is_count, targets_of, worst_attack
from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.analysis.losses.harm import UNITS, check_measure, harm_of
from supplyroutes.analysis.losses.interdiction import ASSUMED, TIME_LIMIT_S, audited
from supplyroutes.analysis.used import used_assumptions
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class ResilienceCurve:
    """How bad the worst loss of each number of roads is; made by `resilience_curve`. Sensitive.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    measure
        How harm is counted; see `interdiction`.
    unit
        Its unit: h or m3_per_day.
    points
        Index `budget` (roads lost): value (the measure with the worst roads lost), bound (no attack
        is worse), proven, roads.
    safe
        Roads that could not be attacked.
    assumed
        Index `key`: value, unit, reason, source of the assumptions in use.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.resilience import resilience_curve
    >>> network, events = sr.datasets.toy()
    >>> curve = resilience_curve(network, most=2, measure="isolated_demand")
    >>> curve.points["value"].tolist()
    [0.0, 0.0, 270.0]
    """

    at: date | None
    commodity: str
    measure: str
    unit: str
    points: pd.DataFrame
    safe: tuple[str, ...]
    assumed: pd.DataFrame

    def summary(self) -> dict[int, float]:
        """Return the measure with the worst roads lost, by their number.

        Returns
        -------
        values
            In the unit of the measure.
        """
        return {int(str(budget)): float(value) for budget, value in self.points["value"].items()}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name; points as a list of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "at": plain(self.at),
            "commodity": self.commodity,
            "measure": self.measure,
            "unit": self.unit,
            "safe": list(self.safe),
            "sensitive": True,
            "points": records(self.points),
            "assumed": records(self.assumed),
        }

    def _repr_html_(self) -> str:
        """Return the points as a table for notebooks."""
        from supplyroutes.displays import asked, html

        head = f"{asked(self.commodity, self.at)}, {self.measure} ({self.unit}). Sensitive."
        return html(head, ("The worst by number of roads lost (.points)", self.points))


def resilience_curve(
    day: Network,
    *,
    most: int = 6,
    measure: Measure = "weighted_time",
    safe: Collection[str] = (),
    time_limit_s: float | None = TIME_LIMIT_S,
) -> ResilienceCurve:
    """How bad the worst loss of 0, 1, 2 ... roads would be: the operational resilience curve.

    Parameters
    ----------
    day
        The network on a day.
    most
        The largest number of roads.
    measure
        How harm is counted; see `interdiction`.
    safe
        Ids of roads that cannot be attacked.
    time_limit_s
        Seconds for the whole curve; the points that are left then have a bound, not a proof.

    Returns
    -------
    curve
        The measure, its bound and the roads for every number.

    Raises
    ------
    RequestError
        There is no such measure, or the number is negative.
    UnknownIdError
        There is no road of that id.
    SolverError
        A bound was not proved.

    Notes
    -----
    Each point is an `interdiction` of its own, begun from the one before: the curve never falls
    (for "max_flow", never rises). The worst roads of one number need not be among those of the
    next.

    References
    ----------
    .. [1] Alderson, D. L., Brown, G. G., Carlyle, W. M. (2015). Operational models of
       infrastructure resilience. Risk Analysis 35(4).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.resilience import resilience_curve
    >>> network, events = sr.datasets.toy()
    >>> curve = resilience_curve(network, most=1)
    >>> curve.points["roads"].tolist()
    [(), ('port--north',)]
    """
    import pandas as pd

    check_measure(measure)
    if not is_count(most):
        raise RequestError(f"a number of roads is a whole number, 0 or more, not {most}")
    harm, begun = harm_of(day, measure), monotonic()
    attack: Attack | None = None
    rows = []
    for budget in range(int(most) + 1):
        left = None if time_limit_s is None else max(0.0, time_limit_s - (monotonic() - begun))
        targets = targets_of(day, budget, None, safe)
        starts = [] if attack is None else [attack.roads]
        attack = worst_attack(harm, targets, starts, time_limit_s=left)
        audited(day, measure, attack)
        roads = tuple(day.topology.edge_ids[road] for road in attack.roads)
        values = harm.shown(attack.harm), harm.shown(attack.bound)
        rows.append((budget, *values, attack.proven, roads))
    columns = ["budget", "value", "bound", "proven", "roads"]
    return ResilienceCurve(
        at=day.at,
        commodity=day.commodity,
        measure=measure,
        unit=UNITS[measure],
        points=pd.DataFrame(rows, columns=columns).set_index("budget"),
        safe=tuple(sorted(safe)),
        assumed=used_assumptions(day, ASSUMED[measure]),
    )
