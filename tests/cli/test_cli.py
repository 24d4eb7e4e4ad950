"""The command line, run as a person or a script runs it."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.cli import main, run_commands

COMMAND = [sys.executable, "-c", "from supplyroutes.cli import main; main()"]


def script(*arguments, **options):
    """Run the command line in a process of its own."""
    command = [*COMMAND, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)


@pytest.fixture
def folder(tmp_path):
    """A copy of the toy case."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "toy")
    return tmp_path / "toy"


TOY = ("--case", "toy", "--date", "2025-01-12")


def test_run_shows_corridors_towns_changes_and_assumptions(cli):
    """One screen: state and last report of corridors, towns with cause and since, changes."""
    code, out, _ = cli("run", "--case", "mali", "--date", "2025-10-15")
    assert code == 0
    for words in ("Dakar - Kayes", "refused", "ML022", "Bamako", "2025-09-06", "What is assumed"):
        assert words in out
    assert len(out.splitlines()) <= 50
    assert "Bamako 0.0, short now" in out
    assert max(map(len, out.splitlines())) <= 120


def test_rel_086_an_old_picture_is_said_to_be_old(cli):
    """Three months after the last report the screen says so; on the day itself it does not."""
    old = "The last report is 92 days old"
    assert old in cli("run", "--date", "2026-03-02")[1]
    assert "the picture is not" not in cli("run", "--date", "2025-10-15")[1]


def test_run_in_french(cli):
    """The same screen in French."""
    code, out, _ = cli("run", *TOY, "--lang", "fr")
    assert code == 0
    assert "sous tension" in out
    assert "strained" not in out


def test_json_is_valid_and_the_same_bytes_twice(cli):
    """--json prints JSON with a schema version, equal for equal input."""
    _, one, _ = cli("run", *TOY, "--json")
    _, two, _ = cli("run", *TOY, "--json")
    assert one == two
    answer = json.loads(one)
    assert answer["schema_version"] == 1
    states = {row["node"]: row["state"] for row in answer["isolation"]["towns"]}
    assert states["east"] == "strained"


def test_m20_command_line_equals_the_library(cli):
    """isolation --json is Isolation.to_dict, with since when."""
    network, events = sr.datasets.toy()
    day = sr.disrupt(network, events, at="2025-01-12")
    expected = sr.isolation(day, baseline=network).to_dict()
    answer = json.loads(cli("isolation", *TOY, "--json")[1])
    for row in answer["towns"]:
        row.pop("since")
    answer.pop("schema_version")
    assert answer == expected


def test_isolation_of_one_town_shows_its_proof(cli):
    """The path, the cut and the reports of one town."""
    _, out, _ = cli("isolation", *TOY, "--town", "EST")
    assert "south--bridge" in out
    assert "T2" in out
    rows = json.loads(cli("isolation", *TOY, "--town", "est", "--json")[1])["towns"]
    assert [row["node"] for row in rows] == ["east"]


def test_corridors_and_timeline(cli):
    """Corridors of a day, changes over days; JSON for both."""
    assert "closed" in cli("corridors", *TOY)[1]
    assert json.loads(cli("corridors", *TOY, "--json")[1])["summary"]["closed"] == 1
    span = ("timeline", "--case", "toy", "--from", "2025-01-08", "--to", "2025-01-15")
    assert "2025-01-13" in cli(*span)[1]
    answer = json.loads(cli(*span, "--json", "--town", "east")[1])
    assert answer["days_in_state"] == {"east": {"strained": 1, "supplied": 7}}


def test_scenario_file_run_and_report(cli, tmp_path):
    """A what-if is run, and reported beside the recorded day."""
    path = sr.datasets.folder("mali") / "scenarios" / "ivorian_roads_reopened.toml"
    code, out, _ = cli("run", path)
    assert code == 0
    assert "reopened" in out
    assert "differences" in json.loads(cli("run", path, "--json")[1])
    code, _, err = cli("report", path, "-o", tmp_path / "r.md", "--lang", "fr", "--only", "none")
    assert code == 0
    assert "written" in err
    assert "Constaté" in (tmp_path / "r.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("suffix", ["png", "svg"])
def test_map_is_written(cli, tmp_path, suffix):
    """A picture of the day."""
    output = tmp_path / f"map.{suffix}"
    assert cli("map", *TOY, "-o", output)[0] == 0
    assert output.stat().st_size > 1000


def test_events_list_add_retract(cli, folder):
    """A report is added, listed, and retracted."""
    new = ("--start", "2025-01-20", "--kind", "road_closed", "--basis", "reported")
    place = ("--scope", "segment", "--edges", "north--bridge", "--spot-known", "true")
    told = ("--confidence", "B", "--text", "A tree.", "--source", "test")
    code, _, err = cli("events", "add", folder, *new, *place, *told)
    assert (code, err.strip()) == (0, "added: R001")
    assert "A tree." in cli("events", "list", folder, "--kind", "road_closed")[1]
    assert cli("events", "retract", folder, "R001", "--reason", "none")[0] == 0
    rows = json.loads(cli("events", "list", folder, "--json", "--from", "2025-01-20")[1])["events"]
    assert {row["event"]: row["status"] for row in rows}["R001"] == "retracted"
    args = ("events", "retract", folder, "T2", "--reason", "none", "--on", "2025-01-20")
    assert cli(*args)[0] == 0
    for day, status in (("2025-01-19", "reported"), ("2025-01-20", "retracted")):
        told = cli("events", "list", folder, "--json", "--as-known-on", day)[1]
        rows = json.loads(told)["events"]
        assert {row["event"]: row["status"] for row in rows}["T2"] == status


def test_check_lists_warnings_and_contradictions(cli, folder):
    """What is accepted but odd is told on stderr; the answer counts it."""
    assert cli("check", folder)[1].endswith(": no errors; 0 notes.\n")
    text = (folder / "events.csv").read_text(encoding="utf-8")
    again = "T4,2025-01-11,,no_end_expected,,road_reopened,reported,all,segment,port--north,NORTH,"
    (folder / "events.csv").write_text(f"{text}{again},true,D,Open.,x\n", encoding="utf-8")
    code, out, err = cli("check", folder)
    assert code == 0
    assert out.endswith("6 towns, 7 roads, 4 reports: no errors; 1 note.\n")
    assert err.count("T1 and T4 contradict") == 1
    assert "T1 and T4 contradict" in cli("run", folder, "--date", "2025-01-12")[2]


def test_copy_makes_a_case_of_ones_own(cli, tmp_path):
    """The copy runs like the original."""
    assert cli("copy", "toy", tmp_path / "mine")[0] == 0
    one = cli("run", tmp_path / "mine", "--date", "2025-01-12")[1]
    assert one == cli("run", *TOY)[1]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("run",), 2, "say the day"),
        (("run", "--date", "15/10/2025"), 2, "YYYY-MM-DD"),
        (("run", "--case", "malli", "--date", "2025-10-15"), 2, "did you mean mali"),
        (("run", "nowhere", "--date", "2025-10-15"), 3, "nowhere"),
        (("run", "nowhere.toml"), 3, "cannot be read"),
        (("run", "--nonsense"), 2, "No such option"),
        (("isolation", *TOY, "--town", "Estt"), 2, "did you mean Est"),
        (("run", *TOY, "--fail-if", "state(east) == strained"), 4, "the condition holds"),
        (("run", *TOY, "--fail-if", "state(east) == isolated"), 0, ""),
        (("run", *TOY, "--fail-if", "rm -rf"), 2, "cannot read the condition"),
        (("map", *TOY, "-o", "/dev/null/map.png"), 5, "cannot be written"),
        (("map", *TOY, "-o", "map.xyz"), 2, "xyz"),
        (("timeline", "--case", "toy", "--from", "2025-01-09", "--to", "2025-01-08"), 2, "before"),
        (("check", "nowhere"), 3, "does not exist"),
    ],
)
def test_exit_codes_and_messages(cli, arguments, code, message):
    """Each kind of mistake has its exit code, one clear message, and no traceback."""
    got, _, err = cli(*arguments)
    assert got == code
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["run", "isolation", "corridors"])
@pytest.mark.parametrize(
    "condition", ["rm -rf", "state(east) == strained or towns(purple) > nan", "state(x) == open"]
)
def test_a_bad_condition_is_refused_before_any_answer(cli, command, condition):
    """Nothing is printed but what is wrong with the condition."""
    code, out, err = cli(command, *TOY, "--fail-if", condition)
    assert (code, out) == (2, "")
    assert len(err.splitlines()) == 1


def test_a_bad_condition_is_refused_before_a_report_is_written(cli, tmp_path):
    """No file stands there that was not asked for in full."""
    assert (
        cli(
            "report",
            *TOY,
            "-o",
            tmp_path / "r.md",
            "--only",
            "none",
            "--fail-if",
            "state(x) == open",
        )[0]
        == 2
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "command",
    [
        ("run",),
        ("isolation",),
        ("corridors",),
        ("timeline", "--from", "2025-01-10", "--to", "2025-01-12"),
        ("map", "-o", "never.svg"),
        ("report", "-o", "never.md", "--only", "none"),
    ],
)
@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ('[events]\nremoved = ["T9"]', ":4: events.removed.0: ", "no event is called 'T9'"),
        ("[rules.R28]\ndelay_h = -1", ":4: rules.R28.delay_h: ", "between 0 and"),
        ('[[events.added]]\nevent = "X"\nkind = "x"', ":5: events.added.0.kind: ", "choices"),
    ],
)
def test_scenario_errors_are_the_same_in_every_command(
    cli, tmp_path, command, text, place, message
):
    """Code 3, with file, line and key, whatever is asked of the scenario."""
    path = tmp_path / "what_if.toml"
    path.write_text(f'case = "toy"\ndate = 2025-01-12\n{text}\n', encoding="utf-8")
    code, out, err = cli(command[0], path, *command[1:])
    assert (code, out) == (3, "")
    line = next(line for line in err.splitlines() if message in line)
    assert line.startswith(f"{path}{place}")


@pytest.mark.parametrize("suffix", ["", ".toml"])
@pytest.mark.parametrize(
    "command", [("run", "--date", "2025-01-12"), ("check",), ("events", "list")]
)
def test_a_name_too_long_is_bad_input(cli, command, suffix):
    """No such file can be: that is no fault of the output."""
    options = command[1:] if command[0] != "events" else ()
    names = command[:2] if command[0] == "events" else command[:1]
    code, _, err = cli(*names, "x" * 300 + suffix, *options)
    assert code == 3
    assert "output" not in err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(5, "Input/output error", "towns.csv"), 3),
        (OSError(28, "No space left on device"), 5),
    ],
)
def test_errors_of_the_system_are_told_apart(cli, monkeypatch, error, code):
    """An error that names a file was met in reading it; one that names none, in printing."""

    def broken(*_arguments, **_options):
        raise error

    monkeypatch.setattr("supplyroutes.overview.situation", broken)
    monkeypatch.setattr("supplyroutes.scenario.running.situation", broken)
    assert cli("run", *TOY)[0] == code


def test_folder_and_case_together_are_refused(cli, folder):
    """One of the two would go unread."""
    for command in (("events", "list"), ("run",)):
        code, out, err = cli(*command, folder, "--case", "mali")
        assert (code, out) == (2, "")
        assert "not both" in err


def test_bad_folder_lists_every_problem(cli, folder):
    """Faults in three tables are told at once, each with file and row; code 3."""
    for name, old, new in (
        ("towns.csv", "11.0,-9.5", "91.0,-9.5"),
        ("roads.csv", ",132,", ",NaN,"),
        ("events.csv", "road_closed", "road_clozed"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    code, out, err = cli("check", folder)
    assert (code, out) == (3, "")
    for place in ("towns.csv:3: lat", "roads.csv:2: length_km", "events.csv:2: kind"):
        assert place in err


@pytest.mark.parametrize("name", ["$\\foo$", "[bold red]x[/]", "<script>", "=cmd()"])
def test_rel_016_to_019_names_are_plain_text(cli, folder, name):
    """A town may have any name: the screen, the map and the report show it as it is."""
    text = (folder / "towns.csv").read_text(encoding="utf-8").replace("East,Est", f'"{name}",Est')
    (folder / "towns.csv").write_text(text, encoding="utf-8")
    code, out, _ = cli("run", folder, "--date", "2025-01-12")
    assert code == 0
    assert name in out
    picture = folder / "map.svg"
    assert cli("map", folder, "--date", "2025-01-12", "-o", picture)[0] == 0


ANSWERS = [
    ("run", *TOY),
    ("run", *TOY, "--json"),
    ("isolation", *TOY),
    ("isolation", *TOY, "--town", "east"),
    ("explain", "east", *TOY),
    ("corridors", *TOY),
    ("timeline", "--case", "toy", "--from", "2025-01-08", "--to", "2025-01-15"),
    ("events", "list", "--case", "toy"),
    ("events", "list", "--json"),
    ("check", str(sr.datasets.folder("toy"))),
    ("--help",),
]
"""Every command that prints an answer."""


@pytest.mark.parametrize("arguments", ANSWERS, ids=" ".join)
def test_rel_054_closed_pipe_ends_without_a_word(arguments):
    """`supplyroutes ... | head -1` ends cleanly, even if head leaves before the first line."""
    reader, writer = os.pipe()
    os.close(reader)
    command = [*COMMAND, *arguments]
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("run", "--nonsense"), 2), (("run",), 2), (("check", "nowhere"), 3), (("run", *TOY), 0)],
)
def test_rel_054_a_reader_of_messages_who_left_changes_no_code(arguments, code):
    """`supplyroutes ... 2>&1 | true` ends with the code of what happened."""
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*COMMAND, *arguments], stdout=writer, stderr=writer, check=False)
    os.close(writer)
    assert done.returncode == code


class Left(io.TextIOWrapper):
    """An output whose reader has left."""

    def write(self, _text):
        raise BrokenPipeError


def test_rel_054_a_reader_who_left_is_told_from_an_error_in_this_process(monkeypatch):
    """The same without a pipe: code 0 for an answer, the code of the mistake for a message."""
    monkeypatch.setattr(sys, "stdout", Left(io.BytesIO()))
    monkeypatch.setattr(sys, "stderr", Left(io.BytesIO()))
    for arguments, code in ((("run", *TOY), 0), (("--help",), 0), (("check", "nowhere"), 3)):
        assert run_commands(list(arguments)) == code


def test_rel_060_main_opens_what_is_closed_and_speaks_utf8(monkeypatch):
    """Closed streams get stand-ins: messages are dropped, an answer cannot be written."""
    monkeypatch.setattr(sys, "argv", ["supplyroutes", "events", "list", "--case", "toy"])
    monkeypatch.setattr(sys, "stdout", None)
    monkeypatch.setattr(sys, "stderr", None)
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 5
    narrow = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", narrow)
    monkeypatch.setattr(sys, "argv", ["supplyroutes", "run", *TOY, "--lang", "fr"])
    with pytest.raises(SystemExit) as leaving:
        main()
    assert leaving.value.code == 0
    assert "État" in narrow.buffer.getvalue().decode("utf-8")


def closed(redirection, *arguments):
    """Run the command line in a shell that closes a stream."""
    line = f"{shlex.join([*COMMAND, *map(str, arguments)])} {redirection}"
    return subprocess.run(["/bin/sh", "-c", line], capture_output=True, text=True, check=False)


@pytest.mark.parametrize("arguments", [ANSWERS[0], ANSWERS[1], ANSWERS[-1]], ids=" ".join)
def test_rel_054_an_answer_on_a_closed_output_is_code_5(arguments):
    """`supplyroutes ... >&-` cannot give its answer: it says so."""
    done = closed(">&-", *arguments)
    assert done.returncode == 5
    assert done.stderr == "cannot write the output: Bad file descriptor\n"


def test_rel_054_closed_streams_do_not_matter_where_nothing_is_printed(tmp_path):
    """A file is written whole with all three streams closed; an answer without its messages."""
    done = closed("<&- >&- 2>&-", "copy", "toy", tmp_path / "mine")
    assert done.returncode == 0
    assert sr.read_network(tmp_path / "mine") == sr.datasets.toy()[0]
    assert closed("2>&-", "run", *TOY).stdout == script("run", *TOY).stdout
    assert closed("2>&-", "run").returncode == 2


def test_rel_053_interrupt_ends_with_130_and_no_traceback():
    """Ctrl-C stops a command with code 130."""
    code = (
        "import supplyroutes.overview as s, time\n"
        "def slow(*a, **k):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "s.situation = slow\nimport supplyroutes.scenario.running as c\nc.situation = slow\n"
        "from supplyroutes.cli import main\nmain()"
    )
    command = [sys.executable, "-c", code, "run", *TOY]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as run:
        assert run.stdout is not None
        assert run.stdout.readline() == b"ready\n"
        run.send_signal(signal.SIGINT)
        _, err = run.communicate(timeout=20)
    assert run.returncode == 130
    assert err.strip() == b"interrupted"


def test_rel_055_full_disk_is_code_5():
    """An answer that cannot be printed is an output error, not a crash."""
    device = Path("/dev/full")
    if not device.exists():
        pytest.skip("this system has no /dev/full")
    with device.open("w", encoding="utf-8") as full:
        command = [*COMMAND, "run", *TOY]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
        {"TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "3"},
        {"HOME": "/dev/null"},
    ],
)
def test_rel_060_and_067_same_bytes_in_every_environment(environment):
    """Locale, time zone, hash seed and home folder change nothing, in words or in JSON."""
    for arguments in (("run", *TOY, "--json"), ("run", *TOY), ("run", *TOY, "--lang", "fr")):
        command = [*COMMAND, *arguments]
        plain, other = (
            subprocess.run(command, capture_output=True, check=False, env={**os.environ, **given})
            for given in ({}, environment)
        )
        assert other.returncode == 0, other.stderr
        assert (other.stdout, other.stderr) == (plain.stdout, plain.stderr)


def test_rel_060_a_name_that_is_no_utf8_is_shown_escaped(tmp_path):
    """A folder may have any bytes in its name."""
    place = os.fsencode(tmp_path) + b"/k\xe9"
    shutil.copytree(os.fsencode(sr.datasets.folder("toy")), place)
    for environment in ({}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        done = subprocess.run(
            [*COMMAND, "check", place],
            capture_output=True, check=False, env={**os.environ, **environment},
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"k\\udce9: 6 towns" in done.stdout


def test_help_and_version_are_light():
    """--help loads no heavy library."""
    code = (
        "import sys\nfrom supplyroutes.cli import main, run_commands\nrun_commands(['--help'])\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'networkx', 'pydantic', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "supplyroutes 0." in script("--version").stdout


@pytest.mark.parametrize(
    "command",
    [
        "run",
        "isolation",
        "explain",
        "corridors",
        "timeline",
        "map",
        "report",
        "check",
        "copy",
        "events",
    ],
)
def test_every_command_has_help(cli, command):
    """Each command says what it does."""
    code, out, _ = cli(command, "--help")
    assert code == 0
    assert "Usage: supplyroutes" in out
    assert "\\b" not in out  # the mark by which click keeps lines apart


def test_isolation_without_a_town_shows_all_the_worst_first(cli):
    """Strained towns before supplied ones, those off the network last; proof of an isolated one."""
    _, out, _ = cli("isolation", *TOY)
    first = [line.split()[0] for line in out.splitlines() if line]
    places = [first.index(name) for name in ("East", "Port", "Mine")]
    assert places == sorted(places)


def test_isolated_town_shows_the_closed_cut(cli, folder):
    """With both roads closed East is isolated: the cut and its reports are the proof."""
    text = (folder / "events.csv").read_text(encoding="utf-8")
    row = "T4,2025-01-11,2025-01-13,recorded,,road_closed,reported,all,segment,port--south,,,true,B"
    (folder / "events.csv").write_text(f"{text}{row},Closed too.,test\n", encoding="utf-8")
    code, out, _ = cli("isolation", folder, "--date", "2025-01-12", "--town", "East")
    assert code == 0
    for words in ("East: isolated", "port>north (port--north)", "port>south (port--south)", "T4"):
        assert words in out
    assert cli("run", folder, "--date", "2025-01-12", "--fail-if", "state(est)==isolated")[0] == 4


SIEGE = """\
case = "{case}"
date = {day}
[[events.added]]
event = "SIEGE"
start = {day}
kind = "town_siege"
basis = "reported"
scope = "point"
nodes = ["{node}"]
text = "The town is besieged."
"""


@pytest.fixture(params=[("toy", "2025-01-12", "east"), ("mali", "2025-10-15", "kayes")])
def siege(request, tmp_path):
    """A scenario in which a town is isolated: its file and the id of the town."""
    case, day, node = request.param
    path = tmp_path / "siege.toml"
    path.write_text(SIEGE.format(case=case, day=day, node=node), encoding="utf-8")
    return path, node


def test_roads_that_changed_are_named_with_the_report_that_changed_them(cli):
    """Up to three roads a change, each with its report; the rest is counted."""
    out = " ".join(cli("run", "--date", "2025-10-13")[1].split())
    assert "Roads, open → closed: Kolondiéba – Kadiana (RN30) (ML061)." in out
    assert "Roads, open → restricted: South – Bridge (N2) (T2)." in cli("run", *TOY)[1]
    again = cli("run", "--case", "toy", "--date", "2025-01-13")[1]
    assert "Roads, closed → open: Port – North (N1) (T3)." in again, "who told that it is open"
    many = " ".join(cli("run", "--date", "2025-09-06")[1].split())
    assert re.search(r"Roads, open → refused: [^.]+ \(RN7\) \(ML034\) and 7 more\.", many)


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_reports_are_listed_with_names_of_places(cli, folder, lang):
    """Days, kind, place and confidence on one line, what was told below it, at 80 columns too."""
    lines = cli("events", "list", "--lang", lang)[1].splitlines()
    starts = [line for line in lines if re.match(r"[A-Z]+\d+ · ", line)]
    assert len(starts) == 88
    for places in ("Dakar - Bamako (RN1) +5", "Kayes +1", "Mali", "Sikasso – Koutiala (RN11) +4"):
        assert [line for line in starts if f" · {places} · " in line], places
    assert "ML060 · 2025-10-13 · " in "\n".join(starts)
    (folder / "roads.csv").write_text("edge\nx\n", encoding="utf-8")
    code, out, _ = cli("events", "list", folder)
    assert (code, " · port--north · " in out or " · NORTH · " in out) == (0, True)
    assert cli("check", folder)[0] == 3


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_without_a_recorded_source_no_road_is_blamed(cli, tmp_path, lang):
    """Goods have no source in the data: that is said, not that 127 places have no road."""
    from supplyroutes.catalogue import words

    goods = ("--date", "2025-10-15", "--commodity", "goods", "--lang", lang)
    said = words(lang)("count.no_source", country="Mali", places=127)
    told = words(lang)("run.no_source")
    assert said in cli("run", *goods)[1]
    assert said in cli("isolation", *goods)[1]
    assert told in " ".join(cli("explain", "gao", *goods)[1].split(" "))
    assert cli("report", *goods, "-o", tmp_path / "r.md", "--only", "none")[0] == 0
    text = (tmp_path / "r.md").read_text(encoding="utf-8")
    assert said in text
    assert told in text


def test_a_source_out_of_service_is_a_source(cli, tmp_path):
    """With its one port closed toy has no fuel, but a source is recorded."""
    path = tmp_path / "port.toml"
    text = SIEGE.format(case="toy", day="2025-01-12", node="port")
    path.write_text(text.replace("town_siege", "terminal_out"), encoding="utf-8")
    out = cli("run", path)[1]
    assert "5 isolated" in out
    assert "No source of this commodity" not in out


DOUBT = {
    "en": ("supplied ?", "of unknown state: "),
    "fr": ("approvisionnée\u202f?", "à l’état inconnu\u202f: "),
}


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_town_that_relies_on_unknown_roads_is_marked(cli, tmp_path, lang):
    """Gao is supplied over two roads of which nobody has told for months: every answer says so."""
    from supplyroutes.catalogue import words

    state, roads = DOUBT[lang]
    day, note = ("--date", "2025-10-15", "--lang", lang), words(lang)("run.doubtful")
    proof = cli("isolation", *day, "--town", "gao")[1]
    assert re.search(rf"^Gao +{re.escape(state)} ", proof, re.MULTILINE)
    assert f"{roads}Ansongo – Labbézanga (RN17), Gao – Ansongo (RN17)." in proof
    towns = cli("isolation", *day)[1]
    assert state in towns
    assert note in towns
    assert note not in cli("isolation", *TOY, "--lang", lang)[1]
    assert cli("report", *day, "-o", tmp_path / "r.md", "--only", "none")[0] == 0
    text = (tmp_path / "r.md").read_text(encoding="utf-8").replace("\\", "")
    assert words(lang).count("report.doubtful", 3, names="Gao, Bourem, Ansongo") in text
    assert note in text


@pytest.mark.parametrize(("lang", "state"), [("en", "isolated"), ("fr", "isolée")])
def test_an_isolated_town_on_screen_in_json_and_in_the_report(cli, tmp_path, siege, lang, state):
    """No source reaches it: a dash, null, and no traceback."""
    path, node = siege
    for command in ("run", "isolation"):
        code, out, _ = cli(command, path, "--lang", lang)
        assert code == 0
        [row] = [
            line
            for line in out.splitlines()
            if line.startswith(f"{node.title()} ") and line.count(" / ") == 2
        ]
        assert state in row
        assert " –  " in row
    answer = cli("run", path, "--json")[1]
    assert "NaN" not in answer
    towns = json.loads(answer)["entries"]["scenario"]["situation"]["isolation"]["towns"]
    assert next(row for row in towns if row["node"] == node)["nearest_source"] is None
    output = tmp_path / "siege.md"
    code, _, err = cli("report", path, "-o", output, "--lang", lang, "--only", "none")
    assert (code, "Traceback" in err) == (0, False)
    assert state in output.read_text(encoding="utf-8")


def test_counts_agree_with_their_nouns(cli, tmp_path):
    """One town, nought in French, and how many roads changed."""
    path = tmp_path / "siege.toml"
    path.write_text(SIEGE.format(case="toy", day="2025-01-12", node="east"), encoding="utf-8")
    out = cli("run", path, "--lang", "fr")[1]
    assert "6 localités\u202f: 1 isolée (100\u202f000 habitants)" in out
    assert "Routes, ouverte → fermée\u202f: Bridge – East (N1) (SIEGE), " in out
    assert "\u202f: 0 isolée," in cli("run", *TOY, "--lang", "fr")[1]
    assert "6 places: 0 isolated," in cli("run", *TOY)[1]


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_screen_of_80_columns_is_readable(cli, monkeypatch, lang):
    """Nothing is wider than the screen; no state, day or number is cut or folded."""
    from supplyroutes.catalogue import words
    from supplyroutes.cli import terminal

    monkeypatch.setattr(terminal, "WIDTH_WITHOUT_TERMINAL", 80)
    out = cli("run", "--case", "mali", "--date", "2025-10-15", "--lang", lang)[1]
    assert max(map(len, out.splitlines())) <= 80
    assert "…" not in out
    [row] = [
        line for line in out.splitlines() if line.startswith("Bamako ") and line.count(" / ") == 2
    ]
    strained = words(lang)("state.strained")
    for cell in (strained, "2025-09-06", words(lang).number(43.9, 1), "0 / 4 / 4"):
        assert cell in row
    assert words(lang)("corridor.escorted") in out
    assert words(lang).number(7053349) in out


def test_french_fits_one_screen_too(cli):
    """The French screen of the Mali case."""
    lines = cli("run", "--date", "2025-10-15", "--lang", "fr")[1].splitlines()
    assert len(lines) <= 53
    assert max(map(len, lines)) <= 120


def test_nothing_to_show_is_said_in_a_sentence(cli, folder):
    """No corridors, no changes, no reports: a sentence, not an empty table."""
    span = ("--from", "2025-01-01", "--to", "2025-01-03")
    out = cli("timeline", "--case", "toy", *span)[1]
    assert "No town changed its state." in out
    assert "No town was isolated or strained." in out
    assert "no such reports" in cli("events", "list", folder, "--to", "2020-01-01")[1]
    (folder / "corridors.csv").unlink()
    for name in ("supply.csv", "events.csv"):
        text = (folder / name).read_text(encoding="utf-8").replace("NORTH;SOUTH", "")
        text = text.replace(",NORTH,", ",,").replace(",SOUTH,", ",,")
        (folder / name).write_text(text, encoding="utf-8")
    assert "names no corridors" in cli("corridors", folder, "--date", "2025-01-12")[1]
