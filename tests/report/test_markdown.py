"""The what-if report in Markdown."""

from __future__ import annotations

import datetime as dt
import re

import pytest

import supplyroutes as sr
from supplyroutes.report.markdown import plain, report_markdown


@pytest.fixture(scope="module")
def results():
    """The neck at Bougouni cut."""
    path = sr.datasets.folder("mali") / "scenarios" / "neck_at_bougouni_cut.toml"
    return sr.run(sr.read_scenario(path))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_report_says_the_numbers_of_the_results(results, lang):
    """Every travel time in the differences table is that of the result."""
    text = report_markdown(results, lang=lang)
    row = results.differences().loc["bamako"]
    shown = next(line for line in text.splitlines() if line.startswith("| Bamako |"))
    point = "," if lang == "fr" else "."
    for side in ("recorded", "what_if"):
        assert f"{row[f'travel_time_h_{side}']:.1f}".replace(".", point) in shown
        assert f"{row[f'approaches_{side}']} ({row['approaches_baseline']})" in shown


def test_report_names_change_reports_and_assumptions(results):
    """The report added, the rules used with their reasons, and the sources are there."""
    text = report_markdown(results)
    assert "WHATIF1 is added" in text
    assert "R02.capacity\\_factor" in text
    assert "ML022" in text
    assert "For protection, relief and planning" in text


def test_languages_have_the_same_shape(results):
    """French and English have the same headings, tables and rows."""
    shapes = [
        [re.sub(r"[^|#]", "", line) for line in report_markdown(results, lang=lang).splitlines()]
        for lang in ("en", "fr")
    ]
    assert shapes[0] == shapes[1]


def test_same_results_give_the_same_bytes(results, tmp_path):
    """Two reports of one result are equal."""
    for name in ("one.md", "two.md"):
        sr.write_report(tmp_path / name, results, lang="fr")
    assert (tmp_path / "one.md").read_bytes() == (tmp_path / "two.md").read_bytes()


def test_tables_are_whole(results):
    """Every row of a table has as many cells as its head."""
    cells = 0
    for line in report_markdown(results).splitlines():
        if not line.startswith("|"):
            cells = 0
            continue
        count = len(re.split(r"(?<!\\)\|", line))
        assert cells in {0, count}
        cells = count


@pytest.mark.parametrize(
    "name",
    ["<script>alert(1)</script>", "a | b", "**bold** _it_", "[x](http://y)", "$\\foo$", "`c`"],
)
def test_rel_017_markup_in_text_is_shown_as_text(name):
    """No character of a name acts as markup: each special one is escaped."""
    assert re.sub(r"\\(.)", r"\1", plain(name)) == name
    assert not re.search(r"(?<!\\)(?:\\\\)*[|<*_\[`$]", plain(name))


def test_rel_019_control_characters_are_dropped():
    """A name cannot move the cursor or hide text in a report."""
    assert plain("Ba\x1b[31mmako\u202e") == "Ba\\[31mmako"


def test_recorded_scenario_has_no_what_if_columns():
    """A scenario that changes nothing shows the day alone."""
    text = report_markdown(sr.run(sr.Scenario(case="toy", date=dt.date(2025, 1, 12))))
    assert "What if" not in text
    assert "## Corridors" in text


@pytest.mark.parametrize("name", ["report.html", "report", "report.md.txt"])
def test_unknown_format_is_refused(results, tmp_path, name):
    """Only what can be written is accepted, and nothing is written else."""
    with pytest.raises(sr.RequestError, match=r"\.md"):
        sr.write_report(tmp_path / name, results)
    assert list(tmp_path.iterdir()) == []


def test_unknown_language_is_refused(results):
    """A language without words is refused by name."""
    with pytest.raises(sr.RequestError, match="de"):
        report_markdown(results, lang="de")
