"""One writer at a time: a lock file beside what is written."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from supplyroutes.errors import OutputError
from supplyroutes.files import process_runs

LOCK_NAME = ".supplyroutes.lock"


@contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Hold the lock of a folder; refuse if another run holds it.

    The lock of a run that died is taken over.

    Raises
    ------
    OutputError
        Another run writes to the folder, or the lock cannot be made.
    """
    lock = Path(folder) / LOCK_NAME
    _acquire(lock)
    try:
        yield
    finally:
        lock.unlink(missing_ok=True)


def _acquire(lock: Path) -> None:
    """Make the lock file, taking over one whose process is gone.

    The file appears with its process number in it, so that no other run sees it empty.
    """
    mine = lock.with_name(f"{LOCK_NAME}.{os.getpid()}")
    try:
        mine.write_text(str(os.getpid()), encoding="utf-8")
        for _ in range(2):
            try:
                os.link(mine, lock)
            except FileExistsError:
                holder = _holder(lock)
                if holder is not None:
                    raise OutputError(
                        f"{lock.parent}: another run (process {holder}) writes here; wait for it"
                    ) from None
                lock.unlink(missing_ok=True)
            else:
                return
    except OSError as error:
        if isinstance(error, OutputError):
            raise
        raise OutputError(f"{lock.parent}: cannot be written: {error.strerror}") from error
    finally:
        mine.unlink(missing_ok=True)
    raise OutputError(f"{lock.parent}: another run took the lock; try again")


def _holder(lock: Path) -> int | None:
    """Return the process that holds a lock, or None if it is gone."""
    try:
        process = int(lock.read_text(encoding="utf-8") or "0")
    except (OSError, ValueError):
        return None
    return process if process > 0 and process_runs(process) else None
