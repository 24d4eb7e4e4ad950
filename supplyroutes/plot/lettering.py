"""Legend, scale bar and names: what is put on a map where there is room."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import floor, log10
from typing import TYPE_CHECKING, Any

from supplyroutes.plot import style
from supplyroutes.plot.basemap import country_spots, outline, sampled
from supplyroutes.plot.labels import (
    Box,
    Crowd,
    Spot,
    covered,
    emptiest,
    overlap,
    plain,
    shortened,
    text_size,
)
from supplyroutes.plot.legend import Towns, legend_rows
from supplyroutes.plot.sheet import LARGE, Sheet, dots_per_inch, frame_of, narrowing

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Outline
    from matplotlib.text import Text

KM_PER_DEGREE = 111.195
MAIN_TOWNS, MAIN_WEIGHT = 20, 30
"""Towns that the legend keeps clear of, and how many points of roads each is worth."""
SMALL_MAP_POINTS = 500
"""A map narrower than this has a short legend."""
LEGEND_GAP = 6.0


class Lettering:
    """Legend, scale bar and names, put where there is room."""

    most_names = 120
    scale = 1.0
    """How large names are: less than 1 on a small map."""

    def __init__(self, sheet: Sheet, ax: Axes) -> None:
        self.sheet = sheet
        self.ax = ax
        self.frame = frame_of(ax)
        busy = sampled(sheet.lines, sheet.extent)
        places = list(zip(sheet.towns["lon"], sheet.towns["lat"], strict=True))
        self.spots = self._points(places)
        self.ranked = self._ranked()
        main = [places[node] for node in self.ranked[:MAIN_TOWNS]]
        clear = sampled(sheet.clear_lines, sheet.extent) * MAIN_WEIGHT
        self.busy = self._points([*busy, *places, *main * MAIN_WEIGHT, *clear])
        hit = sampled(sheet.hit_lines, sheet.extent)  # to be covered least of all
        self.crowd = Crowd(self.frame, self._points([*busy, *hit, *hit]))

    def _points(self, places: Sequence[tuple[float, float]]) -> Any:
        """Return places (lon, lat) in points from the corner of the figure."""
        import numpy as np

        scale = 72 / dots_per_inch(self.ax)
        return np.asarray(self.ax.transData.transform(np.array(places).reshape(-1, 2))) * scale

    def draw(self) -> None:
        """Draw legend, scale bar, names of towns and names of countries, in this order."""
        self._legend()
        self._scale_bar()
        for node, (x, y) in enumerate(self.spots):
            half = self.sheet.reach(node) / 2
            dot = (x - half, x + half, y - half, y + half)
            if overlap(dot, self.frame):
                self.crowd.dots.append(dot)
        for x, y in self._points(self.sheet.marks):
            self.crowd.taken.append((x - 5, x + 5, y - 5, y + 5))
        for node in self.ranked[: self.most_names]:
            self._name(node)
        self._countries()

    def _legend(self) -> None:
        """Put the legend into the emptiest corner."""
        from matplotlib.font_manager import FontProperties
        from matplotlib.offsetbox import AnchoredOffsetbox

        rows = self.rows(short=self.frame[1] - self.frame[0] < SMALL_MAP_POINTS)
        font = FontProperties(family=style.FONT, size=10)  # the measure of the padding
        legend = AnchoredOffsetbox("lower left", child=rows, pad=0.7, borderpad=0.7, prop=font)
        legend.patch.set(facecolor=style.PAPER, edgecolor=style.BORDER, alpha=0.94)
        legend.set(zorder=style.LAYERS["furniture"], gid="legend")
        self.ax.add_artist(legend)
        left, right, bottom, top = self._box(legend)
        size = (right - left + 2 * LEGEND_GAP, top - bottom + 2 * LEGEND_GAP)
        corner = emptiest(self.frame, size, self.busy, [])
        legend.loc = AnchoredOffsetbox.codes[corner]
        x = self.frame[0] if "left" in corner else self.frame[1] - size[0]
        y = self.frame[2] if "lower" in corner else self.frame[3] - size[1]
        self.crowd.taken.append((x, x + size[0], y, y + size[1]))

    def rows(self, *, short: bool) -> Any:
        """Return the legend; a short one leaves out what words mean."""
        sheet = self.sheet
        towns = Towns(self._country_name(sheet.focus), sheet.home_states, sheet.home_doubtful)
        counts = Counter(sheet.road_states), towns, len(sheet.sources)
        return legend_rows(sheet.said, *counts, short=short)

    def _country_name(self, code: str) -> str | None:
        """Return the name of a country, or its code; None where the case names none."""
        key = f"map.country.{code}"
        return self.sheet.said(key) if key in self.sheet.said else plain(code) or None

    def _box(self, artist: Any) -> Box:
        """Return the box of an artist in points."""
        extent = artist.get_window_extent()
        scale = 72 / dots_per_inch(self.ax)
        return (
            extent.x0 * scale, extent.x1 * scale, extent.y0 * scale, extent.y1 * scale
        )  # fmt: skip

    def _scale_bar(self) -> None:
        """Draw a bar of round length, about a sixth of the width of the map."""
        west, east = self.sheet.extent[:2]
        km_per_degree = KM_PER_DEGREE * narrowing(self.sheet.extent)
        km = _round_length((east - west) * km_per_degree / 6)
        left, right, bottom, top = self.frame
        wide = km / km_per_degree / (east - west) * (right - left)
        size = (wide + 28, 30.0)
        corner = emptiest(self.frame, size, self.busy, self.crowd.taken)
        x = left + 14 if "left" in corner else right - 14 - wide
        y = bottom + 10 if "lower" in corner else top - 24
        self.crowd.taken.append((x - 10, x + wide + 10, y - 6, y + 20))
        dots = dots_per_inch(self.ax) / 72
        ends = self.ax.transData.inverted().transform(
            [(x * dots, y * dots), ((x + wide) * dots, y * dots)]
        )
        layer = style.LAYERS["furniture"]
        self.ax.plot(
            ends[:, 0], ends[:, 1], color=style.INK, linewidth=1.6, marker="|", markersize=6,
            markeredgewidth=1.6, zorder=layer, solid_capstyle="butt", gid="scale",
        )  # fmt: skip
        self.ax.annotate(
            self.sheet.said("map.scale", km=self.sheet.said.number(km)),
            ends.mean(axis=0), (0, 5), textcoords="offset points", ha="center", va="bottom",
            fontsize=7.5, family=style.FONT, color=style.INK, zorder=layer,
        )  # fmt: skip

    def _ranked(self) -> list[int]:
        """Return the towns that deserve a name, heaviest first."""
        sheet = self.sheet
        people = [value or 0 for value in sheet.towns["population"]]
        roles = sheet.towns["roles"]
        hit = sheet.hit_towns

        def weight(node: int) -> float:
            capital = "capital" in roles[node]
            weight = people[node] * (5 if sheet.in_focus(node) else 1)
            weight *= 4 if node in hit else 1
            weight *= 2 if "city" in roles[node] else 1
            if node in sheet.must_name or (capital and sheet.in_focus(node)):
                weight += 1e8
            if sheet.states[node] == "isolated":
                weight += 1e6
            return sheet.weight(node, weight + 1e5 * capital)

        def named(node: int) -> bool:
            known = sheet.in_focus(node) or people[node] >= LARGE
            return known or node in sheet.must_name or sheet.weight(node, 0) > 0

        west, east, south, north = sheet.extent
        lon, lat = sheet.towns["lon"], sheet.towns["lat"]
        nodes = [
            node
            for node in range(len(people))
            if named(node) and west <= lon[node] <= east and south <= lat[node] <= north
        ]
        return sorted(nodes, key=lambda node: (-weight(node), node))

    def _name(self, node: int) -> None:
        """Write the name of a town where there is room, if there is."""
        sheet = self.sheet
        large = (sheet.towns["population"][node] or 0) >= LARGE or node in sheet.must_name
        home = sheet.in_focus(node)
        capital = home and "capital" in sheet.towns["roles"][node]
        size = (11.0 if capital else 9.0 if large and home else 7.5) * self.scale
        weight = "bold" if large and (home or node in sheet.must_name) else "normal"
        name = shortened(plain(sheet.towns["name"][node]))
        measure = text_size(name, size, weight)
        gap = sheet.reach(node) / 2 + 2 * self.scale
        spot = self.crowd.place(
            tuple(self.spots[node]), measure, gap, must=node in sheet.must_name or (large and home)
        )
        if spot is None:
            return
        text = self.ax.annotate(
            name,
            (sheet.towns["lon"][node], sheet.towns["lat"][node]),
            (spot.dx, spot.dy), textcoords="offset points", ha=spot.ha, va=spot.va,
            fontsize=size, fontweight=weight, family=style.FONT,
            color=style.INK if home or node in sheet.must_name else style.QUIET,
            parse_math=False, zorder=style.LAYERS["label"],
            gid=f"name-{sheet.network.topology.node_ids[node]}",
            arrowprops=_leader(spot) if spot.far else None,
        )  # fmt: skip
        _halo(text)

    def _countries(self) -> None:
        """Write the names of the countries of the base map where there is room."""
        sheet = self.sheet
        lakes = (
            ring
            for feature in sheet.features
            if feature.kind == "lake"
            for shape in feature.shapes
            for ring in shape
        )
        busy = sampled([*sheet.lines, *lakes], sheet.extent)
        busy += list(zip(sheet.towns["lon"], sheet.towns["lat"], strict=True))
        for feature, spots in country_spots(sheet.features, sheet.extent, busy):
            key = f"map.country.{feature.code}"
            name = sheet.said(key) if key in sheet.said else feature.name
            self._country(" ".join(plain(name).upper()), outline(feature), spots)

    def _country(self, name: str, land: Outline, spots: Sequence[tuple[float, float]]) -> None:
        """Write the name of a country on the first spot where it has room and stays inside."""
        west, east = self.sheet.extent[:2]
        wide, high = text_size(name, 8.5)
        half = wide / 2 / (self.frame[1] - self.frame[0]) * (east - west)
        for (lon, lat), (x, y) in zip(spots, self._points(spots), strict=True):
            box = (x - wide / 2, x + wide / 2, y - high / 2, y + high / 2)
            ends = [(lon - half, lat), (lon + half, lat)]
            clear = self.crowd.free(box) and not covered(box, self.crowd.lines)
            clear = clear and not any(overlap(box, dot) for dot in self.crowd.dots)
            if not (clear and land.contains_points(ends).all()):
                continue
            self.crowd.taken.append(box)
            self.ax.text(
                lon, lat, name, ha="center", va="center", fontsize=8.5, family=style.FONT,
                color=style.BORDER, parse_math=False, zorder=style.LAYERS["country"],
            )  # fmt: skip
            return


def _round_length(km: float) -> float:
    """Return the longest of 1, 2, 5, 10, 20 ... km that is not above `km`."""
    power = 10.0 ** floor(log10(km))
    return max(step * power for step in (1, 2, 5) if step * power <= km)


def _leader(spot: Spot) -> dict[str, Any]:
    """Return the look of the line from a town to the near edge of a name that stands off."""
    near = {"left": 0.0, "center": 0.5, "right": 1.0}[spot.ha]
    foot = {"bottom": 0.0, "center_baseline": 0.5, "top": 1.0}[spot.va]
    return {
        "arrowstyle": "-", "color": style.INK, "linewidth": 0.7, "relpos": (near, foot),
        "patchA": None, "shrinkA": 0, "shrinkB": 0,
    }  # fmt: skip


def _halo(text: Text) -> None:
    """Put a white rim around a name, so that lines below do not cut it."""
    from matplotlib.patheffects import withStroke

    text.set_path_effects([withStroke(linewidth=2.2, foreground=style.PAPER, alpha=0.85)])
