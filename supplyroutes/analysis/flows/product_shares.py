"""Which products the fuel of a class is made of: a table that a user can read and cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import fsum
from typing import Any

from supplyroutes.commodities import covers
from supplyroutes.errors import DataError, Problem
from supplyroutes.io.tables import data_folder
from supplyroutes.schema import Table, read_table

SPLIT = "fuel"
"""The commodity that the shares are parts of."""
ANYWHERE = "any"
_ROUNDING = 1e-9


@dataclass(frozen=True)
class ProductShares:
    """The shares of products in what a class of a town uses of all fuel.

    Parameters
    ----------
    table
        A checked `product_shares` table.
    """

    table: Table

    def part(self, demand_class: str, node: str, product: str) -> float | None:
        """Return the share of a product; None if the table does not split for it.

        A town with rows of its own for the class has those alone; what no row names is not used.

        >>> product_shares().part("power", "bamako", "heavy_fuel_oil")
        0.27
        >>> product_shares().part("power", "mopti", "heavy_fuel_oil")
        0.0
        """
        if product == SPLIT or not covers(SPLIT, product):
            return None
        rows = self._rows(demand_class, node)
        return {row["product"]: float(row["share_best"]) for row in rows}.get(product, 0.0)

    def _rows(self, demand_class: str, node: str) -> list[dict[str, Any]]:
        """Return the rows that hold for a class of a town."""
        rows = _by_place(self.table)
        own = (demand_class, node)
        found = rows.get(own if own in rows else (demand_class, ANYWHERE), [])
        return [row for _, row in found]


def _by_place(table: Table) -> Mapping[tuple[str, str], list[tuple[int, dict[str, Any]]]]:
    """Return the rows of a table, with their numbers, by class and town."""
    found: dict[tuple[str, str], list[tuple[int, dict[str, Any]]]] = {}
    for number, row in enumerate(table.rows()):
        found.setdefault((row["demand_class"], row["node"]), []).append((number, row))
    return found


def checked_shares(table: Table) -> ProductShares:
    """Return the shares of a table whose values are in order and add up to 1, or raise.

    Raises
    ------
    DataError
        A best share outside its range, or shares of a class and town that do not add up to 1.
    """
    problems: list[Problem] = []
    for rows in _by_place(table).values():
        for number, row in rows:
            if not row["share_low"] <= row["share_best"] <= row["share_high"]:
                problems.append(
                    table.problem(number, "share_best", "is not between share_low and share_high")
                )
        total = fsum(row["share_best"] for _, row in rows)
        if abs(total - 1) > _ROUNDING:
            number, row = rows[-1]
            place = f"{row['demand_class']} at {row['node']}"
            message = f"the shares of {place} add up to {total:g}, not to 1"
            problems.append(table.problem(number, "share_best", message))
    if problems:
        raise DataError(problems)
    return ProductShares(table)


@cache
def product_shares() -> ProductShares:
    """Return the bundled shares."""
    return checked_shares(read_table(data_folder() / "product_shares.csv", "product_shares"))
