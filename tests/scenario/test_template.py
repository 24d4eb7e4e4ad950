"""A scenario file to begin with: it runs, shows every key, and every key of it can be used."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import warnings

import pytest

import supplyroutes as sr
from supplyroutes.scenario.applying import applied
from supplyroutes.scenario.grids import alone, expanded
from supplyroutes.scenario.keys import file_keys
from supplyroutes.scenario.model import Scenario
from supplyroutes.scenario.template import scenario_template, toml_key, toml_value

CASES = [("toy", dt.date(2025, 1, 12)), ("mali", dt.date(2025, 10, 15))]


def used(text):
    """The file with every key in use."""
    return re.sub(r"^#(?! |$)", "", text, flags=re.MULTILINE)


FREE = {"events.moved", "what_if", "assumptions", "rules", "demand_m3_per_day", "stock_m3", "grid"}
"""Tables whose keys are names that people give."""


def names(value, place="", named=False):
    """Yield the keys of a file as the model calls them, without names that people give."""
    if isinstance(value, list):
        for one in value:
            yield from names(one, place)
    elif isinstance(value, dict) and place != "events.added":
        for key, inside in value.items():
            given = place in FREE and not named
            name = place if given else f"{place}.{key}".lstrip(".")
            yield name
            yield from names(inside, name, given)


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(("case", "day"), CASES)
def test_a_new_file_asks_for_the_day_as_recorded(scenario, case, day, lang):
    """As it is, it supposes nothing, and reads as what it was made of."""
    text = scenario_template(Scenario(case=case, date=day), file="my.toml", lang=lang)
    read = sr.read_scenario(scenario(text))
    assert (read.case, read.date, read.changes_anything, read.what_if) == (case, day, False, {})
    assert read.model_fields_set == {"title", "case", "date"}
    assert max(map(len, text.splitlines())) <= 100
    assert ("report my.toml -o my.html --lang fr" in text) == (lang == "fr")


@pytest.mark.parametrize(("case", "day"), CASES)
def test_every_key_is_there_and_all_of_them_together_fit_the_case(scenario, case, day):
    """Taking every mark away leaves a file that reads, and fits; only `folder` is told in words."""
    text = scenario_template(Scenario(case=case, date=day), file="my.toml")
    whole = used(text)
    shown = {name for name in names(tomllib.loads(whole)) if name}
    known = {key.name for key in file_keys()}
    few = {"events.moved.start", "events.moved.end"} if case == "toy" else set()
    assert known - shown == {"folder"} | few
    assert 'folder = "my_case"' in text
    read = sr.read_scenario(scenario(whole))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.AssumptionWarning)
        put = applied(read)
        for one in alone(read):
            applied(one, recorded=put.recorded)
    assert set(put.cases) == {"recorded", "scenario", "borders"}
    assert len(expanded(read)) == 6


def test_a_file_for_a_folder_of_ones_own(scenario, tmp_path):
    """The folder is relative to the file; examples are names of that folder."""
    from supplyroutes.io.editing import copy_folder

    copy_folder("toy", tmp_path / "my case")
    asked = Scenario(folder=str(tmp_path / "my case"), date=dt.date(2025, 1, 12))
    text = scenario_template(asked, file="x.toml", folder="my case")
    assert 'folder = "my case"' in text
    assert "T2" in text
    read = sr.read_scenario(scenario(used(text)))
    assert applied(read).cases.keys() == {"recorded", "scenario", "borders"}


def test_a_folder_with_nothing_to_show_still_has_a_file(scenario, tmp_path):
    """No reports, no corridors, no use: the examples are made up, and stay comments."""
    from supplyroutes.io.editing import copy_folder

    place = tmp_path / "bare"
    copy_folder("toy", place)
    for name in ("events", "demand"):
        head = (place / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (place / f"{name}.csv").write_text(head + "\n", encoding="utf-8")
    (place / "corridors.csv").unlink()
    supply = (place / "supply.csv").read_text(encoding="utf-8").replace("NORTH;SOUTH", "")
    (place / "supply.csv").write_text(supply, encoding="utf-8")
    asked = Scenario(folder=str(place), date=dt.date(2025, 1, 12))
    text = scenario_template(asked, file="x.toml", folder="bare")
    assert sr.run(sr.read_scenario(scenario(text)), analyses=()).entries.keys() == {"recorded"}
    tomllib.loads(used(text))


@pytest.mark.parametrize(
    "value",
    ['a "b" \\ c', "é\u202f:", "tab\tline\n", dt.date(2025, 1, 2), True, 3, 0.25, [1, [2]],
     {"a b": {"c": [False]}}, {}, []],
)  # fmt: skip
def test_values_are_written_as_toml_reads_them(value):
    """Round trip of every kind of value."""
    assert tomllib.loads(f"x = {toml_value(value)}")["x"] == value
    assert tomllib.loads(f"{toml_key('a b.c')} = 1") == {"a b.c": 1}
