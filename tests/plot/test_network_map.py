"""The map shows every state, reads without colour, and is the same every time."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.analysis.isolation import STATES
from supplyroutes.catalogue import words
from supplyroutes.core import STATUSES
from supplyroutes.network import Network
from supplyroutes.plot import style
from supplyroutes.plot.labels import overlap
from supplyroutes.plot.saving import figure_bytes

BASELINE = Path(__file__).parent / "baseline"
TOLERANCE = 2
"""RMS difference in colour levels. Matplotlib 3.9 and 3.11 give the same picture; other states of
the roads change it by more than 4. When a map looks different on purpose, look at the picture
that the failed test names, and copy it here.
"""


def toy_day(at: str = "2025-01-12") -> Network:
    network, events = sr.datasets.toy()
    return sr.disrupt(network, events, at=at)


def mali_day(at: str = "2025-10-15") -> Network:
    network, events = sr.datasets.mali()
    return sr.disrupt(network, events, at=at)


def renamed(network: Network, names: dict[str, str]) -> Network:
    """Return the network with other names for some towns."""
    towns = network.tables.towns
    columns = dict(towns.columns)
    columns["name"] = [
        names.get(node, name) for node, name in zip(columns["node"], columns["name"], strict=True)
    ]
    tables = replace(network.tables, towns=replace(towns, columns=columns))
    return Network(
        tables, network.assumptions, network.view, state=network.state, topology=network.topology
    )


def texts(ax) -> list[str]:
    from matplotlib.text import Text

    return [text.get_text() for text in ax.figure.findobj(Text) if text.get_text()]


def legend_texts(ax) -> list[str]:
    from matplotlib.text import Text

    [legend] = ax.findobj(lambda artist: artist.get_gid() == "legend")
    return [text.get_text() for text in legend.findobj(Text)]


def without_text(ax) -> bytes:
    """Return a small picture of the map without text, whose shapes depend on the font engine."""
    from matplotlib.text import Text

    for artist in ax.findobj(lambda artist: isinstance(artist, Text)):
        artist.set_visible(False)
    for legend in ax.findobj(lambda artist: artist.get_gid() == "legend"):
        legend.set_visible(False)
    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="png", dpi=50, metadata={"Software": None})
    return buffer.getvalue()


# --- what is on it --------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_state_stands_in_the_legend_with_its_count(lang):
    day = mali_day()
    cut = sr.isolation(day, approaches=False)
    said = words(lang)
    lines = legend_texts(sr.plot.network_map(day, cut, lang=lang))
    home = cut.towns[cut.towns["country"] == "MLI"]
    assert {"en": "Towns of Mali", "fr": "Villes\u202f: Mali"}[lang] in lines
    for state in STATES:
        start = f"{said(f'state.{state}')} ({sum(home['state'] == state)})"
        assert any(line.startswith(start) for line in lines), start
    for status in STATUSES:
        assert any(line.startswith(f"{said(f'status.{status}')} (") for line in lines), status


def test_roads_count_once_by_their_worse_direction():
    lines = legend_texts(sr.plot.network_map(toy_day()))
    assert "open (4)" in lines
    assert "closed (1): nothing passes" in lines
    assert "not fit for loaded tankers (1)" in lines


def test_the_state_of_each_town_is_its_marker():
    day = toy_day()
    cut = sr.isolation(day, approaches=False)
    ax = sr.plot.network_map(day, cut)
    drawn = {
        spot: line.get_marker()
        for line in ax.lines
        if (line.get_gid() or "").startswith("towns-")
        for spot in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    nodes = day.nodes
    assert len(drawn) == len(nodes)
    for node, state in cut.towns["state"].items():
        sign = drawn[nodes.loc[node, "lon"], nodes.loc[node, "lat"]]
        if node == "port":
            assert not isinstance(sign, str), "a source is a drop"
        else:
            assert sign == style.TOWNS[state].marker


def test_towns_are_counted_as_on_the_screen():
    """The places of the case's own country: 77 strained and 18 supplied, here and there."""
    from supplyroutes.report.wording import counts_line

    network, events = sr.datasets.mali()
    now = sr.situation(network, events, at="2025-10-15")
    lines = " ".join(legend_texts(sr.plot.network_map(now.day, now.isolation)))
    counted = counts_line(words("en"), now)
    for state in STATES:
        [number] = re.findall(rf"{words('en')(f'state.{state}')} \((\d+)\)", lines)
        assert f" {number} " in counted, state


def test_without_a_recorded_source_no_road_is_blamed():
    """Goods have no source in the data: that is said, not that roads bear no tanker."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15", commodity="goods")
    assert "not on the network (127): no source recorded" in legend_texts(sr.plot.network_map(day))


def test_a_town_that_relies_on_an_unknown_road_is_half_filled():
    """Gao is supplied over a road of which nobody has told for months; the legend counts it."""
    day = mali_day()
    cut = sr.isolation(day, approaches=False)
    ax = sr.plot.network_map(day, cut)
    halves = {
        spot
        for line in ax.lines
        if line.get_fillstyle() == "left"
        for spot in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    doubtful = day.nodes[cut.towns["relies_on_unknown"]]
    assert "gao" in doubtful.index
    assert halves == set(zip(doubtful["lon"], doubtful["lat"], strict=True))
    assert f"half-filled ({len(doubtful)}): by a road of unknown state" in legend_texts(ax)
    sure = legend_texts(sr.plot.network_map(toy_day()))
    assert not [line for line in sure if line.startswith("half-filled")]


def test_a_name_away_from_its_town_is_joined_to_it_by_a_line():
    """Kati lies in the suburbs of the capital: its name stands off, with a line."""
    ax = sr.plot.network_map(mali_day())
    joined = {text.get_text() for text in ax.texts if getattr(text, "arrow_patch", None)}
    assert "Kati" in joined
    assert "Gao" not in joined


def test_a_small_town_lies_over_a_large_one():
    """Kati, beside Bamako, is not hidden by it."""
    day = mali_day()
    ax = sr.plot.network_map(day)
    layer = {
        spot: line.get_zorder()
        for line in ax.lines
        if (line.get_gid() or "").startswith("towns-")
        for spot in zip(line.get_xdata(), line.get_ydata(), strict=True)
    }
    kati, bamako = (
        layer[day.nodes.loc[node, "lon"], day.nodes.loc[node, "lat"]] for node in ("kati", "bamako")
    )
    assert kati > bamako


def test_the_main_towns_of_mali_and_all_sources_are_named():
    for at in ("2025-08-01", "2025-09-07", "2025-10-15", "2025-11-05"):
        for lang in ("en", "fr"):
            shown = texts(sr.plot.network_map(mali_day(at), lang=lang))
            for name in (
                "Bamako", "Kayes", "Nioro du Sahel", "Diéma", "Ségou", "Sikasso", "Mopti", "Gao",
                "Dakar", "Abidjan", "Conakry", "Nouakchott", "Niamey", "Yamoussoukro", "Lomé",
            ):  # fmt: skip
                assert name in shown, f"{name} on {at} in {lang}"


def test_names_do_not_lie_over_each_other():
    ax = sr.plot.network_map(mali_day())
    names = [text for text in ax.texts if (text.get_gid() or "").startswith("name-")]
    assert len(names) > 50
    boxes = []
    for name in names:
        box = name.get_window_extent()
        boxes.append((box.x0 + 1, box.x1 - 1, box.y0 + 2, box.y1 - 2))
    assert not [pair for pair in combinations(boxes, 2) if overlap(*pair)]


@pytest.mark.parametrize(
    ("lang", "title", "unknown"),
    [
        ("en", "Fuel supply, 15 October 2025", "Roads of unknown state: {} of {}."),
        (
            "fr",
            "Carburant\u202f: état des routes et des villes, 15 octobre 2025",
            "Routes à l’état inconnu\u202f: {} sur {}.",
        ),
    ],
)
def test_title_and_caption_say_day_doubt_and_origin(lang, title, unknown):
    day = mali_day()
    roads = len(day.topology.edge_ids)
    unknown = unknown.format(len(sr.isolation(day, approaches=False).unknown_roads), roads)
    ax = sr.plot.network_map(day, lang=lang)
    assert ax.get_title(loc="left") == title
    [caption] = [text.get_text() for text in ax.texts if text.get_gid() == "caption"]
    caption = caption.replace("\n", " ")
    assert unknown in caption
    assert "OpenStreetMap" in caption
    assert "(ODbL)" in caption
    assert "Natural Earth" in caption
    assert "GeoNames" in caption
    assert words(lang)("map.caption.use") in caption


def test_a_made_up_network_has_no_base_map_and_names_no_foreign_source():
    ax = sr.plot.network_map(toy_day())
    [caption] = [text.get_text() for text in ax.texts if text.get_gid() == "caption"]
    assert "OpenStreetMap" not in caption
    assert "Natural Earth" not in caption
    assert not ax.artists or all(artist.get_gid() == "legend" for artist in ax.artists)


def test_the_undisturbed_network_and_every_commodity_have_a_title():
    network, events = sr.datasets.toy()
    assert "undisturbed" in sr.plot.network_map(network).get_title(loc="left")
    for commodity in ("all", "petrol", "diesel", "jet", "heavy_fuel_oil", "goods", "bitumen"):
        day = sr.disrupt(network, events, at="2025-01-12", commodity=commodity)
        for lang in ("en", "fr"):
            assert "2025" in sr.plot.network_map(day, lang=lang).get_title(loc="left")


# --- names are plain text -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [r"$\foo$", "<script>alert(1)</script>", r"a\b_c^d", "50 % & {x}", "$", "Ⴀ" * 3]
)
def test_rel_018_a_name_is_literal_text(name):
    day = renamed(toy_day(), {"east": name})
    ax = sr.plot.network_map(day, title=name)
    expected = name.replace("Ⴀ", "\ufffd") if not _font_has("Ⴀ") else name
    assert texts(ax).count(expected) == 2
    for ending in (".png", ".svg", ".pdf"):
        assert figure_bytes(ax, ending)
    svg = figure_bytes(ax, ".svg").decode()
    assert "<script>" not in svg.replace("<!-- <script>", "")


def _font_has(sign: str) -> bool:
    from matplotlib.font_manager import FontProperties, findfont, get_font

    return bool(get_font(findfont(FontProperties(family=style.FONT))).get_char_index(ord(sign)))


@pytest.mark.parametrize("name", ["مدينة", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "ߓߊߡߊߞߐ߫", "北京", "e\u0301", "x" * 150])
def test_rel_018_any_script_is_drawn_without_warning(name):
    ax = sr.plot.network_map(renamed(toy_day(), {"east": name}))
    assert figure_bytes(ax, ".png")


# --- reads without colour -------------------------------------------------------------------


def luminance(colour: str) -> float:
    from matplotlib.colors import to_rgb

    red, green, blue = to_rgb(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_states_of_roads_differ_without_colour():
    for one, two in combinations([*style.ROADS.values(), style.UNUSABLE], 2):
        dashes = one.dashes != two.dashes
        grey = abs(luminance(one.colour) - luminance(two.colour)) > 0.15
        assert dashes or (grey and abs(one.width - two.width) > 1)


def test_states_of_towns_differ_by_shape_and_worsen_to_black():
    dots = [*style.TOWNS.values(), style.SOURCE]
    assert len({dot.marker for dot in dots}) == len(dots)
    grey = [luminance(style.TOWNS[state].face) for state in ("supplied", "strained", "isolated")]
    assert grey[0] - grey[1] > 0.2
    assert grey[1] - grey[2] > 0.2


# --- where it is drawn ----------------------------------------------------------------------


def test_degrees_have_their_true_proportion():
    ax = sr.plot.network_map(mali_day())
    (west, east), (south, north) = ax.get_xlim(), ax.get_ylim()
    from math import cos, radians

    box = ax.get_window_extent()
    narrowing = cos(radians((south + north) / 2))
    wide = box.width / ((east - west) * narrowing)
    assert wide == pytest.approx(box.height / (north - south), rel=1e-6)


def test_given_axes_with_limits_keep_them():
    from matplotlib.figure import Figure

    ax = Figure(figsize=(6, 5)).add_subplot()
    ax.set_xlim(-9.5, -5)
    ax.set_ylim(11, 14.5)
    assert sr.plot.network_map(mali_day(), ax=ax) is ax
    assert ax.get_xlim() == (-9.5, -5)
    shown = texts(ax)
    assert "Bamako" in shown
    assert "Dakar" not in shown


def test_axes_in_a_subfigure_will_do():
    from matplotlib.figure import Figure

    part, _ = Figure(figsize=(12, 5)).subfigures(1, 2)
    ax = sr.plot.network_map(toy_day(), ax=part.add_subplot())
    assert figure_bytes(ax, ".png")


def test_two_towns_without_a_source_are_a_map():
    import networkx as nx

    graph = nx.Graph()
    graph.add_node("one", lat=10.0, lon=5.0, name="One")
    graph.add_node("two", lat=10.0, lon=5.01, name="Two")
    graph.add_edge("one", "two", length_km=1.2)
    network, _ = sr.datasets.toy()
    small = Network.from_networkx(graph, assumptions=network.assumptions)
    assert {"One", "Two"} <= set(texts(sr.plot.network_map(small)))


def test_nothing_is_left_in_pyplot_and_matplotlib_is_loaded_late():
    code = (
        "import sys, supplyroutes as sr\n"
        "sr.plot.network_map\n"
        "assert 'matplotlib' not in sys.modules\n"
        "network, events = sr.datasets.toy()\n"
        "sr.plot.network_map(sr.disrupt(network, events, at='2025-01-12'))\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-W", "error", "-c", code], check=True)


# --- refusals -------------------------------------------------------------------------------


def test_a_result_of_another_day_or_network_is_refused():
    day, other = toy_day(), sr.isolation(toy_day("2025-01-10"))
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        sr.plot.network_map(day, other)
    with pytest.raises(sr.errors.RequestError, match="not of this network"):
        sr.plot.network_map(mali_day(), other)


def test_an_unknown_language_is_refused():
    with pytest.raises(sr.errors.RequestError, match="en, fr"):
        sr.plot.network_map(toy_day(), lang="de")


SOUND = '{"kind": "land"}'
GEOMETRIES = [
    "null",
    "{}",
    '{"type": "Polygon", "coordinates": null}',
    '{"type": "Point", "coordinates": [1, 2]}',
    '{"type": "Polygon", "coordinates": [[[1]]]}',
    '{"type": "Polygon", "coordinates": [[[NaN, 2], [3, 4], [5, 6]]]}',
    '{"type": "Polygon", "coordinates": [[["1", "2"], ["3", "4"]]]}',
    '{"type": "LineString", "coordinates": [[300000, 1500000], [310000, 1510000]]}',
    '{"type": "GeometryCollection", "geometries": []}',
]
BROKEN = [
    "{",
    "{}",
    "[]",
    "null",
    '{"features": [null]}',
    '{"features": [{"properties": null, "geometry": null}]}',
    '{"features": [{"properties": {"kind": "moon"}, "geometry": {}}]}',
    "[" * 100_000,
    *(
        f'{{"features": [{{"properties": {SOUND}, "geometry": {geometry}}}]}}'
        for geometry in GEOMETRIES
    ),
]


@pytest.mark.parametrize("content", BROKEN, ids=lambda content: content[-50:])
def test_rel_030_a_file_that_is_no_base_map_is_refused_by_name(tmp_path, content):
    """Broken JSON, no geometry, points, text, NaN, metres, deep nesting: one error each."""
    file = tmp_path / "base.geojson"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(sr.errors.DataError, match=r"base\.geojson"):
        sr.plot.network_map(toy_day(), basemap=file)
    with pytest.raises(sr.errors.DataError, match=r"none\.geojson"):
        sr.plot.network_map(toy_day(), basemap=tmp_path / "none.geojson")


def test_rel_030_heights_empty_shapes_and_missing_names_are_read(tmp_path):
    """A third coordinate is left out; a feature without name or points draws nothing."""
    file = tmp_path / "base.geojson"
    shapes = ("[[[-11, 9, 5], [-7, 9, 5], [-7, 12, 5], [-11, 9, 5]]]", "[]")
    told = (
        f'{{"properties": {SOUND}, "geometry": {{"type": "Polygon", "coordinates": {shape}}}}}'
        for shape in shapes
    )
    file.write_text(f'{{"features": [{", ".join(told)}]}}', encoding="utf-8")
    assert figure_bytes(sr.plot.network_map(toy_day(), basemap=file), ".png")


def test_a_base_map_of_ones_own_is_drawn_and_named(tmp_path):
    square = [[-11, 9], [-7, 9], [-7, 12], [-11, 12], [-11, 9]]
    land = {
        "type": "Feature",
        "properties": {"kind": "land", "name": "$Toyland$", "iso3": "TOY"},
        "geometry": {"type": "Polygon", "coordinates": [square]},
    }
    coast = {
        "type": "Feature",
        "properties": {"kind": "coast", "name": "Toyland", "iso3": "TOY", "disputed": True},
        "geometry": {"type": "LineString", "coordinates": square},
    }
    file = tmp_path / "base.geojson"
    file.write_text(json.dumps({"features": [land, coast]}), encoding="utf-8")
    ax = sr.plot.network_map(toy_day(), basemap=file)
    assert " ".join("$TOYLAND$") in texts(ax)


# --- the same every time --------------------------------------------------------------------


@pytest.mark.parametrize("ending", [".png", ".svg", ".pdf"])
def test_the_same_map_has_the_same_bytes(ending):
    one, two = (figure_bytes(sr.plot.network_map(toy_day()), ending) for _ in range(2))
    assert one == two


def test_the_users_style_changes_nothing():
    import matplotlib as mpl

    plain = figure_bytes(sr.plot.network_map(toy_day()), ".png")
    with mpl.rc_context({"font.family": "serif", "axes.facecolor": "black", "font.size": 20}):
        assert figure_bytes(sr.plot.network_map(toy_day()), ".png") == plain


@pytest.mark.parametrize(("case", "day"), [("toy", toy_day), ("mali", mali_day)])
def test_it_looks_as_before(tmp_path, case, day):
    from matplotlib.testing.compare import compare_images

    actual = tmp_path / f"{case}.png"
    actual.write_bytes(without_text(sr.plot.network_map(day())))
    expected = BASELINE / f"network_map_{case}.png"
    assert expected.stat().st_size < 150_000
    assert compare_images(str(expected), str(actual), tol=TOLERANCE) is None
