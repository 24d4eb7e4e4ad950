"""Plans by hand: ways, tanks, weights, ranks, limits, answers, refusals."""

from dataclasses import replace
from datetime import date

import pytest

import supplyroutes as sr
from supplyroutes.analysis.planning.horizon import Question, horizons_of
from supplyroutes.analysis.planning.plan_audit import audit
from supplyroutes.analysis.planning.plan_model import PlanModel, in_turn
from supplyroutes.analysis.planning.plan_tables import Life
from supplyroutes.errors import SolverError
from tests import flows, plans
from tests.strategies import source, town

TWO = (town("p", 10, 0), town("q", 10, 1, population="1000"))
ROAD = {"edge": "r", "u": "p", "v": "q", "length_km": "120", "capacity_m3_per_day": "50"}


def days_of(factors, lengths, *, tank=(20, 40), use=40, supply="100", **cells):
    """A source, a town of 40 m3 a day, and one road of 50 m3 a day, as open as told."""
    base = flows.network(TWO, [{**ROAD, **cells}], [source("p", amount=supply)],
                         {("q", "power"): use})  # fmt: skip
    base = plans.with_tanks(base, {"q": tank})
    states = [flows.on_day(base, [factor, factor]).state for factor in factors]
    return plans.timeline(base, states, lengths)


def test_a_tank_is_filled_before_a_closure_as_far_as_it_takes():
    """Two open days of 50: 20 + 2 x 10 = 40 in the tank; one of three closed days is covered."""
    found = sr.plan(days_of([1, 0], [2, 3]), transit="instant")
    row = found.towns.loc["q"]
    assert row["planned_m3"] == pytest.approx(100)
    assert row["unmet_m3"] == pytest.approx(80)
    assert row["days_dry"] == pytest.approx(2)
    assert row["days_to_dry"] == pytest.approx(3)
    assert row["dry_on"] == date(2025, 1, 18)
    assert found.value == found.least_value == pytest.approx(2000)
    assert found.unit == "person-days"
    told = found.binding.set_index("id").loc["r"]
    assert told[["kind", "binding_days", "saved"]].tolist() == ["closed", 3, pytest.approx(75)]
    assert sr.plan(days_of([1, 0], [2, 3]), transit="instant", stock_m3={"Q": 60}).unmet_m3 == (
        pytest.approx(60)
    )


def test_what_one_m3_a_day_more_saves_is_told_of_every_limit_that_binds():
    """30 a day for 40, nothing in the tank: a day of 1 m3 more saves 25 person-days, in 4 days 100.

    The source sends 30, the road takes 50: only the source binds.
    """
    found = sr.plan(days_of([1], [4], tank=(0, 0), supply="30"), transit="instant")
    assert found.binding.values.tolist() == [["source", "p", None, "p", 30, 4, pytest.approx(100)]]
    assert found.sources["sent_m3_per_day"].tolist() == [pytest.approx(30)]


def test_a_limit_that_changes_is_told_by_what_it_is_when_it_is_least():
    """A road let half through for two days, then closed for three: 0 a day because it is closed."""
    found = sr.plan(days_of([0.5, 0], [2, 3], tank=(0, 0)), transit="instant")
    told = found.binding.set_index("id").loc["r"]
    assert told[["kind", "least_limit_m3_per_day", "binding_days"]].tolist() == ["closed", 0, 5]


def test_fuel_arrives_after_its_days_on_the_road():
    """1,800 km at 55 km/h and 9 h a day: 3.6 days, so 4. Under way: 4 days of 40."""
    far = replace_lat(TWO)
    base = flows.network(far, [{**ROAD, "length_km": "1800"}], [source("p")], {("q", "power"): 40})
    base = plans.with_tanks(base, {"q": (20, 40)})
    days = plans.timeline(base, [flows.on_day(base, [0, 0]).state], [6])
    found = sr.plan(days)
    assert found.towns.loc["q", ["lag_days", "arriving_m3"]].tolist() == [4, 160]
    assert found.unmet_m3 == pytest.approx(2 * 40 - 20)
    assert sr.plan(days, transit="empty").unmet_m3 == pytest.approx(6 * 40 - 20)
    calm = plans.timeline(base, [base.state], [6])
    assert sr.plan(calm).unmet_m3 == 0
    empty = sr.plan(calm, transit="empty")
    assert empty.unmet_m3 == pytest.approx(4 * 40 - 20)
    told = empty.deliveries.reset_index().iloc[0]
    assert told["sent_from"] == date(2025, 1, 15)
    assert told["arrives_from"] == date(2025, 1, 19)
    assert told["arrives_until"] == date(2025, 1, 20)


def replace_lat(towns):
    """The same towns farther apart."""
    return (towns[0], {**towns[1], "lon": "14.0"})


def test_weights_say_who_goes_short():
    """20 for two towns of 20 m3 a day: by people the larger, by m3 either, by towns the smaller."""
    towns = [
        town("p", 10, 0), town("a", 10, 1, population="100"), town("b", 10, 2, population="900")
    ]  # fmt: skip
    roads = [
        {"edge": "pa", "u": "p", "v": "a", "length_km": "120", "capacity_m3_per_day": "20"},
        {"edge": "ab", "u": "a", "v": "b", "length_km": "120"},
    ]
    wanted = {("a", "power"): 20, ("b", "power"): 20}
    base = flows.network(towns, roads, [source("p")], wanted)
    days = plans.timeline(base, [base.state], [3])
    people = sr.plan(days, transit="instant")
    assert people.towns["days_dry"].tolist() == [3, 0]
    assert people.value == pytest.approx(300)
    smaller = base.with_demand({"a": 10, "b": 20})
    days = plans.timeline(smaller, [base.state], [3])
    found = sr.plan(days, weigh="towns", transit="instant")
    assert found.towns["days_dry"].tolist() == pytest.approx([0, 1.5])
    assert (found.unit, found.value) == ("town-days", pytest.approx(1.5))


def test_a_rank_comes_first_whatever_it_weighs():
    """20 m3 for power of 10 people and transport of 1,000: power first, at a price."""
    towns = [
        town("p", 10, 0), town("a", 10, 1, population="10"), town("b", 10, 2, population="1000")
    ]  # fmt: skip
    roads = [
        {"edge": "pa", "u": "p", "v": "a", "length_km": "120", "capacity_m3_per_day": "20"},
        {"edge": "ab", "u": "a", "v": "b", "length_km": "120"},
    ]
    wanted = {("a", "power"): 20, ("b", "transport"): 20}
    base = flows.network(towns, roads, [source("p")], wanted)
    days = plans.timeline(base, [base.state], [2])
    found = sr.plan(days, transit="instant")
    assert found.classes["days_dry"].tolist() == [0, 2]
    assert (found.value, found.least_value) == (pytest.approx(2000), pytest.approx(20))
    assert sr.plan(days, transit="instant", policy=None).value == pytest.approx(20)


def test_what_weighs_nothing_comes_last_but_is_served():
    """A mine without people gets what is left."""
    towns = [town("p", 10, 0), town("a", 10, 1), town("b", 10, 2, population="50")]
    roads = [
        {"edge": "pa", "u": "p", "v": "a", "length_km": "120", "capacity_m3_per_day": "30"},
        {"edge": "ab", "u": "a", "v": "b", "length_km": "120"},
    ]
    base = flows.network(towns, roads, [source("p")], {("a", "mines"): 20, ("b", "power"): 20})
    found = sr.plan(plans.timeline(base, [base.state], [2]), transit="instant")
    assert found.towns["unmet_m3"].tolist() == pytest.approx([20, 0])
    assert found.value == 0


def test_towns_off_the_network_live_from_their_tanks():
    """The mine of the toy case: no road for tankers; nothing is planned, nothing is counted."""
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-10", end="2025-01-13")
    found = sr.plan(days, stock_m3={"Mine": 25})
    row = found.towns.loc["mine"]
    assert not row["on_network"]
    assert (row["unmet_m3"], row["days_to_dry"]) == (15, 2.5)
    assert found.demand_m3 == 4 * 270
    assert "mine" not in found.deliveries.index.get_level_values("node")


def test_what_one_class_alone_can_burn_counts_as_far_as_it_can():
    """100 of heavy oil for power of 10 a day: 30 in three days, beside 20 for all."""
    days = days_of([0], [3], tank=(20, 40), use=10)
    rows = [{key: str(value) for key, value in row.items()}
            for row in days.base.tables.stocks.rows()]  # fmt: skip
    rows.append({**rows[0], "commodity": "heavy_fuel_oil",
                 **{f"{what}_m3_{end}": "100" for what in ("stock", "storage")
                    for end in ("low", "best", "high")}})  # fmt: skip
    tables = replace(days.base.tables, stocks=plans.table(rows, "stocks"))
    base = sr.Network(tables, days.base.assumptions)
    more = plans.timeline(base, [days[days.dates[0]].state], [3])
    assert sr.plan(more, transit="instant").towns.loc["q", "stock_m3"] == 50


def test_a_road_on_which_all_is_lost_brings_nothing():
    """Loss 1 on the second day: the tank of 30 is used up, then nothing."""
    days = days_of([1, 1], [1, 2])
    lost = replace(days[days.dates[1]].state, loss_prob=(1.0, 1.0))
    worse = plans.timeline(days.base, [days[days.dates[0]].state, lost], [1, 2])
    found = sr.plan(worse, transit="instant")
    assert found.unmet_m3 == pytest.approx(2 * 40 - 30)
    assert sr.plan(worse, transit="instant", losses=False).unmet_m3 == 0


# --- answers and refusals -----------------------------------------------------------------


def test_rel_047_no_demand_no_source_and_one_day_are_answers():
    """Nothing used, nothing sent, a single day: tables, no exception."""
    base = flows.network(TWO, [ROAD], [source("p")], {})
    found = sr.plan(plans.timeline(base, [base.state], [3]))
    assert (found.value, found.demand_m3, len(found.towns)) == (0, 0, 0)
    assert found.to_dict()["towns"] == []
    assert sr.plan(days_of([1], [2], supply="0")).towns["on_network"].tolist() == [False]
    assert sr.plan(days_of([1], [1]), transit="instant").unmet_m3 == 0
    assert "person-days" in sr.plan(days_of([1], [1]))._repr_html_()
    out = days_of([1], [3])
    gone = replace(out[out.dates[0]].state, supply_factor=(0.0, 1.0))
    none = sr.plan(plans.timeline(out.base, [gone], [3]), transit="empty")
    assert none.unmet_m3 == pytest.approx(100)
    assert none.sources["sent_m3_per_day"].tolist() == [0]


def test_names_are_text_in_notebooks():
    """Markup in a town's name is escaped."""
    towns = (TWO[0], {**TWO[1], "name": "<b>Q</b>"})
    base = flows.network(towns, [ROAD], [source("p", amount="5")], {("q", "power"): 40})
    told = sr.plan(plans.timeline(base, [base.state], [2]))._repr_html_()
    assert "<b>Q" not in told
    assert "&lt;b&gt;Q" in told


@pytest.mark.parametrize(
    ("asked", "error", "said"),
    [
        ({"weigh": "votes"}, sr.errors.RequestError, "people, towns or m3"),
        ({"transit": "slow"}, sr.errors.RequestError, "usual, empty or instant"),
        ({"policy": "essentials"}, sr.errors.UnknownIdError, "essential"),
        ({"stock_m3": {"Qq": 1}}, sr.errors.UnknownIdError, "Qq"),
        ({"stock_m3": {"q": -1}}, sr.errors.RequestError, "from 0 up"),
    ],
)
def test_wrong_questions_are_refused(asked, error, said):
    """What there is, is named."""
    with pytest.raises(error, match=said):
        sr.plan(days_of([1], [2]), **asked)


# --- the program and its audit ------------------------------------------------------------


def test_a_model_kept_alive_answers_as_a_new_one():
    """Limits, stock and back: the same least as built anew."""
    days = days_of([1, 0.5, 0], [2, 3, 2])
    horizon = horizons_of(days, Question(transit="instant"))[0]
    model = PlanModel(horizon)
    before = model.least()
    model.limit(model.block.arcs[:1], [10.0])
    tighter = PlanModel(horizons_of(days_of([0.2, 0.5, 0], [2, 3, 2]),
                                    Question(transit="instant"))[0])  # fmt: skip
    assert model.least() == pytest.approx(tighter.least())
    model.reset()
    assert model.least() == pytest.approx(before)
    model.stock({0: 15.0})
    richer = Question(transit="instant", stock_m3={"q": 35})
    assert model.least() == pytest.approx(PlanModel(horizons_of(days, richer)[0]).least())


def test_a_road_kept_apart_can_be_closed_later():
    """Without a limit both ends are one node; named in `keep`, it can be given one."""
    days = days_of([1], [3], capacity_m3_per_day="")
    horizon = horizons_of(days, Question(transit="instant"))[0]
    assert not PlanModel(horizon).block.arcs
    model = PlanModel(horizon, keep=frozenset({0}))
    assert model.least() == 0
    model.limit(model.block.arcs, [0.0] * len(model.block.arcs))
    assert model.least() == pytest.approx(1000 * (3 - 0.5))


def test_nothing_to_ask_is_refused():
    """No question, no answer."""
    days = days_of([1], [1])
    with pytest.raises(ValueError, match="nothing is asked"):
        in_turn(PlanModel(horizons_of(days, Question())[0]).program, [])


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"evening": [10, 99]}, "tank"),
        ({"arrived": [90.0, 0.0], "evening": [70, 30]}, "tank"),
        ({"arrived": [0.0, 0.0], "evening": [-20, -60]}, "tank"),
        ({"used": {0: [50, 40]}, "arrived": [50, 40], "evening": [20, 20]}, "more than it needs"),
        ({"used": {0: [30, 40]}, "arrived": [30, 40], "evening": [20, 20]}, "away from what"),
    ],
)
def test_an_audit_finds_planted_faults(change, said):
    """Tanks that overflow or run below nothing, use above the need, other than proved."""
    horizon = horizons_of(days_of([1], [2]), Question(transit="instant"))[0]
    right = {"arrived": [40, 40], "used": {0: [40, 40]}, "evening": [20, 20]}
    audit(horizon, [Life(horizon.towns[0], True, **right)], {0: 0.0})
    with pytest.raises(SolverError, match=said):
        audit(horizon, [Life(horizon.towns[0], True, **{**right, **change})], {0: 0.0})
