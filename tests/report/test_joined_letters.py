"""Arabic letters take the form of their place, and lines the order of the eye."""

import unicodedata

import pytest

from supplyroutes.report.joined_letters import in_sight, joined


def test_letters_are_joined_by_place():
    """Beh at the start, in the middle, at the end and alone; dal joins to the right only."""
    beh, dal = "\u0628", "\u062f"
    assert joined(beh * 3) == "\ufe91\ufe92\ufe90"
    assert joined(beh) == "\ufe8f"
    assert joined(beh + dal + beh) == "\ufe91\ufeaa\ufe8f"
    assert joined(f"{beh} {beh}") == "\ufe8f \ufe8f"


def test_signs_above_letters_do_not_part_them():
    """A fatha between two letters stays where it is."""
    assert joined("\u0628\u064e\u0628") == "\ufe91\u064e\ufe90"


@pytest.mark.parametrize("text", ["Bamako", "Ségou", "ⵜⴰⵎⴰ", "", "a (b) 1"])
def test_other_scripts_are_left_alone(text):
    """Nothing changes."""
    assert joined(text) == text
    assert in_sight(text) == text


@pytest.mark.parametrize("text", ["باماكو", "مدينة تمبكتو", "ߓߊߡߊߞߐ"])
def test_lines_from_right_to_left_are_seen_reversed(text):
    """The first letter read is the last from the left, and no letter is lost."""
    seen = in_sight(joined(text))
    assert unicodedata.normalize("NFKC", seen[::-1]) == text


def test_a_foreign_word_in_a_line_keeps_its_own_order():
    """A Latin number or name within Arabic is not reversed, and Arabic within Latin is."""
    assert "RN6" in in_sight("طريق RN6")
    assert in_sight("Gao \u0628\u062f").startswith("Gao ")
    assert in_sight("Gao \u0628\u062f").endswith("\u062f\u0628")
