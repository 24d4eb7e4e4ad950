"""Commands on roads that matter most: worst (which to lose) and protect (which to guard)."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from supplyroutes.analysis.losses.choices import Measure
from supplyroutes.catalogue import words
from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_options,
    echo_json,
    json_option,
    language_option,
)
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.network import Network

_MEASURE = click.option("--measure", type=click.Choice(get_args(Measure)), default="weighted_time", show_default=True, help="How harm is counted.")  # fmt: skip  # noqa: E501
_LIMIT = click.option("--time-limit", type=click.FloatRange(min=0), default=120.0, show_default=True, help="Seconds after which the best found is shown with its bound; 0 for no limit.")  # fmt: skip  # noqa: E501
_SAFE = click.option("--safe", multiple=True, metavar="ROAD", help="A road that cannot be attacked; may be repeated.")  # fmt: skip  # noqa: E501
_MAP = click.option("--map", "drawing", type=click.Path(path_type=Path, dir_okay=False), help="Draw it too: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
_COST = click.option("--cost", "costs", multiple=True, metavar="ROAD=COST", help="What it takes to close a road, 1 if not said; may be repeated.")  # fmt: skip  # noqa: E501


class _Progress(logging.Handler):
    """Shows on a terminal how far a search is, on one line of stderr."""

    def __init__(self, lang: str) -> None:
        super().__init__(logging.INFO)
        self.say = words(lang)

    def emit(self, record: logging.LogRecord) -> None:
        """Write the line anew."""
        from supplyroutes.analysis.losses.interdiction import gap_of

        args: Any = record.args
        gap = self.say.number(100 * gap_of(args[1], args[2]), 2)
        told = self.say("worst.progress", branches=self.say.number(args[0]), gap=gap)
        sys.stderr.write(f"\r{told}")
        sys.stderr.flush()


@contextmanager
def progress(lang: str) -> Iterator[None]:
    """Show the progress of searches while something is computed; nothing where no terminal is."""
    logger = logging.getLogger("supplyroutes.analysis.integer")
    if not sys.stderr.isatty():
        yield
        return
    handler, level = _Progress(lang), logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        sys.stderr.write("\r\x1b[K")


@click.command()
@case_options
@click.option("--budget", type=click.FloatRange(min=0), default=3, show_default=True, help="How many roads are lost, or what they may cost.")  # fmt: skip  # noqa: E501
@_MEASURE
@_SAFE
@_COST
@click.option("--curve", is_flag=True, help="The worst loss of 0, 1, 2 ... up to --budget roads.")
@_LIMIT
@click.option("--all-towns", is_flag=True, help="Show every town that it hits.")
@_MAP
@language_option
@json_option
def worst(
    *,
    choice: Choice,
    budget: float,
    measure: Measure,
    safe: tuple[str, ...],
    costs: tuple[str, ...],
    curve: bool,
    time_limit: float,
    all_towns: bool,
    drawing: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show the roads whose loss would do most harm, by proof. For protection: sensitive."""
    day = _day(choice)
    limit = time_limit or None
    if curve:
        if costs or not budget.is_integer():
            raise RequestError("a curve counts roads: --budget a whole number, and no --cost")
        _show_curve(
            day, (int(budget), measure, safe, limit), drawing, lang=lang, as_json=as_json
        )  # fmt: skip
        return
    from supplyroutes.analysis.losses.interdiction import interdiction

    with progress(lang):
        found = interdiction(
            day, budget=budget, measure=measure, cost=_costs(costs), safe=safe, time_limit_s=limit
        )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.worst_screen import show_worst

        show_worst(found, day, lang=lang, every_town=all_towns)
    if drawing is not None:
        from supplyroutes.plot import save_figure, worst_map

        save_figure(worst_map(day, found, lang=lang), drawing)
        click.echo(f"written: {drawing}", err=True)


def _show_curve(
    day: Network,
    asked: tuple[int, Measure, tuple[str, ...], float | None],
    drawing: Path | None,
    *,
    lang: str,
    as_json: bool,
) -> None:
    """Compute and show the operational resilience curve."""
    from supplyroutes.analysis.losses.resilience import resilience_curve

    most, measure, safe, limit = asked
    with progress(lang):
        found = resilience_curve(day, most=most, measure=measure, safe=safe, time_limit_s=limit)
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.worst_screen import show_curve

        show_curve(found, day, lang=lang)
    if drawing is not None:
        from supplyroutes.plot import resilience_curve as figure
        from supplyroutes.plot import save_figure

        save_figure(figure(day, found, lang=lang), drawing)
        click.echo(f"written: {drawing}", err=True)


@click.command()
@case_options
@click.option("--budget", type=click.IntRange(0), default=2, show_default=True, help="How many roads can be guarded.")  # fmt: skip  # noqa: E501
@click.option("--attack-budget", type=click.FloatRange(min=0), default=2, show_default=True, help="How many roads the attack can close, or what they may cost.")  # fmt: skip  # noqa: E501
@_MEASURE
@_SAFE
@_COST
@_LIMIT
@_MAP
@language_option
@json_option
def protect(
    *,
    choice: Choice,
    budget: int,
    attack_budget: float,
    measure: Measure,
    safe: tuple[str, ...],
    costs: tuple[str, ...],
    time_limit: float,
    drawing: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show which roads to guard so that the worst attack harms least. Sensitive."""
    from supplyroutes.analysis.losses.protection import protection

    day = _day(choice)
    with progress(lang):
        found = protection(
            day,
            budget=budget,
            attack_budget=attack_budget,
            measure=measure,
            cost=_costs(costs),
            safe=safe,
            time_limit_s=time_limit or None,
        )
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.worst_screen import show_protection

        show_protection(found, day, lang=lang)
    if drawing is not None:
        from supplyroutes.plot import guard_map, save_figure

        save_figure(guard_map(day, found, lang=lang), drawing)
        click.echo(f"written: {drawing}", err=True)


def _day(choice: Choice) -> Network:
    """Return the network of the day."""
    from supplyroutes.disruption import disrupt
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    return disrupt(network, events, at=scenario.date, commodity=scenario.commodity)


def _costs(given: tuple[str, ...]) -> dict[str, float]:
    """Return the costs of roads, as ``ROAD=COST`` tells them."""
    found = {}
    for text in given:
        road, _, amount = text.rpartition("=")
        try:
            found[road] = float(amount)
        except ValueError:
            raise RequestError(f"--cost {text!a}: say ROAD=COST, the cost a number") from None
    return found


@click.command(name="dry-soonest")
@click.argument("town")
@case_options
@click.option("--days", "span", type=click.IntRange(1), default=45, show_default=True, help="Days that are followed, from --date on.")  # fmt: skip  # noqa: E501
@click.option("--budget", type=click.IntRange(0), default=1, show_default=True, help="How many roads are lost.")  # fmt: skip  # noqa: E501
@click.option("--safe", multiple=True, metavar="ROAD", help="A road that cannot be lost; may be repeated.")  # fmt: skip  # noqa: E501
@click.option("--lost-on", type=Day(), multiple=True, help="A day on which they may be lost; the first if none is named.")  # fmt: skip  # noqa: E501
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True, help="How often stocks are followed, at most, for each such day.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def dry_soonest(
    *,
    town: str,
    choice: Choice,
    span: int,
    budget: int,
    safe: tuple[str, ...],
    lost_on: tuple[date, ...],
    runs: int,
    lang: str,
    as_json: bool,
) -> None:
    """Show which roads, if lost, run TOWN dry soonest. For protection: sensitive."""
    from supplyroutes.analysis.losses.soonest import soonest_dry
    from supplyroutes.disruption import timeline
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    end = scenario.date + timedelta(days=span - 1)
    days = timeline(network, events, start=scenario.date, end=end, commodity=scenario.commodity)
    found = soonest_dry(days, to=town, budget=budget, safe=safe, lost_on=lost_on, most_runs=runs)
    if as_json:
        echo_json(found.to_dict())
    else:
        from supplyroutes.cli.worst_screen import show_soonest

        show_soonest(found, days, lang=lang)


COMMANDS: tuple[Any, ...] = (worst, protect, dry_soonest)
