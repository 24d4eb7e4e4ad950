"""Processes that share tasks; one that dies, hangs or answers nonsense fails alone.

A worker is given one task at a time and answers with its record. If its process ends before
that, or takes longer than it may, it is replaced and the task is given out again, a stated
number of times.
"""

from __future__ import annotations

import os
import signal
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from time import monotonic
from typing import TYPE_CHECKING, Any

from supplyroutes.errors import RequestError

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from supplyroutes.batch.records import Record

Work = Callable[[str], "Record"]
"""Does the task of a name; has to travel between processes."""


@dataclass
class _Worker:
    """A process, the way to it, and what it is doing since when."""

    process: BaseProcess
    line: Connection
    name: str | None = None
    since: float = 0.0
    ready: bool = False

    def give(self, name: str) -> None:
        """Give a task; the first waits until the process has started."""
        try:
            self.ready = self.ready or self.line.recv()
        except (EOFError, OSError):
            raise RequestError(
                "a worker process did not start; a script has to ask for workers "
                'under if __name__ == "__main__":'
            ) from None
        self.name, self.since = name, monotonic()
        with suppress(OSError):  # it has died since: that is found where its answer is awaited
            self.line.send(name)

    def stop(self) -> None:
        """End the process at once."""
        self.process.kill()
        self.process.join()
        self.line.close()


def shared(
    work: Work,
    names: Mapping[str, object],
    *,
    workers: int,
    retries: int,
    most_s: float | None,
    failed: Callable[[str, str], Record],
) -> Iterator[Record]:
    """Yield the record of every task as it comes.

    Parameters
    ----------
    work
        Does the task of a name.
    names
        The tasks.
    workers
        How many processes.
    retries
        How often a task is given out again whose process died or hung.
    most_s
        Seconds that a task may take; None: as long as it likes.
    failed
        Makes the record of a task that is given up, with the reason.

    Raises
    ------
    RequestError
        A worker process did not start.
    Exception
        What a worker raised: nothing of a task's own, for `work` turns that into a record.
    """
    waiting, left = deque(names), dict.fromkeys(names, retries)
    crew: list[_Worker] = []
    try:
        crew += [_hired(work) for _ in range(min(workers, len(waiting)))]
        while waiting or any(worker.name is not None for worker in crew):
            for place, worker in enumerate(crew):
                if waiting and worker.name is None:
                    if worker.ready and not worker.process.is_alive():  # no fault of the next task
                        worker.stop()
                        crew[place] = _hired(work)
                    crew[place].give(waiting.popleft())
            busy = [worker for worker in crew if worker.name is not None]
            for worker in _heard(busy, most_s):
                told, reason = _answer(worker, most_s)
                name, worker.name = worker.name or "", None
                if isinstance(told, BaseException):
                    raise told
                if told is not None:
                    yield told
                    continue
                worker.stop()
                crew[crew.index(worker)] = _hired(work)
                left[name] -= 1
                if left[name] >= 0:
                    waiting.append(name)
                else:
                    yield failed(name, reason)
    finally:
        for worker in crew:
            worker.stop()


def _hired(work: Work) -> _Worker:
    """Return a new worker, who is deaf to Ctrl-C: the parent ends it."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(work, there, os.getpid()), daemon=True)
    process.start()
    there.close()
    return _Worker(process, here)


def _heard(busy: list[_Worker], most_s: float | None) -> list[_Worker]:
    """Return the workers who have answered, died, or taken too long; wait for the first."""
    limit = None
    if most_s is not None:
        limit = max(0.0, min(worker.since for worker in busy) + most_s - monotonic())
    ready = wait([worker.line for worker in busy], limit)
    now = monotonic()
    return [
        worker
        for worker in busy
        if worker.line in ready or (most_s is not None and now - worker.since >= most_s)
    ]


def _answer(worker: _Worker, most_s: float | None) -> tuple[Any, str]:
    """Return what a worker answered; None with the reason if it is no answer."""
    from supplyroutes.batch.records import Record

    if not worker.line.poll():
        return None, f"took longer than {most_s:g} s"
    try:
        told = worker.line.recv()
    except (EOFError, OSError):
        worker.process.join()
        return None, f"its process ended ({_ending(worker.process.exitcode)})"
    except Exception as error:  # noqa: BLE001 (whatever unpickling nonsense raises)
        return None, f"its process answered nonsense ({type(error).__name__})"
    if isinstance(told, (Record, BaseException)):
        return told, ""
    return None, "its process answered nonsense"


def _ending(code: int | None) -> str:
    """Return how a process ended, in words."""
    if code is not None and code < 0:
        known = {one.value: one.name for one in signal.Signals}
        return known.get(-code, f"signal {-code}")
    return f"exit code {code}"


def _serve(work: Work, line: Connection, parent: int) -> None:
    """Do the tasks that come, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(EOFError, OSError):  # the parent is gone
        line.send(True)  # noqa: FBT003
        while os.getppid() == parent:
            line.send(_told(work, line.recv()))


def _told(work: Work, name: str) -> Any:
    """Return the record of a task, or the error that stopped it."""
    try:
        return work(name)
    except Exception as error:  # noqa: BLE001 (the parent raises it)
        return error
