"""Bundled cases: offline, with sources."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from supplyroutes.errors import UnknownIdError
from supplyroutes.events import Events
from supplyroutes.io.tables import data_folder, read_case
from supplyroutes.names import nearest_names
from supplyroutes.network import Network
from supplyroutes.schema import Table, read_table, table_from_cells

__all__ = ["cases", "folder", "mali", "outcomes", "skill", "toy"]


def cases() -> list[str]:
    """Return the names of the bundled cases.

    Returns
    -------
    names
        Names for `folder`, in order.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> sr.datasets.cases()
    ['mali', 'toy']
    """
    return sorted(path.parent.name for path in data_folder().glob("*/towns.csv"))


def folder(case: str) -> Path:
    """Return the folder of a bundled case: CSV tables to read, copy and change.

    Parameters
    ----------
    case
        Name of the case.

    Returns
    -------
    folder
        The folder; treat it as read-only.

    Raises
    ------
    UnknownIdError
        There is no such case.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> sr.datasets.folder("mali").name
    'mali'
    """
    known = cases()
    if case not in known:
        raise UnknownIdError("bundled case", case, nearest_names(case, known) or known)
    return data_folder() / case


def outcomes(case: str) -> Table:
    """Return what was observed in a bundled case: shortages, queues, prices, arrivals.

    Parameters
    ----------
    case
        Name of the case.

    Returns
    -------
    outcomes
        The checked table; one without rows if nothing was recorded.

    Raises
    ------
    UnknownIdError
        There is no such case.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> len(sr.datasets.outcomes("mali"))
    65
    """
    return outcomes_of(folder(case))


def outcomes_of(place: Path) -> Table:
    """Return what was observed, of a folder: ``outcomes.csv``, or a table without rows."""
    return _if_there(place, "outcomes")


def skill(case: str) -> Table:
    """Return how past forecasts of a bundled case fared, beside simple ones.

    Parameters
    ----------
    case
        Name of the case.

    Returns
    -------
    skill
        The checked table, as ``supplyroutes/schema/skill.csv`` says; one without rows if no
        forecast was ever scored.

    Raises
    ------
    UnknownIdError
        There is no such case.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> table = sr.datasets.skill("mali")
    >>> [row["skill_ratio"] for row in table.rows() if row["forecaster"] == "model"]
    [0.68, -0.67]
    """
    return skill_of(folder(case))


def skill_of(place: Path) -> Table:
    """Return how past forecasts fared, of a folder: ``skill.csv``, or a table without rows."""
    return _if_there(place, "skill")


def _if_there(place: Path, name: str) -> Table:
    """Return a table that a folder need not have; one without rows if it has none."""
    path = place / f"{name}.csv"
    if not path.exists():
        return table_from_cells([], name, file=path.name)
    return read_table(path, name)


@cache
def _load(case: str) -> tuple[Network, Events]:
    """Read a case once; both objects are immutable."""
    return read_case(folder(case))


def mali() -> tuple[Network, Events]:
    """Return the fuel roads of Mali and its neighbours, and the blockade of September 2025.

    Returns
    -------
    network
        266 towns and 324 roads.
    events
        Reports of 20 March to 30 November 2025, and six standing conditions since 2019.

    Notes
    -----
    Coordinates from GeoNames (CC BY 4.0); road lengths contain information from
    OpenStreetMap contributors (ODbL 1.0); see ``data/mali/README.md``.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.mali()
    >>> network
    <Network 266 towns, 324 roads: fuel>
    """
    return _load("mali")


def toy() -> tuple[Network, Events]:
    """Return a made-up network of six towns, small enough to check by hand.

    Returns
    -------
    network
        One port, five towns, seven roads.
    events
        Three reports of January 2025.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network, events = sr.datasets.toy()
    >>> list(network.nodes.index)
    ['bridge', 'east', 'mine', 'north', 'port', 'south']
    """
    return _load("toy")
