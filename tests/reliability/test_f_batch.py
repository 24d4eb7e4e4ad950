"""RELIABILITY, part F and G: a batch that is killed, stopped, or short of room."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from supplyroutes.cli import run_commands

KILLS = 200
SCENARIO = (
    'title = "Day {day}"\ncase = "toy"\ndate = 2025-01-{day}\n[analyses]\nonly = ["stocks"]\n'
)
# One process that has loaded everything forks a batch, kills it after a while, and looks at what
# it left; so 200 kills take seconds. What it runs itself first asks for nothing that a solver works
# out: a fork must be of a process with one thread.
DRIVER = """
import json, os, random, signal, sys, time
from pathlib import Path
from supplyroutes.cli import run_commands

scenarios, out, kills = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
command = ["batch", scenarios, "-o", str(out), "--format", "md", "--format", "json"]
assert run_commands([*command[:3], sys.argv[4], *command[4:]]) == 0  # loads all that it needs

def start():
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1), os.dup2(null, 2)
        os._exit(run_commands(command))
    return child

def halves():
    found = []
    for path in out.rglob("*"):
        if path.is_file() and ".part" not in path.name and path.suffix == ".json":
            try:
                json.loads(path.read_text(encoding="utf-8"))
            except ValueError:
                found.append(str(path))
        if path.suffix == ".md" and not path.read_text(encoding="utf-8").endswith("*\\n"):
            found.append(str(path))
    return found

def empty():
    for path in sorted(out.rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()

draw, killed, whole, longest = random.Random(52), 0, 0, 1.0
while killed < kills:
    begun = time.monotonic()
    child = start()
    if whole == 0:  # the first is left alone, to see how long it takes
        os.waitpid(child, 0)
        longest, whole = time.monotonic() - begun, 1
        empty()
        continue
    time.sleep(draw.uniform(0, longest))
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        killed += 1
    assert not halves(), halves()
    if (out / "summary.csv").exists():
        whole += 1
        empty()
child = start()
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
print(json.dumps({"killed": killed, "whole": whole}))
"""


@pytest.fixture
def scenarios(tmp_path):
    """A folder with six scenarios of the toy case."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    for day in range(10, 16):
        (folder / f"day{day}.toml").write_text(SCENARIO.format(day=day), encoding="utf-8")
    return folder


def files(folder):
    """Return every file below a folder with its bytes, by its place."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.slow
def test_rel_052_a_batch_killed_at_200_moments_resumes_to_the_same_bytes(scenarios, tmp_path):
    """No half file after any kill; the last batch sweeps what was left, and all is as if whole."""
    for path in scenarios.iterdir():
        text = path.read_text(encoding="utf-8").replace('["stocks"]', "[]")
        path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    out.mkdir()
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, scenarios, out, str(KILLS), tmp_path / "whole"],
        capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout.splitlines()[-1])
    assert told["killed"] == KILLS
    assert told["whole"] > 1  # some were resumed to the end between the kills
    assert files(out) == files(tmp_path / "whole")


BATCH = "import sys; from supplyroutes.cli import main; sys.argv[0] = 'supplyroutes'; main()"


def started(scenarios, out, *options):
    """Start a batch in a process of its own, and wait for its first line."""
    process = subprocess.Popen(
        [sys.executable, "-c", BATCH, "batch", str(scenarios), "-o", str(out), *options],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stdout.readline().startswith("[1/")
    return process


@pytest.mark.parametrize("workers", ["1", "2"])
def test_rel_053_ctrl_c_stops_within_two_seconds_and_keeps_what_is_done(
    scenarios, tmp_path, workers
):
    """Exit code 130, what is done has its record, and the next batch ends with the same bytes."""
    long = "\n[analyses.outlook]\nruns = 3000\n"
    text = (scenarios / "day15.toml").read_text(encoding="utf-8")
    slow = text.replace('only = ["stocks"]', 'only = ["outlook"]') + long
    (scenarios / "day15.toml").write_text(slow, encoding="utf-8")
    out = tmp_path / "out"
    process = started(scenarios, out, "--format", "md", "--workers", workers)
    while len(list(out.glob("*/task.json"))) < 5:
        time.sleep(0.05)
    time.sleep(0.3)
    begun = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert time.monotonic() - begun < 2
    assert process.returncode == 130
    assert "Run the same command again" in err
    assert "Traceback" not in err
    assert len(list(out.glob("*/task.json"))) == 5
    assert not (out / "day15").exists()
    (scenarios / "day15.toml").write_text(text, encoding="utf-8")
    for folder in (out, tmp_path / "whole"):
        assert run_commands(["batch", str(scenarios), "-o", str(folder), "--format", "md"]) == 0
    assert files(out) == files(tmp_path / "whole")


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_rel_054_a_batch_told_to_end_leaves_no_traceback_and_no_process(scenarios, tmp_path, name):
    """Its workers end with it; the lock is free, and the next batch goes on."""
    process = started(scenarios, tmp_path / "out", "--format", "md", "--workers", "2")
    process.send_signal(getattr(signal, name))
    _, err = process.communicate(timeout=60)
    assert process.returncode == -getattr(signal, name)
    assert "Traceback" not in err
    assert (
        run_commands(["batch", str(scenarios), "-o", str(tmp_path / "out"), "--format", "md"]) == 0
    )


def test_rel_055_a_full_disk_is_exit_code_5_and_no_record(scenarios, tmp_path):
    """A file size limit stands in for the disk; with room the batch goes on."""
    limit = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (3000, 3000));"
        "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
    )
    out = tmp_path / "out"
    done = subprocess.run(
        [sys.executable, "-c", limit + BATCH, "batch", str(scenarios), "-o", str(out), "--format",
         "md"],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 5, done.stderr
    assert "File too large" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(out.glob("*/task.json"))
    assert run_commands(["batch", str(scenarios), "-o", str(out), "--format", "md"]) == 0


def test_rel_056_an_output_that_is_a_file_or_read_only_is_exit_code_5(scenarios, tmp_path):
    """The path is named; nothing is written."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    for out in (target / "below", Path("/proc/nothing")):
        assert run_commands(["batch", str(scenarios), "-o", str(out), "--format", "md"]) == 5
    assert target.read_text(encoding="utf-8") == "old"


def test_rel_059_a_scenario_that_runs_out_of_memory_fails_alone(scenarios, tmp_path, monkeypatch):
    """The others are done; the exit code says partial, the summary why."""
    import supplyroutes.batch.working as module

    def run(scenario, **options):
        if scenario.title == "Day 12":
            raise MemoryError
        return real(scenario, **options)

    real = module.run
    monkeypatch.setattr(module, "run", run)
    out = tmp_path / "out"
    assert run_commands(["batch", str(scenarios), "-o", str(out), "--format", "md"]) == 6
    rows = json.loads((out / "summary.json").read_text(encoding="utf-8"))["tasks"]
    assert [(row["name"], row["reason"]) for row in rows if row["status"] == "failed"] == [
        ("day12", "out of memory")
    ]
    monkeypatch.undo()
    assert run_commands(["batch", str(scenarios), "-o", str(out), "--format", "md"]) == 0


def test_rel_061_what_a_killed_batch_left_is_swept_by_the_next(scenarios, tmp_path):
    """Temporary files of dead processes, in the folder and in those of the tasks."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    out = tmp_path / "out"
    (out / "day10").mkdir(parents=True)
    for place in (out / "day10", out):
        (place / f".report.md.{dead.pid}.abc.part").write_text("half", encoding="utf-8")
    (out / ".supplyroutes.lock").write_text("", encoding="utf-8")
    assert run_commands(["batch", str(scenarios), "-o", str(out), "--format", "md"]) == 0
    assert not list(out.rglob(".*"))


def test_a_condition_is_judged_for_every_scenario(scenarios, tmp_path, capsys):
    """Exit code 4 if it holds for any; the summary tells for which."""
    command = ["batch", str(scenarios), "-o", str(tmp_path / "out"), "--format", "md", "--fail-if"]
    assert run_commands([*command, "towns(strained) > 2", "--json"]) == 4
    rows = json.loads(capsys.readouterr().out)["tasks"]
    assert {row["name"] for row in rows if row["condition_holds"]} == {"day12"}
    assert run_commands([*command, "towns(strained) > 5"]) == 0
