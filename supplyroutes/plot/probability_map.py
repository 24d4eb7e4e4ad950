"""The map of how likely each town is supplied when reports are in doubt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.doubt.reliability import Reliability
from supplyroutes.analysis.isolation import isolation
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.legend import heading, marker, road_entry, town_entry
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import LARGE, MIDDLE, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def probability_map(
    network: Network,
    risk: Reliability,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of the probability that each town is supplied, by colour and shape.

    Roads are the ground; those that are closed as reported have a cross.

    Parameters
    ----------
    network
        The network on the day, from `disrupt`.
    risk
        Probabilities of its towns, from `reliability`.
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
        The result is not of this network, day and commodity, or there is no such language.
    DataError
        The base map cannot be read.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> risk = sr.reliability(network, events, at="2025-01-12")
    >>> ax = sr.plot.probability_map(sr.disrupt(network, events, at="2025-01-12"), risk)
    >>> ax.get_title(loc="left")
    'Fuel: probability of free access, 12 January 2025'
    """
    said = words(lang)
    same = list(risk.towns.index) == list(network.topology.node_ids)
    if not same or (risk.at, risk.commodity) != (network.at, network.commodity):
        raise RequestError("the result is not of this network, day and commodity")
    sheet = _ChanceSheet(network, risk, said, basemap)
    return sheet.compose(ax, sheet.titled(title, "risk.map_title"), _ChanceLettering)


class _ChanceSheet(Sheet):
    """A sheet on which towns have the look of their probability."""

    def __init__(
        self, network: Network, risk: Reliability, said: Any, basemap: str | Path | None
    ) -> None:
        super().__init__(network, isolation(network, approaches=False), said, basemap)
        self.chance = [float(value) for value in risk.towns["supplied_prob"]]
        self.classes = [_class_of(value) for value in self.chance]

    def draw_content(self, ax: Axes) -> None:
        """Draw the towns by chance on the ground of all roads."""
        self.draw_ground(ax)
        self.draw_towns(ax)

    def look(self, node: int) -> style.Dot:
        """Return how a town is drawn; one without a probability is off the network."""
        if node in self.sources:
            return style.SOURCE
        place = self.classes[node]
        return style.TOWNS["not_on_network"] if place is None else style.CHANCES[place][1]

    def dot_size(self, node: int) -> float:
        """Return the size of the marker of a town in points."""
        look = self.look(node)
        if look is style.SOURCE:
            return look.size
        people = self.towns["population"][node] or 0
        return look.size * (1.2 if people >= LARGE else 1.0 if people >= MIDDLE else 0.7)

    def weight(self, node: int, weight: float) -> float:
        """Return how much a town deserves a name: more, the less likely it is supplied."""
        chance = self.chance[node]
        return weight * (2 - chance) if chance == chance else weight  # noqa: PLR0124

    def draw_towns(self, ax: Axes) -> None:
        """Draw the towns by probability, the least likely on top."""
        for node in range(len(self.chance)):
            look, size = self.look(node), self.dot_size(node)
            place = self.classes[node]
            source = look is style.SOURCE
            layer = style.LAYERS["source" if source else "town"] + (place or 0) / 10 - size / 200
            ax.plot(
                [self.towns["lon"][node]], [self.towns["lat"][node]], linestyle="none",
                **marker(look, size), zorder=layer, gid=f"chance-{place}",
            )  # fmt: skip

    def caption_parts(self) -> list[str]:
        """Return what the caption says of the probabilities."""
        return [self.said("risk.caption"), self.said("map.caption.use")]


def _class_of(chance: float) -> int | None:
    """Return the place of a probability in `style.CHANCES`; None if there is no probability."""
    if chance != chance:  # noqa: PLR0124
        return None
    return next(place for place, (least, _) in enumerate(style.CHANCES) if chance >= least)


class _ChanceLettering(Lettering):
    """Legend, scale bar and names of a map of probabilities."""

    sheet: _ChanceSheet

    def rows(self, *, short: bool) -> Any:  # noqa: ARG002 (it is short already)
        """Return the legend: every class of probability, with the number of its towns at home."""
        from matplotlib.offsetbox import DrawingArea, VPacker

        sheet, said = self.sheet, self.sheet.said
        home = [node for node in range(len(sheet.classes)) if sheet.in_focus(node)]
        rows = [heading(said("risk.legend.title"))]
        above = ""
        for place, (least, look) in enumerate(style.CHANCES):
            low = said.share(least)
            word = (
                said("risk.legend.middle", low=low, high=above)
                if place
                else said("risk.legend.top")
            )
            rows.append(town_entry(look, self._counted(word, home, place)))
            above = low
        off = self._counted(said("risk.legend.off"), home, None)
        rows.append(town_entry(style.TOWNS["not_on_network"], off))
        rows += [DrawingArea(1, 2), town_entry(style.SOURCE, said("map.legend.source"))]
        if sheet.crosses:
            rows.append(road_entry(style.ROADS["closed"], said("status.closed")))
        return VPacker(children=rows, align="left", pad=0, sep=3.0)

    def _counted(self, word: str, nodes: list[int], place: int | None) -> str:
        """Return a word of the legend with the number of towns of its class."""
        count = sum(self.sheet.classes[node] == place for node in nodes)
        return self.sheet.said("map.legend.entry", word=word, count=count)
