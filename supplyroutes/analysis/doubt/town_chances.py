"""The chances of every town: exact by diagrams, exact where roads fail apart, else sampled."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from supplyroutes._kernels.decisions import TOO_LARGE
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.doubt.causes import Causes
from supplyroutes.analysis.doubt.chances import Doors, Exact, Sampled, doors_of
from supplyroutes.analysis.doubt.roads_apart import missed, stand_apart
from supplyroutes.analysis.intervals import wilson

EXACT, SAMPLED, OFF = "exact", "sampled", "off_network"
"""How the probabilities of a town were found; off: no road leads there even undisturbed."""


class TownChances:
    """The functions and the probabilities of all towns on a day."""

    def __init__(self, causes: Causes, samples: int, seed: int) -> None:
        self.causes = causes
        self.samples, self.seed = samples, seed
        top = causes.network.topology
        self.on = reached(
            top.out_start, top.out_arcs, top.head, causes.network.usable, causes.network.sources()
        )
        self.doors: list[Doors] = [
            doors_of(causes, shut) for shut in (causes.shut, causes.hindered)
        ]
        self.exact = Exact(causes)
        self.functions = [self.exact.reach(doors) for doors in self.doors]
        self.given_up = {
            town for found in self.functions for town, one in enumerate(found) if one == TOO_LARGE
        }
        self._sampled: tuple[Sampled, list[list[int]]] | None = None

    @property
    def drawn(self) -> int:
        """The number of samples drawn; 0 if none were needed."""
        return self.samples if self._sampled else 0

    def sampled(self) -> tuple[Sampled, list[list[int]]]:
        """Return samples and the functions of towns in them; drawn when first asked for."""
        if self._sampled is None:
            drawn = Sampled(self.causes, self.samples, self.seed)
            self._sampled = drawn, [drawn.reach(doors) for doors in self.doors]
        return self._sampled

    def row(self, town: int) -> dict[str, Any]:
        """Return the probabilities of a town."""
        if not self.on[town]:
            return {"method": OFF}
        if town not in self.given_up:
            return self._exact_row(town)
        return self._apart_row(town) if self.apart else self._sampled_row(town)

    def _exact_row(self, town: int) -> dict[str, Any]:
        """Return the exact probabilities of a town, also at both ends of the table's ranges."""
        exact = self.exact
        passable, free = (found[town] for found in self.functions)
        isolated, supplied = exact.fails(passable), exact.holds(free)
        row = {
            "supplied_prob": supplied,
            "strained_prob": max(0.0, exact.fails(free) - isolated),
            "isolated_prob": isolated,
            "method": EXACT,
        }
        for name, value in (("supplied", supplied), ("isolated", isolated)):
            row |= {f"{name}_low_prob": value, f"{name}_high_prob": value}
        for end, (fails, holds) in self._ends.items():
            row |= {f"supplied_{end}_prob": holds[free], f"isolated_{end}_prob": fails[passable]}
        return row

    @cached_property
    def apart(self) -> dict[str, list[list[float]]]:
        """Of each level how likely every town is not reached, where every road fails by itself.

        At best and at both ends of the table's ranges; empty where that cannot be told exactly.
        """
        found: dict[str, list[list[float]]] = {"best": [], "doubting": [], "trusting": []}
        for doors in self.doors:
            opens = self.exact.opens(doors)
            if not stand_apart(doors, opens):
                return {}
            for word, levels in found.items():
                fails = self._ends[word][0] if word != "best" else None
                shut = [fails[one] if fails else self.exact.fails(one) for one in opens]
                told = missed(doors, shut)
                if told is None:
                    return {}
                levels.append(told)
        return found

    def _apart_row(self, town: int) -> dict[str, Any]:
        """Return the exact probabilities of a town where every road fails by itself."""
        isolated, hindered = (level[town] for level in self.apart["best"])
        row = {
            "supplied_prob": 1 - hindered,
            "strained_prob": max(0.0, hindered - isolated),
            "isolated_prob": isolated,
            "method": EXACT,
        }
        for name, value in (("supplied", 1 - hindered), ("isolated", isolated)):
            row |= {f"{name}_low_prob": value, f"{name}_high_prob": value}
        for word in ("doubting", "trusting"):
            isolated, hindered = (level[town] for level in self.apart[word])
            row |= {f"supplied_{word}_prob": 1 - hindered, f"isolated_{word}_prob": isolated}
        return row

    @cached_property
    def _ends(self) -> dict[str, tuple[list[float], list[float]]]:
        """The probabilities of all functions if reports are doubted more, and trusted more."""
        draws = self.causes.draws
        return {
            "doubting": self.exact.under([draw.chance.low for draw in draws]),
            "trusting": self.exact.under([draw.chance.high for draw in draws]),
        }

    def _sampled_row(self, town: int) -> dict[str, Any]:
        """Return the sampled probabilities of a town, with their intervals."""
        _, functions = self.sampled()
        passable, free = (found[town].bit_count() for found in functions)
        cut = self.samples - passable
        row: dict[str, Any] = {
            "supplied_prob": free / self.samples,
            "strained_prob": (passable - free) / self.samples,
            "isolated_prob": cut / self.samples,
            "method": SAMPLED,
        }
        for name, hits in (("supplied", free), ("isolated", cut)):
            low, high = wilson(hits, self.samples)
            row |= {f"{name}_low_prob": low, f"{name}_high_prob": high}
        return row
