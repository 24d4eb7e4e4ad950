"""`run`: a scenario in, the answers to each of its entries out."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from math import inf
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.flows.flow import SupplyFlow, supply_flow
from supplyroutes.analysis.losses.criticality import criticality
from supplyroutes.analysis.losses.interdiction import interdiction
from supplyroutes.analysis.losses.protection import protection
from supplyroutes.analysis.outlooks.draws import ensemble
from supplyroutes.analysis.outlooks.outlook import StockOutlook, stock_outlook
from supplyroutes.analysis.restoring.restoration import restoration
from supplyroutes.analysis.stores.supply_days import supply_days_of
from supplyroutes.analysis.ways.paths import SupplyPaths, supply_paths
from supplyroutes.analysis.workers import Progress
from supplyroutes.datasets import skill_of
from supplyroutes.network import Network
from supplyroutes.overview import situation
from supplyroutes.scenario.applying import applied
from supplyroutes.scenario.changes import changes_between
from supplyroutes.scenario.changing import Case, case_place
from supplyroutes.scenario.made import made_of
from supplyroutes.scenario.model import (
    RECORDED,
    SUPPOSED,
    Analysis,
    Policies,
    Scenario,
    Suppositions,
)
from supplyroutes.scenario.results import Answer, Results, Roads
from supplyroutes.scenario.supposed_stocks import Levels, span, supposed_days

if TYPE_CHECKING:
    import pandas as pd

MOST_TOWNS = 6
"""Towns to which paths are told if none is named: the largest that use the commodity."""


def run(
    scenario: Scenario,
    *,
    analyses: Collection[Analysis] | None = None,
    workers: int = 1,
    progress: Progress | None = None,
) -> Results:
    """Answer a scenario: the day as recorded, under the scenario's changes, and its what-ifs.

    Parameters
    ----------
    scenario
        The scenario.
    analyses
        What is worked out besides states and corridors; what the scenario asks for if None.
    workers
        Processes that share the draws of the outlook; the answer is the same on any number.
    progress
        Called with the number of draws done, and of all.

    Returns
    -------
    results
        The answers by entry, with seed, versions and digests of the inputs.

    Raises
    ------
    DataError
        The case is not valid, or the scenario does not fit it: everything that it names but is
        not there, or that is out of range, with the line if the scenario was read from a file.
    KeyboardInterrupt
        Ctrl-C came before all draws were done.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12),
    ...                        events={"removed": ["T1"]})
    >>> results = sr.run(scenario, analyses=())
    >>> results.differences().loc["east", ["state_recorded", "state_what_if"]].tolist()
    ['strained', 'supplied']
    """
    wanted = scenario.wanted if analyses is None else tuple(analyses)
    # Before the tables are read: one that changes meanwhile must not pass for the one read.
    made = made_of(scenario)
    put = applied(scenario, wanted=wanted)
    whole, cases, recorded = put.supposed, put.cases, put.recorded
    shared = _Shared(len(whole) if "outlook" in wanted else 0, workers, progress)
    entries = {
        entry: _answer(scenario, entry, supposed, (recorded, cases[entry]), wanted, shared)
        for entry, supposed in whole.items()
    }
    main = cases.get(SUPPOSED, recorded)
    day = entries.get(SUPPOSED, entries[RECORDED]).situation.day
    return Results(
        scenario=scenario,
        entries=entries,
        made=made,
        roads=_roads(scenario, day) if "roads" in wanted else None,
        reopening=restoration(*main, at=scenario.date, commodity=scenario.commodity)
        if "reopening" in wanted
        else None,
        skill=_skill(scenario),
        case=main,
    )


class _Shared:
    """What the entries share: workers, and one count of all draws."""

    def __init__(self, outlooks: int, workers: int, progress: Progress | None) -> None:
        self.workers, self._progress = workers, progress
        self._outlooks, self._before = outlooks, 0

    def told(self, done: int, runs: int) -> None:
        """Tell how many draws of all entries are done."""
        if self._progress is not None:
            self._progress(self._before + done, runs * self._outlooks)
        if done == runs:
            self._before += runs


def _answer(
    scenario: Scenario,
    entry: str,
    supposed: Suppositions,
    cases: tuple[Case, Case],
    wanted: Collection[str],
    shared: _Shared,
) -> Answer:
    """Return the answer for one entry."""
    recorded, case = cases
    now = situation(*case, at=scenario.date, commodity=scenario.commodity)
    levels = Levels(scenario, supposed, case[1])
    stocks = levels(supposed_days(scenario, case)) if "stocks" in wanted else None
    what_if = scenario.what_if.get(entry)
    title, of = (scenario.title, RECORDED) if entry == SUPPOSED else ("", "")
    if what_if is not None:
        title, of = what_if.title or entry, what_if.of
    return Answer(
        name=entry,
        title=title,
        of=of,
        situation=now,
        changes=tuple(changes_between(scenario, recorded, case, supposed)),
        flow=_flow(now.day, supposed) if "flow" in wanted else None,
        paths=dict(_paths(scenario, case, now.day)) if "paths" in wanted else {},
        stocks=stocks,
        supply=None if stocks is None else supply_days_of(stocks, at=scenario.date),
        outlook=_outlook(scenario, case, levels, shared) if "outlook" in wanted else None,
    )


def _flow(day: Network, supposed: Suppositions) -> SupplyFlow:
    """Return what the open roads can deliver, with the tankers and policies that are supposed."""
    policies, fleet = supposed.policies or Policies(), supposed.fleet
    return supply_flow(
        day,
        allocation=policies.allocation,
        policy=policies.policy,
        tankers=inf if fleet is None or fleet.tankers is None else fleet.tankers,
    )


def _paths(scenario: Scenario, case: Case, day: Any) -> Iterator[tuple[str, SupplyPaths]]:
    """Yield the paths to the towns asked for, or to the largest that use the commodity."""
    network, asked = case[0], scenario.analyses.paths
    towns = [network.find(name) for name in asked.to]
    for node in towns or largest_users(day):
        yield node, supply_paths(day, to=node, k=asked.k, baseline=network)


def largest_users(network: Network) -> list[str]:
    """Return the largest towns that use the commodity that a network is asked for."""
    nodes = network.nodes
    users = nodes[nodes["demand_m3_per_day"] > 0]
    largest = users["population"].fillna(0).sort_values(ascending=False, kind="stable")
    return [str(node) for node in largest.index[:MOST_TOWNS]]


def _outlook(scenario: Scenario, case: Case, levels: Levels, shared: _Shared) -> StockOutlook:
    """Return the stocks under many draws; every entry has the same luck."""
    first, last = span(scenario)
    runs = scenario.analyses.outlook.runs
    outlook = stock_outlook(
        ensemble(*case, runs=runs, seed=scenario.seed, commodity=scenario.commodity),
        start=first,
        end=last,
        levels=levels,
        workers=shared.workers,
        progress=shared.told,
    )
    if outlook.runs < runs:  # Ctrl-C: half an outlook is none, for it could not be made again
        raise KeyboardInterrupt
    return outlook


def _roads(scenario: Scenario, day: Any) -> Roads:
    """Return which roads to guard."""
    asked = scenario.analyses.roads
    return Roads(
        criticality=criticality(day, measure="unmet_demand"),
        worst=interdiction(day, budget=asked.lost, measure="isolated_demand"),
        guard=protection(
            day, budget=asked.guarded, attack_budget=asked.lost, measure="isolated_demand"
        ),
    )


def _skill(scenario: Scenario) -> pd.DataFrame | None:
    """Return how past forecasts of the case fared; None if none was ever scored."""
    import pandas as pd

    table = skill_of(case_place(scenario))
    return pd.DataFrame(table.columns).set_index(["window", "forecaster"]) if len(table) else None
