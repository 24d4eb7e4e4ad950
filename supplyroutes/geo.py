"""Distances on the globe: great circles, and roads that cross a disc."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from math import asin, cos, hypot, radians, sin, sqrt

EARTH_RADIUS_KM = 6371.0088
Point = tuple[float, float]
_NUMBER = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?"
_LON_LAT = re.compile(rf"\s*({_NUMBER})\s+({_NUMBER})\s*")
_LINESTRING = re.compile(r"LINESTRING\s*\(([^()]*)\)", re.IGNORECASE)


def great_circle_km(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Return the great-circle distance in km (haversine formula, mean Earth radius).

    >>> round(great_circle_km(12.6091, -7.9752, 14.4478, -11.4439))
    427
    """
    half_lat = sin(radians(lat2 - lat1) / 2)
    half_lon = sin(radians(lon2 - lon1) / 2)
    chord = half_lat**2 + cos(radians(lat1)) * cos(radians(lat2)) * half_lon**2
    return 2 * EARTH_RADIUS_KM * asin(min(1.0, sqrt(chord)))


def parse_linestring(text: str) -> tuple[Point, ...]:
    """Return the (lon, lat) points of a WKT LINESTRING.

    Raises
    ------
    ValueError
        The text is not a line of at least two points in degrees.
    """
    match = _LINESTRING.fullmatch(text.strip())
    if match is None:
        raise ValueError("is not a WKT LINESTRING (lon lat, lon lat, ...)")
    points = []
    for pair in match.group(1).split(","):
        numbers = _LON_LAT.fullmatch(pair)
        if numbers is None:
            raise ValueError(f"point {pair.strip()[:40]!a} is not 'lon lat'")
        lon, lat = (float(part) for part in numbers.groups())
        if not (abs(lon) <= 180 and abs(lat) <= 90):  # noqa: PLR2004
            raise ValueError(f"point {pair.strip()[:40]!a} is not in degrees (lon lat)")
        points.append((lon, lat))
    if len(points) < 2:  # noqa: PLR2004
        raise ValueError("a line needs at least two points")
    return tuple(points)


def line_distance_km(line: Sequence[Point], lat: float, lon: float) -> float:
    """Return the distance in km from a place to the nearest point of a (lon, lat) line.

    Computed in a plane that touches the globe at the place (equirectangular): right to
    about 0.1 % within 300 km of it, which is where a disc of that size is tested.
    """
    km_per_degree = radians(1) * EARTH_RADIUS_KM
    shrink = cos(radians(lat))
    wide, high = km_per_degree * shrink, km_per_degree
    return min(
        _origin_to_segment(
            _short_way(x1 - lon) * wide,
            (y1 - lat) * high,
            (_short_way(x1 - lon) + _short_way(x2 - x1)) * wide,
            (y2 - lat) * high,
        )
        for (x1, y1), (x2, y2) in pairwise(line)
    )


@dataclass(frozen=True, slots=True)
class Box:
    """A box round a line, in degrees: its middle and half its size each way."""

    lat: float
    lon: float
    high: float
    wide: float


def box_of(line: Sequence[Point]) -> Box:
    """Return the box of a (lon, lat) line that goes the short way round the globe.

    >>> box_of([(179.0, 10.0), (-179.0, 12.0)])
    Box(lat=11.0, lon=180.0, high=1.0, wide=1.0)
    """
    steps = (_short_way(x2 - x1) for (x1, _), (x2, _) in pairwise(line))
    lons = list(accumulate(steps, initial=line[0][0]))
    lats = [lat for _, lat in line]
    return Box(
        lat=(min(lats) + max(lats)) / 2,
        lon=(min(lons) + max(lons)) / 2,
        high=(max(lats) - min(lats)) / 2,
        wide=(max(lons) - min(lons)) / 2,
    )


def may_come_within(box: Box, lat: float, lon: float, radius_km: float) -> bool:
    """Tell whether a line in a box may come within `radius_km` of a place, by `line_distance_km`.

    Never False of a line that does: a millionth of a km covers what rounding may add.

    >>> box = box_of([(-8.0, 10.0), (-7.0, 10.0)])
    >>> may_come_within(box, 10.0, -7.5, 1.0), may_come_within(box, 11.0, -7.5, 1.0)
    (True, False)
    """
    km_per_degree = radians(1) * EARTH_RADIUS_KM
    north = (abs(box.lat - lat) - box.high) * km_per_degree
    east = (abs(_short_way(box.lon - lon)) - box.wide) * km_per_degree * cos(radians(lat))
    return max(north, east) <= radius_km + 1e-6


def _short_way(degrees: float) -> float:
    """Return a difference of longitudes taken the short way round the globe."""
    return (degrees + 180) % 360 - 180


def _origin_to_segment(x1: float, y1: float, x2: float, y2: float) -> float:
    """Return the distance from the origin to the segment between two points."""
    dx, dy = x2 - x1, y2 - y1
    squared = dx * dx + dy * dy
    along = 0.0 if squared == 0 else max(0.0, min(1.0, -(x1 * dx + y1 * dy) / squared))
    return hypot(x1 + along * dx, y1 + along * dy)
