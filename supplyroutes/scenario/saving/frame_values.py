"""Tables of pandas and arrays of numpy as plain JSON values, and back, with their types."""

from __future__ import annotations

from collections.abc import Callable
from math import inf, isfinite, nan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

Told = Any
Tell = Callable[[Any], Told]
Read = Callable[[Told], Any]
NUMBERS = frozenset({"bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
                     "uint64", "float32", "float64"})  # fmt: skip
"""Types of numbers that a file may hold; beside them there are texts (str) and any (object)."""
_ENDLESS = {"inf": inf, "-inf": -inf}


def tell_frame(tell: Tell, value: Any) -> dict[str, Told]:
    """Return a table, column, index, array or number of an array as kind and parts.

    Raises
    ------
    TypeError
        It is none of these: results hold something that files do not know yet.
    """
    import numpy as np
    import pandas as pd

    if isinstance(value, pd.DataFrame):
        columns = [_cells(tell, value.iloc[:, place].array) for place in range(value.shape[1])]
        heads = {"columns": _index(tell, value.columns), "index": _index(tell, value.index)}
        return {"~": "frame", **heads, "of": columns}
    if isinstance(value, pd.Series):
        heads = {"name": tell(value.name), "index": _index(tell, value.index)}
        return {"~": "series", **heads, **_cells(tell, value.array)}
    if isinstance(value, np.ndarray):
        return {"~": "array", "shape": list(value.shape), **_cells(tell, value.ravel())}
    if isinstance(value, np.generic):
        return {"~": "number", **_cells(tell, np.array([value]))}
    raise TypeError(f"a results file cannot hold a {type(value).__name__}")


def _index(tell: Tell, index: pd.Index) -> Told:
    """Return an index."""
    import pandas as pd

    if isinstance(index, pd.RangeIndex):
        told = {"start": index.start, "stop": index.stop, "step": index.step}
        return {"~": "range", **told, "name": tell(index.name)}
    if isinstance(index, pd.MultiIndex):
        levels = [_index(tell, level) for level in index.levels]
        codes = [code.tolist() for code in index.codes]
        names = [tell(name) for name in index.names]
        return {"~": "levels", "names": names, "levels": levels, "codes": codes}
    return {"~": "index", "name": tell(index.name), **_cells(tell, index.array)}


def _cells(tell: Tell, values: Any) -> dict[str, Told]:
    """Return the type and the values of a column; what is missing among numbers is null."""
    import numpy as np

    dtype = str(values.dtype)
    cells = np.asarray(values).tolist()  # Python's own numbers: those of numpy are not JSON
    if dtype.startswith("float"):
        cells = [cell if isfinite(cell) else _odd(cell) for cell in cells]
    elif dtype == "str":
        cells = [cell if isinstance(cell, str) else None for cell in cells]
    elif dtype == "object":
        cells = [tell(cell) for cell in cells]
    elif dtype not in NUMBERS:
        raise TypeError(f"a results file cannot hold a column of {dtype}")
    return {"dtype": dtype, "of": cells}


def _odd(number: float) -> str | None:
    """Return a number that JSON does not have: missing, or without end."""
    return None if number != number else str(number)  # noqa: PLR0124


def _read_frame(read: Read, *, columns: Told, index: Told, of: list[Told]) -> pd.DataFrame:
    """Return a table."""
    import pandas as pd

    rows = _read_index(read, index)
    heads = _read_index(read, columns)
    made = {
        place: pd.Series(_read_cells(read, **told), rows, dtype=told["dtype"])
        for place, told in enumerate(of)
    }
    frame = pd.DataFrame(made, index=rows)
    frame.columns = heads
    return frame


def _read_series(
    read: Read, *, name: Told, index: Told, dtype: str, of: list[Told]
) -> pd.Series[Any]:
    """Return a column."""
    import pandas as pd

    cells = _read_cells(read, dtype=dtype, of=of)
    return pd.Series(cells, _read_index(read, index), dtype=dtype, name=read(name))


def _read_index(read: Read, told: Told) -> pd.Index:
    """Return an index."""
    import pandas as pd

    parts = dict(told)
    kind = parts.pop("~")
    if kind == "range":
        return pd.RangeIndex(parts["start"], parts["stop"], parts["step"], name=read(parts["name"]))
    if kind == "levels":
        levels: list[Any] = [_read_index(read, level) for level in parts["levels"]]
        names = [read(name) for name in parts["names"]]
        return pd.MultiIndex(levels=levels, codes=parts["codes"], names=names)
    if kind == "index":
        cells = _read_cells(read, dtype=parts["dtype"], of=parts["of"])
        # The type is said once more: pandas would guess that of texts.
        index: pd.Index = pd.Index(cells, dtype=parts["dtype"], name=read(parts["name"]))
        return index
    raise ValueError(f"no kind of index {kind!a}")


def _read_cells(read: Read, *, dtype: str, of: list[Told]) -> Any:
    """Return the values of a column in its type."""
    import pandas as pd

    if dtype == "str":
        return pd.array([nan if cell is None else _text(cell) for cell in of], dtype="str")
    if dtype == "object":
        # Not as an array of numpy: pandas would take one of texts for a column of texts.
        return pd.Series([read(cell) for cell in of], dtype=object).array
    return _read_numbers(dtype, of)


def _text(cell: Told) -> str:
    """Return a cell that has to be a text."""
    if not isinstance(cell, str):
        raise TypeError(f"{cell!a} is no text")
    return cell


def _read_numbers(dtype: str, of: list[Told]) -> npt.NDArray[Any]:
    """Return numbers in their type: never one that would be cut to fit."""
    import numpy as np

    if dtype not in NUMBERS:
        raise ValueError(f"no type {dtype!a}")
    cells = list(of)
    if dtype.startswith("float"):
        cells = [_number(cell) for cell in cells]
    elif not all(type(cell) is (bool if dtype == "bool" else int) for cell in cells):
        raise TypeError(f"not all values are of type {dtype}")
    return np.array(cells, dtype=dtype)


def _number(cell: Told) -> float:
    """Return a cell that has to be a number, missing or without end."""
    if cell is None:
        return nan
    if type(cell) is float or type(cell) is int:
        return float(cell)
    return _ENDLESS[cell]


def _read_array(read: Read, *, shape: list[int], **cells: Told) -> npt.NDArray[Any]:
    """Return an array."""
    import numpy as np

    values: npt.NDArray[Any] = np.asarray(_read_cells(read, **cells))
    return values.reshape(shape)


def _read_scalar(read: Read, **cells: Told) -> np.generic:
    """Return a number of an array."""
    value: np.generic = _read_cells(read, **cells)[0]
    return value


FRAME_READERS: dict[str, Callable[..., Any]] = {
    "frame": _read_frame,
    "series": _read_series,
    "array": _read_array,
    "number": _read_scalar,
}
