"""A sheet as blocks of plain text: what Markdown and PDF pages are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """Pairs of a label and what it says."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Lines:
    """Lines of text, one below the other; `strong` ones are to be read first."""

    rows: tuple[str, ...]
    strong: bool = False


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
