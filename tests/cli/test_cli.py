"""The command line, run as a person or a script runs it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.cli import run_commands


@pytest.fixture
def cli(capfd):
    """Run one command line in this process; return (code, stdout, stderr)."""

    def run(*arguments):
        code = run_commands([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return code, out, err

    return run


def script(*arguments, **options):
    """Run the command line in a process of its own."""
    command = [sys.executable, "-c", "from supplyroutes.cli import main; main()", *arguments]
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
    code, _, err = cli("report", path, "-o", tmp_path / "r.md", "--lang", "fr")
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


def test_check_lists_warnings_and_contradictions(cli, folder):
    """What is accepted but odd is told on stderr; the answer says that nothing is wrong."""
    text = (folder / "events.csv").read_text(encoding="utf-8")
    again = "T4,2025-01-11,,no_end_expected,,road_reopened,reported,all,segment,port--north,NORTH,"
    (folder / "events.csv").write_text(f"{text}{again},true,D,Open.,x\n", encoding="utf-8")
    code, out, err = cli("check", folder)
    assert code == 0
    assert "6 towns" in out
    assert "T1 and T4 contradict" in err


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
        (("map", *TOY, "-o", "/nonexistent/map.png"), 5, "cannot be written"),
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


def test_rel_054_closed_pipe_ends_without_a_word():
    """`supplyroutes ... | head -1` ends cleanly."""
    command = f"{sys.executable} -c 'from supplyroutes.cli import main; main()' events list --json"
    done = subprocess.run(
        ["/bin/bash", "-c", f"{command} | head -1; echo ${{PIPESTATUS[0]}} >&2"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr.strip() == "0"


def test_rel_053_interrupt_ends_with_130_and_no_traceback():
    """Ctrl-C stops a command with code 130."""
    code = (
        "import supplyroutes.overview as s, time\n"
        "def slow(*a, **k):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "s.situation = slow\nimport supplyroutes.scenario as c\nc.situation = slow\n"
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
        command = [sys.executable, "-c", "from supplyroutes.cli import main; main()", "run", *TOY]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 5
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"},
        {"TZ": "Pacific/Kiritimati"},
        {"PYTHONHASHSEED": "3"},
        {"HOME": "/nonexistent"},
    ],
)
def test_rel_060_and_067_same_bytes_in_every_environment(environment):
    """Locale, time zone, hash seed and home folder change nothing."""
    arguments = ("run", *TOY, "--json")
    plain = script(*arguments)
    other = script(*arguments, env={**os.environ, **environment})
    assert other.returncode == 0, other.stderr
    assert other.stdout == plain.stdout


def test_help_and_version_are_light():
    """--help loads no heavy library."""
    code = (
        "import sys\nfrom supplyroutes.cli import run_commands\nrun_commands(['--help'])\n"
        "heavy = {'pandas', 'numpy', 'matplotlib', 'networkx', 'pydantic', 'rich'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "supplyroutes 0." in script("--version").stdout


@pytest.mark.parametrize(
    "command",
    ["run", "isolation", "corridors", "timeline", "map", "report", "check", "copy", "events"],
)
def test_every_command_has_help(cli, command):
    """Each command says what it does."""
    code, out, _ = cli(command, "--help")
    assert code == 0
    assert "Usage: supplyroutes" in out


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
