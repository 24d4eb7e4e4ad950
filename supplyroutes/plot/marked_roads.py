"""Roads that a map marks one by one: a strong line with a number or letter, named in its legend."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.labels import plain, shortened
from supplyroutes.plot.sheet import middle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BESIDE_POINTS = 19.0
"""How far apart the marks of parallel roads stand that have one middle."""


class Marked(NamedTuple):
    """A road, by number, with its mark; `kind` names what it is in the drawing."""

    road: int
    mark: str
    kind: str
    look: style.Line


def draw_marked(
    ax: Axes, lines: Sequence[Sequence[tuple[float, float]]], marked: Iterable[Marked]
) -> None:
    """Draw roads with their marks in the middle; marks of one place stand beside each other."""
    stand: dict[tuple[float, float], int] = {}
    for road, mark, kind, look in marked:
        place = middle(lines[road])
        ax.plot(
            *zip(*lines[road], strict=True), color=look.colour, linewidth=look.width,
            zorder=style.LAYERS["cross"], solid_capstyle="butt", gid=f"{kind}-{mark}",
        )  # fmt: skip
        ax.annotate(
            mark, place, (BESIDE_POINTS * stand.get(place, 0), 0), textcoords="offset points",
            ha="center", va="center", fontsize=8.5,
            family=style.FONT, fontweight="bold", color=style.PAPER,
            zorder=style.LAYERS["source"] + 0.5, annotation_clip=True, parse_math=False,
            bbox={"boxstyle": "circle,pad=0.22", "fc": look.colour, "ec": style.PAPER},
        )  # fmt: skip
        stand[place] = stand.get(place, 0) + 1


def ends_of(network: Network, road: int) -> str:
    """Return the names at the ends of a road, as plain text."""
    top = network.topology
    ends = (top.node_ids[top.tail[2 * road]], top.node_ids[top.head[2 * road]])
    return " – ".join(shortened(plain(network.name(node))) for node in ends)
