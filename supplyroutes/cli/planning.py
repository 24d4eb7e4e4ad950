"""The commands `plan` and `preposition`: what to send over the coming days, and what to store."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args

import click

from supplyroutes.analysis.planning.choices import Transit, Weigh
from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_option,
    case_options,
    echo_json,
    json_option,
    known_option,
    language_option,
    tracks_option,
)
from supplyroutes.cli.stock_options import own_figures
from supplyroutes.commodities import COMMODITIES
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.disruption import Timeline

DAYS = 30
ALIKE = "alike"
"""The policy under which all classes of a town fare alike."""
_Command = TypeVar("_Command", bound=Callable[..., Any])


def _question_options(command: _Command) -> _Command:
    """Add what both commands ask: how many days, what counts, who comes first, own figures."""
    for option in (
        click.option("--use", "uses", multiple=True, metavar="TOWN[:CLASS]=M3", help="Own use of a town, or of one class of it, in m3 a day."),  # noqa: E501
        click.option("--stock", "stocks", multiple=True, metavar="TOWN=M3", help="Own stock of a town at the start; may stand several times."),  # noqa: E501
        click.option("--policy", default="essential", show_default=True, help="Who comes first: essential or capital_first; alike for none."),  # noqa: E501
        click.option("--weigh", type=click.Choice(get_args(Weigh)), default="people", show_default=True, help="What counts: days without fuel by people or by towns, or m3."),  # noqa: E501
        click.option("--days", "count", type=click.IntRange(1, 3660), default=DAYS, show_default=True, help="How many days."),  # noqa: E501
    ):  # fmt: skip
        command = option(command)
    return command


@click.command()
@case_options
@_question_options
@click.option(
    "--transit",
    type=click.Choice(get_args(Transit)),
    default="usual",
    show_default=True,
    help="Fuel takes its truck time, with usual amounts or none under way at the start; or none.",
)
@click.option("--no-losses", is_flag=True, help="As if no truck were lost on the way.")
@click.option("--all-towns", is_flag=True, help="Show every town, not ten only.")
@language_option
@json_option
def plan(
    *,
    choice: Choice,
    count: int,
    weigh: Weigh,
    policy: str,
    stocks: tuple[str, ...],
    uses: tuple[str, ...],
    transit: Transit,
    no_losses: bool,
    all_towns: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Plan what to send over the coming days so that towns are dry for the fewest days."""
    from supplyroutes.analysis.planning.plan import plan as plan_of
    from supplyroutes.analysis.planning.survival import time_to_survive

    stock_m3 = own_figures("--stock", stocks)
    days = _days(choice, count, own_figures("--use", uses))
    how: dict[str, Any] = {"stock_m3": stock_m3, "losses": not no_losses, "transit": transit}
    found = plan_of(days, weigh=weigh, policy=_policy(policy), **how)
    survival = time_to_survive(days, **how)
    if as_json:
        echo_json({**found.to_dict(), "survival": survival.to_dict()})
    else:
        from supplyroutes.cli.plan_screen import show_plan

        show_plan(found, survival, days.base, lang=lang, every_town=all_towns)


@click.command()
@click.argument("places", nargs=-1, type=click.Path(path_type=Path), metavar="[SCENARIO.toml|FOLDER]...")  # fmt: skip  # noqa: E501
@click.option("--budget", type=float, required=True, metavar="M3", help="How much can be placed in all, in m3.")  # fmt: skip  # noqa: E501
@click.option("--from", "starts", multiple=True, type=Day(), help="A scenario: the roads as they were reported from this day on; may stand several times.")  # fmt: skip  # noqa: E501
@click.option("--prob", "chances", multiple=True, metavar="SCENARIO=NUMBER", help="Probability of a scenario, by its day or file name; all as likely if none is named.")  # fmt: skip  # noqa: E501
@click.option("--worst", is_flag=True, help="Make the worst scenario as good as it can be first.")
@_question_options
@case_option
@click.option("--commodity", type=click.Choice(COMMODITIES), help="fuel if nothing is named.")
@known_option
@tracks_option
@language_option
@json_option
def preposition(
    *,
    places: tuple[Path, ...],
    budget: float,
    starts: tuple[date, ...],
    chances: tuple[str, ...],
    worst: bool,
    count: int,
    lang: str,
    as_json: bool,
    **asked: Any,
) -> None:
    """Say where to put extra stock before it is known which blockade comes.

    \b
    Days as reported:  preposition --budget 5000 --from 2025-09-10 --from 2025-10-01
    Suppositions:      preposition --budget 5000 a.toml b.toml --prob a=0.7 --prob b=0.3
    """  # noqa: D301 (click reads the control character)
    from supplyroutes.analysis.planning.preposition import preposition as preposition_of

    stock_m3, use = own_figures("--stock", asked["stocks"]), own_figures("--use", asked["uses"])
    prob: dict[str, float] | Literal["worst"] | None = own_figures("--prob", chances) or None
    if worst and prob:
        raise RequestError("name --prob or --worst, not both")
    scenarios = {
        name: _days(choice, count, use) for name, choice in _choices(places, starts, asked).items()
    }
    found = preposition_of(
        budget,
        scenarios,
        prob="worst" if worst else prob,
        weigh=asked["weigh"],
        policy=_policy(asked["policy"]),
        stock_m3=stock_m3,
    )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.plan_screen import show_preposition

        show_preposition(found, count, lang=lang)


def _policy(name: str) -> str | None:
    """Return a policy by name; None if all fare alike."""
    return None if name == ALIKE else name


def _days(choice: Choice, count: int, use: Mapping[str, float]) -> Timeline:
    """Return the days from the day of a choice on, under its suppositions and with own use."""
    from supplyroutes.disruption import timeline
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    asked = network.asking(scenario.commodity, at=None, state=network.state)
    return timeline(
        asked.with_demand(use) if use else network,
        events,
        start=scenario.date,
        end=scenario.date + timedelta(days=count - 1),
        commodity=scenario.commodity,
    )


def _choices(
    places: Sequence[Path], starts: Sequence[date], asked: dict[str, Any]
) -> dict[str, Choice]:
    """Return what is to be read for each scenario, by its name: a day, or a file's name."""
    folders = [place for place in places if os.path.isdir(place)]  # noqa: PTH112 (a name that cannot be is no folder)
    files = [place for place in places if place not in folders]
    if len(folders) > 1:
        raise RequestError("name one folder: scenarios share their network")
    if folders and not starts:
        raise RequestError("say from which days on the folder is read: --from YYYY-MM-DD")
    if not files and not starts:
        raise RequestError("name scenarios: files, or days with --from")
    if asked["case"] and not starts:
        raise RequestError("a scenario file names its case; --case goes with --from")
    stems = [place.stem for place in files]
    common = (asked["commodity"], asked["as_known_on"], asked["tracks"])
    folder = folders[0] if folders else None
    found = {str(start): Choice(folder, asked["case"], start, *common) for start in starts}
    for place in files:
        name = place.stem if stems.count(place.stem) == 1 else str(place)
        found[name] = Choice(place, None, None, *common)
    if len(found) < len(files) + len(starts):
        raise RequestError("a scenario is named twice")
    return found


COMMANDS: tuple[Any, ...] = (plan, preposition)
