"""The command `reopen`: which blockade to lift, or which road to reopen, first."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.restoring.lifts import Wish

MEASURES = ("unmet_demand", "isolated_demand", "strained_demand", "people")


@click.command()
@case_options
@click.option(
    "--measure",
    type=click.Choice(MEASURES),
    default="unmet_demand",
    show_default=True,
    help="What is missing: demand that cannot arrive, demand or people of towns cut off, or demand of towns without a free way.",  # noqa: E501
)
@click.option("--roads", is_flag=True, help="Roads to reopen, not reports to lift.")
@click.option("--lift", "lifts", multiple=True, metavar="ID=DAYS", help="Only this report or road, and the days that it takes; may be repeated.")  # fmt: skip  # noqa: E501
@click.option("--top", type=click.IntRange(1), default=12, show_default=True, help="Lines of each table.")  # fmt: skip  # noqa: E501
@click.option("--map", "output", type=click.Path(path_type=Path, dir_okay=False), help="Draw a map too: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def reopen(
    *,
    choice: Choice,
    measure: Any,
    roads: bool,
    lifts: tuple[str, ...],
    top: int,
    output: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show what to lift or reopen first, so that supply comes back soonest."""
    from supplyroutes.analysis.restoring.restoration import restoration
    from supplyroutes.scenario import what_if_case

    wish = _wish(lifts, roads=roads)
    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    found = restoration(
        network,
        events,
        at=scenario.date,
        commodity=scenario.commodity,
        measure=measure,
        lift=wish,
    )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.reopen_screen import show_restoration

        show_restoration(found, network, events, lang=lang, most=top)
    if output is not None:
        from supplyroutes.disruption import disrupt
        from supplyroutes.plot import restoration_map, save_figure

        day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
        save_figure(restoration_map(day, found, lang=lang), output)
        click.echo(f"written: {output}", err=True)


def _wish(lifts: Sequence[str], *, roads: bool) -> Wish:
    """Return what may be lifted."""
    if roads and lifts:
        raise RequestError("name --roads or --lift, not both: a road may be named with --lift")
    if not lifts:
        return "roads" if roads else "reports"
    wish = {}
    for told in lifts:
        name, _, days = told.rpartition("=")
        try:
            wish[name.strip() or told] = float(days)
        except ValueError:
            raise RequestError(f"--lift {told!a}: say ID=DAYS, such as ML022=7") from None
    return wish


COMMANDS: tuple[Any, ...] = (reopen,)
