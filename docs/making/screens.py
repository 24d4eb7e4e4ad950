"""What commands print, from the commands themselves."""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout

from supplyroutes.cli import run_commands


def output(command: str) -> str:
    """Return what a supplyroutes command prints where output is no terminal: 120 columns."""
    answer, notes = io.StringIO(), io.StringIO()
    name, *arguments = shlex.split(command, comments=True)
    if name != "supplyroutes":
        raise ValueError(f"not a command of ours: {command}")
    with redirect_stdout(answer), redirect_stderr(notes):
        code = run_commands(arguments)
    if code:
        raise ValueError(f"{command} ended with code {code}: {notes.getvalue()}")
    return answer.getvalue()


def screen(block: str, most: int | None) -> str:
    """Return the Markdown that shows what the commands of a block print, at most so many lines."""
    commands = block.replace("\\\n", " ").splitlines()
    text = "".join(output(command) for command in commands if command.strip())
    lines = [line.rstrip() for line in text.splitlines()]
    if most is not None and len(lines) > most:
        lines = [*lines[:most], "..."]
    return "\n".join(["```text", *lines, "```", ""])
