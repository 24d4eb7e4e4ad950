"""A batch: every task done once, resumed after whatever stopped it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from supplyroutes.batch.crew import shared
from supplyroutes.batch.records import Record, done_record, write_summary
from supplyroutes.batch.tasks import Task, Wish, task_key
from supplyroutes.batch.working import work
from supplyroutes.conditions import needed
from supplyroutes.errors import OutputError, RequestError
from supplyroutes.files import sweep_folder
from supplyroutes.locks import locked

Told = Callable[[Record, bool], None]
"""Called with each record as it comes, and whether it was done before."""


@dataclass(frozen=True)
class Crew:
    """Who does the work.

    Attributes
    ----------
    workers
        Processes; 1 does the work in this one.
    retries
        How often a task is tried again whose process died or hung.
    most_s
        Seconds that a task may take; None: as long as it likes.
    """

    workers: int = 1
    retries: int = 1
    most_s: float | None = None

    def __post_init__(self) -> None:
        """Refuse what cannot work."""
        if self.workers < 1:
            raise RequestError(f"{self.workers} workers: there must be at least one")
        if self.most_s is not None and self.workers == 1:
            raise RequestError("a time limit needs two workers or more: one cannot stop itself")


def batch(
    tasks: Sequence[Task],
    out: Path,
    *,
    wish: Wish | None = None,
    crew: Crew | None = None,
    told: Told | None = None,
) -> list[Record]:
    """Do every task that is not yet done, and write the summary.

    Each task has a folder of its own under `out`: results.json, its reports, and task.json,
    written last. A task whose record bears the same key (scenario, tables, versions, what is
    wanted) is not done again. So a batch that was stopped, by Ctrl-C or a kill, goes on where it
    was, and ends with the same bytes.

    Parameters
    ----------
    tasks
        The tasks, from `tasks_of`.
    out
        The folder; made if it is not there.
    wish
        What is wanted of every scenario.
    crew
        Who does the work.
    told
        Called with each record as it comes.

    Returns
    -------
    records
        What came of each task, in the order of the tasks.

    Raises
    ------
    OutputError
        The folder cannot be written, or another batch writes there.
    RequestError
        The condition does not follow the grammar.
    """
    wish, crew = wish or Wish(), crew or Crew()
    if wish.condition is not None:
        needed(wish.condition)  # a bad condition is refused before any work
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{out}: cannot be written: {error.strerror}") from error
    with locked(out):
        sweep_folder(out)
        records: dict[str, Record] = {}
        for record, before in _records(tasks, out, wish, crew):
            records[record.name] = record
            if told is not None:
                told(record, before)
        ordered = [records[task.name] for task in tasks]
        write_summary(out, ordered)
    return ordered


def _records(
    tasks: Sequence[Task], out: Path, wish: Wish, crew: Crew
) -> Iterator[tuple[Record, bool]]:
    """Yield what came of each task, those done before first; and whether it was done before."""
    left: dict[str, Task] = {}
    for task in tasks:
        known = None
        if task.scenario is not None:
            known = done_record(out, task.name, task_key(task.scenario, wish))
        if known is None:
            left[task.name] = task
        else:
            yield known, True
    for record in _worked(left, out, wish, crew):
        yield record, False


def _worked(left: Mapping[str, Task], out: Path, wish: Wish, crew: Crew) -> Iterator[Record]:
    """Yield the records of the tasks that are left, as they come."""
    doing = Doing(left, wish, out)
    if crew.workers == 1:
        yield from map(doing, left)
        return
    yield from shared(
        doing,
        left,
        workers=min(crew.workers, max(1, len(left))),
        retries=crew.retries,
        most_s=crew.most_s,
        failed=lambda name, reason: Record(name, "", "failed", reason),
    )


@dataclass(frozen=True)
class Doing:
    """What is done for the task of a name."""

    tasks: Mapping[str, Task]
    wish: Wish
    out: Path

    def __call__(self, name: str) -> Record:
        """Return what came of a task."""
        return work(self.tasks[name], self.wish, self.out)
