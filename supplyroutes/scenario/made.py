"""What an answer is made of: versions, seed, and digests of the tables."""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version

from supplyroutes.io.tables import data_folder
from supplyroutes.scenario.changing import case_place
from supplyroutes.scenario.model import Scenario
from supplyroutes.scenario.results import Made

RESULTS_VERSION = 1
"""Form of the file that holds results: higher when what it holds has changed."""
COMPUTING = ("supplyroutes", "highspy", "numpy", "pandas")
"""Packages whose version may change a number."""


def made_of(scenario: Scenario) -> Made:
    """Return versions, seed and digests of the tables of a scenario."""
    return Made(
        schema_version=RESULTS_VERSION,
        seed=scenario.seed,
        versions={name: version(name) for name in COMPUTING},
        inputs=input_digests(scenario),
    )


def input_digests(scenario: Scenario) -> dict[str, str]:
    """Return the SHA-256 of every table that a scenario reads, by name of its file.

    What cannot be read is left out: if it is a table, reading the case says so.
    """
    digests: dict[str, str] = {}
    for path in (*data_folder().glob("*.csv"), *case_place(scenario).glob("*.csv")):
        with suppress(OSError):
            digests[path.name] = sha256(path.read_bytes()).hexdigest()
    return dict(sorted(digests.items()))
