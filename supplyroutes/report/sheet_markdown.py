"""A sheet in Markdown."""

from __future__ import annotations

from collections.abc import Iterator

from supplyroutes.report.blocks import Blanks, Block, Facts, Grid, Sheet
from supplyroutes.report.markdown import plain, table

BLANK = "\\_" * 24


def sheet_markdown(sheet: Sheet) -> str:
    """Return a sheet as Markdown; the same sheet gives the same text."""
    parts = [
        f"> **{plain(sheet.banner)}** {plain(sheet.dated)}. {plain(sheet.rules)}",
        f"# {plain(sheet.title)}",
        f"**{plain(sheet.subtitle)}**",
    ]
    for section in sheet.sections:
        parts += [f"## {plain(section.title)}"] if section.title else []
        for block in section.blocks:
            parts += _block(block)
    return "\n\n".join([*parts, "---", f"*{plain(sheet.footer)}*"]) + "\n"


def _block(block: Block) -> Iterator[str]:
    """Yield a block as paragraphs."""
    if isinstance(block, Facts):
        yield "\n".join(f"- **{plain(label)}** {plain(text)}" for label, text in block.rows)
    elif isinstance(block, Blanks):
        yield "\n".join(f"- {plain(label)} {BLANK}" for label in block.labels)
    elif isinstance(block, Grid):
        noted = any(row.note for row in block.rows)
        head = [*block.head, block.note_head] if noted else block.head
        yield table(head, [[*row.cells, row.note] if noted else row.cells for row in block.rows])
    elif block.rows:
        mark = "**" if block.strong else ""
        yield "\n".join(f"- {mark}{plain(line)}{mark}" for line in block.rows)
