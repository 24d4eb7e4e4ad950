"""Figures: one per file, ``(network, result, ax=None) -> Axes``; matplotlib is loaded inside."""

from supplyroutes.plot.flow_bars import flow_bars
from supplyroutes.plot.importance_map import importance_map
from supplyroutes.plot.network_map import network_map
from supplyroutes.plot.paths_map import paths_map

__all__ = [
    "flow_bars",
    "importance_map",
    "network_map",
    "paths_map",
    "percolation_curve",
    "probability_map",
    "resilience_curve",
    "restoration_map",
    "save_figure",
    "state_days",
    "stock_curves",
    "worst_map",
]
