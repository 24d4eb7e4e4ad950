"""The what-if report in Markdown."""

from __future__ import annotations

import datetime as dt
import re

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.report.document import document_of
from supplyroutes.report.markdown import document_markdown, plain
from supplyroutes.report.wording import affected_towns


def report_markdown(results, *, lang="en"):
    """The report of results as Markdown."""
    return document_markdown(document_of(results, lang))


def section(text, key, lang="en"):
    """The text of a report below the heading of a chapter."""
    return text.split(f"## {plain(words(lang)(key))}\n")[1].split("\n## ")[0]


@pytest.fixture(scope="module")
def results():
    """The neck at Bougouni cut."""
    path = sr.datasets.folder("mali") / "scenarios" / "neck_at_bougouni_cut.toml"
    return sr.run(sr.read_scenario(path), analyses=())


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_report_says_the_numbers_of_the_results(results, lang):
    """Every travel time in the differences table is that of the result."""
    text = section(report_markdown(results, lang=lang), "report.comparison", lang)
    row = results.differences().loc["bamako"]
    shown = next(line for line in text.splitlines() if line.startswith("| Bamako |"))
    point = "," if lang == "fr" else "."
    for side in ("recorded", "what_if"):
        assert f"{row[f'travel_time_h_{side}']:.1f}".replace(".", point) in shown
        ways = (row[f"approaches_free_{side}"], row[f"approaches_{side}"])
        assert f"| {ways[0]} / {ways[1]} / {row['approaches_baseline']} |" in shown


def test_report_names_change_reports_and_assumptions(results):
    """The report added, the rules used with their reasons, and the sources are there."""
    text = report_markdown(results)
    assert "WHATIF1 is added" in text
    assert "| Ban enforced (R02) | capacity left: 35%; chance" in text
    assert "| Bridge destroyed (R37) | capacity left: 0%; duration when" in text
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


def test_no_break_spaces_stay_and_line_breaks_go():
    """A number grouped in French stays whole; a name of two lines becomes one."""
    for address in ("https://a.b/c", "http://a.b", "see www.a.b", "ftp://a.b"):
        assert not re.search(r"(?<!\\)://|www\.", plain(address))
        assert re.sub(r"\\(.)", r"\1", plain(address)) == address
    assert plain("1\u202f200 a\u00a0b") == "1\u202f200 a\u00a0b"
    assert plain(" a \n\r\n b\u2028c\td\x85e ") == "a b c d e"


def test_rel_019_control_characters_are_dropped():
    """A name cannot move the cursor or hide text in a report."""
    assert plain("Ba\x1b[31mmako\u202e") == "Ba\\[31mmako"


def test_recorded_scenario_has_no_what_if_columns():
    """A scenario that changes nothing shows the day alone."""
    text = report_markdown(sr.run(sr.Scenario(case="toy", date=dt.date(2025, 1, 12)), analyses=()))
    assert "What if" not in text
    assert "## Corridors" in text


@pytest.mark.parametrize("name", ["report.docx", "report", "report.md.txt"])
def test_unknown_format_is_refused(results, tmp_path, name):
    """Only what can be written is accepted, and nothing is written else."""
    with pytest.raises(sr.errors.RequestError, match=r"\.md"):
        sr.write_report(tmp_path / name, results)
    assert list(tmp_path.iterdir()) == []


def test_unknown_language_is_refused(results):
    """A language without words is refused by name."""
    with pytest.raises(sr.errors.RequestError, match="de"):
        report_markdown(results, lang="de")


TOY_SIEGE = {
    "event": "SIEGE",
    "start": dt.date(2025, 1, 12),
    "kind": "town_siege",
    "basis": "reported",
    "scope": "point",
    "nodes": ["east"],
    "text": "East is besieged.",
}


@pytest.mark.parametrize("lang", ["en", "fr"])
@pytest.mark.parametrize(
    ("case", "day", "node", "name"),
    [("toy", "2025-01-12", "east", "East"), ("mali", "2025-10-15", "kayes", "Kayes")],
)
def test_an_isolated_town_is_reported_without_a_source(lang, case, day, node, name):
    """A town that no source reaches has a dash for its source and its hours."""
    at = dt.date.fromisoformat(day)
    siege = {**TOY_SIEGE, "start": at, "nodes": [node]}
    scenario = sr.Scenario(case=case, date=at, events={"added": [siege]})
    text = report_markdown(sr.run(scenario, analyses=()), lang=lang)
    rows = section(text, "report.towns_recorded", lang).splitlines()
    row = next(line for line in rows if line.startswith(f"| {name} |"))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[1] == words(lang)("state.isolated")
    assert cells[4:6] == ["–", "–"]


def test_the_cause_of_an_isolated_town_is_what_closed_it():
    """A ban strains, a siege isolates: Kayes is cut off by it, Bamako strained by the ban."""
    at = dt.date(2025, 10, 15)
    siege = {**TOY_SIEGE, "start": at, "nodes": ["kayes"]}
    scenario = sr.Scenario(case="mali", date=at, events={"added": [siege]})
    text = report_markdown(sr.run(scenario, analyses=()))
    rows = section(text, "report.towns_recorded").splitlines()
    assert "town besieged (SIEGE)" in next(row for row in rows if row.startswith("| Kayes |"))
    assert "ban enforced (ML022)" in next(row for row in rows if row.startswith("| Bamako |"))


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_a_section_without_content_says_so(lang, case_folder):
    """No corridors, no reports, no towns hit: one sentence each, and no empty table."""
    (case_folder / "corridors.csv").unlink()
    for name in ("events.csv", "supply.csv"):
        lines = (case_folder / name).read_text(encoding="utf-8").splitlines()
        kept = (
            lines[:1]
            if name == "events.csv"
            else [line.replace("NORTH;SOUTH", "") for line in lines]
        )
        (case_folder / name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    path = case_folder.parent / "day.toml"
    path.write_text('folder = "case"\ndate = 2025-01-12\n', encoding="utf-8")
    text = report_markdown(sr.run(sr.read_scenario(path), analyses=()), lang=lang)
    for key in ("report.no_corridors", "report.no_reports", "run.no_towns", "report.no_unknown"):
        assert words(lang)(key) in text
    assert not re.search(r"\| --- \|\n(?!\|)", text), "a table has rows"


def test_french_report_writes_numbers_and_units_in_french(results):
    """Figures of assumptions have a decimal comma and labels; a rule stands in one row."""
    text = report_markdown(results, lang="fr").replace("\u202f", " ")
    assert "(dwell\\_checkpoint\\_h) | 0,5 h | " in text
    told = "capacité restante : 35 % ; risque de perdre un camion seul : 5 % ; durée si la fin est"
    assert f"| Blocus effectif (R02) | {told} inconnue : sans limite | " in text
    assert "| Convoi attaqué, suites (R07) | capacité restante : 50 % ; " in text


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_every_assumption_has_a_label_and_no_row_is_left_out(results, lang):
    """No key stands alone, and every town hit is in the table, however many they are."""
    text = report_markdown(results, lang=lang)
    for key in results.main.situation.day.assumptions:
        assert f"assumption.{key}" in words(lang)
        assert "({})".format(key.replace("_", "\\_")) in text
    rules = {
        str(key).split(".")[0] for key in results.main.situation.assumed.index if "." in str(key)
    }
    assert all(f"({rule}) | " in text for rule in rules)
    affected = list(affected_towns(results.main.situation)["name"])
    assert len(affected) > 60
    rows = [line for line in text.splitlines() if line.startswith("| ") and " / " in line]
    assert {row.split(" | ")[0][2:] for row in rows} >= set(affected)


@pytest.mark.parametrize(
    ("lang", "corridors", "source"),
    [
        (
            "en",
            "3 corridors change from refused to closed: ",
            "The nearest source of 12 towns becomes Conakry instead of Yamoussoukro: Bamako, ",
        ),
        (
            "fr",
            "3 corridors passent de «\u202frefusé\u202f» à «\u202ffermé\u202f»\u202f: ",
            "La source la plus proche de 12 villes devient Conakry au lieu de Yamoussoukro\u202f:",
        ),
    ],
)
def test_the_brief_says_what_changes_though_no_state_does(results, lang, corridors, source):
    """Behind the cut neck Bamako is strained as before; its corridors and its source are not."""
    brief = section(report_markdown(results, lang=lang), "report.comparison", lang)
    assert corridors in brief
    assert "Abidjan - Zégoua - Sikasso - Bamako (RN7)" in brief
    assert source in brief


def test_unknown_roads_are_named_by_their_places(results):
    """A planner reads places and road numbers, not ids."""
    assert "Ansongo – Labbézanga (RN17)" in report_markdown(results)


def test_a_figure_is_told_in_words_with_its_numbers(toy_results):
    """One file: the curve of a stock is a table of every seventh day, and no image."""
    text = section(report_markdown(toy_results), "report.stocks")
    told = text.split("**Figure: Stock of East day by day")[1]
    assert "| Date | Stock, low, m3 | Stock, median, m3 | Stock, high, m3 |" in told
    assert told.count("| 8 Jan 2025 |") == 4
    assert "](" not in text
    assert "*Numbers: table outlook\\_days*" in told


def test_counts_of_one_are_singular():
    """1 ville isolée, not 1 villes isolées."""
    at = dt.date(2025, 1, 12)
    siege = {**TOY_SIEGE, "start": at}
    results = sr.run(sr.Scenario(case="toy", date=at, events={"added": [siege]}), analyses=())
    french, english = (report_markdown(results, lang=lang) for lang in ("fr", "en"))
    assert "6 localités\u202f: 1 isolée (100\u202f000 habitants)" in french
    assert "\u202f: 0 isolée," in french
    assert "l’état de 1 ville\u202f: East" in french
    assert "6 places: 1 isolated (100,000 people)" in english
    assert "6 places: 0 isolated," in english
