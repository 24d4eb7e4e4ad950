"""Random days ahead: networks with tanks, and a state for every day."""

import warnings
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.disruption import Timeline
from tests import flows
from tests.strategies import MADE_UP, source, table, town

_PLACES = tuple((lat, lon) for lat in (10.0, 10.25, 10.5) for lon in (-8.0, -7.5, 0.25))
_PEOPLE = st.sampled_from((0, 10, 20, 500))
QUESTIONS = st.fixed_dictionaries(
    {
        "weigh": st.sampled_from(("people", "towns", "m3")),
        "policy": st.sampled_from(("essential", "capital_first", None)),
        "losses": st.booleans(),
        "transit": st.sampled_from(("usual", "empty", "instant")),
    }
)


def with_tanks(base, tanks):
    """The network with stocks and storage by town."""
    ends = ("low", "best", "high")
    rows = [
        {
            **MADE_UP, "basis": "assumption", "node": node,
            **{f"stock_m3_{end}": str(stock) for end in ends},
            **{f"storage_m3_{end}": str(room) for end in ends},
        }
        for node, (stock, room) in sorted(tanks.items())
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", sr.errors.DataWarning)
        tables = replace(base.tables, stocks=table(rows, "stocks"))
        return sr.Network(tables, base.assumptions)


def timeline(base, states, lengths):
    """A timeline with each state for so many days."""
    made = [state for state, length in zip(states, lengths, strict=True) for _ in range(length)]
    dates = [flows.DAY + timedelta(days=number) for number in range(len(made))]
    return Timeline(base, "fuel", dates, made)


def daily(days):
    """The same days, each with a state of its own: nothing can be taken together."""
    states = [replace(day.state) for _, day in days]
    return Timeline(days.base, days.commodity, days.dates, states)


@st.composite
def networks(draw):
    """Draw towns in a tree with some roads more; a source, demand and tanks are always there."""
    size = draw(st.integers(2, 6))
    numbers = st.integers(0, 99)
    towns = [town(f"t{number}", *_PLACES[number], population=str(draw(_PEOPLE)))
             for number in range(size)]  # fmt: skip
    joined = [(draw(numbers) % number, number) for number in range(1, size)]
    joined += draw(st.lists(st.tuples(numbers, numbers), max_size=4))
    roads = []
    for number, (one, other) in enumerate(joined):
        u, v = towns[one % size], towns[other % size]
        if u is not v:
            kind, amount = draw(st.integers(0, 6)), draw(st.integers(0, 40))
            roads.append(flows.road(number, u, v, kind if number >= size else kind + 1, amount))
    node = st.sampled_from([row["node"] for row in towns])
    supply = draw(st.dictionaries(node, st.integers(1, 90), min_size=1, max_size=2))
    wanted = draw(
        st.dictionaries(
            st.tuples(node, st.sampled_from(flows.CLASSES)), st.integers(1, 60),
            min_size=2, max_size=6,
        )
    )  # fmt: skip
    sources = [source(name, amount=str(amount)) for name, amount in sorted(supply.items())]
    base = flows.network(towns, roads, sources, wanted)
    tanks = draw(
        st.dictionaries(node, st.tuples(st.integers(0, 80), st.integers(0, 60)), max_size=4)
    )
    return with_tanks(base, {name: (stock, stock + more) for name, (stock, more) in tanks.items()})


@st.composite
def timelines(draw, *, lossy=True, periods=3):
    """Draw a network, and up to three states of up to four days each."""
    base = draw(networks())
    arcs = len(base.topology.tail)
    factors = st.lists(st.sampled_from(flows.FACTORS), min_size=arcs, max_size=arcs)
    losses = st.lists(st.sampled_from((0.0, 0.0, 0.25)), min_size=arcs, max_size=arcs)
    states = [
        flows.on_day(base, draw(factors), draw(losses) if lossy else ()).state
        for _ in range(draw(st.integers(1, periods)))
    ]
    lengths = draw(st.lists(st.integers(1, 4), min_size=len(states), max_size=len(states)))
    return timeline(base, states, lengths)
