"""What may be chosen for a plan, by name: for calls and for the command line."""

from __future__ import annotations

from typing import Literal

Weigh = Literal["people", "towns", "m3"]
"""What a day without fuel counts."""
Transit = Literal["usual", "empty", "instant"]
"""What is on the road at the start, and whether the way takes time."""
