"""How much each of several changes weighs in what they do together."""

from __future__ import annotations

from collections.abc import Sequence
from math import comb, fsum


def shapley_shares(values: Sequence[float], players: int) -> list[float]:
    """Return the share of each player in a value (Shapley 1953).

    `values` holds what each set of players is worth: bit p of its place says whether player p is
    in the set. A share is what a player adds to those before it, on average over all orders of
    arrival, so the shares sum to what all are worth less what none is.

    >>> shapley_shares([0, 1, 2, 6], 2)
    [2.5, 3.5]
    """
    shares = []
    for player in range(players):
        bit = 1 << player
        added = (
            (values[place | bit] - values[place]) / comb(players - 1, place.bit_count())
            for place in range(1 << players)
            if not place & bit
        )
        shares.append(fsum(added) / players)
    return shares
