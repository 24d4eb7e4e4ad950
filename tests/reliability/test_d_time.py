"""RELIABILITY.md, part D: time and events. Test names carry the row."""

import gc
import random
import time
from datetime import date, timedelta

import pytest

import supplyroutes as sr
from supplyroutes.analysis.plain import records
from supplyroutes.conflicts import contradictions
from supplyroutes.core import STATUSES
from supplyroutes.places import check_places
from tests.oracles.brute_state import World, arc_state
from tests.strategies import events_of
from tests.toy import arc, network, on, told


@pytest.mark.parametrize(
    "start",
    ["", "2025-02-30", "2025-13-01", "99999-01-01", "1736467200", "tomorrow", "2025", "0001-01-01",
     "2025-1-5", "2025-01-10T00:00", "2025-00-10", "20250110"],
)  # fmt: skip
def test_rel_037_dates_that_are_none_are_refused(start):
    """Row and column are named."""
    with pytest.raises(sr.errors.DataError) as caught:
        events_of([told(start=start)])
    assert [(entry.row, entry.column) for entry in caught.value.problems] == [(2, "start")]


def test_rel_037_end_before_start_is_refused():
    """With both days."""
    with pytest.raises(sr.errors.DataError, match="2025-01-09 lies before the start 2025-01-10"):
        events_of([told(end="2025-01-09")])


@pytest.mark.parametrize("text", ["04/09/2025", "4/9/25", "04.09.2025", "13/09/2025"])
def test_rel_038_slashed_dates_are_never_guessed(text):
    """Day and month cannot be told apart."""
    for ask in (
        lambda: events_of([told(start=text)]),
        lambda: sr.disrupt(network(), events_of([]), at=text),
    ):
        with pytest.raises((sr.errors.DataError, sr.errors.RequestError), match="YYYY-MM-DD"):
            ask()


def test_rel_039_a_day_is_a_day_wherever_the_clock_stands(monkeypatch):
    """Days carry no clock: Bamako, Niamey or Kiritimati give the same state."""
    states = []
    for zone in ("Africa/Bamako", "Africa/Niamey", "Pacific/Kiritimati"):
        monkeypatch.setenv("TZ", zone)
        states.append(on("2025-01-14", told(end="2025-01-14")).state)
    assert states[0] == states[1] == states[2]


def test_rel_040_intervals_are_half_open_and_inclusive_of_the_last_day():
    """Overlap, back to back, nested and one day: closed from 10 to 16 January, no other day."""
    rows = (
        told("a", end="2025-01-12"),
        told("b", start="2025-01-12", end="2025-01-14"),
        told("c", start="2025-01-15", end="2025-01-16"),
        told("d", start="2025-01-11", end="2025-01-11"),
    )
    seen = [
        day
        for day in range(8, 20)
        if arc(on(f"2025-01-{day:02}", *rows), "port", "north")["status"] == "closed"
    ]
    assert seen == list(range(10, 17))


def test_rel_040_told_twice_is_one_closure_with_both_reports():
    """A second, equal report changes no number."""
    one = arc(on("2025-01-10", told("a")), "port", "north")
    two = arc(on("2025-01-10", told("a"), told("b")), "port", "north")
    assert two == {**one, "reports": ("a", "b"), "last_report": (date(2025, 1, 10), "b")}


def test_rel_040_cut_and_open_on_one_day_cut_wins_and_is_listed():
    """Both reports stay, the closure counts, and the pair is listed."""
    rows = (told("a"), told("b", kind="road_reopened", start="2025-01-12"))
    state = arc(on("2025-01-12", *rows), "port", "north")
    assert (state["status"], state["reports"]) == ("closed", ("a",))
    assert state["last_report"] == (date(2025, 1, 12), "b")
    events = events_of(rows)
    (pair,) = contradictions(network(), events)
    assert (pair.closing, pair.opening, pair.day) == ("a", "b", date(2025, 1, 12))
    assert len(events) == 2


def test_rel_041_unknown_places_are_refused_and_directions_are_explicit():
    """Road, town, corridor; the default is both directions, anything else is a choice."""
    for cells in ({"edges": "x"}, {"nodes": "x"}, {"corridor": "x"}):
        with pytest.raises(sr.errors.DataError, match="has the id 'x'"):
            on("2025-01-10", told(**cells))
    day = on("2025-01-10", told())
    assert arc(day, "port", "north")["status"] == arc(day, "north", "port")["status"] == "closed"
    with pytest.raises(sr.errors.DataError, match="direction"):
        events_of([told(direction="northbound")])


@pytest.mark.parametrize(
    ("start", "end", "count"),
    [("2024-02-28", "2024-03-01", 3), ("2025-02-28", "2025-03-01", 2),
     ("2099-12-31", "2100-01-01", 2), ("1999-03-01", "1999-03-31", 31)],
)  # fmt: skip
def test_rel_042_leap_days_future_and_past_count_exactly(start, end, count):
    """A closure from start to end is seen on every one of its days."""
    first, last = date.fromisoformat(start), date.fromisoformat(end)
    days = sr.timeline(
        network(),
        events_of([told(start=start, end=end)]),
        start=first - timedelta(days=2),
        end=min(last + timedelta(days=2), date(2100, 12, 31)),
    )
    closed = [day for day, one in days if 0 in one.state.capacity_factor]
    assert (len(closed), closed[0], closed[-1]) == (count, first, last)


def many(count, seed, edges=()):
    """That many reports over two years on the roads of the toy network."""
    chance = random.Random(seed)  # noqa: S311
    edges = edges or network().topology.edge_ids
    kinds = ("road_closed", "ambush", "checkpoint_extortion", "road_reopened", "road_checked")
    rows = []
    for number in range(count):
        start = date(2024, 1, 1) + timedelta(days=chance.randrange(730))
        end = start + timedelta(days=chance.randrange(4))
        rows.append(
            told(
                f"e{number:06}",
                kind=chance.choice(kinds),
                edges=chance.choice(edges),
                start=start.isoformat(),
                direction=chance.choice(("both", "inbound", "outbound")),
                **({"end": end.isoformat()} if number % 3 else {"end_status": "end_not_found"}),
            )
        )
    return rows


def told_of_nowhere(events):
    """What is wrong with as many reports, each of a road that is not there."""
    with pytest.raises(sr.errors.DataError) as caught:
        check_places(network(), events_of(many(len(events), seed=5, edges=["nowhere"])))
    return caught.value.problems


VIEWS = {
    "known_by": lambda events: events.known_by("2024-12-31"),
    "between": lambda events: events.between("2024-06-01", "2024-06-30"),
    "without": lambda events: events.without("e000007"),
    "adding": lambda events: events.adding(told("new", confidence="A", text="t", source="s")),
    "moving": lambda events: events.moving("e000007", days=1),
    "ruled_by": lambda events: events.ruled_by(events.rules),
    "list": lambda events: records(events.reports),
    "disrupt": lambda events: sr.disrupt(network(), events, at="2024-12-31"),
    "timeline": lambda events: sr.timeline(network(), events, start="2024-12-01", end="2024-12-31"),
    "situation": lambda events: sr.situation(network(), events, at="2024-03-31"),
    "contradictions": lambda events: contradictions(network(), events),
    "nonsense": told_of_nowhere,
}


@pytest.mark.slow
def test_rel_043_a_hundred_thousand_events():
    """10^5 events: views and list, a state for a day, the days of a month, and contradictions."""
    events = events_of(many(100_000, seed=1))
    for name in ("known_by", "without", "list"):
        assert VIEWS[name](events)
    day = sr.disrupt(network(), events, at="2024-12-31")
    days = sr.timeline(network(), events, start="2024-12-01", end="2024-12-31")
    assert days["2024-12-31"] == day
    assert len(contradictions(network(), events)) > 0


@pytest.mark.parametrize("ask", VIEWS.values(), ids=VIEWS)
def test_rel_043_eight_times_the_events_take_far_less_than_64_times_as_long(ask):
    """What grows with the square would; the time of the processor, the best of three."""

    def seconds(count):
        events = events_of(many(count, seed=4))
        gc.collect()
        best = float("inf")
        for _ in range(3):
            start = time.process_time()
            ask(events)
            best = min(best, time.process_time() - start)
        return best

    assert seconds(12_000) < 24 * seconds(1_500)


def test_rel_043_state_of_many_events_equals_brute_force():
    """300 reports: every arc on five days as the definition has it."""
    events = events_of(many(300, seed=3))
    world = World(network(), events, "fuel")
    for day in (date(2024, 1, 1) + timedelta(days=150 * step) for step in range(5)):
        state = sr.disrupt(network(), events, at=day).state
        for number, one in enumerate(world.arcs()):
            want = arc_state(world, one, day)
            assert STATUSES[state.status[number]] == want["status"]
            assert state.capacity_factor[number] == want["capacity_factor"]
            assert state.delay_h[number] == pytest.approx(want["delay_h"])
            assert state.loss_prob[number] == pytest.approx(want["loss_prob"])
            assert state.reports[number] == want["reports"]
