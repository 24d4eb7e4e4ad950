"""The map of a day: roads and towns by state, sources, names, legend and scale."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from supplyroutes.analysis.isolation import Isolation, isolation
from supplyroutes.catalogue import words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.lettering import Lettering
from supplyroutes.plot.sheet import Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def network_map(
    network: Network,
    result: Isolation | None = None,
    *,
    ax: Axes | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Axes:
    """Map of a day: roads by state, towns by state, sources, with legend and scale.

    A road has the state of its worse direction. Roads that loaded tankers cannot use are
    dotted grey, whatever their state, and are not counted.

    Parameters
    ----------
    network
        The network on a day, from `disrupt`.
    result
        States of its towns, from `isolation`; computed if not given.
    ax
        Axes to draw in. If their limits were set, these are the extent of the map in
        degrees; otherwise it is the country with the most demand, and all sources. A
        figure of its own by default; no state is left in pyplot.
    lang
        Language of the map, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day.
    basemap
        GeoJSON file with features of the kinds land, river, lake, border and coast; None
        for none. By default the bundled one, if it shows a country of the network.

    Returns
    -------
    ax
        The axes; `save_figure` writes them to a file, ``ax.figure`` shows them.

    Raises
    ------
    RequestError
        The result is not of this network, day and commodity, or there is no such language.
    DataError
        The base map cannot be read.

    Notes
    -----
    Colours are from Okabe and Ito; dashes, widths and shapes differ too, for print in grey.
    Towns are named in order of weight, as far as there is room.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> ax = sr.plot.network_map(sr.disrupt(network, events, at="2025-01-12"))
    >>> ax.get_title(loc="left")
    'Fuel supply, 12 January 2025'
    """
    said = words(lang)
    cut = isolation(network, approaches=False) if result is None else result
    same = list(cut.towns.index) == list(network.topology.node_ids)
    if not same or (cut.at, cut.commodity) != (network.at, network.commodity):
        raise RequestError("the result is not of this network, day and commodity")
    sheet = Sheet(network, cut, said, basemap)
    return sheet.compose(ax, title, Lettering)
