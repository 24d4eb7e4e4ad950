"""120 days of stocks on the Mali case; there is no peer.

No other tool was found that follows stocks and trucks through a blockade. What is sent and
is under way on the first days is checked against the same days solved each from nothing.
"""

from collections.abc import Mapping
from math import isclose

from measure import Row, median_ms

import supplyroutes as sr
from supplyroutes.analysis.stores.dispatch import Dispatch, Sending
from supplyroutes.analysis.stores.stock_run import Habits, Run, simulate
from supplyroutes.analysis.stores.stock_towns import towns_of
from supplyroutes.disruption import Timeline
from supplyroutes.network import Network

START, CHECKED, END = "2025-09-01", "2025-09-12", "2025-12-29"
MARK_MS = 500
REPEATS = 10


class Forgetful(Dispatch):
    """A dispatch that makes everything anew on every day."""

    def __init__(self, network: Network) -> None:
        super().__init__(network, allocation="max_min", policy="essential")
        self._network = network

    def send(self, day: Network, ordered: Mapping[int, float]) -> Sending:
        """Return what leaves for these orders."""
        return Dispatch(self._network, allocation="max_min", policy="essential").send(day, ordered)


def run_of(days: Timeline, sender: Dispatch) -> Run:
    """Return the run of a sender over the days."""
    calm = days[days.dates[0]].undisturbed()
    return simulate(days, towns_of(calm, None), sender, Habits(1.5, 3.0, None))


def rows() -> list[Row]:
    """Check and time."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events, start=START, end=END)
    first = sr.timeline(network, events, start=START, end=CHECKED)
    kept = run_of(first, Dispatch(network, allocation="max_min", policy="essential"))
    for mine, theirs in zip(kept.totals, run_of(first, Forgetful(network)).totals, strict=True):
        for one, other in zip(mine, theirs, strict=True):
            assert isclose(one, other, rel_tol=1e-6, abs_tol=1e-3), (mine, theirs)

    whole = median_ms(lambda: sr.stock_levels(days), repeats=REPEATS)
    again = median_ms(
        lambda: sr.stock_levels(sr.timeline(network, events, start=START, end=END)),
        repeats=REPEATS,
    )
    ranked = median_ms(
        lambda: sr.stock_levels(days, allocation="priority"), repeats=REPEATS, warm=1
    )
    return [
        Row("`stock_levels`: 120 days of the Mali case, max-min", whole, "", None,
            f"< {MARK_MS} ms", whole < MARK_MS),
        Row("the same with `timeline`: one run of an ensemble", again, "", None, "", None),
        Row("`stock_levels`: 120 days, ranks of a policy", ranked, "", None, "", None),
    ]  # fmt: skip
