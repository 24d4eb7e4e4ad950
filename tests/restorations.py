"""Random cases in which reports hinder what towns need: demand, people, and much to lift."""

import warnings
from dataclasses import replace

from hypothesis import strategies as st

import supplyroutes as sr
from tests.strategies import (
    FIRST_DAY,
    MADE_UP,
    assumptions,
    events_of,
    great_circle_km,
    network_of,
    source,
    table,
    town,
)

_PLACES = ((10.0, -8.0), (10.0, -7.5), (10.25, -8.0), (10.25, -7.5), (10.5, -8.0), (10.5, 0.25))
_KINDS = (
    "road_closed", "road_closed", "road_closed", "road_closed", "avoidance", "town_siege",
    "terminal_out", "ambush", "blockade_declaration",
)  # fmt: skip
DAY = FIRST_DAY
measures = st.sampled_from(("isolated_demand", "strained_demand", "people"))
durations = st.sampled_from((1, 1, 1, 2, 0.5, 3))


@st.composite
def hindered(draw, *, max_reports=5):
    """Draw a network in which a source reaches all towns, and reports of one day that hinder it.

    Towns hang on each other in a tree, over two-way roads; then roads are added, some one-way, some
    parallel, some of no length.
    """
    size = draw(st.integers(2, 6))
    places = [draw(st.sampled_from(_PLACES)) for _ in range(size)]
    amounts = [draw(st.integers(0, 60)) for _ in range(size)]
    towns = [
        town(f"t{number}", *place, population=str(amount % 7 * 100) if amount % 5 else "")
        for number, (place, amount) in enumerate(zip(places, amounts, strict=True))
    ]
    ends = [(draw(st.integers(0, number - 1)), number, False) for number in range(1, size)]
    node = st.integers(0, size - 1)
    more = draw(st.lists(st.tuples(node, st.integers(1, size - 1), st.booleans()), max_size=4))
    ends += [(u, (u + step) % size, oneway) for u, step, oneway in more]
    roads = [
        _road(number, towns[u], towns[v], oneway=oneway, capacity=draw(st.integers(0, 90)))
        for number, (u, v, oneway) in enumerate(ends)
    ]
    starts = {0, *draw(st.lists(node, max_size=1))}
    supply = [source(f"t{number}", amount=str(40 + amounts[number])) for number in sorted(starts)]
    numbers = draw(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 8)), min_size=1,
                            max_size=max_reports))  # fmt: skip
    rows = [
        _report(place, _KINDS[kind], choice, roads, sorted(starts))
        for place, (choice, kind) in enumerate(numbers)
    ]
    return _with_demand(network_of(towns, roads, supply), amounts), events_of(_linked(rows))


def _road(number, u, v, *, oneway, capacity):
    """The row of a road, no shorter than the great circle; every third has a capacity."""
    row = {
        "edge": f"r{number}", "u": u["node"], "v": v["node"],
        "length_km": str(int(great_circle_km(u, v) + 0.999)), "oneway": str(oneway).lower(),
    }  # fmt: skip
    return {**row, "capacity_m3_per_day": str(capacity)} if capacity % 3 == 0 else row


def _report(place, kind, choice, roads, starts):
    """The row of a report on one or two roads, or on a source that is out of service."""
    row = {
        "event": f"e{place * 7 % 10}", "kind": kind, "start": DAY.isoformat(), "scope": "segment",
        "basis": "declared" if kind == "blockade_declaration" else "reported",
        "end_status": "no_end_expected", "spot_known": "true",
        "direction": ("both", "both", "inbound")[choice % 3],
    }  # fmt: skip
    if kind == "terminal_out":
        return {**row, "scope": "point", "nodes": f"t{starts[choice % len(starts)]}"}
    chosen = dict.fromkeys(roads[number % len(roads)]["edge"] for number in (choice, choice // 9))
    return {**row, "edges": ";".join(list(chosen)[: 1 + choice % 2])}


def _linked(rows):
    """The reports, with each declaration enforced by the report after it, if there is one."""
    linked = list(rows)
    for place, row in enumerate(rows[:-1]):
        if row["kind"] == "blockade_declaration":
            linked[place + 1] = {**linked[place + 1], "enforces": row["event"]}
    return linked


def _with_demand(base, amounts):
    """The network with so much demand in its towns, in order."""
    rows = [
        {**MADE_UP, "basis": "assumption", "node": f"t{number}", "demand_class": "transport",
         **{f"demand_m3_per_day_{end}": str(amount) for end in ("low", "best", "high")}}
        for number, amount in enumerate(amounts)
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)  # roads of no length are wanted
        return sr.Network(replace(base.tables, demand=table(rows, "demand")), assumptions())
