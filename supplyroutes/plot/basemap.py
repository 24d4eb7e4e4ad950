"""The base map: land, borders, coasts and waters from GeoJSON, and country names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from supplyroutes.datasets import folder
from supplyroutes.errors import DataError, Problem
from supplyroutes.plot import style

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.path import Path as Outline

KINDS = ("land", "river", "lake", "border", "coast")
BUNDLED = "bundled"
MOST_LON, MOST_LAT = 180, 90
Extent = tuple[float, float, float, float]
"""West, east, south, north in degrees."""
Rings = tuple[tuple[tuple[float, float], ...], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature of a base map: closed rings for land and lakes, lines for the rest."""

    kind: str
    name: str
    code: str
    disputed: bool
    shapes: tuple[Rings, ...]


def read_basemap(basemap: str | Path | None, countries: set[str]) -> tuple[Feature, ...]:
    """Return the features of a base map.

    The bundled one is used only if it shows one of the `countries`: a made-up network, or
    one from elsewhere, is not laid over West Africa.
    """
    if basemap is None:
        return ()
    if basemap != BUNDLED:
        return _read(Path(basemap))
    features = _bundled()
    return features if countries & {feature.code for feature in features} else ()


@cache
def _bundled() -> tuple[Feature, ...]:
    """Read the bundled base map once."""
    return _read(folder("mali") / "basemap.geojson")


def _read(path: Path) -> tuple[Feature, ...]:
    """Read a GeoJSON file."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        return tuple(_features(content["features"]))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = f"is not a base map in GeoJSON with the kinds {', '.join(KINDS)}: {error}"
        raise DataError([Problem(str(path), None, None, reason)]) from error


def _features(features: Sequence[Mapping[str, Any]]) -> Iterator[Feature]:
    """Yield the features of the kinds that are drawn."""
    for feature in features:
        told, geometry = feature["properties"], feature["geometry"]
        if told.get("kind") not in KINDS:
            raise ValueError(f"a feature of kind {told.get('kind')!a}")
        coordinates = geometry["coordinates"]
        if geometry["type"] in ("LineString", "MultiLineString"):
            lines = [coordinates] if geometry["type"] == "LineString" else coordinates
            coordinates = [[line] for line in lines]
        elif geometry["type"] == "Polygon":
            coordinates = [coordinates]
        yield Feature(
            kind=told["kind"],
            name=told.get("name") or "",
            code=told.get("iso3") or "",
            disputed=bool(told.get("disputed")),
            shapes=tuple(
                tuple(tuple(_place(*point) for point in ring) for ring in shape)
                for shape in coordinates
            ),
        )


def _place(lon: float, lat: float, *_: float) -> tuple[float, float]:
    """Return a point in degrees; a height is left out. Metres and NaN are refused."""
    if not (abs(lon) <= MOST_LON and abs(lat) <= MOST_LAT):
        raise ValueError(f"({lon}, {lat}) is no longitude and latitude in degrees (WGS 84)")
    return float(lon), float(lat)


def draw_basemap(ax: Axes, features: Sequence[Feature], country: str) -> None:
    """Draw the base map; the land of `country` is lighter than that around it."""
    from matplotlib.collections import LineCollection
    from matplotlib.patches import PathPatch

    for feature in features:
        if feature.kind in ("land", "lake"):
            land = style.LAND if feature.code == country else style.LAND_AROUND
            patch = PathPatch(
                outline(feature),
                facecolor=style.WATER if feature.kind == "lake" else land,
                linewidth=0,
                zorder=style.LAYERS[feature.kind],
            )
            ax.add_artist(patch)
            continue
        river = feature.kind == "river"
        own = feature.kind == "border" and country in feature.code.split("-")
        ax.add_collection(
            LineCollection(
                [line for shape in feature.shapes for line in shape],
                colors=style.WATER if river else style.QUIET if own else style.BORDER,
                linewidths=1.1 if river or own else 0.6,
                linestyles=(0, (4, 3)) if feature.disputed else "solid",
                zorder=style.LAYERS["river" if river else "border"],
                capstyle="round",
            ),
            autolim=False,
        )


def outline(feature: Feature) -> Outline:
    """Return the rings of a feature as one path; holes stay open by the direction of rings."""
    from matplotlib.path import Path as Outline

    rings = [ring for shape in feature.shapes for ring in shape]
    return Outline.make_compound_path(*(Outline(ring, closed=True) for ring in rings))


def country_spots(
    features: Sequence[Feature], extent: Extent, busy: Sequence[tuple[float, float]]
) -> list[tuple[Feature, list[tuple[float, float]]]]:
    """Return for each country in the extent spots far from `busy` points and edges, best first.

    The spots are those of a grid; a country too small for a name is left out.
    """
    import numpy as np

    west, east, south, north = extent
    spans = (np.linspace(west, east, 61)[1:-1], np.linspace(south, north, 46)[1:-1])
    lon, lat = (axis.ravel() for axis in np.meshgrid(*spans))
    grid = np.column_stack([lon, lat])
    fine = (east - west) / 150  # thinned to what matters here, or memory would not do
    spots = []
    for feature in features:
        if feature.kind != "land":
            continue
        inside = grid[outline(feature).contains_points(grid)]
        if len(inside) < MIN_SPOTS:
            continue
        ring = sampled((line for shape in feature.shapes for line in shape), extent)
        near = np.unique(np.round(np.array([*busy, *ring]) / fine), axis=0) * fine
        gap = np.stack(  # a name is wide: to the sides it needs three times the room
            [(inside[:, :1] - near[:, 0]) / 3, inside[:, 1:] - near[:, 1]]
        )
        walls = np.minimum(
            np.minimum(inside[:, 0] - west, east - inside[:, 0]) / 3,
            np.minimum(inside[:, 1] - south, north - inside[:, 1]),
        )
        room = np.minimum(np.sqrt((gap**2).sum(axis=0)).min(axis=1), walls)
        best = np.argsort(-room, kind="stable")[:MOST_SPOTS]
        spots.append((feature, [(float(x), float(y)) for x, y in inside[best]]))
    return spots


MIN_SPOTS, MOST_SPOTS = 25, 60
"""Grid points that a country must cover to be named, and how many are tried."""


def sampled(
    lines: Iterable[Sequence[tuple[float, float]]], extent: Extent
) -> list[tuple[float, float]]:
    """Return points along lines, about two hundred to the width of the extent, within it."""
    west, east, south, north = extent
    step = (east - west) / 200
    points = []
    for line in lines:
        for (x1, y1), (x2, y2) in pairwise(line):
            if max(x1, x2) < west or min(x1, x2) > east:
                continue
            parts = max(1, round(max(abs(x2 - x1), abs(y2 - y1)) / step))
            points += [
                (x1 + (x2 - x1) * part / parts, y1 + (y2 - y1) * part / parts)
                for part in range(parts + 1)
            ]
    return [(x, y) for x, y in points if west <= x <= east and south <= y <= north]
