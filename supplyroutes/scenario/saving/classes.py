"""The classes that a results file may hold: nothing else is ever made from one."""

from __future__ import annotations

from functools import cache

from supplyroutes.analysis.corridors import CorridorStates
from supplyroutes.analysis.flows.flow import SupplyFlow
from supplyroutes.analysis.isolation import Isolation
from supplyroutes.analysis.losses.criticality import Criticality
from supplyroutes.analysis.losses.interdiction import Interdiction
from supplyroutes.analysis.losses.protection import Protection
from supplyroutes.analysis.outlooks.outlook import StockOutlook
from supplyroutes.analysis.restoring.restoration import Restoration
from supplyroutes.analysis.stores.stock_run import Run
from supplyroutes.analysis.stores.stock_tables import Ran
from supplyroutes.analysis.stores.stock_towns import Tanks, Towns
from supplyroutes.analysis.stores.stocks import StockLevels
from supplyroutes.analysis.stores.supply_days import SupplyDays
from supplyroutes.analysis.ways.paths import SupplyPaths
from supplyroutes.conflicts import Contradiction
from supplyroutes.core import State, View
from supplyroutes.overview import Situation
from supplyroutes.reported import Report
from supplyroutes.scenario.changing import Change
from supplyroutes.scenario.results import Answer, Made, Roads


@cache
def kept_classes() -> dict[str, type]:
    """Return the dataclasses that a results file may hold, by name."""
    classes: tuple[type, ...] = (
        Answer,
        Change,
        Contradiction,
        CorridorStates,
        Criticality,
        Interdiction,
        Isolation,
        Made,
        Protection,
        Ran,
        Report,
        Restoration,
        Roads,
        Run,
        Situation,
        State,
        StockLevels,
        StockOutlook,
        SupplyDays,
        SupplyFlow,
        SupplyPaths,
        Tanks,
        Towns,
        View,
    )
    return {one.__name__: one for one in classes}
