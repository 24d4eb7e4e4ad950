"""Commands that write a file for people: map, report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    case_options,
    fail_option,
    judged,
    language_option,
    needed_for,
    verdict,
)

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


@click.command()
@case_options
@click.option("-o", "--output", type=_OUTPUT, required=True, help="The .md file.")
@language_option
@fail_option
def report(*, choice: Choice, output: Path, lang: str, fail_if: str | None) -> int:
    """Write a report: a what-if beside the recorded day, in planners' words."""
    from supplyroutes.report.writing import write_report

    results = choice.results(*needed_for(fail_if))
    held = judged(fail_if, results)
    write_report(output, results, lang=lang)
    click.echo(f"written: {output}", err=True)
    return verdict(fail_if, held=held)


COMMANDS: tuple[Any, ...] = (draw_map, report)
