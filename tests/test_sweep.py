"""A day that moves forward: what begins is noted, what ends is taken off without a trace."""

from datetime import date

from hypothesis import given, settings

from supplyroutes.impacts import impacts_of
from supplyroutes.sweep import Sweep
from tests.strategies import cases, events_of
from tests.toy import arc_number, network, told

TAXED = {"kind": "checkpoint_extortion"}


def days(*rows):
    """Return a function that moves to a day of January and gives the state of port to north."""
    sweep = Sweep(network(), impacts_of(network(), events_of(rows)))

    def on(day):
        sweep.advance(date(2025, 1, day))
        state = sweep.state()
        here = arc_number(network(), "port", "north")
        return state.capacity_factor[here], state.delay_h[here], state.reports[here]

    return on


def test_when_the_worst_of_an_incident_ends_the_next_counts():
    """Told 9 h to the 11th and 6 h to the 13th of one incident: 9 h, then 6 h, then nothing."""
    on = days(
        told("a", incident="i", end="2025-01-13", **TAXED),
        told("b", incident="i", end="2025-01-11", delay_h="9", **TAXED),
    )
    assert on(10) == (0.5, 9, ("a", "b"))
    assert on(12) == (0.5, 6, ("a",))
    assert on(14) == (1.0, 0, ())


def test_equal_incidents_add_and_leave_one_by_one():
    """Three checkpoints of 6 h, of which one ends each day from the 10th."""
    rows = (told(name, end=f"2025-01-1{end}", **TAXED) for end, name in enumerate("abc"))
    on = days(*rows)
    assert [on(day)[1] for day in (10, 11, 12, 13)] == [18, 12, 6, 0]


def test_what_begins_and_ends_between_two_states_leaves_no_trace():
    """From the 9th to the 15th a closure of the 10th to the 12th is not seen."""
    on = days(told(end="2025-01-12"))
    assert on(9) == on(15) == (1.0, 0, ())


def test_a_ban_shown_by_two_reports_goes_with_the_last_of_them():
    """Both impacts name the declaration: it stays among the reports until both are ended."""
    ban = told("ban", kind="blockade_declaration", basis="declared", commodity="fuel")
    shown = {"kind": "threat", "basis": "none", "enforces": "ban"}
    eased = {"kind": "easing_negotiated", "basis": "none"}
    on = days(
        ban,
        told("a", **shown),
        told("b", **shown),
        told("c", start="2025-01-12", ends="a", **eased),
        told("d", start="2025-01-14", ends="b", **eased),
    )
    assert [on(day)[2] for day in (11, 13, 14)] == [("a", "b", "ban"), ("b", "ban"), ()]


@settings(max_examples=200, deadline=None)
@given(cases(max_events=8))
def test_every_day_of_a_sweep_is_as_if_it_had_been_gone_to_at_once(case):
    """What ended is taken off wholly, bit by bit: no rounding is left behind."""
    base = case.network()
    impacts = impacts_of(base, case.reports())
    moving = Sweep(base, impacts)
    for day in (date(2025, 1, number) for number in range(1, 31)):
        moving.advance(day)
        at_once = Sweep(base, impacts)
        at_once.advance(day)
        assert moving.state() == at_once.state()
