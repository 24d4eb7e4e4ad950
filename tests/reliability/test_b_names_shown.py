"""RELIABILITY, part B: names and texts in all that people see of a report and its results."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import re
import shutil
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

import pytest
from markdown_it import MarkdownIt
from matplotlib.text import Text

import supplyroutes as sr
from supplyroutes.cli import run_commands
from supplyroutes.names import bad_character
from supplyroutes.plot.saving import figure_bytes
from supplyroutes.report.blocks import Picture
from supplyroutes.report.document import document_of
from supplyroutes.report.document_html import document_html
from supplyroutes.report.markdown import document_markdown
from tests.pages import asked_for, read_page

TOWNS = {
    "port": "<script>alert(1)</script>",
    "north": '"><img src=x onerror=alert(1)>',
    "south": "$\\foo$ \\textbf{x} 100 %",
    "bridge": "`${7*7}` {{7*7}} {0} %s",
    "east": '=HYPERLINK("http://x.y") [bold red]x[/] ![a](http://b.c)',
    "mine": "مدينة ⵜⴰⵎ ߓߊߡߊ </style></svg>",
}  # fmt: skip
ROAD = "<b>N1</b> | **N2** </td>"
REPORT = "'; DROP TABLE towns; -- <iframe srcdoc='x'></iframe> $(rm -rf /) ]]> <!-- --> &lt;b&gt;"
SOURCE = "<a href=javascript:alert(1)>source</a> ../../etc/passwd"
ADDRESS = "https://x.y/?a=1&b=<script>"
TITLE = "</title><script>alert(2)</script> {{7*7}} $x$"
WHAT_IF = "<svg onload=alert(3)> __init__ {title}"
SHOWN = (*TOWNS.values(), ROAD, REPORT, SOURCE, TITLE, WHAT_IF)


def changed(path, change):
    """Change the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        change(row)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A case in which everything that people may write is markup, a formula or a command."""
    place = tmp_path_factory.mktemp("names") / "case"
    shutil.copytree(sr.datasets.folder("toy"), place)
    changed(place / "towns.csv", lambda row: row.update(name=TOWNS[row["node"]], admin1=ROAD))
    changed(place / "roads.csv", lambda row: row.update(road_ref=ROAD, source=SOURCE))
    changed(
        place / "events.csv",
        lambda row: row.update(text=REPORT, source=SOURCE, source_url=ADDRESS),
    )
    changed(place / "corridors.csv", lambda row: row.update(name=f"{ROAD} {row['corridor']}"))
    return place


@pytest.fixture(scope="module")
def results(folder):
    """All answers for the case, with a what-if."""
    scenario = sr.Scenario(
        folder=str(folder),
        date=dt.date(2025, 1, 12),
        title=TITLE,
        events={"removed": ["T1"]},
        what_if={"other": {"title": WHAT_IF, "of": "recorded", "season": "wet"}},
        analyses={
            "stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 16)},
            "outlook": {"runs": 4},
        },
    )
    return sr.run(scenario)


@pytest.fixture(scope="module")
def document(results):
    """The report in French."""
    return document_of(results, "fr")


# --- REL-017: markup is text ----------------------------------------------------------------


def test_rel_017_a_web_page_shows_markup_as_text_and_runs_nothing(document):
    """Its elements are those that we write; every hostile text is read on it."""
    page = read_page(document_html(document))
    assert asked_for(page) == []
    ours = {
        "a", "body", "caption", "code", "col", "colgroup", "dd", "div", "dl", "dt", "figcaption",
        "figure", "footer", "h1", "h2", "h3", "head", "header", "img", "li", "link", "main",
        "meta", "nav", "ol", "p", "section", "span", "style", "table", "tbody", "td", "th",
        "thead", "title", "tr", "ul",
    }  # fmt: skip
    assert {element.name for element in page.all()} <= ours
    assert all(link["href"].startswith(("#", "https://", "http://")) for link in page.all("a"))
    assert all(text in page.text for text in SHOWN)
    assert page.all("title")[0].text == page.all("h1")[0].text == TITLE


def test_rel_017_markdown_shows_markup_as_text(document):
    """Read as CommonMark with tables and raw HTML, no name is markup, a link or an image."""
    reader = MarkdownIt("commonmark", {"html": True}).enable("table")
    shown = reader.render(document_markdown(document))
    page = read_page(f"<!DOCTYPE html><html>{shown.replace(' />', '>')}</html>")
    ours = {
        "blockquote", "br", "em", "h1", "h2", "h3", "hr", "li", "ol", "p", "strong", "table",
        "tbody", "td", "th", "thead", "tr", "ul",
    }  # fmt: skip
    assert {element.name for element in page.all()} <= ours
    assert all(text in page.text for text in SHOWN)


def shown_in_notebooks(value, seen: set[int]) -> Iterator[object]:
    """Yield all results within results that a notebook shows by themselves."""
    if id(value) in seen:
        return
    seen.add(id(value))
    if hasattr(value, "_repr_html_") and type(value).__module__.startswith("supplyroutes"):
        yield value
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from shown_in_notebooks(getattr(value, field.name), seen)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from shown_in_notebooks(part, seen)


def test_rel_017_notebooks_show_markup_and_formulas_as_text(results):
    """No result is more than text and tables, and MathJax leaves it alone."""
    shown = list(shown_in_notebooks(results, set()))
    assert len({type(result) for result in shown}) >= 10
    texts = []
    for result in shown:
        page = read_page(f"<!DOCTYPE html><html>{result._repr_html_()}</html>")
        wholes = [part for part in page.inside if not isinstance(part, str)]
        assert "".join(part.text for part in wholes) == page.text
        assert all("mathjax_ignore" in part["class"].split() for part in wholes), type(result)
        names = {element.name for element in page.all()}
        ours = {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}
        assert names <= ours, type(result)
        texts.append(page.text)
    assert all(any(name in text for text in texts) for name in list(TOWNS.values())[:5])


# --- REL-018: figures draw names as they are ------------------------------------------------


def test_rel_018_every_figure_of_a_report_draws_names_as_they_are(document):
    """No name is a formula, and a drawing holds no element but shapes."""
    pictures = [
        block
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Picture)
    ]
    assert len(pictures) >= 5
    drawn = set()
    for picture in pictures:
        figure = picture.draw()
        for text in figure.findobj(Text):
            drawn.add(text.get_text())
            assert "$" not in text.get_text() or not text.get_parse_math(), text
        root = ET.fromstring(figure_bytes(figure, ".svg"))  # noqa: S314
        names = {element.tag.rpartition("}")[2] for element in root.iter()}
        assert not names & {"script", "foreignObject", "image", "a", "text", "iframe"}
        assert not any(key.startswith("on") for element in root.iter() for key in element.attrib)
    assert any("$\\foo$" in text for text in drawn)


# --- REL-019: the terminal shows names and is not moved by them -----------------------------

COMMANDS = ("run", "isolation", "corridors", "explain east", "flow", "paths east", "events list")


@pytest.mark.parametrize("command", COMMANDS)
def test_rel_019_the_screen_shows_names_as_they_are(folder, command, capfd):
    """No name is taken for a colour, and nothing that is printed moves the cursor."""
    days = [] if command == "events list" else ["--date", "2025-01-12"]
    assert run_commands([*command.split(), str(folder), *days]) == 0
    out, err = capfd.readouterr()
    for line in (out + err).splitlines():
        assert bad_character(line) is None, ascii(line)
    squeezed = re.sub(r"\s", "", out)
    assert any(part in squeezed for part in ("[boldred]x[/]", "<script>", "DROPTABLE", "<b>N1</b>"))
