"""Figures: one per file, ``(network, result, ax=None) -> Axes``; matplotlib is loaded inside."""

from supplyroutes.plot.network_map import network_map
from supplyroutes.plot.paths_map import paths_map
from supplyroutes.plot.saving import save_figure

__all__ = ["network_map", "paths_map", "save_figure"]
