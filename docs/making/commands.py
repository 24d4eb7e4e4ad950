"""What each command says of itself, from the command line's own ``--help``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from supplyroutes.cli import commands as ours

WIDTH = 90


def commands() -> str:
    """Return the Markdown that shows the help of every command, each under its name."""
    parts = []
    for command, context in _with_contexts(ours, None, "supplyroutes"):
        name = context.command_path
        text = command.get_help(context)
        parts.append(f"## {name}\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def _with_contexts(
    command: click.Command, parent: click.Context | None, name: str
) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield a command and those below it, each with the context that it is called in."""
    context = click.Context(command, parent, name, terminal_width=WIDTH, **command.context_settings)
    yield command, context
    if isinstance(command, click.Group):
        for below, found in sorted(command.commands.items()):
            yield from _with_contexts(found, context, below)
