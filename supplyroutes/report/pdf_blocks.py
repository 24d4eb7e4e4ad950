"""Blocks on the paper of a PDF: facts, lines, tables and blanks, as small or as large as asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import sqrt

from supplyroutes.report.blocks import Blanks, Block, Facts, Grid, Lines, Row
from supplyroutes.report.pdf_paper import Ink, Paper, Shade

BLANK_HEIGHT = 8.0
GAP = 0.4
"""Room between columns that fit what they hold, in mm."""
WORD, SHORT = 0.3, 0.12
"""Parts of a table's width: what a word may claim for its column, and what is lacked easily."""


@dataclass(frozen=True)
class Setting:
    """How large blocks are set, and in which shades.

    Attributes
    ----------
    body, bold, cell, head, note
        The inks of text, of labels and strong lines, of the cells and heads of tables, and of
        notes.
    label
        Width of the labels of facts, in mm.
    most_lines, most_head_lines
        Lines of a cell and of a head, at most: what is longer ends in dots, and stands whole in
        other formats.
    pad
        Room above and below the text of a cell, in mm.
    head_shade, mark_shade
        Behind heads, and behind rows that stand out.
    fitted
        Whether the columns of tables fit what stands in them, or are as wide as the grid says.
    """

    body: Ink
    bold: Ink
    cell: Ink
    head: Ink
    note: Ink
    label: float = 30.0
    most_lines: int = 12
    most_head_lines: int = 2
    pad: float = 0.4
    head_shade: Shade = 60
    mark_shade: Shade = 228
    fitted: bool = False


def write_block(paper: Paper, block: Block, setting: Setting) -> None:
    """Write a block where the paper has been reached, and on the next pages if need be."""
    if isinstance(block, Facts):
        _facts(paper, block, setting)
    elif isinstance(block, Grid):
        _Table(paper, block, setting).write()
    elif isinstance(block, Blanks):
        _blanks(paper, block, setting)
    else:
        _lines(paper, block, setting)


def _facts(paper: Paper, block: Facts, setting: Setting) -> None:
    """Write labels with what they say beside them."""
    left, beside = paper.margin, paper.width - setting.label
    for label, text in block.rows:
        labels = paper.wrapped(label, setting.label, setting.bold, setting.most_lines)
        texts = paper.wrapped(text, beside, setting.body, setting.most_lines)
        height = setting.body.height * max(len(labels), len(texts)) + setting.pad
        paper.room(height)
        y = paper.y
        paper.lines(labels, (left, y, setting.label), setting.bold)
        paper.lines(texts, (left + setting.label, y, beside), setting.body)
        paper.pdf.set_y(y + height)


def _lines(paper: Paper, block: Lines, setting: Setting) -> None:
    """Write lines: strong ones bold and behind a mark, others small."""
    for line in block.rows:
        paper.down(0.6)
        if block.strong:
            paper.write(f"\N{BLACK RIGHT-POINTING TRIANGLE} {line}", setting.bold)
        else:
            paper.write(line, setting.note)
    paper.down(0.8)


def _blanks(paper: Paper, block: Blanks, setting: Setting) -> None:
    """Write labels, each with a line to write on."""
    width = paper.width / 3
    for label in block.labels:
        paper.room(BLANK_HEIGHT)
        y = paper.y
        text = paper.wrapped(label, width, setting.body, 1)
        paper.lines(text, (paper.margin, y + BLANK_HEIGHT - 4, width), setting.body)
        paper.rule(y + BLANK_HEIGHT, width, shade=0)
        paper.pdf.set_y(y + BLANK_HEIGHT)


# --- tables -------------------------------------------------------------------------------


class _Table:
    """A table on paper: its head stands above it on every page, and no row is torn."""

    def __init__(self, paper: Paper, grid: Grid, setting: Setting) -> None:
        self.paper = paper
        self.grid = grid
        self.setting = setting
        self.widths = column_widths(paper, grid, setting)
        self.heads = self._wrapped(grid.head, setting.head, setting.most_head_lines)

    def write(self) -> None:
        """Write head and rows."""
        paper, setting = self.paper, self.setting
        head_height = self._height(self.heads, setting.head) + 2 * setting.pad
        started = False
        for row in self.grid.rows:
            cells = self._wrapped(row.cells, setting.cell, setting.most_lines)
            notes = self._notes(row)
            height = self._height(cells, setting.cell) + len(notes) * setting.note.height
            height += 2 * setting.pad
            new_page = paper.room(height if started else height + head_height)
            if new_page or not started:
                self._head(head_height)
                started = True
            self._row(row, cells, notes, height)
        paper.rule(paper.y, shade=0)
        paper.down(0.4)

    def _wrapped(self, texts: Sequence[str], ink: Ink, most: int) -> list[list[str]]:
        """Return the lines of each cell of a row."""
        return [
            self.paper.wrapped(text, width, ink, most)
            for text, width in zip(texts, self.widths, strict=True)
        ]

    def _notes(self, row: Row) -> list[str]:
        """Return the lines of the note below a row."""
        setting, width = self.setting, self.paper.width - self.widths[0]
        return self.paper.wrapped(row.note, width, setting.note, setting.most_lines) if row.note else []  # fmt: skip  # noqa: E501

    @staticmethod
    def _height(cells: Sequence[Sequence[str]], ink: Ink) -> float:
        """Return the height of the tallest cell, in mm."""
        return max(len(lines) for lines in cells) * ink.height

    def _head(self, height: float) -> None:
        """Write the heads, light on dark."""
        y = self.paper.y
        self.paper.band(y, height, self.setting.head_shade)
        self._cells(self.heads, self.setting.head)
        self.paper.pdf.set_y(y + height)

    def _row(self, row: Row, cells: list[list[str]], notes: list[str], height: float) -> None:
        """Write a row: its cells, and its note below them."""
        paper, setting = self.paper, self.setting
        y = paper.y
        if row.marked:
            paper.band(y, height, setting.mark_shade)
        paper.rule(y)
        self._cells(cells, setting.cell)
        below = y + setting.pad + self._height(cells, setting.cell)
        left = self.widths[0]
        paper.lines(notes, (paper.margin + left, below, paper.width - left), setting.note)
        paper.pdf.set_y(y + height)

    def _cells(self, cells: Sequence[list[str]], ink: Ink) -> None:
        """Write the cells of a row beside each other; numbers to the right."""
        x, y = self.paper.margin, self.paper.y + self.setting.pad
        for column, (lines, width) in enumerate(zip(cells, self.widths, strict=True)):
            side = replace(ink, align="R") if column in self.grid.right else ink
            self.paper.lines(lines, (x, y, width), side)
            x += width


def column_widths(paper: Paper, grid: Grid, setting: Setting) -> list[float]:
    """Return the widths of columns in mm: as the grid shares them, or fitted to what they hold.

    Fitted, no column is narrower than its longest word (up to `WORD` of the table); columns that
    lack little to stand on one line (up to `SHORT` of the table) get it; what is left is shared in
    proportion to what the texts of the others lack, as the root of their squares: the longest ones
    make rows tall.
    """
    unit = paper.width / sum(grid.widths)
    if not setting.fitted:
        return [unit * width for width in grid.widths]
    least, lacked, heavy = [], [], []
    for column, head in enumerate(grid.head):
        word, _ = paper.widths_of([head], setting.head)
        sizes = [paper.widths_of([row.cells[column]], setting.cell) for row in grid.rows]
        words, texts = [size[0] for size in sizes], [size[1] for size in sizes]
        low = min(max([word, *words]) + GAP, WORD * paper.width)
        least.append(low)
        lacked.append(max([0.0, *(text + GAP - low for text in texts)]))
        heavy.append(sqrt(sum(max(text - low, 0.0) ** 2 for text in texts)))
    spare = paper.width - sum(least)
    if spare <= 0:
        return [width * paper.width / sum(least) for width in least]
    given = [0.0] * len(least)
    for column in sorted(range(len(least)), key=lambda place: lacked[place]):
        if lacked[column] <= min(SHORT * paper.width, spare):
            given[column] = lacked[column]
            spare -= lacked[column]
    parts = [0.0 if more else part for more, part in zip(given, heavy, strict=True)]
    if not any(parts):
        parts = list(grid.widths)
    whole = sum(parts)
    return [
        low + more + spare * part / whole
        for low, more, part in zip(least, given, parts, strict=True)
    ]
