"""`compare` and `sensitivity` on the command line."""

from __future__ import annotations

import json
import sys

import pytest

import supplyroutes as sr
from supplyroutes.cli import run_commands

SCENARIOS = sr.datasets.folder("mali") / "scenarios"
WHAT_IF = 'title = "No barricade"\ncase = "toy"\ndate = 2025-01-12\n[events]\nremoved = ["T1"]\n'


@pytest.fixture
def scenario(tmp_path):
    """Write a scenario file and return its path."""

    def write(text, name="lifted.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_two_days_with_reports_and_the_changes_between(cli):
    """What changed since 11 January: east, by T2, on the 12th."""
    code, out, _ = cli("compare", "--case", "toy", "--date", "2025-01-12", "--since", "2025-01-11")
    assert code == 0
    for told in ("12 January 2025 beside 11 January 2025", "illegal checkpoint (T2)",
                 "supplied → strained", "2025-01-12  supplied → strained", "South"):  # fmt: skip
        assert told in out, told


def test_the_screen_of_the_case_fits_in_both_languages(cli):
    """At most 66 lines of 120 columns; in French no English state is left."""
    for lang in ("en", "fr"):
        options = ("--date", "2025-10-15", "--since", "2025-09-01", "--lang", lang)
        code, out, _ = cli("compare", *options)
        assert code == 0
        assert len(out.splitlines()) <= 66
        assert max(map(len, out.splitlines())) <= 120
    assert "strained" not in out
    assert "blocus effectif (ML022)" in out


def test_json_is_the_comparison_with_the_changes(cli):
    """--json is Comparison.to_dict, the same bytes twice; --town leaves the others out."""
    options = (
        "compare",
        "--case",
        "toy",
        "--date",
        "2025-01-12",
        "--since",
        "2025-01-11",
        "--json",
    )
    one, two = (cli(*options)[1] for _ in "ab")
    assert one == two
    answer = json.loads(one)
    network, events = sr.datasets.toy()
    days = ("2025-01-11", "2025-01-12")
    want = sr.compare({day: sr.disrupt(network, events, at=day) for day in days}).to_dict()
    assert {key: answer[key] for key in want} == want
    assert ["2025-01-12", "east", "supplied", "strained"] in [
        list(row.values()) for row in answer["changes"]
    ]
    answer = json.loads(cli(*options, "--town", "East")[1])
    assert {row["node"] for row in answer["towns"]} == {"east"}
    assert {row["node"] for row in answer["changes"]} == {"east"}


def test_one_town_in_full(cli):
    """State, path, and the reports with their text and the arcs that they are on."""
    _, out, _ = cli("compare", "--case", "toy", "--date", "2025-01-12", "--since", "2025-01-11",
                    "--town", "east", "--town", "mine")  # fmt: skip
    for told in ("Port – South – Bridge – East", "T2 2025-01-12 (B)", "Fuel trucks are stopped",
                 "south>bridge (south--bridge)"):  # fmt: skip
        assert told in out, told


def test_scenarios_beside_the_recorded_day(cli, scenario):
    """Recorded once, then each what-if; another day brings its own recorded day."""
    first = scenario(WHAT_IF)
    second = scenario(WHAT_IF.replace("01-12", "01-11"), "earlier.toml")
    code, out, _ = cli("compare", first, "--all-towns")
    assert code == 0
    assert "lifted beside As recorded" in out
    answer = json.loads(cli("compare", first, second, "--json")[1])
    entries = [(row["entry"], row["at"]) for row in answer["entries"]]
    assert entries == [
        ("recorded", "2025-01-12"), ("lifted", "2025-01-12"),
        ("recorded:earlier", "2025-01-11"), ("earlier", "2025-01-11"),
    ]  # fmt: skip
    out = cli("compare", first, second)[1]
    assert "As recorded, for earlier, 2025-01-11" in out


def test_scenarios_of_one_name_are_told_apart_by_their_path(cli, scenario):
    """a/x.toml and b/x.toml are two entries."""
    paths = [scenario(WHAT_IF, "a/x.toml"), scenario(WHAT_IF, "b/x.toml")]
    answer = json.loads(cli("compare", *paths, "--json")[1])
    assert [row["entry"] for row in answer["entries"]] == ["recorded", *map(str, paths)]


def test_a_file_called_recorded_does_not_stand_for_the_recorded_day(cli, scenario):
    """The reference stays what was recorded."""
    text = 'case = "toy"\ndate = 2025-01-12\nevents.removed = ["T1"]\n'
    _, out, _ = cli("compare", scenario(text, "recorded.toml"), "--json")
    told = json.loads(out)
    assert told["reference"] == "recorded"
    assert [(one["differ"], one["strained"]) for one in told["entries"]] == [(0, 3), (4, 0)]


def test_bundled_scenarios(cli):
    """The scenarios of the Mali case, one of which changes nothing."""
    names = ("as_recorded", "ivorian_roads_reopened", "neck_at_bougouni_cut")
    code, out, _ = cli("compare", *(SCENARIOS / f"{name}.toml" for name in names))
    assert code == 0
    assert "bridge destroyed (WHATIF1)" in out
    assert "Corridors that differ" in out


def test_commodities_side_by_side(cli):
    """Goods have no source in the case: the commodity is the reason, and the screen says so."""
    options = ("--commodity", "fuel", "--commodity", "goods", "--lang", "fr")
    code, out, _ = cli("compare", "--case", "toy", "--date", "2025-01-12", *options)
    assert code == 0
    assert "Marchandises par rapport à" in out
    assert "le produit" in out
    assert "Aucune source de ce produit" in out


def test_equal_days_say_that_nothing_differs(cli):
    """Two days before the first report."""
    _, out, _ = cli("compare", "--case", "toy", "--date", "2025-01-05", "--since", "2025-01-02")
    for told in ("No town differs", "No corridor differs", "No town changed its state"):
        assert told in out


def test_many_changes_show_the_last_ones(cli):
    """From June to December there are more steps than the screen holds."""
    _, out, _ = cli("compare", "--date", "2025-12-01", "--since", "2025-06-01")
    assert "earlier changes are not shown" in out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--date", "2025-01-12"), "say what to compare"),
        (("--date", "2025-01-12", "--since", "2025-01-12"), "must lie before"),
        (("--since", "2025-01-12"), "say the day"),
        (("--date", "2025-01-12", "--commodity", "fuel", "--commodity", "fuel"), "named twice"),
        (("--date", "2025-01-12", "--since", "2025-01-10", "--commodity", "fuel", "--commodity",
          "goods"), "one thing at a time"),
    ],
)  # fmt: skip
def test_wrong_use_is_explained(cli, arguments, message):
    """Exit code 2, and nothing on stdout."""
    code, out, err = cli("compare", "--case", "toy", *arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_scenario_without_changes_alone_is_refused(cli, scenario):
    """Its recorded day has nothing beside it."""
    path = scenario('case = "toy"\ndate = 2025-01-12\n')
    code, _, err = cli("compare", path)
    assert code == 2
    assert "two networks or more" in err


def test_cases_of_other_towns_are_refused(cli, scenario):
    """The toy case beside Mali: no town is the same."""
    mali = scenario('case = "mali"\ndate = 2025-10-15\n', "mali.toml")
    code, _, err = cli("compare", scenario(WHAT_IF), mali)
    assert code == 2
    assert "do not have the same towns and roads" in err


def test_sensitivity_names_the_number_that_moves_most_people(cli):
    """On 15 October one number flips Bamako; the note says that one at a time is not jointly."""
    code, out, err = cli("sensitivity", "--date", "2025-10-15")
    assert (code, err) == (0, "")
    for told in (
        "Ban enforced (R02): duration when no end is known, low",
        "no limit → 14 days",
        "strained → supplied: Bamako",
        "Two together may change more",
    ):
        assert told in out, told
    assert max(map(len, out.splitlines())) <= 120


def test_sensitivity_of_a_quiet_day_and_in_json(cli):
    """Nothing flips; --json is Sensitivity.to_dict."""
    _, out, _ = cli("sensitivity", "--case", "toy", "--date", "2025-01-05", "--lang", "fr")
    assert "Aucune valeur, modifiée seule" in out
    answer = json.loads(cli("sensitivity", "--case", "toy", "--date", "2025-01-12", "--json")[1])
    network, events = sr.datasets.toy()
    want = sr.sensitivity(network, events, at="2025-01-12").to_dict()
    assert {key: answer[key] for key in want} == want


def test_sensitivity_with_more_runs_than_the_screen_holds(cli, scenario, monkeypatch):
    """The scenario's reports count; runs beyond the first are counted, not lost."""
    code, out, _ = cli("sensitivity", SCENARIOS / "neck_at_bougouni_cut.toml")
    assert code == 0
    assert "dwell_border_h" in out
    monkeypatch.setattr("supplyroutes.cli.side_by_side.MOST_RUNS", 1)
    path = scenario(WHAT_IF.replace("T1", "T3"))
    _, out, _ = cli("sensitivity", path)
    assert "1 more run changes something" in out


def test_progress_is_shown_on_a_terminal_only(capfd, monkeypatch):
    """With no patience at all the bar appears on a terminal's stderr; stdout stays clean."""
    monkeypatch.setattr("supplyroutes.cli.progress.PATIENCE_S", -1.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    arguments = ["sensitivity", "--case", "toy", "--date", "2025-01-12"]
    assert run_commands(arguments) == 0
    out, err = capfd.readouterr()
    assert "Moving each number" in err
    assert "Moving each number" not in out
    assert "what hangs on which assumption" in out


def test_what_is_soon_done_shows_no_progress(capfd, monkeypatch):
    """Below the time of patience a terminal sees nothing but the answer."""
    monkeypatch.setattr("supplyroutes.cli.progress.PATIENCE_S", 600.0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert run_commands(["sensitivity", "--case", "toy", "--date", "2025-01-12"]) == 0
    assert capfd.readouterr().err == ""
