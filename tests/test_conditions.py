"""The small grammar of --fail-if."""

from __future__ import annotations

import pytest

import supplyroutes as sr
from supplyroutes.conditions import holds


@pytest.fixture(scope="module")
def now():
    """The toy case on the day on which East is strained and North cut from its port."""
    network, events = sr.datasets.toy()
    return sr.situation(network, events, at="2025-01-12")


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
        "unknown_roads(east) > 1",
    ],
)
def test_what_is_not_in_the_grammar_is_refused(now, condition):
    """Anything else is a wrong use, never code that runs."""
    with pytest.raises(sr.errors.RequestError):
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


def test_a_town_may_have_and_or_or_in_its_name(now):
    """The words that join comparisons stand between them, not in brackets."""
    with pytest.raises(sr.errors.UnknownIdError, match="'Port and Mine or East'"):
        holds("state(Port and Mine or East) == isolated", now)


@pytest.mark.parametrize("condition", ["state(Bamako) == isolated", "corridor(WEST) == open"])
def test_unknown_places_are_named(now, condition):
    """A town or corridor that is not there is refused by name."""
    with pytest.raises(sr.errors.UnknownIdError, match=r"Bamako|WEST"):
        holds(condition, now)
