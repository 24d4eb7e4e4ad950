"""The command that writes a report: one file or several, from a scenario or from its answers."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    Choice,
    case_options,
    fail_option,
    judged,
    needed_for,
    verdict,
    workers_option,
)
from supplyroutes.cli.progress import told_progress
from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from supplyroutes.scenario import Results, Scenario

_OUTPUT = click.Path(path_type=Path, dir_okay=False)
_ANALYSES = ("flow", "paths", "stocks", "outlook", "roads", "reopening", "none")


@click.command()
@case_options
@click.option(
    "-o", "--output", "outputs", type=_OUTPUT, multiple=True,
    help="The file: its suffix is the format; may be given several times.  [default: the outputs that the scenario names]",  # noqa: E501
)  # fmt: skip
@click.option(
    "--only", multiple=True, type=click.Choice(_ANALYSES),
    help="Work out this only; may be given several times.  [default: what the scenario asks for]",
)  # fmt: skip
@workers_option
@click.option(
    "--lang", type=click.Choice(["en", "fr"]), envvar="SUPPLYROUTES_LANG",
    help="Language; the variable SUPPLYROUTES_LANG sets it too.  [default: that of the scenario, else en]",  # noqa: E501
)  # fmt: skip
@fail_option
def report(
    *,
    choice: Choice,
    outputs: tuple[Path, ...],
    only: tuple[str, ...],
    workers: int,
    lang: str | None,
    fail_if: str | None,
) -> int:
    """Write a report for planners: one file that opens anywhere, without internet.

    \b
    From a scenario:       report SCENARIO.toml -o briefing.html -o briefing.pdf --lang fr
    From saved answers:    report RESULTS.json -o tables.xlsx
    Of a bundled day:      report --case mali --date 2025-10-15 -o mali.html
    """  # noqa: D301 (click reads the control character)
    from supplyroutes.report.writing import write_report, writer_of

    results = choice.saved() if choice.is_saved else None
    scenario = choice.scenario() if results is None else results.scenario
    told = lang or scenario.outputs.lang or "en"
    needed = needed_for(fail_if)
    places = outputs or _named(choice, scenario)
    kept = None if outputs or choice.is_saved else _kept(choice, scenario)
    for place in places:
        writer_of(place)  # refused before any work
    if results is None:
        results = _answered(scenario, {*(only or scenario.wanted), *needed}, workers, told)
    elif only:
        raise RequestError(f"{choice.place} holds answers: --only would ask anew")
    held = judged(fail_if, results)
    for place in places:
        write_report(place, results, lang=told)
        click.echo(f"written: {place}", err=True)
    if kept is not None:
        from supplyroutes.scenario.saving import write_results

        write_results(kept, results)
        click.echo(f"written: {kept}", err=True)
    return verdict(fail_if, held=held)


def _named(choice: Choice, scenario: Scenario) -> tuple[Path, ...]:
    """Return the reports that a scenario names, beside its file."""
    named = scenario.outputs
    if not named.reports and (choice.is_saved or named.results is None):
        raise RequestError("say where to: -o FILE, or name reports under [outputs] in the scenario")
    return tuple(_beside(choice) / name for name in named.reports)


def _kept(choice: Choice, scenario: Scenario) -> Path | None:
    """Return the file that a scenario names for its answers whole, beside its own."""
    named = scenario.outputs.results
    return None if named is None else _beside(choice) / named


def _beside(choice: Choice) -> Path:
    """Return the folder of the file that is asked."""
    return choice.place.parent if choice.is_file and choice.place is not None else Path()


def _answered(scenario: Scenario, wanted: Collection[str], workers: int, lang: str) -> Results:
    """Return the answers to a scenario."""
    from supplyroutes.scenario import ANALYSES, run

    analyses = tuple(name for name in ANALYSES if name in wanted)
    with told_progress(lang, "report.progress") as progress:
        return run(scenario, analyses=analyses, workers=workers, progress=progress)


COMMANDS: tuple[Any, ...] = (report,)
