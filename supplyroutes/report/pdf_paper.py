"""Paper for a PDF: wrapped plain text, pictures, and pages begun where room is needed."""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from supplyroutes.errors import MissingDependencyError
from supplyroutes.report.joined_letters import in_sight, joined
from supplyroutes.report.markdown import one_line

if TYPE_CHECKING:
    from fpdf import FPDF

Style = Literal["", "B", "I"]
FAMILY = "sheet"
FONTS: dict[Style, str] = {
    "": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf", "I": "DejaVuSans-Oblique.ttf",
}  # fmt: skip
"""The fonts that matplotlib ships: they have the accents, arrows and narrow spaces."""
PAGE_WIDTH = 210.0
"""Of A4, in mm."""
NO_GLYPH = "\N{REPLACEMENT CHARACTER}"
Shade = int | tuple[int, int, int]
"""A grey from 0 (black) to 255 (white), or a colour as red, green and blue."""


@dataclass(frozen=True)
class Ink:
    """How text is set: points, style, side and shade."""

    size: float
    style: Style = ""
    align: Literal["L", "R"] = "L"
    shade: Shade = 0

    @property
    def height(self) -> float:
        """Height of a line, in mm."""
        return 0.46 * self.size


@dataclass(frozen=True)
class Told:
    """What a document says of itself to those who list or read it aloud."""

    lang: str
    title: str
    subject: str


class Paper(ABC):
    """The pages of a document, and the place reached on the last one.

    What stands around the text of every page is drawn by `furnish`; the text ends at `bottom` and
    keeps `margin` left and right, all in mm on A4.

    Parameters
    ----------
    told
        Language, title and subject of the document, for those who list it.
    made
        The day that the document says it was made on: nothing in it depends on the clock.
    pages
        The number of pages that each page tells; 0 while it is not known.

    Raises
    ------
    MissingDependencyError
        fpdf2 is not installed.
    """

    margin = 10.0

    def __init__(self, told: Told, made: date, pages: int) -> None:
        self.pages = pages
        self.pdf = _document(told, made, self.margin)
        self.page()

    @abstractmethod
    def furnish(self) -> None:
        """Draw what stands around the text of a page, and go to where its text begins."""

    @property
    @abstractmethod
    def bottom(self) -> float:
        """Where the text ends, in mm from the top."""

    def close(self) -> None:
        """Close the font files, which the PDF library leaves open."""
        for style in FONTS:
            self.pdf.fonts[f"{FAMILY}{style}"].ttfont.close()  # type: ignore[union-attr]

    # --- pages ----------------------------------------------------------------------------

    @property
    def width(self) -> float:
        """Width of the text, in mm."""
        return PAGE_WIDTH - 2 * self.margin

    @property
    def y(self) -> float:
        """The place reached, in mm from the top."""
        return float(self.pdf.get_y())

    def down(self, height: float) -> None:
        """Go down by a height."""
        self.pdf.set_y(self.y + height)

    def room(self, height: float) -> bool:
        """Make room for a height; tell whether a page was begun for it."""
        if self.y + height <= self.bottom:
            return False
        self.page()
        return True

    def page(self) -> None:
        """Begin a page."""
        self.pdf.add_page()
        self.furnish()

    def band(self, y: float, height: float, shade: Shade) -> None:
        """Fill a band over the width of the page."""
        self.pdf.set_fill_color(*_rgb(shade))
        self.pdf.rect(self.margin, y, self.width, height, style="F")

    def rule(self, y: float, left: float = 0.0, *, shade: Shade = 150) -> None:
        """Draw a thin line across the page, from so far right of its left edge."""
        self.pdf.set_draw_color(*_rgb(shade))
        self.pdf.set_line_width(0.15)
        self.pdf.line(self.margin + left, y, self.margin + self.width, y)

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

    def widths_of(self, texts: Iterable[str], ink: Ink) -> tuple[float, float]:
        """Return the widths that the longest word, and the longest text on one line, need in mm."""
        self._take(ink)
        shown = {self._shown(text) for text in texts}
        words = {word for text in shown for word in text.split(" ")}
        around = 2 * self.pdf.c_margin + 0.01
        word, whole = (
            max((self.pdf.get_string_width(part) for part in parts), default=0.0) + around
            for parts in (words, shown)
        )
        return word, whole

    def line(
        self, text: str, box: tuple[float, float, float], ink: Ink, height: float | None = None
    ) -> None:
        """Write one line at x and y in a width, in mm."""
        self._take(ink)
        x, y, width = box
        self.pdf.set_xy(x, y)
        shown = in_sight(self._shown(text))
        self.pdf.cell(width, height or ink.height, shown, align=ink.align)

    def lines(self, texts: Iterable[str], box: tuple[float, float, float], ink: Ink) -> None:
        """Write lines one below the other, the first at x and y."""
        x, y, width = box
        for place, text in enumerate(texts):
            self.line(text, (x, y + place * ink.height, width), ink)

    def write(self, text: str, ink: Ink) -> None:
        """Write text over the width of the page, and on the next page where it needs one."""
        for line in self.wrapped(text, self.width, ink):
            self.room(ink.height)
            y = self.y
            self.line(line, (self.margin, y, self.width), ink)
            self.pdf.set_y(y + ink.height)

    def _take(self, ink: Ink) -> None:
        """Take up an ink."""
        self.pdf.set_font(FAMILY, ink.style, ink.size)
        self.pdf.set_text_color(*_rgb(ink.shade))

    def _shown(self, text: str) -> str:
        """Return text of one line in characters that the fonts have."""
        whole = joined(one_line(unicodedata.normalize("NFC", text)))
        return "".join(char if ord(char) in self._glyphs else NO_GLYPH for char in whole)

    @cached_property
    def _glyphs(self) -> frozenset[int]:
        """The characters that the upright font has: the other styles borrow from it."""
        return frozenset(self.pdf.fonts[FAMILY].cmap)  # type: ignore[union-attr]


def _rgb(shade: Shade) -> tuple[int, int, int]:
    """Return a shade as red, green and blue."""
    return shade if isinstance(shade, tuple) else (shade, shade, shade)


def _document(told: Told, made: date, margin: float) -> FPDF:
    """Return an empty document."""
    try:
        from fpdf import FPDF
    except ImportError:
        raise MissingDependencyError("fpdf2", "pdf") from None
    import matplotlib as mpl

    folder = Path(mpl.get_data_path()) / "fonts" / "ttf"
    pdf = FPDF(format="A4")
    pdf.set_auto_page_break(auto=False)
    pdf.set_margin(margin)
    pdf.c_margin = 0.9
    pdf.alias_nb_pages("")  # else "{nb}" in a name would turn into a number
    for style, name in FONTS.items():
        pdf.add_font(FAMILY, style, str(folder / name))
    pdf.set_fallback_fonts([FAMILY], exact_match=False)
    pdf.set_creation_date(datetime.combine(made, time(), UTC))
    pdf.set_lang(told.lang)
    pdf.set_title(one_line(told.title))
    pdf.set_subject(one_line(told.subject))
    pdf.set_creator("supplyroutes")
    return pdf
