"""Put the real output of commands into README.md, so that what it shows is true.

A block that follows ``<!-- output: COMMAND -->`` is replaced by what the command prints.

    python tools/readme.py           rewrite README.md and draw its picture
    python tools/readme.py --check   exit 1 if it differs
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PIL import Image

import supplyroutes as sr
from supplyroutes.cli import run_commands
from supplyroutes.files import write_whole

if TYPE_CHECKING:
    from matplotlib.figure import Figure

PICTURE = Path(__file__).parents[1] / "docs" / "mali_2025-10-15.png"
README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(
    r"(<!-- output: supplyroutes (?P<command>.+?) -->\n```text\n)(.*?)(```\n)", re.DOTALL
)


def output(command: str) -> str:
    """Return what a supplyroutes command prints, without blanks at the ends of lines."""
    stream = io.StringIO()
    with redirect_stdout(stream):
        code = run_commands(shlex.split(command))
    if code:
        raise SystemExit(f"supplyroutes {command} ended with code {code}")
    return "".join(f"{line.rstrip()}\n" for line in stream.getvalue().splitlines())


def renewed(text: str) -> str:
    """Return the README with the output of today in its blocks."""
    return _BLOCK.sub(lambda block: block[1] + output(block["command"]) + block[4], text)


def draw() -> None:
    """Draw the picture of the README, small enough for a page."""
    network, events = sr.datasets.mali()
    axes = sr.plot.network_map(sr.disrupt(network, events, at="2025-10-15"))
    stream = io.BytesIO()
    cast("Figure", axes.figure).savefig(stream, format="png", dpi=100)
    small = io.BytesIO()
    Image.open(stream).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE).save(
        small, format="png", optimize=True
    )
    write_whole(PICTURE, small.getvalue())


def main() -> int:
    """Rewrite the README, or check it."""
    old = README.read_text(encoding="utf-8")
    new = renewed(old)
    if "--check" in sys.argv[1:]:
        if new != old:
            sys.stderr.write("README.md shows old output: run python tools/readme.py\n")
            return 1
        return 0
    write_whole(README, new)
    draw()
    return 0


if __name__ == "__main__":
    sys.exit(main())
