"""Answers that the tests of reports share: worked out once."""

from __future__ import annotations

import datetime as dt

import pytest

import supplyroutes as sr

TOY_SCENARIO = {
    "case": "toy",
    "date": dt.date(2025, 1, 12),
    "title": "T1 lifted",
    "events": {"removed": ["T1"]},
    "what_if": {
        "later": {"title": "T2 later", "of": "recorded", "events": {"moved": {"T2": {"days": 1}}}},
        "wait": {"title": "Longer waits", "assumptions": {"dwell_border_h": 48.0}},
    },
    "analyses": {
        "stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 20)},
        "outlook": {"runs": 10},
    },
}


@pytest.fixture(scope="session")
def toy_results():
    """The toy case with all analyses and two what-ifs."""
    return sr.run(sr.Scenario(**TOY_SCENARIO))


@pytest.fixture(scope="session")
def bare_results():
    """The toy case with states and corridors only."""
    return sr.run(sr.Scenario(case="toy", date=dt.date(2025, 1, 12)), analyses=())


@pytest.fixture(scope="session")
def mali_results():
    """The neck at Bougouni cut, without stocks."""
    path = sr.datasets.folder("mali") / "scenarios" / "neck_at_bougouni_cut.toml"
    return sr.run(sr.read_scenario(path), analyses=("flow", "paths", "reopening"))
