"""Nights of a trip: hours of a day worked out by hand, and what must hold of any plan."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes.analysis.nights import Night, Stretch, night_stops

HOURS = st.integers(0, 120).map(lambda quarter: quarter / 4)
DAYS = HOURS.map(lambda hours: hours % 9 + 1)
WAITS = st.sampled_from((0.0, 0.0, 6.0, 24.0, 30.0))
STRETCHES = st.lists(st.builds(Stretch, HOURS, WAITS, DAYS), max_size=12)


def legs(*hours, border_h=0.0, day_h=9.0):
    """Return legs of so many hours without a border."""
    return [Stretch(hour, border_h, day_h) for hour in hours]


@pytest.mark.parametrize(
    ("stretches", "want"),
    [
        (legs(4, 5), []),  # just a day
        (legs(4, 5, 0.5), [Night(2, "town")]),
        (legs(4, 6, 2, 2), [Night(1, "town"), Night(3, "town")]),  # 4 | 6 + 2 | 2
        (legs(4, 20), [Night(1, "road"), Night(1, "road")]),  # 4 + 5 | 9 | 6
        (legs(9, 20), [Night(1, "town"), Night(1, "road"), Night(1, "road")]),
        (legs(4, 4.9, 0.1, 1), [Night(3, "town")]),
    ],
)
def test_days_of_nine_hours(stretches, want):
    """A truck stops where the next leg would not fit the day, on the road if it fits no day."""
    assert night_stops(stretches) == want


def test_a_day_at_the_border_is_a_night_and_the_rest_hours_of_the_day():
    """5 h, then 30 h at the border: a night, and 6 h of the day: too much after 5 h on the road."""
    plan = [Stretch(5, 0, 9), Stretch(2, 30, 9)]
    assert night_stops(plan) == [Night(1, "town"), Night(1, "border")]
    assert night_stops([Stretch(1, 24, 9), Stretch(8, 0, 9)]) == [Night(0, "border")]


def test_a_long_curfew_shortens_the_day():
    """4 h left of a day: the second leg of 3 h waits for the morning."""
    assert night_stops([Stretch(3, 0, 4), Stretch(3, 0, 9)]) == []
    assert night_stops([Stretch(3, 0, 9), Stretch(3, 0, 4)]) == [Night(1, "town")]


@settings(max_examples=1000)
@given(STRETCHES)
def test_no_day_is_longer_than_its_hours(stretches):
    """Played forward hour by hour, the nights leave no day too long, and none is without need."""
    nights = night_stops(stretches)
    today = 0.0
    for leg, stretch in enumerate(stretches):
        here = [night.place for night in nights if night.leg == leg]
        assert here.count("border") == stretch.border_h // 24
        needed = stretch.moving_h + stretch.border_h % 24
        if "town" in here:
            assert today + needed > stretch.day_h
            today = 0.0
        on_road = here.count("road")
        whole = today + needed - on_road * stretch.day_h
        if on_road:
            assert 0 < whole <= stretch.day_h
        assert whole <= stretch.day_h or needed == 0
        today = whole
