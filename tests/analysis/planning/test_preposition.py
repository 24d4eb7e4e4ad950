"""Extra stock: by hand, against a program of all scenarios and against trying places."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from tests import flows, plans
from tests.analysis.planning.test_plan import days_of
from tests.strategies import source, town


def test_a_town_that_will_be_cut_off_gets_what_its_tank_takes():
    """Closed for three days of 40 with 20 of 40 in the tank: 20 more are of use, not 30."""
    closed, calm = days_of([0], [3]), days_of([1], [3])
    asked = {"prob": {"closed": 1, "calm": 3}}
    found = sr.preposition(30, {"closed": closed, "calm": calm}, **asked)
    # Usual: what is under way arrives at once here, for the road takes less than half a day.
    assert found.placed_m3 == pytest.approx(20)
    assert found.towns.loc["q", "extra_days"] == pytest.approx(0.5)
    assert found.scenarios["saved"].tolist() == pytest.approx([500, 0])
    assert found.scenarios["prob"].tolist() == [0.25, 0.75]
    assert (found.value_without, found.value) == (pytest.approx(625), pytest.approx(500))
    assert found.saved_by_one_m3_more == 0
    assert found.likeliest_loss == pytest.approx(125)
    less = sr.preposition(10, {"closed": closed, "calm": calm}, **asked)
    assert less.saved_by_one_m3_more == pytest.approx(25 * 0.25)
    assert "q" in less._repr_html_()
    assert less.to_dict()["towns"][0]["extra_m3"] == 10


def fork(cut):
    """Two towns of 10 m3 a day, each on its own road from the source; one road is closed."""
    towns = [town("p", 10, 0), town("a", 10, 1, population="100"),
             town("b", 10.25, 1, population="300")]  # fmt: skip
    roads = [
        {"edge": "pa", "u": "p", "v": "a", "length_km": "120"},
        {"edge": "pb", "u": "p", "v": "b", "length_km": "120"},
    ]
    base = flows.network(towns, roads, [source("p")], {("a", "power"): 10, ("b", "power"): 10})
    base = plans.with_tanks(base, {"a": (0, 30), "b": (0, 30)})
    factors = [1.0] * 4
    factors[2 * "ab".index(cut)] = factors[2 * "ab".index(cut) + 1] = 0.0
    return plans.timeline(base, [flows.on_day(base, factors).state], [3])


def test_the_worst_scenario_can_be_made_as_good_as_it_can_be():
    """A m3 saves 10 person-days in a, 30 in b; cut off they lack 300 or 900.

    On average b is filled first. For the worst: 900 - 30 y = 300 - 10 (20 - y), so y = 20.
    With a budget of 40: 300 - 10 x = 900 - 30 (40 - x), so x = 15 for a.
    """
    both = {"a": fork("a"), "b": fork("b")}
    assert sr.preposition(20, both).towns["extra_m3"].tolist() == pytest.approx([0, 20])
    worst = sr.preposition(20, both, prob="worst")
    assert worst.worst
    assert max(worst.scenarios["value"]) == pytest.approx(300)
    forty = sr.preposition(40, both, prob="worst").towns["extra_m3"].tolist()
    assert forty == pytest.approx([15, 25])
    likely = sr.preposition(20, both, prob={"a": 0.9, "b": 0.1})
    assert likely.towns["extra_m3"].tolist() == pytest.approx([20, 0])
    assert likely.perfect_information == pytest.approx(0.1 * 20 * 30)


@settings(max_examples=6, deadline=None)
@given(plans.timelines(), st.integers(1, 60), st.data())
def test_no_other_placement_of_whole_steps_does_better(days, budget, data):
    """Every split of the budget into thirds, in own stocks, by separate plans."""
    other = data.draw(st.permutations(range(len(days))))
    states = [day.state for _, day in days]
    both = {"one": days, "two": plans.timeline(days.base, [states[at] for at in other],
                                               [1] * len(days))}  # fmt: skip
    if not sr.plan(days).towns["on_network"].any():
        return
    found = sr.preposition(budget, both, policy=None, weigh="m3")
    towns = found.towns
    scale = max(1.0, found.value_without)
    assert found.placed_m3 <= budget + 1e-6 * scale
    assert (towns["extra_m3"] <= towns["room_m3"] + 1e-3).all()
    assert found.saved >= -1e-6 * scale
    assert found.perfect_information >= -1e-6 * scale
    assert found.likeliest_loss >= -1e-6 * scale
    for split in product(range(4), repeat=min(3, len(towns))):
        if sum(split) > 3:
            continue
        names = towns.index[: len(split)]
        extra = {
            name: min(budget * part / 3, towns.loc[name, "room_m3"])
            for name, part in zip(names, split, strict=True)
            if towns.loc[name, "room_m3"] > 0
        }
        stock = {name: float(towns.loc[name, "stock_m3"] + amount)
                 for name, amount in extra.items()}  # fmt: skip
        # Own stocks keep the room of the table: extra never exceeds it.
        values = [sr.plan(one, stock_m3=stock, policy=None, weigh="m3").value
                  for one in both.values()]  # fmt: skip
        assert sum(values) / 2 >= found.value - 1e-5 * scale


@pytest.mark.parametrize(
    ("budget", "prob", "said"),
    [
        (-1, None, "from 0 up"),
        (float("nan"), None, "from 0 up"),
        (1, {"a": 1}, "each scenario needs one probability: b"),
        (1, {"a": 1, "b": 0}, "above 0"),
        (1, "likely", "'worst'"),
    ],
)
def test_wrong_questions_are_refused(budget, prob, said):
    """Budget and probabilities."""
    both = {"a": fork("a"), "b": fork("b")}
    with pytest.raises(sr.errors.RequestError, match=said):
        sr.preposition(budget, both, prob=prob)


def test_scenarios_share_their_towns_and_there_are_some():
    """Another network, none, or nobody who uses fuel."""
    with pytest.raises(sr.errors.RequestError, match="same towns"):
        sr.preposition(1, {"a": fork("a"), "q": days_of([1], [2])})
    with pytest.raises(sr.errors.RequestError, match="at least one"):
        sr.preposition(1, {})
    roads = [{"edge": "r", "u": "p", "v": "q", "length_km": "120"}]
    nobody = flows.network([town("p", 10, 0), town("q", 10, 1)], roads, [source("p")], {})
    with pytest.raises(sr.errors.RequestError, match="no town"):
        sr.preposition(1, {"x": plans.timeline(nobody, [nobody.state], [2])})
