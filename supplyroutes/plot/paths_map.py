"""The map of paths to a town: coloured and dashed by rank, with hours and state."""

from __future__ import annotations

from collections.abc import Sequence
from math import hypot
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import isolation
from supplyroutes.analysis.ways.paths import SupplyPaths
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED, Extent
from supplyroutes.plot.labels import plain, shortened
from supplyroutes.plot.legend import heading, marker, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import Sheet, dots_per_inch

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LEAST_MARGIN_DEGREES = 0.4
APART = 1.1
"""Width between paths that share a road, in widths of their lines."""


def paths_map(
    network: Network,
    paths: SupplyPaths,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of the paths to a town, coloured and dashed by rank.

    Paths that share a road lie side by side on it, the best first. The six best are
    drawn; the legend tells how many more there are.

    Parameters
    ----------
    network
        The network on the day of departure.
    paths
        Paths on it, from `supply_paths`.
    ax
        Axes to draw in, as in `network_map`; a figure of its own by default, which shows the paths
        and no more.
    lang
        Language of the map, "en" or "fr".
    title
        Title, as plain text; by default the commodity, the town and the day.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The paths are not of this network, day and commodity, or there is no such language.
    DataError
        The base map cannot be read.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> ax = sr.plot.paths_map(day, sr.supply_paths(day, to="east"))
    >>> ax.get_title(loc="left")
    'Fuel paths to East, 12 January 2025'
    """
    said = words(lang)
    top = network.topology
    driven = [arc for arcs in paths.arcs for arc in arcs]
    known = paths.to in top.node_index and max(driven, default=-1) < len(top.tail)
    if (paths.at, paths.commodity) != (network.at, network.commodity) or not (
        known and [top.edge_ids[arc // 2] for arc in driven] == paths.legs["edge"].tolist()
    ):
        raise RequestError("the paths are not of this network, day and commodity")
    sheet = _PathSheet(network, paths, said, basemap)
    return sheet.compose(
        ax, sheet.titled(title, "paths.title", town=network.name(paths.to)), _PathLettering
    )


class _PathSheet(Sheet):
    """A sheet on which paths are told, and roads and towns are the ground."""

    def __init__(
        self, network: Network, paths: SupplyPaths, said: Any, basemap: str | Path | None
    ) -> None:
        super().__init__(network, isolation(network, approaches=False), said, basemap)
        self.paths = paths
        top = network.topology
        self.target = top.node_index[paths.to]
        self.drawn = dict(enumerate(paths.arcs[: len(style.PATHS)], 1))
        self.starts = {top.node_index[node] for node in paths.paths["source"]}
        on_paths = {
            node for arcs in self.drawn.values() for arc in arcs
            for node in (top.tail[arc], top.head[arc])
        }  # fmt: skip
        self.on_paths = on_paths | {self.target} | self.starts
        self.extent = self._around()

    def draw_content(self, ax: Axes) -> None:
        """Draw the paths and the towns on the ground of all roads."""
        self.draw_ground(ax)
        self.draw_paths(ax)
        self.draw_towns(ax)

    @property
    def must_name(self) -> set[int]:
        """The ends of the paths must be named."""
        return {self.target, *self.starts}

    @property
    def clear_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the paths: the legend keeps off them."""
        return self.hit_lines

    @property
    def hit_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the paths: names had better not cover them."""
        return [self.lines[arc // 2] for arcs in self.drawn.values() for arc in arcs]

    def _around(self) -> Extent:
        """Return the box of the paths with a margin, not much higher or wider than the other."""
        lons = [self.towns["lon"][node] for node in self.on_paths]
        lats = [self.towns["lat"][node] for node in self.on_paths]
        wide, high = max(lons) - min(lons), max(lats) - min(lats)
        margin = max(0.07 * max(wide, high), LEAST_MARGIN_DEGREES)
        side = max(0.0, 1.15 * high - wide) / 2, max(0.0, 0.55 * wide - high) / 2
        return (
            min(lons) - margin - side[0], max(lons) + margin + side[0],
            min(lats) - margin - side[1], max(lats) + margin + side[1],
        )  # fmt: skip

    def draw_paths(self, ax: Axes) -> None:
        """Draw the paths, the best on top; those that share a road side by side."""
        users: dict[object, dict[int, None]] = {}
        ahead: dict[object, int] = {}  # where the best path on a road drives to
        for rank, arcs in self.drawn.items():
            for arc in arcs:
                users.setdefault(self._course(arc), {})[rank] = None  # once, if driven twice
                ahead.setdefault(self._course(arc), self.network.topology.head[arc])
        for rank, arcs in sorted(self.drawn.items(), reverse=True):
            look = style.PATHS[rank - 1]
            line: list[tuple[float, float]] = []
            for arc in arcs:
                ranks = list(users[self._course(arc)])
                place = ranks.index(rank) - (len(ranks) - 1) / 2
                backward = ahead[self._course(arc)] == self.network.topology.head[arc | 1]
                side = 1 if backward else -1  # the line of a road runs from u to v
                piece = self._beside(ax, arc // 2, side * place * APART * look.width)
                line += piece if arc % 2 == 0 else piece[::-1]
            if line:
                layer = style.LAYERS["road"] + (len(style.PATHS) - rank) / 10
                ax.plot(
                    *zip(*line, strict=True), color=look.colour, linewidth=look.width,
                    linestyle=(0, look.dashes) if look.dashes else "solid", zorder=layer,
                    solid_joinstyle="round", dash_capstyle="butt", gid=f"path-{rank}",
                )  # fmt: skip

    def _course(self, arc: int) -> object:
        """Return what arcs drawn on one line share: the road, or the ends of a straight one."""
        top = self.network.topology
        if self.network.tables.roads.columns["geometry"][arc // 2]:
            return arc // 2
        return frozenset((top.tail[arc], top.head[arc]))

    def _beside(self, ax: Axes, edge: int, points: float) -> list[tuple[float, float]]:
        """Return the line of a road, moved aside by some points to its left."""
        if points == 0:
            return list(self.lines[edge])
        dots = ax.transData.transform(self.lines[edge])
        (x1, y1), (x2, y2) = dots[0], dots[-1]
        length = hypot(x2 - x1, y2 - y1) or 1.0
        step = points * dots_per_inch(ax) / 72 / length
        across = (y1 - y2) * step, (x2 - x1) * step
        aside = [(x + across[0], y + across[1]) for x, y in dots]
        return [(float(x), float(y)) for x, y in ax.transData.inverted().transform(aside)]

    def draw_towns(self, ax: Axes) -> None:
        """Draw towns on the paths, the others small; the starts, and where the paths lead."""
        for node, state in enumerate(self.states):
            look = self._look(node)
            if look is style.PLACE and state == "not_on_network":
                continue
            layer = style.LAYERS["source" if look in (style.TARGET, style.SOURCE) else "town"]
            ax.plot(
                [self.towns["lon"][node]], [self.towns["lat"][node]], linestyle="none",
                **marker(look, look.size), zorder=layer + 0.5 * (look is not style.PLACE),
            )  # fmt: skip

    def _look(self, node: int) -> style.Dot:
        """Return how a town is drawn."""
        if node == self.target:
            return style.TARGET
        if node in self.starts:
            return style.SOURCE
        return style.PASSED if node in self.on_paths else style.PLACE

    def dot_size(self, node: int) -> float:
        """Return the size of the marker of a town in points."""
        return self._look(node).size

    def weight(self, node: int, weight: float) -> float:
        """Return how much a town deserves a name: those on the paths before all others."""
        return weight + (1e7 if node in self.on_paths else 0)

    def caption_parts(self) -> list[str]:
        """Return what the caption says of the paths."""
        said = self.said
        near = self.network.assumptions["near_equal_ratio"].best
        return [
            said("paths.caption.side"),
            said("paths.caption.near", percent=said.number(100 * near)),
            said("map.caption.use"),
        ]


class _PathLettering(Lettering):
    """Legend, scale bar and names of a map of paths."""

    sheet: _PathSheet

    def rows(self, *, short: bool) -> Any:
        """Return the legend: every path with source, hours, state and survival."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        rows = [heading(said("paths.legend"))]
        for rank in sheet.drawn:
            row: Any = sheet.paths.paths.loc[rank]
            told = said(
                "paths.legend.short" if short else "paths.legend.entry",
                rank=rank,
                source=self._named(row["source"]),
                hours=said.number(row["time_h"], 1),
                state=said(f"status.{row['state']}"),
                survival=said.share(row["survival_prob"]),
            )
            rows.append(road_entry(style.PATHS[rank - 1], told))
        more = len(sheet.paths.paths) - len(sheet.drawn)
        if more:
            rows.append(heading(said.count("paths.legend.more", more)))
        if sheet.paths.paths.empty:
            rows.append(heading(said("paths.none")))
        rows += [
            DrawingArea(1, 2),
            town_entry(style.TARGET, self._named(sheet.paths.to)),
            town_entry(style.SOURCE, said("map.legend.source")),
        ]
        if sheet.crosses:
            rows.append(road_entry(style.ROADS["closed"], said("status.closed")))
        return VPacker(children=rows, align="left", pad=0, sep=3.5)

    def _named(self, node: str) -> str:
        """Return the name of a town as the legend can show it."""
        return shortened(plain(self.sheet.network.name(node)))
