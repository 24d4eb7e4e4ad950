"""The blocks of a report as HTML: facts, lines, tables and figures under their headings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from supplyroutes.catalogue import Words, words
from supplyroutes.plot import style
from supplyroutes.report.blocks import (
    Blanks,
    Chapter,
    Document,
    Facts,
    Grid,
    Lines,
    Picture,
    Row,
)
from supplyroutes.report.html_pictures import picture_size, picture_source
from supplyroutes.report.markup import Markup, joined, linked, tag

LONG_TABLE = 18
"""Rows of a table above which it is moved within a frame; on paper it stands whole."""
LONG_WORD = 28
"""Letters of a word above which it may be broken anywhere."""
LONG_TEXT = 60
"""Letters of a cell above which it needs a wide column."""
TABLES = "tables"
"""The result table that tells what each result table is: one row for each, by its name."""


@dataclass(frozen=True)
class Page:
    """What all blocks share: the words, and the result tables that the report explains."""

    say: Words
    tables: frozenset[str]


def explained_tables(document: Document) -> frozenset[str]:
    """Return the names of the result tables that the report tells about, row by row."""
    blocks = (block for chapter in document.chapters for block in chapter.blocks)
    return frozenset(
        row.cells[0]
        for block in blocks
        if isinstance(block, Grid) and block.origin == TABLES
        for row in block.rows
    )


def chapter_html(chapter: Chapter, page: Page, **attributes: str) -> Markup:
    """Return a chapter under its heading; what its blocks hold is text, and never markup."""
    title = f"{chapter.key}-title"
    blocks = joined(*_blocks(chapter, page), by="\n")
    heading = tag("h2", chapter.title, id=title)
    return tag("section", heading, blocks, id=chapter.key, aria_labelledby=title, **attributes)


def css_name(name: str) -> str:
    """Return the name of a state as style sheets write it."""
    return name.replace("_", "-")


def _blocks(chapter: Chapter, page: Page) -> Iterator[Markup]:
    """Yield the blocks of a chapter; each is named by its place, and tables by what is above."""
    above = chapter.title
    for place, block in enumerate(chapter.blocks, start=1):
        name = f"{chapter.key}-{place}"
        if isinstance(block, Facts):
            yield _facts(block, page)
        elif isinstance(block, Grid):
            yield joined(_grid(block, name, above, page), _origin(block.origin, page))
        elif isinstance(block, Picture):
            yield joined(_picture(block, name), _origin(block.origin, page))
        elif isinstance(block, Blanks):
            yield _blanks(block)
        elif _is_heading(block) and place < len(chapter.blocks):
            above = block.rows[0]
            yield tag("h3", above)
        else:
            yield _lines(block, page)


def _is_heading(block: Lines) -> bool:
    """Tell whether a block is no sentence, but names what follows it."""
    alone = block.strong and not block.origin and len(block.rows) == 1
    return alone and not block.rows[0].endswith((".", "!", "?"))


def _facts(facts: Facts, page: Page) -> Markup:
    """Return pairs; where they are from stands below the last one."""
    told = [linked(text) for _, text in facts.rows]
    if told:
        told[-1] = joined(told[-1], _origin(facts.origin, page))
    pairs = zip(facts.rows, told, strict=True)
    return tag("dl", *(joined(tag("dt", label), tag("dd", text)) for (label, _), text in pairs))


def _blanks(blanks: Blanks) -> Markup:
    """Return labels with room to write."""
    blank = tag("span", class_="blank")
    return tag("ul", *(tag("li", label, " ", blank) for label in blanks.labels))


def _lines(block: Lines, page: Page) -> Markup:
    """Return lines of text, one below the other."""
    look = {"class_": "first"} if block.strong else {}
    if len(block.rows) == 1:
        told = tag("p", linked(block.rows[0]), **look)
    else:
        told = tag("ul", *(tag("li", linked(row)) for row in block.rows), **look)
    return joined(told, _origin(block.origin, page))


def _origin(origin: str, page: Page) -> Markup:
    """Return from which result table a block is, with a link to what the report tells of it."""
    if not origin:
        return Markup()
    known = origin in page.tables
    name = tag("a", origin, href=f"#{TABLES}-{origin}") if known else origin
    before, after = page.say("html.origin", table="\0").split("\0")
    return tag("p", before, name, after, class_="origin")


def _picture(picture: Picture, name: str) -> Markup:
    """Return a figure with its caption."""
    figure = picture.draw()
    width, height = (str(pixels) for pixels in picture_size(figure))
    source = picture_source(figure)
    image = tag("img", src=source, alt=picture.alt, width=width, height=height)
    caption = f"{name}-caption"
    told = tag("figcaption", picture.caption, id=caption)
    look = "wide" if picture.wide else "narrow"
    return tag("figure", _frame(image, caption, "scroll"), told, class_=look)


def _grid(grid: Grid, name: str, title: str, page: Page) -> Markup:
    """Return a table in a frame in which it can be moved, under the name of what is above it."""
    noted = any(row.note for row in grid.rows)
    head = [tag("th", text, scope="col", **_look(grid, n)) for n, text in enumerate(grid.head)]
    rows = [_row(grid, row, page.say) for row in grid.rows]
    caption = f"{name}-caption"
    table = tag(
        "table",
        tag(
            "caption", tag("span", page.say("html.table", title=title), class_="hidden"), id=caption
        ),
        tag("colgroup", *(tag("col", class_=share) for share in _shares(grid))),
        tag("thead", tag("tr", *head)),
        joined(*(tag("tbody", row) for row in rows), by="\n") if noted else tag("tbody", *rows),
        class_="noted" if noted else "plain",
    )
    if len(rows) <= LONG_TABLE:
        return _frame(table, caption, "scroll")
    hint = page.say("html.rows", count=page.say.number(len(rows)))
    return joined(_frame(table, caption, "scroll long"), tag("p", hint, class_="origin hint"))


def _frame(inside: Markup, name: str, look: str) -> Markup:
    """Return a frame in which what is too large for the screen can be moved, by keys too."""
    return tag("div", inside, class_=look, role="region", tabindex="0", aria_labelledby=name)


def _shares(grid: Grid) -> Iterator[str]:
    """Yield the classes of the style for the share of each column in the width."""
    whole = sum(grid.widths)
    return (f"w{round(100 * width / whole)}" for width in grid.widths)


def _row(grid: Grid, row: Row, say: Words) -> Markup:
    """Return a row of a table, and its note in a row of its own below."""
    first, *others = row.cells
    signs = _signs(say.lang)
    cells = [tag("th", linked(first), scope="row", **_look(grid, 0, first))]
    for place, text in enumerate(others, start=1):
        told = tag("span", text, class_=signs[text]) if text in signs else linked(text)
        cells.append(tag("td", told, **_look(grid, place, text)))
    marks = {"class_": "marked"} if row.marked else {}
    if grid.origin == TABLES:
        marks["id"] = f"{TABLES}-{first}"
    line = tag("tr", *cells, **marks)
    if not row.note:
        return line
    label = tag("span", f"{grid.note_head} ", class_="hidden")
    told = tag("span", label, linked(row.note), class_="said")
    return joined(line, tag("tr", tag("td", told, colspan=str(len(row.cells))), class_="note"))


def _look(grid: Grid, place: int, text: str = "") -> dict[str, str]:
    """Return how a cell is set: numbers on the right, too long words broken, sentences wide."""
    looks = ["n"] if place in grid.right else []
    if any(len(word) > LONG_WORD for word in text.split()):
        looks.append("broken")
    if len(text) > LONG_TEXT:
        looks.append("text")
    return {"class_": " ".join(looks)} if looks else {}


@cache
def _signs(lang: str) -> dict[str, str]:
    """Return the classes of the style by the word of a state: each has the sign of the maps."""
    say = words(lang)
    signs = dict(_road_signs(say))
    signs |= {say(f"state.{state}"): f"town {css_name(state)}" for state in style.TOWNS}
    doubtful = {say("state.doubtful", state=word): f"{look} half" for word, look in signs.items()}
    return signs | doubtful


def _road_signs(say: Words) -> Iterator[tuple[str, str]]:
    """Yield the words of the states of roads and corridors, and their classes."""
    yield say("corridor.unfit"), "road unfit"
    for state in style.ROADS:
        yield say(f"status.{state}"), f"road {state}"
        yield say(f"corridor.{state}"), f"road {state}"
