"""Minimum cuts between all sources and a town."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from supplyroutes._kernels.mincut import target_side
from supplyroutes.core import Topology


def side_of(
    top: Topology,
    arcs: Sequence[int],
    unit: Sequence[int],
    sources: Sequence[int],
    lost: Collection[int],
    target: int,
) -> bytearray | None:
    """Return for every node whether it lies on a town's side of its canonical minimum cut.

    The town is cut off from a super-source that leads to all `sources`. Arcs of which `unit` is
    true and `lost` sources count one each, the others without limit. None if there is no cut.
    """
    entrance = len(top.node_ids)
    return target_side(
        [*(top.tail[arc] for arc in arcs), *[entrance] * len(sources)],
        [*(top.head[arc] for arc in arcs), *sources],
        [*unit, *(source in lost for source in sources)],
        entrance,
        target,
    )
