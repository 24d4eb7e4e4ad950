"""Days: ISO text only, and what was known when."""

from datetime import date

import pytest

from supplyroutes.dates import days_between, parse_day, parse_known


def test_an_iso_day_is_read():
    """YYYY-MM-DD is a day, also on the leap day."""
    assert parse_day("2024-02-29") == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("04/09/2025", "cannot be told apart"),
        ("4.9.25", "cannot be told apart"),
        ("20250904", "write YYYY-MM-DD"),
        ("2025-9-4", "write YYYY-MM-DD"),
        ("2025-09-04T00:00", "write YYYY-MM-DD"),
        ("2025-09-04\n", "write YYYY-MM-DD"),
        ("45904", "write YYYY-MM-DD"),
        ("yesterday", "write YYYY-MM-DD"),
        ("\u0662\u0660\u0662\u0665-09-04", "write YYYY-MM-DD"),
        ("99999-01-01", "write YYYY-MM-DD"),
        ("2025-02-29", "not a day of the calendar"),
        ("2025-09-31", "not a day of the calendar"),
        ("0000-01-01", "not a day of the calendar"),
        ("1899-12-31", "between 1900 and 2100"),
        ("2101-01-01", "between 1900 and 2100"),
    ],
)
def test_what_is_no_day_is_refused_with_a_hint(text, hint):
    """No other writing of a day is guessed at."""
    with pytest.raises(ValueError, match=hint):
        parse_day(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2025-09-04", date(2025, 9, 4)),
        ("2025-09", date(2025, 9, 30)),
        ("2024-02", date(2024, 2, 29)),
        ("2025-12", date(2025, 12, 31)),
    ],
)
def test_a_month_is_known_from_its_last_day(text, day):
    """No forecast uses a report dated to a month too early."""
    assert parse_known(text) == day


def test_a_month_that_is_none_is_refused():
    """There is no thirteenth month."""
    with pytest.raises(ValueError, match="not a day"):
        parse_known("2025-13")


def test_both_ends_count():
    """Days from a day to itself are one day; backwards there are none."""
    first, last = date(2024, 2, 28), date(2024, 3, 1)
    assert days_between(first, last) == [first, date(2024, 2, 29), last]
    assert days_between(first, first) == [first]
    assert days_between(last, first) == []
