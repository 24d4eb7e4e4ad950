"""What commands print, from the commands themselves."""

from __future__ import annotations

import io
import shlex
from contextlib import redirect_stderr, redirect_stdout

from supplyroutes.cli import run_commands


def output(command: str, code: int) -> str:
    """Return what a supplyroutes command prints where output is no terminal: 120 columns.

    Messages are left out, as they are where only the answer is kept, unless it is to fail.
    """
    answer, messages = io.StringIO(), io.StringIO()
    name, *arguments = shlex.split(command, comments=True)
    if name != "supplyroutes":
        raise ValueError(f"not a command of ours: {command}")
    with redirect_stdout(answer), redirect_stderr(messages):
        ended = run_commands(arguments)
    if ended != code:
        raise ValueError(f"{command} ended with code {ended}: {messages.getvalue()}")
    return answer.getvalue() + (messages.getvalue() if code else "")


def screen(block: str, most: int, code: int) -> str:
    """Return the Markdown of what commands print; at most so many lines, if that is not 0."""
    commands = block.replace("\\\n", " ").splitlines()
    text = "".join(output(command, code) for command in commands if command.strip())
    lines = [line.rstrip() for line in text.splitlines()]
    if 0 < most < len(lines):
        lines = ["\n".join(lines[:most]).rstrip(), "..."]
    return "\n".join(["```text", *lines, "```", ""])
