"""What every test may use: a case to break, and a way to write rows."""

import csv
import shutil

import pytest

import supplyroutes as sr

ROAD = {"source": "assumption", "confidence": "high"}
TOWNS = [
    {"node": "a", "name": "Alpha", "lat": 10, "lon": 0, **ROAD},
    {"node": "b", "name": "Beta", "lat": 10, "lon": 1, **ROAD},
]


@pytest.fixture
def case_folder(tmp_path):
    """Return a copy of the toy case that a test may break."""
    folder = tmp_path / "case"
    shutil.copytree(sr.datasets.folder("toy"), folder)
    return folder


@pytest.fixture
def write_rows():
    """Return a function that writes dicts as a CSV file."""

    def write(path, rows):
        columns = list(dict.fromkeys(name for row in rows for name in row))
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    return write


@pytest.fixture
def two_towns(tmp_path, write_rows):
    """Return a function that writes two towns 109.5 km apart, and the roads given, to a folder."""

    def write(*roads, towns=TOWNS):
        looks = {"surface": "paved", "condition": "fair", "practicability": 6}
        base = {"u": "a", "v": "b", "length_km": 120, **looks, **ROAD}
        rows = [{"edge": f"r{number}", **base, **road} for number, road in enumerate(roads)]
        write_rows(tmp_path / "towns.csv", towns)
        write_rows(tmp_path / "roads.csv", rows)
        return tmp_path

    return write


@pytest.fixture
def edit():
    """Return a function that replaces text in a file, once and surely."""

    def change(path, old, new):
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


@pytest.fixture
def refused():
    """Return a function that reads a network folder and returns the problems that refuse it."""

    def problems(folder):
        with pytest.raises(sr.errors.DataError) as error:
            sr.read_network(folder)
        return error.value.problems

    return problems
