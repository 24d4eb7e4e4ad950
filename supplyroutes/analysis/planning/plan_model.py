"""The days ahead as one linear program, kept alive: flows by period, tanks between them.

A period of k days with the same roads counts as one step with k times every limit: with constant
use, limits and roads, what is possible in total is possible in equal parts every day, and then
stocks run straight from one end of the period to the other, so they stay within the tanks if
both ends do. Each town has its own clock, late by its days on the way.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import frexp, fsum, inf, ldexp
from typing import TYPE_CHECKING

from supplyroutes.analysis.linear import Answer, Bounds, LinearProgram, entries_of
from supplyroutes.analysis.planning.horizon import Horizon, Item, Period
from supplyroutes.analysis.planning.merging import NOWHERE, Merged, merged

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]

SMALL = 1e-7
"""Reduced costs of less are rounding."""
_ROUNDING_DAYS = 1e-9


@dataclass
class Draft:
    """A linear program in the making: columns with bounds, rows that equal something, cells."""

    lower: list[float] = field(default_factory=list)
    upper: list[float] = field(default_factory=list)
    equals: list[float] = field(default_factory=list)
    cells: list[tuple[int, int, float]] = field(default_factory=list)

    def column(self, upper: float, *cells: tuple[int, float]) -> int:
        """Add a column from 0 to `upper` with its (row, value) cells; return its number."""
        place = len(self.upper)
        self.lower.append(0.0)
        self.upper.append(upper)
        self.cells += [(row, place, value) for row, value in cells]
        return place

    def rows(self, values: Iterable[float]) -> int:
        """Add rows that equal these values; return the number of the first."""
        first = len(self.equals)
        self.equals += values
        return first

    def program(self) -> LinearProgram:
        """Return the linear program."""
        import numpy as np

        equal = np.array(self.equals)
        return LinearProgram(
            Bounds(np.array(self.lower), np.array(self.upper)),
            Bounds(equal, equal.copy()),
            entries_of(self.cells),
        )


@dataclass(frozen=True)
class Flow:
    """A column of the flow of a segment: what it stands for, and its limit in m3 a day."""

    column: int
    segment: int
    place: int
    limit: float


@dataclass(frozen=True)
class Short:
    """A column of what an item is short of within a window of its town."""

    column: int
    item: int


@dataclass(frozen=True)
class Block:
    """Where the days ahead stand in a linear program.

    `arcs` and `sources` have places in the segment's problem, `sent` places of towns. `first_row`
    is the first balance of each town's tank: extra stock enters there; `tanks` are the columns
    of its stock at the end of each window.
    """

    segments: tuple[Period, ...]
    arcs: tuple[Flow, ...]
    sources: tuple[Flow, ...]
    sent: tuple[Flow, ...]
    short: tuple[Short, ...]
    first_row: tuple[int, ...]


@dataclass(frozen=True)
class _Way:
    """The merged network of a segment, and the row of its first node."""

    merged: Merged
    base: int


@dataclass(frozen=True)
class _Window:
    """Days of a town's clock: how long, what arrives anyway a day, and the segment that sends."""

    length: float
    usual: float = 0.0
    segment: int | None = None


def unit_of(horizon: Horizon) -> float:
    """Return the power of 2 in which amounts are counted: about the use of a day.

    So a solver's tolerances mean the same on any network.
    """
    return ldexp(1.0, frexp(fsum(town.use for town in horizon.towns))[1])


def lay_out(draft: Draft, horizon: Horizon, unit: float, keep: frozenset[int]) -> Block:
    """Add the days ahead to a linear program, amounts in `unit` m3."""
    segments = tuple(horizon.segments())
    ways, arcs, sources = _flows(draft, horizon, segments, (unit, keep))
    items = horizon.items_by_town()
    sent: list[Flow] = []
    short: list[Short] = []
    first_row = []
    for place, town in enumerate(horizon.towns):
        windows = list(_windows(horizon, place, segments, ways))
        balances = [(town.use - window.usual) * window.length / unit for window in windows]
        balances[0] -= town.tank.stock / unit
        row = draft.rows(balances)
        first_row.append(row)
        for at, window in enumerate(windows, row):
            if window.segment is not None:
                way = ways[window.segment]
                leaves = (way.base + way.merged.group[town.node], -1.0)
                sent.append(Flow(draft.column(inf, (at, 1.0), leaves), window.segment, place, inf))
            for item in items[place]:
                most = horizon.items[item].use * window.length / unit
                short.append(Short(draft.column(most, (at, 1.0)), item))
            after = [(at + 1, 1.0)] if at + 1 < row + len(windows) else []
            draft.column(town.tank.storage / unit, (at, -1.0), *after)
    return Block(segments, tuple(arcs), tuple(sources), tuple(sent), tuple(short), tuple(first_row))


def _flows(
    draft: Draft,
    horizon: Horizon,
    segments: Sequence[Period],
    how: tuple[float, frozenset[int]],
) -> tuple[list[_Way], list[Flow], list[Flow]]:
    """Add what enters arcs and leaves sources, and a balance for every merged node."""
    unit, keep = how
    nodes = [town.node for town in horizon.towns]
    known: dict[int, Merged] = {}  # segments of one period share its problem
    ways: list[_Way] = []
    arcs: list[Flow] = []
    sources: list[Flow] = []
    for number, segment in enumerate(segments):
        problem, length = segment.problem, segment.end - segment.start
        small = known.setdefault(id(problem), merged(problem, nodes, keep))
        base = draft.rows([0.0] * small.count)
        ways.append(_Way(small, base))
        for place, tail, head in zip(small.arcs, small.tail, small.head, strict=True):
            limit = problem.capacity[place]
            ends = (base + tail, -1.0), (base + head, problem.keep[place])
            arcs.append(Flow(draft.column(limit * length / unit, *ends), number, place, limit))
        for place in small.sources:
            limit = problem.supply[place]
            row = base + small.group[problem.sources[place]]
            sources.append(
                Flow(draft.column(limit * length / unit, (row, 1.0)), number, place, limit)
            )
    return ways, arcs, sources


def _windows(
    horizon: Horizon, place: int, segments: Sequence[Period], ways: Sequence[_Way]
) -> Iterator[_Window]:
    """Yield the windows of a town's clock: before the plan's first arrival, then by segment."""
    town = horizon.towns[place]
    lag = min(float(town.lag), horizon.length)
    if lag > 0:
        yield _Window(lag, town.usual)
    for number, segment in enumerate(segments):
        if segment.end + town.lag > horizon.length + _ROUNDING_DAYS:
            break
        joined = ways[number].merged.group[town.node] != NOWHERE
        yield _Window(segment.end - segment.start, segment=number if joined else None)


Rank = tuple[int, bool]


def ranks_of(items: Sequence[Item]) -> list[Rank]:
    """Return the ranks in order, each with whether its items weigh anything.

    What weighs nothing comes after all that weighs.
    """
    return sorted(
        {(item.rank, item.weight > 0) for item in items}, key=lambda rank: (not rank[1], rank[0])
    )


def add_short(
    cost: Array, block: Block, items: Sequence[Item], share: float, rank: Rank | None = None
) -> None:
    """Add what each m3 short weighs to the costs of columns, of one rank or of all."""
    for entry in block.short:
        item = items[entry.item]
        if rank is None:
            cost[entry.column] += share * item.weight
        elif rank == (item.rank, item.weight > 0):
            cost[entry.column] += share * (item.weight or 1.0)


def in_turn(program: LinearProgram, costs: Iterable[Array]) -> Answer:
    """Return the answer of the last question, none of which changes the optimum of those before.

    A column with a reduced cost is where it is in every optimum, and stays there. All rows are
    equations, so nothing else can move the value.
    """
    import numpy as np

    answer = None
    for cost in costs:
        if answer is not None:
            priced = np.flatnonzero(np.abs(answer.reduced) > SMALL)
            kept = np.maximum(answer.columns[priced], 0.0)
            program.bound_columns(priced.tolist(), kept, kept)
        answer = scaled(program, cost)[1]
    if answer is None:
        raise ValueError("nothing is asked")
    return answer


def scaled(program: LinearProgram, cost: Array) -> tuple[float, Answer]:
    """Return the least cost, and the answer for the costs in parts of the largest."""
    scale = float(cost.max(initial=0.0)) or 1.0
    program.price(cost / scale)
    answer = program.solve()
    return answer.value * scale, answer


class PlanModel:
    """The days ahead as a linear program that is changed and solved again.

    Parameters
    ----------
    horizon
        The days ahead; at least one town on the network uses fuel.
    keep
        Roads (numbers) that join nothing, so that a limit can be put on them later.
    """

    def __init__(self, horizon: Horizon, keep: frozenset[int] = frozenset()) -> None:
        import numpy as np

        self.horizon, self.unit = horizon, unit_of(horizon)
        draft = Draft()
        self.block = lay_out(draft, horizon, self.unit, keep)
        self.program = draft.program()
        self._upper = self.program.columns.upper.copy()
        weights = np.zeros(len(self._upper))
        add_short(weights, self.block, horizon.items, 1.0)
        self._heaviest = float(weights.max(initial=0.0)) or 1.0
        self._weights = weights / self._heaviest

    # --- what is asked ----------------------------------------------------------------------

    def least(self) -> float:
        """Return the least that can be short in all, by weight, whatever the ranks."""
        return self.prices()[0]

    def prices(self) -> tuple[float, Array]:
        """Return the least, and the reduced cost of every column in parts of the largest weight."""
        if self.program.cost is not self._weights:  # a question asked again is not told again
            self.program.price(self._weights)
        answer = self.program.solve()
        return answer.value * self._heaviest * self.unit, answer.reduced

    def best(self) -> Answer:
        """Return the plan: rank after rank the least short by weight, then the least truck time."""
        self.reset()
        return in_turn(self.program, self._questions())

    def short(self, answer: Answer) -> dict[int, float]:
        """Return what each item is short of in an answer, in m3."""
        found = dict.fromkeys(range(len(self.horizon.items)), 0.0)
        for entry in self.block.short:
            found[entry.item] += float(answer.columns[entry.column]) * self.unit
        return found

    def _questions(self) -> Iterator[Array]:
        """Yield the costs of the columns, question after question."""
        import numpy as np

        items = self.horizon.items
        for rank in ranks_of(items):
            cost = np.zeros(len(self._upper))
            add_short(cost, self.block, items, 1.0, rank)
            yield cost
        cost = np.zeros(len(self._upper))
        for flow in self.block.sent:
            town = self.horizon.towns[flow.place]
            hours = self.block.segments[flow.segment].hours[town.node]
            cost[flow.column] = hours if hours < inf else 0.0
        yield cost

    # --- what if ------------------------------------------------------------------------------

    def reset(self) -> None:
        """Take back what was decided or changed."""
        import numpy as np

        everything = np.arange(len(self._upper))
        self.program.bound_columns(everything.tolist(), np.zeros(len(everything)), self._upper)

    def limit(self, flows: Sequence[Flow], m3_per_day: Sequence[float]) -> None:
        """Put other limits on arcs or sources, each over its segment."""
        import numpy as np

        lengths = [
            self.block.segments[flow.segment].end - self.block.segments[flow.segment].start
            for flow in flows
        ]
        upper = np.array(m3_per_day, dtype=float) * np.array(lengths) / self.unit
        self.program.bound_columns([flow.column for flow in flows], np.zeros(len(flows)), upper)

    def stock(self, extra_m3: Mapping[int, float]) -> None:
        """Add to the stock at the start, by place of the town, no more than its tank takes.

        It is not taken back by `reset`.
        """
        import numpy as np

        rows = [self.block.first_row[place] for place in extra_m3]
        equal = self.program.rows.lower[rows] - np.array(list(extra_m3.values())) / self.unit
        self.program.bound_rows(rows, equal, equal)
