"""Paper for a PDF: pages with a banner, wrapped plain text, and room made where it is needed."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supplyroutes.catalogue import words
from supplyroutes.errors import MissingDependencyError
from supplyroutes.report.blocks import Sheet
from supplyroutes.report.markdown import one_line

if TYPE_CHECKING:
    from fpdf import FPDF

Style = Literal["", "B", "I"]
FAMILY = "sheet"
FONTS: dict[Style, str] = {
    "": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf",
}  # fmt: skip
"""The fonts that matplotlib ships: they have the accents, arrows and narrow spaces."""
MARGIN, TOP, BOTTOM, FOOT = 10.0, 24.0, 281.0, 292.0
"""Edges of the text on an A4 page and of its footer, in mm from its left and its top."""
WIDTH = 210 - 2 * MARGIN
NO_GLYPH = "\N{REPLACEMENT CHARACTER}"
FOOTER_LINES = 40
"""Lines of a footer, at most: the text above ends where it begins."""
PAGE_NUMBER = 26.0


@dataclass(frozen=True)
class Ink:
    """How text is set: points, style, side, and grey from 0 (black) to 255 (white)."""

    size: float
    style: Style = ""
    align: Literal["L", "R"] = "L"
    grey: int = 0

    @property
    def height(self) -> float:
        """Height of a line, in mm."""
        return 0.46 * self.size


BODY, BOLD = Ink(8), Ink(8, "B")
SMALL, TINY, NOTE = Ink(7), Ink(6.5), Ink(6.5, "I")


class Paper:
    """The pages of a sheet, and the place reached on the last one.

    Parameters
    ----------
    sheet
        The sheet: its banner, rules and footer stand on every page.
    made
        The day that the document says it was made on: nothing in it depends on the clock.
    pages
        The number of pages that each page tells; 0 while it is not known.

    Raises
    ------
    MissingDependencyError
        fpdf2 is not installed.
    """

    def __init__(self, sheet: Sheet, made: date, pages: int) -> None:
        self.sheet = sheet
        self.pages = pages
        self.pdf = _document(sheet, made)
        self.page()

    def close(self) -> None:
        """Close the font files, which the PDF library leaves open."""
        for style in FONTS:
            self.pdf.fonts[f"{FAMILY}{style}"].ttfont.close()  # type: ignore[union-attr]

    # --- pages ----------------------------------------------------------------------------

    @property
    def y(self) -> float:
        """The place reached, in mm from the top."""
        return float(self.pdf.get_y())

    def down(self, height: float) -> None:
        """Go down by a height."""
        self.pdf.set_y(self.y + height)

    @cached_property
    def _footer(self) -> list[str]:
        """The lines of the footer: all of it, for it tells what the sheet rests on."""
        return self.wrapped(self.sheet.footer, WIDTH - PAGE_NUMBER, TINY, FOOTER_LINES)

    @cached_property
    def _bottom(self) -> float:
        """Where the text ends, in mm from the top: above the footer."""
        return min(BOTTOM, FOOT - 1.5 - TINY.height * len(self._footer))

    def room(self, height: float) -> bool:
        """Make room for a height; tell whether a page was begun for it."""
        if self.y + height <= self._bottom:
            return False
        self.page()
        return True

    def page(self) -> None:
        """Begin a page: what it is above; date of the data and page number below."""
        sheet = self.sheet
        self.pdf.add_page()
        self.band(8, 7, 0)
        self.line(sheet.banner, (MARGIN + 1, 8, WIDTH / 2), Ink(12, "B", grey=255), 7)
        right = (MARGIN + WIDTH / 2 - 1, 8, WIDTH / 2)
        self.line(sheet.dated, right, Ink(9, "B", "R", 255), 7)
        self.pdf.set_y(16)
        rules = self.wrapped(sheet.rules, WIDTH, Ink(6.9, "B"), 2)
        self.lines(rules, (MARGIN, 16, WIDTH), Ink(6.9, "B"))
        self.rule(self._bottom + 1)
        width = WIDTH - PAGE_NUMBER
        self.lines(self._footer, (MARGIN, self._bottom + 1.5, width), TINY)
        number = words(sheet.lang)("sheet.page", page=self.pdf.page_no(), pages=self.pages)
        self.line(number, (MARGIN + width, self._bottom + 1.5, PAGE_NUMBER), Ink(7, "B", "R"))
        self.pdf.set_y(TOP)

    def band(self, y: float, height: float, grey: int) -> None:
        """Fill a band over the width of the page."""
        self.pdf.set_fill_color(grey)
        self.pdf.rect(MARGIN, y, WIDTH, height, style="F")

    def rule(self, y: float, left: float = 0.0, *, grey: int = 150) -> None:
        """Draw a thin line across the page, from so far right of its left edge."""
        self.pdf.set_draw_color(grey)
        self.pdf.set_line_width(0.15)
        self.pdf.line(MARGIN + left, y, MARGIN + WIDTH, y)

    # --- text -----------------------------------------------------------------------------

    def wrapped(self, text: str, width: float, ink: Ink, most: int | None = None) -> list[str]:
        """Return text as lines that fit; at most so many, the last one then ends in dots."""
        self._take(ink)
        shown = self._shown(text)
        lines: list[str] = self.pdf.multi_cell(
            width, ink.height, shown, align="L", dry_run=True, output="LINES"
        )  # type: ignore[assignment]
        if most is None or len(lines) <= most:
            return lines or [""]
        last = f"{lines[most - 1]}\N{HORIZONTAL ELLIPSIS}"
        while self.pdf.get_string_width(last) > width - 2 * self.pdf.c_margin:
            last = f"{last[:-2]}\N{HORIZONTAL ELLIPSIS}"
        return [*lines[: most - 1], last]

    def line(
        self, text: str, box: tuple[float, float, float], ink: Ink, height: float | None = None
    ) -> None:
        """Write one line at x and y in a width, in mm."""
        self._take(ink)
        x, y, width = box
        self.pdf.set_xy(x, y)
        self.pdf.cell(width, height or ink.height, self._shown(text), align=ink.align)

    def lines(self, texts: Iterable[str], box: tuple[float, float, float], ink: Ink) -> None:
        """Write lines one below the other, the first at x and y."""
        x, y, width = box
        for place, text in enumerate(texts):
            self.line(text, (x, y + place * ink.height, width), ink)

    def write(self, text: str, ink: Ink) -> None:
        """Write text over the width of the page, and on the next page where it needs one."""
        for line in self.wrapped(text, WIDTH, ink):
            self.room(ink.height)
            y = self.y
            self.line(line, (MARGIN, y, WIDTH), ink)
            self.pdf.set_y(y + ink.height)

    def _take(self, ink: Ink) -> None:
        """Take up an ink."""
        self.pdf.set_font(FAMILY, ink.style, ink.size)
        self.pdf.set_text_color(ink.grey)

    def _shown(self, text: str) -> str:
        """Return text of one line in characters that the fonts have."""
        whole = one_line(unicodedata.normalize("NFC", text))
        return "".join(char if ord(char) in self._glyphs else NO_GLYPH for char in whole)

    @cached_property
    def _glyphs(self) -> frozenset[int]:
        """The characters that the upright font has: the other styles borrow from it."""
        return frozenset(self.pdf.fonts[FAMILY].cmap)  # type: ignore[union-attr]


def _document(sheet: Sheet, made: date) -> FPDF:
    """Return an empty document."""
    try:
        from fpdf import FPDF
    except ImportError:
        raise MissingDependencyError("fpdf2", "pdf") from None
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(MARGIN)
    pdf.c_margin = 0.9
    pdf.alias_nb_pages("")  # else "{nb}" in a name would turn into a number
    for style, name in FONTS.items():
        pdf.add_font(FAMILY, style, str(folder / name))
    pdf.set_fallback_fonts([FAMILY], exact_match=False)
    pdf.set_creation_date(datetime.combine(made, time(), UTC))
    pdf.set_lang(sheet.lang)
    pdf.set_title(one_line(f"{sheet.banner}: {sheet.title}"))
    pdf.set_subject(one_line(sheet.subtitle))
    pdf.set_creator("supplyroutes")
    return pdf
