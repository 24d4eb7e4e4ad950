"""A report as a web page: whole, of one file, asking for nothing, and clear to everyone."""

from __future__ import annotations

import datetime as dt
import re
from base64 import b64encode
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise

import pytest
from matplotlib.figure import Figure

import supplyroutes as sr
from supplyroutes.catalogue import words
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
from supplyroutes.report.document import document_of
from supplyroutes.report.document_html import document_html, stylesheet
from supplyroutes.report.html_blocks import LONG_TABLE
from tests.pages import asked_for, read_page

GRID = Grid(
    head=("Town", "State", "Road", "Hours"),
    rows=(
        Row(("East", "isolated", "closed", "–"), note="See https://example.org/a?b=1&c=2."),
        Row(("North", "strained ?", "refused ?", "12.5"), marked=True),
        Row(("Supplied", "supplied", "open", "2.4")),
        Row(("a" * 40, "not on the network", "b b " * 20 + "c", "-5")),
    ),
    widths=(2.0, 1.0, 1.0, 0.5),
    note_head="Why",
    right=frozenset({3}),
    origin="towns",
)
TABLES = Grid(("Table", "What"), (Row(("towns", "States")),), (1.0, 1.0), origin="tables")


def _figure():
    figure = Figure(figsize=(4, 3), facecolor=style.SEA)
    figure.text(0.1, 0.5, "map")
    return figure


MADE = Document(
    lang="en",
    title="A < B & C",
    subtitle="Fuel, 12 January 2025",
    footer="For planning. See https://example.org.",
    chapters=(
        Chapter("headline", "In brief", (
            Lines(("East is cut off.", "Two of three."), strong=True, origin="towns"),
            Facts((("Who", "East"), ("When", "Today")), origin="flow"),
        )),
        Chapter("map", "Map", (
            Picture("map", "The day", 'Towns & "roads"', _figure, "towns"),
            Picture("small", "Small", "A small one", _figure, wide=False),
        )),
        Chapter("towns", "Towns", (
            Lines(("Sensitive: keep it safe.",), strong=True), Lines(("One sentence.",)),
            Lines(("First of all",), strong=True), GRID, replace(GRID, rows=GRID.rows[1:] * 9),
            Blanks(("Name",)),
        )),
        Chapter("tables", "Made of", (TABLES, Lines(("Last words",), strong=True))),
    ),
)  # fmt: skip
"""A document with every kind of block."""


@pytest.fixture(scope="module")
def results():
    """Answers for the toy case with a what-if; the analyses that are quick."""
    scenario = sr.Scenario(
        case="toy", date=dt.date(2025, 1, 12), title="T1 lifted", events={"removed": ["T1"]}
    )
    return sr.run(scenario, analyses=("flow", "paths"))


@pytest.fixture(scope="module")
def texts(results):
    """The pages: the one with every kind of block, and a report in both languages."""
    reports = {lang: document_html(document_of(results, lang)) for lang in ("en", "fr")}
    return {"made": document_html(MADE), **reports}


@pytest.fixture(scope="module", params=["made", "en", "fr"])
def page(request, texts):
    """Each page, taken apart."""
    return read_page(texts[request.param])


@pytest.fixture(scope="module")
def made(texts):
    """The page with every kind of block, taken apart."""
    return read_page(texts["made"])


# --- one file -------------------------------------------------------------------------------


def test_nothing_is_asked_for_and_nothing_runs(page):
    assert asked_for(page) == []


def test_the_policy_allows_the_style_of_the_page_and_its_images_only(page):
    (policy,) = (meta for meta in page.all("meta") if meta["http-equiv"])
    (look,) = page.all("style")
    digest = b64encode(sha256(look.text.encode("utf-8")).digest()).decode()
    assert policy["http-equiv"] == "Content-Security-Policy"
    assert policy["content"].split("; ") == [
        "default-src 'none'", f"style-src 'sha256-{digest}'", "img-src data:",
        "base-uri 'none'", "form-action 'none'",
    ]  # fmt: skip
    head = page.all("head")[0]
    assert head.inside.index(policy) < head.inside.index(look), "it holds for what follows it"


def test_the_same_document_is_the_same_page(texts, results):
    assert document_html(MADE) == texts["made"]
    again = sr.run(results.scenario, analyses=("flow", "paths"))
    assert document_html(document_of(again, "fr")) == texts["fr"]


def test_it_holds_no_path_of_this_machine(texts):
    for text in texts.values():
        assert not re.search(r"/(?:home|root|tmp|usr|work)/", text)


def test_a_report_of_mali_is_short(texts):
    """1.5 MB is the limit for all analyses, with eight figures: a map may take 190 kB of them."""
    path = sr.datasets.folder("mali") / "scenarios" / "neck_at_bougouni_cut.toml"
    results = sr.run(sr.read_scenario(path), analyses=("paths",))
    text = document_html(document_of(results, "fr"))
    images = [len(image["src"]) for image in read_page(text).all("img")]
    assert len(images) >= 2
    assert max(images) < 190_000
    assert len(text) - sum(images) < 200_000
    assert max(map(len, texts.values())) < 500_000


# --- clear to everyone ----------------------------------------------------------------------


def test_the_language_and_the_title_are_told(page, texts):
    assert page["lang"] in {"en", "fr"}
    assert page.all("title")[0].text
    assert [read_page(texts[lang])["lang"] for lang in ("en", "fr")] == ["en", "fr"]


def test_headings_step_down_one_by_one(page):
    levels = [int(heading.name[1]) for heading in page.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(heading.text.strip() for heading in page.all("h1", "h2", "h3"))


def test_ids_are_unique_and_links_within_the_page_lead_to_them(page):
    ids = Counter(element["id"] for element in page.all() if element["id"])
    assert max(ids.values()) == 1
    inner = [link["href"][1:] for link in page.all("a") if link["href"].startswith("#")]
    named = [name for element in page.all() for name in element["aria-labelledby"].split()]
    assert set(inner) | set(named) <= set(ids)
    assert len(inner) > len(page.all("section"))


def test_the_first_link_skips_to_the_headline_and_each_chapter_is_listed(page):
    chapters = [section["id"] for section in page.all("section")]
    assert page.all("a")[0]["href"] == f"#{chapters[0]}" == "#headline"
    (listed,) = page.all("nav")
    assert [link["href"] for link in listed.all("a")] == [f"#{name}" for name in chapters]


def test_every_table_has_a_caption_and_every_head_a_scope(page):
    assert page.all("table")
    for table in page.all("table"):
        assert table.all("caption")[0].text.strip()
        assert {head["scope"] for head in table.all("th")} <= {"col", "row"}
        columns = len(table.all("thead")[0].all("th"))
        for row in table.all("tr"):
            cells = row.all("th", "td")
            assert sum(int(cell["colspan"] or 1) for cell in cells) == columns
        for row in table.all("tbody"):
            assert row.all("th")


def test_every_figure_is_told_in_words(page):
    assert page.all("img")
    for image in page.all("img"):
        assert len(image["alt"]) >= 5
        assert int(image["width"]) > int(image["height"]) / 2 > 50


def test_what_may_be_moved_in_a_frame_can_be_reached_by_keys_and_has_a_name(page):
    frames = [part for part in page.all("div") if "scroll" in part["class"]]
    assert len(frames) == len(page.all("table", "img"))
    for frame in frames:
        assert (frame["role"], frame["tabindex"]) == ("region", "0")
        assert frame["aria-labelledby"]


def _light(colour):
    """Return the relative luminance of a colour, by WCAG 2.2."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_stands_out_from_what_is_behind_it():
    """Each colour of text against each colour behind text: 4.5 to 1 at least (WCAG AA)."""
    look = re.sub(r"/\*.*?\*/", "", stylesheet(), flags=re.DOTALL)
    named = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", look))
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", look)
    inks, grounds = set(), set()
    for selector, body in rules:
        if "::" in selector:  # signs beside words, not text
            continue
        inks |= set(re.findall(r"(?<![-\w])color: ([^;]+);", body))
        grounds |= set(re.findall(r"background: (#[0-9a-f]{6}|var\([^)]+\))", body))
    resolved = [
        [named[value[6:-1]] if value.startswith("var(") else value for value in values]
        for values in (inks - {"inherit"}, grounds)
    ]
    assert min(map(len, resolved)) >= 3
    for ink in resolved[0]:
        for ground in resolved[1]:
            high, low = sorted((_light(ink), _light(ground)), reverse=True)
            assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)


# --- blocks ---------------------------------------------------------------------------------


def test_a_state_has_its_sign_beside_its_word(made):
    signs = {span.text: span["class"] for span in made.all("span") if "hidden" not in span["class"]}
    assert signs["isolated"] == "town isolated"
    assert signs["strained ?"] == "town strained half"
    assert signs["not on the network"] == "town not-on-network"
    assert signs["refused ?"] == "road refused half"
    assert "Supplied" not in signs, "a town of that name is no state"


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_state_of_towns_roads_and_corridors_has_a_sign_in_the_style(lang):
    say = words(lang)
    states = [say(f"state.{state}") for state in style.TOWNS]
    roads = [say(f"{kind}.{state}") for kind in ("status", "corridor") for state in style.ROADS]
    cells = [*states, *roads, say("corridor.unfit")]
    grid = Grid(("A", "B"), tuple(Row(("x", cell)) for cell in cells), (1.0, 1.0))
    document = replace(MADE, lang=lang, chapters=(Chapter("headline", "T", (grid,)),))
    page = read_page(document_html(document))
    looks = [span["class"].split() for cell in page.all("td") for span in cell.all("span")]
    assert len(looks) == len(cells)
    for kind, state in looks:
        assert f".{kind}::before" in stylesheet()
        assert f"\n.{state} {{" in stylesheet() or f".{state}::before" in stylesheet()


def test_numbers_stand_on_the_right_and_keep_their_sign(made):
    cells = [cell.text for cell in made.all("td") if "n" in cell["class"].split()]
    assert cells[:4] == ["–", "12.5", "2.4", "-5"]
    (head, *_) = (cell for cell in made.all("th") if cell["scope"] == "col" and cell["class"])
    assert head.text == "Hours"


def test_a_note_stands_below_its_row_and_its_address_is_a_link(made):
    note = next(row for row in made.all("tr") if row["class"] == "note")
    assert note.text == "Why See https://example.org/a?b=1&c=2."
    (link,) = note.all("a")
    assert link["href"] == "https://example.org/a?b=1&c=2"


def test_long_tables_are_moved_in_a_frame_and_tell_how_many_rows_they_have(made):
    looks = [part["class"] for part in made.all("div") if part.all("table")]
    assert looks == ["scroll", "scroll long", "scroll"]
    assert LONG_TABLE < 27
    assert any("27 rows" in part.text for part in made.all("p"))


def test_words_that_are_too_long_may_be_broken_and_sentences_get_room(made):
    looks = {cell.text: cell["class"] for cell in made.all("td", "th")}
    assert looks["a" * 40] == "broken"
    assert looks["b b " * 20 + "c"] == "text"


def test_a_strong_line_that_is_no_sentence_heads_what_follows(made):
    assert [heading.text for heading in made.all("h3")] == ["First of all"]
    strong = [part.text for part in made.all("p", "ul") if part["class"] == "first"]
    assert strong == ["East is cut off.Two of three.", "Sensitive: keep it safe.", "Last words"]
    captions = [caption.text for caption in made.all("caption")]
    assert captions == ["First of all, table"] * 2 + ["Made of, table"]


def test_each_origin_leads_to_what_the_report_tells_of_its_table(made):
    origins = [part for part in made.all("p") if part["class"] == "origin"]
    assert {part.text for part in origins} == {
        "From table towns", "From table flow", "From table tables"
    }  # fmt: skip
    links = {link["href"] for part in origins for link in part.all("a")}
    assert links == {"#tables-towns"}
    (row,) = (part for part in made.all("tr") if part["id"] == "tables-towns")
    assert row.text.startswith("towns")


def test_labels_have_room_to_write_and_facts_have_their_pairs(made):
    assert [part.text for part in made.all("dt")] == ["Who", "When"]
    assert [part.text for part in made.all("dd")] == ["East", "TodayFrom table flow"]
    assert [part.text for part in made.all("span") if part["class"] == "blank"] == [""]


def test_an_empty_list_of_facts_is_no_error():
    document = replace(MADE, chapters=(Chapter("headline", "T", (Facts((), origin="x"),)),))
    assert read_page(document_html(document)).all("dl")[0].text == ""


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_text_of_a_report_stands_on_its_page(results, texts, lang):
    """Nothing of the document is lost on the way, and nothing is changed."""
    document = document_of(results, lang)
    shown = read_page(texts[lang]).text
    for chapter in document.chapters:
        assert chapter.title in shown
        for block in chapter.blocks:
            for text in _told(block):
                assert text.strip() in shown


def _told(block):
    """Yield the texts of a block that are read, other than captions of pictures by their alt."""
    if isinstance(block, Picture):
        yield block.caption
    elif isinstance(block, Grid):
        yield from block.head
        for row in block.rows:
            yield from (*row.cells, row.note)
    elif isinstance(block, Facts):
        for pair in block.rows:
            yield from pair
    elif isinstance(block, Lines):
        yield from block.rows
