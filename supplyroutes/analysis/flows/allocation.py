"""Who is served first when there is not enough for all: a stated policy, never an accident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import get_args

from supplyroutes.analysis.flows.choices import Allocation
from supplyroutes.analysis.flows.flow_model import Item
from supplyroutes.analysis.flows.flow_problem import Problem
from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.io.tables import data_folder
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.schema import Table, read_table


@dataclass(frozen=True)
class Shares:
    """Who receives fuel as one, and which needs each of them stands for."""

    items: tuple[Item, ...]
    members: tuple[tuple[int, ...], ...]


def check_allocation(allocation: str) -> None:
    """Refuse an allocation that there is not."""
    if allocation not in get_args(Allocation):
        raise RequestError(
            f"no allocation {allocation!a}: {', '.join(get_args(Allocation)[:-1])} "
            f"or {get_args(Allocation)[-1]}"
        )


@cache
def priorities() -> Table:
    """Return the bundled table of priorities."""
    return read_table(data_folder() / "priorities.csv", "priorities")


def priorities_of(given: str | Path | Table | None) -> Table | None:
    """Return a table of priorities of one's own, read from its file; None for the bundled one.

    Raises
    ------
    DataError
        Everything that is wrong with the file.
    RequestError
        The table is another one.
    """
    if given is None:
        return None
    table = given if isinstance(given, Table) else read_table(given, "priorities")
    if table.name != "priorities" or not len(table):
        raise RequestError(f"{table.file} is not a table of priorities, or has no row")
    return table


def policies(table: Table) -> list[str]:
    """Return the names of the policies of a table of priorities, in order."""
    return sorted(set(table.columns["policy"]))


def shares_of(
    day: Network, problem: Problem, policy: str | None, table: Table | None = None
) -> Shares:
    """Return the items of a problem: a town each, or under a policy a town and rank each.

    Of several products, each is an item of its own. The policy is one of the bundled table of
    priorities, or of one's own.
    """
    ranks = [0] * len(problem.needs)
    if policy is not None:
        ranks = _ranks(day, problem, policy, priorities() if table is None else table)
    groups: dict[tuple[int, int], list[int]] = {}
    for place, (need, rank) in enumerate(zip(problem.needs, ranks, strict=True)):
        groups.setdefault((need.node, rank), []).append(place)
    items = tuple(
        Item(node, sum(problem.needs[place].amount for place in places), rank)
        for (node, rank), places in sorted(groups.items())
    )
    return Shares(items, tuple(tuple(groups[key]) for key in sorted(groups)))


def _ranks(day: Network, problem: Problem, policy: str, table: Table) -> list[int]:
    """Return the rank of each need: that of the first row that fits; the last if none does."""
    names = policies(table)
    if policy not in names:
        raise UnknownIdError("policy", policy, nearest_names(policy, names) or names)
    chosen = [row for row in table.rows() if row["policy"] == policy]
    rows = sorted(chosen, key=lambda row: row["rank"])
    roles: Sequence[Sequence[str]] = day.tables.towns.columns["roles"]
    last = rows[-1]["rank"] + 1
    return [
        next(
            (
                row["rank"]
                for row in rows
                if row["demand_class"] in {"any", need.demand_class}
                and (row["role"] == "any" or row["role"] in roles[need.node % problem.towns])
            ),
            last,
        )
        for need in problem.needs
    ]
