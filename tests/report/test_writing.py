"""Reports as files: every format by its suffix, the same bytes twice, nothing half written."""

from __future__ import annotations

import json

import pytest

import supplyroutes as sr
from supplyroutes.report.document import document_of
from supplyroutes.report.writing import FORMATS, writer_of

FIRST_BYTES = {".html": b"<!", ".pdf": b"%PDF", ".xlsx": b"PK", ".md": b"# ", ".json": b"{"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_is_written_and_is_the_same_twice(bare_results, tmp_path, suffix):
    """HTML, PDF, XLSX, Markdown and JSON: no clock, no order of chance."""
    for name in ("one", "two"):
        sr.write_report(tmp_path / f"{name}{suffix}", bare_results, lang="fr")
    one, two = ((tmp_path / f"{name}{suffix}").read_bytes() for name in ("one", "two"))
    assert one == two
    assert one.startswith(FIRST_BYTES[suffix])


def test_answers_read_from_a_file_give_the_same_report(toy_results, bare_results, tmp_path):
    """What was saved tells the same, to the byte; figures too, which need the network."""
    for results, suffixes in ((toy_results, [".md", ".json"]), (bare_results, [".html"])):
        sr.write_results(tmp_path / "results.json", results)
        again = sr.read_results(tmp_path / "results.json")
        for suffix in suffixes:
            writer = writer_of(tmp_path / f"report{suffix}")
            one, two = (writer(told, document_of(told, "en")) for told in (results, again))
            assert one == two


def test_a_suffix_is_read_in_any_case(bare_results, tmp_path):
    sr.write_report(tmp_path / "R.JSON", bare_results)
    assert json.loads((tmp_path / "R.JSON").read_text(encoding="utf-8"))["lang"] == "en"


def test_a_report_that_cannot_be_written_leaves_nothing(bare_results, tmp_path):
    with pytest.raises(sr.errors.OutputError):
        sr.write_report(tmp_path / "missing" / "r.md", bare_results)
    assert list(tmp_path.iterdir()) == []
