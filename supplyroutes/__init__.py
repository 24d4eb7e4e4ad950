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

if TYPE_CHECKING:  # "as" tells type checkers that the name is public
    from supplyroutes import datasets as datasets
    from supplyroutes import errors as errors
    from supplyroutes import plot as plot
    from supplyroutes.analysis.doubt.reliability import reliability as reliability
    from supplyroutes.analysis.flows.flow import supply_flow as supply_flow
    from supplyroutes.analysis.isolation import isolation as isolation
    from supplyroutes.analysis.losses.criticality import criticality as criticality
    from supplyroutes.analysis.losses.interdiction import interdiction as interdiction
    from supplyroutes.analysis.losses.protection import protection as protection
    from supplyroutes.analysis.outlooks.draws import ensemble as ensemble
    from supplyroutes.analysis.outlooks.outlook import stock_outlook as stock_outlook
    from supplyroutes.analysis.planning.plan import plan as plan
    from supplyroutes.analysis.planning.preposition import preposition as preposition
    from supplyroutes.analysis.restoring.percolation import percolation as percolation
    from supplyroutes.analysis.restoring.restoration import restoration as restoration
    from supplyroutes.analysis.sensitivity import sensitivity as sensitivity
    from supplyroutes.analysis.stores.stocks import stock_levels as stock_levels
    from supplyroutes.analysis.trucks.convoy_planning import convoy_plan as convoy_plan
    from supplyroutes.analysis.trucks.fleet import Fleet as Fleet
    from supplyroutes.analysis.ways.paths import supply_paths as supply_paths
    from supplyroutes.analysis.ways.route import route as route
    from supplyroutes.analysis.ways.trips import Trip as Trip
    from supplyroutes.analysis.why.explanation import explain as explain
    from supplyroutes.disruption import disrupt as disrupt
    from supplyroutes.disruption import timeline as timeline
    from supplyroutes.events import Events as Events
    from supplyroutes.io.tables import read_events as read_events
    from supplyroutes.io.tables import read_network as read_network
    from supplyroutes.io.tables import write_events as write_events
    from supplyroutes.io.tables import write_network as write_network
    from supplyroutes.network import Network as Network
    from supplyroutes.overview import situation as situation
    from supplyroutes.report.writing import write_report as write_report
    from supplyroutes.scenario import Scenario as Scenario
    from supplyroutes.scenario import read_scenario as read_scenario
    from supplyroutes.scenario import run as run
    from supplyroutes.scenario.comparing import compare as compare
    from supplyroutes.scenario.saving import read_results as read_results
    from supplyroutes.scenario.saving import write_results as write_results
    from supplyroutes.skill.backtesting import backtest as backtest

__version__ = "0.1.0"

_HOME = {
    "Events": "events",
    "Fleet": "analysis.trucks.fleet",
    "Network": "network",
    "Scenario": "scenario",
    "Trip": "analysis.ways.trips",
    "backtest": "skill.backtesting",
    "compare": "scenario.comparing",
    "convoy_plan": "analysis.trucks.convoy_planning",
    "criticality": "analysis.losses.criticality",
    "disrupt": "disruption",
    "ensemble": "analysis.outlooks.draws",
    "explain": "analysis.why.explanation",
    "interdiction": "analysis.losses.interdiction",
    "isolation": "analysis.isolation",
    "percolation": "analysis.restoring.percolation",
    "plan": "analysis.planning.plan",
    "preposition": "analysis.planning.preposition",
    "protection": "analysis.losses.protection",
    "read_events": "io.tables",
    "read_network": "io.tables",
    "read_results": "scenario.saving",
    "read_scenario": "scenario",
    "reliability": "analysis.doubt.reliability",
    "restoration": "analysis.restoring.restoration",
    "route": "analysis.ways.route",
    "run": "scenario",
    "sensitivity": "analysis.sensitivity",
    "situation": "overview",
    "stock_levels": "analysis.stores.stocks",
    "stock_outlook": "analysis.outlooks.outlook",
    "supply_flow": "analysis.flows.flow",
    "supply_paths": "analysis.ways.paths",
    "timeline": "disruption",
    "write_events": "io.tables",
    "write_network": "io.tables",
    "write_report": "report.writing",
    "write_results": "scenario.saving",
}
_MODULES = ("datasets", "errors", "plot")

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
