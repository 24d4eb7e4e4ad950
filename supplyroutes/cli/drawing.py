"""Figures that a command writes beside its answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FIGURE = click.Path(path_type=Path, dir_okay=False)
"""The type of an option that names the file of a figure."""


def check_figures(*paths: Path | None) -> None:
    """Refuse files that could not be figures: before the work, not after it."""
    if any(path is not None for path in paths):
        from supplyroutes.plot.saving import checked_ending

        for path in paths:
            if path is not None:
                checked_ending(path)


def write_figures(wanted: Iterable[tuple[Path | None, Callable[[], Axes | Figure]]]) -> None:
    """Draw and write the figures that have a file, and say so."""
    for path, draw in wanted:
        if path is not None:
            from supplyroutes.plot.saving import save_figure

            save_figure(draw(), path)
            click.echo(f"written: {path}", err=True)
