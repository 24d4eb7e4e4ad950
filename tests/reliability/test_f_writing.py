"""RELIABILITY, part F: writing, crashing, and the next run."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.cli import run_commands
from supplyroutes.files import write_whole
from supplyroutes.io.editing import copy_folder

WRITER = """
import sys
from supplyroutes.files import write_whole
number = 0
print("ready", flush=True)
while True:
    number += 1
    write_whole(sys.argv[1], f"{number % 10}" * 2_000_000)
"""
BOTH = """
import sys
import supplyroutes as sr
network, events = sr.datasets.toy()
sr.write_network(network, sys.argv[1])
sr.write_events(events, sys.argv[1])
assert sr.read_network(sys.argv[1]) == network
assert sr.read_events(sys.argv[1]) == events
"""
FULL = """
import resource, sys
import supplyroutes as sr
network, events = sr.datasets.mali()
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
write = sr.write_network if sys.argv[2] == "network" else sr.write_events
data = network if sys.argv[2] == "network" else events
try:
    write(data, sys.argv[1])
except sr.errors.OutputError as error:
    print("refused:", error)
"""


def run(code, *arguments, **options):
    """Run Python code in a process of its own and return what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, timeout=60, check=False, **options,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def digest(folder):
    """Return the digest of every file of a folder, by name."""
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in Path(folder).iterdir()
    }


def test_rel_052_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path):
    """Twenty kills: the file is whole each time, and one more write sweeps what they left."""
    target = tmp_path / "file"
    target.write_text("0" * 2_000_000, encoding="utf-8")
    draw = random.Random(52)  # noqa: S311
    for _ in range(20):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(target)], stdout=subprocess.PIPE
        )
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(draw.uniform(0, 0.03))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        text = target.read_text(encoding="utf-8")
        assert len(text) == 2_000_000
        assert len(set(text)) == 1
    write_whole(target, "done")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


COMMANDS = """
import itertools, sys
from supplyroutes.cli import run_commands
print("ready", flush=True)
for number in itertools.count(int(sys.argv[1])):
    run_commands([part.replace("NUMBER", str(number)) for part in sys.argv[2:]])
"""
ADD = (
    "events add CASE --event XNUMBER --start 2025-01-20 --kind road_closed --basis reported --scope"
    " segment --edges north--bridge --confidence B --text fallen --source test"
)


@pytest.mark.parametrize(
    "command",
    [
        ADD,
        "events retract CASE RNUMBER --reason mistaken",
        "copy mali OUT/copyNUMBER",
        "report --case toy --date 2025-01-12 --only none -o OUT/file.md",
        "map --case toy --date 2025-01-12 -o OUT/file.svg",
    ],
    ids=lambda command: command.split(" CASE")[0].split(" -")[0],
)
def test_rel_052_a_command_killed_at_any_moment_leaves_whole_files(tmp_path, command):
    """Case, copies and pictures are whole after each of five kills; the next run sweeps."""
    case, out = tmp_path / "case", tmp_path / "out"
    copy_folder("toy", case)
    with (case / "events.csv").open("a", encoding="utf-8") as stream:
        for number in range(1000):
            stream.write(f"R{number},2025-01-20,2025-01-20,recorded,,road_closed,reported,all,")
            stream.write("segment,north--bridge,,,true,B,fallen,test\n")
    out.mkdir()
    arguments = [
        part.replace("CASE", str(case)).replace("OUT", str(out)) for part in command.split()
    ]
    draw = random.Random(52)  # noqa: S311
    for start in range(0, 1000, 200):
        writer = subprocess.Popen(
            [sys.executable, "-c", COMMANDS, str(start), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        assert writer.stdout.readline() == b"ready\n"
        time.sleep(draw.uniform(0.2, 0.8))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert len(sr.read_events(case)) >= 1003
        assert sr.read_network(case) == sr.datasets.toy()[0]
        for copied in out.glob("copy*"):
            assert sr.read_network(copied) == sr.datasets.mali()[0]
        for name, end in (("file.md", "*\n"), ("file.svg", "</svg>\n")):
            if (out / name).exists():
                assert (out / name).read_text(encoding="utf-8").endswith(end)
    for hidden in list(out.glob(".copy*")):
        copy_folder("mali", out / hidden.name.split(".")[1])
    run_commands([part.replace("NUMBER", "999") for part in arguments])
    assert not list(tmp_path.rglob(".*"))


def test_rel_061_what_a_killed_copy_left_does_not_stand_in_the_way(tmp_path):
    """Half a folder, temporary files and a lock of a dead run are swept by the next copy."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    half, new, old = (tmp_path / name for name in (f".new.{dead.pid}.abc.part", "new", "old"))
    for folder in (half, old):
        (folder / "scenarios").mkdir(parents=True)
        (folder / f".towns.csv.{dead.pid}.abc.part").write_text("half", encoding="utf-8")
        (folder / "scenarios" / f".x.toml.{dead.pid}.abc.part").write_text("", encoding="utf-8")
        (folder / ".supplyroutes.lock").write_text("", encoding="utf-8")
    for target in (new, old):
        copy_folder("toy", target)
        assert sr.read_network(target) == sr.datasets.toy()[0]
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("what", ["network", "events"])
def test_rel_055_a_full_disk_is_an_output_error_and_keeps_the_old_file(tmp_path, what):
    """A file size limit stands in for the disk: nothing is broken, nothing is left."""
    network, events = sr.datasets.toy()
    sr.write_network(network, tmp_path)
    sr.write_events(events, tmp_path)
    before = digest(tmp_path)
    assert "cannot be written: File too large" in run(FULL, tmp_path, what)
    assert digest(tmp_path) == before
    assert sr.read_network(tmp_path) == network


BIGGER = """
import resource, sys
import supplyroutes as sr
from supplyroutes.io.editing import copy_folder
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    if sys.argv[2] == "copy":
        copy_folder("mali", sys.argv[1])
    else:
        sr.write_network(sr.datasets.mali()[0], sys.argv[1])
except sr.errors.OutputError as error:
    print("refused:", error)
"""


def test_rel_055_tables_of_a_folder_are_written_together_or_not_at_all(tmp_path):
    """The towns of Mali fit on this disk and its roads do not: the toy network stays whole."""
    network, _ = sr.datasets.toy()
    sr.write_network(network, tmp_path)
    before = digest(tmp_path)
    assert "roads.csv: cannot be written: File too large" in run(BIGGER, tmp_path, "network")
    assert digest(tmp_path) == before


@pytest.mark.parametrize("made", [False, True])
def test_rel_055_a_copy_that_does_not_fit_leaves_nothing(tmp_path, made):
    """The next copy, with room, is whole: no file of the first stands in its way."""
    target = tmp_path / "mine"
    if made:
        target.mkdir()
    told = run(BIGGER, target, "copy")
    assert f"refused: {target}/" in told
    assert "File too large" in told
    assert target.exists() == made
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
    copy_folder("mali", target)
    assert sr.read_network(target) == sr.datasets.mali()[0]


def test_rel_056_a_missing_parent_a_file_and_a_folder_in_the_way(tmp_path):
    """Each is an output error that names the path."""
    (tmp_path / "file").write_text("old", encoding="utf-8")
    for target in (tmp_path / "none" / "file", tmp_path / "file" / "below", tmp_path):
        with pytest.raises(sr.errors.OutputError, match=str(target)):
            write_whole(target, "new")
    assert (tmp_path / "file").read_text(encoding="utf-8") == "old"


def test_rel_056_a_write_protected_file_is_not_replaced(tmp_path):
    """A rename could replace it; who protected it did not want that."""
    target = tmp_path / "file"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o444)
    with pytest.raises(sr.errors.OutputError, match="write-protected"):
        write_whole(target, "new")
    assert target.read_text(encoding="utf-8") == "old"


def test_rel_056_the_temporary_file_is_on_the_same_device(tmp_path):
    """The folder for temporary files of the system is not used, so a rename always works."""
    environment = {**os.environ, "TMPDIR": "/nowhere", "TEMP": "/nowhere", "TMP": "/nowhere"}
    run(BOTH, tmp_path / "out", env=environment)
    assert not list((tmp_path / "out").glob(".*"))


def test_rel_057_input_that_cannot_be_written_is_enough(case_folder, tmp_path):
    """Reading writes nothing, with no home and nothing to write but the output."""
    for path in case_folder.iterdir():
        path.chmod(0o444)
    case_folder.chmod(0o555)
    before = digest(case_folder)
    code = """
import sys
import supplyroutes as sr
network = sr.read_network(sys.argv[1])
sr.write_network(network, sys.argv[2])
sr.write_events(sr.read_events(sys.argv[1], network=network), sys.argv[2])
print(len(network.nodes))
"""
    out = run(code, case_folder, tmp_path / "out", env={"HOME": "/nowhere"}, cwd="/")
    assert out == "6\n"
    assert digest(case_folder) == before


@pytest.mark.parametrize(
    "environment",
    [
        {"TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "1"},
        {"TZ": "America/Adak", "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
        {"LC_ALL": "fr_FR.UTF-8", "PYTHONHASHSEED": "4"},
        {"LC_ALL": "tr_TR.UTF-8", "PYTHONIOENCODING": "ascii"},
    ],
)
def test_rel_060_zone_locale_and_hash_seed_change_no_byte(tmp_path, environment):
    """The same network is the same files on every machine."""
    code = BOTH.replace("toy", "mali")
    run(code, tmp_path / "plain", env={"PYTHONHASHSEED": "0"})
    run(code, tmp_path / "other", env=environment)
    assert digest(tmp_path / "plain") == digest(tmp_path / "other")


def test_rel_061_files_of_dead_runs_are_swept_and_those_of_others_kept(tmp_path):
    """Only temporary files of this target, of a process that is gone, are removed."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    stale = f".file.{dead.pid}.abc12_x9.part"
    endless = f".file.{10**30}.abc.part"
    kept = {
        f".file.{os.getppid()}.abc.part",
        f".other.{dead.pid}.abc.part",
        ".file.part",
        ".file.xyz.abc.part",
        f"file.{dead.pid}.abc.part",
    }
    for name in {stale, endless, *kept}:
        (tmp_path / name).write_text("", encoding="utf-8")
    write_whole(tmp_path / "file", "new")
    assert {path.name for path in tmp_path.iterdir()} == {"file", *kept}


def test_rel_061_a_folder_of_a_killed_run_is_swept_by_the_next(case_folder):
    """Every table sweeps its own leftovers."""
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    for name in ("towns.csv", "roads.csv", "events.csv"):
        (case_folder / f".{name}.{dead.pid}.abc.part").write_text("half", encoding="utf-8")
    network, events = sr.datasets.toy()
    sr.write_network(network, case_folder)
    sr.write_events(events, case_folder)
    assert not list(case_folder.glob(".*"))
    assert sr.read_network(case_folder) == network
