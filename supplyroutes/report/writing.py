"""Writing a report to a file."""

from __future__ import annotations

from pathlib import Path

from supplyroutes.files import write_whole
from supplyroutes.report.markdown import refuse_format, report_markdown
from supplyroutes.scenario import Results


def write_report(path: str | Path, results: Results, *, lang: str = "en") -> None:
    """Write the what-if report of a scenario.

    Parameters
    ----------
    path
        The file; its suffix names the format: ``.md``.
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
    >>> results = sr.run(sr.Scenario(case="toy", date=datetime.date(2025, 1, 12)))
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     sr.write_report(f"{folder}/report.md", results, lang="fr")
    ...     pathlib.Path(folder, "report.md").read_text(encoding="utf-8").splitlines()[0]
    '# Rapport de scénario (Carburant, 12 janvier 2025)'
    """
    place = Path(path)
    if place.suffix.lower() != ".md":
        raise refuse_format(place.suffix)
    write_whole(place, report_markdown(results, lang=lang))
