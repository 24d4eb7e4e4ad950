"""Options of `stocks` that ask for more: many runs, lifelines, figures; and their answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from supplyroutes.cli.choosing import DONE, INTERRUPTED, echo_json, workers_option
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.analysis.outlooks.outlook import Levels, StockOutlook
    from supplyroutes.analysis.stores.lifelines import Lifelines
    from supplyroutes.analysis.stores.stocks import StockLevels
    from supplyroutes.events import Events
    from supplyroutes.network import Network

_Command = TypeVar("_Command", bound=Callable[..., Any])
_OUTPUT = click.Path(path_type=Path, dir_okay=False)
MOST_RUNS = 10_000


@dataclass(frozen=True)
class More:
    """What is asked for besides the stocks of one run at best values."""

    runs: int | None
    seed: int
    workers: int
    lifelines: bool
    figure: Path | None
    states: Path | None
    town: str | None

    def check(self) -> None:
        """Refuse options that would go unread, and files that could not be figures."""
        from supplyroutes.plot.saving import checked_ending

        if self.town is not None and self.figure is None:
            raise RequestError("--town names the town of --figure: name a file too")
        for path in (self.figure, self.states):
            if path is not None:
                checked_ending(path)  # before the work, which may take hours


def more_options(command: _Command) -> _Command:
    """Add the options for many runs, lifelines and figures; they arrive as `more`."""

    @click.option("--runs", type=click.IntRange(1, MOST_RUNS), help="Draw all uncertain inputs so many times, for intervals; 200 tell enough.")  # fmt: skip  # noqa: E501
    @click.option("--seed", type=click.IntRange(0), default=1, show_default=True, help="Luck of the draws: the same seed gives the same answer.")  # fmt: skip  # noqa: E501
    @workers_option
    @click.option("--lifelines", is_flag=True, help="Also what stops: power, water, clinics, telephone (assumptions).")  # fmt: skip  # noqa: E501
    @click.option("--figure", type=_OUTPUT, help="Write the stock of a town by day to this .png, .svg or .pdf.")  # fmt: skip  # noqa: E501
    @click.option("--town", help="Town of --figure; the largest if none is named.")
    @click.option("--states", type=_OUTPUT, help="Write the states of towns by day to this file.")
    @wraps(command)
    def wrapped(
        *,
        runs: int | None,
        seed: int,
        workers: int,
        lifelines: bool,
        figure: Path | None,
        states: Path | None,
        town: str | None,
        **options: Any,
    ) -> Any:
        more = More(runs, seed, workers, lifelines, figure, states, town)
        more.check()
        return command(more=more, **options)

    return wrapped  # type: ignore[return-value]


@dataclass(frozen=True)
class Question:
    """The case, the days and what is done with them."""

    network: Network
    events: Events
    start: date
    end: date
    commodity: str
    levels: Levels

    def one_run(self) -> StockLevels:
        """Return the stocks at best values."""
        from supplyroutes.disruption import timeline

        span = {"start": self.start, "end": self.end}
        days = timeline(self.network, self.events, **span, commodity=self.commodity)
        return self.levels(days)

    def many_runs(self, more: More, lang: str) -> StockOutlook:
        """Return the stocks under many draws; Ctrl-C keeps what is finished."""
        from supplyroutes.analysis.outlooks.draws import ensemble
        from supplyroutes.analysis.outlooks.outlook import stock_outlook
        from supplyroutes.cli.progress import told_progress

        draws = ensemble(
            self.network,
            self.events,
            runs=more.runs or 1,
            seed=more.seed,
            commodity=self.commodity,
        )
        with told_progress(lang, "outlook.progress") as progress:
            return stock_outlook(
                draws,
                start=self.start,
                end=self.end,
                levels=self.levels,
                workers=more.workers,
                progress=progress,
            )


def answer(question: Question, more: More, *, lang: str, every_town: bool, as_json: bool) -> int:
    """Answer a question on screen or as JSON, write the figures; return the exit code."""
    from supplyroutes.analysis.stores.lifelines import lifelines

    if more.town is not None:
        question.network.find(more.town)  # refused before the work, not after it
    result: StockLevels | StockOutlook
    best: StockLevels | None = None
    code = DONE
    if more.runs is not None:
        outlook = result = question.many_runs(more, lang)
        code = INTERRUPTED if outlook.runs < outlook.asked else DONE
    else:
        best = result = question.one_run()
    stops = lifelines(best or question.one_run()) if more.lifelines else None
    if as_json:
        told = {"lifelines": stops.to_dict()} if stops else {}
        echo_json({**result.to_dict(), **told})
    else:
        _show(question, (result, stops), lang=lang, every_town=every_town)
    _write(question, result, more, lang)
    return code


def _show(
    question: Question,
    found: tuple[StockLevels | StockOutlook, Lifelines | None],
    *,
    lang: str,
    every_town: bool,
) -> None:
    """Show the answer on a screen."""
    from supplyroutes.analysis.outlooks.outlook import StockOutlook
    from supplyroutes.cli.outlook_screen import show_lifelines, show_outlook
    from supplyroutes.cli.stock_screen import show_stocks

    result, stops = found
    if isinstance(result, StockOutlook):
        show_outlook(result, question.network, lang=lang, every_town=every_town)
    else:
        show_stocks(result, lang=lang, every_town=every_town)
    if stops is not None:
        show_lifelines(stops, lang=lang)


def _write(question: Question, result: StockLevels | StockOutlook, more: More, lang: str) -> None:
    """Write the figures that are asked for."""
    from supplyroutes import plot

    network, events = question.network, question.events
    if more.figure is not None:
        curves = plot.stock_curves(network, result, to=more.town, events=events, lang=lang)
        plot.save_figure(curves, more.figure)
        click.echo(f"written: {more.figure}", err=True)
    if more.states is not None:
        from supplyroutes.analysis.history import isolation_history
        from supplyroutes.disruption import timeline

        span = {"start": question.start, "end": question.end}
        days = timeline(network, events, **span, commodity=question.commodity)
        states = plot.state_days(network, isolation_history(days), stocks=result, lang=lang)
        plot.save_figure(states, more.states)
        click.echo(f"written: {more.states}", err=True)
