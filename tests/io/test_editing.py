"""Copying a case, adding and retracting reports."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest

import supplyroutes as sr
from supplyroutes.io.editing import add_report, copy_folder, retract_report

NEW = {
    "start": "2025-01-20",
    "kind": "road_closed",
    "basis": "reported",
    "scope": "segment",
    "edges": "north--bridge",
    "confidence": "B",
    "text": "A tree lies across the road.",
    "source": "test",
}


@pytest.fixture
def folder(tmp_path):
    """A copy of the toy case."""
    copy_folder("toy", tmp_path / "toy")
    return tmp_path / "toy"


def test_copy_is_equal_and_whole(folder):
    """The copy reads back as the bundled case, with the shared tables beside it."""
    network, events = sr.datasets.toy()
    assert sr.read_network(folder) == network
    assert sr.read_events(folder) == events
    assert {"assumptions.csv", "impact_rules.csv", "speeds.csv"} <= {
        path.stem + ".csv" for path in folder.glob("*.csv")
    }


def test_copy_into_a_folder_with_files_is_refused(folder):
    """Nothing is written over."""
    with pytest.raises(sr.errors.OutputError, match="holds files already"):
        copy_folder("mali", folder)


def test_added_report_gets_a_free_id_and_acts(folder):
    """The report is in the file, and closes its road on its day."""
    assert add_report(folder, NEW) == "R001"
    assert add_report(folder, {**NEW, "start": "2025-01-21"}) == "R002"
    day = sr.disrupt(sr.read_network(folder), sr.read_events(folder), at="2025-01-20")
    assert day.arcs["status"].loc["north--bridge"].tolist() == ["closed", "closed"]


@pytest.mark.parametrize(
    "change",
    [
        {"edges": "north--brige"},
        {"kind": "earthquake"},
        {"start": "20/01/2025"},
        {"end": "2025-01-01"},
        {"event": "T1"},
        {"text": "hidden \u202e text"},
    ],
)
def test_bad_report_changes_nothing(folder, change):
    """A report that is not valid is refused, and the file is untouched to the byte."""
    before = (folder / "events.csv").read_bytes()
    with pytest.raises(sr.errors.DataError):
        add_report(folder, {**NEW, **change})
    assert (folder / "events.csv").read_bytes() == before
    assert not list(folder.glob(".*"))


def test_the_same_report_twice_is_refused(folder):
    """A report that says just what stands there is not "added": its id is taken."""
    add_report(folder, {**NEW, "event": "R7"})
    before = (folder / "events.csv").read_bytes()
    with pytest.raises(sr.errors.DataError, match="'R7' stands already"):
        add_report(folder, {**NEW, "event": "R7"})
    assert (folder / "events.csv").read_bytes() == before


def test_rel_035_a_linked_events_table_is_written_if_it_is_in_the_folder(folder, tmp_path):
    """A link inside the folder is followed and stays; one that leads out of it is refused."""
    events = folder / "events.csv"
    events.rename(folder / "reports.csv")
    events.symlink_to("reports.csv")
    add_report(folder, NEW)
    assert events.is_symlink()
    assert "R001" in (folder / "reports.csv").read_text(encoding="utf-8")
    events.unlink()
    (folder / "reports.csv").rename(tmp_path / "far.csv")
    events.symlink_to(tmp_path / "far.csv")
    before = (tmp_path / "far.csv").read_bytes()
    with pytest.raises(sr.errors.OutputError, match="out of the folder"):
        add_report(folder, NEW)
    assert events.is_symlink()
    assert (tmp_path / "far.csv").read_bytes() == before


def test_retracted_report_stays_on_file_without_effect(folder):
    """T1 no longer closes the road; why stands in its note; twice is refused."""
    retract_report(folder, "T1", reason="mistaken identity")
    events = sr.read_events(folder)
    assert events["T1"].status == "retracted"
    assert "mistaken identity" in events["T1"].conflict_note
    day = sr.disrupt(sr.read_network(folder), events, at="2025-01-10")
    assert day.arcs["status"].loc["port--north"].tolist() == ["open", "open"]
    assert events["T1"].retracted_on is None
    retract_report(folder, "T2", reason="taken back", on=date(2025, 1, 20))
    assert sr.read_events(folder)["T2"].retracted_on == date(2025, 1, 20)
    with pytest.raises(sr.errors.RequestError, match="already"):
        retract_report(folder, "T1", reason="again")
    with pytest.raises(sr.errors.UnknownIdError, match="T9"):
        retract_report(folder, "T9", reason="none")


def test_rel_058_no_report_is_lost_when_runs_write_at_once(folder):
    """Of eight runs at once each either adds its report or is refused: none is lost."""
    code = (
        "import sys\nfrom supplyroutes.io.editing import add_report\n"
        "from supplyroutes.errors import OutputError\n"
        f"report = {NEW!r}\n"
        "try:\n    add_report(sys.argv[1], {**report, 'event': sys.argv[2]})\n"
        "except OutputError:\n    sys.exit(5)\n"
    )
    runs = [
        subprocess.Popen([sys.executable, "-c", code, str(folder), f"W{number}"])
        for number in range(8)
    ]
    codes = {f"W{number}": run.wait() for number, run in enumerate(runs)}
    added = {event for event, status in codes.items() if status == 0}
    assert added
    assert set(codes.values()) <= {0, 5}
    assert {report.event for report in sr.read_events(folder)} == {"T1", "T2", "T3"} | added


def test_towns_of_a_new_report_may_be_named(folder):
    """Names in any spelling become ids; a name that is not there is refused."""
    named = {**NEW, "edges": "", "scope": "point", "nodes": "NORD; est"}
    add_report(folder, named)
    assert sr.read_events(folder)["R001"].nodes == ("north", "east")
    with pytest.raises(
        sr.errors.DataError, match=r"nodes: no town is called 'Nordd'; did you mean"
    ):
        add_report(folder, {**named, "nodes": "Nordd"})


def test_an_added_report_that_changes_nothing_is_told(folder):
    """A region names no road: the report is added, and the rule that makes it context is named."""
    wide = {**NEW, "edges": "", "scope": "region", "region": "Inland"}
    with pytest.warns(sr.errors.AssumptionWarning, match="R001 changes nothing, by rule R98: "):
        add_report(folder, wide)
    assert sr.read_events(folder)["R001"].scope == "region"


@pytest.fixture(scope="module")
def mali(tmp_path_factory):
    """A copy of the Mali case."""
    place = tmp_path_factory.mktemp("cases") / "mali"
    copy_folder("mali", place)
    return place


WIDE = {"kind": "government_restriction", "curfew_h": "9", "edges": "", "scope": "region"}


def test_a_region_is_written_as_the_towns_spell_it(mali):
    """Segou, kayes and Timbuktu are Ségou, Kayes and Tombouctou on file."""
    for told, meant in (("Segou", "Ségou"), ("kayes", "Kayes"), ("Timbuktu", "Tombouctou")):
        event = add_report(mali, {**NEW, **WIDE, "region": told})
        assert sr.read_events(mali)[event].region == meant


def test_a_newer_region_is_read_as_the_older_one_and_that_is_told(mali):
    """What was told of Bandiagara is taken to hold in all of Mopti: a person should know."""
    with pytest.warns(
        sr.errors.AssumptionWarning, match="Bandiagara is read as Mopti: a newer region"
    ):
        event = add_report(mali, {**NEW, **WIDE, "region": "Bandiagara"})
    assert sr.read_events(mali)[event].region == "Mopti"


def test_a_region_that_is_not_there_is_refused_with_the_nearest(mali):
    """The nearest of the case's own country: not Nord, which is in Burkina Faso."""
    with pytest.raises(sr.errors.DataError, match=r"called 'Nior'; did you mean Nioro\?"):
        add_report(mali, {**NEW, **WIDE, "region": "Nior"})


def test_everything_wrong_with_a_new_report_is_told_at_once(folder):
    """A bad confidence, an end before the start, an unknown road, town and report, a taken id."""
    bad = {"confidence": "Z", "end": "2025-01-01", "edges": "nowhere", "nodes": "Nordd; est",
           "ends": "T8", "event": "T1", "delay_h": "much"}  # fmt: skip
    with pytest.raises(sr.errors.DataError) as caught:
        add_report(folder, {**NEW, **bad})
    told = {(problem.file, problem.row, problem.column) for problem in caught.value.problems}
    assert told == {("the new report", None, column) for column in bad}


@pytest.mark.parametrize("scope", ["segment", "point", "border", "corridor"])
def test_a_report_that_names_no_place_is_refused(folder, scope):
    """It would be added, and close nothing."""
    with pytest.raises(
        sr.errors.DataError, match=f"the new report: scope: a report of a {scope} names"
    ):
        add_report(folder, {**NEW, "edges": "", "scope": scope})
