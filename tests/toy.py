"""The toy network and reports on it, for cases worked out by hand.

Hours of its roads, dry (length / speed): port--north 132/55 = 2.4, north--bridge 143/55 = 2.6,
bridge--east 60/55, port--south 126/45 = 2.8, south--bridge 105/30 = 3.5 (wet 105/22),
bridge--east--old 75/20 = 3.75 (wet 75/8), east--mine a track that no loaded tanker can use.
"""

from functools import cache
from typing import Any

import supplyroutes as sr
from supplyroutes.core import STATUSES
from supplyroutes.rules import Rules
from tests.strategies import Row, events_of

NORTH = ("port--north", "north--bridge", "bridge--east")


@cache
def network() -> sr.Network:
    """Return the toy network."""
    return sr.datasets.toy()[0]


def told(event: str = "e", **cells: str) -> Row:
    """Return a report of 10 January: a road closed between port and north, unless told."""
    row = {
        "event": event,
        "kind": "road_closed",
        "basis": "reported",
        "scope": "segment",
        "start": "2025-01-10",
        "end_status": "no_end_expected",
    }
    if not {"edges", "nodes", "corridor", "lat", "region"} & set(cells):
        row["edges"] = "port--north"
    if "end" in cells:
        row["end_status"] = "recorded"
    return {**row, **cells}


def on(day: str, *rows: Row, commodity: str = "fuel", rules: Rules | None = None) -> sr.Network:
    """Return the toy network as the reports leave it on a day."""
    return sr.disrupt(network(), events_of(rows, rules), at=day, commodity=commodity)


def arc(day: sr.Network, tail: str, head: str, edge: str = "") -> dict[str, Any]:
    """Return the state of one arc of a day, by the names of its ends."""
    number = arc_number(day, tail, head, edge)
    state = day.state
    return {
        "status": STATUSES[state.status[number]],
        "capacity_factor": state.capacity_factor[number],
        "delay_h": state.delay_h[number],
        "loss_prob": state.loss_prob[number],
        "reports": state.reports[number],
        "partial": state.partial[number],
        "last_report": state.last_report[number],
    }


def arc_number(day: sr.Network, tail: str, head: str, edge: str = "") -> int:
    """Return the number of the arc from tail to head, the first road if there are several."""
    top = day.topology
    for number, ends in enumerate(zip(top.tail, top.head, strict=True)):
        names = tuple(top.node_ids[node] for node in ends)
        if names == (tail, head) and edge in ("", top.edge_ids[number // 2]):
            return number
    raise AssertionError((tail, head, edge))


def closed(day: sr.Network) -> list[str]:
    """Return the arcs that are closed, as tail>head."""
    top = day.topology
    return [
        top.arc_name(number).split(" ")[0]
        for number, factor in enumerate(day.state.capacity_factor)
        if factor == 0
    ]


def hindered(day: sr.Network) -> dict[str, str]:
    """Return the roads with an arc that is restricted or worse, and the state of the worst."""
    found: dict[str, int] = {}
    for number, code in enumerate(day.state.status):
        if code >= STATUSES.index("restricted"):
            edge = day.topology.edge_ids[number // 2]
            found[edge] = max(code, found.get(edge, 0))
    return {edge: STATUSES[code] for edge, code in found.items()}


def states(day: sr.Network) -> dict[str, str]:
    """Return the state of every town."""
    return sr.isolation(day, approaches=False).towns["state"].to_dict()
