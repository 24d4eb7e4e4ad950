"""The scenarios of the Mali case."""

from __future__ import annotations

import json

import pytest

import supplyroutes as sr

SCENARIOS = sorted((sr.datasets.folder("mali") / "scenarios").glob("*.toml"))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_bundled_scenarios_run_and_turn_into_json(path):
    """Every scenario of the Mali case is answered, and its answer is plain."""
    results = sr.run(sr.read_scenario(path), analyses=())
    answer = results.to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    changes = results.scenario.changes_anything
    assert changes == (path.stem != "as_recorded")


def test_reopening_the_ivorian_roads_supplies_bamako():
    """Without the reports on the roads from the Ivory Coast, Bamako has a free road again."""
    path = sr.datasets.folder("mali") / "scenarios" / "ivorian_roads_reopened.toml"
    row = sr.run(sr.read_scenario(path), analyses=()).differences().loc["bamako"]
    assert (row["state_recorded"], row["state_what_if"]) == ("strained", "supplied")
