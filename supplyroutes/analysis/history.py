"""Since when: the states of towns over a timeline, and the days on which they changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import STATES, town_states
from supplyroutes.disruption import Timeline

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class IsolationHistory:
    """States of all towns over a timeline; made by `isolation_history`.

    Attributes
    ----------
    commodity
        The commodity asked for.
    states
        Index `date`, one column a town: its state.
    changes
        One row a change: date, node, before, after; the first day is no change.
    since
        Index `node`: the first day of the state that the town has on the last day; the
        first day of the timeline means "since then or earlier".

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.history import isolation_history
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-10", end="2025-01-14")
    >>> history = isolation_history(days)
    >>> history.states["east"].tolist()
    ['supplied', 'supplied', 'strained', 'supplied', 'supplied']
    >>> str(history.since["east"])
    '2025-01-13'
    """

    commodity: str
    states: pd.DataFrame
    changes: pd.DataFrame
    since: pd.Series[Any]

    def summary(self) -> dict[str, dict[str, int]]:
        """Return for each town that was not always supplied the days in each state.

        Returns
        -------
        days
            By town and state the number of days; a state that the town never had is left out.
        """
        counts = {
            node: {str(state): int(number) for state, number in column.value_counts().items()}
            for node, column in self.states.items()
        }
        return {str(node): days for node, days in counts.items() if set(days) != {"supplied"}}

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys commodity, start, end, changes, since and days_in_state (by town); days as
            YYYY-MM-DD. The state of each day is not told: it follows from the changes.
        """
        from supplyroutes.analysis.plain import records

        return {
            "commodity": self.commodity,
            "start": self.states.index[0].isoformat(),
            "end": self.states.index[-1].isoformat(),
            "changes": records(self.changes.set_index("date")),
            "since": {str(node): day.isoformat() for node, day in self.since.items()},
            "days_in_state": self.summary(),
        }

    def _repr_html_(self) -> str:
        """Return the changes as a table for notebooks."""
        from supplyroutes.analysis.plain import html

        return html(self.changes.set_index("date"))


def of_towns(history: IsolationHistory, nodes: Sequence[str]) -> IsolationHistory:
    """Return the history of these towns only."""
    changes = history.changes
    return IsolationHistory(
        commodity=history.commodity,
        states=history.states[list(nodes)],
        changes=changes[changes["node"].isin(nodes)].reset_index(drop=True),
        since=history.since[list(nodes)],
    )


def isolation_history(days: Timeline) -> IsolationHistory:
    """States of every town on every day of a timeline, and since when.

    Parameters
    ----------
    days
        The timeline.

    Returns
    -------
    history
        States by day and town, the changes, and the first day of the last state.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.history import isolation_history
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-08", end="2025-01-15")
    >>> isolation_history(days).changes.query("node == 'east'").values.tolist()
    [[datetime.date(2025, 1, 12), 'east', 'supplied', 'strained'], \
[datetime.date(2025, 1, 13), 'east', 'strained', 'supplied']]
    """
    import pandas as pd

    nodes = days.base.topology.node_ids
    baseline = days.base.asking(days.commodity, at=None, state=days.base.state)
    rows: list[list[int]] = []
    changes: list[tuple[date, str, str, str]] = []
    since = [days.dates[0]] * len(nodes)
    for day, network in days:
        if rows and days.same_as_before(day):
            rows.append(rows[-1])
            continue
        row = town_states(network, baseline)
        for node, code in enumerate(row):
            if rows and rows[-1][node] != code:
                changes.append((day, nodes[node], STATES[rows[-1][node]], STATES[code]))
                since[node] = day
        rows.append(row)
    return IsolationHistory(
        commodity=days.commodity,
        states=pd.DataFrame(
            [[STATES[code] for code in row] for row in rows],
            index=pd.Index(days.dates, name="date"),
            columns=pd.Index(nodes, name="node"),
        ),
        changes=pd.DataFrame(changes, columns=["date", "node", "before", "after"]),
        since=pd.Series(since, index=pd.Index(nodes, name="node"), name="since", dtype=object),
    )
