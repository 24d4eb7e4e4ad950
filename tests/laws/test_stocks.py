"""Laws of stocks on random timelines: balances, neutral days, no look ahead, order, bytes."""

import json
from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.disruption import Timeline
from tests import stocks
from tests.oracles import brute_stock

lots = settings(max_examples=100, deadline=None)
some = settings(max_examples=30, deadline=None)
ROUNDING = 1e-6


@lots
@given(stocks.cases(), stocks.options)
def test_law_3_what_was_sent_arrived_was_lost_returned_or_is_under_way(days, options):
    """On every day, the first too, to 1e-6; so for stocks, and for what is used and missing."""
    found = sr.stock_levels(days, **options)
    balance = found.balance.to_numpy()
    columns = dict(zip(found.balance.columns, balance.T, strict=True))
    scale = 1 + np.abs(balance).max()
    before = found.summary()["under_way_before_m3"]
    change = np.diff(columns["under_way_m3"], prepend=before)
    out = columns["arrived_m3"] + columns["lost_m3"] + columns["returned_m3"] + change
    assert np.abs(columns["sent_m3"] - out).max() <= ROUNDING * scale
    assert (balance >= -ROUNDING).all()
    towns, daily = found.towns, found.daily
    stock = daily["stock_m3"].unstack()[towns.index].to_numpy()
    arrived, used, unmet = (
        daily[name].unstack()[towns.index].to_numpy()
        for name in ("arrived_m3", "used_m3", "unmet_m3")
    )
    before = np.vstack([towns["stock_m3"].to_numpy(), stock[:-1]])
    assert np.abs(stock - before - arrived + used).max(initial=0) <= ROUNDING * scale
    assert np.abs(used + unmet - towns["use_m3_per_day"].to_numpy()).max(initial=0) <= ROUNDING
    assert (stock <= towns["storage_m3"].to_numpy() + ROUNDING).all()
    assert (daily.to_numpy() >= -ROUNDING).all()
    off = ~towns["on_network"].to_numpy()
    assert (arrived[:, off] <= ROUNDING).all()
    by_class = found.daily_classes()["used_m3"].groupby(level=["date", "node"]).sum()
    assert np.allclose(daily["used_m3"].reindex(by_class.index), by_class, atol=ROUNDING)


@lots
@given(stocks.cases(most_days=1), st.integers(1, 9), stocks.options)
def test_with_nothing_blocked_and_enough_for_all_every_stock_stays(days, count, options):
    """Neutral law: usual stock on every day, every use served, the same sent every day."""
    base = days.base
    found = sr.supply_flow(base, **{key: options[key] for key in ("allocation", "policy")})
    if found.unmet_m3_per_day > 0:
        return
    calm = stocks.on_days(base, [()] * count)
    got = sr.stock_levels(calm, **options)
    inside = got.towns[got.towns["on_network"]]
    stock = got.daily["stock_m3"].unstack()[inside.index]
    assert np.allclose(stock, inside["stock_m3"].to_numpy(), atol=1e-4)
    assert not inside["days_dry"].any()
    assert np.allclose(got.balance["sent_m3"], found.sent_m3_per_day, atol=1e-4)
    assert np.allclose(got.balance["arrived_m3"], found.delivered_m3_per_day, atol=1e-4)


@some
@given(stocks.cases(), stocks.options, st.integers(1, 8))
def test_a_day_knows_nothing_of_later_days(days, options, count):
    """The first days of a span are those of a shorter span, whatever comes after."""
    count = min(count, len(days))
    states = [days[day].state for day in days.dates]
    short = Timeline(days.base, "fuel", days.dates[:count], states[:count])
    whole, part = (sr.stock_levels(one, **options) for one in (days, short))
    assert np.array_equal(whole.daily.loc[part.daily.index], part.daily)
    assert np.array_equal(whole.balance.iloc[:count], part.balance)


@some
@given(stocks.cases(), stocks.options, st.randoms(use_true_random=False))
def test_m13_relabelling_and_order_of_rows_change_no_answer(days, options, random):
    """Rows of every table shuffled: the same bytes."""
    base = days.base
    tables = base.tables
    shuffled = {}
    for name in ("towns", "roads", "demand", "stocks", "supply"):
        rows = list(range(len(getattr(tables, name))))
        random.shuffle(rows)
        shuffled[name] = getattr(tables, name).take(rows)
    other = sr.Network(replace(tables, **shuffled), base.assumptions)
    moved = Timeline(other, "fuel", days.dates, [days[day].state for day in days.dates])
    one, two = (json.dumps(sr.stock_levels(which, **options).to_dict()) for which in (days, moved))
    assert one == two


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from((3, 6, 9, 12, 18)), min_size=1, max_size=3),
    st.tuples(st.integers(0, 40), st.integers(0, 30), st.sampled_from((5, 10, 14, 40))),
    st.lists(st.sets(st.integers(0, 2), max_size=2), min_size=1, max_size=12),
    st.sampled_from((None, 0, 1, 3)),
)
def test_one_road_and_one_town_fare_as_truck_by_truck_in_exact_fractions(legs, held, shut, back):
    """Stock, arrivals, use, sent, returned and under way of every day, waiting or turning back."""
    usual, more, supply = held
    room = usual + more
    closed = [{leg for leg in told if leg < len(legs)} for told in shut]
    base = stocks.line(legs, 10, usual, room, supply=str(supply))
    if back is not None:
        base = base.assuming({"turn_back_days": back})
    factors = [[0.0 if arc // 2 in told else 1.0 for arc in range(2 * len(legs))]
               for told in closed]  # fmt: skip
    found = sr.stock_levels(
        stocks.on_days(base, factors), conduct="wait" if back is None else "turn_back"
    )
    wanted = brute_stock.days_of(brute_stock.Road(legs, 10, usual, room, supply, back), closed)
    columns = ["stock_m3", "arrived_m3", "used_m3", "sent_m3", "returned_m3", "under_way_m3"]
    assert np.allclose(found.balance[columns], np.array(wanted, dtype=float), atol=1e-5)
