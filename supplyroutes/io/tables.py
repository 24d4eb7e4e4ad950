"""The canonical form of a case: a folder of CSV tables, read and written whole."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from supplyroutes.assumptions import Assumptions
from supplyroutes.core import Tables
from supplyroutes.errors import AssumptionWarning, DataError, DataWarning, OutputError, Problem
from supplyroutes.events import Events, Report
from supplyroutes.files import write_whole
from supplyroutes.locks import locked
from supplyroutes.names import hint, nearest_names
from supplyroutes.network import Network
from supplyroutes.places import check_places
from supplyroutes.rules import Rules
from supplyroutes.schema import (
    SCHEMA_FOLDER,
    Table,
    format_rows,
    format_table,
    parse_table,
    read_table,
    table_schema,
)

RESTING_ON = frozenset({"surface", "condition", "practicability"})
"""Columns of the roads whose default is an assumption worth a warning."""
REQUIRED = ("towns", "roads", "events")
SHARED = ("assumptions", "speeds", "impact_rules")


def data_folder() -> Path:
    """Return the folder of the bundled data: in the package, or beside it in a clone."""
    packaged = Path(__file__).parents[1] / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def read_network(folder: str | Path, *, tracks: bool = False) -> Network:
    """Read the network of a folder of CSV tables.

    ``towns.csv`` and ``roads.csv`` are needed; ``supply``, ``demand``, ``stocks``,
    ``limits``, ``corridors`` are optional, as are ``assumptions`` and ``speeds``, which
    stand in whole for the bundled ones.

    Parameters
    ----------
    folder
        The folder.
    tracks
        Let loaded tankers use tracks and roads of low confidence.

    Returns
    -------
    network
        The undisturbed network.

    Raises
    ------
    DataError
        Everything that is wrong with the tables: file, row, column, and what to do.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> network = sr.read_network(sr.datasets.folder("mali"))
    >>> len(network.nodes), len(network.edges)
    (266, 324)
    """
    place = Path(folder)
    problems: list[Problem] = []
    assert_folder(place)
    try:
        tables = Tables(*_all(place, (entry.name for entry in fields(Tables))))
    except DataError as error:
        problems += error.problems
    try:
        assumptions = _assumptions(place)
    except DataError as error:
        problems += error.problems
    if problems:
        raise DataError(problems)
    for told in _defaults(tables.roads):
        warnings.warn(told, AssumptionWarning, stacklevel=2)
    network = Network(tables, assumptions)
    return network.with_tracks() if tracks else network


def _defaults(roads: Table) -> Iterator[str]:
    """Yield what stands in for columns on which truck times and tanker roads rest."""
    for column in table_schema("roads"):
        rows = roads.defaulted.get(column.name, 0)
        if rows and column.name in RESTING_ON:
            yield (
                f"{roads.file}: {column.name}: empty on {rows} of {len(roads)} rows; "
                f"{column.default} is assumed there"
            )


def read_events(folder: str | Path, *, network: Network | None = None) -> Events:
    """Read the events of a folder, and the impact rules that read them.

    ``events.csv`` is needed; ``impact_rules.csv`` stands in whole for the bundled rules.

    Parameters
    ----------
    folder
        The folder.
    network
        If given, every place that the events name is looked up in it.

    Returns
    -------
    events
        The events with their impact rules.

    Raises
    ------
    DataError
        Everything that is wrong with the tables.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> sr.read_events(sr.datasets.folder("mali"))
    <Events: 88 reports from 2019-01-01 to 2025-11-22>
    """
    place = Path(folder)
    assert_folder(place)
    table, rules = _all(place, ("events", "impact_rules"))
    events = Events.from_table(table, Rules(rules))
    if network is not None:
        _check_places(network, events, table)
    return events


def write_network(network: Network, folder: str | Path) -> None:
    """Write the undisturbed network to a folder; reading it back gives an equal network.

    Parameters
    ----------
    network
        The network; the state of a day is not written, for it follows from the events.
    folder
        The folder; made if it is missing.

    Raises
    ------
    OutputError
        The folder cannot be written, or another run writes to it. No file is half written.

    Examples
    --------
    >>> import tempfile
    >>> import supplyroutes as sr
    >>> network, _ = sr.datasets.toy()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_network(network, folder)
    ...     sr.read_network(folder) == network
    True
    """
    place = make_folder(folder)
    assumptions = network.assumptions
    with locked(place):
        for entry in fields(Tables):
            table: Table = getattr(network.tables, entry.name)
            path = place / f"{entry.name}.csv"
            if len(table) or path.exists():
                write_whole(path, format_table(table))
        write_whole(place / "assumptions.csv", format_rows(assumptions.rows(), "assumptions"))
        write_whole(place / "speeds.csv", format_rows(assumptions.speed_rows(), "speeds"))


def write_events(events: Events, folder: str | Path) -> None:
    """Write the events and their impact rules to a folder.

    Parameters
    ----------
    events
        The events.
    folder
        The folder; made if it is missing.

    Raises
    ------
    OutputError
        The folder cannot be written, or another run writes to it. No file is half written.

    Examples
    --------
    >>> import tempfile
    >>> import supplyroutes as sr
    >>> _, events = sr.datasets.toy()
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_events(events, folder)
    ...     sr.read_events(folder) == events
    True
    """
    place = make_folder(folder)
    reports = ({name: getattr(report, name) for name in Report.__slots__} for report in events)
    rules = ({name: getattr(rule, name) for name in type(rule).__slots__} for rule in events.rules)
    with locked(place):
        write_whole(place / "events.csv", format_rows(reports, "events"))
        write_whole(place / "impact_rules.csv", format_rows(rules, "impact_rules"))


def make_folder(folder: str | Path) -> Path:
    """Return the folder, made if it was missing; `OutputError` if it cannot be."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{place}: cannot be made: {reason}") from error
    return place


def check_folder(folder: str | Path) -> tuple[Network, Events | None]:
    """Return network and events (None without events.csv), or raise with all problems.

    Unlike reading them one after the other, this lists the problems of both at once. Warns
    (`DataWarning`) of files whose name is nearly that of a table: nothing would read them.
    """
    problems: list[Problem] = []
    network = events = None
    try:
        network = read_network(folder)
    except DataError as error:
        problems += error.problems
    if os.path.lexists(Path(folder) / "events.csv"):
        try:
            events = read_events(folder, network=network)
        except DataError as error:
            problems += error.problems
    if network is None or problems:
        raise DataError(problems)
    for stray, near in _misnamed(Path(folder)):
        warnings.warn(f"{stray}: is not read; is it {near}.csv?", DataWarning, stacklevel=2)
    return network, events


def _misnamed(place: Path) -> Iterator[tuple[Path, str]]:
    """Yield the CSV files that no table is read from, with the table they are nearest to."""
    known = [path.stem for path in SCHEMA_FOLDER.glob("*.csv")]
    for path in sorted(place.glob("*.csv")):
        near = nearest_names(path.stem, known, count=1)
        if path.stem not in known and near:
            yield path, near[0]


def assert_folder(place: Path) -> None:
    """Refuse a folder that is not there."""
    if not os.path.isdir(place):  # noqa: PTH112  (Path.is_dir raises for a name too long)
        what = "is not a folder" if os.path.lexists(place) else "does not exist"
        raise DataError([Problem(str(place), None, None, f"{what}; name a folder of CSV tables")])


def _table(place: Path, name: str) -> Table:
    """Read one table; one that is missing is the bundled one if it is shared, else empty."""
    path = place / f"{name}.csv"
    if name in REQUIRED or os.path.lexists(path):  # a broken link is refused, not empty
        return read_table(path, name)
    if name in SHARED:
        return shared_table(place, name)
    return parse_table(format_rows([], name), name, file=str(path))


def shared_table(place: Path, name: str) -> Table:
    """Read a table of the folder, or the bundled one that it stands in for."""
    own = place / f"{name}.csv"
    return read_table(own if own.exists() else data_folder() / f"{name}.csv", name)


def _all(place: Path, names: Iterable[str]) -> list[Table]:
    """Read several tables, or raise with the problems of all of them."""
    tables: list[Table] = []
    problems: list[Problem] = []
    for name in names:
        try:
            tables.append(_table(place, name))
        except DataError as error:
            problems += error.problems
    if problems:
        raise DataError(problems)
    return tables


def _assumptions(place: Path) -> Assumptions:
    """Read the assumptions and speeds of a folder, or the bundled ones."""
    table, speeds = _all(place, ("assumptions", "speeds"))
    bundled_table, bundled_speeds = _all(data_folder(), ("assumptions", "speeds"))
    assumptions = Assumptions.from_tables(table, speeds)
    bundled = Assumptions.from_tables(bundled_table, bundled_speeds)
    problems = [*_range_problems(table), *_key_problems(table, bundled)]
    gaps = [" ".join(key) for key in sorted(bundled.speeds) if key not in assumptions.speeds]
    problems += [Problem(speeds.file, None, None, f"no speed for {gap}; add it") for gap in gaps]
    if problems:
        raise DataError(problems)
    return assumptions


def _range_problems(table: Table) -> Iterator[Problem]:
    """Refuse assumptions that are negative, or whose low, best and high are out of order."""
    for row, entry in enumerate(table.rows()):
        low, best, high = entry["low"], entry["best"], entry["high"]
        if not 0 <= low <= best <= high:
            message = f"low {low}, best {best} and high {high} must be at least 0 and not fall"
            yield table.problem(row, "best", message)


def _key_problems(table: Table, bundled: Mapping[str, object]) -> Iterator[Problem]:
    """Refuse assumptions that the model does not use, and the lack of those that it does."""
    for row, key in enumerate(table.columns["key"]):
        if key not in bundled:
            near = hint(key, bundled)
            yield table.problem(row, "key", f"no assumption is called {key!a}{near}")
    for key in bundled:
        if key not in table.columns["key"]:
            yield Problem(table.file, None, "key", f"{key} is missing; add it")


def _check_places(network: Network, events: Events, table: Table) -> None:
    """Look up the places of events; problems name the rows of the file."""
    try:
        check_places(network, events)
    except DataError as error:
        rows = {f"event {event}": row for row, event in enumerate(table.columns["event"])}
        raise DataError(
            [
                table.problem(rows[problem.file], problem.column, problem.message)
                for problem in error.problems
            ]
        ) from error
