"""A report as a web page: one file that asks for nothing else and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib import resources

from supplyroutes.catalogue import Words, words
from supplyroutes.plot import style
from supplyroutes.report.blocks import Document
from supplyroutes.report.html_blocks import Page, chapter_html, css_name, explained_tables
from supplyroutes.report.markup import Markup, linked, tag


def document_html(document: Document) -> str:
    """Return a report as a web page; the same report gives the same text.

    The file holds its style and its figures. Its policy (CSP) allows no script, no request and
    no style but its own, so that even a browser at fault would fetch nothing.
    """
    say = words(document.lang)
    look = stylesheet()
    page = Page(say, explained_tables(document))
    first, *others = document.chapters
    body = tag(
        "body",
        tag("a", say("html.skip"), class_="skip", href=f"#{first.key}"),
        tag(
            "header",
            tag("h1", document.title),
            tag("p", document.subtitle, class_="subtitle"),
        ),
        tag(
            "main",
            chapter_html(first, page, class_="headline"),
            _contents(document, say),
            *(chapter_html(chapter, page) for chapter in others),
        ),
        tag("footer", tag("p", linked(document.footer))),
    )
    whole = tag("html", _head(document, look), "\n", body, lang=document.lang)
    return f"<!DOCTYPE html>\n{whole}\n"


@cache
def stylesheet() -> Markup:
    """Return the style of the page: the colours of our maps, and how blocks look."""
    colours = {"ink": style.INK, "quiet": style.QUIET, "paper": style.PAPER}
    colours |= {"land-around": style.LAND_AROUND, "unfit": style.UNUSABLE.colour}
    colours |= {name: line.colour for name, line in style.ROADS.items()}
    for name, dot in style.TOWNS.items():
        colours[f"{css_name(name)}-face"] = dot.face
        colours[f"{css_name(name)}-edge"] = dot.edge
    root = "; ".join(f"--{name}: {colour}" for name, colour in colours.items())
    widths = "\n".join(f".w{percent} {{ width: {percent}%; }}" for percent in range(1, 101))
    rules = resources.files("supplyroutes.report").joinpath("document.css")
    return Markup(f":root {{ {root}; }}\n{widths}\n{rules.read_text(encoding='utf-8')}")


def _head(document: Document, look: Markup) -> Markup:
    """Return what a browser is told of the page."""
    digest = b64encode(sha256(look.encode("utf-8")).digest()).decode("ascii")
    allowed = (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    return tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=allowed),
        tag("meta", name_="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name_="referrer", content="no-referrer"),
        tag("meta", name_="generator", content="supplyroutes"),
        tag("link", rel="icon", href="data:,"),
        tag("title", document.title),
        tag("style", look),
    )


def _contents(document: Document, say: Words) -> Markup:
    """Return the list of chapters."""
    links = [
        tag("li", tag("a", chapter.title, href=f"#{chapter.key}")) for chapter in document.chapters
    ]
    title = tag("h2", say("html.contents"), id="contents-title")
    return tag("nav", title, tag("ol", *links), aria_labelledby="contents-title")
