"""One writer at a time: a lock file beside what is written.

The lock is the operating system's own on that file, not the file: it ends with the process that
holds it, however that dies, so that no lock is ever taken over, and a file left behind binds
nobody. The holder removes the file while it holds the lock; whoever had opened it in the
meantime finds that the name no longer leads to what it locked, and begins anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from supplyroutes.errors import OutputError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_NAME = ".supplyroutes.lock"


@contextmanager
def locked(folder: str | Path) -> Iterator[None]:
    """Hold the lock of a folder; refuse if another run holds it.

    Raises
    ------
    OutputError
        Another run writes to the folder, or the lock cannot be made.
    """
    lock = Path(folder) / LOCK_NAME
    handle = _acquire(lock)
    try:
        yield
    finally:
        # Windows does not remove an open file: there the empty file stays.
        with suppress(OSError):
            if _leads_to(lock, handle):
                lock.unlink()
        os.close(handle)


def _acquire(lock: Path) -> int:
    """Return the open, locked lock file."""
    while True:
        try:
            handle = os.open(lock, os.O_RDWR | os.O_CREAT, 0o666)
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise OutputError(f"{lock}: cannot be written: {reason}") from error
        try:
            _lock(handle)
            if _leads_to(lock, handle):
                return handle
        except (BlockingIOError, PermissionError):  # the latter on Windows
            os.close(handle)
            raise OutputError(f"{lock.parent}: another run writes here; wait for it") from None
        except OSError as error:
            os.close(handle)
            raise OutputError(f"{lock}: cannot be locked: {error.strerror}") from error
        os.close(handle)


def _lock(handle: int) -> None:
    """Lock an open file, or raise at once if another open file has it."""
    if sys.platform == "win32":
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _leads_to(path: Path, handle: int) -> bool:
    """Tell whether a path is that of an open file."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
