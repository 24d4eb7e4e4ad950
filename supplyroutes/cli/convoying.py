"""The command `convoys`: which convoys to send with so many escorts and tankers."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, get_args

import click

from supplyroutes.analysis.planning.choices import Weigh
from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option
from supplyroutes.cli.stock_options import own_figures

if TYPE_CHECKING:
    from supplyroutes.analysis.trucks.convoy_planning import ConvoyPlan
    from supplyroutes.analysis.trucks.mixed_routes import MixedRoutes
    from supplyroutes.disruption import Timeline

DAYS = 28


@click.command()
@case_options
@click.option("--escorts", type=click.IntRange(0, 1000), required=True, help="Escort units; each leads one convoy in a week at most.")  # fmt: skip  # noqa: E501
@click.option("--tankers", type=click.FloatRange(0, 1_000_000), required=True, help="Tankers for convoys.")  # fmt: skip  # noqa: E501
@click.option("--days", "count", type=click.IntRange(1, 366), default=DAYS, show_default=True, help="How many days.")  # fmt: skip  # noqa: E501
@click.option(
    "--weigh",
    type=click.Choice(get_args(Weigh)),
    default="people",
    show_default=True,
    help="What counts: days that people or towns are without fuel, or missing m3.",
)
@click.option("--stock", "stocks", multiple=True, metavar="TOWN=M3", help="Own stock of a town at the start; may stand several times.")  # fmt: skip  # noqa: E501
@click.option("--randomise", is_flag=True, help="For each destination, how often to drive each corridor so that waiting for convoys pays least.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def convoys(
    *,
    choice: Choice,
    escorts: int,
    tankers: float,
    count: int,
    weigh: Weigh,
    stocks: tuple[str, ...],
    randomise: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Plan convoys: corridor, size, day and destination, for the fewest days without fuel.

    SENSITIVE: it says where convoys will drive. For protection and relief.
    """
    from supplyroutes.analysis.trucks.convoy_planning import convoy_plan
    from supplyroutes.disruption import timeline
    from supplyroutes.scenario import what_if_case

    stock_m3 = own_figures("--stock", stocks)
    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    last = scenario.date + timedelta(days=count - 1)
    days = timeline(network, events, start=scenario.date, end=last, commodity=scenario.commodity)
    click.echo("looking for the best convoys ...", err=True)
    plan = convoy_plan(
        days, escorts_per_week=escorts, tankers=tankers, weigh=weigh, stock_m3=stock_m3
    )
    mixed = _mixed(days, plan) if randomise else []
    if as_json:
        more = {"randomised": [each.to_dict() for each in mixed]} if randomise else {}
        echo_json({**plan.to_dict(), **more})
    else:
        from supplyroutes.cli.convoy_screen import show_convoys

        show_convoys(plan, days.base, mixed, lang=lang)


def _mixed(days: Timeline, plan: ConvoyPlan) -> list[MixedRoutes]:
    """Return random routes to each destination, as the roads are when its first convoy leaves."""
    from supplyroutes.analysis.trucks.mixed_routes import randomised_routes

    first = plan.convoys.drop_duplicates("destination")
    return [
        randomised_routes(days[row["leaves"]], to=row["destination"]) for _, row in first.iterrows()
    ]


COMMANDS: tuple[Any, ...] = (convoys,)
