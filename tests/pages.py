"""Web pages taken apart by the standard library: what stands in them, and what they ask for."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source"}
FETCHING = {
    "src", "srcset", "data", "poster", "background", "action", "formaction", "ping", "manifest",
    "longdesc", "xlink:href", "archive", "codebase",
}  # fmt: skip
"""Attributes whose address a browser may ask for by itself; and `href` of all but `a`."""


@dataclass
class Element:
    """An element, where it stands, and the texts in it."""

    name: str
    attributes: dict[str, str | None]
    above: Element | None
    inside: list[Element | str] = field(default_factory=list)

    def __getitem__(self, key: str) -> str:
        return self.attributes.get(key) or ""

    @property
    def text(self) -> str:
        """All text in it."""
        return "".join(part if isinstance(part, str) else part.text for part in self.inside)

    def all(self, *names: str) -> list[Element]:
        """The elements in it, at any depth, in order; of these names if any is given."""
        found = []
        for part in self.inside:
            if isinstance(part, Element):
                found += [part] if not names or part.name in names else []
                found += part.all(*names)
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.here = Element("", {}, None)
        self.declared: list[str] = []

    def handle_decl(self, decl):
        self.declared.append(decl)

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data[:80]!r}")

    def handle_pi(self, data):
        raise AssertionError(f"an instruction: {data[:80]!r}")

    def unknown_decl(self, data):
        raise AssertionError(f"a section: {data[:80]!r}")

    def handle_starttag(self, tag, attrs):
        names = [name for name, _ in attrs]
        assert len(names) == len(set(names)), f"{tag} has an attribute twice: {names}"
        element = Element(tag, dict(attrs), self.here)
        self.here.inside.append(element)
        if tag not in VOID:
            self.here = element

    def handle_endtag(self, tag):
        assert tag not in VOID, f"{tag} is closed"
        assert self.here.name == tag, f"</{tag}> within <{self.here.name}>"
        assert self.here.above is not None
        self.here = self.here.above

    def handle_data(self, data):
        self.here.inside.append(data)


def read_page(text: str) -> Element:
    """Return a page as a tree; every element is closed, and in the order of their nesting."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.here is reader.root, f"<{reader.here.name}> is not closed"
    assert reader.declared == ["DOCTYPE html"]
    (page,) = reader.root.all("html")
    return page


def asked_for(page: Element) -> list[str]:
    """Return what a browser would fetch by itself, or run, when it shows a page."""
    found = []
    for element in page.all():
        for name, value in element.attributes.items():
            fetches = name in FETCHING or (name == "href" and element.name != "a")
            if fetches and not (value or "").startswith(("data:image/png;base64,", "data:,")):
                found.append(f"{element.name} {name}={value!r:.80}")
            if name.startswith("on") or name in {"style", "srcdoc"}:
                found.append(f"{element.name} {name}")
        if element.name in {"script", "iframe", "object", "embed", "frame", "base", "form", "svg"}:
            found.append(element.name)
        if element.name == "meta" and element["http-equiv"].lower() == "refresh":
            found.append("refresh")
        if element.name == "style":
            found += re.findall(
                r"(?i)url\(.{,40}|@import.{,40}|expression\(|image-set\(", element.text
            )
    return found
