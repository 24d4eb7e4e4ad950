"""When each town is reached, as functions of the draws: exact by diagrams, else by samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from supplyroutes._kernels.decisions import ALWAYS, NEVER, TOO_LARGE, Diagrams
from supplyroutes._kernels.elimination import Plan, plan, reach_functions, reach_words
from supplyroutes._kernels.random_bits import digits_of, draw_bits, first_words
from supplyroutes._kernels.reach import strong_components
from supplyroutes.analysis.causes import Causes, Condition
from supplyroutes.analysis.compiling import compiled

MOST_DIAGRAMS = 300_000
"""Decision diagrams made before a town is sampled instead."""
MOST_EXACT_DRAWS = 400
"""Draws up to which diagrams are tried: they are walked one draw deep at a time."""
BLOCK = 4096
"""Samples that are drawn together."""
WORD = 64
COMPILED_FROM = 20_000
"""Steps of one block from which it is compiled."""


class GivenUpError(Exception):
    """A function needs more diagrams than allowed."""


def told(function: int) -> int:
    """Return a function, or raise `GivenUpError` if it was given up."""
    if function == TOO_LARGE:
        raise GivenUpError
    return function


class Answers(Protocol):
    """Functions of the draws, told by numbers: 0 never holds."""

    @property
    def always(self) -> int:
        """The function that always holds."""

    def both(self, one: int, other: int) -> int:
        """Return "one and other"."""

    def opposite(self, function: int) -> int:
        """Return "not"."""

    def holds(self, function: int) -> float:
        """Return the probability that a function holds."""

    def condition(self, condition: Condition) -> int:
        """Return the function of draws that all fall as told."""


@dataclass(frozen=True)
class Doors:
    """A level with what is never in doubt contracted: pockets, and doors between them.

    `pocket` is the pocket of every town, the entrance comes last; doors are in order of their
    ends, each with the ways through it: any one of them that no condition shuts is enough.
    """

    pocket: Sequence[int]
    tail: Sequence[int]
    head: Sequence[int]
    ways: Sequence[frozenset[frozenset[Condition]]]

    def place(self, tail: int, head: int) -> int:
        """Return the place of the door from one pocket to another."""
        return self._places[tail, head]

    @cached_property
    def _places(self) -> dict[tuple[int, int], int]:
        """The places of the doors by their ends."""
        return {ends: place for place, ends in enumerate(zip(self.tail, self.head, strict=True))}

    def order(self) -> Plan:
        """Return the order in which pockets are eliminated."""
        entrance = max(self.pocket) + 1
        return plan(entrance + 1, self.tail, self.head, entrance)


def doors_of(causes: Causes, shut: Mapping[int, frozenset[Condition]]) -> Doors:
    """Return the doors of a level: `causes.shut` or `causes.hindered`."""
    top, usable = causes.network.topology, causes.network.usable
    arcs = [arc for arc in range(len(top.tail)) if usable[arc]]
    certain = bytearray(len(top.tail))
    for arc in arcs:
        certain[arc] = arc not in shut
    pocket = strong_components(top.out_start, top.out_arcs, top.head, certain)
    entrance = max(pocket) + 1
    ways: dict[tuple[int, int], set[frozenset[Condition]]] = {}
    nothing: frozenset[Condition] = frozenset()
    for arc in arcs:
        ends = pocket[top.tail[arc]], pocket[top.head[arc]]
        if ends[0] != ends[1]:
            ways.setdefault(ends, set()).add(shut.get(arc, nothing))
    for source in causes.network.sources():
        shuts = causes.sources.get(source, nothing)
        ways.setdefault((entrance, pocket[source]), set()).add(shuts)
    ends_in_order = sorted(ways)
    return Doors(
        pocket,
        [tail for tail, _ in ends_in_order],
        [head for _, head in ends_in_order],
        [_widest(ways[ends]) for ends in ends_in_order],
    )


def _widest(ways: Iterable[frozenset[Condition]]) -> frozenset[frozenset[Condition]]:
    """Return the ways without those that are shut whenever another one is."""
    found = set(ways)
    return frozenset(one for one in found if not any(other < one for other in found))


# --- exact --------------------------------------------------------------------------------


class Exact:
    """Functions as decision diagrams, with the exact probability of each."""

    always = ALWAYS

    def __init__(self, causes: Causes) -> None:
        self.chance = [draw.chance.best for draw in causes.draws]
        self.diagrams = Diagrams(len(self.chance), MOST_DIAGRAMS)
        self._fails: list[float] = []
        self._holds: list[float] = []

    def reach(self, doors: Doors) -> list[int]:
        """Return for every town when it is reached; `TOO_LARGE` where that was given up."""
        opens = self.opens(doors)
        if len(self.chance) > MOST_EXACT_DRAWS:
            opens = [one if one in {NEVER, ALWAYS} else TOO_LARGE for one in opens]
        found = reach_functions(doors.order(), opens, self.both, self.diagrams.either)
        return [found[pocket] for pocket in doors.pocket]

    def opens(self, doors: Doors) -> list[int]:
        """Return for every door when it is open."""
        known = {ways: self._open(ways) for ways in dict.fromkeys(doors.ways)}
        return [known[ways] for ways in doors.ways]

    def _open(self, ways: frozenset[frozenset[Condition]]) -> int:
        """Return when any of the ways is open."""
        whole = NEVER
        for way in ways:
            free = ALWAYS
            for condition in way:
                free = self.both(free, self.opposite(self.condition(condition)))
            whole = self.diagrams.either(whole, free)
        return whole

    def condition(self, condition: Condition) -> int:
        """Return the function of draws that all fall as told."""
        whole = ALWAYS
        for draw, fall in sorted(condition):
            ends = (NEVER, ALWAYS) if fall else (ALWAYS, NEVER)
            whole = self.both(whole, self.diagrams.ask(draw, *ends))
        return whole

    def both(self, one: int, other: int) -> int:
        """Return "one and other"."""
        return self.diagrams.both(one, other)

    def opposite(self, function: int) -> int:
        """Return "not"."""
        return self.diagrams.opposite(function)

    def holds(self, function: int) -> float:
        """Return the probability that a function holds."""
        self.diagrams.extend(self.chance, self._fails, self._holds)
        return self._holds[function]

    def fails(self, function: int) -> float:
        """Return the probability that it does not, with all of its digits however small."""
        self.diagrams.extend(self.chance, self._fails, self._holds)
        return self._fails[function]

    def under(self, chance: Sequence[float]) -> tuple[list[float], list[float]]:
        """Return how likely all functions made so far fail, and hold, under other chances."""
        fails: list[float] = []
        holds: list[float] = []
        self.diagrams.extend(chance, fails, holds)
        return fails, holds


# --- sampled ------------------------------------------------------------------------------


class Sampled:
    """Functions as the samples in which they hold: bits of an integer."""

    def __init__(self, causes: Causes, samples: int, seed: int) -> None:
        self.samples = samples
        self.always = (1 << samples) - 1
        self.draws = _drawn([draw.chance.best for draw in causes.draws], samples, seed)

    def reach(self, doors: Doors) -> list[int]:
        """Return for every town the samples in which it is reached."""
        order = doors.order()
        known = {ways: self._open(ways) for ways in dict.fromkeys(doors.ways)}
        parts = [[0] * order.nodes for _ in range(0, self.samples, BLOCK)]
        full = (1 << BLOCK) - 1
        for number, part in enumerate(parts):
            opens = [known[ways] >> number * BLOCK & full for ways in doors.ways]
            part[order.root] = full
            sampled_reach(order, opens, part)
        whole = [
            int.from_bytes(
                b"".join(part[node].to_bytes(BLOCK // 8, "little") for part in parts), "little"
            )
            & self.always
            for node in range(order.nodes)
        ]
        return [whole[pocket] for pocket in doors.pocket]

    def _open(self, ways: frozenset[frozenset[Condition]]) -> int:
        """Return the samples in which any of the ways is open."""
        whole = 0
        for way in ways:
            free = self.always
            for condition in way:
                free &= ~self.condition(condition)
            whole |= free
        return whole

    def condition(self, condition: Condition) -> int:
        """Return the samples in which draws all fall as told."""
        whole = self.always
        for draw, fall in condition:
            whole &= self.draws[draw] if fall else ~self.draws[draw]
        return whole

    def both(self, one: int, other: int) -> int:
        """Return "one and other"."""
        return one & other

    def opposite(self, function: int) -> int:
        """Return "not"."""
        return self.always ^ function

    def holds(self, function: int) -> float:
        """Return the share of the samples in which a function holds."""
        return function.bit_count() / self.samples


def _drawn(chance: Sequence[float], samples: int, seed: int) -> list[int]:
    """Return for every draw the samples in which it falls yes."""
    words = first_words(seed, BLOCK)
    digits = digits_of(chance)
    place, full = 0, (1 << BLOCK) - 1
    parts: list[list[bytes]] = [[] for _ in digits]
    for _ in range(0, samples, BLOCK):
        drawn = [0] * len(digits)
        place = draw_bits(words, place, digits, drawn, full, 1)
        for part, bits in zip(parts, drawn, strict=True):
            part.append(bits.to_bytes(BLOCK // 8, "little"))
    everything = (1 << samples) - 1
    return [int.from_bytes(b"".join(part), "little") & everything for part in parts]


def sampled_reach(order: Plan, opens: Sequence[int], reach: list[int]) -> None:
    """Put into `reach` the samples of one block in which every node is reached.

    Compiled where a block is much work: the bits are the same.
    """
    lists = order[3:]
    built = compiled(reach_words) if len(order.past) >= COMPILED_FROM else None
    if built is None:
        reach_words(*lists, opens, [0] * order.slots, reach, 1)
        return
    import numpy as np

    width = BLOCK // WORD
    packed = np.frombuffer(b"".join(bits.to_bytes(BLOCK // 8, "little") for bits in opens), "<i8")
    slots, found = np.zeros(order.slots * width, np.int64), np.zeros(order.nodes * width, np.int64)
    found[order.root * width : (order.root + 1) * width] = -1
    built(*(np.asarray(part, dtype=np.int64) for part in lists), packed, slots, found, width)
    for node, row in enumerate(found.reshape(order.nodes, width)):
        reach[node] = int.from_bytes(row.tobytes(), "little")
