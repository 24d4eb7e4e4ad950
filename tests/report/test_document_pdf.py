"""A report as a PDF: pages, contents, bookmarks, tables, figures, and the same bytes."""

from __future__ import annotations

import re
import sys
from contextlib import closing
from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.errors import MissingDependencyError
from supplyroutes.report.blocks import (
    Blanks,
    Chapter,
    Document,
    Facts,
    Grid,
    Lines,
    Picture,
    Row,
)
from supplyroutes.report.document import document_of
from supplyroutes.report.document_pdf import SETTING, _ReportPaper, document_pdf
from supplyroutes.report.pdf_blocks import column_widths

MADE = date(2025, 1, 12)


def figure(width=8.0, height=4.0):
    """Return a small figure."""
    from matplotlib.figure import Figure

    whole = Figure(figsize=(width, height))
    whole.subplots().plot([0, 1], [1, 0])
    return whole


def picture(name="p", **options):
    """Return a figure of a report."""
    size = options.pop("size", (8.0, 4.0))
    return Picture(name, f"Caption {name}", f"Alt {name}", lambda: figure(*size), **options)


def document(*chapters, lang="en", footer="Footer."):
    """Return a report of chapters after a headline."""
    headline = Chapter("headline", "In brief", (Lines(("Nobody is cut off.",)),))
    return Document(lang, "Title", "Subtitle", footer, (headline, *chapters))


def pages(content):
    """Return the text of every page, with plain blanks."""
    texts = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return [re.sub(r"[\u00a0\u202f]", " ", text) for text in texts]


def squeezed(text):
    """Return text without blanks: lines are broken anywhere in a cell."""
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def toy():
    """The answers on 12 January of the toy case, without one report."""
    scenario = sr.Scenario(case="toy", date=MADE, events={"removed": ["T1"]})
    return sr.run(scenario, analyses=("flow",))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_report_of_a_scenario_is_whole(toy, lang):
    """Every word of every block stands in it; each page has its number; the map is on page one."""
    report, say = document_of(toy, lang), words(lang)
    content = document_pdf(report, MADE)
    texts = pages(content)
    whole = squeezed("".join(texts))
    for chapter in report.chapters:
        assert squeezed(chapter.title) in whole
        for block in chapter.blocks:
            for told in said(block):
                assert squeezed(told) in whole
    for number, text in enumerate(texts, 1):
        told = say("sheet.page", page=number, pages=len(texts))
        assert squeezed(told) in squeezed(text)
        assert squeezed(report.footer) in squeezed(text)
    assert squeezed(say("report.map_caption")) in squeezed(texts[0])
    assert document_pdf(document_of(toy, lang), MADE) == content


def said(block):
    """Yield the texts of a block."""
    if isinstance(block, Picture):
        yield block.caption
    elif isinstance(block, Facts):
        for label, told in block.rows:
            yield from (label, told)
    elif isinstance(block, Lines):
        yield from block.rows
    elif isinstance(block, Grid):
        yield from block.head
        for row in block.rows:
            yield from (*row.cells, row.note)


def test_contents_and_bookmarks_lead_to_the_chapters():
    """A chapter of two pages, one of three, one of one."""
    long = Lines(tuple(f"line {n}" for n in range(130)))
    chapters = [Chapter(f"c{n}", f"Chapter {n}", (long,) * (3 - n)) for n in range(3)]
    content = document_pdf(document(*chapters), MADE)
    reader, texts = PdfReader(BytesIO(content)), pages(content)
    bookmarks = {
        mark.title: reader.get_destination_page_number(mark) + 1 for mark in reader.outline
    }
    assert list(bookmarks) == ["In brief", "Chapter 0", "Chapter 1", "Chapter 2"]
    for title, page in bookmarks.items():
        lines = texts[page - 1].splitlines()
        assert any(line.strip() == title for line in lines)
        assert re.search(rf"{title}\s*{page}\b", texts[0])
    links = [note.get_object() for note in reader.pages[0]["/Annots"]]
    assert len([link for link in links if link["/Subtype"] == "/Link"]) == 4


def test_the_document_tells_what_it_is():
    """Title, language, day of the data, A4, and words for the figure."""
    content = document_pdf(document(Chapter("map", "Map", (picture("Kita"),)), lang="fr"), MADE)
    reader = PdfReader(BytesIO(content))
    assert reader.metadata is not None
    assert reader.metadata.title == "Title"
    assert reader.metadata.creation_date is not None
    assert reader.metadata.creation_date.date() == MADE
    assert reader.trailer["/Root"]["/Lang"] == "fr"
    assert [round(side / 72 * 25.4) for side in reader.pages[0].mediabox[2:]] == [210, 297]
    tree = reader.trailer["/Root"]["/StructTreeRoot"]["/K"]
    told = [part.get_object().get("/Alt") for part in tree[0].get_object()["/K"]]
    assert told == ["Alt Kita"]


def test_the_map_stands_beside_the_headline_whatever_comes_between():
    """It is the second chapter, and the contents follow."""
    between = Chapter("changes", "Changes", (Lines(("One",)),))
    content = document_pdf(document(between, Chapter("map", "Map", (picture(),))), MADE)
    (text,) = pages(content)
    assert text.index("Caption p") < text.index("Contents") < text.index("One")


def test_figures_fit_the_page_that_they_stand_on():
    """Tall ones are shrunk; half ones are not below what can be read; none runs into the foot."""
    figures = (picture("tall", size=(4.0, 12.0)), picture("half", wide=False), picture("wide"))
    content = document_pdf(document(Chapter("c", "Figures", figures)), MADE)
    reader = PdfReader(BytesIO(content))
    placed = [
        [float(part) for part in match.groups()]
        for page in reader.pages
        for match in re.finditer(
            r"q ([\d.]+) 0 0 ([\d.]+) ([\d.]+) ([\d.]+) cm /I\d+ Do",
            page.get_contents().get_data().decode("latin-1"),
        )
    ]
    assert len(placed) == 3
    for width, height, x, y in placed:
        assert x / 72 * 25.4 + 0.01 >= 16
        assert (x + width) / 72 * 25.4 <= 194.01
        assert 297 - (y + height) / 72 * 25.4 >= 13
        assert y / 72 * 25.4 >= 10
    ratios = [width / height for width, height, *_ in placed]
    assert ratios == pytest.approx([1 / 3, 2, 2], rel=0.01)
    assert placed[1][0] / 72 == pytest.approx(0.6 * 8, rel=0.01)


def test_rows_are_not_torn_and_the_head_stands_on_every_page():
    """200 rows of two lines each: a row's cells stand on one page."""
    rows = tuple(Row((f"a{n}", f"b{n} " + "word " * 40, f"c{n}"), note=f"d{n}") for n in range(200))
    grid = Grid(("Left", "Middle", "Right"), rows, (1, 1, 1), right=frozenset({2}))
    texts = pages(document_pdf(document(Chapter("c", "Table", (grid,))), MADE))
    seen = []
    for text in texts:
        numbers = {key: re.findall(rf"\b{key}(\d+)\b", text) for key in "abcd"}
        assert numbers["a"] == numbers["b"] == numbers["c"] == numbers["d"]
        assert ("Left" in text) == bool(numbers["a"])
        seen += numbers["a"]
    assert seen == [str(n) for n in range(200)]


def test_a_heading_does_not_stand_alone_at_the_foot():
    """Whatever the length of the chapter before."""
    for count in range(38, 46, 2):
        before = Chapter("a", "Before", (Lines(tuple("x" for _ in range(count))),))
        after = Chapter("b", "After it", (Lines(("Strong",), strong=True), Lines(("told",))))
        for text in pages(document_pdf(document(before, after), MADE)):
            lines = [line.strip() for line in text.splitlines()]
            if "After it" in lines:
                assert "Strong" in lines
                assert any("told" in line for line in lines)


def test_a_long_footer_is_whole_and_the_text_ends_above_it():
    """Licences stand there."""
    footer = " ".join(f"licence{n}" for n in range(120))
    long = Chapter("c", "Text", (Lines(tuple("text" for _ in range(90))),))
    texts = pages(document_pdf(document(long, footer=footer), MADE))
    assert len(texts) > 1
    assert all("licence119" in text for text in texts)


def test_a_chapter_without_blocks_and_blanks_are_set():
    """Nothing to say, and room to write."""
    chapters = (Chapter("a", "", ()), Chapter("b", "Blanks", (Blanks(("Signed by",)),)))
    (text,) = pages(document_pdf(document(*chapters), MADE))
    assert "Signed by" in text


cells = st.text(alphabet="ab M\u202f.", max_size=60)


@pytest.fixture(scope="module")
def paper():
    """Paper to measure on."""
    with closing(_ReportPaper(document(), MADE, 0)) as made:
        yield made


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(cells, cells, cells, cells), max_size=6), st.booleans())
def test_columns_that_fit_fill_the_page(paper, rows, crowded):
    """They are positive, sum to the width, and words that can be whole are."""
    head = ("H" * 70 if crowded else "Head", "B", "C", "D")
    grid = Grid(head, tuple(Row(row) for row in rows), (3, 1, 1, 1))
    widths = column_widths(paper, grid, SETTING)
    assert sum(widths) == pytest.approx(paper.width)
    for column, width in enumerate(widths):
        assert width > 0
        word, _ = paper.widths_of([row[column] for row in rows], SETTING.cell)
        if not crowded and word < 0.2 * paper.width:
            assert width >= word


def test_without_fpdf2_the_extra_is_named(monkeypatch):
    """What to install."""
    monkeypatch.setitem(sys.modules, "fpdf", None)
    with pytest.raises(MissingDependencyError, match=r"supplyroutes\[pdf\]"):
        document_pdf(document(), MADE)
