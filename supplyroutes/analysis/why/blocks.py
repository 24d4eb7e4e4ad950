"""What blocks what: the reports on each arc and source of a day, and the maze they make.

A *lock* on an arc is the set of reports of one impact that blocks it: a ban and the report
that shows it enforced make one lock, and lifting either opens it. The arc is open again when
every one of its locks is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from supplyroutes._kernels.lifting import Maze
from supplyroutes._kernels.reach import strong_components
from supplyroutes.analysis.isolation import is_free
from supplyroutes.analysis.why.cuts import side_of
from supplyroutes.impacts import Impact
from supplyroutes.network import Network

Lock = frozenset[str]


@dataclass(frozen=True)
class Blocks:
    """The locks that keep fuel from passing, or from passing freely, on one day.

    Attributes
    ----------
    network
        The undisturbed network, asked for the commodity of the day.
    arcs
        The locks on each blocked arc.
    sources
        The locks on each source that is out of service.
    """

    network: Network
    arcs: Mapping[int, frozenset[Lock]]
    sources: Mapping[int, frozenset[Lock]]

    @classmethod
    def of(cls, network: Network, impacts: Iterable[Impact], *, free: bool) -> Blocks:
        """Return what keeps an arc from being passable, or from being free if `free` is true."""
        share = network.assumptions["strained_capacity_share"].best
        arcs: dict[int, set[Lock]] = {}
        sources: dict[int, set[Lock]] = {}
        for impact in impacts:
            lock = frozenset(impact.reports)
            factor = impact.capacity_factor
            if factor == 0 or (free and not is_free(impact.status, factor, share)):
                for arc in impact.arcs:
                    arcs.setdefault(arc, set()).add(lock)
            if factor == 0:
                for node in impact.nodes:
                    sources.setdefault(node, set()).add(lock)
        return cls(network, _least(arcs), _least(sources))

    @cached_property
    def _arcs(self) -> list[int]:
        """The arcs that the commodity may use when nothing has happened."""
        return [arc for arc, usable in enumerate(self.network.usable) if usable]

    def cut(self, target: int) -> tuple[list[int], list[int]] | None:
        """Return the canonical minimum cut of a town as (arcs, sources); None if it is joined.

        A blocked arc and a lost source count one each, what is open counts without limit: the
        cut holds the fewest blocked ones that keep the town cut off.
        """
        unit = [arc in self.arcs for arc in self._arcs]
        sources = self.network.sources()
        lost = self.sources.keys()
        side = side_of(self.network.topology, self._arcs, unit, sources, lost, target)
        if side is None:
            return None
        return self._crossing(self._arcs, side), [source for source in sources if side[source]]

    def last_roads(self, target: int) -> list[int]:
        """Return the arcs of the canonical smallest set whose closure cuts a joined town off.

        Empty if the town is cut off already, or is a source itself.
        """
        arcs = [arc for arc in self._arcs if arc not in self.arcs]
        serving = [source for source in self.network.sources() if source not in self.sources]
        side = side_of(self.network.topology, arcs, [1] * len(arcs), serving, (), target)
        return [] if side is None else self._crossing(arcs, side)

    def _crossing(self, arcs: Sequence[int], side: Sequence[int]) -> list[int]:
        """Return those of the arcs that enter one side of a cut."""
        top = self.network.topology
        return [arc for arc in arcs if side[top.head[arc]] and not side[top.tail[arc]]]

    @cached_property
    def pockets(self) -> list[int]:
        """The pocket of every town: those that open roads join to each other."""
        top = self.network.topology
        open_arcs = bytearray(len(top.tail))
        for arc in self._arcs:
            open_arcs[arc] = arc not in self.arcs
        return strong_components(top.out_start, top.out_arcs, top.head, open_arcs)

    @cached_property
    def _doors(self) -> list[tuple[int, int, frozenset[Lock]]]:
        """The ways from pocket to pocket, and from the entrance to sources, with their locks."""
        top, pocket = self.network.topology, self.pockets
        entrance = max(pocket) + 1
        doors = {
            (pocket[top.tail[arc]], pocket[top.head[arc]], self.arcs.get(arc, frozenset()))
            for arc in self._arcs
            if pocket[top.tail[arc]] != pocket[top.head[arc]]
        }
        return [
            *doors,
            *{
                (entrance, pocket[source], self.sources.get(source, frozenset()))
                for source in self.network.sources()
            },
        ]

    def maze(self, target: int) -> tuple[Maze, tuple[str, ...]]:
        """Return the maze of all ways to a town, and the reports that are its keys.

        Towns that open roads join are one node; what lies on no way to the town is left out.
        """
        entrance, pocket = max(self.pockets) + 1, self.pockets[target]
        ways = _between(self._doors, entrance, pocket)
        keys = tuple(sorted({report for *_, locks in ways for lock in locks for report in lock}))
        return _maze(ways, keys, entrance, pocket), keys

    def whole_maze(self, keys: Sequence[str]) -> Maze:
        """Return the maze of all ways to all pockets, with these keys; its target is the entrance.

        A lock without any of the keys never opens.
        """
        entrance = max(self.pockets) + 1
        return _maze(self._doors, keys, entrance, entrance)


def _maze(
    ways: Iterable[tuple[int, int, frozenset[Lock]]],
    keys: Sequence[str],
    entrance: int,
    target: int,
) -> Maze:
    """Return the maze of these ways; a lock is the bits of those of the keys that it holds."""
    bit = {report: 1 << place for place, report in enumerate(keys)}
    arcs = sorted(
        (tail, head, tuple(sorted(sum(bit.get(report, 0) for report in lock) for lock in locks)))
        for tail, head, locks in ways
    )
    return Maze(
        [tail for tail, _, _ in arcs],
        [head for _, head, _ in arcs],
        [locks for *_, locks in arcs],
        entrance,
        target,
    )


def _between(
    doors: Iterable[tuple[int, int, frozenset[Lock]]], entrance: int, target: int
) -> list[tuple[int, int, frozenset[Lock]]]:
    """Return the doors that lie on some walk from the entrance to the target."""
    kept = list(doors)
    fed = _walked([(tail, head) for tail, head, _ in kept], entrance)
    leads = _walked([(head, tail) for tail, head, _ in kept], target)
    return [door for door in kept if door[0] in fed and door[1] in leads]


def _walked(steps: Iterable[tuple[int, int]], start: int) -> set[int]:
    """Return the nodes that these steps lead to."""
    ahead: dict[int, list[int]] = {}
    for here, there in steps:
        ahead.setdefault(here, []).append(there)
    seen = {start}
    queue = [start]
    for node in queue:
        for other in ahead.get(node, ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return seen


def _least(found: Mapping[int, set[Lock]]) -> dict[int, frozenset[Lock]]:
    """Return the locks without those that open whenever a smaller one does."""
    return {
        place: frozenset(lock for lock in locks if not any(other < lock for other in locks))
        for place, locks in found.items()
    }
