"""Which towns are cut off or strained, from which source, and by what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import inf, nan
from typing import TYPE_CHECKING, Any

from supplyroutes._kernels.disjoint import disjoint_paths
from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes._kernels.reach import gates, reached, reaches, strong_components
from supplyroutes.core import UNKNOWN
from supplyroutes.errors import RequestError
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

Proof = tuple[tuple[int, ...], tuple[int, ...]]
STATES = ("supplied", "strained", "isolated", "not_on_network")
"""States of a town, from best to worst; the last one is no state of the blockade."""
SUPPLIED, STRAINED, ISOLATED, NOT_ON_NETWORK = range(4)


@dataclass(frozen=True)
class Isolation:
    """States of all towns on a day; made by `isolation`.

    Attributes
    ----------
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    towns
        Index `node`; columns name, country, state, nearest_source, travel_time_h,
        free_time_h (over unrestricted roads only), baseline_time_h, detour_ratio,
        population, approaches (edge-disjoint passable), approaches_free,
        approaches_baseline, path_source and path_time_h (of the path that proves the state:
        the free one of a supplied town), relies_on_unknown, lost_sources (out of service),
        reports (behind the state, the one that acts on most of the cut first).
    paths
        Index `node`: the roads of the certificate in driving order: of the best free path
        for a supplied town, of the best passable path for a strained one.
    cuts
        Index `node`: the arcs of the certificate, as ``tail>head (road)``: closed ones
        for an isolated town, restricted ones for a strained one. Every way in at baseline
        crosses one of them, or begins at one of the town's `lost_sources`.
    unknown_roads
        Roads whose state is unknown: the last report has run out by assumption.
    strained_capacity_share
        Assumption in force: a road with less than this share of its capacity strains.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> cut = sr.isolation(sr.disrupt(network, events, at="2025-01-12"))
    >>> cut.summary()["strained"]
    3
    >>> cut.cuts["north"]
    ('port>north (port--north)', 'south>bridge (south--bridge)')
    """

    at: date | None
    commodity: str
    towns: pd.DataFrame
    paths: pd.Series[Any]
    cuts: pd.Series[Any]
    unknown_roads: tuple[str, ...]
    strained_capacity_share: float

    def summary(self) -> dict[str, int]:
        """Return the number of towns in each state, and of roads of unknown state.

        Returns
        -------
        counts
            The numbers of towns by state, the best first, then ``unknown_roads``.
        """
        counts = Counter(self.towns["state"])
        return {
            **{state: counts.get(state, 0) for state in STATES},
            "unknown_roads": len(self.unknown_roads),
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            Keys at, commodity, summary, strained_capacity_share, unknown_roads and towns (one entry
            a town, with its path and its cut; times in hours).
        """
        from supplyroutes.analysis.plain import records

        return {
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "summary": self.summary(),
            "strained_capacity_share": self.strained_capacity_share,
            "unknown_roads": list(self.unknown_roads),
            "towns": [
                {**row, "path": list(self.paths[row["node"]]), "cut": list(self.cuts[row["node"]])}
                for row in records(self.towns)
            ],
        }

    def _repr_html_(self) -> str:
        """Return the towns that are not supplied, as a table for notebooks."""
        from supplyroutes.displays import asked, html

        columns = ["name", "state", "nearest_source", "travel_time_h", "approaches", "reports"]
        told = self.towns[self.towns["state"].isin(["isolated", "strained"])]
        told = told.sort_values(["state", "population"], ascending=[True, False], kind="stable")
        counts = ", ".join(f"{number} {word}" for word, number in self.summary().items())
        shown = [name for name in columns if name in told]  # approaches are not always counted
        caption = "Towns that are isolated or strained, the largest first (.towns)"
        return html(f"{asked(self.commodity, self.at)}: {counts}", (caption, told[shown]))


def isolation(
    day: Network, *, baseline: Network | None = None, approaches: bool = True
) -> Isolation:
    """State of every town: supplied, strained, isolated or not on the network.

    A town is *isolated* if no open path leads to it from any source of the commodity;
    *strained* if one does, but each crosses a road that is restricted, escorted, refused
    to the commodity, or below a stated share of its capacity; else *supplied*. It is
    *not_on_network* if no path leads to it even at baseline. Arcs, not roads, count:
    a blockade may stop one direction only.

    Parameters
    ----------
    day
        The network on a day.
    baseline
        The network to compare with; the undisturbed `day` by default.
    approaches
        Count edge-disjoint approaches too (the encirclement figure); takes longest.

    Returns
    -------
    cut
        States with nearest source, truck time in hours, detour ratio (time over baseline
        time), people, approaches, and a certificate for each: a path or a cut.

    Raises
    ------
    RequestError
        The two networks do not have the same towns and roads.

    Notes
    -----
    The cut of a town is the set of baseline arcs that lead from towns fed without it into
    the largest set of towns that can still reach it: unique, so the same on every run. Truck
    times are those of the best passable path, restricted or not, so that one more closure
    never shortens them; `path_time_h` is that of the path which proves the state.

    References
    ----------
    .. [1] Menger, K. (1927). Zur allgemeinen Kurventheorie. Fund. Math. 10.
    .. [2] Jenelius, E., Petersen, T., Mattsson, L.-G. (2006). Importance and exposure in
       road network vulnerability analysis. Transp. Res. A 40(7).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> cut = sr.isolation(day, baseline=network)
    >>> cut.towns.loc["east", ["state", "reports"]].tolist()
    ['strained', ('T1', 'T2')]
    >>> cut.paths["east"]
    ('port--south', 'south--bridge', 'bridge--east')
    """
    import pandas as pd

    before = day.undisturbed() if baseline is None else baseline
    before = before.asking(day.commodity, at=before.at, state=before.state)
    if before.topology.arc_key() != day.topology.arc_key():
        raise RequestError("day and baseline are not the same network")
    towns = day.tables.towns.columns
    reading = _Reading(day, before)
    index = pd.Index(towns["node"], name="node")
    frame = pd.DataFrame(
        {
            "name": towns["name"],
            "country": towns["country"],
            "state": [STATES[code] for code in reading.states],
            **reading.time_columns(),
            "population": towns["population"],
            **(reading.approach_columns() if approaches else {}),
            **reading.certificate_columns(),
        },
        index=index,
    )
    status = day.state.status
    return Isolation(
        at=day.at,
        commodity=day.commodity,
        towns=frame,
        paths=pd.Series(reading.paths, index=index, name="path", dtype=object),
        cuts=pd.Series(reading.cut_names(), index=index, name="cut", dtype=object),
        unknown_roads=tuple(
            edge
            for number, edge in enumerate(day.topology.edge_ids)
            if UNKNOWN in (status[2 * number], status[2 * number + 1])
        ),
        strained_capacity_share=day.assumptions["strained_capacity_share"].best,
    )


def passable_arcs(network: Network) -> bytearray:
    """Return for every arc whether anything of the commodity can pass."""
    factors = network.state.capacity_factor
    return bytearray(
        bool(usable and factor > 0) for usable, factor in zip(network.usable, factors, strict=True)
    )


def free_arcs(network: Network) -> bytearray:
    """Return for every arc whether lone trucks pass without restriction."""
    share = network.assumptions["strained_capacity_share"].best
    state = network.state
    return bytearray(
        bool(usable and is_free(status, factor, share))
        for usable, status, factor in zip(
            network.usable, state.status, state.capacity_factor, strict=True
        )
    )


def is_free(status: int, capacity_factor: float, strained_share: float) -> bool:
    """Tell whether lone trucks pass what has this status and share of its capacity."""
    return status <= UNKNOWN and capacity_factor >= strained_share and capacity_factor > 0


def town_states(day: Network, baseline: Network) -> list[int]:
    """Return the state of every town as a place in `STATES`, by reachability alone."""
    reach = [
        _reached(baseline, passable_arcs(baseline)),
        _reached(day, passable_arcs(day)),
        _reached(day, free_arcs(day)),
    ]
    return [
        SUPPLIED if free else STRAINED if open_ else ISOLATED if known else NOT_ON_NETWORK
        for known, open_, free in zip(*reach, strict=True)
    ]


def _reached(network: Network, passable: Sequence[int]) -> bytearray:
    """Return which towns the sources reach over the arcs that pass."""
    top = network.topology
    return reached(top.out_start, top.out_arcs, top.head, passable, network.sources())


class _Reading:
    """States, paths and cuts of one day, computed once."""

    def __init__(self, day: Network, baseline: Network) -> None:
        self.day = day
        self.baseline = baseline
        self.top = day.topology
        self.sources = day.sources()
        self.passable = passable_arcs(day)
        self.free = free_arcs(day)
        self.at_baseline = passable_arcs(baseline)
        self.best = self._times(day, self.passable)
        self.unrestricted = self._times(day, self.free)
        self.before = self._times(baseline, self.at_baseline)
        self.states = [
            SUPPLIED if free < inf else STRAINED if open_ < inf else ISOLATED
            if known < inf else NOT_ON_NETWORK
            for known, open_, free in zip(
                self.before[0], self.best[0], self.unrestricted[0], strict=True
            )
        ]  # fmt: skip
        self.known_sources = frozenset(baseline.sources())
        self.path_arcs = [self._path(node) for node in range(len(self.states))]
        edges = self.top.edge_ids
        self.paths = [tuple(edges[arc // 2] for arc in path) for path in self.path_arcs]
        proofs = self._proofs()
        self.cuts = [cut for cut, _ in proofs]
        self.lost = [lost for _, lost in proofs]

    def _times(
        self, network: Network, passable: Sequence[int]
    ) -> tuple[list[float], list[int], list[int]]:
        """Return best time, last arc and source of every town."""
        top = self.top
        return nearest_source(
            top.out_start, top.out_arcs, top.head, network.time_h, passable, network.sources()
        )

    def _path(self, node: int) -> list[int]:
        """Return the arcs of the path that proves the state of a town."""
        code = self.states[node]
        if code > STRAINED:
            return []
        tree = self.unrestricted if code == SUPPLIED else self.best
        return path_to(node, tree[1], self.top.tail)

    def _proofs(self) -> list[Proof]:
        """Return the cut that proves the state of each town, and the lost sources inside it.

        Towns of one strongly connected component share their proof, so each is found once.
        """
        proofs: list[Proof] = [((), ())] * len(self.states)
        for code, passable in ((STRAINED, self.free), (ISOLATED, self.passable)):
            if code not in self.states:
                continue
            top = self.top
            component = strong_components(top.out_start, top.out_arcs, top.head, passable)
            found: dict[int, Proof] = {}
            for node, state in enumerate(self.states):
                if state == code:
                    if component[node] not in found:
                        found[component[node]] = self._proof(node, passable)
                    proofs[node] = found[component[node]]
        return proofs

    def _proof(self, node: int, passable: Sequence[int]) -> Proof:
        """Return the baseline arcs into the towns that still reach `node`, and lost sources.

        Only arcs from towns that a source feeds from outside count: what lies behind the
        set blocks nobody. Sources inside the set that are out of service complete the proof.
        """
        top = self.top
        inside = reaches(top.in_start, top.in_arcs, top.tail, passable, node)
        outside = bytearray(
            ok and not inside[head] for ok, head in zip(self.at_baseline, top.head, strict=True)
        )
        sources = [source for source in self.known_sources if not inside[source]]
        fed = reached(top.out_start, top.out_arcs, top.head, outside, sources)
        cut = gates(inside, top.tail, top.head, self.at_baseline)
        lost = sorted(source for source in self.known_sources if inside[source])
        return tuple(arc for arc in cut if fed[top.tail[arc]]), tuple(lost)

    def cut_names(self) -> list[tuple[str, ...]]:
        """Return the cuts with names for people."""
        return [tuple(self.top.arc_name(arc) for arc in cut) for cut in self.cuts]

    def time_columns(self) -> dict[str, list[Any]]:
        """Return nearest source, times and detour ratio."""
        ids = self.top.node_ids
        ratios = [
            nan if inf in (now, before) else 1.0 if before == now else
            now / before if before > 0 else nan
            for now, before in zip(self.best[0], self.before[0], strict=True)
        ]  # fmt: skip
        trees = [self.unrestricted if code == SUPPLIED else self.best for code in self.states]
        return {
            "path_source": [
                ids[tree[2][node]] if tree[2][node] >= 0 else None
                for node, tree in enumerate(trees)
            ],
            "path_time_h": [_or_nan(tree[0][node]) for node, tree in enumerate(trees)],
            "nearest_source": [ids[source] if source >= 0 else None for source in self.best[2]],
            "travel_time_h": [_or_nan(time) for time in self.best[0]],
            "free_time_h": [_or_nan(time) for time in self.unrestricted[0]],
            "baseline_time_h": [_or_nan(time) for time in self.before[0]],
            "detour_ratio": ratios,
        }

    def approach_columns(self) -> dict[str, list[int]]:
        """Return edge-disjoint approaches: passable now, free now, and at baseline."""
        before = set(self.baseline.sources())
        now = set(self.sources)
        return {
            "approaches": self._approaches(self.passable, now),
            "approaches_free": self._approaches(self.free, now),
            "approaches_baseline": self._approaches(self.at_baseline, before),
        }

    def _approaches(self, passable: Sequence[int], sources: set[int]) -> list[int]:
        """Return the number of edge-disjoint paths from the sources to every town."""
        top = self.top
        flags = bytearray(node in sources for node in range(len(top.node_ids)))
        return [
            disjoint_paths(
                top.in_start,
                top.in_arcs,
                top.out_start,
                top.out_arcs,
                top.tail,
                top.head,
                passable,
                flags,
                node,
            )
            for node in range(len(top.node_ids))
        ]

    def certificate_columns(self) -> dict[str, list[Any]]:
        """Return whether the path relies on unknown roads, and the reports behind the cut."""
        status, ids = self.day.state.status, self.top.node_ids
        known: dict[Proof, tuple[str, ...]] = {}
        for proof in zip(self.cuts, self.lost, strict=True):
            if proof not in known:
                known[proof] = self._reports(*proof)
        return {
            "relies_on_unknown": [
                any(status[arc] == UNKNOWN for arc in path) for path in self.path_arcs
            ],
            "lost_sources": [tuple(ids[source] for source in lost) for lost in self.lost],
            "reports": [known[proof] for proof in zip(self.cuts, self.lost, strict=True)],
        }

    def _reports(self, cut: Sequence[int], lost: Sequence[int]) -> tuple[str, ...]:
        """Return the reports on a cut and on lost sources, the one on most of them first."""
        state = self.day.state
        counts = Counter(name for arc in cut for name in state.reports[arc])
        counts.update(name for source in lost for name in state.node_reports[source])
        return tuple(sorted(counts, key=lambda name: (-counts[name], name)))


def _or_nan(time: float) -> float:
    """Return the time, or nan where there is none: an absence is no number."""
    return nan if time == inf else time
