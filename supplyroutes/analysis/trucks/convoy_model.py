"""Which convoys to send: the choice as a mixed-integer program."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import ceil, inf
from typing import TYPE_CHECKING

from supplyroutes.analysis.linear import Bounds, LinearProgram, entries_of
from supplyroutes.analysis.trucks.convoy_base import Base, Place
from supplyroutes.analysis.trucks.convoy_options import Option
from supplyroutes.network import Network

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

WEEK_DAYS = 7
"""An escort unit leads at most one convoy in so many days."""


@dataclass(frozen=True)
class Means:
    """What convoys are made of: escort units, and tankers that are stationed where it helps."""

    escorts: int
    tankers: float


@dataclass(frozen=True)
class Question:
    """Convoys that could be sent, what is missing without them, and what a missing m3 weighs.

    `missing` is m3 by day and town, for the towns in `towns` (numbers); `worth` is what a m3 that
    is there weighs, by town; `spare` what sources and roads still let through, in m3 by day.
    """

    options: Sequence[Option]
    towns: Sequence[int]
    missing: Array
    worth: Array
    spare: Mapping[Place, Sequence[float]]
    load_m3: float
    assembly_days: int

    @property
    def days(self) -> int:
        """The number of days."""
        return len(self.missing)

    def limits(self, option: Option) -> list[Place]:
        """Return what limits an option: its source, and roads of its path."""
        places: list[Place] = [("source", option.source)]
        places += [("road", arc // 2) for arc in option.path if ("road", arc // 2) in self.spare]
        return places

    def back(self, option: Option) -> int:
        """Return the day on which the escort of an option can lead another convoy."""
        return max(option.free, option.leaves + WEEK_DAYS)


def question_of(
    network: Network, base: Base, options: Sequence[Option], worth: Mapping[int, float]
) -> Question:
    """Return the question, of the towns that could be supplied only."""
    import numpy as np

    served = sorted({option.town for option in options})
    place = {node: number for number, node in enumerate(base.towns.nodes)}
    assumed = network.assumptions
    return Question(
        options=options,
        towns=served,
        missing=base.missing[:, [place[node] for node in served]],
        worth=np.array([worth[node] for node in served]),
        spare=base.spare,
        load_m3=assumed["tanker_load_m3"].best,
        assembly_days=ceil(assumed["convoy_assembly_days"].best),
    )


class ConvoyModel:
    """The choice as a program: which options (whole), with how many tankers, and what is used.

    Columns: for each option whether it is sent, and with how many tankers; then what is left in
    the evening of each store. Stores are escorts, tankers idle at each source, fuel that a source
    or a road has let through and nobody took, and the convoys' fuel in each town; last, what each
    town uses of it on each day.

    Parameters
    ----------
    question
        The question.
    means
        Escorts and tankers.
    """

    def __init__(self, question: Question, means: Means) -> None:
        self.question, self.means = question, means
        options = question.options
        self.size = len(options)
        self.sources = sorted({option.source for option in options})
        used = {limit for option in options for limit in question.limits(option)}
        self.stores: list[Place] = [
            ("escorts", -1),
            *(("tankers", source) for source in self.sources),
            *sorted(used),
            *(("town", town) for town in question.towns),
        ]
        self._at = {store: number for number, store in enumerate(self.stores)}
        self._left = 2 * self.size
        self._use = self._left + len(self.stores) * question.days
        self._cells: list[tuple[int, int, float]] = []
        self.program = self._program()

    @property
    def pool(self) -> range:
        """The columns of the tankers at each source."""
        end = len(self.program.cost)
        return range(end - len(self.sources), end)

    def sent(self, columns: Array) -> list[int]:
        """Return the places of the options that are sent."""
        return [place for place in range(self.size) if round(columns[place])]

    def stationed(self, columns: Array) -> dict[int, float]:
        """Return the tankers at each source."""
        pool = columns[self.pool.start :]
        return dict(zip(self.sources, map(float, pool), strict=True))

    def worth(self, columns: Array) -> float:
        """Return what the fuel that is used weighs."""
        used = columns[self._use : self.pool.start].reshape(len(self.question.towns), -1)
        return float(used.sum(axis=1) @ self.question.worth)

    def most(self) -> list[float]:
        """Return the most tankers that each convoy can use: what is there, and what is missing."""
        question = self.question
        let = {limit: list(accumulate(rooms)) for limit, rooms in question.spare.items()}
        place = {town: number for number, town in enumerate(question.towns)}
        later = question.missing[::-1].cumsum(axis=0)[::-1]
        found = []
        for option in question.options:
            lacking = later[option.arrives, place[option.town]] / option.keep
            through = min(let[limit][option.leaves] for limit in question.limits(option))
            found.append(min(self.means.tankers, min(lacking, through) / question.load_m3))
        return found

    def _program(self) -> LinearProgram:
        """Return the program: minimise minus what is used."""
        import numpy as np

        days, towns = self.question.days, len(self.question.towns)
        columns = self._use + towns * days
        first_day = np.zeros((len(self.stores), days))
        for store, number in self._at.items():
            if store[0] == "escorts":
                first_day[number, 0] = self.means.escorts
            elif store in self.question.spare:
                first_day[number] = np.array(self.question.spare[store]) / self.question.load_m3
        sizes = np.zeros(self.size + 1)
        sizes[-1] = self.means.tankers
        least = np.concatenate([first_day.ravel(), np.full(len(sizes), -inf)])
        most = np.concatenate([first_day.ravel(), sizes])
        self._kept()
        self._moved()
        self._sized(columns)
        upper = np.full(columns + len(self.sources), inf)
        upper[: self.size] = 1.0
        upper[self._use : columns] = self.question.missing.T.ravel()
        program = LinearProgram(
            Bounds(np.zeros(len(upper)), upper),
            Bounds(least, most),
            entries_of(self._cells),
        )
        cost = np.zeros(len(upper))
        cost[self._use : columns] = -np.repeat(self.question.worth, days)
        program.price(cost)
        return program

    def _kept(self) -> None:
        """Keep what is left of a store for the next day; towns use what is there."""
        days = self.question.days
        towns = self._at["town", self.question.towns[0]] if self.question.towns else 0
        for number, (kind, _) in enumerate(self.stores):
            for day in range(days):
                row = number * days + day
                self._cells.append((row, self._left + row, 1.0))
                if day:
                    self._cells.append((row, self._left + row - 1, -1.0))
                if kind == "town":
                    self._cells.append((row, self._use + row - towns * days, 1.0))

    def _moved(self) -> None:
        """Let a convoy take from stores, and bring, on the days on which it does."""
        question = self.question
        for place, option in enumerate(question.options):
            sent, tankers = place, self.size + place
            source, town = ("tankers", option.source), ("town", option.town)
            brought = option.keep * question.load_m3
            begins = option.leaves - question.assembly_days
            moves: list[tuple[Place, int, int, float]] = [
                (("escorts", -1), option.leaves, sent, 1.0),
                (("escorts", -1), question.back(option), sent, -1.0),
                (source, begins, tankers, 1.0),
                (source, option.free, tankers, -option.keep),
                (town, option.arrives, tankers, -brought),
                *((limit, option.leaves, tankers, 1.0) for limit in question.limits(option)),
            ]
            self._cells += [
                (self._at[store] * question.days + day, column, amount)
                for store, day, column, amount in moves
                if day < question.days
            ]

    def _sized(self, pool: int) -> None:
        """Tankers only with a convoy that is sent; those of all sources are all there are."""
        first = len(self.stores) * self.question.days
        for place, most in enumerate(self.most()):
            self._cells += [(first + place, self.size + place, 1.0), (first + place, place, -most)]
        last = first + self.size
        for number, source in enumerate(self.sources):
            row = self._at["tankers", source] * self.question.days
            self._cells += [(row, pool + number, -1.0), (last, pool + number, 1.0)]


def undominated(question: Question) -> list[Option]:
    """Return the options that no other of the same source, town and day is never worse than.

    A limit that lets through all that the source can send is none.
    """
    free = {limit for limit in question.spare if limit[0] == "road"}
    for option in question.options:
        supply = list(accumulate(question.spare["source", option.source]))
        free -= {
            limit
            for limit in question.limits(option)
            if any(
                let < sent - 1e-9
                for let, sent in zip(accumulate(question.spare[limit]), supply, strict=True)
            )
        }
    kept: dict[tuple[int, int, int], list[Option]] = {}
    for option in sorted(question.options, key=lambda one: (one.arrives, one.corridor)):
        rivals = kept.setdefault((option.source, option.town, option.leaves), [])
        if not any(_never_worse(question, rival, option, free) for rival in rivals):
            rivals[:] = [one for one in rivals if not _never_worse(question, option, one, free)]
            rivals.append(option)
    left = {id(option) for rivals in kept.values() for option in rivals}
    return [option for option in question.options if id(option) in left]


def _never_worse(question: Question, one: Option, other: Option, free: Iterable[Place]) -> bool:
    """Tell whether an option is never worse than another of its source, town and day."""
    limits = set(question.limits(one)) - set(free)
    return (
        one.arrives <= other.arrives
        and one.free <= other.free
        and one.keep >= other.keep
        and limits <= set(question.limits(other))
    )
