"""What is wrong with the form of a scenario, in our words, at its line."""

from __future__ import annotations

import pytest

import supplyroutes as sr

TOY = 'case = "toy"\ndate = 2025-01-12\n'


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("comodity = 1", 3, "comodity", "unknown key; did you mean commodity?"),
        (
            "[what_if.a]\nassumptons = {}",
            4,
            "what_if.a.assumptons",
            "unknown key; did you mean assumptions?",
        ),
        ("[analyses.paths]\nkk = 3", 4, "analyses.paths.kk", "unknown key; did you mean k?"),
        ("analyses.paths.kk = 3", 3, "analyses.paths.kk", "did you mean k?"),
        (
            "[events.moved]\nX = {dayz = 3}",
            4,
            "events.moved.X.dayz",
            "unknown key; did you mean days?",
        ),
        (
            '[[convoys.added]]\ncorridor = "N"\ntown = 3\ntankers = "x"\nleaf = 1',
            3,
            "convoys.added.0.leaves",
            "the key is missing",
        ),
        ("fleet = {tankers = true}", 3, "fleet.tankers", "a number is needed, not true"),
        (
            'fleet.tankers = "300"',
            3,
            "fleet.tankers",
            "a number is needed, not '300'; write it without quotes",
        ),
        ('fleet.tankers = "many"', 3, "fleet.tankers", "a number is needed, not 'many'"),
        ("fleet.tankers = -3", 3, "fleet.tankers", "a number from 0 up is needed, not -3"),
        ("fleet.tankers = inf", 3, "fleet.tankers", "a finite number is needed, not inf"),
        ("fleet = 3", 3, "fleet", "a table is needed: keys with values, not 3"),
        (
            "analyses.outlook.runs = 2.5",
            3,
            "analyses.outlook.runs",
            "a whole number is needed, not 2.5",
        ),
        ("analyses.outlook.runs = 0", 3, "analyses.outlook.runs", "from 1 up is needed, not 0"),
        ("analyses.roads.lost = 9", 3, "analyses.roads.lost", "a number up to 5 is needed, not 9"),
        ("analyses.roads.lost = false", 3, "analyses.roads.lost", "number is needed, not false"),
        (
            'analyses.only = ["flow", "stoks"]',
            3,
            "analyses.only.1",
            "'stoks' is none of flow, paths, stocks, outlook, roads, reopening; did you mean stoc",
        ),
        (
            'policies.conduct = "turnback"',
            3,
            "policies.conduct",
            "'turnback' is none of wait, turn_back; did you mean turn_back?",
        ),
        ("season = 3", 3, "season", "3 is none of dry, wet"),
        ("tracks = 1", 3, "tracks", "true or false is needed, without quotes, not 1"),
        ('tracks = "true"', 3, "tracks", "true or false is needed, without quotes, not 'true'"),
        ("title = 3", 3, "title", "text in quotes is needed, not 3"),
        ("events.removed = 'T1'", 3, "events.removed", "a list is needed, in square brackets"),
        (
            'events.moved.T1 = { start = "2025-01-01" }',
            3,
            "events.moved.T1.start",
            "write a date without quotes or time: 2025-10-15, not '2025-01-01'",
        ),
        ("assumptions.x = []", 3, "assumptions.x", "a number is needed, not a list"),
        ("assumptions = { x = {} }", 3, "assumptions.x", "a number is needed, not a table"),
        ("assumptions.x = 2025-01-01", 3, "assumptions.x", "a number is needed, not 2025-01-01"),
        (
            'outputs.reports = ["a.html", "b.docx"]',
            3,
            "outputs.reports",
            "'b.docx': reports are written as .html, .pdf, .xlsx, .md, .json",
        ),
        ("convoys.number_ratio = 1000", 3, "convoys.number_ratio", "a number up to 100 is needed"),
        (f"title = ['{'x' * 200}']", 3, "title", "text in quotes is needed, not a list"),
        (f"seed = '{'x' * 200}'", 3, "seed", "xxx..."),
    ],
)
def test_the_form_is_told_in_our_words(scenario, text, line, column, message):
    """Unknown keys, values of a wrong kind, out of range, or in quotes."""
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(scenario(TOY + text + "\n"))
    found = {one.column: one for one in caught.value.problems}
    assert found[column].row == line
    assert message in found[column].message
    assert "\n" not in found[column].message


def test_too_many_what_ifs_are_counted(scenario):
    """At most fifty."""
    text = "".join(f"[what_if.a{number}]\n" for number in range(51))
    with pytest.raises(sr.errors.DataError, match=r":3: what_if: at most 50 are allowed"):
        sr.read_scenario(scenario(TOY + text))


def test_every_problem_of_a_file_is_told_at_once(scenario):
    """Four faults in four parts."""
    text = 'tracks = 3\n[fleet]\ntankers = "3"\n[what_if.a]\nsezon = "wet"\n[what_if.b]\nof = 3\n'
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(scenario(TOY + text))
    assert sorted(problem.row for problem in caught.value.problems) == [3, 5, 7, 9]
