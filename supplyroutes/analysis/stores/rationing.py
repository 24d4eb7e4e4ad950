"""A town's day: who uses what of its fuel, what the tanks take, and what it orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from supplyroutes.analysis.stores.stock_towns import Tanks, Towns

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Array = NDArray[np.float64]


@dataclass(frozen=True)
class Day:
    """What a day leaves: tanks at evening, what waits at their gate, and what was used by class."""

    tanks: Tanks
    gate: Array
    used: Array


def use_and_unload(towns: Towns, tanks: Tanks, gate: Array, reserve_days: float) -> Day:
    """Let towns use fuel for a day from their tanks and from what stands at the gate.

    Each class first burns what it alone can burn. The rest is shared: rank after rank, alike
    within a rank; a lower rank leaves what the higher ones use in `reserve_days`, but no more than
    the town's usual stock. What is not used goes into the tanks; what they cannot take stays at
    the gate.

    Parameters
    ----------
    towns
        The towns.
    tanks
        What they hold in the morning.
    gate
        What stands at their gates, in m3.
    reserve_days
        Days of use of the higher ranks that lower ranks leave alone.
    """
    import numpy as np

    own = np.minimum(towns.use, tanks.alone)
    offered = tanks.shared + gate
    shared = _shared(towns, offered, towns.use - own, reserve_days)
    alone = tanks.alone - own
    left = np.maximum(offered - shared.sum(axis=1), 0.0)
    for limits in (towns.usual, towns.room):
        spare = np.clip(left - limits.shared, 0.0, gate)
        moved = _fill(np.maximum(limits.alone - alone, 0.0), spare)
        alone = alone + moved
        left = left - moved.sum(axis=1)
    over = np.clip(left - towns.room.shared, 0.0, gate)
    return Day(Tanks(left - over, alone), over, own + shared)


def _shared(towns: Towns, offered: Array, need: Array, reserve_days: float) -> Array:
    """Return what each class uses of what all share."""
    import numpy as np

    used = np.zeros(need.shape)
    left, higher = offered.copy(), np.zeros(len(offered))
    for rank in np.unique(towns.rank):
        wanted = np.where(towns.rank == rank, need, 0.0)
        total = wanted.sum(axis=1)
        reserve = np.minimum(reserve_days * higher, towns.usual.shared)
        taken = wanted * _part(left - reserve, total)[:, None]
        used += taken
        left = left - taken.sum(axis=1)
        higher = higher + np.where(towns.rank == rank, towns.use, 0.0).sum(axis=1)
    return used


def _fill(room: Array, spare: Array) -> Array:
    """Return what of the spare fuel goes into each room: in proportion, as far as it goes."""
    filled: Array = room * _part(spare, room.sum(axis=1))[:, None]
    return filled


def _part(amount: Array, whole: Array) -> Array:
    """Return which part of the whole an amount is, from none to all; none of nothing."""
    import numpy as np

    part: Array = np.clip(amount, 0.0, whole) / np.where(whole > 0, whole, 1.0)
    return part


def orders(towns: Towns, stock: Array, due: Array, lag_days: Array, most: float) -> Array:
    """Return what each town orders, in days of its use.

    A day's use; while the town stands below its usual stock, counting what is due, up to `most`
    times as much; never more than the tanks take when it arrives.

    Parameters
    ----------
    towns
        The towns.
    stock
        What they hold in the evening, in m3.
    due
        What is under way to them and not held up, in m3.
    lag_days
        Evenings that fuel ordered now spends on the road.
    most
        Most that is ordered, in days of use.
    """
    import numpy as np

    use = towns.use.sum(axis=1)
    usual, room = towns.usual.total, towns.room.total
    short = usual - stock - np.maximum(due - use * lag_days, 0.0)
    wanted = use + np.clip(short, 0.0, (max(most, 1.0) - 1.0) * use)
    fits = room + use * (lag_days + 1) - stock - due
    ordered = np.clip(wanted, 0.0, np.maximum(fits, 0.0))
    found: Array = np.round(ordered / np.where(use > 0, use, 1.0), 6)
    return found
