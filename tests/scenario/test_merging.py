"""What-ifs as small changes of each other: laws, names, and where a problem is told."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.scenario.applying import applied
from supplyroutes.scenario.merging import suppositions
from supplyroutes.scenario.model import Scenario, Suppositions, WhatIf

DAY = dt.date(2025, 1, 12)
TOY = 'case = "toy"\ndate = 2025-01-12\n'


def asked(**more):
    """A scenario of the toy case."""
    return Scenario(case="toy", date=DAY, **more)


def closure(event):
    """A report to add."""
    return {"event": event, "start": DAY, "kind": "road_closed", "basis": "assumed",
            "scope": "segment", "edges": ["north--bridge"]}  # fmt: skip


AMOUNTS = st.floats(0, 1000)
NUMBERS = st.dictionaries(st.sampled_from(["a", "b", "c"]), AMOUNTS, max_size=2)
CHANGES = st.fixed_dictionaries(
    {},
    optional={
        "assumptions": NUMBERS,
        "rules": st.dictionaries(st.sampled_from(["R1", "R2"]), NUMBERS, max_size=2),
        "season": st.sampled_from(["wet", "dry"]),
        "demand_m3_per_day": NUMBERS,
        "stock_m3": NUMBERS,
        "events": st.fixed_dictionaries(
            {},
            optional={
                "removed": st.lists(st.sampled_from(["T1", "T2"]), max_size=2),
                "moved": st.dictionaries(
                    st.sampled_from(["T1", "T2"]),
                    st.fixed_dictionaries({}, optional={"days": st.integers(-5, 5)}),
                    max_size=2,
                ),
                "added": st.lists(st.sampled_from(["X", "Y"]).map(closure), max_size=2),
            },
        ),
        "fleet": st.fixed_dictionaries(
            {}, optional={"tankers": AMOUNTS, "deterrence": st.booleans()}
        ),
        "convoys": st.fixed_dictionaries(
            {}, optional={"expected": st.booleans(), "number_ratio": st.floats(0, 9)}
        ),
        "policies": st.fixed_dictionaries(
            {}, optional={"conduct": st.sampled_from(["wait", "turn_back"])}
        ),
    },
)


def whole(change):
    """What a change by itself supposes."""
    return Suppositions(**change)


def flat(*changes):
    """Merge plain dictionaries by hand: lists in a row, tables key by key, a move as one."""
    found = {}
    for change in changes:
        for key, value in change.items():
            old = found.get(key)
            if isinstance(value, dict) and isinstance(old, dict) and key not in {"T1", "T2"}:
                found[key] = flat(old, value)
            elif isinstance(value, list) and isinstance(old, list):
                found[key] = [*old, *value]
            else:
                found[key] = value
    return found


@given(CHANGES)
def test_an_empty_what_if_is_what_it_is_of(base):
    """Of the scenario, of another what-if, and of the recorded day."""
    found = suppositions(
        asked(
            **base,
            what_if={
                "same": {},
                "again": {"of": "same"},
                "nothing": {"of": "recorded"},
                "own": {"of": "recorded", **base},
            },
        )
    )
    assert found["same"] == found["again"] == found["own"] == whole(base)
    assert found["nothing"] == found["recorded"] == Suppositions()
    assert ("scenario" in found) == (whole(base) != Suppositions())


@given(CHANGES, CHANGES, CHANGES)
def test_a_chain_equals_one_flat_what_if(first, second, third):
    """Law: what-ifs of each other say what one says that has all of their keys."""
    what_ifs = {
        "last": {"of": "middle", **third},  # before what it is of, in the file
        "middle": {"of": "scenario", **second},
        "flat": {"of": "recorded", **flat(first, second, third)},
    }
    found = suppositions(asked(**first, what_if=what_ifs))
    assert found["last"] == found["flat"]


@given(CHANGES, CHANGES, st.randoms())
def test_the_order_of_keys_does_not_matter(first, second, luck):
    """Law: tables shuffled at every depth say the same."""

    def shuffled(value):
        if not isinstance(value, dict):
            return value
        keys = list(value)
        luck.shuffle(keys)
        return {key: shuffled(value[key]) for key in keys}

    one = suppositions(asked(**first, what_if={"a": second, "b": {"of": "a", **first}}))
    other = suppositions(
        asked(**shuffled(first), what_if=shuffled({"b": {"of": "a", **first}, "a": second}))
    )
    assert one == other


def test_reports_and_figures_are_changed_on_top():
    """Hand case: what each of a chain of three supposes in all."""
    scenario = asked(
        events={"removed": ["T1"], "moved": {"T2": {"days": 1}}},
        assumptions={"dwell_border_h": 12, "stale_report_days": 9},
        convoys={"size_ratio": 2},
        what_if={
            "one": {"events": {"removed": ["T3"]}, "assumptions": {"dwell_border_h": 36}},
            "two": {
                "of": "one",
                "events": {"moved": {"T2": {"end": DAY}}},
                "convoys": {"number_ratio": 3},
            },
        },
    )
    two = suppositions(scenario)["two"]
    assert two.events.removed == ["T1", "T3"]
    assert two.events.moved["T2"].model_dump() == {"days": None, "start": None, "end": DAY}
    assert two.assumptions == {"dwell_border_h": 36, "stale_report_days": 9}
    assert (two.convoys.number_ratio, two.convoys.size_ratio) == (3, 2)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            '[what_if.a]\nof = "b"\n[what_if.b]\nof = "a"\n[what_if.c]\nof = "a"\n',
            {(4, "what_if.a.of"): "leads back", (6, "what_if.b.of"): "leads back"},
        ),
        ('[what_if.a]\nof = "a"\n', {(4, "what_if.a.of"): "leads back to the what-if itself"}),
        (
            '[what_if.truce]\n[what_if.b]\nof = "truc"\n',
            {(5, "what_if.b.of"): "'truc'; did you mean truce"},
        ),
        (
            "[what_if.truce]\n[what_if.Truce]\n",
            {(4, "what_if.Truce"): "called like truce but for capitals"},
        ),
    ],
)
def test_rings_unknown_and_doubled_names_are_told_where_the_file_is_read(scenario, text, told):
    """Each once, at its line; what is only of a ring is not at fault."""
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(scenario(TOY + text))
    found = {(one.row, one.column): one.message for one in caught.value.problems}
    assert found.keys() == told.keys()
    assert all(words in found[place] for place, words in told.items())


@pytest.mark.parametrize(
    "name",
    ["", " ", "../up", "a/b", "a\\b", ".hidden", "-x", "_x", "a.b", "é", "x" * 61, "con", "LPT1",
     "recorded", "Scenario", "a\u202eb", "<b>", "=1+1", "a b", "a\nb", "${x}"],
)  # fmt: skip
def test_rel_019_names_of_what_ifs_can_be_names_of_files(scenario, name):
    """Paths, markup, hidden characters, reserved words: refused in one line, at their line."""
    key = name.replace("\\", "\\\\").replace("\n", "\\n")
    path = scenario(f'{TOY}[what_if."{key}"]\ntitle = "x"\n')
    with pytest.raises(sr.errors.DataError) as caught:
        sr.read_scenario(path)
    (problem,) = caught.value.problems
    assert problem.row == 3
    assert "letters without accents" in problem.message or name.lower() in problem.message.lower()


def test_names_up_to_sixty_characters_are_good():
    """Letters, digits, - and _."""
    names = ["a", "0", "A-b_C", "x" * 60, "comma", "connect"]
    assert list(asked(what_if={name: {} for name in names}).what_if) == names
    assert isinstance(asked(what_if={"a": {}}).what_if["a"], WhatIf)


WRITTEN = """
[events]
removed = ["T1"]
[what_if.first]
assumptions.dwell_boarder_h = 3
[what_if.first.events]
removed = [
  "T8",
]
[[what_if.first.events.added]]
event = "X"
start = 2025-01-12
basis = "assumed"
scope = "segment"
kind = "road_clsed"
edges = ["north--bridge"]
[what_if.second]
of = "first"
assumptions.stale_report_day = 4
[what_if.second.events]
removed = ["T9"]
[what_if.third]
of = "second"
"""


def test_a_problem_is_told_once_where_it_was_written(scenario):
    """Not again at what-ifs that are built on it; lists count in the what-if that wrote them."""
    found = sr.read_scenario(scenario(TOY + WRITTEN))
    with pytest.raises(sr.errors.DataError) as caught:
        applied(found)
    assert [(one.row, one.column) for one in caught.value.problems] == [
        (7, "what_if.first.assumptions.dwell_boarder_h"),
        (10, "what_if.first.events.removed.0"),
        (17, "what_if.first.events.added.0.kind"),
        (21, "what_if.second.assumptions.stale_report_day"),
        (23, "what_if.second.events.removed.0"),
    ]


def test_what_two_parts_do_wrong_together_is_told_at_the_one_on_top(scenario):
    """The scenario adds a report that the what-if adds too; its own two are in order."""
    report = (
        'event = "X"\nstart = 2025-01-12\nbasis = "assumed"\nscope = "segment"\n'
        'kind = "road_closed"\nedges = ["north--bridge"]\n'
    )
    text = f"{TOY}[[events.added]]\n{report}[what_if.on_top]\n[what_if.on_top.events]\n"
    moved = f'{text}removed = ["T2"]\n[what_if.on_top.events.moved]\nT2 = {{ days = 1 }}\n'
    with pytest.raises(sr.errors.DataError, match="T2 is removed; it cannot be moved") as caught:
        applied(sr.read_scenario(scenario(moved)))
    assert [one.column for one in caught.value.problems] == ["what_if.on_top.events.moved.T2"]
    base = f'{TOY}[events.moved]\nT1 = {{ days = 3 }}\n[what_if.on_top]\nevents.removed = ["T1"]\n'
    with pytest.raises(sr.errors.DataError) as caught:
        applied(sr.read_scenario(scenario(base)))
    (problem,) = caught.value.problems
    assert (problem.row, problem.column) == (5, "what_if.on_top")
    assert problem.message.startswith("together with events.moved.T1: the report T1 is removed")
