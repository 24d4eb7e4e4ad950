"""The folder of CSV tables: read whole, written whole, refused with everything that is wrong."""

import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings

import supplyroutes as sr
from supplyroutes.io.tables import check_folder, data_folder
from tests.strategies import cases


def names_of(folder):
    """Return the bytes of every file of a folder, by name."""
    return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


@settings(max_examples=30, deadline=None)  # each example waits for the disk 22 times
@given(cases(max_events=6))
def test_network_and_events_read_back_as_they_were_written(case):
    """read(write(x)) = x, and writing what was read gives the same bytes."""
    network, events = case.network(), case.reports()
    with warnings.catch_warnings(), tempfile.TemporaryDirectory() as folder:
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        sr.write_network(network, folder)
        sr.write_events(events, folder)
        first = names_of(folder)
        again = sr.read_network(folder)
        reports = sr.read_events(folder, network=again)
        sr.write_network(again, folder)
        sr.write_events(reports, folder)
        assert names_of(folder) == first
    assert again == network
    assert reports == events


@pytest.mark.parametrize("case", ["toy", "mali"])
def test_a_bundled_case_reads_back_as_it_was_written(case, tmp_path):
    """All optional tables survive too."""
    network, events = getattr(sr.datasets, case)()
    sr.write_network(network, tmp_path / "new" / "folder")
    sr.write_events(events, tmp_path / "new" / "folder")
    assert check_folder(tmp_path / "new" / "folder") == (network, events)


def test_a_table_that_became_empty_is_written_empty(case_folder):
    """An old supply table does not outlive the network it belonged to."""
    without = sr.datasets.toy()[0].to_networkx()
    without.graph["tables"]["supply"] = []
    network = sr.Network.from_networkx(without, assumptions=sr.datasets.toy()[0].assumptions)
    sr.write_network(network, case_folder)
    assert sr.read_network(case_folder).sources() == []


def test_own_assumptions_stand_in_whole_for_the_bundled_ones(case_folder, edit):
    """A folder may bring its own assumptions, speeds and rules."""
    for name in ("assumptions", "speeds", "impact_rules"):
        (case_folder / f"{name}.csv").write_bytes((data_folder() / f"{name}.csv").read_bytes())
    assert sr.read_network(case_folder) == sr.datasets.toy()[0]
    edit(case_folder / "assumptions.csv", "dwell_border_h,6,24", "dwell_border_h,6,25")
    assert sr.read_network(case_folder).assumptions["dwell_border_h"].best == 25
    assert sr.read_events(case_folder).rules == sr.datasets.toy()[1].rules


def test_faults_in_several_tables_are_one_error(case_folder, edit, refused):
    """Every table is read before anything is refused."""
    edit(case_folder / "towns.csv", "Port,", "Port\u202e,")
    edit(case_folder / "roads.csv", "132", "132 km")
    edit(case_folder / "supply.csv", "200,300", "-200,300")
    found = {(Path(one.file).name, one.row, one.column) for one in refused(case_folder)}
    assert found == {
        ("towns.csv", 2, "name"),
        ("roads.csv", 2, "length_km"),
        ("supply.csv", 2, "supply_m3_per_day_low"),
    }


def test_faults_of_network_and_events_are_one_error(case_folder, edit):
    """`check_folder` tells what both readers refuse."""
    edit(case_folder / "roads.csv", "132", "13,2")
    edit(case_folder / "events.csv", "2025-01-10", "10/01/2025")
    (case_folder / "impact_rules.csv").write_text("rule\n", encoding="utf-8")
    with pytest.raises(sr.errors.DataError) as error:
        check_folder(case_folder)
    files = {Path(problem.file).name for problem in error.value.problems}
    assert files == {"roads.csv", "events.csv", "impact_rules.csv"}


def test_places_of_events_are_told_with_their_row(case_folder, edit):
    """A road that an event misspells is found when the network is given."""
    edit(case_folder / "events.csv", "port--north", "port--nord")
    sr.read_events(case_folder)
    network = sr.read_network(case_folder)
    with pytest.raises(
        sr.errors.DataError, match=r"events.csv:2: edges: .* did you mean port--north"
    ):
        sr.read_events(case_folder, network=network)


def test_a_folder_without_events_is_a_network_alone(case_folder):
    """Events are not needed: nothing is blocked, and a warning says why."""
    (case_folder / "events.csv").unlink()
    with pytest.warns(
        sr.errors.DataWarning, match="is missing: without reports nothing is blocked"
    ):
        network, events = check_folder(case_folder)
    assert network == sr.datasets.toy()[0]
    assert len(events) == 0


def test_every_fault_of_a_case_is_told_at_once(case_folder, edit):
    """Cells, rows, columns, references, the globe, and places of events: one error, no rounds."""
    edit(case_folder / "roads.csv", "port--south,port,south", "port--south,port,port")
    edit(case_folder / "roads.csv", ",126,", ",NaN,")
    edit(case_folder / "roads.csv", ",143,", ",14,")
    edit(case_folder / "roads.csv", "east--mine,east,mine", "east--mine,east,mien")
    edit(case_folder / "towns.csv", "node,name,aliases,", "node,name,alias,")
    edit(case_folder / "towns.csv", "-8.5,,", "-8.5,many,")
    edit(case_folder / "events.csv", "T2,2025-01-12", "T2,12/01/2025")
    edit(case_folder / "events.csv", "south--bridge,SOUTH", "south--brigde,SUD")
    with pytest.raises(sr.errors.DataError) as error:
        check_folder(case_folder)
    told = {(Path(one.file).name, one.row, one.column) for one in error.value.problems}
    assert told == {
        ("towns.csv", 1, "alias"),
        ("towns.csv", 5, "population"),
        ("roads.csv", 3, "length_km"),
        ("roads.csv", 3, "v"),
        ("roads.csv", 4, "length_km"),
        ("roads.csv", 8, "v"),
        ("events.csv", 3, "start"),
        ("events.csv", 3, "edges"),
        ("events.csv", 3, "corridor"),
    }


@pytest.mark.parametrize("name", ["missing", "file", "x" * 300, "a\0b"])
@pytest.mark.parametrize("read", [sr.read_network, sr.read_events, check_folder])
def test_a_folder_that_is_none_is_refused(tmp_path, name, read):
    """A missing folder, a file and impossible names are told as such."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(sr.errors.DataError, match="name a folder of CSV tables"):
        read(tmp_path / name)


@pytest.mark.parametrize("name", ["towns.csv", "roads.csv"])
def test_a_needed_table_that_is_missing_is_refused(case_folder, refused, name):
    """Towns and roads are needed."""
    (case_folder / name).unlink()
    (problem,) = refused(case_folder)
    assert problem.file.endswith(name)
    assert "cannot be read: No such file" in problem.message


@pytest.mark.parametrize("name", ["towns.csv", "supply.csv"])
def test_a_table_that_cannot_be_read_is_refused(case_folder, refused, name):
    """A folder or a broken link in the place of a table is not an empty table."""
    (case_folder / name).unlink()
    (case_folder / name).mkdir()
    assert "cannot be read" in refused(case_folder)[0].message
    (case_folder / name).rmdir()
    (case_folder / name).symlink_to("nowhere")
    assert "cannot be read" in refused(case_folder)[0].message


@pytest.mark.parametrize(
    "write",
    [
        lambda folder: sr.write_network(sr.datasets.toy()[0], folder),
        lambda folder: sr.write_events(sr.datasets.toy()[1], folder),
    ],
    ids=["network", "events"],
)
@pytest.mark.parametrize("place", ["file", "file/below", "/proc/nowhere", "x" * 300, "a\0b"])
def test_a_folder_that_cannot_be_written_is_an_output_error(tmp_path, place, write):
    """No permission, a file in the way and impossible names; nothing is written."""
    (tmp_path / "file").write_text("kept", encoding="utf-8")
    with pytest.raises(sr.errors.OutputError, match="cannot be"):
        write(tmp_path / place)
    assert names_of(tmp_path) == {"file": b"kept"}


def test_defaults_that_truck_times_rest_on_are_told(case_folder):
    """Roads without a surface count as paved: said once, with the number of rows."""
    path = case_folder / "roads.csv"
    text = path.read_text(encoding="utf-8").replace(",unpaved,", ",,")
    path.write_text(text, encoding="utf-8")
    with pytest.warns(sr.errors.AssumptionWarning, match=r"surface: empty on 2 of 7 rows; paved"):
        sr.read_network(case_folder)
