"""The bridge of five roads, the textbook example of factoring a network on one of its links.

s --a-- u --b-- t       Every road is open with the same probability p. Factoring on the rung c
 \\      |      /        (Moskowitz 1958; Barlow, R. E. (1998). Engineering Reliability, ch. 6.1,
  \\     c     /         where the coefficient of p^5 is told to be 2):
   d    |    e
    \\-- v --/          P(t is reached) = 2 p^2 + 2 p^3 - 5 p^4 + 2 p^5
"""

import pytest

import supplyroutes as sr
from supplyroutes.analysis.doubt import chances
from tests.strategies import events_of, network_of, source, town

ROADS = {"a": ("s", "u"), "b": ("u", "t"), "c": ("u", "v"), "d": ("s", "v"), "e": ("v", "t")}
NO_DIAGRAMS = -1


@pytest.mark.parametrize("by_frontier", [False, True])
@pytest.mark.parametrize("confidence", "ABCD")
def test_the_bridge(monkeypatch, confidence, by_frontier):
    """By diagrams, and by the frontier where diagrams are not made."""
    roads = [{"edge": edge, "u": u, "v": v, "length_km": "50"} for edge, (u, v) in ROADS.items()]
    network = network_of([town(node) for node in "stuv"], roads, [source("s")])
    shut = events_of(
        [
            {"event": f"e{edge}", "kind": "road_closed", "basis": "reported", "scope": "segment",
             "start": "2025-01-10", "end_status": "no_end_expected", "edges": edge,
             "spot_known": "true", "confidence": confidence}
            for edge in ROADS
        ]
    )  # fmt: skip
    if by_frontier:
        monkeypatch.setattr(chances, "MOST_EXACT_DRAWS", NO_DIAGRAMS)
    risk = sr.reliability(network, shut, at="2025-01-12")
    p = 1 - risk.causes["holds_prob"].iloc[0]
    assert 0 < p < 1
    wanted = 2 * p**2 + 2 * p**3 - 5 * p**4 + 2 * p**5
    assert risk.towns.loc["t", "method"] == "exact"
    assert 1 - risk.towns.loc["t", "isolated_prob"] == pytest.approx(wanted, abs=1e-12)
    assert risk.towns.loc["t", "supplied_prob"] == pytest.approx(wanted, abs=1e-12)
