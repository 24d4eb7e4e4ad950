"""supplyroutes: how blockades disrupt supply routes, fuel first.

Data flows one way: files -> `Network`, `Events` -> disrupted `Network` -> analyses ->
results -> report, plots, command line. It is for protection, relief and planning.

>>> import supplyroutes as sr
>>> network, events = sr.datasets.mali()
>>> day = sr.disrupt(network, events, at="2025-10-15", commodity="fuel")
>>> cut = sr.isolation(day, baseline=network)
>>> cut.towns.loc["bamako", "state"]
'strained'
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from supplyroutes import datasets, plot
    from supplyroutes.analysis.corridors import CorridorStates, corridor_states
    from supplyroutes.analysis.history import IsolationHistory, isolation_history
    from supplyroutes.analysis.isolation import Isolation, isolation
    from supplyroutes.assumptions import Assumptions
    from supplyroutes.disruption import Timeline, disrupt, timeline
    from supplyroutes.errors import (
        AssumptionWarning,
        DataError,
        DataWarning,
        OutputError,
        RequestError,
        SupplyroutesError,
        UnknownIdError,
    )
    from supplyroutes.events import Events, Report
    from supplyroutes.impacts import impacts_of
    from supplyroutes.io.tables import read_events, read_network, write_events, write_network
    from supplyroutes.network import Network
    from supplyroutes.overview import Situation, situation
    from supplyroutes.report.writing import write_report
    from supplyroutes.rules import Rules
    from supplyroutes.scenario import Results, Scenario, read_scenario, run

__version__ = "0.1.0"

_HOME = {
    "AssumptionWarning": "errors",
    "Assumptions": "assumptions",
    "CorridorStates": "analysis.corridors",
    "DataError": "errors",
    "DataWarning": "errors",
    "Events": "events",
    "Isolation": "analysis.isolation",
    "IsolationHistory": "analysis.history",
    "Network": "network",
    "OutputError": "errors",
    "Report": "events",
    "RequestError": "errors",
    "Results": "scenario",
    "Rules": "rules",
    "Scenario": "scenario",
    "Situation": "overview",
    "SupplyroutesError": "errors",
    "Timeline": "disruption",
    "UnknownIdError": "errors",
    "corridor_states": "analysis.corridors",
    "disrupt": "disruption",
    "impacts_of": "impacts",
    "isolation": "analysis.isolation",
    "isolation_history": "analysis.history",
    "read_events": "io.tables",
    "read_network": "io.tables",
    "read_scenario": "scenario",
    "run": "scenario",
    "situation": "overview",
    "timeline": "disruption",
    "write_events": "io.tables",
    "write_network": "io.tables",
    "write_report": "report.writing",
}
_MODULES = ("datasets", "plot")

__all__ = [*sorted(_HOME), *_MODULES]  # noqa: PLE0604


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used: `import supplyroutes` stays light."""
    if name in _MODULES:
        return importlib.import_module(f"supplyroutes.{name}")
    if name in _HOME:
        return getattr(importlib.import_module(f"supplyroutes.{_HOME[name]}"), name)
    raise AttributeError(f"module 'supplyroutes' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public names."""
    return list(__all__)
