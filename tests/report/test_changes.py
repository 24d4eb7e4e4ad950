"""What a scenario changes, in words."""

import datetime as dt

import pytest

import supplyroutes as sr
from supplyroutes.catalogue import words
from supplyroutes.report.changes import change_lines

CHANGES = {
    "events": {
        "removed": ["T3"],
        "moved": {
            "T1": {"days": 2},
            "T2": {"start": dt.date(2025, 1, 11)},
        },
        "added": [
            {
                "event": "X",
                "start": dt.date(2025, 1, 12),
                "kind": "road_closed",
                "basis": "assumed",
                "scope": "segment",
                "edges": ["north--bridge"],
                "text": "A tree lies there.",
            }
        ],
    },
    "assumptions": {"dwell_border_h": 30.0},
    "rules": {"R28": {"capacity_factor": 0.4}, "R02": {"duration_days": 20.0}},
}


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            [
                "Report T3 is left out: The barricade is lifted a day early.",
                "Report T1 is moved to 12 Jan 2025 – 16 Jan 2025.",
                "Report T2 is moved to 11 Jan 2025, without an end.",
                "Report X is added, from 12 Jan 2025: A tree lies there.",
                "Wait at a border (dwell_border_h) is 30 h instead of 24 h.",
                "Rule R28, capacity left: 40% instead of 50%.",
                "Rule R02, duration when no end is known: 20 days instead of no limit.",
            ],
        ),
        (
            "fr",
            [
                "Le rapport T3 est écarté\u202f: The barricade is lifted a day early.",
                "Le rapport T1 est déplacé\u202f: du 12 janv. 2025 au 16 janv. 2025.",
                "Le rapport T2 est déplacé\u202f: à partir du 11 janv. 2025, sans fin.",
                "Le rapport X est ajouté, à partir du 12 janv. 2025\u202f: A tree lies there.",
                "Attente à une frontière (dwell_border_h)\u202f: 30 h au lieu de 24 h.",
                "Règle R28, capacité restante\u202f: 40\u202f% au lieu de 50\u202f%.",
                "Règle R02, durée si la fin est inconnue\u202f: 20 jours au lieu de sans limite.",
            ],
        ),
    ],
)
def test_every_change_is_told_in_one_line(lang, expected):
    """Reports left out, moved and added; numbers changed, with what they were."""
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), **CHANGES)
    assert list(change_lines(sr.run(scenario, analyses=()), words(lang))) == expected


LEAVES = "A convoy of {} tankers leaves on {} January 2025 by"
SUPPOSED = {
    "season": "wet",
    "demand_m3_per_day": {"East": 90, "north:power": 3},
    "stock_m3": {"Est": 900},
    "fleet": {"tankers": 30, "deterrence": True},
    "convoys": {
        "number_ratio": 2,
        "size_ratio": 1.5,
        "added": [
            {"corridor": "NORTH", "town": "North", "tankers": 20, "leaves": dt.date(2025, 1, 13)},
            {"corridor": "SOUTH", "tankers": 5, "leaves": dt.date(2025, 1, 14)},
        ],
    },
    "policies": {"allocation": "priority", "policy": "capital_first", "conduct": "turn_back"},
    "events": {"ended": [{"on": dt.date(2025, 1, 12), "corridors": ["NORTH", "SOUTH"]}]},
}


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        (
            "en",
            [
                "1 report ends before 12 January 2025: T1.",
                "2 later reports never happen: T2, T3.",
                "All roads are driven at their speed in the rains.",
                "East uses 90 m3 a day instead of 180.",
                "North, power: 3 m3 a day instead of 0.",
                "East begins with a stock of 900 m3 instead of 0.",
                "There are 30 tankers in all; without this, trucks have no limit.",
                "Drivers may be afraid: after attacks some stay away.",
                "Convoys drive one by one: those recorded, and those to expect after the day.",
                "After the day convoys are 2 times as many.",
                "Convoys are 1.5 times as large, those recorded too.",
                f"{LEAVES.format(20, 13)} Port - North - East (N1), as far as North.",
                f"{LEAVES.format(5, 14)} Port - South - East (N2), as far as East.",
                "When there is not enough: by rank of use.",
                "Ranks of use: the capital before all other towns.",
                "Trucks that have waited long before a closed road turn back.",
            ],
        ),
        (
            "fr",
            [
                "1 rapport prend fin avant le 12 janvier 2025\u202f: T1.",
                "2 rapports ultérieurs n’ont pas lieu\u202f: T2, T3.",
            ],
        ),
    ],
)
def test_every_other_supposition_is_told_in_one_line(lang, expected):
    """Reports that end together share a line; seasons, figures, fleet, convoys and policies."""
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), **SUPPOSED)
    lines = list(change_lines(sr.run(scenario, analyses=()), words(lang)))
    assert lines[: len(expected)] == expected
    assert len(lines) == 16
    assert all("{" not in line for line in lines)


@pytest.mark.parametrize(
    ("convoys", "line"),
    [
        ({}, "those recorded, and those to expect after the day."),
        ({"expected": False}, "those recorded only."),
        ({"recorded": False}, "those to expect after the day only."),
        ({"recorded": False, "expected": False}, "Neither recorded convoys nor expected ones"),
    ],
)
def test_which_convoys_drive_is_told(convoys, line):
    """Hand cases: each choice; and a fleet of the usual size."""
    scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), fleet={}, convoys=convoys)
    fleet, told = change_lines(sr.run(scenario, analyses=()), words("en"))
    assert line in told
    assert "as many tankers as the usual traffic keeps busy" in fleet


def test_a_report_moved_or_added_to_where_reports_end_never_happens():
    """A truce holds for what the scenario itself moves and adds; a what-if tells its own."""
    closed = {**CHANGES["events"]["added"][0], "start": dt.date(2025, 1, 20)}
    events = {"removed": ["T3"], "moved": {"T1": {"days": 20}}, "added": [closed]}
    truce = {"events": {"ended": [{"on": dt.date(2025, 1, 13), "kinds": ["road_closed"]}]}}
    scenario = sr.Scenario(
        case="toy", date=dt.date(2025, 1, 12), events=events, what_if={"truce": truce}
    )
    results = sr.run(scenario, analyses=())
    assert list(change_lines(results, words("en"), "truce"))[1:] == [
        "1 later report never happens: T1.",
        "1 later report never happens: X.",
    ]
    assert len(list(change_lines(results, words("en")))) == 3
