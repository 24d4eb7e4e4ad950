"""The canonical form of a case: a folder of CSV tables, read and written whole."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from supplyroutes.assumptions import Assumption, Assumptions, out_of_range
from supplyroutes.checks import network_problems
from supplyroutes.core import Tables
from supplyroutes.errors import (
    AssumptionWarning,
    DataError,
    DataWarning,
    OutputError,
    Problem,
)
from supplyroutes.events import Events
from supplyroutes.files import write_all
from supplyroutes.locks import locked
from supplyroutes.names import hint, nearest_names
from supplyroutes.network import Network
from supplyroutes.places import Known
from supplyroutes.report_checks import report_problems
from supplyroutes.reported import Report
from supplyroutes.rules import Rules
from supplyroutes.schema import (
    SCHEMA_FOLDER,
    Table,
    draft_table,
    format_rows,
    format_table,
    parse_table,
    read_table,
    sound,
    table_schema,
)

RESTING_ON = frozenset({"surface", "condition", "practicability"})
"""Columns of the roads whose default is an assumption worth a warning."""
REQUIRED = ("towns", "roads")
SHARED = ("assumptions", "speeds", "impact_rules")


def data_folder() -> Path:
    """Return the folder of the bundled data: in the package, or beside it in a clone."""
    packaged = Path(__file__).parents[1] / "data"
    return packaged if packaged.is_dir() else Path(__file__).parents[2] / "data"


def read_network(folder: str | Path, *, tracks: bool = False) -> Network:
    """Read the network of a folder of CSV tables.

    ``towns.csv`` and ``roads.csv`` are needed; ``supply``, ``demand``, ``stocks``,
    ``limits``, ``corridors``, ``regions`` are optional, as are ``assumptions`` and
    ``speeds``, which stand in whole for the bundled ones.

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
    network, problems = _draft_network(Path(folder), tracks=tracks)[1:]
    if network is None:
        raise DataError(problems)
    return network


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

    ``impact_rules.csv`` stands in whole for the bundled rules. A folder without
    ``events.csv`` has no events; a `DataWarning` says so.

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
    >>> sr.read_events(sr.datasets.folder("toy"))
    <Events: 3 reports from 2025-01-10 to 2025-01-13>
    """
    events, problems = _draft_events(Path(folder), network.tables if network else None)
    if events is None:
        raise DataError(problems)
    return events


def read_case(folder: str | Path, *, tracks: bool = False) -> tuple[Network, Events]:
    """Read network and events of a folder, or raise with everything that is wrong with both."""
    place = Path(folder)
    tables, network, problems = _draft_network(place, tracks=tracks)
    events, more = _draft_events(place, tables)
    if network is None or events is None:
        raise DataError([*problems, *more])
    return network, events


Drafts = dict[str, Table]


def _drafts(place: Path, names: Iterable[str]) -> tuple[Drafts, list[Problem]]:
    """Read tables as far as they go; problems are those of tables that could not be read."""
    assert_folder(place)
    drafts: Drafts = {}
    problems: list[Problem] = []
    for name in names:
        try:
            drafts[name] = _draft(place, name)
        except DataError as error:
            problems += error.problems
    return drafts, problems


def _draft(place: Path, name: str) -> Table:
    """Read one table; one that is missing is the bundled one if it is shared, else empty."""
    path = place / f"{name}.csv"
    if name in REQUIRED or os.path.lexists(path):  # a broken link is refused, not empty
        return draft_table(path, name)
    if name in SHARED:
        return draft_table(data_folder() / f"{name}.csv", name)
    return parse_table(format_rows([], name), name, file=str(path))


def _draft_network(
    place: Path, *, tracks: bool
) -> tuple[Tables | None, Network | None, list[Problem]]:
    """Return the tables as far as they could be read, the network, and what is wrong."""
    names = [entry.name for entry in fields(Tables)]
    drafts, problems = _drafts(place, names)
    assumptions, more = _assumptions(place)
    tables = Tables(**drafts) if len(drafts) == len(names) else None
    if tables is None:
        problems += [problem for draft in drafts.values() for problem in draft.problems]
    else:
        problems += network_problems(tables)
    problems += more
    if tables is None or assumptions is None or problems:
        return tables, None, problems
    for told in _defaults(tables.roads):
        warnings.warn(told, AssumptionWarning, stacklevel=4)
    network = Network(tables, assumptions)
    return tables, network.with_tracks() if tracks else network, []


def _draft_events(place: Path, tables: Tables | None) -> tuple[Events | None, list[Problem]]:
    """Return the events, and what is wrong with them; places are looked up in `tables`."""
    drafts, problems = _drafts(place, ("events", "impact_rules"))
    rules, more = _rules(drafts.get("impact_rules"))
    problems += more
    table = drafts.get("events")
    if table is None:
        return None, problems
    if not os.path.lexists(place / "events.csv"):
        message = f"{table.file}: is missing: without reports nothing is blocked"
        warnings.warn(message, DataWarning, stacklevel=4)
    problems += report_problems(table)
    if tables is not None:
        known = Known.of(tables)
        problems += [
            table.problem(row, column, message)
            for row, report in enumerate(table.rows())
            for column, message in known.missing(report)
        ]
    if problems or rules is None:
        return None, problems
    return Events.from_table(table, rules), []


def _rules(table: Table | None) -> tuple[Rules | None, Sequence[Problem]]:
    """Return the impact rules of a table, or what is wrong with them."""
    try:
        return (Rules(sound(table)) if table is not None else None), ()
    except DataError as error:
        return None, error.problems


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
        The folder cannot be written, or another run writes to it. Nothing is written then.

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
        texts: dict[str, str | bytes] = {}
        for entry in fields(Tables):
            table: Table = getattr(network.tables, entry.name)
            name = f"{entry.name}.csv"
            if len(table) or os.path.lexists(place / name):
                texts[name] = format_table(table)
        texts["assumptions.csv"] = format_rows(assumptions.rows(), "assumptions")
        texts["speeds.csv"] = format_rows(assumptions.speed_rows(), "speeds")
        write_all(place, texts)


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
        The folder cannot be written, or another run writes to it. Nothing is written then.

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
        texts = {
            "events.csv": format_rows(reports, "events"),
            "impact_rules.csv": format_rows(rules, "impact_rules"),
        }
        write_all(place, texts)


def make_folder(folder: str | Path) -> Path:
    """Return the folder, made if it was missing; `OutputError` if it cannot be."""
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(f"{place}: cannot be made: {reason}") from error
    return place


def check_folder(folder: str | Path) -> tuple[Network, Events]:
    """Return network and events of a folder, or raise with everything that is wrong with both.

    Warns (`DataWarning`) of files whose name is nearly that of a table: nothing would read them.
    """
    network, events = read_case(folder)
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


def shared_table(place: Path, name: str) -> Table:
    """Read a table of the folder, or the bundled one that it stands in for."""
    own = place / f"{name}.csv"
    return read_table(own if own.exists() else data_folder() / f"{name}.csv", name)


def _assumptions(place: Path) -> tuple[Assumptions | None, list[Problem]]:
    """Return the assumptions and speeds of a folder, or of the bundle, and what is wrong."""
    drafts, problems = _drafts(place, ("assumptions", "speeds"))
    problems += [problem for draft in drafts.values() for problem in draft.problems]
    if problems:
        return None, problems
    assumptions = Assumptions.from_tables(drafts["assumptions"], drafts["speeds"])
    ours = [read_table(data_folder() / f"{name}.csv", name) for name in drafts]
    bundled = Assumptions.from_tables(*ours)
    problems += _range_problems(drafts["assumptions"])
    problems += _key_problems(drafts["assumptions"], bundled)
    gaps = [" ".join(key) for key in sorted(bundled.speeds) if key not in assumptions.speeds]
    file = drafts["speeds"].file
    problems += [Problem(file, None, None, f"no speed for {gap}; add it") for gap in gaps]
    return (None if problems else assumptions), problems


def _range_problems(table: Table) -> Iterator[Problem]:
    """Refuse assumptions outside the range of their unit, or whose low, best and high fall."""
    for row, entry in enumerate(table.rows()):
        faults = {end: out_of_range(entry[end], entry["unit"]) for end in ("low", "best", "high")}
        for end, fault in faults.items():
            if fault:
                yield table.problem(row, end, fault)
        low, best, high = (entry[end] for end in faults)
        if not low <= best <= high:
            yield table.problem(
                row, "best", f"low {low}, best {best} and high {high} must not fall"
            )


def _key_problems(table: Table, bundled: Mapping[str, Assumption]) -> Iterator[Problem]:
    """Refuse assumptions that the model does not use, in another unit, or not there."""
    for row, (key, unit) in enumerate(
        zip(table.columns["key"], table.columns["unit"], strict=True)
    ):
        if key in bundled and unit != bundled[key].unit:
            yield table.problem(row, "unit", f"{key} is in {bundled[key].unit}, not in {unit!a}")
        if key not in bundled:
            near = hint(key, bundled)
            yield table.problem(row, "key", f"no assumption is called {key!a}{near}")
    for key in bundled:
        if key not in table.columns["key"]:
            yield Problem(table.file, None, "key", f"{key} is missing; add it")
