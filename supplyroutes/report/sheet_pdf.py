"""A sheet as a PDF on A4: readable in grey print, the same bytes for the same sheet."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import date

from supplyroutes.report.blocks import Blanks, Block, Facts, Grid, Lines, Row, Sheet
from supplyroutes.report.pdf_paper import (
    BODY,
    BOLD,
    MARGIN,
    NOTE,
    SMALL,
    TINY,
    WIDTH,
    Ink,
    Paper,
)

LABEL = 30.0
"""Width of the labels of facts, in mm."""
MOST_LINES = 12
"""Lines of a cell, at most: what is longer ends in dots, and stands whole in the Markdown."""
GREY = 228
"""Behind rows that stand out."""
HEAD_GREY = 60
BLANK_HEIGHT = 8.0


def sheet_pdf(sheet: Sheet, made: date) -> bytes:
    """Return a sheet as a PDF that says it was made on the day of its data.

    It is set twice: only then is the number of pages known that each page tells.

    Raises
    ------
    MissingDependencyError
        fpdf2 is not installed.
    """
    with closing(Paper(sheet, made, 0)) as paper:
        _fill(paper, sheet)
        pages = paper.pdf.pages_count
    with closing(Paper(sheet, made, pages)) as paper:
        _fill(paper, sheet)
        return bytes(paper.pdf.output() or b"")


def _fill(paper: Paper, sheet: Sheet) -> None:
    """Write a sheet on paper."""
    for line in paper.wrapped(sheet.title, WIDTH, Ink(16, "B"), 2):
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
            _block(paper, block)


def _block(paper: Paper, block: Block) -> None:
    """Write a block."""
    if isinstance(block, Facts):
        _facts(paper, block)
    elif isinstance(block, Grid):
        _grid(paper, block)
    elif isinstance(block, Blanks):
        _blanks(paper, block)
    else:
        _lines(paper, block)


def _facts(paper: Paper, block: Facts) -> None:
    """Write labels with what they say beside them."""
    for label, text in block.rows:
        labels = paper.wrapped(label, LABEL, BOLD, MOST_LINES)
        texts = paper.wrapped(text, WIDTH - LABEL, BODY, MOST_LINES)
        height = BODY.height * max(len(labels), len(texts)) + 0.4
        paper.room(height)
        y = paper.y
        paper.lines(labels, (MARGIN, y, LABEL), BOLD)
        paper.lines(texts, (MARGIN + LABEL, y, WIDTH - LABEL), BODY)
        paper.pdf.set_y(y + height)


def _lines(paper: Paper, block: Lines) -> None:
    """Write lines: strong ones bold and behind a mark, others small."""
    for line in block.rows:
        paper.down(0.6)
        if block.strong:
            paper.write(f"\N{BLACK RIGHT-POINTING TRIANGLE} {line}", BOLD)
        else:
            paper.write(line, NOTE)
    paper.down(0.8)


def _blanks(paper: Paper, block: Blanks) -> None:
    """Write labels, each with a line to write on."""
    for label in block.labels:
        paper.room(BLANK_HEIGHT)
        y = paper.y
        text = paper.wrapped(label, WIDTH / 3, BODY, 1)
        paper.lines(text, (MARGIN, y + BLANK_HEIGHT - 4, WIDTH / 3), BODY)
        paper.rule(y + BLANK_HEIGHT, WIDTH / 3, grey=0)
        paper.pdf.set_y(y + BLANK_HEIGHT)


# --- tables -------------------------------------------------------------------------------


def _grid(paper: Paper, grid: Grid) -> None:
    """Write a table; its head stands above it on every page, and no row is torn."""
    unit = WIDTH / sum(grid.widths)
    widths = [unit * width for width in grid.widths]
    heads = [
        paper.wrapped(text, width, Ink(6.5, "B"), 2)
        for text, width in zip(grid.head, widths, strict=True)
    ]
    started = False
    for row in grid.rows:
        cells = [
            paper.wrapped(text, width, SMALL, MOST_LINES)
            for text, width in zip(row.cells, widths, strict=True)
        ]
        note = paper.wrapped(row.note, WIDTH - widths[0], NOTE, MOST_LINES) if row.note else []
        height = _height(cells, SMALL) + len(note) * TINY.height + 0.8
        new_page = paper.room(height if started else height + _height(heads, TINY) + 0.8)
        if new_page or not started:
            _head(paper, grid, heads, widths)
            started = True
        _row(paper, grid, row, (cells, note), widths)
    paper.rule(paper.y, grey=0)
    paper.down(0.4)


def _height(cells: Sequence[Sequence[str]], ink: Ink) -> float:
    """Return the height of the tallest cell, in mm."""
    return max(len(lines) for lines in cells) * ink.height


def _head(paper: Paper, grid: Grid, heads: Sequence[list[str]], widths: Sequence[float]) -> None:
    """Write the heads of a table, white on dark."""
    height = _height(heads, TINY) + 0.8
    y = paper.y
    paper.band(y, height, HEAD_GREY)
    _cells(paper, grid, heads, widths, Ink(6.5, "B", grey=255))
    paper.pdf.set_y(y + height)


def _row(
    paper: Paper,
    grid: Grid,
    row: Row,
    texts: tuple[Sequence[list[str]], list[str]],
    widths: Sequence[float],
) -> None:
    """Write a row: its cells, and its note below them."""
    cells, note = texts
    tall = _height(cells, SMALL)
    height = tall + len(note) * TINY.height + 0.8
    y = paper.y
    if row.marked:
        paper.band(y, height, GREY)
    paper.rule(y)
    _cells(paper, grid, cells, widths, SMALL)
    paper.lines(note, (MARGIN + widths[0], y + tall + 0.4, WIDTH - widths[0]), NOTE)
    paper.pdf.set_y(y + height)


def _cells(
    paper: Paper,
    grid: Grid,
    cells: Sequence[list[str]],
    widths: Sequence[float],
    ink: Ink,
) -> None:
    """Write the cells of a row beside each other; numbers to the right."""
    x, y = MARGIN, paper.y + 0.4
    for column, (lines, width) in enumerate(zip(cells, widths, strict=True)):
        side = Ink(ink.size, ink.style, "R" if column in grid.right else "L", ink.grey)
        paper.lines(lines, (x, y, width), side)
        x += width
