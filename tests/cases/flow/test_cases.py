"""Flows worked out by hand: each folder holds the tables, the answer, and how it was found."""

import json
from pathlib import Path

import pytest

import supplyroutes as sr
from tests.flows import on_day

FOLDER = Path(__file__).parent / "two_crossings"
EXPECTED = json.loads((FOLDER / "expected.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("question", ["max_min", "half_north"])
def test_two_crossings(question):
    """Deliveries, flows, the cut and what each part of it saves."""
    base = sr.read_network(FOLDER)
    first = 2 * base.edge("north")
    factors = [0.5 if arc in {first, first + 1} else 1.0 for arc in range(6)]
    day = base if question == "max_min" else on_day(base, factors)
    flow, want = sr.supply_flow(day), EXPECTED[question]
    near = {"abs": EXPECTED["tolerance"]}
    for column, key in (("delivered_m3_per_day", "delivered"), ("fill_rate", "fill_rate")):
        found = {node: flow.nodes.loc[node, column] for node in want[key]}
        assert found == pytest.approx(want[key], **near)
    used = flow.edges.loc[flow.edges["flow_m3_per_day"] > 0, "flow_m3_per_day"]
    assert {" ".join(arc): amount for arc, amount in used.items()} == pytest.approx(
        want["flow"], **near
    )
    cut = flow.bottlenecks.set_index("id")[["capacity_m3_per_day", "saved_ratio"]]
    assert set(cut.index) == set(want["bottlenecks"])
    for edge, numbers in want["bottlenecks"].items():
        assert cut.loc[edge].tolist() == pytest.approx(numbers, **near)
