"""One task done: a scenario answered, its reports written out, its row of the summary."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

from supplyroutes.analysis.plain import plain
from supplyroutes.batch.records import Record, keep
from supplyroutes.batch.tasks import Task, Wish, task_key
from supplyroutes.conditions import holds, needed
from supplyroutes.errors import OutputError, SupplyroutesError, SupplyroutesWarning
from supplyroutes.files import Content
from supplyroutes.report.document import document_of
from supplyroutes.report.writing import writer_of
from supplyroutes.scenario import Results, Scenario, run
from supplyroutes.scenario.saving.results_file import results_text

RESULTS = "results.json"


def work(task: Task, wish: Wish, out: Path) -> Record:
    """Do a task and write what comes of it; a scenario that fails is a record, no error.

    Raises
    ------
    OutputError
        Its files cannot be written: then no other task's could be either.
    """
    if task.scenario is None:
        return Record(task.name, "", "failed", task.fault)
    # Before the tables are read: one that changes meanwhile makes another task.
    key = task_key(task.scenario, wish)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SupplyroutesWarning)
        try:
            results = _answered(task.scenario, wish)
            held = None if wish.condition is None else holds(wish.condition, results)
            contents = _contents(results, wish)
        except OutputError:
            raise
        except (SupplyroutesError, MemoryError) as error:
            reason = str(error) or "out of memory"
            return Record(task.name, "", "failed", reason)
        except Exception as error:  # noqa: BLE001 (a mistake of ours stops one scenario, not all)
            reason = f"internal error: {type(error).__name__}: {error}"
            return Record(task.name, "", "failed", reason)
    notes = tuple(dict.fromkeys(str(note.message) for note in caught))
    record = Record(
        task.name,
        key,
        "done",
        held=held,
        row=_row(results),
        notes=notes,
    )
    keep(out, record, contents)
    return record


def _answered(scenario: Scenario, wish: Wish) -> Results:
    """Return the answers: what the scenario asks for, and what the condition needs."""
    asked = (*scenario.wanted, *(needed(wish.condition) if wish.condition else ()))
    return run(scenario, analyses=tuple(dict.fromkeys(asked)))


def _contents(results: Results, wish: Wish) -> dict[str, Content]:
    """Return the files of a task: the results whole, and a report in each format."""
    contents: dict[str, Content] = {RESULTS: results_text(results)}
    document = document_of(results, wish.lang)
    for suffix in wish.formats:
        name = f"report{suffix}"
        contents[name] = writer_of(Path(name))(results, document)
    return contents


def _row(results: Results) -> dict[str, Any]:
    """Return what the summary tells of a scenario."""
    main = results.main
    row: dict[str, Any] = {
        "title": results.scenario.title,
        "date": results.scenario.date,
        "commodity": results.scenario.commodity,
        **main.situation.summary(),
    }
    if main.stocks is not None:
        told = main.stocks.summary()
        names = ("towns_dry", "first_dry", "first_dry_on", "unmet_m3")
        row |= {name: told[name] for name in names}
    return {name: plain(value) for name, value in row.items()}
