"""A sheet as a PDF on A4: readable in grey print, the same bytes for the same sheet."""

from __future__ import annotations

from contextlib import closing
from datetime import date
from functools import cached_property

from supplyroutes.catalogue import words
from supplyroutes.report.blocks import Sheet
from supplyroutes.report.pdf_blocks import Setting, write_block
from supplyroutes.report.pdf_paper import Ink, Paper, Told

TOP, BOTTOM, FOOT = 24.0, 281.0, 292.0
"""Edges of the text and of its footer, in mm from the top."""
RULES, TINY = Ink(6.9, "B"), Ink(6.5)
FOOTER_LINES = 40
"""Lines of a footer, at most: the text above ends where it begins."""
PAGE_NUMBER = 26.0
SETTING = Setting(
    body=Ink(8), bold=Ink(8, "B"), cell=Ink(7), head=Ink(6.5, "B", shade=255), note=Ink(6.5, "I")
)


class SheetPaper(Paper):
    """The pages of a sheet: its banner, rules and footer stand on each."""

    def __init__(self, sheet: Sheet, made: date, pages: int) -> None:
        self.sheet = sheet
        super().__init__(
            Told(sheet.lang, f"{sheet.banner}: {sheet.title}", sheet.subtitle), made, pages
        )

    @cached_property
    def _footer(self) -> list[str]:
        """The lines of the footer: all of it, for it tells what the sheet rests on."""
        return self.wrapped(self.sheet.footer, self.width - PAGE_NUMBER, TINY, FOOTER_LINES)

    @cached_property
    def bottom(self) -> float:
        """Where the text ends, in mm from the top: above the footer."""
        return min(BOTTOM, FOOT - 1.5 - TINY.height * len(self._footer))

    def furnish(self) -> None:
        """Draw what the sheet is above; date of the data and page number below."""
        sheet, left, width = self.sheet, self.margin, self.width
        self.band(8, 7, 0)
        self.line(sheet.banner, (left + 1, 8, width / 2), Ink(12, "B", shade=255), 7)
        right = (left + width / 2 - 1, 8, width / 2)
        self.line(sheet.dated, right, Ink(9, "B", "R", 255), 7)
        self.pdf.set_y(16)
        self.lines(self.wrapped(sheet.rules, width, RULES, 2), (left, 16, width), RULES)
        self.rule(self.bottom + 1)
        beside = width - PAGE_NUMBER
        self.lines(self._footer, (left, self.bottom + 1.5, beside), TINY)
        number = words(sheet.lang)("sheet.page", page=self.pdf.page_no(), pages=self.pages)
        self.line(number, (left + beside, self.bottom + 1.5, PAGE_NUMBER), Ink(7, "B", "R"))
        self.pdf.set_y(TOP)


def sheet_pdf(sheet: Sheet, made: date) -> bytes:
    """Return a sheet as a PDF that says it was made on the day of its data.

    It is set twice: only then is the number of pages known that each page tells.

    Raises
    ------
    MissingDependencyError
        fpdf2 is not installed.
    """
    with closing(SheetPaper(sheet, made, 0)) as paper:
        _fill(paper, sheet)
        pages = paper.pdf.pages_count
    with closing(SheetPaper(sheet, made, pages)) as paper:
        _fill(paper, sheet)
        return bytes(paper.pdf.output() or b"")


def _fill(paper: Paper, sheet: Sheet) -> None:
    """Write a sheet on paper."""
    for line in paper.wrapped(sheet.title, paper.width, Ink(16, "B"), 2):
        paper.write(line, Ink(16, "B"))
    paper.write(sheet.subtitle, Ink(9))
    paper.down(1.5)
    for section in sheet.sections:
        if section.title:
            paper.room(16)
            paper.down(2)
            paper.write(section.title, Ink(10, "B"))
            paper.down(0.5)
        for block in section.blocks:
            write_block(paper, block, SETTING)
