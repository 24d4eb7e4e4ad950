"""RELIABILITY, part C: files that are broken, foreign or huge."""

import ast
import random
import subprocess
import sys
import tracemalloc
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.files import write_whole
from supplyroutes.schema import parse_table, read_table

HEADER = "edge,u,v,length_km,source,confidence"
GOOD = f"{HEADER}\nr1,a,b,120,s,high\nr2,b,c,130,s,high\n"
ACCENTED = GOOD.replace(",s,", ",Ségou,")
BYTES_A_ROW = 220
"""Measured: 215. The goal is 200; id, length and the places of 20 columns alone are 206."""


@pytest.fixture
def read_bytes(tmp_path):
    """Return a function that reads bytes as a roads table."""

    def read(content):
        path = tmp_path / "roads.csv"
        path.write_bytes(content)
        return read_table(path, "roads")

    return read


@pytest.fixture
def message_of(read_bytes):
    """Return a function that tells with which message bytes are refused."""

    def message(content):
        with pytest.raises(sr.errors.DataError) as error:
            read_bytes(content)
        return str(error.value)

    return message


@pytest.mark.parametrize(
    "content",
    [
        ACCENTED.encode(),
        ACCENTED.encode("utf-8-sig"),
        ACCENTED.replace("\n", "\r\n").encode(),
        ACCENTED.replace("\n", "\r").encode(),
        ACCENTED.rstrip("\n").encode(),
        (ACCENTED + "\n\n").encode(),
    ],
    ids=["utf-8", "bom", "crlf", "cr", "no-final-newline", "blank-lines"],
)
def test_rel_021_forms_of_one_csv_file_are_read_alike(read_bytes, content):
    """A byte order mark, line ends and blank lines do not matter."""
    expected = parse_table(ACCENTED, "roads", file="f").columns
    assert read_bytes(content).columns == expected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\r\n", "is empty"),
        (GOOD.encode("utf-16"), "UTF-16 text (byte offset 0)"),
        (GOOD.encode("utf-16-be"), "zero byte at offset 0"),
        (ACCENTED.encode("latin-1"), f"byte offset {ACCENTED.index('é')}"),
        (ACCENTED.encode("cp1252"), "Windows-1252"),
        (GOOD.replace(",", ";").encode(), "save the file with commas"),
        (GOOD.replace(",", "\t").encode(), "save the file with commas"),
    ],
)
def test_rel_021_other_encodings_are_refused_with_offset_and_guess(message_of, content, message):
    """What is not UTF-8 CSV is named, not guessed at."""
    assert message in message_of(content)


def test_rel_021_a_header_alone_is_a_table_of_no_rows(read_bytes):
    """No rows is not an error of the file."""
    assert len(read_bytes(HEADER.encode())) == 0


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (GOOD.replace("130", '"130').encode(), ":3: cannot be read as CSV"),
        (GOOD.replace("120", '"12"0').encode(), ":2: cannot be read as CSV"),
        (GOOD[:-9].encode(), ":3: has 4 cells where the header has 6"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "PNG picture"),
        (b"PK\x03\x04" + bytes(range(256)), "Excel workbook"),
        (GOOD.replace("r2", "<<<<<<< HEAD\nr2").encode(), ":3: a mark of an unfinished merge"),
        (GOOD.replace("r2", "=======\nr2").encode(), ":3: a mark of an unfinished merge"),
        ((GOOD + ">>>>>>> branch\n").encode(), ":4: a mark of an unfinished merge"),
        (("<<<<<<< HEAD\n" + GOOD).encode(), "unknown column"),
    ],
)
def test_rel_022_broken_and_foreign_files_are_refused(message_of, content, message):
    """Open quotes, cut files, pictures, workbooks and merge marks are told as such."""
    assert message in message_of(content)


def test_rel_022_random_bytes_are_refused(message_of):
    """300 files of noise, and no other exception than ours."""
    draw = random.Random(22)  # noqa: S311
    for size in range(1, 301):
        assert message_of(draw.randbytes(size))


@pytest.mark.parametrize("size", range(0, len(GOOD) - 1, 7))
def test_rel_022_a_file_cut_anywhere_is_read_or_refused(tmp_path, size):
    """A cut that leaves whole rows cannot be seen; any other is refused."""
    path = tmp_path / "roads.csv"
    path.write_bytes(GOOD.encode()[:size])
    try:
        table = read_table(path, "roads")
    except sr.errors.DataError:
        return
    assert len(table) <= 1
    assert size <= len(f"{HEADER}\nr1,a,b,120,s,high\n")


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("edge,u,v,source,confidence", "length_km: the column is missing (length along the road)"),
        ("edge,u,v,length_km,length_km,source,confidence", "length_km: the column stands twice"),
        ("edge,u,v,lenght_km,source,confidence", "did you mean length_km"),
        (f"{HEADER},colour", "colour: unknown column"),
        (f"{HEADER},", "(no name): unknown column"),
        (HEADER.upper(), "EDGE: unknown column; did you mean edge"),
    ],
)
def test_rel_023_wrong_headers_are_refused_with_a_hint(message_of, header, message):
    """Missing, double, misspelt and extra columns are each told."""
    assert message in message_of(header.encode())


def test_rel_023_all_faults_of_a_header_come_together(message_of):
    """One reading tells every column that is wrong."""
    assert len(message_of(b"edge,edge,u,lenght_km,x,source").splitlines()) == 6


@pytest.mark.parametrize(
    ("row", "cells"), [("r2,b,c,130,s", 5), ("r2,b,c,130,s,high,", 7), ("r2", 1), (",,,,,,,", 8)]
)
def test_rel_024_rows_of_another_length_are_refused_with_their_row(message_of, row, cells):
    """Columns never shift silently."""
    found = message_of(GOOD.replace("r2,b,c,130,s,high", row).encode())
    assert f":3: has {cells} cells where the header has 6" in found


def test_rel_025_a_double_id_is_refused_and_a_copy_dropped_with_a_warning(read_bytes, message_of):
    """Two roads of one id cannot both stay; the same row twice can be one."""
    assert "'r1' stands already on row 2" in message_of(GOOD.replace("r2", "r1").encode())
    with pytest.warns(sr.errors.DataWarning, match=r"roads.csv:4: the row says the same as row 2"):
        table = read_bytes((GOOD + "r1,a,b,120,s,high\n").encode())
    assert table.columns["edge"] == ["r1", "r2"]


def test_rel_026_parallel_roads_are_both_kept(two_towns):
    """Two roads between the same towns are two."""
    network = sr.read_network(two_towns({"length_km": 120}, {"length_km": 130}))
    assert network.edges["length_km"].tolist() == [120, 130]
    assert network.to_networkx().number_of_edges("a", "b") == 2


def test_rel_027_self_loops_are_refused_and_lonely_towns_kept(two_towns, refused):
    """A town without roads, and a network without sources, are read."""
    ends = {"lat": 20, "source": "s", "confidence": "high"}
    towns = [{"node": node, "name": node, "lon": lon, **ends} for lon, node in enumerate("abc")]
    network = sr.read_network(two_towns({}, towns=towns))
    assert len(network.nodes) == 3
    assert network.sources() == []
    assert "to itself" in refused(two_towns({"v": "a"}, towns=towns))[0].message


def test_rel_027_a_source_outside_the_network_is_refused(case_folder, edit, refused):
    """Fuel cannot enter at a town that is not there."""
    edit(case_folder / "supply.csv", "port,fuel", "prot,fuel")
    assert "did you mean port" in refused(case_folder)[0].message


def test_rel_028_memory_grows_by_a_bounded_number_of_bytes_a_row(tmp_path):
    """20,000 more rows cost 20,000 times a constant; while reading, at most twice that."""
    held, peak = {}, {}
    for rows in (20_000, 40_000):
        path = tmp_path / f"{rows}.csv"
        path.write_text(_roads(rows), encoding="utf-8")
        tracemalloc.start()
        table = read_table(path, "roads")
        held[rows], peak[rows] = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert len(table) == rows
    assert (held[40_000] - held[20_000]) / 20_000 < BYTES_A_ROW
    assert (peak[40_000] - peak[20_000]) / 20_000 < 2 * BYTES_A_ROW


A_MILLION = """
import resource, sys, time
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
from supplyroutes.schema import read_table
small, large = sys.argv[1:]
seconds = []
for path in (small, large):
    start = time.process_time()
    rows = len(read_table(path, "roads"))
    seconds.append(time.process_time() - start)
print(rows, seconds[1] / seconds[0])
"""


@pytest.mark.slow
def test_rel_028_a_million_rows_in_one_gib_and_in_time_that_grows_with_their_number(tmp_path):
    """Eight times the rows take less than 16 times the time, not 64."""
    paths = []
    for rows in (125_000, 1_000_000):
        paths.append(tmp_path / f"{rows}.csv")
        paths[-1].write_text(_roads(rows), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", A_MILLION, *paths],
        capture_output=True, text=True, timeout=600, check=True,
    )  # fmt: skip
    rows, ratio = done.stdout.split()
    assert rows == "1000000"
    assert float(ratio) < 16


def _roads(rows):
    """Return a roads table of so many rows."""
    lines = (
        f"e{row:07d},n{row % 5000},n{(row * 7 + 1) % 5000},{100 + row / 1000:.3f},assumption,high"
        for row in range(rows)
    )
    return HEADER + "\n" + "\n".join(lines)


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
from supplyroutes.errors import DataError
from supplyroutes.schema import read_table
try:
    read_table(sys.argv[1], "roads")
except DataError as error:
    print(*(problem.message[:200] for problem in error.problems))
"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (lambda: b"x" * 50_000_000, "cannot be read as CSV"),
        (lambda: f"{HEADER}\nr1,a,b,".encode() + b"1" * 50_000_000, "cannot be read as CSV"),
        (lambda: b"," * 10_000_000, "unknown column"),
        (lambda: b",".join(b"c%d" % number for number in range(100_000)), "100000 unknown columns"),
        (lambda: b",".join([b"edge"] * 100_000), "the column stands twice"),
        (lambda: f"{HEADER}\n".encode() + b",".join([b"1"] * 100_000), "has 100000 cells"),
    ],
    ids=["line", "cell", "commas", "columns", "one-column", "cells"],
)
def test_rel_029_huge_lines_are_refused_in_less_than_one_gib(tmp_path, content, message):
    """A line of 50 MB and 100,000 columns end in a message, with 1 GiB of address space."""
    path = tmp_path / "roads.csv"
    path.write_bytes(content())
    done = subprocess.run(
        [sys.executable, "-c", LIMITED, str(path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert message in done.stdout


def test_rel_034_pickle_is_never_loaded():
    """No module imports pickle or what loads it."""
    banned = {"pickle", "cPickle", "dill", "cloudpickle", "shelve", "marshal", "joblib"}
    package = Path(sr.__file__).parent
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Attribute):
                names = [node.attr] if node.attr in {"read_pickle", "to_pickle"} else []
            found = {name.partition(".")[0] for name in names}
            assert not found & (banned | {"read_pickle", "to_pickle"}), path


@pytest.mark.parametrize("name", ["../mali", "/etc", "CON", "x" * 300, "a\0b"])
def test_rel_035_a_case_is_a_name_and_not_a_path(name):
    """No name of a bundled case leads out of the folder of cases."""
    with pytest.raises(sr.errors.UnknownIdError):
        sr.datasets.folder(name)


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_rel_035_impossible_folder_names_are_output_errors(tmp_path, name):
    """A name that no file system takes is a message, not a traceback."""
    with pytest.raises(sr.errors.OutputError):
        sr.write_network(sr.datasets.toy()[0], tmp_path / name)


@pytest.mark.parametrize("name", ["x" * 300 + ".md", "a\0b.md", "no/such/folder.md", "/dev/null"])
def test_rel_035_impossible_output_names_are_output_errors(tmp_path, monkeypatch, name):
    """The file that a report is written to is the user's choice; one that cannot be is told."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(sr.errors.OutputError, match="cannot be written"):
        write_whole(name, "text")
    assert list(tmp_path.iterdir()) == []


def test_rel_036_older_tables_are_read_and_newer_ones_refused_by_what_is_new(
    case_folder, edit, refused
):
    """Files carry no version: a column that is not there yet has its default, a new one is told."""
    old = case_folder / "roads.csv"
    rows = [line.split(",") for line in old.read_text(encoding="utf-8").splitlines()]
    keep = [place for place, name in enumerate(rows[0]) if name not in {"wet_season", "border"}]
    text = "\n".join(",".join(row[place] for place in keep) for row in rows)
    old.write_text(f"{text}\n", encoding="utf-8")
    assert len(sr.read_network(case_folder).edges) == 7
    edit(old, "road_ref", "road_reference_2")
    assert "unknown column" in refused(case_folder)[0].message
    scenario = case_folder / "new.toml"
    scenario.write_text('case = "toy"\ndate = 2025-01-12\nversion = 9\n', encoding="utf-8")
    with pytest.raises(sr.errors.DataError, match="version: unknown key"):
        sr.read_scenario(scenario)
