"""The search for the best order: exact for few lifts, else greedy with a proven bound."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from math import lcm

from supplyroutes._kernels.lift_order import (
    area,
    best_order,
    greedy_order,
    improved,
    reverse_order,
)
from supplyroutes.analysis.restoring.lift_bounds import bound_of
from supplyroutes.analysis.restoring.shortfalls import Shortfall

MOST_EXACT = 12
"""Lifts up to which all sets are valued: 2^12."""
MOST_PAIRED = 24
"""Lifts up to which all pairs are looked at."""


@dataclass(frozen=True)
class Plan:
    """An order of lifts (by place), and how good it is, in whole parts and parts times days.

    Attributes
    ----------
    order
        The lifts, first to last.
    missing
        What is missing before each step, and after the last.
    area, bound
        The area of the order, and what no order goes below, in parts times days.
    exact
        Whether the order is proven best.
    alone
        What each lift restores as the only one.
    pairs
        (one, other, gain): what restores something together and nothing alone.
    """

    order: tuple[int, ...]
    missing: tuple[int, ...]
    area: Fraction
    bound: Fraction
    exact: bool
    alone: tuple[int, ...]
    pairs: tuple[tuple[int, int, int], ...]


def search(shortfall: Shortfall, days: Sequence[float]) -> Plan:
    """Return the best order of lifts that take so many days."""
    whole, unit = in_whole(days)
    least = shortfall.of((1 << len(days)) - 1)
    if len(days) <= MOST_EXACT:
        order = best_order(shortfall.of_all_sets(), whole)
        total = bound = area(order, whole, shortfall.of, least)
    else:
        bound = bound_of(shortfall, whole, least)
        order = good_order(shortfall, whole, least, bound)
        total = area(order, whole, shortfall.of, least)
    done = [sum(1 << lift for lift in order[:place]) for place in range(len(order) + 1)]
    alone = [shortfall.of(0) - shortfall.of(1 << lift) for lift in range(len(days))]
    return Plan(
        tuple(order),
        tuple(map(shortfall.of, done)),
        Fraction(total, unit),
        Fraction(bound, unit),
        bound == total,
        tuple(alone),
        tuple(_together(shortfall, alone)),
    )


def in_whole(days: Sequence[float]) -> tuple[list[int], int]:
    """Return days in whole parts of a day, and how many such parts a day has."""
    parts = [Fraction(str(took)) for took in days]
    unit = lcm(*(took.denominator for took in parts))
    return [int(took * unit) for took in parts], unit


def good_order(shortfall: Shortfall, days: Sequence[int], least: int, bound: int) -> list[int]:
    """Return the better of two orders: found forward and backward, each bettered by moves.

    What meets the bound is best: nothing more is tried.
    """
    value, most = shortfall.of, shortfall.most_tried
    found: list[tuple[int, list[int]]] = []
    for find in (greedy_order, reverse_order):
        order = improved(find(days, value, least), days, value, least, most_tried=most)
        found.append((area(order, days, value, least), order))
        if found[-1][0] <= bound:
            break
    return min(found)[1]


def _together(shortfall: Shortfall, alone: Sequence[int]) -> Iterator[tuple[int, int, int]]:
    """Yield the pairs that restore something together, of lifts that restore nothing alone."""
    if len(alone) > MOST_PAIRED:
        return
    now = shortfall.of(0)
    for one, other in combinations([lift for lift, gain in enumerate(alone) if not gain], 2):
        gain = now - shortfall.of(1 << one | 1 << other)
        if gain:
            yield one, other, gain
