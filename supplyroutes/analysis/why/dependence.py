"""What a town that is reached hangs on: roads it cannot do without, and reports on its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from supplyroutes._kernels.mustpass import must_pass
from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.isolation import free_arcs, passable_arcs
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd

WITHOUT = {"supplied": "strained", "strained": "isolated"}
"""The state that a town falls to when it has no free way left, or no way at all."""


class Ways:
    """The ways to one town on one day: the free ones, and those that are passable at all."""

    def __init__(self, day: Network, town: int) -> None:
        self.day = day
        self.town = town
        self.top = day.topology
        self.sources = day.sources()
        self.arcs = dict(zip(WITHOUT, (free_arcs(day), passable_arcs(day)), strict=True))
        self.paths = {keeps: self._path(keeps) for keeps in WITHOUT}

    def _path(self, keeps: str) -> list[int] | None:
        """Return the best path of a kind; None if there is none."""
        top, arcs = self.top, self.arcs[keeps]
        _, arc_in, origin = nearest_source(
            top.out_start, top.out_arcs, top.head, self.day.time_h, arcs, self.sources
        )
        return None if origin[self.town] < 0 else path_to(self.town, arc_in, top.tail)

    def must_pass(self) -> pd.DataFrame:
        """Return the roads and towns on every way, with the state of the town without them.

        What every passable way needs, every free way needs too: it is told once, by the
        state that is worse.
        """
        import pandas as pd

        found: dict[tuple[str, str], str] = {}
        for keeps, after in WITHOUT.items():
            path = self.paths[keeps]
            if path is not None:
                top = self.top
                arcs, nodes = must_pass(
                    top.out_start, top.out_arcs, top.tail, top.head, self.arcs[keeps],
                    self.sources, path,
                )  # fmt: skip
                found |= {("road", top.edge_ids[arc // 2]): after for arc in arcs}
                found |= {("town", top.node_ids[node]): after for node in nodes}
        rows = [
            (kind, name, self._name(kind, name), after)
            for (kind, name), after in sorted(found.items())
        ]
        return pd.DataFrame(rows, columns=["kind", "id", "name", "without_it"])

    def _name(self, kind: str, name: str) -> str:
        """Return a road or town as people call it."""
        if kind == "town":
            return self.day.name(name)
        edge = self.day.edge(name)
        return " - ".join(
            self.day.name(self.top.node_ids[node])
            for node in (self.top.tail[2 * edge], self.top.head[2 * edge])
        )

    def worsening(self) -> pd.DataFrame:
        """Return the reports whose worsening alone would change the state of the town.

        A report worsens if all arcs that it acts on, or was the last to speak of, are closed.
        """
        import pandas as pd

        rows = []
        for event, arcs in sorted(self._spoken().items()):
            after = self._without(arcs)
            if after is not None:
                rows.append((event, after, len({arc // 2 for arc in arcs})))
        frame = pd.DataFrame(rows, columns=["event", "state_after", "roads"])
        return frame.set_index("event")

    def _spoken(self) -> dict[str, set[int]]:
        """Return the usable arcs that each report acts on or was the last to speak of."""
        state = self.day.state
        found: dict[str, set[int]] = {}
        for arc, passes in enumerate(self.arcs["strained"]):
            if passes:
                last = state.last_report[arc]
                names = {*state.reports[arc], *state.delayed_by[arc]}
                for event in names | ({last[1]} if last else set()):
                    found.setdefault(event, set()).add(arc)
        return found

    def _without(self, closed: set[int]) -> str | None:
        """Return the worse state of the town once these arcs are closed; None if it is the same."""
        states = list(self._lost(closed))
        return states[-1] if states else None

    def _lost(self, closed: set[int]) -> Iterator[str]:
        """Yield the states that the town falls to, one after the other."""
        for keeps, after in WITHOUT.items():
            path = self.paths[keeps]
            if path is None:
                continue
            if closed.isdisjoint(path):
                return
            arcs = bytearray(self.arcs[keeps])
            for arc in closed:
                arcs[arc] = 0
            top = self.top
            if reached(top.out_start, top.out_arcs, top.head, arcs, self.sources)[self.town]:
                return
            yield after
