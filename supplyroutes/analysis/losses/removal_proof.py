"""The proof of what one removal costs: a new best way for each town, or a closed cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import fsum, inf
from typing import TYPE_CHECKING, Any

from supplyroutes._kernels.paths import nearest_source, path_to
from supplyroutes.analysis.flows.flow_problem import by_node, needs_of
from supplyroutes.analysis.isolation import isolation, passable_arcs
from supplyroutes.analysis.losses.choices import Kind
from supplyroutes.analysis.losses.removals import without
from supplyroutes.network import Network

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RemovalProof:
    """What one removal does, town by town; made by `removal_proof`.

    Attributes
    ----------
    removed
        Id of what is removed.
    of
        Its kind.
    at
        The day; None for the undisturbed network.
    commodity
        The commodity asked for.
    delayed
        Index `node`: the towns that are reached later: name, population, demand_m3_per_day,
        before_h, after_h, source and `path`, the roads of the best way that is left.
    cut_off
        Index `node`: the towns that are not reached any more: name, population,
        demand_m3_per_day and `cut`: every way that there was on the day crosses one of these arcs,
        all of which are removed, or begins at a source that is.
    added_m3_h_per_day
        Demand x hours later, summed.
    cut_m3_per_day
        Demand cut off.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.removal_proof import removal_proof
    >>> network, _ = sr.datasets.toy()
    >>> proof = removal_proof(network, "bridge--east")
    >>> proof.delayed.loc["east", "path"]
    ('port--north', 'north--bridge', 'bridge--east--old')
    """

    removed: str
    of: str
    at: date | None
    commodity: str
    delayed: pd.DataFrame
    cut_off: pd.DataFrame
    added_m3_h_per_day: float
    cut_m3_per_day: float

    def summary(self) -> dict[str, float]:
        """Return how many towns are delayed and cut off, and the two totals.

        Returns
        -------
        values
            delayed, cut_off: numbers of towns; added_m3_h_per_day and cut_m3_per_day.
        """
        return {
            "delayed": len(self.delayed),
            "cut_off": len(self.cut_off),
            "added_m3_h_per_day": self.added_m3_h_per_day,
            "cut_m3_per_day": self.cut_m3_per_day,
        }

    def to_dict(self) -> dict[str, Any]:
        """Return the result as plain values for JSON; missing numbers are None.

        Returns
        -------
        values
            The fields by name; tables as lists of rows.
        """
        from supplyroutes.analysis.plain import plain, records

        return {
            "removed": self.removed,
            "of": self.of,
            "at": self.at.isoformat() if self.at else None,
            "commodity": self.commodity,
            "sensitive": True,
            "summary": {key: plain(value) for key, value in self.summary().items()},
            "delayed": records(self.delayed),
            "cut_off": records(self.cut_off),
        }

    def _repr_html_(self) -> str:
        """Return the towns with their new ways and their cuts, as tables for notebooks."""
        from supplyroutes.displays import asked, html

        late, cut = (
            table.sort_values("population", ascending=False, kind="stable")
            for table in (self.delayed, self.cut_off)
        )
        return html(
            f"{asked(self.commodity, self.at)}, without {self.removed}",
            ("Towns that it cuts off, with the cut (.cut_off)", cut),
            ("Towns that it delays, with the new way (.delayed)", late),
        )


def removal_proof(day: Network, name: str, *, of: Kind = "roads") -> RemovalProof:
    """Towns that one removal delays or cuts off on a day, with a proof for each.

    The best ways before and after are searched in full: nothing is taken from `criticality`,
    whose numbers for this removal are the totals here.

    Parameters
    ----------
    day
        The network on a day.
    name
        Id of what is removed.
    of
        Its kind: roads, towns, terminals or corridors.

    Returns
    -------
    proof
        Towns reached later, each with its new best way, and towns cut off, each with its cut.

    Raises
    ------
    RequestError
        There is no such kind.
    UnknownIdError
        There is nothing of that id on the day.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.analysis.losses.removal_proof import removal_proof
    >>> network, _ = sr.datasets.toy()
    >>> removal_proof(network, "port--north").delayed["after_h"].round(1).to_dict()
    {'bridge': 6.3, 'east': 7.4, 'north': 8.9}
    """
    import pandas as pd

    after = without(day, name, of=of)
    top = day.topology
    best, _, _ = _tree(day)
    later, arc_in, origin = _tree(after)
    cuts = isolation(after, baseline=day, approaches=False).cuts
    wanted = by_node(needs_of(day))
    delayed, cut_off = [], []
    for node, town in enumerate(top.node_ids):
        row = {
            "node": town,
            "name": day.name(town),
            "population": day.tables.towns.columns["population"][node],
            "demand_m3_per_day": wanted.get(node, 0.0),
        }
        if best[node] < later[node] < inf:
            way = tuple(top.edge_ids[arc // 2] for arc in path_to(node, arc_in, top.tail))
            source = top.node_ids[origin[node]]
            times = {"before_h": best[node], "after_h": later[node]}
            delayed.append({**row, **times, "source": source, "path": way})
        elif best[node] < later[node]:
            cut_off.append({**row, "cut": cuts[town]})
    known = ["node", "name", "population", "demand_m3_per_day"]
    tables = [
        pd.DataFrame(rows, columns=[*known, *more]).set_index("node").astype({"population": float})
        for rows, more in (
            (delayed, ("before_h", "after_h", "source", "path")),
            (cut_off, ("cut",)),
        )
    ]
    return RemovalProof(
        removed=name,
        of=of,
        at=day.at,
        commodity=day.commodity,
        delayed=tables[0],
        cut_off=tables[1],
        added_m3_h_per_day=fsum(
            row["demand_m3_per_day"] * (row["after_h"] - row["before_h"]) for row in delayed
        ),
        cut_m3_per_day=fsum(row["demand_m3_per_day"] for row in cut_off),
    )


def _tree(day: Network) -> tuple[list[float], list[int], list[int]]:
    """Return best time, last arc and source of every town."""
    top = day.topology
    return nearest_source(
        top.out_start, top.out_arcs, top.head, day.time_h, passable_arcs(day), day.sources()
    )
