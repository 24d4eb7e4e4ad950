"""What goes on a map and where: extent, roads and towns by state, title and caption."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from math import cos, radians
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from supplyroutes.analysis.isolation import Isolation
from supplyroutes.catalogue import Words
from supplyroutes.core import CLOSED, STATUSES
from supplyroutes.geo import parse_linestring
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import Extent, draw_basemap, read_basemap
from supplyroutes.plot.labels import Box, plain, wrapped
from supplyroutes.plot.legend import cross, marker
from supplyroutes.plot.saving import root_figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LARGEST_MAP_IN = (11.4, 8.4)
MARGINS_IN = (0.2, 0.2, 0.62, 0.5)
"""Room in inches left, right, below (caption) and above (title)."""
LARGE, MIDDLE = 100_000, 20_000
"""People from which a town is drawn large, and not small."""
OVER = {"not_on_network": 0.0, "supplied": 0.1, "strained": 0.2, "isolated": 0.3}
"""Which town lies over which of its size where they are close."""
RIM = 3.0
"""Points along the edge of the map that names keep free."""


class Letters(Protocol):
    """What writes the names and the legend of a map."""

    def draw(self) -> None:
        """Write them."""


class Sheet:
    """What goes on the map, and where."""

    scale = 1.0
    """How thick lines and how large signs are: less than 1 on a small map."""

    def __init__(
        self, network: Network, cut: Isolation, said: Words, basemap: str | Path | None
    ) -> None:
        self.network = network
        self.said = said
        self.states: list[str] = list(cut.towns["state"])
        self.unknown = len(cut.unknown_roads)
        self.doubtful: list[bool] = [bool(flag) for flag in cut.towns["relies_on_unknown"]]
        self.towns = network.tables.towns.columns
        self.sources = set(network.sources())
        self.features = read_basemap(basemap, set(self.towns["country"]))

    @property
    def must_name(self) -> set[int]:
        """The towns that must be named, whatever their size."""
        return self.sources

    @property
    def clear_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines that the legend keeps off before all others."""
        return []

    @property
    def marks(self) -> list[tuple[float, float]]:
        """The signs on roads: names keep off them."""
        return self.crosses

    def weight(self, node: int, weight: float) -> float:  # noqa: ARG002 (for other maps)
        """Return how much a town deserves a name, by what this map tells."""
        return weight

    @cached_property
    def focus(self) -> str:
        """The country that the map is about."""
        return self.network.home_country or ""

    def in_focus(self, node: int) -> bool:
        """Tell whether a town lies in the country that the map is about."""
        return bool(self.towns["country"][node] == self.focus)

    @cached_property
    def extent(self) -> Extent:
        """The box of the country's towns on the network and of the sources, with a margin."""
        return self.around(self.sources)

    def around(self, nodes: Iterable[int]) -> Extent:
        """Return the box of the country's towns on the network and these nodes, with a margin."""
        home = [node for node in range(len(self.states)) if self.in_focus(node)]
        shown = [node for node in home if self.states[node] != "not_on_network"] or home
        shown = [*shown, *nodes]
        lons = [self.towns["lon"][node] for node in shown]
        lats = [self.towns["lat"][node] for node in shown]
        margin = max(0.06 * max(max(lons) - min(lons), max(lats) - min(lats)), 0.2)
        return min(lons) - margin, max(lons) + margin, min(lats) - margin, max(lats) + margin

    @cached_property
    def lines(self) -> list[Sequence[tuple[float, float]]]:
        """The (lon, lat) line of each road; straight where no geometry is given."""
        top = self.network.topology
        lon, lat = self.towns["lon"], self.towns["lat"]
        return [
            parse_linestring(text)
            if text
            else [(lon[node], lat[node]) for node in (top.tail[2 * edge], top.head[2 * edge])]
            for edge, text in enumerate(self.network.tables.roads.columns["geometry"])
        ]

    @cached_property
    def road_states(self) -> list[str | None]:
        """The state of each road in its worse direction; None if tankers cannot use it."""
        usable, state = self.network.usable, self.network.state
        found: list[str | None] = []
        for edge in range(len(self.lines)):
            codes = [
                CLOSED if state.capacity_factor[arc] == 0 else state.status[arc]
                for arc in (2 * edge, 2 * edge + 1)
                if usable[arc]
            ]
            found.append(STATUSES[max(codes)] if codes else None)
        return found

    @property
    def home_states(self) -> Counter[str]:
        """The number of towns in each state in the country that the map is about."""
        return Counter(state for node, state in enumerate(self.states) if self.in_focus(node))

    @property
    def home_doubtful(self) -> int:
        """How many towns of that country rely on a road of unknown state."""
        return sum(flag and self.in_focus(node) for node, flag in enumerate(self.doubtful))

    @cached_property
    def hit_towns(self) -> set[int]:
        """The towns at an end of a road that is neither open nor unknown."""
        top = self.network.topology
        return {node for edge in self._hit for node in (top.tail[2 * edge], top.head[2 * edge])}

    @property
    def hit_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the roads that are neither open nor unknown."""
        return [self.lines[edge] for edge in self._hit]

    @cached_property
    def crosses(self) -> list[tuple[float, float]]:
        """The middle of each closed road."""
        return [
            middle(self.lines[edge])
            for edge, status in enumerate(self.road_states)
            if status == "closed"
        ]

    @cached_property
    def _hit(self) -> list[int]:
        """The roads that are neither open nor unknown."""
        calm = (None, "open", "unknown")
        return [edge for edge, status in enumerate(self.road_states) if status not in calm]

    # --- drawing ------------------------------------------------------------------------

    def titled(self, title: str | None, key: str, **more: str) -> str:
        """Return a title; without one, that of a key of the catalogue with commodity and day."""
        if title is not None:
            return title
        at, say = self.network.at, self.said
        day = say.day(at) if at else say("paths.any_day")
        return say(key, commodity=say(f"map.commodity.{self.network.commodity}"), day=day, **more)

    def compose(
        self, ax: Axes | None, title: str | None, lettering: Callable[[Any, Axes], Letters]
    ) -> Axes:
        """Draw the whole map: ground, content, frame and letters; return its axes."""
        ax = self.axes(ax)
        draw_basemap(ax, self.features, self.focus)
        self.draw_content(ax)
        self.draw_frame(ax, title)
        lettering(self, ax).draw()
        return ax

    def draw_content(self, ax: Axes) -> None:
        """Draw what the map tells: here roads and towns by state."""
        self.draw_roads(ax)
        self.draw_towns(ax)

    def axes(self, ax: Axes | None) -> Axes:
        """Return axes with the extent and the aspect of the map, empty."""
        if ax is None:
            ax = self._own_axes()
        elif not ax.get_autoscalex_on() and not ax.get_autoscaley_on():
            self.extent = (*sorted(ax.get_xlim()), *sorted(ax.get_ylim()))  # type: ignore[assignment]
        west, east, south, north = self.extent
        ax.set_xlim(west, east)
        ax.set_ylim(south, north)
        ax.set_aspect(1 / narrowing(self.extent), adjustable="box")
        ax.set_xticks([])
        ax.set_yticks([])
        ax.set_facecolor(style.SEA if self.features else style.PAPER)
        for side in ax.spines.values():
            side.set_edgecolor(style.BORDER)
            side.set_linewidth(0.8)
        ax.apply_aspect()
        return ax

    def _own_axes(self) -> Axes:
        """Return axes in a figure that fits them, with room for title and caption."""
        from matplotlib.figure import Figure

        west, east, south, north = self.extent
        wide, high = (east - west) * narrowing(self.extent), north - south
        scale = min(LARGEST_MAP_IN[0] / wide, LARGEST_MAP_IN[1] / high)
        wide, high = wide * scale, high * scale
        left, right, below, above = MARGINS_IN
        size = (wide + left + right, high + below + above)
        figure = Figure(figsize=size, facecolor=style.PAPER)
        place = (left / size[0], below / size[1], wide / size[0], high / size[1])
        return figure.add_axes(place)

    def draw_roads(self, ax: Axes) -> None:
        """Draw the roads, the worst on top, restricted ones on a white casing."""
        from matplotlib.collections import LineCollection

        for place, status in enumerate((None, *STATUSES)):
            look = style.ROADS[status] if status else style.UNUSABLE
            lines = [
                line
                for line, state in zip(self.lines, self.road_states, strict=True)
                if state == status
            ]
            layer = style.LAYERS["road" if status else "unusable"] + place / 10
            if status not in (None, "open"):
                casing = LineCollection(
                    lines,
                    colors=style.PAPER,
                    linewidths=(look.width + 1.6) * self.scale,
                    zorder=style.LAYERS["casing"],
                )
                ax.add_collection(casing, autolim=False)
            roads = LineCollection(
                lines,
                colors=look.colour,
                linewidths=look.width * self.scale,
                linestyles=[(0, look.dashes)] if look.dashes else "solid",
                zorder=layer,
                label=status or "unusable",
            )
            ax.add_collection(roads, autolim=False)
        if self.crosses:
            ax.plot(
                *zip(*self.crosses, strict=True),
                linestyle="none",
                **cross(style.ROADS["closed"], self.scale),
                zorder=style.LAYERS["cross"],
            )

    def draw_ground(self, ax: Axes) -> None:
        """Draw the roads as ground for what another map tells, and a cross on each closed one."""
        from matplotlib.collections import LineCollection

        for usable, look in ((True, style.GROUND), (False, style.UNUSABLE)):
            lines = [
                line for line, state in zip(self.lines, self.road_states, strict=True)
                if (state is not None) == usable
            ]  # fmt: skip
            dashes: Any = (0, look.dashes) if look.dashes else "solid"
            roads = LineCollection(
                lines, colors=look.colour, linewidths=look.width, linestyles=dashes,
                zorder=style.LAYERS["unusable"],
            )  # fmt: skip
            ax.add_collection(roads, autolim=False)
        if self.crosses:
            ax.plot(
                *zip(*self.crosses, strict=True), linestyle="none",
                **cross(style.ROADS["closed"]), zorder=style.LAYERS["cross"],
            )  # fmt: skip

    def draw_towns(self, ax: Axes) -> None:
        """Draw the towns by state, and the sources; towns that look the same at once."""
        alike: dict[tuple[float, str, float, bool], list[int]] = {}
        for node, state in enumerate(self.states):
            source = node in self.sources
            layer = style.LAYERS["source" if source else "town"] + OVER[state]
            layer -= (
                self.dot_size(node) / self.scale / 20
            )  # of two that are close the smaller lies on top
            half = self.doubtful[node] and not source
            look = (layer, "source" if source else state, self.dot_size(node), half)
            alike.setdefault(look, []).append(node)
        for (layer, kind, size, half), nodes in sorted(alike.items()):
            ax.plot(
                [self.towns["lon"][node] for node in nodes],
                [self.towns["lat"][node] for node in nodes],
                linestyle="none",
                **marker(
                    style.SOURCE if kind == "source" else style.TOWNS[kind],
                    size,
                    half=half,
                    scale=self.scale,
                ),
                zorder=layer,
                gid=f"towns-{kind}-{size:g}{'-half' if half else ''}",
            )

    def dot_size(self, node: int) -> float:
        """Return the size of the marker of a town in points."""
        if node in self.sources:
            return style.SOURCE.size * self.scale
        people = self.towns["population"][node] or 0
        share = 1.0 if people >= LARGE else 0.8 if people >= MIDDLE else 0.6
        if not self.in_focus(node):
            share = min(share, 0.7)
        if self.states[node] == "isolated":
            share = max(share, 0.8)
        if self.in_focus(node) and "capital" in self.towns["roles"][node]:
            share = 1.4
        return style.TOWNS[self.states[node]].size * share * self.scale

    def reach(self, node: int) -> float:
        """Return how wide a town is drawn with all that is around it, in points."""
        return self.dot_size(node)

    def draw_frame(self, ax: Axes, title: str | None) -> None:
        """Write title and caption."""
        if title is None:
            goods = self.said(f"map.commodity.{self.network.commodity}")
            day = self.network.at
            title = (
                self.said("map.title", commodity=goods, day=self.said.day(day))
                if day
                else self.said("map.title.undisturbed", commodity=goods)
            )
        head = ax.set_title(
            plain(title), loc="left", fontsize=14, fontweight="bold", family=style.FONT,
            color=style.INK, pad=9,
        )  # fmt: skip
        head.set_parse_math(False)
        width = frame_of(ax)[1] - frame_of(ax)[0]
        ax.annotate(
            "\n".join(wrapped(self.caption(), 7.5, width)),
            (0, 0), (0, -6), xycoords="axes fraction", textcoords="offset points",
            ha="left", va="top", fontsize=7.5, family=style.FONT, color=style.QUIET,
            parse_math=False, annotation_clip=False, gid="caption", linespacing=1.35,
        )  # fmt: skip

    def caption_parts(self) -> list[str]:
        """Return what the caption says of the map's subject."""
        said = self.said
        news = [last[0] for last in self.network.state.last_report if last]
        return [
            said("map.caption.counts", unknown=self.unknown, roads=len(self.lines)),
            said("map.caption.news", day=said.day(max(news))) if news else "",
            said("map.caption.states"),
            said("map.caption.use"),
        ]

    def caption(self) -> str:
        """Return where the map comes from, how sure it is, and what it is for."""
        said = self.said
        parts = self.caption_parts()
        tables = (self.network.tables.roads, self.network.tables.towns)
        told = {text for table in tables for text in table.columns["source"]}
        names = [
            name
            for name, given in (
                (said("map.caption.osm"), any("OpenStreetMap" in text for text in told)),
                ("Natural Earth", bool(self.features)),
                ("GeoNames", any("GeoNames" in text for text in told)),
            )
            if given
        ]
        if names:
            parts.append(said("map.caption.contains", names="; ".join(names)))
        return " ".join(part for part in parts if part)


# --- small geometry --------------------------------------------------------------------------


def narrowing(extent: Extent) -> float:
    """Return how much shorter a degree of longitude is than one of latitude, mid-map."""
    return max(cos(radians((extent[2] + extent[3]) / 2)), 0.05)


def dots_per_inch(ax: Axes) -> float:
    """Return the dots per inch in which the figure measures."""
    return float(root_figure(ax).dpi)


def frame_of(ax: Axes) -> Box:
    """Return the box of the map in points."""
    box, scale = ax.bbox, 72 / dots_per_inch(ax)
    return (
        box.x0 * scale + RIM, box.x1 * scale - RIM, box.y0 * scale + RIM, box.y1 * scale - RIM
    )  # fmt: skip


def middle(line: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """Return the middle of a road: between the two points in the middle of its list."""
    (x1, y1), (x2, y2) = line[(len(line) - 1) // 2], line[len(line) // 2]
    return (x1 + x2) / 2, (y1 + y2) / 2
