"""A sheet in Markdown."""

from __future__ import annotations

from supplyroutes.report.blocks import Sheet
from supplyroutes.report.markdown import blocks, plain


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
            parts += blocks(block)
    return "\n\n".join([*parts, "---", f"*{plain(sheet.footer)}*"]) + "\n"
