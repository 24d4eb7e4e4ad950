"""Random networks with people and demand, for what removals cost."""

import warnings
from dataclasses import replace

from hypothesis import strategies as st

import supplyroutes as sr
from tests.strategies import MADE_UP, assumptions, cases, days, table

_USES = (0, 0, 1, 2, 5, 40)
_PEOPLE = ("", "0", "300", "7000")


def with_demand(network, uses, people):
    """Return a network whose towns use so many m3 a day, and have so many people."""
    ends = ("low", "best", "high")
    demand = [
        {**MADE_UP, "basis": "assumption", "node": node, "demand_class": "transport",
         **{f"demand_m3_per_day_{end}": str(amount) for end in ends}}
        for node, amount in zip(network.topology.node_ids, uses, strict=False)
        if amount
    ]  # fmt: skip
    towns = network.tables.towns
    count = len(network.topology.node_ids)
    numbers = [int(cell) if cell else None for cell in (*people, *("",) * count)[:count]]
    columns = {**towns.columns, "population": numbers}
    tables = replace(
        network.tables, demand=table(demand, "demand"), towns=replace(towns, columns=columns)
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)  # roads of zero length are wanted
        return sr.Network(tables, assumptions())


@st.composite
def days_to_rank(draw, *, most_events=4):
    """Draw a day: directed, one-way, parallel, of zero length, dead ends, parts apart, closures."""
    case = draw(cases(max_events=most_events, min_events=0))
    size = len(case.towns)
    uses = draw(st.lists(st.sampled_from(_USES), min_size=size, max_size=size))
    people = draw(st.lists(st.sampled_from(_PEOPLE), min_size=size, max_size=size))
    network = with_demand(case.network(), uses, people)
    return sr.disrupt(network, case.reports(), at=draw(days))
