"""Distances on the globe."""

from math import cos, pi, sin

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes.geo import (
    EARTH_RADIUS_KM,
    box_of,
    great_circle_km,
    line_distance_km,
    may_come_within,
    parse_linestring,
)

LATITUDES = st.floats(-90, 90)
LONGITUDES = st.floats(-180, 180)
DEGREE_KM = EARTH_RADIUS_KM * pi / 180


@pytest.mark.parametrize(
    ("ends", "km"),
    [
        ((0, 0, 0, 1), DEGREE_KM),
        ((0, 0, 1, 0), DEGREE_KM),
        ((0, 179.5, 0, -179.5), DEGREE_KM),
        ((90, 0, -90, 0), 180 * DEGREE_KM),
        ((0, 0, 0, 180), 180 * DEGREE_KM),
        ((12, 5, 12, 5), 0),
        ((60, 0, 60, 180), 60 * DEGREE_KM),
    ],
)
def test_great_circles_of_known_length(ends, km):
    """Quarters, halves and degrees of the globe come out right."""
    assert great_circle_km(*ends) == pytest.approx(km, rel=1e-9)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_a_great_circle_is_the_same_both_ways(lat1, lon1, lat2, lon2):
    """Distances are symmetric and at most half the globe."""
    there = great_circle_km(lat1, lon1, lat2, lon2)
    assert there == pytest.approx(great_circle_km(lat2, lon2, lat1, lon1), abs=1e-6)
    assert 0 <= there <= 180 * DEGREE_KM * (1 + 1e-12)


def test_a_linestring_is_read_as_lon_lat():
    """Points come in the order of the text."""
    assert parse_linestring(" linestring (-8 12.5, -7.5 1e1) ") == ((-8.0, 12.5), (-7.5, 10.0))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "POINT (1 2)",
        "LINESTRING EMPTY",
        "LINESTRING ()",
        "LINESTRING (1 2)",
        "LINESTRING (1 2, )",
        "LINESTRING (1 2, 3)",
        "LINESTRING Z (1 2 3, 4 5 6)",
        "LINESTRING (1 2 3, 4 5 6)",
        "LINESTRING (nan nan, 1 2)",
        "LINESTRING (inf 1, 1 2)",
        "LINESTRING (1_0 2, 3 4)",
        "LINESTRING (\u0661 2, 3 4)",
        "LINESTRING (300000 1500000, 300001 1500000)",
        "LINESTRING (12 -91, 12 5)",
        "LINESTRING (1 2, 3 4",
        "LINESTRING ((1 2, 3 4))",
    ],
)
def test_what_is_no_line_in_degrees_is_refused(text):
    """Other shapes, metres, text and half lines are refused."""
    with pytest.raises(ValueError, match=r"LINESTRING|point|points"):
        parse_linestring(text)


def test_a_line_is_tested_along_its_length_not_at_its_ends():
    """A long road that passes a place is as near as its nearest point."""
    line = [(-1.0, 0.1), (1.0, 0.1)]
    assert line_distance_km(line, 0.0, 0.0) == pytest.approx(0.1 * DEGREE_KM, rel=1e-6)


@pytest.mark.parametrize("turn", [0, 90, 179.9, -179.9])
def test_distance_to_a_line_does_not_depend_on_the_meridian(turn):
    """The antimeridian is a place like any other."""
    line = [((x + turn + 180) % 360 - 180, 0.5) for x in (-0.2, 0.2)]
    lon = (turn + 180) % 360 - 180
    assert line_distance_km(line, 0.0, lon) == pytest.approx(0.5 * DEGREE_KM, rel=1e-6)


def test_a_line_over_the_antimeridian_is_far_from_greenwich():
    """A 22 km road between 179.9 and -179.9 degrees does not span the globe."""
    assert line_distance_km([(179.9, 0.0), (-179.9, 0.0)], 0.0, 0.0) > 10_000


@given(st.floats(-60, 60), st.floats(-170, 170), st.floats(-1, 1), st.floats(-1, 1))
def test_a_line_of_one_spot_is_a_great_circle_away(lat, lon, north, east):
    """Near a place the plane gives the distance on the globe to 2 %."""
    straight = great_circle_km(lat, lon, lat + north, lon + east)
    spot = (lon + east, lat + north)
    found = line_distance_km([spot, spot], lat, lon)
    assert found == pytest.approx(straight, rel=0.02, abs=1e-6)


LINES = st.lists(st.tuples(LONGITUDES, LATITUDES), min_size=2, max_size=4)


@settings(max_examples=1000, deadline=None)
@given(LINES, LATITUDES, LONGITUDES)
def test_a_box_never_rules_out_a_line_that_comes_near(line, lat, lon):
    """Anywhere on the globe, over the date line and at the poles too: a radius just enough."""
    assert may_come_within(box_of(line), lat, lon, line_distance_km(line, lat, lon))


@settings(max_examples=1000, deadline=None)
@given(st.floats(-3, 3), st.floats(-3, 3), st.floats(0, 2 * pi))
def test_a_box_never_rules_out_a_line_near_by(east, north, turn):
    """The same of short lines near the date line, where boxes are close to the circle."""
    lat, lon = 10.0 + north, 179.5 + east
    line = [(_wrapped(lon + 2 * cos(turn)), lat + 2 * sin(turn)), (_wrapped(lon + 3), lat + 3)]
    away = line_distance_km(line, lat, _wrapped(lon))
    assert may_come_within(box_of(line), lat, _wrapped(lon), away)


def _wrapped(lon):
    """A longitude between -180 and 180."""
    return (lon + 180) % 360 - 180
