"""When each town is reached, as functions of the draws: exact by diagrams, else by samples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any, Protocol

from supplyroutes._kernels.decisions import ALWAYS, NEVER, TOO_LARGE, Diagrams
from supplyroutes._kernels.elimination import Plan, plan, reach_functions, reach_words
from supplyroutes._kernels.random_bits import digits_of, draw_bits, first_words
from supplyroutes._kernels.reach import strong_components
from supplyroutes.analysis.compiling import compiled
from supplyroutes.analysis.doubt.causes import Causes, Condition

MOST_DIAGRAMS = 300_000
"""Decision diagrams made before a town is sampled instead."""
MOST_EXACT_DRAWS = 400
"""Draws up to which diagrams are tried: they are walked one draw deep at a time."""
PART = 1 << 16
"""Samples that are drawn together: words of this many bits."""
WORD, TILE = 64, 256
"""Bits of a compiled word, and how many such words are carried through a network together."""
MOST_BITS = 1 << 29
"""Bits of all slots that are held at once: larger networks take the samples in parts."""
COMPILED_FROM = 20_000
"""Steps of a sample from which they are compiled."""


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
        known = {ways: self._open(ways) for ways in dict.fromkeys(doors.ways)}
        found = sampled_reach(doors.order(), [known[ways] for ways in doors.ways], self.samples)
        return [found[pocket] for pocket in doors.pocket]

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
    random = Random(seed)  # noqa: S311 (a sample, not a secret)
    digits, full = digits_of(chance), (1 << PART) - 1
    whole = [0] * len(chance)
    for start in range(0, samples, PART):
        drawn = [[0] for _ in digits]
        words = [[word] for word in first_words(random, PART)]
        draw_bits(words, 0, digits, drawn, full, 1)
        for draw, (bits,) in enumerate(drawn):
            whole[draw] |= bits << start
    everything = (1 << samples) - 1
    return [bits & everything for bits in whole]


def sampled_reach(order: Plan, opens: Sequence[int], samples: int) -> list[int]:
    """Return the samples in which every node is reached, as bits.

    Where that is much work it is compiled; the bits are the same. Samples are taken in parts
    that fit into memory.
    """
    size = part_of(order, samples)
    full = (1 << size) - 1
    built = compiled(reach_words) if len(order.past) >= COMPILED_FROM else None
    whole = [0] * order.nodes
    for start in range(0, samples, size):
        part = [bits >> start & full for bits in opens]
        if built is None:
            reach = plain_reach(order, part, full)
        else:
            reach = _from_words(compiled_reach(built, order, _to_words(part, size)))
        for node, bits in enumerate(reach):
            whole[node] |= bits << start
    everything = (1 << samples) - 1
    return [bits & everything for bits in whole]


def part_of(order: Plan, samples: int) -> int:
    """Return how many samples are carried through a network together: whole tiles of words."""
    tile = WORD * TILE
    wanted = -(-samples // tile) * tile
    return max(tile, min(wanted, MOST_BITS // max(order.slots, 1) // tile * tile))


def plain_reach(order: Plan, opens: Sequence[int], full: int) -> list[int]:
    """Return the samples in which every node is reached; `full` are all samples."""
    reach = [[0] for _ in range(order.nodes)]
    reach[order.root] = [full]
    slots = [[0] for _ in range(order.slots)]
    reach_words(*order[3:], [[bits] for bits in opens], slots, reach, 1)
    return [bits for (bits,) in reach]


def compiled_reach(built: Any, order: Plan, opens: Any) -> Any:
    """Return reach from `opens` by a compiled kernel: arrays of tiles x places x words."""
    import numpy as np

    lists = [np.asarray(part, dtype=np.int64) for part in order[3:]]
    found = np.zeros((len(opens), order.nodes, TILE), np.int64)
    found[:, order.root] = -1
    slots = np.empty((order.slots, TILE), np.int64)
    for here, reach in zip(opens, found, strict=True):
        slots[:] = 0
        built(*lists, here, slots, reach, TILE)
    return found


def _to_words(bits: Sequence[int], samples: int) -> Any:
    """Return integers of bits as an array of tiles x places x words."""
    import numpy as np

    packed = b"".join(one.to_bytes(samples // 8, "little") for one in bits)
    rows = np.frombuffer(packed, "<i8").reshape(len(bits), -1, TILE)
    return np.array(rows.transpose(1, 0, 2), order="C")


def _from_words(found: Any) -> list[int]:
    """Return an array of tiles x places x words as integers of bits."""
    return [int.from_bytes(row.tobytes(), "little") for row in found.transpose(1, 0, 2)]
