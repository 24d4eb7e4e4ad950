"""One writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager

import pytest

from supplyroutes import locks
from supplyroutes.errors import OutputError
from supplyroutes.locks import LOCK_NAME, locked

HOLDER = """
import sys
from supplyroutes.locks import locked
with locked(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.readline()
"""
COUNTER = """
import sys, time
from pathlib import Path
from supplyroutes.errors import OutputError
from supplyroutes.locks import locked
number = Path(sys.argv[1]) / "number"
done = 0
while done < 100:
    try:
        with locked(sys.argv[1]):
            value = int(number.read_text())
            number.write_text(str(value + 1))
            done += 1
    except OutputError as error:
        assert "another run" in str(error), error
"""


@contextmanager
def holder(folder):
    """Hold the lock of a folder in a process of its own."""
    command = [sys.executable, "-c", HOLDER, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as run:
        assert run.stdout.readline() == b"held\n"
        yield run
        run.kill()


def test_rel_058_second_writer_is_refused_while_the_first_holds_the_lock(tmp_path):
    """A run that is alive keeps others out; afterwards nothing is left."""
    with holder(tmp_path) as first:
        with pytest.raises(OutputError, match="another run writes here"), locked(tmp_path):
            pytest.fail("the lock was given twice")
        assert (tmp_path / LOCK_NAME).exists(), "who is refused leaves the lock of the other"
        first.communicate(b"done\n")
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_one_process_does_not_lock_twice(tmp_path):
    """The second lock of one process is refused too."""
    with (
        locked(tmp_path),
        pytest.raises(OutputError, match="another run writes here"),
        locked(tmp_path),
    ):
        pytest.fail("the lock was given twice")
    assert list(tmp_path.iterdir()) == []


def test_rel_061_lock_of_a_dead_run_does_not_bind(tmp_path):
    """A run that was killed leaves its file, and the next one writes."""
    with holder(tmp_path) as dead:
        dead.kill()
        dead.wait()
        assert (tmp_path / LOCK_NAME).exists()
        with locked(tmp_path):
            assert (tmp_path / LOCK_NAME).exists()
    assert list(tmp_path.iterdir()) == []


def test_runs_that_race_for_the_lock_never_hold_it_together(tmp_path):
    """Four processes add one a hundred times each, and no addition is lost."""
    (tmp_path / "number").write_text("0", encoding="utf-8")
    command = [sys.executable, "-c", COUNTER, str(tmp_path)]
    runs = [subprocess.Popen(command) for _ in range(4)]
    assert [run.wait(timeout=60) for run in runs] == [0] * 4
    assert (tmp_path / "number").read_text(encoding="utf-8") == "400"


@pytest.mark.parametrize("junk", ["", "not a number", "1"])
def test_what_stands_in_a_lock_file_does_not_matter(tmp_path, junk):
    """A file that nobody holds does not bind, even if it names a process that runs."""
    (tmp_path / LOCK_NAME).write_text(junk, encoding="utf-8")
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_file_removed_between_opening_and_locking_is_opened_anew(tmp_path, monkeypatch):
    """What was locked must be what the next run will find."""
    real = locks._lock
    calls = []

    def late(handle):
        if not calls:
            (tmp_path / LOCK_NAME).unlink()
        calls.append(handle)
        real(handle)

    monkeypatch.setattr(locks, "_lock", late)
    with locked(tmp_path):
        assert (tmp_path / LOCK_NAME).exists()
    assert len(calls) == 2


def test_lock_of_another_run_is_not_removed(tmp_path):
    """Whoever lost the file leaves the one that stands there now."""
    with locked(tmp_path):
        (tmp_path / LOCK_NAME).unlink()
        other = tmp_path / LOCK_NAME
        other.write_text("", encoding="utf-8")
        keep = os.open(other, os.O_RDONLY)  # its number is not given out again
    os.close(keep)
    assert other.exists()


def test_lock_is_released_when_the_work_fails(tmp_path):
    """An error inside leaves no lock behind."""
    with pytest.raises(ValueError, match="boom"), locked(tmp_path):
        raise ValueError("boom")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["no", "x" * 300, "a\0b"])
def test_folder_that_is_not_there_is_refused(tmp_path, name):
    """A lock in a missing folder is an output that cannot be written."""
    with pytest.raises(OutputError, match="cannot be written"), locked(tmp_path / name):
        pytest.fail("there is no such folder")


def test_system_without_locks_is_told(tmp_path, monkeypatch):
    """Where the system cannot lock, nothing is written, and the message says so."""

    def none(_handle):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(locks, "_lock", none)
    with pytest.raises(OutputError, match="cannot be locked: Operation not supp"), locked(tmp_path):
        pytest.fail("there is no lock")
