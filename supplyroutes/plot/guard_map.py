"""The map of the roads to guard: numbered, with the worst attack that the guards leave possible."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.isolation import STATES, isolation
from supplyroutes.analysis.losses.harm import closing
from supplyroutes.analysis.losses.protection import Protection
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.legend import heading, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.marked_roads import Marked, draw_marked, ends_of
from supplyroutes.plot.sheet import Sheet, middle

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

MOST_ROADS = 9
"""Roads of a kind that the legend names."""


def guard_map(
    network: Network,
    guard: Protection,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of the roads to guard, and of the worst attack that is left with its towns.

    Sensitive, and the caption says so.

    Parameters
    ----------
    network
        The network on the day.
    guard
        The roads to guard on it, from `protection`.
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
    >>> ax = sr.plot.guard_map(day, sr.protection(day, budget=1, attack_budget=1))
    >>> ax.get_title(loc="left")
    'Fuel: which roads to guard, 12 January 2025'
    """
    said = words(lang)
    known = {*guard.roads.index, *guard.attack_guarded} <= set(network.topology.edge_index)
    if not known or (guard.at, guard.commodity) != (network.at, network.commodity):
        raise RequestError("the guards are not of this network, day and commodity")
    sheet = _GuardSheet(network, guard, said, basemap)
    return sheet.compose(ax, sheet.titled(title, "protect.title"), _GuardLettering)


class _GuardSheet(Sheet):
    """A sheet of the network after the attack that is left; guards numbered, its roads lettered."""

    def __init__(
        self, network: Network, guard: Protection, said: Any, basemap: str | Path | None
    ) -> None:
        index = network.topology.edge_index
        self.guard = guard
        self.guarded = _marked([index[str(edge)] for edge in guard.roads.index], "1")
        self.lost = _marked([index[edge] for edge in guard.attack_guarded], "A")
        closed = closing(network, list(self.lost))
        super().__init__(closed, isolation(closed, approaches=False), said, basemap)

    @property
    def clear_lines(self) -> list[Sequence[tuple[float, float]]]:
        """The lines of the marked roads: the legend keeps off them."""
        return [self.lines[road] for road in (*self.guarded, *self.lost)]

    @property
    def marks(self) -> list[tuple[float, float]]:
        """The crosses under the letters, and the numbers: names keep off them."""
        return [*super().marks, *(middle(self.lines[road]) for road in self.guarded)]

    def draw_roads(self, ax: Axes) -> None:
        """Draw the roads by state, then the lost and the guarded ones with their marks."""
        super().draw_roads(ax)
        draw_marked(ax, self.lines, [
            *(Marked(road, mark, "lost", style.LOST) for road, mark in self.lost.items()),
            *(Marked(road, mark, "guarded", style.GUARDED) for road, mark in self.guarded.items()),
        ])  # fmt: skip

    def caption_parts(self) -> list[str]:
        """Return what the caption says: how it is meant, how sure, and that it is sensitive."""
        said = self.said
        proof = [] if self.guard.proven else [said("protect.best_found")]
        return [
            said("protect.caption"), *proof, said("worst.sensitive"), said("map.caption.states")
        ]  # fmt: skip


class _GuardLettering(Lettering):
    """Legend, scale bar and names of a map of the roads to guard."""

    sheet: _GuardSheet

    def rows(self, *, short: bool) -> Any:
        """Return the legend: guarded and lost roads by their marks, states of towns."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        rows = [
            heading(said("protect.roads" if sheet.guarded else "protect.none")),
            *self._named(sheet.guarded, style.GUARDED, short=short),
            DrawingArea(1, 2),
            heading(said("protect.legend.left" if sheet.lost else "protect.legend.none_left")),
            *self._named(sheet.lost, style.LOST, short=short),
            DrawingArea(1, 2),
            heading(said("protect.legend.towns" if sheet.lost else "map.legend.towns")),
        ]
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

    def _named(self, roads: dict[int, str], look: style.Line, *, short: bool) -> list[Any]:
        """Return the entries of marked roads; beyond the first nine they are counted."""
        network, said = self.sheet.network, self.sheet.said
        rows = [
            road_entry(look, mark if short else f"{mark}  {ends_of(network, road)}")
            for road, mark in list(roads.items())[:MOST_ROADS]
        ]
        if len(roads) > MOST_ROADS:
            rows.append(heading(said.count("paths.legend.more", len(roads) - MOST_ROADS)))
        return rows


def _marked(roads: Sequence[int], first: str) -> dict[int, str]:
    """Return roads with their marks: numbers from 1, or letters from A, doubled after Z."""
    if first == "1":
        return {road: str(place) for place, road in enumerate(roads, 1)}
    return {
        road: chr(ord(first) + place % 26) * (place // 26 + 1) for place, road in enumerate(roads)
    }
