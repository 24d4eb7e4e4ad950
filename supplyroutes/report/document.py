"""The report as a document: chapters of blocks, in one language."""

from __future__ import annotations

from supplyroutes.catalogue import words
from supplyroutes.report import wording
from supplyroutes.report.blocks import Document
from supplyroutes.report.chapters.background import (
    assumptions_chapter,
    glossary_chapter,
    provenance_chapter,
    reports_chapter,
    skill_chapter,
)
from supplyroutes.report.chapters.beside import what_if_chapter
from supplyroutes.report.chapters.headline import headline_chapter
from supplyroutes.report.chapters.holding import stocks_chapter
from supplyroutes.report.chapters.losing import roads_chapter
from supplyroutes.report.chapters.standing import corridors_chapter, map_chapter, towns_chapter
from supplyroutes.report.chapters.supposed import changes_chapter, unknown_chapter
from supplyroutes.report.chapters.ways import flow_chapter, paths_chapter
from supplyroutes.report.tables import result_tables
from supplyroutes.report.told import Told
from supplyroutes.scenario import Results

_CHAPTERS = (
    headline_chapter,
    changes_chapter,
    map_chapter,
    corridors_chapter,
    towns_chapter,
    unknown_chapter,
    paths_chapter,
    flow_chapter,
    stocks_chapter,
    what_if_chapter,
    roads_chapter,
    skill_chapter,
    assumptions_chapter,
    reports_chapter,
    glossary_chapter,
    provenance_chapter,
)


def document_of(results: Results, lang: str) -> Document:
    """Return the report of the answers to a scenario.

    Parameters
    ----------
    results
        The answers, from `run`.
    lang
        "en" or "fr".

    Returns
    -------
    document
        Its chapters; each block with numbers names the table of `result_tables` that they are
        from.

    Raises
    ------
    RequestError
        There is no such language.

    Examples
    --------
    >>> import datetime
    >>> import supplyroutes as sr
    >>> from supplyroutes.report.document import document_of
    >>> scenario = sr.Scenario(case="toy", date=datetime.date(2025, 1, 12))
    >>> document = document_of(sr.run(scenario, analyses=()), "fr")
    >>> document.subtitle
    'Carburant, 12 janvier 2025'
    """
    say = words(lang)
    scenario = results.scenario
    told = Told(results, result_tables(results), say)
    commodity = wording.commodity_word(say, scenario.commodity)
    return Document(
        lang=lang,
        title=scenario.title or say("report.recorded" if told.alone else "report.untitled"),
        subtitle=say("report.subtitle", commodity=commodity, day=say.day(scenario.date)),
        footer=say("report.footer"),
        chapters=tuple(made for chapter in _CHAPTERS if (made := chapter(told)) is not None),
    )
