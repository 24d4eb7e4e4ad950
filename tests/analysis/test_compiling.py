"""Kernels compiled where that pays: the same answer, and a quiet way without numba."""

import sys

import pytest

import supplyroutes as sr
from supplyroutes._kernels.paths import nearest_source
from supplyroutes.analysis import compiling
from tests import toy


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


@pytest.mark.parametrize("choose", ["fastest", "safest", "pareto", "edge_disjoint"])
def test_paths_are_the_same_compiled(monkeypatch, choose):
    """Every kernel behind `supply_paths`, forced to be compiled, gives the same tables."""
    pytest.importorskip("numba")
    day = sr.disrupt(toy.network(), sr.datasets.toy()[1], at="2025-01-12")
    plain = sr.supply_paths(day, to="east", choose=choose).to_dict()
    monkeypatch.setattr(compiling, "LARGE_ARCS", 0)
    assert sr.supply_paths(day, to="east", choose=choose).to_dict() == plain
