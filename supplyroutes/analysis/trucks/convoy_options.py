"""Convoys that could be sent: corridor, destination, day of leaving; arrival and return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.analysis.flows.flow_problem import source_limits
from supplyroutes.analysis.stores.transit import Consignment, Roads, UnderWay, roads_of
from supplyroutes.analysis.trucks.convoys import convoy_roads
from supplyroutes.analysis.trucks.fleet import Ways
from supplyroutes.disruption import Timeline
from supplyroutes.places import Gazetteer


@dataclass(frozen=True)
class Option:
    """A convoy that could be sent; days are counted from the first one.

    `keep` is the share of its tankers that arrives on average. In the morning of the day `free`
    tankers and escorts are back at the source; that may be a day after the last.
    """

    corridor: str
    source: int
    town: int
    path: tuple[int, ...]
    leaves: int
    arrives: int
    free: int
    keep: float


def options_of(days: Timeline, towns: Sequence[int]) -> list[Option]:
    """Return the convoys that arrive within the days, in order of corridor, town and day.

    A convoy follows its corridor to the town, or to where the quickest way to the town leaves it.
    It enters no closed road. No convoy is sent to stand on the way: if one of the same corridor and
    town leaves later and arrives no later and as safely, that one is sent. A path that two
    corridors share counts once.

    Parameters
    ----------
    days
        The network day by day.
    towns
        Numbers of the towns that may be destinations.
    """
    known: dict[int, Roads] = {}
    roads = [known.setdefault(id(day.state), roads_of(day)) for _, day in days]
    slow = {id(each): convoy_roads(each) for each in known.values()}
    paths = {id(each): corridor_paths(each, towns) for each in known.values()}
    assembly = ceil(days.base.assumptions["convoy_assembly_days"].best)
    under_way = UnderWay(None)
    sent: list[tuple[str, int, tuple[int, ...], int]] = []
    arrived: dict[int, tuple[int, float]] = {}
    for place, each in enumerate(roads):
        if place >= assembly:
            for (corridor, town), path in paths[id(each)].items():
                source = each.day.topology.tail[path[0]]
                under_way.send(Consignment(source, len(sent), path, 1.0, 1.0))
                sent.append((corridor, town, path, place))
        for (_, number), share in under_way.drive(slow[id(each)]).unloaded.items():
            arrived[number] = place, share
    home = Ways()
    found = []
    for number, (arrives, keep) in sorted(arrived.items()):
        corridor, town, path, leaves = sent[number]
        source = days.base.topology.tail[path[0]]
        free = _free(roads, home, town, source, arrives)
        found.append(Option(corridor, source, town, path, leaves, arrives, free, keep))
    return sorted(_worthwhile(found), key=lambda one: (one.corridor, one.town, one.leaves))


def corridor_paths(roads: Roads, towns: Sequence[int]) -> dict[tuple[str, int], tuple[int, ...]]:
    """Return the path to each town by each corridor from a source, as the roads of a day are."""
    day = roads.day
    top, sources = day.topology, source_limits(day)
    known: set[tuple[int, ...]] = set()
    found: dict[tuple[str, int], tuple[int, ...]] = {}
    for corridor, arcs in sorted(Gazetteer(day).corridor_arcs.items()):
        if not arcs or top.tail[arcs[0]] not in sources or not all(day.usable[arc] for arc in arcs):
            continue
        place = {top.head[arc]: number for number, arc in enumerate(arcs, 1)}
        best, arc_in, _ = nearest_source(
            top.out_start, top.out_arcs, top.head, roads.clock_h, roads.passable, [*place]
        )
        for town in towns:
            if best[town] == float("inf"):
                continue
            onward = path_to(town, arc_in, top.tail)
            leaves_at = top.tail[onward[0]] if onward else town
            path = (*arcs[: place[leaves_at]], *onward)
            if path not in known:
                known.add(path)
                found[corridor, town] = path
    return found


def _free(roads: Sequence[Roads], home: Ways, town: int, source: int, arrives: int) -> int:
    """Return the day on which a convoy is back; it waits in the town for an open way home."""
    for place in range(arrives, len(roads)):
        back = home.home(roads[place], town, source)
        if back is not None:
            return place + roads[place].lag_days(back) + 2
    return len(roads)


def _worthwhile(options: Sequence[Option]) -> Iterator[Option]:
    """Leave out convoys that would only stand on the way."""
    later: dict[tuple[str, int], Option] = {}
    for one in sorted(options, key=lambda option: -option.leaves):
        other = later.get((one.corridor, one.town))
        if other is None or one.arrives < other.arrives or one.keep > other.keep:
            later[one.corridor, one.town] = one
            yield one
