"""Reports that contradict each other."""

from datetime import date

from supplyroutes.contradictions import Contradiction, contradictions
from tests.strategies import events_of
from tests.toy import told


def opening(event="o", **cells):
    """A report that the road is open."""
    return told(event, **{"kind": "road_reopened", **cells})


def test_contradiction_of_a_closure_and_an_opening_on_one_day():
    """Closed 10 to 14, told open on the 12th, not linked."""
    events = events_of([told(end="2025-01-14"), opening(start="2025-01-12", end="2025-01-13")])
    pair = Contradiction("e", "o", "port--north", date(2025, 1, 12))
    assert contradictions(events) == (pair,)


def test_no_contradiction_if_linked_retracted_elsewhere_or_on_other_days():
    """Five ways in which a closure and an opening go together."""
    closed = told(end="2025-01-14")
    for other in (
        opening(start="2025-01-12", ends="e"),
        opening(start="2025-01-12", status="retracted"),
        opening(start="2025-01-12", edges="port--south"),
        opening(start="2025-01-15"),
        opening(start="2025-01-09"),
    ):
        assert contradictions(events_of([closed, other])) == ()


def test_contradictions_follow_the_readings():
    """A threat read as "cut" closes; a check read as "open" opens, one read as none does not."""
    cut = told(kind="threat", basis="none", reading="cut", end="2025-01-14")
    for reading, count in (("open", 1), ("none", 0), ("", 0)):
        check = opening(kind="road_checked", reading=reading, start="2025-01-11")
        assert len(contradictions(events_of([cut, check]))) == count


def test_contradiction_of_a_whole_corridor_told_open():
    """An opening of corridor NORTH speaks of port--north; one spot of it does not."""
    closed = told(corridor="NORTH", edges="port--north", end="2025-01-14")
    whole = opening(scope="corridor", corridor="NORTH")
    part = opening(corridor="NORTH", edges="bridge--east")
    found = contradictions(events_of([closed, whole]))
    assert [(pair.closing, pair.opening, pair.place) for pair in found] == [("e", "o", "NORTH")]
    assert contradictions(events_of([closed, part])) == ()


def test_contradiction_ends_with_the_assumed_duration():
    """Without a recorded end a closure is assumed to last 3 days (R30): 10, 11, 12 January."""
    closed = told(end_status="end_not_found")
    assert len(contradictions(events_of([closed, opening(start="2025-01-12")]))) == 1
    assert contradictions(events_of([closed, opening(start="2025-01-13")])) == ()
