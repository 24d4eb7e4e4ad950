"""HTML made of elements: what is not an element is text, so nothing that people wrote is markup."""

from __future__ import annotations

import re
from html import escape

from supplyroutes.report.markdown import one_line

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|]*[^\s<>\"'`\\^{}|.,;:!?)\]]", re.ASCII)
"""An address of the web in a text, without the stops after it."""
_VOID = frozenset({"col", "img", "link", "meta"})


class Markup(str):
    """HTML in which every text is escaped already."""

    __slots__ = ()


def tag(name: str, *inside: str, **attributes: str) -> Markup:
    """Return an element; in what stands inside, all but elements is text and is escaped.

    Attributes are given as Python may write them: ``class_``, ``aria_label``.

    >>> tag("p", "a < b, ", tag("b", "c & d"), class_="x")
    '<p class="x">a &lt; b, <b>c &amp; d</b></p>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_attribute(value)}"'
        for key, value in attributes.items()
    )
    if name in _VOID:
        return Markup(f"<{name}{told}>")
    return Markup(f"<{name}{told}>{joined(*inside)}</{name}>")


def joined(*parts: str, by: str = "") -> Markup:
    """Return elements and texts one after the other.

    >>> joined("a", tag("b", "c"), "<", by=" ")
    'a <b>c</b> &lt;'
    """
    return Markup(
        by.join(part if isinstance(part, Markup) else escape(_shown(part)) for part in parts)
    )


def linked(text: str) -> Markup:
    """Return text in which the addresses of web pages are links; nothing follows them by itself.

    >>> linked("See https://example.org/a?b=1&c=2.")
    'See <a href="https://example.org/a?b=1&amp;c=2" rel="noreferrer">https://example.org/a?b=1&amp;c=2</a>.'
    """
    parts: list[str] = []
    place = 0
    for found in _ADDRESS.finditer(text):
        address = found.group()
        parts += [text[place : found.start()], tag("a", address, href=address, rel="noreferrer")]
        place = found.end()
    return joined(*parts, text[place:])


def _attribute(value: str) -> str:
    """Return what stands between the quotes of an attribute."""
    return value if isinstance(value, Markup) else escape(one_line(value))


def _shown(text: str) -> str:
    """Return a text without hidden characters; blanks at its ends part it from its neighbours."""
    start = " " if text[:1] == " " else ""
    end = " " if text[-1:] == " " and len(text) > 1 else ""
    return f"{start}{one_line(text)}{end}"
