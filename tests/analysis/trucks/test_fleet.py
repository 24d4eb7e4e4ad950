"""The fleet: closed, shrinking, busy by Little's law, and no limit where it is large."""

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes.analysis.trucks.convoys import Convoy
from supplyroutes.analysis.trucks.deterrence import willingness
from supplyroutes.disruption import Timeline
from tests import flows

SPAN = {"start": "2025-01-08", "end": "2025-01-24"}


def toy(*, quiet=False):
    """The toy case over some days."""
    network, events = sr.datasets.toy()
    return sr.timeline(network, events.without("T1", "T2", "T3") if quiet else events, **SPAN)


def tankers(stocks) -> pd.Series:
    """All tankers on each evening, the lost ones included."""
    fleet = stocks.fleet
    return fleet["idle"] + fleet["loaded"] + fleet["empty"] + fleet["lost"].cumsum()


def test_a_large_fleet_is_no_limit():
    """Tankers for ten times the traffic change nothing."""
    free = sr.stock_levels(toy())
    large = sr.stock_levels(toy(), fleet=sr.Fleet(tankers=10_000))
    pd.testing.assert_frame_equal(free.balance, large.balance)
    pd.testing.assert_frame_equal(free.daily, large.daily)


@pytest.mark.parametrize("number", [None, 4, 2])
def test_with_nothing_blocked_the_traffic_goes_on(number):
    """What leaves on the first day leaves on every day: the tankers are back in time."""
    sent = sr.stock_levels(toy(quiet=True), fleet=sr.Fleet(tankers=number)).balance["sent_m3"]
    assert sent.to_numpy() == pytest.approx([sent.iloc[0]] * len(sent))


def test_a_small_fleet_carries_its_share():
    """Half of the tankers that the usual traffic keeps busy carry half of it (Little's law)."""
    usual = sr.stock_levels(toy(quiet=True), fleet=sr.Fleet()).balance["sent_m3"].iloc[0]
    network = sr.datasets.toy()[0]
    spare = network.assumptions["fleet_spare_ratio"].best
    day = sr.stock_levels(toy(quiet=True), fleet=sr.Fleet()).fleet.iloc[0]
    busy = (day["idle"] + day["loaded"] + day["empty"]) / spare
    half = sr.stock_levels(toy(quiet=True), fleet=sr.Fleet(tankers=busy / 2))
    assert half.balance["sent_m3"].iloc[0] == pytest.approx(usual / 2)


def test_without_tankers_nothing_leaves():
    """An answer, not an error."""
    stocks = sr.stock_levels(toy(), fleet=sr.Fleet(tankers=0))
    assert stocks.balance["sent_m3"].sum() == 0
    assert tankers(stocks).max() == 0


@pytest.mark.parametrize("number", [-1, float("nan"), float("inf")])
def test_a_number_of_tankers_that_is_none_is_refused(number):
    """Told when the fleet is made."""
    with pytest.raises(sr.errors.RequestError, match="tankers"):
        sr.Fleet(tankers=number)


def test_a_convoy_brings_its_load_and_its_tankers_come_home():
    """Recorded: it arrives on its day, less its losses, whatever is told of the road."""
    network, events = sr.datasets.toy()
    top = network.topology
    arc = 2 * top.edge_index["port--north"]
    arc = arc if top.node_ids[top.head[arc]] == "north" else arc + 1
    convoy = Convoy("C1", "NORTH", top.node_index["north"], (arc,), 2.0, date(2025, 1, 10),
                    arrives=date(2025, 1, 11), lost=1.0)  # fmt: skip
    days = sr.timeline(network, events, **SPAN)
    without = sr.stock_levels(days, fleet=sr.Fleet(tankers=1000))
    given = sr.stock_levels(days, fleet=sr.Fleet(tankers=1000, convoys=(convoy,)))
    load = network.assumptions["tanker_load_m3"].best
    more = given.balance - without.balance
    assert more.loc[date(2025, 1, 10), "sent_m3"] == pytest.approx(2 * load)
    assert more.loc[date(2025, 1, 10), "under_way_m3"] == pytest.approx(2 * load)
    assert more.loc[date(2025, 1, 11), "lost_m3"] == pytest.approx(load)
    assert given.fleet["lost"].sum() - without.fleet["lost"].sum() == pytest.approx(1)
    assert tankers(given).to_numpy() == pytest.approx([1000] * len(days))


def test_deterrence_lets_fewer_leave():
    """Drivers who stay away are tankers that stand idle, not tankers that are lost."""
    network, events = sr.datasets.toy()
    network = network.assuming({"fear_ratio": 1})
    row = {"event": "X1", "kind": "threat", "scope": "country", "basis": "reported",
           "start": "2025-01-10", "confidence": "A", "text": "t", "source": "s"}  # fmt: skip
    events = events.adding(row, {**row, "event": "X2"}, {**row, "event": "X3"})
    days = sr.timeline(network, events, **SPAN)
    brave = sr.stock_levels(days, fleet=sr.Fleet())
    shy = sr.stock_levels(days, fleet=sr.Fleet(deterrence=willingness(network, events, **SPAN)))
    assert shy.balance["sent_m3"].sum() < brave.balance["sent_m3"].sum()
    assert shy.fleet["idle"].sum() > brave.fleet["idle"].sum()


@settings(max_examples=40, deadline=None)
@given(
    flows.days(),
    st.sampled_from([None, 0.5, 3, 40]),
    st.lists(st.booleans(), min_size=9, max_size=9),
)
def test_tankers_and_fuel_balance_on_every_day(case, number, worse):
    """No tanker and no m3 is made or forgotten, to 1e-6, whatever comes after what."""
    base, factors, losses = case
    states = (base.state, flows.on_day(base, factors, losses).state)
    dates = [date(2025, 1, 5) + timedelta(days=day) for day in range(len(worse))]
    days = Timeline(base, "fuel", dates, [states[bad] for bad in worse])
    stocks = sr.stock_levels(days, fleet=sr.Fleet(tankers=number))
    total = tankers(stocks)
    assert total.to_numpy() == pytest.approx([total.iloc[0]] * len(total), abs=1e-6)
    if number is not None and total.iloc[0] > 0:
        assert total.iloc[0] == pytest.approx(number)
    balance = stocks.balance
    change = balance["under_way_m3"].diff().iloc[1:]
    rest = balance["sent_m3"] - balance["arrived_m3"] - balance["lost_m3"] - balance["returned_m3"]
    assert (rest.iloc[1:] - change).abs().max() <= 1e-6
