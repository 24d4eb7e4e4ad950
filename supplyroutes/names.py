"""Names as people write them: one matching rule, near misses, and safe display."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache

_HYPHENS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_APOSTROPHES = "'`\u00b4\u2018\u2019\u02bb\u02bc\u2032"
MOST_HINTS = 100
_JOINERS = str.maketrans(dict.fromkeys(_HYPHENS + _APOSTROPHES + "_./", " "))


@lru_cache(maxsize=4096)  # the names of a case are looked up over and over, for every day
def name_key(name: str) -> str:
    """Return the key under which spellings of one name meet.

    Unicode compatibility form, case folded, accents removed, hyphens, apostrophes and
    underscores read as spaces, runs of spaces as one: Diéma, DIEMA and "diema " are one key.
    """
    decomposed = unicodedata.normalize("NFKD", name).casefold()
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return " ".join(plain.translate(_JOINERS).split())


def nearest_names(wanted: str, known: Iterable[str], *, count: int = 3) -> list[str]:
    """Return the known names closest to `wanted`, best first."""
    by_key: dict[str, str] = {}
    for name in sorted(known):
        by_key.setdefault(name_key(name), name)
    hits = difflib.get_close_matches(name_key(wanted[:200]), by_key, n=count, cutoff=0.6)
    return [by_key[hit] for hit in hits]


def hint(wanted: str, known: Iterable[str]) -> str:
    """Return ``; did you mean A or B?`` for the known names closest to `wanted`, or no text."""
    return did_you_mean(nearest_names(wanted, known))


class Hints:
    """`hint` for the first hundred unknown names; those that follow get no hint.

    A hint looks at every known name, so hints for a whole file of unknown names would take time
    that grows with the product of both.
    """

    def __init__(self) -> None:
        self._left = MOST_HINTS

    def __call__(self, wanted: str, known: Iterable[str]) -> str:
        """Return the hint for a name, or no text if there were many before."""
        self._left -= 1
        return hint(wanted, known) if self._left >= 0 else ""


def did_you_mean(near: Sequence[str]) -> str:
    """Return ``; did you mean A or B?``, or no text if nothing is near."""
    return f"; did you mean {' or '.join(near)}?" if near else ""


def bad_character(text: str) -> str | None:
    """Return the first character that may not stand in a text, escaped, or None.

    Control characters, and format characters that hide or reorder text (zero width,
    right-to-left override), are refused because a reader cannot see them.
    """
    if text.isascii() and text.isprintable():
        return None
    for char in text:
        if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
            return ascii(char)[1:-1]
    return None


def printable(text: str) -> str:
    """Return `text` without the characters that could move a terminal's cursor or hide text."""
    return "".join(char for char in text if bad_character(char) is None)
