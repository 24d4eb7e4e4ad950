"""What may be chosen for a flow, by name: for calls and for the command line."""

from __future__ import annotations

from typing import Literal

Allocation = Literal["max_min", "priority", "nearest"]
"""Who goes short when there is not enough."""
