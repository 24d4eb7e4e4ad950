"""The likeliest pictures of a day: which towns are cut off together, and how likely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from supplyroutes._kernels.decisions import NEVER, TOO_LARGE
from supplyroutes.analysis.doubt.chances import Answers

MOST_KEPT = 150
"""Pictures that are followed at once; the likeliest are kept."""


class Picture(NamedTuple):
    """Towns that are hit together, and no other; `proven` if no unlisted set is likelier."""

    towns: tuple[int, ...]
    prob: float
    proven: bool


def likeliest(hit: Mapping[int, int], answers: Answers, most: int) -> list[Picture]:
    """Return the likeliest sets of towns that are hit, and only they, the likeliest first.

    `hit` holds for every town the function that says when it is hit. Towns that are hit together
    share their function, so the pictures are split once for each function. Only the likeliest
    pictures are followed; since splitting never makes one likelier, a picture that beats every
    one let go is proven to be in its place.
    """
    groups: dict[int, list[int]] = {}
    for town, function in sorted(hit.items()):
        groups.setdefault(function, []).append(town)
    always = tuple(groups.pop(answers.always, ()))
    groups.pop(NEVER, None)
    kept: list[tuple[float, tuple[int, ...], int]] = [(1.0, always, answers.always)]
    let_go = 0.0
    for function, towns in groups.items():
        split: list[tuple[float, tuple[int, ...], int]] = []
        for prob, so_far, where in kept:
            sides = ((function, (*so_far, *towns)), (answers.opposite(function), so_far))
            for side, hit_now in sides:
                whole = answers.both(where, side)
                if whole == TOO_LARGE:
                    let_go = max(let_go, prob)
                elif whole != NEVER:
                    split.append((answers.holds(whole), hit_now, whole))
        split.sort(key=lambda picture: (-picture[0], picture[1]))
        let_go = max([let_go, *(prob for prob, *_ in split[MOST_KEPT : MOST_KEPT + 1])])
        kept = split[:MOST_KEPT]
    return [
        Picture(tuple(sorted(towns)), prob, prob >= let_go) for prob, towns, _ in _best(kept, most)
    ]


def _best(
    kept: Sequence[tuple[float, tuple[int, ...], int]], most: int
) -> Sequence[tuple[float, tuple[int, ...], int]]:
    """Return the likeliest pictures that can happen at all."""
    return [picture for picture in kept if picture[0] > 0][:most]
