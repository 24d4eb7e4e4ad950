"""What can be removed from a day, one thing or a pair: roads, towns, terminals, corridors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import get_args

from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis.compiling import fast
from supplyroutes.analysis.flows.flow_problem import by_node, needs_of
from supplyroutes.analysis.isolation import passable_arcs
from supplyroutes.analysis.losses.choices import Kind
from supplyroutes.analysis.ways.roadgraph import in_ticks
from supplyroutes.core import CLOSED, incidence
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.places import Gazetteer

INDEX: Mapping[str, str] = {
    "roads": "edge",
    "towns": "node",
    "terminals": "node",
    "corridors": "corridor",
}
"""Which ids name the things of a kind."""


@dataclass(frozen=True)
class Removals:
    """The things of one kind that something passes on a day, and the arcs that go with each.

    `arcs` are those of the network; an arc that does not pass now cannot be removed.
    `sources` are nodes (numbers) that go out of service.
    """

    ids: tuple[str, ...]
    arcs: tuple[tuple[int, ...], ...]
    sources: tuple[tuple[int, ...], ...]


def removals_of(day: Network, of: Kind) -> Removals:
    """Return what can be removed, in order of id.

    A road goes in both directions. A town goes with all its roads, and as a source. A terminal
    is a source that goes out of service; what passes it still does. A corridor goes with all its
    roads, in both directions.

    Parameters
    ----------
    day
        The network on a day.
    of
        The kind.

    Returns
    -------
    things
        Their ids, arcs and sources. What nothing passes is left out: it is gone already.

    Raises
    ------
    RequestError
        There is no such kind.
    """
    if of not in get_args(Kind):
        raise RequestError(f"nothing of the kind {of!a} to remove: {', '.join(get_args(Kind))}")
    top, passes, sources = day.topology, passable_arcs(day), set(day.sources())
    arcs: dict[str, Sequence[int]] = {}
    nodes: dict[str, int] = {}
    if of == "roads":
        arcs = {edge: (2 * at, 2 * at + 1) for at, edge in enumerate(top.edge_ids)}
    elif of == "corridors":
        driven = Gazetteer(day).corridor_arcs
        arcs = {
            name: sorted({arc ^ flip for arc in driven[name] for flip in (0, 1)}) for name in driven
        }
    else:
        nodes = {name: node for node, name in enumerate(top.node_ids)}
    if of == "towns":
        arcs = {name: _at(day, node) for name, node in nodes.items()}
    found = [
        (name, tuple(arc for arc in arcs.get(name, ()) if passes[arc]), source)
        for name in sorted({*arcs, *nodes})
        for source in [(nodes[name],) if nodes.get(name) in sources else ()]
    ]
    kept = [entry for entry in found if entry[1] or entry[2]]
    ids, gone, lost = zip(*kept, strict=True) if kept else ((), (), ())
    return Removals(ids, gone, lost)


def _at(day: Network, node: int) -> list[int]:
    """Return the arcs into and out of a town."""
    top = day.topology
    out = top.out_arcs[top.out_start[node] : top.out_start[node + 1]]
    into = top.in_arcs[top.in_start[node] : top.in_start[node + 1]]
    return sorted({*out, *into})


def without(day: Network, *names: str, of: Kind = "roads") -> Network:
    """Return the day without some roads, towns, terminals or corridors.

    What is removed is closed in both directions, whatever the reports say of it; all else stays
    as it is on the day. So ``isolation(without(day, road), baseline=day)`` is the proof of what
    that road is worth: a new best path for each town that has one, a closed cut for each other.

    Parameters
    ----------
    day
        The network on a day.
    *names
        Ids of what is removed.
    of
        Their kind: "roads", "towns" (with all their roads, and as sources), "terminals" (as
        sources only) or "corridors" (all their roads).

    Returns
    -------
    network
        The network with the same ids, on the same day.

    Raises
    ------
    RequestError
        There is no such kind.
    UnknownIdError
        There is nothing of that id on the day: the nearest are told.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.removals import without
    >>> network, _ = sr.datasets.toy()
    >>> gone = without(network, "port--north")
    >>> proof = sr.isolation(gone, baseline=network)
    >>> proof.paths["north"]
    ('port--south', 'south--bridge', 'north--bridge')
    """
    things = removals_of(day, of)
    place = {name: at for at, name in enumerate(things.ids)}
    factor, status = list(day.state.capacity_factor), list(day.state.status)
    supply = list(day.state.supply_factor)
    for name in names:
        if name not in place:
            kind = f"{of.removesuffix('s')} in use"
            raise UnknownIdError(kind, name, nearest_names(name, things.ids))
        for arc in things.arcs[place[name]]:
            factor[arc], status[arc] = 0.0, CLOSED
        for node in things.sources[place[name]]:
            supply[node] = 0.0
    state = replace(day.state, capacity_factor=factor, status=status, supply_factor=supply)
    return day.asking(day.commodity, at=day.at, state=state)


class SupplyTree:
    """The tree of best paths from all sources, as from one root that an arc leads from to each.

    The arcs of the network come first, then one to each source. Costs are whole ticks, so that
    sums are exact and equal times are equal.
    """

    def __init__(self, day: Network) -> None:
        top, self.sources = day.topology, day.sources()
        self.roads, self.root = len(top.tail), len(top.node_ids)
        self.number = top.node_index
        more = len(self.sources)
        self.tail = [*top.tail, *[self.root] * more]
        self.head = (*top.head, *self.sources)
        self.cost = [*in_ticks(day.time_h), *[0.0] * more]
        self.passable = bytes(passable_arcs(day)) + b"\1" * more
        demand = by_node(needs_of(day))
        people = day.tables.towns.columns["population"]
        self.demand = (*(demand.get(node, 0.0) for node in range(self.root)), 0.0)
        self.people = (*(float(count or 0) for count in people), 0.0)
        out_start, out_arcs = incidence(self.tail, self.root + 1)
        search = fast(nearest_source, len(self.tail))
        self.best, self.arc_in, _ = search(
            out_start, out_arcs, self.head, self.cost, self.passable, [self.root]
        )

    @cached_property
    def wanted(self) -> list[float]:
        """1 for every town that uses fuel or has people, else 0."""
        both = zip(self.demand, self.people, strict=True)
        return [float(demand > 0 or people > 0) for demand, people in both]

    def arc_to(self, source: int) -> int:
        """Return the arc from the root to a source."""
        return self.roads + self.sources.index(source)
