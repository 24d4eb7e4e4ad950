"""How likely a report holds on a day: by confidence, basis, what is known of its end, and age.

The probabilities are data (``data/report_probabilities.csv``), each with its range and reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from math import prod
from typing import Any, Literal, NamedTuple

from supplyroutes.checks import ranges_of
from supplyroutes.dates import FOREVER
from supplyroutes.errors import DataError
from supplyroutes.events import Events
from supplyroutes.impacts import Impact
from supplyroutes.io.tables import data_folder
from supplyroutes.reported import Report
from supplyroutes.schema import Table, read_table

Ending = Literal["recorded", "goes_on", "assumed", "lapsed"]
"""What is known of the end of an effect on a day; see the schema of the table."""
_ANY = "any"
_LOOKED_AT = ("confidence", "basis", "status")


class Chance(NamedTuple):
    """A probability, with the ends of its range."""

    low: float
    best: float
    high: float


@cache
def report_probabilities() -> Table:
    """Return the bundled table of the probabilities.

    >>> row = next(report_probabilities().rows())
    >>> row["asks"], row["confidence"], row["probability_best"]
    ('truth', 'A', 0.98)
    """
    table = read_table(data_folder() / "report_probabilities.csv", "report_probabilities")
    problems = [*ranges_of(table)]
    if problems:
        raise DataError(problems)
    return table


def ending(impact: Impact, day: date) -> Ending:
    """Return what is known on a day of the end of an effect."""
    if impact.end <= day:
        return "lapsed"
    if impact.assumed_end:
        return "assumed"
    return "goes_on" if impact.end == FOREVER else "recorded"


def truth(report: Report) -> Chance:
    """Return how likely a report is true.

    >>> from supplyroutes import datasets
    >>> truth(datasets.toy()[1]["T1"]).best
    0.98
    """
    return _chance([_row("truth", _seen(report), 0)])


def in_force(report: Report, status: Ending, age_days: int) -> Chance:
    """Return how likely what is true hinders the roads as its rule says, and still does so.

    `age_days` is the age of the last news.
    """
    seen = {**_seen(report), "status": status}
    return _chance([_row("effect", seen, 0), _row("in_force", seen, age_days)])


def _seen(report: Report) -> dict[str, str]:
    """Return what the rows of the table look at."""
    return {"confidence": report.confidence, "basis": report.basis}


def _chance(rows: Iterable[Mapping[str, Any] | None]) -> Chance:
    """Return the product of the probabilities of rows; where no row fits it is certain."""
    found = [row for row in rows if row is not None]
    return Chance(*(prod(row[f"probability_{end}"] for row in found) for end in Chance._fields))


def _row(asks: str, seen: Mapping[str, str], age_days: int) -> Mapping[str, Any] | None:
    """Return the row that answers a question: of those that fit, the one of the largest age.

    A column that the question has no value for must be "any".
    """
    fitting = [
        row
        for row in report_probabilities().rows()
        if row["asks"] == asks
        and row["age_from_days"] <= age_days
        and all(row[column] in {_ANY, seen.get(column)} for column in _LOOKED_AT)
    ]
    return max(fitting, key=lambda row: row["age_from_days"], default=None)


def last_news(events: Events, day: date) -> dict[str, date]:
    """Return for every incident the last day, up to `day`, on which a report told of it.

    A report tells of its incident on its first day, on its last, and when it is published; one
    that shows a declaration enforced tells of the declaration's incident too.
    """
    news: dict[str, date] = {}
    for report in events:
        if report.status == "retracted":
            continue
        told = [when for when in _days_told(report) if when <= day]
        names = [incident_of(report), *(incident_of(events[one]) for one in report.enforces)]
        for name in names if told else ():
            news[name] = max(*told, news.get(name, told[0]))
    return news


def _days_told(report: Report) -> Iterable[date]:
    """Return the days on which a report tells of its incident."""
    return (when for when in (report.start, report.end, report.reported_on) if when is not None)


def incident_of(report: Report) -> str:
    """Return the incident of a report: what is one draw."""
    return report.incident or report.event
