"""Days: ISO text to `datetime.date`, and what was known when."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from math import ceil

from supplyroutes.errors import RequestError

ONE_DAY = timedelta(days=1)
FOREVER = date.max
"""The end of what has no end."""
FIRST_YEAR, LAST_YEAR = 1900, 2100
_ISO_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_ISO_MONTH = re.compile(r"([0-9]{4})-([0-9]{2})")
_SLASHED = re.compile(r"[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}")


def parse_day(text: str) -> date:
    """Return the day that `text` names as YYYY-MM-DD.

    Raises
    ------
    ValueError
        The text is not such a day; the message says what to write.
    """
    if not _ISO_DAY.fullmatch(text):
        hint = "write YYYY-MM-DD"
        if _SLASHED.fullmatch(text):
            hint += ", for day and month cannot be told apart here"
        raise ValueError(f"{text[:40]!a} is not a date: {hint}")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!a} is not a day of the calendar") from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(f"{text!a}: the year must lie between {FIRST_YEAR} and {LAST_YEAR}")
    return day


def parse_known(text: str) -> date:
    """Return the day on which something dated `text` was surely known.

    A month (YYYY-MM) counts as its last day, so that no forecast uses it too early.
    """
    month = _ISO_MONTH.fullmatch(text)
    if month is None:
        return parse_day(text)
    first = parse_day(f"{text}-01")
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def days_between(start: date, end: date) -> list[date]:
    """Return every day from `start` to `end`, both included."""
    return [start + timedelta(days=step) for step in range((end - start).days + 1)]


def later(day: date, days: float | None) -> date:
    """Return the day so many days later; never is the last day of the calendar."""
    if days is None or day == FOREVER or days >= (FOREVER - day).days:
        return FOREVER
    return day + timedelta(days=ceil(days))


def as_day(day: object) -> date:
    """Return a day given as text, date or time; `RequestError` says what is wrong with it."""
    if isinstance(day, datetime):
        day = day.date()  # that of NaT, which pandas has for no time, is no date either
    if isinstance(day, date) and not isinstance(day, datetime):
        return day
    try:
        return parse_day(day if isinstance(day, str) else repr(day))
    except ValueError as error:
        raise RequestError(str(error)) from None
