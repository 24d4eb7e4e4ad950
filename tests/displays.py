"""One of every result on a toy case whose names and texts are hostile, to look at as HTML."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import supplyroutes as sr
from supplyroutes import overview, scenario
from supplyroutes.analysis import corridors, history
from supplyroutes.analysis.losses import removal_proof, resilience, soonest
from supplyroutes.analysis.outlooks import outlook_change
from supplyroutes.analysis.planning import survival
from supplyroutes.analysis.stores import lifelines, supply_days
from supplyroutes.analysis.trucks import deterrence, mixed_routes
from supplyroutes.scenario import attribution
from supplyroutes.schema import Table, table_from_cells

HOSTILE = '<script>alert("1")</script> & <b>$\\int x^2$</b> '
DAY = "2025-01-12"
OUTCOME = {
    "outcome": "O1", "date": DAY, "node": "north", "observation": "shortage",
    "value": "1", "text": HOSTILE, "source": HOSTILE, "confidence": "A",
}  # fmt: skip


def hostile(network: sr.Network) -> sr.Network:
    """Return the network with markup in the names of its towns, regions and corridors."""
    tables = network.tables
    towns = _marked(tables.towns, "name", "admin1", "source")
    corridors_ = _marked(tables.corridors, "name", "source")
    changed = replace(tables, towns=towns, corridors=corridors_)
    return sr.Network(changed, network.assumptions)


def _marked(table: Table, *names: str) -> Table:
    """Return a table with markup before every text of some columns."""
    columns = dict(table.columns)
    for name in names:
        columns[name] = [f"{HOSTILE}{text}" for text in columns[name]]
    return replace(table, columns=columns)


@dataclass(frozen=True)
class Shown:
    """A case to make results of, and a folder to write it to."""

    network: sr.Network
    events: sr.Events
    folder: Path

    @cached_property
    def day(self) -> sr.Network:
        """A day on which one road is closed and another restricted."""
        return sr.disrupt(self.network, self.events, at=DAY)

    @cached_property
    def days(self) -> Any:
        """The days around it."""
        return sr.timeline(self.network, self.events, start="2025-01-08", end="2025-01-20")

    @cached_property
    def stocks(self) -> Any:
        """Stocks of these days."""
        return sr.stock_levels(self.days, stock_m3={"east": 100})

    @cached_property
    def outlook(self) -> Any:
        """Stocks of these days over a few draws."""
        return sr.stock_outlook(self.draws, start="2025-01-08", end="2025-01-20", workers=1)

    @cached_property
    def draws(self) -> Any:
        """A few draws."""
        return sr.ensemble(self.network, self.events, runs=3)

    @cached_property
    def scenario(self) -> sr.Scenario:
        """A what-if of the case, read from a folder, with markup in its title."""
        sr.write_network(self.network, self.folder)
        sr.write_events(self.events, self.folder)
        return sr.Scenario(
            title=HOSTILE,
            folder=str(self.folder),
            date=dt.date.fromisoformat(DAY),
            events={"removed": ["T1"]},  # type: ignore[arg-type]  (pydantic reads it)
        )

    @cached_property
    def answers(self) -> Any:
        """The answers to that scenario: fuel and roads."""
        return scenario.run(self.scenario, analyses=("flow", "roads"))

    @cached_property
    def outcomes(self) -> Table:
        """One observed shortage."""
        return table_from_cells([OUTCOME], "outcomes", file="outcomes.csv")


def toy(folder: Path) -> Shown:
    """Return the toy case with markup in its names and texts."""
    network, events = sr.datasets.toy()
    told = (replace(report, text=HOSTILE, source=HOSTILE, actor=HOSTILE) for report in events)
    return Shown(hostile(network), sr.Events(told, events.rules), folder)


def always(known: Any, lead_days: int) -> Any:
    """Forecast a shortage everywhere, half sure."""
    from supplyroutes.skill.forecasts import Forecast

    nodes = known.network.topology.node_ids
    return Forecast(known.day, {node: [0.5] * lead_days for node in nodes})


MADE: dict[str, Callable[[Shown], Any]] = {
    "Answer": lambda case: case.answers.main,
    "Assumptions": lambda case: case.network.assumptions,
    "Attribution": lambda case: attribution.attribution(case.scenario, "scenario"),
    "Backtest": lambda case: sr.backtest(
        case.network, case.events, case.outcomes,
        window=("2025-01-11", "2025-01-20"), every_days=3, lead_days=10,
        forecasters={HOSTILE: always},
    ),
    "Comparison": lambda case: sr.compare({"as it was": case.day, HOSTILE: case.network}),
    "ConvoyPlan": lambda case: sr.convoy_plan(case.days, escorts_per_week=1, tankers=5),
    "CorridorStates": lambda case: corridors.corridor_states(case.day),
    "Criticality": lambda case: sr.criticality(case.day),
    "Ensemble": lambda case: case.draws,
    "Events": lambda case: case.events,
    "Explanation": lambda case: sr.explain(case.network, case.events, at=DAY, to="east"),
    "Fleet": lambda case: sr.Fleet(tankers=300 + len(case.events)),
    "Interdiction": lambda case: sr.interdiction(case.day, budget=1),
    "Isolation": lambda case: sr.isolation(case.day, baseline=case.network),
    "IsolationHistory": lambda case: history.isolation_history(case.days),
    "Lifelines": lambda case: lifelines.lifelines(case.stocks),
    "MixedRoutes": lambda case: mixed_routes.randomised_routes(case.day, to="east"),
    "Network": lambda case: case.day,
    "OutlookChange": lambda case: outlook_change.outlook_change(case.outlook, case.outlook),
    "Percolation": lambda case: sr.percolation(case.day),
    "Plan": lambda case: sr.plan(case.days, stock_m3={"east": 10}),
    "Preposition": lambda case: sr.preposition(500, {HOSTILE: case.days}),
    "Protection": lambda case: sr.protection(case.day, budget=1, attack_budget=1),
    "Reliability": lambda case: sr.reliability(case.network, case.events, at=DAY),
    "RemovalProof": lambda case: removal_proof.removal_proof(case.day, "bridge--east"),
    "Report": lambda case: next(iter(case.events)),
    "ResilienceCurve": lambda case: resilience.resilience_curve(case.day, most=2),
    "Restoration": lambda case: sr.restoration(case.network, case.events, at=DAY),
    "ResultComparison": lambda case: sr.compare(case.answers),
    "Results": lambda case: case.answers,
    "Roads": lambda case: case.answers.roads,
    "Route": lambda case: sr.route(case.day, case.events, origin="port", to="east"),
    "Rules": lambda case: case.events.rules,
    "Scenario": lambda case: case.scenario,
    "Sensitivity": lambda case: sr.sensitivity(case.network, case.events, at=DAY),
    "Situation": lambda case: overview.situation(case.network, case.events, at=DAY),
    "SoonestDry": lambda case: soonest.soonest_dry(case.days, to="east", budget=1),
    "StockLevels": lambda case: case.stocks,
    "StockOutlook": lambda case: case.outlook,
    "SupplyDays": lambda case: supply_days.supply_days(
        case.network, case.events, at=dt.date.fromisoformat(DAY), commodity="fuel"
    ),
    "SupplyFlow": lambda case: sr.supply_flow(case.day),
    "SupplyPaths": lambda case: sr.supply_paths(case.day, to="east"),
    "Survival": lambda case: survival.time_to_survive(case.days, stock_m3={"east": 10}),
    "Table": lambda case: case.outcomes,
    "Timeline": lambda case: case.days,
    "Trip": lambda case: sr.Trip(via=[HOSTILE], days=case.days),
    "Willingness": lambda case: deterrence.willingness(
        case.network, case.events, start="2025-01-08", end="2025-01-20"
    ),
}  # fmt: skip
"""How to make one of each class that is shown in notebooks, by its name."""
