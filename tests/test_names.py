"""One matching rule for names, near misses, and safe display."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from supplyroutes.names import (
    MOST_HINTS,
    Hints,
    bad_character,
    hint,
    name_key,
    nearest_names,
    printable,
)


@pytest.mark.parametrize(
    "spelling",
    ["Diéma", "DIEMA", "diema ", "  Die\u0301ma", "DIÉMA", "\uff24iéma"],
)
def test_spellings_of_one_name_meet(spelling):
    """Case, accents, composed or decomposed form, width and outer spaces do not matter."""
    assert name_key(spelling) == "diema"


@pytest.mark.parametrize(
    "joiner", list(" -_'`./\u2019\u2018\u02bc\u02bb\u00b4\u2010\u2011\u2013\u2212")
)
def test_joiners_read_as_spaces(joiner):
    """Any hyphen or apostrophe that a keyboard or a word processor makes is one."""
    assert name_key(f"N{joiner}Djamena") == "n djamena"


@given(st.text())
def test_the_key_of_a_key_is_itself(text):
    """The rule is a normal form."""
    assert name_key(name_key(text)) == name_key(text)


@given(st.text(alphabet=st.characters(codec="latin-1")))
def test_the_key_does_not_depend_on_the_unicode_form(text):
    """NFC and NFD texts have one key."""
    forms = {name_key(unicodedata.normalize(form, text)) for form in ("NFC", "NFD")}
    assert len(forms) == 1


def test_nearest_names_come_best_first_and_at_most_three():
    """A misspelt name finds its neighbours, and only close ones."""
    known = ["Kayes", "Kaya", "Kati", "Gao", "Kayeso"]
    near = nearest_names("kayès", known)
    assert near[0] == "Kayes"
    assert len(near) == 3
    assert "Gao" not in near
    assert nearest_names("zzzz", known) == []


def test_hint_is_the_end_of_a_message():
    """Near names are offered; where none is near, nothing is."""
    assert hint("Mopty", ["Mopti", "Gao"]) == "; did you mean Mopti?"
    assert hint("Kaye", ["Kayes", "Kaya"]) == "; did you mean Kayes or Kaya?"
    assert hint("zzzz", ["Mopti"]) == ""


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("Ségou", None),
        ("\u062a\u0645\u0628\u0643\u062a\u0648", None),
        ("\u07d2\u07de\u07cf", None),
        ("a\nb", "\\n"),
        ("a\x1b[2J", "\\x1b"),
        ("a\x00", "\\x00"),
        ("a\u200bb", "\\u200b"),
        ("a\u202eb", "\\u202e"),
        ("a\u2028b", "\\u2028"),
        ("a\ud800", "\\ud800"),
    ],
)
def test_characters_that_hide_are_found(text, bad):
    """Control, zero-width and reordering characters are named; letters of any script are not."""
    assert bad_character(text) == bad


@given(st.text())
def test_printable_text_holds_nothing_hidden(text):
    """What is printed cannot move the cursor; what is seen is kept."""
    shown = printable(text)
    assert bad_character(shown) is None
    if bad_character(text) is None:
        assert shown == text


def test_hints_stop_after_a_hundred():
    """The hundredth unknown name gets one, the next none."""
    near = Hints()
    told = [near("Bamakko", ["Bamako"]) for _ in range(MOST_HINTS + 1)]
    assert set(told[:-1]) == {"; did you mean Bamako?"}
    assert told[-1] == ""
