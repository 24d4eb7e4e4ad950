"""One source, two speeds: kernels compiled by numba where that pays and numba is there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from types import FunctionType
from typing import Any, TypeVar

LARGE_ARCS = 20_000
"""Arcs from which a kernel is compiled: below, Python answers before a compiler is loaded."""
_Kernel = TypeVar("_Kernel", bound=Callable[..., Any])


def fast(kernel: _Kernel, arcs: int) -> _Kernel:
    """Return a kernel that gives the same answer, compiled if the network is large.

    The compiled one takes the same flat sequences. Without the extra ``fast`` (numba) it is the
    kernel itself.

    >>> from supplyroutes._kernels.paths import nearest_source
    >>> fast(nearest_source, 100) is nearest_source
    True
    """
    if arcs < LARGE_ARCS:
        return kernel
    built = compiled(kernel)
    if built is None:
        return kernel

    def call(*values: Any) -> Any:
        return built(*as_arrays(kernel, values))

    return call  # type: ignore[return-value]


@cache
def compiled(kernel: Callable[..., Any]) -> Callable[..., Any] | None:
    """Return a kernel compiled from its source, for numpy arrays; None without numba.

    Other kernels of its module that it calls are compiled with it. The machine code is kept
    beside the module, or in the user's cache where that cannot be written.
    """
    try:
        import numba
    except ImportError:
        return None
    source: Any = kernel
    names = {
        name: compiled(value)
        for name, value in source.__globals__.items()
        if name in source.__code__.co_names and isinstance(value, FunctionType)
        if value.__module__ == source.__module__
    }
    whole = FunctionType(source.__code__, {**source.__globals__, **names}, source.__name__)
    try:
        return numba.njit(cache=True)(whole)
    except RuntimeError:  # nowhere to keep the machine code
        return numba.njit(whole)


def as_arrays(kernel: Callable[..., Any], values: Sequence[Any]) -> list[Any]:
    """Return the arguments of a kernel, its flat sequences as arrays.

    What an array holds is what the kernel declares, not what the values happen to be: an empty
    list of nodes is one of whole numbers, and whole hours are floats.
    """
    declared = kernel.__annotations__
    names = kernel.__code__.co_varnames
    return [_array(value, declared[name]) for value, name in zip(values, names, strict=False)]


def _array(value: Any, declared: str) -> Any:
    """Return a flat sequence as an array of the type declared, anything else as it is."""
    import numpy as np

    if isinstance(value, (bytes, bytearray)):
        return np.frombuffer(value, dtype=np.uint8)
    if isinstance(value, (list, tuple)):
        return np.asarray(value, dtype=np.int64 if declared.endswith("[int]") else np.float64)
    return value
