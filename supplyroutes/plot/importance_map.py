"""The map of what roads are worth: the costlier its loss, the darker and wider a road."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from math import floor, isnan, log10
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import isolation
from supplyroutes.analysis.losses.criticality import Criticality
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.legend import cross, heading, marker, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import Sheet, middle

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def importance_map(
    network: Network,
    result: Criticality,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of what it would cost to lose each road, alone.

    Roads are told in four classes by the share of the costliest one: above a half, above a fifth,
    above a twentieth, and the rest that costs anything. Roads whose loss cuts off a town have a
    diamond, whatever their class.

    Parameters
    ----------
    network
        The network on the day.
    result
        What roads are worth on it, from `criticality`.
    ax
        Axes to draw in, as in `network_map`; a figure of its own by default.
    lang
        Language of the map, "en" or "fr".
    title
        Title, as plain text; by default the measure, the commodity and the day.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The result is not of the roads of this network, day and commodity, or there is no such
        language.
    DataError
        The base map cannot be read.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> ax = sr.plot.importance_map(network, sr.criticality(network))
    >>> ax.get_title(loc="left")
    'What it would cost to lose a road: Fuel, undisturbed network'
    """
    said = words(lang)
    known = set(result.items.index) <= set(network.topology.edge_index)
    if (result.at, result.commodity) != (network.at, network.commodity) or not (
        known and result.of == "roads"
    ):
        raise RequestError("the result is not of the roads of this network, day and commodity")
    sheet = _ImportanceSheet(network, result, said, basemap)
    return sheet.compose(ax, sheet.titled(title, "criticality.title.roads"), _ImportanceLettering)


class _ImportanceSheet(Sheet):
    """A sheet on which the worth of roads is told, and their state is the ground."""

    def __init__(
        self, network: Network, result: Criticality, said: Any, basemap: str | Path | None
    ) -> None:
        super().__init__(network, isolation(network, approaches=False), said, basemap)
        self.result = result
        column = result.items[result.ranked_by]
        index = network.topology.edge_index
        self.worth = {
            index[str(edge)]: float(value)
            for edge, value in column.items()
            if not isnan(value) and value > 0
        }
        cutting = result.items.index[result.items["cut_towns"] > 0]
        self.cutting = sorted(index[str(edge)] for edge in cutting)

    @cached_property
    def highest(self) -> float:
        """The worth of the costliest road; 0 if none costs anything."""
        return max(self.worth.values(), default=0.0)

    @cached_property
    def classes(self) -> list[list[int]]:
        """The roads of each class, the costliest class first."""
        found: list[list[int]] = [[] for _ in style.WORTH]
        for edge, value in sorted(self.worth.items()):
            share = value / self.highest
            place = next(place for place, (least, _) in enumerate(style.WORTH) if share > least)
            found[place].append(edge)
        return found

    @property
    def clear_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the costliest roads: the legend keeps off them."""
        return [self.lines[edge] for roads in self.classes[:2] for edge in roads]

    @property
    def hit_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the costliest roads: names had better not cover them."""
        return self.clear_lines

    @cached_property
    def hit_towns(self) -> set[int]:
        """The towns at an end of one of the costliest roads."""
        top = self.network.topology
        return {
            node for edge in self.classes[0] for node in (top.tail[2 * edge], top.head[2 * edge])
        }

    def draw_roads(self, ax: Axes) -> None:
        """Draw the roads, the costliest on top, and a sign on those that cut off a town."""
        from matplotlib.collections import LineCollection

        told = {edge for roads in self.classes for edge in roads}
        ground = [
            (style.UNUSABLE if state is None else style.GROUND, edge)
            for edge, state in enumerate(self.road_states)
            if edge not in told
        ]
        layers = [(look, [edge]) for look, edge in ground]
        layers += [
            (look, roads) for (_, look), roads in zip(style.WORTH, self.classes, strict=True)
        ][::-1]
        for place, (look, roads) in enumerate(layers):
            lines = LineCollection(
                [self.lines[edge] for edge in roads],
                colors=look.colour,
                linewidths=look.width,
                linestyles=[(0, look.dashes)] if look.dashes else "solid",
                zorder=style.LAYERS["road"] + place / (len(layers) + 1),
            )
            ax.add_collection(lines, autolim=False)
        if self.crosses:
            ax.plot(
                *zip(*self.crosses, strict=True), linestyle="none",
                **cross(style.ROADS["closed"]), zorder=style.LAYERS["cross"],
            )  # fmt: skip
        if self.cutting:
            ax.plot(
                *zip(*(middle(self.lines[edge]) for edge in self.cutting), strict=True),
                linestyle="none", **marker(style.CUTS_OFF, style.CUTS_OFF.size),
                zorder=style.LAYERS["cross"], gid="cuts-off",
            )  # fmt: skip

    def draw_towns(self, ax: Axes) -> None:
        """Draw the towns small, and the sources."""
        for node, state in enumerate(self.states):
            look = self._look(node)
            if look is style.PLACE and state == "not_on_network":
                continue
            layer = style.LAYERS["town" if look is style.PLACE else "source"]
            ax.plot(
                [self.towns["lon"][node]], [self.towns["lat"][node]], linestyle="none",
                **marker(look, look.size), zorder=layer,
            )  # fmt: skip

    def _look(self, node: int) -> style.Dot:
        """Return how a town is drawn."""
        return style.SOURCE if node in self.sources else style.PLACE

    def dot_size(self, node: int) -> float:
        """Return the size of the marker of a town in points."""
        return self._look(node).size

    def caption_parts(self) -> list[str]:
        """Return what the caption says of the roads."""
        said = self.said
        return [said("criticality.note"), said("criticality.use")]


class _ImportanceLettering(Lettering):
    """Legend, scale bar and names of a map of what roads are worth."""

    sheet: _ImportanceSheet

    def rows(self, *, short: bool) -> Any:
        """Return the legend: the classes with their least worth, and the signs."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        name = said(f"head.{sheet.result.ranked_by}")
        measure = said(f"criticality.measure.{sheet.result.measure}")
        rows = [] if short else [heading(measure[0].upper() + measure[1:])]
        rows.append(heading(name))
        for (least, look), roads in zip(style.WORTH, sheet.classes, strict=True):
            value = least * sheet.highest
            told = said("criticality.legend.above", value=self._number(value), count=len(roads))
            rows.append(road_entry(look, told))
        cutting = said("criticality.legend.cuts", count=len(sheet.cutting))
        rows += [
            DrawingArea(1, 2),
            town_entry(style.CUTS_OFF, cutting),
            *([road_entry(style.ROADS["closed"], said("status.closed"))] if sheet.crosses else []),
            town_entry(style.SOURCE, said("map.legend.source")),
        ]
        return VPacker(children=rows, align="left", pad=0, sep=3.5)

    def _number(self, value: float) -> str:
        """Return the bound of a class with the decimals that tell it from the others."""
        highest = self.sheet.highest
        digits = max(0, 2 - floor(log10(highest))) if 0 < highest < 100 else 0  # noqa: PLR2004
        return self.sheet.said.number(value, digits)
