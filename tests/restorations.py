"""Random cases with demand and people, for what is missing while something is lifted."""

import warnings
from dataclasses import replace

from hypothesis import strategies as st

import supplyroutes as sr
from tests.strategies import MADE_UP, assumptions, cases, table


@st.composite
def demanding(draw, *, max_events=4):
    """Draw a network with demand in m3 and people, and reports on it."""
    case = draw(cases(max_events=max_events))
    size = len(case.towns)
    amounts = draw(st.lists(st.integers(0, 60), min_size=size, max_size=size))
    towns = tuple(
        {**row, "population": str(amount % 7 * 100) if amount % 5 else ""}
        for row, amount in zip(case.towns, amounts, strict=True)
    )
    base = replace(case, towns=towns).network()
    rows = [
        {**MADE_UP, "basis": "assumption", "node": row["node"], "demand_class": "transport",
         **{f"demand_m3_per_day_{end}": str(amount) for end in ("low", "best", "high")}}
        for row, amount in zip(towns, amounts, strict=True)
    ]  # fmt: skip
    tables = replace(base.tables, demand=table(rows, "demand"))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)  # roads of zero length are wanted
        return sr.Network(tables, assumptions()), case.reports()


measures = st.sampled_from(("isolated_demand", "strained_demand", "people"))
durations = st.sampled_from((1, 1, 1, 2, 0.5, 3))
