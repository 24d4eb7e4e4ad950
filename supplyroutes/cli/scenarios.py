"""Commands on scenario files: a new one, checks, and the form for editors."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    MAIN_CASE,
    Day,
    assert_one,
    language_option,
)
from supplyroutes.errors import DataError, RequestError

if TYPE_CHECKING:
    from supplyroutes.catalogue import Words
    from supplyroutes.errors import Problem
    from supplyroutes.scenario import Scenario
    from supplyroutes.scenario.applying import Applied

_FILE = click.Path(path_type=Path)
MOST_NAMES = 3
"""Scenarios of a grid are named up to so many."""


@click.group()
def scenario() -> None:
    """Write a scenario file to begin with, check some, or print their form for editors."""


@scenario.command()
@click.argument("file", type=_FILE)
@click.option("--case", help="A bundled case; mali if neither case nor folder is named.")
@click.option("--folder", type=_FILE, help="A folder of CSV tables.")
@click.option("--date", "day", type=Day(), required=True, help="The day.")
@language_option
def new(*, file: Path, case: str | None, folder: Path | None, day: date, lang: str) -> None:
    """Write a scenario file that runs as it is, and shows every key with its meaning."""
    from supplyroutes.datasets import folder as case_folder
    from supplyroutes.files import write_whole
    from supplyroutes.scenario import Scenario
    from supplyroutes.scenario.template import scenario_template

    assert_one(folder, case)
    if file.suffix.lower() != ".toml":
        raise RequestError(f"{file}: a scenario file ends in .toml")
    if os.path.lexists(file):
        raise RequestError(f"{file} is there already; name a new file")
    if folder is None:
        case_folder(case or MAIN_CASE)  # an unknown case is a wrong use here
        asked = Scenario(case=case or MAIN_CASE, date=day)
        text = scenario_template(asked, file=file.name, lang=lang)
    else:
        asked = Scenario(folder=str(folder), date=day)
        there = Path(os.path.relpath(folder, file.parent)).as_posix()
        text = scenario_template(asked, file=file.name, folder=there, lang=lang)
    write_whole(file, text)
    click.echo(f"written: {file}", err=True)


@scenario.command()
@click.argument("files", nargs=-1, required=True, type=_FILE, metavar="FILE...")
@language_option
def check(*, files: tuple[Path, ...], lang: str) -> None:
    """Put scenario files to their cases, what-ifs and grids too, without working anything out.

    Tells what each will do, or every problem of all of them with file, line and key.
    """
    from supplyroutes.catalogue import words

    say, problems = words(lang), list[Any]()
    for number, file in enumerate(files):
        if number:
            click.echo()
        try:
            click.echo("\n".join(_checked(file, say)))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)


@scenario.command()
def schema() -> None:
    """Print the form of scenario files as JSON Schema, for editors that complete and check.

    Save it beside your files, and begin them with: #:schema ./scenario.schema.json
    """
    import json

    from supplyroutes.scenario.editor_schema import editor_schema

    click.echo(json.dumps(editor_schema(), ensure_ascii=False, indent=1))


def _checked(file: Path, say: Words) -> list[str]:
    """Return lines that say what a scenario will do, or raise with every problem."""
    from supplyroutes.scenario.applying import applied
    from supplyroutes.scenario.reading import read_scenario

    found = read_scenario(file)
    put = applied(found, wanted=found.wanted)
    problems = _grid_problems(found, put)
    if problems:
        raise DataError(problems)
    return [say("scenario_check.ok", file=file), *(f"  {line}" for line in _plans(found, put, say))]


def _grid_problems(found: Scenario, put: Applied) -> list[Problem]:
    """Return what does not fit the case, of each value of the grid alone."""
    from supplyroutes.scenario.applying import applied
    from supplyroutes.scenario.changing import recorded_case
    from supplyroutes.scenario.grids import alone

    problems: list[Problem] = []
    for one in alone(found):
        same = (one.as_known_on, one.tracks) == (found.as_known_on, found.tracks)
        try:
            applied(one, recorded=put.recorded if same else recorded_case(one))
        except DataError as error:
            problems += (problem for problem in error.problems if problem not in problems)
    return problems


def _plans(found: Scenario, put: Applied, say: Words) -> list[str]:
    """Return what a scenario will do, in lines."""
    from supplyroutes.names import printable
    from supplyroutes.report.wording import commodity_word

    title = printable(" ".join(found.title.split())) or say("scenario_check.untitled")
    commodity, day = commodity_word(say, found.commodity), say.day(found.date)
    lines = [say("scenario_check.asks", title=title, commodity=commodity, day=day)]
    lines += _entries(found, put, say)
    if found.grid:
        lines.append(_grid(found, say))
    lines += _analyses(found, say)
    files = [*found.outputs.reports, *([found.outputs.results] if found.outputs.results else [])]
    if files:
        lines.append(say("scenario_check.outputs", names=printable(", ".join(files))))
    return lines


def _entries(found: Scenario, put: Applied, say: Words) -> list[str]:
    """Return one line for each entry: how much it changes."""
    from supplyroutes.scenario import RECORDED
    from supplyroutes.scenario.changes import changes_between

    lines = [say("scenario_check.recorded")]
    changes = {
        name: list(changes_between(found, put.recorded, put.cases[name], supposed))
        for name, supposed in put.supposed.items()
    }
    for name, told in changes.items():
        what_if = found.what_if.get(name)
        of = RECORDED if what_if is None else what_if.of
        count = sum(change not in changes.get(of, []) for change in told)
        number = say.count("scenario_check.changes", count)
        if what_if is not None:
            lines.append(say("scenario_check.what_if", name=name, of=of, changes=number))
        elif name != RECORDED:
            lines.append(say("scenario_check.itself", changes=number))
    return lines


def _grid(found: Scenario, say: Words) -> str:
    """Return how many scenarios a grid makes, and the first of them."""
    from supplyroutes.report.wording import listing
    from supplyroutes.scenario.grids import expanded

    names = list(expanded(found))
    return say.count("scenario_check.grid", len(names), names=listing(say, names, most=MOST_NAMES))


def _analyses(found: Scenario, say: Words) -> list[str]:
    """Return what is worked out besides states and corridors, and over which days."""
    from supplyroutes.scenario.supposed_stocks import span

    if not found.wanted:
        return [say("scenario_check.no_analyses")]
    names = ", ".join(say(f"scenario_check.analysis.{name}") for name in found.wanted)
    lines = [say("scenario_check.analyses", names=names)]
    if not {"stocks", "outlook"}.isdisjoint(found.wanted):
        start, end = (say.short_day(day) for day in span(found))
        days = {"start": start, "end": end}
        if "outlook" in found.wanted:
            lines.append(say.count("scenario_check.runs", found.analyses.outlook.runs, **days))
        else:
            lines.append(say("scenario_check.stocks", **days))
    return lines


COMMANDS: tuple[Any, ...] = (scenario,)
