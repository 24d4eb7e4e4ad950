"""The command that writes a driver and convoy sheet: route."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    case_options,
    echo_json,
    json_option,
    language_option,
)
from supplyroutes.cli.trip_options import trip_options


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("to", metavar="TO")
@case_options
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The .pdf or .md file; without it the sheet is printed as Markdown.")  # fmt: skip  # noqa: E501
@click.option("--k", "-k", type=click.IntRange(0), default=3, show_default=True, help="How many other ways.")  # fmt: skip  # noqa: E501
@trip_options
@language_option
@json_option
def route(
    *,
    origin: str,
    to: str,
    choice: Choice,
    output: Path | None,
    k: int,
    lang: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Write a driver and convoy sheet: FROM to TO leg by leg, with the last reports.

    Sensitive: it tells where trucks pass. Do not share or publish it. It is dated, no guarantee
    of safety, and for protection and relief planning: call before leaving.
    """
    from supplyroutes.analysis.ways.route import route as route_of
    from supplyroutes.analysis.ways.trips import Trip
    from supplyroutes.disruption import disrupt
    from supplyroutes.report.route_sheet import route_sheet, write_route_sheet
    from supplyroutes.report.sheet_markdown import sheet_markdown
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
    found = route_of(day, events, origin=origin, to=to, k=k, trip=Trip(**asked))
    if output is not None:
        write_route_sheet(output, found, lang=lang)
        click.echo(f"written: {output} (sensitive: do not share or publish)", err=True)
    if as_json:
        echo_json(found.to_dict())
    elif output is None:
        click.echo(sheet_markdown(route_sheet(found, lang=lang)), nl=False)


COMMANDS: tuple[Any, ...] = (route,)
