"""Writing files whole or not at all, one or several together, and folders whole."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from supplyroutes.errors import OutputError

_LONGEST_NAME = 180
"""Bytes of a name that its temporary name repeats; a file system takes 255 in all."""
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.(?P<pid>[0-9]+)\.[A-Za-z0-9_]+\.part")
Content = str | bytes


def write_whole(path: str | Path, content: Content) -> None:
    """Write `content` to `path`: the old file or the new one stands there, never half of one.

    The text goes to a temporary file in the same folder, is flushed to disk and renamed.
    Temporary files that a killed run left behind for this path are removed. If the path is a
    link, the file that it leads to is written, and the link stays.

    Raises
    ------
    OutputError
        The folder is missing or not writable, the disk is full, or the path is a folder, a
        device or a write-protected file.
    """
    _write({_followed(Path(path)): content})


def write_all(folder: str | Path, contents: Mapping[str, Content]) -> None:
    """Write several files of a folder: all of them, or none if one cannot be written.

    Every text is on disk before the first file is renamed. The renames follow each other
    within milliseconds: only a run that is killed between two of them leaves new files beside
    old ones, each of them whole. A link inside the folder is followed; one that leads out of it
    is refused, for the folder may come from somebody else.

    Raises
    ------
    OutputError
        As `write_whole`, or a link leads out of the folder.
    """
    place = os.path.realpath(folder)
    targets: dict[Path, Content] = {}
    for name, content in contents.items():
        target = _followed(Path(folder) / name)
        if not Path(os.path.realpath(target)).is_relative_to(place):
            raise OutputError(f"{Path(folder) / name}: is a link that leads out of the folder")
        targets[target] = content
    _write(targets)


@contextmanager
def new_folder(folder: str | Path) -> Iterator[Path]:
    """Give a hidden folder to fill; it gets its name when it is whole.

    An error, or a run that is killed, leaves no folder of that name (killed in the instant between
    claiming the name and renaming: an empty one). What killed runs left for this folder is removed.

    Raises
    ------
    OutputError
        The folder cannot be made, or stands there when the other is whole, be it empty.
    """
    target = Path(folder)
    hidden: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target)
        hidden = Path(tempfile.mkdtemp(**_naming(target)))
        yield hidden
        hidden.chmod(0o777 & ~_mask())
        target.mkdir()  # claims the name: renaming alone would take the place of an empty folder
        hidden.replace(target)
        hidden = None
    except OutputError as error:
        raise OutputError(str(error).replace(str(hidden), str(target))) from error
    except (OSError, ValueError) as error:
        raise _refused(target, error) from error
    finally:
        if hidden is not None:
            shutil.rmtree(hidden, ignore_errors=True)


def sweep_folder(folder: Path) -> None:
    """Remove everything that killed runs left in a folder."""
    for leftover in folder.rglob(".*.part"):
        match = _TEMPORARY.fullmatch(leftover.name)
        if match:
            _sweep(leftover.with_name(match["name"]))


def _write(contents: Mapping[Path, Content]) -> None:
    """Write temporary files for all targets, then rename them."""
    waiting: dict[Path, Path] = {}
    target = Path()
    try:
        for target, content in contents.items():
            _check_target(target)
            _sweep(target)
            waiting[target] = _temporary(target, content)
        for target in contents:
            waiting[target].replace(target)
            del waiting[target]
    except (OSError, ValueError) as error:
        raise _refused(target, error) from error
    finally:
        for temporary in waiting.values():
            temporary.unlink(missing_ok=True)


def _temporary(target: Path, content: Content) -> Path:
    """Return a new file beside the target that holds the content, on disk."""
    data = content.encode("utf-8") if isinstance(content, str) else content
    handle, name = tempfile.mkstemp(**_naming(target))
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        Path(name).chmod(_mode(target))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Path(name)


def _naming(target: Path) -> dict[str, Any]:
    """Return how a temporary file or folder beside a target is called."""
    name = _told(target.name)
    return {"prefix": f".{name}.{os.getpid()}.", "suffix": ".part", "dir": target.parent}


def _told(name: str) -> str:
    """Return a name as temporary names repeat it: a long one as its beginning and a digest."""
    data = os.fsencode(name)
    if len(data) <= _LONGEST_NAME:
        return name
    digest = hashlib.sha256(data).hexdigest()[:16]
    return f"{data[: _LONGEST_NAME - 17].decode('utf-8', 'ignore')}~{digest}"


def _refused(target: Path, error: Exception) -> OutputError:
    """Return the error for a target that cannot be written."""
    reason = getattr(error, "strerror", None) or str(error)
    return OutputError(f"{target}: cannot be written: {reason}")


def _followed(path: Path) -> Path:
    """Return the file that a link leads to, or the path itself."""
    return Path(os.path.realpath(path)) if os.path.islink(path) else path  # noqa: PTH114


def _check_target(target: Path) -> None:
    """Refuse a target that a rename would replace against its owner's will.

    A rename needs no right to write the old file: it would take a write-protected file, and
    put a plain file in the place of a device such as ``/dev/null``.
    """
    if not target.parent.is_dir():
        raise ValueError(f"there is no folder {target.parent}; make it first")
    if not os.path.lexists(target):
        return
    if not target.is_file():
        raise ValueError("it is not a file")
    if not target.stat().st_mode & 0o222:
        raise ValueError("it is write-protected")


def _mode(target: Path) -> int:
    """Return the permissions that the file had, or those of a new file."""
    if target.exists():
        return target.stat().st_mode & 0o777
    return 0o666 & ~_mask()


def _mask() -> int:
    """Return the permissions that new files do not get."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _sweep(target: Path) -> None:
    """Remove temporary files and folders for `target` whose process is gone."""
    for leftover in target.parent.glob(".*.part"):
        match = _TEMPORARY.fullmatch(leftover.name)
        if match and match["name"] == _told(target.name) and not process_runs(int(match["pid"])):
            if leftover.is_dir():
                shutil.rmtree(leftover, ignore_errors=True)
            else:
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
