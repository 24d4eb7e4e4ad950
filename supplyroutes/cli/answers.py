"""Commands that answer a question: run, isolation, explain, corridors, timeline."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    Day,
    case_options,
    echo_json,
    fail_option,
    json_option,
    judged,
    language_option,
    needed_for,
    verdict,
    workers_option,
)
from supplyroutes.cli.drawing import FIGURE, check_figures, write_figures
from supplyroutes.cli.spans import case_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

if TYPE_CHECKING:
    from supplyroutes.scenario.model import Analysis

_SAVED = click.Path(path_type=Path, dir_okay=False)


@click.command()
@case_options
@click.option("--all-towns", is_flag=True, help="Show every town, not the largest only.")
@click.option("--save", type=_SAVED, metavar="RESULTS.json", help="Work out all that the scenario asks for, and write it: for report and compare, here or elsewhere.")  # fmt: skip  # noqa: E501
@workers_option
@language_option
@json_option
@fail_option
def run(
    *,
    choice: Choice,
    all_towns: bool,
    save: Path | None,
    workers: int,
    lang: str,
    as_json: bool,
    fail_if: str | None,
) -> int:
    """Show how things stand on a day: corridors, towns, causes, days of supply, assumptions."""
    from supplyroutes.cli.progress import told_progress
    from supplyroutes.scenario.saving import check_results_path, write_results

    if save is not None:
        check_results_path(save)  # before the work, not after it
    with told_progress(lang, "outlook.progress") as progress:
        results = choice.results(
            *_wanted(choice, save, needed_for(fail_if)), workers=workers, progress=progress
        )
    if save is not None:
        write_results(save, results)
        click.echo(f"written: {save}", err=True)
    now, supply = results.main.situation, results.main.supply
    held = judged(fail_if, results)
    if as_json:
        alone = {**now.to_dict(), "supply": supply and supply.to_dict()}
        echo_json(results.to_dict() if choice.is_file else alone)
    else:
        from supplyroutes.cli.screen import show_situation

        show_situation(
            now,
            supply,
            lang=lang,
            title=results.scenario.title,
            every_town=all_towns,
        )
    return verdict(fail_if, held=held)


def _wanted(choice: Choice, save: Path | None, needed: Sequence[Analysis]) -> list[Analysis]:
    """Return what is worked out: days of supply, or all that the scenario asks for if it is saved.

    What a condition needs comes on top.
    """
    whole = save is not None and not choice.is_saved
    shown: Sequence[Analysis] = choice.scenario().wanted if whole else ("stocks",)
    return list(dict.fromkeys((*shown, *needed)))


@click.command()
@case_options
@click.option("--town", "names", multiple=True, help="Only this town, with its path or cut.")
@language_option
@json_option
@fail_option
def isolation(
    *, choice: Choice, names: tuple[str, ...], lang: str, as_json: bool, fail_if: str | None
) -> int:
    """Show the state of every town, or of one with its proof: a path or a cut."""
    results = choice.results(*needed_for(fail_if))
    now, held = results.main.situation, judged(fail_if, results)
    nodes = [now.day.find(name) for name in names]
    if as_json:
        answer = now.to_dict()["isolation"]
        if nodes:
            answer["towns"] = [row for row in answer["towns"] if row["node"] in nodes]
        echo_json(answer)
    else:
        from supplyroutes.cli.screen import show_proof, show_states

        for node in nodes:
            show_proof(now, node, lang=lang)
        if not nodes:
            show_states(now, lang=lang)
    return verdict(fail_if, held=held)


@click.command()
@click.argument("town")
@case_options
@click.option("--no-shares", is_flag=True, help="Leave out what each report weighs.")
@language_option
@json_option
def explain(*, town: str, choice: Choice, no_shares: bool, lang: str, as_json: bool) -> None:
    """Show why a town is cut off or strained, what would relieve it, and what it hangs on."""
    from supplyroutes.analysis.why.explanation import explain as explanation_of
    from supplyroutes.scenario import what_if_case

    scenario = choice.scenario()
    network, events = what_if_case(scenario)
    why = explanation_of(
        network,
        events,
        at=scenario.date,
        to=town,
        commodity=scenario.commodity,
        with_shares=not no_shares,
    )
    if as_json:
        echo_json(why.to_dict())
    else:
        from supplyroutes.cli.explaining import show_explanation

        show_explanation(why, network, lang=lang)


@click.command()
@case_options
@language_option
@json_option
@fail_option
def corridors(*, choice: Choice, lang: str, as_json: bool, fail_if: str | None) -> int:
    """Show how every corridor stands on a day, and what was last reported of it."""
    results = choice.results(*needed_for(fail_if))
    now, held = results.main.situation, judged(fail_if, results)
    if as_json:
        echo_json(now.corridors.to_dict())
    else:
        from supplyroutes.cli.screen import show_corridors

        show_corridors(now, lang=lang)
    return verdict(fail_if, held=held)


@click.command()
@case_options
@click.option("--from", "start", type=Day(), required=True, help="First day.")
@click.option("--to", "end", type=Day(), required=True, help="Last day.")
@click.option("--town", "names", multiple=True, help="Only this town.")
@click.option("--figure", type=FIGURE, help="Draw the states of all towns by day: a .png, .svg or .pdf file.")  # fmt: skip  # noqa: E501
@click.option("--reports", type=FIGURE, help="Draw which reports are in force on each corridor.")
@click.option("--maps", type=FIGURE, help="Draw maps of six of the days beside each other.")
@language_option
@json_option
def timeline(
    *,
    choice: Choice,
    start: date,
    end: date,
    names: tuple[str, ...],
    figure: Path | None,
    reports: Path | None,
    maps: Path | None,
    lang: str,
    as_json: bool,
) -> None:
    """Show on which days the states of towns changed, and the days in each state."""
    from supplyroutes.analysis.history import isolation_history, of_towns
    from supplyroutes.disruption import timeline as timeline_of

    check_figures(figure, reports, maps)
    network, events, commodity = case_of(choice, end)
    nodes = [network.find(name) for name in names]
    days = timeline_of(network, events, start=start, end=end, commodity=commodity)
    history = isolation_history(days)
    shown = of_towns(history, nodes) if nodes else history
    if as_json:
        echo_json(shown.to_dict())
    else:
        from supplyroutes.cli.screen import show_history

        show_history(shown, network, lang=lang)
    asked = network.asking(commodity, at=None, state=network.state)

    def drawn(name: str) -> Axes | Figure:
        from supplyroutes import plot

        if name == "figure":
            return plot.state_days(network, history, lang=lang)
        if name == "reports":
            return plot.event_timeline(asked, events, start=start, end=end, lang=lang)
        return plot.small_multiples(days, lang=lang)

    wanted = {"figure": figure, "reports": reports, "maps": maps}
    write_figures((path, partial(drawn, name)) for name, path in wanted.items())


COMMANDS: tuple[Any, ...] = (run, isolation, explain, corridors, timeline)
