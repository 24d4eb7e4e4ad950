"""Days, what-ifs and commodities side by side, and the reports that made the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from supplyroutes.analysis.corridors import CorridorStates, corridor_states
from supplyroutes.analysis.differences import COLUMNS, Side, Standing, apart, or_inf, rows
from supplyroutes.analysis.isolation import STATES, Isolation, isolation
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

_TOWNS = (
    "state",
    "travel_time_h",
    "path_source",
    "path_time_h",
    "approaches",
    "approaches_free",
    "approaches_baseline",
    "relies_on_unknown",
    "reports",
)
_CORRIDORS = ("state", "time_h", "affected_km", "unknown_km", "last_report", "reports")


@dataclass(frozen=True)
class Comparison:
    """Networks side by side; made by `compare`.

    Attributes
    ----------
    reference
        The entry that the others are compared with: the first.
    entries
        Index `entry`; columns at, commodity, season, tracks, the number of towns in each
        state, unknown_roads, and differ: the towns that differ from the reference.
    towns
        Index `node`; column levels `quantity` and `entry`: state, times, approaches, reports
        and path of every town as in `isolation`, e.g. ``towns["state"]["as it was"]``. The
        quantities name and population have the entry "".
    differences
        Index `node`, `entry`: one row for each town and entry that differ from the reference,
        those of another state first, then the largest. Columns name, population, measure
        (state, time or approaches: the first of them that differs), worse (the entry in which
        the town is worse off), state, approaches, approaches_free and travel_time_h, each in
        the reference (suffix ``_reference``) and in the entry, approaches_baseline, reason,
        reports (that made the difference, the one on most arcs first), arcs and lost_sources
        (on which those reports are: the proof).
    corridors
        Index `corridor`; column levels `quantity` and `entry`, as `towns`; the quantities
        name and differs have the entry "".

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = {day: sr.disrupt(network, events, at=day) for day in ("2025-01-11", "2025-01-12")}
    >>> result = sr.compare(days)
    >>> result.differences.loc[("east", "2025-01-12"), ["state_reference", "state"]].tolist()
    ['supplied', 'strained']
    >>> result.differences.loc[("east", "2025-01-12"), ["reason", "reports"]].tolist()
    ['reports', ('T2',)]
    """

    reference: str
    entries: pd.DataFrame
    towns: pd.DataFrame
    differences: pd.DataFrame
    corridors: pd.DataFrame

    def summary(self) -> dict[str, dict[str, int]]:
        """Return for each entry the number of towns in each state, and of those that differ.

        Returns
        -------
        counts
            By entry: numbers of towns by state, unknown_roads, and differ.
        """
        counted = [*STATES, "unknown_roads", "differ"]
        return {
            str(entry): {name: int(row[name]) for name in counted}
            for entry, row in self.entries.iterrows()
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON.

        Returns
        -------
        values
            Keys reference, entries, differences, towns and corridors; what a town or corridor is
            in each entry stands under ``entries``. Days as YYYY-MM-DD, times in hours; what is
            missing is None.
        """
        from supplyroutes.analysis.plain import records

        return {
            "reference": self.reference,
            "entries": records(self.entries),
            "differences": records(self.differences),
            "towns": _nested(self.towns),
            "corridors": _nested(self.corridors),
        }

    def _repr_html_(self) -> str:
        """Return the entries and the towns that differ as tables for notebooks."""
        from supplyroutes.displays import html

        shown = ["name", "state_reference", "state", "travel_time_h_reference", "travel_time_h",
                 "reason", "reports"]  # fmt: skip
        return html(
            f"{len(self.entries)} entries beside each other",
            ("Towns by state (.entries)", self.entries),
            (f"Towns that differ from {self.reference} (.differences)", self.differences[shown]),
        )


def _nested(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table of two column levels: what an entry has, under its name."""
    from supplyroutes.analysis.plain import plain

    rows = []
    for key, row in frame.iterrows():
        told: dict[str, Any] = {str(frame.index.name): key}
        entries: dict[str, dict[str, Any]] = {}
        for (quantity, entry), value in cast("Iterable[Any]", row.items()):
            place = entries.setdefault(entry, {}) if quantity in _NAMED else told
            place[quantity] = plain(value)
        rows.append({**told, "entries": entries})
    return rows


_NAMED = frozenset((*_TOWNS, *_CORRIDORS, "path"))


def compare_networks(
    networks: Mapping[str, Network], *, baseline: Network | None = None
) -> Comparison:
    """Set days, what-ifs or commodities side by side; say which reports made the difference.

    Each entry is compared with the first. A town differs if its state does, or the time of its
    best passable path by more than half an hour, or its number of approaches (passable or
    free). For such a town take the side on which it is worse off, and of that side's proof the
    arcs that do not hinder on the better side:

    - *state*: the arcs of its cut (see `isolation`) that are passable (of a strained town:
      free) on the better side, and the sources lost on the worse side only;
    - *time*: the arcs of the better side's best path that are closed or slower on the worse
      side, and the start of that path if it is a lost source;
    - *approaches*: of the minimum cut around the town on the worse side (the smallest side
      that holds the town) the arcs that are passable (free) on the better side only.

    The reports that made the difference are those on these arcs and lost sources on the worse
    side that are not on them on the better side. They are a proof, not a guess: with everything
    else as on the better side, but these arcs and sources as on the worse, the town is in no
    better state and has no more approaches than on the worse side, or has lost that best path.

    Parameters
    ----------
    networks
        At least two networks of the same towns and roads, by name; the first is the reference.
    baseline
        The network at baseline for all of them; each one undisturbed by default.

    Returns
    -------
    comparison
        Towns and corridors side by side, and what differs. `reason` is "reports"; "effect" (the
        same reports with another effect: on another day of theirs, moved, or read by other
        rules); or, with no report to name, "commodity", "network view" (season, tracks, or other
        tables) or "assumptions".

    Raises
    ------
    RequestError
        There are fewer than two networks, or they do not have the same towns and roads.

    Notes
    -----
    Exact and independent of the order of rows. A network holds which reports are on an arc, not
    how much each does: a mild report on an arc that another one closes is named with it.
    O(towns x arcs) for the approaches, else linear in the network.

    References
    ----------
    .. [1] Ford, L. R., Fulkerson, D. R. (1956). Maximal flow through a network. Canadian J.
       Math. 8.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> lifted = sr.disrupt(network, events.without("T1"), at="2025-01-12")
    >>> result = sr.compare({"as it was": day, "T1 lifted": lifted})
    >>> result.summary()["T1 lifted"]["differ"]
    4
    >>> result.differences["reports"].to_dict()[("north", "T1 lifted")]
    ('T1',)
    """
    _check(networks)
    return comparison_of(
        {
            entry: _Standing(day, isolation(day, baseline=baseline), corridor_states(day))
            for entry, day in networks.items()
        }
    )


@dataclass(frozen=True)
class _Standing:
    """How things stand in a network."""

    day: Network
    isolation: Isolation
    corridors: CorridorStates


def _check(networks: Mapping[str, Network]) -> None:
    """Refuse what cannot be set side by side."""
    if len(networks) < 2:  # noqa: PLR2004
        raise RequestError(f"a comparison needs two networks or more, not {len(networks)}")
    first, *others = networks
    for entry in others:
        if networks[entry].topology.arc_key() != networks[first].topology.arc_key():
            raise RequestError(f"{entry!a} and {first!a} do not have the same towns and roads")


def comparison_of(standings: Mapping[str, Standing]) -> Comparison:
    """Return the comparison of what has been worked out already; see `compare`.

    Parameters
    ----------
    standings
        At least two, by name; a `Situation` is one.

    Returns
    -------
    comparison
        The same as `compare` gives for their networks.

    Raises
    ------
    RequestError
        There are fewer than two, or they do not have the same towns and roads.
    """
    import pandas as pd

    _check({entry: standing.day for entry, standing in standings.items()})
    reference, *others = standings
    sides = {entry: Side(entry, standing) for entry, standing in standings.items()}
    found = [row for entry in others for row in rows(sides[reference], sides[entry])]
    differences = pd.DataFrame(found, columns=["node", "entry", *COLUMNS])
    index = pd.MultiIndex.from_frame(differences[["node", "entry"]])
    differences = differences.drop(columns=["node", "entry"]).set_index(index)
    differ = Counter(differences.index.get_level_values("entry"))
    entries = [
        {
            "entry": entry,
            "at": standing.day.at,
            "commodity": standing.day.commodity,
            "season": standing.day.view.season,
            "tracks": standing.day.view.tracks,
            **standing.isolation.summary(),
            "differ": differ[entry],
        }
        for entry, standing in standings.items()
    ]
    return Comparison(
        reference=reference,
        entries=pd.DataFrame(entries).set_index("entry"),
        towns=_town_table(standings),
        differences=differences,
        corridors=_corridor_table(standings),
    )


def _side_by_side(columns: Mapping[tuple[str, str], Any], index: Any) -> pd.DataFrame:
    """Return a table of two column levels."""
    import pandas as pd

    frame = pd.DataFrame(dict(columns), index=index)
    frame.columns = pd.MultiIndex.from_tuples(list(columns), names=["quantity", "entry"])
    return frame


def _town_table(standings: Mapping[str, Standing]) -> pd.DataFrame:
    """Return the towns side by side."""
    results = {entry: standing.isolation for entry, standing in standings.items()}
    towns = next(iter(results.values())).towns
    columns = {(name, ""): towns[name] for name in ("name", "population")}
    for name in _TOWNS:
        columns |= {(name, entry): result.towns[name] for entry, result in results.items()}
    columns |= {("path", entry): result.paths for entry, result in results.items()}
    return _side_by_side(columns, towns.index)


def _corridor_table(standings: Mapping[str, Standing]) -> pd.DataFrame:
    """Return the corridors of the reference side by side, and which of them differ."""
    frames = {entry: standing.corridors.corridors for entry, standing in standings.items()}
    reference = next(iter(frames.values()))
    index = reference.index
    others = {entry: frame.reindex(index) for entry, frame in frames.items()}
    differs = [
        any(corridor_differs(reference.loc[name], frame.loc[name]) for frame in others.values())
        for name in index
    ]
    columns: dict[tuple[str, str], Any] = {
        ("name", ""): reference["name"],
        ("differs", ""): differs,
    }
    for name in _CORRIDORS:
        columns |= {(name, entry): frame[name] for entry, frame in others.items()}
    return _side_by_side(columns, index)


def corridor_differs(one: pd.Series[Any], other: pd.Series[Any]) -> bool:
    """Tell whether a corridor differs in state, affected length or truck time."""
    same = one["state"] == other["state"] and one["affected_km"] == other["affected_km"]
    return not same or apart(or_inf(one["time_h"]), or_inf(other["time_h"]))
