"""A report as a PDF on A4: the headline and the map first, then the contents and the chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from functools import cached_property
from io import BytesIO

from supplyroutes.catalogue import words
from supplyroutes.report.blocks import Block, Chapter, Document, Lines, Picture
from supplyroutes.report.markdown import one_line
from supplyroutes.report.pdf_blocks import Setting, write_block
from supplyroutes.report.pdf_paper import Ink, Paper, Told
from supplyroutes.report.pictures import Drawn, drawn

TOP, FOOT = 20.0, 291.0
"""Where the text begins and the footer ends, in mm from the top."""
FOOTER_LINES = 40
"""Lines of the footer, at most: the text above ends where it begins."""
ACCENT = (0, 62, 99)
"""A dark blue: as good as black in grey print."""
QUIET = 90
TITLE, SUBTITLE = Ink(20, "B", shade=ACCENT), Ink(10, shade=QUIET)
HEADING, CONTENTS = Ink(13, "B", shade=ACCENT), Ink(9)
CAPTION, ORIGIN = Ink(8, "B"), Ink(6.5, shade=QUIET)
RUNNING, FOOTER = Ink(7.5, shade=QUIET), Ink(6.5, shade=QUIET)
HEADLINE, REST = Ink(9.5), Ink(9)
SETTING = Setting(
    body=Ink(9),
    bold=Ink(9, "B"),
    cell=Ink(7),
    head=Ink(6.8, "B", shade=255),
    note=Ink(8.5),
    label=44,
    most_lines=40,
    most_head_lines=8,
    pad=0.7,
    head_shade=ACCENT,
    mark_shade=230,
    fitted=True,
)
FIRST = replace(SETTING, label=37, pad=0.9)
MAP = "map"
"""Key of the chapter that stands beside the headline on the first page."""
BULLET, INDENT = "\N{BULLET}", 4.0
LEAST_PICTURE, LEAST_FIRST = 0.7, 0.48
"""Part of its size down to which a figure is shrunk to stay on the page it was reached on; and on
the first page, where the map stands beside the headline."""
LEAST_SCALE = 0.6
"""Part of the size it was made for below which a figure is not printed where there is room."""
INCH = 25.4
NUMBER_WIDTH = 12.0
KEEP, KEEP_STRONG = 36.0, 18.0
"""Room that the heading of a chapter, and a strong line, need so that they do not stand alone at
the foot of a page."""
ABOVE_PICTURE = 22.0
"""Room that the heading of a chapter and the caption of a figure take."""


def document_pdf(document: Document, made: date) -> bytes:
    """Return a report as a PDF that says it was made on the day of its data.

    It is set twice: only then are the pages known that the contents and the footers tell.

    Parameters
    ----------
    document
        The report in one language.
    made
        The day of the data: the document says that it was made then, so that the same report
        gives the same bytes.

    Returns
    -------
    content
        The bytes of the file: A4, with bookmarks, contents with links, words for those who
        cannot see the figures, and the language of its text.

    Raises
    ------
    MissingDependencyError
        fpdf2 is not installed.

    Examples
    --------
    >>> from supplyroutes.report.blocks import Chapter, Lines
    >>> chapter = Chapter("headline", "In brief", (Lines(("No town is cut off.",)),))
    >>> document = Document("en", "Toy", "12 January 2025", "Data of that day.", (chapter,))
    >>> document_pdf(document, date(2025, 1, 12))[:5]
    b'%PDF-'
    """
    images = {
        id(block): drawn(block)
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, Picture)
    }
    with closing(_ReportPaper(document, made, 0)) as paper:
        draft = _Writer(paper, document, {}, images)
        draft.write()
        pages = paper.pdf.pages_count
    with closing(_ReportPaper(document, made, pages)) as paper:
        _Writer(paper, document, draft.begun, images).write()
        return bytes(paper.pdf.output() or b"")


class _ReportPaper(Paper):
    """The pages of a report: its title above, what it rests on and the page number below."""

    margin = 16.0

    def __init__(self, document: Document, made: date, pages: int) -> None:
        self.document = document
        super().__init__(Told(document.lang, document.title, document.subtitle), made, pages)

    @cached_property
    def _footer(self) -> list[str]:
        """The lines of the footer: all of it, for it names licences."""
        beside = self.width - 2 * NUMBER_WIDTH
        return self.wrapped(self.document.footer, beside, FOOTER, FOOTER_LINES)

    @cached_property
    def bottom(self) -> float:
        """Where the text ends, in mm from the top: above the footer."""
        return FOOT - FOOTER.height * len(self._footer) - 3

    def furnish(self) -> None:
        """Draw the running head, except on the first page, and the foot."""
        document, left, width = self.document, self.margin, self.width
        page = self.pdf.page_no()
        self.band(10, 1.2, ACCENT)
        if page > 1:
            told = f"{document.title} \N{EN DASH} {document.subtitle}"
            self.lines(self.wrapped(told, width, RUNNING, 1), (left, 12.5, width), RUNNING)
        foot = self.bottom + 2.5
        self.rule(foot - 1)
        self.lines(self._footer, (left, foot, width - 2 * NUMBER_WIDTH), FOOTER)
        number = words(document.lang)("sheet.page", page=page, pages=self.pages)
        place = (left + width - 2 * NUMBER_WIDTH, foot, 2 * NUMBER_WIDTH)
        self.line(number, place, Ink(RUNNING.size, "B", "R"))
        self.pdf.set_y(TOP if page > 1 else 13)


class _Writer:
    """Writes a report on paper; `begun` tells on which page each chapter began, `pages` told so."""

    def __init__(
        self,
        paper: Paper,
        document: Document,
        pages: Mapping[str, int],
        images: Mapping[int, Drawn],
    ) -> None:
        self.paper = paper
        self.document = document
        self.pages = pages
        self.images = images
        self.say = words(document.lang)
        self.begun: dict[str, int] = {}
        self.links = {chapter.key: paper.pdf.add_link() for chapter in document.chapters}

    def write(self) -> None:
        """Write title, headline and first picture, then the contents, then the other chapters."""
        paper, document = self.paper, self.document
        for line in paper.wrapped(document.title, paper.width, TITLE, 3):
            paper.write(line, TITLE)
        paper.write(document.subtitle, SUBTITLE)
        first, then = _opening(document.chapters)
        for chapter in first:
            self._chapter(chapter, first=chapter is document.chapters[0])
        self._contents([*first, *then])
        for chapter in then:
            self._chapter(chapter)

    # --- chapters -------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter, *, first: bool = False) -> None:
        """Write a chapter under its heading; in the first, tables are named once, at its end."""
        paper = self.paper
        paper.room(self._start(chapter))
        paper.down(2 if first else 4)
        self._begin(chapter)
        paper.write(chapter.title, HEADING)
        paper.rule(paper.y + 0.6, shade=ACCENT)
        paper.down(2)
        for block in chapter.blocks:
            if isinstance(block, Picture):
                self._picture(block)
            elif isinstance(block, Lines):
                self._lines(block, HEADLINE if first else REST)
            else:
                write_block(paper, block, FIRST if first else SETTING)
                if not first:
                    self._origin(_origin(block))
        if first:
            named = [_origin(block) for block in chapter.blocks]
            self._origin(", ".join(name for name in dict.fromkeys(named) if name))

    def _start(self, chapter: Chapter) -> float:
        """Return the room that a chapter needs to begin: its heading does not stand alone."""
        block = chapter.blocks[0] if chapter.blocks else None
        if not isinstance(block, Picture):
            return KEEP
        _, height = self._picture_size(block)
        return ABOVE_PICTURE + self._least() * height

    def _begin(self, chapter: Chapter) -> None:
        """Note where a chapter begins: for the contents, for links and for bookmarks."""
        pdf = self.paper.pdf
        self.begun[chapter.key] = pdf.page_no()
        pdf.set_link(self.links[chapter.key], y=self.paper.y, page=pdf.page_no())
        pdf.start_section(one_line(chapter.title) or chapter.key)

    def _lines(self, block: Lines, ink: Ink) -> None:
        """Write lines behind bullets; strong ones bold, as heads of what follows."""
        paper = self.paper
        indent = 0.0 if block.strong else INDENT
        ink = Ink(ink.size, "B" if block.strong else "", shade=ink.shade)
        if block.strong:
            paper.room(KEEP_STRONG)
            paper.down(1.5)
        for text in block.rows:
            lines = paper.wrapped(text, paper.width - indent, ink)
            for number, line in enumerate(lines):
                paper.room(ink.height * (2 if number == 0 and len(lines) > 1 else 1))
                y = paper.y
                if number == 0 and not block.strong:
                    paper.line(BULLET, (paper.margin, y, INDENT), ink)
                paper.line(line, (paper.margin + indent, y, paper.width - indent), ink)
                paper.pdf.set_y(y + ink.height)
            paper.down(0.7)
        paper.down(0.8)

    def _origin(self, tables: str) -> None:
        """Write from which result tables numbers are."""
        if tables:
            self.paper.write(self.say("pdf.origin", table=tables), ORIGIN)
        self.paper.down(2)

    def _picture(self, picture: Picture) -> None:
        """Put a figure under its caption: smaller where it then still fits on the page."""
        paper, image = self.paper, self.images[id(picture)]
        caption = paper.wrapped(picture.caption, paper.width, CAPTION)
        above = len(caption) * CAPTION.height + 1
        width, height = self._picture_size(picture)
        scale = min(1.0, (paper.bottom - TOP - above - 4) / height)
        left = (paper.bottom - paper.y - above - 4) / height
        if self._least() * scale <= left < scale:
            scale = left
        elif left < scale:
            paper.page()
        width, height = width * scale, height * scale
        paper.write(picture.caption, CAPTION)
        x, y = paper.margin + (paper.width - width) / 2, paper.y + 1
        alt = one_line(picture.alt)
        paper.pdf.image(BytesIO(image.png), x=x, y=y, w=width, h=height, alt_text=alt)
        paper.pdf.set_y(y + height + 0.5)
        self._origin(picture.origin)

    def _least(self) -> float:
        """Return the part of its size down to which a figure is shrunk to stay on this page."""
        return LEAST_FIRST if self.paper.pdf.page_no() == 1 else LEAST_PICTURE

    def _picture_size(self, picture: Picture) -> tuple[float, float]:
        """Return width and height of a figure where there is room for it, in mm."""
        image, width = self.images[id(picture)], self.paper.width
        if not picture.wide:
            width = min(width, max(width / 2, LEAST_SCALE * INCH * image.width_in))
        return width, width * image.height_in / image.width_in

    # --- contents -------------------------------------------------------------------------

    def _contents(self, chapters: Sequence[Chapter]) -> None:
        """Write the chapters with their pages, as links."""
        paper, ink = self.paper, CONTENTS
        height = ink.height + 1.2
        paper.room(height * (len(chapters) + 1) + HEADING.height)
        paper.down(3)
        paper.write(self.say("pdf.contents"), HEADING)
        paper.rule(paper.y + 0.6, shade=ACCENT)
        paper.down(2)
        beside = paper.width - NUMBER_WIDTH
        for chapter in chapters:
            paper.room(height)
            y = paper.y
            title = paper.wrapped(chapter.title, beside, ink, 1)
            paper.lines(title, (paper.margin, y, beside), ink)
            page = self.say.number(self.pages.get(chapter.key, 0))
            number = Ink(ink.size, align="R")
            paper.line(page, (paper.margin + beside, y, NUMBER_WIDTH), number)
            paper.pdf.link(paper.margin, y, paper.width, ink.height, self.links[chapter.key])
            paper.rule(y + ink.height + 0.6, shade=215)
            paper.pdf.set_y(y + height)
        paper.down(2)


def _opening(chapters: Sequence[Chapter]) -> tuple[list[Chapter], list[Chapter]]:
    """Return the chapters before the contents, the headline and the map, and those after."""
    first = [chapters[0], *(chapter for chapter in chapters[1:] if chapter.key == MAP)]
    return first, [chapter for chapter in chapters if chapter not in first]


def _origin(block: Block | Picture) -> str:
    """Return the result table that the numbers of a block are from; no text if there is none."""
    return getattr(block, "origin", "")
