"""What stops for lack of fuel: by hand, by laws, and the recorded numbers of the table."""

import csv
import json
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import supplyroutes as sr
from supplyroutes.analysis.stores.lifelines import (
    LIFELINES,
    ON_POWER,
    _generators,
    _numbers,
    _running,
    dependence,
    lifelines,
)
from supplyroutes.checks import ranges_of
from supplyroutes.io.tables import data_folder

DAYS, TOWNS = 6, 3
SHARES = arrays(float, (DAYS, TOWNS), elements=st.sampled_from((0.0, 0.2, 0.5, 0.9, 1.0)))
CAPITAL = np.array([True, False, False])


def column(*values):
    """One town, day by day."""
    return np.array(values, dtype=float)[:, None]


def test_power_of_the_capital_and_of_a_town_by_hand():
    """Nothing left for the plants: hydro gives the capital 0.296 x 24 = 7.1 h, a town none."""
    met = np.zeros((1, 2)), np.zeros((1, 2))
    run = _running(met, _numbers("best"), np.array([True, False]))
    assert run.hours.tolist() == [[pytest.approx(7.104), 0.0]]
    half = np.full((1, 2), 0.5), np.ones((1, 2))
    run = _running(half, _numbers("best"), np.array([True, False]))
    assert run.hours.tolist() == [[pytest.approx(24 * (0.296 + 0.352)), 12.0]]
    # half the pumps have generators: 0.5 + 0.5 x 0.5
    assert run.share["water"][0, 1] == pytest.approx(0.75)


def test_a_tank_by_hand():
    """A tank of two days, half of each day off the grid, a quarter of the need on sale.

    Short by 0.375 a day: 2 -> 1.625 -> 1.25 -> 0.875 -> 0.5 -> 0.125 -> 0: on the sixth day
    0.125 of 0.375 comes from the tank. All on sale fills it again.
    """
    got = _generators(column(*[0.5] * 8), column(*[0.25] * 6, 1, 0.25), 2.0)
    assert got[:5, 0].tolist() == [1.0] * 5
    assert got[5, 0] == pytest.approx((0.125 + 0.125) / 0.5)
    assert got[6:, 0].tolist() == [1.0, 1.0]


def test_a_generator_that_is_not_needed_lacks_nothing():
    """Power all day: nothing is bought and nothing drawn."""
    assert _generators(column(0, 0), column(0, 0), 1.0)[:, 0].tolist() == [1.0, 1.0]


@given(SHARES, SHARES, st.sampled_from(("best", "worse", "better")))
def test_shares_are_shares(plants, generators, end):
    """Between 0 and 1; never less than the grid alone gives."""
    run = _running((plants, generators), _numbers(end), CAPITAL)
    for name in LIFELINES:
        assert ((run.share[name] >= 0) & (run.share[name] <= 1 + 1e-12)).all()
    for name in ON_POWER:
        assert (run.share[name] >= run.hours / 24 - 1e-12).all()


@given(SHARES, SHARES, st.integers(0, DAYS - 1), st.integers(0, TOWNS - 1))
def test_more_fuel_on_a_day_never_harms(plants, generators, day, town):
    """Neither for the plants nor for generators, on that day or later."""
    before = _running((plants, generators), _numbers("best"), CAPITAL)
    for which in (0, 1):
        more = [plants.copy(), generators.copy()]
        more[which][day, town] = 1.0
        after = _running((more[0], more[1]), _numbers("best"), CAPITAL)
        for name in LIFELINES:
            assert (after.share[name] >= before.share[name] - 1e-12).all()


@given(SHARES, SHARES)
def test_the_worse_end_is_never_better(plants, generators):
    """Every lifeline of every town and day, in the order worse, best, better."""
    runs = [
        _running((plants, generators), _numbers(end), CAPITAL)
        for end in ("worse", "best", "better")
    ]
    for name in LIFELINES:
        for lower, higher in pairwise(runs):
            assert (lower.share[name] <= higher.share[name] + 1e-12).all()
            assert lower.stop[name] >= higher.stop[name]


def test_the_table_is_in_order_and_its_recorded_numbers_are_those_of_the_case():
    """Low, best and high; F057 thermal share, F058 by F003 for the hours at the low end."""
    table = dependence()
    assert not list(ranges_of(table))
    numbers = {row["key"]: row for row in table.rows()}
    path = data_folder() / "mali" / "figures.csv"
    with path.open(encoding="utf-8", newline="") as stream:
        figures = {row["figure"]: row for row in csv.DictReader(stream)}
    thermal = float(figures["F057"]["value"]) / 100
    assert numbers["power_thermal_capital"]["best"] == pytest.approx(thermal)
    need = float(figures["F003"]["value"]) / 365
    burnt = float(figures["F058"]["value"]) / need
    assert numbers["power_full"]["low"] == round(24 * (1 - thermal + thermal * burnt))
    for row in table.rows():
        assert row["source"].startswith("F0") or "assumption" in row["source"]


def mali(start, end, **options):
    """The lifelines of the Mali case."""
    days = sr.timeline(*sr.datasets.mali(), start=start, end=end)
    return lifelines(sr.stock_levels(days, **options)), days


def test_before_the_blockade_everything_runs():
    """The first days of September, at best values; nothing is told of towns off the network."""
    found, _ = mali("2025-08-20", "2025-08-24")
    on = found.towns.index.get_level_values("node")
    assert found.summary() == dict.fromkeys(LIFELINES, 0)
    assert {"kidal", "fekola"} <= set(found.left_out)
    assert not set(found.left_out) & set(on)
    bamako = found.daily.xs("bamako", level="node")
    assert (bamako["power_h_per_day"] == 24).all()


def test_a_capital_without_fuel_lives_on_hydro():
    """No stock at all and every road closed: what stops, and when, by town and lifeline."""
    network, events = sr.datasets.mali()
    none = network.with_figures(network.tables.stocks.take([]), network.tables.supply.take([]))
    days = sr.timeline(none, events.without(*[report.event for report in events]),
                       start="2025-09-01", end="2025-09-10")  # fmt: skip
    stocks = sr.stock_levels(days)
    assert not stocks.towns["on_network"].any()  # no source: nobody is on the network
    assert len(lifelines(stocks).daily) == 0


def test_the_order_of_stopping_and_the_plain_form():
    """Bamako in October: water before hospitals at the worse end; JSON holds it all."""
    found, days = mali("2025-09-01", "2025-11-15")
    bamako = found.towns.loc["bamako"]
    worse, best = bamako["days_to_stop_low"], bamako["days_to_stop"]
    assert (worse.dropna() <= best[worse.notna()].fillna(np.inf)).all()
    assert worse["water"] <= worse["hospitals"]
    for (node, name), row in found.towns.iterrows():
        column_of = "power_h_per_day" if name == "power" else f"{name}_share"
        lived = found.daily.xs(node, level="node")[column_of]
        least = lived.min() / (24 if name == "power" else 1)
        assert row["least_share"] == pytest.approx(least)
        if row["stopped_on"] is not None:
            assert days.dates[int(row["days_to_stop"])] == row["stopped_on"]
    told = found.to_dict()
    json.dumps(told, allow_nan=False)
    assert told["basis"] == "assumption"
    assert len(told["assumed"]) == len(dependence())
    assert "<table" in found._repr_html_()
