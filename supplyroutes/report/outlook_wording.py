"""Outlooks in words: what an uncertain input is called, days and amounts with their interval."""

from __future__ import annotations

from datetime import date
from math import isfinite
from typing import TYPE_CHECKING, Any

from supplyroutes.catalogue import Words
from supplyroutes.network import Network
from supplyroutes.report import wording

if TYPE_CHECKING:
    import pandas as pd


def input_label(words: Words, network: Network, key: str) -> str:
    """Return what an input of an ensemble is about.

    Parameters
    ----------
    words
        The language.
    network
        The network whose towns and roads the keys name.
    key
        Key of the input; see `Ensemble.inputs`.

    Returns
    -------
    label
        The label.

    Examples
    --------
    >>> import supplyroutes as sr
    >>> from supplyroutes.catalogue import words
    >>> network, _ = sr.datasets.toy()
    >>> input_label(words("en"), network, "supply:port")
    'Source: Port'
    >>> input_label(words("en"), network, "rule:ambush.after.loss_prob")
    'Ambush, afterwards: chance that a lone truck is lost'
    """
    kind, _, name = key.partition(":")
    if kind == "assumption":
        told = f"assumption.{name}"
        return words(told) if told in words else name
    if kind == "rule":
        return _rule_label(words, name)
    if kind == "demand":
        of = _word(words, "class", name)
    elif kind == "supply":
        of = network.name(name)
    else:
        road = kind == "limit"
        of = wording.road_name(network, name) if road else wording.commodity_word(words, name)
    return words(f"input.{kind}", what=of)


def _rule_label(words: Words, name: str) -> str:
    """Return which rules of a kind and phase, and what of them."""
    reports, phase, quantity = name.split(".")
    kind = _word(words, "kind", reports)
    told = words("assumption.rule_after" if phase == "after" else "assumption.rule", kind=kind)
    quantity = words(f"quantity_name.{quantity}")
    return words("sensitivity.rule", rule=told[0].upper() + told[1:], quantity=quantity)


def _word(words: Words, family: str, name: str) -> str:
    """Return the word for a class or a kind; its id where there is none."""
    key = f"{family}.{name}"
    return words(key) if key in words else name


def days_interval(words: Words, row: pd.Series[Any]) -> str:
    """Return the dates between which a town goes short in 80 % of the runs.

    Parameters
    ----------
    words
        The language.
    row
        A row of the towns of an outlook.

    Returns
    -------
    text
        First and last date; "later" is after the span, or never.
    """
    return words("outlook.range", low=day(words, row, "p10"), high=day(words, row, "p90"))


def day(words: Words, row: pd.Series[Any], quantile: str) -> str:
    """Return a date on which a town goes short, or that it is after the span or never.

    Parameters
    ----------
    words
        The language.
    row
        A row of the towns of an outlook.
    quantile
        p10, p50 or p90.

    Returns
    -------
    text
        The day as YYYY-MM-DD.
    """
    on = row[f"dry_on_{quantile}"]
    return str(on) if isinstance(on, date) else words("outlook.later")


def amounts(words: Words, row: pd.Series[Any], name: str, digits: int = 0) -> tuple[str, str]:
    """Return the median of an amount, and the interval that holds 80 % of the runs.

    Parameters
    ----------
    words
        The language.
    row
        A row of a table of an outlook.
    name
        Name of the amount, without the end that tells the quantile.
    digits
        Decimals.

    Returns
    -------
    median, interval
        Both as text.
    """
    low, middle, high = (
        words.number(value, digits) if isfinite(value) else words("outlook.later")
        for value in (row[f"{name}p10"], row[f"{name}p50"], row[f"{name}p90"])
    )
    return middle, words("outlook.range", low=low, high=high)
