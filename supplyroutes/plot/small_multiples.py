"""Several days of a timeline as small maps of one extent, so that the eye compares them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from supplyroutes.catalogue import words
from supplyroutes.dates import as_day
from supplyroutes.disruption import Timeline
from supplyroutes.errors import RequestError
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.days_axis import days_from_to
from supplyroutes.plot.panels import PanelSheet, Told, panel_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

CHOSEN, MOST_MAPS = 6, 12
"""Days that are shown if none are named, and the most that may be."""
_COLUMNS = {1: 1, 2: 2, 3: 3, 4: 2}
"""Columns of few maps; up to nine stand in three, more in four."""
_IN_THREE = 9
_NAMES = 10
"""Towns that are named on each map, as far as there is room."""


def small_multiples(
    days: Timeline,
    *,
    dates: Sequence[str | date] | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Figure:
    """Draw several days as small maps of one extent: roads and towns by state.

    They show the country with the most demand, and what differs between the days beyond it. Above
    each stand the day and how many places of that country are isolated and strained. It is a
    figure of many axes, and so takes none and returns the figure itself.

    Parameters
    ----------
    days
        The timeline, from `timeline`.
    dates
        The days to show, twelve at most, in order of time; by default six, or all if there are
        fewer, evenly spaced from the first to the last.
    lang
        Language of the figure, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the days.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.

    Returns
    -------
    figure
        The figure; `save_figure` writes it to a file.

    Raises
    ------
    RequestError
        A day is not in the timeline, there are none or too many, or there is no such language.
    DataError
        The base map cannot be read.

    References
    ----------
    .. [1] Tufte, E. R. (1983). The Visual Display of Quantitative Information. Graphics Press.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> days = sr.timeline(network, events, start="2025-01-09", end="2025-01-14")
    >>> figure = sr.plot.small_multiples(days, dates=["2025-01-09", "2025-01-10", "2025-01-13"])
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['9 January 2025', '10 January 2025', '13 January 2025']
    """
    said = words(lang)
    shown = spread(days.dates, CHOSEN) if dates is None else sorted({as_day(day) for day in dates})
    if not 0 < len(shown) <= MOST_MAPS:
        raise RequestError(f"{len(shown)} days: name between 1 and {MOST_MAPS}")
    sheets = [PanelSheet(days[day], said, basemap) for day in shown]
    heads = []
    for day, sheet in zip(shown, sheets, strict=True):
        sheet.names = _NAMES
        heads.append((said.day(day), sheet.counts))
    goods = said(f"map.commodity.{days.commodity}")
    named = said("small_multiples.title", commodity=goods, **days_from_to(said, shown))
    told = Told(
        title=named if title is None else title,
        heads=heads,
        caption=sheets[-1].caption(),
    )
    columns = _COLUMNS.get(len(shown), 3 if len(shown) <= _IN_THREE else 4)
    return panel_figure(sheets, told, columns)


def spread(dates: Sequence[date], most: int) -> list[date]:
    """Return so many days, or all if there are fewer, evenly spaced from first to last.

    >>> from datetime import date
    >>> [day.day for day in spread([date(2025, 1, day) for day in range(1, 10)], 3)]
    [1, 5, 9]
    """
    if len(dates) <= most:
        return list(dates)
    last = len(dates) - 1
    return [dates[(place * last + (most - 1) // 2) // (most - 1)] for place in range(most)]
