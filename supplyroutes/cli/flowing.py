"""The command `flow`: how much still arrives on a day, who goes short, what holds it back."""

from __future__ import annotations

from typing import Any, get_args

import click

from supplyroutes.analysis.allocation import Allocation
from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option


@click.command()
@case_options
@click.option(
    "--allocation",
    type=click.Choice(get_args(Allocation)),
    default="max_min",
    show_default=True,
    help="Who goes short: all alike, the last ranks of a policy, or towns far away.",
)
@click.option("--policy", default="essential", show_default=True, help="For --allocation priority: essential or capital_first.")  # fmt: skip  # noqa: E501
@click.option("--no-losses", is_flag=True, help="As if no truck were lost on the way.")
@click.option("--all-towns", is_flag=True, help="Show every town, not the ten shortest only.")
@language_option
@json_option
def flow(
    *,
    choice: Choice,
    allocation: Allocation,
    policy: str,
    no_losses: bool,
    all_towns: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Show how much fuel still arrives on a day, who goes short, and what holds it back."""
    from supplyroutes.analysis.flow import supply_flow
    from supplyroutes.disruption import disrupt
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    day = disrupt(network, events, at=scenario.date, commodity=scenario.commodity)
    found = supply_flow(day, allocation=allocation, policy=policy, losses=not no_losses)
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.flow_screen import show_flow

        show_flow(found, day, lang=lang, every_town=all_towns)


COMMANDS: tuple[Any, ...] = (flow,)
