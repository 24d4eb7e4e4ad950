"""The corridors of a day: how each stands, and what was last reported of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.core import CLOSED, STATUSES, UNKNOWN
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer

if TYPE_CHECKING:
    import pandas as pd

UNFIT = "unfit"
CORRIDOR_STATES = (*STATUSES[:CLOSED], UNFIT, STATUSES[CLOSED])
"""States of a corridor, from best to worst: those of its roads, and *unfit*: open, but with a
road on it that loaded tankers cannot use."""


@dataclass(frozen=True)
class CorridorStates:
    """States of the corridors on a day; made by `corridor_states`.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    corridors
        Index `corridor`; columns name, origin, destination, imports, state (the worst of
        its roads, inbound; *unfit* if loaded tankers cannot use one of them and none is closed),
        length_km, time_h (inbound, with delays and dwell; missing if closed or unfit),
        affected_km (roads that are not open), unknown_km, last_report, last_report_on,
        last_report_age_days (of any of its roads, those shared with other corridors
        included), stale (never reported, or the last report is older than the assumption
        `stale_report_days`), reports (behind the state, the one on most roads first).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.corridors import corridor_states
    >>> network, events = sr.datasets.toy()
    >>> states = corridor_states(sr.disrupt(network, events, at="2025-01-12"))
    >>> states.summary()
    {'restricted': 1, 'closed': 1}
    >>> states.corridors["last_report"].to_dict()
    {'NORTH': 'T1', 'SOUTH': 'T2'}
    """

    at: date | None
    commodity: str
    corridors: pd.DataFrame

    def summary(self) -> dict[str, int]:
        """Return the number of corridors in each state.

        Returns
        -------
        counts
            Numbers by state, the best first; states that no corridor is in are left out.
        """
        counts = Counter(self.corridors["state"])
        return {state: counts[state] for state in CORRIDOR_STATES if counts[state]}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys at, commodity, summary and corridors (one entry a corridor, hours and km); days as
            YYYY-MM-DD; what is missing is None.
        """
        from supplyroutes.analysis.plain import records

        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "summary": self.summary(),
            "corridors": records(self.corridors),
        }

    def _repr_html_(self) -> str:
        """Return the corridors as a table for notebooks."""
        from supplyroutes.displays import asked, html, listed

        columns = ["name", "state", "length_km", "time_h", "affected_km", "unknown_km",
                   "last_report_on", "reports"]  # fmt: skip
        head = f"{asked(self.commodity, self.at)}: {listed(self.summary())}"
        return html(head, ("Corridors (.corridors)", self.corridors[columns]))


def corridor_states(day: Network) -> CorridorStates:
    """How every corridor stands on a day, driving inbound.

    A corridor is as good as the worst of its roads in the inbound direction. One that has a road
    not fit for loaded tankers is *unfit*, whatever is reported of it, unless a road is closed.

    Parameters
    ----------
    day
        The network on a day.

    Returns
    -------
    states
        State, length, truck time, affected length and last report of every corridor.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.corridors import corridor_states
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> corridor_states(day).corridors["state"].to_dict()
    {'NORTH': 'closed', 'SOUTH': 'restricted'}
    """
    import pandas as pd

    arcs_of = Gazetteer(day).corridor_arcs
    rows = [
        {**{key: row[key] for key in ("corridor", "name", "origin", "destination", "imports")},
         **_state(day, arcs_of[row["corridor"]])}
        for row in day.tables.corridors.rows()
    ]  # fmt: skip
    columns = ["corridor", "name", "origin", "destination", "imports", *_COLUMNS]
    frame = pd.DataFrame(rows, columns=columns).set_index("corridor")
    return CorridorStates(at=day.at, commodity=day.commodity, corridors=frame)


_COLUMNS = (
    "state",
    "length_km",
    "time_h",
    "affected_km",
    "unknown_km",
    "last_report",
    "last_report_on",
    "last_report_age_days",
    "stale",
    "reports",
)


def _state(day: Network, arcs: tuple[int, ...]) -> dict[str, Any]:
    """Return the columns of one corridor."""
    state, km = day.state, day.topology.length_km
    worst = max((state.status[arc] for arc in arcs), default=0)
    if not all(day.topology.exists[arc] for arc in arcs):
        worst = CLOSED  # a one-way road against the traffic
    fit = all(day.usable[arc] for arc in arcs if day.topology.exists[arc])
    told = STATUSES[worst] if fit or worst == CLOSED else UNFIT
    passes = told not in {UNFIT, STATUSES[CLOSED]}
    passes = passes and all(state.capacity_factor[arc] > 0 for arc in arcs)
    news = max((last for arc in arcs if (last := state.last_report[arc])), default=None)
    counts = Counter(name for arc in arcs for name in state.reports[arc])
    age = (day.at - news[0]).days if news and day.at else None
    return {
        "state": told,
        "length_km": sum(km[arc] for arc in arcs),
        "time_h": sum(day.time_h[arc] for arc in arcs) if passes else None,
        "affected_km": sum(km[arc] for arc in arcs if state.status[arc] > UNKNOWN),
        "unknown_km": sum(km[arc] for arc in arcs if state.status[arc] == UNKNOWN),
        "last_report": news[1] if news else None,
        "last_report_on": news[0] if news else None,
        "last_report_age_days": age,
        "stale": age is None or age > day.assumptions["stale_report_days"].best,
        "reports": tuple(sorted(counts, key=lambda name: (-counts[name], name))),
    }
