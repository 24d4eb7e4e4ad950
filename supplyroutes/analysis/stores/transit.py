"""Trucks under way: what was sent, where it stands, when it arrives, waits or turns back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from typing import TYPE_CHECKING

from supplyroutes._kernels.cohorts import advance
from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.core import DRIVEN
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

DAY_H = 24.0
_SLACK = 1e-9


@dataclass(frozen=True)
class Consignment:
    """What leaves a source on a day for a town: m3 that leave and m3 due, and the arcs to drive."""

    source: int
    town: int
    path: tuple[int, ...]
    leaves: float
    due: float


@dataclass(frozen=True)
class Roads:
    """Arcs on a day: which may be entered, hours by the clock for each, share that arrives."""

    day: Network
    passable: bytes
    clock_h: tuple[float, ...]
    keep: tuple[float, ...]

    def lag_days(self, path: Sequence[int]) -> int:
        """Return the evenings that a truck spends under way on a path if nothing changes."""
        hours = sum([self.clock_h[arc] for arc in path])
        return max(0, ceil(hours / DAY_H - _SLACK) - 1)


def roads_of(day: Network) -> Roads:
    """Return the roads of a day.

    Trucks drive `driving_day_h` of every 24 hours; borders, checkpoints and delays run by the
    clock, and so do rail, river and pipeline. An arc is closed where nothing passes, or where
    nothing arrives.
    """
    top, state = day.topology, day.state
    stretch = DAY_H / day.assumptions["driving_day_h"].best
    slower = [stretch if mode in DRIVEN else 1.0 for mode in day.tables.roads.columns["mode"]]
    drive = top.drive_wet_h if day.view.season == "wet" else top.drive_dry_h
    return Roads(
        day=day,
        passable=bytes(
            bool(usable and factor > 0 and loss < 1)
            for usable, factor, loss in zip(
                day.usable, state.capacity_factor, state.loss_prob, strict=True
            )
        ),
        clock_h=tuple(
            hours * slower[arc // 2] + dwell + delay
            for arc, (hours, dwell, delay) in enumerate(
                zip(drive, top.dwell_h, state.delay_h, strict=True)
            )
        ),
        keep=tuple(1.0 - loss for loss in state.loss_prob),
    )


@dataclass
class Moved:
    """What a day's driving came to, in m3.

    `unloaded` is what arrived at a town's gate, by (source, town); `returned` what came back to
    each source with its fuel.
    """

    unloaded: dict[tuple[int, int], float]
    returned: dict[int, float]
    lost: float

    @property
    def arrived(self) -> dict[int, float]:
        """What arrived at each town's gate."""
        found: dict[int, float] = {}
        for (_, town), amount in self.unloaded.items():
            found[town] = found.get(town, 0.0) + amount
        return found


@dataclass(frozen=True)
class Escorted:
    """What convoys did on a day, in m3: left, lost, came to each town, and are bound for it."""

    sent: float = 0.0
    lost: float = 0.0
    arrived: Mapping[int, float] = field(default_factory=dict)
    bound: Mapping[int, float] = field(default_factory=dict)


@dataclass
class UnderWay:
    """All cohorts under way, as flat lists; changed as days pass.

    `turn_back_days` is how long trucks wait before a closed road until they turn back; None for
    as long as it takes. A cohort on its way home has no town (-1).
    """

    turn_back_days: float | None
    source: list[int] = field(default_factory=list)
    town: list[int] = field(default_factory=list)
    amount: list[float] = field(default_factory=list)
    due: list[float] = field(default_factory=list)
    place: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    left_h: list[float] = field(default_factory=list)
    waited: list[int] = field(default_factory=list)
    _legs: list[int] = field(default_factory=list)
    _starts: dict[tuple[int, ...], int] = field(default_factory=dict)

    def send(self, sent: Consignment, left_h: float = 0.0) -> None:
        """Put a consignment on the road: at its start, or so many hours before its first town."""
        start = self._start(sent.path)
        self.source.append(sent.source)
        self.town.append(sent.town)
        self.amount.append(sent.leaves)
        self.due.append(sent.due)
        self.place.append(start)
        self.end.append(start + len(sent.path))
        self.left_h.append(left_h)
        self.waited.append(0)

    def rest(self, cohort: int) -> Consignment:
        """Return what is left of a cohort and of its path."""
        path = tuple(self._legs[self.place[cohort] : self.end[cohort]])
        return Consignment(
            self.source[cohort], self.town[cohort], path, self.amount[cohort], self.due[cohort]
        )

    def _start(self, path: tuple[int, ...]) -> int:
        """Return where a path stands among the legs."""
        if path not in self._starts:
            self._starts[path] = len(self._legs)
            self._legs += path
        return self._starts[path]

    def drive(self, roads: Roads) -> Moved:
        """Let all drive for a day, and take what has arrived off the road."""
        lost = advance(
            self.amount, self.place, self.left_h, self.waited, self.end, self._legs,
            roads.passable, roads.clock_h, roads.keep, DAY_H,
        )  # fmt: skip
        moved = Moved({}, {}, lost)
        stays = []
        for cohort, town in enumerate(self.town):
            if self.place[cohort] < self.end[cohort]:
                stays.append(cohort)
            elif town < 0:
                source = self.source[cohort]
                moved.returned[source] = moved.returned.get(source, 0.0) + self.amount[cohort]
            else:
                key = self.source[cohort], town
                moved.unloaded[key] = moved.unloaded.get(key, 0.0) + self.amount[cohort]
        if len(stays) < len(self.town):
            self._keep(stays)
        if self.turn_back_days is not None:
            self._turn_back(roads, self.turn_back_days)
        return moved

    def _keep(self, cohorts: Sequence[int]) -> None:
        """Keep these cohorts only."""
        for name in ("source", "town", "amount", "due", "place", "end", "left_h", "waited"):
            column = getattr(self, name)
            setattr(self, name, [column[cohort] for cohort in cohorts])

    def _turn_back(self, roads: Roads, after: float) -> None:
        """Send home what has stood before a closed road for longer; home is where it came from.

        Without an open way home it stands where it is.
        """
        for cohort, days in enumerate(self.waited):
            if days > after and self.town[cohort] >= 0:
                here = roads.day.topology.tail[self._legs[self.place[cohort]]]
                path = _way(roads, here, self.source[cohort])
                if path is not None:
                    start = self._start(path)
                    self.town[cohort], self.due[cohort] = -1, 0.0
                    self.place[cohort], self.end[cohort] = start, start + len(path)
                    self.waited[cohort] = 0

    def by_town(self, nodes: int) -> tuple[Array, Array]:
        """Return what is under way to each town, and what of it is due: not held up, in m3."""
        import numpy as np

        town = np.array(self.town, dtype=np.int64)
        bound = town >= 0
        moving = bound & (np.array(self.waited, dtype=np.int64) == 0)
        amount, due = np.array(self.amount, dtype=float), np.array(self.due, dtype=float)
        return (
            np.bincount(town[bound], amount[bound], minlength=nodes).astype(float),
            np.bincount(town[moving], due[moving], minlength=nodes).astype(float),
        )


def _way(roads: Roads, start: int, target: int) -> tuple[int, ...] | None:
    """Return the quickest open way between two towns; None if there is none."""
    top = roads.day.topology
    best, arc_in, _ = nearest_source(
        top.out_start, top.out_arcs, top.head, roads.clock_h, roads.passable, [start]
    )
    if best[target] == float("inf"):
        return None
    return tuple(path_to(target, arc_in, top.tail))


def steady(consignments: Sequence[Consignment], roads: Roads, under_way: UnderWay) -> None:
    """Put on the road what is under way in the evening if these have been sent on every day."""
    before = UnderWay(None)
    for consignment in consignments:
        before.send(consignment)
    before.drive(roads)
    while before.town:
        for cohort, left_h in enumerate(before.left_h):
            under_way.send(before.rest(cohort), left_h)
        before.drive(roads)
