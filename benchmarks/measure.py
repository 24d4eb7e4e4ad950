"""How times are taken: medians over many repeats in one process, beside a peer's."""

import gc
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One line of the table of results."""

    work: str
    ours_ms: float
    peer: str
    peer_ms: float | None
    mark: str
    met: bool | None

    @property
    def ratio(self) -> str:
        """How many times longer the peer takes."""
        return "" if self.peer_ms is None else f"{self.peer_ms / self.ours_ms:.1f}"

    def line(self) -> str:
        """Return the row in markdown."""
        peer_ms = "" if self.peer_ms is None else f"{self.peer_ms:.2f}"
        met = "" if self.met is None else "yes" if self.met else "**no**"
        cells = (self.work, f"{self.ours_ms:.2f}", self.peer, peer_ms, self.ratio, self.mark, met)
        return f"| {' | '.join(cells)} |"


COLUMNS = ("work", "ours, ms", "peer", "peer, ms", "peer / ours", "mark", "met")
HEADER = f"| {' | '.join(COLUMNS)} |\n" + "|---" * len(COLUMNS) + "|"


def median_ms(work: Callable[[], object], *, repeats: int, warm: int = 3) -> float:
    """Return the median time of `work` in ms; the collector runs between repeats only."""
    for _ in range(warm):
        work()
    times = []
    for _ in range(repeats):
        gc.collect()
        gc.disable()
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
        gc.enable()
    return 1000 * statistics.median(times)
