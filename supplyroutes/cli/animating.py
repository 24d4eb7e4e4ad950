"""The command `animate`: a film of days, as a GIF, an MP4 or a page that plays by itself."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import click

from supplyroutes.cli.choosing import Choice, Day, case_options, language_option
from supplyroutes.cli.progress import told_progress
from supplyroutes.cli.spans import days_of

SPEED = 4.0
"""Days a second if nothing is said."""


@click.command()
@case_options
@click.option("--from", "start", type=Day(), required=True, help="First day.")
@click.option("--to", "end", type=Day(), required=True, help="Last day.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The .gif, .html or .mp4 file; .mp4 needs the program ffmpeg.",
)
@click.option("--speed", type=float, default=SPEED, show_default=True, help="Days a second.")
@language_option
def animate(
    *, choice: Choice, start: date, end: date, output: Path, speed: float, lang: str
) -> None:
    """Write a film of the days: roads and towns by state on a map, a picture a day."""
    from supplyroutes.plot.animation import checked_film, save_animation

    checked_film(output)  # before the work
    days = days_of(choice, start, end)
    with told_progress(lang, "animation.progress") as progress:
        save_animation(days, output, lang=lang, frames_per_s=speed, progress=progress)
    click.echo(f"written: {output}", err=True)


COMMANDS: tuple[Any, ...] = (animate,)
