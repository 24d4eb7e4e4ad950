"""Documents as blocks of plain text and figures: what every format of a report is made of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and what it says."""

    rows: tuple[tuple[str, str], ...]
    origin: str = ""


@dataclass(frozen=True)
class Lines:
    """Lines of text, one below the other; `strong` ones are to be read first.

    `origin` is the name of the result table that its numbers are from; see `report.tables`.
    """

    rows: tuple[str, ...]
    strong: bool = False
    origin: str = ""


@dataclass(frozen=True)
class Row:
    """A row of a grid, with a note below it; `marked` rows stand out."""

    cells: tuple[str, ...]
    note: str = ""
    marked: bool = False


@dataclass(frozen=True)
class Grid:
    """A table; `widths` are the parts of a page's width, `right` the columns of numbers."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    widths: tuple[float, ...]
    note_head: str = ""
    right: frozenset[int] = frozenset()
    origin: str = ""


@dataclass(frozen=True)
class Picture:
    """A figure: what it shows in words (for who cannot see it), and how to draw it.

    `draw` makes a new figure; `origin` is the result table that it shows. `wide` ones fill the
    width of a page. `numbers` are what it shows as a table, where no table beside it has them.
    """

    name: str
    caption: str
    alt: str
    draw: Callable[[], Figure]
    origin: str = ""
    wide: bool = True
    numbers: Grid | None = None


@dataclass(frozen=True)
class Blanks:
    """Labels with room to write by hand."""

    labels: tuple[str, ...]


Block = Facts | Lines | Grid | Blanks


@dataclass(frozen=True)
class Section:
    """Blocks under a heading; the first section of a sheet has none."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Chapter:
    """Blocks and figures under a heading of a document; `key` names it in links."""

    key: str
    title: str
    blocks: tuple[Block | Picture, ...]


@dataclass(frozen=True)
class Document:
    """A report in one language: title, what stands on every page, and its chapters.

    The first chapter is the headline.
    """

    lang: str
    title: str
    subtitle: str
    footer: str
    chapters: tuple[Chapter, ...]


@dataclass(frozen=True)
class Sheet:
    """A sheet in one language: what stands on every page, and its sections."""

    lang: str
    title: str
    subtitle: str
    banner: str
    dated: str
    rules: str
    footer: str
    sections: tuple[Section, ...]
