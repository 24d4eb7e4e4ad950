"""Where each number of a document is from: looked up in the result tables, by its words."""

from __future__ import annotations

import re
from datetime import date
from math import isfinite

from supplyroutes.catalogue import words

_TOKEN = {
    "en": re.compile(r"(?<![A-Za-z])\d+(?:,\d{3})*(?:\.\d+)?"),
    "fr": re.compile("(?<![A-Za-z])\\d+(?:\u202f\\d{3})*(?:,\\d+)?"),
}
"""Numbers; digits behind a letter belong to an id or a unit: ML022, RN7, m3."""
ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
LISTED = range(1, 13)
"""Of a list that is told in part, so many entries are told and the rest is counted."""


def tokens(text, lang):
    """The numbers that stand in a text."""
    return _TOKEN[lang].findall(text)


def names_of(tables):
    """The names that may hold digits: of roads, places, corridors and entries."""
    names = set()
    for table, column in (
        ("roads", "name"), ("towns", "name"), ("corridors", "name"), ("entries", "title"),
    ):  # fmt: skip
        if table in tables:
            names |= {str(name) for name in tables[table][column] if name}
    return sorted(names, key=len, reverse=True)


class Known:
    """What a table may say in one language: its numbers rounded, its days, its texts."""

    def __init__(self, frame, lang):
        say = words(lang)
        self.lang, self.numbers, self.days, self.texts = lang, set(), set(), set()
        whole = frame.reset_index()
        for column in whole:
            for value in whole[column]:
                self._learn(say, value)

    def _learn(self, say, value):
        if isinstance(value, bool) or value is None:
            return
        if isinstance(value, date):
            self.days |= {say.day(value), say.short_day(value)}
        elif isinstance(value, str):
            self.texts.add(value)
            self.numbers.update(re.findall(r"\d+", value))
            self.numbers.update(tokens(value, "en"))
            listed = value.count(", ") + 1
            self.numbers |= {say.number(listed - told) for told in LISTED if listed > told}
        elif isfinite(value):
            for part in (value, 100 * value, 100 - 1 if 0.99 <= value < 1 else value):
                self.numbers |= {say.number(abs(part), digits) for digits in range(5)}

    def unknown(self, text, names):
        """The numbers of a text that the table does not hold."""
        for told in (*sorted(self.texts, key=len, reverse=True), *names):
            if len(told) > 3 and told in text:
                text = text.replace(told, " ")
        for day in sorted(self.days, key=len, reverse=True):
            text = re.sub(rf"(?<!\d){re.escape(day)}", " ", text)
        return [token for token in tokens(text, self.lang) if token not in self.numbers]
