"""The map of what to lift first: the day's roads, numbered by the step that frees them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from supplyroutes.analysis.isolation import isolation
from supplyroutes.analysis.restoring.restoration import Restoration
from supplyroutes.catalogue import words
from supplyroutes.core import STATUSES
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.labels import plain, shortened
from supplyroutes.plot.legend import heading, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import Sheet, middle

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MOST_STEPS = 7
"""Steps that are numbered on the map."""
APART_POINTS = 13.0
"""Between numbers of one place."""


class Badge(NamedTuple):
    """A number on the map: its step, where it is, and how many stand there before it."""

    step: int
    place: tuple[float, float]
    shift: int


def restoration_map(
    network: Network,
    result: Restoration,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of the order in which to lift blockades or reopen roads.

    Roads and towns have the state of the day, before anything is lifted. Each step has a number
    on the roads, or the source, that it frees: one for each group of roads that hang together. The
    first seven steps are numbered; the legend tells what each restores and how many there are more.

    Parameters
    ----------
    network
        The network on the day, from `disrupt`.
    result
        The order, from `restoration`.
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
        The order is not of this network, day and commodity, or there is no such language.
    DataError
        The base map cannot be read.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> order = sr.restoration(network, events, at="2025-01-12")
    >>> ax = sr.plot.restoration_map(sr.disrupt(network, events, at="2025-01-12"), order)
    >>> ax.get_title(loc="left")
    'Fuel: what to lift first, 12 January 2025'
    """
    said = words(lang)
    roads = {road for freed in result.order["roads"] for road in freed}
    known = roads <= set(network.topology.edge_index)
    if (result.at, result.commodity) != (network.at, network.commodity) or not known:
        raise RequestError("the order is not of this network, day and commodity")
    sheet = _OrderSheet(network, result, said, basemap)
    return sheet.compose(ax, sheet.titled(title, "reopen.title"), _OrderLettering)


class _OrderSheet(Sheet):
    """A sheet on which the steps of an order are numbered."""

    def __init__(
        self, network: Network, result: Restoration, said: Any, basemap: str | Path | None
    ) -> None:
        super().__init__(network, isolation(network, approaches=False), said, basemap)
        self.result = result
        self.steps = result.order.head(MOST_STEPS)

    def draw_content(self, ax: Axes) -> None:
        """Draw roads and towns by state, and the numbers of the steps."""
        super().draw_content(ax)
        self.draw_badges(ax)

    @cached_property
    def badges(self) -> list[Badge]:
        """The numbers, and where they stand; those of one place beside each other."""
        found: list[Badge] = []
        stand: dict[tuple[float, float], int] = {}
        for step, place in self._places():
            found.append(Badge(step, place, stand.get(place, 0)))
            stand[place] = stand.get(place, 0) + 1
        return found

    def _places(self) -> Iterator[tuple[int, tuple[float, float]]]:
        """Yield the steps and the middles of what each frees."""
        top = self.network.topology
        for step, (_, row) in enumerate(self.steps.iterrows(), 1):
            roads = [top.edge_index[road] for road in row["roads"]]
            for group in _hanging_together(roads, top.tail, top.head):
                yield step, middle(self.lines[_central(group, self.lines)])
            for source in row["sources"]:
                node = top.node_index[source]
                yield step, (self.towns["lon"][node], self.towns["lat"][node])

    @property
    def marks(self) -> list[tuple[float, float]]:
        """What names keep off: crosses and numbers."""
        return [*self.crosses, *(badge.place for badge in self.badges)]

    def draw_badges(self, ax: Axes) -> None:
        """Write the numbers, each in a disc; those of earlier steps on top."""
        for step, place, shift in reversed(self.badges):
            ax.annotate(
                str(step), place, (shift * APART_POINTS, 0), textcoords="offset points",
                ha="center", va="center", fontsize=8, fontweight="bold", family=style.FONT,
                color=style.STEP.edge, zorder=style.LAYERS["label"] + 0.5, annotation_clip=True,
                gid=f"step-{step}",
                bbox={
                    "boxstyle": "circle,pad=0.25", "facecolor": style.STEP.face,
                    "edgecolor": style.STEP.edge, "linewidth": 0.9,
                },
            )  # fmt: skip

    def caption_parts(self) -> list[str]:
        """Return what the caption says of the order."""
        said, found = self.said, self.result
        sure = "reopen.map.exact" if found.exact else "reopen.map.bound"
        return [said(sure), said("reopen.map.caption"), said("reopen.use")]


class _OrderLettering(Lettering):
    """Legend, scale bar and names of a map of an order."""

    sheet: _OrderSheet

    def rows(self, *, short: bool) -> Any:
        """Return the legend: the steps with what they restore, and the states of roads."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        unit = sheet.result.unit
        rows = [heading(said(f"reopen.legend.{unit}"))]
        for step, (_, row) in enumerate(sheet.steps.iterrows(), 1):
            name = row["id"]
            if row["kind"] == "road" and not short:
                name = self._road(row["id"])
            told = {
                "step": said.number(step),
                "name": plain(name),
                "gain": said.number(row["gain"], 1 if unit == "m3_per_day" else 0),
            }
            rows.append(heading(said("reopen.legend", **told), bold=False))
        more = len(sheet.result.order) - len(sheet.steps)
        if more:
            rows.append(heading(said.count("reopen.legend.more", more), bold=False))
        if sheet.result.order.empty:
            rows.append(heading(said("reopen.none"), bold=False))
        present = [name for name in STATUSES if name in sheet.road_states and name != "open"]
        rows += [
            DrawingArea(1, 2),
            *(road_entry(style.ROADS[name], said(f"status.{name}")) for name in present),
            town_entry(style.SOURCE, said("map.legend.source")),
        ]
        return VPacker(children=rows, align="left", pad=0, sep=2.6)

    def _road(self, edge: str) -> str:
        """Return the names at both ends of a road."""
        top = self.sheet.network.topology
        number = top.edge_index[edge]
        ends = (top.tail[2 * number], top.head[2 * number])
        return " – ".join(shortened(self.sheet.towns["name"][node]) for node in ends)


def _hanging_together(
    roads: Sequence[int], tail: Sequence[int], head: Sequence[int]
) -> list[list[int]]:
    """Return roads in groups that share ends, in order of their first road."""
    groups: list[tuple[set[int], list[int]]] = []
    for road in roads:
        ends, members = {tail[2 * road], head[2 * road]}, [road]
        for group in [group for group in groups if group[0] & ends]:
            groups.remove(group)
            ends |= group[0]
            members = [*group[1], *members]
        groups.append((ends, members))
    return sorted(sorted(members) for _, members in groups)


def _central(roads: Sequence[int], lines: Sequence[Sequence[tuple[float, float]]]) -> int:
    """Return the road of which the middle is nearest to the mean of all middles."""
    middles = {road: middle(lines[road]) for road in roads}
    lon, lat = (sum(place[axis] for place in middles.values()) / len(roads) for axis in (0, 1))
    return min(
        roads,
        key=lambda road: ((middles[road][0] - lon) ** 2 + (middles[road][1] - lat) ** 2, road),
    )
