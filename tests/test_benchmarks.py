"""The benchmarks compare equal answers; here they are compared, and nothing is timed."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

import supplyroutes as sr

FOLDER = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture
def bench(monkeypatch):
    """Return a function that imports a benchmark by name."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module


@pytest.mark.parametrize("name", sorted(path.stem for path in FOLDER.glob("bench_*.py")))
def test_every_benchmark_can_be_run(bench, name, monkeypatch):
    """Each finds its answers equal to its peer's, and gives rows.

    All is done once, on a small graph. Commands are not run as processes: their own tests do that.
    """
    module = bench(name)
    done = []
    monkeypatch.setattr(module, "median_ms", lambda work, **_: done.append(work()) or 1.0)
    for smaller, value in (
        ("SIZES", (200,)),
        ("PAIRS", 3),
        ("DAYS", 20),
        ("RUNS", 3),
        ("call", lambda *_: None),
    ):
        if hasattr(module, smaller):
            monkeypatch.setattr(module, smaller, value)
    rows = module.rows()
    assert rows
    assert done
    assert all(row.line().count("|") == len(bench("measure").COLUMNS) + 1 for row in rows)


@pytest.mark.parametrize("day", ["2025-09-05", "2025-10-15", "2025-11-10"])
def test_states_paths_and_cuts_are_those_of_networkx(bench, day):
    """The check that comes before the clock holds on other days too."""
    network, events = sr.datasets.mali()
    today = sr.disrupt(network, events, at=day)
    peer = bench("bench_states").check_day(network, today)
    assert peer.passable <= peer.usable, "a report opens nothing that was not there"


def test_isolated_towns_and_lost_sources_are_those_of_networkx(bench):
    """Towns without any way in: the peer finds the same cuts."""
    network, events = sr.datasets.mali()
    closed = events.adding(
        {
            "event": "X", "start": "2025-10-15", "kind": "town_siege", "basis": "reported",
            "scope": "point", "nodes": "kayes;bougouni;dakar", "confidence": "B",
            "text": "Closed.", "source": "test",
        }
    )  # fmt: skip
    today = sr.disrupt(network, closed, at="2025-10-15")
    assert sr.isolation(today, baseline=network).summary()["isolated"] >= 2
    bench("bench_states").check_day(network, today)
