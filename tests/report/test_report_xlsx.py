"""A report as a workbook: opened again, every number, day and text is what the tables hold."""

from __future__ import annotations

import math
import sys
import zipfile
from datetime import date, datetime
from io import BytesIO

import pandas as pd
import pytest
from openpyxl import load_workbook

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.errors import MissingDependencyError
from supplyroutes.report import report_xlsx as module
from supplyroutes.report.blocks import (
    Chapter,
    Document,
    Facts,
    Grid,
    Lines,
    Picture,
    Row,
)
from supplyroutes.report.document import document_of
from supplyroutes.report.report_xlsx import report_xlsx
from supplyroutes.report.tables import result_tables
from supplyroutes.report.xlsx_cells import (
    cell_value,
    column_label,
    column_parts,
    number_format,
    safe_text,
    sheet_names,
)

MADE = date(2025, 1, 12)


def document(*chapters, lang="en", title="Title"):
    """Return a report of chapters after a headline."""
    facts = Facts((("Who is cut off", "Nobody."),), origin="towns")
    headline = Chapter("headline", "In brief", (Lines(("In short.",)), facts))
    return Document(lang, title, "Subtitle", "Footer.", (headline, *chapters))


def opened(content):
    """Return a workbook read back."""
    return load_workbook(BytesIO(content))


def texts(sheet):
    """Return what stands in the cells of a sheet."""
    return [cell.value for row in sheet for cell in row if cell.value is not None]


def assert_same(sheet, frame):
    """Compare the rows of a sheet with those of a table, cell by cell.

    Workbooks are written with 16 digits: the last bit of a number may differ.
    """
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame
    rows = list(sheet.iter_rows(min_row=3, max_col=len(flat.columns)))
    assert len(rows) == len(flat)
    for row, values in zip(rows, flat.itertuples(index=False), strict=True):
        for cell, value in zip(row, values, strict=True):
            wanted = cell_value(value)
            found = cell.value.date() if isinstance(cell.value, datetime) else cell.value
            if isinstance(wanted, float):
                assert math.isclose(found, wanted, rel_tol=1e-15), (cell.coordinate, value)
            else:
                assert found == wanted, (cell.coordinate, value)
            assert type(found) is type(wanted) or isinstance(wanted, float)
            assert cell.data_type == ("s" if isinstance(wanted, str) else cell.data_type) != "f"


@pytest.fixture(scope="module")
def toy():
    """The answers on 12 January of the toy case, without one report."""
    scenario = sr.Scenario(case="toy", date=MADE, events={"removed": ["T1"]})
    return sr.run(scenario, analyses=("flow", "stocks"))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_table_stands_on_a_sheet_of_its_name(toy, lang):
    """Every value, its head with unit, and a link from the first sheet and back."""
    tables, say = result_tables(toy), words(lang)
    content = report_xlsx(document_of(toy, lang), tables, MADE)
    book = opened(content)
    first, chapters = book.sheetnames[:2]
    assert book.sheetnames[2:] == list(tables)
    links = {cell.value: cell.hyperlink.location for row in book[first] for cell in row if cell.hyperlink}  # fmt: skip  # noqa: E501
    for name, frame in tables.items():
        sheet = book[name]
        assert_same(sheet, frame)
        assert links[name] == f"'{name}'!A1"
        assert sheet["A1"].hyperlink.location == f"'{first}'!A1"
        assert sheet["B1"].value == say(f"table.{name}")
        assert sheet.freeze_panes[-1] == "3"
        assert sheet.auto_filter.ref.startswith("A2:")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    heads = [cell.value for cell in book["corridors"][2]]
    assert column_label("length_km", say) in heads
    for block in document_of(toy, lang).chapters[0].blocks:
        wanted = [told for _, told in block.rows] if isinstance(block, Facts) else block.rows
        assert set(wanted) <= set(texts(book[first]))
    assert len(book[chapters]._images) == sum(
        isinstance(block, Picture) for chapter in document_of(toy, lang).chapters for block in chapter.blocks  # noqa: E501
    )  # fmt: skip
    assert report_xlsx(document_of(toy, lang), tables, MADE) == content


def test_every_column_of_the_results_has_a_head_in_both_languages(toy):
    """The catalogue has the name, or what it is made of."""
    scenario = toy.scenario.model_copy(update={"seed": 2})
    tables = result_tables(sr.run(scenario, analyses=("flow", "paths", "roads", "reopening")))
    names = {
        str(name)
        for frame in (*tables.values(), *result_tables(toy).values())
        for name in (*frame.index.names, *frame.columns)
    }
    known = words("fr")
    told = {name: {f"column.{name}", f"column.{column_parts(name)[0]}"} for name in names}
    assert not [
        name for name, keys in sorted(told.items()) if not any(map(known.__contains__, keys))
    ]


def test_nothing_of_the_clock_is_in_the_file():
    """Parts bear a fixed date and order; the document says the day of its data."""
    content = report_xlsx(document(), {"towns": pd.DataFrame({"a": [1]})}, MADE)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = [part.filename for part in archive.infolist()]
        assert {part.date_time for part in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert names[0] == "[Content_Types].xml"
        assert names[1:] == sorted(names[1:])
        core = archive.read("docProps/core.xml").decode()
    assert core.count("2025-01-12T00:00:00Z") == 2
    told = opened(content).properties
    assert (told.title, told.creator, told.language) == ("Title", "supplyroutes", "en")


def test_typed_cells_stay_what_they_are():
    """Whole and broken numbers, truths, days, texts and gaps."""
    frame = pd.DataFrame(
        {
            "delay_h": [-5.0, 0.1 + 0.2, float("nan"), float("inf")],
            "count": [-5, 10**14, 0, 1],
            "flag": [True, False, True, False],
            "day": [date(2025, 1, 2), None, date(1900, 1, 1), date(9999, 12, 31)],
            "moment": pd.to_datetime(["2025-01-02", None, "2025-03-04", "2025-03-04"]),
            "text": ["-5", "1e5", "TRUE", "2025-01-02"],
            "ids": [("a", "b"), (), ("=1",), ("c",)],
        },
        index=pd.Index(["r1", "r2", "r3", "r4"], name="edge"),
    )
    sheet = opened(report_xlsx(document(), {"towns": frame}, MADE))["towns"]
    assert_same(sheet, frame)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_col=8)]
    assert rows[0][:4] == ["r1", -5, -5, True]
    assert type(rows[0][2]) is int
    assert rows[2][1] is None
    assert rows[3][1] == "∞"
    assert rows[0][4] == datetime(2025, 1, 2)  # noqa: DTZ001 (days have no zone)
    assert rows[2][4] == "1900-01-01"
    assert rows[0][6] == "-5"
    assert [row[7] for row in rows] == ["a, b", None, "=1", "c"]
    assert sheet["F3"].number_format == "[$-409]d mmm yyyy"
    assert sheet["C4"].number_format == "#,##0"


@pytest.mark.parametrize(
    ("name", "values", "shown"),
    [
        ("dry_share", [0.5, None], "0.0%"),
        ("survival_prob", [1], "0.0%"),
        ("length_km", [1.0, 200.0], "#,##0"),
        ("length_km", [1.5, 200.0], "#,##0.0"),
        ("length_km", [1.5, 2.0], "#,##0.00"),
        ("name", ["a"], "General"),
        ("name", [], "General"),
        ("stale", [True], "General"),
        ("end", [date(2025, 1, 1), None], "[$-40C]d mmm yyyy"),
    ],
)
def test_formats_follow_kind_and_language(name, values, shown):
    """As many decimals as the numbers need."""
    assert number_format(name, values, "fr") == shown


@pytest.mark.parametrize(
    ("name", "en", "fr"),
    [
        ("length_km", "Length, km", "Longueur, km"),
        ("stock_m3_p50", "Stock, middle run, m³", "Stock, tirage médian, m³"),
        (
            "days_dry_change_low",
            "Days without, change, lower end",
            "Jours sans, écart, borne basse",
        ),
        ("unheard_of_km", "Unheard of, km", "Unheard of, km"),
        ("of", "Changes", "Modifie"),
    ],
)
def test_heads_are_words_with_units(name, en, fr):
    """From the catalogue, or from the name."""
    assert (column_label(name, words("en")), column_label(name, words("fr"))) == (en, fr)


def test_sheet_names_are_safe_short_and_apart():
    """Signs that may not stand there, doubles whatever their case, and a name kept for others."""
    wanted = ["a/b:c*[d]?\\", "A B C  D", "'quoted'", "x" * 40, "X" * 31, "history", "", "a\x1bb"]
    names = sheet_names(wanted, ["Report"])
    assert all(0 < len(name) <= 31 for name in names)
    assert len({name.casefold() for name in names}) == len(names)
    assert not any(set(name) & set("[]:*?/\\\x1b") for name in names)
    assert names[2] == "quoted"
    assert names[5] == "history 2"
    assert sheet_names(["report"], ["Report"]) == ["report 2"]
    book = opened(report_xlsx(document(), dict.fromkeys(wanted, pd.DataFrame({"a": [1]})), MADE))
    assert book.sheetnames[2:] == sheet_names(wanted, ["Report", "Chapters"])


def test_a_table_longer_than_a_sheet_is_cut_and_says_so(monkeypatch):
    """The first rows, and a note in words."""
    monkeypatch.setattr(module, "MOST_ROWS", 7)
    frame = pd.DataFrame({"a": range(9)})
    sheet = opened(report_xlsx(document(), {"towns": frame}, MADE))["towns"]
    assert_same(sheet, frame.iloc[:5])
    assert "Only the first 5 of 9 rows" in sheet["B1"].value


def test_titles_of_chapters_are_parted_as_each_language_parts():
    """A narrow no-break space stands before a French semicolon."""
    chapters = [Chapter(key, key.upper(), ()) for key in ("a", "b")]
    for lang, told in (("en", "A; B"), ("fr", "A\u202f; B")):
        book = opened(report_xlsx(document(*chapters, lang=lang), {}, MADE))
        assert told in texts(book.worksheets[0])


def test_chapters_hold_words_tables_of_words_and_figures():
    """What no table holds stands there in full; what one holds is a link."""
    from matplotlib.figure import Figure

    rows = (Row(("Isolated", "no way"), note="A note"), Row(("=Ways", "x" * 300), marked=True))
    blocks = (
        Lines(("A line",), strong=True),
        Grid(("Word", "Meaning"), rows, (1, 2)),
        Grid(("Town",), (Row(("Kita",)),), (1,), origin="towns"),
        Facts((("Seed", "7"),)),
        Picture("p", "Caption", "Alt", lambda: Figure(figsize=(3, 2)), wide=False),
    )
    chapter = Chapter("c", "Chapter", blocks)
    book = opened(report_xlsx(document(chapter), {"towns": pd.DataFrame({"a": [1]})}, MADE))
    told = texts(book["Chapters"])
    assert {
        "Chapter",
        "A line",
        "Word",
        "no way",
        "A note",
        "=Ways",
        "Seed",
        "7",
        "Caption",
        "Alt",
    } <= set(told)
    assert "Kita" not in told
    assert "Table: towns" in told
    (image,) = book["Chapters"]._images
    assert image.width / image.height == pytest.approx(1.5, rel=0.02)


def test_long_texts_end_in_dots_and_codes_are_escaped():
    """32,767 units of UTF-16, and what a workbook would take for the code of a character."""
    assert safe_text("x" * 32_767) == "x" * 32_767
    assert safe_text("x" * 32_768) == "x" * 32_766 + "…"
    assert len(safe_text("😀" * 20_000).encode("utf-16-le")) <= 2 * 32_767
    assert safe_text("_x0041_") == "_x005F_x0041_"
    assert safe_text("a\x00\x1b\u202e\ufffe\n") == "a\\x00\\x1b\\u202e\\ufffe\\n"
    assert cell_value(10**15) == "1000000000000000"


def test_names_in_the_running_head_are_no_codes():
    """An ampersand begins a code there."""
    content = report_xlsx(document(title="a & b &[Path] &D"), {}, MADE)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    assert "&amp;La &amp;&amp; b &amp;&amp; [Path] &amp;&amp;D&amp;R" in sheet


def test_without_openpyxl_the_extra_is_named(monkeypatch):
    """What to install."""
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingDependencyError, match=r"supplyroutes\[excel\]"):
        report_xlsx(document(), {}, MADE)
