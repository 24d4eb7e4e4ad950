"""A batch: done once, done again only where something changed, the same bytes in the end."""

import json
import os
import signal
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from supplyroutes.batch import working
from supplyroutes.batch.crew import shared
from supplyroutes.batch.records import Record, keep
from supplyroutes.batch.running import Crew, batch
from supplyroutes.batch.tasks import Wish, task_key, tasks_of
from supplyroutes.errors import OutputError, RequestError
from supplyroutes.io.editing import copy_folder
from supplyroutes.locks import locked
from supplyroutes.scenario import read_scenario

MARKDOWN = Wish((".md",))


def files(folder):
    """Return every file below a folder with its bytes, by its place."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(Path(folder).rglob("*"))
        if path.is_file()
    }


def run(folder, out, **options):
    """Run a batch of the scenarios of a folder; return names by whether they were done before."""
    before = {False: [], True: []}
    records = batch(
        tasks_of([folder]),
        out,
        wish=options.pop("wish", MARKDOWN),
        told=lambda record, known: before[known].append(record.name),
        **options,
    )
    return records, before


def test_every_scenario_gets_its_folder_and_a_row(scenarios, tmp_path):
    """Results, report and record of each; the summary tells the states of the toy case."""
    records, _ = run(scenarios, tmp_path / "out")
    assert [record.name for record in records] == ["day11", "day12", "day13"]
    assert [record.row["strained"] for record in records] == [0, 3, 0]
    for name in ("day11", "day12", "day13"):
        made = {path.name for path in (tmp_path / "out" / name).iterdir()}
        assert made == {"results.json", "report.md", "task.json"}
    table = (tmp_path / "out" / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert table[2].startswith("day12,done,,Day 12,2025-01-12,fuel,2,3,0,1,0,")
    told = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert [row["status"] for row in told["tasks"]] == ["done"] * 3


def test_rel_064_what_is_done_is_not_done_again(scenarios, tmp_path):
    """The second batch touches no file of a task, and ends with the same bytes."""
    out = tmp_path / "out"
    run(scenarios, out)
    first, times = files(out), {path: path.stat().st_mtime_ns for path in out.glob("*/*")}
    _, before = run(scenarios, out)
    assert before == {False: [], True: ["day11", "day12", "day13"]}
    assert files(out) == first
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/*")} == times


def test_a_changed_scenario_is_done_again_alone(scenarios, tmp_path):
    """Its key differs; a comment changes nothing that is asked."""
    out = tmp_path / "out"
    run(scenarios, out)
    (scenarios / "day12.toml").write_text(
        (scenarios / "day12.toml").read_text(encoding="utf-8").replace("01-12", "01-14"),
        encoding="utf-8",
    )
    with (scenarios / "day13.toml").open("a", encoding="utf-8") as stream:
        stream.write("# nothing\n")
    _, before = run(scenarios, out)
    assert before == {False: ["day12"], True: ["day11", "day13"]}


@pytest.mark.parametrize("spoilt", ["task.json", "report.md", "results.json"])
def test_a_task_without_one_of_its_files_is_done_again(scenarios, tmp_path, spoilt):
    """A record that is gone or torn, or a report that somebody deleted."""
    out = tmp_path / "out"
    run(scenarios, out)
    whole = files(out)
    target = out / "day11" / spoilt
    if spoilt == "task.json":
        target.write_bytes(target.read_bytes()[:40])
    else:
        target.unlink()
    _, before = run(scenarios, out)
    assert before[False] == ["day11"]
    assert files(out) == whole


def test_other_wishes_and_changed_tables_are_another_task(scenarios, tmp_path):
    """Format, language, condition and every table read count (REL-065)."""
    copy_folder("toy", tmp_path / "mine")
    (scenarios / "own.toml").write_text('folder = "../mine"\ndate = 2025-01-12\n', encoding="utf-8")
    scenario = read_scenario(scenarios / "own.toml")
    wishes = [MARKDOWN, Wish((".json",)), Wish((".md",), "fr"), Wish((".md",), condition="x")]
    keys = [task_key(scenario, wish) for wish in wishes]
    assert len({*keys}) == len(wishes)
    assert task_key(scenario, MARKDOWN) == keys[0]
    with (tmp_path / "mine" / "stocks.csv").open("a", encoding="utf-8") as stream:
        stream.write("\n")
    assert task_key(scenario, MARKDOWN) != keys[0]


def test_what_a_what_if_says_and_in_which_order_is_another_task(tmp_path):
    """A default that is said takes back what stands below it, and entries keep the file's order."""
    head = 'case = "toy"\ndate = 2025-01-12\n[convoys]\nsize_ratio = 2\n'
    texts = (
        "[what_if.x.convoys]\n[what_if.y]\n",
        "[what_if.x.convoys]\nsize_ratio = 1\n[what_if.y]\n",
        "[what_if.y]\n[what_if.x.convoys]\n",
    )
    keys = set()
    for number, text in enumerate(texts):
        (tmp_path / f"{number}.toml").write_text(head + text, encoding="utf-8")
        keys.add(task_key(read_scenario(tmp_path / f"{number}.toml"), MARKDOWN))
    assert len(keys) == len(texts)


def test_a_table_that_changes_while_a_task_is_done_makes_another_task(
    scenarios, tmp_path, monkeypatch
):
    """The answer is of the table before: its record must not bear the key of the one after."""
    copy_folder("toy", tmp_path / "mine")
    (scenarios / "day11.toml").write_text(
        'folder = "../mine"\ndate = 2025-01-12\n[analyses]\nonly = []\n', encoding="utf-8"
    )
    real = working.run

    def slow(scenario, **options):
        results = real(scenario, **options)
        if scenario.folder:
            with (tmp_path / "mine" / "stocks.csv").open("a", encoding="utf-8") as stream:
                stream.write("\n")
        return results

    monkeypatch.setattr(working, "run", slow)
    run(scenarios, tmp_path / "out")
    monkeypatch.undo()
    _, before = run(scenarios, tmp_path / "out")
    assert before[False] == ["day11"]


def test_no_report_of_a_format_wanted_before_stays(scenarios, tmp_path):
    """It would be of what was asked then; what others put there stays."""
    out = tmp_path / "out"
    run(scenarios, out)
    (out / "day11" / "mine.txt").touch()
    run(scenarios, out, wish=Wish((".json",)))
    made = {path.name for path in (out / "day11").iterdir()}
    assert made == {"results.json", "report.json", "task.json", "mine.txt"}


@pytest.mark.parametrize("files_told", ["5", "[5]", "null", '["a\\u0000b"]', "{}"])
def test_a_record_with_strange_files_counts_for_nothing(scenarios, tmp_path, files_told):
    """Not even for an error."""
    out = tmp_path / "out"
    run(scenarios, out)
    record = out / "day11" / "task.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps({**told, "files": json.loads(files_told)}), encoding="utf-8")
    _, before = run(scenarios, out)
    assert before[False] == ["day11"]


def test_a_scenario_that_fails_is_told_and_the_others_go_on(scenarios, tmp_path):
    """A wrong key, and a town that the case does not have; both can be mended and resumed."""
    (scenarios / "bad.toml").write_text('case = "toy"\ndat = 2025-01-12\n', encoding="utf-8")
    (scenarios / "far.toml").write_text(
        'case = "toy"\ndate = 2025-01-12\n[stock_m3]\neaast = 1.0\n', encoding="utf-8"
    )
    records, _ = run(scenarios, tmp_path / "out")
    assert [record.status for record in records] == ["failed", "done", "done", "done", "failed"]
    assert "bad.toml:2: dat: unknown key; did you mean date?" in records[0].reason
    assert "far.toml:4: stock_m3.eaast: no town is called" in records[4].reason
    assert not (tmp_path / "out" / "bad").exists()


def test_a_mistake_of_ours_stops_one_scenario_alone(scenarios, tmp_path, monkeypatch):
    """It would stop every later batch at the same place."""
    real = working.run

    def broken(scenario, **options):
        if scenario.date.day == 12:
            raise ZeroDivisionError("division by zero")
        return real(scenario, **options)

    monkeypatch.setattr(working, "run", broken)
    records, _ = run(scenarios, tmp_path / "out")
    assert [record.status for record in records] == ["done", "failed", "done"]
    assert records[1].reason == "internal error: ZeroDivisionError: division by zero"


def test_one_or_several_workers_give_the_same_bytes(scenarios, tmp_path):
    """REL-063."""
    for workers in (1, 2):
        run(scenarios, tmp_path / str(workers), crew=Crew(workers=workers))
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_names_that_would_share_a_folder_are_refused(scenarios, tmp_path):
    """Also on a file system that does not tell upper from lower case."""
    other = tmp_path / "other"
    other.mkdir()
    (other / "DAY11.toml").write_text('case = "toy"\ndate = 2025-01-11\n', encoding="utf-8")
    with pytest.raises(RequestError, match=r"two scenarios are called DAY11, day11"):
        tasks_of([scenarios, other])
    with pytest.raises(RequestError, match="no scenario file"):
        tasks_of([tmp_path])


@pytest.mark.parametrize("name", ["..toml", "...toml", ".hidden.toml", "Summary.csv.toml"])
def test_a_name_that_is_no_folder_of_a_task_is_refused(scenarios, tmp_path, name):
    """The files of one called .. would stand beside the batch, and sweep others away."""
    (scenarios / name).write_text('case = "toy"\ndate = 2025-01-11\n', encoding="utf-8")
    with pytest.raises(RequestError, match="rename the file"):
        run(scenarios, tmp_path / "out")
    assert not (tmp_path / "task.json").exists()


def test_a_bad_condition_is_refused_before_any_work(scenarios, tmp_path):
    """It is no fault of each scenario."""
    with pytest.raises(RequestError, match="cannot read the condition"):
        run(scenarios, tmp_path / "out", wish=Wish((".md",), condition="state(east) = isolated"))
    assert not (tmp_path / "out").exists()


def test_two_batches_do_not_write_the_same_folder(scenarios, tmp_path):
    """REL-058: the second is refused at once."""
    out = tmp_path / "out"
    out.mkdir()
    with locked(out), pytest.raises(OutputError, match="another run writes here"):
        run(scenarios, out)


def test_a_record_is_written_last(tmp_path):
    """A task whose files cannot all be written has no record, even if it had one."""
    keep(tmp_path, Record("one", "k", "done"), {"report.md": "old"})
    (tmp_path / "one" / "results.json").mkdir()
    with pytest.raises(OutputError, match="not a file"):
        keep(tmp_path, Record("one", "k", "done"), {"report.md": "new", "results.json": "{}"})
    assert not (tmp_path / "one" / "task.json").exists()
    assert (tmp_path / "one" / "report.md").read_text(encoding="utf-8") == "old"


# --- workers that fail (REL-062) ----------------------------------------------------------------


@dataclass(frozen=True)
class Sabotage:
    """Does a task named after what happens to it; the second try goes well if there is a file."""

    folder: str

    def __call__(self, name):
        tried = Path(self.folder) / name
        again = tried.exists()
        tried.touch()
        if name.startswith("once") and again:
            return Record(name, "k", "done")
        if "killed" in name:
            os.kill(os.getpid(), signal.SIGKILL)
        if "hangs" in name:
            time.sleep(60)
        if "junk" in name:
            return object
        if "leaves" in name:
            os._exit(3)
        return Record(name, "k", "done")


def test_rel_062_a_worker_that_dies_hangs_or_talks_nonsense_fails_alone(tmp_path):
    """Each is tried again once, then given up with its reason; the others are done."""
    names = ["fine", "once_killed", "killed", "hangs", "junk", "leaves", "also_fine"]
    records = shared(
        Sabotage(str(tmp_path)),
        dict.fromkeys(names),
        workers=2,
        retries=1,
        most_s=1.0,
        failed=lambda name, reason: Record(name, "", "failed", reason),
    )
    told = {record.name: (record.status, record.reason) for record in records}
    assert told == {
        "fine": ("done", ""),
        "also_fine": ("done", ""),
        "once_killed": ("done", ""),
        "killed": ("failed", "its process ended (SIGKILL)"),
        "hangs": ("failed", "took longer than 1 s"),
        "junk": ("failed", "its process answered nonsense"),
        "leaves": ("failed", "its process ended (exit code 3)"),
    }


@dataclass(frozen=True)
class DyingAfterwards:
    """Does its task; the process ends before it gets another."""

    def __call__(self, name):
        threading.Timer(0.2, os._exit, (3,)).start()
        return Record(name, "k", "done")


def test_a_worker_that_dies_between_two_tasks_is_replaced():
    """Its next task goes to another one."""
    records = shared(
        DyingAfterwards(),
        dict.fromkeys("abc"),
        workers=1,
        retries=1,
        most_s=None,
        failed=lambda name, reason: Record(name, "", "failed", reason),
    )
    told = []
    for record in records:
        told.append((record.name, record.status))
        time.sleep(1)  # what is told of a record takes longer than the worker lives
    assert told == [("a", "done"), ("b", "done"), ("c", "done")]


@dataclass(frozen=True)
class Broken:
    """Fails for a reason that is no task's own."""

    def __call__(self, name):
        raise OutputError(f"{name}: cannot be written: No space left on device")


def test_an_error_of_the_output_stops_the_batch():
    """A full disk is no fault of one scenario."""
    with pytest.raises(OutputError, match="No space left"):
        list(shared(Broken(), {"a": 1}, workers=2, retries=1, most_s=None, failed=Record))


def test_a_crew_that_cannot_work_is_refused():
    """No workers; a limit that nobody could hold."""
    with pytest.raises(RequestError, match="at least one"):
        Crew(workers=0)
    with pytest.raises(RequestError, match="two workers"):
        Crew(most_s=1.0)
