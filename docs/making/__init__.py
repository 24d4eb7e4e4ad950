"""What the site shows that is not written by hand.

A page asks for it by a comment, which a plain code host does not show:

======================================  ==================================================
comment                                 what takes its place
======================================  ==================================================
``<!-- made: gallery -->``              every public figure, drawn by the code beside it
``<!-- made: commands -->``             what each command says of itself
``<!-- made: tables -->``               the columns of every table, from ``supplyroutes/schema/``
``<!-- made: api GROUP -->``            the entries of a group of public names
``<!-- screen -->``                     what the commands of the block above print
``<!-- screen: 20 -->``                 the first twenty lines of it
======================================  ==================================================
"""

from __future__ import annotations

import re
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import TYPE_CHECKING

from making import api, commands, gallery, mathml, screens, tables

if TYPE_CHECKING:
    from sphinx.application import Sphinx

ROOT = Path(__file__).parents[2]
MADE = re.compile(r"<!-- made: (?P<name>\w+) ?(?P<option>\w*) -->\n")
SCREEN = re.compile(
    r"(?P<block>```sh\n(?P<commands>.*?)```\n)\n?<!-- screen(: (?P<most>\d+))? -->\n", re.DOTALL
)


def filled(app: Sphinx, text: str) -> str:
    """Return a page with what its comments ask for; its commands run in a folder of its own."""

    def made(asked: re.Match[str]) -> str:
        if asked["name"] == "gallery":
            return gallery.gallery(app.outdir)
        if asked["name"] == "api":
            return api.entries(asked["option"])
        return {"commands": commands.commands, "tables": tables.tables}[asked["name"]]()

    def screen(asked: re.Match[str]) -> str:
        most = int(asked["most"]) if asked["most"] else None
        return f"{asked['block']}\n{screens.screen(asked['commands'], most)}"

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        Path("data").symlink_to(ROOT / "data")
        return SCREEN.sub(screen, MADE.sub(made, text))


def _fill(app: Sphinx, _docname: str, source: list[str]) -> None:
    """Fill a page as it is read."""
    if "<!-- made:" in source[0] or "<!-- screen" in source[0]:
        source[0] = filled(app, source[0])


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx what is made here."""
    app.connect("source-read", _fill)
    mathml.setup(app)
    return {"parallel_read_safe": False, "parallel_write_safe": True}
