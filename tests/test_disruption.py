"""Disruption: half-open days, incidents, unknown roads, and timelines."""

import pytest

import supplyroutes as sr
from tests.strategies import events_of
from tests.toy import arc, network, on, told

TAXED = {"kind": "checkpoint_extortion", "end": "2025-01-14"}


def status(day, *rows):
    """The state of port--north, northward."""
    return arc(on(day, *rows), "port", "north")["status"]


def test_days_are_half_open_at_both_edges():
    """Told from 10 to 14 January: open on the 9th, closed on 10 and 14, open on the 15th."""
    row = told(end="2025-01-14")
    seen = [status(f"2025-01-{day:02}", row) for day in (9, 10, 14, 15)]
    assert seen == ["open", "closed", "closed", "open"]


def test_a_report_of_one_day_holds_on_that_day():
    """Start and end on the 10th."""
    row = told(end="2025-01-10")
    assert [status(f"2025-01-{day:02}", row) for day in (9, 10, 11)] == ["open", "closed", "open"]


def test_back_to_back_reports_leave_no_gap():
    """10 to 11 and 12 to 14 January."""
    rows = (told("a", end="2025-01-11"), told("b", start="2025-01-12", end="2025-01-14"))
    assert {status(f"2025-01-{day}", *rows) for day in range(10, 15)} == {"closed"}


def test_an_open_end_goes_on():
    """No end expected: still closed a year later."""
    assert status("2026-01-10", told()) == "closed"


def test_an_incident_told_three_times_counts_once():
    """One checkpoint told three times: 6 h and 0.05, not 18 h and 0.14; two: 12 h, 0.0975."""
    same = [told(event, incident="i", **TAXED) for event in "abc"]
    state = arc(on("2025-01-10", *same), "port", "north")
    assert (state["delay_h"], state["capacity_factor"]) == (6.0, 0.5)
    assert state["loss_prob"] == pytest.approx(0.05)
    assert state["reports"] == ("a", "b", "c")
    two = [told("a", **TAXED), told("b", **TAXED)]
    state = arc(on("2025-01-10", *two), "port", "north")
    assert (state["delay_h"], state["capacity_factor"]) == (12.0, 0.5)
    assert state["loss_prob"] == pytest.approx(1 - 0.95**2)


def test_within_an_incident_the_worst_of_each_number():
    """(0.5, 6 h, 0.05) and told 9 h of the same incident: (0.5, 9 h, 0.05)."""
    rows = (told("a", incident="i", **TAXED), told("b", incident="i", delay_h="9", **TAXED))
    assert arc(on("2025-01-10", *rows), "port", "north")["delay_h"] == 9


def test_cut_wins_and_both_reports_stay():
    """Closed and taxed on one day: closed, and both are named."""
    state = arc(on("2025-01-10", told("a"), told("b", **TAXED)), "port", "north")
    assert (state["status"], state["capacity_factor"], state["reports"]) == (
        "closed",
        0,
        ("a", "b"),
    )


# --- unknown --------------------------------------------------------------------------------

CLOSED = told("a", end_status="end_not_found")  # R30: three days, 10 to 12 January


def test_unknown_once_the_assumed_duration_runs_out():
    """Closed on 10, 11, 12; from the 13th nobody knows; the age of the report counts on."""
    assert [status(f"2025-01-{day}", CLOSED) for day in (12, 13, 30)] == [
        "closed", "unknown", "unknown"
    ]  # fmt: skip
    day = on("2025-01-30", CLOSED)
    assert day.arcs.loc[("port--north", "port", "north"), "last_report_age_days"] == 20
    assert sr.isolation(day).unknown_roads == ("port--north",)
    assert bool(sr.isolation(day).towns.loc["north", "relies_on_unknown"])


def test_unknown_is_cleared_by_a_newer_report():
    """Checked on the 20th: unknown to the 19th, open from the 20th."""
    rows = (CLOSED, told("b", kind="road_checked", start="2025-01-20"))
    assert [status(f"2025-01-{day}", *rows) for day in (19, 20, 21)] == ["unknown", "open", "open"]


def test_unknown_is_cleared_by_a_report_on_the_very_day():
    """Assumed to end on the 13th and checked on the 13th: open, whatever the ids."""
    for event in ("0", "z"):
        rows = (CLOSED, told(event, kind="road_checked", start="2025-01-13"))
        assert status("2025-01-13", *rows) == "open"


def test_unknown_is_not_cleared_by_a_threat_but_by_a_check():
    """A threat on the road tells nothing of how it stands; a person's check does."""
    lapsed = told("a", kind="road_closed", end="", end_status="end_not_found")
    later = {"start": "2025-01-25", "basis": "none"}
    threat = told("b", **later, kind="threat")
    check = told("c", **later, kind="road_checked")
    assert arc(on("2025-01-25", lapsed, threat), "port", "north")["status"] == "unknown"
    assert arc(on("2025-01-25", lapsed, check), "port", "north")["status"] == "open"


def test_unknown_is_not_cleared_by_the_same_report():
    """The closure itself, published on the 20th, is no news that the road is open."""
    late = told("a", end_status="end_not_found", reported_on="2025-01-20")
    assert status("2025-01-21", late) == "unknown"


def test_a_report_during_the_closure_does_not_clear_it():
    """Checked on the 11th, while closed: it says nothing of the time after the 12th."""
    rows = (CLOSED, told("b", kind="road_checked", start="2025-01-11"))
    assert status("2025-01-13", *rows) == "unknown"


def test_an_end_on_the_day_of_the_assumed_end_is_an_end():
    """Reopened on the 13th by a report that names no road: open, not unknown."""
    easing = told("b", kind="easing_negotiated", scope="region", region="Inland",
                  start="2025-01-13", ends="a")  # fmt: skip
    assert status("2025-01-13", CLOSED, easing) == "open"


def test_a_curfew_that_runs_out_leaves_no_road_unknown():
    """It spoke of a region and of no road, whatever else was told of the road before."""
    curfew = told("c", kind="government_restriction", scope="region", region="Coast",
                  curfew_h="8", end_status="end_not_found")  # fmt: skip  # R52: 30 days
    old = told("b", kind="road_checked", start="2025-01-05")
    assert status("2025-02-20", curfew, old) == "open"


def test_a_recorded_end_leaves_nothing_unknown():
    """Closed from 10 to 14 January, known to have ended."""
    assert status("2025-01-15", told(end="2025-01-14")) == "open"


# --- questions that cannot be asked -----------------------------------------------------------


def test_wrong_questions_say_what_is_wrong():
    """A day that is none, a network disrupted already, an unknown commodity."""
    events = events_of([told()])
    for at in ("04/09/2025", "tomorrow", "2025-02-30"):
        with pytest.raises(sr.errors.RequestError):
            sr.disrupt(network(), events, at=at)
    day = sr.disrupt(network(), events, at="2025-01-10")
    with pytest.raises(sr.errors.RequestError, match="disrupted already"):
        sr.disrupt(day, events, at="2025-01-10")
    with pytest.raises(sr.errors.UnknownIdError):
        sr.disrupt(network(), events, at="2025-01-10", commodity="beer")
    with pytest.raises(sr.errors.RequestError, match="before the start"):
        sr.timeline(network(), events, start="2025-01-10", end="2025-01-09")
    with pytest.raises(sr.errors.RequestError, match="100 years"):
        sr.timeline(network(), events, start="1900-01-01", end="2100-01-01")


def test_unknown_places_are_refused():
    """An event on a road that is not there."""
    with pytest.raises(sr.errors.DataError, match="no road has the id 'port--nord'"):
        on("2025-01-10", told(edges="port--nord"))


def test_a_closed_road_stays_as_a_row():
    """Same ids, same type; the state is beside them."""
    day = on("2025-01-10", told())
    assert isinstance(day, sr.Network)
    assert list(day.edges.index) == list(network().edges.index)
    assert day.arcs.loc[("port--north", "port", "north"), "capacity_factor"] == 0
    assert day.undisturbed() == network()


# --- timelines ------------------------------------------------------------------------------


def test_timeline_shares_states_of_equal_days():
    """9 to 16 January, closed 10 to 14: news on the 10th and the 14th, open from the 15th."""
    days = sr.timeline(
        network(), events_of([told(end="2025-01-14")]), start="2025-01-09", end="2025-01-16"
    )
    assert len(days) == 8
    assert [day.day for day in days.dates if not days.same_as_before(day)] == [9, 10, 14, 15]
    assert days["2025-01-10"].topology is network().topology
    frame = days.frame()
    assert frame["port--north", "port", "north"].tolist() == [1, 0, 0, 0, 0, 0, 1, 1]
    assert frame.shape == (8, 14)
    with pytest.raises(sr.errors.RequestError, match="no quantity"):
        days.frame("speed")
    with pytest.raises(sr.errors.RequestError, match="not between"):
        days["2025-02-01"]


def test_timeline_on_a_day_before_every_report_is_the_base():
    """What comes later is not seen."""
    events = events_of([told()])
    (only,) = sr.timeline(network(), events, start="2025-01-01", end="2025-01-01")
    assert only[1].state == network().state
