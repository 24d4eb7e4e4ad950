"""In which order to lift: exactly over all sets, or by greedy and local search.

A set of lifts is an integer, bit i for lift i. `value` of a set is what is still missing when
these are lifted; it never grows with the set. Whole numbers, so that sums and ties are exact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

Value = Callable[[int], int]
LONGEST_BLOCK = 4
"""Lifts in a row that local search moves as one, at most."""


def fill_values(lifts: int, value: Value) -> list[int]:
    """Return the value of all 2^lifts sets, asking only for those that the others do not settle.

    If a set and a larger one have the same value, so has every set between them. The sets are
    halved by the lifts that matter most, first or last, so that this happens soon.
    """
    top = (1 << lifts) - 1
    values = [-1] * (top + 1)
    bits = [1 << lift for lift in range(lifts)]
    for known in {0, top, *bits, *(top & ~bit for bit in bits)}:
        values[known] = value(known)
    bits.sort(key=lambda bit: values[bit] - values[top & ~bit])
    work = [(0, top, 0)]
    while work:
        low, high, place = work.pop()
        if values[low] == values[high]:
            inner = between = high & ~low
            while between:  # all sets between the two
                values[low | between] = values[low]
                between = (between - 1) & inner
            continue
        while not high & ~low & bits[place]:
            place += 1
        with_it, without = low | bits[place], high & ~bits[place]
        for known in (with_it, without):
            if values[known] < 0:
                values[known] = value(known)
        if with_it != high:
            work += [(with_it, high, place + 1), (low, without, place + 1)]
    return values


def best_order(values: Sequence[int], days: Sequence[int]) -> list[int]:
    """Return the order of the least area: the sum of days x (what is missing - what always is).

    Dynamic programming over sets (Held & Karp 1962). Of orders of the same area the one that is
    first by the numbers of its lifts. It ends with the last lift that restores anything.
    """
    everything = len(values) - 1
    floor = values[everything]
    least = [0] * (everything + 1)
    for done in range(everything - 1, -1, -1):
        missing = values[done] - floor
        least[done] = min(
            days[lift] * missing + least[done | 1 << lift]
            for lift in range(len(days))
            if not done >> lift & 1
        )
    order: list[int] = []
    done = 0
    while values[done] > floor:
        missing = values[done] - floor
        for lift in range(len(days)):
            more = done | 1 << lift
            if more != done and days[lift] * missing + least[more] == least[done]:
                order.append(lift)
                done = more
                break
    return order


def least_area(values: Sequence[int], days: Sequence[int]) -> int:
    """Return the least area of all orders, found forward: a second way, to check the first."""
    floor = values[-1]
    least = [0] * len(values)
    for done in range(1, len(values)):
        least[done] = min(
            least[done & ~(1 << lift)] + took * (values[done & ~(1 << lift)] - floor)
            for lift, took in enumerate(days)
            if done >> lift & 1
        )
    return least[-1]


def area(order: Sequence[int], days: Sequence[int], value: Value, floor: int) -> int:
    """Return the area of an order: days of each lift x what is missing while it is worked on."""
    done = total = 0
    for lift in order:
        total += days[lift] * (value(done) - floor)
        done |= 1 << lift
    return total


def greedy_order(days: Sequence[int], value: Value, floor: int) -> list[int]:
    """Return an order found forward: next is what restores most a day, alone.

    Where nothing restores anything alone, the lowest number is next.
    """
    left = list(range(len(days)))
    order: list[int] = []
    done = 0
    while (now := value(done)) > floor:
        # The gains are compared by cross-multiplication: whole numbers have no rounding.
        best = left[0]
        gain = now - value(done | 1 << best)
        for lift in left[1:]:
            other = now - value(done | 1 << lift)
            if other * days[best] > gain * days[lift]:
                best, gain = lift, other
        left.remove(best)
        order.append(best)
        done |= 1 << best
    return order


def reverse_order(days: Sequence[int], value: Value, floor: int) -> list[int]:
    """Return an order found backward: last is what is missed least for the days that it takes.

    It sees what works only together, which forward search does not: the parts are missed alike
    until one goes, and then the others are missed no more.
    """
    kept = list(range(len(days)))
    done = (1 << len(days)) - 1
    order: list[int] = []
    while kept:
        now = value(done)
        last = kept[-1]
        harm = value(done & ~(1 << last)) - now
        for lift in reversed(kept[:-1]):
            other = value(done & ~(1 << lift)) - now
            if other * days[last] < harm * days[lift]:
                last, harm = lift, other
        kept.remove(last)
        order.append(last)
        done &= ~(1 << last)
    return trimmed(order[::-1], value, floor)


def improved(
    order: Sequence[int], days: Sequence[int], value: Value, floor: int, *, most_tried: int
) -> list[int]:
    """Return an order bettered by moving lifts to another place, while that helps, and trimmed.

    The first move that helps is made, the short ones before the long; at most `most_tried`
    orders are tried.
    """
    best = list(order)
    least = area(best, days, value, floor)
    tried = 0
    while tried < most_tried:
        for moved in _moves(best):
            tried += 1
            total = area(moved, days, value, floor)
            if total < least:
                best, least = moved, total
                break
            if tried == most_tried:
                break
        else:
            break
    return trimmed(best, value, floor)


def _moves(order: Sequence[int]) -> Iterator[list[int]]:
    """Yield the orders in which a few lifts in a row stand elsewhere, short moves first.

    What works only together moves only together.
    """
    for size in range(1, LONGEST_BLOCK + 1):
        for distance in range(1, len(order) - size + 1):
            for place in range(len(order) - size + 1):
                block = order[place : place + size]
                left = [*order[:place], *order[place + size :]]
                for there in (place - distance, place + distance):
                    if 0 <= there <= len(left):
                        yield [*left[:there], *block, *left[there:]]


def trimmed(order: Sequence[int], value: Value, floor: int) -> list[int]:
    """Return an order without what comes after all is restored that can be."""
    done = 0
    for place, lift in enumerate(order):
        if value(done) == floor:
            return list(order[:place])
        done |= 1 << lift
    return list(order)
