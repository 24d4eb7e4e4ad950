"""RELIABILITY, part B: names and text, as far as tables, messages and exported CSV go."""

import unicodedata

import pytest

import supplyroutes as sr
from supplyroutes.names import bad_character
from supplyroutes.schema import format_rows, parse_table, table_from_cells

TOWN = {"lat": "10", "lon": "0", "source": "s", "confidence": "high"}
FORMULAS = [
    "=1+1",
    '=HYPERLINK("http://example.org")',
    "+1",
    "-1",
    "@SUM(A1)",
    "'=1",
    "''=1",
    "=cmd|' /C calc'!A0",
]
HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "`${7*7}`",
    "{{7*7}}",
    "'; DROP TABLE towns; --",
    "$(rm -rf /)",
    "a && b | c > d",
    "$\\foo$",
    "\\textbf{x}",
    "%s %d {0}",
    "../../etc/passwd",
]
HIDDEN = ["a\u200bb", "a\u202eb", "a\x00b", "a\nb", "a\rb", "a\x1b[31mb", "a\u2066b", "\x7f"]


def towns(*rows):
    """Return the checked towns of rows of cells."""
    return table_from_cells([{**TOWN, **row} for row in rows], "towns", file="towns.csv")


def problem_of(**cells):
    """Return the one problem that refuses a town with these cells."""
    with pytest.raises(sr.errors.DataError) as error:
        towns({"node": "a", "name": "A", **cells})
    (problem,) = error.value.problems
    return problem


def test_rel_011_an_unknown_town_names_the_three_nearest():
    """Both the reader and the look-up help."""
    network = sr.datasets.mali()[0]
    with pytest.raises(sr.errors.UnknownIdError, match="did you mean Bamako") as error:
        network.find("Bamakko")
    assert 1 <= len(error.value.nearest) <= 3


@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
@pytest.mark.parametrize("name", ["Diéma", "Diema", "DIÉMA", " diéma "])
def test_rel_012_one_rule_matches_spellings(name, form):
    """Unicode form, case, accents and outer spaces do not matter."""
    assert sr.datasets.mali()[0].find(unicodedata.normalize(form, name)) == "diema"


def test_rel_012_names_are_kept_in_composed_form():
    """The same name typed on two systems is the same bytes."""
    composed = towns({"node": "a", "name": "Ségou"})
    decomposed = towns({"node": "a", "name": "Se\u0301gou"})
    assert composed.columns == decomposed.columns
    ids = [towns({"node": node, "name": "A"}).columns["node"] for node in ("é", "e\u0301")]
    assert ids[0] == ids[1]


def test_rel_012_ids_that_differ_only_in_form_are_one_id():
    """Two rows whose ids look the same are refused as a double id."""
    with pytest.raises(sr.errors.DataError, match="stands already on row 2"):
        towns({"node": "ségou", "name": "A"}, {"node": "se\u0301gou", "name": "B"})


@pytest.mark.parametrize(
    ("name", "node"),
    [("Nioro", "nioro"), ("Nioro du Sahel", "nioro"), ("Ségou", "segou"), ("Segou", "segou"),
     ("Tombouctou", "timbuktu"), ("Timbuktu", "timbuktu"), ("Nara", "nara")],
)  # fmt: skip
def test_rel_013_names_of_the_bundled_case_are_found(name, node):
    """The alias table knows the names in use."""
    assert sr.datasets.mali()[0].find(name) == node


@pytest.mark.parametrize("text", HIDDEN, ids=ascii)
@pytest.mark.parametrize("column", ["name", "aliases", "admin1", "note"])
def test_rel_014_hidden_characters_are_refused_and_shown(column, text):
    """Zero width, override, NUL and line ends are named by their code."""
    message = problem_of(**{column: text}).message
    assert "hidden character \\" in message
    assert bad_character(message) is None


@pytest.mark.parametrize("text", [*HIDDEN, "a b", "a/b", "../a", "-a", ".a", "=a", "a" * 121])
def test_rel_014_ids_hold_letters_digits_and_three_signs(text):
    """An id is safe in a file name, a cell and a terminal."""
    message = problem_of(node=text).message
    assert "is not an id" in message
    assert bad_character(message) is None


@pytest.mark.parametrize(("column", "size"), [("name", 100_000), ("note", 100_000), ("name", 201)])
def test_rel_014_texts_have_a_bound(column, size):
    """A name of 100 kB is refused in a short message."""
    message = problem_of(**{column: "x" * size}).message
    assert f"has {size} characters" in message
    assert len(message) < 100


def test_rel_014_a_look_alike_is_shown_escaped():
    """Cyrillic В is not Latin B, and the message shows it."""
    with pytest.raises(sr.errors.UnknownIdError, match=r"\\u0412amako"):
        sr.datasets.mali()[0].find("\u0412amako")


@pytest.mark.parametrize(
    "word", ["NA", "None", "nan", "NaN", "null", "True", "1e5", "007", "1.0", "N-A", "no", "NO"]
)
def test_rel_015_words_that_look_like_values_stay_text(case_folder, write_rows, word):
    """Ids and names are text in the tables, the frames, the graph and the written file."""
    ends = {"lat": 10, "lon": 0, "source": "s", "confidence": "high"}
    write_rows(case_folder / "towns.csv", [
        {"node": word, "name": word, "admin1": word, **ends},
        {"node": "b", "name": "B", **ends, "lon": 1},
    ])  # fmt: skip
    road = {"edge": "r", "u": word, "v": "b", "length_km": 150, "source": word, "road_ref": word}
    looks = {"surface": "paved", "condition": "fair", "practicability": 6, "confidence": "high"}
    write_rows(case_folder / "roads.csv", [{**road, **looks}])
    for name in ("supply.csv", "demand.csv", "corridors.csv"):
        (case_folder / name).unlink()
    network = sr.read_network(case_folder)
    assert network.nodes.loc[word, ["name", "admin1"]].tolist() == [word, word]
    assert network.edges.loc["r", ["u", "source", "road_ref"]].tolist() == [word] * 3
    assert word in network.to_networkx()
    sr.write_network(network, case_folder)
    assert sr.read_network(case_folder) == network


@pytest.mark.parametrize("text", FORMULAS)
def test_rel_016_formulas_are_quoted_in_exported_csv_and_read_back(text):
    """A spreadsheet shows the text; our reader gives the very text back."""
    row = {"node": "a", "name": text, "aliases": (text, "b"), "note": text, "admin1": text}
    ends = {"lat": -5.0, "lon": -5.0, "source": text, "confidence": "high"}
    written = format_rows([{**row, **ends}], "towns")
    read = parse_table(written, "towns", file="f")
    assert next(read.rows())["name"] == text
    assert next(read.rows())["aliases"] == (text, "b")
    assert next(read.rows())["note"] == text
    cells = written.splitlines()[1].replace('"', "").split(",")
    assert not any(cell.startswith(("=", "+", "@")) for cell in cells if cell != "-5")


def test_rel_016_numbers_are_untouched():
    """-5 stays a number."""
    row = {"node": "a", "name": "A", "lat": -5.0, "lon": -0.5, "source": "s", "confidence": "high"}
    assert ",-5,-0.5," in format_rows([row], "towns")


@pytest.mark.parametrize("text", HOSTILE)
def test_rel_020_text_that_a_shell_or_a_page_would_run_is_data(text):
    """Markup, SQL, shell and template text is kept as it is: escaping is the writer's work."""
    table = towns({"node": "a", "name": text, "note": text})
    assert next(table.rows())["name"] == text
    again = parse_table(format_rows(table.rows(), "towns"), "towns", file="f")
    assert again.columns == table.columns


@pytest.mark.parametrize("escape", ["\x1b[2J", "\x9b31m", "\x07", "\u202e", "\x08"], ids=ascii)
def test_rel_019_messages_do_not_move_the_cursor(escape):
    """Whatever part of a file is quoted in a message, its control characters are not."""
    text = f"node{escape},name,lat,lon,source,confidence\na{escape},A{escape},x{escape},1,s,h\n"
    fixed = text.replace(f"node{escape}", "node")
    for content in (text, fixed):
        with pytest.raises(sr.errors.DataError) as error:
            parse_table(content, "towns", file="towns.csv")
        shown = str(error.value).replace("\n", " ")
        assert bad_character(shown) is None
