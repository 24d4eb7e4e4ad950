"""Commands that write a file for people: map."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from supplyroutes.cli.choosing import Choice, case_options, language_option

_OUTPUT = click.Path(path_type=Path, dir_okay=False)


@click.command("map")
@case_options
@click.option("-o", "--output", type=_OUTPUT, required=True, help="The .png, .svg or .pdf file.")
@language_option
def draw_map(*, choice: Choice, output: Path, lang: str) -> None:
    """Draw roads and towns by state on a map."""
    from supplyroutes.plot import network_map
    from supplyroutes.plot.saving import save_figure

    now = choice.situation()
    save_figure(network_map(now.day, now.isolation, lang=lang), output)
    click.echo(f"written: {output}", err=True)


COMMANDS: tuple[Any, ...] = (draw_map,)
