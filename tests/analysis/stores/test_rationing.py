"""A town's day by hand: who uses what, what the tanks take, what is ordered."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from supplyroutes.analysis.stores.rationing import orders, use_and_unload
from supplyroutes.analysis.stores.stock_towns import Tanks, Towns


def town(use, rank, usual, room, own=(0.0, 0.0)):
    """One town with classes of use, ranks, its usual stock and its tanks; own: usual and room."""
    use, rank = np.array([use], dtype=float), np.array([rank])
    alone = [np.zeros(use.shape) for _ in range(2)]
    for kind, amount in zip(alone, own, strict=True):
        kind[0, 0] = amount
    usual, room = (Tanks(np.array([amount], dtype=float), kind)
                   for amount, kind in zip((usual, room), alone, strict=True))  # fmt: skip
    return Towns((0,), np.array([True]), ("power", "transport"), use, rank, usual, usual, room)


def day(towns, stock, gate, reserve=3.0, own=0.0):
    """Used by class, shared and own stock, and what stays at the gate."""
    alone = np.zeros(towns.use.shape)
    alone[0, 0] = own
    tanks = Tanks(np.array([stock], dtype=float), alone)
    left = use_and_unload(towns, tanks, np.array([gate], dtype=float), reserve)
    return left.used[0].tolist(), left.tanks.shared[0], left.tanks.alone[0, 0], left.gate[0]


def test_without_ranks_all_classes_share_alike():
    """6 for 2 and 10."""
    assert day(town((2, 10), (0, 0), 30, 50), 4, 2) == ([1.0, 5.0], 0.0, 0.0, 0.0)


def test_lower_ranks_leave_what_higher_ones_use_in_the_reserve_days():
    """Power uses 2 of 11, keeps 3 days = 6; transport gets 3. With 9 it gets 1, with 8 nothing."""
    towns = town((2, 10), (0, 1), 30, 50)
    assert day(towns, 11, 0) == ([2.0, 3.0], 6.0, 0.0, 0.0)
    assert day(towns, 9, 0) == ([2.0, 1.0], 6.0, 0.0, 0.0)
    assert day(towns, 5, 0) == ([2.0, 0.0], 3.0, 0.0, 0.0)
    assert day(towns, 1, 0) == ([1.0, 0.0], 0.0, 0.0, 0.0)


def test_a_town_that_keeps_no_stock_keeps_no_reserve():
    """From hand to mouth: what is left after power is used."""
    assert day(town((2, 10), (0, 1), 0, 0), 0, 12) == ([2.0, 10.0], 0.0, 0.0, 0.0)


def test_fuel_that_one_class_alone_can_burn_goes_first_and_is_filled_up_last():
    """Power burns 2 of its own 5; of 12 that arrive transport takes 10, 2 fill power's tanks."""
    towns = town((2, 10), (0, 0), 30, 50, own=(5, 8))
    assert day(towns, 30, 12, own=5) == ([2.0, 10.0], 30.0, 5.0, 0.0)
    assert day(towns, 20, 12, own=5) == ([2.0, 10.0], 22.0, 3.0, 0.0)


def test_what_full_tanks_cannot_take_waits_at_the_gate():
    """The shared tanks take 50, then power's 8; the rest waits; use made room for 10 of it."""
    towns = town((2, 10), (0, 0), 30, 50, own=(5, 8))
    assert day(towns, 50, 20, own=5) == ([2.0, 10.0], 50.0, 8.0, 5.0)


@pytest.mark.parametrize(
    ("stock", "due", "wanted"),
    [(30, 24, 1), (27, 24, 1.25), (10, 24, 1.5), (10, 0, 1.5), (10, 42, 1 + 2 / 12),
     (30, 50, 0.5), (50, 44, 0), (60, 24, 1 / 6)],
)  # fmt: skip
def test_orders_follow_stock_and_what_is_due(stock, due, wanted):
    """12 a day, 2 evenings under way, usual 30, tanks 50: 24 is usually due.

    Below 30 up to half a day more; 42 due are 18 more than usual, of 20 missing; with 50 due and
    30 held the tanks take 50 + 36 - 80 = 6 (half a day).
    """
    towns = town((2, 10), (0, 0), 30, 50)
    got = orders(towns, *(np.array([float(value)]) for value in (stock, due, 2.0)), 1.5)
    assert got[0] == pytest.approx(wanted, abs=1e-6)


def test_who_uses_nothing_orders_nothing():
    """Also with empty tanks."""
    nothing = np.zeros(1)
    assert orders(town((0, 0), (0, 0), 30, 50), nothing, nothing, nothing, 1.5)[0] == 0


amounts = st.floats(0, 100)


@settings(max_examples=300, deadline=None)
@given(st.tuples(*[amounts] * 8), st.tuples(st.integers(0, 1), st.integers(0, 1)))
def test_fuel_is_neither_made_nor_lost_and_tanks_are_kept(told, rank):
    """Any town, any day; more at the gate never serves a class less."""
    power, transport, usual, more, own, own_more, stock, gate = told
    towns = town((power, transport), rank, usual, usual + more, own=(own, own + own_more))
    stock = min(stock, usual + more)
    used, shared, alone, over = day(towns, stock, gate, own=own)
    assert sum(used) + shared + alone + over == pytest.approx(stock + own + gate)
    assert -1e-9 <= shared <= usual + more + 1e-9
    assert -1e-9 <= alone <= own + own_more + 1e-9
    assert 0 <= over <= gate
    assert 0 <= used[0] <= power + 1e-9
    assert 0 <= used[1] <= transport + 1e-9
    better, *_ = day(towns, stock, gate + 1, own=own)
    assert all(now >= then - 1e-9 for now, then in zip(better, used, strict=True))
