"""The small grammar of --fail-if."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.conditions import LONGEST, MEASURES, holds, needed
from supplyroutes.errors import RequestError
from supplyroutes.scenario import ANALYSES


def results_of(*analyses):
    """The toy case on the day on which East is strained, and a what-if that lifts the barricade."""
    scenario = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 12),
        stock_m3={"east": 150},
        what_if={"lifted": {"events": {"removed": ["T1"]}}},
        analyses={"stocks": {"start": dt.date(2025, 1, 10)}, "outlook": {"runs": 4}},
    )
    return sr.run(scenario, analyses=analyses)


@pytest.fixture(scope="module")
def now():
    """Results with states and corridors only."""
    return results_of()


@pytest.fixture(scope="module")
def whole():
    """Results with all that conditions can ask of."""
    return results_of("flow", "stocks", "outlook")


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("state(East) == strained", True),
        ("state(east)!=strained", False),
        ("corridor(NORTH) == closed", True),
        ("corridor(NORTH) == unfit", False),
        ("towns(strained) >= 2", True),
        ("towns(isolated) > 0", False),
        ("approaches(east) < 2", True),
        ("travel_time_h(mine) > 1000", True),  # no road for tankers: above every number
        ("unknown_roads() == 0", True),
        ("towns(isolated) > 0 or state(est) == strained", True),
        ("towns(isolated) > 0 and state(est) == strained", False),
        ("state(est) == strained or towns(isolated) > 0 and towns(isolated) > 9", True),
    ],
)
def test_conditions_by_hand(now, condition, expected):
    """Each measure and operator, by hand on the toy case; `and` binds closer than `or`."""
    assert holds(condition, now) is expected


@pytest.mark.parametrize(
    "condition",
    [
        "",
        "state(east)",
        "state(east) == purple",
        "state(east) < strained",
        "towns(purple) > 1",
        "towns(strained) > many",
        "sate(east) == strained",
        "__import__('os').system('true')",
        "state(east) == strained and",
        "state(east, nowhere) == strained",
        "unknown_roads(east) > 1",
        f"state(east) == strained{' ' * LONGEST}",
    ],
)
def test_what_is_not_in_the_grammar_is_refused(now, condition):
    """Anything else is a wrong use, never code that runs."""
    with pytest.raises((sr.errors.RequestError, sr.errors.UnknownIdError)):
        holds(condition, now)


@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "sate(east) == strained",
        "state(Bamako) == isolated",
        "corridor(WEST) == open",
        "towns(purple) > 1",
        "towns(strained) > nan",
        "towns(strained) > inf",
        "towns(strained) > 1_0",
        "state(east) == purple",
        "state(east) < isolated",
        "unknown_roads(east) > 1",
        "towns(strained) > 1 xor state(est) == strained",
    ],
)
@pytest.mark.parametrize(
    "condition",
    [
        "state(est) == strained or {}",  # true before the nonsense is reached
        "towns(isolated) > 0 and {}",  # false before it
        "{} or state(est) == strained",
        "state(est) == strained or towns(isolated) > 0 and {} or towns(isolated) == 0",
    ],
)
def test_nonsense_is_refused_wherever_it_stands(now, condition, nonsense):
    """All of a condition is read and looked up before any of it is evaluated."""
    with pytest.raises((sr.errors.RequestError, sr.errors.UnknownIdError)):
        holds(condition.format(nonsense), now)


@pytest.mark.parametrize("text", ["state(" + " " * 1900, "state" + " " * 1900, " " * 1900])
def test_a_long_condition_is_refused_at_once(text):
    """Spaces that may stand in several places must not be tried in each of them."""
    with pytest.raises(RequestError, match="cannot read"):
        needed(text)


def test_a_condition_that_ends_too_early_is_told_whole(now):
    """What is left to read is nothing: then all of it is shown."""
    with pytest.raises(sr.errors.RequestError, match=r"the condition 'towns\(isolated\) > 0 and'"):
        holds("towns(isolated) > 0 and", now)


def test_a_town_may_have_and_or_or_in_its_name(now):
    """The words that join comparisons stand between them, not in brackets."""
    with pytest.raises(sr.errors.UnknownIdError, match="'Port and Mine or East'"):
        holds("state(Port and Mine or East) == isolated", now)


@pytest.mark.parametrize("condition", ["state(Bamako) == isolated", "corridor(WEST) == open"])
def test_unknown_places_are_named(now, condition):
    """A town or corridor that is not there is refused by name."""
    with pytest.raises(sr.errors.UnknownIdError, match=r"Bamako|WEST"):
        holds(condition, now)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("state(east, lifted) == strained", False),
        ("corridor(NORTH, lifted) == open", True),
        ("towns(strained, recorded) >= 2 and towns(strained, lifted) == 0", True),
        ("unknown_roads(lifted) == 0", True),
        ("state(east, scenario) == strained", True),
    ],
)
def test_another_entry_is_asked_by_name(now, condition, expected):
    """After a comma stands the entry; without one it is the scenario itself."""
    assert holds(condition, now) is expected


def test_the_scenario_itself_is_asked_by_its_name_whether_it_supposes_anything_or_not():
    """So one condition serves many files of a batch."""
    for removed, state in (([], "strained"), (["T1"], "supplied")):
        scenario = sr.Scenario(case="toy", date=dt.date(2025, 1, 12), events={"removed": removed})
        assert holds(f"state(east, scenario) == {state}", sr.run(scenario, analyses=()))


def test_an_unknown_entry_is_named(now):
    """Not taken for part of the town's name without a word."""
    with pytest.raises(sr.errors.UnknownIdError, match="'liftd'; did you mean lifted"):
        holds("state(east, liftd) == strained", now)
    with pytest.raises(sr.errors.UnknownIdError, match="no town is called 'Nowhere, near'"):
        holds("state(Nowhere, near, lifted) == strained", now)


def test_stocks_flow_and_outlook_are_read_from_their_tables(whole):
    """Each number is that of the result; one more or less turns the condition."""
    main = whole.main
    dry = main.supply.towns.loc["east", "dry_on"]
    days = (dry - dt.date(2025, 1, 12)).days
    told = {
        "days_to_dry": days,
        "days_of_supply": float(main.supply.towns.loc["east", "days_of_supply"]),
        "fill_rate": float(main.flow.nodes.loc["east", "fill_rate"]),
        "dry_prob": float(main.outlook.towns.loc["east", "dry_share"]),
    }
    assert days == 0
    assert 0 < told["fill_rate"] < 1
    for measure, value in told.items():
        assert holds(f"{measure}(East) < {value + 0.01:.9f}", whole)
        assert holds(f"{measure}(East) > {value - 0.01:.9f}", whole)


def test_days_to_dry_count_from_the_day_of_the_scenario():
    """Hand case: East, with 150 m3 and nothing coming from the 12th on, runs dry two days on."""
    scenario = sr.Scenario(
        case="toy",
        date=dt.date(2025, 1, 10),
        stock_m3={"east": 150},
        analyses={"stocks": {"start": dt.date(2025, 1, 10)}},
    )
    results = sr.run(scenario, analyses=("stocks",))
    assert holds("days_to_dry(east) == 2 and days_to_dry(east) < 2.1", results)


def test_a_town_that_does_not_run_dry_has_more_days_than_any_number(whole):
    """In the span of the stocks, with the barricade gone."""
    assert whole.entries["lifted"].supply.towns["dry_on"].isna().any()
    node = whole.entries["lifted"].supply.towns["dry_on"].isna().idxmax()
    assert holds(f"days_to_dry({node}, lifted) > 99999", whole)


@pytest.mark.parametrize("measure", ["days_to_dry", "days_of_supply", "fill_rate", "dry_prob"])
def test_what_was_not_worked_out_is_refused_by_the_name_of_the_analysis(now, whole, measure):
    """So is a town of which nothing can be worked out: no loaded tanker reaches the mine."""
    with pytest.raises(sr.errors.RequestError, match=f"'{MEASURES[measure].needs}'"):
        holds(f"{measure}(east) < 5", now)
    with pytest.raises(sr.errors.RequestError, match="Mine: it uses no fuel, or no loaded tanker"):
        holds(f"{measure}(mine) < 5", whole)


def test_needed_names_the_analyses_in_their_order():
    """Only what is read, whatever the order in which it stands."""
    asked = "dry_prob(a) > 0.5 and days_to_dry(b) < 3 or fill_rate(c) < 1 and days_of_supply(c) < 1"
    assert needed(asked) == ("flow", "stocks", "outlook")
    assert needed("state(a) == isolated") == ()
    assert {measure.needs for measure in MEASURES.values()} - {None} <= set(ANALYSES)
    with pytest.raises(sr.errors.RequestError):
        needed("rm -rf")


PIECES = st.sampled_from(
    [*MEASURES, "(", ")", "east", "North", ",", "lifted", "==", "<", ">=", "and", "or", "5", "-1",
     "strained", "NORTH", " ", "__class__", "lambda", "nan", "\u202e", "\n", "1e9", ".", "not"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=14).map("".join) | st.lists(PIECES, max_size=14).map(" ".join))
def test_no_text_does_anything_but_answer_or_be_refused(now, text):
    """Fuzz: a bool, or one of the two errors that say what is wrong."""
    try:
        answer = holds(text, now)
    except (sr.errors.RequestError, sr.errors.UnknownIdError) as error:
        answer = not str(error)
    assert answer in {True, False}
