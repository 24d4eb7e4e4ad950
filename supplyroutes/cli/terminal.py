"""Plain lines and tables on a terminal: no markup, no control characters, no colour in a pipe."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from textwrap import wrap
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from supplyroutes.names import printable

WIDTH_WITHOUT_TERMINAL = 120
WIDE = 100
"""Columns of a screen that has room for every column of the towns."""
COLOURS = {
    "open": "green",
    "supplied": "green",
    "unknown": "bright_black",
    "not_on_network": "bright_black",
    "unfit": "bright_black",
    "restricted": "yellow",
    "escorted": "cyan",
    "strained": "yellow",
    "refused": "magenta",
    "closed": "bold red",
    "isolated": "bold red",
}


class _Console(Console):
    """A console that leaves a reader who has left to the command line."""

    def on_broken_pipe(self) -> None:
        """Raise what rich would turn into exit code 1: `head` leaving is no error."""
        raise BrokenPipeError


def console() -> Console:
    """Return the console: plain text of fixed width where there is no terminal."""
    width = None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL
    return _Console(width=width, highlight=False, markup=False, emoji=False, soft_wrap=False)


def line(out: Console, text: str, *, style: str = "") -> None:
    """Print plain text: no markup, no control characters; what is indented stays so.

    Breaks at plain spaces only: a no-break space inside a number or before a colon holds.
    """
    told = printable(text)
    indent = " " * (len(told) - len(told.lstrip(" ")))
    lines = wrap(
        told,
        out.width,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
    )
    for line in lines or [""]:
        out.print(Text(line, style=style))


def table(
    out: Console,
    head: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[int] = (),
    folding: Sequence[int] = (),
) -> None:
    """Print a table of plain cells; long cells of the `folding` columns go on in the next line."""
    from rich.box import SIMPLE_HEAD

    made = Table(
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        header_style="bold",
        show_edge=False,
    )
    for place, name in enumerate(head):
        side: Literal["left", "right"] = "right" if place in right else "left"
        made.add_column(
            Text(name),
            justify=side,
            no_wrap=place not in folding,
            overflow="ellipsis",
        )
    for row in rows:
        made.add_row(
            *(cell if isinstance(cell, Text) else Text(printable(str(cell))) for cell in row)
        )
    out.print(made)
