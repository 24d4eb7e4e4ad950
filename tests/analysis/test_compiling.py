"""Kernels compiled where that pays: the same answer, and a quiet way without numba."""

import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import supplyroutes as sr
from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis import compiling
from tests import toy
from tests.strategies import cases, days


@pytest.fixture(autouse=True)
def _fresh():
    """Forget what was compiled, before and after."""
    compiling.compiled.cache_clear()
    yield
    compiling.compiled.cache_clear()


def test_a_large_network_without_numba_is_answered_all_the_same(monkeypatch):
    """The kernel itself is used."""
    monkeypatch.setitem(sys.modules, "numba", None)
    assert compiling.fast(nearest_source, compiling.LARGE_ARCS) is nearest_source


def test_where_machine_code_cannot_be_kept_it_is_made_anew(monkeypatch):
    """No folder to write in: compiled without one."""
    numba = pytest.importorskip("numba")
    made = numba.njit

    def unwritable(*given, **options):
        if options.get("cache"):
            raise RuntimeError("no locator available")
        return made(*given, **options)

    monkeypatch.setattr(numba, "njit", unwritable)
    assert compiling.compiled(nearest_source) is not None


CHOICES = ("fastest", "safest", "pareto", "edge_disjoint", "node_disjoint")


def asked(choose):
    """Return answers on the toy: of a day, without any source, of a mine, of a source."""
    day = sr.disrupt(toy.network(), sr.datasets.toy()[1], at="2025-01-12")
    trips = (sr.Trip(), sr.Trip(avoid=("port",)), sr.Trip(origins=("south", "north")))
    return [
        sr.supply_paths(day, to=to, choose=choose, trip=trip).to_dict()
        for to in ("east", "mine", "south")
        for trip in trips
    ]


@pytest.mark.parametrize("choose", CHOICES)
def test_paths_are_the_same_compiled(monkeypatch, choose):
    """Every kernel behind `supply_paths`, forced to be compiled, gives the same tables."""
    pytest.importorskip("numba")
    plain = asked(choose)
    monkeypatch.setattr(compiling, "LARGE_ARCS", 0)
    assert asked(choose) == plain


def test_waiting_and_places_to_pass_are_the_same_compiled(monkeypatch):
    """Rows of days; several copies of the network."""
    pytest.importorskip("numba")
    network, events = sr.datasets.toy()
    days = sr.timeline(network, events, start="2025-01-10", end="2025-01-14")
    trips = (sr.Trip(days=days), sr.Trip(via=("north",)), sr.Trip(via=("south",), days=days))

    def ask():
        day = days["2025-01-12"]
        return [sr.supply_paths(day, to="bridge", trip=trip).to_dict() for trip in trips]

    plain = ask()
    monkeypatch.setattr(compiling, "LARGE_ARCS", 0)
    assert ask() == plain


def test_arrays_hold_what_the_kernel_declares():
    """Empty lists of nodes are whole numbers, and whole hours are floats."""
    arrays = compiling.as_arrays(nearest_source, ((0, 0), (), [], [1, 2], b"", ()))
    kinds = [array.dtype.kind for array in arrays]
    assert kinds == ["i", "i", "i", "f", "u", "i"]


@settings(max_examples=200, deadline=None)
@given(cases(max_events=3), days, st.integers(0, 8), st.sampled_from(CHOICES))
def test_random_cases_are_the_same_compiled(case, day, place, choose):
    """Small networks in all shapes, with no source too."""
    pytest.importorskip("numba")
    network = sr.disrupt(case.network(), case.reports(), at=day)
    to = case.towns[place % len(case.towns)]["node"]
    plain = sr.supply_paths(network, to=to, choose=choose).to_dict()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiling, "LARGE_ARCS", 0)
        assert sr.supply_paths(network, to=to, choose=choose).to_dict() == plain
