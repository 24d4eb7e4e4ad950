"""What must be lifted so that a target is reached again, and how much each lock weighs.

An arc is shut by *locks*. A lock is a set of keys (bits of an integer) and opens as soon as any
one of its keys is given; the arc opens when all of its locks are open. Reports are the keys:
each blocked road carries the reports that block it, and all of them must go.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import heappop, heappush
from math import comb
from random import Random

Locks = Sequence[int]


class Maze:
    """A small directed graph whose arcs are shut by locks, with one entrance and one target.

    Time: every question walks the arcs once, so contract what is open beforehand.
    """

    def __init__(
        self,
        tail: Sequence[int],
        head: Sequence[int],
        locks: Sequence[Locks],
        entrance: int,
        target: int,
    ) -> None:
        self.tail = tail
        self.head = head
        self.locks = locks
        self.entrance = entrance
        self.target = target
        self.out: list[list[int]] = [
            [] for _ in range(max([entrance, target, *tail, *head], default=0) + 1)
        ]
        for arc, node in enumerate(tail):
            self.out[node].append(arc)

    def reached(self, keys: int) -> bytearray:
        """Return which nodes are reached from the entrance with these keys."""
        inside = bytearray(len(self.out))
        inside[self.entrance] = 1
        stack = [self.entrance]
        while stack:
            for arc in self.out[stack.pop()]:
                to = self.head[arc]
                if not inside[to] and all(lock & keys for lock in self.locks[arc]):
                    inside[to] = 1
                    stack.append(to)
        return inside

    def opens(self, keys: int) -> bool:
        """Tell whether the target is reached with these keys."""
        return bool(self.reached(keys)[self.target])


# --- the fewest keys ----------------------------------------------------------------------


def fewest_keys(maze: Maze, *, most_sets: int, most_steps: int) -> tuple[list[int], int, bool]:
    """Return all smallest sets of keys that open the way, a proven bound, and if that is all.

    Best-first search over sets of keys (minimum-label path, NP-hard in general). With given
    keys some nodes are reached; whatever opens the way must open an arc that leaves them, and
    so one shut lock of it. One key at a time is tried, so every smallest set is found. Sets
    are in order of their keys.

    The bound is the size of the smallest sets; if the search stops after `most_steps` sets
    without an answer, every set smaller than the bound is proven not to do. The flag is
    false if the search stopped, or if there are more than `most_sets` answers.
    """
    found: list[int] = []
    heap = [(0, _order(0), 0)]
    seen = {0}
    size = steps = 0
    while heap:
        size, _, keys = heappop(heap)
        if found and size > found[0].bit_count():
            return found, found[0].bit_count(), True
        steps += 1
        if steps > most_steps:
            return found, size, False
        inside = maze.reached(keys)
        if inside[maze.target]:
            if len(found) == most_sets:
                return found, size, False
            found.append(keys)
            continue
        if found:  # its larger sets are not among the smallest
            continue
        for more in _next(maze, inside, keys):
            wider = keys | more
            if wider not in seen:
                seen.add(wider)
                heappush(heap, (wider.bit_count(), _order(wider), wider))
    return found, size, True


def _next(maze: Maze, inside: Sequence[int], keys: int) -> set[int]:
    """Return the keys of which one more must be given: of a shut lock of each arc that leads on.

    Of each arc the lock with the fewest keys is enough: all of its locks must open.
    """
    more: set[int] = set()
    for arc, node in enumerate(maze.tail):
        if inside[node] and not inside[maze.head[arc]]:
            shut = (lock for lock in maze.locks[arc] if not lock & keys)
            more.update(_bits(min(shut, key=lambda lock: (lock.bit_count(), lock))))
    return more


def _bits(number: int) -> Iterator[int]:
    """Yield the single bits of a number."""
    while number:
        bit = number & -number
        yield bit
        number ^= bit


def _order(keys: int) -> tuple[int, ...]:
    """Return the places of the keys: sets of one size are tried in this order."""
    return tuple(bit.bit_length() - 1 for bit in _bits(keys))


# --- how much each key weighs -------------------------------------------------------------


def exact_shares(maze: Maze, keys: int) -> list[float]:
    """Return the share of each of `keys` keys in the way being shut (Shapley 1953).

    The game: a set of blocks in force (keys not given) is worth 1 if it shuts the way, else
    0. A share is the part of all orders of arrival in which that block is the one that shuts
    it (Shapley & Shubik 1954), so the shares of a way that is shut sum to 1. All 2^n sets
    are answered together: one integer of 2^n bits a node says for which sets it is reached.
    """
    everything = (1 << (1 << keys)) - 1
    given = [_where(key, keys) for key in range(keys)]
    opens = reached_by_sets(maze, keys)[maze.target]
    levels = _levels(keys)
    shares = []
    for key in range(keys):
        # Sets of keys without this one that do not open the way, and do so with it.
        swings = (opens >> (1 << key)) & ~opens & ~given[key] & everything
        told = sum(
            (swings & level).bit_count() / comb(keys - 1, size)
            for size, level in enumerate(levels[:-1])
        )
        shares.append(told / keys)
    return shares


def reached_by_sets(maze: Maze, keys: int) -> list[int]:
    """Return for every node by which sets of `keys` keys it is reached: bit s for set s."""
    everything = (1 << (1 << keys)) - 1
    given = [_where(key, keys) for key in range(keys)]
    known: dict[Locks, int] = {}
    for locks in map(tuple, maze.locks):
        if locks not in known:
            known[locks] = _opened(locks, given, everything)
    openness = [known[tuple(locks)] for locks in maze.locks]
    return _reached_by_set(maze, openness, everything)


def _opened(locks: Locks, given: Sequence[int], everything: int) -> int:
    """Return as bits the sets of keys that open all of these locks."""
    opened = everything
    for lock in locks:
        hit = 0
        for bit in _bits(lock):
            hit |= given[bit.bit_length() - 1]
        opened &= hit
    return opened


def _reached_by_set(maze: Maze, openness: Sequence[int], everything: int) -> list[int]:
    """Return for every node the sets of keys by which it is reached, as bits."""
    found = [0] * len(maze.out)
    found[maze.entrance] = everything
    queue = [maze.entrance]
    waiting = {maze.entrance}
    for node in queue:
        waiting.discard(node)
        for arc in maze.out[node]:
            to = maze.head[arc]
            wider = found[to] | (found[node] & openness[arc])
            if wider != found[to]:
                found[to] = wider
                if to not in waiting:
                    waiting.add(to)
                    queue.append(to)
    return found


def _where(key: int, keys: int) -> int:
    """Return as bits the sets of keys that hold one key."""
    width = 1 << key
    pattern = ((1 << width) - 1) << width
    for larger in range(key + 1, keys):
        pattern |= pattern << (1 << larger)
    return pattern


def _levels(keys: int) -> list[int]:
    """Return as bits the sets of each size."""
    levels = [1]
    for key in range(keys):
        shifted = [level << (1 << key) for level in levels]
        levels = [
            (levels[size] if size < len(levels) else 0) | (shifted[size - 1] if size else 0)
            for size in range(key + 2)
        ]
    return levels


def sampled_pivots(maze: Maze, keys: int, *, samples: int, seed: int) -> list[int]:
    """Return how often each block was the one that shut the way, over random orders of arrival.

    An unbiased estimate of the shares of `exact_shares` (Castro, Gómez & Tejada 2009). The
    way is shut for good once it is shut, so the block is found by bisection.
    """
    random = Random(seed)  # noqa: S311 (a sample, not a secret)
    order = list(range(keys))
    pivots = [0] * keys
    for _ in range(samples):
        random.shuffle(order)
        given = [0] * (keys + 1)  # keys left when the first blocks have come
        for place in range(keys, 0, -1):
            given[place - 1] = given[place] | 1 << order[place - 1]
        low, high = 0, keys
        while high - low > 1:
            middle = (low + high) // 2
            if maze.opens(given[middle]):
                low = middle
            else:
                high = middle
        pivots[order[high - 1]] += 1
    return pivots
