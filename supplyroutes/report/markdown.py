"""Documents in Markdown: plain text and tables, and figures told in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from supplyroutes.catalogue import Words, words
from supplyroutes.names import printable
from supplyroutes.report.blocks import Blanks, Block, Document, Facts, Grid, Picture

_SPECIAL = re.compile(r"[\\`*_{}\[\]<>#|~$!&]|:(?=//)|(?<=www)\.")
"""What Markdown reads as markup; the last two make bare addresses into links."""
_BLANKS = re.compile(r"[^\S\u00a0\u202f]+")
"""Blanks and line breaks; no-break spaces are none of them."""
_BLANK = "\\_" * 24


def document_markdown(document: Document) -> str:
    """Return a document as Markdown; the same document gives the same text.

    Figures are told in words, with their numbers as a table where no table beside them has these:
    the text is one file.
    """
    say = words(document.lang)
    parts = [f"# {plain(document.title)}", f"**{plain(document.subtitle)}**"]
    for chapter in document.chapters:
        parts.append(f"## {plain(chapter.title)}")
        for block in chapter.blocks:
            parts += _picture(block, say) if isinstance(block, Picture) else blocks(block)
            if not isinstance(block, Blanks) and block.origin:
                parts.append(f"*{plain(say('report.origin', table=block.origin))}*")
    return "\n\n".join([*parts, "---", f"*{plain(document.footer)}*"]) + "\n"


def blocks(block: Block) -> Iterator[str]:
    """Yield a block as paragraphs."""
    if isinstance(block, Facts):
        yield "\n".join(f"- **{plain(label)}** {plain(text)}" for label, text in block.rows)
    elif isinstance(block, Blanks):
        yield "\n".join(f"- {plain(label)} {_BLANK}" for label in block.labels)
    elif isinstance(block, Grid):
        noted = any(row.note for row in block.rows)
        head = [*block.head, block.note_head] if noted else block.head
        yield table(head, [[*row.cells, row.note] if noted else row.cells for row in block.rows])
    elif block.rows:
        mark = "**" if block.strong else ""
        yield "\n".join(f"- {mark}{plain(line)}{mark}" for line in block.rows)


def _picture(picture: Picture, say: Words) -> Iterator[str]:
    """Yield a figure in words, and its numbers."""
    yield f"**{plain(say('report.figure', caption=picture.caption))}** {plain(picture.alt)}"
    if picture.numbers is not None:
        yield from blocks(picture.numbers)


def plain(text: object) -> str:
    """Return text as Markdown that shows just that text: no markup, no line break."""
    return _SPECIAL.sub(r"\\\g<0>", one_line(text))


def one_line(text: object) -> str:
    """Return text on one line, without hidden characters."""
    return printable(_BLANKS.sub(" ", str(text)).strip(" "))


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table of plain text."""
    lines = [[plain(cell) for cell in head], ["---"] * len(head)]
    body = [[plain(cell) for cell in row] for row in rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in [*lines, *body])
