"""What may be chosen for losses of roads, by name: for calls and for the command line."""

from __future__ import annotations

from typing import Literal

Ranking = Literal[
    "travel_time",
    "importance",
    "isolation",
    "unsatisfied",
    "unmet_demand",
    "network_robustness_index",
    "capacity_robustness_index",
    "betweenness",
]
"""By what single losses are ranked."""
Kind = Literal["roads", "towns", "terminals", "corridors"]
"""What is lost."""
Measure = Literal["weighted_time", "isolated_demand", "max_flow", "unmet_demand"]
"""How the harm of a loss of several roads is measured."""
