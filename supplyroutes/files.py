"""Writing files whole or not at all."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from supplyroutes.errors import OutputError

_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<pid>[0-9]+)\.[A-Za-z0-9_]+\.part")


def write_whole(path: str | Path, content: str | bytes) -> None:
    """Write `content` to `path`: the old file or the new one stands there, never half of one.

    The text goes to a temporary file in the same folder, is flushed to disk and renamed.
    Temporary files that a killed run left behind for this path are removed.

    Raises
    ------
    OutputError
        The folder is missing or not writable, the disk is full, or the path is a folder, a
        device or a write-protected file.
    """
    target = Path(path)
    temporary: str | None = None
    try:
        data = content.encode("utf-8") if isinstance(content, str) else content
        _check_target(target)
        _sweep(target)
        handle, temporary = tempfile.mkstemp(
            prefix=f".{target.name}.{os.getpid()}.", suffix=".part", dir=target.parent
        )
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).chmod(_mode(target))
        Path(temporary).replace(target)
        temporary = None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{target}: cannot be written: {reason}") from error
    finally:
        if temporary is not None:
            Path(temporary).unlink(missing_ok=True)


def _check_target(target: Path) -> None:
    """Refuse a target that a rename would replace against its owner's will.

    A rename needs no right to write the old file: it would take a write-protected file, and
    put a plain file in the place of a device such as ``/dev/null``.
    """
    if not target.parent.is_dir():
        raise ValueError(f"there is no folder {target.parent}; make it first")
    if not target.exists():
        return
    if not target.is_file():
        raise ValueError("it is not a file")
    if not target.stat().st_mode & 0o222:
        raise ValueError("it is write-protected")


def _mode(target: Path) -> int:
    """Return the permissions that the file had, or those of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _sweep(target: Path) -> None:
    """Remove temporary files for `target` whose process is gone."""
    for leftover in target.parent.glob(".*.part"):
        match = _TEMPORARY.fullmatch(leftover.name)
        if match and match["name"] == target.name and not process_runs(int(match["pid"])):
            leftover.unlink(missing_ok=True)


def process_runs(pid: int) -> bool:
    """Tell whether a process with this number runs."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
