"""The catalogue says the same in both languages."""

from __future__ import annotations

import re
from datetime import date
from string import Formatter

import pytest

from supplyroutes.analysis.corridors import CORRIDOR_STATES
from supplyroutes.analysis.isolation import STATES
from supplyroutes.catalogue import LANGUAGES, catalogue_rows, words
from supplyroutes.core import STATUSES
from supplyroutes.errors import RequestError


def places(text: str) -> list[str]:
    """Return the named places of a text, in order of name."""
    return sorted({name for _, name, _, _ in Formatter().parse(text) if name is not None})


@pytest.mark.parametrize("row", catalogue_rows(), ids=lambda row: row["key"])
def test_both_languages_fill_a_key_with_the_same_places(row):
    assert set(row) == {"key", *LANGUAGES}
    assert all(row[lang].strip() for lang in LANGUAGES)
    assert places(row["en"]) == places(row["fr"])
    assert all(name.isidentifier() for name in places(row["en"])), "places are named"


def test_keys_are_sorted_and_unique():
    keys = [row["key"] for row in catalogue_rows()]
    assert keys == sorted(set(keys))


def test_every_state_and_status_has_a_word():
    for lang in LANGUAGES:
        for state in STATES:
            assert words(lang)(f"state.{state}")
        for status in STATUSES:
            assert words(lang)(f"status.{status}")
        for state in CORRIDOR_STATES:
            assert words(lang)(f"corridor.{state}")


def test_french_double_punctuation_keeps_to_its_word():
    for row in catalogue_rows():
        for sign in ":;!?":
            before = row["fr"].partition(sign)[0]
            if sign in row["fr"] and not before.endswith("http"):
                assert before[-1:] in {"\u202f", "\u00a0"}, f"{row['key']}: space before {sign}"


def test_values_are_put_in_place_and_may_hold_braces():
    said = words("en")("map.title", commodity="Fuel", day="{day} $x$")
    assert "{day} $x$" in said


def test_unknown_key_and_missing_value_raise_key_error():
    with pytest.raises(KeyError, match=r"map\.nothing"):
        words("en")("map.nothing")
    with pytest.raises(KeyError, match="day"):
        words("en")("map.title", commodity="Fuel")
    assert "map.nothing" not in words("en")


def test_unknown_language_names_those_there_are():
    with pytest.raises(RequestError, match="en, fr"):
        words("bm")


@pytest.mark.parametrize(
    ("value", "digits", "english", "french"),
    [
        (0, 0, "0", "0"),
        (-0.4, 0, "0", "0"),
        (999, 0, "999", "999"),
        (1234567, 0, "1,234,567", "1\u202f234\u202f567"),
        (1234.56, 1, "1,234.6", "1\u202f234,6"),
        (-1234.5, 1, "-1,234.5", "-1\u202f234,5"),
    ],
)
def test_numbers_as_each_language_writes_them(value, digits, english, french):
    assert words("en").number(value, digits) == english
    assert words("fr").number(value, digits) == french


def test_days_as_each_language_writes_them():
    assert words("en").day(date(2025, 10, 15)) == "15 October 2025"
    assert words("fr").day(date(2025, 10, 15)) == "15 octobre 2025"
    assert words("fr").day(date(2025, 8, 1)) == "1er août 2025"


@pytest.mark.parametrize(
    ("lang", "number", "said"),
    [
        ("en", 0, "0 people"),
        ("en", 1, "1 person"),
        ("en", 2, "2 people"),
        ("fr", 0, "0 habitant"),
        ("fr", 1, "1 habitant"),
        ("fr", 2, "2 habitants"),
        ("fr", 1200, "1\u202f200 habitants"),
    ],
)
def test_one_is_singular_and_nought_too_in_french(lang, number, said):
    assert words(lang).count("count.people", number) == said


def test_what_is_counted_has_a_word_for_one_and_for_many():
    keys = {row["key"] for row in catalogue_rows()}
    for key in keys:
        stem, _, end = key.rpartition(".")
        if end in {"one", "many"}:
            assert {f"{stem}.one", f"{stem}.many"} <= keys, key


def test_french_typography():
    for row in catalogue_rows():
        text = row["fr"]
        assert "'" not in text, f"{row['key']}: straight apostrophe"
        assert not re.search(r"(?<![\u202f\u00a0])[;!?%»]", text), f"{row['key']}: space"
        assert not re.search(r"(?<![\u202f\u00a0]):", text), f"{row['key']}: space before a colon"


def test_a_what_if_and_an_assumption_have_different_names():
    for row in catalogue_rows():
        if "what-if" in row["en"].lower() or "what if" in row["en"].lower():
            assert "hypothèse" not in row["fr"].lower(), row["key"]
            assert "scénario" in row["fr"].lower(), row["key"]
