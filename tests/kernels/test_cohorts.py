"""Cohorts that move for a day, by hand."""

from supplyroutes._kernels.cohorts import advance

PASSABLE, HOURS, KEEP = (1, 1, 0, 1), (10.0, 20.0, 5.0, 0.0), (1.0, 0.5, 1.0, 1.0)


def moved(place, left, path, amount=8.0, waited=0):
    """Amount, place, hours left, days waited and loss after 24 hours on arcs `path`."""
    amounts, places, lefts, waits = [amount], [place], [left], [waited]
    lost = advance(amounts, places, lefts, waits, [len(path)], path, PASSABLE, HOURS, KEEP, 24.0)
    return amounts[0], places[0], lefts[0], waits[0], lost


def test_a_day_of_driving_ends_on_a_road_and_loses_on_entering_it():
    """10 hours on the first arc, 14 of the 20 of the second, half of it lost."""
    assert moved(0, 0.0, [0, 1]) == (4.0, 1, 6.0, 0, 4.0)


def test_the_next_day_it_arrives_without_a_second_loss():
    """What is on an arc already has paid for it."""
    assert moved(1, 6.0, [0, 1], 4.0) == (4.0, 2, 0.0, 0, 0.0)


def test_a_closed_arc_is_not_entered_and_days_before_it_are_counted():
    """Ten hours to the town before it; there it stands, one day more each day."""
    assert moved(0, 0.0, [0, 2]) == (8.0, 1, 0.0, 1, 0.0)
    assert moved(1, 0.0, [0, 2], waited=1) == (8.0, 1, 0.0, 2, 0.0)


def test_one_on_a_road_that_closes_drives_on_to_its_end():
    """It is past the gate."""
    assert moved(0, 5.0, [2, 3]) == (8.0, 2, 0.0, 0, 0.0)


def test_no_road_and_roads_of_no_length_take_no_time():
    """A source's own town; a bridge of length zero."""
    assert moved(0, 0.0, []) == (8.0, 0, 0.0, 0, 0.0)
    assert moved(0, 0.0, [3, 3]) == (8.0, 2, 0.0, 0, 0.0)


def test_a_day_that_ends_in_a_town_does_not_enter_the_next_road():
    """Its loss is that of the day on which it is driven."""
    assert moved(0, 24.0, [0, 1]) == (8.0, 1, 0.0, 0, 0.0)
