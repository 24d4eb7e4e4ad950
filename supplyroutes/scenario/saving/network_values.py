"""Networks as plain JSON values, and back: tables as CSV text, checked as any case is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from pathlib import PurePath
from typing import Any

from supplyroutes.assumptions import Assumptions
from supplyroutes.core import State, Tables, View
from supplyroutes.network import Network
from supplyroutes.schema import Table, format_rows, format_table, parse_table

Told = Any
Tell = Callable[[Any], Told]
Read = Callable[[Told], Any]
_TABLES = frozenset(one.name for one in fields(Tables))
"""The tables that a network has."""


def _tell_table(_: Tell, table: Table) -> dict[str, Told]:
    """Return a table as the CSV text of its file, whose folder is nobody's business."""
    return {"name": table.name, "file": PurePath(table.file).name, "of": format_table(table)}


def _read_table(_: Read, *, name: str, file: str, of: str) -> Table:
    """Return a table: checked as if it had been read from its file."""
    if name not in _TABLES:  # a schema is found by this name: it must not lead elsewhere
        raise ValueError(f"no table {name!a}")
    return parse_table(of, name, file=file)


def _tell_assumptions(_: Tell, assumptions: Assumptions) -> dict[str, Told]:
    """Return assumptions and speeds as the CSV text of their files."""
    rows = {"assumptions": assumptions.rows(), "speeds": assumptions.speed_rows()}
    return {name: format_rows(told, name) for name, told in rows.items()}


def _read_assumptions(_: Read, *, assumptions: str, speeds: str) -> Assumptions:
    """Return assumptions."""
    told = {"assumptions": assumptions, "speeds": speeds}
    tables = [parse_table(text, name, file=f"{name}.csv") for name, text in told.items()]
    return Assumptions.from_tables(*tables)


def _tell_network(tell: Tell, network: Network) -> dict[str, Told]:
    """Return a network: its tables and assumptions are shared with other ones."""
    return {
        "tables": {one.name: tell(getattr(network.tables, one.name)) for one in fields(Tables)},
        "assumptions": tell(network.assumptions),
        "view": tell(network.view),
        "state": tell(network.state),
    }


def _read_network(
    read: Read, *, tables: Told, assumptions: Told, view: Told, state: Told
) -> Network:
    """Return a network; its core is compiled anew."""
    told: State = read(state)
    asked: View = read(view)
    network = Network(Tables(**read(tables)), read(assumptions), asked)
    sizes = {len(getattr(told, one.name)): one.name for one in fields(State)}
    if set(sizes) != {len(network.topology.tail), len(network.topology.node_ids)}:
        raise ValueError("the state is not of this network")
    return network.asking(asked.commodity, at=asked.at, state=told)


NETWORK_WRITERS: dict[type, tuple[str, Callable[[Tell, Any], dict[str, Told]]]] = {
    Network: ("Network", _tell_network),
    Table: ("Table", _tell_table),
    Assumptions: ("Assumptions", _tell_assumptions),
}
NETWORK_READERS: dict[str, Callable[..., Any]] = {
    "Network": _read_network,
    "Table": _read_table,
    "Assumptions": _read_assumptions,
}
