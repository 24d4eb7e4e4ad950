"""Trucks under way: cohorts that move along their paths for a day."""

from __future__ import annotations

from collections.abc import Sequence


def advance(
    amount: list[float],
    place: list[int],
    left_h: list[float],
    waited: list[int],
    end: Sequence[int],
    legs: Sequence[int],
    passable: Sequence[int],
    hours: Sequence[float],
    keep: Sequence[float],
    day_h: float,
) -> float:
    """Move every cohort for `day_h` hours, in place; return what is lost on the way.

    A cohort's path is ``legs[place:end]``, the arcs before it; `left_h` is above zero while it is
    on the first of them. On entering an arc it keeps the share `keep` of its amount. It enters no
    arc that is not passable: there it stands for the rest of the day, and `waited` counts the
    days in a row on which it stood so. What it is on already, it drives to the end. It has arrived
    when `place` is `end`.

    Time O(arcs entered).
    """
    lost = 0.0
    for cohort in range(len(amount)):
        rest = day_h
        left = left_h[cohort]
        at = place[cohort]
        stands = 0
        while at < end[cohort] and rest > 0.0:
            if left <= 0.0:
                arc = legs[at]
                if passable[arc] == 0:
                    stands = 1
                    break
                if keep[arc] < 1.0:
                    arrives = amount[cohort] * keep[arc]
                    lost += amount[cohort] - arrives
                    amount[cohort] = arrives
                left = hours[arc]
            if left > rest:
                left -= rest
                rest = 0.0
            else:
                rest -= left
                left = 0.0
                at += 1
        place[cohort] = at
        left_h[cohort] = left
        waited[cohort] = waited[cohort] + 1 if stands == 1 else 0
    return lost
