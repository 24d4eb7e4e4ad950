"""Results in one file: read back whole, the same bytes, and refused if anything is wrong."""

import datetime as dt
import gzip
import json
import warnings
from hashlib import sha256
from pathlib import Path

import pytest

import supplyroutes as sr
from supplyroutes.errors import DataError, DataWarning, OutputError, RequestError
from supplyroutes.scenario.saving import results_file
from supplyroutes.scenario.saving.results_file import results_text

DAY = dt.date(2025, 1, 12)
LEFT = ("form", "schema_version", "sha256")


@pytest.fixture(scope="module")
def results():
    """Three entries of the toy case with every analysis, over a few days."""
    scenario = sr.Scenario(
        case="toy",
        date=DAY,
        title='Ségou "<b>"',
        events={"removed": ["T1"], "moved": {"T2": {"days": 1}}},
        demand_m3_per_day={"east": 70.0},
        what_if={"wet": {"season": "wet", "assumptions": {"dwell_border_h": 30.0}}},
        analyses={
            "stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 16)},
            "outlook": {"runs": 3},
            "roads": {"lost": 1, "guarded": 1},
        },
    )
    return sr.run(scenario)


@pytest.fixture(scope="module")
def small():
    """The smallest answer."""
    return sr.run(sr.Scenario(case="toy", date=DAY), analyses=())


@pytest.fixture
def altered(tmp_path, small):
    """Return a function that writes a file whose parts were altered and the digest made anew."""

    def write(change, **head):
        told = json.loads(results_text(small))
        for name in LEFT:
            told.pop(name)
        change(told)
        rest = json.dumps(told, indent=0)[1:].lstrip() + "\n"
        first = {"form": results_file.FORM, "schema_version": 1, **head}
        first = {"sha256": sha256(rest.encode()).hexdigest(), **first}
        path = tmp_path / "altered.json"
        path.write_text(json.dumps(first)[:-1] + ",\n" + rest, encoding="utf-8")
        return path

    return write


def refusal(path):
    """Return the one problem for which a file is refused."""
    with pytest.raises(DataError) as error:
        sr.read_results(path)
    (problem,) = error.value.problems
    assert problem.file == str(path)
    return problem.message


@pytest.mark.parametrize("suffix", [".json", ".json.gz"])
def test_what_is_read_is_what_was_written(tmp_path, results, suffix):
    """All answers, the scenario and the networks are equal; writing them again gives the bytes."""
    paths = [tmp_path / f"{name}{suffix}" for name in ("one", "two", "again")]
    for path in paths[:2]:
        sr.write_results(path, results)
    again = sr.read_results(paths[0])
    sr.write_results(paths[2], again)
    assert len({path.read_bytes() for path in paths}) == 1
    assert again.to_dict() == results.to_dict()
    assert again.scenario == results.scenario
    assert again.case is None
    for name, answer in results.entries.items():
        assert again.entries[name].situation.day == answer.situation.day
        assert again.entries[name].changes == answer.changes
        assert again.entries[name].stocks.summary() == answer.stocks.summary()
    assert again.comparison.to_dict() == results.comparison.to_dict()


def test_a_second_run_gives_the_same_bytes(small):
    """Worked out twice, from tables read twice."""
    scenario = sr.Scenario(case="toy", date=DAY)
    assert results_text(sr.run(scenario, analyses=())) == results_text(small)


def test_the_file_tells_what_it_was_made_from(tmp_path, results):
    """Seed, versions, digests, no folder of this machine; the tables stand there once."""
    path = tmp_path / "results.json"
    sr.write_results(path, results)
    told = json.loads(path.read_text(encoding="utf-8"))
    towns = sr.datasets.folder("toy") / "towns.csv"
    assert told["made"]["inputs"]["towns.csv"] == sha256(towns.read_bytes()).hexdigest()
    assert told["made"]["seed"] == 1
    assert set(told["made"]["versions"]) >= {"supplyroutes", "highspy", "numpy", "pandas"}
    assert str(Path.cwd()) not in path.read_text(encoding="utf-8")
    tables = [shared["name"] for shared in told["shared"] if shared["~"] == "Table"]
    assert tables.count("towns") == 1
    assert tables.count("demand") == 2  # as recorded, and as supposed


def test_other_files_are_refused(tmp_path, small):
    """What is no text, no JSON, cut, edited, or something else is told in one line."""
    path = tmp_path / "results.json"
    assert "No such file" in refusal(path)
    sr.write_results(path, small)
    whole = path.read_bytes()
    cases = {
        whole[: len(whole) // 2]: "is it cut?",
        whole.replace(b"strained", b"supplied", 1): "was changed after it was written",
        whole.rstrip(b"\n"): "was changed after it was written",
        whole.replace(b"0.0", b"NaN", 1): "NaN is no number of JSON",
        whole.replace(b'"seed":1', b'"seed":' + b"1" * 5000): "is not JSON",
        b"\xff\xfe": "is not UTF-8 (byte offset 0)",
        b"": "is it cut?",
        b"[]": "does not hold results",
        b'{"form": "GeoJSON"}': "does not hold results",
        b"[" * 200_000: "is nested too deeply",
        b"\x1f\x8b" + b"0" * 50: "cannot be read",
        gzip.compress(whole)[:500]: "cannot be read",
    }
    for data, message in cases.items():
        path.write_bytes(data)
        assert message in refusal(path)


def test_versions(altered):
    """A newer form is refused with its number; one that is no number too."""
    assert "has schema version 9;" in refusal(altered(dict, schema_version=9))
    for version in (0, "1", None, True):
        assert "no schema version that is known" in refusal(altered(dict, schema_version=version))
    assert sr.read_results(altered(dict)).main.name == "recorded"


def test_too_large(tmp_path, small, monkeypatch):
    """A file that is larger than any results, packed or not, is not taken into memory."""
    monkeypatch.setattr(results_file, "LARGEST_FILE_BYTES", 20_000)
    for name in ("large.json", "large.json.gz"):
        sr.write_results(tmp_path / name, small)
        assert "has more than 20000 bytes" in refusal(tmp_path / name)


def put(*keys, value):
    """Return a change that puts a value at the place that keys lead to."""

    def change(told):
        for key in keys[:-1]:
            told = told[key]
        told[keys[-1]] = value

    return change


MAIN = ("entries", "recorded")
TOWNS = (*MAIN, "situation", "isolation", "towns")


@pytest.mark.parametrize(
    "change",
    [
        put("made", value={"~": "os.system", "command": "true"}),
        put("made", value={"~": "Made", "seed": 1}),
        put("made", "more", value=1),
        put("made", value={"~": "shared", "place": -1}),
        put("made", value={"~": "shared", "place": 99}),
        put("made", value=3),
        put("entries", value={}),
        put("entries", value=[]),
        put("entries", "recorded", value=None),
        put("scenario", value={"~": "Scenario", "of": {"case": "nowhere"}}),
        put("scenario", value=None),
        put("more", value=1),
        put(*MAIN, "title", value={"~": "float", "is": "1e400"}),
        put(*MAIN, "title", value={"~": "date", "is": "yesterday"}),
        put(*MAIN, "title", value={"~": ["list"]}),
        put(*TOWNS, "of", 0, "of", value=[1]),
        put(*TOWNS, "of", 0, "dtype", value="datetime64[ns]"),
        put(*TOWNS, "of", 0, value={"dtype": "str", "of": [1, 2, 3, 4, 5, 6]}),
        put(*TOWNS, "of", 0, value={"dtype": "int64", "of": [1.5, 2, 3, 4, 5, 6]}),
        put(*TOWNS, "of", 0, value={"dtype": "float64", "of": ["nan", 2, 3, 4, 5, 6]}),
        put(*TOWNS, "index", value={"~": "other"}),
        put("shared", value=3),
        put("shared", 0, "of", value="node,name\na,A\n"),
        put("shared", 0, "name", value="../../data/toy/towns"),
        put("shared", 0, "name", value="nowhere"),
        lambda told: told.pop("roads"),
    ],
)
def test_what_is_not_as_we_write_it_is_refused(altered, change):
    """Nothing in a file names what is run: other classes, types and fields end in `DataError`."""
    assert "does not hold results as this version writes them" in refusal(altered(change))


def test_deep_values_are_refused(altered):
    """Two thousand lists in each other are JSON, but no results."""
    deep: list = []
    for _ in range(500):
        deep = [deep]
    assert "nested too deeply" in refusal(altered(put(*MAIN, "title", value=deep)))


def test_state_of_another_network_is_refused(altered):
    """A state with fewer roads than the network would be read past its end."""

    def cut(told):
        network = next(shared for shared in told["shared"] if shared["~"] == "Network")
        network["state"]["status"].pop()

    assert "the state is not of this network" in refusal(altered(cut))


def test_tables_that_changed_since_are_named(tmp_path, case_folder, edit):
    """Reading tells that the case has changed; the answers are of the tables as they were."""
    scenario = sr.Scenario(folder=str(case_folder), date=DAY)
    results, path = sr.run(scenario, analyses=()), tmp_path / "results.json"
    sr.write_results(path, results)
    assert sr.read_results(path).to_dict() == results.to_dict()
    edit(case_folder / "roads.csv", "port--north", "port--nord")
    with pytest.warns(DataWarning, match="these tables have changed since: roads.csv;"):
        again = sr.read_results(path)
    assert again.to_dict() == results.to_dict()
    (case_folder / "events.csv").unlink()
    with pytest.warns(DataWarning, match="events.csv, roads.csv"):
        sr.read_results(path)


def test_without_the_case_nothing_is_told(tmp_path, case_folder):
    """On a machine without the folder there is nothing to compare with."""
    path = tmp_path / "results.json"
    sr.write_results(path, sr.run(sr.Scenario(folder=str(case_folder), date=DAY), analyses=()))
    case_folder.rename(tmp_path / "elsewhere")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert sr.read_results(path).scenario.folder == str(case_folder)


def test_refused_names_and_places(tmp_path, small):
    """Other suffixes, and folders that are not there."""
    with pytest.raises(RequestError, match=r"written as \.json or \.json\.gz"):
        sr.write_results(tmp_path / "results.txt", small)
    with pytest.raises(OutputError):
        sr.write_results(tmp_path / "nowhere" / "results.json", small)
