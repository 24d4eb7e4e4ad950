"""Pages that stand elsewhere in the checkout, and links to them."""

from __future__ import annotations

import re
from os.path import relpath
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SHOWN = {
    "CHANGELOG.md": "changelog",
    "CONTRIBUTING.md": "contributing",
    "data/mali/README.md": "data",
}
"""Pages of the checkout that a page of the site shows."""
LINK = re.compile(r"\]\((?!\w+:|#)(?P<target>[^)#\s]+)")


def page(name: str) -> str:
    """Return the text below the title of a page; its links lead where they led.

    The page that shows it stands at the top of ``docs/``.
    """
    path = ROOT / name
    _title, text = path.read_text(encoding="utf-8").split("\n", 1)

    def led(link: re.Match[str]) -> str:
        return f"]({relpath(path.parent / link['target'], DOCS)}"

    return LINK.sub(led, text)


def linked(docname: str, text: str) -> str:
    """Return a page whose links to Markdown outside ``docs/`` lead to a page or to the file.

    Sphinx takes a link to any Markdown for one to a page of its own.
    """
    folder = (DOCS / docname).parent

    def led(link: re.Match[str]) -> str:
        target = link["target"]
        goal = (folder / target).resolve()
        if goal.suffix != ".md" or goal.is_relative_to(DOCS):
            return link[0]
        shown = SHOWN.get(str(goal.relative_to(ROOT)), docname)
        if shown == docname:
            return f"](path:{target}"
        return f"]({relpath(DOCS / shown, folder)}.md"

    return LINK.sub(led, text)
