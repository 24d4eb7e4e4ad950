"""The map of the worst roads to lose: numbered, on the network as their loss leaves it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import STATES, isolation
from supplyroutes.analysis.losses.harm import closing
from supplyroutes.analysis.losses.interdiction import Interdiction
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.legend import heading, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.marked_roads import Marked, draw_marked, ends_of
from supplyroutes.plot.sheet import Sheet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST_ROADS = 9
"""Roads that the legend names."""


def worst_map(
    network: Network,
    worst: Interdiction,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of the worst roads to lose, numbered, with the towns as their loss leaves them.

    For protection: sensitive, and the caption says so.

    Parameters
    ----------
    network
        The network on the day.
    worst
        The worst roads to lose on it, from `interdiction`.
    ax
        Axes to draw in, as in `network_map`; a figure of its own by default.
    lang
        Language of the map, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file.

    Raises
    ------
    RequestError
        The roads are not of this network, day and commodity, or there is no such language.
    DataError
        The base map cannot be read.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> ax = sr.plot.worst_map(day, sr.interdiction(day, budget=1))
    >>> ax.get_title(loc="left")
    'Fuel: the worst roads to lose, 12 January 2025'
    """
    said = words(lang)
    index = network.topology.edge_index
    same = all(edge in index for edge in worst.roads.index) and all(
        node in network.topology.node_index for node in worst.towns.index
    )
    if not same or (worst.at, worst.commodity) != (network.at, network.commodity):
        raise RequestError("the roads are not of this network, day and commodity")
    sheet = _WorstSheet(network, worst, said, basemap)
    return sheet.compose(ax, sheet.titled(title, "worst.title"), _WorstLettering)


class _WorstSheet(Sheet):
    """A sheet of the network without the worst roads, which are numbered."""

    def __init__(
        self, network: Network, worst: Interdiction, said: Any, basemap: str | Path | None
    ) -> None:
        self.lost = [network.topology.edge_index[str(edge)] for edge in worst.roads.index]
        closed = closing(network, self.lost)
        super().__init__(closed, isolation(closed, approaches=False), said, basemap)

    @property
    def clear_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the lost roads: the legend keeps off them."""
        return [self.lines[road] for road in self.lost]

    def draw_roads(self, ax: Axes) -> None:
        """Draw the roads by state, then the lost ones with their numbers."""
        super().draw_roads(ax)
        roads = enumerate(self.lost, 1)
        draw_marked(
            ax, self.lines, (Marked(road, str(place), "lost", style.LOST) for place, road in roads)
        )

    def caption_parts(self) -> list[str]:
        """Return what the caption says: how it is meant, and that it is sensitive."""
        said = self.said
        return [said("worst.caption"), said("worst.sensitive"), said("map.caption.states")]


class _WorstLettering(Lettering):
    """Legend, scale bar and names of a map of the worst roads."""

    sheet: _WorstSheet

    def rows(self, *, short: bool) -> Any:
        """Return the legend: the lost roads by number, states of towns."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        rows = [heading(said("worst.roads" if sheet.lost else "worst.nothing"))]
        for number, road in enumerate(sheet.lost[:MOST_ROADS], 1):
            told = str(number) if short else f"{number}  {ends_of(sheet.network, road)}"
            rows.append(road_entry(style.LOST, told))
        if len(sheet.lost) > MOST_ROADS:
            rows.append(heading(said.count("paths.legend.more", len(sheet.lost) - MOST_ROADS)))
        rows += [DrawingArea(1, 2), heading(said("worst.legend.towns"))]
        states = sheet.home_states
        rows += [
            town_entry(
                style.TOWNS[state],
                said("map.legend.entry", word=said(f"state.{state}"), count=states[state]),
            )
            for state in STATES
        ]
        rows.append(town_entry(style.SOURCE, said("map.legend.source")))
        return VPacker(children=rows, align="left", pad=0, sep=2.6)
