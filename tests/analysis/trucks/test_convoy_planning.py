"""Plans of convoys: by hand, by trying every set, and by replaying what was planned."""

import random
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

import supplyroutes as sr
from supplyroutes.analysis.mixed import whole_of
from supplyroutes.analysis.stores.transit import roads_of
from supplyroutes.analysis.trucks.convoy_audit import replay
from supplyroutes.analysis.trucks.convoy_base import base_of, lone_days
from supplyroutes.analysis.trucks.convoy_model import ConvoyModel, Means, Question, undominated
from supplyroutes.analysis.trucks.convoy_options import Option, options_of
from supplyroutes.analysis.trucks.convoy_search import Choice, Sent, best_choice
from supplyroutes.analysis.trucks.convoys import Convoy, ConvoyRun
from supplyroutes.core import ESCORTED, REFUSED, State
from supplyroutes.disruption import Timeline
from supplyroutes.errors import AssumptionWarning, RequestError, SolverError, UnknownIdError
from tests import stocks
from tests.oracles import brute_convoys
from tests.strategies import MADE_UP, table

FIRST = stocks.FIRST


def with_corridor(base, edges, name="C"):
    """The network with one corridor over these roads, from the port."""
    row = {**MADE_UP, "corridor": name, "name": name, "origin": "port", "destination": "town",
           "edges": ";".join(edges), "imports": "true"}  # fmt: skip
    tables = replace(base.tables, corridors=table([row], "corridors"))
    return sr.Network(tables, base.assumptions)


def refused(base, count, *, factor=0.35, status=REFUSED, loss=0.0, closed=()):
    """Days on which lone trucks do not drive: every arc refused; none passes on `closed` days."""
    arcs, nodes = len(base.topology.tail), len(base.topology.node_ids)
    states = [
        replace(
            State.identity(arcs, nodes),
            capacity_factor=(0.0 if day in closed else factor,) * arcs,
            status=(status,) * arcs,
            loss_prob=(loss,) * arcs,
        )
        for day in range(count)
    ]
    dates = [FIRST + timedelta(days=day) for day in range(count)]
    return Timeline(base, "fuel", dates, states)


def one_road(*, use=10, supply="100", usual=None, people="1000"):
    """A port, nine hours of road, a town that uses fuel and has people."""
    base = stocks.line([9], use, usual, None if usual is None else usual, supply=supply)
    towns = [{**row, "population": people if row["node"] == "town" else ""} for row in
             ({key: str(value) if value is not None else "" for key, value in row.items()
               if key in {"node", "name", "lat", "lon"}} | {**MADE_UP, "roles": "town"}
              for row in base.tables.towns.rows())]  # fmt: skip
    tables = replace(base.tables, towns=table(towns, "towns"))
    return with_corridor(sr.Network(tables, base.assumptions), ["r0"])


# --- by hand ------------------------------------------------------------------------------


def test_one_convoy_by_hand():
    """It gathers two days, drives 9 / 0.7 hours, nine a day: there on the fourth day, 2025-01-18.

    The town lacks 10 a day from the first: 100 in ten days, of which the last seven are brought.
    """
    plan = sr.convoy_plan(refused(one_road(), 10), escorts_per_week=1, tankers=5)
    (row,) = plan.convoys.to_dict("records")
    assert row["leaves"] == FIRST + timedelta(days=2)
    assert row["arrives"] == FIRST + timedelta(days=3)
    assert row["back"] == FIRST + timedelta(days=5)
    assert row["tankers"] == pytest.approx(70 / 46)
    assert (row["corridor"], row["loads_at"], row["destination"]) == ("C", "port", "town")
    assert plan.dry_without == pytest.approx(10 * 1000)
    assert plan.dry == pytest.approx(3 * 1000)
    assert plan.towns.loc["town", "days_dry"] == pytest.approx(3)
    assert plan.proven
    assert plan.gap_share <= 1e-3
    assert plan.stations.loc["port", "tankers"] == pytest.approx(70 / 46)
    assert list(plan.limits.index) == [("escorts", ""), ("tankers", "port")]
    assert (plan.more["saved"] == 0).all()


@pytest.mark.parametrize(
    ("weigh", "without", "left"),
    [("people", 10_000, 3_000), ("towns", 10, 3), ("m3", 100, 30)],
)
def test_what_counts(weigh, without, left):
    """The same plan in person-days, town-days and m3."""
    days = refused(one_road(), 10)
    plan = sr.convoy_plan(days, escorts_per_week=1, tankers=5, weigh=weigh)
    assert (plan.dry_without, plan.dry) == pytest.approx((without, left))


def test_scarce_tankers_come_back_and_go_again():
    """Half a tanker: 23 m3 on the fourth day; back on the sixth, off again once the week is over.

    It leaves on days 2 and 9 (an escort has one convoy a week), the second arrives on day 10. With
    another escort it leaves on days 2, 7 and 12, and the third brings the last day's ten.
    """
    plan = sr.convoy_plan(refused(one_road(), 14), escorts_per_week=1, tankers=0.5)
    assert [(day - FIRST).days for day in plan.convoys["leaves"]] == [2, 9]
    assert plan.convoys["m3"].tolist() == pytest.approx([23, 23])
    assert plan.dry == pytest.approx((140 - 46) / 10 * 1000)
    assert plan.more.loc["escort", "saved"] == pytest.approx(10 / 10 * 1000)
    assert plan.more.loc["tankers", "saved"] > plan.more.loc["escort", "saved"]


def test_supply_is_let_through_day_by_day():
    """Five m3 a day: by the third day 15 have come to the port, and no convoy leaves with more."""
    plan = sr.convoy_plan(
        refused(one_road(supply="5"), 8), escorts_per_week=1, tankers=9, weigh="m3"
    )
    taken = [(leaves - FIRST).days for leaves in plan.convoys["leaves"]]
    brought = plan.convoys["m3"].cumsum().tolist()
    assert all(amount <= 5 * (day + 1) + 1e-6 for day, amount in zip(taken, brought, strict=True))
    assert ("source", "port") in plan.limits.index
    assert plan.proven


def test_losses_are_taken_off_on_average():
    """A tenth is lost: more tankers leave, and what is lost does not come back."""
    plan = sr.convoy_plan(refused(one_road(), 10, loss=0.1), escorts_per_week=1, tankers=5)
    (row,) = plan.convoys.to_dict("records")
    assert row["survival_prob"] == pytest.approx(0.9)
    assert row["tankers"] == pytest.approx(70 / 46 / 0.9)
    assert row["m3"] == pytest.approx(70)


def test_no_convoy_enters_a_closed_road():
    """Closed up to the fifth day: the convoy leaves on the sixth, not to stand before it."""
    days = refused(one_road(), 12, closed=range(6))
    plan = sr.convoy_plan(days, escorts_per_week=1, tankers=5)
    assert [(day - FIRST).days for day in plan.convoys["leaves"]] == [6]


@pytest.mark.parametrize(
    "asked", [{"escorts_per_week": 0, "tankers": 5}, {"escorts_per_week": 1, "tankers": 0}]
)
def test_without_means_nothing_is_sent(asked):
    """An answer, not an error: days dry stay as they are, and that is proven."""
    plan = sr.convoy_plan(refused(one_road(), 6), **asked)
    assert len(plan.convoys) == 0
    assert plan.dry == plan.dry_without == plan.least_dry
    assert plan.proven


def test_where_nothing_is_missing_nothing_is_sent():
    """A stock of the town's own for all days."""
    days = refused(one_road(), 8)
    plan = sr.convoy_plan(days, escorts_per_week=1, tankers=5, stock_m3={"town": 500})
    assert len(plan.convoys) == len(plan.towns) == 0
    assert plan.dry_without == 0


@pytest.mark.parametrize(
    ("asked", "error"),
    [
        ({"weigh": "trucks"}, RequestError),
        ({"escorts_per_week": -1}, RequestError),
        ({"escorts_per_week": 1.5}, RequestError),
        ({"tankers": float("nan")}, RequestError),
        ({"stock_m3": {"nowhere": 1}}, UnknownIdError),
    ],
)
def test_bad_questions(asked, error):
    """Refused before anything is computed."""
    with pytest.raises(error):
        sr.convoy_plan(refused(one_road(), 4), **{"escorts_per_week": 1, "tankers": 1, **asked})


def test_a_town_without_a_recorded_population_weighs_nothing_and_is_named():
    """Weighed by people; by days of towns it counts."""
    days = refused(one_road(people=""), 8)
    with pytest.warns(AssumptionWarning, match="town"):
        plan = sr.convoy_plan(days, escorts_per_week=1, tankers=5)
    assert len(plan.convoys) == 0
    assert plan.towns.loc["town", "days_dry"] == pytest.approx(8)
    assert len(sr.convoy_plan(days, escorts_per_week=1, tankers=5, weigh="towns").convoys) == 1


def test_the_result_tells_that_it_is_sensitive():
    """In every form; names are escaped; the same question has the same bytes."""
    days = refused(one_road(), 10)
    plan, again = (sr.convoy_plan(days, escorts_per_week=1, tankers=5) for _ in range(2))
    assert plan.sensitive
    assert plan.to_dict() == again.to_dict()
    assert plan.to_dict()["sensitive"] is True
    assert plan.to_dict()["convoys"][0]["leaves"] == (FIRST + timedelta(days=2)).isoformat()
    assert "sensitive" in plan._repr_html_()


# --- without convoys ----------------------------------------------------------------------


def test_lone_trucks_drive_where_nothing_says_otherwise():
    """Refused, or escorted and thin: none. Escorted by a convoy that took no room: as before."""
    base = one_road()
    for status, factor, missing in (
        (REFUSED, 0.35, 40), (ESCORTED, 0.3, 40), (ESCORTED, 1.0, 0),
    ):  # fmt: skip
        found = base_of(refused(base, 4, status=status, factor=factor), None)
        assert found.missing.sum() == pytest.approx(missing)
    days = refused(base, 3)
    equal = Timeline(base, "fuel", days.dates, [days[FIRST].state] * 3)
    assert lone_days(equal).same_as_before(FIRST + timedelta(days=1))


def test_what_lone_trucks_take_is_not_there_for_convoys():
    """The town's 10 a day of the port's 100."""
    found = base_of(refused(one_road(), 3, status=ESCORTED, factor=1.0), None)
    port = found.spare["source", 0]
    assert port == pytest.approx((90, 90, 90))


# --- convoys that could be sent -----------------------------------------------------------


def test_convoys_arrive_when_the_stock_run_lets_them_arrive():
    """The same day and the same share as `ConvoyRun` brings in."""
    base = with_corridor(stocks.line([5, 13, 2], 10), ["r0", "r1", "r2"])
    days = refused(base, 14, loss=0.05, closed={4, 5})
    town = base.topology.node_index["town"]
    found = options_of(days, [town])
    assert len(found) > 3
    for option in found:
        convoy = Convoy("X", "C", town, option.path, 1.0, days.dates[option.leaves])
        run = ConvoyRun(base, [convoy], None)
        came = None
        for place, (_, day) in enumerate(days):
            run.leaving(day, 1.0)
            unloaded = run.drive(day.at, roads_of(day)).unloaded
            if unloaded:
                came = place, unloaded[option.source, town]
        assert came == (option.arrives, pytest.approx(option.keep))


def test_a_town_beside_the_corridor_is_reached_from_it():
    """The convoy leaves the corridor at the town nearest to it, and drives no detour."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events.known_by("2025-10-15"), start="2025-10-15", end="2025-10-24")
    top = network.topology
    town = top.node_index["koutiala"]
    found = [option for option in options_of(days, [town]) if option.corridor == "ABJ_Z"]
    passed = [top.node_ids[top.head[arc]] for arc in found[0].path]
    assert "sikasso" in passed
    assert "bougouni" not in passed
    assert passed[-1] == "koutiala"
    assert len(set(passed)) == len(passed)


def test_without_a_way_home_tankers_and_escort_stay_away():
    """A one-way road: the convoy is back after the last day; an unreachable town has no option."""
    base = one_road()
    roads = [
        {key: str(value).lower() for key, value in row.items() if value not in (None, (), "")}
        for row in base.tables.roads.rows()
    ]
    told = table([{**row, "oneway": "true"} for row in roads], "roads")
    one_way = sr.Network(replace(base.tables, roads=told), base.assumptions)
    days = refused(one_way, 9)
    town = one_way.topology.node_index["town"]
    assert {option.free for option in options_of(days, [town])} == {9}
    closed_home = refused(base, 9)
    assert {option.free for option in options_of(closed_home, [town])} != {9}
    assert options_of(refused(base, 9, closed=range(9)), [town]) == []


# --- every set ----------------------------------------------------------------------------


def drawn(seed, most=7):
    """A random question of a few convoys, and its means."""
    rand = random.Random(seed)  # noqa: S311 (no secret)
    days, towns = rand.randint(6, 14), rand.randint(1, 3)
    options = []
    for _ in range(rand.randint(1, most)):
        leaves = rand.randint(1, days - 2)
        arrives = rand.randint(leaves, days - 1)
        options.append(
            Option(
                corridor=rand.choice("AB"),
                source=rand.choice((90, 91)),
                town=rand.randrange(towns),
                path=tuple(rand.sample(range(0, 8, 2), 2)),
                leaves=leaves,
                arrives=arrives,
                free=arrives + rand.randint(1, 6),
                keep=rand.choice((1.0, 0.9, 0.5)),
            )
        )
    missing = np.array([[rand.choice((0, 3, 8)) for _ in range(towns)] for _ in range(days)], float)
    spare = {("source", node): [rand.choice((0, 4, 9))] * days for node in (90, 91)}
    spare |= {("road", rand.randrange(4)): [rand.choice((0, 5, 50))] * days}
    question = Question(
        options=options,
        towns=list(range(towns)),
        missing=missing,
        worth=np.array([rand.choice((1.0, 2.0, 5.0)) for _ in range(towns)]),
        spare=spare,
        load_m3=2.0,
        assembly_days=1,
    )
    return question, Means(rand.randint(1, 2), rand.choice((1.0, 3.5, 20.0)))


@pytest.mark.parametrize("start", range(0, 100, 20))
def test_the_best_of_every_set_is_found_and_proven(start):
    """Within the gap that counts as proven; and leaving dominated ones out changes nothing."""
    for seed in range(start, start + 20):
        question, means = drawn(seed)
        best = brute_convoys.best_worth(question, means)
        choice = best_choice(question, means, prove=True)
        assert choice.worth == pytest.approx(best, rel=2e-3, abs=1e-6), seed
        assert choice.bound >= best - 1e-6 * (1 + best), seed
        assert choice.bound <= best * 1.002 + 1e-6, seed
        assert replay(question, means, choice).worth == pytest.approx(choice.worth)
        fewer = replace(question, options=undominated(question))
        assert brute_convoys.best_worth(fewer, means) == pytest.approx(best), seed


def test_more_means_never_make_it_worse():
    """One more escort, or more tankers."""
    for seed in range(200, 230):
        question, means = drawn(seed)
        worth = best_choice(question, means, prove=True).worth
        for more in (replace(means, escorts=means.escorts + 1),
                     replace(means, tankers=means.tankers + 2)):  # fmt: skip
            assert best_choice(question, more, prove=True).worth >= worth * 0.998 - 1e-6


def test_a_large_question_is_bounded_by_its_relaxation_and_by_the_whole(monkeypatch):
    """With a kernel of two options the rest is decided later, and the bound still holds."""
    monkeypatch.setattr("supplyroutes.analysis.trucks.convoy_search.KERNEL", 0)
    for seed in range(40):
        question, means = drawn(seed)
        best = brute_convoys.best_worth(question, means)
        quick = best_choice(question, means, prove=False)
        whole = best_choice(question, means, prove=True)
        assert quick.worth <= best + 1e-6
        assert quick.bound >= best - 1e-6
        assert whole.worth == pytest.approx(best, rel=2e-3, abs=1e-6)


# --- wrong answers ------------------------------------------------------------------------


def test_a_plan_that_takes_too_much_or_claims_too_much_is_refused():
    """Twice the escorts, too many tankers, a worth that is not there."""
    option = Option("A", 90, 0, (0,), 1, 2, 4, 1.0)
    question = Question([option], [0], np.full((6, 1), 4.0), np.ones(1),
                        {("source", 90): [9.0] * 6}, 2.0, 1)  # fmt: skip
    good = Choice((Sent(option, 2.0),), {90: 2.0}, 4.0, 16.0)
    assert replay(question, Means(1, 2.0), good).missing.sum() == pytest.approx(20)
    for wrong, means in (
        (replace(good, sent=(Sent(option, 1.0), Sent(option, 1.0))), Means(1, 2.0)),
        (good, Means(1, 1.0)),
        (replace(good, stationed={90: 1.0}), Means(1, 2.0)),
        (replace(good, sent=(Sent(option, 10.0),), stationed={90: 10.0}, worth=16.0),
         Means(1, 10.0)),
        (replace(good, worth=5.0), Means(1, 2.0)),
    ):  # fmt: skip
        with pytest.raises(SolverError):
            replay(question, means, wrong)


def test_a_program_without_an_answer_is_an_error():
    """A row that nothing meets."""
    question, means = drawn(1)
    model = ConvoyModel(question, means)
    model.program.rows.lower[0] = model.program.rows.upper[0] = -1e6
    with pytest.raises(SolverError, match="no answer"):
        whole_of(model.program, model.size, nodes=10, gap_share=0.0, start=None)


def test_an_answer_that_breaks_a_row_or_beats_its_bound_is_refused(monkeypatch):
    """A solver that lies: its columns are moved, or its bound is."""
    import highspy

    question, means = drawn(3)
    model = ConvoyModel(question, means)
    info = highspy.Highs.getInfo

    def lying(solver):
        told = info(solver)
        told.mip_dual_bound = 1e9
        return told

    monkeypatch.setattr(highspy.Highs, "getInfo", lying)
    with pytest.raises(SolverError, match="better than its bound"):
        whole_of(model.program, model.size, nodes=100, gap_share=0.0, start=None)
    monkeypatch.setattr(highspy.Highs, "getInfo", info)
    real = model.program.model

    def loose():
        made = real()
        made.row_lower_ = np.full(len(made.row_lower_), -np.inf)
        made.row_upper_ = np.full(len(made.row_upper_), np.inf)
        return made

    monkeypatch.setattr(model.program, "model", loose)
    with pytest.raises(SolverError, match="breaks a bound"):
        whole_of(model.program, model.size, nodes=100, gap_share=0.0, start=None)


# --- the recorded case --------------------------------------------------------------------


def test_the_mali_case_over_twelve_days():
    """As known on 15 October 2025: two escorts bring fuel to where most people wait for it."""
    network, events = sr.datasets.mali()
    days = sr.timeline(network, events.known_by("2025-10-15"), start="2025-10-15", end="2025-10-26")
    plan = sr.convoy_plan(days, escorts_per_week=2, tankers=300)
    assert plan.least_dry <= plan.dry < plan.dry_without
    assert set(plan.convoys["loads_at"]) <= set(network.tables.supply.columns["node"])
    assert (plan.convoys["arrives"] <= date(2025, 10, 26)).all()
    assert plan.gap_share < 0.1
    assert plan.towns["days_dry"].le(plan.towns["days_dry_without"] + 1e-9).all()
