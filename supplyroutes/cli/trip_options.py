"""Options that the commands on ways share: what a trip passes, avoids and accepts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import click

ACCEPTS = ("unknown", "restricted", "escorted", "refused")
_Command = TypeVar("_Command", bound=Callable[..., Any])


def trip_options(command: _Command) -> _Command:
    """Give a command the options --via, --avoid and --accepts."""
    options = (
        click.option("--via", multiple=True, metavar="TOWN", help="Pass this town; several in this order."),  # noqa: E501
        click.option("--avoid", multiple=True, metavar="TOWN|ROAD", help="Do not use this town or road; may be repeated."),  # noqa: E501
        click.option("--accepts", type=click.Choice(ACCEPTS), default="refused", show_default=True, help="Worst road that a truck takes; unknown: free roads only."),  # noqa: E501
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command
