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
                "Report T1 is moved to 2025-01-12 – 2025-01-16.",
                "Report T2 is moved to 2025-01-11, without an end.",
                "Report X is added, from 2025-01-12: A tree lies there.",
                "Wait at a border (dwell_border_h) is 30 h instead of 24 h.",
                "Rule R28, capacity left: 40% instead of 50%.",
                "Rule R02, duration when no end is known: 20 days instead of no limit.",
            ],
        ),
        (
            "fr",
            [
                "Le rapport T3 est écarté\u202f: The barricade is lifted a day early.",
                "Le rapport T1 est déplacé\u202f: du 2025-01-12 au 2025-01-16.",
                "Le rapport T2 est déplacé\u202f: à partir du 2025-01-11, sans fin.",
                "Le rapport X est ajouté, à partir du 2025-01-12\u202f: A tree lies there.",
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
