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

_ACCEPTS = ("unknown", "restricted", "escorted", "refused")


@click.command()
@click.argument("origin", metavar="FROM")
@click.argument("to", metavar="TO")
@case_options
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="The .pdf or .md file; without it the sheet is printed as Markdown.")  # fmt: skip  # noqa: E501
@click.option("--k", "-k", type=click.IntRange(0), default=3, show_default=True, help="How many other ways.")  # fmt: skip  # noqa: E501
@click.option("--via", multiple=True, metavar="TOWN", help="Pass this town; several in this order.")
@click.option("--avoid", multiple=True, metavar="TOWN|ROAD", help="Do not use this town or road; may be repeated.")  # fmt: skip  # noqa: E501
@click.option("--accepts", type=click.Choice(_ACCEPTS), default="refused", show_default=True, help="Worst road that a truck takes; unknown: free roads only.")  # fmt: skip  # noqa: E501
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
    **trip_options: Any,
) -> None:
    """Write a driver and convoy sheet: FROM to TO leg by leg, with the last reports.

    Sensitive: it tells where trucks pass. Do not share or publish it. It is dated, no guarantee
    of safety, and for protection and relief planning: call before leaving.
    """
    from supplyroutes.analysis.route import route as route_of
    from supplyroutes.analysis.trips import Trip
    from supplyroutes.disruption import disrupt
    from supplyroutes.report.route_sheet import route_sheet, write_route_sheet
    from supplyroutes.report.sheet_markdown import sheet_markdown
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
    found = route_of(day, events, origin=origin, to=to, k=k, trip=Trip(**trip_options))
    if output is not None:
        write_route_sheet(output, found, lang=lang)
        click.echo(f"written: {output} (sensitive: do not share or publish)", err=True)
    if as_json:
        echo_json(found.to_dict())
    elif output is None:
        click.echo(sheet_markdown(route_sheet(found, lang=lang)), nl=False)


COMMANDS: tuple[Any, ...] = (route,)
