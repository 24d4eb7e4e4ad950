"""A report as JSON: what it says first, and every result table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from supplyroutes.analysis.plain import plain, records
from supplyroutes.report.blocks import Chapter, Document, Facts, Grid, Lines, Picture
from supplyroutes.scenario import Results

if TYPE_CHECKING:
    import pandas as pd

REPORT_VERSION = 1


def report_json(results: Results, document: Document, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a report as JSON; the same answers give the same text.

    Parameters
    ----------
    results
        The answers, from `run`.
    document
        Their report in one language.
    tables
        Their result tables; see `result_tables`.

    Returns
    -------
    text
        Keys schema_version, made (seed, versions, digests of the inputs), scenario, lang, title,
        subtitle, headline (pairs of a question and its answer), chapters (for each its title, and
        which tables its blocks are from), and tables (rows of every table by name; a missing
        number is null).

    Examples
    --------
    >>> import datetime, json
    >>> import supplyroutes as sr
    >>> from supplyroutes.report.document import document_of
    >>> from supplyroutes.report.report_json import report_json
    >>> from supplyroutes.report.tables import result_tables
    >>> results = sr.run(sr.Scenario(case="toy", date=datetime.date(2025, 1, 12)), analyses=())
    >>> text = report_json(results, document_of(results, "en"), result_tables(results))
    >>> json.loads(text)["tables"]["corridors"][0]["corridor"]
    'NORTH'
    """
    made = results.made
    whole: dict[str, Any] = {
        "schema_version": REPORT_VERSION,
        "made": {
            "results_version": made.schema_version,
            "seed": made.seed,
            "versions": dict(made.versions),
            "inputs": dict(made.inputs),
        },
        "scenario": plain_tree(results.scenario.model_dump(mode="json")),
        "lang": document.lang,
        "title": document.title,
        "subtitle": document.subtitle,
        "headline": _headline(document.chapters[0]),
        "chapters": [_chapter(chapter) for chapter in document.chapters],
        "tables": {name: records(frame) for name, frame in tables.items()},
    }
    return json.dumps(whole, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def plain_tree(value: Any) -> Any:
    """Return nested values as plain ones."""
    if isinstance(value, Mapping):
        return {str(key): plain_tree(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain_tree(entry) for entry in value]
    return plain(value)


def _headline(chapter: Chapter) -> list[dict[str, str]]:
    """Return the questions of the first page with their answers and tables."""
    told = []
    for block in chapter.blocks:
        if isinstance(block, Facts):
            told += [
                {"question": label, "answer": text, "table": block.origin}
                for label, text in block.rows
            ]
        elif isinstance(block, Lines):
            told += [{"question": "", "answer": line, "table": block.origin} for line in block.rows]
    return told


def _chapter(chapter: Chapter) -> dict[str, Any]:
    """Return which tables the blocks of a chapter are from."""
    told = [
        block.origin
        for block in chapter.blocks
        if isinstance(block, (Facts, Grid, Lines, Picture)) and block.origin
    ]
    return {"key": chapter.key, "title": chapter.title, "tables": list(dict.fromkeys(told))}
