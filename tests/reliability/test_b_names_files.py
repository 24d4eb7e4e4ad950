"""RELIABILITY, part B: names and texts in the files that leave the house: XLSX, PDF, JSON, CSV."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import json
import re
import unicodedata
import zipfile
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

import supplyroutes as sr
from supplyroutes.report.blocks import Chapter, Document, Facts, Grid, Lines, Picture, Row
from supplyroutes.report.document import document_of
from supplyroutes.report.document_pdf import document_pdf
from supplyroutes.report.report_json import report_json
from supplyroutes.report.report_xlsx import report_xlsx
from supplyroutes.report.tables import result_tables

MADE = dt.date(2025, 1, 12)
FORMULAS = (
    "=1+1",
    '=HYPERLINK("http://example.org")',
    "=cmd|' /C calc'!A0",
    "+1",
    "-5",
    "@SUM(A1)",
    "'=1",
    "\uff1d1+1",
    "#REF!",
    "_x003D_1",
)
TOWNS = {
    "port": "=cmd|' /C calc'!A0",
    "north": '=HYPERLINK("http://example.org";"x") <script>alert(1)</script>',
    "south": "-5",
    "bridge": "'; DROP TABLE towns; -- $(rm -rf /) `${7*7}`",
    "east": "@SUM(A1:A9) $\\foo$ **x** [y](javascript:z) {nb} {0}",
    "mine": "مدينة ⵜⴰⵎⴰⵙⵏⴰ ߓߊߡߊߞߐ 漢",
}
REPORT = "+1+1 \"'; DROP TABLE events; -- </script> ${jndi:ldap://x/y}"
TITLE = "=1+1 & &D &[Path] <b>title</b>"


@pytest.fixture
def results(case_folder):
    """Answers for a case whose towns, reports and title are formulas, markup and commands."""
    changed(case_folder / "towns.csv", lambda row: {"name": TOWNS[row["node"]]})
    changed(case_folder / "events.csv", lambda _: {"text": REPORT})
    scenario = sr.Scenario(folder=str(case_folder), date=MADE, title=TITLE)
    return sr.run(scenario, analyses=())


def changed(path, change):
    """Change the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    with path.open("w", encoding="utf-8", newline="") as stream:
        made = [{**row, **change(row)} for row in rows]
        writer = csv.DictWriter(stream, list(made[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(made)


def all_cells(content):
    """Return every filled cell of a workbook."""
    book = load_workbook(BytesIO(content))
    return [cell for sheet in book for row in sheet for cell in row if cell.value is not None]


def shown(content):
    """Return the text of a PDF without blanks."""
    texts = (page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return re.sub(r"\s", "", "".join(texts))


def strings(value):
    """Yield every text in a report."""
    if isinstance(value, str):
        yield value
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from strings(getattr(value, field.name))
    elif isinstance(value, tuple):
        for part in value:
            yield from strings(part)


def document(text):
    """Return a report in which everything that can be a text is this one."""
    from matplotlib.figure import Figure

    grid = Grid((text, "b"), (Row((text, "x"), note=text, marked=True),), (1, 1))
    picture = Picture("p", text, text, lambda: Figure(figsize=(2, 1)))
    blocks = (Lines((text,)), Facts(((text, text),)), grid, picture)
    return Document(
        "en", text, text, text, (Chapter("a", text, blocks), Chapter("b", text, blocks))
    )


# --- REL-016: formulas --------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_rel_016_a_workbook_holds_formulas_as_text(text):
    """In names, heads, ids, notes, titles and names of sheets; nothing is worked out or fetched."""
    frame = pd.DataFrame({"name": [text], text: [-5]}, index=pd.Index([text], name="node"))
    content = report_xlsx(document(text), {text: frame}, MADE)
    cells = all_cells(content)
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    escaped = text.replace("_x003D_", "_x005F_x003D_")
    told = [cell for cell in cells if cell.value == escaped]
    assert len(told) >= 8
    assert all(cell.data_type == "s" for cell in told)
    assert all(cell.quotePrefix for cell in told if text[0] in "=+-@'")
    assert [cell.value for cell in cells if cell.data_type == "n"].count(-5) == 1
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name).decode("utf-8", "ignore") for name in archive.namelist()}
    sheets = [part for name, part in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert not any("<f>" in part or "<f " in part for part in sheets)
    assert not any('TargetMode="External"' in part for part in parts.values())


def test_rel_016_a_report_of_hostile_names_is_text_in_a_workbook(results):
    """Every name is there as it was written; numbers are numbers."""
    cells = all_cells(report_xlsx(document_of(results, "fr"), result_tables(results), MADE))
    texts = {cell.value for cell in cells if cell.data_type == "s"}
    assert {*TOWNS.values(), REPORT, TITLE} <= texts
    assert not any(cell.data_type in "fe" for cell in cells)


@pytest.mark.parametrize("text", FORMULAS)
@pytest.mark.parametrize("column", ["name", "aliases", "admin1", "note", "source"])
def test_rel_016_written_folders_quote_formulas_and_read_back(text, column, case_folder):
    """Through the whole of `write_network`, in every column of text."""
    value = f"b;{text}" if column == "aliases" else text
    changed(case_folder / "towns.csv", lambda _: {column: f"'{value}" if text == "'=1" else value})
    network = sr.read_network(case_folder)
    sr.write_network(network, case_folder)
    with (case_folder / "towns.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            entries = row[column].split(";")
            assert not any(entry.startswith(("=", "+", "-", "@", "\uff1d")) for entry in entries)
    assert sr.read_network(case_folder) == network


def test_rel_016_numbers_below_nothing_stay_numbers_in_json(results):
    """JSON has no formulas: -5 the name is a text, -5 the number a number."""
    told = json.loads(report_json(results, document_of(results, "en"), result_tables(results)))
    names = {row["name"] for row in told["tables"]["towns"]}
    assert names == set(TOWNS.values())
    assert told["title"] == TITLE
    assert {row["text"] for row in told["tables"]["reports"]} == {REPORT}


# --- REL-017 to REL-020: markup, glyphs, control characters, commands ------------------------


def test_rel_017_and_020_a_report_of_hostile_names_is_text_in_a_pdf(results):
    """Every name is printed; the file has links within itself only, and runs nothing."""
    report = document_of(results, "fr")
    content = document_pdf(report, MADE)
    whole = shown(content)
    said = "".join(strings(report))
    told = [text for text in (*TOWNS.values(), REPORT, TITLE) if text in said]
    assert len(told) >= 5
    for text in (text for text in told if text.isascii()):
        assert re.sub(r"\s", "", text) in whole
    reader = PdfReader(BytesIO(content))
    assert reader.metadata is not None
    assert reader.metadata.title == TITLE
    for page in reader.pages:
        for note in page.get("/Annots", ()):
            link = note.get_object()
            assert "/Dest" in link
            assert "/A" not in link
    root = reader.trailer["/Root"]
    assert not {"/AA", "/Names"} & set(root)
    assert isinstance(root["/OpenAction"], list), "a place to open at, no action"


def test_rel_018_glyphs_that_are_missing_do_not_stop_a_pdf():
    """Arabic, Tifinagh and N'Ko are printed with the font that has them; others by a mark."""
    whole = shown(document_pdf(document("ⵜⴰⵎ ߓߊߡߊ \u0628 漢 $x$"), MADE))
    assert "ⵜⴰⵎ" in whole
    assert set("ߓߊߡ\u0628") <= set(unicodedata.normalize("NFKC", whole))
    assert "\N{REPLACEMENT CHARACTER}" in whole
    assert "漢" not in whole
    assert "$x$" in whole


@pytest.mark.parametrize("text", ["a\x1b[31mb", "a\u202eb", "a\x00b", "a\u200bb", "a\u2066b"], ids=ascii)  # fmt: skip  # noqa: E501
def test_rel_019_control_characters_neither_hide_nor_break(text):
    """A PDF drops them, a workbook shows their code; whatever part of the report holds them."""
    plain = "".join(char for char in text if char.isprintable())
    whole = shown(document_pdf(document(text), MADE))
    assert plain in whole
    assert not set(whole) & set("\x1b\x00\u202e\u200b\u2066")
    content = report_xlsx(document(text), {text: pd.DataFrame({text: [text]})}, MADE)
    cells = all_cells(content)
    code = ascii(next(char for char in text if not char.isprintable()))[1:-1]
    assert sum(code in str(cell.value) for cell in cells) >= 8
    assert not any(set(str(cell.value)) & set("\x1b\x00\u202e\u200b\u2066") for cell in cells)
