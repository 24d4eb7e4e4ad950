"""A report as a PDF on A4: the headline and the map first, then the contents and the chapters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import date
from io import BytesIO

from supplyroutes.catalogue import words
from supplyroutes.report.blocks import Block, Chapter, Document, Lines, Picture
from supplyroutes.report.markdown import one_line
from supplyroutes.report.pdf_blocks import Setting, write_block
from supplyroutes.report.pdf_paper import Ink, Paper, Told
from supplyroutes.report.pictures import drawn

TOP, BOTTOM, FOOT = 22.0, 279.0, 284.0
"""Edges of the text and of its footer, in mm from the top."""
ACCENT = (0, 62, 99)
"""A dark blue: as good as black in grey print."""
QUIET = 90
TITLE, SUBTITLE = Ink(20, "B", shade=ACCENT), Ink(10, shade=QUIET)
HEADING, CONTENTS = Ink(13, "B", shade=ACCENT), Ink(9)
CAPTION, ORIGIN = Ink(8, "B"), Ink(6.5, shade=QUIET)
RUNNING = Ink(7.5, shade=QUIET)
HEADLINE, REST = Ink(10.5), Ink(9)
SETTING = Setting(
    body=Ink(9),
    bold=Ink(9, "B"),
    cell=Ink(7.5),
    head=Ink(7, "B", shade=255),
    note=Ink(8.5),
    label=44,
    most_lines=40,
    most_head_lines=3,
    pad=0.7,
    head_shade=ACCENT,
    mark_shade=230,
    word_share=0.3,
)
BULLET, INDENT = "\N{BULLET}", 4.0
LEAST_PICTURE = 0.62
"""Part of its size down to which a picture is shrunk to stay on the page it was reached on."""
NUMBER_WIDTH = 12.0
KEEP = 34.0
"""Room that a heading needs below it, so that it does not stand alone at the foot of a page."""


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

    @property
    def bottom(self) -> float:
        """Where the text ends, in mm from the top."""
        return BOTTOM

    def furnish(self) -> None:
        """Draw the running head, except on the first page, and the foot."""
        document, left, width = self.document, self.margin, self.width
        self.band(10, 1.2, ACCENT)
        if self.pdf.page_no() > 1:
            told = f"{document.title} \N{EN DASH} {document.subtitle}"
            head = self.wrapped(told, width, RUNNING, 1)
            self.lines(head, (left, 12.5, width), RUNNING)
        self.rule(FOOT - 1.5)
        beside = width - NUMBER_WIDTH * 2
        self.lines(self.wrapped(document.footer, beside, RUNNING, 2), (left, FOOT, beside), RUNNING)
        number = words(document.lang)("sheet.page", page=self.pdf.page_no(), pages=self.pages)
        right = Ink(RUNNING.size, "B", "R")
        self.line(number, (left + beside, FOOT, NUMBER_WIDTH * 2), right)
        self.pdf.set_y(TOP if self.pdf.page_no() > 1 else 14)


class _Writer:
    """Writes a report on paper; `begun` tells on which page each chapter began, `pages` told so."""

    def __init__(
        self,
        paper: Paper,
        document: Document,
        pages: Mapping[str, int],
        images: Mapping[int, bytes],
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
        opening = _opening(document.chapters)
        for number, chapter in enumerate(document.chapters):
            if number == opening:
                self._contents()
            self._chapter(chapter, first=number == 0)

    # --- chapters -------------------------------------------------------------------------

    def _chapter(self, chapter: Chapter, *, first: bool) -> None:
        """Write a chapter under its heading."""
        paper = self.paper
        paper.room(KEEP)
        paper.down(4 if not first else 3)
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
                write_block(paper, block, SETTING)
                self._origin(block)

    def _begin(self, chapter: Chapter) -> None:
        """Note where a chapter begins: for the contents, for links and for bookmarks."""
        pdf = self.paper.pdf
        self.begun[chapter.key] = pdf.page_no()
        pdf.set_link(self.links[chapter.key], y=self.paper.y, page=pdf.page_no())
        pdf.start_section(one_line(chapter.title) or chapter.key)

    def _lines(self, block: Lines, ink: Ink) -> None:
        """Write lines behind bullets; strong ones bold."""
        paper = self.paper
        ink = Ink(ink.size, "B" if block.strong else "", shade=ink.shade)
        for text in block.rows:
            lines = paper.wrapped(text, paper.width - INDENT, ink)
            for number, line in enumerate(lines):
                paper.room(ink.height * (2 if number == 0 and len(lines) > 1 else 1))
                y = paper.y
                if number == 0:
                    paper.line(BULLET, (paper.margin, y, INDENT), ink)
                paper.line(line, (paper.margin + INDENT, y, paper.width - INDENT), ink)
                paper.pdf.set_y(y + ink.height)
            paper.down(0.9)
        paper.down(1)

    def _origin(self, block: Block | Picture) -> None:
        """Write from which result table the numbers of a block are."""
        origin = "" if not hasattr(block, "origin") else block.origin
        if origin:
            self.paper.write(self.say("pdf.origin", table=origin), ORIGIN)
        self.paper.down(2.5)

    def _picture(self, picture: Picture) -> None:
        """Put a figure under its caption: smaller where it then still fits on the page."""
        paper = self.paper
        caption = paper.wrapped(picture.caption, paper.width, CAPTION)
        above = len(caption) * CAPTION.height + 1
        wide, high = _size(self.images[id(picture)])
        width = paper.width if picture.wide else paper.width / 2
        height = width * high / wide
        most = paper.bottom - TOP - above - 4
        scale = min(1.0, most / height)
        left = (paper.bottom - paper.y - above - 4) / height
        if left < scale:
            if left >= LEAST_PICTURE * scale:
                scale = left
            else:
                paper.page()
        width, height = width * scale, height * scale
        paper.write(picture.caption, CAPTION)
        x = paper.margin + (paper.width - width) / 2
        y = paper.y + 1
        paper.pdf.image(
            BytesIO(self.images[id(picture)]), x=x, y=y, w=width, h=height,
            alt_text=one_line(picture.alt),
        )  # fmt: skip
        paper.pdf.set_y(y + height + 0.5)
        self._origin(picture)

    # --- contents -------------------------------------------------------------------------

    def _contents(self) -> None:
        """Write the chapters with their pages, as links."""
        paper, ink = self.paper, CONTENTS
        height = ink.height + 1.2
        paper.room(height * (len(self.document.chapters) + 1) + HEADING.height)
        paper.down(4)
        paper.write(self.say("pdf.contents"), HEADING)
        paper.rule(paper.y + 0.6, shade=ACCENT)
        paper.down(2)
        beside = paper.width - NUMBER_WIDTH
        for chapter in self.document.chapters:
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


def _opening(chapters: Sequence[Chapter]) -> int:
    """Return how many chapters stand before the contents: the headline, and a map after it."""
    shown = len(chapters) > 1 and any(isinstance(block, Picture) for block in chapters[1].blocks)
    told = any(isinstance(block, Picture) for block in chapters[0].blocks)
    return 2 if shown and not told else 1


def _size(image: bytes) -> tuple[int, int]:
    """Return width and height of a PNG: they stand at fixed places of its header."""
    return int.from_bytes(image[16:20], "big"), int.from_bytes(image[20:24], "big")
