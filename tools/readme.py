"""Put the real output of commands into README.md, so that what it shows is true.

A block that follows ``<!-- output: COMMAND -->`` is replaced by what the command prints.

    python tools/readme.py           rewrite README.md
    python tools/readme.py --check   exit 1 if it differs
"""

from __future__ import annotations

import io
import re
import shlex
import sys
from contextlib import redirect_stdout
from pathlib import Path

from supplyroutes.cli import run_commands
from supplyroutes.files import write_whole

README = Path(__file__).parents[1] / "README.md"
_BLOCK = re.compile(
    r"(<!-- output: supplyroutes (?P<command>.+?) -->\n```text\n)(.*?)(```\n)", re.S
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
    return 0


if __name__ == "__main__":
    sys.exit(main())
