"""The words of reports and maps, in English and French; numbers and days as each writes them."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources

from supplyroutes.errors import RequestError

LANGUAGES = ("en", "fr")
NARROW_SPACE = "\u202f"
"""Narrow no-break space: groups digits in French, and stands before ``: ; ! ?``."""

_MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin",
        "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ),
}  # fmt: skip
_SHORT_MONTHS = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "fr": (
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ),
}  # fmt: skip


class Words:
    """The words of one language; made by `words`.

    Parameters
    ----------
    lang
        The language, "en" or "fr".
    entries
        Text by key, with named places for values.
    """

    def __init__(self, lang: str, entries: Mapping[str, str]) -> None:
        self.lang = lang
        self._entries = dict(entries)

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key, with `values` put in its places.

        Raises
        ------
        KeyError
            The catalogue has no such key, or a value is not given.
        """
        return self._entries[key].format(**values)

    def share(self, value: float) -> str:
        r"""Return a share or a probability in per cent; never 100 % of what is less than certain.

        Parameters
        ----------
        value
            From 0 to 1.

        Returns
        -------
        text
            Whole per cent.

        Examples
        --------
        >>> words("en").share(0.999), words("en").share(1)
        ('99%', '100%')
        """
        percent = min(100 * value, 99) if value < 1 else 100 * value
        return self("paths.percent", number=self.number(percent))

    def count(self, key: str, number: float, /, **values: object) -> str:
        r"""Return the text of `key.one` or `key.many`, with the number as ``{count}``.

        One is singular, in French nought too.

        Parameters
        ----------
        key
            The key, without its end.
        number
            How many.
        values
            What else stands in the text.

        Returns
        -------
        text
            The number and what it counts.

        Raises
        ------
        KeyError
            The catalogue has no such key, or a value is not given.

        Examples
        --------
        >>> words("en").count("count.people", 0), words("fr").count("count.people", 0)
        ('0 people', '0 habitant')
        >>> words("fr").count("count.people", 1200)
        '1\u202f200 habitants'
        """
        one = number == 1 or (self.lang == "fr" and number == 0)
        return self(f"{key}.{'one' if one else 'many'}", count=self.number(number), **values)

    def listing(self, names: Iterable[str], *, most: int) -> str:
        """Return names in a row, the rest counted.

        Parameters
        ----------
        names
            The names, the first ones first.
        most
            How many are told.

        Returns
        -------
        text
            The names with commas between them.

        Examples
        --------
        >>> words("en").listing(["Mopti", "Gao", "Kidal"], most=2)
        'Mopti, Gao and 1 more'
        """
        given = list(names)
        text = ", ".join(given[:most])
        rest = len(given) - most
        return text if rest <= 0 else self.count("report.and_more", rest, names=text)

    def __contains__(self, key: object) -> bool:
        """Tell whether the catalogue has a key."""
        return key in self._entries

    def number(self, value: float, digits: int = 0) -> str:
        r"""Return a number as people write it: 1,234.5 in English, 1 234,5 in French.

        Parameters
        ----------
        value
            The number.
        digits
            Decimals.

        Returns
        -------
        text
            The number; French groups by narrow no-break spaces.

        Examples
        --------
        >>> words("en").number(1234.5, 1), words("fr").number(1234.5, 1)
        ('1,234.5', '1\u202f234,5')
        """
        text = f"{value:,.{digits}f}"
        if not text.strip("-0.,"):  # minus nothing is nothing
            text = text.lstrip("-")
        if self.lang == "fr":
            text = text.replace(",", NARROW_SPACE).replace(".", ",")
        return text

    def signed(self, value: float, digits: int = 0) -> str:
        """Return a change with its sign.

        Parameters
        ----------
        value
            The change.
        digits
            Decimals.

        Returns
        -------
        text
            The number, with + before an increase.

        Examples
        --------
        >>> words("fr").signed(2.5, 1), words("en").signed(-0.01, 1)
        ('+2,5', '0.0')
        """
        text = self.number(value, digits)
        return f"+{text}" if value > 0 and text.strip("0.,") else text

    def day(self, day: date) -> str:
        """Return a day in words: 15 October 2025, 15 octobre 2025.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        text
            The day; the first of a month is "1er" in French.

        Examples
        --------
        >>> words("fr").day(date(2025, 11, 1)), words("en").day(date(2025, 11, 1))
        ('1er novembre 2025', '1 November 2025')
        """
        return self._dated(day, _MONTHS)

    def short_day(self, day: date) -> str:
        """Return a day in short, for tables: 15 Oct 2025, 15 oct. 2025.

        Parameters
        ----------
        day
            The day.

        Returns
        -------
        text
            The day with the name of its month in short.

        Examples
        --------
        >>> words("fr").short_day(date(2025, 9, 1)), words("en").short_day(date(2025, 9, 1))
        ('1er sept. 2025', '1 Sep 2025')
        """
        return self._dated(day, _SHORT_MONTHS)

    def _dated(self, day: date, months: Mapping[str, Sequence[str]]) -> str:
        """Return a day with the name of its month."""
        number = "1er" if self.lang == "fr" and day.day == 1 else str(day.day)
        return f"{number} {months[self.lang][day.month - 1]} {day.year}"


@cache
def words(lang: str) -> Words:
    """Return the words of a language.

    Parameters
    ----------
    lang
        The language, "en" or "fr".

    Returns
    -------
    words
        The catalogue in that language.

    Raises
    ------
    RequestError
        There is no catalogue in that language.

    Examples
    --------
    >>> words("fr")("state.isolated")
    'isolée'
    """
    if lang not in LANGUAGES:
        raise RequestError(f"no words in language {lang!a}: there are {', '.join(LANGUAGES)}")
    return Words(lang, {row["key"]: row[lang] for row in catalogue_rows()})


@cache
def catalogue_rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the catalogue: key, en, fr.

    Returns
    -------
    rows
        One dictionary a key, in the order of the file: sorted by key.

    Examples
    --------
    >>> sorted(catalogue_rows()[0])
    ['en', 'fr', 'key']
    """
    text = resources.files("supplyroutes").joinpath("catalogue.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
