"""The trees of commodities and of vehicles: whom an event hits."""

from __future__ import annotations

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
    parent = {**COMMODITY_PARENT, **VEHICLE_PARENT}
    node: str | None = part
    while node is not None:
        if node == whole:
            return True
        node = parent.get(node)
    return False


def check_commodity(name: str) -> str:
    """Return `name` if it is a known commodity, else raise `UnknownIdError`."""
    if name not in COMMODITIES:
        raise UnknownIdError("commodity", name, nearest_names(name, COMMODITIES) or COMMODITIES)
    return name
