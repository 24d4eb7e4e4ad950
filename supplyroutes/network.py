"""The network: towns, roads and their state, immutable, with stable ids.

A disrupted network is the same type with the same ids: a closed road stays as a row with
capacity factor 0. The compiled core is built once and shared by every disrupted copy; only
the state differs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, get_args

from supplyroutes import checks, frames, own_use
from supplyroutes.assumptions import Assumptions
from supplyroutes.commodities import check_commodity, covers
from supplyroutes.core import (
    Season,
    State,
    Tables,
    Topology,
    View,
    compile_topology,
    home_country,
    usable_arcs,
)
from supplyroutes.errors import DataError, RequestError, UnknownIdError
from supplyroutes.names import name_key, nearest_names
from supplyroutes.schema import Table

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd


FIGURES = ("supply", "demand", "stocks", "limits")
"""Tables that may change without making another network: they do not touch towns or roads."""


def _again(tables: Tables, assumptions: Assumptions, view: View, state: State) -> Network:
    """Return a network that another process sent."""
    return Network(tables, assumptions, view, state=state)


class Network:
    """Towns and roads, and what blocks them on one day; immutable.

    Made by `read_network`, `from_networkx` or `supplyroutes.datasets`; changed only into
    new networks: `disrupt` closes roads, `with_tracks` lets tankers use tracks,
    `in_season` takes wet-season speeds.

    Parameters
    ----------
    tables
        Checked input tables.
    assumptions
        Speeds, dwell times and thresholds.
    view
        The question: day, commodity, season, tracks.
    state
        What events do to arcs and nodes; none by default.
    topology
        The compiled core, when another network shares it.

    Raises
    ------
    DataError
        The tables do not fit together.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> network
    <Network 6 towns, 7 roads: fuel>
    >>> sr.disrupt(network, events, at="2025-01-12")
    <Network 6 towns, 7 roads: fuel on 2025-01-12, 2 closed directions>
    >>> bool(network.edges.loc["east--mine", "usable"])
    False
    >>> bool(network.with_tracks().edges.loc["east--mine", "usable"])
    True
    """

    _tables: Tables
    _assumptions: Assumptions
    _view: View
    _topology: Topology
    _state: State

    def __init__(
        self,
        tables: Tables,
        assumptions: Assumptions,
        view: View | None = None,
        *,
        state: State | None = None,
        topology: Topology | None = None,
    ) -> None:
        if topology is None:
            tables = checks.checked(tables).fixed()
            topology = compile_topology(tables, assumptions)
        vars(self).update(
            _tables=tables,
            _assumptions=assumptions,
            _view=view or View(),
            _topology=topology,
            _state=state or State.identity(len(topology.tail), len(topology.node_ids)),
        )

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse changes: every network that shares this one's core would change with it."""
        raise AttributeError(f"a network cannot be changed; {name} was not set")

    def __delattr__(self, name: str) -> None:
        """Refuse changes."""
        raise AttributeError(f"a network cannot be changed; {name} was not deleted")

    def __reduce__(self) -> tuple[Any, ...]:
        """Let the network travel between processes; its core is compiled anew there."""
        return _again, (self._tables, self._assumptions, self._view, self._state)

    # --- what it is ---------------------------------------------------------------------

    @property
    def view(self) -> View:
        """The question that this network answers: day, commodity, season, tracks."""
        return self._view

    @property
    def at(self) -> date | None:
        """The day shown; None for the undisturbed network."""
        return self._view.at

    @property
    def commodity(self) -> str:
        """The commodity whose events are applied, and whose sources count."""
        return self._view.commodity

    @property
    def assumptions(self) -> Assumptions:
        """Speeds, dwell times and thresholds in force."""
        return self._assumptions

    @property
    def tables(self) -> Tables:
        """The input tables."""
        return self._tables

    @property
    def topology(self) -> Topology:
        """The compiled core: flat tuples for kernels."""
        return self._topology

    @property
    def state(self) -> State:
        """The state of arcs and nodes: flat tuples for kernels."""
        return self._state

    @cached_property
    def usable(self) -> bytes:
        """For every arc whether the asked vehicles may drive it at all, blockades aside."""
        return usable_arcs(self._tables.roads, self._topology, tracks=self._view.tracks)

    @cached_property
    def base_time_h(self) -> tuple[float, ...]:
        """Hours to drive each arc when nothing has happened, dwell included."""
        topology = self._topology
        wet = self._view.season == "wet"
        drive = topology.drive_wet_h if wet else topology.drive_dry_h
        return tuple(hours + dwell for hours, dwell in zip(drive, topology.dwell_h, strict=True))

    @cached_property
    def time_h(self) -> tuple[float, ...]:
        """Hours to drive each arc on this day: base time and delays."""
        delays = self._state.delay_h
        return tuple(hours + delay for hours, delay in zip(self.base_time_h, delays, strict=True))

    @cached_property
    def home_country(self) -> str | None:
        """The country that a case is about: the one of most demand, else of most towns.

        None if no town has a country.
        """
        return home_country(self._tables)

    def sources(self) -> list[int]:
        """Return the nodes (numbers) where the commodity enters the network.

        Returns
        -------
        nodes
            Their numbers in `topology`, ascending; a town that events have put out of service is
            none.
        """
        index = self._topology.node_index
        found = set()
        for row in self._tables.supply.rows():
            fits = covers(row["commodity"], self.commodity) or covers(
                self.commodity, row["commodity"]
            )
            node = index[row["node"]]
            if fits and row["supply_m3_per_day_best"] * self._state.supply_factor[node] > 0:
                found.add(node)
        return sorted(found)

    # --- names --------------------------------------------------------------------------

    @cached_property
    def _keys(self) -> dict[str, list[str]]:
        """The nodes behind each spelling key."""
        towns = self._tables.towns.columns
        keys: dict[str, list[str]] = {}
        for node, name, aliases in zip(towns["node"], towns["name"], towns["aliases"], strict=True):
            for spelling in {name_key(text) for text in (node, name, *aliases)}:
                keys.setdefault(spelling, []).append(node)
        return keys

    def find(self, name: str) -> str:
        """Return the id of the town called `name`, in any spelling.

        Case, accents, hyphens and apostrophes do not matter. An id given exactly is always
        understood; a region may follow a comma where several towns share a name.

        Parameters
        ----------
        name
            The name, an alias or the id; ``"name, region"`` tells apart towns of one name.

        Returns
        -------
        node
            Id of the town.

        Raises
        ------
        UnknownIdError
            No town has that name (the nearest are given), or several have.

        Examples
        --------
        >>> import supplyroutes as sr
        >>> network, _ = sr.datasets.mali()
        >>> network.find("DIEMA"), network.find("Nioro")
        ('diema', 'nioro')
        """
        if name in self._topology.node_index:
            return name
        found = self._keys.get(name_key(name), [])
        plain, comma, region = name.rpartition(",")
        if not found and comma:
            found = [
                node
                for node in self._keys.get(name_key(plain), [])
                if name_key(region) in {name_key(place) for place in self._places(node)}
            ]
        if len(found) == 1:
            return found[0]
        if found:
            candidates = [f"{node} ({', '.join(self._places(node))})" for node in found]
            raise UnknownIdError("town", name, candidates, ambiguous=True)
        raise UnknownIdError("town", name, self._nearest(name))

    def _places(self, node: str) -> tuple[str, str]:
        """Return region and country of a town."""
        row = self._topology.node_index[node]
        towns = self._tables.towns.columns
        return towns["admin1"][row], towns["country"][row]

    def _nearest(self, name: str) -> list[str]:
        """Return the spellings closest to a misspelt one, one for each town."""
        towns = self._tables.towns.columns
        spellings = [*towns["name"], *(alias for row in towns["aliases"] for alias in row)]
        found: dict[str, str] = {}
        for near in nearest_names(name, spellings, count=6):
            found.setdefault(self._keys[name_key(near)][0], near)
        return list(found.values())[:3]

    def name(self, node: str) -> str:
        """Return the name of a town for people.

        Parameters
        ----------
        node
            Id of the town.

        Returns
        -------
        name
            Its name, as the towns table spells it.

        Raises
        ------
        UnknownIdError
            There is no town of that id; `find` understands names.
        """
        if node not in self._topology.node_index:
            raise UnknownIdError("town", node, self._nearest(node))
        return str(self._tables.towns.columns["name"][self._topology.node_index[node]])

    def edge(self, edge: str) -> int:
        """Return the number of a road, or raise `UnknownIdError` with the nearest ids.

        Parameters
        ----------
        edge
            Id of the road.

        Returns
        -------
        number
            Its number e in `topology`; its arcs are ``2 e`` (from u to v) and ``2 e + 1``.

        Raises
        ------
        UnknownIdError
            There is no road of that id.
        """
        if edge not in self._topology.edge_index:
            raise UnknownIdError("road", edge, nearest_names(edge, self._topology.edge_ids))
        return self._topology.edge_index[edge]

    # --- tables for people --------------------------------------------------------------

    @property
    def nodes(self) -> pd.DataFrame:
        """Towns (index `node`) with demand, supply, stock and the state of the day."""
        return frames.node_frame(self)

    @property
    def edges(self) -> pd.DataFrame:
        """Roads (index `edge`) with truck time in hours, and whether tankers may use them."""
        return frames.edge_frame(self)

    @property
    def arcs(self) -> pd.DataFrame:
        """Directions of roads (index `edge`, `tail`, `head`) with the state of the day."""
        return frames.arc_frame(self)

    # --- other networks -----------------------------------------------------------------

    def with_tracks(self, tracks: bool = True) -> Network:  # noqa: FBT001, FBT002
        """Return the network in which loaded tankers may use tracks and unsure roads.

        They are off by default: a loaded tanker weighs over 50 t and needs a road of
        practicability 6 that is known to be there.

        Parameters
        ----------
        tracks
            Whether they may; False takes them off again.

        Returns
        -------
        network
            The network, on the same day and in the same state.
        """
        return self._with(view=replace(self._view, tracks=tracks))

    def in_season(self, season: Season) -> Network:
        """Return the network with dry- or wet-season speeds throughout.

        The dated rains of a case are an event (kind `season`), not this switch.

        Parameters
        ----------
        season
            Which speeds to take.

        Returns
        -------
        network
            The network, on the same day and in the same state.

        Raises
        ------
        RequestError
            There is no such season.
        """
        if season not in get_args(Season):
            raise RequestError(f"no season {season!a}: {' or '.join(get_args(Season))}")
        return self._with(view=replace(self._view, season=season))

    def assuming(self, values: Mapping[str, float]) -> Network:
        """Return the network under other best values of the named assumptions.

        Parameters
        ----------
        values
            Best values by key, each in the unit of its assumption.

        Returns
        -------
        network
            The network, on the same day and in the same state; truck times are computed anew.

        Raises
        ------
        UnknownIdError
            There is no assumption of that name.
        RequestError
            A value is negative or not finite, or a share above 1.
        """
        assumptions = self._assumptions.replacing(values)
        topology = compile_topology(self._tables, assumptions)
        return Network(self._tables, assumptions, self._view, state=self._state, topology=topology)

    def with_figures(self, *tables: Table) -> Network:
        """Return the network with other tables of supply, demand, stocks or limits.

        Parameters
        ----------
        *tables
            Tables that stand in for those of the same name.

        Returns
        -------
        network
            The network, on the same day and in the same state.

        Raises
        ------
        RequestError
            A table is none of these four: towns and roads make another network.
        DataError
            The tables do not fit together.

        Examples
        --------
        >>> import supplyroutes as sr
        >>> network, _ = sr.datasets.toy()
        >>> fewer = network.with_figures(network.tables.demand.take([0]))
        >>> fewer.nodes["demand_m3_per_day"].sum().item()
        60.0
        """
        for table in tables:
            if table.name not in FIGURES:
                raise RequestError(f"no other {table.name}: only {', '.join(FIGURES)} may change")
        changed = replace(self._tables, **{table.name: table.fixed() for table in tables})
        problems = checks.network_problems(changed)
        if problems:
            raise DataError(problems)
        return Network(
            changed, self._assumptions, self._view, state=self._state, topology=self._topology
        )

    def with_demand(self, values: Mapping[str, float]) -> Network:
        """Return the network with a planner's own figures of what towns use.

        They replace low, best and high estimate alike.

        Parameters
        ----------
        values
            Use in m3 a day by town, in any spelling: split over its classes as before.
            ``"bamako:power"`` is the use of one class.

        Returns
        -------
        network
            The network, on the same day and in the same state.

        Raises
        ------
        UnknownIdError
            There is no such town or class.
        RequestError
            A figure is negative or not finite, is told twice, or cannot be split because no use
            is recorded.

        Examples
        --------
        >>> import supplyroutes as sr
        >>> network, _ = sr.datasets.toy()
        >>> float(network.with_demand({"East": 90}).nodes.loc["east", "demand_m3_per_day"])
        90.0
        """
        told = [(name, *own_use.parted(name), amount) for name, amount in values.items()]
        found = own_use.collected(
            (name, self.find(town), kind, amount) for name, town, kind, amount in told
        )
        demand = own_use.with_use(self._tables.demand, self.commodity, found)
        return self.with_figures(demand)

    def undisturbed(self) -> Network:
        """Return the network as it is when nothing has happened.

        Returns
        -------
        network
            The network without day and events; commodity, season and tracks stay.
        """
        identity = State.identity(len(self._topology.tail), len(self._topology.node_ids))
        return self._with(view=replace(self._view, at=None), state=identity)

    def asking(self, commodity: str, *, at: date | None, state: State) -> Network:
        """Return the network in a state: what `disrupt` builds.

        Parameters
        ----------
        commodity
            The commodity asked for.
        at
            The day shown; None for no day.
        state
            What events do to arcs and nodes, in the order of `topology`.

        Returns
        -------
        network
            The network in that state.

        Raises
        ------
        UnknownIdError
            There is no such commodity.
        """
        view = replace(self._view, at=at, commodity=check_commodity(commodity))
        return self._with(view=view, state=state)

    def _with(self, *, view: View, state: State | None = None) -> Network:
        """Return a network that shares this one's core."""
        return Network(
            self._tables,
            self._assumptions,
            view,
            state=state or self._state,
            topology=self._topology,
        )

    def to_networkx(self) -> nx.MultiDiGraph[str]:
        """Return the arcs as a networkx MultiDiGraph; see `frames.to_networkx`.

        Closed and impracticable directions stay as edges with ``passable=False``; the
        direction that a one-way road does not have is absent.

        Returns
        -------
        graph
            Nodes are town ids, edge keys are road ids; times are in hours, lengths in km.
        """
        return frames.to_networkx(self)

    @classmethod
    def from_networkx(cls, graph: nx.Graph[Any], *, assumptions: Assumptions) -> Network:
        """Return the network of a networkx graph; see `frames.tables_from_networkx`.

        Parameters
        ----------
        graph
            The graph: ``lat`` and ``lon`` in degrees on its nodes, ``length_km`` on its edges.
        assumptions
            Speeds, dwell times and thresholds.

        Returns
        -------
        network
            The undisturbed network.

        Raises
        ------
        DataError
            The graph lacks something, has an unknown attribute, or contradicts itself.
        """
        return cls(frames.tables_from_networkx(graph), assumptions)

    # --- comparison ---------------------------------------------------------------------

    def __eq__(self, other: object) -> bool:
        """Tell whether two networks hold the same tables, assumptions, question and state."""
        if not isinstance(other, Network):
            return NotImplemented
        return (
            all(
                getattr(self._tables, table).columns == getattr(other.tables, table).columns
                for table in Tables.__slots__
            )
            and self._assumptions == other.assumptions
            and self._view == other.view
            and self._state == other.state
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """Return a line that says what this network is."""
        day = f" on {self.at}" if self.at else ""
        size = f"{len(self._topology.node_ids)} towns, {len(self._topology.edge_ids)} roads"
        closed = sum(1 for factor in self._state.capacity_factor if factor == 0)
        state = f", {closed} closed directions" if closed else ""
        return f"<Network {size}: {self.commodity}{day}{state}>"

    def _repr_html_(self) -> str:
        """Return what this network is as tables for notebooks."""
        return frames.network_html(self)
