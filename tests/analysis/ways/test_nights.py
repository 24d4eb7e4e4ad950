"""Nights of a trip: hours of a day worked out by hand, and what must hold of any plan."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes.analysis.ways.nights import Night, Stretch, night_stops

HOURS = st.integers(0, 120).map(lambda quarter: quarter / 4)
DAYS = HOURS.map(lambda hours: hours % 14 + 1)
WAITS = st.one_of(st.just(0.0), HOURS.map(lambda hours: 2 * hours))
CURFEWS = st.sampled_from((0.0, 0.0, 9.0, 13.0, 23.0))
STRETCHES = st.lists(st.builds(Stretch, HOURS, WAITS, WAITS, DAYS, CURFEWS), max_size=12)


def legs(*hours):
    """Return legs of so many hours without a border, in days of nine hours."""
    return [Stretch(hour) for hour in hours]


@pytest.mark.parametrize(
    ("stretches", "want"),
    [
        (legs(4, 5), []),  # just a day
        (legs(4, 5, 0.5), [Night(2, "town")]),
        (legs(4, 6, 2, 2), [Night(1, "town"), Night(3, "town")]),  # 4 | 6 + 2 | 2
        (legs(4, 20), [Night(1, "road"), Night(1, "road")]),  # 4 + 5 | 9 | 6
        (legs(9, 20), [Night(1, "town"), Night(1, "road"), Night(1, "road")]),
        (legs(4, 4.9, 0.1, 1), [Night(3, "town")]),
        (legs(18), [Night(0, "road")]),  # two whole days
    ],
)
def test_days_of_nine_hours(stretches, want):
    """A truck stops where the next leg would not fit the day, on the road if it fits no day."""
    assert night_stops(stretches) == want


@pytest.mark.parametrize(
    ("wait", "nights"),
    [
        (3, 0),  # 5 h on the road, 3 h of waiting, 4 h on the road: dusk is after 12 h
        (4, 1),  # it is dusk before the 4 h are driven
        (18, 1),  # the wait lasts till 23 h: the rest of the night is slept
        (20, 1),  # till 1 h of the next day
        (24, 1),
        (27, 1),
        (28, 2),  # till 9 h of the next day: 4 h more would end after dusk
        (47, 2),
        (48, 2),
    ],
)
def test_a_wait_runs_by_the_clock_and_can_replace_the_night(wait, nights):
    """5 h to the border, then 4 h: a wait uses up no hours of driving."""
    found = night_stops([Stretch(5), Stretch(4, border_h=wait)])
    assert found == [Night(1, "border")] * nights
    held = night_stops([Stretch(5), Stretch(4, delay_h=wait)])
    assert held == [Night(1, "town")] * nights


def test_a_night_at_the_border_gives_a_fresh_day():
    """9 h are driven; after 24 h at the border 9 h more fit the next day."""
    assert night_stops([Stretch(1, border_h=24), Stretch(8)]) == [Night(0, "border")]
    # Driven out after 9 h; 24 h later it is hour 9 again, and dusk before the 9 h are driven.
    assert night_stops([Stretch(9), Stretch(9, border_h=24)]) == [Night(1, "border")] * 2


def test_a_long_curfew_shortens_the_day():
    """20 h of curfew leave 4 h of a day: the second leg of 3 h waits for the morning."""
    assert night_stops([Stretch(3, curfew_h=20), Stretch(3)]) == []
    assert night_stops([Stretch(3), Stretch(3, curfew_h=20)]) == [Night(1, "town")]


def test_a_very_long_leg_is_reckoned_at_once():
    """A million hours in days of one hour: nights by division."""
    assert len(night_stops([Stretch(1e6, day_h=1)])) == 1e6 - 1


@settings(max_examples=1000)
@given(STRETCHES, st.data())
def test_days_never_fall_as_a_wait_or_delay_grows(stretches, data):
    """Whoever waits longer arrives no earlier, and sleeps no less often."""
    if not stretches:
        return
    place = data.draw(st.integers(0, len(stretches) - 1))
    more = data.draw(HOURS)
    one = stretches[place]
    for longer in (
        replace(one, border_h=one.border_h + more),
        replace(one, delay_h=one.delay_h + more),
    ):
        later = [*stretches[:place], longer, *stretches[place + 1 :]]
        assert len(night_stops(later)) >= len(night_stops(stretches))


@settings(max_examples=1000)
@given(STRETCHES)
def test_no_day_is_longer_than_its_hours(stretches):
    """Played forward leg by leg, the nights leave no day too long, and none is without need."""
    nights = night_stops(stretches)
    clock = driven = 0.0
    for leg, stretch in enumerate(stretches):
        here = [night.place for night in nights if night.leg == leg]
        before = sum(place != "road" for place in here)
        assert set(here) <= {"road", "border" if stretch.border_h else "town"}
        most = min(stretch.day_h, 24 - stretch.curfew_h)
        dusk = max(most, min(12, 24 - stretch.curfew_h))
        clock += stretch.border_h + stretch.delay_h
        waited, slept = int(clock // 24), before - int(clock // 24)
        clock, driven = clock % 24, 0.0 if waited else driven
        assert slept in {0, 1}
        left = stretch.drive_h
        room = max(0, min(most - driven, dusk - clock))
        if slept:
            assert left > room
            assert left <= most or room == 0
            clock = driven = 0.0
            room = most
        for _ in range(here.count("road")):
            assert left > room
            left -= room
            clock, driven, room = 0.0, 0.0, most
        assert left <= room
        clock, driven = clock + left, driven + left
