"""Lines of text as they are seen: letters of Arabic joined, and what is read from right to left.

A PDF prints characters one after the other. Scripts that are read from right to left are put in
the order of the eye, and Arabic letters take the form that they have beside their neighbours.
Signs above letters, ligatures and the joined letters of N'Ko are left as they are.
"""

from __future__ import annotations

import unicodedata
from functools import cache

_FORMS = (*range(0xFB50, 0xFC00), *range(0xFE70, 0xFEFD))
"""Codes of letters in the forms that they have when joined."""
_RIGHT_TO_LEFT = {"R", "AL"}


def joined(text: str) -> str:
    """Return text with Arabic letters in the forms that they take beside each other.

    Parameters
    ----------
    text
        The text, in the order in which it is read.

    Returns
    -------
    text
        As many characters, in the same order.
    """
    forms = _forms()
    if not any((char, "isolated") in forms for char in text):
        return text
    shown = list(text)
    letters = [place for place, char in enumerate(text) if not unicodedata.combining(char)]
    for number, place in enumerate(letters):
        char = text[place]
        before = text[letters[number - 1]] if number else ""
        after = text[letters[number + 1]] if number + 1 < len(letters) else ""
        left = (char, "initial") in forms and (after, "final") in forms
        right = (char, "final") in forms and (before, "initial") in forms
        kind = {(True, True): "medial", (True, False): "initial", (False, True): "final"}
        shown[place] = forms.get((char, kind.get((left, right), "isolated")), char)
    return "".join(shown)


def in_sight(text: str) -> str:
    """Return a line in the order in which it is seen from left to right.

    Parameters
    ----------
    text
        The line, in the order in which it is read.

    Returns
    -------
    text
        The same characters, by the Unicode bidirectional algorithm.
    """
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        return text
    from fpdf.bidi import BidiParagraph

    return BidiParagraph(text=text).get_reordered_string()


@cache
def _forms() -> dict[tuple[str, str], str]:
    """Return the joined form of each letter, by letter and kind of form."""
    found = {}
    for code in _FORMS:
        kind, *letters = unicodedata.decomposition(chr(code)).split(" ")
        if len(letters) == 1:
            found[chr(int(letters[0], 16)), kind.strip("<>")] = chr(code)
    return found
