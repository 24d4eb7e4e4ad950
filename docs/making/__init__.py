"""What the site shows that is not written by hand.

A page asks for it by a comment, which a plain code host does not show:

======================================  ==========================================================
comment                                 what takes its place
======================================  ==========================================================
``<!-- made: gallery -->``              every public figure, drawn by the code beside it
``<!-- made: commands -->``             what each command says of itself
``<!-- made: tables -->``               the columns of every table, from ``supplyroutes/schema/``
``<!-- made: api GROUP -->``            the entries of a group of public names
``<!-- made: page FILE -->``            the text of a page that stands elsewhere in the checkout
``<!-- screen -->``                     what the commands of the block above print
``<!-- screen: 20 -->``                 the first twenty lines of it
``<!-- screen: exit 3 -->``             the same of commands that end so, with what they complain of
======================================  ==========================================================

The commands of a page run in one folder of their own, with a link to ``data/``. The block after
``<!-- file: NAME -->`` is written there first.
"""

from __future__ import annotations

import logging
import re
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from making import api, commands, gallery, mathml, pages, screens, tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ASKED = re.compile(
    r"""
    <!--\ made:\ (?P<made>\w+)\ ?(?P<option>[\w./]*)\ -->\n
    | <!--\ file:\ (?P<file>[\w./]+)\ -->\n (?P<shown>```\w+\n (?P<content>.*?) ```\n)
    | (?P<block>```sh\n (?P<commands>[^`]*?) ```\n) \n?
      <!--\ screen (:\ (?P<most>\d+) | :\ exit\ (?P<code>\d+))? \ -->\n
    """,
    re.DOTALL | re.VERBOSE,
)


def filled(site: Path, text: str) -> str:
    """Return a page with what its comments ask for."""

    def answer(asked: re.Match[str]) -> str:
        if asked["made"]:
            return _made(site, asked["made"], asked["option"])
        if asked["file"]:
            path = Path(asked["file"])
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(asked["content"], encoding="utf-8")
            return asked["shown"]
        most, code = int(asked["most"] or 0), int(asked["code"] or 0)
        return f"{asked['block']}\n{screens.screen(asked['commands'], most, code)}"

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("data").symlink_to(pages.ROOT / "data")
        return ASKED.sub(answer, text)


def _made(site: Path, what: str, option: str) -> str:
    """Return one part that is made."""
    if what == "gallery":
        return gallery.gallery(site)
    if what == "api":
        return api.entries(option)
    if what == "page":
        return pages.page(option)
    return {"commands": commands.commands, "tables": tables.tables}[what]()


def _fill(app: Sphinx, docname: str, source: list[str]) -> None:
    """Fill a page as it is read."""
    if ASKED.search(source[0]):
        source[0] = filled(Path(app.outdir), source[0])
    source[0] = pages.linked(docname, source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx what is made here. Pages run in the folder of the process: not side by side."""
    # The theme's colours set up the root logger on import: what commands log of their progress
    # would stand among the messages of the build.
    logging.getLogger("supplyroutes").propagate = False
    app.connect("source-read", _fill)
    mathml.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
