"""Random days with stocks, and small ones worked out by hand."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.core import CLOSED, OPEN, RESTRICTED, State
from supplyroutes.disruption import Timeline
from tests import flows
from tests.strategies import MADE_UP, source, table, town

FIRST = flows.DAY


def with_stocks(base, held):
    """The network with stocks: (node, commodity) to (usual, room)."""
    rows = [
        {**MADE_UP, "basis": "assumption", "node": node, "commodity": commodity,
         **{f"{name}_{end}": str(amount) for end in ("low", "best", "high")
            for name, amount in (("stock_m3", usual), ("storage_m3", room))}}
        for (node, commodity), (usual, room) in sorted(held.items())
    ]  # fmt: skip
    tables = replace(base.tables, stocks=table(rows, "stocks"))
    return sr.Network(tables, base.assumptions)


def on_days(base, factors, losses=(), supply=None):
    """The timeline on which arcs have these factors, a list a day; 1 for those left out."""
    arcs, nodes = len(base.topology.tail), len(base.topology.node_ids)
    states = []
    for place, told in enumerate(factors):
        factor = (*told, *(1.0,) * arcs)[:arcs]
        loss = losses[place] if losses else ()
        states.append(
            replace(
                State.identity(arcs, nodes),
                capacity_factor=factor,
                loss_prob=(*loss, *(0.0,) * arcs)[:arcs],
                status=tuple(
                    CLOSED if left == 0 else RESTRICTED if left < 1 else OPEN for left in factor
                ),
                supply_factor=(*(supply[place] if supply else ()), *(1.0,) * nodes)[:nodes],
            )
        )
    dates = [FIRST + timedelta(days=place) for place in range(len(states))]
    return Timeline(base, "fuel", dates, states)


def line(legs_h, use, usual=None, room=None, *, supply="100"):
    """A port, towns in a row, the last of which uses fuel; each road takes so many hours."""
    names = ["port", *(f"mid{place}" for place in range(1, len(legs_h))), "town"]
    towns = [town(name, 10.0, place / 50) for place, name in enumerate(names)]
    roads = [
        {"edge": f"r{place}", "u": names[place], "v": names[place + 1],
         "length_km": str(50 * hours), "speed_dry_kmh": "50", "speed_wet_kmh": "50"}
        for place, hours in enumerate(legs_h)
    ]  # fmt: skip
    wanted = {("town", "transport"): use} if use else {}
    base = flows.network(towns, roads, [source("port", amount=supply)], wanted)
    return with_stocks(base, {} if usual is None else {("town", "fuel"): (usual, room)})


@st.composite
def cases(draw, *, most_days=8, lossy=True):
    """Draw a timeline of a random network with stocks, closures, losses and source outages."""
    base, _, _ = draw(flows.days())
    names = st.sampled_from(base.topology.node_ids)
    amounts = st.tuples(st.integers(0, 200), st.integers(0, 80)).map(
        lambda pair: (pair[0], pair[0] + pair[1])
    )
    products = st.sampled_from(("fuel", "fuel", "heavy_fuel_oil", "diesel"))
    held = draw(st.dictionaries(st.tuples(names, products), amounts, max_size=5))
    base = with_stocks(base, held)
    count = draw(st.integers(1, most_days))
    arcs, nodes = len(base.topology.tail), len(base.topology.node_ids)
    told = draw(
        st.lists(
            st.tuples(
                st.lists(st.sampled_from(flows.FACTORS), min_size=arcs, max_size=arcs),
                st.lists(st.sampled_from(flows.LOSSES), min_size=arcs, max_size=arcs),
                st.lists(st.sampled_from((1.0, 1.0, 1.0, 0.0, 0.5)), min_size=nodes,
                         max_size=nodes),
            ),
            min_size=1, max_size=3,
        )
    )  # fmt: skip
    which = draw(st.lists(st.integers(0, len(told) - 1), min_size=count, max_size=count))
    return on_days(
        base,
        [told[place][0] for place in which],
        [told[place][1] if lossy else () for place in which],
        [told[place][2] for place in which],
    )


options = st.fixed_dictionaries(
    {
        "allocation": st.sampled_from(("max_min", "priority", "nearest")),
        "policy": st.sampled_from(("essential", "capital_first")),
        "conduct": st.sampled_from(("wait", "turn_back")),
    }
)
