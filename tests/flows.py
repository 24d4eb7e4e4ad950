"""Random days of flow: problems in whole numbers, and networks with demand, limits and states."""

import warnings
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes._kernels.reach import reached
from supplyroutes.analysis.flows.flow_problem import Need, Problem
from supplyroutes.core import CLOSED, OPEN, RESTRICTED, State, Tables
from tests.strategies import MADE_UP, assumptions, great_circle_km, source, table, town

INF = float("inf")
DAY = date(2025, 1, 15)
CLASSES = ("transport", "power", "mines", "services")


@st.composite
def problems(draw, *, lossy=False, most_nodes=6):
    """Draw a problem: 2 to 6 nodes, arcs with whole capacities and hours, supply and demand."""
    nodes = draw(st.integers(2, most_nodes))
    node = st.integers(0, nodes - 1)
    drawn = draw(
        st.lists(
            st.tuples(node, st.integers(1, nodes - 1), st.integers(0, 12), st.integers(0, 9)),
            min_size=1,
            max_size=12,
        )
    )
    arcs = len(drawn)
    losses = draw(st.lists(st.sampled_from((0.0, 0.0, 0.25, 0.5)), min_size=arcs, max_size=arcs))
    supply = draw(st.dictionaries(node, st.integers(0, 15), min_size=1, max_size=2))
    wanted = draw(
        st.dictionaries(
            st.tuples(node, st.sampled_from(CLASSES)), st.integers(1, 9), min_size=1, max_size=5
        )
    )
    return problem(
        nodes,
        [(tail, (tail + step) % nodes, room if room < 11 else INF, hours)
         for tail, step, room, hours in drawn],
        supply,
        wanted,
        losses if lossy else [0.0] * arcs,
    )  # fmt: skip


def problem(nodes, arcs, supply, wanted, losses=None):
    """The problem of (tail, head, capacity, hours) arcs, supply by node, demand by its keys."""
    tail, head, capacity, hours = zip(*arcs, strict=True)
    keep = tuple(1 - loss for loss in losses or [0.0] * len(arcs))
    made = Problem(
        nodes=nodes,
        arcs=tuple(range(len(arcs))),
        tail=tail,
        head=head,
        keep=keep,
        hours=tuple(float(hour) for hour in hours),
        capacity=tuple(float(room) for room in capacity),
        limited_by=tuple("road" for _ in arcs),
        sources=tuple(sorted(supply)),
        supply=tuple(float(supply[node]) for node in sorted(supply)),
        needs=tuple(Need(node, kind, float(wanted[node, kind])) for node, kind in sorted(wanted)),
        off_network=(),
        served=b"",
    )
    return replace(made, served=served(made))


def served(made):
    """For every node whether a source with fuel reaches it over arcs with room."""
    order = sorted(range(len(made.arcs)), key=lambda arc: (made.tail[arc], arc))
    start = [0] * (made.nodes + 1)
    for tail in made.tail:
        start[tail + 1] += 1
    for node in range(made.nodes):
        start[node + 1] += start[node]
    passes = bytearray(room > 0 for room in made.capacity)
    giving = [node for node, supply in zip(made.sources, made.supply, strict=True) if supply > 0]
    return bytes(reached(start, order, made.head, passes, giving))


# --- networks -----------------------------------------------------------------------------

_PLACES = tuple((lat, lon) for lat in (10.0, 10.25, 10.5) for lon in (-8.0, -7.5, 0.25))
FACTORS = (1.0, 1.0, 1.0, 0.5, 0.25, 0.0)
LOSSES = (0.0, 0.0, 0.0, 0.25)


def network(towns, roads, supply, wanted, limits=()):
    """The network of rows of text cells, with demand by node and class."""
    ends = ("low", "best", "high")
    made = {**MADE_UP, "basis": "assumption"}
    demand = [
        {**made, "node": node, "demand_class": kind,
         **{f"demand_m3_per_day_{end}": str(amount) for end in ends}}
        for (node, kind), amount in sorted(wanted.items())
    ]  # fmt: skip
    limited = [
        {**made, "edge": edge, **{f"limit_m3_per_day_{end}": str(amount) for end in ends}}
        for edge, amount in limits
    ]
    tables = Tables(
        towns=table([{**MADE_UP, **row} for row in towns], "towns"),
        roads=table([{**MADE_UP, **row} for row in roads], "roads"),
        supply=table([{**made, **row} for row in supply], "supply"),
        demand=table(demand, "demand"),
        stocks=table([], "stocks"),
        limits=table(limited, "limits"),
        corridors=table([], "corridors"),
        regions=table([], "regions"),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        return sr.Network(tables, assumptions())


def on_day(base, factors, losses=()):
    """The network with these factors and losses of its arcs, in order; all others 1 and 0."""
    arcs = len(base.topology.tail)
    factor = (*factors, *(1.0,) * arcs)[:arcs]
    state = replace(
        State.identity(arcs, len(base.topology.node_ids)),
        capacity_factor=factor,
        loss_prob=(*losses, *(0.0,) * arcs)[:arcs],
        status=tuple(CLOSED if left == 0 else RESTRICTED if left < 1 else OPEN for left in factor),
    )
    return base.asking("fuel", at=DAY, state=state)


@st.composite
def days(draw, *, lossy=True):
    """Draw a network with demand, capacities and limits, and the state of a day."""
    places = draw(st.lists(st.integers(0, 8), min_size=2, max_size=7))
    towns = [town(f"t{number}", *_PLACES[place]) for number, place in enumerate(places)]
    node = st.integers(0, len(towns) - 1)
    drawn = draw(
        st.lists(
            st.tuples(node, st.integers(1, len(towns) - 1), st.integers(0, 7), st.integers(0, 40)),
            min_size=1,
            max_size=10,
        )
    )
    roads = [
        road(number, towns[u], towns[(u + step) % len(towns)], kind, amount)
        for number, (u, step, kind, amount) in enumerate(drawn)
    ]
    names = st.sampled_from([row["node"] for row in towns])
    supply = draw(st.dictionaries(names, st.integers(0, 90), max_size=3))
    wanted = draw(
        st.dictionaries(st.tuples(names, st.sampled_from(CLASSES)), st.integers(1, 60), max_size=6)
    )
    edges = st.sampled_from([row["edge"] for row in roads])
    limits = draw(st.dictionaries(edges, st.integers(0, 40), max_size=2))
    sources = [source(node, amount=str(amount)) for node, amount in sorted(supply.items())]
    base = network(towns, roads, sources, wanted, sorted(limits.items()))
    count = 2 * len(roads)
    factors = draw(st.lists(st.sampled_from(FACTORS), min_size=count, max_size=count))
    losses = draw(st.lists(st.sampled_from(LOSSES), min_size=count, max_size=count))
    return base, factors, losses if lossy else [0.0] * count


def road(number, u, v, kind, amount):
    """The row of a road: every third has a recorded capacity, some are one-way or weak."""
    row = {
        "edge": f"r{number:02}",
        "u": u["node"],
        "v": v["node"],
        "length_km": str(int(great_circle_km(u, v)) + 1 + amount % 4 * 5),
        "oneway": "true" if kind == 0 else "false",
    }
    if kind in {1, 2, 3}:
        row["capacity_m3_per_day"] = str(amount)
    return row if kind != 4 else {**row, "practicability": "4"}


# --- products -----------------------------------------------------------------------------

PRODUCTS = ("petrol", "diesel", "jet")
_COMMODITY = st.sampled_from(("fuel", "fuel", "all", *PRODUCTS, "goods"))


@st.composite
def product_days(draw, *, lossy=True):
    """Draw the day of 1 to 3 products: supply, demand, limits of each or of all, states of each."""
    base, _, _ = draw(days())
    names = [row["node"] for row in base.tables.towns.rows()]
    edges = [row["edge"] for row in base.tables.roads.rows()]
    node, edge = st.sampled_from(names), st.sampled_from(edges)
    amount = st.integers(0, 90)
    tables = replace(
        base.tables,
        supply=rows_of("supply", "supply", ("node", "commodity"),
                       draw(st.dictionaries(st.tuples(node, _COMMODITY), amount, max_size=4))),
        demand=rows_of("demand", "demand", ("node", "demand_class", "commodity"),
                       draw(st.dictionaries(
                           st.tuples(node, st.sampled_from(CLASSES), _COMMODITY), amount,
                           max_size=6))),
        limits=rows_of("limits", "limit", ("edge", "commodity"),
                       draw(st.dictionaries(st.tuples(edge, _COMMODITY), st.integers(0, 40),
                                            max_size=4))),
    )  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        base = sr.Network(tables, base.assumptions)
    count = len(base.topology.tail)
    factors = st.lists(st.sampled_from(FACTORS), min_size=count, max_size=count)
    losses = draw(st.lists(st.sampled_from(LOSSES), min_size=count, max_size=count))
    supply = st.lists(st.sampled_from((1.0, 1.0, 0.5, 0.0)), min_size=len(names),
                      max_size=len(names))  # fmt: skip
    common = draw(factors)
    found = {}
    for name in draw(st.lists(st.sampled_from(PRODUCTS), min_size=1, unique=True)):
        own = draw(st.one_of(st.just(common), factors))
        found[name] = product_day(base, name, own, losses if lossy else (), draw(supply))
    return base, found


def rows_of(name, amounts, keys, values):
    """The table of amounts by key."""
    made = {**MADE_UP, "basis": "assumption"}
    ends = ("low", "best", "high")
    return table(
        [
            {**made, **dict(zip(keys, key, strict=True)),
             **{f"{amounts}_m3_per_day_{end}": str(value) for end in ends}}
            for key, value in sorted(values.items())
        ],
        name,
    )  # fmt: skip


def product_day(base, name, factors, losses=(), supply=None):
    """The day of a product: factors and losses of its arcs, and factors of its sources."""
    state = on_day(base, factors, losses).state
    if supply is not None:
        state = replace(state, supply_factor=tuple(supply))
    return base.asking(name, at=DAY, state=state)
