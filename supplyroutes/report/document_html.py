"""A report as a web page: one file that asks for nothing else and runs nothing."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from importlib import resources

from supplyroutes.catalogue import Words, words
from supplyroutes.plot import style
from supplyroutes.report.blocks import Blanks, Block, Chapter, Document, Facts, Grid, Picture, Row
from supplyroutes.report.html_pictures import picture_size, picture_source
from supplyroutes.report.markup import Markup, joined, linked, tag

LONG = 18
"""Rows of a table above which it is moved within a frame; on paper it stands whole."""


def document_html(document: Document) -> str:
    """Return a report as a web page; the same report gives the same text.

    The file holds its style and its figures. Its policy (CSP) allows no script, no request and
    no style but its own, so that even a browser at fault would fetch nothing.
    """
    say = words(document.lang)
    look = stylesheet()
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
            _chapter(first, say, class_="headline"),
            _contents(document, say),
            *(_chapter(chapter, say) for chapter in others),
        ),
        tag("footer", tag("p", linked(document.footer))),
    )
    page = tag("html", _head(document, look), "\n", body, lang=document.lang)
    return f"<!DOCTYPE html>\n{page}\n"


@cache
def stylesheet() -> Markup:
    """Return the style of the page: the colours of our maps, and how blocks look."""
    colours = {"ink": style.INK, "quiet": style.QUIET, "paper": style.PAPER}
    colours |= {"land-around": style.LAND_AROUND, "unfit": style.UNUSABLE.colour}
    colours |= {name: line.colour for name, line in style.ROADS.items()}
    for name, dot in style.TOWNS.items():
        colours[f"{_slug(name)}-face"] = dot.face
        colours[f"{_slug(name)}-edge"] = dot.edge
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


def _chapter(chapter: Chapter, say: Words, **attributes: str) -> Markup:
    """Return a chapter under its heading."""
    title = f"{chapter.key}-title"
    blocks = [
        joined(_block(block, f"{chapter.key}-{place}", chapter.title, say), _origin(block, say))
        for place, block in enumerate(chapter.blocks, start=1)
    ]
    return tag(
        "section",
        tag("h2", chapter.title, id=title),
        joined(*blocks, by="\n"),
        id=chapter.key,
        aria_labelledby=title,
        **attributes,
    )


def _block(block: Block | Picture, name: str, title: str, say: Words) -> Markup:
    """Return a block; `name` is what it is called in links, `title` that of its chapter."""
    if isinstance(block, Picture):
        return _picture(block, name)
    if isinstance(block, Grid):
        return _grid(block, name, title, say)
    if isinstance(block, Facts):
        pairs = [joined(tag("dt", label), tag("dd", linked(text))) for label, text in block.rows]
        return tag("dl", *pairs)
    if isinstance(block, Blanks):
        blank = tag("span", class_="blank")
        return tag("ul", *(tag("li", label, " ", blank) for label in block.labels))
    look = {"class_": "first"} if block.strong else {}
    if len(block.rows) == 1:
        return tag("p", linked(block.rows[0]), **look)
    return tag("ul", *(tag("li", linked(row)) for row in block.rows), **look)


def _origin(block: Block | Picture, say: Words) -> Markup:
    """Return from which result table a block is."""
    origin = "" if isinstance(block, Blanks) else block.origin
    return tag("p", say("html.origin", table=origin), class_="origin") if origin else Markup()


def _picture(picture: Picture, name: str) -> Markup:
    """Return a figure with its caption."""
    figure = picture.draw()
    width, height = picture_size(figure)
    image = tag(
        "img",
        src=picture_source(figure),
        alt=picture.alt,
        width=str(width),
        height=str(height),
    )
    caption = f"{name}-caption"
    frame = tag("div", image, class_="scroll", role="region", tabindex="0", aria_labelledby=caption)
    told = tag("figcaption", picture.caption, id=caption)
    return tag("figure", frame, told, class_="wide" if picture.wide else "narrow")


def _grid(grid: Grid, name: str, title: str, say: Words) -> Markup:
    """Return a table in a frame in which it can be moved."""
    noted = any(row.note for row in grid.rows)
    head = [tag("th", text, scope="col", **_side(grid, n)) for n, text in enumerate(grid.head)]
    rows = [_row(grid, row, say) for row in grid.rows]
    body = [tag("tbody", row) for row in rows] if noted else [tag("tbody", *rows)]
    caption = f"{name}-caption"
    columns = [tag("col", class_=f"w{_percent(grid, place)}") for place in range(len(grid.head))]
    table = tag(
        "table",
        tag("caption", tag("span", say("html.table", title=title), class_="hidden"), id=caption),
        tag("colgroup", *columns),
        tag("thead", tag("tr", *head)),
        joined(*body, by="\n"),
        class_="noted" if noted else "plain",
    )
    look = "scroll long" if len(rows) > LONG else "scroll"
    return tag("div", table, class_=look, role="region", tabindex="0", aria_labelledby=caption)


def _percent(grid: Grid, place: int) -> int:
    """Return the share of a column in the width of a table, in whole per cent."""
    return round(100 * grid.widths[place] / sum(grid.widths))


def _row(grid: Grid, row: Row, say: Words) -> Markup:
    """Return a row of a table, and its note in a row of its own below."""
    first, *others = row.cells
    cells = [tag("th", linked(first), scope="row", **_side(grid, 0))]
    cells += [_cell(text, _side(grid, place), say) for place, text in enumerate(others, start=1)]
    line = tag("tr", *cells, **({"class_": "marked"} if row.marked else {}))
    if not row.note:
        return line
    label = tag("span", f"{grid.note_head} ", class_="hidden")
    told = tag("span", label, linked(row.note), class_="said")
    return joined(line, tag("tr", tag("td", told, colspan=str(len(row.cells))), class_="note"))


def _cell(text: str, side: dict[str, str], say: Words) -> Markup:
    """Return a cell; a state of a town or a road has the sign that it has on maps."""
    look = _signs(say.lang).get(text)
    return tag("td", tag("span", text, class_=look) if look else linked(text), **side)


def _side(grid: Grid, place: int) -> dict[str, str]:
    """Return the attributes of a cell by its column: numbers stand on the right."""
    return {"class_": "n"} if place in grid.right else {}


@cache
def _signs(lang: str) -> dict[str, str]:
    """Return the classes of the style by the word of a state."""
    say = words(lang)
    signs = dict(_road_signs(say))
    for state in style.TOWNS:
        word = say(f"state.{state}")
        signs[word] = f"town {_slug(state)}"
        signs[say("state.doubtful", state=word)] = f"town half {_slug(state)}"
    return signs


def _road_signs(say: Words) -> Iterator[tuple[str, str]]:
    """Yield the words of the states of roads and corridors, and their classes."""
    yield say("corridor.unfit"), "road unfit"
    for state in style.ROADS:
        yield say(f"status.{state}"), f"road {state}"
        yield say(f"corridor.{state}"), f"road {state}"


def _slug(name: str) -> str:
    """Return a name as style sheets write it."""
    return name.replace("_", "-")
