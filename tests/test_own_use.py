"""A planner's own figures of use."""

import math
import pickle

import pytest

import supplyroutes as sr
from supplyroutes.errors import RequestError, UnknownIdError


@pytest.fixture
def toy():
    """The toy network: East uses 120 in transport and 60 in power."""
    return sr.datasets.toy()[0]


def uses(network, node):
    """Low, best and high use of a town by class."""
    ends = [f"demand_m3_per_day_{end}" for end in ("low", "best", "high")]
    return {
        row["demand_class"]: [row[end] for end in ends]
        for row in network.tables.demand.rows()
        if row["node"] == node
    }


def test_a_whole_is_split_over_its_classes_as_before(toy):
    """90 of 180: half of each, certain."""
    new = toy.with_demand({"EAST": 90})
    assert uses(new, "east") == {"power": [30] * 3, "transport": [60] * 3}
    assert uses(new, "north") == uses(toy, "north")
    assert uses(toy, "east")["power"] == [40, 60, 80]  # the base is untouched


def test_one_class_alone_also_where_none_was_recorded(toy):
    """Power of East, and services of the port, which used nothing."""
    new = toy.with_demand({"Est:Power": 5, "port:services": 2})
    assert uses(new, "east") == {"power": [5] * 3, "transport": [100, 120, 150]}
    assert uses(new, "port") == {"services": [2] * 3}
    assert sr.supply_flow(new).demand_m3_per_day == 270 - 55 + 2


def test_nothing_may_be_used_and_used_again(toy):
    """Zero is a figure; from it a class can be set again."""
    none = toy.with_demand({"north": 0})
    assert sr.supply_flow(none).demand_m3_per_day == 220
    assert uses(none.with_demand({"north:transport": 7}), "north") == {"transport": [7] * 3}


def test_state_day_and_order_of_rows_stay(toy):
    """On a disrupted day; equal to itself through a pickle; another than the base."""
    events = sr.datasets.toy()[1]
    day = sr.disrupt(toy, events, at="2025-01-12")
    new = day.with_demand({"port:services": 2, "east": 90})
    assert (new.at, new.state) == (day.at, day.state)
    assert pickle.loads(pickle.dumps(new)) == new  # noqa: S301
    assert new != day
    keys = list(zip(*(new.tables.demand.columns[key] for key in ("node", "demand_class")),
                    strict=True))  # fmt: skip
    assert keys == sorted(keys)
    assert day.with_demand({}) == day


@pytest.mark.parametrize(
    ("told", "error", "said"),
    [
        ({"esat": 1}, UnknownIdError, "Est"),
        ({"east:pwer": 1}, UnknownIdError, "power"),
        ({"east": -1}, RequestError, "from 0 up"),
        ({"east": math.inf}, RequestError, "from 0 up"),
        ({"east": 1, "EAST": 2}, RequestError, "told twice"),
        ({"east": 1, "east:power": 2}, RequestError, "by class"),
        ({"east:power": 2, "east": 1}, RequestError, "by class"),
        ({"port": 1}, RequestError, "port:power"),
    ],
)
def test_what_cannot_be_meant_is_refused(toy, told, error, said):
    """With what to write instead."""
    with pytest.raises(error, match=said):
        toy.with_demand(told)


def test_two_classes_of_one_town_are_no_contradiction(toy):
    """Both are set."""
    new = toy.with_demand({"east:power": 1, "east:transport": 2})
    assert uses(new, "east") == {"power": [1] * 3, "transport": [2] * 3}
