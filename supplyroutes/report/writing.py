"""Writing a report to a file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from supplyroutes.errors import RequestError
from supplyroutes.files import Content, write_whole
from supplyroutes.report.blocks import Document
from supplyroutes.report.document import document_of
from supplyroutes.report.tables import result_tables
from supplyroutes.scenario import Results

Writer = Callable[[Results, Document], Content]


def write_report(path: str | Path, results: Results, *, lang: str = "en") -> None:
    """Write the report of a scenario: one file that opens anywhere, without internet.

    Parameters
    ----------
    path
        The file; its suffix names the format, one of `FORMATS`.
    results
        The answers to the scenario, from `run`.
    lang
        "en" or "fr".

    Raises
    ------
    RequestError
        There is no such format or language.
    OutputError
        The file cannot be written; nothing is half written.

    Examples
    --------
    >>> import datetime, pathlib, tempfile
    >>> import supplyroutes as sr
    >>> results = sr.run(sr.Scenario(case="toy", date=datetime.date(2025, 1, 12)), analyses=())
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_report(f"{folder}/report.md", results, lang="fr")
    ...     pathlib.Path(folder, "report.md").read_text(encoding="utf-8").splitlines()[2]
    '**Carburant, 12 janvier 2025**'
    """
    place = Path(path)
    writer = writer_of(place)
    write_whole(place, writer(results, document_of(results, lang)))


def writer_of(path: Path) -> Writer:
    """Return what makes the content of a report for a file, or refuse its suffix."""
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        known = ", ".join(FORMATS)
        raise RequestError(f"reports are written as {known}, not as {suffix or '(no suffix)'}")
    return FORMATS[suffix]


def _html(_: Results, document: Document) -> Content:
    """Return the report as a web page."""
    from supplyroutes.report.document_html import document_html

    return document_html(document)


def _pdf(results: Results, document: Document) -> Content:
    """Return the report as a PDF, dated by its day: no clock changes its bytes."""
    from supplyroutes.report.document_pdf import document_pdf

    return document_pdf(document, results.scenario.date)


def _xlsx(results: Results, document: Document) -> Content:
    """Return the report as a workbook, dated by its day."""
    from supplyroutes.report.report_xlsx import report_xlsx

    return report_xlsx(document, result_tables(results), results.scenario.date)


def _markdown(_: Results, document: Document) -> Content:
    """Return the report in Markdown."""
    from supplyroutes.report.markdown import document_markdown

    return document_markdown(document)


def _json(results: Results, document: Document) -> Content:
    """Return the report as JSON."""
    from supplyroutes.report.report_json import report_json

    return report_json(results, document, result_tables(results))


FORMATS: dict[str, Writer] = {
    ".html": _html,
    ".pdf": _pdf,
    ".xlsx": _xlsx,
    ".md": _markdown,
    ".json": _json,
}
"""What makes the content of a report, by the suffix of its file."""
