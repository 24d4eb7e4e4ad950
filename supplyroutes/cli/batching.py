"""The command `batch`: many scenarios in one go, resumed after whatever stopped it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from supplyroutes.cli.choosing import (
    CONDITION_HOLDS,
    DONE,
    PARTIAL,
    Day,
    echo_json,
    fail_option,
    json_option,
    language_option,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from supplyroutes.batch.records import Record

FORMATS = ("html", "pdf", "xlsx", "md", "json")


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True), metavar="SCENARIO.toml|FOLDER...")  # fmt: skip  # noqa: E501
@click.option("-o", "--output", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder; what is done there already is not done again.")  # fmt: skip  # noqa: E501
@click.option("--format", "formats", type=click.Choice(FORMATS), multiple=True, default=("html",), show_default=True, help="Format of the reports; may stand several times.")  # fmt: skip  # noqa: E501
@click.option("--workers", type=click.IntRange(1, 256), default=1, show_default=True, help="Processes; with two or more a scenario that dies fails alone.")  # fmt: skip  # noqa: E501
@click.option("--retries", type=click.IntRange(0, 100), default=1, show_default=True, help="Tries more for a scenario whose process died or hung.")  # fmt: skip  # noqa: E501
@click.option("--most-s", type=click.FloatRange(min=0, min_open=True), help="Seconds that a scenario may take.")  # fmt: skip  # noqa: E501
@click.option("--date", "day", type=Day(), help="Ask of this day instead of that of each scenario.")  # fmt: skip  # noqa: E501
@language_option
@json_option
@fail_option
def batch(
    *,
    scenarios: tuple[Path, ...],
    output: Path,
    formats: tuple[str, ...],
    workers: int,
    retries: int,
    most_s: float | None,
    day: date | None,
    lang: str,
    as_json: bool,
    fail_if: str | None,
) -> int:
    """Run many scenarios and write their reports; a batch that was stopped goes on.

    Each scenario, and each entry of its grid, gets a folder of its own with its results and
    reports. Run the same command again after Ctrl-C, a kill or a power cut: what is done is not
    done again, and the files are the same as if nothing had happened.
    """
    from supplyroutes.batch.running import Crew
    from supplyroutes.batch.running import batch as run_batch
    from supplyroutes.batch.tasks import Wish, tasks_of
    from supplyroutes.catalogue import words
    from supplyroutes.cli.batch_screen import show_batch, telling

    crew = Crew(workers=workers, retries=retries, most_s=most_s)
    tasks = tasks_of(scenarios, day=day)
    wish = Wish(tuple(f".{name}" for name in formats), lang, fail_if)
    told = None if as_json else telling(lang, len(tasks))
    try:
        records = run_batch(tasks, output, wish=wish, crew=crew, told=told)
    except KeyboardInterrupt:
        click.echo(words(lang)("batch.stopped", folder=output), err=True)
        raise
    if as_json:
        from supplyroutes.batch.records import summary_row

        echo_json({"tasks": [summary_row(record) for record in records]})
    else:
        show_batch(records, output, lang=lang)
    return _code(records)


def _code(records: Sequence[Record]) -> int:
    """Return the exit code: partial if any failed, else whether the condition holds of any."""
    if any(record.status == "failed" for record in records):
        return PARTIAL
    return CONDITION_HOLDS if any(record.held for record in records) else DONE


COMMANDS: tuple[Any, ...] = (batch,)
