"""The first answers of one day, together: corridors, towns, since when, and what is assumed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.corridors import CorridorStates, corridor_states
from supplyroutes.analysis.history import isolation_history
from supplyroutes.analysis.isolation import Isolation, isolation
from supplyroutes.conflicts import Contradiction, contradictions
from supplyroutes.core import STATUSES
from supplyroutes.dates import ONE_DAY, as_day
from supplyroutes.disruption import LONGEST_SPAN_DAYS, timeline
from supplyroutes.events import Events
from supplyroutes.impacts import Impact, impacts_of
from supplyroutes.network import Network
from supplyroutes.rules import RULE_UNITS

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Situation:
    """How things stand on a day; made by `situation`.

    Attributes
    ----------
    at
        The day.
    commodity
        The commodity asked for.
    day
        The disrupted network.
    isolation
        States of the towns.
    corridors
        States of the corridors.
    since
        Index `node`: the first day of the state that the town is in.
    town_changes
        Towns whose state changed since the day before: node, before, after.
    road_changes
        Roads whose state changed since the day before: edge, before, after.
    reports
        Index `event`: the reports in force or behind a state on the day, as recorded.
    assumed
        Index `key`: the impact rules and the numbers used: value, unit, reason, source; of a rule
        also the kind of report, its basis and the phase, empty for other numbers.
    assumed_ends
        Reports in force whose end is not known, so that a duration is assumed.
    assumed_afters
        Reports whose after-effect is assumed to go on.
    assumed_spots
        Reports that closed an unknown spot of a stretch, so that its middle is assumed.
    known_until
        The last day on which any report of these events was published.
    contradictions
        Pairs of reports of which, on the day, one closes a road and the other opens it.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> today = sr.situation(network, events, at="2025-01-12")
    >>> today.road_changes.values.tolist(), today.assumed_ends
    ([['south--bridge', 'open', 'restricted']], ('T2',))
    >>> today.reports["confidence"].to_dict()
    {'T1': 'A', 'T2': 'B'}
    """

    at: date
    commodity: str
    day: Network
    isolation: Isolation
    corridors: CorridorStates
    since: pd.Series[Any]
    town_changes: pd.DataFrame
    road_changes: pd.DataFrame
    reports: pd.DataFrame
    assumed: pd.DataFrame
    assumed_ends: tuple[str, ...]
    assumed_afters: tuple[str, ...]
    assumed_spots: tuple[str, ...]
    known_until: date | None
    contradictions: tuple[Contradiction, ...]

    def summary(self) -> dict[str, int]:
        """Return the number of towns in each state, and of roads of unknown state.

        Returns
        -------
        counts
            Numbers by state, then ``unknown_roads``: the summary of `isolation`.
        """
        return self.isolation.summary()

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            The fields by name, but for `day`; `since` stands with each town under isolation. Days
            as YYYY-MM-DD, times in hours; what is missing is None.
        """
        from supplyroutes.analysis.plain import plain, records

        since = {str(node): day.isoformat() for node, day in self.since.items()}
        towns = self.isolation.to_dict()
        for row in towns["towns"]:
            row["since"] = since[row["node"]]
        return {
            "at": self.at.isoformat(),
            "commodity": self.commodity,
            "known_until": plain(self.known_until),
            "summary": self.summary(),
            "corridors": self.corridors.to_dict()["corridors"],
            "isolation": towns,
            "town_changes": records(self.town_changes.set_index("node")),
            "road_changes": records(self.road_changes.set_index("edge")),
            "reports": records(self.reports),
            "assumed": records(self.assumed),
            "assumed_ends": list(self.assumed_ends),
            "assumed_afters": list(self.assumed_afters),
            "assumed_spots": list(self.assumed_spots),
            "contradictions": [
                {name: plain(value) for name, value in asdict(pair).items()}
                for pair in self.contradictions
            ],
        }

    def _repr_html_(self) -> str:
        """Return corridors and towns as tables for notebooks."""
        return self.corridors._repr_html_() + self.isolation._repr_html_()


def situation(
    network: Network, events: Events, *, at: str | date, commodity: str = "fuel"
) -> Situation:
    """How things stand on a day: corridors, towns, since when, by what, and what is assumed.

    Parameters
    ----------
    network
        The undisturbed network.
    events
        The events and their impact rules; pass ``events.known_by(day)`` for the view of a
        day.
    at
        The day.
    commodity
        Which commodity.

    Returns
    -------
    situation
        The answers of `isolation`, `corridor_states` and `isolation_history` for the day,
        what changed since the day before, and every assumption used.

    Raises
    ------
    RequestError
        The day is not a date.
    DataError
        An event names a place that the network does not have.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> today = sr.situation(network, events, at="2025-01-12")
    >>> str(today.since["east"]), today.town_changes["node"].tolist()
    ('2025-01-12', ['bridge', 'east', 'north'])
    """
    when = as_day(at)
    first = min([*(report.start for report in events), when]) - ONE_DAY
    first = max(first, when - timedelta(days=LONGEST_SPAN_DAYS - 1))
    days = timeline(network, events, start=first, end=when, commodity=commodity)
    history = isolation_history(days)
    day = days[when]
    cut = isolation(day, baseline=network)
    corridors = corridor_states(day)
    impacts = impacts_of(network, events, commodity=commodity).on(when)
    cited = {name for impact in impacts for name in impact.reports}
    cited |= {name for name in corridors.corridors["last_report"] if isinstance(name, str)}
    guessed = [impact for impact in impacts if impact.assumed_end]

    def during(impact: Impact) -> bool:
        return events.rules[impact.rule].phase == "during"

    published = [report.known_on for report in events]
    changes = history.changes
    return Situation(
        at=when,
        commodity=commodity,
        day=day,
        isolation=cut,
        corridors=corridors,
        since=history.since,
        town_changes=changes[changes["date"] == when].drop(columns="date").reset_index(drop=True),
        road_changes=_road_changes(days[when - ONE_DAY], day),
        reports=events.reports.loc[sorted(cited)],
        assumed=_assumed(network, events, impacts),
        assumed_ends=_named(impact for impact in guessed if during(impact)),
        assumed_afters=_named(impact for impact in guessed if not during(impact)),
        assumed_spots=_named(impact for impact in impacts if impact.spot_assumed),
        known_until=max(published, default=None),
        contradictions=tuple(
            pair for pair in contradictions(network, events) if pair.holds_on(when)
        ),
    )


def _named(impacts: Any) -> tuple[str, ...]:
    """Return the last report of each impact, sorted: the one that its days follow."""
    return tuple(sorted({impact.reports[-1] for impact in impacts}))


def _road_changes(before: Network, after: Network) -> pd.DataFrame:
    """Return the roads whose worse direction changed its state."""
    import pandas as pd

    rows = []
    for edge, name in enumerate(after.topology.edge_ids):
        pair = [
            max(network.state.status[2 * edge], network.state.status[2 * edge + 1])
            for network in (before, after)
        ]
        if pair[0] != pair[1]:
            rows.append((name, STATUSES[pair[0]], STATUSES[pair[1]]))
    return pd.DataFrame(rows, columns=["edge", "before", "after"])


def _assumed(network: Network, events: Events, impacts: list[Impact]) -> pd.DataFrame:
    """Return the rules and numbers in use, each with reason and source."""
    import pandas as pd

    rows: list[tuple[Any, ...]] = []
    for key in network.assumptions:
        entry = network.assumptions[key]
        rows.append((key, entry.best, entry.unit, entry.reason, entry.source, "", "", ""))
    for name in sorted({impact.rule for impact in impacts}):
        rule = events.rules[name]
        rows += [
            (
                f"{name}.{quantity}",
                getattr(rule, f"{quantity}_best"),
                unit,
                rule.reason,
                rule.source,
                rule.kind,
                rule.basis,
                rule.phase,
            )
            for quantity, unit in RULE_UNITS.items()
        ]
    columns = ["key", "value", "unit", "reason", "source", "kind", "basis", "phase"]
    return pd.DataFrame(rows, columns=columns).set_index("key")
