"""A trip: where trucks may start, what they pass or avoid, and which roads they accept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from supplyroutes.analysis.isolation import free_arcs, passable_arcs
from supplyroutes.core import STATUSES
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.network import Network

Accepts = Literal["unknown", "restricted", "escorted", "refused"]


@dataclass(frozen=True)
class Trip:
    """What a truck may do on its way; the default may do anything that passes.

    Parameters
    ----------
    origins
        Towns where it may start, in any spelling; none means all sources of the commodity.
    via
        Towns to pass, in this order. Each part of the way, from one of them to the next, meets no
        town twice; the whole way may, as on the spur to a town and back. Without named origins
        those sources start that are not to be passed and are not the end, if there are any.
    avoid
        Towns or road ids that it does not use.
    accepts
        Worst status of a road that it takes: "unknown" (a lone truck: open or unknown roads that
        have at least the assumed `strained_capacity_share` of their capacity), "restricted",
        "escorted" or "refused" (everything that passes).
    empty_return
        Look for the way back of the empty truck too.
    days
        A timeline that holds the day: a truck may then wait for a road to open or to be faster.

    Raises
    ------
    RequestError
        There is no such status, or a name stands where a list of names should.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> sr.supply_paths(day, to="east").paths["state"].tolist()
    ['restricted', 'restricted']
    >>> len(sr.supply_paths(day, to="east", trip=sr.Trip(accepts="unknown")).paths)
    0
    """

    origins: tuple[str, ...] = ()
    via: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    accepts: Accepts = "refused"
    empty_return: bool = False
    days: Timeline | None = None

    def _repr_html_(self) -> str:
        """Return what the truck may do as a table for notebooks."""
        from supplyroutes.displays import fields, html

        span = None if self.days is None else f"{self.days.dates[0]} to {self.days.dates[-1]}"
        told = {
            "from": self.origins or "all sources",
            "by": self.via,
            "not by": self.avoid,
            "worst road taken": self.accepts,
            "empty way back": self.empty_return,
            "may wait": span,
        }
        return html("Trip", ("For supply_paths and route", fields(told)))

    def __post_init__(self) -> None:
        """Refuse what cannot be meant; a list of names is as good as a tuple."""
        if self.accepts not in get_args(Accepts):
            raise RequestError(f"accepts {self.accepts!a}: {', '.join(get_args(Accepts))}")
        for field in ("origins", "via", "avoid"):
            names = getattr(self, field)
            if isinstance(names, str):
                raise RequestError(f"{field}={names!a} is one name: write {field}=({names!a},)")
            object.__setattr__(self, field, tuple(names))


@dataclass(frozen=True)
class Course:
    """A trip on one network, in numbers: made by `course_of`."""

    to: int
    origins: tuple[int, ...]
    via: tuple[int, ...]
    avoided: bytearray
    """For every arc whether the trip avoids it."""


def course_of(day: Network, to: str, trip: Trip) -> Course:
    """Return a trip in the numbers of a network, or say what contradicts itself.

    Raises
    ------
    UnknownIdError
        A town or road is not there.
    RequestError
        A town is to be passed twice, or both to be used and avoided.
    """
    top = day.topology
    target = top.node_index[day.find(to)]
    origins = sorted({top.node_index[day.find(name)] for name in trip.origins})
    via = [top.node_index[day.find(name)] for name in trip.via]
    if len({*via, target}) <= len(via):
        raise RequestError("via: each town once, and not the one where the trip ends")
    avoided = bytearray(len(top.tail))
    shunned = set()
    for name in trip.avoid:
        if name in top.edge_index:
            edge = top.edge_index[name]
            avoided[2 * edge] = avoided[2 * edge + 1] = 1
        else:
            shunned.add(top.node_index[avoided_town(day, name)])
    both = shunned & {target, *via, *origins}
    if both:
        names = ", ".join(day.name(top.node_ids[node]) for node in sorted(both))
        raise RequestError(f"{names}: to be used and to be avoided")
    for arc, ends in enumerate(zip(top.tail, top.head, strict=True)):
        if shunned.intersection(ends):
            avoided[arc] = 1
    sources = [node for node in day.sources() if node not in shunned]
    stops = {*via, target} if via else set()
    starts = origins or [node for node in sources if node not in stops] or sources
    return Course(to=target, origins=tuple(starts), via=tuple(via), avoided=avoided)


def avoided_town(day: Network, name: str) -> str:
    """Return the id of a town to avoid; a misspelt road is told of too."""
    try:
        return day.find(name)
    except UnknownIdError as error:
        roads = nearest_names(name, day.topology.edge_ids)
        if error.ambiguous or not roads:
            raise
        raise UnknownIdError("town or road", name, [*error.nearest, *roads]) from None


def accepted_arcs(network: Network, accepts: Accepts) -> bytearray:
    """Return for every arc whether a truck that accepts such roads takes it."""
    if accepts == "unknown":
        return free_arcs(network)
    worst = STATUSES.index(accepts)
    passable = passable_arcs(network)
    if accepts != "refused":
        for arc, status in enumerate(network.state.status):
            if status > worst:
                passable[arc] = 0
    return passable
