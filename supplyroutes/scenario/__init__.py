"""Scenarios: one TOML file names the case, the day and the what-ifs; `run` answers it."""

from supplyroutes.scenario.changing import Change, recorded_case, what_if_case
from supplyroutes.scenario.model import ANALYSES, RECORDED, SUPPOSED, Scenario
from supplyroutes.scenario.reading import read_scenario
from supplyroutes.scenario.results import Answer, Made, Results, Roads
from supplyroutes.scenario.running import run

__all__ = [
    "ANALYSES",
    "RECORDED",
    "SUPPOSED",
    "Answer",
    "Change",
    "Made",
    "Results",
    "Roads",
    "Scenario",
    "read_scenario",
    "recorded_case",
    "run",
    "what_if_case",
]
