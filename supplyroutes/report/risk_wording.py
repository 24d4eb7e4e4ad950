"""Probabilities in words: what screen and map say of them the same way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words
from supplyroutes.report.wording import DASH

if TYPE_CHECKING:
    from supplyroutes.analysis.doubt.reliability import Reliability

_RARE = 0.01


def chance(words: Words, value: float) -> str:
    """Return a probability in per cent: never 0 or 100 of what is not certain."""
    if value != value:  # noqa: PLR0124
        return DASH
    if 0 < value < _RARE:
        return words("risk.rare", percent=words.share(_RARE))
    return words.share(value)


def span(words: Words, low: float, high: float) -> str:
    """Return a range of probabilities; one number where both ends read the same."""
    one, other = chance(words, low), chance(words, high)
    if DASH in {one, other} or one == other:
        return one
    return words("risk.span", low=one, high=other)


def how(words: Words, row: Any) -> str:
    """Return how the probabilities of a town were found, with the interval of what is sampled."""
    if row["method"] != "sampled":
        return words(f"risk.method.{row['method']}")
    interval = span(words, row["supplied_low_prob"], row["supplied_high_prob"])
    return words("risk.method.sampled", interval=interval)


def method_line(words: Words, risk: Reliability) -> str:
    """Return a sentence that says what is exact and what is sampled."""
    counts = risk.summary()
    if not counts["samples"]:
        return words("risk.exact")
    seed = {"samples": words.number(risk.samples), "seed": risk.seed}
    if not counts["sampled"]:
        return words("risk.exact_towns", **seed)
    return words.count("risk.sampled", counts["sampled"], **seed)
