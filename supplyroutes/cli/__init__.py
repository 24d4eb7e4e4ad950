"""The command line: each command reads, makes one public call, and writes.

Exit codes: 0 done, 1 internal error, 2 wrong use, 3 bad input, 4 a ``--fail-if`` condition
holds, 5 output cannot be written, 130 interrupted. Messages go to stderr, answers to stdout.
"""

from __future__ import annotations

import os
import sys
import warnings
from typing import TextIO

import click

from supplyroutes import __version__
from supplyroutes.cli import answers, cases, comparing, files, route_sheet, routes
from supplyroutes.cli.choosing import BAD_INPUT, DONE, NO_OUTPUT, WRONG_USE
from supplyroutes.errors import DataError, OutputError, SupplyroutesError, SupplyroutesWarning
from supplyroutes.names import printable

INTERRUPTED = 130


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, message="supplyroutes %(version)s")
def commands() -> None:
    """How blockades disrupt supply routes: who is cut off, since when, and by what.

    For protection, relief and planning. Works offline on bundled cases and on your own
    folder of CSV tables. Begin with: supplyroutes run --case mali --date 2025-10-15
    """


_PARTS = (answers, routes, route_sheet, comparing, files, cases)

for command in (command for part in _PARTS for command in part.COMMANDS):
    commands.add_command(command)


def main() -> None:
    """Run the command line, and leave with the exit code of what happened."""
    sys.exit(run_commands(sys.argv[1:]))


def run_commands(arguments: list[str]) -> int:
    """Run one command line; return its exit code."""
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _show_warning
            warnings.simplefilter("always", SupplyroutesWarning)
            code = commands.main(arguments, prog_name="supplyroutes", standalone_mode=False)
            sys.stdout.flush()
            return int(code or DONE)
    except (click.ClickException, click.exceptions.Abort, SupplyroutesError, OSError) as error:
        return _explain(error)


def _explain(error: BaseException) -> int:
    """Say on stderr what stopped a command; return the exit code for it."""
    if isinstance(error, click.exceptions.Abort):
        return _tell("interrupted", INTERRUPTED)
    if isinstance(error, click.ClickException):
        error.show()
        return WRONG_USE
    if isinstance(error, BrokenPipeError):
        # The reader (head, less) has left: nothing is wrong, and nothing more is to be said.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    if isinstance(error, OSError) and not isinstance(error, OutputError):
        return _tell(*_of_the_system(error))
    codes = {DataError: BAD_INPUT, OutputError: NO_OUTPUT}
    return _tell(str(error), codes.get(type(error), WRONG_USE))


def _of_the_system(error: OSError) -> tuple[str, int]:
    """Return message and exit code for an error of the operating system.

    Files are written by `write_whole`, whose errors are `OutputError`: an error that names a
    file was met in reading it. One that names none was met in printing.
    """
    reason = error.strerror or str(error)
    if error.filename is not None:
        return f"{error.filename}: cannot be read: {reason}", BAD_INPUT
    return f"cannot write the output: {reason}", NO_OUTPUT


def _tell(message: str, code: int) -> int:
    """Print a message on stderr, with nothing in it that could move the cursor."""
    for line in message.splitlines():
        click.echo(printable(line), err=True)
    return code


def _show_warning(
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001 (the form that Python asks for)
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Print a warning as one line on stderr."""
    _tell(f"note: {message}", DONE)
