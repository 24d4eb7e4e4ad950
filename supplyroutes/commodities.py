"""The trees of commodities and of vehicles: whom an event hits."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from supplyroutes.errors import UnknownIdError
from supplyroutes.names import nearest_names

COMMODITY_PARENT = {
    "fuel": "all",
    "petrol": "fuel",
    "diesel": "fuel",
    "jet": "fuel",
    "heavy_fuel_oil": "fuel",
    "goods": "all",
    "bitumen": "goods",
}
VEHICLE_PARENT = {"truck": "any", "tanker": "truck", "passenger": "any"}
COMMODITIES = ("all", *COMMODITY_PARENT)
VEHICLES = ("any", *VEHICLE_PARENT)


def covers(whole: str, part: str) -> bool:
    """Tell whether `whole` is `part` or an ancestor of it.

    >>> covers("fuel", "diesel"), covers("diesel", "fuel")
    (True, False)
    """
    return whole in _line(part)


def whole_of(names: Sequence[str]) -> str:
    """Return the smallest commodity that covers all of these; one alone is itself.

    >>> whole_of(["petrol", "diesel"]), whole_of(["diesel"]), whole_of(["diesel", "goods"])
    ('fuel', 'diesel', 'all')
    """
    return next(name for name in _line(names[0]) if all(covers(name, other) for other in names))


def depth(name: str) -> int:
    """Return how deep a commodity or vehicle stands in its tree: 1 at the root.

    >>> depth("all"), depth("fuel"), depth("diesel")
    (1, 2, 3)
    """
    return len(_line(name))


@lru_cache(maxsize=64)  # asked for every row of demand, on every day
def _line(name: str) -> tuple[str, ...]:
    """Return a commodity or vehicle and its ancestors."""
    parent = {**COMMODITY_PARENT, **VEHICLE_PARENT}
    line = [name]
    while line[-1] in parent:
        line.append(parent[line[-1]])
    return tuple(line)


def check_commodity(name: str) -> str:
    """Return `name` if it is a known commodity, else raise `UnknownIdError`."""
    if name not in COMMODITIES:
        raise UnknownIdError("commodity", name, nearest_names(name, COMMODITIES) or COMMODITIES)
    return name
