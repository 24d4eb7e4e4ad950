"""Many runs of one task on several processes: the same answers, whatever their number."""

from __future__ import annotations

import signal
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from concurrent.futures import Future, ProcessPoolExecutor

_Answer = TypeVar("_Answer")
_Note = tuple[type[Warning], str]
_Told = tuple[Any, tuple[_Note, ...]]
Progress = Callable[[int, int], None]
"""Called after each run with the number of runs done, and of all."""


def finished_runs(
    task: Callable[[int], _Answer],
    count: int,
    *,
    workers: int = 1,
    progress: Progress | None = None,
) -> dict[int, _Answer]:
    """Return the answers of a task for the runs 0 to count - 1, by run.

    Ctrl-C keeps what is finished: those runs are returned, unless there is none. Warnings of
    the runs are given once each, in order of run.

    Parameters
    ----------
    task
        What is done for a run; with several workers it has to travel between processes
        (a function of a module, or a `functools.partial` of one).
    count
        How many runs.
    workers
        How many processes; 1 does the work in this one.
    progress
        Called after each run with the number of runs done and of all.

    Returns
    -------
    answers
        By run, in order of run.

    Raises
    ------
    RequestError
        There is not at least one worker, or a worker process ended before its work was done.
    KeyboardInterrupt
        Ctrl-C came before the first run was finished.

    Examples
    --------
    >>> finished_runs(abs, 3)
    {0: 0, 1: 1, 2: 2}
    """
    if workers < 1:
        raise RequestError(f"{workers} workers: there must be at least one")
    told: dict[int, _Told] = {}
    source = _here(task, count) if workers == 1 else _elsewhere(task, count, workers)
    try:
        for run, answer in source:
            told[run] = answer
            if progress is not None:
                progress(len(told), count)
    except KeyboardInterrupt:
        if not told:
            raise
    notes = dict.fromkeys(note for run in sorted(told) for note in told[run][1])
    for category, text in notes:
        warnings.warn(text, category, stacklevel=3)
    return {run: told[run][0] for run in sorted(told)}


def _here(task: Callable[[int], Any], count: int) -> Iterator[tuple[int, _Told]]:
    """Yield each run and its answer, done in this process."""
    for run in range(count):
        yield run, _noted(task, run)


def _elsewhere(task: Callable[[int], Any], count: int, workers: int) -> Iterator[tuple[int, _Told]]:
    """Yield each run and its answer as they come from other processes."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_context

    pool = ProcessPoolExecutor(
        min(workers, count), get_context("spawn"), initializer=_begin, initargs=(task,)
    )
    try:
        runs = _submitted(pool, range(count))
        for future in as_completed(runs):
            yield runs[future], future.result()
    except BrokenProcessPool:
        raise RequestError(
            "a worker process ended before its work was done; a script has to ask for workers "
            'under if __name__ == "__main__":'
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


def _submitted(pool: ProcessPoolExecutor, runs: Iterable[int]) -> dict[Future[_Told], int]:
    """Hand out the runs; the processes that start here never see Ctrl-C."""
    with _interrupts_wait():
        return {pool.submit(_work, run): run for run in runs}


@contextmanager
def _interrupts_wait() -> Iterator[None]:
    """Hold Ctrl-C back; processes started meanwhile are deaf to it, and this one hears it after.

    The terminal sends Ctrl-C to all processes: a worker that dies of it would lose its run.
    """
    if not hasattr(signal, "pthread_sigmask"):  # pragma: no cover (Windows)
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_tasks: list[Callable[[int], Any]] = []
"""The task of this worker process."""


def _begin(task: Callable[[int], Any]) -> None:
    """Take the task: once a process, not once a run."""
    _tasks[:] = [task]


def _work(run: int) -> _Told:
    """Do a run of the task of this process."""
    return _noted(_tasks[0], run)


def _noted(task: Callable[[int], Any], run: int) -> _Told:
    """Return the answer of a run, and the warnings that it gave."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        answer = task(run)
    notes = tuple((note.category, str(note.message)) for note in caught)
    return answer, tuple(dict.fromkeys(notes))
