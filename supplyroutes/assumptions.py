"""Assumptions: numbers that a user can see, cite and change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from math import inf
from types import MappingProxyType

from supplyroutes.errors import RequestError, UnknownIdError
from supplyroutes.names import nearest_names
from supplyroutes.schema import Table

SHARES = frozenset({"share", "probability"})
"""Units in which no value is above 1."""
WHOLE_PERCENT = 100
HOURS_OF_A_DAY = "h a day"
"""The unit of hours out of each day: no less than one, for a truck has to get on."""
LEAST_H, MOST_H = 1, 24


@dataclass(frozen=True, slots=True)
class Assumption:
    """One number of the model that is not a recorded fact, with its range and its reason."""

    key: str
    low: float
    best: float
    high: float
    unit: str
    reason: str
    source: str


@dataclass(frozen=True, slots=True)
class Speed:
    """Truck speed on a kind of road, in the dry season and in the rains."""

    surface: str
    condition: str
    wet_season: str
    speed_dry_kmh: float
    speed_wet_kmh: float
    reason: str
    source: str


class Assumptions(Mapping[str, Assumption]):
    """The assumptions in force, by key; `replacing` gives a changed copy.

    Parameters
    ----------
    entries
        The assumptions.
    speeds
        Truck speeds by (surface, condition, wet_season).

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> old = network.assumptions["stale_report_days"]
    >>> old.best, old.unit
    (30.0, 'days')
    >>> network.assumptions.replacing({"stale_report_days": 14})["stale_report_days"].best
    14.0
    """

    def __init__(
        self,
        entries: Mapping[str, Assumption],
        speeds: Mapping[tuple[str, str, str], Speed],
    ) -> None:
        self._entries = dict(entries)
        self._speeds = dict(speeds)

    @property
    def speeds(self) -> Mapping[tuple[str, str, str], Speed]:
        """Truck speeds by surface, condition and wet_season; a view that cannot be changed."""
        return MappingProxyType(self._speeds)

    @classmethod
    def from_tables(cls, assumptions: Table, speeds: Table) -> Assumptions:
        """Return the assumptions of an `assumptions` and a `speeds` table.

        Parameters
        ----------
        assumptions
            A checked `assumptions` table.
        speeds
            A checked `speeds` table, in km/h.

        Returns
        -------
        assumptions
            The assumptions with the truck speeds.
        """
        return cls(
            {row["key"]: Assumption(**row) for row in assumptions.rows()},
            {
                (row["surface"], row["condition"], row["wet_season"]): Speed(**row)
                for row in speeds.rows()
            },
        )

    def _repr_html_(self) -> str:
        """Return the first assumptions as a table for notebooks."""
        import pandas as pd

        from supplyroutes.displays import html

        columns = ["key", "low", "best", "high", "unit", "reason"]
        frame = pd.DataFrame(self.rows(), columns=columns).set_index("key")
        return html(f"{len(self)} assumptions", ("By key (.rows(), .speeds)", frame), digits=2)

    def rows(self) -> list[dict[str, object]]:
        """Return the rows of the `assumptions` table.

        Returns
        -------
        rows
            One dictionary an assumption, in order of key: its low, best and high value in its own
            unit, the reason and the source.
        """
        return [asdict(self[key]) for key in self]

    def speed_rows(self) -> list[dict[str, object]]:
        """Return the rows of the `speeds` table.

        Returns
        -------
        rows
            One dictionary a kind of road, in order of surface, condition and wet season: truck
            speeds in km/h, the reason and the source.
        """
        return [asdict(self.speeds[key]) for key in sorted(self.speeds)]

    def __getitem__(self, key: str) -> Assumption:
        """Return the assumption `key`."""
        if key not in self._entries:
            near = nearest_names(key, self._entries)
            raise UnknownIdError("assumption", key, near or sorted(self._entries))
        return self._entries[key]

    def __contains__(self, key: object) -> bool:
        """Tell whether there is an assumption `key`."""
        return key in self._entries

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in order."""
        return iter(sorted(self._entries))

    def __len__(self) -> int:
        """Return the number of assumptions."""
        return len(self._entries)

    def __eq__(self, other: object) -> bool:
        """Tell whether two sets of assumptions are the same."""
        if not isinstance(other, Assumptions):
            return NotImplemented
        return self._entries == other._entries and self.speeds == other.speeds

    __hash__ = None  # type: ignore[assignment]

    def replacing(self, values: Mapping[str, float]) -> Assumptions:
        """Return a copy in which the named assumptions have other best values.

        Parameters
        ----------
        values
            Best values by key, each in the unit of its assumption.

        Returns
        -------
        assumptions
            The changed copy; low, high, unit, reason and source stay as they were.

        Raises
        ------
        UnknownIdError
            There is no assumption of that name.
        RequestError
            A value is negative or not finite, a share above 1, or hours of a day not from 1 to 24.
        """
        entries = dict(self._entries)
        for key, value in values.items():
            fault = out_of_range(value, self[key].unit)
            if fault:
                raise RequestError(f"assumption {key}: {fault}")
            low, high = min(self[key].low, value), max(self[key].high, value)
            entries[key] = replace(self[key], low=low, best=float(value), high=high)
        return Assumptions(entries, self.speeds)


def out_of_range(value: float, unit: str) -> str:
    """Return what is wrong with a value in its unit; no text if it lies in the unit's range."""
    if unit == HOURS_OF_A_DAY:
        inside = LEAST_H <= value <= MOST_H
        return "" if inside else f"{value:g} must lie between {LEAST_H} and {MOST_H} hours of a day"
    if unit not in SHARES:
        return "" if 0 <= value < inf else f"{value} must be a finite number from 0 up"
    if 0 <= value <= 1:
        return ""
    percent = f"; is it a percentage? write {value / 100:g}" if 1 < value <= WHOLE_PERCENT else ""
    return f"{value:g} must lie between 0 and 1, for it is a {unit}{percent}"
