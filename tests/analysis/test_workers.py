"""Runs on several processes: the same answers, warnings told once, Ctrl-C keeps what is done."""

import os
import signal
import subprocess
import sys
import time
import warnings
from functools import partial

import pytest

from supplyroutes.analysis.workers import finished_runs
from supplyroutes.errors import AssumptionWarning, RequestError


def test_answers_are_the_same_on_any_number_of_workers():
    """In order of run, whoever was first."""
    seen = []
    alone = finished_runs(partial(pow, 3), 7, progress=lambda *told: seen.append(told))
    assert alone == {run: 3**run for run in range(7)}
    assert seen == [(done, 7) for done in range(1, 8)]
    shared = finished_runs(partial(pow, 3), 7, workers=2)
    assert list(shared.items()) == list(alone.items())


def _warns(run):
    """Warn of the same thing in each run."""
    warnings.warn("a default stands in", AssumptionWarning, stacklevel=1)
    return run


def test_a_warning_of_all_runs_is_told_once():
    """And none is lost."""
    with pytest.warns(AssumptionWarning, match="stands in") as told:
        assert finished_runs(_warns, 3) == {0: 0, 1: 1, 2: 2}
    assert len(told) == 1


def test_errors_come_through():
    """Of the task, from here or elsewhere; and of a number of workers that makes no sense."""
    for workers in (1, 2):
        with pytest.raises(ZeroDivisionError):
            finished_runs(partial(divmod, 1), 2, workers=workers)
    with pytest.raises(RequestError, match="at least one"):
        finished_runs(abs, 2, workers=0)


def test_a_worker_that_dies_is_told():
    """Killed by the system, or started by a script that does not guard its own running."""
    with pytest.raises(RequestError, match="__main__"):
        finished_runs(os._exit, 2, workers=2)


def _interrupted(run):
    """Press Ctrl-C in the third run."""
    if run == 2:
        raise KeyboardInterrupt
    return run


def test_what_is_finished_is_kept():
    """Two runs before Ctrl-C; before the first run nothing is there to keep."""
    assert finished_runs(_interrupted, 5) == {0: 0, 1: 1}
    with pytest.raises(KeyboardInterrupt):
        finished_runs(lambda _: _interrupted(2), 5)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_of_the_terminal_reaches_all_processes_and_none_breaks(tmp_path):
    """The whole group is interrupted, as a terminal does; no worker complains."""
    script = tmp_path / "runs.py"
    script.write_text(
        "import time\n"
        "from supplyroutes.analysis.workers import finished_runs\n"
        "def slow(run):\n"
        "    time.sleep(0.05)\n"
        "    return run\n"
        "if __name__ == '__main__':\n"
        "    told = lambda done, of: print(done, flush=True)\n"
        "    done = finished_runs(slow, 400, workers=2, progress=told)\n"
        "    print('kept', len(done), sorted(done) == list(done), flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    for line in process.stdout:
        if line == "5\n":
            break
    time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert err == ""
    assert process.returncode == 0
    last = out.splitlines()[-1].split()
    assert last[0] == "kept"
    assert 5 <= int(last[1]) < 400
    assert last[2] == "True"
