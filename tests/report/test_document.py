"""A report as a document: every number is traced to its table, in both languages."""

from __future__ import annotations

import datetime as dt
import re

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import catalogue_rows, words
from supplyroutes.report.blocks import Facts, Grid, Lines, Picture
from supplyroutes.report.document import document_of
from supplyroutes.report.tables import result_tables
from tests.report.tracing import ISO, Known, names_of

CHAPTERS = [
    "headline", "changes", "map", "corridors", "towns", "unknown", "paths", "flow", "stocks",
    "what_if", "roads", "skill", "assumptions", "reports", "glossary", "provenance",
]  # fmt: skip
QUESTIONS = [
    "cut_off", "runs_dry", "how_sure", "skill", "helps", "best_what_if", "guard", "not_known",
]  # fmt: skip
OWN_WORDS = ("assumption.", "quantity.", "kind.", "head.", "input.")
"""Words of the catalogue that hold digits of their own, and are no numbers of a result."""


def blocks(document, *kinds):
    """The blocks of some kinds, with the chapter they stand in."""
    return [
        (chapter, block)
        for chapter in document.chapters
        for block in chapter.blocks
        if isinstance(block, kinds)
    ]


def own_words(lang):
    """Texts of the catalogue with digits in them."""
    return [
        row[lang]
        for row in catalogue_rows()
        if row["key"].startswith(OWN_WORDS) and re.search(r"\d", row[lang])
    ]


def check_traced(results, lang):
    """Every number of a grid stands in the table that the grid names."""
    document, tables = document_of(results, lang), result_tables(results)
    names = [*names_of(tables), *own_words(lang)]
    known = {}
    seen = 0
    for chapter, block in blocks(document, Grid, Picture):
        grid = block.numbers if isinstance(block, Picture) else block
        assert block.origin in tables, f"{chapter.key}: no table {block.origin!r}"
        if grid is None or block.origin in {"made", "tables"}:
            continue
        table = known.setdefault(block.origin, Known(tables[block.origin], lang))
        for row in grid.rows:
            for cell in (*row.cells, row.note):
                strange = table.unknown(cell, names)
                assert not strange, f"{chapter.key}: {cell!r}: {strange} not in {block.origin}"
                seen += 1
                assert cell in table.texts or not ISO.search(cell), cell
    return seen


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_of_a_table_stands_in_the_result_table_it_names(toy_results, lang):
    assert check_traced(toy_results, lang) > 300


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_of_the_founding_case_is_traced(mali_results, lang):
    assert check_traced(mali_results, lang) > 1000


def test_a_number_that_is_in_no_table_is_found_out(toy_results):
    """The trace is no matter of course: a wrong number, and one of another table, are strange."""
    tables = result_tables(toy_results)
    towns = Known(tables["towns"], "en")
    assert towns.unknown("East has 123,457 people", []) == ["123,457"]
    assert towns.unknown("East has 100,000 people", []) == []


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_number_of_the_headline_stands_in_some_table(toy_results, lang):
    """A sentence may draw on several tables: the day and its span stand in the entries."""
    document, tables = document_of(toy_results, lang), result_tables(toy_results)
    says = words(lang)
    every = [Known(frame, lang) for frame in tables.values()]
    at = toy_results.scenario.date
    for block in document.chapters[0].blocks:
        for _, text in block.rows if isinstance(block, Facts) else ():
            rest = re.sub(r"(80|95)\s?%[^:0-9]*", " ", text.replace(says.day(at), " "))
            left = set.intersection(*(set(known.unknown(rest, [])) for known in every))
            days = {
                token for known in every for day in known.days for token in re.findall(r"\d+", day)
            }
            assert left <= days | {"0", "1"}, (text, left)


def test_the_chapters_stand_in_the_order_of_the_questions(toy_results):
    document = document_of(toy_results, "en")
    assert [chapter.key for chapter in document.chapters] == CHAPTERS
    say = words("en")
    labels = [block.rows[0][0] for block in document.chapters[0].blocks if isinstance(block, Facts)]
    assert labels == [say(f"report.ask.{question}") for question in QUESTIONS]


def test_both_languages_have_the_same_shape(toy_results, mali_results):
    """The same chapters, blocks, rows and origins: only the words differ."""
    for results in (toy_results, mali_results):
        shapes = [
            [
                (chapter.key, type(block).__name__, len(getattr(block, "rows", ())), block.origin)
                for chapter, block in blocks(
                    document_of(results, lang), Facts, Grid, Lines, Picture
                )
            ]
            for lang in ("en", "fr")
        ]
        assert shapes[0] == shapes[1]


def test_what_was_not_asked_for_is_told_with_how_to_get_it(bare_results):
    """A report without analyses has all chapters, and says of each what to add."""
    document = document_of(bare_results, "en")
    told = "\n".join(
        line for _, block in blocks(document, Lines, Facts) for row in block.rows for line in row
        if isinstance(block, Facts)
    )  # fmt: skip
    told += "\n".join(line for _, block in blocks(document, Lines) for line in block.rows)
    for name in ("flow", "paths", "stocks", "roads", "reopening"):
        assert f"Add “{name}” to analyses.only" in told
    assert "Not worked out" in told
    assert [chapter.key for chapter in document.chapters] == [
        key for key in CHAPTERS if key != "changes"
    ]


def test_stocks_without_draws_tell_days_of_the_one_run():
    """Where no draws were asked for, the day of the one run is told, and how to get more."""
    scenario = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        analyses={"stocks": {"start": dt.date(2025, 1, 8), "end": dt.date(2025, 1, 20)}},
    )
    document = document_of(sr.run(scenario, analyses=("stocks",)), "en")
    answer = dict(row for block in document.chapters[0].blocks for row in block.rows)
    told = answer["Who runs dry, and when"]
    assert "2 of 3 towns run short at least once by 20 January 2025" in told
    assert "East on 12 Jan 2025; North on 12 Jan 2025" in told
    assert "Add “outlook”" in told
    pictures = [block.name for _, block in blocks(document, Picture)]
    assert [name for name in pictures if name.startswith("stock-")] == [
        "stock-1", "stock-2", "stock-3", "stock-4",
    ]  # fmt: skip


def test_the_headline_says_plainly_that_the_model_did_worse(mali_results):
    """On the days that nothing was fitted to the model lost against the last report."""
    document = document_of(mali_results, "en")
    answer = dict(
        row
        for block in document.chapters[0].blocks
        if isinstance(block, Facts)
        for row in block.rows
    )
    assert answer["How far to trust it"].startswith("Not far.")
    assert "skill -0.67" in answer["How far to trust it"]
    assert "No place in Mali is cut off altogether." in answer["Who is cut off"]
    assert "The largest: Bamako, Sikasso, Koutiala, Ségou." in answer["Who is cut off"]


def test_a_town_cut_off_is_named_first():
    siege = {
        "event": "SIEGE", "start": dt.date(2025, 1, 12), "kind": "town_siege", "scope": "point",
        "basis": "reported", "nodes": ["east"], "text": "East is besieged.",
    }  # fmt: skip
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), events={"added": [siege]})
    results = sr.run(scenario, analyses=())
    for lang, told in (
        ("en", "1 place in TOY (100,000 people) is cut off"),
        ("fr", "TOY\u202f: 1 localité (100\u202f000 habitants) est coupée"),
    ):
        chapter = document_of(results, lang).chapters[0]
        answers = [block.rows[0][1] for block in chapter.blocks if isinstance(block, Facts)]
        assert answers[0].startswith(told)
        assert "East" in answers[0]


def test_a_what_if_shows_only_what_it_adds(toy_results):
    """The changes that it shares with what it is of stand there, and not again."""
    chapter = next(one for one in document_of(toy_results, "en").chapters if one.key == "changes")
    lines = [row for block in chapter.blocks for row in block.rows]
    assert lines[0] == "T1 lifted (a change of: As recorded)"
    assert sum("Report T1 is left out" in line for line in lines) == 1
    assert lines[-2:] == [
        "Longer waits (a change of: T1 lifted)",
        "Wait at a border (dwell_border_h) is 48 h instead of 24 h.",
    ]


def test_changed_assumptions_stand_out(toy_results):
    """A number that the scenario changes is marked, with what was recorded."""
    scenario = toy_results.scenario.model_copy(update={"assumptions": {"dwell_border_h": 48.0}})
    document = document_of(sr.run(scenario, analyses=()), "en")
    ((_, grid),) = [
        (chapter, block)
        for chapter, block in blocks(document, Grid)
        if chapter.key == "assumptions"
    ]
    marked = [(row.cells[1], row.note) for row in grid.rows if row.marked]
    assert marked == [("48 h", "as recorded: 24 h")]


def test_a_report_of_what_was_known_says_so():
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), as_known_on=dt.date(2025, 1, 12))
    told = document_of(sr.run(scenario, analyses=()), "en").chapters[0].blocks[-1]
    assert "Only what was known on 12 January 2025 is used." in told.rows[0][1]
    assert "hindsight" not in told.rows[0][1]


def test_pictures_can_be_drawn_and_drawn_again(toy_results):
    """Each call draws a new figure; alt text says what it shows."""
    pictures = [picture for _, picture in blocks(document_of(toy_results, "fr"), Picture)]
    figures = [picture.draw() for picture in pictures]
    assert pictures[0].draw() is not figures[0]
    assert all(figure.axes for figure in figures)
    assert all(picture.alt and picture.caption.endswith(".") for picture in pictures)
    names = [picture.name for picture in pictures]
    assert len(set(names)) == len(names)


def test_an_unknown_language_is_refused(bare_results):
    with pytest.raises(sr.errors.RequestError, match="de"):
        document_of(bare_results, "de")
