"""Labels: what recorded outcomes say of a town on a day; without a report it is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from supplyroutes.dates import days_between
from supplyroutes.errors import UnknownIdError
from supplyroutes.io.tables import data_folder
from supplyroutes.network import Network
from supplyroutes.schema import Table, read_table


@dataclass(frozen=True)
class Label:
    """Whether a town was short of fuel on a day, as recorded.

    Attributes
    ----------
    node, day
        The town and the day.
    short
        Whether there was a shortage.
    weight
        How much it counts, above 0 up to 1: the largest weight of the outcomes that say so, less
        the largest of those that say the opposite.
    known_on
        The first day on which an outcome that says so was published.
    outcomes
        The ids of all outcomes that speak of it.
    """

    node: str
    day: date
    short: bool
    weight: float
    known_on: date
    outcomes: tuple[str, ...]


@cache
def shortage_codes() -> Table:
    """Return the bundled table of what an observation says."""
    return read_table(data_folder() / "shortage_codes.csv", "shortage_codes")


@cache
def label_weights() -> Table:
    """Return the bundled table of how much a label counts."""
    return read_table(data_folder() / "label_weights.csv", "label_weights")


@dataclass(frozen=True)
class _Word:
    """What one outcome says of one town on one day."""

    outcome: str
    short: bool
    weight: float
    known_on: date


def labels_of(network: Network, outcomes: Table) -> list[Label]:
    """Return the labelled town-days of a table of outcomes, in order of day and town.

    What an observation says stands in ``data/shortage_codes.csv``, how much it counts by its
    confidence and the precision of its date in ``data/label_weights.csv``. A day of a town of
    which nothing was recorded has no label: it is unknown, not without shortage. Nor has one of
    which outcomes of equal weight say opposite things.

    Parameters
    ----------
    network
        The network whose towns are spoken of.
    outcomes
        A checked table of outcomes.

    Returns
    -------
    labels
        One label a town-day, with weights above zero.
    """
    said: dict[tuple[date, str], list[_Word]] = {}
    for row in outcomes.rows():
        tells = _tells(row)
        weight = _weight(row)
        if tells == "nothing" or weight == 0:
            continue
        last = row["end"] or row["date"]
        word = _Word(row["outcome"], tells == "shortage", weight, _published(row))
        for node in towns_of(network, row):
            for day in days_between(row["date"], last):
                said.setdefault((day, node), []).append(word)
    found = (_label(day, node, words) for (day, node), words in sorted(said.items()))
    return [label for label in found if label is not None]


def towns_of(network: Network, row: Mapping[str, Any]) -> list[str]:
    """Return the town of an outcome, or the towns that its place lists; none for wider places."""
    if row["node"]:
        return [network.find(row["node"])]
    found = []
    for name in (row["place"] or "").split(","):
        try:
            found.append(network.find(name.strip()))
        except UnknownIdError:
            return []
    return found


def _published(row: Mapping[str, Any]) -> date:
    """Return the day on which an outcome was known: at the earliest the day itself."""
    known: date | None = row["reported_on"]
    day: date = row["date"]
    return day if known is None else max(day, known)


def _tells(row: Mapping[str, Any]) -> str:
    """Return what an outcome says: shortage, no_shortage or nothing."""
    sign = _sign(row["value"] or "")
    return next(
        (
            str(code["tells"])
            for code in shortage_codes().rows()
            if (code["observation"], code["sign"]) == (row["observation"], sign)
        ),
        "nothing",
    )


def _sign(value: str) -> str:
    """Return the sign of a value as told; what is no number, such as a range, is positive."""
    try:
        number = float(value)
    except ValueError:
        return "positive"
    return "zero" if number == 0 else "negative" if number < 0 else "positive"


def _weight(row: Mapping[str, Any]) -> float:
    """Return how much an outcome counts."""
    factors = {(one["field"], one["value"]): one["factor"] for one in label_weights().rows()}
    weight = 1.0
    for field in ("confidence", "date_precision"):
        weight *= factors.get((field, row[field]), 0.0)
    return weight


def _label(day: date, node: str, words: Sequence[_Word]) -> Label | None:
    """Return what several outcomes say together; None if they outweigh each other."""
    weights = {short: _most(words, short) for short in (True, False)}
    short = weights[True] > weights[False]
    weight = abs(weights[True] - weights[False])
    if weight == 0:
        return None
    known = min(word.known_on for word in words if word.short == short)
    return Label(node, day, short, weight, known, tuple(sorted({word.outcome for word in words})))


def _most(words: Iterable[_Word], short: bool) -> float:  # noqa: FBT001
    """Return the largest weight of the outcomes that say one thing."""
    return max((word.weight for word in words if word.short == short), default=0.0)


def onsets_of(labels: Iterable[Label]) -> dict[str, date]:
    """Return the first day on which each town is recorded as short."""
    found: dict[str, date] = {}
    for label in labels:
        if label.short and label.day < found.get(label.node, date.max):
            found[label.node] = label.day
    return dict(sorted(found.items()))
