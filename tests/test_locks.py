"""One writer at a time."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from supplyroutes import OutputError
from supplyroutes.locks import LOCK_NAME, locked


def test_rel_058_second_writer_is_refused_while_the_first_holds_the_lock(tmp_path):
    """A run that is alive keeps others out; afterwards nothing is left."""
    with (
        locked(tmp_path),
        pytest.raises(OutputError, match=f"process {os.getpid()}"),
        locked(tmp_path),
    ):
        pytest.fail("the lock was given twice")
    assert list(tmp_path.iterdir()) == []


def test_rel_061_lock_of_a_dead_run_is_taken_over(tmp_path):
    """A lock whose process is gone does not bind."""
    dead = subprocess.Popen([sys.executable, "-c", "pass"])
    dead.wait()
    (tmp_path / LOCK_NAME).write_text(str(dead.pid), encoding="utf-8")
    with locked(tmp_path):
        assert (tmp_path / LOCK_NAME).read_text(encoding="utf-8") == str(os.getpid())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("junk", ["", "not a number", "-7"])
def test_lock_with_junk_in_it_is_taken_over(tmp_path, junk):
    """A lock that names no process does not bind."""
    (tmp_path / LOCK_NAME).write_text(junk, encoding="utf-8")
    with locked(tmp_path):
        pass
    assert list(tmp_path.iterdir()) == []


def test_lock_is_released_when_the_work_fails(tmp_path):
    """An error inside leaves no lock behind."""
    with pytest.raises(ValueError, match="boom"), locked(tmp_path):
        raise ValueError("boom")
    assert list(tmp_path.iterdir()) == []


def test_folder_that_is_not_there_is_refused(tmp_path):
    """A lock in a missing folder is an output that cannot be written."""
    with pytest.raises(OutputError, match="cannot be written"), locked(tmp_path / "no"):
        pytest.fail("there is no such folder")
