"""Draws of uncertain inputs: inside their ranges, together as stated, by luck that is shared."""

import pickle
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.outlooks.draws import chance, days_at, value_at

LUCK = st.floats(0, 1, exclude_min=True, exclude_max=True)
RANGES = st.lists(st.floats(0, 1e6), min_size=3, max_size=3).map(lambda ends: tuple(sorted(ends)))


def mali(**options):
    """The draws of the Mali case."""
    return sr.ensemble(*sr.datasets.mali(), **options)


# --- one value ----------------------------------------------------------------------------


def test_the_best_value_is_the_median_and_each_side_a_triangle():
    """By hand: the density falls from the best value to nothing, so that F(x) = s^2 / 2 below."""
    ends = (10.0, 20.0, 60.0)
    assert value_at(ends, 0.5) == 20
    for share in (0.1, 0.25, 0.7, 0.9):
        assert value_at(ends, share**2 / 2) == pytest.approx(10 + 10 * share)
        assert value_at(ends, 1 - share**2 / 2) == pytest.approx(60 - 40 * share)


@given(RANGES, LUCK)
def test_a_value_stays_in_its_range(ends, luck):
    """To rounding; what has no range is its best value."""
    low, best, high = ends
    value = value_at(ends, luck)
    assert low * (1 - 1e-12) <= value <= high * (1 + 1e-12)
    assert value_at((best, best, best), luck) == best


@given(st.lists(RANGES, min_size=2, max_size=5), LUCK)
def test_what_shares_its_luck_adds_up(ranges, luck):
    """The sum of the values is the value of the sums: towns add up to the country."""
    sums = tuple(sum(ends) for ends in zip(*ranges, strict=True))
    whole = sum(value_at(ends, luck) for ends in ranges)
    assert whole == pytest.approx(value_at(sums, luck), rel=1e-9, abs=1e-9)


@given(RANGES, LUCK, LUCK)
def test_more_luck_is_no_less(ends, one, other):
    """The value rises with the chance."""
    lower, higher = sorted((one, other))
    assert value_at(ends, lower) <= value_at(ends, higher) * (1 + 1e-12) + 1e-12


DAYS = st.lists(st.none() | st.integers(0, 400), min_size=3, max_size=3).map(
    lambda ends: tuple(sorted(ends, key=lambda days: inf if days is None else days))
)


@given(DAYS, LUCK, LUCK)
def test_a_duration_is_whole_days_or_no_end(ends, one, other):
    """Between its ends, no end being the longest, and longer with more luck."""
    lower, higher = (
        inf if (days := days_at(ends, luck)) is None else days for luck in sorted((one, other))
    )
    low, high = (inf if end is None else end for end in (ends[0], ends[2]))
    assert low <= lower <= higher <= high
    assert lower == inf or lower == int(lower)


def test_a_duration_without_an_end_by_hand():
    """14 days to no end: at an eighth of the chance half of 1 / 15, which is 29 days."""
    assert days_at((14, None, None), 1 / 8) == 29
    assert days_at((14, None, None), 0.5) is None
    assert days_at((7, 30, None), 0.5) == 30
    assert days_at((7, 30, None), 7 / 8) == 61  # half of 1 / 31


# --- luck ---------------------------------------------------------------------------------


def test_luck_is_even():
    """A thousand chances of one input: a tenth in each tenth, and none tied to another input."""
    drawn = [chance(1, run, "one") for run in range(1000)]
    for tenth in range(10):
        assert 70 <= sum(tenth / 10 <= value < (tenth + 1) / 10 for value in drawn) <= 130
    other = [chance(1, run, "two") for run in range(1000)]
    together = sum((a - 0.5) * (b - 0.5) for a, b in zip(drawn, other, strict=True)) / 1000
    assert abs(together) < 3.5 / 12 / 1000**0.5
    assert drawn != [chance(2, run, "one") for run in range(1000)]


def test_luck_hangs_on_seed_run_and_key_alone():
    """A case with fewer inputs, or more runs, keeps the luck of each."""
    network, events = sr.datasets.toy()
    whole = sr.ensemble(network, events, runs=3)
    fewer = sr.ensemble(
        network.with_figures(network.tables.demand.take([0])), events.without("T2"), runs=9
    )
    assert set(fewer.chances(2)) < set(whole.chances(2))
    assert all(whole.chances(2)[key] == luck for key, luck in fewer.chances(2).items())


# --- what a draw changes ------------------------------------------------------------------


def test_every_drawn_figure_is_inside_its_range_and_the_rest_untouched():
    """Tables, rules and assumptions of some runs of the Mali case."""
    draws = mali(runs=5)
    for network, events in draws:
        for name, figure in (
            ("demand", "demand_m3_per_day"),
            ("stocks", "stock_m3"),
            ("stocks", "storage_m3"),
            ("supply", "supply_m3_per_day"),
            ("limits", "limit_m3_per_day"),
        ):
            columns = getattr(network.tables, name).columns
            for low, best, high in zip(
                *(columns[f"{figure}_{end}"] for end in ("low", "best", "high")), strict=True
            ):
                assert low <= best <= high
        stocks = network.tables.stocks.columns
        assert all(map(float.__le__, stocks["stock_m3_best"], stocks["storage_m3_best"]))
        assert network.tables.towns == draws.network.tables.towns
        assert network.tables.roads == draws.network.tables.roads
        for key, entry in network.assumptions.items():
            old = draws.network.assumptions[key]
            assert (entry.low, entry.high) == (old.low, old.high)
            assert entry.low <= entry.best <= entry.high
        assert events.ruled_by(draws.events.rules) == draws.events
        moved = {name for one in draws.uncertain if one.kind == "rule" for name in one.members}
        same = [rule for rule in events.rules if rule == draws.events.rules[rule.rule]]
        assert {rule.rule for rule in events.rules} - {rule.rule for rule in same} <= moved


def test_the_demand_of_a_class_moves_together():
    """Each town's place in its range is the same, so the country's total is in its own."""
    network, _ = mali()[7]
    columns = network.tables.demand.columns
    rows = [
        (low, best, high, drawn)
        for kind, low, best, high, drawn in zip(
            columns["demand_class"],
            *(
                sr.datasets.mali()[0].tables.demand.columns[f"demand_m3_per_day_{end}"]
                for end in ("low", "best", "high")
            ),
            columns["demand_m3_per_day_best"],
            strict=True,
        )
        if kind == "transport"
    ]
    low, best, high, drawn = (sum(values) for values in zip(*rows, strict=True))
    luck = mali().chances(7)["demand:transport"]
    assert drawn == pytest.approx(value_at((low, best, high), luck))
    places = {round((one - b) / (h - b if one > b else b - lo), 6) for lo, b, h, one in rows}
    assert len(places) == 1


def test_rules_of_one_kind_and_phase_share_their_luck():
    """The two rules of a blockade declared and enforced, with ranges of their own."""
    draws = mali()
    table = draws.inputs
    key = "rule:blockade_declaration.during.capacity_factor"
    assert table.loc[key, "members"] == 2
    _, events = draws[4]
    luck = draws.chances(4)[key]
    assert events.rules["R02"].capacity_factor_best == value_at((0.2, 0.35, 0.5), luck)
    assert events.rules["R03"].capacity_factor_best == value_at((0.3, 0.5, 0.8), luck)


def test_a_case_without_ranges_is_drawn_as_it_is():
    """No stocks, no limits, no reports, figures that are sure: only assumptions are drawn."""
    network, events = sr.datasets.toy()
    sure = network.with_figures(network.tables.demand.take([]), network.tables.supply.take([]))
    draws = sr.ensemble(sure, events.without("T1", "T2", "T3"), runs=2)
    assert set(draws.inputs["kind"]) == {"assumption"}
    assert draws[1][0].tables == sure.tables


def test_draws_travel_and_refuse_what_makes_no_sense():
    """Between processes; no run, a run that is not there, a disrupted network."""
    draws = mali(runs=2)
    assert pickle.loads(pickle.dumps(draws))[1] == draws[1]  # noqa: S301
    network, events = sr.datasets.toy()
    with pytest.raises(sr.errors.RequestError, match="at least one"):
        sr.ensemble(network, events, runs=0)
    with pytest.raises(sr.errors.RequestError, match="disrupted already"):
        sr.ensemble(sr.disrupt(network, events, at="2025-01-12"), events)
    with pytest.raises(sr.errors.UnknownIdError):
        sr.ensemble(network, events, commodity="feul")
    with pytest.raises(IndexError):
        draws[2]


def test_figures_may_change_and_nothing_else():
    """Other roads make another network; a town that is not there is refused."""
    network, _ = sr.datasets.toy()
    with pytest.raises(sr.errors.RequestError, match="no other roads"):
        network.with_figures(network.tables.roads)
    mali_supply = sr.datasets.mali()[0].tables.supply
    with pytest.raises(sr.errors.DataError, match="dakar"):
        network.with_figures(mali_supply)


def test_a_planners_own_use_is_sure():
    """It stands for low, best and high, so it is the same in every run."""
    network, events = sr.datasets.toy()
    draws = sr.ensemble(network.with_demand({"East": 90}), events, runs=4)
    assert draws.inputs.loc["demand:transport", "members"] == 2  # north and south are left
    for drawn, _ in draws:
        assert drawn.nodes.loc["east", "demand_m3_per_day"] == pytest.approx(90)
