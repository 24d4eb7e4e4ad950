"""The command `stocks`: when each town runs dry, day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import click

from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.stores.conduct import Conduct
from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_options,
    json_option,
    language_option,
)
from supplyroutes.cli.outlooks import More, Question, answer, more_options
from supplyroutes.cli.stock_options import own_figures
from supplyroutes.errors import RequestError

DAYS = 30
"""Days shown if no last day is named."""


@click.command()
@case_options
@click.option("--days", "count", type=click.IntRange(1, 3660), help=f"How many days; {DAYS} if no last day is named.")  # fmt: skip  # noqa: E501
@click.option("--from", "start", type=Day(), help="The first day, instead of --date.")
@click.option("--to", "end", type=Day(), help="The last day, instead of --days.")
@click.option(
    "--allocation",
    type=click.Choice(get_args(Allocation)),
    default="max_min",
    show_default=True,
    help="Who goes short: all alike, the last ranks of a policy, or towns far away.",
)
@click.option("--policy", default="essential", show_default=True, help="For --allocation priority: essential or capital_first.")  # fmt: skip  # noqa: E501
@click.option("--stock", "stocks", multiple=True, metavar="TOWN=M3", help="Own stock of a town at the start; may stand several times.")  # fmt: skip  # noqa: E501
@click.option("--use", "uses", multiple=True, metavar="TOWN[:CLASS]=M3", help="Own use of a town, or of one class of it, in m3 a day.")  # fmt: skip  # noqa: E501
@click.option(
    "--conduct",
    type=click.Choice(get_args(Conduct)),
    default="wait",
    show_default=True,
    help="What trucks do before a closed road.",
)
@click.option("--all-towns", is_flag=True, help="Show every town, not the ten largest only.")
@more_options
@language_option
@json_option
def stocks(
    *,
    choice: Choice,
    more: More,
    count: int | None,
    start: date | None,
    end: date | None,
    stocks: tuple[str, ...],
    uses: tuple[str, ...],
    all_towns: bool,
    lang: str,
    as_json: bool,
    **options: Any,
) -> int:
    """Show when each town runs dry, day by day, under the blockades that were reported.

    With --runs all uncertain inputs are drawn at once, many times, for medians and intervals.
    """
    from functools import partial

    from supplyroutes.analysis.stores.stocks import stock_levels
    from supplyroutes.scenario import what_if_case

    stock_m3, use = own_figures("--stock", stocks), own_figures("--use", uses)
    if start is not None and choice.date is not None:
        raise RequestError("name the first day once: --date or --from")
    scenario = (replace(choice, date=start) if start else choice).scenario()
    network, events = what_if_case(scenario)
    asked = network.asking(scenario.commodity, at=None, state=network.state)
    question = Question(
        network=asked.with_demand(use),
        events=events,
        start=scenario.date,
        end=_last(scenario.date, count, end),
        commodity=scenario.commodity,
        levels=partial(stock_levels, stock_m3=stock_m3, **options),
    )
    return answer(question, more, lang=lang, every_town=all_towns, as_json=as_json)


def _last(first: date, count: int | None, end: date | None) -> date:
    """Return the last day."""
    if count is not None and end is not None:
        raise RequestError("say where it ends once: --days or --to")
    return end or first + timedelta(days=(count or DAYS) - 1)


COMMANDS: tuple[Any, ...] = (stocks,)
