"""The command `backtest`: forecasts issued from what was known, scored by what was seen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    DONE,
    INTERRUPTED,
    MAIN_CASE,
    Day,
    assert_one,
    case_option,
    echo_json,
    json_option,
    language_option,
    workers_option,
)

if TYPE_CHECKING:
    from supplyroutes.events import Events
    from supplyroutes.network import Network
    from supplyroutes.schema import Table

_INPUT = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path), metavar="[FOLDER]")
@case_option
@click.option("--events", "events_file", type=_INPUT, help="Reports of this file instead.")
@click.option("--outcomes", "outcomes_file", type=_INPUT, help="Outcomes of this file instead.")
@click.option("--from", "start", type=Day(), required=True, help="First day that is scored.")
@click.option("--to", "end", type=Day(), required=True, help="Last day that is scored.")
@click.option("--lead", type=click.IntRange(1, 365), default=30, show_default=True, help="Days that a forecast looks ahead.")  # fmt: skip  # noqa: E501
@click.option("--every", type=click.IntRange(1, 365), default=7, show_default=True, help="Days between two forecasts.")  # fmt: skip  # noqa: E501
@click.option("--runs", type=click.IntRange(1, 10_000), default=40, show_default=True, help="Draws of the uncertain inputs for each forecast.")  # fmt: skip  # noqa: E501
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Luck of the draws.")  # fmt: skip  # noqa: E501
@workers_option
@click.option("--figure", type=_INPUT, help="Draw forecast against outcome, day by day: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@language_option
@json_option
def backtest(
    *,
    folder: Path | None,
    case: str | None,
    events_file: Path | None,
    outcomes_file: Path | None,
    start: date,
    end: date,
    lead: int,
    every: int,
    runs: int,
    seed: int,
    workers: int,
    figure: Path | None,
    lang: str,
    as_json: bool,
) -> int:
    """Issue forecasts from what was known by each day, and score them by recorded outcomes."""
    from supplyroutes.cli.progress import told_progress
    from supplyroutes.skill.backtesting import backtest as score
    from supplyroutes.skill.models import models

    assert_one(folder, case)
    network, events, outcomes = _inputs(folder, case, events_file, outcomes_file)
    with told_progress(lang, "backtest.progress") as progress:
        found = score(
            network,
            events,
            outcomes,
            window=(start, end),
            lead_days=lead,
            every_days=every,
            forecasters=models(runs=runs, seed=seed, workers=workers, progress=progress),
        )
    if as_json:
        echo_json({"runs": runs, "seed": seed, **found.to_dict()})
    else:
        from supplyroutes.cli.backtest_screen import show_backtest

        show_backtest(found, lang=lang)
    if figure is not None:
        from supplyroutes.plot import forecast_days, save_figure

        save_figure(forecast_days(network, found, lang=lang), figure)
        click.echo(f"written: {figure}", err=True)
    return DONE if found.complete else INTERRUPTED


def _inputs(
    folder: Path | None, case: str | None, events_file: Path | None, outcomes_file: Path | None
) -> tuple[Network, Events, Table]:
    """Return the network, the reports and the outcomes that the options name."""
    from supplyroutes import datasets
    from supplyroutes.events import Events
    from supplyroutes.io.tables import read_case
    from supplyroutes.places import check_places
    from supplyroutes.schema import read_table

    place = folder or datasets.folder(case or MAIN_CASE)
    network, events = read_case(place)
    if events_file is not None:
        events = Events.from_table(read_table(events_file, "events"), events.rules)
        check_places(network, events)
    if outcomes_file is not None:
        return network, events, read_table(outcomes_file, "outcomes")
    return network, events, datasets.outcomes_of(place)


COMMANDS: tuple[Any, ...] = (backtest,)
