"""The command `flow`: how much still arrives on a day, who goes short, what holds it back."""

from __future__ import annotations

from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.cli.choosing import Choice, case_options, echo_json, json_option, language_option
from supplyroutes.commodities import COMMODITIES
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.flows.flow_products import Days
    from supplyroutes.network import Network
    from supplyroutes.schema import Table

POLICY = "essential"


@click.command()
@case_options
@click.option("--product", "products", multiple=True, type=click.Choice(COMMODITIES), help="One of several products that share roads and trucks; may be repeated.")  # fmt: skip  # noqa: E501
@click.option(
    "--allocation",
    type=click.Choice(get_args(Allocation)),
    default="max_min",
    show_default=True,
    help="Who goes short: all alike, the last ranks of a policy, or towns far away.",
)
@click.option("--policy", help="For --allocation priority: essential (default) or capital_first, or one of your own table.")  # fmt: skip  # noqa: E501
@click.option("--priorities", type=click.Path(path_type=Path, dir_okay=False), help="Your own table of priorities, a CSV file like data/priorities.csv.")  # fmt: skip  # noqa: E501
@click.option("--tankers", type=click.FloatRange(0), help="How many tankers there are; no limit if nothing is said.")  # fmt: skip  # noqa: E501
@click.option("--no-losses", is_flag=True, help="As if no truck were lost on the way.")
@click.option("--all-towns", is_flag=True, help="Show every town, not the ten shortest only.")
@click.option("--figure", type=click.Path(path_type=Path, dir_okay=False), help="Draw corridors and towns too: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def flow(
    *,
    choice: Choice,
    products: tuple[str, ...],
    allocation: Allocation,
    policy: str | None,
    priorities: Path | None,
    tankers: float | None,
    no_losses: bool,
    all_towns: bool,
    figure: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show how much fuel still arrives on a day, who goes short, and what holds it back."""
    from supplyroutes.analysis.flows.allocation import priorities_of
    from supplyroutes.analysis.flows.flow import supply_flow

    table = priorities_of(priorities)
    asked, day = _days(choice, products)
    usual = None if figure is None else supply_flow(_calm(asked))
    found = supply_flow(
        asked,
        allocation=allocation,
        policy=_policy(policy, table),
        priorities=table,
        losses=not no_losses,
        tankers=inf if tankers is None else tankers,
        usual=usual,
    )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.flow_screen import show_flow

        own = None if priorities is None else priorities.name
        show_flow(found, day, lang=lang, every_town=all_towns, priorities=own)
    if figure is not None:
        from supplyroutes.plot import flow_bars, save_figure

        save_figure(flow_bars(day, found, usual=usual, lang=lang), figure)
        click.echo(f"written: {figure}", err=True)


def _policy(named: str | None, table: Table | None) -> str:
    """Return the policy that is meant: the only one of a table of one's own needs no name."""
    from supplyroutes.analysis.flows.allocation import policies

    names = [] if table is None else policies(table)
    return named or (names[0] if len(names) == 1 else POLICY)


def _days(choice: Choice, products: tuple[str, ...]) -> tuple[Days, Network]:
    """Return the day, of each product if some are named, and one that names roads and towns."""
    from supplyroutes.disruption import disrupt
    from supplyroutes.scenario import what_if_case

    if products and choice.commodity:
        raise RequestError("name --commodity or --product, not both")
    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    names = products or (scenario.commodity,)
    days = {name: disrupt(network, events, at=scenario.date, commodity=name) for name in names}
    first = days[names[0]]
    return (days if products else first), first


def _calm(asked: Days) -> Days:
    """Return the undisturbed network, of each product if there are several."""
    from supplyroutes.network import Network

    if isinstance(asked, Network):
        return asked.undisturbed()
    return {name: day.undisturbed() for name, day in asked.items()}


COMMANDS: tuple[Any, ...] = (flow,)
