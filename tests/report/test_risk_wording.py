"""Probabilities in words."""

from math import nan

import pytest

from supplyroutes.catalogue import words
from supplyroutes.report.risk_wording import chance, span


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "0%", "0\u202f%"),
        (1e-9, "<1%", "<1\u202f%"),
        (0.01, "1%", "1\u202f%"),
        (0.5, "50%", "50\u202f%"),
        (1 - 1e-9, "99%", "99\u202f%"),
        (1, "100%", "100\u202f%"),
        (nan, "–", "–"),
    ],
)
def test_only_what_is_certain_reads_so(value, english, french):
    """0 and 100 % are kept for never and always; nothing known is a dash."""
    assert chance(words("en"), value) == english
    assert chance(words("fr"), value) == french


def test_a_range_that_reads_as_one_number_is_one():
    """And a dash where an end is not known."""
    assert span(words("en"), 0.101, 0.104) == "10%"
    assert span(words("en"), 0.1, 0.2) == "10%–20%"
    assert span(words("en"), nan, 0.2) == "–"
