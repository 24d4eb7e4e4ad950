"""The command line: each command reads, makes one public call, and writes.

Exit codes: 0 done, 1 internal error, 2 wrong use, 3 bad input, 4 a ``--fail-if`` condition
holds, 5 output cannot be written, 130 interrupted. Messages go to stderr, answers to stdout.
"""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import TextIOWrapper
from typing import Any, TextIO

import click

from supplyroutes import __version__
from supplyroutes.cli import (
    animating,
    answers,
    backtesting,
    cases,
    comparing,
    convoying,
    files,
    flowing,
    planning,
    ranking,
    reopening,
    reporting,
    risking,
    route_sheet,
    routes,
    scenarios,
    stocking,
    worst,
)
from supplyroutes.cli.choosing import BAD_INPUT, DONE, INTERRUPTED, NO_OUTPUT, WRONG_USE
from supplyroutes.errors import DataError, OutputError, SupplyroutesError, SupplyroutesWarning
from supplyroutes.names import printable


class _ReaderLeftError(Exception):
    """Whoever read the output has left."""


@contextmanager
def _reader_may_leave() -> Iterator[None]:
    """Raise an error of our own for a broken pipe: click would leave with code 1."""
    try:
        yield
    except BrokenPipeError as error:
        raise _ReaderLeftError from error


class _Commands(click.Group):
    """A group of commands that tells a reader who has left from an error."""

    def make_context(self, *given: Any, **options: Any) -> click.Context:
        """Read the command line; ``--help`` prints here."""
        with _reader_may_leave():
            return super().make_context(*given, **options)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with _reader_may_leave():
            return super().invoke(ctx)


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="supplyroutes %(version)s")
def commands() -> None:
    """How blockades disrupt supply routes: who is cut off, since when, and by what.

    For protection, relief and planning. Works offline on bundled cases and on your own
    folder of CSV tables. Begin with: supplyroutes run --case mali --date 2025-10-15
    """


_PARTS = (
    answers,
    flowing,
    stocking,
    routes,
    route_sheet,
    comparing,
    files,
    reporting,
    scenarios,
    cases,
    backtesting,
    planning,
    risking,
    ranking,
    reopening,
    worst,
    convoying,
    animating,
)

for command in (command for part in _PARTS for command in part.COMMANDS):
    commands.add_command(command)


def main() -> None:
    """Run the command line, and leave with the exit code of what happened."""
    _open_streams()
    code = run_commands(sys.argv[1:])
    _let_go_of_streams()
    sys.exit(code)


def _open_streams() -> None:
    """See to it that answers and messages can be written: the same bytes on every machine.

    Both streams are UTF-8, whatever the terminal is set to. A stream that was closed is None in
    Python: its number is taken, lest the next file that is opened get it. What is written to a
    closed standard output fails like any output that cannot be written; messages are dropped.
    """
    if sys.stdout is None:
        sys.stdout = _stand_in(os.O_RDONLY)
    if sys.stderr is None:
        sys.stderr = _stand_in(os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _let_go_of_streams() -> None:
    """Drop what could not be written: Python would try again at the end, and change the code."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _stand_in(access: int) -> TextIO:
    """Return the null device, opened for text; without the right to write, a write fails."""
    return open(os.open(os.devnull, access), "w", encoding="utf-8", closefd=False)


def run_commands(arguments: list[str]) -> int:
    """Run one command line; return its exit code."""
    try:
        with warnings.catch_warnings():
            warnings.showwarning = _Notes()
            warnings.simplefilter("always", SupplyroutesWarning)
            code = commands.main(arguments, prog_name="supplyroutes", standalone_mode=False)
            sys.stdout.flush()
            return int(code or DONE)
    except (BrokenPipeError, _ReaderLeftError):
        return DONE  # the reader (head, less) has left: nothing is wrong
    except (click.ClickException, click.exceptions.Abort, SupplyroutesError, OSError) as error:
        return _explain(error)


def _explain(error: BaseException) -> int:
    """Say on stderr what stopped a command; return the exit code for it."""
    if isinstance(error, click.exceptions.Abort):
        return _tell("interrupted", INTERRUPTED)
    if isinstance(error, click.ClickException):
        with suppress(BrokenPipeError):
            error.show()
        return WRONG_USE
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
    with suppress(BrokenPipeError):  # the code tells the same
        for line in message.splitlines():
            click.echo(printable(line), err=True)
    return code


class _Notes:
    """Prints each warning as one line on stderr, and no line twice."""

    def __init__(self) -> None:
        self._told: set[str] = set()

    def __call__(self, message: Warning | str, *_where: object, **_more: object) -> None:
        """Print a warning, wherever it comes from."""
        text = str(message)
        if text not in self._told:
            self._told.add(text)
            _tell(f"note: {text}", DONE)
