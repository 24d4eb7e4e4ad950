"""Two networks side by side, as it was and what if, with what differs marked on both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.comparison import Comparison, compare_networks
from supplyroutes.catalogue import Words, words
from supplyroutes.errors import RequestError
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.basemap import BUNDLED
from supplyroutes.plot.labels import plain, shortened
from supplyroutes.plot.legend import town_entry
from supplyroutes.plot.panels import PanelSheet, Told, differing, panel_figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_NAMES = 40
"""Towns that are named on each map, as far as there is room."""
_MOST_TOLD, _MOST_REPORTS = 6, 5
"""Places and reports that the line below the title names."""


def before_after_map(
    networks: Mapping[str, Network],
    result: Comparison | None = None,
    *,
    entry: str | None = None,
    lang: str = "en",
    title: str | None = None,
    basemap: str | Path | None = BUNDLED,
) -> Figure:
    """Draw two networks side by side: roads and towns by state, what differs outlined.

    Below the title stand the places of another state, and the reports that made the difference.
    It is a figure of two axes, and so takes none and returns the figure itself.

    Parameters
    ----------
    networks
        The networks by name, as they were compared.
    result
        Their comparison, from `compare`; made if not given.
    entry
        Which of them stands beside the reference of the comparison; by default the first other.
    lang
        Language of the figure, "en" or "fr".
    title
        Title, as plain text; by default the commodity and the day of each.
    basemap
        GeoJSON file of the base map; None for none. By default the bundled one.

    Returns
    -------
    figure
        The figure; `save_figure` writes it to a file.

    Raises
    ------
    RequestError
        The comparison is not of these networks, there is no such entry, or there is no such
        language.
    DataError
        The base map cannot be read.

    Notes
    -----
    Outlined are roads and towns of another state. A town that keeps its state and has another
    travel time or other ways in is counted, and not marked.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> day = sr.disrupt(network, events, at="2025-01-12")
    >>> lifted = sr.disrupt(network, events.without("T1"), at="2025-01-12")
    >>> figure = sr.plot.before_after_map({"as it was": day, "T1 lifted": lifted})
    >>> [ax.get_title(loc="left") for ax in figure.axes]
    ['as it was', 'T1 lifted']
    """
    said = words(lang)
    comparison = compare_networks(networks) if result is None else result
    pair = _pair(networks, comparison, entry)
    sheets = [_DifferenceSheet(networks[name], said, basemap) for name in pair]
    roads, towns = differing(sheets)
    for sheet in sheets:
        sheet.mark(roads, towns)
        sheet.names = _NAMES
    told = Told(
        title=_title(said, networks, pair) if title is None else title,
        heads=[
            (_head(said, networks, pair, name), sheet.counts)
            for name, sheet in zip(pair, sheets, strict=True)
        ],
        caption=sheets[0].caption(),
        line=_line(said, _rows(comparison, pair[1])),
        marks=_marks(said, len(roads), len(towns)),
    )
    return panel_figure(sheets, told, 2)


class _DifferenceSheet(PanelSheet):
    """A sheet on which what is not the same on another one is outlined."""

    def mark(self, roads: list[int], towns: list[int]) -> None:
        """Take what differs; the largest of the towns are named."""
        self.roads, self.changed = roads, towns
        people = self.towns["population"]
        self.must = set(sorted(towns, key=lambda node: (-(people[node] or 0), node))[:_MOST_TOLD])

    def reach(self, node: int) -> float:
        """Return how wide a town is drawn, with its rim."""
        return self.dot_size(node) + style.DIFFERS.size * self.scale * (node in self.changed)

    def draw_content(self, ax: Axes) -> None:
        """Draw rims below roads and towns, then these."""
        from matplotlib.collections import LineCollection

        rim, layer = style.DIFFERS, style.LAYERS["unusable"] + 0.5
        for more, colour in ((1.6, rim.edge), (0.0, rim.face)):
            lines = LineCollection(
                [self.lines[road] for road in self.roads], colors=colour,
                linewidths=(3.0 + rim.size) * self.scale + more, zorder=layer,
                capstyle="round", label="differs",
            )  # fmt: skip
            ax.add_collection(lines, autolim=False)
            layer += 0.1
        for node in self.changed:
            ax.plot(
                [self.towns["lon"][node]], [self.towns["lat"][node]], linestyle="none",
                marker="o", markersize=self.reach(node),
                markerfacecolor=rim.face, markeredgecolor=rim.edge, markeredgewidth=0.8,
                zorder=style.LAYERS["town"] - 0.6,
                gid=f"differs-{self.network.topology.node_ids[node]}",
            )  # fmt: skip
        super().draw_content(ax)


def _pair(
    networks: Mapping[str, Network], comparison: Comparison, entry: str | None
) -> tuple[str, str]:
    """Return the names of both networks; refuse a comparison of others."""
    entries = comparison.entries
    others = [str(name) for name in entries.index if name != comparison.reference]
    pair = (comparison.reference, others[0] if entry is None else entry)
    if entry is not None and entry not in others:
        raise RequestError(
            f"no entry {entry!a} beside {pair[0]!a}: {', '.join(map(ascii, others))}"
        )
    for name in pair:
        network = networks.get(name)
        known: Any = entries.loc[name]
        if (
            network is None
            or (network.at, network.commodity) != (known["at"], known["commodity"])
            or list(comparison.towns.index) != list(network.topology.node_ids)
        ):
            raise RequestError(f"the comparison is not of these networks: {name!a}")
    return pair


def _rows(comparison: Comparison, entry: str) -> pd.DataFrame:
    """Return the towns of an entry that differ from the reference."""
    frame = comparison.differences
    return frame[frame.index.get_level_values("entry") == entry]


# --- words --------------------------------------------------------------------------------


def _title(said: Words, networks: Mapping[str, Network], pair: tuple[str, str]) -> str:
    """Return commodity and day, or both of each where they are not the same."""
    goods = list(dict.fromkeys(said(f"map.commodity.{networks[name].commodity}") for name in pair))
    days = list(dict.fromkeys(_day(said, networks[name]) for name in pair))
    key = "before_after.title" if len(days) == 1 else "before_after.title_days"
    return said(key, commodity=", ".join(goods), day=days[0], other=days[-1])


def _day(said: Words, network: Network) -> str:
    """Return the day of a network in words."""
    return said.day(network.at) if network.at else said("paths.any_day")


def _head(said: Words, networks: Mapping[str, Network], pair: tuple[str, str], name: str) -> str:
    """Return the name of an entry, with its day or commodity where these differ."""
    shown = [
        {
            "day": _day(said, networks[each]),
            "goods": said(f"map.commodity.{networks[each].commodity}"),
        }
        for each in pair
    ]
    own, other = shown if name == pair[0] else shown[::-1]
    told = [shortened(plain(name)), *(own[key] for key in own if own[key] != other[key])]
    return ", ".join(dict.fromkeys(told))


def _line(said: Words, rows: pd.DataFrame) -> str:
    """Return which places differ and by which reports, in a sentence or two."""
    changed = rows[rows["measure"] == "state"]
    parts = []
    steps: dict[tuple[str, str], list[str]] = {}
    for _, row in changed.iterrows():
        step = (row["state_reference"], row["state"])
        steps.setdefault(step, []).append(shortened(plain(row["name"])))
    for (before, after), names in steps.items():
        told = said.listing(names, most=_MOST_TOLD)
        ends = {"before": said(f"state.{before}"), "after": said(f"state.{after}")}
        parts.append(said("before_after.step", names=told, **ends))
    if len(rows) > len(changed):
        parts.append(said.count("before_after.other", len(rows) - len(changed)))
    reports = Counter(report for told in rows["reports"] for report in told)
    if reports:
        most = sorted(reports, key=lambda report: (-reports[report], report))
        parts.append(said("before_after.by", reports=said.listing(most, most=_MOST_REPORTS)))
    return " ".join(parts or [said("before_after.none")])


def _marks(said: Words, roads: int, towns: int) -> tuple[str, list[tuple[str, Any]]]:
    """Return what the legend tells of the rims."""
    told = said("before_after.marks", roads=said.number(roads), towns=said.number(towns))
    return said("before_after.between"), [(told, town_entry(style.DIFFERS, told))]
