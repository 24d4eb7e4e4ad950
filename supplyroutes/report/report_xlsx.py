"""A report as a workbook: the headline, the chapters, and every result table on its own sheet."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, Literal

from supplyroutes.catalogue import Words, words
from supplyroutes.errors import MissingDependencyError
from supplyroutes.report.blocks import Document, Facts, Grid, Lines, Picture
from supplyroutes.report.markdown import one_line
from supplyroutes.report.pictures import drawn
from supplyroutes.report.wording import parted
from supplyroutes.report.xlsx_cells import (
    cell_value,
    column_label,
    number_format,
    put,
    put_as_it_is,
    safe_text,
    sheet_names,
)

if TYPE_CHECKING:
    import pandas as pd

Look = Literal["plain", "bold", "quiet"]
MOST_ROWS = 1_048_576
"""Rows that a sheet can hold."""
HEAD = 2
"""Row of the heads of a table: its meaning and the way back stand above."""
NARROWEST, WIDEST = 8, 56
"""Widths of columns, in characters."""
READ = 400
"""Rows by which the width of a column is judged."""
ACCENT, STRIPE, LINK, QUIET = "003E63", "EEF2F5", "0B5394", "5A5A5A"
LINE, TALLEST = 15.0, 400.0
"""Height of a line, and of a row at most, in points."""
FIRST_WIDTHS, TEXT_WIDTHS = (30, 84, 16), (30, 24, 24, 24, 24)
"""Widths of the columns of the first sheet and of the sheet of chapters, in characters."""
PICTURE_WIDTH = 890
"""Width of a figure, in pixels: that of the sheet of chapters."""
ROOMY = 1.12
"""Room that a text needs beyond its count of characters, for words that move to the next line."""
FIRST_DATE = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip file can tell: entries bear it, not the clock."""


def report_xlsx(document: Document, tables: Mapping[str, pd.DataFrame], made: date) -> bytes:
    """Return a report as a workbook.

    The first sheet has the headline and links to the others; the second the words and figures of
    the chapters; then follow the result tables, one a sheet, with real numbers and days. Text is
    text, whatever it begins with.

    Parameters
    ----------
    document
        The report in one language.
    tables
        The result tables by name, from `result_tables`: the same names as in the JSON.
    made
        The day of the data: the workbook says that it was made then, and nothing in it depends on
        the clock.

    Returns
    -------
    content
        The bytes of the file; the same for the same report.

    Raises
    ------
    MissingDependencyError
        openpyxl is not installed.

    Examples
    --------
    >>> import pandas as pd
    >>> from supplyroutes.report.blocks import Chapter
    >>> chapter = Chapter("headline", "In brief", (Lines(("No town is cut off.",)),))
    >>> document = Document("en", "Toy", "12 January 2025", "Data of that day.", (chapter,))
    >>> report_xlsx(document, {"towns": pd.DataFrame({"length_km": [-5.0]})}, date(2025, 1, 12))[:2]
    b'PK'
    """
    try:
        from openpyxl import Workbook
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel") from None
    book = Workbook()
    book.remove(book.active)
    _Workbook(book, document, tables).write()
    told = book.properties
    told.creator, told.title, told.subject = (
        "supplyroutes",
        *map(safe_text, (document.title, document.subtitle)),
    )
    told.language = document.lang
    told.created = told.modified = datetime.combine(made, time())
    return _steady(book)


class _Workbook:
    """Writes the sheets of a report."""

    def __init__(self, book: Any, document: Document, tables: Mapping[str, pd.DataFrame]) -> None:
        self.book = book
        self.document = document
        self.tables = tables
        self.say: Words = words(document.lang)
        first = [self.say("xlsx.report"), self.say("xlsx.chapters")]
        self.first, self.chapters = sheet_names(first)
        self.sheets = dict(zip(tables, sheet_names(tables, first), strict=True))

    def write(self) -> None:
        """Write all sheets."""
        for name in (self.first, self.chapters, *self.sheets.values()):
            self.book.create_sheet(name)
        self._first()
        self._chapters()
        for name, frame in self.tables.items():
            self._table(name, frame)

    # --- words ----------------------------------------------------------------------------

    def _first(self) -> None:
        """Write title and headline, and what stands where."""
        sheet, say, document = self.book[self.first], self.say, self.document
        _widths(sheet, FIRST_WIDTHS)
        row = _title(sheet, document)
        for block in document.chapters[0].blocks:
            row = self._told(sheet, row, block)
        row += 1
        for column, key in enumerate(("sheet", "told", "rows"), start=1):
            _head(sheet.cell(row, column), say(f"xlsx.{key}"))
        rows: list[tuple[str, str, int | None]] = [
            (self.chapters, self._titles(), None),
            *(
                (self.sheets[name], self._meaning(name), len(frame))
                for name, frame in self.tables.items()
            ),
        ]
        for name, told, count in rows:
            row += 1
            _link(sheet.cell(row, 1), name, name)
            _beside(sheet, row, ("", told), FIRST_WIDTHS, "plain")
            put(sheet.cell(row, 3), count)
            sheet.cell(row, 3).number_format = "#,##0"
        for place, text in enumerate((say("xlsx.reading"), document.footer), start=row + 2):
            _text(sheet, place, text, over=FIRST_WIDTHS, look="quiet")
        self._printed(sheet)

    def _titles(self) -> str:
        """Return the titles of the chapters after the headline, in a row."""
        titles = [chapter.title for chapter in self.document.chapters[1:]]
        return parted(self.say, titles) if titles else ""

    def _told(self, sheet: Any, row: int, block: Any) -> int:
        """Write a block of the headline, with links to its table; return the row below it."""
        if isinstance(block, Lines):
            for line in block.rows:
                _text(sheet, row, line, over=FIRST_WIDTHS, look="bold" if block.strong else "plain")
                row += 1
        elif isinstance(block, Facts):
            for label, told in block.rows:
                _write(sheet.cell(row, 1), label, "bold")
                _beside(sheet, row, ("", told), FIRST_WIDTHS, "plain")
                if block.origin in self.sheets:
                    _link(sheet.cell(row, 3), self.sheets[block.origin], self.sheets[block.origin])
                row += 1
        return row

    def _chapters(self) -> None:
        """Write the words and figures of the chapters; their tables have sheets of their own."""
        from openpyxl.worksheet.pagebreak import Break

        sheet, document = self.book[self.chapters], self.document
        _widths(sheet, TEXT_WIDTHS)
        row = _title(sheet, document)
        for chapter in document.chapters[1:]:
            if any(isinstance(block, Picture) for block in chapter.blocks):
                sheet.row_breaks.append(Break(id=row - 1))
            put(sheet.cell(row, 1), chapter.title)
            sheet.cell(row, 1).font = _font(13, bold=True, colour=ACCENT)
            row += 1
            for block in chapter.blocks:
                row = self._block(sheet, row, block) + 1
        self._printed(sheet)

    def _block(self, sheet: Any, row: int, block: Any) -> int:
        """Write a block; return the row below it."""
        if isinstance(block, Lines):
            for line in block.rows:
                _text(sheet, row, line, look="bold" if block.strong else "plain")
                row += 1
        elif isinstance(block, Facts):
            for label, told in block.rows:
                _text(sheet, row, told, first=2)
                _write(sheet.cell(row, 1), label, "bold")
                row += 1
        elif isinstance(block, Picture):
            row = _picture(sheet, row, block)
        elif isinstance(block, Grid) and block.origin not in self.sheets:
            row = _grid(sheet, row, block)
        origin = getattr(block, "origin", "")
        if origin in self.sheets:
            name = self.sheets[origin]
            _link(sheet.cell(row, 1), name, self.say("xlsx.see", table=name))
            row += 1
        return row

    def _meaning(self, name: str) -> str:
        """Return what a table tells, in words."""
        key = f"table.{name}"
        return self.say(key) if key in self.say else name

    # --- tables ---------------------------------------------------------------------------

    def _table(self, name: str, frame: pd.DataFrame) -> None:
        """Write a result table: real numbers and days below a head that stays in sight."""
        from openpyxl.comments import Comment
        from openpyxl.utils import get_column_letter

        sheet, say = self.book[self.sheets[name]], self.say
        shown = frame.iloc[: MOST_ROWS - HEAD]
        columns = _columns(shown)
        _link(sheet.cell(1, 1), self.first, f"\N{LEFTWARDS ARROW} {self.first}")
        put(sheet.cell(1, 2), self._above(name, len(frame), len(shown)))
        sheet.cell(1, 2).font = _font(12, bold=True, colour=ACCENT)
        for place, (column, values) in enumerate(columns.items(), start=1):
            label = column_label(column, say)
            head = sheet.cell(HEAD, place)
            _head(head, label)
            note = say("xlsx.note", name=safe_text(column), table=safe_text(name))
            head.comment = Comment(note, "supplyroutes", height=60, width=240)
            width = _width(label, values)
            sheet.column_dimensions[get_column_letter(place)].width = width
            shape = number_format(column, values, say.lang)
            _fill_column(sheet, place, values, (shape, width))
        whole = f"A{HEAD}:{get_column_letter(max(len(columns), 1))}{HEAD + len(shown)}"
        sheet.auto_filter.ref = whole
        _striped(sheet, whole)
        sheet.freeze_panes = sheet.cell(HEAD + 1, 1 + _held(frame))
        self._printed(sheet, landscape=True)
        sheet.print_title_rows = f"{HEAD}:{HEAD}"

    def _above(self, name: str, rows: int, shown: int) -> str:
        """Return what stands above a table: what it tells, and whether rows are missing."""
        told = self._meaning(name)
        if shown == rows:
            return told
        say = self.say
        return f"{told}. {say('xlsx.cut', shown=say.number(shown), rows=say.number(rows))}"

    def _printed(self, sheet: Any, *, landscape: bool = False) -> None:
        """Set a sheet up for print: A4, as wide as a page, told what it is on each page."""
        sheet.page_setup.orientation = "landscape" if landscape else "portrait"
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.print_options.gridLines = False
        sheet.sheet_view.showGridLines = False
        sheet.page_margins.left = sheet.page_margins.right = 0.4
        sheet.oddHeader.left.text = _running(self.document.title)
        sheet.oddHeader.right.text = _running(self.document.subtitle)
        sheet.oddFooter.left.text = "&A"
        sheet.oddFooter.right.text = self.say("xlsx.page", page="&P", pages="&N")


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the columns of a table as values of cells, the levels of its index first."""
    named = [name for name in frame.index.names if name is not None]
    flat = frame.reset_index() if named else frame
    return {str(name): [cell_value(value) for value in flat[name]] for name in flat.columns}


def _fill_column(sheet: Any, place: int, values: list[Any], look: tuple[str, int]) -> None:
    """Write the values of a column; `look` is its format and its width."""
    shape, width = look
    first = sheet.cell(HEAD + 1, place)
    first.number_format, first.alignment = shape, _top(wrapped=width == WIDEST)
    style = copy(first._style)  # noqa: SLF001 (a style for each cell would take most of the time)
    for row, value in enumerate(values, start=HEAD + 1):
        cell = sheet.cell(row, place)
        cell._style = copy(style)  # noqa: SLF001
        put_as_it_is(cell, value)
        if width == WIDEST and isinstance(value, str) and len(value) * ROOMY > width:
            _heighten(sheet, row, _height(value, width))


def _heighten(sheet: Any, row: int, height: float) -> None:
    """Make a row at least so high."""
    before = sheet.row_dimensions[row].height or LINE
    sheet.row_dimensions[row].height = max(before, height)


def _height(text: str, width: float) -> float:
    """Return about the height that a text needs in a width in characters, in points."""
    return min(LINE * max(-(-len(text) * ROOMY // width), 1), TALLEST)


def _striped(sheet: Any, whole: str) -> None:
    """Shade every other row, also after sorting."""
    from openpyxl.formatting.rule import FormulaRule
    from openpyxl.styles import PatternFill

    fill = PatternFill(bgColor=STRIPE, fill_type="solid")
    below = whole.replace(f"A{HEAD}:", f"A{HEAD + 1}:")
    sheet.conditional_formatting.add(below, FormulaRule(["MOD(ROW(),2)=0"], fill=fill))


def _held(frame: pd.DataFrame) -> int:
    """Return how many columns stay in sight: the ids, if they leave room for others."""
    return min(sum(name is not None for name in frame.index.names), 2)


def _width(label: str, values: list[Any]) -> int:
    """Return the width of a column, in characters."""
    longest = max((len(_seen(value)) for value in values[:READ]), default=0)
    word = max((len(word) for word in label.split()), default=0)
    return max(NARROWEST, min(max(longest + 2, word + 4, len(label) // 3 + 4), WIDEST))


def _seen(value: Any) -> str:
    """Return about what is seen of a value."""
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if type(value) is int else "" if value is None else str(value)


# --- cells --------------------------------------------------------------------------------


def _title(sheet: Any, document: Document) -> int:
    """Write title and subtitle; return the row below them."""
    put(sheet.cell(1, 1), document.title)
    sheet.cell(1, 1).font = _font(18, bold=True, colour=ACCENT)
    put(sheet.cell(2, 1), document.subtitle)
    sheet.cell(2, 1).font = _font(11, colour=QUIET)
    return 4


def _text(
    sheet: Any,
    row: int,
    text: str,
    *,
    over: Sequence[int] = TEXT_WIDTHS,
    first: int = 1,
    look: Look = "plain",
) -> None:
    """Write a text over the columns of these widths, from one on, as high as it needs to be."""
    _write(sheet.cell(row, first), text, look)
    sheet.merge_cells(start_row=row, start_column=first, end_row=row, end_column=len(over))
    _heighten(sheet, row, _height(text, sum(over[first - 1 :])) + 2)


def _beside(sheet: Any, row: int, texts: Sequence[str], widths: Sequence[int], look: Look) -> None:
    """Write texts beside each other, each broken into lines in its width; empty ones not at all."""
    for column, (text, width) in enumerate(zip(texts, widths, strict=False), start=1):
        if text:
            _write(sheet.cell(row, column), text, look)
            _heighten(sheet, row, _height(text, width))


def _write(cell: Any, text: str, look: Look) -> None:
    """Write a text that is broken into lines."""
    put(cell, text)
    cell.font = _font(11, bold=look == "bold", colour=QUIET if look == "quiet" else "000000")
    cell.alignment = _top(wrapped=True)


def _head(cell: Any, text: str) -> None:
    """Write the head of a column, light on dark."""
    from openpyxl.styles import PatternFill

    put(cell, text)
    cell.font = _font(11, bold=True, colour="FFFFFF")
    cell.fill = PatternFill("solid", fgColor=ACCENT)
    cell.alignment = _top(wrapped=True)


def _link(cell: Any, sheet: str, text: str) -> None:
    """Write a link to another sheet."""
    from openpyxl.worksheet.hyperlink import Hyperlink

    put(cell, text)
    quoted = sheet.replace("'", "''")
    cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{quoted}'!A1", display=text)
    cell.font = _font(11, colour=LINK, underlined=True)
    cell.alignment = _top()


def _grid(sheet: Any, row: int, grid: Grid) -> int:
    """Write a table of words; return the row below it."""
    widths = [*TEXT_WIDTHS, *(TEXT_WIDTHS[-1:] * len(grid.head))]
    for column, head in enumerate(grid.head, start=1):
        _head(sheet.cell(row, column), head)
    for told in grid.rows:
        row += 1
        _beside(sheet, row, told.cells, widths, "bold" if told.marked else "plain")
        if told.note:
            row += 1
            _text(sheet, row, told.note, look="quiet")
    return row + 1


def _picture(sheet: Any, row: int, picture: Picture) -> int:
    """Put a figure under its caption, over as many rows as it is high; return the row below."""
    from openpyxl.drawing.image import Image

    _text(sheet, row, picture.caption, look="bold")
    image = Image(io.BytesIO(drawn(picture).png))
    width = PICTURE_WIDTH if picture.wide else PICTURE_WIDTH // 2
    image.width, image.height = width, round(image.height * width / image.width)
    sheet.add_image(image, f"A{row + 1}")
    rows = int(image.height * 0.75 / LINE) + 2
    for place in range(row + 1, row + 1 + rows):
        sheet.row_dimensions[place].height = LINE
    _text(sheet, row + rows + 1, picture.alt, look="quiet")
    return row + rows + 2


def _widths(sheet: Any, widths: tuple[int, ...]) -> None:
    """Set the widths of the first columns."""
    from openpyxl.utils import get_column_letter

    for place, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = width


def _font(
    size: int, *, bold: bool = False, colour: str = "000000", underlined: bool = False
) -> Any:
    """Return a font."""
    from openpyxl.styles import Font

    line = "single" if underlined else None
    return Font(name="Calibri", size=size, bold=bold, color=colour, underline=line)


def _top(*, wrapped: bool = False) -> Any:
    """Return how text lies in a cell: at its top, broken into lines or not."""
    from openpyxl.styles import Alignment

    return Alignment(vertical="top", wrap_text=wrapped)


def _running(text: str) -> str:
    """Return a text for the head of printed pages, where & begins a code."""
    shown = safe_text(one_line(text))[:90]
    return shown.replace("&", "&&").replace("&[", "& [")


# --- the file -----------------------------------------------------------------------------


def _steady(book: Any) -> bytes:
    """Return a workbook as bytes without the clock: fixed dates, and parts in a fixed order."""
    from openpyxl.writer.excel import ExcelWriter

    raw, steady = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(raw, "w") as archive:
        ExcelWriter(book, archive).save()
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(steady, "w") as after:
        for name in sorted(before.namelist(), key=lambda name: (name[0] != "[", name)):
            part = zipfile.ZipInfo(name, FIRST_DATE)
            part.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(part, before.read(name))
    return steady.getvalue()
