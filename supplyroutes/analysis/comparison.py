"""Days, what-ifs and commodities side by side, and the reports that made the difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from math import inf
from typing import TYPE_CHECKING, Any, Literal, Protocol, cast

from supplyroutes._kernels.mincut import target_side
from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.analysis.corridors import CorridorStates, corridor_states
from supplyroutes.analysis.isolation import (
    ISOLATED,
    NOT_ON_NETWORK,
    STATES,
    Isolation,
    free_arcs,
    isolation,
    passable_arcs,
)
from supplyroutes.core import Tables
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

SAME_TIME_H = 0.5
"""Truck times that differ by no more are taken as the same."""
Measure = Literal["state", "time", "approaches"]
Reason = Literal["reports", "effect", "commodity", "network view", "assumptions"]
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
COMPARED = ("state", "approaches", "approaches_free", "travel_time_h")
"""What differences tell of both sides."""


class Standing(Protocol):
    """How things stand in a network, worked out: what `comparison_of` sets side by side."""

    @property
    def day(self) -> Network:
        """The network."""

    @property
    def isolation(self) -> Isolation:
        """The states of its towns, approaches included."""

    @property
    def corridors(self) -> CorridorStates:
        """The states of its corridors."""


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
        shown = ["name", "state_reference", "state", "travel_time_h_reference", "travel_time_h",
                 "reason", "reports"]  # fmt: skip
        tables = [
            frame.to_html(escape=True, float_format="{:.1f}".format)
            for frame in (self.entries, self.differences[shown])
        ]
        return f"{tables[0]}<p>{escape(f'Beside {self.reference}:')}</p>{tables[1]}"


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


def compare(networks: Mapping[str, Network], *, baseline: Network | None = None) -> Comparison:
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
    sides = {entry: _Side(entry, standing) for entry, standing in standings.items()}
    rows = [row for entry in others for row in _rows(sides[reference], sides[entry])]
    differences = pd.DataFrame(rows, columns=["node", "entry", *_COLUMNS])
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
    return not same or _apart(_or_inf(one["time_h"]), _or_inf(other["time_h"]))


def _or_inf(time: Any) -> float:
    """Return a truck time, infinite where there is no way."""
    return inf if time is None or time != time else float(time)  # noqa: PLR0124


def _apart(one: float, other: float) -> bool:
    """Tell whether two truck times differ."""
    return one != other and abs(one - other) > SAME_TIME_H


# --- one town of two entries ------------------------------------------------------------------

_COLUMNS = (
    "name",
    "population",
    "measure",
    "worse",
    *(f"{name}{side}" for name in COMPARED for side in ("_reference", "")),
    "approaches_baseline",
    "reason",
    "reports",
    "arcs",
    "lost_sources",
)


class _Side:
    """One entry: the columns that are compared, and what proofs need, worked out when needed."""

    def __init__(self, entry: str, standing: Standing) -> None:
        self.entry = entry
        self.day = standing.day
        self.towns = standing.isolation.towns
        self.cuts = standing.isolation.cuts.tolist()
        self.states = [STATES.index(state) for state in self.towns["state"]]
        self.times = [_or_inf(time) for time in self.towns["travel_time_h"]]
        self.sources = frozenset(self.day.sources())
        self.ways = self._ways("approaches")
        self.free_ways = self._ways("approaches_free")

    def _ways(self, column: str) -> list[float]:
        """Return the approaches of every town; a source needs none."""
        return [
            inf if node in self.sources else count for node, count in enumerate(self.towns[column])
        ]

    @cached_property
    def passable(self) -> bytearray:
        """The arcs that anything passes."""
        return passable_arcs(self.day)

    @cached_property
    def free(self) -> bytearray:
        """The arcs that lone trucks pass."""
        return free_arcs(self.day)

    @cached_property
    def arc_of(self) -> dict[str, int]:
        """The number of each arc by its name."""
        top = self.day.topology
        return {top.arc_name(arc): arc for arc in range(len(top.tail))}

    @cached_property
    def _best(self) -> tuple[list[float], list[int], list[int]]:
        """Best passable time, last arc and source of every town."""
        top = self.day.topology
        return nearest_source(
            top.out_start, top.out_arcs, top.head, self.day.time_h, self.passable,
            sorted(self.sources),
        )  # fmt: skip

    def best_path(self, node: int) -> tuple[list[int], int]:
        """Return the arcs of a town's best passable path, and its source."""
        _, arc_in, source = self._best
        return path_to(node, arc_in, self.day.topology.tail), source[node]

    def bottleneck(self, node: int, passes: Sequence[int]) -> tuple[list[int], list[int]]:
        """Return the arcs into the side of the minimum cut that holds a town, and that side."""
        top = self.day.topology
        nodes = len(top.node_ids)
        arcs = [arc for arc, passable in enumerate(passes) if passable]
        side = target_side(
            [*(top.tail[arc] for arc in arcs), *[nodes] * len(self.sources)],
            [*(top.head[arc] for arc in arcs), *sorted(self.sources)],
            [*[1] * len(arcs), *[0] * len(self.sources)],
            nodes,
            node,
        )
        inside = [node] if side is None else [place for place in range(nodes) if side[place]]
        held = frozenset(inside)
        entering = [
            arc
            for arc, (tail, head) in enumerate(zip(top.tail, top.head, strict=True))
            if head in held and tail not in held
        ]
        return entering, inside

    def named(self, arc: int, *, slowing: bool) -> frozenset[str]:
        """Return the reports on an arc, those that only slow it if wanted."""
        state = self.day.state
        return frozenset((*state.reports[arc], *(state.delayed_by[arc] if slowing else ())))

    def effect(self, arc: int) -> tuple[int, float, float]:
        """Return what all reports together do to an arc."""
        state = self.day.state
        return state.status[arc], state.capacity_factor[arc], state.delay_h[arc]


@dataclass(frozen=True)
class _Gap:
    """A town that is worse off on one side: by what measure, and on which arcs and sources."""

    measure: Measure
    worse: _Side
    better: _Side
    arcs: tuple[int, ...] = ()
    lost: tuple[int, ...] = ()

    def told(self) -> tuple[Reason, tuple[str, ...]]:
        """Return why the town differs, and the reports that made the difference."""
        new: Counter[str] = Counter()
        standing: Counter[str] = Counter()
        for worse, better, other_effect in self._places():
            new.update(worse - better)
            standing.update(worse if other_effect else ())
        if new:
            return "reports", _by_count(new)
        if standing:
            return "effect", _by_count(standing)
        return self._other_reason(), ()

    def _places(self) -> Iterator[tuple[frozenset[str], frozenset[str], bool]]:
        """Yield for each arc and lost source the reports on both sides, and if effects differ.

        What only slows trucks is no reason why an arc is closed to them.
        """
        for arc in self.arcs:
            slowing = self.measure == "time" and bool(self.worse.passable[arc])
            worse, better = (side.named(arc, slowing=slowing) for side in (self.worse, self.better))
            yield worse, better, self.worse.effect(arc) != self.better.effect(arc)
        for node in self.lost:
            states = (self.worse.day.state, self.better.day.state)
            worse, better = (frozenset(state.node_reports[node]) for state in states)
            yield worse, better, states[0].supply_factor[node] != states[1].supply_factor[node]

    def _other_reason(self) -> Reason:
        """Return what else the two sides do not share."""
        one, other = self.worse.day, self.better.day
        if one.commodity != other.commodity:
            return "commodity"
        views = ((day.view.season, day.view.tracks) for day in (one, other))
        if len(set(views)) > 1 or not _same_tables(one.tables, other.tables):
            return "network view"
        return "assumptions"


def _same_tables(one: Tables, other: Tables) -> bool:
    """Tell whether two networks were read from equal tables."""
    return one is other or all(
        getattr(one, table).columns == getattr(other, table).columns for table in Tables.__slots__
    )


def _by_count(counts: Counter[str]) -> tuple[str, ...]:
    """Return names, the most frequent first, then by name."""
    return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _rows(reference: _Side, other: _Side) -> Iterator[dict[str, Any]]:
    """Yield the towns that differ: those of another state first, then the largest."""
    gaps = {
        node: gap
        for node in range(len(reference.states))
        if (gap := _gap(node, reference, other)) is not None
    }
    people = [count or 0 for count in reference.day.tables.towns.columns["population"]]
    ids = reference.day.topology.node_ids
    names = other.day.topology.arc_name
    for node in sorted(gaps, key=lambda node: (gaps[node].measure != "state", -people[node], node)):
        gap = gaps[node]
        reason, reports = gap.told()
        row = {"node": ids[node], "entry": other.entry, "measure": gap.measure}
        row |= {name: reference.towns[name].iloc[node] for name in ("name", "population")}
        for name in COMPARED:
            row[f"{name}_reference"] = reference.towns[name].iloc[node]
            row[name] = other.towns[name].iloc[node]
        yield row | {
            "worse": gap.worse.entry,
            "approaches_baseline": reference.towns["approaches_baseline"].iloc[node],
            "reason": reason,
            "reports": reports,
            "arcs": tuple(names(arc) for arc in gap.arcs),
            "lost_sources": tuple(ids[place] for place in gap.lost),
        }


def _gap(node: int, one: _Side, other: _Side) -> _Gap | None:
    """Return how a town differs between two entries; None if it does not."""
    if one.states[node] != other.states[node]:
        better, worse = sorted((one, other), key=lambda side: side.states[node])
        return _state_gap(node, worse, better)
    if _apart(one.times[node], other.times[node]):
        better, worse = sorted((one, other), key=lambda side: side.times[node])
        return _time_gap(node, worse, better)
    if one.ways[node] != other.ways[node]:
        better, worse = sorted((one, other), key=lambda side: -side.ways[node])
        return _approach_gap(node, worse, better, (worse.passable, better.passable))
    if one.free_ways[node] != other.free_ways[node]:
        better, worse = sorted((one, other), key=lambda side: -side.free_ways[node])
        return _approach_gap(node, worse, better, (worse.free, better.free))
    return None


def _state_gap(node: int, worse: _Side, better: _Side) -> _Gap:
    """Return the arcs of the worse side's cut, and the lost sources, that the better side uses.

    A town that is not on the network has no cut: no report has taken it off.
    """
    if worse.states[node] == NOT_ON_NETWORK:
        return _Gap("state", worse, better)
    passes = better.passable if worse.states[node] == ISOLATED else better.free
    cut = (worse.arc_of[name] for name in worse.cuts[node])
    index = worse.day.topology.node_index
    lost = (index[source] for source in worse.towns["lost_sources"].iloc[node])
    return _Gap(
        "state",
        worse,
        better,
        tuple(arc for arc in cut if passes[arc]),
        tuple(source for source in lost if source in better.sources),
    )


def _time_gap(node: int, worse: _Side, better: _Side) -> _Gap:
    """Return the arcs of the better side's best path that are closed or slower on the worse."""
    path, source = better.best_path(node)
    slow, fast = worse.day.time_h, better.day.time_h
    arcs = tuple(arc for arc in path if not worse.passable[arc] or slow[arc] > fast[arc])
    return _Gap("time", worse, better, arcs, () if source in worse.sources else (source,))


def _approach_gap(
    node: int, worse: _Side, better: _Side, passes: tuple[Sequence[int], Sequence[int]]
) -> _Gap:
    """Return the arcs of the worse side's minimum cut around a town that only the better has."""
    entering, inside = worse.bottleneck(node, passes[0])
    return _Gap(
        "approaches",
        worse,
        better,
        tuple(arc for arc in entering if passes[1][arc] and not passes[0][arc]),
        tuple(place for place in inside if place in better.sources and place not in worse.sources),
    )
