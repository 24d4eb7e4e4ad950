"""Which assumptions a result rests on, as a table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


def used_assumptions(network: Network, keys: Iterable[str]) -> pd.DataFrame:
    """Return the assumptions in use: index `key`; best value, unit, reason and source."""
    import pandas as pd

    known = network.assumptions
    rows = [(key, known[key].best, known[key].unit, known[key].reason, known[key].source)
            for key in keys]  # fmt: skip
    return pd.DataFrame(rows, columns=["key", "value", "unit", "reason", "source"]).set_index("key")
