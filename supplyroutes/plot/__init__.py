"""Figures: one per file, ``(network, result, ax=None) -> Axes``; matplotlib is loaded inside."""

from supplyroutes.plot.animation import save_animation
from supplyroutes.plot.before_after_map import before_after_map
from supplyroutes.plot.comparison_bars import comparison_bars
from supplyroutes.plot.criticality_bars import criticality_bars
from supplyroutes.plot.event_timeline import event_timeline
from supplyroutes.plot.flow_bars import flow_bars
from supplyroutes.plot.forecast_days import forecast_days
from supplyroutes.plot.guard_map import guard_map
from supplyroutes.plot.importance_map import importance_map
from supplyroutes.plot.network_map import network_map
from supplyroutes.plot.paths_map import paths_map
from supplyroutes.plot.percolation_curve import percolation_curve
from supplyroutes.plot.probability_map import probability_map
from supplyroutes.plot.reliability_diagram import reliability_diagram
from supplyroutes.plot.resilience_curve import resilience_curve
from supplyroutes.plot.restoration_map import restoration_map
from supplyroutes.plot.saving import save_figure
from supplyroutes.plot.small_multiples import small_multiples
from supplyroutes.plot.state_days import state_days
from supplyroutes.plot.stock_curves import stock_curves
from supplyroutes.plot.willing_fleet import willing_fleet
from supplyroutes.plot.worst_map import worst_map

__all__ = [
    "before_after_map",
    "comparison_bars",
    "criticality_bars",
    "event_timeline",
    "flow_bars",
    "forecast_days",
    "guard_map",
    "importance_map",
    "network_map",
    "paths_map",
    "percolation_curve",
    "probability_map",
    "reliability_diagram",
    "resilience_curve",
    "restoration_map",
    "save_animation",
    "save_figure",
    "small_multiples",
    "state_days",
    "stock_curves",
    "willing_fleet",
    "worst_map",
]
