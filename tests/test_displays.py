"""Results in notebooks: every one has a display, in which nothing is markup, and which is short."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import supplyroutes as sr
from supplyroutes.displays import MOST_CHARACTERS, MOST_ROWS, MOST_TEXT, html, listed
from tests import displays

LONGEST = 20_000
TAGS = {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
ATTRIBUTES = {"class", "border", "style", "rowspan", "colspan", "halign", "valign"}
NAME = re.compile(r"\b[A-Z]\w*")


@cache
def modules() -> tuple[Any, ...]:
    """Every module of the package but the kernels and the command line."""
    return tuple(
        importlib.import_module(module.name)
        for module in pkgutil.walk_packages(sr.__path__, "supplyroutes.")
        if not re.match(r"supplyroutes\.(_kernels|cli)\b", module.name)
    )


@cache
def classes() -> tuple[type, ...]:
    """The classes of the package."""
    return tuple(
        entry
        for module in modules()
        for entry in vars(module).values()
        if inspect.isclass(entry) and entry.__module__ == module.__name__
    )


def functions() -> Iterator[Any]:
    """Yield the public functions, and what makes and reads public classes."""
    for name in sr.__all__:
        entry = getattr(sr, name)
        if inspect.isclass(entry):
            yield from (item for _, item in inspect.getmembers(entry, inspect.isroutine))
            properties = inspect.getmembers(entry, lambda item: isinstance(item, property))
            yield from (item.fget for _, item in properties)
        elif inspect.isfunction(entry):
            yield entry
        else:
            yield from (getattr(entry, item) for item in getattr(entry, "__all__", ()))


def returned() -> set[type]:
    """The classes of the package that public functions and methods return, by annotation."""
    found = set()
    for entry in functions():
        told = getattr(entry, "__annotations__", {}).get("return")
        for name in NAME.findall(told) if isinstance(told, str) else ():
            here = [one for one in classes() if one.__name__ == name]
            own = [one for one in here if one.__module__ == entry.__module__]
            found |= set(own or here)
    return found


INNER = {
    "Assumption": "one number, shown by its mapping",
    "State": "flat tuples for kernels",
    "Tables": "the tables one by one are shown",
    "Topology": "flat tuples for kernels",
    "View": "a question of four words",
}
"""Classes that public classes hand out and that are not there to be looked at."""


def test_every_result_of_a_public_function_is_shown():
    """By return annotation: a new result needs a display, and a way to make one here."""
    reached = {one for one in returned() if one.__name__ not in INNER}
    names = {one.__name__ for one in reached}
    assert {"Isolation", "Network", "Timeline", "Results", "Ensemble"} <= names
    assert {one.__name__ for one in reached if "_repr_html_" not in vars(one)} == set()
    assert names <= set(displays.MADE)


def test_every_result_is_shown():
    """Whatever goes into JSON can be looked at; so can all else with a display be made here."""
    results = {one for one in classes() if "to_dict" in vars(one)}
    assert {one.__name__ for one in results if "_repr_html_" not in vars(one)} == set()
    shown = {one.__name__ for one in classes() if "_repr_html_" in vars(one)}
    assert shown == set(displays.MADE)


class Reader(HTMLParser):
    """Collects what a browser would take for tags."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.names: set[str | None] = set()
        self.depth = 0
        self.outside = ""
        self.boxes: list[str | None] = []

    def handle_starttag(self, tag, attrs):
        if self.depth == 0:
            self.boxes.append(dict(attrs).get("class"))
        self.tags.add(tag)
        self.names |= {name for name, _ in attrs}
        self.depth += 1

    def handle_endtag(self, tag):  # noqa: ARG002
        self.depth -= 1

    def handle_data(self, data):
        if self.depth == 0:
            self.outside += data.strip()


def read(text: str) -> Reader:
    """Return what a browser would see in a display."""
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.depth == 0
    return reader


@pytest.fixture(scope="module")
def case(tmp_path_factory) -> displays.Shown:
    """The toy case with markup in its names and texts."""
    return displays.toy(tmp_path_factory.mktemp("case"))


@pytest.mark.parametrize("name", sorted(displays.MADE))
def test_displays_are_short_and_nothing_in_them_is_markup(name, case):
    """A headline first; only our own tags; MathJax is told to leave the names alone."""
    result = displays.MADE[name](case)
    assert type(result).__name__ == name
    told = result._repr_html_()
    seen = read(told)
    assert seen.tags <= TAGS
    assert seen.names <= ATTRIBUTES
    assert set(seen.boxes) == {"tex2jax_ignore mathjax_ignore"}
    assert not seen.outside
    assert re.match(r"<div[^>]*><p>(<strong>)?[^<]", told)
    assert len(told) < LONGEST
    assert "nan" not in re.sub(r"<[^>]*>", " ", told).lower().split()
    assert told == displays.MADE[name](case)._repr_html_()


@pytest.mark.parametrize(
    "name", ["Events", "Isolation", "Network", "Report", "StockLevels", "SupplyFlow", "Table"]
)
def test_hostile_names_are_shown_as_they_are(name, case):
    """Escaped, not dropped."""
    told = displays.MADE[name](case)._repr_html_()
    assert displays.HOSTILE.strip() in unescape(told)


def test_large_cases_are_cut():
    """The bundled case: a display of some kB, and how much more there is."""
    network, events = sr.datasets.mali()
    day = sr.disrupt(network, events, at="2025-10-15")
    cut = sr.isolation(day, approaches=False)
    days = sr.timeline(network, events, start="2025-09-01", end="2025-10-15")
    for shown in (day, events, days, cut, events.rules, network.assumptions):
        assert len(shown._repr_html_()) < LONGEST
    strained = cut.summary()["strained"]
    assert f"… and {strained - MOST_ROWS} more" in cut._repr_html_()


# --- how tables are written, by hand -----------------------------------------------------------


def test_long_tables_and_texts_are_cut():
    """Twelve rows and a line for the rest; long cells end in an ellipsis."""
    frame = pd.DataFrame({"name": ["x" * 500] * 40}, index=[f"{'y' * 300}{n}" for n in range(40)])
    told = html("z" * 5000, ("All", frame))
    assert told.count("<tr") == MOST_ROWS + 1
    assert "… and 28 more" in told
    assert f">{'x' * (MOST_CHARACTERS - 1)}…<" in told
    assert f">{'y' * (MOST_CHARACTERS - 1)}…<" in told
    assert f"<strong>{'z' * (MOST_TEXT - 1)}…<" in told
    assert html("all", ("All", frame), rows=40).count("<tr") == 41


def test_markup_is_text_everywhere():
    """In headlines, captions, columns, index and cells; the box tells MathJax to leave dollars."""
    bad = "$\\foo$ <script>"
    frame = pd.DataFrame({bad: [bad]}, index=pd.Index([bad], name=bad))
    told = html(bad, bad, (bad, frame))
    assert told.count("$\\foo$ &lt;script&gt;") == 7
    assert "<script>" not in told
    assert told.startswith('<div class="tex2jax_ignore mathjax_ignore">')


def test_cells_by_hand():
    """Decimals where they tell something, thousands apart, a dash for what is missing."""
    frame = pd.DataFrame(
        {
            "hours": [1.25, float("nan"), 12345.6],
            "whole": [2.0, 3.0, float("inf")],
            "count": [1_234_567, 0, -1],
            "open": [True, False, True],
            "reports": [("A", "B"), (), tuple("ABCDEFGHI")],
        }
    )
    told = html("head", ("Cells", frame))
    cells = re.findall(r"<td>(.*?)</td>", told)
    assert cells == [
        "1.2", "2", "1,234,567", "True", "A, B",
        "–", "3", "0", "False", "–",
        "12,346", "inf", "-1", "True", "A, B, C, D, E, F and 3 more",
    ]  # fmt: skip


def test_an_empty_table_is_told_in_words():
    """No header over nothing."""
    told = html("head", ("Towns that run dry (.towns)", pd.DataFrame({"name": []})))
    assert "<p>Towns that run dry (.towns): none</p>" in told
    assert "<table" not in told


def test_columns_of_two_levels_keep_them():
    """As in a comparison."""
    columns = pd.MultiIndex.from_tuples([("state", "a"), ("state", "b")])
    frame = pd.DataFrame([["open", "closed"]], columns=columns)
    assert "colspan" in html("head", ("Both", frame))


def test_summaries_in_a_line():
    """Short numbers; what is missing is a dash."""
    values = {"towns": 3, "m3": 1234.56, "share": 0.12345, "on": None, "worst": float("inf")}
    assert listed(values) == "towns 3, m3 1,235, share 0.123, on –, worst inf"


def test_the_folder_of_cases_is_named():
    """A display never shows where a case lies on a machine."""
    shown = sr.datasets.outcomes("toy")._repr_html_()
    assert str(Path(sr.datasets.folder("toy"))) not in shown
